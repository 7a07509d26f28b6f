"""Annexes of a loan in payment: prepared by one person, confirmed by another, signed; then the schedule is a new one.

Services lock the loan before the annex. They raise Refused in words for the user, Stale when somebody was quicker,
PermissionDenied.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import papers, schedule, schedules, telling
from loans.deminimis import register, room
from loans.enums import ANNEX_MOVES, AnnexState, LoanState, PaperKind, ScheduleReason, TellingReason
from loans.models import Annex, LoanRate
from loans.models.loans import Loan

LONGEST = 360  # months of a loan


# Reads


@dataclass(frozen=True)
class Effect:
    """What an annex does: the rows of both schedules and what they cost in interest, in PLN."""

    old: list
    new: list
    old_interest: Decimal
    new_interest: Decimal

    @property
    def difference(self):
        return self.new_interest - self.old_interest


def effect(annex):
    """The Effect of an annex: reckoned until it is signed, as it was kept afterwards. None of one that was dropped."""
    if annex.state == AnnexState.DROPPED:
        return None
    loan = annex.loan
    if annex.state == AnnexState.SIGNED:
        made = annex.schedule
        old = list(loan.schedules.get(number=made.number - 1).rows.order_by("nr"))
        new = list(made.rows.order_by("nr"))
    else:
        old = list(schedules.current(loan).rows.order_by("nr"))
        new = list(schedules.reckon(loan, annex, _rates_with(loan, annex)).rows)
    return Effect(old, new, _interest(old), _interest(new))


def _interest(rows):
    return sum((row.interest + row.deferred for row in rows), Decimal(0))


def first_days(loan, on=None):
    """Due days of the current schedule from which an annex of a day (today) may begin: the last that had come by then,
    and those to come."""
    on = on or clock.today()
    version = schedules.current(loan)
    rows = list(version.rows.order_by("nr").values_list("nominal_due", flat=True)) if version else []
    passed = [day for day in rows if day <= on]
    begun = loan.annexes.filter(state=AnnexState.SIGNED).aggregate(last=Max("valid_from"))["last"]
    return [day for day in rows[:-1] if (not passed or day >= passed[-1]) and (begun is None or day >= begun)]


def with_versions(loan):
    return loan.annexes.select_related("prepared_by", "confirmed_by").order_by("-number")


# Services


@transaction.atomic
def prepare(loan, *, by, valid_from, reasons, grace=0, holiday=0, months=0, rate=None, rate_months=None):
    """Write an annex down for somebody else to confirm. The schedule that it would make is reckoned first."""
    require(by, Right.KEEP_LOANS)
    row = _lock_active(loan)
    annex = Annex(
        loan=row,
        number=(row.annexes.aggregate(found=Max("number"))["found"] or 0) + 1,
        valid_from=valid_from,
        grace=grace,
        holiday=holiday,
        months=months,
        rate=rate,
        rate_months=rate_months,
        reasons=reasons,
        prepared_by=by,
        prepared_at=clock.now(),
    )
    _must_change(annex)
    _must_follow(annex)
    return saving.save(annex)


@transaction.atomic
def confirm(annex, *, by):
    """Confirm an annex that somebody else prepared; its paper is made with both schedules."""
    require(by, Right.DECIDE_LOANS)
    row = _lock(annex, "confirm")
    if row.prepared_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm the annex than who prepared it."))
    _must_follow_still(row)
    row = move(row, "confirm", by=by, changes={"confirmed_by": by, "confirmed_at": clock.now()})
    found = effect(row)
    papers.draw_annex(row, by=by, old=found.old, new=found.new)
    return row


@transaction.atomic
def sign(annex, *, by, signed_on, file=None):
    """Note that both sides signed the annex: a new version of the schedule, the rate, and the de minimis aid of better
    terms follow from it."""
    require(by, Right.KEEP_LOANS)
    row = _lock(annex, "sign")
    loan = row.loan
    if signed_on > clock.today():
        raise Refused({"signed_on": _("This day has not come yet.")})
    if signed_on < clock.local(row.confirmed_at).date():
        raise Refused({"signed_on": _("An annex is signed no earlier than it was confirmed.")})
    _must_follow_still(row, signed_on)
    paper = row.papers.filter(kind=PaperKind.ANNEX).latest("pk")
    if schedules.current(loan).at > paper.at:
        raise Refused(_("The schedule has changed since the paper was made. Drop the annex and prepare it anew."))
    periods = _rates_with(loan, row)
    reckoned = schedules.reckon(loan, row, periods)
    _change_rates(loan, row)
    row = move(row, "sign", by=by, changes={"signed_on": signed_on})
    if row.months or row.grace:
        loan.months, loan.grace = loan.months + row.months, loan.grace + row.grace
        loan.save(update_fields=["months", "grace"])
    schedules.write(loan, reckoned, by=by, reason=ScheduleReason.ANNEX, valid_from=row.valid_from, annex=row)
    room.lock(loan.organisation, signed_on)  # before the fund, as whoever approves does
    telling.again(loan, by=by, reason=TellingReason.ANNEX)
    found = effect(row)
    register.grant_of_annex(row, old=found.old, new=found.new, by=by, on=signed_on)
    if file:
        title = _("Signed annex %(annex)d to agreement %(number)s") % {"annex": row.number, "number": loan.number}
        papers.keep(loan, by=by, kind=PaperKind.SIGNED, title=title, upload=file, annex=row)
    return row


@transaction.atomic
def drop(annex, *, by, reason):
    return move(_lock(annex, "drop"), "drop", by=by, reason=reason)


def _must_change(annex):
    if not (annex.grace or annex.holiday or annex.months or annex.rate is not None):
        raise Refused(_("An annex changes at least one thing."))
    if min(annex.grace, annex.holiday, annex.months, annex.rate_months or 0) < 0:
        raise Refused(_("Months are not negative."))
    if annex.rate is not None and not 0 <= annex.rate < 1:
        raise Refused({"rate": _("Give from 0 to less than 100 per cent.")})
    if annex.rate is None and annex.rate_months:
        raise Refused({"rate": _("Give the rate for these months.")})
    if annex.loan.months + annex.months > LONGEST:
        raise Refused({"months": _("A loan lasts at most %(months)d months.") % {"months": LONGEST}})


def _must_follow(annex, on=None):
    """Refuse unless a schedule follows from the annex on a day (today)."""
    loan = annex.loan
    if annex.valid_from not in first_days(loan, on):
        words = _("Choose a day of an instalment that is not followed by another one due already, nor the last one.")
        raise Refused({"valid_from": words})
    if annex.rate is not None and loan.rates.filter(valid_from__gte=annex.valid_from).exists():
        raise Refused({"valid_from": _("The rate changes on this day or after it already. Choose a later day.")})
    schedules.reckon(loan, annex, _rates_with(loan, annex))


def _must_follow_still(annex, on=None):
    """The same for who confirms or signs, who can't choose another day."""
    try:
        _must_follow(annex, on)
    except Refused as refusal:
        words = _("The annex does not fit the schedule any more. Drop it and prepare it anew.")
        raise Refused([words, *refusal.messages]) from refusal


