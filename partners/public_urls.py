from django.urls import path

from partners import public_views

app_name = "partnerships"
urlpatterns = [
    path("", public_views.partnerships, name="list"),
    path("<uuid:public_id>/", public_views.partnership, name="partnership"),
]
