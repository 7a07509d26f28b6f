"""Schedules of loans as they are kept: reckoned from the agreement, its tranches, rates and signed annexes.

The rows up to the day from which an annex is valid stay as they were; those after it are reckoned anew on the balance
that they left. Whoever calls `rebuild` or `write` holds the row of the loan.
"""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans import schedule
from loans.enums import AnnexState, TrancheState
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


def drawn(loan):
    """((day, amount), …) of the tranches: the paid ones on their day, the others as planned, none before a payout
    that was; cancelled ones are left out."""
    rows = list(loan.tranches.exclude(state=TrancheState.CANCELLED).order_by("number"))
    # one that the bank paid on the last due day or after it is due with it at once: what was paid is always booked
    paid = {row.pk: min(row.paid_on, due_days(loan)[-1] - schedule.DAY) for row in rows if row.paid_on}
    last = max(paid.values(), default=None)
    return tuple(
        (paid.get(row.pk) or (max(row.planned_on, last) if last else row.planned_on), row.amount) for row in rows
    )


def reckon(loan, annex=None, rates=None):
    """The Schedule of the loan, of its signed annexes and of `annex` besides, which may be unsigned.

    The due days stay those of the agreement: one that a late first payout has passed falls out, with its grace.
    `rates`: Periods in place of those kept.
    Raises Refused in words where no schedule follows.
    """
    signed = list(loan.annexes.filter(state=AnnexState.SIGNED).order_by("number"))
    rates = rates or list(loan.rates.order_by("valid_from"))
    months, kept = loan.decision.months, ()
    terms = _agreed(loan, rates, months)
    for one in (*signed, *([annex] if annex else [])):
        months += one.months
        more, terms = _changed(loan, terms, one, months, before=kept)
        kept += more
    rest = schedule.build(terms).rows
    return schedule.Schedule((*kept, *_numbered(rest, len(kept))))


def _agreed(loan, rates, months):
    tranches = drawn(loan)
    if not tranches:
        raise Refused(_("No tranche is planned."))
    if not rates:
        raise Refused(_("The loan has no rate yet."))
    start = min(day for day, _amount in tranches)
    all_dues = schedule.due_days(loan.first_due, months, anchor=loan.due_day)
    dues = tuple(day for day in all_dues if day > start)
    # as if an annex had made the term longer, where one did: a later tranche may come in that part
    last = due_days(loan)[-1]
    if not dues or max(day for day, _amount in tranches) >= last:
        raise Refused(_("A tranche would be paid after the last instalment. Change the agreement first."))
    return schedule.Terms(
        tranches=tuple(one for one in tranches if one[0] < dues[-1]),
        dues=dues,
        rates=((None, rates[0].rate), *((row.valid_from, row.rate) for row in rates[1:])),
        method=str(loan.method),
        grace=max(loan.decision.grace - (len(all_dues) - len(dues)), 0),
        day_count=loan.day_count,
        business=schedule.FOLLOWING,
        first_period_start=schedule.due_days(loan.first_due, 2, anchor=loan.due_day, step_months=-1)[1],
    )


def _changed(loan, terms, annex, months, *, before):
    """(rows that an annex leaves as they are, numbered after `before`, Terms of those after them)."""
    cut = annex.valid_from
    passed = sum(day <= cut for day in terms.dues)
    rows = _numbered([row for row in schedule.build(terms).rows if row.nominal_due <= cut], len(before))
    last = (*before, *rows)[-1:]
    if not last or last[0].nominal_due != cut:
        raise Refused(_("Choose a day on which an instalment of the schedule falls due."))
    if 0 < passed <= terms.interest_grace:
        raise Refused(_("A payment holiday has begun before this day. Choose a day after it."))
    balance = last[0].balance
    if not balance:
        raise Refused(_("Nothing is left to be paid back after this day."))
    dues = tuple(day for day in schedule.due_days(loan.first_due, months, anchor=loan.due_day) if day > cut)
    holiday = terms.interest_grace - min(passed, terms.interest_grace) + annex.holiday
    grace = max(terms.grace - passed, holiday, 0) + annex.grace
    if not dues or grace >= len(dues):
        raise Refused(_("Too few instalments are left after %(day)s for this.") % {"day": date_short(cut)})
    return rows, replace(
        terms,
        tranches=((cut, balance), *((day, amount) for day, amount in drawn(loan) if cut <= day < dues[-1])),
        dues=dues,
        grace=grace,
        interest_grace=holiday,
        first_period_start=cut,
    )


def _numbered(rows, after):
    return tuple(replace(row, nr=nr) for nr, row in enumerate(rows, after + 1))


# Writes


@transaction.atomic
def rebuild(loan, *, by, reason):
    """Reckon the schedule anew and keep it as the current version."""
    return write(loan, reckon(loan), by=by, reason=reason)


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
