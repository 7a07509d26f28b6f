from django.urls import path

from trainings import public_views

app_name = "events"
urlpatterns = [
    path("", public_views.calendar, name="list"),
    path("moj-zapis/<str:token>/", public_views.own, name="own"),
    path("<uuid:public_id>/", public_views.event, name="event"),
]
