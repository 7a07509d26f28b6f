from django.urls import path

from centrum.intake import letter_views

app_name = "letters"
urlpatterns = [
    path("", letter_views.templates, name="list"),
    path("<slug:code>/<slug:language>/", letter_views.template, name="template"),
]
