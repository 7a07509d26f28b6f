"""Decisions on a claim, each prepared by one person and confirmed by another, with its paper: termination, recovery,
restructuring, write-off, forgiveness.

A decision holds from its day `on` and is confirmed on that day or later, so that what changes has come. Termination:
its notice is drawn up when it is prepared and gives the days of notice of the fund or more; whoever confirms it after
them sees what was paid in that time. What follows for the debt is told anew (loans/telling.py), the ledger with
it. Services lock the loan before the decision; they raise Refused in words for the user, Stale when somebody was
quicker, PermissionDenied. Amounts are Decimal in PLN.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from centrum.kit import clock, parameters, saving
from centrum.kit.polish import date_short, money, number
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import arrears, arrears_letters, papers, repayments, telling
from loans.deminimis import register, room
from loans.enums import (
    CALLED,
    MEASURE_MOVES,
    AnnexState,
    ArrearsLetter,
    Ground,
    JobState,
    LoanState,
    MeasureKind,
    MeasureState,
    PaperKind,
    PartKind,
    RecoveryStep,
    SettlementState,
    TellingReason,
)
from loans.models import Accrual, Annex, Measure, Settlement
from loans.queries import visible_loans
from loans.schedule import DAY

LATE, NOTICE, SHARE = "loan-termination-days", "loan-termination-notice-days", "loan-forgiveness-share"
K, L = MeasureKind, LoanState
SOURCES = {
    K.TERMINATION: (L.ACTIVE,),
    K.RECOVERY: (L.TERMINATED,),
    K.RESTRUCTURING: (L.ACTIVE,),
    K.WRITE_OFF: CALLED,
    K.FORGIVENESS: (L.ACTIVE,),
}
_ZERO = telling.ZERO


# Reads


def possible(loan, decided=None):
    """The kinds of decisions that a loan may have in its state, while none is on its way; `decided`: its Measures,
    where the caller has them."""
    decided = loan.measures.all() if decided is None else decided
    if any(row.state == MeasureState.PREPARED for row in decided):
        return []
    once = [row.kind for row in decided if row.state == MeasureState.CONFIRMED and row.kind == K.RECOVERY]
    return [kind for kind, states in SOURCES.items() if loan.state in states and kind not in once]


def waiting_for(user):
    """Decisions that `user` may confirm: of others, whose day has come."""
    if not user.has_right(Right.DECIDE_LOANS):
        return Measure.objects.none()
    rows = Measure.objects.filter(state=MeasureState.PREPARED, on__lte=clock.today(), loan__in=visible_loans(user))
    return rows.exclude(prepared_by=user)


def earliest(kind):
    """The first day from which a decision of today may hold; None where an earlier one may."""
    days = {K.TERMINATION: parameters.whole(NOTICE)}.get(kind)
    return None if days is None else clock.today() + datetime.timedelta(days=days)


def annexes_of(loan):
    """Annexes that a restructuring may have: on their way to the signature or signed, and no other's."""
    taken = loan.measures.exclude(state=MeasureState.DROPPED).exclude(annex=None).values("annex")
    rows = loan.annexes.filter(state__in=[AnnexState.CONFIRMED, AnnexState.SIGNED]).exclude(pk__in=taken)
    return rows.order_by("-number")


def most_forgiven(loan):
    """What of the loan may still be forgiven: a share of what was paid out, less what is forgiven already."""
    done = loan.measures.filter(kind=K.FORGIVENESS, state=MeasureState.CONFIRMED).aggregate(found=Sum("amount"))
    most = loan.paid_out * parameters.value(SHARE) / 100
    return max(min(most - (done["found"] or _ZERO), loan.outstanding), _ZERO).quantize(_ZERO)


