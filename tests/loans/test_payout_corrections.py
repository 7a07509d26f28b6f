"""A booked payout that was of another day, or none: reversed and told anew, by somebody else than who booked it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from centrum.kit.transitions import Refused, Stale
from loans import consistency, payouts, repayments
from loans.models import Accrual, AccrualPiece, Entry, Loan, Settlement
from tests.factories import claims
from tests.factories import loans as make
from tests.factories import repayments as of

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 15)
LATER, FIRST = START + datetime.timedelta(days=5), datetime.date(2026, 2, 16)


@pytest.fixture
def loan():
    return of.lent(START, boss=make.accountant())


@pytest.fixture
def boss():
    return make.manager()


def corrected(loan, by, *, on=FIRST, paid_on=LATER, document="WB/2"):
    with of.on(on):
        said = {"paid_on": paid_on, "document": document, "reason": "Bank wykonał przelew później."}
        return payouts.correct(loan.tranches.get(), by=by, **said)


def test_another_day_moves_the_interest_and_the_schedule(loan, boss):
    of.night(loan.fund, FIRST)
    row = corrected(loan, boss)
    assert (row.paid_on, row.document, row.state) == (LATER, "WB/2", "paid")
    assert Settlement.objects.get(tranche=row).due_on == LATER + datetime.timedelta(days=90)
    version = loan.schedules.get(current=True)
    assert (version.number, version.rows.get(nr=1).days) == (2, 26)
    # 12 000 × 6 % × 27 / 365 up to 15 February with it; the ledger had five days more
    assert of.balances(Loan.objects.get(pk=loan.pk))["212"] == Accrual.objects.get(loan=loan).amount
    payout = Entry.objects.filter(event="payout").order_by("pk")
    assert [entry.value_date for entry in payout] == [START, LATER]
    assert Entry.objects.get(reverses=payout[0]).by == boss
    assert consistency.differences(loan.fund) == []
    loan.refresh_from_db()
    assert (loan.paid_out, loan.outstanding, loan.committed) == (12_000, 12_000, 0)


def test_what_was_paid_since_is_told_anew(loan, boss):
    payment = of.pay(loan, FIRST, "1061.15")
    corrected(loan, boss, on=datetime.date(2026, 2, 20))
    # five days less of 12 000 at 6 %
    assert {kind: str(amount) for kind, _nr, amount in of.parts(payment)} == {
        "interest": "51.29",
        "principal": "1000.00",
        "over": "9.86",
    }
    assert consistency.differences(loan.fund) == []


def test_no_payout_at_all_begins_anew(loan, boss):
    late = FIRST + datetime.timedelta(days=16)
    of.night(loan.fund, late)  # an instalment was late, and interest for delay is posted
    assert of.balances(loan).keys() >= {"211", "212", "213", "702"}
    with of.on(late):
        payouts.unpay(loan.tranches.get(), by=boss, reason="Bank zwrócił przelew.")
    loan.refresh_from_db()
    tranche = loan.tranches.get()
    assert (loan.state, loan.committed, loan.outstanding, loan.paid_out) == ("ready", 12_000, 0, 0)
    assert (tranche.state, tranche.entry, tranche.account) == ("requested", None, None)
    # the days of interest are an income of all loans together, so what takes them back stands at this one
    assert of.balances(loan).keys() == {"701", "992", "993"}
    assert loan.tellings.latest("pk").principal == 0
    assert not loan.tellings.filter(current=True).exists()
    assert not AccrualPiece.objects.exists()
    assert consistency.differences(loan.fund) == []
    with of.on(late):
        make.paid(loan)
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("active", 12_000)
    assert Settlement.objects.count() == 1
    assert consistency.differences(loan.fund) == []


def test_who_may_and_when_not(loan, boss):
    booker = loan.tranches.get().entry.by
    with pytest.raises(Refused, match="ktoś inny"):
        corrected(loan, booker)
    with pytest.raises(PermissionDenied):
        corrected(loan, make.officer())
    with pytest.raises(Refused, match="Nic się nie zmienia"):
        corrected(loan, boss, paid_on=START, document="WB/1")
    of.pay(loan, START + datetime.timedelta(days=2), 100)
    with pytest.raises(Refused, match="coś spłacono"):
        corrected(loan, boss)
    with of.on(FIRST):
        with pytest.raises(Refused, match="już spłacona"):
            payouts.unpay(loan.tranches.get(), by=boss, reason="Bank zwrócił przelew.")
        with pytest.raises(Refused, match="Podaj powód"):
            payouts.unpay(loan.tranches.get(), by=boss, reason=" ")
        with pytest.raises(Stale):
            payouts.verify(loan.tranches.get(), by=loan.officer, account=None)


@pytest.mark.parametrize("state", ["repaid", "terminated", "recovery", "writtenoff"])
def test_no_payout_is_taken_back_after_everything_was_called_or_paid(state, boss):
    loan = claims.in_state(state, by=make.officer(), boss=make.manager())
    with of.on(claims.LATER), pytest.raises(Refused, match="więc pieniądze wypłacono"):
        payouts.unpay(loan.tranches.get(), by=boss, reason="Zwrot.")
    if state == "writtenoff":
        with pytest.raises(Refused, match="odpisana"):
            corrected(loan, boss, on=claims.LATER)


def test_no_payout_is_taken_back_while_a_cost_is_owed(loan, boss):
    with of.on(FIRST):
        repayments.charge(loan, by=loan.officer, amount=50, on=FIRST, text="wezwanie", key="1")
        with pytest.raises(Refused, match="Najpierw go wycofaj"):
            payouts.unpay(loan.tranches.get(), by=boss, reason="Zwrot.")


def test_both_steps_on_the_page(client, loan, boss):
    client.force_login(boss)
    page = client.get(reverse("loans:loan", args=[loan.public_id])).content.decode()
    for who, action, typed in (
        (boss, "correct", {"paid_on": "16.1.2026", "document": "WB/3", "reason": "Pomyłka."}),
        (make.manager(), "unpay", {"reason": "Zwrot przelewu."}),
    ):
        client.force_login(who)
        address = reverse("loans:tranche-move", args=[loan.public_id, 1, action])
        assert address in page
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 200
        assert client.post(address, typed).status_code == 302
    loan.refresh_from_db()
    assert loan.state == "ready"
