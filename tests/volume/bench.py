"""`make bench`: figures on rows made here, each beside PostgreSQL's own work in the same run.

Prints `name value unit` a line. Works in a database of its own on the configured server, dropped at the end.
Options: `--rows small` (or BENCH_ROWS=small) for a quick run; names of parts to run only those.
"""

# ruff: noqa: E402 - Django needs its settings first; the parts put into SQL are constants

import argparse
import datetime
import io
import os
import re
import statistics
import sys
import threading
import time
import traceback
from contextlib import closing, contextmanager
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import pgtrigger
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from centrum.cases.models import Case
from centrum.intake.models import Application
from centrum.kit import exports, lists
from centrum.kit.clock import today
from centrum.kit.exports import Since
from centrum.kit.history import author
from centrum.register.models import Organisation, Person
from centrum.reporting.importing.writing import import_participants
from centrum.reporting.models import Project
from centrum.staff.models import User
from loans import schedule, turnovers
from loans.models import Fund, Loan
from partners.models import Partnership
from tests.factories import base as factories
from tests.factories import reporting as participants
from tests.factories import trainings
from tests.volume import aid, loan_pages, loans, repaying, rows, statements, submitting
from trainings.models import Enrolment

MIGRATED, DATABASE = "centrum_bench_migrated", "centrum_bench"  # what each part begins with, and what it fills
SIZES = {
    "full": {
        "participants": 20_000,
        "services": 200_000,
        "imported": 10_000,
        "lists": (100_000, 1_000_000),
        "partnerships": 2_000,
        "loans": 100_000,
        "enrolling": 50,
        "approvals": 1_000,
        "aid": (50, 1_000, 100),
        "repayments": 2_000,
        "lent": 100,
        "statement_lines": 10_000,
        "statement_payments": 500,
        "clients": 20,
        "lasting": 60,
    },
    "small": {
        "participants": 1_000,
        "services": 5_000,
        "imported": 300,
        "lists": (2_000, 5_000),
        "partnerships": 100,
        "loans": 2_000,
        "enrolling": 5,
        "approvals": 60,
        "aid": (50, 1_000, 20),
        "repayments": 40,
        "lent": 5,
        "statement_lines": 500,
        "statement_payments": 20,
        "clients": 4,
        "lasting": 5,
    },
}
RUNS = 3  # of a long job; the middle one is told
LOANS = 40  # whose pages are opened
REQUESTS = 12  # of a page, after one that fills the caches


def say(name, value, unit):
    shown = value if isinstance(value, int) else f"{value:.4g}"
    sys.stdout.write(f"{name} {shown} {unit}\n")
    sys.stdout.flush()


def middle(job):
    """Seconds of the middle one of RUNS runs."""
    return statistics.median(seconds(job) for _ in range(RUNS))


def seconds(job):
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def extra_memory(job):
    """MB by which the process grew at most while the job ran (Linux)."""
    status = Path("/proc/self/status")

    def held(name):
        return int(re.search(rf"{name}:\s+(\d+)", status.read_text())[1]) / 1024

    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = held("VmRSS")
    job()
    return max(held("VmHWM") - before, 0.0)


class Sink:
    """Where COPY's own work goes."""

    def write(self, data):
        pass


def copy_out(select):
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT csv, DELIMITER ';')", Sink())


@contextmanager
def scratch_database(name, *, like="template1"):
    """A database for what follows, a copy of another one, gone afterwards."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


# Exports

# The same rows of the same tables as they are stored, the supports in one list: what any export must at least read.
PLAIN = """
    SELECT participation.*, person.*, sensitive.*, given.*
    FROM reporting_participation participation
    JOIN register_person person ON person.id = participation.person_id
    LEFT JOIN reporting_participationsensitive sensitive ON sensitive.participation_id = participation.id
    JOIN (
        SELECT participation_id, string_agg(scope, '|'), string_agg(kind, '|'), string_agg(detail, '|'),
            string_agg(starts_on::text, '|')
        FROM reporting_support GROUP BY participation_id
    ) given ON given.participation_id = participation.id
