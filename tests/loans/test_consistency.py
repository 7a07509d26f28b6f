"""`check_consistency` tells everything that a broken row makes wrong: here each is broken behind the triggers' back."""

import datetime
from decimal import Decimal
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from centrum.kit import clock
from centrum.kit.transitions import Refused
from loans import consistency, ledger
from loans.enums import EntryEvent
from loans.models import Account, Accrual, Allocation, Fund
from tests.factories import loans as make
from tests.factories import repayments as of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def loan(boss):
    """A loan of 50,000 that is paid out, in a fund of 2,000,000."""
    return make.walked("active", boss=boss)


def broken(statement, *params):
    """Write past every trigger; CHECKs and foreign keys still hold."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def told():
    """Sentences that the command ends with; none when it is content."""
    try:
        call_command("check_consistency", stdout=StringIO())
    except CommandError as error:
        assert error.returncode == 1
        return str(error).splitlines()
    return []


@pytest.mark.parametrize("state", ["approved", "drawn", "signed", "ready", "active", "lapsed"])
def test_loans_as_the_services_leave_them_agree(state):
    make.walked(state)
    assert told() == []


def test_lines_that_do_not_sum_up(loan, boss):
    entry = loan.lines.filter(entry__event=EntryEvent.PAYOUT).first().entry
    broken("UPDATE loans_line SET amount = amount + 1 WHERE entry_id = %s AND amount < 0 AND loan_id = %s"
           " AND account_id = (SELECT id FROM loans_account WHERE code = '130')", entry.pk, loan.pk)  # fmt: skip
    assert told() == [
        "Wszystkie konta funduszu Fundusz Pożyczkowy razem różnią się o 1.00.",
        f"Zapis {entry.pk} się nie bilansuje.",
    ]


def test_an_entry_of_one_line(loan):
    entry = loan.fund.entries.earliest("pk")
    broken("DELETE FROM loans_line WHERE entry_id = %s AND amount < 0", entry.pk)
    assert f"Zapis {entry.pk} się nie bilansuje." in told()


@pytest.mark.parametrize("name", ["capital", "committed", "outstanding", "lost"])
def test_a_sum_of_the_fund_that_the_ledger_does_not_know(loan, name):
    before = getattr(Fund.objects.get(), name)
    broken(f"UPDATE loans_fund SET {name} = {name} + 7")  # noqa: S608
    label = Fund._meta.get_field(name).verbose_name
    found = 0 if name == "lost" else before  # of an account on which nothing was ever posted
    assert told() == [f"Fundusz Pożyczkowy: {label} – zapisano {before + 7}, z księgi wynika {found}."]


def test_an_entry_in_a_closed_month(loan, boss):
    month = loan.fund.months.get()
    broken("UPDATE loans_month SET closed_at = %s, closed_by_id = %s WHERE id = %s",
           clock.now() - datetime.timedelta(days=1), boss.pk, month.pk)  # fmt: skip
    entries = loan.fund.entries.order_by("-pk").values_list("pk", flat=True)
    assert told() == [f"Zapis {pk} trafił do zamkniętego miesiąca." for pk in entries]


def test_a_loan_that_holds_what_its_lines_do_not_say(loan):
    broken("UPDATE loans_loan SET amount = amount + 5, committed = committed + 5 WHERE id = %s", loan.pk)
    assert told() == [
        f"{loan}: do wypłaty – zapisano 5.00, z księgi wynika 0.00.",
        f"{loan}: harmonogram spłaca 50000.00, a przyznano i nie zwolniono 50005.00.",
    ]


def test_a_loan_whose_principal_is_not_that_of_its_lines(loan):
    broken("UPDATE loans_loan SET outstanding = outstanding - 5 WHERE id = %s", loan.pk)
    assert told() == [f"{loan}: kapitał do spłaty – zapisano 49995.00, z księgi wynika 50000.00."]


def test_a_loan_paid_out_otherwise_than_its_lines_and_tranches_say(loan):
    broken("UPDATE loans_loan SET paid_out = paid_out - 5, outstanding = outstanding - 5 WHERE id = %s", loan.pk)
    assert told() == [
        f"{loan}: wypłacono – zapisano 49995.00, z księgi wynika 50000.00.",
        f"{loan}: kapitał do spłaty – zapisano 49995.00, z księgi wynika 50000.00.",
        f"{loan}: wypłacono 49995.00, z transz wynika 50000.00.",
        f"{loan}: harmonogram spłaca 50000.00, a przyznano i nie zwolniono 49995.00.",
    ]


def test_a_tranche_that_is_not_the_payout(loan):
    broken("UPDATE loans_tranche SET amount = amount - 1 WHERE loan_id = %s", loan.pk)
    assert told() == [f"{loan}: wypłacono 50000.00, z transz wynika 49999.00."]


def test_a_tranche_that_is_paid_and_not_booked(loan, boss):
    """A second one, as if somebody had written it by hand."""
    done = loan.tranches.get()
    broken(
        "INSERT INTO loans_tranche (loan_id, number, amount, planned_on, state, account_id, verified_by_id,"
        " approved_by_id, order_id, paid_on, document, entry_id) SELECT loan_id, 2, 100, planned_on, state, account_id,"
        " verified_by_id, approved_by_id, order_id, paid_on, document, %s FROM loans_tranche WHERE id = %s",
        loan.fund.entries.earliest("pk").pk,
        done.pk,
    )
    assert told() == [f"{loan}: wypłacono 50000.00, z transz wynika 50100.00."]


def test_a_lapsed_loan_that_holds_capital():
    loan = make.walked("signed")
    broken("UPDATE loans_loan SET state = 'lapsed' WHERE id = %s", loan.pk)
    assert told() == [f"{loan} wygasła, a nadal zajmuje kapitał."]


def test_a_schedule_that_pays_back_something_else(loan):
    broken("UPDATE loans_schedulerow SET principal = principal + 1 WHERE nr = 20")
    assert told() == [f"{loan}: harmonogram spłaca 50001.00, a przyznano i nie zwolniono 50000.00."]


def test_only_the_current_schedule_counts(loan, boss):
    broken("UPDATE loans_schedulerow SET principal = principal + 1 WHERE nr = 20")
    make.scheduled(loan, by=boss, reason="payout")
    assert told() == []


def test_a_line_that_belongs_to_another_loan(loan, boss):
    other = make.walked("active", 30_000, boss=boss)
    lent = Account.objects.get(code=ledger.PRINCIPAL)
    broken("UPDATE loans_line SET loan_id = %s WHERE loan_id = %s AND account_id = %s", other.pk, loan.pk, lent.pk)
    found = told()
    assert len(found) == 4
    assert [sentence.split(":")[0] for sentence in found] == [str(loan)] * 2 + [str(other)] * 2


def test_interest_and_principal_that_are_not_what_the_payments_leave():
    day = datetime.date(2026, 1, 15)
    loan = of.lent(day)
    of.night(loan.fund, datetime.date(2026, 2, 16))
    assert consistency.differences(loan.fund) == []
    Accrual.objects.filter(loan=loan).update(amount=1)
    (words,) = consistency.differences(loan.fund)
    assert words.startswith(f"{loan}: odsetki należne to 1.00, a według księgi")
    Accrual.objects.filter(loan=loan).update(amount=of.balances(loan)["212"])
    telling = loan.tellings.get(current=True)
    Allocation.objects.create(loan=loan, told=telling, on=day, kind="principal", nr=1, amount=7)
    assert f"{loan}: według wpłat zostaje 11993.00 kapitału, a według księgi 12000.00." in consistency.differences(
        loan.fund
    )


def test_no_month_closes_over_a_difference(boss):
    with clock.at(datetime.datetime(2026, 9, 10, 10, tzinfo=clock.WARSAW)):
        loan = make.walked("active", boss=boss)
    broken("UPDATE loans_tranche SET amount = amount - 1 WHERE loan_id = %s", loan.pk)
    with pytest.raises(Refused) as refusal:
        ledger.close(loan.fund.months.get(), by=boss)
    assert refusal.value.messages == [f"{loan}: wypłacono 50000.00, z transz wynika 49999.00."]


def test_another_fund_is_told_apart(loan):
    other = make.fund(code="drugi")
    broken("UPDATE loans_tranche SET amount = amount - 1 WHERE loan_id = %s", loan.pk)
    assert consistency.differences(other) == []
    assert len(consistency.differences(loan.fund)) == 1