def figures(measure):
    """(principal, interest and costs) that a write-off or a restructuring moves, as known now; once it is confirmed, as
    they were kept. None for the other kinds, and while its day has not come."""
    if measure.state == MeasureState.CONFIRMED:
        return None if measure.rest is None else (measure.amount, measure.rest)
    if measure.kind not in (K.WRITE_OFF, K.RESTRUCTURING) or measure.on > clock.today():
        return None
    if measure.kind == K.WRITE_OFF:
        return _lost(measure)
    return telling.tell(measure.loan, measure.on).fallen_due


def _lost(measure):
    """(principal, interest and costs) owed at the end of the day of a write-off."""
    told = telling.tell(measure.loan, measure.on)
    back = told.sum(PartKind.PRINCIPAL, PartKind.EARLY_PRINCIPAL, PartKind.FORGIVEN)
    now = told.standing
    return measure.loan.paid_out - back, now.overdue_interest + now.restructured + now.penalty + now.costs


# Services


@transaction.atomic
def prepare(
    loan, *, by, kind, reasons, on=None, document=None, amount=None, annex=None, ground="", step="", kept=False
):
    """Write a decision down for somebody else to confirm. Returns the Measure.

    `document`: the upload that it rests on; of a termination what is beside its notice, which is made here. `ground`:
    of a termination, a Ground; `step`: of a recovery, a RecoveryStep; both begin the reasons. `amount`: of a
    forgiveness; `kept`: whether the officer has seen that its conditions (jobs) are kept. `annex`: of a restructuring,
    which holds from the day of the annex.
    """
    require(by, Right.KEEP_LOANS)
    loan = telling.lock(loan)
    kind = K(kind)
    _must_be_in_a_state(loan, kind)
    if loan.measures.filter(state=MeasureState.PREPARED).exists():
        raise Refused(_("Another decision is on its way. Confirm or drop it first."))
    if not reasons.strip():
        raise Refused({"reasons": _("Give the reasons.")})
    if document is None and kind != K.TERMINATION:
        raise Refused({"document": _("Add the document on which the decision rests.")})
    measure = Measure(
        loan=loan,
        kind=kind,
        on=on,
        amount=amount if kind == K.FORGIVENESS else None,
        annex=annex if kind == K.RESTRUCTURING else None,
        reasons=_reasons(kind, reasons, ground=ground, step=step),
        prepared_by=by,
        prepared_at=clock.now(),
    )
    if kind == K.TERMINATION:
        _must_have_ground(loan, ground)
    if kind == K.FORGIVENESS and not kept:
        raise Refused({"kept": _("Nothing is forgiven unless the conditions are kept.")})
    _must_be_a_day(measure)
    _must_fit(measure)
    measure.paper = _paper(measure, document, by=by)
    return saving.save(measure)


@transaction.atomic
def confirm(measure, *, by):
    """Confirm what somebody else prepared, on its day or later; state, schedule and ledger follow, and of a forgiveness
    the de minimis aid."""
    require(by, Right.DECIDE_LOANS)
    row = _lock(measure, "confirm")
    loan = row.loan
    if row.prepared_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm the decision than who prepared it."))
    if row.on > clock.today():
        raise Refused(_("It holds from %(day)s. Confirm it on that day or later.") % {"day": date_short(row.on)})
    _must_be_in_a_state(loan, row.kind)
    _must_fit_still(row)
    changes = {"confirmed_by": by, "confirmed_at": clock.now()}
    if found := figures(row):
        changes |= dict(zip(("amount", "rest"), found, strict=True))
    if row.kind == K.TERMINATION:
        move(loan, "terminate", by=by, changes={"called_on": row.on})
    elif row.kind == K.RECOVERY:
        move(loan, "recover", by=by)
    elif row.kind == K.WRITE_OFF:
        _count_all_interest(loan)
    row = move(row, "confirm", by=by, changes=changes)
    if row.kind == K.FORGIVENESS:
        room.lock(loan.organisation, clock.today())  # before the fund, as whoever approves does
    telling.again(loan, by=by, reason=TellingReason.MEASURE)
    if row.kind == K.FORGIVENESS:
        register.grant_of_forgiveness(row, by=by)
    if row.kind == K.WRITE_OFF:  # only now does the ledger have nothing left of it
        move(loan, "write_off", by=by)
    return row


