from django.urls import path

from centrum.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.start, name="start"),
    path("moje/", views.find, name="find"),
    path("wroc/<str:token>/", views.resume, name="resume"),
    path("<uuid:public_id>/", views.application, name="application"),
    path("<uuid:public_id>/pozniej/", views.later, name="later"),
    path("<uuid:public_id>/sprawdz/", views.check, name="check"),
    path("<uuid:public_id>/wyslij/", views.send, name="send"),
    path("<uuid:public_id>/potwierdzenie/", views.receipt, name="receipt"),
    path("<uuid:public_id>/<slug:slug>/", views.step, name="step"),
    # the address of each kind is its own; last, so that it takes nothing from the pages above
    path("<path:path>/", views.kind, name="kind"),
]
