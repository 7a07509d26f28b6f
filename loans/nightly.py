"""What the portal does by itself every night with loans and guarantees: interest of every day, by one statement of SQL
a fund and day.

What accrued up to the end of a day is reckoned from the first day on and rounded once an instalment; a day posts what
that is more than what is posted already. So a day posted twice posts nothing, one left out is made up for, and the
days of an instalment sum up to its interest. Interest of a day is booked under that day while its month is open.
"""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans import accruals, arrears, days, ledger, telling, turnovers, yearly_papers
from loans.enums import AFTER_PAYOUT, LoanState, TellingReason
from loans.guarantees import expiry, fees
from loans.models import AccrualDay, Entry, Telling
from loans.schedule import DAY

STOP = "loan-accrual-stops-days"  # no interest is posted of who is late by more days than that
_CURRENT = Telling.objects.filter(loan=OuterRef("pk"), current=True)

# due: what accrued in all up to the end of the day, beside what is posted of it
_POST = """
    WITH due AS (
        SELECT a.loan_id, a.amount AS had,
            p.base + div(200 * (p.before + p.daily * (LEAST(%(day)s, p.ends - 1) - p.begins + 1)) + p.denominator,
                2 * p.denominator::numeric) / 100 AS total
        FROM loans_accrual a
        JOIN loans_loan l ON l.id = a.loan_id AND l.fund_id = %(fund)s AND l.state = ANY(%(states)s)
        JOIN loans_telling t ON t.loan_id = l.id AND t.current
        JOIN LATERAL (
            SELECT * FROM loans_accrualpiece p WHERE p.loan_id = a.loan_id AND p.begins <= %(day)s
            ORDER BY p.begins DESC LIMIT 1
        ) p ON true
        WHERE (a.to IS NULL OR a.to < %(day)s) AND (t.unpaid_due IS NULL OR %(day)s - t.unpaid_due <= %(stop)s)
    ),
    raised AS (
        UPDATE loans_accrual a SET amount = due.total, "to" = %(day)s FROM due
        WHERE a.loan_id = due.loan_id AND a.amount = due.had AND due.total > due.had
        RETURNING a.loan_id, due.total - due.had AS more
    ),
    made AS (
        INSERT INTO loans_entry (fund_id, event, value_date, book_date, text, document, key, fingerprint, at)
        SELECT %(fund)s, 'accrual', %(day)s, %(book)s, %(text)s, '', %(key)s, %(key)s, %(now)s
        WHERE EXISTS (SELECT 1 FROM raised)
        RETURNING id
    ),
    written AS (
        INSERT INTO loans_line (entry_id, number, account_id, loan_id, amount)
        SELECT made.id, row_number() OVER (ORDER BY raised.loan_id), receivable.id, raised.loan_id, raised.more
        FROM made, raised, loans_account receivable WHERE receivable.code = %(receivable)s
        UNION ALL
        SELECT made.id, (SELECT count(*) FROM raised) + 1, income.id, NULL, -(SELECT sum(more) FROM raised)
        FROM made, loans_account income
        WHERE income.code = %(income)s AND (SELECT sum(more) FROM raised) <> 0
    )
    SELECT id FROM made
"""


@transaction.atomic
def post(fund, day):
    """Post the interest of a day that is over for all loans of the fund. Returns the AccrualDay.

    Posted already, it stays; raises Refused for a day that is not over, or while an earlier one is missing.
    """
    if day >= clock.today():
        raise Refused(_("This day is not over yet."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('loans-accrual'), %s)", [fund.pk])
    if found := fund.accrual_days.filter(day=day).first():
        return found
    last = accruals.last_day(fund)
    if last and day != last + DAY:
        raise Refused(_("Post the interest of %(day)s first.") % {"day": date_short(last + DAY)})
    book_date = day if days.takes_entries(fund, day) else clock.today()
    ledger.open_month(fund, book_date)
    with connection.cursor() as cursor:
        cursor.execute(
            _POST,
            {
                "fund": fund.pk,
                "day": day,
                "book": book_date,
                "states": [str(state) for state in AFTER_PAYOUT if state != LoanState.WRITTEN_OFF],
                "stop": parameters.whole(STOP, day),
                "text": f"Odsetki za {date_short(day)}",
                "key": f"accrual-{day}",
                "now": clock.now(),
                "receivable": ledger.INTEREST,
                "income": ledger.INTEREST_INCOME,
            },
        )
        row = cursor.fetchone()
    entry = Entry.objects.get(pk=row[0]) if row else None
    return AccrualDay.objects.create(fund=fund, day=day, entry=entry, at=clock.now())


def keep(fund, today=None):
    """Do what the days bring by themselves, each step whole in its own transaction, so that it may be ended anywhere
    and begun again: interest up to yesterday, instalments that fell due, interest for delay at the end of a month,
    turnovers of days that are over, the calendar of arrears, and papers that borrowers give for the year before. Of
    guarantees first, so that what is booked under a day is there before it counts as whole: those whose time is over
    expire, and fees are charged and earned.

    Returns {what: how many}, and of `refused` the sentences: of loans for which a rate is missing.
    """
    today = today or clock.today()
    expired = expiry.expire(fund, today)
    charged, earned = fees.charge_all(fund, today), fees.earn(fund, today)
    missing = accruals.missing(fund, today - DAY)
    for day in missing:
        post(fund, day)
    end = today.replace(day=1) - DAY
    at_the_end = list(days.behind(fund, end))
    refused = _told(at_the_end, TellingReason.MONTH, on=end)
    due = list(fund.loans.filter(Exists(_CURRENT.filter(again_on__lte=today))).order_by("pk"))
    refused += _told(due, TellingReason.DUE)
    try:
        turnovers.keep(fund, today - DAY)
    except Refused as refusal:  # of a loan that could not be told something is still to come
        refused += refusal.messages
    calendar = arrears.run(fund, today)
    asked = yearly_papers.ask(fund, today.year - 1)
    done = {
        "days": len(missing),
        "at the end of a month": len(at_the_end),
        "due": len(due),
        **calendar,
        "yearly papers": asked,
        "guarantees expired": expired,
        "fees charged": charged,
        "fees earned": earned,
    }
    return {**done, "refused": refused}


def _told(loans, reason, on=None):
    """Tell the loans anew; the sentences of those that could not be told, which stop no other."""
    refused = []
    for loan in loans:
        try:
            telling.again(loan, by=None, reason=reason, on=on)
        except Refused as refusal:
            refused.append(f"{loan}: {' '.join(refusal.messages)}")
    return refused
