"""What waits in the fund for a member of the staff: numbers for the menu, by one query a page, and the day."""

from django.db.models import Count, Value

from centrum.staff.enums import Right
from loans import arrears, measures, monitoring, payouts, review_queries, settlements, statement_files
from loans.deminimis import queries as deminimis
from loans.guarantees import waiting as guarantees

REVIEWS, PAYOUTS, SETTLEMENTS, STATEMENTS = "reviews", "payouts", "settlements", "statements"
NOTICES, DECISIONS = "notices", "decisions"
AID = "aid"
MONITORING, GUARANTEES = "monitoring", "guarantees"  # begin the names of their kinds
SHOWN = 8


def reviews(user):
    return _of(user).get(REVIEWS)


def payouts_(user):
    return _of(user).get(PAYOUTS)


def settlements_(user):
    return _of(user).get(SETTLEMENTS)


def statements_(user):
    return _of(user).get(STATEMENTS)


def arrears_(user):
    """Steps of the calendar to be sent and decisions to be confirmed; None for who does neither."""
    found = _of(user)
    return found.get(NOTICES, 0) + found.get(DECISIONS, 0) if {NOTICES, DECISIONS} & found.keys() else None


def aid_(user):
    """Entries of the register of aid to be reported soon or confirmed."""
    return _of(user).get(AID)


def monitoring_(user):
    """All kinds of the monitoring together."""
    return _together(user, MONITORING)


def guarantees_(user):
    """All that waits in guarantees together."""
    return _together(user, GUARANTEES)


def _together(user, kinds):
    found = [number for name, number in _of(user).items() if name.startswith(kinds)]
    return sum(found) if found else None


def _of(user):
    """{name: how many}, empty for who keeps and pays nothing; kept with the user of the request."""
    if not hasattr(user, "loans_waiting"):
        user.loans_waiting = _counted(user)
    return user.loans_waiting


def _counted(user):
    rows = {}
    if user.has_right(Right.KEEP_LOANS):
        rows[REVIEWS] = review_queries.waiting_for(user)
        rows[NOTICES] = arrears.waiting_for(user)
    if user.has_right(Right.KEEP_LOANS) or user.has_right(Right.PAY_LOANS):
        rows |= {PAYOUTS: payouts.waiting_for(user), SETTLEMENTS: settlements.waiting_for(user)}
    if user.has_right(Right.PAY_LOANS):
        rows[STATEMENTS] = statement_files.waiting_for(user)
    if user.has_right(Right.DECIDE_LOANS):
        rows[DECISIONS] = measures.waiting_for(user)
    if user.has_right(Right.KEEP_LOANS) or user.has_right(Right.DECIDE_LOANS):
        rows[AID] = deminimis.waiting_for(user)
    rows |= {f"{MONITORING}-{name}": found for name, found in monitoring.waiting_for(user).items()}
    rows |= {f"{GUARANTEES}-{name}": found for name, found in guarantees.waiting_for(user).items()}
    if not rows:
        return {}
    counts = [
        found.order_by().values("pk").annotate(kind_=Value(name)).values("kind_").annotate(number=Count("pk"))
        for name, found in rows.items()
    ]
    return dict.fromkeys(rows, 0) | dict(counts[0].union(*counts[1:], all=True).values_list("kind_", "number"))


def my_day(user, _obj):
    """Panel of the day, the oldest first: applications to be scored, voted on or confirmed by the user, letters to
    borrowers in arrears to be sent, decisions on claims to be confirmed, and what waits in guarantees."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    shown = {"applications": list(review_queries.waiting_for(user).order_by("submitted_at", "pk")[:SHOWN])}
    counts = _of(user)
    if counts.get(NOTICES):
        rows = arrears.waiting_for(user).select_related("step", "loan__organisation")
        shown["notices"] = list(rows[:SHOWN])
    if counts.get(DECISIONS):
        rows = measures.waiting_for(user).select_related("loan__organisation").order_by("on", "pk")
        shown["decisions"] = list(rows[:SHOWN])
    if guarantees_(user):
        shown["guarantees"] = guarantees.my_day(user)
    return shown if any(shown.values()) else None
