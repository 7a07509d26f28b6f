"""The register of de minimis aid: an entry on the day on which the right arises, with its certificate; corrections and
cancellations leave a trace, and nothing is ever reckoned again.

What rests on a loan, an annex, a forgiveness or a guarantee is granted with it, in its transaction, by whoever signs or
confirms it. What is noted by hand (grant for a job, training, advice) and every correction takes two people. Whoever
grants holds the organisations of the single undertaking, so that two at once never exceed the ceiling. Services raise
Refused in words for the user, Stale when somebody was quicker, PermissionDenied. Amounts are Decimal in PLN.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.periods import in_force
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.register.services import lock_current
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import aid
from loans.deminimis import calculating, certificates, euro, room
from loans.enums import AID_MOVES, BY_HAND, AidInstrument, AidState
from loans.models import AidGrant, AidKind, DecisionAid

REPORT_DAYS = "de-minimis-report-days"


# With a loan or a guarantee


@transaction.atomic
def grant_of_loan(loan, *, by, on):
    """Enter the aid of a loan on the day of its signature, reckoned anew with the rates of that day and the rating of
    the decision. Returns the AidGrant; None where the product gives no aid, nothing is left of it at the rate of that
    day, or nothing was assessed with the decision."""
    margin = _rating_of(loan)
    if margin is None:
        return None
    charged = loan.rates.order_by("valid_from").first().rate
    try:
        found = calculating.of_terms_of_loan(loan, charged, **margin, on=on, by=by)
    except calculating.NoAid:
        return None
    return _grant(loan.organisation, found, instrument=AidInstrument.LOAN, on=on, by=by, nominal=loan.amount, loan=loan)


@transaction.atomic
def grant_of_annex(annex, *, old, new, by, on):
    """Enter the aid of an annex that was signed on a day: what the rows of the new schedule save more than those of the
    old one. None where they save nothing, or the loan has no rating."""
    loan = annex.loan
    margin = _rating_of(loan)
    if margin is None:
        return None
    old, new = ([row for row in rows if row.nominal_due > annex.valid_from] for rows in (old, new))
    left = new[0].balance + new[0].principal
    found = calculating.of_change(old, new, **margin, on=on, by=by, annex=annex.number, amount=left)
    return _grant(
        loan.organisation, found, instrument=AidInstrument.LOAN, on=on, by=by, nominal=left, loan=loan, annex=annex
    )


@transaction.atomic
def grant_of_forgiveness(measure, *, by):
    """Enter what was forgiven of a loan, today: the day of the decision gives the right. None of a product without
    aid."""
    loan, on = measure.loan, clock.today()
    if not loan.product.de_minimis:
        return None
    found = calculating.nominal(measure.amount, on=on, by=by)
    return _grant(
        loan.organisation,
        found,
        instrument=AidInstrument.FORGIVENESS,
        on=on,
        by=by,
        nominal=measure.amount,
        loan=loan,
        measure=measure,
    )


@transaction.atomic
def grant_of_guarantee(guarantee, *, by, on):
    """Enter the aid of a guarantee on the day of its signature, reckoned anew. None where nothing was assessed with the
    decision or the fee is that of the market."""
    assessed = _assessed(guarantee)
    if assessed is None:
        return None
    found = calculating.of_terms_of_guarantee(
        guarantee, rating=assessed.premium.rating, reason=assessed.reason, on=on, by=by
    )
    return _grant(
        guarantee.organisation,
        found,
        instrument=AidInstrument.GUARANTEE,
        on=on,
        by=by,
        nominal=guarantee.amount,
        guarantee=guarantee,
    )


def _rating_of(loan):
    """Rating, collateral and reason that were assessed with the decision on a loan; None where there are none."""
    assessed = _assessed(loan) if loan.product.de_minimis else None
    if assessed is None:
        return None
    return {
        "rating": assessed.margin.rating,
        "collateral": assessed.margin.collateral,
        "reason": assessed.reason,
    }


def _assessed(of):
    """The AidCalculation of the decision on a loan or a guarantee."""
    found = DecisionAid.objects.filter(decision=of.decision_id)
    found = found.select_related("calculation__margin", "calculation__premium").first()
    return found and found.calculation


def _grant(organisation, calculation, *, instrument, on, by, nominal, **of):
    if not calculation.total:
        return None
    in_eur = _in_eur(organisation, calculation.total, on)
    return _enter(
        AidGrant(
            state=AidState.GRANTED,
            organisation=organisation,
            kind=_kind(instrument, on),
            instrument=instrument,
            granted_on=on,
            nominal=nominal,
            calculation=calculating.keep(calculation, by=by),
            pln=calculation.total,
            prepared_by=by,
            prepared_at=clock.now(),
            confirmed_by=by,
            confirmed_at=clock.now(),
            report_by=on + _days_to_report(on),
            **in_eur,
            **of,
        ),
        by=by,
    )


def _enter(row, *, by):
    """Save an entry that is granted at once, with its certificate."""
    saving.save(row)
    certificates.issue(row, by=by)
    return row


def _in_eur(organisation, pln, on, *, rate=None, without=None):
    """What an entry says in EUR, once it fits: rate, value, what was used before it, and by whom together. The lock is
    taken first."""
    rate, today = rate or euro.rate_on(on), clock.today()
    room.lock(organisation, on)
    eur = aid.rounded(pln / rate.rate)
    if without and eur <= without.eur:
        standing = room.of(organisation, on, eur, without=without)  # it is no more than before, however full it is
    else:
        standing = room.must_fit(organisation, on, eur, without=without)
        if on < today:  # noted late: whoever is linked since may have had aid meanwhile
            room.lock(organisation, today)
            later = room.of(organisation, today, eur, without=without)
            if not later.room.fits and {one.pk for one in later.members} != {one.pk for one in standing.members}:
                raise Refused(room.refusal(later, eur))
    return {"eur_rate": rate, "eur": eur, "used": standing.used, "undertaking": standing.snapshot()}


def _kind(instrument, on):
    found = AidKind.objects.filter(in_force(on), instrument=instrument).first()
    if found is None:
        words = _("How aid by “%(instrument)s” is told to SHRIMP is not set for %(day)s.")
        raise Refused(words % {"instrument": AidInstrument(instrument).label, "day": date_short(on)})
    return found


def _days_to_report(on):
    return datetime.timedelta(days=parameters.whole(REPORT_DAYS, on))


# By hand


@transaction.atomic
def note(organisation, *, by, instrument, granted_on, nominal, reference):
    """Write down aid that another agreement or service gives (nominal = gross equivalent), for somebody else to
    confirm."""
    require(by, Right.KEEP_LOANS)
    if instrument not in BY_HAND:
        raise Refused({"instrument": _("Aid of a loan or a guarantee is entered with its agreement.")})
    if granted_on > clock.today():
        raise Refused({"granted_on": _("This day has not come yet.")})
    if nominal <= 0:
        raise Refused({"nominal": _("Give the amount.")})
    if not reference.strip():
        raise Refused({"reference": _("Say of what it is: the agreement, the event, the service.")})
    organisation = lock_current(organisation)
    found = calculating.nominal(nominal, on=granted_on, by=by)
    return saving.save(
        AidGrant(
            state=AidState.PREPARED,
            organisation=organisation,
            kind=_kind(instrument, granted_on),
            instrument=instrument,
            reference=reference.strip(),
            granted_on=granted_on,
            nominal=nominal,
            calculation=calculating.keep(found, by=by),
            pln=found.total,
            prepared_by=by,
            prepared_at=clock.now(),
        )
    )


@transaction.atomic
def correct(grant, *, by, pln, reason, nominal=None):
    """Write down another value of an entry, for somebody else to confirm; until then the entry stays in force."""
    require(by, Right.KEEP_LOANS)
    row = _lock(grant, "correct")
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if pln < 0:
        raise Refused({"pln": _("Aid is not less than nothing.")})
    nominal = row.nominal if nominal is None else nominal
    if (pln, nominal) == (row.pln, row.nominal):
        raise Refused({"pln": _("This is the value of the entry.")})
    if row.corrections.filter(state=AidState.PREPARED).exists():
        raise Stale(_("A correction of this entry waits already. Confirm or drop it first."))
    found = calculating.corrected(row.calculation, pln, by=by, corrects=row.pk, correction=reason.strip())
    same = ("organisation", "kind", "instrument", "loan", "annex", "measure", "guarantee", "reference", "granted_on")
    return saving.save(
        AidGrant(
            state=AidState.PREPARED,
            nominal=nominal,
            calculation=calculating.keep(found, by=by),
            pln=pln,
            corrects=row,
            prepared_by=by,
            prepared_at=clock.now(),
            **{name: getattr(row, name) for name in same},
        )
    )


@transaction.atomic
def confirm(grant, *, by):
    """Confirm what somebody else noted or corrected: it is granted, in EUR at the rate of its day, with a certificate.

    A correction ends the entry that it corrects and its certificate, and takes over the number by which SHRIMP knows
    the aid; it is to be reported within the days that count from when it was noted, a note within those from its day.
    """
    require(by, Right.DECIDE_LOANS)
    before = _lock(grant.corrects, "correct") if grant.corrects_id else None
    row = _lock(grant, "confirm")
    if row.prepared_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm it than who noted it."))
    rate = before.eur_rate if before else None
    in_eur = _in_eur(row.organisation, row.pln, row.granted_on, rate=rate, without=before)
    # of a correction the days count from when it was learned of
    begins = clock.local(row.prepared_at).date() if before else row.granted_on
    if before:
        reason = row.calculation.inputs["correction"]
        move(before, "correct", by=by, reason=reason)
        certificates.invalidate(before, because=reason)
        in_eur["shrimp"] = before.shrimp
    changes = {"confirmed_by": by, "confirmed_at": clock.now(), "report_by": begins + _days_to_report(begins)}
    row = move(row, "confirm", by=by, changes={**changes, **in_eur})
    certificates.issue(row, by=by)
    return row


@transaction.atomic
def drop(grant, *, by, reason):
    """Take back what nobody has confirmed."""
    require(by, Right.KEEP_LOANS)
    return move(_lock(grant, "drop"), "drop", by=by, reason=reason)


@transaction.atomic
def cancel(grant, *, by, reason):
    """Cancel an entry (the agreement fell through): its certificate is invalid, and SHRIMP has to be told where it was
    told of the entry."""
    require(by, Right.DECIDE_LOANS)
    row = _lock(grant, "cancel")
    if row.corrections.filter(state=AidState.PREPARED).exists():
        raise Refused(_("A correction of this entry waits. Confirm or drop it first."))
    return _cancelled(row, "cancel", by=by, reason=reason)


@transaction.atomic
def fell_through(*, by, reason, **of):
    """Cancel what was granted with an agreement that lapsed (`loan=` or `guarantee=`), before anything came of it; a
    correction that waits is dropped."""
    rows = AidGrant.objects.filter(state__in=[AidState.PREPARED, AidState.GRANTED], **of)
    locked = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for grant in reversed(locked):
        if grant.state == AidState.PREPARED:
            drop(grant, by=by, reason=reason)
        else:
            _cancelled(_lock(grant, "fall_through"), "fall_through", by=by, reason=reason)


def _cancelled(row, action, *, by, reason):
    """Cancel it; `shrimp` stays: the number to withdraw, none of what was never told."""
    today = clock.today()
    changes = {"report_by": today + _days_to_report(today), "reported_on": None, "reported_by": None}
    row = move(row, action, by=by, reason=reason, changes=changes)
    certificates.invalidate(row, because=reason)
    return row


def _lock(grant, action):
    rows = AidGrant.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("calculation", "organisation", "eur_rate").get(pk=grant.pk)
    if row.state not in find(AID_MOVES, action).sources:
        raise Stale(what_changed(row))
    return row