"""


def measure_export(name, profile, project, plain=None):
    profile = exports.find(profile)

    def run():
        exports.export(profile, project=project, day=today(), by=None, reason="bench").file.close()

    def same():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
            resource = profile.resource(today())
            compiled = exports._compile(cursor, profile.rows(project, today(), None), resource)
            copy_out(exports._lines(compiled, resource, profile))

    run()
    same()
    taken, copy = middle(run), middle(same)
    say(f"{name}.time", taken, "s")
    say(f"{name}.copy", copy, "s")
    say(f"{name}.ratio", taken / copy, "×")
    if plain:
        say(f"{name}.ratio_to_plain_columns", taken / middle(lambda: copy_out(plain)), "×")
    say(f"{name}.memory", extra_memory(run), "MB")
    with CaptureQueriesContext(connection) as queries:
        run()
    say(f"{name}.queries", len(queries) + 1, "queries")  # COPY goes past Django


def export_part(at, size):
    count = size["participants"]
    rows.people(1, count, at)
    rows.identify(1, count)
    rows.participations(1, count, at)
    rows.supports(1, count, 5)
    project = Project.objects.get(pk=at["project"])
    measure_export(f"export_{count}_participants", "smefs_participants", project, PLAIN)
    rows.cases(1, count, at)
    rows.services(size["services"], at)
    measure_export(f"export_{size['services']}_services", "services_register", project, "SELECT * FROM cases_service")


# Import


# What an import writes, in the order of the references.
WRITTEN = (
    "register_person",
    "register_person_units",
    "register_personsensitive",
    "reporting_participation",
    "reporting_participationsensitive",
    "reporting_support",
)


def import_part(at, size):
    count = size["imported"]
    project = factories.project(number="FELB.06.10-IZ.00-0008/24")
    born = datetime.date(1950, 1, 1)
    file = participants.smefs_file(
        *(
            participants.row(
                birth=born + datetime.timedelta(days=n % 20_000),
                project_no=project.number,
                support_scope="|".join(["Wsparcie ekonomii społecznej"] * 2),
                support_kind="doradztwo/konsultacje|krajowe szkolenie/kurs",
                support_kind_detail="doradztwo/ pomoc prawna|",
                support_start="2025-03-03|2025-03-10",
            )
            for n in range(count)
        )
    )
    taken = []

    def run():
        import_participants(by=None, project=project, content=file, file_name="bench.csv")

    empty()
    memory = extra_memory(lambda: taken.append(seconds(run)))
    again = seconds(run)
    plain = middle(lambda: copy_into_text(file))
    tables = statistics.median(copy_tables_again() for _ in range(RUNS))
    say(f"import_{count}_participants.time", taken[0], "s")
    say(f"import_{count}_participants.copy_to_these_tables", tables, "s")
    say(f"import_{count}_participants.ratio", taken[0] / tables, "×")
    say(f"import_{count}_participants.copy_to_a_plain_table", plain, "s")
    say(f"import_{count}_participants.ratio_to_plain", taken[0] / plain, "×")
    say(f"import_{count}_participants.memory", memory, "MB")
    say(f"import_{count}_participants.again", again, "s")


def empty():
    """The CASCADE comes by the ledger as well, which is empty and forbids it."""
    with pgtrigger.ignore("loans.Entry:not_truncated", "loans.Line:not_truncated"):
        rows.sql(f"TRUNCATE {', '.join(WRITTEN)} CASCADE")


def copy_into_text(file):
    """The file as it is into a table of texts without index or constraint."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain ({', '.join(f'c{n} text' for n in range(43))})")
        cursor.copy_expert("COPY plain FROM STDIN (FORMAT csv, HEADER, DELIMITER ';')", io.BytesIO(file))
        cursor.execute("DROP TABLE plain")


def copy_tables_again():
    """Seconds that PostgreSQL takes to COPY the imported rows back, with their indexes, constraints and history."""
    kept = {}
    with connection.cursor() as cursor:
        for table in WRITTEN:
            kept[table] = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", kept[table])
            kept[table].seek(0)
    empty()

    def copy():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),"
                " set_config('pghistory.context_metadata', '{}', true)"
            )
            for table in WRITTEN:
                cursor.copy_expert(f"COPY {table} FROM STDIN", kept[table])

    return seconds(copy)


# Lists

FIRST = 10_000_001  # number of the first row of the lists; the rows of the other parts stay far below

