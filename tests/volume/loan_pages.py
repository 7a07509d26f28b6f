"""Loans by the hundred thousand for `bench`, made inside PostgreSQL, and the schedule that is measured there."""

# ruff: noqa: S608 - the parts put in are the constants below

import datetime
from decimal import Decimal

from django.db import connection

from centrum.kit import clock, files
from centrum.register.models import Organisation
from centrum.staff.models import User
from loans import schedule
from loans.models import Account, BankOrder, Fund, Loan, Product, ScheduleRow, ScheduleVersion
from tests.factories import base as factories
from tests.factories import loans as make
from tests.factories.files import upload
from tests.volume.rows import _UNIT, bulk, sql

TERMS = schedule.Terms(
    tranches=((datetime.date(2026, 11, 30), Decimal(500_000)),),
    dues=schedule.due_days(datetime.date(2026, 12, 31), 84, anchor=31),
    rates=((None, Decimal("0.038")),),
    method=schedule.ANNUITY,
    grace=12,
    business=schedule.FOLLOWING,
)
FUND = "bench-pages"
# of a hundred loans four are on their way, three have lapsed, the others are paid out
_STATE = """CASE mod(n, 100) WHEN 0 THEN 'approved' WHEN 1 THEN 'drawn' WHEN 2 THEN 'signed' WHEN 3 THEN 'ready'
    WHEN 4 THEN 'lapsed' WHEN 5 THEN 'lapsed' WHEN 6 THEN 'lapsed' ELSE 'active' END"""
_ACTIVE = "mod(n, 100) > 6"
_DRAWN = "mod(n, 100) NOT IN (0, 4, 5, 6)"
_SIGNED = "mod(n, 100) NOT IN (0, 1, 4, 5, 6)"
_AMOUNT = "(10000 + mod(n * 37, 400000))::numeric"
_MONTHS = "(12 + mod(n, 73))"
_DAY = "date '2024-01-02' + mod(n * 7, 1000)::integer"
TABLES = (
    "intake_application",
    *(
        f"loans_{name}"
        for name in (
            "loanapplication", "loanpurchase", "plannedjob", "review", "decision", "loan", "loanrate", "security",
            "tranche", "settlement", "entry", "line", "scheduleversion", "schedulerow", "telling",
        )
    ),
    "kit_statechange",
)  # fmt: skip


def readers(at):
    """Who looks at the lists: somebody of the lead, and of a partner who has a third of the loans."""
    partner = factories.user("loan_officer", unit_=factories.unit("partner", "bench"))
    partner.unit_id = at["partner"]
    partner.save()
    return {"officer": factories.user("loan_officer").pk, "partner": partner.pk}


def loans(first, last, at):
    """Loans first…last of the organisations with the same keys, each signed one with a schedule of 12 to 84 rows,
    each paid out one with its tranche, its settlement, its entries, two of them repayments, its changes of state, and
    what was told of it three times: fifteen of a hundred are late."""
    fund = Fund.objects.create(code=FUND, name="Fundusz")
    person = factories.person(with_pesel=False).pk
    accounts = Account.objects.in_bulk(["130", "211", "212", "992", "993"], field_name="code")
    keys = {code: account.pk for code, account in accounts.items()}
    of = {"product": Product.objects.get(code="fers-rozwoj").pk, "fund": fund.pk, "person": person, "first": first}
    of |= {"last": last, "by": at["adviser"], "boss": at["coordinator"], "unit": at["unit"], "partner": at["partner"]}
    of |= {"account": make.account(Organisation.objects.get(pk=first)).pk, "order": _order(fund, at).pk}
    of |= {"today": clock.today()}
    unit = _UNIT % ("%(partner)s", "%(unit)s")
    with bulk(*TABLES):
        for statement in (
            _of_applications(unit),
            _of_loans(unit),
            *_of_ledger(keys),
            _of_payouts(),
            _of_schedules(_SIGNED),
            _TELLINGS,
        ):
            for part in statement.split(";\n"):
                run(part, of)
        for moves in _MOVES:
            run(_changes(*moves), of)
    with bulk("loans_fund"):
        sql(
            """UPDATE loans_fund SET (capital, committed, outstanding) = (SELECT sum(amount) * 2, sum(committed),
                sum(outstanding) FROM loans_loan WHERE fund_id = %s) WHERE id = %s""",
            fund.pk,
            fund.pk,
        )
    for table in ("loan", "entry", "scheduleversion", "tranche", "decision", "review"):
        sql(f"SELECT setval(pg_get_serial_sequence('loans_{table}', 'id'), (SELECT max(id) FROM loans_{table}))")