def _ends(annex):
    """The due day on which the rate of an annex ends, None where it holds for good."""
    if not annex.rate_months:
        return None
    first, count = annex.valid_from.replace(day=1), annex.rate_months + 1
    return schedule.due_days(first, count, anchor=annex.loan.due_day)[-1]


def _rates_with(loan, annex):
    """Periods of the rate as they would be with the annex; its rate is the last that begins."""
    kept = [schedules.Period(row.valid_from, row.rate) for row in loan.rates.order_by("valid_from")]
    if annex.rate is None:
        return kept
    ends = _ends(annex)
    then = [schedules.Period(ends, kept[-1].rate)] if ends else []
    return [*kept, schedules.Period(annex.valid_from, annex.rate), *then]


def _change_rates(loan, annex):
    if annex.rate is None:
        return
    before, ends = loan.rates.latest("valid_from"), _ends(annex)
    before.valid_to = annex.valid_from
    saving.save(before)
    saving.save(LoanRate(loan=loan, rate=annex.rate, annex=annex, valid_from=annex.valid_from, valid_to=ends))
    if ends:
        saving.save(LoanRate(loan=loan, rate=before.rate, nbp_rate=before.nbp_rate, annex=annex, valid_from=ends))


def _lock_active(loan):
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("product", "organisation", "decision").get(pk=loan.pk)
    if row.state != LoanState.ACTIVE:
        words = _("Only a loan that was paid out is changed by an annex; this one is “%(state)s”.")
        raise Refused(words % {"state": row.get_state_display()})
    return row


def _lock(annex, action):
    """The fresh row of an annex, its loan locked first."""
    loan = _lock_active(annex.loan)
    row = Annex.objects.select_for_update(of=("self",), no_key=True).get(pk=annex.pk)
    row.loan = loan
    if row.state not in find(ANNEX_MOVES, action).sources:
        raise Stale(what_changed(row))
    return row
