from django.urls import path

from loans import ledger_views, views

app_name = "loans"
urlpatterns = [
    path("", ledger_views.funds, name="funds"),
    path("nowy/", ledger_views.fund_new, name="fund-new"),
    path("stopy/", views.rates, name="rates"),
    path("stopy/nowa/", views.rate_new, name="rate-new"),
    path("stopy/<int:pk>/potwierdzenie/", views.rate_confirm, name="rate-confirm"),
    path("stopy/<int:pk>/cofniecie/", views.rate_drop, name="rate-drop"),
    path("stopy/<slug:kind>/sprawdzenie/", views.rate_check, name="rate-check"),
    path("ksiega/<slug:code>/", ledger_views.fund, name="fund"),
    path("ksiega/<slug:code>/wplata/", ledger_views.pay_in, name="pay-in"),
    path("ksiega/<slug:code>/zapisy/<int:pk>/", ledger_views.entry, name="entry"),
    path("ksiega/<slug:code>/zapisy/<int:pk>/storno/", ledger_views.reverse_entry, name="entry-reverse"),
    path("ksiega/<slug:code>/miesiace/<int:pk>/zamkniecie/", ledger_views.month_close, name="month-close"),
]