def _order(fund, at):
    """A file for the bank in which all tranches are."""
    file = files.store(upload(), by=User.objects.get(pk=at["coordinator"]))
    return BankOrder.objects.create(
        number="ZP/2024/0001", fund=fund, transfers=1, total=1, file=file, by_id=at["coordinator"], at=clock.now()
    )


def run(statement, of):
    with connection.cursor() as cursor:
        cursor.execute(statement, of)


_EACH = "FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n"


def _of_applications(unit):
    return f"""
        INSERT INTO intake_application (id, public_id, kind, state, submission_key, number, language, applicant, place,
            email, created_at, saved_at, submitted_at, request, decision_reason, unit_id, decided_at, decided_by_id)
        OVERRIDING SYSTEM VALUE
        SELECT n, gen_random_uuid(), 'loan', 'accepted', gen_random_uuid(), 'WPZ/2026/' || n, 'pl', name, locality,
            'zuraw@example.org', now(), now(), {_DAY} - interval '20 days', '', '', {unit}, now(), %(boss)s
        {_EACH} JOIN register_organisation ON register_organisation.id = n;
        INSERT INTO loans_loanapplication (application_id, complete, product_id, amount, months, grace, method, purpose,
            spent_by, name, pes_type, legal_form, nip, krs, begun_on, size, staff, vat_payer, street, building, flat,
            postal_code, locality, contact_first_name, contact_last_name, contact_role, email, phone, market, income,
            costs, repaid_from, security, arrears, in_difficulty, recovery_order, had_de_minimis)
        SELECT n, true, %(product)s, {_AMOUNT}, {_MONTHS}, 6, 'annuity', 'Kuchnia', date '2027-06-30', name,
            'spoldzielnia_socjalna', 'cooperative', nip, '', date '2020-01-01', 'micro', 6, 'yes', 'Leśna', '1', '',
            '66-520', locality, 'Jan', 'Łąka', 'prezes', 'zuraw@example.org', '', 'Obiady', 400000, 350000, 'Umowy',
            'Weksel', 'no', 'no', 'no', 'no'
        {_EACH} JOIN register_organisation ON register_organisation.id = n;
        INSERT INTO loans_loanpurchase (answers_id, what, kind, cost, from_loan)
        SELECT n, 'piec', CASE WHEN mod(n, 3) = 0 THEN 'working' ELSE 'assets' END, {_AMOUNT}, {_AMOUNT} {_EACH};
        INSERT INTO loans_plannedjob (answers_id, position, posts, since, at_risk)
        SELECT n, 'kucharka', 0.5, {_DAY} + 90, CASE WHEN mod(n, 2) = 0 THEN 'yes' ELSE 'no' END {_EACH};
        INSERT INTO loans_review (id, application_id, fund_id, state, round) OVERRIDING SYSTEM VALUE
        SELECT n, n, %(fund)s, 'approved', 1 {_EACH};
        INSERT INTO loans_decision (id, review_id, round, verdict, reasons, organisation_id, person_id, product_id,
            amount, months, grace, method, new_job, conditions, prepared_by_id, prepared_at, confirmed_by_id,
            confirmed_at, sent_back_because, credit_kind)
        OVERRIDING SYSTEM VALUE
        SELECT n, n, 1, 'approve', 'Umowy', n, %(person)s, %(product)s, {_AMOUNT}, {_MONTHS}, 6, 'annuity', false, '',
            %(by)s, now(), %(boss)s, now(), '', '' {_EACH}"""


