"""Public pages of the Centre: what it offers, who runs it, how it treats data and how accessible it is."""

import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from centrum.intake import queries as clauses
from centrum.kit import registry

# Public facts of the running project (source: swmpdobiegniew.pl).
PROJECT = {
    "value": Decimal("35208445.68"),
    "jobs": 324,
    "begins": datetime.date(2024, 1, 1),
    "ends": datetime.date(2029, 6, 30),
    "partners": ["SPSS „Krąg”", "Stowarzyszenie „Zielona Dolina Odry i Warty”"],
    "source": "https://swmpdobiegniew.pl",
}
# Dates of the accessibility statement; the Act of 4 April 2019 on digital accessibility, art. 10 and 11,
# asks for a review by 31 March of every year and after each big change.
STATEMENT = {
    "published": datetime.date(2026, 11, 23),
    "changed": datetime.date(2026, 11, 23),
    "written": datetime.date(2026, 11, 23),
    "reviewed": datetime.date(2026, 11, 23),
}


@login_not_required
@require_safe
def home(request):
    return render(request, "portal/home.html", {"offers": registry.offers(), "project": PROJECT})


@login_not_required
@require_safe
def contact(request):
    return render(request, "portal/contact.html", {"project": PROJECT})


@login_not_required
@require_safe
def privacy(request):
    controllers = clauses.by_controller(clauses.current_clauses())
    return render(request, "portal/privacy.html", {"project": PROJECT, "controllers": controllers})


@login_not_required
@require_safe
def accessibility(request):
    return render(
        request,
        "portal/accessibility.html",
        {"statement": STATEMENT, "address": request.build_absolute_uri("/")},
    )


@login_not_required
@require_safe
def site_map(request):
    return render(request, "portal/site_map.html", {"offers": registry.offers()})


@login_not_required
@require_safe
def robots(request):
    """Search engines may read the public pages; the demo is not for them at all."""
    closed = ["/"] if settings.DEMO else [reverse("staff:home"), reverse("staff:sign-in"), reverse("intake:find")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