def _count_all_interest(loan):
    """Interest of days that was not posted, by policy or since no night has passed yet, becomes income and loss with
    the write-off, so that the claim is all that the borrower owes."""
    rows, last = Accrual.objects.filter(loan=loan), loan.called_on - DAY
    rows.filter(Q(to=None) | Q(to__lt=last)).update(to=last)


@transaction.atomic
def drop(measure, *, by, reason):
    require(by, Right.KEEP_LOANS)
    return move(_lock(measure, "drop"), "drop", by=by, reason=reason)


def _reasons(kind, reasons, *, ground, step):
    """The reasons with what was chosen before them, in Polish like all papers of the loan."""
    with override(settings.LANGUAGE_CODE):
        if kind == K.TERMINATION and ground in Ground.values:
            return f"{Ground(ground).label.capitalize()}: {reasons.strip()}"
        if kind == K.RECOVERY and step in RecoveryStep.values:
            return f"{RecoveryStep(step).label.capitalize()}: {reasons.strip()}"
    if kind == K.TERMINATION:
        raise Refused({"ground": _("Choose the ground.")})
    if kind == K.RECOVERY:
        raise Refused({"step": _("Choose with what the recovery begins.")})
    return reasons.strip()


def _must_be_in_a_state(loan, kind):
    if loan.state not in SOURCES[kind]:
        words = _("The loan is in the state “%(state)s”, so this can't be decided.")
        raise Refused(words % {"state": loan.get_state_display()})
    if kind == K.RECOVERY and loan.measures.filter(kind=kind, state=MeasureState.CONFIRMED).exists():
        raise Refused(_("The recovery of this loan was begun before. Add what follows as papers."))


def _must_have_ground(loan, ground):
    """Refuse a termination without what its ground says."""
    if ground == Ground.ARREARS:
        least, days = parameters.whole(LATE), telling.standing(loan).days
        if days < least:
            words = _("The loan is %(days)d days past due. For this ground it has to be %(least)d or more.")
            raise Refused({"ground": words % {"days": days, "least": least}})
    if ground == Ground.SPENDING:
        rejected = Settlement.objects.filter(tranche__loan=loan, state=SettlementState.REJECTED)
        if not rejected.filter(accepted__lt=F("tranche__amount")).exists():
            raise Refused({"ground": _("No settlement says that a part has to be given back.")})


def _must_be_a_day(measure):
    """Refuse a day from which the decision can't hold."""
    today, first = clock.today(), earliest(measure.kind)
    if measure.on is None and measure.kind != K.RESTRUCTURING:
        raise Refused({"on": _("Give the day.")})
    if first:
        if measure.on < first:
            words = _("The notice runs at least %(days)d days: choose %(day)s or later.")
            said = {"days": (first - today).days, "day": date_short(first)}
            raise Refused({"on": words % said})
        return
    if measure.kind == K.RESTRUCTURING:
        if measure.annex is None or not annexes_of(measure.loan).filter(pk=measure.annex.pk).exists():
            raise Refused({"annex": _("Choose an annex that is confirmed or signed.")})
        measure.on = measure.annex.valid_from
        return
    if measure.on > today:
        raise Refused({"on": _("This day has not come yet.")})
    begins = measure.loan.called_on or repayments.first_payout(measure.loan)
    if measure.on < begins:
        raise Refused({"on": _("Choose %(day)s or a later day.") % {"day": date_short(begins)}})


def _must_fit(measure):
    """Refuse what does not fit the loan as it is now."""
    check = {
        K.TERMINATION: _must_be_paid_out_whole,
        K.WRITE_OFF: _must_be_the_last,
        K.FORGIVENESS: _must_be_earned,
        K.RESTRUCTURING: _must_have_something_overdue,
    }.get(measure.kind)
    if check:
        check(measure)


