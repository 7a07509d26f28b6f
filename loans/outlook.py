"""What is to come of the fund and what became of it: cash of the next months, and loans gone bad by when they began."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.db.models.functions import TruncMonth

from centrum.kit import clock
from loans import risk
from loans.dashboard import MONTHS, total
from loans.enums import OWING, LoanState, TrancheState
from loans.models import ScheduleRow, Telling, Tranche
from loans.schedule import ZERO

COHORTS = 12  # quarters of first payouts

# Cash of the months to come


@dataclass(frozen=True)
class Coming:
    """A month to come: instalments that fall due in it, tranches planned for it, and the account after it."""

    first: datetime.date
    incoming: Decimal
    outgoing: Decimal
    balance: Decimal


def forecast(fund, bank):
    """[Coming] of twelve months, beginning with `bank` on the account.

    Instalments by the schedules in force of loans that are being paid back, less what is paid of the next one; nothing
    is expected of what is overdue or called, nor of loans not paid out yet. A tranche whose planned day has passed is
    counted in this month.
    """
    this = clock.today().replace(day=1)
    months = [clock.months_later(this, number) for number in range(MONTHS + 1)]
    end = months.pop()
    incoming, outgoing = dict.fromkeys(months, ZERO), dict.fromkeys(months, ZERO)
    told = Telling.objects.filter(current=True, loan__fund=fund, loan__state__in=OWING, next_due__lt=end)
    rest = (
        told.order_by().annotate(month=TruncMonth("next_due")).values_list("month").annotate(found=total("next_total"))
    )
    rows = ScheduleRow.objects.filter(
        version__current=True,
        version__loan__fund=fund,
        version__loan__state__in=OWING,
        version__loan__tellings__current=True,
        due__gt=F("version__loan__tellings__next_due"),
        due__lt=end,
    )
    instalment = total(F("principal") + F("interest") + F("deferred"))
    rows = rows.order_by().annotate(month=TruncMonth("due")).values_list("month").annotate(found=instalment)
    for month, amount in (*rest, *rows):
        incoming[max(month, this)] += amount
    planned = Tranche.objects.exclude(state__in=[TrancheState.PAID, TrancheState.CANCELLED])
    planned = planned.filter(loan__fund=fund, planned_on__lt=end).exclude(loan__state=LoanState.LAPSED).order_by()
    planned = planned.annotate(month=TruncMonth("planned_on")).values_list("month").annotate(found=total("amount"))
    for month, amount in planned:
        outgoing[max(month, this)] += amount
    found = []
    for month in months:
        bank += incoming[month] - outgoing[month]
        found.append(Coming(month, incoming[month], outgoing[month], bank))
    return found


# Vintages


@dataclass(frozen=True)
class Cohort:
    """Loans first paid out in a quarter that begins on `first`. `shares`: per cent of what was paid out to them that
    had gone bad by the end of each quarter since, from their own to the present one; `amount` in all."""

    first: datetime.date
    loans: int
    amount: Decimal
    shares: list

    @property
    def name(self):
        """2026-Q4, as the filter of the list calls it."""
        return f"{self.first:%Y}-Q{(self.first.month + 2) // 3}"

    @property
    def bad(self):
        """Per cent gone bad until today."""
        return self.shares[-1]


_VINTAGES = """
    WITH lent AS (
        SELECT t.loan_id, min(t.paid_on) AS since, date_trunc('quarter', min(t.paid_on))::date AS cohort
        FROM loans_tranche t JOIN loans_loan l ON l.id = t.loan_id
        WHERE l.fund_id = %(fund)s AND t.paid_on IS NOT NULL
        GROUP BY t.loan_id HAVING min(t.paid_on) >= %(since)s
    ),
    told AS (
        SELECT t.loan_id, t.unpaid_due + %(days)s + 1 AS day, GREATEST(t."on", CASE WHEN t.current THEN %(today)s::date
            ELSE lead(t."on") OVER (PARTITION BY t.loan_id ORDER BY t.number) - 1 END) AS until
        FROM loans_telling t JOIN lent ON lent.loan_id = t.loan_id AND t."on" >= lent.since
    ),
    bad AS (
        SELECT loan_id, date_trunc('quarter', min(day))::date AS quarter FROM (
            SELECT loan_id, day FROM told WHERE day <= until
            UNION ALL
            SELECT loan_id, "on" FROM loans_measure WHERE kind = 'write_off' AND state = 'confirmed'
        ) days
        GROUP BY loan_id
    )
    SELECT lent.cohort, bad.quarter, count(*), sum(l.paid_out)
    FROM lent JOIN loans_loan l ON l.id = lent.loan_id LEFT JOIN bad ON bad.loan_id = lent.loan_id
    GROUP BY 1, 2
"""


def vintages(fund):
    """[Cohort] of the last quarters with payouts, the oldest first.

    A loan goes bad on the first day on which it was late by more than 90 days by what was told of it then, or was
    written off; what it paid afterwards does not make it good. What is told holds until it is told anew (the last
    telling until today), and counts from the first payout: of one that was none nothing is told any more.
    """
    today = clock.today()
    this = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    asked = {
        "fund": fund.pk,
        "since": clock.months_later(this, 3 * (1 - COHORTS)),
        "days": risk.DAYS[-1],
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VINTAGES, asked)
        rows = cursor.fetchall()
    return [
        _cohort(first, [row for row in rows if row[0] == first], this) for first in sorted({row[0] for row in rows})
    ]


def _cohort(first, rows, this):
    amount = sum((paid for _cohort, _bad, _loans, paid in rows), ZERO)
    shares, end = [], first
    while end <= this:
        gone = sum((paid for _first, bad, _loans, paid in rows if bad and bad <= end), ZERO)
        shares.append(risk.percent(gone, amount))
        end = clock.months_later(end, 3)
    return Cohort(first, sum(row[2] for row in rows), amount, shares)
