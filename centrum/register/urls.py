from django.urls import path

from centrum.register import views

app_name = "register"
urlpatterns = [
    path("organizacje/", views.organisations, name="organisations"),
    path("organizacje/nowa/", views.organisation_new, name="organisation-new"),
    path("organizacje/<uuid:public_id>/", views.organisation, name="organisation"),
    path("organizacje/<uuid:public_id>/zmiana/", views.organisation_edit, name="organisation-edit"),
    path("organizacje/<uuid:public_id>/udostepnienie/", views.organisation_share, name="organisation-share"),
    path("osoby/", views.people, name="people"),
    path("osoby/nowa/", views.person_new, name="person-new"),
    path("osoby/<uuid:public_id>/", views.person, name="person"),
    path("osoby/<uuid:public_id>/zmiana/", views.person_edit, name="person-edit"),
    path("osoby/<uuid:public_id>/identyfikator/", views.person_identifier, name="person-identifier"),
    path("osoby/<uuid:public_id>/wrazliwe/", views.person_sensitive, name="person-sensitive"),
    path("osoby/<uuid:public_id>/wrazliwe/zmiana/", views.person_sensitive_edit, name="person-sensitive-edit"),
    path("osoby/<uuid:public_id>/udostepnienie/", views.person_share, name="person-share"),
]
