from django.urls import path

from centrum.reporting import export_views, views

app_name = "reporting"
urlpatterns = [
    path("projekty/", views.projects, name="projects"),
    path("projekty/<int:pk>/", views.project, name="project"),
    path("projekty/<int:pk>/import/", views.import_file, name="import"),
    path("projekty/import/<int:pk>/", views.import_preview, name="import-preview"),
    path("projekty/import/<int:pk>/potwierdz/", views.import_confirm, name="import-confirm"),
    path("projekty/import/<int:pk>/odrzuc/", views.import_cancel, name="import-cancel"),
    path("projekty/uczestnicy/<int:pk>/", views.participation, name="participation"),
    path("projekty/uczestnicy/<int:pk>/wejscie/", views.enter, name="participation-enter"),
    path("projekty/uczestnicy/<int:pk>/wyjscie/", views.end, name="participation-end"),
    path("projekty/uczestnicy/<int:pk>/powrot/", views.reenter, name="participation-reenter"),
    path("projekty/uczestnicy/<int:pk>/rezygnacja/", views.cancel, name="participation-cancel"),
    path("projekty/uczestnicy/<int:pk>/przygotuj/", views.prepare_again, name="participation-prepare"),
    path("eksporty/", export_views.export_page, name="exports"),
]
