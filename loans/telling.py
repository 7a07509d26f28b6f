"""A loan told from its events: what is owed, what every payment paid, and what the ledger has to say of it.

Nothing is carried from one telling to the next. Payouts, payments, costs, annexes and decisions are told from the
first day on (`replay`); where that differs from what the ledger says of the loan, the difference is posted today, so a
payment that comes to light late changes no closed month. Whoever writes holds the row of the loan.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock
from centrum.kit.transitions import Refused, move
from loans import ledger, replay, schedules, segments
from loans.enums import (
    AFTER_PAYOUT,
    CALLED,
    OWING,
    EntryEvent,
    LoanState,
    MeasureKind,
    MeasureState,
    NbpKind,
    PartKind,
    ScheduleReason,
    TellingReason,
)
from loans.models import Accrual, AccrualPiece, Allocation, Line, Loan, NbpRate, Telling
from loans.schedule import DAY, REDUCE, ZERO

_ACCOUNT = {
    PartKind.COSTS: ledger.COSTS,
    PartKind.PENALTY: ledger.PENALTY,
    PartKind.INTEREST: ledger.INTEREST,
    PartKind.EARLY_INTEREST: ledger.INTEREST,
    PartKind.RESTRUCTURED: ledger.RESTRUCTURED,
    PartKind.OVER: ledger.OVERPAID,
    PartKind.RECOVERED: ledger.LOST,
    PartKind.RECOVERED_REST: ledger.LOST_REST,
}
_INTEREST = (PartKind.INTEREST, PartKind.EARLY_INTEREST, PartKind.RESTRUCTURED)  # interest of the agreement
_BACK = (PartKind.PRINCIPAL, PartKind.EARLY_PRINCIPAL, PartKind.FORGIVEN)  # what lowers the principal
_SCHEDULE_REASON = {TellingReason.PAYOUT: ScheduleReason.PAYOUT, TellingReason.MEASURE: ScheduleReason.DECISION}
_MORE_THAN_ALL = Decimal(10) ** 11


@dataclass(frozen=True)
class Told:
    """What a telling found: the standing on its day, all parts, the plan with its early repayments, and the pieces in
    which interest accrues; `fallen_due`: (principal, interest) not paid of what was nominally due up to then."""

    standing: replay.Standing
    parts: tuple
    plan: object
    prepayments: tuple
    pieces: tuple
    fallen_due: tuple

    def sum(self, *kinds):
        return sum((part.amount for part in self.parts if part.kind in kinds), ZERO)


# Reads


def standing(loan, on=None):
    """The Standing of a loan at the end of a day (today), all that is known now taken as known."""
    return tell(loan, on or clock.today()).standing


def payoff(loan, on):
    """What ends the loan if it is paid on a day: {kind: PLN}, arrears with it; nothing where nothing was lent."""
    told = tell(loan, on, more=(replay.Payment(on, _MORE_THAN_ALL, "payoff", REDUCE),))
    found = Counter()
    for part in told.parts:
        if part.key == "payoff" and part.kind != PartKind.OVER:
            found[part.kind] += part.amount
    return dict(found)


def tell(loan, until, *, more=(), without=None):
    """Tell a loan up to the end of a day, with `more` Payments and `without` one of those kept. Returns the Told.

    Raises Refused where a rate is missing.
    """
    measures = list(loan.measures.filter(state=MeasureState.CONFIRMED).order_by("on", "pk"))
    lost = next((one for one in measures if one.kind == MeasureKind.WRITE_OFF), None)
    kept = [one for one in loan.payments.filter(reversed_at=None).order_by("value_date", "pk") if one != without]
    recovered = [one for one in kept if lost and one.at > lost.confirmed_at]
    payments = [replay.Payment(one.value_date, one.amount, one.pk, one.mode) for one in kept if one not in recovered]
    costs = [replay.Cost(one.on, one.amount) for one in loan.costs.filter(reversed_at=None).order_by("on", "pk")]
    changes = [change for one in measures if (change := _change(one))]
    teller = replay.Replay(schedules.plan(loan, only_paid=True), _references())
    try:
        found = teller.tell([*payments, *(() if lost else more)], costs, lost.on if lost else until, changes=changes)
    except LookupError as error:
        words = _("Enter and confirm the NBP reference rates first: interest for delay can't be reckoned without them.")
        raise Refused(words) from error
    except ValueError as error:
        words = _("A forgiveness or a restructuring after this day would not fit the loan any more.")
        raise Refused(words) from error
    parts = list(teller.parts)
    if lost:
        paid = [replay.Payment(one.value_date, one.amount, one.pk) for one in recovered]
        parts += _recovered(lost, [*paid, *more])
        over = sum((part.amount for part in parts if part.kind == PartKind.OVER), ZERO)
        found = replace(found, on=until, over=max(over, ZERO))
    pieces = segments.until(teller.plan_now.segments, loan.called_on)
    return Told(found, tuple(parts), teller.plan_now, teller.prepayments, pieces, teller.fallen_due(until))


def _change(measure):
    """What a decision changes in the telling."""
    if measure.kind == MeasureKind.TERMINATION:
        return replay.Called(measure.on)
    if measure.kind == MeasureKind.FORGIVENESS:
        return replay.Forgiven(measure.on, measure.amount, key=measure)
    if measure.kind == MeasureKind.RESTRUCTURING:
        return replay.Restructured(measure.on)
    return None


def _recovered(lost, payments):
    """Parts of what came in after the write-off: principal first, then the rest; more than the claim is over."""
    left = {PartKind.RECOVERED: lost.amount, PartKind.RECOVERED_REST: lost.rest, PartKind.OVER: _MORE_THAN_ALL}
    parts = []
    for payment in payments:
        rest = payment.amount
        if rest < 0:  # sent back
            parts.append(replay.Part(payment.on, payment.key, PartKind.OVER, None, rest))
            continue
        for kind, most in left.items():
            part = min(rest, most)
            left[kind] -= part
            rest -= part
            if part:
                parts.append(replay.Part(payment.on, payment.key, kind, None, part))
    return parts


def _references():
    rows = NbpRate.objects.filter(kind=NbpKind.REFERENCE).exclude(confirmed_by=None).order_by("valid_from")
    return tuple(rows.values_list("valid_from", "rate"))


# Writes


def lock(loan):
    """The loan, its row held until the end of the transaction; everything that is told of it waits here.

    The month of today is opened before the interest posted of the loan is held, as the nightly run does.
    """
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("fund", "product", "organisation", "decision").get(pk=loan.pk)
    ledger.open_month(row.fund, clock.today())
    return row


@transaction.atomic
def again(loan, *, by, reason, on=None):
    """Tell the loan of today (or the day `on` before) anew and keep and post what changed. Returns the Telling."""
    loan = lock(loan)
    if on and (later := loan.tellings.filter(current=True, on__gt=on).first()):
        return later  # what happened since is told already
    told = tell(loan, on or clock.today())
    begin(loan, told)
    posting = difference(loan, told, on=on)
    entry = ledger.post_together(loan.fund, [posting], by=by)[0] if posting else None
    return keep(loan, told, by=by, reason=reason, entry=entry)


def begin(loan, told):
    """A loan that turns out not to be repaid is open again before anything is posted to it."""
    if loan.state == LoanState.REPAID and loan.paid_out - told.sum(*_BACK) != loan.outstanding:
        _reopen(loan)


def difference(loan, told, *, lines=(), on=None):
    """The Posting of what the ledger has otherwise than is told, apart from `lines`, which an entry of their own posts;
    None where nothing differs. The interest posted of the loan is what is told from now on."""
    accrual = _accrual(loan)
    accrued = segments.accrued(told.pieces, accrual.to) if accrual.to else ZERO
    # what is paid is income, also before its night and of who is so late that nothing is posted by days any more
    accrued = max(accrued, told.sum(*_INTEREST) + told.standing.restructured)
    wanted = Counter(_wanted(loan, told, accrued))
    has = Line.objects.filter(loan=loan).order_by().values_list("account__code").annotate(Sum("amount"))
    for code, amount in (*has, *lines):
        if code in wanted:
            wanted[code] -= amount
    wanted[ledger.INTEREST_INCOME] = accrual.amount - accrued
    differs = [(code, amount) for code, amount in sorted(wanted.items()) if amount]
    if accrual.amount != accrued:
        accrual.amount = accrued
        accrual.save(update_fields=["amount"])
    return _posting(loan, differs, value_date=told.standing.on, on=on) if differs else None


def _posting(loan, lines, *, value_date, on=None):
    return ledger.Posting(
        event=EntryEvent.RETELLING,
        key=f"told-{loan.number}-{_next_number(loan)}",
        lines=lines,
        text=gettext_lazy("Loan %(loan)s reckoned anew"),
        said={"loan": loan.number},
        value_date=value_date,
        document=loan.number,
        loan=loan,
        on=on,
    )


def lines_of(loan, told, key):
    """Lines [(account, amount)] of what the payment with `key` pays, one an account."""
    found = Counter()
    for part in told.parts:
        if part.key == key and part.key is not None:
            found[account_of(loan, part.kind)] -= part.amount
            if part.kind in (PartKind.RECOVERED, PartKind.RECOVERED_REST):
                found[ledger.CLAIM] -= part.amount
                found[ledger.CLAIM_CONTRA] += part.amount
    return [(code, amount) for code, amount in sorted(found.items()) if amount]


def account_of(loan, kind):
    """The code of the account on which a part of a payment goes."""
    return _ACCOUNT.get(kind) or (ledger.IN_RECOVERY if loan.state in CALLED else ledger.PRINCIPAL)


def _wanted(loan, told, accrued):
    """{code: balance} that the ledger should have of the loan."""
    standing = told.standing
    penalty = told.sum(PartKind.PENALTY) + standing.penalty
    costs = sum((one.amount for one in loan.costs.filter(reversed_at=None)), ZERO)
    rows = {
        code: ZERO
        for code in (
            ledger.PRINCIPAL,
            ledger.IN_RECOVERY,
            ledger.INTEREST,
            ledger.PENALTY,
            ledger.COSTS,
            ledger.RESTRUCTURED,
            ledger.LOST,
            ledger.LOST_REST,
            ledger.CLAIM,
            ledger.CLAIM_CONTRA,
        )
    }
    rows[ledger.OVERPAID] = -told.sum(PartKind.OVER)
    rows[ledger.PENALTY_INCOME] = -penalty
    rows[ledger.OTHER_INCOME] = -costs
    rows[ledger.FORGIVEN] = told.sum(PartKind.FORGIVEN)
    lost = loan.measures.filter(kind=MeasureKind.WRITE_OFF, state=MeasureState.CONFIRMED).first()
    if lost:
        rows[ledger.LOST] = lost.amount - told.sum(PartKind.RECOVERED)
        rows[ledger.LOST_REST] = lost.rest - told.sum(PartKind.RECOVERED_REST)
        rows[ledger.CLAIM] = rows[ledger.LOST] + rows[ledger.LOST_REST]
        rows[ledger.CLAIM_CONTRA] = -rows[ledger.CLAIM]
        return rows
    rows[account_of(loan, PartKind.PRINCIPAL)] = loan.paid_out - told.sum(*_BACK)
    rows[ledger.PENALTY] = standing.penalty
    rows[ledger.COSTS] = costs - told.sum(PartKind.COSTS)
    rows[ledger.RESTRUCTURED] = standing.restructured
    rows[ledger.INTEREST] = accrued - told.sum(*_INTEREST) - standing.restructured
    return rows


def keep(loan, told, *, by, reason, entry=None, new=None):
    """Keep what was told: the Telling, what of the allocations changed, the pieces, a new schedule where early
    repayments changed it, and the loan's state. `new`: {key of a payment in the telling: the Payment it became}."""
    standing = told.standing
    number = _next_number(loan)
    loan.tellings.filter(current=True).update(current=False)
    telling = Telling.objects.create(
        loan=loan,
        number=number,
        on=standing.on,
        reason=reason,
        costs=standing.costs,
        penalty=standing.penalty,
        overdue_interest=standing.overdue_interest,
        overdue_principal=standing.overdue_principal,
        restructured=standing.restructured,
        over=max(told.sum(PartKind.OVER), ZERO),
        principal=standing.principal,
        unpaid_due=standing.unpaid_due,
        next_due=standing.next_due,
        next_total=standing.next_total if standing.next_due else None,
        again_on=_again_on(standing),
        entry=entry,
        by=by,
        at=clock.now(),
    )
    _keep_parts(loan, told, telling, new or {})
    _keep_plan(loan, told, by=by, reason=reason)
    _keep_state(loan, standing)
    return telling


