"""The ledger of a fund: what it counts, what it refuses from whoever writes, two at once, and its pages."""

import datetime
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from loans import consistency, granting, ledger
from loans.models import Account, Entry, Fund, Line, Loan, Month
from tests.factories import base
from tests.factories import loans as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def accountant():
    return base.user(Role.ACCOUNTANT)


@pytest.fixture
def manager():
    return base.user(Role.MANAGER)


@pytest.fixture
def fund(accountant):
    return ledger.create_fund(by=accountant, code="fp", name="Fundusz Pożyczkowy")


def paid_in(fund, by, amount=1000, key=None, **fields):
    given_ = {"value_date": clock.today(), "document": "WB/1"} | fields
    return ledger.pay_in(fund, by=by, key=key or str(uuid.uuid4()), amount=D(amount), **given_)


def post(fund, by, *lines, key=None, event="capital_in", loan=None):
    return ledger.post(
        fund,
        by=by,
        event=event,
        key=key or str(uuid.uuid4()),
        lines=[(code, D(amount)) for code, amount in lines],
        text="Zapis",
        value_date=clock.today(),
        loan=loan,
    )


def counted(loan):
    kept = Loan.objects.get(pk=loan.pk)
    return kept.committed, kept.paid_out, kept.outstanding


def sums(fund):
    kept = Fund.objects.get(pk=fund.pk)
    return kept.capital, kept.committed, kept.outstanding, kept.lost


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


# Posting


def test_capital_paid_in_is_counted_and_balanced(fund, accountant):
    entry = paid_in(fund, accountant, "1000.50")
    paid_in(fund, accountant, 500, entrusted=True)
    lines = [(line.number, line.account.code, line.amount) for line in entry.lines.select_related("account")]
    assert lines == [(1, "130", D("1000.50")), (2, "801", D("-1000.50"))]
    assert sums(fund) == (D("1500.50"), 0, 0, 0)
    rows = [(row.code, row.debit, row.credit, row.balance) for row in ledger.balances(fund)]
    assert rows == [
        ("130", D("1500.50"), 0, D("1500.50")),
        ("801", 0, D("1000.50"), D("-1000.50")),
        ("802", 0, D(500), D(-500)),
    ]
    assert consistency.differences(fund) == []
    yesterday = clock.today() - datetime.timedelta(days=1)
    assert list(ledger.balances(fund, yesterday)) == []


def test_the_same_request_twice_posts_once_and_another_under_its_key_is_refused(fund, accountant):
    first = paid_in(fund, accountant, key="raz")
    assert paid_in(fund, accountant, key="raz") == first
    with pytest.raises(Refused):
        paid_in(fund, accountant, 1001, key="raz")
    assert (Entry.objects.count(), sums(fund)[0]) == (1, 1000)


def test_a_day_to_come_and_who_may_not_post(fund, accountant):
    with pytest.raises(Refused):
        paid_in(fund, accountant, value_date=clock.today() + datetime.timedelta(days=1))
    for role in (Role.ADVISER, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(PermissionDenied):
            paid_in(fund, base.user(role))
    assert Entry.objects.count() == 0


def test_nothing_is_promised_or_lent_beyond_the_capital(fund, accountant):
    paid_in(fund, accountant, 1000)
    loan = make.granted(600, fund_=fund)
    with pytest.raises(Refused):
        make.granted("400.01", fund_=fund)
    make.granted(400, fund_=fund)
    assert (sums(fund), counted(loan)) == ((1000, 1000, 0, 0), (600, 0, 0))
    # a payout: the promise becomes a loan
    payout = ("211", 600), ("130", -600), ("993", 600), ("992", -600)
    post(fund, accountant, *payout, event="payout", loan=loan)
    assert (sums(fund), counted(loan)) == ((1000, 400, 600, 0), (0, 600, 600))
    with pytest.raises(Refused):
        post(fund, accountant, ("801", 1), ("130", -1))
    with pytest.raises(Refused):
        post(fund, accountant, ("211", "0.01"), ("130", "-0.01"), event="payout", loan=loan)
    post(fund, accountant, ("751", 100), ("211", -100), loan=loan)
    assert (sums(fund), counted(loan)) == ((1000, 400, 500, 100), (0, 600, 500))


def test_what_is_promised_or_lent_is_somebodys(fund, accountant):
    loan = make.granted(600, fund_=make.fund(code="drugi"))
    paid_in(fund, accountant, 1000)
    for whose in (None, loan):  # nobody's, and of another fund
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            post(fund, accountant, ("992", 1), ("993", -1), loan=whose)
        assert error.value.__cause__.diag.constraint_name == "line_loan"
    with pytest.raises(Refused):
        ledger.reverse(loan.lines.first().entry, by=accountant, key="x", reason="Pomyłka.")
    with author(command="tests"):
        for column in ("committed", "paid_out", "outstanding"):
            with pytest.raises(DatabaseError), transaction.atomic():
                Loan.objects.filter(pk=loan.pk).update(**{column: F(column) + 1})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.tuples(st.sampled_from(["130", "212", "801", "992"]), st.integers(-3, 3)), max_size=4))
