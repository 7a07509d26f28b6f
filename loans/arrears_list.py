"""Loans in arrears for the list: by days past due, called, and written off, with sums of each (PLN).

What is late is what the figures of the fund call late (loans/dashboard.py): a loan with principal past due that money
is to come back of, in the classes of portfolio at risk. One whose agreement was terminated is in its class as well,
since its principal is at risk all the same, and is shown apart besides, here and there.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from loans import arrears, ledger, queries, risk
from loans.enums import CALLED, OWING, LoanState, NoticeState
from loans.models import Line, Notice, Telling
from loans.queries import visible_loans

LATE, REST, IN_RECOVERY, LOST = "late", "rest", "called", "lost"
CLASSES = {f"d{first}": (first, last) for first, last in risk.CLASSES}
_LABELS = {
    1: pgettext_lazy("arrears", "1–30 days"),
    31: pgettext_lazy("arrears", "31–90 days"),
    91: pgettext_lazy("arrears", "more than 90 days"),
}
BUCKETS = {
    **{name: _LABELS[first] for name, (first, _last) in CLASSES.items()},
    REST: pgettext_lazy("arrears", "interest or costs alone"),
    IN_RECOVERY: pgettext_lazy("arrears", "terminated, in recovery"),
    LOST: pgettext_lazy("arrears", "written off"),
}
SHOWN = {LATE: pgettext_lazy("arrears", "past due, all"), **BUCKETS}
OVERDUE = F("costs") + F("penalty") + F("overdue_interest") + F("overdue_principal")


@dataclass(frozen=True)
class Bucket:
    """A line of the summary: how many loans, what is overdue, and the principal that is left of them in whole; of
    those written off what is left of the claim, and no principal."""

    name: str
    label: str
    number: int
    overdue: Decimal
    principal: Decimal


def _of(name, today):
    """Q of the tellings of a bucket on a day."""
    classes = {LATE: (risk.CLASSES[0][0], None), **CLASSES}
    something = Q(overdue_interest__gt=0) | Q(costs__gt=0) | Q(penalty__gt=0)
    return {
        **{of: Q(loan__state__in=OWING) & queries.past_due(*days, today) for of, days in classes.items()},
        REST: Q(loan__state=LoanState.ACTIVE) & (Q(unpaid_due=None) | Q(unpaid_due__gte=today)) & something,
        IN_RECOVERY: Q(loan__state__in=CALLED),
        LOST: Q(loan__state=LoanState.WRITTEN_OFF),
    }[name]


def _tellings(user):
    return Telling.objects.filter(current=True, loan__in=visible_loans(user))


def rows(user, which=LATE, *, officer=""):
    """Current Tellings of visible loans in arrears, each with `overdue` and `claim`, what is left of one written off.

    `which`: one of SHOWN; `officer`: "me" for those that the user keeps.
    """
    found = _tellings(user).filter(_of(which, clock.today()))
    if officer:
        found = found.filter(loan__officer=user)
    lines = Line.objects.filter(loan=OuterRef("loan"), account__code=ledger.CLAIM).order_by()
    claim = lines.values("loan").annotate(found=Sum("amount")).values("found")
    found = found.annotate(overdue=OVERDUE, claim=Subquery(claim))
    return found.select_related("loan__organisation", "loan__officer")


def summary(user, *, officer=""):
    """[Bucket] of the visible loans, one query for the sums and one for the claims."""
    today, found = clock.today(), _tellings(user)
    if officer:
        found = found.filter(loan__officer=user)
    sums = {}
    for name in BUCKETS:
        of = _of(name, today)
        sums |= {
            f"{name}_number": Count("pk", filter=of),
            f"{name}_overdue": Sum(OVERDUE, filter=of, default=Decimal(0)),
            f"{name}_principal": Sum("loan__outstanding", filter=of, default=Decimal(0)),
        }
    told = found.aggregate(**sums)
    lost = Line.objects.filter(account__code=ledger.CLAIM, loan__in=found.filter(_of(LOST, today)).values("loan"))
    told[f"{LOST}_overdue"] = lost.aggregate(found=Sum("amount", default=Decimal(0)))["found"]
    return [
        Bucket(name, label, *(told[f"{name}_{what}"] for what in ("number", "overdue", "principal")))
        for name, label in BUCKETS.items()
    ]


def with_calendar(tellings):
    """The tellings of a page as a list, each with `days` past due, `waits` (the Notice that is to be sent) and what the
    calendar brings `next` and `next_on`; two queries, however many they are."""
    today = clock.today()
    found, steps = list(tellings), arrears.steps_on(today)
    waiting = Notice.objects.filter(state=NoticeState.PROPOSED, loan__in=[row.loan_id for row in found])
    waits = {(row.loan_id, row.since): row for row in waiting.select_related("step").order_by("pk")}
    for row in found:
        row.days = max((today - row.unpaid_due).days, 0) if row.unpaid_due else 0
        in_payment = row.loan.state == LoanState.ACTIVE and row.days
        row.waits = waits.get((row.loan_id, row.unpaid_due)) if in_payment else None
        row.next = next((step for step in steps if step.days > row.days), None) if in_payment else None
        row.next_on = row.next and row.unpaid_due + datetime.timedelta(days=row.next.days)
    return found
