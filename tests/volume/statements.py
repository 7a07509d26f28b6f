"""Part of the bench about bank statements: a long one is taken in, its payments are matched with their loans."""

import time

from django.db import connection
from psycopg2.extras import execute_values

from centrum.kit import clock
from loans import consistency, statement_files
from loans.demo import statement_files as files
from loans.models import StatementLine
from tests.factories import loans as factories
from tests.factories import repayments as of
from tests.factories import statements as bank

LOANS = 20  # that the payments name
_MOST = 100  # PLN of one line


def statements_part(_at, size, say, extra_memory):
    """A statement of many lines, some of which name a loan, read and kept; beside PostgreSQL's INSERT of its lines into
    a table with the same columns and indexes. Then the payments that were recognised, one after another."""
    count, paying = size["statement_lines"], size["statement_payments"]
    by, today = factories.accountant(), clock.today()
    fund = factories.fund(1_000_000_000, code="bench-statements", by=by)
    loans = [of.lent(clock.months_later(today, -1), 50_000, months=60, fund_=fund) for _n in range(LOANS)]
    rows = [
        (f"{1 + nth % _MOST}.00", f"wpłata {nth} {loans[nth % LOANS].number if nth < paying else ''}", "Spółdzielnia Ź")
        for nth in range(count)
    ]
    data = bank.written(today, *rows, opening=bank.at_the_bank(fund), form=files.camt053)
    took = []

    def take_in():
        start = time.perf_counter()
        statement_files.take_in(fund, data, "bench.xml", by=by, within=0)
        took.append(time.perf_counter() - start)

    say("statements.memory", extra_memory(take_in), "MB")
    start = time.perf_counter()
    again = statement_files.take_in(fund, data, "bench.xml", by=by)
    said_again = time.perf_counter() - start
    lines = StatementLine.objects.filter(fund=fund)
    if (lines.count(), again.new) != (count, 0):
        raise RuntimeError(f"{lines.count()} lines of {count} came in")
    own = _insert_again(lines)
    start = time.perf_counter()
    matched = statement_files.match(again.statements, by=by)
    matching = time.perf_counter() - start
    if matched != paying:
        raise RuntimeError(f"{matched} payments of {paying} were matched")
    if found := consistency.differences(fund):
        raise RuntimeError(" ".join(found))
    say("statements.lines", count, "lines")
    say("statements.time", took[0], "s")
    say("statements.all", count / took[0], "lines/s")
    say("statements.postgresql", own, "s")
    say("statements.ratio", took[0] / own, "×")
    say("statements.known", said_again, "s")
    say("statements.matched", matched, "payments")
    say("statements.matching", matched / matching, "payments/s")


def _insert_again(lines):
    """Seconds that PostgreSQL takes for the same rows into a table with the same columns and indexes, no triggers."""
    columns = [field.column for field in StatementLine._meta.concrete_fields if not field.generated]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_line (LIKE loans_statementline INCLUDING ALL)")
        rows = list(lines.values_list(*columns))
        start = time.perf_counter()
        execute_values(
            cursor.cursor,
            f"INSERT INTO bare_line ({names}) OVERRIDING SYSTEM VALUE VALUES %s",  # noqa: S608
            rows,
            page_size=1_000,
        )
        took = time.perf_counter() - start
        cursor.execute("DROP TABLE bare_line")
    return took
