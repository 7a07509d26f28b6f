from django.urls import path

from centrum.intake import consent_views as views

app_name = "consents"
urlpatterns = [
    path("zgody/<str:token>/", views.mine, name="mine"),
    path("biuro/osoby/<uuid:public_id>/zgody/", views.note, name="note"),
    path("biuro/zgody/<uuid:public_id>/wycofanie/", views.withdraw, name="withdraw"),
]
