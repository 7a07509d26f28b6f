"""Parts of the bench about loans in payment: a day of interest, payments of clients at once, a loan told anew."""

import datetime
import statistics
import threading
import time
import uuid
from contextlib import closing
from decimal import Decimal

from django.db import connection

from centrum.kit import clock
from centrum.kit.history import author
from loans import consistency, nightly, repayments, telling
from loans.models import AccrualDay, Loan
from loans.schedule import DAY
from tests.factories import base
from tests.factories import loans as factories
from tests.factories import repayments as of
from tests.volume import submitting
from tests.volume.loans import race
from tests.volume.rows import bulk, sql

CLIENTS = 8
DAYS = 5  # of interest that are posted
START = datetime.date(2016, 1, 15)

_PIECES = """
    INSERT INTO loans_accrual (loan_id, amount, plan) SELECT id, 0, '' FROM loans_loan
    WHERE fund_id = %(fund)s AND state = 'active';
    INSERT INTO loans_accrualpiece (loan_id, begins, ends, base, before, daily, denominator)
    SELECT id, date %(first)s + 30 * nr, date %(first)s + 30 * (nr + 1), round(amount * 0.003 * nr, 2), 0,
        amount * 0.038, 365
    FROM loans_loan, generate_series(0, 11) AS nr WHERE fund_id = %(fund)s AND state = 'active';
    INSERT INTO loans_telling (loan_id, number, "on", reason, current, costs, penalty, overdue_interest,
        overdue_principal, restructured, over, principal, at)
    SELECT id, 1, date %(first)s, 'payout', true, 0, 0, 0, 0, 0, 0, outstanding, now() FROM loans_loan l
    WHERE fund_id = %(fund)s AND state = 'active' AND NOT EXISTS (SELECT 1 FROM loans_telling t WHERE t.loan_id = l.id)
"""


def accruing(say, fund):
    """A day of interest for all paid loans of a fund, beside one statement that does the same to bare tables."""
    first = clock.today() - DAY * (DAYS + 2)
    with bulk("loans_accrual", "loans_accrualpiece", "loans_telling"), connection.cursor() as cursor:
        for statement in _PIECES.split(";\n"):
            cursor.execute(statement, {"fund": fund.pk, "first": first.isoformat()})
    for table in ("accrual", "accrualpiece", "telling", "account", "loan"):
        sql(f"ANALYZE loans_{table}")
    took = []
    for number in range(DAYS):
        start = time.perf_counter()
        nightly.post(fund, first + DAY * number)
        took.append(time.perf_counter() - start)
    loans = Loan.objects.filter(fund=fund, state="active").count()
    posted = AccrualDay.objects.filter(fund=fund).exclude(entry=None)
    lines = posted.latest("day").entry.lines.count()
    if lines != loans + 1:
        raise RuntimeError(f"{lines} lines for {loans} loans")
    own = _bare_accrual(fund, first)
    mine, bare = statistics.median(took), statistics.median(own)
    say("accruing.loans", loans, "loans")
    say("accruing.day", mine, "s")
    say("accruing.all", loans / mine, "loans/s")
    say("accruing.postgresql", bare, "s")
    say("accruing.part_of_bare", 100 * bare / mine, "%")


def _bare_accrual(fund, first):
    """Seconds of each day: amounts from the same pieces into bare tables of entries and lines, without any rule."""
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TABLE bare_accrual AS SELECT loan_id, 0::numeric(14, 2) AS amount FROM loans_accrual;
            ALTER TABLE bare_accrual ADD PRIMARY KEY (loan_id);
            CREATE TABLE bare_entry (id bigserial PRIMARY KEY, key text UNIQUE, text text, at timestamptz);
            CREATE TABLE bare_line (entry_id bigint REFERENCES bare_entry, number int, account bigint, loan_id bigint,
                amount numeric(14, 2), PRIMARY KEY (entry_id, number));
            CREATE INDEX ON bare_line (account, entry_id); CREATE INDEX ON bare_line (loan_id, entry_id)"""
        )
        took = []
        for number in range(DAYS):
            day = first + DAY * number
            start = time.perf_counter()
            cursor.execute(
                """WITH due AS (
                    SELECT a.loan_id, p.base + round((p.before + p.daily * (%(day)s - p.begins + 1)) / p.denominator, 2)
                        - a.amount AS more
                    FROM bare_accrual a JOIN loans_loan l ON l.id = a.loan_id AND l.fund_id = %(fund)s
                    JOIN loans_accrualpiece p ON p.loan_id = a.loan_id AND p.begins <= %(day)s AND p.ends > %(day)s
                ), raised AS (
                    UPDATE bare_accrual a SET amount = a.amount + due.more FROM due WHERE a.loan_id = due.loan_id
                    RETURNING a.loan_id, due.more
                ), made AS (
                    INSERT INTO bare_entry (key, text, at) VALUES ('accrual-' || %(day)s::text, 'x', now()) RETURNING id
                )
                INSERT INTO bare_line SELECT made.id, row_number() OVER (), 212, loan_id, more FROM raised, made
                UNION ALL SELECT made.id, 0, 701, NULL, -(SELECT sum(more) FROM raised) FROM made""",
                {"day": day, "fund": fund.pk},
            )
            took.append(time.perf_counter() - start)
        cursor.execute("DROP TABLE bare_line, bare_entry, bare_accrual")
    return took


def repaying_part(_at, size, say):
    """Payments of 8 clients at once through the service, beside the ledger's bare kernel, and a loan told anew."""
    count = size["repayments"]
    boss = factories.accountant()
    today = clock.today()
    loans = [of.lent(clock.months_later(today, -1), 50_000, months=60, fund_=_fund()) for _n in range(size["lent"])]
    keys = [uuid.uuid4() for _n in range(count)]

    def one(number):
        with author(command="bench"):
            repayments.receive(
                loans[number % len(loans)],
                by=boss,
                amount=Decimal(100),
                value_date=today,
                document="WB/1",
                key=keys[number],
            )
        return True

    passed, times, took = race(count, one, clients=CLIENTS)
    if found := consistency.differences(loans[0].fund):
        raise RuntimeError(" ".join(found))
    own_passed, _own, own_took = _bare_payments(count, len(loans))
    if (passed, own_passed) != (count, count):
        raise RuntimeError(f"{passed} payments passed, {own_passed} bare ones")
    say("repaying.clients", CLIENTS, "clients")
    say("repaying.p50", statistics.median(times) * 1000, "ms")
    say("repaying.p95", submitting.p95(times) * 1000, "ms")
    say("repaying.all", count / took, "payments/s")
    say("repaying.postgresql", count / own_took, "payments/s")
    say("repaying.part_of_bare", 100 * own_took / took, "%")
    _replaying(say)


