"""The office's page of NBP rates: entered by one person, confirmed by another."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import rates as services
from loans.enums import NbpKind
from loans.forms import RateForm
from loans.models import NbpRate


@require_safe
@requires(Right.KEEP_RATES)
def rates(request):
    context = {"rates": services.all_rates(), "standings": services.standings()}
    return render(request, "loans/rates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.KEEP_RATES)
def rate_new(request):
    back = reverse("loans:rates")
    return form_page(
        request,
        RateForm(request.POST or None),
        lambda **said: services.enter(by=request.user, **said),
        title=_("A rate of the NBP"),
        done=_("The rate is entered. Somebody else has to confirm it."),
        back=back,
        crumbs=[(_("Rates of the NBP"), back)],
    )


@require_POST
@requires(Right.KEEP_RATES)
def rate_confirm(request, pk):
    return _done(request, pk, services.confirm, _("The rate is confirmed and counts from its day."))


@require_POST
@requires(Right.KEEP_RATES)
def rate_drop(request, pk):
    return _done(request, pk, services.drop, _("The rate is taken back."))


@require_POST
@requires(Right.KEEP_RATES)
def rate_check(request, kind):
    if kind not in NbpKind.values:
        raise Http404
    services.check(kind, by=request.user)
    messages.success(request, _("Noted: the newest rate still holds."))
    return redirect("loans:rates")


def _done(request, pk, service, words):
    row = get_object_or_404(NbpRate, pk=pk)
    try:
        service(row, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, words)
    return redirect("loans:rates")
