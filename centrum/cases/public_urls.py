from django.urls import path

from centrum.cases import service_views

app_name = "card"
urlpatterns = [path("potwierdzenie/<str:token>/", service_views.confirm, name="confirm")]
