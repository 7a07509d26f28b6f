"""Interest of every day, what falls due by itself, and closing a month after both."""

import datetime
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from decimal import Decimal as D

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from centrum.kit.transitions import Refused
from loans import consistency, ledger, nightly, repayments, segments, telling
from loans.models import Accrual, AccrualDay, Entry, Fund, Line, Loan, Payment
from loans.schedule import DAY
from tests.factories import loans as make
from tests.factories import repayments as of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 15)
FIRST, SECOND = datetime.date(2026, 2, 16), datetime.date(2026, 3, 16)


def days_of(loan):
    """{day: interest posted of the loan}."""
    rows = Line.objects.filter(loan=loan, account__code="212", entry__event="accrual")
    return dict(rows.order_by("entry_id").values_list("entry__value_date", "amount"))


def test_the_days_of_an_instalment_sum_up_to_its_interest():
    loan = of.lent(START)
    of.night(loan.fund, FIRST)
    posted = days_of(loan)
    # 12 000 × 6 % / 365 = 1.97 a day, and two grosze more or less where the sum asks for it
    assert posted[START] == D("1.97")
    assert list(posted) == [START + DAY * number for number in range(32)]
    assert sum(amount for day, amount in posted.items() if day < datetime.date(2026, 2, 15)) == D("61.15")
    assert of.balances(loan)["212"] == sum(posted.values())
    income = Line.objects.filter(account__code="701").values_list("amount", flat=True)
    assert sum(income) == -sum(posted.values())
    assert consistency.differences(loan.fund) == []


def test_a_day_again_posts_nothing_and_days_left_out_are_made_up_for():
    loan, other = of.lent(START), of.lent(START)
    for number in range(5):
        of.night(loan.fund, START + DAY * (number + 1))
    before = Entry.objects.count()
    done = of.night(loan.fund, START + DAY * 5)
    assert {name: number for name, number in done.items() if number} == {}
    with of.on(START + DAY * 6):
        assert nightly.post(loan.fund, START) == AccrualDay.objects.get(day=START)
        with pytest.raises(Refused, match="nie skończył"):
            nightly.post(loan.fund, START + DAY * 6)
    assert Entry.objects.count() == before
    of.night(loan.fund, datetime.date(2026, 2, 15))
    assert sum(days_of(loan).values()) == sum(days_of(other).values()) == D("61.15")


@pytest.mark.parametrize("method", ["equal_principal", "annuity"])
def test_what_postgresql_reckons_is_what_python_reckons(method):
    """A loan with a change of rate and an early repayment inside its instalments, every day of two months."""
    loan = of.lent(START, D("12345.67"), method=method, months=7, rate="0.0475")
    of.night(loan.fund, datetime.date(2026, 2, 3))
    of.pay(loan, datetime.date(2026, 2, 3), "1234.56", mode="reduce")
    for number in range(20, 61):
        of.night(loan.fund, START + DAY * number)
    pieces = telling.tell(Loan.objects.get(pk=loan.pk), START + DAY * 60).pieces
    total = D(0)
    for day in sorted(days_of(loan)):
        total += days_of(loan)[day]
        assert total == segments.accrued(pieces, day), day
    assert Accrual.objects.get(loan=loan).amount == total


def test_interest_of_a_day_is_booked_under_it_while_its_month_is_open():
    loan = of.lent(START)
    of.night(loan.fund, datetime.date(2026, 2, 1))
    entry = Entry.objects.get(event="accrual", value_date=datetime.date(2026, 1, 31))
    assert (entry.book_date, entry.by) == (datetime.date(2026, 1, 31), None)


def test_a_month_closes_only_with_its_interest_and_stays():
    loan = of.lent(START)
    with of.on(datetime.date(2026, 2, 1), 0, 30):
        month = loan.fund.months.get()
        with pytest.raises(Refused, match=r"15\.1\.2026"):
            ledger.close(month, by=make.accountant())
    of.night(loan.fund, datetime.date(2026, 2, 1))
    january = list(Entry.objects.filter(book_date__month=1).order_by("pk").values_list("pk", flat=True))
    with of.on(datetime.date(2026, 2, 1)):
        ledger.close(month, by=make.accountant())
    of.night(loan.fund, datetime.date(2026, 3, 2))
    of.pay(loan, datetime.date(2026, 3, 3), 500, value_date=datetime.date(2026, 1, 20), mode="reduce")
    assert list(Entry.objects.filter(book_date__month=1).order_by("pk").values_list("pk", flat=True)) == january
    assert consistency.differences(loan.fund) == []


