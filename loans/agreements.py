"""The agreement of a loan: drawn up with its schedule and paper, signed, or let lapse.

Services lock the loan before anything else of it. They raise Refused in words for the user, Stale when somebody was
quicker, PermissionDenied.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, money, percent
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import jobs, ledger, papers, rates, schedule, schedules, securities
from loans.deminimis import register
from loans.enums import LOAN_MOVES, EntryEvent, LoanState, PaperKind, ScheduleReason, TrancheState
from loans.models import Loan, LoanRate, Tranche

LATEST_FIRST = 2  # months from the first tranche until the first instalment, at most
SIGN_SOON = datetime.timedelta(days=14)
MOST_TRANCHES = 4


# Reads


@dataclass(frozen=True)
class Standing:
    """How the agreement of a loan stands: what `warning` to show (kind of note, words), and its rate."""

    warning: tuple | None
    rate: LoanRate | None
    source: str


def standing(loan):
    rate = loan.rates.select_related("nbp_rate").order_by("valid_from").first()
    return Standing(_warning(loan), rate, papers.rate_source(loan, rate) if rate else "")


def _warning(loan):
    if loan.state not in (LoanState.APPROVED, LoanState.DRAWN):
        return None
    left, day = loan.sign_by - clock.today(), date_short(loan.sign_by)
    if left < datetime.timedelta(0):
        return "bad", _("The agreement was to be signed by %(day)s. Let the loan lapse.") % {"day": day}
    if left <= SIGN_SOON:
        return "wait", _("The agreement has to be signed by %(day)s.") % {"day": day}
    return None


def lock(loan):
    """The fresh row of a loan, locked."""
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product", "organisation", "fund", "decision__review__application").get(pk=loan.pk)


def first_instalment(day, due_day):
    """The first day on which an instalment may fall due after money that comes on `day`: a month later or more."""
    later = clock.months_later(day, 1)
    (same,) = schedule.due_days(later.replace(day=1), 1, anchor=due_day)
    return same if same >= later else schedule.due_days(later.replace(day=1), 2, anchor=due_day)[1]


def rate_on(loan, day):
    """(yearly rate, NbpRate or None) of an agreement of a day. Refused where it is missing or was not looked at."""
    kind = loan.product.nbp
    if kind and rates.standing(kind).is_old:
        raise Refused(_("Nobody has looked for long whether the rate of the NBP still holds. Check the rate first."))
    return rates.rate_of(loan.product, day, new_job=loan.new_job), rates.nbp_row(kind, day) if kind else None


# Services


@transaction.atomic
def draw(loan, *, by, due_day, first_due, drawn_on=None, tranches=None):
    """Draw up the agreement of a day (today): its rate, tranches [(amount, day)], schedule and paper.

    One tranche of the whole amount on that day unless given. Once more before the signing: a new version and a new
    paper, the earlier ones stay.
    """
    require(by, Right.KEEP_LOANS)
    row = lock(loan)
    if row.state not in find(LOAN_MOVES, "draw").sources:
        raise Stale(what_changed(row))
    day = drawn_on or clock.today()
    plan = sorted(tranches or [(row.amount, day)], key=lambda one: one[1])
    _must_be_days(row, day, due_day, first_due)
    _must_fit(row, day, plan, due_day, first_due)
    rate, nbp_row = rate_on(row, day)
    row = move(row, "draw", by=by, changes={"drawn_on": day, "due_day": due_day, "first_due": first_due})
    _plan_tranches(row, plan, by)
    # a rate of an agreement that nobody signed never counted
    row.rates.all().delete()
    saving.save(LoanRate(loan=row, rate=rate, nbp_rate=nbp_row, valid_from=day))
    row = lock(row)
    reckoned = schedules.reckon(row)
    schedules.write(row, reckoned, by=by, reason=ScheduleReason.AGREEMENT, valid_from=day)
    papers.draw_agreement(row, by=by)
    return row


def _must_be_days(row, day, due_day, first_due):
    if day < clock.today():
        raise Refused({"drawn_on": _("This day is over. Draw the agreement up for today or a later day.")})
    if day > row.sign_by:
        words = _("The agreement has to be signed by %(day)s.") % {"day": date_short(row.sign_by)}
        raise Refused({"drawn_on": words})
    if not 1 <= due_day <= 31:
        raise Refused({"due_day": _("Choose a day from 1 to 31.")})
    (nominal,) = schedule.due_days(first_due.replace(day=1), 1, anchor=due_day)
    if nominal != first_due:
        words = _("The first instalment falls on day %(due_day)d of its month: %(day)s.")
        raise Refused({"first_due": words % {"due_day": due_day, "day": date_short(nominal)}})


def _must_fit(row, day, plan, due_day, first_due):
    if any(amount <= 0 for amount, _day in plan):
        raise Refused(_("A tranche is more than nothing."))
    planned = sum((amount for amount, _day in plan), Decimal(0))
    if planned != row.amount:
        words = _("The tranches add up to %(sum)s and the loan is %(amount)s.")
        raise Refused(words % {"sum": money(planned), "amount": money(row.amount)})
    if plan[0][1] < day:
        raise Refused(_("Nothing is paid out before the day of the agreement."))
    if not plan[0][1] < first_due <= clock.months_later(plan[0][1], LATEST_FIRST):
        words = _("The first instalment comes after the first tranche, at most %(months)d months later.")
        raise Refused({"first_due": words % {"months": LATEST_FIRST}})
    last = schedule.due_days(first_due, row.months, anchor=due_day)[-1]
    if plan[-1][1] >= last:
        words = _("The last tranche comes before the last instalment, %(day)s.")
        raise Refused(words % {"day": date_short(last)})


def _plan_tranches(row, plan, by):
    """The tranches of `plan` as rows: those of an earlier drawing are changed, what is too much is cancelled."""
    open_rows = list(row.tranches.exclude(state=TrancheState.CANCELLED).order_by("number"))
    if any(one.state != TrancheState.REQUESTED for one in open_rows):
        raise Refused(_("A tranche is on its way to the payout. Send it back first."))
    number = row.tranches.count()
    for place, (amount, day) in enumerate(plan):
        if place < len(open_rows):
            open_rows[place].amount, open_rows[place].planned_on = amount, day
            saving.save(open_rows[place])
        else:
            number += 1
            saving.save(Tranche(loan=row, number=number, amount=amount, planned_on=day))
    for one in open_rows[len(plan) :]:
        move(one, "cancel", by=by, reason=_("The agreement was drawn up anew."))


@transaction.atomic
def sign(loan, *, by, signed_on, file=None):
    """Note that both sides have signed on a day, with a scan of it. The rate has to be that of this day.

    The jobs that the application plans are promised from now on, and the de minimis aid of the loan is granted. With
    every security established already the loan is ready for payout at once.
    """
    require(by, Right.KEEP_LOANS)
    row = lock(loan)
    if row.state not in find(LOAN_MOVES, "sign").sources:
        raise Stale(what_changed(row))
    _must_be_signed_then(row, signed_on)
    row = move(row, "sign", by=by, changes={"signed_on": signed_on})
    jobs.promise(row, by=by)
    register.grant_of_loan(row, by=by, on=signed_on)
    if file:
        title = _("Signed agreement %(number)s") % {"number": row.number}
        papers.keep(row, by=by, kind=PaperKind.SIGNED, title=title, upload=file)
    return securities.make_ready(row, by=by)


def _must_be_signed_then(row, day):
    if day > clock.today():
        raise Refused({"signed_on": _("This day has not come yet.")})
    if day < row.drawn_on:
        raise Refused({"signed_on": _("An agreement is signed no earlier than it was drawn up.")})
    if day > row.sign_by:
        words = _("It was to be signed by %(day)s, so it can't be signed any more.")
        raise Refused({"signed_on": words % {"day": date_short(row.sign_by)}})
    if day >= row.first_due:
        raise Refused({"signed_on": _("The first instalment would be due already. Draw the agreement up anew.")})
    kept = row.rates.order_by("valid_from").first()
    rate, _row = rate_on(row, day)
    if rate != kept.rate:
        words = _("The agreement says %(kept)s%% and the rate of %(day)s is %(rate)s%%. Draw it up anew.")
        said = {"kept": percent(kept.rate), "day": date_short(day), "rate": percent(rate)}
        raise Refused({"signed_on": words % said})


@transaction.atomic
def lapse(loan, *, by, reason):
    """Let a loan lapse that nothing was paid of: its capital is free again, its planned tranches are cancelled, and its
    aid is none."""
    row = move(lock(loan), "lapse", by=by, reason=reason)
    register.fell_through(loan=row, by=by, reason=reason)
    open_rows = list(row.tranches.exclude(state=TrancheState.CANCELLED).order_by("number"))
    if any(one.state != TrancheState.REQUESTED for one in open_rows):
        raise Refused(_("A tranche is on its way to the payout. Send it back first."))
    for one in open_rows:
        move(one, "cancel", by=by, reason=reason)
    ledger.post(
        row.fund,
        by=by,
        event=EntryEvent.RELEASE,
        key=f"release-{row.number}",
        lines=[(ledger.PROMISED_CONTRA, row.committed), (ledger.PROMISED, -row.committed)],
        text=gettext_lazy("Loan %(number)s lapsed"),
        said={"number": row.number},
        value_date=clock.today(),
        document=row.number,
        loan=row,
    )
    return lock(row)
