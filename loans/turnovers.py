"""Turnovers of days that are over (obroty dnia): kept by the nightly run, read with the lines of the days since."""

from collections import Counter

from django.db import connection, transaction
from django.db.models import DateField, F, Max, Sum
from django.db.models.functions import TruncMonth

from loans import days
from loans.models import Line, Turnover

_KEEP = """
    INSERT INTO loans_turnover (fund_id, day, account_id, debit, credit)
    SELECT e.fund_id, e.book_date, l.account_id, sum(GREATEST(l.amount, 0)), sum(-LEAST(l.amount, 0))
    FROM loans_entry e JOIN loans_line l ON l.entry_id = e.id
    WHERE e.fund_id = %(fund)s AND (%(last)s::date IS NULL OR e.book_date > %(last)s) AND e.book_date <= %(until)s
    GROUP BY e.fund_id, e.book_date, l.account_id
"""


def last_day(fund):
    """The last day of which turnovers are kept, None before the first."""
    return fund.turnovers.aggregate(found=Max("day"))["found"]


@transaction.atomic
def keep(fund, until):
    """Keep the turnovers of the days up to `until` that are not kept yet. Returns how many rows there are more.

    Raises Refused while something is still to be booked under one of them.
    """
    # an entry holds its month for sharing, so none that is on its way under one of these days is passed over
    list(fund.months.select_for_update(of=("self",)).filter(first__lte=until, closed_at=None))
    days.must_be_whole(fund, until)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('loans-turnover'), %s)", [fund.pk])
        cursor.execute(_KEEP, {"fund": fund.pk, "last": last_day(fund), "until": until})
        return cursor.rowcount


def by_month(fund, codes):
    """{(first day of the month, code of the account): sum of its lines, debit above 0} of the months of booking."""
    last = last_day(fund)
    kept = Turnover.objects.filter(fund=fund, account__code__in=codes)
    lines = Line.objects.filter(entry__fund=fund, account__code__in=codes)
    if last:  # a night meanwhile may keep more, which is among the lines here
        kept, lines = kept.filter(day__lte=last), lines.filter(entry__book_date__gt=last)
    else:
        kept = kept.none()
    found = Counter()
    for rows, day, amount in (
        (kept, "day", F("debit") - F("credit")),
        (lines, "entry__book_date", F("amount")),
    ):
        rows = rows.order_by().annotate(month=TruncMonth(day, output_field=DateField()))
        for month, code, total in rows.values_list("month", "account__code").annotate(total=Sum(amount)):
            found[month, code] += total
    return found
