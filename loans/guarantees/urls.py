"""Pages of guarantees, under /biuro/fundusz/poreczenia/."""

from django.urls import path

from loans import security_views
from loans.guarantees import agreement_views, call_views, report_views, views

_OF = {"of": "guarantee"}
urlpatterns = [
    path("", views.listing, name="guarantees"),
    path("wezwania/", call_views.listing, name="guarantee-calls"),
    path("raporty/", report_views.listing, name="guarantee-reports"),
    path("raporty/nowy/", report_views.new, name="guarantee-report-new"),
    path("raporty/nowy/przyjecie/", report_views.take, name="guarantee-report-take"),
    path("raporty/<int:pk>/", report_views.report, name="guarantee-report"),
    path("raporty/<int:pk>/wycofanie/", report_views.withdraw, name="guarantee-report-withdraw"),
    path("raporty/<int:pk>/plik/", report_views.file, name="guarantee-report-file"),
    path("raporty/wzor/<int:pk>/", report_views.template, name="guarantee-report-template"),
    path("<uuid:public_id>/", views.guarantee, name="guarantee"),
    path("<uuid:public_id>/regres/", views.part, {"name": "recourse"}, name="guarantee-recourse"),
    path("<uuid:public_id>/ksiega/", views.part, {"name": "ledger"}, name="guarantee-ledger"),
    path("<uuid:public_id>/promesa/", agreement_views.promise, name="guarantee-promise"),
    path("<uuid:public_id>/umowa/", agreement_views.draw, name="guarantee-draw"),
    path("<uuid:public_id>/umowa/podpis/", agreement_views.sign, name="guarantee-sign"),
    path("<uuid:public_id>/uruchomienie/", agreement_views.activate, name="guarantee-activate"),
    path("<uuid:public_id>/wygasniecie/", agreement_views.lapse, name="guarantee-lapse"),
    path("<uuid:public_id>/zwolnienie/", agreement_views.release, name="guarantee-release"),
    path("<uuid:public_id>/dokumenty/nowy/", agreement_views.paper_new, name="guarantee-paper-new"),
    path("<uuid:public_id>/dokumenty/<uuid:file_id>/", agreement_views.paper, name="guarantee-paper"),
    path("<uuid:public_id>/oplaty/<int:nr>/", agreement_views.fee, name="guarantee-fee"),
    path("<uuid:public_id>/oplaty/<int:nr>/rezygnacja/", agreement_views.fee_waive, name="guarantee-fee-waive"),
    path("<uuid:public_id>/oplaty/<int:nr>/cofniecie/", agreement_views.unpay, name="guarantee-fee-take-back"),
    path("<uuid:public_id>/zabezpieczenia/nowe/", security_views.add, _OF, name="guarantee-security-new"),
    path("<uuid:public_id>/zabezpieczenia/<int:pk>/", security_views.edit, _OF, name="guarantee-security-edit"),
    path(
        "<uuid:public_id>/zabezpieczenia/<int:pk>/ustanowienie/",
        security_views.establish,
        _OF,
        name="guarantee-security-establish",
    ),
    path(
        "<uuid:public_id>/zabezpieczenia/<int:pk>/zwolnienie/",
        security_views.release,
        _OF,
        name="guarantee-security-release",
    ),
    path("<uuid:public_id>/wezwania/nowe/", call_views.new, name="guarantee-call-new"),
    path("<uuid:public_id>/wezwania/<int:pk>/", call_views.call, name="guarantee-call"),
    path("<uuid:public_id>/wezwania/<int:pk>/sprawdzenie/", call_views.verify, name="guarantee-call-verify"),
    path("<uuid:public_id>/wezwania/<int:pk>/wyplata/", call_views.pay, name="guarantee-call-pay"),
    path("<uuid:public_id>/wezwania/<int:pk>/odmowa/", call_views.refuse, name="guarantee-call-refuse"),
    path("<uuid:public_id>/regres/wplata/", call_views.recover, name="guarantee-recovery-new"),
    path(
        "<uuid:public_id>/regres/wplata/<int:pk>/cofniecie/",
        call_views.take_back,
        name="guarantee-recovery-take-back",
    ),
    path("<uuid:public_id>/regres/odpisanie/", call_views.loss_new, name="guarantee-loss-new"),
    path("<uuid:public_id>/regres/odpisanie/<int:pk>/", call_views.loss, name="guarantee-loss"),
    path("<uuid:public_id>/regres/odpisanie/<int:pk>/<slug:action>/", call_views.loss_move, name="guarantee-loss-move"),
]
