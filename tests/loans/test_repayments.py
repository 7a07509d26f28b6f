"""Payments of a loan: what they pay, what comes to light late, what was none, and what the ledger says of all of it."""

import datetime
import uuid
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from centrum.kit.transitions import Refused, Stale
from loans import consistency, repayments, telling
from loans.models import Allocation, Entry, Loan, Payment
from tests.factories import claims
from tests.factories import loans as make
from tests.factories import repayments as of

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 15)
FIRST, SECOND = datetime.date(2026, 2, 16), datetime.date(2026, 3, 16)  # the 15th is a Sunday


@pytest.fixture
def loan():
    """12 000 at 6 % from 15 January 2026, twelve equal parts of principal."""
    return of.lent(START)


def agrees(loan):
    assert consistency.differences(loan.fund) == []


def test_a_payment_on_its_day_pays_the_instalment(loan):
    payment = of.pay(loan, FIRST, "1061.15")  # 12 000 × 6 % × 31 / 365 = 61.15
    assert of.parts(payment) == [("interest", 1, D("61.15")), ("principal", 1, D("1000.00"))]
    loan.refresh_from_db()
    assert loan.outstanding == 11_000
    now = of.told(loan)
    assert (now.arrears, now.over, now.next_due, now.next_total) == (0, 0, SECOND, D("1050.63"))
    lines = list(payment.entry.lines.order_by("number").values_list("account__code", "amount"))
    assert lines == [("130", D("1061.15")), ("211", D("-1000.00")), ("212", D("-61.15"))]
    agrees(loan)


def test_the_order_in_which_a_late_payment_pays(loan):
    with of.on(datetime.date(2026, 2, 20)):
        by = make.officer()
        repayments.charge(loan, by=by, amount=D(20), on=datetime.date(2026, 2, 20), text="wezwanie", key=uuid.uuid4())
    payment = of.pay(loan, datetime.date(2026, 2, 26), 1000)
    # 18.5 % on 1 000 for ten days: 5.07
    assert of.parts(payment) == [
        ("costs", None, D("20.00")),
        ("penalty", 1, D("5.07")),
        ("interest", 1, D("61.15")),
        ("principal", 1, D("913.78")),
    ]
    now = of.told(loan)
    assert (now.overdue_principal, now.unpaid_due) == (D("86.22"), FIRST)
    assert of.balances(loan)["702"] == D("-5.07")
    assert of.balances(loan)["760"] == -20
    agrees(loan)


def test_more_than_is_owed_waits_and_is_used_when_something_falls_due(loan):
    of.pay(loan, FIRST, 1200)
    assert of.told(loan).over == D("138.85")
    assert of.balances(loan)["249"] == D("-138.85")
    assert of.told(loan).again_on == SECOND
    of.night(loan.fund, SECOND)
    now = of.told(loan)
    assert (now.over, now.next_total, now.reason) == (0, D("911.78"), "due")
    assert "249" not in of.balances(loan)
    agrees(loan)


@pytest.mark.parametrize(("mode", "rows", "second"), [("reduce", 12, D("818.35")), ("shorten", 11, D("1000.00"))])
def test_an_early_repayment_by_instruction(loan, mode, rows, second):
    payment = of.pay(loan, FIRST, "3061.15", mode=mode)
    assert of.parts(payment) == [
        ("interest", 1, D("61.15")),
        ("principal", 1, D("1000.00")),
        ("early_interest", None, D("1.81")),  # of the Sunday that was the nominal day
        ("early_principal", None, D("1998.19")),
    ]
    version = loan.schedules.get(current=True)
    assert (version.reason, version.number, version.rows.count()) == ("early", 2, rows)
    assert version.rows.get(nr=2).principal == second
    agrees(loan)


def test_one_noted_twice_is_one(loan):
    key, by = uuid.uuid4(), make.accountant()
    said = {"by": by, "value_date": FIRST, "document": "WB/7", "key": key}
    with of.on(FIRST):
        first = repayments.receive(loan, amount=D(100), **said)
        assert repayments.receive(loan, amount=D(100), **said) == first
        with pytest.raises(Refused, match="Pod tym kluczem"):
            repayments.receive(loan, amount=D(101), **said)
    assert Payment.objects.count() == 1
    assert of.told(loan).number == 2  # the payout and the payment


def test_one_that_comes_to_light_late_changes_what_others_paid(loan):
    late = of.pay(loan, datetime.date(2026, 3, 10), "1075")
    before = of.parts(late)
    assert before == [("penalty", 1, D("11.15")), ("interest", 1, D("61.15")), ("principal", 1, D("1000.00")),
                      ("over", None, D("2.70"))]  # fmt: skip
    of.pay(loan, datetime.date(2026, 3, 20), "1061.15", value_date=FIRST)
    assert of.parts(late) == [("over", None, D("1075.00"))]
    was = late.allocations.exclude(withdrawn=None).order_by("pk")
    assert [(row.kind, row.nr, row.amount) for row in was] == before
    assert of.told(loan).over == D("24.37")  # 1 075 less the second instalment, 1 050.63
    assert "702" not in of.balances(loan)  # nothing was late after all
    difference = of.told(loan).entry
    assert (difference.event, difference.book_date) == ("retelling", datetime.date(2026, 3, 20))
    agrees(loan)