def test_nothing_more_accrues_of_who_is_very_late_until_they_pay():
    loan = of.lent(START)
    stop = FIRST + datetime.timedelta(days=90)
    of.night(loan.fund, stop + DAY)
    before = Accrual.objects.get(loan=loan)
    assert before.to == stop
    of.night(loan.fund, stop + DAY * 10)
    assert Accrual.objects.get(loan=loan).amount == before.amount
    of.pay(loan, stop + DAY * 10, 5000)
    assert of.balances(loan).get("212", 0) >= 0  # what is paid is income, whenever it is posted
    of.night(loan.fund, stop + DAY * 11)
    assert Accrual.objects.get(loan=loan).to == stop + DAY * 10
    with of.on(stop + DAY * 11):
        pieces = telling.tell(Loan.objects.get(pk=loan.pk), stop + DAY * 11).pieces
    assert Accrual.objects.get(loan=loan).amount == segments.accrued(pieces, stop + DAY * 10)
    assert consistency.differences(loan.fund) == []


def test_interest_for_delay_is_posted_at_the_end_of_a_month():
    loan = of.lent(START)
    done = of.night(loan.fund, datetime.date(2026, 3, 1))
    assert done["at the end of a month"] == 1
    told = of.told(loan)
    # 1 000 at 18.5 % from 17 to 28 February
    assert (told.reason, told.on, told.penalty) == ("month", datetime.date(2026, 2, 28), D("6.08"))
    assert (told.entry.book_date, of.balances(loan)["702"]) == (datetime.date(2026, 2, 28), D("-6.08"))
    assert of.night(loan.fund, datetime.date(2026, 3, 1))["at the end of a month"] == 0


def test_a_loan_becomes_late_by_itself_the_day_after():
    loan = of.lent(START)
    of.night(loan.fund, FIRST)
    assert of.told(loan).overdue_principal == 0
    assert of.night(loan.fund, FIRST + DAY)["due"] == 1
    told = of.told(loan)
    assert (told.overdue_principal, told.overdue_interest, told.unpaid_due) == (1000, D("61.15"), FIRST)
    assert of.night(loan.fund, FIRST + DAY)["due"] == 0


@pytest.mark.parametrize("day", [datetime.date(2026, 3, 29), datetime.date(2026, 10, 25)])
def test_days_are_of_warsaw_also_when_the_clocks_change(day):
    loan = of.lent(day - DAY * 3)
    with of.on(day, 0, 30):  # 23:30 UTC of the day before
        nightly.keep(loan.fund)
    assert max(days_of(loan)) == day - DAY
    with of.on(day, 23, 30):
        nightly.keep(loan.fund)
    assert max(days_of(loan)) == day - DAY
    of.night(loan.fund, day + DAY)
    assert max(days_of(loan)) == day


def test_a_loan_without_interest_has_none():
    loan = of.lent(START, rate="0")
    of.night(loan.fund, FIRST)
    assert days_of(loan) == {}
    assert AccrualDay.objects.filter(entry=None).count() == 32


def test_the_command_keeps_all_funds(capsys):
    loan = of.lent(START)
    with of.on(START + DAY * 3):
        call_command("keep_loans")
    assert capsys.readouterr().out.startswith("pozyczkowy: days 3, at the end of a month 0, due 0")
    assert Fund.objects.get() == loan.fund


def test_a_loan_that_cannot_be_told_is_said_and_stops_no_other():
    """Interest for delay without a reference rate of its day is not guessed."""
    with of.on(START):
        make.nbp_rate("0.0375", kind="reference", valid_from=datetime.date(2026, 6, 1))
    late, paid = of.lent(START), of.lent(START)
    of.pay(paid, FIRST, "1061.15")
    done = of.night(late.fund, FIRST + DAY)
    assert [words.partition(":")[0] for words in done["refused"]] == [late.number]
    with of.on(FIRST + DAY), pytest.raises(CommandError, match="stopy referencyjne"):
        call_command("keep_loans")
    assert Accrual.objects.get(loan=paid).to == FIRST


def test_nothing_comes_under_a_day_whose_turnovers_are_kept():
    loan = of.lent(START)
    of.night(loan.fund, FIRST)
    said = {"event": "retelling", "text": "x", "value_date": START, "loan": loan, "by": None}
    lines = [(ledger.INTEREST, D(1)), (ledger.INTEREST_INCOME, D(-1))]
    with of.on(FIRST):
        with pytest.raises(Refused, match="jest już zamknięty"):
            ledger.post(loan.fund, key="late", on=FIRST - DAY, lines=lines, **said)
        ledger.post(loan.fund, key="today", lines=lines, **said)