def _of_loans(unit):
    return f"""
        INSERT INTO loans_loan (id, public_id, number, decision_id, fund_id, product_id, organisation_id, person_id,
            unit_id, officer_id, amount, months, grace, method, day_count, new_job, state, granted_on, sign_by,
            drawn_on, signed_on, due_day, first_due, committed, paid_out, outstanding)
        OVERRIDING SYSTEM VALUE
        SELECT n, gen_random_uuid(), 'PZ/2026/' || n, n, %(fund)s, %(product)s, n, %(person)s, {unit}, %(by)s,
            {_AMOUNT}, {_MONTHS}, 6, 'annuity', '{schedule.ACT_365F}', false, {_STATE}, {_DAY}, {_DAY} + 60,
            CASE WHEN {_DRAWN} THEN {_DAY} + 5 END, CASE WHEN {_SIGNED} THEN {_DAY} + 9 END,
            CASE WHEN {_DRAWN} THEN 15 END, CASE WHEN {_DRAWN} THEN {_DAY} + 40 END,
            CASE WHEN {_ACTIVE} OR {_STATE} = 'lapsed' THEN 0 ELSE {_AMOUNT} END,
            CASE WHEN {_ACTIVE} THEN {_AMOUNT} ELSE 0 END, CASE WHEN {_ACTIVE} THEN {_AMOUNT} - 200 ELSE 0 END
        {_EACH};
        INSERT INTO loans_loanrate (loan_id, rate, valid_from)
        SELECT n, 0.038, {_DAY} + 9 {_EACH} WHERE {_SIGNED};
        INSERT INTO loans_security (id, loan_id, kind, description, valuation_source, haircut, state, document,
            established_on) OVERRIDING SYSTEM VALUE
        SELECT n, n, 'bill', 'Weksel in blanco', '', 0, CASE WHEN {_ACTIVE} THEN 'established' ELSE 'required' END,
            CASE WHEN {_ACTIVE} THEN 'W/1' ELSE '' END, CASE WHEN {_ACTIVE} THEN {_DAY} + 10 END {_EACH}"""


def _of_payouts():
    return f"""
        INSERT INTO loans_tranche (id, loan_id, number, amount, planned_on, state, account_id, verified_by_id,
            approved_by_id, order_id, paid_on, document, entry_id) OVERRIDING SYSTEM VALUE
        SELECT n, n, 1, {_AMOUNT}, {_DAY} + 12, 'paid', %(account)s, %(by)s, %(boss)s, %(order)s, {_DAY} + 12, 'WB/1',
            n * 4 + 1 {_EACH} WHERE {_ACTIVE};
        INSERT INTO loans_settlement (id, tranche_id, state, due_on, extended_because, submitted_by_id, reviewed_by_id,
            reviewed_on, accepted, note) OVERRIDING SYSTEM VALUE
        SELECT n, n, 'accepted', {_DAY} + 102, '', %(by)s, %(boss)s, {_DAY} + 100, {_AMOUNT}, ''
        {_EACH} WHERE {_ACTIVE}"""


def _of_ledger(keys):
    """An entry of the approval, one of the payout and two of repayments: 12 lines a loan that is paid out."""
    whole, repaid = _AMOUNT, {"130": 150, "211": -100, "212": -50}
    for number, event, day, where, lines in (
        (0, "approval", _DAY, "true", {"992": whole, "993": f"-{whole}"}),
        (1, "payout", f"{_DAY} + 12", _ACTIVE, {"992": f"-{whole}", "993": whole, "211": whole, "130": f"-{whole}"}),
        (2, "repayment", "%(today)s - mod(n, 180)::integer", _ACTIVE, repaid),
        (3, "repayment", "%(today)s - mod(n, 90)::integer", _ACTIVE, repaid),
    ):
        each = ", ".join(f"({nr}, {keys[code]}, {sum_})" for nr, (code, sum_) in enumerate(lines.items(), 1))
        yield f"""
            INSERT INTO loans_entry (id, fund_id, event, value_date, book_date, text, document, key, fingerprint,
                transaction, by_id, at) OVERRIDING SYSTEM VALUE
            SELECT n * 4 + {number}, %(fund)s, '{event}', {day}, {day}, 'PZ/2026/' || n, '', '{event}-{number}-' || n,
                '', 0, %(boss)s, now() {_EACH} WHERE {where};
            INSERT INTO loans_line (entry_id, number, account_id, loan_id, amount)
            SELECT n * 4 + {number}, nr, account, n, amount {_EACH},
                LATERAL (VALUES {each}) AS line (nr, account, amount) WHERE {where}"""