def test_told_late_is_told_as_in_order():
    one, two = of.lent(START), of.lent(START)
    days = [(FIRST, 500), (datetime.date(2026, 3, 2), 700), (datetime.date(2026, 3, 30), 900)]
    for day, amount in days:
        of.pay(one, day, amount)
    end = datetime.date(2026, 4, 2)
    for day, amount in reversed(days):
        of.pay(two, end, amount, value_date=day)
    with of.on(end):
        assert telling.standing(one) == telling.standing(two)
        telling.again(one, by=None, reason="due")
    assert of.balances(one) == of.balances(two)
    agrees(one)


def test_one_that_was_none_is_taken_back_by_another(loan):
    by = make.accountant()
    payment = of.pay(loan, FIRST, "1061.15", by=by)
    with of.on(SECOND):
        with pytest.raises(Refused, match="ktoś inny"):
            repayments.take_back(payment, by=by, reason="Inny klient.")
        with pytest.raises(Refused, match="Podaj powód"):
            repayments.take_back(payment, by=make.manager(), reason=" ")
        with pytest.raises(PermissionDenied):
            repayments.take_back(payment, by=make.officer(), reason="Inny klient.")
        repayments.take_back(payment, by=make.manager(), reason="Inny klient.")
        with pytest.raises(Stale):
            repayments.take_back(payment, by=make.manager(), reason="Inny klient.")
    loan.refresh_from_db()
    assert loan.outstanding == 12_000
    now = of.told(loan)
    assert (now.overdue_principal, now.unpaid_due, now.penalty) == (1000, FIRST, D("14.19"))
    assert of.parts(payment) == []
    assert Entry.objects.get(reverses=payment.entry).lines.count() == payment.entry.lines.count()
    agrees(loan)


def test_the_last_payment_ends_the_loan_and_taken_back_it_goes_on(loan):
    with of.on(FIRST):
        whole = sum(telling.payoff(loan, FIRST).values())
    assert whole == D("12062.96")
    payment = of.pay(loan, FIRST, whole, mode="reduce")
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("repaid", 0)
    assert of.balances(loan).keys() & {"211", "213", "214", "249"} == set()
    agrees(loan)
    with of.on(SECOND):
        repayments.take_back(payment, by=make.manager(), reason="Zwrot w banku.")
    loan.refresh_from_db()
    assert (loan.state, loan.outstanding) == ("active", 12_000)
    agrees(loan)


def test_an_overpayment_is_sent_back_and_no_more(loan):
    of.pay(loan, FIRST, 1200)
    by = make.accountant()
    said = {"by": by, "value_date": FIRST, "document": "WB/8", "key": uuid.uuid4()}
    with of.on(FIRST):
        with pytest.raises(Refused, match=r"138,85"):
            repayments.send_back(loan, amount=D(139), **said)
        back = repayments.send_back(loan, amount=D("138.85"), **said)
        assert repayments.send_back(loan, amount=D("138.85"), **said) == back
    assert back.amount == D("-138.85")
    assert of.told(loan).over == 0
    agrees(loan)


def test_what_was_sent_back_of_a_payment_that_was_none_is_owed(loan):
    by = make.accountant()
    payment = of.pay(loan, FIRST, 1200, by=by)
    with of.on(FIRST):
        repayments.send_back(loan, by=by, amount=D("138.85"), value_date=FIRST, document="WB/8", key=uuid.uuid4())
        repayments.take_back(payment, by=make.manager(), reason="Czek bez pokrycia.")
    assert of.told(loan).costs == D("138.85")
    agrees(loan)


def test_what_came_in_too_much_after_a_write_off_is_sent_back():
    loan = claims.in_state("writtenoff", by=make.officer(), boss=make.manager())
    claim = sum(amount for code, amount in of.balances(loan).items() if code == "994")
    day = claims.LATER + datetime.timedelta(days=1)
    of.pay(loan, day, claim + 50)
    by = make.accountant()
    with of.on(day):
        with pytest.raises(Refused, match=r"50,00"):
            repayments.send_back(loan, by=by, amount=D(51), value_date=day, document="WB/8", key=uuid.uuid4())
        repayments.send_back(loan, by=by, amount=D(50), value_date=day, document="WB/8", key=uuid.uuid4())
    assert of.told(loan).over == 0
    assert "249" not in of.balances(loan)
    agrees(loan)


def test_a_payment_that_a_later_forgiveness_leaves_no_room_for_is_refused_in_words():
    """All that was left was forgiven on 10 March, the overdue instalment with it; money of 2 March would pay that."""
    loan = of.lent(START, months=4)
    for day, amount in ((START + datetime.timedelta(days=3), 9_000 + D("5.92")),):
        of.pay(loan, day, amount, mode="reduce")
    forgiven_on = datetime.date(2026, 3, 10)
    with of.on(forgiven_on):
        claims.decided(loan, "forgiveness", by=make.officer(), boss=make.manager(), on=forgiven_on, amount=D(3_000))
    with pytest.raises(Refused, match="umorzenie"):
        of.pay(loan, datetime.date(2026, 3, 12), 800, value_date=datetime.date(2026, 3, 2))


