from django.urls import path

from loans import client_views

app_name = "own-loan"
urlpatterns = [
    path("<str:token>/", client_views.page, name="page"),
    path("<str:token>/saldo/", client_views.balance, name="balance"),
]