def forget(loan, *, by):
    """Of a loan whose only payout was none, and of which nothing is paid or charged, nothing is owed any more: interest
    and interest for delay are taken back, and a last Telling says so."""
    accrual, today = _accrual(loan), clock.today()
    lines = [(ledger.INTEREST, -accrual.amount), (ledger.INTEREST_INCOME, accrual.amount)]
    penalty = Line.objects.filter(loan=loan, account__code=ledger.PENALTY).aggregate(found=Sum("amount"))["found"]
    lines += [(ledger.PENALTY, -(penalty or ZERO)), (ledger.PENALTY_INCOME, penalty or ZERO)]
    lines = [(code, amount) for code, amount in lines if amount]
    number, entry = _next_number(loan), None
    if lines:
        (entry,) = ledger.post_together(loan.fund, [_posting(loan, lines, value_date=today)], by=by)
    loan.tellings.filter(current=True).update(current=False)
    nothing = ("costs", "penalty", "overdue_interest", "overdue_principal", "restructured", "over", "principal")
    Telling.objects.create(
        loan=loan,
        number=number,
        on=today,
        reason=TellingReason.PAYOUT,
        current=False,
        entry=entry,
        by=by,
        at=clock.now(),
        **dict.fromkeys(nothing, ZERO),
    )
    loan.pieces.all().delete()
    accrual.amount, accrual.plan = ZERO, ""
    accrual.save(update_fields=["amount", "plan"])