def test_a_cost_is_taken_back_by_another(loan):
    by, other = make.officer(), make.officer()
    with of.on(FIRST):
        with pytest.raises(Refused, match="jeszcze nie nadszedł"):
            repayments.charge(loan, by=by, amount=D(20), on=SECOND, text="wezwanie", key="1")
        cost = repayments.charge(loan, by=by, amount=D(20), on=FIRST, text="wezwanie", key="1")
    payment = of.pay(loan, FIRST, "1061.15")
    assert of.parts(payment)[0] == ("costs", None, D("20.00"))
    with of.on(FIRST):
        with pytest.raises(Refused, match="ktoś inny"):
            repayments.take_cost_back(cost, by=by, reason="Pomyłka.")
        with pytest.raises(Refused, match="Podaj powód"):
            repayments.take_cost_back(cost, by=other, reason=" ")
        with pytest.raises(PermissionDenied):
            repayments.take_cost_back(cost, by=make.accountant(), reason="Pomyłka.")
        repayments.take_cost_back(cost, by=other, reason="Pomyłka.")
        with pytest.raises(Stale):
            repayments.take_cost_back(cost, by=other, reason="Pomyłka.")
    assert {kind: amount for kind, _nr, amount in of.parts(payment)} == {"interest": D("61.15"), "principal": D(1000)}
    assert not {"214", "760"} & of.balances(loan).keys()
    agrees(loan)


def test_pages_of_costs_and_the_payoff_refuse_in_words(client, loan):
    officer, other = make.officer(), make.manager()
    client.force_login(officer)
    page = reverse("loans:cost-new", args=[loan.public_id])
    typed = {"key": str(uuid.uuid4()), "amount": "20", "on": "1.1.2099", "text": "wezwanie"}
    assert client.post(page, typed).context["form"].errors.keys() == {"on"}
    assert client.post(page, typed | {"on": "16.2.2026"}).status_code == 302
    cost = loan.costs.get()
    back = reverse("loans:cost-take-back", args=[loan.public_id, cost.pk])
    assert back in client.get(reverse("loans:loan", args=[loan.public_id])).content.decode()
    client.force_login(other)
    assert client.post(back, {"reason": "Pomyłka."}).status_code == 302
    cost.refresh_from_db()
    assert cost.reversed_by == other


def test_the_payoff_without_a_rate_says_so(client):
    make.nbp_rate("0.0375", kind="reference", valid_from=datetime.date(2099, 1, 1))
    loan = of.lent(START)
    client.force_login(make.officer())
    page = client.get(reverse("loans:payoff", args=[loan.public_id]))
    assert (page.status_code, page.context["parts"]) == (200, [])
    assert "stopy referencyjne" in page.content.decode()


def test_the_page_counts_the_days_late_until_today(client, loan):
    of.night(loan.fund, FIRST + datetime.timedelta(days=1))
    client.force_login(make.officer())
    with of.on(datetime.date(2026, 3, 10)):
        shown = client.get(reverse("loans:loan", args=[loan.public_id]))
        panels = {one["template"]: one["panel"] for one in shown.context["panels"]}
    assert panels["loans/_repayments.html"]["late"] == 22


@pytest.mark.parametrize(
    ("day", "amount", "words"),
    [
        (datetime.date(2026, 1, 14), 10, "nic się nie spłaca"),
        (datetime.date(2026, 2, 17), 10, "jeszcze nie nadszedł"),
        (FIRST, 0, "więcej niż zero"),
        (FIRST, -5, "więcej niż zero"),
        (FIRST, 10**9, "mniej niż miliard"),
    ],
)
def test_what_is_no_payment(loan, day, amount, words):
    with pytest.raises(Refused, match=words):
        of.pay(loan, FIRST, amount, value_date=day)
    assert not Payment.objects.exists()


def test_nothing_is_paid_back_of_what_is_not_paid_out():
    with of.on(START):
        loan = make.ready(12_000)
    with pytest.raises(Refused, match="nic nie wypłacono"):
        of.pay(loan, FIRST, 10)


def test_only_who_pays_notes_a_payment(loan):
    with pytest.raises(PermissionDenied):
        of.pay(loan, FIRST, 10, by=make.officer())


def test_what_was_told_stays(loan):
    payment = of.pay(loan, FIRST, "1061.15")
    part = payment.allocations.first()
    for change in ({"amount": 1}, {"kind": "over"}, {"told": loan.tellings.last()}):
        with pytest.raises(Exception, match="stays"), transaction.atomic():
            Allocation.objects.filter(pk=part.pk).update(**change)
    for change in ({"amount": 1}, {"value_date": START}, {"by": make.officer()}):
        with pytest.raises(Exception, match="as_noted"), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)
    with pytest.raises(IntegrityError, match="payment_four_eyes"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(
            reversed_by=payment.by, reversed_at=payment.at, reversal_reason="x"
        )
    assert Loan.objects.get(pk=loan.pk).outstanding == 11_000
