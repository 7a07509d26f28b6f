"""What waits in the fund for a member of the staff: numbers for the menu, by one query a page, and the day."""

from django.db.models import Count, Value

from centrum.staff.enums import Right
from loans import payouts, review_queries, settlements

REVIEWS, PAYOUTS, SETTLEMENTS = "reviews", "payouts", "settlements"
SHOWN = 8


def reviews(user):
    return _of(user).get(REVIEWS)


def payouts_(user):
    return _of(user).get(PAYOUTS)


def settlements_(user):
    return _of(user).get(SETTLEMENTS)


def _of(user):
    """{name: how many}, empty for who keeps and pays nothing; kept with the user of the request."""
    if not hasattr(user, "loans_waiting"):
        user.loans_waiting = _counted(user)
    return user.loans_waiting


def _counted(user):
    rows = {}
    if user.has_right(Right.KEEP_LOANS):
        rows[REVIEWS] = review_queries.waiting_for(user)
    if user.has_right(Right.KEEP_LOANS) or user.has_right(Right.PAY_LOANS):
        rows |= {PAYOUTS: payouts.waiting_for(user), SETTLEMENTS: settlements.waiting_for(user)}
    if not rows:
        return {}
    counts = [
        found.order_by().values("pk").annotate(name=Value(name)).values("name").annotate(number=Count("pk"))
        for name, found in rows.items()
    ]
    return dict.fromkeys(rows, 0) | dict(counts[0].union(*counts[1:], all=True).values_list("name", "number"))


def my_day(user, _obj):
    """Panel of the day: applications for loans to be scored, voted on or confirmed by the user, the oldest first."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    rows = list(review_queries.waiting_for(user).order_by("submitted_at", "pk")[:SHOWN])
    return {"applications": rows} if rows else None
