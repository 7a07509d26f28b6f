"""Schedules of loans as they are kept: reckoned from the agreement, its tranches, rates and signed annexes.

The rows up to the day from which an annex is valid stay as they were; those after it are reckoned anew on the balance
that they left, which early repayments have lowered. Whoever calls `rebuild` or `write` holds the row of the loan.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans import schedule, segments
from loans.enums import AnnexState, MeasureKind, MeasureState, PartKind, TrancheState
from loans.models import ScheduleRow, ScheduleVersion

_COLUMNS = ("nr", "nominal_due", "due", "days", "interest", "principal", "deferred", "balance")


@dataclass(frozen=True)
class Period:
    """A rate (a fraction a year) from a day on."""

    valid_from: object
    rate: object


# Reads


def due_days(loan):
    """Nominal due days, as many as the months of the term with what signed annexes added."""
    return schedule.due_days(loan.first_due, loan.months, anchor=loan.due_day)


def current(loan):
    """The version in force, None before the agreement is drawn up."""
    return loan.schedules.filter(current=True).first()


def drawn(loan, *, only_paid=False):
    """((day, amount), …) of the tranches: the paid ones on their day, the others (unless `only_paid`) as planned, none
    before a payout that was; cancelled ones are left out."""
    rows = list(loan.tranches.exclude(state=TrancheState.CANCELLED).order_by("number"))
    rows = [row for row in rows if row.paid_on or not only_paid]
    # one that the bank paid on the last due day or after it is due with it at once: what was paid is always booked
    paid = {row.pk: min(row.paid_on, due_days(loan)[-1] - schedule.DAY) for row in rows if row.paid_on}
    last = max(paid.values(), default=None)
    return tuple(
        (paid.get(row.pk) or (max(row.planned_on, last) if last else row.planned_on), row.amount) for row in rows
    )


def reckon(loan, annex=None, rates=None):
    """The Schedule of the loan, of its signed annexes and of `annex` besides, with what was paid early.

    Raises Refused in words where no schedule follows. See `plan`.
    """
    return plan(loan, annex, rates)(early(loan))


def early(loan):
    """(Prepayment, …) of the loan as they are told now."""
    kinds = [PartKind.EARLY_INTEREST, PartKind.EARLY_PRINCIPAL, PartKind.FORGIVEN]
    found = {}
    rows = loan.allocations.filter(withdrawn=None, kind__in=kinds, nr=None).select_related("payment").order_by("pk")
    for row in rows:
        key = (row.on, row.payment_id, row.measure_id)
        mode = row.payment.mode if row.payment else schedule.SHORTEN
        before = found.get(key) or schedule.Prepayment(row.on, schedule.ZERO, mode, row.kind == PartKind.FORGIVEN)
        found[key] = replace(before, amount=before.amount + row.amount)
    return tuple(found.values())


def plan(
    loan, annex=None, rates=None, amends=None, *, only_paid=False
) -> Callable[[tuple[schedule.Prepayment, ...]], schedule.Schedule]:
    """The loan with its signed annexes and `annex` besides, which may be unsigned, read once: what is returned gives
    the whole Schedule for early repayments and asks the database nothing.

    The due days stay those of the agreement: one that a late first payout has passed falls out, with its grace.
    `rates`: Periods in place of those kept. `amends`: ((day, amount), …) of overdue principal that the annex of that
    day puts into its new schedule, those of the restructurings unless given. `only_paid`: without tranches that are
    not paid out. An early repayment of the day of an annex counts after it, as a due day belongs to
    the next period. A signed annex changes nothing where early repayments left nothing to change.
    Raises Refused in words where no schedule follows, here or when it is asked for; ValueError of amends on a day
    without an annex or below nothing.
    """
    signed = list(loan.annexes.filter(state=AnnexState.SIGNED).order_by("number"))
    annexes = [*signed, *([annex] if annex else [])]
    rates = rates or list(loan.rates.order_by("valid_from"))
    months, draws = loan.decision.months, drawn(loan, only_paid=only_paid)
    if amends is None:
        amends = _amends(loan)
    agreed = _agreed(loan, draws, rates)
    amended = tuple((on, amount) for on, amount in amends if amount)
    if any(amount < 0 for _on, amount in amended) or {on for on, _amount in amended} - {a.valid_from for a in annexes}:
        raise ValueError("what an annex takes over is more than nothing, on the day of an annex")

    @lru_cache(maxsize=64)
    def reckoned(prepayments):
        made, terms, since, term = schedule.Schedule((), amended=amended), agreed, date.min, months
        for one in annexes:
            term += one.months
            kept = _followed(made, _between(terms, prepayments, since, one.valid_from))
            more = sum(amount for on, amount in amended if on == one.valid_from)
            changed = _changed(loan, terms, one, term, before=kept, draws=draws, more=more, unsigned=one is annex)
            if changed:
                made, terms, since = kept, changed, one.valid_from
        return _followed(made, _between(terms, prepayments, since, date.max))

    return reckoned


def _amends(loan):
    taken = loan.measures.filter(kind=MeasureKind.RESTRUCTURING, state=MeasureState.CONFIRMED)
    return tuple(taken.order_by("on").values_list("on", "amount"))


def _agreed(loan, draws, rates):
    if not draws:
        raise Refused(_("No tranche is planned."))
    if not rates:
        raise Refused(_("The loan has no rate yet."))
    start = min(day for day, _amount in draws)
    all_dues = schedule.due_days(loan.first_due, loan.decision.months, anchor=loan.due_day)
    dues = tuple(day for day in all_dues if day > start)
    # as if an annex had made the term longer, where one did: a later tranche may come in that part
    last = due_days(loan)[-1]
    if not dues or max(day for day, _amount in draws) >= last:
        raise Refused(_("A tranche would be paid after the last instalment. Change the agreement first."))
    return schedule.Terms(
        tranches=tuple(one for one in draws if one[0] < dues[-1]),
        dues=dues,
        rates=((None, rates[0].rate), *((row.valid_from, row.rate) for row in rates[1:])),
        method=str(loan.method),
        grace=max(loan.decision.grace - (len(all_dues) - len(dues)), 0),
        day_count=loan.day_count,
        business=schedule.FOLLOWING,
        first_period_start=schedule.due_days(loan.first_due, 2, anchor=loan.due_day, step_months=-1)[1],
    )


def _between(terms, prepayments, since, until):
    """The Schedule of the days from `since` to the one before `until`: rows due by then, with prepayments of then."""
    if since == until:
        return schedule.Schedule(())
    known = tuple(one for one in prepayments if since <= one.on < until)
    built = schedule.build(replace(terms, prepayments=known))
    rows = tuple(row for row in built.rows if row.nominal_due <= until)
    return replace(built, rows=rows, segments=tuple(piece for piece in built.segments if piece.begins < until))


def _followed(made, part):
    return replace(
        made,
        rows=(*made.rows, *_numbered(part.rows, len(made.rows))),
        events=(*made.events, *part.events),
        segments=segments.joined(made.segments, part.segments),
    )


def _changed(loan, terms, annex, months, *, before, draws, more, unsigned):
    """Terms of the rows that follow an annex; None where a signed one finds nothing to change.

    `before`: the Schedule up to its day; `months`: of the whole term; `more`: overdue principal that it takes over.
    """
    cut = annex.valid_from
    all_dues = schedule.due_days(loan.first_due, months, anchor=loan.due_day)
    passed = sum(day <= cut for day in terms.dues)
    ends = before.rows[-1] if before.rows and before.rows[-1].nominal_due == cut else None
    # early repayments may have ended the rows of a signed one before its day
    if not ends and (unsigned or cut not in all_dues):
        raise Refused(_("Choose a day on which an instalment of the schedule falls due."))
    if 0 < passed <= terms.interest_grace:
        raise Refused(_("A payment holiday has begun before this day. Choose a day after it."))
    balance = (ends.balance if ends else schedule.ZERO) + more
    if not balance and unsigned:
        raise Refused(_("Nothing is left to be paid back after this day."))
    dues = tuple(day for day in all_dues if day > cut)
    holiday = terms.interest_grace - min(passed, terms.interest_grace) + annex.holiday
    grace = max(terms.grace - passed, holiday, 0) + annex.grace
    if not dues or grace >= len(dues):
        raise Refused(_("Too few instalments are left after %(day)s for this.") % {"day": date_short(cut)})
    left = [(cut, balance)] if balance else []
    tranches = (*left, *((day, amount) for day, amount in draws if cut <= day < dues[-1]))
    if not tranches:
        return None
    # where all was paid early, the next tranche begins anew; the due days that it has passed fall out with their grace
    start = min(day for day, _amount in tranches)
    late = sum(day <= start for day in dues)
    return replace(
        terms,
        tranches=tranches,
        dues=dues[late:],
        grace=max(grace - late, 0),
        interest_grace=max(holiday - late, 0),
        first_period_start=max(cut, *dues[:late]) if late else cut,
    )


def _numbered(rows, after):
    return tuple(replace(row, nr=nr) for nr, row in enumerate(rows, after + 1))


# Writes


@transaction.atomic
def rebuild(loan, *, by, reason):
    """Reckon the schedule anew and keep it as the current version."""
    return write(loan, reckon(loan), by=by, reason=reason)


@transaction.atomic
def keep(loan, prepayments, *, by, reason):
    """Keep the schedule with what was paid early as the next version, unless the current one says the same already."""
    reckoned, version = plan(loan)(prepayments), current(loan)
    kept = [tuple(row) for row in version.rows.order_by("nr").values_list(*_COLUMNS)] if version else None
    if kept != [tuple(getattr(row, name) for name in _COLUMNS) for row in reckoned.rows]:
        write(loan, reckoned, by=by, reason=reason)


@transaction.atomic
def write(loan, reckoned, *, by, reason, valid_from=None, annex=None):
    """Keep a Schedule as the next version of the loan; the one before stays as it was."""
    number = (loan.schedules.aggregate(found=Max("number"))["found"] or 0) + 1
    loan.schedules.filter(current=True).update(current=False)
    version = ScheduleVersion.objects.create(
        loan=loan,
        number=number,
        reason=reason,
        annex=annex,
        valid_from=valid_from or clock.today(),
        by=by,
        at=clock.now(),
    )
    ScheduleRow.objects.bulk_create(
        ScheduleRow(version=version, **{name: getattr(row, name) for name in _COLUMNS}) for row in reckoned.rows
    )
    return version
