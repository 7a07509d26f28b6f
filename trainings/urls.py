from django.urls import path

from trainings import linking_views, participant_views, views

app_name = "trainings"
urlpatterns = [
    path("", views.events, name="list"),
    path("<uuid:public_id>/", views.event, name="event"),
    path("<uuid:public_id>/uczestnicy/", participant_views.listing, name="participants"),
    path("<uuid:public_id>/uczestnicy/nowy/", participant_views.enrol, name="enrol"),
    path("<uuid:public_id>/uczestnicy/<uuid:enrolment>/", participant_views.enrolment, name="enrolment"),
    path("<uuid:public_id>/uczestnicy/<uuid:enrolment>/rezygnacja/", participant_views.cancel, name="enrolment-cancel"),
    path("<uuid:public_id>/uczestnicy/<uuid:enrolment>/miejsce/", participant_views.seats, name="enrolment-seats"),
    path(
        "<uuid:public_id>/uczestnicy/<uuid:enrolment>/krok/<slug:action>/", participant_views.act, name="enrolment-act"
    ),
    path("<uuid:public_id>/uczestnicy/<uuid:enrolment>/osoba/", linking_views.person, name="enrolment-person"),
    path(
        "<uuid:public_id>/uczestnicy/<uuid:enrolment>/osoba/nowa/",
        linking_views.person_new,
        name="enrolment-person-new",
    ),
    path(
        "<uuid:public_id>/uczestnicy/<uuid:enrolment>/organizacja/",
        linking_views.organisation,
        name="enrolment-organisation",
    ),
    path("<uuid:public_id>/uczestnicy/<uuid:enrolment>/sprawa/", linking_views.case, name="enrolment-case"),
    path(
        "<uuid:public_id>/uczestnicy/<uuid:enrolment>/<slug:what>/<uuid:key>/",
        linking_views.suggested,
        name="enrolment-suggested",
    ),
    path(
        "<uuid:public_id>/uczestnicy/<uuid:enrolment>/<slug:what>/odlacz/",
        linking_views.unlink,
        name="enrolment-unlink",
    ),
]
