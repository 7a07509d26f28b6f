from django.urls import path

from centrum.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("logowanie/", views.SignIn.as_view(), name="sign-in"),
    path("wylogowanie/", views.SignOut.as_view(), name="sign-out"),
    path("haslo/", views.ChangePassword.as_view(), name="password-change"),
    path("haslo/przypomnienie/", views.password_link, name="password-link"),
    path("haslo/przypomnienie/wyslano/", views.password_link_sent, name="password-link-sent"),
    # one segment with a colon: the outbox and the logs know by it that the link is a secret
    path("haslo/nowe/<uidb64>:<token>/", views.SetPassword.as_view(), name="password-set"),
    path("szukaj/", views.search, name="search"),
    path("skrzynka/", views.outbox_list, name="outbox"),
    path("skrzynka/<uuid:public_id>/", views.outbox_message, name="outbox-message"),
    path("dziennik/", views.journal_page, name="journal"),
]
