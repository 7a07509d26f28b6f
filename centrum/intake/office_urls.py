from django.urls import path

from centrum.intake import attachment_views, completion_views, office, review_views

app_name = "inbox"
urlpatterns = [
    path("", office.inbox, name="list"),
    path("<uuid:public_id>/", office.application, name="application"),
    path("<uuid:public_id>/plik/<uuid:file_id>/", attachment_views.office_file, name="file"),
    path("<uuid:public_id>/kopia.pdf", attachment_views.office_copy, name="copy"),
    path("<uuid:public_id>/zamknij-linki/", attachment_views.close_links, name="close-links"),
    path("<uuid:public_id>/podejmij/", office.take, name="take"),
    path("<uuid:public_id>/uzupelnienie/", office.ask, name="ask"),
    path("<uuid:public_id>/termin/", completion_views.extend, name="extend"),
    path("<uuid:public_id>/rezerwa/", office.reserve, name="reserve"),
    path("<uuid:public_id>/odrzuc/", office.reject, name="reject"),
    path("<uuid:public_id>/przyjmij/", office.accept, name="accept"),
    path("<uuid:public_id>/przekaz/", office.hand_on, name="hand_on"),
    path("<uuid:public_id>/uwzglednij/", office.uphold, name="uphold"),
    path("<uuid:public_id>/oddal/", office.dismiss, name="dismiss"),
    path("<uuid:public_id>/konflikt/", review_views.conflict, name="conflict"),
    path("<uuid:public_id>/lista/", review_views.checklist, name="checklist"),
    path("<uuid:public_id>/zapytaj/", review_views.ask_opinion, name="opinion-ask"),
    path("<uuid:public_id>/opinia/", review_views.opinion, name="opinion"),
    path("<uuid:public_id>/rejestr/", review_views.match, name="match"),
]
