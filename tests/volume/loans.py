"""Parts of the bench about the fund: approvals of loans and guarantees that race for what suffices for a few."""

import queue
import statistics
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from centrum.kit.history import author
from centrum.kit.transitions import Refused
from loans import consistency, reviews
from loans.models import Guarantee, Loan
from tests.factories import guarantees
from tests.factories import loans as factories
from tests.factories import reviews as waiting
from tests.volume import submitting

AMOUNT, CAPITAL = Decimal(30_000), Decimal(1_000_000)
GUA_CAPITAL, GUA_MULTIPLIER = Decimal(400_000), Decimal("2.5")
CLIENTS = 50  # at one moment; the rest follow as they get free, for the server takes a hundred


def approving_part(say, size):
    """Confirmed decisions on a capital of 1,000,000, 30,000 each, beside bare SQL that does the same to bare tables.

    `say(name, value, unit)`; `size["approvals"]`: how many race.
    """
    count = size["approvals"]
    by, boss = factories.officer(), factories.manager()
    fund = factories.fund(CAPITAL, code="bench")
    decisions = [waiting.ready(AMOUNT, by=by, boss=boss, fund=fund) for _n in range(count)]
    passed, times, took = race(count, lambda n: _confirmed(decisions[n], by, boss))
    fund.refresh_from_db()
    fits = min(int(CAPITAL // AMOUNT), count)
    if (passed, Loan.objects.filter(fund=fund).count(), fund.committed) != (fits, fits, fits * AMOUNT):
        raise RuntimeError(f"{passed} approvals passed, {fund.committed} are promised")
    if found := consistency.differences(fund):
        raise RuntimeError(" ".join(found))
    say("approving.clients", CLIENTS, "clients")
    say("approving.asked", count, "approvals")
    say("approving.passed", passed, "approvals")
    say("approving.p50", statistics.median(times) * 1000, "ms")
    say("approving.p95", submitting.p95(times) * 1000, "ms")
    say("approving.all", count / took, "approvals/s")
    _beside("approving", say, count, fits, took, _BareFund(Loan, "PZ", CAPITAL, AMOUNT))


def guaranteeing_part(say, size):
    """The same of guarantees, on a capital of 400,000 that is guaranteed 2.5 times, each with its de minimis aid."""
    count = size["approvals"]
    by, boss = factories.officer(), factories.manager()
    fund = guarantees.fund(GUA_CAPITAL, multiplier=GUA_MULTIPLIER, client_cap=1, code="bench-por")
    decisions = [waiting.ready(AMOUNT, by=by, boss=boss, fund=fund, kind="guarantee") for _n in range(count)]
    passed, times, took = race(count, lambda n: _confirmed(decisions[n], by, boss))
    fund.refresh_from_db()
    limit = GUA_CAPITAL * GUA_MULTIPLIER
    fits = min(int(limit // AMOUNT), count)
    if (passed, Guarantee.objects.filter(fund=fund).count(), fund.gua_reserved) != (fits, fits, fits * AMOUNT):
        raise RuntimeError(f"{passed} guarantees passed, {fund.gua_reserved} are promised")
    if found := consistency.differences(fund):
        raise RuntimeError(" ".join(found))
    say("guaranteeing.clients", CLIENTS, "clients")
    say("guaranteeing.asked", count, "decisions")
    say("guaranteeing.passed", passed, "decisions")
    say("guaranteeing.p50", statistics.median(times) * 1000, "ms")
    say("guaranteeing.p95", submitting.p95(times) * 1000, "ms")
    say("guaranteeing.all", count / took, "decisions/s")
    _beside("guaranteeing", say, count, fits, took, _BareFund(Guarantee, "PR", limit, AMOUNT))


def _beside(name, say, count, fits, took, bare):
    """Print what bare SQL takes for the same, and how many times longer ours took."""
    passed, times, own = bare.race(count)
    if passed != fits:
        raise RuntimeError(f"{passed} bare approvals passed")
    say(f"{name}.postgresql.p95", submitting.p95(times) * 1000, "ms")
    say(f"{name}.ratio", took / own, "×")


def _confirmed(decision, by, boss):
    with author(command="bench"):
        try:
            reviews.confirm(decision.review.application, by=boss, decision=decision, officer=by)
        except Refused:
            return False
        return True


def race(count, one, *, clients=CLIENTS):
    """(how many of `count` calls of `one(number)` gave True, seconds of each, seconds of all), `clients` at a time."""
    waiting_, results, times, errors = queue.SimpleQueue(), [], [], []
    for number in range(count):
        waiting_.put(number)
    together = threading.Barrier(min(clients, count) + 1)

    def client():
        try:
            connection.ensure_connection()
            together.wait(timeout=60)
            while True:
                start = time.perf_counter()
                results.append(one(waiting_.get_nowait()))
                times.append(time.perf_counter() - start)
        except queue.Empty:
            pass
        except Exception as error:  # told by the bench, which then fails
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _n in range(min(clients, count))]
    for thread in threads:
        thread.start()
    together.wait(timeout=60)
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    if errors:
        raise errors[0]
    return results.count(True), times, took


_TABLES = """
    CREATE TABLE bare_fund (id int PRIMARY KEY, capital numeric(14, 2), committed numeric(14, 2) DEFAULT 0,
        CHECK (capital >= committed));
    CREATE TABLE bare_decision (id bigserial PRIMARY KEY, confirmed_at timestamptz);
    CREATE TABLE bare_granted (LIKE {table} INCLUDING INDEXES INCLUDING CONSTRAINTS);
    CREATE TABLE bare_entry (id bigserial PRIMARY KEY, key text UNIQUE, text text, at timestamptz);
    CREATE TABLE bare_line (entry_id bigint REFERENCES bare_entry, number int, account text, amount numeric(14, 2));
"""


@dataclass
class _BareFund:
    """The same by SQL alone: the fund's sum under its CHECK, the decision, what it grants (a row of `model` numbered
    in `series`), the entry and its two lines."""

    model: type
    series: str
    limit: Decimal
    amount: Decimal

    def race(self, count):
        columns = [field.column for field in self.model._meta.concrete_fields]
        own = {"id": "id * 100000 + %(n)s", "public_id": "gen_random_uuid()"}
        own |= {"number": f"'{self.series}/2026/' || (100000 + %(n)s)", "decision_id": "decision_id * 100000 + %(n)s"}
        copied = ", ".join(own.get(column, column) for column in columns)
        table = self.model._meta.db_table
        granted = f"INSERT INTO bare_granted ({', '.join(columns)}) SELECT {copied} FROM {table} LIMIT 1"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(_TABLES.format(table=table))
            cursor.execute("INSERT INTO bare_fund VALUES (1, %s)", [self.limit])
            cursor.execute("INSERT INTO bare_decision SELECT n FROM generate_series(0, %s) n", [count])
        clients = threading.local()

        def one(number):
            if not hasattr(clients, "cursor"):
                connection.ensure_connection()
                clients.cursor = connection.connection.cursor()
            return self._grant(clients.cursor, granted, {"n": number, "amount": self.amount})

        try:
            return race(count, one)
        finally:
            with closing(connection.cursor()) as cursor:
                cursor.execute("DROP TABLE bare_line, bare_entry, bare_granted, bare_decision, bare_fund")

    def _grant(self, cursor, granted, values):
        cursor.execute("BEGIN")
        try:
            cursor.execute("SELECT 1 FROM bare_decision WHERE id = %(n)s FOR NO KEY UPDATE", values)
            cursor.execute("UPDATE bare_decision SET confirmed_at = now() WHERE id = %(n)s", values)
            cursor.execute(granted, values)
            cursor.execute(
                "INSERT INTO bare_entry (key, text, at) VALUES (%(n)s::text, 'x', now()) RETURNING id", values
            )
            values["entry"] = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO bare_line VALUES (%(entry)s, 1, '992', %(amount)s), (%(entry)s, 2, '993', -%(amount)s)",
                values,
            )
            cursor.execute("UPDATE bare_fund SET committed = committed + %(amount)s WHERE id = 1", values)
        except connection.Database.IntegrityError:
            cursor.execute("ROLLBACK")
            return False
        cursor.execute("COMMIT")
        return True