def _fund():
    return factories.fund(1_000_000_000, code="bench-repaid")


def _bare_payments(count, loans):
    """The kernel of the same: the loan's row held, an entry under its key, three lines, the sums of loan and fund."""
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TABLE bare_fund (id int PRIMARY KEY, outstanding numeric(14, 2) CHECK (outstanding >= 0));
            CREATE TABLE bare_loan (id int PRIMARY KEY, outstanding numeric(14, 2) CHECK (outstanding >= 0));
            CREATE TABLE bare_entry (id bigserial PRIMARY KEY, key text UNIQUE, text text, at timestamptz);
            CREATE TABLE bare_line (entry_id bigint REFERENCES bare_entry, number int, account text, loan_id int,
                amount numeric(14, 2), PRIMARY KEY (entry_id, number));
            INSERT INTO bare_fund VALUES (1, 1000000000)"""
        )
        cursor.execute("INSERT INTO bare_loan SELECT n, 10000000 FROM generate_series(0, %s) AS n", [loans - 1])
    clients = threading.local()

    def one(number):
        if not hasattr(clients, "cursor"):
            connection.ensure_connection()
            clients.cursor = connection.connection.cursor()
        cursor, values = clients.cursor, {"n": number, "loan": number % loans}
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM bare_loan WHERE id = %(loan)s FOR NO KEY UPDATE", values)
        cursor.execute("INSERT INTO bare_entry (key, text, at) VALUES (%(n)s::text, 'x', now()) RETURNING id", values)
        values["entry"] = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO bare_line VALUES (%(entry)s, 1, '130', %(loan)s, 100), (%(entry)s, 2, '212', %(loan)s, -40),"
            " (%(entry)s, 3, '211', %(loan)s, -60)",
            values,
        )
        cursor.execute("UPDATE bare_loan SET outstanding = outstanding - 60 WHERE id = %(loan)s", values)
        cursor.execute("UPDATE bare_fund SET outstanding = outstanding - 60 WHERE id = 1")
        cursor.execute("COMMIT")
        return True

    try:
        return race(count, one, clients=CLIENTS)
    finally:
        with closing(connection.cursor()) as cursor:
            cursor.execute("DROP TABLE bare_line, bare_entry, bare_loan, bare_fund")


def _replaying(say):
    """A payment that comes to light after ten years, dated to the loan's first instalment."""
    borrower = base.organisation()
    factories.account(borrower, valid_from=START)
    loan = of.lent(START, 120_000, months=120, method="annuity", fund_=_fund(), organisation=borrower)
    rows = list(loan.schedules.get(current=True).rows.order_by("nr"))
    for row in rows[1:-1]:  # the first one is never paid
        of.pay(loan, row.due, row.total)
    end = rows[-1].due
    by = factories.accountant()
    with of.on(end):
        start = time.perf_counter()
        repayments.receive(loan, by=by, amount=rows[0].total, value_date=rows[0].due, document="WB/1", key=uuid.uuid4())
        took = time.perf_counter() - start
        telling_took = _seconds(lambda: telling.tell(loan, end))
    if found := consistency.differences(loan.fund):
        raise RuntimeError(" ".join(found))
    say("replaying.instalments", len(rows), "instalments")
    say("replaying.moved", loan.allocations.exclude(withdrawn=None).count(), "parts")
    say("replaying.backdated", took, "s")
    say("replaying.told", telling_took, "s")


def _seconds(job):
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
