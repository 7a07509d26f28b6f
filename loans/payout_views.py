"""The office's pages of payouts: what waits for whom, the steps of a tranche, files for the bank."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import files, lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused, find
from centrum.register import ties
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import require, requires
from loans import orders, payouts, queries
from loans.enums import TRANCHE_MOVES, TrancheState
from loans.forms import NoFieldForm, ReasonForm
from loans.models import Fund
from loans.payout_forms import AccountForm, BookForm, CorrectForm, OrderForm, VerifyForm

write = require_http_methods(["GET", "HEAD", "POST"])
STEPS = {
    "verify": (payouts.verify, gettext_lazy("The tranche is checked. Somebody else has to release it.")),
    "approve": (payouts.approve, gettext_lazy("The tranche is released and waits for a file for the bank.")),
    "pay": (payouts.book, gettext_lazy("The payout is booked.")),
    "correct": (payouts.correct, gettext_lazy("The payout is corrected, and everything since is reckoned anew.")),
    "unpay": (payouts.unpay, gettext_lazy("The payout is taken back; the tranche begins anew.")),
    "send_back": (payouts.send_back, gettext_lazy("The tranche is back at the beginning.")),
    "cancel": (payouts.cancel, gettext_lazy("The tranche is cancelled, its capital is free again.")),
}


@require_safe
@requires(Right.VIEW_LOANS)
def listing(request):
    """What waits: to be checked, released, put into a file, booked; and the files that were made."""
    user = request.user
    checked, approved, sent = (
        list(payouts.waiting(user, state))
        for state in (TrancheState.VERIFIED, TrancheState.APPROVED, TrancheState.ORDERED)
    )
    context = {
        "sections": [
            _section("check", _("To be checked"), list(payouts.to_check(user)), "verify", user),
            _section("release", _("To be released"), checked, "approve", user),
            _section("order", _("To go into a file for the bank"), approved, None, user),
            _section("book", _("To be booked"), sent, "pay", user),
        ],
        "funds": sorted({row.loan.fund for row in approved}, key=lambda fund: fund.code),
        "page": lists.page(request, orders.made(user), orders={"new": Order("pk", descending=True)}, default="new"),
        "may_pay": user.has_right(Right.PAY_LOANS),
    }
    return render(request, "loans/payouts.html", context)


def _section(name, title, rows, action, user):
    """One list of the page; `step`: the move that its rows wait for, None where it is not this user's."""
    step = find(TRANCHE_MOVES, action) if action else None
    return {"name": name, "title": title, "rows": rows, "step": step if step and user.has_right(step.right) else None}


@write
@requires(Right.VIEW_LOANS)
def tranche_move(request, public_id, number, action):
    if action not in STEPS:
        raise Http404
    step = find(TRANCHE_MOVES, action)
    require(request.user, step.right)
    loan = get_object_or_404(
        queries.visible_loans(request.user).select_related("organisation", "fund"), public_id=public_id
    )
    row = get_object_or_404(loan.tranches.select_related("account", "order"), number=number)
    row.loan = loan
    back = reverse("loans:loan", args=[public_id])
    if request.method != "POST" and row.state not in step.sources:
        state = row.get_state_display()
        messages.warning(request, _("This step can't be made in the state “%(state)s”.") % {"state": state})
        return redirect(back)
    service, done = STEPS[action]
    more = {"note": _note(row, action)}
    if action == "approve" and row.account:
        more |= {"account": row.account, "iban": ties.shown_iban(request.user, row.account)}
    return form_page(
        request,
        _form(request, row, action),
        lambda **said: service(row, by=request.user, **said),
        title=f"{step.label}: {payouts.summary(row)}",
        button=step.label,
        done=done,
        back=back,
        crumbs=[(_("Payouts"), reverse("loans:payouts")), (f"{loan.number} {loan.organisation}", back)],
        **more,
    )


def _form(request, row, action):
    sent = (request.POST,) if request.method == "POST" else ()
    if action == "verify":
        return VerifyForm(*sent, tranche=row, user=request.user)
    if action == "correct":
        return CorrectForm(*sent, initial={"paid_on": row.paid_on, "document": row.document})
    return {"approve": NoFieldForm, "pay": BookForm}.get(action, ReasonForm)(*sent)


def _note(row, action):
    """What to think of before the step."""
    if action == "verify":
        found = payouts.obstacles(row)
        if not found and not payouts.accounts(row).exists():
            found = [_("The organisation has no account that a second person has confirmed.")]
        return " ".join(found)
    if action == "send_back" and row.order:
        words = _("The tranche is in the file %(order)s. Send it back only when the bank has not paid it and will not.")
        return words % {"order": row.order}
    return ""


@write
@requires(Right.PAY_LOANS)
def order_new(request, code):
    fund = get_object_or_404(Fund, code=code)
    back = reverse("loans:payouts")
    sent = (request.POST,) if request.method == "POST" else ()
    form = OrderForm(*sent, fund=fund, user=request.user, initial={"key": uuid.uuid4()})
    if not form.is_bound and not form.fields["tranches"].choices:
        messages.warning(request, _("No released tranche of this fund waits for a file."))
        return redirect(back)
    missing = _("%(fund)s has no account to pay from. Enter it in the ledger of the fund.") % {"fund": fund}
    return form_page(
        request,
        form,
        lambda key, tranches: orders.order(list(tranches), by=request.user, key=key),
        title=_("A file for the bank: %(fund)s") % {"fund": fund},
        button=_("Make the file"),
        done=_("The file is made. Download it, hand it to the bank, and book what the statement confirms."),
        back=back,
        crumbs=[(_("Payouts"), back)],
        note="" if fund.iban else missing,
    )


@never_cache
@require_safe
@requires(Right.PAY_LOANS)
@needs_fresh_sign_in
def order_file(request, pk):
    made = get_object_or_404(orders.made(request.user), pk=pk)
    try:
        return files.send(orders.download(made, by=request.user))
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("loans:payouts")


@write
@requires(Right.KEEP_LEDGER)
def fund_account(request, code):
    fund = get_object_or_404(Fund, code=code)
    back = reverse("loans:fund", args=[code])
    return form_page(
        request,
        AccountForm(*((request.POST,) if request.method == "POST" else ()), fund=fund),
        lambda iban: orders.set_account(fund, by=request.user, iban=iban),
        title=_("Account of the fund"),
        done=_("The account of the fund is noted."),
        back=back,
        crumbs=[(_("Ledger of the fund"), reverse("loans:funds")), (fund.name, back)],
    )
