"""All addresses of the house: Polish for the public, English names in code."""

from django.contrib import admin
from django.urls import include, path

from centrum.kit.health import healthz

urlpatterns = [
    path("", include("centrum.portal.urls")),
    path("wnioski/", include("centrum.intake.urls")),
    path("uslugi/", include("centrum.cases.public_urls")),
    path("biuro/", include("centrum.staff.urls")),
    path("biuro/wnioski/", include("centrum.intake.office_urls")),
    path("biuro/pisma/", include("centrum.intake.letter_urls")),
    path("biuro/nabory/", include("centrum.intake.call_urls")),
    path("", include("centrum.intake.consent_urls")),
    path("biuro/", include("centrum.register.urls")),
    path("biuro/", include("centrum.cases.urls")),
    path("biuro/", include("centrum.reporting.urls")),
    path("biuro/partnerstwa/", include("partners.urls")),
    path("partnerstwa/", include("partners.public_urls")),
    path("biuro/szkolenia/", include("trainings.urls")),
    path("szkolenia/", include("trainings.public_urls")),
    path("biuro/fundusz/", include("loans.urls")),
    path("pozyczki/", include("loans.public_urls")),
    path("pozyczka/", include("loans.client_urls")),
    path("jezyk/", include("centrum.kit.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
