"""The office's page of the limits of guarantees: what holds, what is taken of it, what waits for a second person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.guarantees import limits
from loans.guarantees.limits_forms import LimitsForm
from loans.models import Fund, GuaranteeLimits

write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Right.VIEW_LEDGER)
def shown(request, code):
    fund = get_object_or_404(Fund, code=code)
    waiting = limits.waiting(fund)
    keeps = request.user.has_right(Right.KEEP_LEDGER)
    context = {
        "fund": fund,
        "waiting": waiting,
        "history": limits.history(fund),
        "may_keep": keeps,
        "may_confirm": keeps and waiting and waiting.entered_by_id != request.user.pk,
    }
    return render(request, "loans/guarantees/limits.html", context)


@write
@requires(Right.KEEP_LEDGER)
def enter(request, code):
    fund = get_object_or_404(Fund, code=code)
    back = reverse("loans:guarantee-limits", args=[fund.code])
    form = LimitsForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda **_said: limits.enter(fund, by=request.user, **form.said),
        title=_("New limits of guarantees"),
        done=_("The limits are entered. They hold once somebody else has confirmed them."),
        back=back,
        crumbs=[
            (_("Ledger of the fund"), reverse("loans:funds")),
            (fund.name, reverse("loans:fund", args=[fund.code])),
            (_("Limits of guarantees"), back),
        ],
    )


@require_POST
@requires(Right.KEEP_LEDGER)
def confirm(request, code, pk):
    return _ended(request, code, pk, limits.confirm, _("The limits hold from now on."))


@require_POST
@requires(Right.KEEP_LEDGER)
def drop(request, code, pk):
    return _ended(request, code, pk, limits.drop, _("The limits are dropped."))


def _ended(request, code, pk, service, done):
    row = get_object_or_404(GuaranteeLimits, pk=pk, fund__code=code)
    try:
        service(row, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("loans:guarantee-limits", code)
