from django.urls import path

from partners import public_views

app_name = "partnerships"
urlpatterns = [
    path("", public_views.partnerships, name="list"),
    path("zaproszenie/<str:token>/", public_views.invitation, name="invitation"),
    path("zaproszenie/<str:token>/kalendarz/", public_views.invitation_calendar, name="invitation-calendar"),
    path("kalendarz/<str:token>/", public_views.subscription, name="calendar"),
    path("wglad/<str:token>/", public_views.guest, name="guest"),
    path("<uuid:public_id>/", public_views.partnership, name="partnership"),
]
