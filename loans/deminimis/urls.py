"""Pages of de minimis aid and of rates of the euro, within those of the fund."""

from django.urls import path

from loans.deminimis import euro_views, grant_views, organisation_views

urlpatterns = [
    path("stopy/euro/", euro_views.rates, name="eur-rates"),
    path("stopy/euro/nowa/", euro_views.new, name="eur-rate-new"),
    path("stopy/euro/plik/", euro_views.take_in, name="eur-file"),
    path("stopy/euro/plik/<int:file_id>/<slug:action>/", euro_views.whole_file, name="eur-file-move"),
    path("stopy/euro/<int:pk>/<slug:action>/", euro_views.one, name="eur-rate-move"),
    path("de-minimis/", grant_views.listing, name="aid"),
    path("de-minimis/zgloszenia/", grant_views.report, name="aid-report"),
    path("de-minimis/pliki/", grant_views.export, name="aid-files"),
    path("de-minimis/organizacje/<uuid:public_id>/", organisation_views.organisation, name="aid-of"),
    path("de-minimis/organizacje/<uuid:public_id>/nowa/", organisation_views.note, name="aid-note"),
    path(
        "de-minimis/organizacje/<uuid:public_id>/oswiadczenia/nowe/",
        organisation_views.statement_new,
        name="aid-statement-new",
    ),
    path(
        "de-minimis/organizacje/<uuid:public_id>/oswiadczenia/<int:pk>/plik/",
        organisation_views.statement_file,
        name="aid-statement-file",
    ),
    path("de-minimis/<uuid:public_id>/", grant_views.grant, name="aid-grant"),
    path("de-minimis/<uuid:public_id>/zaswiadczenie/", grant_views.certificate, name="aid-certificate"),
    path("de-minimis/<uuid:public_id>/<slug:action>/", grant_views.move, name="aid-move"),
]
