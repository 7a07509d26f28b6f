from django.urls import path

from trainings import certificate_public_views, own_views, public_views, survey_public_views

app_name = "events"
urlpatterns = [
    path("", public_views.calendar, name="list"),
    path("kalendarz.ics", public_views.feed, name="feed"),
    path("moj-zapis/<str:token>/", own_views.own, name="own"),
    path("moj-zapis/<str:token>/zmiana/", own_views.change, name="own-change"),
    path("moj-zapis/<str:token>/miejsce/", own_views.take, name="own-take"),
    path("moj-zapis/<str:token>/rezygnacja/", own_views.cancel, name="own-cancel"),
    path("moj-zapis/<str:token>/kalendarz/", own_views.calendar, name="own-calendar"),
    path("moj-zapis/<str:token>/zaswiadczenie/", own_views.certificate, name="own-certificate"),
    path("zaswiadczenie/", certificate_public_views.search, name="certificates"),
    path("zaswiadczenie/<str:code>/", certificate_public_views.certificate, name="certificate"),
    path("ankieta/<str:token>/", survey_public_views.survey, name="survey"),
    path("<uuid:public_id>/", public_views.event, name="event"),
    path("<uuid:public_id>/zapisy/", public_views.enrol, name="enrol"),
    path("<uuid:public_id>/kalendarz/", public_views.event_calendar, name="event-calendar"),
]