# At once


@pytest.mark.django_db(transaction=True)
def test_payment_night_reversal_and_close_on_one_loan_at_once():
    loan = of.lent(START, boss=make.manager())
    paid = of.pay(loan, FIRST, "1061.15")
    of.night(loan.fund, datetime.date(2026, 3, 1))
    payers, boss = [make.accountant() for _n in range(4)], make.manager()
    today = datetime.date(2026, 3, 17)

    def race(number):
        with of.on(today):
            if number < 4:
                said = {"by": payers[number], "value_date": SECOND, "document": "WB/9", "key": uuid.uuid4()}
                return repayments.receive(loan, amount=D(100 + number), **said)
            if number == 4:
                return repayments.take_back(paid, by=boss, reason="Inny klient.")
            if number == 5:
                return ledger.close(loan.fund.months.order_by("first").first(), by=boss)
            return nightly.keep(loan.fund)

    results = at_once(8, race)
    failed = [row for row in results if isinstance(row, Exception) and not isinstance(row, Refused)]
    assert failed == []
    assert Payment.objects.filter(reversed_at=None).count() == 4
    of.night(loan.fund, today)
    with of.on(today):
        telling.again(loan, by=None, reason="due")
        pieces = telling.tell(Loan.objects.get(pk=loan.pk), today).pieces
    assert Accrual.objects.get(loan=loan).amount == segments.accrued(pieces, today - DAY)
    assert of.told(loan).overdue_principal > 0
    assert consistency.differences(loan.fund) == []


@pytest.mark.django_db(transaction=True)
def test_one_night_run_by_eight_at_once_is_one():
    loan = of.lent(START)

    def race(_number):
        with of.on(FIRST):
            return nightly.post(loan.fund, START)

    results = at_once(8, race)
    assert {row.pk for row in results} == {AccrualDay.objects.get().pk}
    assert Entry.objects.filter(event="accrual").count() == 1


KILLED = """
    import datetime, os, sys
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = os.environ["KILLED_DATABASE"]
    from decimal import Decimal
    from centrum.kit import clock
    from centrum.kit.history import author
    from centrum.staff.models import User
    from loans import nightly, repayments
    from loans.models import Fund, Loan
    from django.db import InterfaceError, OperationalError, connection
    start = datetime.datetime(2026, 2, 16, 10, tzinfo=clock.WARSAW)
    by, loans = User.objects.get(pk=int(os.environ["KILLED_BY"])), list(Loan.objects.order_by("pk"))
    print("ready", flush=True)
    run = int(os.environ["KILLED_RUN"])
    for number in range(run * 500, (run + 1) * 500):
        try:
            with author(command="tests"), clock.at(start + datetime.timedelta(hours=number)):
                nightly.keep(Fund.objects.get())
                repayments.receive(loans[number % len(loans)], by=by, amount=Decimal(7), value_date=clock.today(),
                                   document="WB", key=str(number))
        except (InterfaceError, OperationalError):
            connection.close()  # its backend was ended; the next one begins anew
"""
KILL_BACKENDS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_a_hundred_times_nothing_is_half():
    """Nights and payments in a process that is killed at any moment, and by turns its server's backend."""
    loans = [of.lent(START, boss=make.manager()) for _n in range(3)]
    by, fund = make.accountant(), loans[0].fund
    of.night(fund, FIRST)
    environment = {
        **os.environ,
        "KILLED_DATABASE": connection.settings_dict["NAME"],
        "KILLED_BY": str(by.pk),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    chance = random.Random(7)
    kills = 0
    for run in range(4):
        environment["KILLED_RUN"] = str(run)
        command = [sys.executable, "-c", textwrap.dedent(KILLED)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as worker:
            try:
                assert worker.stdout.readline() == b"ready\n"
                before = Payment.objects.count()
                while kills < 25 * (run + 1) - 1 or Payment.objects.count() < before + 2:
                    if kills % 8 == 0:  # let it get somewhere, however slow the machine is
                        time.sleep(1)
                    assert worker.poll() is None
                    time.sleep(chance.uniform(0.01, 0.15))
                    with connection.cursor() as cursor:
                        cursor.execute(KILL_BACKENDS)
                        kills += cursor.fetchone()[0]
            finally:
                worker.send_signal(signal.SIGKILL)
        kills += 1
        assert consistency.differences(fund) == []
    assert kills >= 100
    assert Payment.objects.count() >= 8
    assert sum(Payment.objects.values_list("amount", flat=True)) == 7 * Payment.objects.count()