# address, model, its column and name of the order, a filter, and the column by which one row is looked for
LISTS = {
    "applications": ("inbox:list", Application, "submitted_at", "newest", "state=verification", "email"),
    "cases": ("cases:list", Case, "opened_on", "new", "state=active", "number"),
    "people": ("register:people", Person, "sort", "name", "commune={commune}", "email"),
    "organisations": ("register:organisations", Organisation, "sort", "name", "commune={commune}", "nip"),
    "partnerships": ("partners:list", Partnership, "sort", "name", "state=active", "name"),
    "loans": ("loans:loans", Loan, "outstanding", "-balance", "state=before", "number"),
}


def addresses(name, at, pk):
    """{what is asked: address} of a list; `pk`: of a row in its midst."""
    url, model, column, order, chosen, one = LISTS[name]
    url = reverse(url)
    row = model.objects.get(pk=pk)
    place = lists._token(row, lists.Order(column))
    return {
        "first": url,
        "filtered": f"{url}?{chosen.format(**at)}",
        "all": f"{url}?state=all",
        "frequent": f"{url}?state=all&q=nowak",
        "rare": f"{url}?state=all&q=brzeczyszcz",
        "none": f"{url}?state=all&q=qwxzqw",
        "one": f"{url}?state=all&q={getattr(row, one)}",
        "deep": f"{url}?state=all&order={order}&after={place}",
    }


def measure_list(name, at, count, *, readers=("coordinator", "adviser"), first=FIRST):
    """`readers`: one who sees all units, and one who sees only their own; `first`: key of the first row."""
    times, most, worst = [], 0, (0.0, "", [])
    for who in readers:
        client = Client()
        client.force_login(User.objects.get(pk=at[who]))
        for asked, address in addresses(name, at, first + count // 2).items():
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
            sql = [query["sql"] for query in queries.captured_queries]
            if status != 200:
                raise RuntimeError(f"{address} answers {status}")
            taken = [
                seconds(lambda client=client, address=address: client.get(address)) * 1000 for _ in range(REQUESTS)
            ]
            times += taken
            most = max(most, len(sql))
            usual = statistics.median(taken)
            say(f"{name}_{count}.{who}.{asked}", usual, "ms")
            worst = max(worst, (usual, f"{who}.{asked}", sql))
    own = middle(lambda: replay(worst[2])) * 1000
    say(f"{name}_{count}.p50", statistics.median(times), "ms")
    say(f"{name}_{count}.p95", statistics.quantiles(times, n=20)[-1], "ms")
    say(f"{name}_{count}.queries", most, "queries")
    say(f"{name}_{count}.slowest.{worst[1]}", worst[0], "ms")
    say(f"{name}_{count}.slowest.postgresql", own, "ms")
    say(f"{name}_{count}.slowest.ratio", worst[0] / own, "×")


def replay(statements):
    """The queries of a page on a bare cursor: PostgreSQL's own work."""
    with connection.connection.cursor() as cursor:
        for statement in statements:
            if statement.startswith("SELECT"):
                cursor.execute(statement)
                cursor.fetchall()


def lists_part(at, size):
    first = FIRST
    for count in size["lists"]:
        last = FIRST + count - 1
        for make in (rows.people, rows.organisations, rows.applications, rows.cases):
            make(first, last, at)
        first = last + 1
        for name in ("applications", "cases", "people", "organisations"):
            measure_list(name, at, count)


def partnerships_part(at, size):
    """The registry and the report for ROPS; a partnership has 6 members and 4 meetings with 8 people each."""
    count = size["partnerships"]
    first = FIRST - 100_000  # their organisations and people, below those of the lists
    for make in (rows.people, rows.organisations):
        make(first, first + 999, at)
    rows.partnerships(FIRST, FIRST + count - 1, first, at)
    measure_list("partnerships", at, count)
    since = Since(datetime.date(2024, 1, 1))
    measure_export(f"report_of_{count}_partnerships", "partnerships_report", since)


# Loans


def loans_part(at, size):
    """The list and the page of a loan, the fund as a whole, and a schedule of 84 rows."""
    count = size["loans"]
    first = FIRST + 2_000_000  # their organisations, beyond those of the lists
    last = first + count - 1
    rows.organisations(first, last, at)
    loan_pages.loans(first, last, at)
    at = at | loan_pages.readers(at)
    measure_list("loans", at, count, readers=("officer", "partner"), first=first)
    measure_loans(at, loan_pages.pages(last, LOANS))
    measure_dashboard(at, count)
    measure_schedule()
    repaying.accruing(say, Fund.objects.get(code="bench-pages"))


def measure_dashboard(at, count):
    """The page of the fund as a whole, and those of its parts that it draws in."""
    turnovers.keep(Fund.objects.get(code=loan_pages.FUND), today() - datetime.timedelta(days=1))
    client = Client()
    client.force_login(User.objects.get(pk=at["officer"]))
    for name in ("dashboard", "dashboard-forecast", "dashboard-vintages", "dashboard-largest", "dashboard-effects"):
        address = f"{reverse(f'loans:{name}')}?fund={loan_pages.FUND}"
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")
        sql = [query["sql"] for query in queries.captured_queries]
        taken = [seconds(lambda address=address: client.get(address)) * 1000 for _ in range(REQUESTS)]
        own = middle(lambda sql=sql: replay(sql)) * 1000
        say(f"{name}_{count}.p50", statistics.median(taken), "ms")
        say(f"{name}_{count}.p95", statistics.quantiles(taken, n=20)[-1], "ms")
        say(f"{name}_{count}.queries", len(sql), "queries")
        say(f"{name}_{count}.ratio", statistics.median(taken) / own, "×")


def measure_loans(at, loans):
    client = Client()
    client.force_login(User.objects.get(pk=at["officer"]))
    times, most, slowest = [], 0, (0.0, [])
    for loan in loans:
        address = reverse("loans:loan", args=[loan.public_id])
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address).status_code
        sql = [query["sql"] for query in queries.captured_queries]
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")
        most = max(most, len(sql))
        taken = [seconds(lambda address=address: client.get(address)) * 1000 for _ in range(RUNS)]
        times += taken
        slowest = max(slowest, (statistics.median(taken), sql))
    own = middle(lambda: replay(slowest[1])) * 1000
    say("loan_page.p50", statistics.median(times), "ms")
    say("loan_page.p95", statistics.quantiles(times, n=20)[-1], "ms")
    say("loan_page.queries", most, "queries")
    say("loan_page.slowest", slowest[0], "ms")
    say("loan_page.slowest.postgresql", own, "ms")
    say("loan_page.slowest.ratio", slowest[0] / own, "×")


