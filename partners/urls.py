from django.urls import path

from partners import programme_views, views

app_name = "partners"
urlpatterns = [
    path("", views.partnerships, name="list"),
    path("nowe/", views.partnership_new, name="new"),
    path("kompetencje/", views.competences, name="competences"),
    path("siec/", views.picture, name="network"),
    path("<uuid:public_id>/", views.partnership, name="partnership"),
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
    path("<uuid:public_id>/przedstawiciele/<int:pk>/koniec/", views.representative_end, name="representative-end"),
]
