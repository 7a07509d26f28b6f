from django.urls import path

from partners import export_views, meeting_views, programme_views, views

app_name = "partners"
urlpatterns = [
    path("", views.partnerships, name="list"),
    path("nowe/", views.partnership_new, name="new"),
    path("kompetencje/", views.competences, name="competences"),
    path("sprawozdanie/", export_views.report, name="report"),
    path("siec/", views.picture, name="network"),
    path("<uuid:public_id>/", views.partnership, name="partnership"),
    path("<uuid:public_id>/pliki/", export_views.files, name="files"),
    path("<uuid:public_id>/zmiana/", views.partnership_edit, name="edit"),
    path("<uuid:public_id>/krok/<slug:action>/", views.partnership_move, name="move"),
    path("<uuid:public_id>/obszar/", views.area_new, name="area-new"),
    path("<uuid:public_id>/obszar/<int:pk>/usuniecie/", views.area_remove, name="area-remove"),
    path("<uuid:public_id>/czlonkowie/nowy/", views.member_new, name="member-new"),
    path("<uuid:public_id>/czlonkowie/<int:pk>/zmiana/", views.member_edit, name="member-edit"),
    path("<uuid:public_id>/czlonkowie/<int:pk>/koniec/", views.member_end, name="member-end"),
    path("<uuid:public_id>/czlonkowie/<int:pk>/przedstawiciel/", views.representative_new, name="representative-new"),
    path("<uuid:public_id>/cele/nowy/", programme_views.objective_new, name="objective-new"),
    path("<uuid:public_id>/cele/<int:pk>/", programme_views.objective_edit, name="objective-edit"),
    path("<uuid:public_id>/zadania/nowe/", programme_views.task_new, name="task-new"),
    path("<uuid:public_id>/zadania/<int:pk>/", programme_views.task_edit, name="task-edit"),
    path("<uuid:public_id>/zadania/<int:pk>/wskaznik/", programme_views.milestone_new, name="milestone-new"),
    path("<uuid:public_id>/wskazniki/<int:pk>/", programme_views.milestone_edit, name="milestone-edit"),
    path("<uuid:public_id>/wskazniki/<int:pk>/osiagniecie/", programme_views.reached, name="milestone-reached"),
    path("<uuid:public_id>/spotkania/nowe/", meeting_views.meeting_new, name="meeting-new"),
    path("<uuid:public_id>/spotkania/<int:pk>/", meeting_views.meeting, name="meeting"),
    path("<uuid:public_id>/spotkania/<int:pk>/zmiana/", meeting_views.meeting_edit, name="meeting-edit"),
    path("<uuid:public_id>/spotkania/<int:pk>/krok/<slug:action>/", meeting_views.meeting_move, name="meeting-move"),
    path("<uuid:public_id>/spotkania/<int:pk>/zaproszenia/", meeting_views.invite, name="meeting-invite"),
    path(
        "<uuid:public_id>/spotkania/<int:pk>/zaproszenia/<int:invitation>/cofniecie/",
        meeting_views.uninvite,
        name="meeting-uninvite",
    ),
    path("<uuid:public_id>/spotkania/<int:pk>/obecnosc/", meeting_views.attendance, name="meeting-attendance"),
    path("<uuid:public_id>/spotkania/<int:pk>/protokol/", meeting_views.minutes, name="meeting-minutes"),
    path(
        "<uuid:public_id>/spotkania/<int:pk>/ustalenia/nowe/", meeting_views.decision_new, name="meeting-decision-new"
    ),
    path(
        "<uuid:public_id>/spotkania/<int:pk>/ustalenia/<int:decision>/",
        meeting_views.decision_edit,
        name="meeting-decision-edit",
    ),
    path(
        "<uuid:public_id>/spotkania/<int:pk>/zobowiazania/nowe/",
        meeting_views.meeting_commitment_new,
        name="meeting-commitment-new",
    ),
    path("<uuid:public_id>/spotkania/<int:pk>/protokol.pdf", meeting_views.minutes_pdf, name="meeting-minutes-pdf"),
    path("<uuid:public_id>/spotkania/<int:pk>/lista.pdf", meeting_views.attendance_pdf, name="meeting-attendance-pdf"),
    path("<uuid:public_id>/spotkania/<int:pk>/kalendarz.ics", meeting_views.meeting_calendar, name="meeting-calendar"),
    path("<uuid:public_id>/zobowiazania/nowe/", meeting_views.commitment_new, name="commitment-new"),
    path(
        "<uuid:public_id>/zobowiazania/<int:pk>/krok/<slug:action>/",
        meeting_views.commitment_move,
        name="commitment-move",
    ),
    path("<uuid:public_id>/przedstawiciele/<int:pk>/wglad/", meeting_views.guest_link, name="representative-link"),
    path("<uuid:public_id>/przedstawiciele/<int:pk>/koniec/", views.representative_end, name="representative-end"),
]
