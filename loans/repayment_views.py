"""The office's pages of repayments: the panel of a loan, noting a payment, what a payment paid, and the payoff."""

import uuid

from django.db.models import Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import queries, repayments, telling
from loans.enums import AFTER_PAYOUT, OWING, PartKind
from loans.forms import ReasonForm
from loans.models import Payment
from loans.repayment_forms import CostForm, PaymentForm, PayoffForm, SendBackForm

write = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 12  # payments in the panel, the newest


# Panel


def panel(user, loan):
    """On the page of a loan that was paid out: where it stands and the last payments with what they paid."""
    if loan.state not in AFTER_PAYOUT:
        return None
    told = loan.tellings.filter(current=True).first()
    rows = _with_parts(list(loan.payments.order_by("-value_date", "-pk")[: SHOWN + 1]))
    unpaid = told.unpaid_due if told and loan.state in OWING else None
    return {
        "loan": loan,
        "told": told,
        "late": max((clock.today() - unpaid).days, 0) if unpaid else 0,
        "costs": list(loan.costs.order_by("-on", "-pk")),
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "may_pay": user.has_right(Right.PAY_LOANS),
        "may_keep": user.has_right(Right.KEEP_LOANS),
    }


def _with_parts(payments):
    """Each with `parts` [(words, amount)]: what it pays as it is told now, one a kind."""
    found = {}
    rows = Payment.objects.filter(pk__in=[one.pk for one in payments], allocations__withdrawn=None).order_by()
    for pk, kind, amount in rows.values_list("pk", "allocations__kind").annotate(amount=Sum("allocations__amount")):
        found.setdefault(pk, {})[kind] = amount
    for payment in payments:
        kinds = found.get(payment.pk, {})
        payment.parts = [(label, kinds[kind]) for kind, label in PartKind.choices if kind in kinds]
    return payments


# Pages


@require_safe
@requires(Right.VIEW_LOANS)
def payment(request, public_id, pk):
    """What a payment paid, as it was told first and as it is told now, with every telling between."""
    loan = _loan(request, public_id)
    shown = get_object_or_404(loan.payments.select_related("entry", "by", "reversed_by", "line__statement"), pk=pk)
    parts = list(shown.allocations.select_related("told__by", "withdrawn").order_by("pk"))
    first = parts[0].told_id if parts else None
    was = [part for part in parts if part.told_id == first]
    now = [part for part in parts if part.withdrawn_id is None]
    tellings = {part.told_id: part.told for part in parts}
    steps = [
        {
            "telling": one,
            "gone": [part for part in parts if part.withdrawn_id == pk],
            "new": [part for part in parts if part.told_id == pk],
        }
        for pk, one in sorted({**tellings, **_withdrawing(parts)}.items())
    ]
    context = {
        "loan": loan,
        "payment": shown,
        "was": was,
        "now": now,
        "changed": {part.pk for part in was} != {part.pk for part in now},
        "steps": steps,
        "late": (clock.local(shown.at).date() - shown.value_date).days,
        "may_open": request.user.has_right(Right.VIEW_LEDGER),
        "may_take_back": request.user.has_right(Right.PAY_LOANS) and not shown.reversed_at,
        "crumbs": _crumbs(loan),
    }
    return render(request, "loans/payment.html", context)


def _withdrawing(parts):
    return {part.withdrawn_id: part.withdrawn for part in parts if part.withdrawn_id}


@write
@requires(Right.PAY_LOANS)
def receive(request, public_id):
    return _page(
        request,
        public_id,
        PaymentForm,
        repayments.receive,
        title=_("Note a payment"),
        done=_("The payment is posted."),
        note=_("A payment of a bank statement comes in with the statement; note by hand only what does not."),
    )


@write
@requires(Right.PAY_LOANS)
def send_back(request, public_id):
    return _page(
        request,
        public_id,
        SendBackForm,
        repayments.send_back,
        title=_("Send an overpayment back"),
        done=_("The money that was sent back is posted."),
    )


@write
@requires(Right.KEEP_LOANS)
def charge(request, public_id):
    return _page(
        request, public_id, CostForm, repayments.charge, title=_("Charge a cost"), done=_("The cost is charged.")
    )


@write
@requires(Right.PAY_LOANS)
def take_back(request, public_id, pk):
    loan = _loan(request, public_id)
    row = get_object_or_404(loan.payments.all(), pk=pk)
    said = {"amount": money(row.amount), "day": date_short(row.value_date)}
    return form_page(
        request,
        ReasonForm(*_sent(request)),
        lambda reason: repayments.take_back(row, by=request.user, reason=reason),
        title=_("Take back the payment of %(amount)s of %(day)s") % said,
        button=_("Take it back"),
        done=_("The payment is taken back, and everything after it is reckoned anew."),
        back=reverse("loans:loan", args=[public_id]),
        crumbs=_crumbs(loan),
    )


@write
@requires(Right.KEEP_LOANS)
def take_cost_back(request, public_id, pk):
    loan = _loan(request, public_id)
    row = get_object_or_404(loan.costs.all(), pk=pk)
    return form_page(
        request,
        ReasonForm(*_sent(request)),
        lambda reason: repayments.take_cost_back(row, by=request.user, reason=reason),
        title=_("Take back the cost of %(amount)s: %(text)s") % {"amount": money(row.amount), "text": row.text},
        button=_("Take it back"),
        done=_("The cost is taken back, and everything after it is reckoned anew."),
        back=reverse("loans:loan", args=[public_id]),
        crumbs=_crumbs(loan),
    )


@require_safe
@requires(Right.VIEW_LOANS)
def payoff(request, public_id):
    """What ends the loan on a day of choice."""
    loan = _loan(request, public_id)
    form = PayoffForm(request.GET or {"dzien": date_short(clock.today())})
    parts, on, refused = [], None, []
    if loan.state in AFTER_PAYOUT and form.is_valid():
        on = max(form.cleaned_data["dzien"], clock.today())
        try:
            found = telling.payoff(loan, on)
        except Refused as refusal:
            found, refused = {}, refusal.messages
        parts = [(label, found[kind]) for kind, label in PartKind.choices if kind in found]
    context = {
        "loan": loan,
        "form": form,
        "on": on,
        "refused": refused,
        "paid_out": loan.state in AFTER_PAYOUT,
        "parts": parts,
        "total": sum(amount for _label, amount in parts),
        "crumbs": _crumbs(loan),
    }
    return render(request, "loans/payoff.html", context)


def _page(request, public_id, form, service, **words):
    loan = _loan(request, public_id)
    return form_page(
        request,
        form(*_sent(request), initial={"key": uuid.uuid4()}),
        lambda **said: service(loan, by=request.user, **said),
        button=words["title"],
        back=reverse("loans:loan", args=[public_id]),
        crumbs=_crumbs(loan),
        **words,
    )


def _loan(request, public_id):
    rows = queries.visible_loans(request.user).select_related("organisation", "fund")
    return get_object_or_404(rows, public_id=public_id)


def _crumbs(loan):
    name = f"{loan.number} {loan.organisation}"
    return [(_("Loans"), reverse("loans:loans")), (name, reverse("loans:loan", args=[loan.public_id]))]


def _sent(request):
    return (request.POST,) if request.method == "POST" else ()
