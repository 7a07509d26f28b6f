from django.urls import path

from centrum.register import merge_views, views

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
    path("osoby/podobne/", merge_views.similar_people, name="people-similar"),
    path("organizacje/podobne/", merge_views.similar_organisations, name="organisations-similar"),
    path("osoby/<uuid:public_id>/scalenie/", merge_views.choose, {"noun": merge_views.PEOPLE}, name="person-merge"),
    path(
        "osoby/<uuid:public_id>/scalenie/<uuid:gone_id>/",
        merge_views.merge,
        {"noun": merge_views.PEOPLE},
        name="person-merge-with",
    ),
    path(
        "organizacje/<uuid:public_id>/scalenie/",
        merge_views.choose,
        {"noun": merge_views.ORGANISATIONS},
        name="organisation-merge",
    ),
    path(
        "organizacje/<uuid:public_id>/scalenie/<uuid:gone_id>/",
        merge_views.merge,
        {"noun": merge_views.ORGANISATIONS},
        name="organisation-merge-with",
    ),
]
