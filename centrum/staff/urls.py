from django.urls import path

from centrum.staff import account_views, authorisation_views, second_factor_views, sign_in_views, views

app_name = "staff"
urlpatterns = [
    path("", views.home, name="home"),
    path("logowanie/", sign_in_views.sign_in, name="sign-in"),
    path("logowanie/kod/", sign_in_views.sign_in_code, name="sign-in-code"),
    path("logowania/", account_views.sign_ins, name="sign-ins"),
    path("potwierdz/", sign_in_views.confirm, name="confirm"),
    path("wylogowanie/", sign_in_views.SignOut.as_view(), name="sign-out"),
    path("drugi-skladnik/", second_factor_views.page, name="second-factor"),
    path("drugi-skladnik/nowy/", second_factor_views.enrol, name="second-factor-new"),
    path("drugi-skladnik/kody/", second_factor_views.new_codes, name="recovery-codes"),
    path("drugi-skladnik/wylacz/", second_factor_views.switch_off, name="second-factor-off"),
    path("konta/", account_views.accounts, name="accounts"),
    path("konta/<int:pk>/zaproszenie/", account_views.invite_again, name="account-invite"),
    path("konta/<int:pk>/drugi-skladnik/", account_views.remove_second_factor, name="account-second-factor"),
    path("haslo/", sign_in_views.change_password, name="password-change"),
    path("haslo/przypomnienie/", sign_in_views.password_link, name="password-link"),
    path("haslo/przypomnienie/wyslano/", sign_in_views.password_link_sent, name="password-link-sent"),
    # one segment with a colon: the outbox and the logs know by it that the link is a secret
    path("haslo/nowe/<uidb64>:<token>/", sign_in_views.SetPassword.as_view(), name="password-set"),
    path("szukaj/", views.search, name="search"),
    path("skrzynka/", views.outbox_list, name="outbox"),
    path("skrzynka/<uuid:public_id>/", views.outbox_message, name="outbox-message"),
    path("dziennik/", views.journal_page, name="journal"),
    path("konto/", authorisation_views.account, name="account"),
    path("upowaznienia/", authorisation_views.authorisations, name="authorisations"),
    path("upowaznienia/nowe/", authorisation_views.authorisation_new, name="authorisation-new"),
    path("upowaznienia/<int:pk>/koniec/", authorisation_views.authorisation_end, name="authorisation-end"),
    path("upowaznienia/<int:pk>/druk/", authorisation_views.authorisation_paper, name="authorisation-paper"),
    path("zastepstwa/", authorisation_views.delegations, name="delegations"),
    path("zastepstwa/nowe/", authorisation_views.delegation_new, name="delegation-new"),
    path("zastepstwa/<int:pk>/odwolanie/", authorisation_views.delegation_call_off, name="delegation-call-off"),
]
