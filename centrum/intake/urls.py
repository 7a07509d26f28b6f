from django.urls import path

from centrum.intake import appeal_views, attachment_views, status_views, views

app_name = "intake"
urlpatterns = [
    path("", views.start, name="start"),
    path("moje/", status_views.find, name="find"),
    path("wroc/<str:token>/", status_views.resume, name="resume"),
    path("stan/<str:token>/", status_views.status_link, name="status-link"),
    path("<uuid:public_id>/", views.application, name="application"),
    path("<uuid:public_id>/pozniej/", views.later, name="later"),
    path("<uuid:public_id>/sprawdz/", views.check, name="check"),
    path("<uuid:public_id>/wyslij/", views.send, name="send"),
    path("<uuid:public_id>/zalaczniki/", attachment_views.attach, name="attach"),
    path("<uuid:public_id>/zalaczniki/<uuid:file_id>/", attachment_views.own_file, name="file"),
    path("<uuid:public_id>/zalaczniki/<uuid:file_id>/usun/", attachment_views.detach, name="detach"),
    path("<uuid:public_id>/potwierdzenie/", status_views.receipt, name="receipt"),
    path("<uuid:public_id>/stan/", status_views.status, name="status"),
    path("<uuid:public_id>/stan/kopia.pdf", status_views.copy, name="copy"),
    path("<uuid:public_id>/stan/uzupelnij/", status_views.complete, name="complete"),
    path("<uuid:public_id>/stan/zamknij/", status_views.close_links, name="close-links"),
    path("<uuid:public_id>/od-nowa/", status_views.again, name="again"),
    path("<uuid:public_id>/odwolanie/", appeal_views.appeal, name="appeal"),
    path("<uuid:public_id>/wycofanie/", appeal_views.withdraw, name="withdraw"),
    path("<uuid:public_id>/<slug:slug>/", views.step, name="step"),
    # the address of each kind is its own; last, so that it takes nothing from the pages above
    path("<path:path>/", views.kind, name="kind"),
]