def test_whatever_is_posted_the_sums_are_those_of_the_lines(fund, accountant, amounts):
    with transaction.atomic():
        paid_in(fund, accountant, 10**6)
        loan = make.granted(1000, fund_=fund)
        post(fund, accountant, ("993", 500), ("992", -500), event="release", loan=loan)
        lines = [(code, D(grosze) / 100) for code, grosze in amounts]
        of = {code: sum(amount for one, amount in lines if one == code) for code in ("801", "992")}
        capital, committed = 10**6 - of["801"], 500 + of["992"]
        right = len(lines) >= 2 and all(amount for _code, amount in lines) and not sum(a for _code, a in lines)
        right = right and capital >= committed >= 0
        try:
            with transaction.atomic():
                post(fund, accountant, *lines, loan=loan)
                sql("SET CONSTRAINTS ALL IMMEDIATE")  # as at the commit
                sql("SET CONSTRAINTS ALL DEFERRED")
        except (Refused, DatabaseError):
            assert not right
        else:
            assert right
            assert (sums(fund), counted(loan)) == ((capital, committed, 0, 0), (committed, 0, 0))
        assert consistency.differences(fund) == []
        transaction.set_rollback(True)


# Reversing


def test_an_entry_is_reversed_once_by_somebody_else(client, fund, accountant, manager):
    entry = paid_in(fund, accountant)
    with pytest.raises(Refused):
        ledger.reverse(entry, by=accountant, key="a", reason="Pomyłka.")
    client.force_login(manager)
    page = reverse("loans:entry-reverse", args=["fp", entry.pk])
    key = str(uuid.uuid4())
    for _n in range(2):  # a double click
        assert client.post(page, {"key": key, "reason": "Pomyłka."}).status_code == 302
    back = Entry.objects.get(reverses=entry)
    assert [(line.account.code, line.amount) for line in back.lines.select_related("account")] == [
        ("130", -1000),
        ("801", 1000),
    ]
    assert sums(fund) == (0, 0, 0, 0)
    with pytest.raises(Refused):
        ledger.reverse(entry, by=manager, key="b", reason="Jeszcze raz.")
    with pytest.raises(Refused):
        ledger.reverse(back, by=accountant, key="c", reason="Storno storna.")
    assert (Entry.objects.count(), consistency.differences(fund)) == (2, [])


# Months


def in_month(months, day=10):
    """An instant so many months ago."""
    first = clock.months_later(clock.today().replace(day=1), months)
    return datetime.datetime.combine(first.replace(day=day), datetime.time(12), clock.WARSAW)


def test_months_are_closed_in_their_order_and_stay_closed(client, fund, accountant):
    for months in (-2, -1):
        with clock.at(in_month(months)):
            paid_in(fund, accountant)
    paid_in(fund, accountant)
    this, last, before = fund.months.order_by("-first")
    with pytest.raises(Refused):
        ledger.close(this, by=accountant)
    with pytest.raises(Refused):
        ledger.close(last, by=accountant)
    client.force_login(accountant)
    assert client.post(reverse("loans:month-close", args=["fp", before.pk])).status_code == 302
    before.refresh_from_db()
    assert (before.closed_by, before.closed_at is not None) == (accountant, True)
    with pytest.raises(Stale):
        ledger.close(before, by=accountant)
    with clock.at(in_month(-2, 20)), pytest.raises(Refused):
        paid_in(fund, accountant)
    with clock.at(in_month(-3)), pytest.raises(Refused):
        paid_in(fund, accountant)
    ledger.close(last, by=accountant)
    assert Entry.objects.count() == 3


