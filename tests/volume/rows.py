"""Rows by the hundred thousand, made inside PostgreSQL; the identifiers alone come from Python, for they are encrypted.

History and other triggers are off meanwhile: the figures are about reading.
"""

# ruff: noqa: S608 - the parts put in are the constants below

import datetime
import io
import itertools
from contextlib import contextmanager

from django.db import connection

from centrum.kit import crypto
from tests.factories import base as factories

FIRST = "Anna Maria Katarzyna Łucja Żaneta Jan Piotr Krzysztof Stanisław Świętopełk".split()
LAST = "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Źródlak Śliwa Żak Mazur".split()
PLACES = "Dobiegniew Drezdenko Gorzów Kostrzyn Witnica Sulęcin Słubice Skwierzyna Międzyrzecz Żary".split()
_UNIT = "CASE WHEN mod(n, 3) = 0 THEN %s ELSE %s END"  # a third belongs to the partner
DOMAINS = "poczta.example.org biuro.example.net lubuskie.example.com kooperatywa.example".split()
RARE = "Brzęczyszczykiewicz"  # one person, organisation, case and application in 50,000


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else None


@contextmanager
def bulk(*tables):
    """No triggers and no secondary indexes on `tables` while rows are written; statistics afterwards."""
    indexes = sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique AND NOT indisexclusion",
        list(tables),
    )
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name, _definition in indexes:
        sql(f"DROP INDEX {name}")
    yield
    sql("SET maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        sql(definition)
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        sql(f"ANALYZE {table}")


def base():
    """What the rows belong to and who looks at them: {name: pk}."""
    adviser, colleague, coordinator = (factories.user(role) for role in ("adviser", "adviser", "coordinator"))
    project = factories.project(staff=[adviser, colleague, coordinator])
    return {
        "unit": factories.unit().pk,
        "partner": factories.unit("partner").pk,
        "project": project.pk,
        "adviser": adviser.pk,
        "colleague": colleague.pk,
        "coordinator": coordinator.pk,
        "commune": factories.commune().pk,
    }


def _pick(names, salt):
    return f"(ARRAY{names!r})[1 + mod(hashint8(n * 31 + {salt})::bigint & 2147483647, {len(names)})]"


def _email():
    return f"substr(md5(n::text), 1, 10) || '@' || {_pick(DOMAINS, 4)}"


def _last_name():
    return f"CASE WHEN mod(n, 50000) = 7 THEN '{RARE}' ELSE {_pick(LAST, 2)} END"


def people(first, last, at):
    """People first…last, still without identifier."""
    with bulk("register_person", "register_person_units"):
        sql(
            f"""INSERT INTO register_person (id, public_id, first_name, last_name, sex, birth_date, identifier_kind,
                citizenship, education, country, phone, email, street, building, flat, postal_code, locality,
                locality_simc, commune_id, created_at)
            OVERRIDING SYSTEM VALUE
            SELECT n, gen_random_uuid(), {_pick(FIRST, 1)}, {_last_name()}, 'f', date '1984-05-14', 'none', 'pl',
                'isced_3_4', 'Polska', (600000000 + n)::text, {_email()}, 'Leśna', '1', '',
                '66-520', {_pick(PLACES, 3)}, '', %s, now()
            FROM generate_series(%s, %s) AS n""",
            at["commune"],
            first,
            last,
        )
        sql(
            "INSERT INTO register_person_units (person_id, unit_id)"
            f" SELECT n, {_UNIT} FROM generate_series(%s, %s) AS n",
            at["partner"],
            at["unit"],
            first,
            last,
        )
    sql("SELECT setval(pg_get_serial_sequence('register_person', 'id'), %s)", last)


def organisations(first, last, at):
    with bulk("register_organisation", "register_organisation_units"):
        sql(
            f"""INSERT INTO register_organisation (id, public_id, name, legal_form, pes_type, nip, regon, krs, phone,
                email, street, building, flat, postal_code, locality, locality_simc, commune_id, created_at)
            OVERRIDING SYSTEM VALUE
            SELECT n, gen_random_uuid(), 'Spółdzielnia Socjalna ' || {_last_name()} || ' ' || n, 'cooperative',
                'spoldzielnia_socjalna', (1000000000 + n)::text, '', '', (600000000 + n)::text,
                {_email()}, 'Leśna', '1', '', '66-520', {_pick(PLACES, 3)}, '', %s, now()
            FROM generate_series(%s, %s) AS n""",
            at["commune"],
            first,
            last,
        )
        sql(
            "INSERT INTO register_organisation_units (organisation_id, unit_id)"
            f" SELECT n, {_UNIT} FROM generate_series(%s, %s) AS n",
            at["partner"],
            at["unit"],
            first,
            last,
        )
    sql("SELECT setval(pg_get_serial_sequence('register_organisation', 'id'), %s)", last)


def applications(first, last, at):
    """Applications as years leave them: one in fifty new, one in fifty in verification, the rest decided."""
    with bulk("intake_application"):
        sql(
            f"""INSERT INTO intake_application (id, public_id, kind, state, submission_key, number, language, applicant,
                place, email, created_at, saved_at, submitted_at, request, decision_reason, unit_id, decided_at,
                decided_by_id)
            OVERRIDING SYSTEM VALUE
            SELECT n, gen_random_uuid(), 'person_support', state, gen_random_uuid(), 'WS/2026/' || n, 'pl',
                {_pick(FIRST, 1)} || ' ' || {_last_name()}, {_pick(PLACES, 3)}, {_email()},
                now(), now(), timestamptz '2024-01-01' + n * interval '1 minute', '',
                CASE WHEN state = 'rejected' THEN 'Poza terenem projektu.' ELSE '' END, {_UNIT},
                CASE WHEN state IN ('accepted', 'rejected') THEN now() END,
                CASE WHEN state IN ('accepted', 'rejected') THEN %s::bigint END
            FROM generate_series(%s, %s) AS n,
                LATERAL (SELECT CASE WHEN mod(n, 50) = 0 THEN 'submitted' WHEN mod(n, 50) = 1 THEN 'verification'
                    WHEN mod(n, 50) < 10 THEN 'rejected' ELSE 'accepted' END AS state) AS chosen""",
            at["partner"],
            at["unit"],
            at["coordinator"],
            first,
            last,
        )
    sql("SELECT setval(pg_get_serial_sequence('intake_application', 'id'), %s)", last)


def cases(first, last, at):
    """A case of each person first…last, as years leave them: one in ten open, one in 5,000 the adviser's."""
    with bulk("cases_case"):
        sql(
            f"""INSERT INTO cases_case (id, public_id, number, project_id, unit_id, person_id, adviser_id, client,
                state, opened_on, diagnosis, goal, plan_agreed_on, closed_on)
            OVERRIDING SYSTEM VALUE
            SELECT n, gen_random_uuid(), 'S/2026/' || n, %s, {_UNIT}, n,
                CASE WHEN mod(n, 5000) = 0 THEN %s ELSE %s END, {_pick(FIRST, 1)} || ' ' || {_last_name()}, state,
                date '2024-01-01' + mod(n, 1000)::integer, 'Diagnoza', 'Cel', date '2024-06-01',
                CASE WHEN state IN ('completed', 'resigned') THEN date '2026-10-01' END
            FROM generate_series(%s, %s) AS n,
                LATERAL (SELECT CASE WHEN mod(n, 40) = 0 THEN 'diagnosis' WHEN mod(n, 40) < 4 THEN 'active'
                    WHEN mod(n, 40) < 8 THEN 'resigned' ELSE 'completed' END AS state) AS chosen""",
            at["project"],
            at["partner"],
            at["unit"],
            at["adviser"],
            at["colleague"],
            first,
            last,
        )
    sql("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), %s)", last)


def services(count, at):
    """Approved services, each with its card whole, spread over the cases there are."""
    sql(
        """INSERT INTO cases_servicetype (code, "group", label, label_en, support_scope, support_kind,
            support_kind_detail, valid_from)
        SELECT 'bench', 'E', 'Doradztwo prawne', 'Legal advice', 'social_economy', 'advice', 'legal',
            date '2020-01-01' WHERE NOT EXISTS (SELECT FROM cases_servicetype WHERE code = 'bench')"""
    )
    with bulk("cases_service"):
        sql(
            """INSERT INTO cases_service (public_id, number, case_id, service_type_id, adviser_id, adviser_job,
                budget_line, form, place, date, starts_at, ends_at, hour_kind, topic, course, recommendations,
                next_step, travel_minutes, state, objection, confirmed_at, confirmed_by, confirmed_how, approved_at,
                approved_by_id, created_at)
            SELECT gen_random_uuid(), 'KU/2026/' || n,
                (SELECT min(id) FROM cases_case) + mod(n, (SELECT count(*) FROM cases_case)),
                (SELECT min(id) FROM cases_servicetype WHERE code = 'bench'), %s, 'doradca kluczowy', 'Zadanie 2',
                'in_person', 'biuro', date '2024-01-02' + mod(n, 900)::integer, time '09:00', time '10:30', 60,
                'Statut', 'Omówienie; zmiany', '', '', 0, 'approved', '', now(), 'Anna Nowak', 'link',
                now(), %s, now()
            FROM generate_series(1, %s) AS n""",
            at["adviser"],
            at["coordinator"],
            count,
        )


def identify(first, last):
    """Give people first…last a valid invented PESEL, encrypted and hashed as the register does."""
    rows = io.StringIO()
    days = itertools.cycle(datetime.date(1950, 1, 1) + datetime.timedelta(days=n) for n in range(20_000))
    for n in range(first, last + 1):
        number = factories.pesel(next(days), serial=n // 20_000)
        cipher = crypto.encrypt(number, purpose="person.identifier").hex()
        index = crypto.blind_index(f"pesel:{number}", purpose="person.identifier").hex()
        rows.write(f"{n},\\x{cipher},\\x{index}\n")
    rows.seek(0)
    with bulk("register_person"):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE given (id bigint, cipher bytea, index bytea)")
            cursor.copy_expert("COPY given FROM STDIN (FORMAT csv)", rows)
        sql(
            "UPDATE register_person SET identifier_kind = 'pesel', identifier_cipher = given.cipher,"
            " identifier_index = given.index FROM given WHERE given.id = register_person.id"
        )
        sql("DROP TABLE given")
    sql("VACUUM ANALYZE register_person")


def participations(first, last, at):
    """People first…last in the project, with the five sensitive answers."""
    with bulk("reporting_participation", "reporting_participationsensitive"):
        sql(
            f"""INSERT INTO reporting_participation (id, project_id, person_id, state, kind, institution_name,
                technical_id, citizenship, age_at_entry, education, country, voivodeship, county, commune, locality,
                postal_code, degurba, starts_on, labour_status, labour_status_detail, exit_situation, remarks,
                scope_once, details_blank, entered_at)
            OVERRIDING SYSTEM VALUE
            SELECT n, %s, n, 'entered', 'individual', '', '', 'pl', 40, 'isced_3_4', 'Polska', 'lubuskie',
                'strzelecko-drezdenecki', 'Dobiegniew', {_pick(PLACES, 3)}, '66-520', '3',
                date '2024-01-02' + mod(n, 700)::integer, 'inactive', 'not_in_education', '', '', false, false, now()
            FROM generate_series(%s, %s) AS n""",
            at["project"],
            first,
            last,
        )
        sql(
            "INSERT INTO reporting_participationsensitive SELECT n, 'no', 'no', 'refused', 'no', 'yes'"
            " FROM generate_series(%s, %s) AS n",
            first,
            last,
        )
    sql("SELECT setval(pg_get_serial_sequence('reporting_participation', 'id'), %s)", last)


def supports(first, last, each):
    with bulk("reporting_support"):
        sql(
            """INSERT INTO reporting_support (participation_id, scope, kind, detail, starts_on, minutes, source,
                source_id, approved_on)
            SELECT n, 'social_economy', (ARRAY['advice', 'training', 'active_integration'])[1 + mod(k, 3)],
                (ARRAY['', 'legal', 'psychological'])[1 + mod(k, 3)], date '2026-01-01' + k, 90, 'bench', n * 100 + k,
                date '2026-03-01'
            FROM generate_series(%s, %s) AS n, generate_series(1, %s) AS k""",
            first,
            last,
            each,
        )


def partnerships(first, last, bodies, at):
    """Partnerships first…last, each with 6 of the thousand organisations from `bodies` on, and 4 meetings at which 8
    of the thousand people from there on were."""
    tables = ("partnership", "membership", "meeting", "invitation")
    with bulk(*(f"partners_{table}" for table in tables)):
        sql(
            f"""INSERT INTO partners_partnership (id, public_id, name, kind, purpose, state, unit_id, coordinator_id,
                founded_on, public, created_at)
            OVERRIDING SYSTEM VALUE
            SELECT n, gen_random_uuid(), 'Partnerstwo ' || {_last_name()} || ' ' || n, 'local', 'Razem', 'active',
                {_UNIT}, %s, date '2024-01-15', true, timestamptz '2024-01-15'
            FROM generate_series(%s, %s) AS n""",
            at["partner"],
            at["unit"],
            at["coordinator"],
            first,
            last,
        )
        sql(
            """INSERT INTO partners_membership (partnership_id, organisation_id, role, valid_from, leaving, noted_at)
            SELECT n, %s + mod(n * 7 + k, 1000), 'partner', date '2024-01-15', '', now()
            FROM generate_series(%s, %s) AS n, generate_series(1, 6) AS k""",
            bodies,
            first,
            last,
        )
        sql(
            """INSERT INTO partners_meeting (id, public_id, partnership_id, kind, title, agenda, place, led_by,
                starts_at, ends_at, state, revision, created_at)
            OVERRIDING SYSTEM VALUE
            SELECT n * 4 + k, gen_random_uuid(), n, 'meeting', 'Spotkanie', '', 'Dobiegniew', '',
                timestamptz '2024-03-01' + k * interval '90 days',
                timestamptz '2024-03-01' + k * interval '90 days' + interval '2 hours', 'held', 0, now()
            FROM generate_series(%s, %s) AS n, generate_series(0, 3) AS k""",
            first,
            last,
        )
        sql(
            """INSERT INTO partners_invitation (public_id, meeting_id, person_id, answer, answered_at, attended)
            SELECT gen_random_uuid(), n * 4 + k, %s + mod(n * 11 + p, 1000), 'yes', now(), mod(p, 4) > 0
            FROM generate_series(%s, %s) AS n, generate_series(0, 3) AS k, generate_series(1, 8) AS p""",
            bodies,
            first,
            last,
        )