# of a hundred paid out loans fifteen are late, by 10, 60 or 92 days
_TELLINGS = f"""
    INSERT INTO loans_telling (loan_id, number, "on", reason, current, costs, penalty, overdue_interest,
        overdue_principal, restructured, over, principal, unpaid_due, next_due, next_total, again_on, at)
    SELECT n, number, %(today)s - 30 * (3 - number), 'due', number = 3, 0, 0, 0,
        CASE WHEN mod(n, 20) < 3 THEN 100 ELSE 0 END, 0, 0, {_AMOUNT} - 200,
        CASE mod(n, 20) WHEN 0 THEN %(today)s - 10 WHEN 1 THEN %(today)s - 60 WHEN 2 THEN %(today)s - 92 ELSE due END,
        due, total, due + 1, now() - 30 * (3 - number) * interval '1 day'
    {_EACH}, LATERAL (SELECT due, principal + interest AS total FROM loans_schedulerow
        WHERE version_id = n AND due >= %(today)s ORDER BY nr LIMIT 1) AS coming, generate_series(1, 3) AS number
    WHERE {_ACTIVE}"""


def _of_schedules(planned):
    return f"""
        INSERT INTO loans_scheduleversion (id, loan_id, number, reason, current, valid_from, by_id, at)
        OVERRIDING SYSTEM VALUE
        SELECT n, n, 1, 'agreement', true, {_DAY} + 9, %(by)s, now() {_EACH} WHERE {planned};
        INSERT INTO loans_schedulerow (version_id, nr, nominal_due, due, days, interest, principal, deferred, balance)
        SELECT n, nr, day, day, 30, round({_AMOUNT} * 0.003, 2), round({_AMOUNT} / {_MONTHS}, 2), 0,
            round({_AMOUNT} * ({_MONTHS} - nr) / {_MONTHS}, 2)
        {_EACH}, LATERAL (SELECT nr, ({_DAY} + 40 + (nr - 1) * interval '1 month')::date AS day
            FROM generate_series(1, {_MONTHS}) AS nr) AS made
        WHERE {planned}"""


_MOVES = (
    ("loans.loan", (("draw", "drawn"), ("sign", "signed"), ("make_ready", "ready"), ("activate", "active"))),
    ("loans.tranche", (("verify", "verified"), ("approve", "approved"), ("order", "ordered"), ("pay", "paid"))),
    ("loans.security", (("establish", "established"),)),
    ("loans.settlement", (("submit", "submitted"), ("accept", "accepted"))),
)


def _changes(noun, moves):
    each = ", ".join(f"({nr}, '{action}', '{target}')" for nr, (action, target) in enumerate(moves))
    return f"""
        INSERT INTO kit_statechange (noun, object_id, action, source, target, reason, by_id, at)
        SELECT '{noun}', n, action, '', target, '', %(by)s, {_DAY} + nr * interval '1 day'
        {_EACH}, LATERAL (VALUES {each}) AS move (nr, action, target) WHERE {_ACTIVE}"""


def pages(last, number):
    """Loans that are paid out."""
    return Loan.objects.filter(pk__gt=last - number * 2, state="active").order_by("pk")[:number]


# The schedule of 84 rows


def arithmetic():
    """The least that 84 rows cost: their interest in exact numbers, rounded once, without days and rules."""
    cent, balance, total = Decimal("0.01"), Decimal(500_000), Decimal(0)
    for left in range(84, 0, -1):
        total += (balance * Decimal("0.038") * 30 / 365).quantize(cent)
        balance -= (balance / left).quantize(cent)
    return total


def inserting():
    """A job that writes the 84 rows by one plain INSERT, and takes them back."""
    loan = Loan.objects.filter(schedules=None).earliest("pk")
    version = ScheduleVersion.objects.create(
        loan=loan, number=1, reason="agreement", valid_from=loan.granted_on, by=loan.officer, at=clock.now()
    )
    columns = ("nr", "nominal_due", "due", "days", "interest", "principal", "deferred", "balance")
    made = schedule.build(TERMS).rows
    values = [value for row in made for value in (version.pk, *(getattr(row, name) for name in columns))]
    rows = ", ".join([f"({', '.join(['%s'] * (len(columns) + 1))})"] * len(made))
    statement = f"INSERT INTO {ScheduleRow._meta.db_table} (version_id, {', '.join(columns)}) VALUES {rows}"

    def job():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(statement, values)
            cursor.execute("ROLLBACK")

    return job