def test_a_ledger_that_does_not_agree_is_not_closed_and_the_command_lists_it(fund, accountant):
    with clock.at(in_month(-1)):
        paid_in(fund, accountant)
    call_command("check_consistency")
    sql("ALTER TABLE loans_fund DISABLE TRIGGER USER")
    Fund.objects.update(capital=999)
    sql("ALTER TABLE loans_fund ENABLE TRIGGER USER")
    with pytest.raises(CommandError) as error:
        call_command("check_consistency")
    assert (error.value.returncode, "999" in str(error.value)) == (1, True)
    with pytest.raises(Refused):
        ledger.close(fund.months.get(), by=accountant)


# What the tables refuse from plain SQL


def raw_entry(fund, by, key="sql", book_date=None):
    day = book_date or clock.today()
    return Entry.objects.create(
        fund=fund, event="capital_in", key=key, fingerprint="x", text="SQL", value_date=day, book_date=day, by=by,
        at=clock.now(),
    )  # fmt: skip


def test_plain_sql_meets_the_same_rules(fund, accountant):
    entry = paid_in(fund, accountant)
    bank, capital = Account.objects.get(code="130"), Account.objects.get(code="801")
    month = fund.months.get()

    def unbalanced():
        made = raw_entry(fund, accountant)
        Line.objects.bulk_create(
            [Line(entry=made, number=1, account=bank, amount=5), Line(entry=made, number=2, account=capital, amount=-4)]
        )

    def one_line():
        Line.objects.create(entry=raw_entry(fund, accountant), number=1, account=bank, amount=5)

    def no_lines():
        raw_entry(fund, accountant)
        sql("SET CONSTRAINTS ALL IMMEDIATE")

    def no_month():
        raw_entry(fund, accountant, book_date=clock.today() - datetime.timedelta(days=400))

    def closed_month():
        Month.objects.filter(pk=month.pk).update(closed_at=clock.now(), closed_by=accountant)
        raw_entry(fund, accountant)

    def reopened():
        Month.objects.filter(pk=month.pk).update(closed_at=clock.now(), closed_by=accountant)
        Month.objects.filter(pk=month.pk).update(closed_at=None, closed_by=None)

    refused = (
        unbalanced,
        one_line,
        no_lines,
        no_month,
        closed_month,
        reopened,
        lambda: sql("UPDATE loans_entry SET text = 'inny'"),
        lambda: sql("DELETE FROM loans_entry"),
        lambda: sql("UPDATE loans_line SET amount = amount * 2"),
        lambda: sql("DELETE FROM loans_line"),
        lambda: sql("TRUNCATE loans_line"),
        lambda: sql("TRUNCATE loans_entry CASCADE"),
        lambda: sql("UPDATE loans_fund SET capital = capital + 1"),
        lambda: Fund.objects.create(code="x", name="x", capital=1),
        lambda: sql("DELETE FROM loans_fund"),
        lambda: sql("UPDATE loans_account SET counter = 'lost' WHERE code = '130'"),
        lambda: sql("INSERT INTO loans_line (entry_id, number, account_id, amount) VALUES (%s, 9, %s, 0)", entry.pk,
                    bank.pk),
    )  # fmt: skip
    with author(command="tests"):
        for write in refused:
            with pytest.raises(DatabaseError), transaction.atomic():
                write()
    assert (Entry.objects.count(), Line.objects.count(), sums(fund)[0]) == (1, 2, 1000)
    assert consistency.differences(fund) == []


@pytest.mark.django_db(transaction=True)
def test_lines_never_join_an_entry_of_another_transaction():
    accountant = base.user(Role.ACCOUNTANT)
    fund = ledger.create_fund(by=accountant, code="fp", name="Fundusz")
    entry = paid_in(fund, accountant)
    bank, capital = Account.objects.get(code="130"), Account.objects.get(code="801")
    more = [
        Line(entry=entry, number=3, account=bank, amount=5),
        Line(entry=entry, number=4, account=capital, amount=-5),
    ]
    with pytest.raises(DatabaseError) as error:
        Line.objects.bulk_create(more)
    assert error.value.__cause__.diag.constraint_name == "line_sealed"
    assert Line.objects.count() == 2


# Two at once, and a killed worker


