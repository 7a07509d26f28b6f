"""The office's pages of calls on guarantees, and of the claim after a payment."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, available, noun_of
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.enums import CALL_TAG, MEASURE_TAG, CallState, GuaranteeState, MeasureState
from loans.forms import NoFieldForm, ReasonForm
from loans.guarantees import calls, forms, queries, recourse
from loans.guarantees.agreement_views import of_guarantee, seen, step_refused
from loans.models import RecourseLoss

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
RECOURSE = "recourse"  # the part of a guarantee that shows its claim
MOST_LISTED = 200


# Calls


@read
@requires(Right.VIEW_LOANS)
def listing(request):
    """Calls to be checked or paid."""
    found = list(queries.open_calls(request.user)[: MOST_LISTED + 1])
    for call in found:
        call.tag, call.left = CALL_TAG[call.state], calls.days_left(call)
    return render(
        request, "loans/guarantees/calls.html", {"calls": found[:MOST_LISTED], "more": len(found) > MOST_LISTED}
    )


@write
@requires(Right.KEEP_LOANS)
def new(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in (GuaranteeState.ACTIVE, GuaranteeState.EXPIRED):
        return step_refused(request, guarantee, _("A call is noted while the guarantee is in force."))
    words = _("%(exposure)s is guaranteed. A call is in time until %(day)s.")
    said = {"exposure": money(guarantee.exposure), "day": f"{guarantee.valid_to:%d.%m.%Y}"}
    return of_guarantee(
        request,
        guarantee,
        forms.CallForm(request.POST or None, request.FILES or None, initial={"received_on": clock.today()}),
        lambda **said: calls.note(guarantee, by=request.user, **said),
        title=_("Note a call"),
        button=_("Note the call"),
        done=_("The call is noted. Somebody checks it next."),
        note=words % said,
    )


@read
@requires(Right.VIEW_LOANS)
def call(request, public_id, pk):
    guarantee, found = _call(request, public_id, pk)
    moves = available(found, request.user)
    own = found.verified_by_id == request.user.pk and found.state == CallState.VERIFIED
    noted = found.noted_by_id == request.user.pk and found.state == CallState.RECEIVED
    is_open = found.state in calls.OPEN
    context = {
        "guarantee": guarantee,
        "call": found,
        "tag": CALL_TAG[found.state],
        "moves": [move for move in moves if not own and not (noted and move.action == "refuse")],
        "own": own,
        "noted": noted and "refuse" in [move.action for move in moves],
        "checks": calls.checks(found) if is_open else (),
        "most": calls.most(found) if is_open else None,
        "left": calls.days_left(found) if is_open else None,
    }
    return render(request, "loans/guarantees/call.html", context)


@write
@requires(Right.KEEP_LOANS)
def verify(request, public_id, pk):
    guarantee, found = _call(request, public_id, pk)
    if found.state != CallState.RECEIVED:
        return _decided(request, guarantee)
    words = _("At most %(most)s may be paid: what is called for, guaranteed, and covered of the principal owed.")
    return _of_call(
        request,
        found,
        forms.VerifyForm(request.POST or None, initial={"payable": calls.most(found)}),
        lambda **said: calls.verify(found, by=request.user, **said),
        title=_("Check the call"),
        button=_("The call is right"),
        done=_("The call is checked. Somebody else pays it."),
        note=words % {"most": money(calls.most(found))},
    )


@write
@requires(Right.PAY_LOANS)
def pay(request, public_id, pk):
    guarantee, found = _call(request, public_id, pk)
    if found.state != CallState.VERIFIED:
        return _decided(request, guarantee)
    return _of_call(
        request,
        found,
        forms.PayForm(request.POST or None, initial={"paid_on": clock.today()}),
        lambda **said: calls.pay(found, by=request.user, **said),
        title=_("Payment under the call: %(amount)s") % {"amount": money(found.payable)},
        button=_("Book the payment"),
        done=_("The payment is booked. The fund has a claim on the client now."),
        note=_("All that is guaranteed is given up with the payment."),
    )


@write
@requires(Right.DECIDE_LOANS)
def refuse(request, public_id, pk):
    guarantee, found = _call(request, public_id, pk)
    if found.state not in calls.OPEN:
        return _decided(request, guarantee)
    return _of_call(
        request,
        found,
        ReasonForm(request.POST or None),
        lambda **said: calls.refuse(found, by=request.user, **said),
        title=_("Refuse the call"),
        button=_("Refuse the call"),
        done=_("The call is refused. The guarantee is in force as before."),
    )


def panel(user, guarantee):
    """The calls on a guarantee; None before it is in force."""
    if not guarantee.activated_on:
        return None
    rows = list(guarantee.calls.order_by("-pk"))
    for row in rows:
        row.tag = CALL_TAG[row.state]
        row.left = calls.days_left(row) if row.state in calls.OPEN else None
    may_note = user.has_right(Right.KEEP_LOANS) and guarantee.state == GuaranteeState.ACTIVE
    return {"guarantee": guarantee, "calls": rows, "may_note": may_note}


# The claim


@write
@requires(Right.PAY_LOANS)
def recover(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state not in recourse.AFTER_PAYMENT:
        return step_refused(request, guarantee, _("Nothing was paid under this guarantee."))
    return of_guarantee(
        request,
        guarantee,
        forms.RecoveryForm(request.POST or None, initial={"on": clock.today(), "key": uuid.uuid4()}),
        lambda **said: recourse.recover(guarantee, by=request.user, **said),
        part=RECOURSE,
        title=_("Note what came back"),
        button=_("Book the money"),
        done=_("What came back is booked."),
        note=_shared(guarantee),
    )


@write
@requires(Right.PAY_LOANS)
def take_back(request, public_id, pk):
    guarantee = seen(request, public_id)
    found = get_object_or_404(guarantee.recoveries, pk=pk)
    if found.taken_back_at:
        return step_refused(request, guarantee, _("This recovery is taken back already."), RECOURSE)
    said = {"amount": money(found.amount), "day": date_short(found.on)}
    return of_guarantee(
        request,
        guarantee,
        ReasonForm(request.POST or None),
        lambda **said: recourse.take_back(found, by=request.user, **said),
        part=RECOURSE,
        title=_("Take back what came on %(day)s: %(amount)s") % said,
        button=_("Take it back"),
        done=_("It is taken back, and so much more is owed again."),
    )


def _shared(guarantee):
    if not guarantee.lender.share:
        return _("All of it is the fund's: the agreement on cooperation shares nothing with the lender.")
    percent = (guarantee.cover * 100).normalize() + 0
    words = _("%(percent)s%% of it is the fund's, and the rest is the lender's. The principal is paid before interest.")
    return words % {"percent": f"{percent:f}".replace(".", ",")}


@write
@requires(Right.KEEP_LOANS)
def loss_new(request, public_id):
    guarantee = seen(request, public_id)
    if guarantee.state != GuaranteeState.RECOURSE or recourse.waiting(guarantee):
        words = _("There is no claim to write off, or its write-off waits to be confirmed.")
        return step_refused(request, guarantee, words, RECOURSE)
    return of_guarantee(
        request,
        guarantee,
        forms.LossForm(request.POST or None, request.FILES or None),
        lambda **said: recourse.prepare_loss(guarantee, by=request.user, **said),
        part=RECOURSE,
        title=_("Write off the claim"),
        button=_("Prepare the write-off"),
        done=_("The write-off is prepared. Somebody else confirms it."),
    )


@read
@requires(Right.VIEW_LOANS)
def loss(request, public_id, pk):
    guarantee, found = _loss(request, public_id, pk)
    moves = available(found, request.user)
    own = found.prepared_by_id == request.user.pk and found.state == MeasureState.PREPARED
    dropped = StateChange.objects.filter(noun=noun_of(RecourseLoss), object_id=found.pk, action="drop")
    context = {
        "guarantee": guarantee,
        "loss": found,
        "tag": MEASURE_TAG[found.state],
        "moves": [move for move in moves if not own or move.action != "confirm"],
        "own": own,
        "dropped": dropped.select_related("by").first(),
    }
    return render(request, "loans/guarantees/loss.html", context)


@write
@requires(Right.KEEP_LOANS)
def loss_move(request, public_id, pk, action):
    guarantee, found = _loss(request, public_id, pk)
    services = {
        "confirm": (NoFieldForm, lambda: recourse.confirm_loss(found, by=request.user)),
        "drop": (ReasonForm, lambda **said: recourse.drop_loss(found, by=request.user, **said)),
    }
    if action not in services:
        raise Http404
    form_class, save = services[action]
    if action not in [move.action for move in available(found, request.user)]:
        return step_refused(request, guarantee, _("This step can't be made now."), RECOURSE)
    words = {"confirm": _("Confirm the write-off"), "drop": _("Drop the write-off")}[action]
    done = {"confirm": _("The claim is written off."), "drop": _("The write-off is dropped.")}[action]
    return of_guarantee(
        request,
        guarantee,
        form_class(request.POST if request.method == "POST" else None),
        save,
        part=RECOURSE,
        title=words,
        button=words,
        done=done,
    )


def recourse_panel(user, guarantee):
    """What is owed after a payment, what came back, and the write-off; None before."""
    if guarantee.state not in recourse.AFTER_PAYMENT:
        return None
    shown = {
        "guarantee": guarantee,
        "call": recourse.paid_call(guarantee),
        "recoveries": guarantee.recoveries.select_related("by", "taken_back_by").order_by("-on", "-pk"),
        "newest": _to_take_back(user, guarantee),
        "losses": guarantee.losses.order_by("-pk"),
        "may_recover": user.has_right(Right.PAY_LOANS),
        "may_write_off": user.has_right(Right.KEEP_LOANS) and guarantee.state == GuaranteeState.RECOURSE,
        "waiting": recourse.waiting(guarantee),
        "written_off": guarantee.state == GuaranteeState.WRITTEN_OFF,
    }
    try:
        shown["now"] = recourse.standing(guarantee)
    except Refused as refusal:
        shown["refused"] = refusal.messages
    for row in shown["losses"]:
        row.tag = MEASURE_TAG[row.state]
    return shown


def _to_take_back(user, guarantee):
    """The recovery that the user may take back, None for none."""
    found = recourse.newest(guarantee) if user.has_right(Right.PAY_LOANS) else None
    return found if found and found.by_id != user.pk else None


# Parts


def _call(request, public_id, pk):
    guarantee = seen(request, public_id)
    rows = guarantee.calls.select_related("noted_by", "verified_by", "decided_by", "paper__file", "entry")
    found = get_object_or_404(rows.defer("paper__file__data"), pk=pk)
    found.guarantee = guarantee
    return guarantee, found


def _of_call(request, found, form, save, **words):
    back = reverse("loans:guarantee-call", args=[found.guarantee.public_id, found.pk])
    return of_guarantee(request, found.guarantee, form, save, back=back, **words)


def _decided(request, guarantee):
    return step_refused(request, guarantee, _("The call is decided already, or not checked yet."))


def _loss(request, public_id, pk):
    guarantee = seen(request, public_id)
    rows = guarantee.losses.select_related("prepared_by", "confirmed_by", "paper__file").defer("paper__file__data")
    found = get_object_or_404(rows, pk=pk)
    found.guarantee = guarantee
    return guarantee, found
