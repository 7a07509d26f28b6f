from django.urls import path

from centrum.intake import call_views

app_name = "calls"
urlpatterns = [
    path("", call_views.call_list, name="list"),
    path("nowy/", call_views.call_new, name="new"),
    path("<uuid:public_id>/", call_views.call, name="call"),
    path("<uuid:public_id>/zmien/", call_views.call_change, name="change"),
    path("<uuid:public_id>/protokol/", call_views.protocol, name="protocol"),
]
