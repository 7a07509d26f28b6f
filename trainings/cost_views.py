"""The tab of costs: planned and paid lines of an event, reckoned from its sessions or typed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import costs, queries, workload
from trainings.cost_forms import CostForm, PayForm
from trainings.pages import kept, page_of, seen

write = require_http_methods(["GET", "HEAD", "POST"])
TAB = "trainings:costs"


@require_safe
@requires(Right.VIEW_TRAININGS)
def listing(request, public_id):
    event = seen(request, public_id)
    rows = list(costs.of_event(event))
    for row in rows:
        row.left = row.planned - row.paid if row.paid is not None else None
    _lines, missing = costs.reckoned(event)
    context = {
        "rows": rows,
        "totals": costs.totals(event),
        "warnings": list(dict.fromkeys([*missing, *workload.warnings_of(event)])),
        "may_plan": queries.may_keep(request.user, event) and costs.may_plan(event),
        "may_pay": costs.may_pay(request.user, event),
    }
    return render(request, "trainings/costs.html", page_of(request, event, TAB, **context))


@require_POST
@requires(Right.KEEP_TRAININGS)
def reckon(request, public_id):
    event = kept(request, public_id)
    try:
        number, _missing = costs.reckon(event, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = ngettext("%(number)d line is new or changed.", "%(number)d lines are new or changed.", number)
        messages.success(request, words % {"number": number})
    return redirect(TAB, public_id)


@write
@requires(Right.KEEP_TRAININGS)
def cost_new(request, public_id):
    event = kept(request, public_id)
    return _form(
        request,
        event,
        CostForm(request.POST or None),
        lambda **said: costs.save_cost(event, by=request.user, **said),
        title=_("Plan a cost"),
        done=_("The cost is planned."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def cost_edit(request, public_id, pk):
    event = kept(request, public_id)
    row = get_object_or_404(costs.of_event(event), pk=pk)
    return _form(
        request,
        event,
        CostForm(request.POST or None, initial={name: getattr(row, name) for name in costs.COST}),
        lambda **said: costs.save_cost(event, row, by=request.user, **said),
        title=_("Change the cost: %(cost)s") % {"cost": row},
        done=_("The cost is changed."),
    )


@write
@requires(Right.PAY_TRAININGS)
def cost_pay(request, public_id, pk):
    event = seen(request, public_id)
    if not costs.may_pay(request.user, event):
        raise PermissionDenied(_("This record belongs to another unit."))
    row = get_object_or_404(costs.of_event(event), pk=pk)
    initial = {name: getattr(row, name) for name in costs.PAYMENT}
    initial["paid"] = row.planned if row.paid is None else row.paid
    return _form(
        request,
        event,
        PayForm(request.POST or None, initial=initial, noted=row.paid is not None),
        lambda **said: costs.pay(row, by=request.user, **said),
        title=_("Payment: %(cost)s") % {"cost": row},
        done=_("The payment is noted."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def cost_remove(request, public_id, pk):
    event = kept(request, public_id)
    row = get_object_or_404(costs.of_event(event), pk=pk)
    try:
        costs.remove_cost(row, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The cost is removed."))
    return redirect(TAB, public_id)


def _form(request, event, form, save, **words):
    back = reverse(TAB, args=[event.public_id])
    crumbs = [
        (_("Training"), reverse("trainings:list")),
        (event.title, reverse("trainings:event", args=[event.public_id])),
        (_("Costs"), back),
    ]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)