def _again_on(standing):
    if standing.next_due is None:
        return None
    if standing.over and standing.next_due > standing.on:
        return standing.next_due
    return standing.next_due + DAY


def _keep_parts(loan, told, telling, new):
    """Withdraw the parts that are told no more and add those that are told now."""
    now = Counter()
    order = []
    for part in told.parts:
        measure = part.key.pk if hasattr(part.key, "pk") else None
        payment = None if measure or part.key is None else getattr(new.get(part.key), "pk", part.key)
        one = (payment, measure, part.on, str(part.kind), part.nr, part.amount)
        now[one] += 1
        order.append(one)
    gone = []
    columns = ("payment_id", "measure_id", "on", "kind", "nr", "amount")
    for pk, *row in loan.allocations.filter(withdrawn=None).order_by("pk").values_list("pk", *columns):
        one = tuple(row)
        if now[one]:
            now[one] -= 1
            order.remove(one)
        else:
            gone.append(pk)
    if gone:
        Allocation.objects.filter(pk__in=gone).update(withdrawn=telling)
    Allocation.objects.bulk_create(
        Allocation(loan=loan, told=telling, **dict(zip(columns, one, strict=True))) for one in order
    )


def _keep_plan(loan, told, *, by, reason):
    accrual = _accrual(loan)
    plan = hashlib.sha256(repr((told.pieces, told.prepayments)).encode()).hexdigest()
    if plan == accrual.plan:
        return
    loan.pieces.all().delete()
    AccrualPiece.objects.bulk_create(
        AccrualPiece(
            loan=loan,
            begins=piece.begins,
            ends=piece.ends,
            base=piece.base,
            before=piece.before,
            daily=piece.daily,
            denominator=piece.denominator,
        )
        for piece in told.pieces
    )
    accrual.plan = plan
    accrual.save(update_fields=["plan"])
    # what is not paid out yet is in the schedule as it is planned
    schedules.keep(loan, told.prepayments, by=by, reason=_SCHEDULE_REASON.get(reason, ScheduleReason.EARLY))


def _keep_state(loan, standing):
    fresh = Loan.objects.only("state", "committed", "outstanding", "called_on").get(pk=loan.pk)
    nothing_left = not (fresh.committed or fresh.outstanding or standing.arrears or standing.restructured)
    if fresh.state in OWING and nothing_left:
        move(fresh, "repay", by=None)
    elif fresh.state == LoanState.REPAID and not nothing_left:
        _reopen(fresh)


def _reopen(loan):
    moved = move(loan, "reopen_called" if loan.called_on else "reopen", by=None)
    loan.state = moved.state


def _accrual(loan):
    """The interest posted of the loan, held until the end of the transaction."""
    held = Accrual.objects.select_for_update(of=("self",)).filter(loan=loan)
    return held.first() or Accrual.objects.create(loan=loan)


def _next_number(loan):
    return (loan.tellings.aggregate(found=Max("number"))["found"] or 0) + 1


def must_be_paid_out(loan):
    """Refuse a loan of which nothing was paid out."""
    if loan.state not in AFTER_PAYOUT:
        raise Refused(_("Nothing of this loan is paid out, so nothing can be paid back."))