def measure_schedule():
    """A schedule of 84 rows beside its bare arithmetic and beside PostgreSQL, which only writes them down."""
    jobs = {"time": lambda: schedule.build(loan_pages.TERMS), "arithmetic": loan_pages.arithmetic}
    jobs["insert"] = loan_pages.inserting()
    taken = {name: statistics.median(seconds(job) for _ in range(100)) * 1000 for name, job in jobs.items()}
    for name, usual in taken.items():
        say(f"schedule_84.{name}", usual, "ms")
    for name in ("arithmetic", "insert"):
        say(f"schedule_84.ratio_to_{name}", taken["time"] / taken[name], "×")


# Applications


def submitting_part(at, size):
    """Visitors on two workers; beside them the same rows written by PostgreSQL alone, a transaction each."""
    before = Application.objects.exclude(number=None).count()
    times, took = submitting.run(DATABASE, size["clients"], size["lasting"])
    sent = Application.objects.exclude(number=None)
    made = sent.count() - before
    say("submitting.clients", size["clients"], "clients")
    say("submitting.accepted", len(times) / took, "applications/s")
    say("submitting.send.p50", statistics.median(times) * 1000, "ms")
    say("submitting.send.p95", submitting.p95(times) * 1000, "ms")
    numbers = set(sent.values_list("number", flat=True))
    say("submitting.duplicates", made - len(times) + sent.count() - len(numbers), "applications")
    own = insert_again(sent.order_by("-pk")[: len(times)])
    say("submitting.postgresql", own, "applications/s")
    say("submitting.ratio", own * took / len(times), "×")