@pytest.mark.django_db(transaction=True)
def test_one_request_sent_ten_times_at_once_posts_once():
    accountant = base.user(Role.ACCOUNTANT)
    fund = ledger.create_fund(by=accountant, code="fp", name="Fundusz")
    results = at_once(10, lambda _n: paid_in(fund, accountant, key="raz"))
    assert {row.pk for row in results} == {Entry.objects.get().pk}
    assert sums(fund)[0] == 1000


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_promise_no_more_than_there_is():
    accountant = base.user(Role.ACCOUNTANT)
    fund = ledger.create_fund(by=accountant, code="fp", name="Fundusz")
    paid_in(fund, accountant, 1000)
    by, boss = make.officer(), make.manager()
    decisions = [make.decided(300, by=by, boss=boss, fund_=fund) for _n in range(20)]
    results = at_once(20, lambda n: granting.grant(decisions[n], by=boss, unit=by.unit, officer=by))
    assert sorted(type(row).__name__ for row in results) == ["Loan"] * 3 + ["Refused"] * 17
    assert sums(fund) == (1000, 900, 0, 0)
    assert consistency.differences(fund) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_slips_into_a_month_that_is_being_closed():
    accountant = base.user(Role.ACCOUNTANT)
    fund = ledger.create_fund(by=accountant, code="fp", name="Fundusz")
    then = in_month(-1)
    with clock.at(then):
        paid_in(fund, accountant)
    month = fund.months.get()

    def race(number):
        if number == 0:
            return ledger.close(month, by=accountant)
        with clock.at(then):
            return paid_in(fund, accountant)

    results = at_once(8, race)
    assert {type(row).__name__ for row in results} <= {"Month", "Entry", "Refused"}
    month.refresh_from_db()
    assert month.closed_at is not None
    assert Entry.objects.count() == 1 + sum(type(row).__name__ == "Entry" for row in results)
    assert sums(fund)[0] == 1000 * Entry.objects.count()


KILLED = """
    import os, signal
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = os.environ["KILLED_DATABASE"]
    from django.db import transaction
    from centrum.kit import clock
    from centrum.kit.history import author
    from centrum.staff.models import User
    from loans.models import Entry, Fund
    with author(command="tests"), transaction.atomic():
        day = clock.today()
        Entry.objects.create(fund=Fund.objects.get(), event="capital_in", key="kill", fingerprint="x", text="x",
                             value_date=day, book_date=day, by=User.objects.get(pk=int(os.environ["KILLED_BY"])),
                             at=clock.now())
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_entry_and_lines_leaves_nothing():
    accountant = base.user(Role.ACCOUNTANT)
    fund = ledger.create_fund(by=accountant, code="fp", name="Fundusz")
    paid_in(fund, accountant)
    environment = {
        **os.environ,
        "KILLED_DATABASE": connection.settings_dict["NAME"],
        "KILLED_BY": str(accountant.pk),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED)], env=environment, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert (Entry.objects.count(), consistency.differences(fund)) == (1, [])


# Pages


def test_the_accountant_founds_a_fund_and_posts_capital_once(client, accountant):
    client.force_login(accountant)
    assert client.get(reverse("loans:funds")).status_code == 200
    typed = {"code": "fp", "name": "Fundusz Pożyczkowy"}
    assert client.post(reverse("loans:fund-new"), typed).status_code == 302
    assert client.post(reverse("loans:fund-new"), typed).status_code == 200
    page = reverse("loans:pay-in", args=["fp"])
    key = client.get(page).context["form"].initial["key"]
    typed = {"key": key, "amount": "2 000 000,00", "value_date": f"{clock.today():%d.%m.%Y}", "document": "WB/1/2026"}
    for _n in range(2):
        assert client.post(page, typed).status_code == 302
    for wrong in ({"amount": "0"}, {"amount": "-5"}, {"document": ""}, {"value_date": "31.02.2026"}):
        assert client.post(page, typed | {"key": str(uuid.uuid4())} | wrong).status_code == 200
    context = client.get(reverse("loans:fund", args=["fp"])).context
    assert (context["fund"].capital, context["fund"].free) == (2_000_000, 2_000_000)
    assert (context["debit"], context["credit"]) == (2_000_000, 2_000_000)
    assert [row.amount for row in context["page"].rows] == [2_000_000]
    assert client.get(reverse("loans:entry", args=["fp", Entry.objects.get().pk])).status_code == 200
    assert client.get(reverse("loans:entry", args=["fp", 10**9])).status_code == 404


@pytest.mark.parametrize("name", ["fund", "funds"])
def test_as_many_queries_for_three_entries_as_for_one(client, fund, accountant, name):
    client.force_login(accountant)
    counted = []
    for number in (1, 2):
        for _n in range(number):
            paid_in(fund, accountant)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"loans:{name}", args=["fp"] if name == "fund" else [])).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