def _must_fit_still(measure):
    """The same for who confirms, who has no fields to put right."""
    try:
        _must_fit(measure)
    except Refused as refusal:
        raise Refused(refusal.messages) from refusal


def _must_be_paid_out_whole(measure):
    if measure.loan.committed:
        raise Refused(_("A part of the loan is not paid out. Cancel its tranches first."))


def _must_be_the_last(measure):
    """What came after the day of a write-off would be in neither sum, and what falls due that day is not late yet."""
    loan = measure.loan
    if loan.called_on and measure.on <= loan.called_on:
        words = _("Everything is due from %(day)s. Write off as of a later day.")
        raise Refused(words % {"day": date_short(loan.called_on)})
    paid = loan.payments.filter(reversed_at=None).aggregate(found=Max("value_date"))["found"]
    charged = loan.costs.filter(reversed_at=None).aggregate(found=Max("on"))["found"]
    last = max(filter(None, (paid, charged)), default=None)
    if last and last > measure.on:
        words = _("There is a payment or a cost of %(day)s. Write off as of that day or later.")
        raise Refused(words % {"day": date_short(last)})


def _must_be_earned(measure):
    """Every job promised with the loan is kept, and the amount is within the share."""
    loan, amount = measure.loan, measure.amount
    if missing := loan.jobs.exclude(state=JobState.KEPT).order_by("number"):
        words = _("Nothing is forgiven until every promised job is noted as kept. Not kept: %(jobs)s.")
        said = ", ".join(f"{job.number}. {job.position} ({job.get_state_display()})" for job in missing)
        raise Refused({"kept": words % {"jobs": said}})
    if amount is None or amount <= 0:
        raise Refused({"amount": _("Give the amount.")})
    most = most_forgiven(loan)
    if amount > most:
        share = number(parameters.value(SHARE).normalize() + 0)
        words = _("At most %(most)s can be forgiven: %(share)s%% of what was paid out, less what is forgiven already.")
        raise Refused({"amount": words % {"most": money(most), "share": share}})
    if amount > telling.standing(loan, measure.on).principal:
        raise Refused({"amount": _("On that day less principal was left.")})


def _must_have_something_overdue(measure):
    """The annex is signed and its day has come when the decision is confirmed; before, nothing is known yet."""
    if measure.pk and Annex.objects.get(pk=measure.annex_id).state != AnnexState.SIGNED:
        raise Refused(_("The annex is not signed yet."))
    if measure.on > clock.today():
        return
    told = telling.tell(measure.loan, measure.on)
    # money that waits for a due day which was moved pays what falls due then
    if told.standing.over or not any(told.fallen_due):
        raise Refused(_("Nothing was overdue on the day of the annex, so there is nothing to restructure."))


def _paper(measure, document, *, by):
    """Keep the document; of a termination make the notice, which is its paper."""
    loan = measure.loan
    with override(settings.LANGUAGE_CODE):
        words = {"kind": measure.get_kind_display(), "number": loan.number}
        title = _("Decision on a claim, %(kind)s: %(number)s") % words
    kept = None
    if document is not None:
        kept = papers.keep(loan, by=by, kind=PaperKind.CLAIM, title=title, upload=document, field="document")
    if measure.kind != K.TERMINATION:
        return kept
    told = arrears.owed(loan, pay_by=measure.on)
    letter = arrears_letters.compose(ArrearsLetter.TERMINATION, loan, told, grounds=measure.reasons)
    made = arrears_letters.draw(letter, loan, told, by=by, to_guarantors=True)
    arrears.terminated(loan, told, by=by, paper=made)
    return made


def _lock(measure, action):
    """The fresh row of a decision, its loan locked first."""
    loan = telling.lock(measure.loan)
    row = Measure.objects.select_for_update(of=("self",), no_key=True).get(pk=measure.pk)
    row.loan = loan
    if row.state not in find(MEASURE_MOVES, action).sources:
        raise Stale(what_changed(row))
    return row
