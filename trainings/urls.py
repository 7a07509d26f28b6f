from django.urls import path

from trainings import views

app_name = "trainings"
urlpatterns = [
    path("", views.events, name="list"),
    path("<uuid:public_id>/", views.event, name="event"),
]
