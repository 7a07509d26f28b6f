"""Where the QR code of a certificate leads: number, day and what it was about, and no name."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from centrum.kit.polish import date_span
from trainings import certificate_papers, certificates
from trainings.certificate_forms import CodeForm


@login_not_required
@never_cache
@require_safe
def search(request):
    """The code typed from paper."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        row = certificates.public(form.cleaned_data["kod"])
        if row:
            return redirect("events:certificate", row.code)
        return _page(request, form, code=form.cleaned_data["kod"], status=404)
    return _page(request, form)


@login_not_required
@never_cache
@require_safe
def certificate(request, code):
    row = certificates.public(code)
    if row is None:
        return _page(request, CodeForm(), code=code[:40], status=404)
    last = certificates.last(row)
    context = {
        "row": row,
        "last": last,
        "initials": certificates.initials(last),
        "days": date_span(last.first_day, last.last_day),
        "hours": certificate_papers.hours(last),
    }
    return _page(request, CodeForm(), **context)


def _page(request, ask, status=200, **context):
    response = render(request, "trainings/public_certificate.html", {"ask": ask, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
