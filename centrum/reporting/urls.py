from django.urls import path

from centrum.reporting import export_views

app_name = "reporting"
urlpatterns = [
    path("eksporty/", export_views.export_page, name="exports"),
]