def insert_again(applications):
    """Applications a second that PostgreSQL takes when their rows are inserted anew, each in its own transaction."""
    keys = [application.pk for application in applications]
    columns = [f.column for f in Application._meta.concrete_fields if not f.generated]
    kept = ", ".join("gen_random_uuid()" if c in ("public_id", "submission_key") else c for c in columns[1:])
    kept = kept.replace("number,", "number || '-' || id,", 1)
    names = ", ".join(columns[1:])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_application DISABLE TRIGGER USER")
        taken = seconds(
            lambda: [
                cursor.execute(
                    f"INSERT INTO intake_application ({names}) SELECT {kept} FROM intake_application WHERE id = %s",  # noqa: S608
                    [key],
                )
                for key in keys
            ]
        )
        cursor.execute("ALTER TABLE intake_application ENABLE TRIGGER USER")
    return len(keys) / taken


# Enrolment


def enrolling_part(at, size):
    """Visitors who click at one moment for one last seat; beside them as many bare transactions at one moment."""
    event = trainings.event(seats=1)
    times = submitting.enrol_at_once(DATABASE, event, size["enrolling"])
    states = list(Enrolment.objects.filter(event=event).order_by("pk").values_list("state", flat=True))
    if states != ["seated"] + ["reserve"] * (size["enrolling"] - 1):
        raise RuntimeError(f"one seat went to {states.count('seated')} of {len(states)}")
    say("enrolling.clients", size["enrolling"], "clients")
    say("enrolling.send.p50", statistics.median(times) * 1000, "ms")
    say("enrolling.send.p95", submitting.p95(times) * 1000, "ms")
    own = enrol_again(event, size["enrolling"])
    say("enrolling.postgresql.p95", submitting.p95(own) * 1000, "ms")
    say("enrolling.ratio", submitting.p95(times) / submitting.p95(own), "×")


def enrol_again(event, clients):
    """Seconds of each of `clients` transactions that lock the event and insert a row like its first, at one moment."""
    columns = [f.column for f in Enrolment._meta.concrete_fields if not f.generated and f.column != "id"]
    own = {"public_id": "gen_random_uuid()", "last_name": "last_name || %s", "state": "'reserve'"}
    copied = ", ".join(own.get(column, column) for column in columns)
    insert = f"INSERT INTO trainings_enrolment ({', '.join(columns)}) SELECT {copied} FROM trainings_enrolment"  # noqa: S608
    first = Enrolment.objects.filter(event=event).earliest("pk").pk
    times, together = [], threading.Barrier(clients)

    def one(number):
        with closing(connection.copy()) as mine, mine.cursor() as cursor:
            together.wait(timeout=30)
            start = time.perf_counter()
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true)")
            cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
            cursor.execute("SELECT 1 FROM trainings_event WHERE id = %s FOR NO KEY UPDATE", [event.pk])
            cursor.execute(f"{insert} WHERE id = %s", [f"-{number}", first])
            cursor.execute("COMMIT")
            times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


PARTS = {
    "submitting": submitting_part,
    "enrolling": enrolling_part,
    "approving": lambda _at, size: loans.approving_part(say, size),
    "aid_room": lambda _at, size: aid.room_part(say, size),
    "guaranteeing": lambda _at, size: loans.guaranteeing_part(say, size),
    "export": export_part,
    "import": import_part,
    "lists": lists_part,
    "partnerships": partnerships_part,
    "repaying": lambda at, size: repaying.repaying_part(at, size, say),
    "statements": lambda at, size: statements.statements_part(at, size, say, extra_memory),
    "loans": loans_part,
}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.volume.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of: {', '.join(PARTS)}; all without any")
    parser.add_argument("--rows", choices=SIZES, default=os.environ.get("BENCH_ROWS", "full"))
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown or asked.rows not in SIZES:
        parser.error(f"unknown: {', '.join(unknown) or asked.rows}")
    failed = False
    with scratch_database(MIGRATED), translation.override("pl"), author(command="bench"):
        say("migrations_from_zero", seconds(lambda: call_command("migrate", verbosity=0)), "s")
        at = rows.base()
        for name, part in PARTS.items():
            if not asked.parts or name in asked.parts:
                try:
                    with scratch_database(DATABASE, like=MIGRATED):
                        part(at, SIZES[asked.rows])
                except Exception:
                    # the other figures are still wanted; the exit code tells
                    traceback.print_exc()
                    failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
