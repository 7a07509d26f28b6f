from django.urls import path

from centrum.intake import office

app_name = "inbox"
urlpatterns = [
    path("", office.inbox, name="list"),
    path("<uuid:public_id>/", office.application, name="application"),
    path("<uuid:public_id>/podejmij/", office.take, name="take"),
    path("<uuid:public_id>/uzupelnienie/", office.ask, name="ask"),
    path("<uuid:public_id>/rezerwa/", office.reserve, name="reserve"),
    path("<uuid:public_id>/odrzuc/", office.reject, name="reject"),
    path("<uuid:public_id>/przyjmij/", office.accept, name="accept"),
]
