from django.urls import path

from centrum.cases import views

app_name = "card"
urlpatterns = [path("potwierdzenie/<str:token>/", views.confirm, name="confirm")]
