"""Calls on guarantees and the claim afterwards: in time or not, checked, paid, recovered, shared, written off."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale, find
from centrum.staff.enums import Role
from loans import consistency
from loans.enums import CALL_MOVES, LOSS_MOVES, CallState, MeasureState
from loans.guarantees import calls, expiry, recourse, timeline, waiting
from loans.models import Fund, GuaranteeCall, Line, Recovery
from loans.schedule import DAY as ONE
from tests import threads
from tests.factories import base
from tests.factories import guarantees as of
from tests.factories import loans as make
from tests.factories.files import upload

D, DAY = Decimal, datetime.date
TODAY = DAY(2026, 11, 2)
YES = dict.fromkeys(("principal_only", *calls.PAPERS), True)
REFUSED = {"state": "refused", "refused_because": "Nie", "refused_on": TODAY}
REFERENCE = ((DAY(2015, 3, 5), D("0.0375")),)


@pytest.fixture
def told(db):
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


@pytest.fixture
def guarantee(officer):
    """In force since August: 20 000 of a credit of 25 000."""
    return of.active(by=officer, on=DAY(2026, 8, 3))


def note(guarantee, by, **more):
    said = {"received_on": TODAY, "amount": D(16_000), "owed": D(20_000), "terminated_on": DAY(2026, 10, 15)}
    return calls.note(guarantee, by=by, file=upload(), **said | more)


def stakes(row):
    row = of.fresh(row)
    return row.reserved, row.exposure, row.claim, row.lost


def must_agree(guarantee):
    assert consistency.differences(Fund.objects.get(pk=guarantee.fund_id)) == []


# Noted


def test_a_call_is_noted_with_its_paper_and_the_day_to_pay(guarantee, officer):
    call = note(guarantee, officer)
    assert (call.state, call.pay_by, calls.days_left(call)) == ("received", DAY(2026, 12, 2), 30)
    assert (call.paper.kind, of.fresh(guarantee).state) == ("call", "called")
    assert stakes(guarantee) == (0, D(20_000), 0, 0)
    with pytest.raises(Stale):
        note(guarantee, officer)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"received_on": DAY(2026, 11, 3)}, "received_on"),
        ({"received_on": DAY(2026, 8, 2)}, "received_on"),
        ({"amount": D(0)}, "amount"),
        ({"owed": D(0)}, "owed"),
        ({"owed": D("25000.01")}, "owed"),
        ({"terminated_on": DAY(2026, 11, 3)}, "terminated_on"),
        ({"terminated_on": DAY(2026, 8, 2)}, "terminated_on"),
    ],
)
def test_what_is_no_call(guarantee, officer, wrong, field):
    with pytest.raises(Refused) as refused:
        note(guarantee, officer, **wrong)
    assert list(refused.value.error_dict) == [field]
    assert (of.fresh(guarantee).state, guarantee.papers.filter(kind="call").count()) == ("active", 0)


def test_a_call_on_the_last_day_is_in_time_also_when_noted_later(officer):
    made = of.active(by=officer, on=DAY(2023, 1, 10))
    with of.at(expiry.last_day(made)):
        with pytest.raises(Refused) as refused:
            note(made, officer, received_on=made.valid_to + ONE)
        assert list(refused.value.error_dict) == ["received_on"]
        call = note(made, officer, received_on=made.valid_to, terminated_on=made.valid_to)
        assert calls.checks(call)[0].holds
        assert of.paid(guarantee=None, call=call).state == "recourse"


def test_after_the_expiry_a_call_is_refused_with_the_days(officer):
    made = of.expired(of.active(by=officer, on=DAY(2023, 1, 10)))
    with pytest.raises(Refused, match=r"10\.4\.2026.*17\.4\.2026"):
        note(made, officer, received_on=made.valid_to, terminated_on=made.valid_to)


def test_a_call_in_time_is_noted_though_another_one_was_open_meanwhile(officer):
    made = of.active(by=officer, on=DAY(2023, 7, 31))
    boss, last = make.manager(), made.valid_to
    assert last == DAY(2026, 10, 31)

    def day(number, month=11):
        return of.at(DAY(2026, month, number))

    with day(20, 10):
        first = note(made, officer, received_on=DAY(2026, 10, 20))
    with day(12):
        assert expiry.expire(made.fund) == 0
        calls.refuse(first, by=boss, reason="Brak wypowiedzenia.")
    with day(14):
        assert expiry.expire(made.fund) == 0
        with pytest.raises(Refused) as refused:
            note(made, officer, received_on=last + ONE)
        assert list(refused.value.error_dict) == ["received_on"]
        second = note(made, officer, received_on=DAY(2026, 10, 30))
    with day(25):
        assert second.state == "received"
        calls.refuse(second, by=boss, reason="Odsetki.")
        assert expiry.last_day(made) == DAY(2026, 12, 2)
    with day(2, 12):
        assert expiry.expire(made.fund) == 0
    with day(3, 12):
        assert expiry.expire(made.fund) == 1
        assert (of.fresh(made).state, of.fresh(made).ended_on) == ("expired", last)
        with pytest.raises(Refused, match=r"31\.10\.2026.*2\.12\.2026"):
            note(made, officer, received_on=last)
    must_agree(made)


def test_a_refusal_before_the_last_day_gives_no_more_days(officer):
    made = of.active(by=officer, on=DAY(2023, 7, 31))
    with of.at(DAY(2026, 10, 20)):
        calls.refuse(note(made, officer, received_on=DAY(2026, 10, 20)), by=make.manager(), reason="Nie.")
    assert expiry.last_day(made) == DAY(2026, 11, 7)


# Checked


def test_the_checks_are_shown_one_by_one_with_their_numbers(guarantee, officer):
    call = note(guarantee, officer, amount=D("20000.01"))
    found = calls.checks(call)
    assert [check.holds for check in found] == [True, False, False, None, None, None, None]
    assert "20 000,01" in found[1].words.replace("\xa0", " ")
    assert calls.most(call) == D(16_000)


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ({"amount": D("16000.01")}, D(16_000)),  # the cover of what is owed
        ({"amount": D("20000.01"), "owed": D(25_000)}, D(20_000)),  # what is guaranteed
        ({"amount": D(5), "owed": D(25_000)}, D(5)),  # what is called for
        ({"owed": D("0.63")}, D("0.50")),
    ],
)
def test_no_grosz_more_than_called_for_guaranteed_and_covered(guarantee, officer, said, most):
    call = note(guarantee, officer, **said)
    for wrong in (most + D("0.01"), D(0), D(-1)):
        with pytest.raises(Refused) as refused:
            calls.verify(call, by=officer, payable=wrong, **YES)
        assert list(refused.value.error_dict) == ["payable"]
    assert calls.verify(call, by=officer, payable=most, **YES).payable == most


def test_without_its_papers_a_call_is_not_paid(guarantee, officer):
    call = note(guarantee, officer)
    for name in YES:
        with pytest.raises(Refused) as refused:
            calls.verify(call, by=officer, payable=D(1), **YES | {name: False})
        assert list(refused.value.error_dict) == [name]


# Paid or refused


def test_with_the_payment_the_claim_comes_in_the_place_of_the_guarantee(guarantee, officer):
    call = calls.verify(note(guarantee, officer), by=officer, payable=D(16_000), **YES)
    done = calls.pay(call, by=make.accountant(), paid_on=TODAY, document="WB/7")
    assert sorted(done.entry.lines.values_list("account__code", "amount")) == [
        ("131", D(-16_000)),
        ("241", D(16_000)),
        ("990", D(-20_000)),
        ("991", D(20_000)),
    ]
    assert (stakes(guarantee), of.fresh(guarantee).state) == ((0, 0, D(16_000), 0), "recourse")
    assert of.fresh(guarantee).ended_on == TODAY
    must_agree(guarantee)


def test_who_checked_neither_pays_nor_refuses(guarantee, officer):
    boss = make.manager()
    call = calls.verify(note(guarantee, officer), by=boss, payable=D(1), **YES)
    with pytest.raises(Refused, match="ktoś inny"):
        calls.pay(call, by=boss, paid_on=TODAY, document="WB/7")
    with pytest.raises(Refused, match="ktoś inny"):
        calls.refuse(call, by=boss, reason="Nie")
    with pytest.raises(DatabaseError), transaction.atomic():
        GuaranteeCall.objects.filter(pk=call.pk).update(**REFUSED, decided_by=boss)
    assert of.fresh(guarantee).state == "called"


def test_what_nobody_checked_is_refused_by_somebody_else_than_who_noted_it(guarantee):
    boss, other = make.manager(), make.manager()
    call = note(guarantee, boss)
    with pytest.raises(Refused, match="kto odnotował wezwanie"):
        calls.refuse(call, by=boss, reason="Nie")
    with pytest.raises(IntegrityError, match="guaranteecall_four_eyes"), transaction.atomic():
        GuaranteeCall.objects.filter(pk=call.pk).update(**REFUSED, decided_by=boss)
    assert calls.refuse(call, by=other, reason="Nie").refused_on == TODAY
    again = calls.verify(note(guarantee, boss), by=other, payable=D(1), **YES)
    assert calls.refuse(again, by=boss, reason="Nie").state == "refused"  # two people looked at it


def test_the_day_of_a_refusal_is_that_of_a_refused_call_alone(guarantee, officer):
    call = note(guarantee, officer)
    for wrong in ({"refused_on": TODAY}, {**REFUSED, "refused_on": None, "decided_by": make.manager()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GuaranteeCall.objects.filter(pk=call.pk).update(**wrong)


def test_who_noted_a_call_sees_no_button_to_refuse_it(client, guarantee):
    boss = make.manager()
    call = note(guarantee, boss)
    page, refuse = (
        reverse(f"loans:{name}", args=[guarantee.public_id, call.pk])
        for name in ("guarantee-call", "guarantee-call-refuse")
    )
    client.force_login(boss)
    assertNotContains(client.get(page), refuse)
    client.force_login(make.manager())
    assertContains(client.get(page), refuse)


def test_a_refused_call_leaves_the_guarantee_in_force(guarantee, officer):
    call, boss = note(guarantee, officer), make.manager()
    with pytest.raises(Refused):
        calls.refuse(call, by=boss, reason=" ")
    done = calls.refuse(call, by=boss, reason="Odsetki.")
    assert (done.state, done.refused_because, of.fresh(guarantee).state) == ("refused", "Odsetki.", "active")
    assert note(guarantee, officer).state == "received"  # another one may come
    must_agree(guarantee)


@pytest.mark.parametrize("wrong", [{"paid_on": DAY(2026, 11, 3)}, {"paid_on": DAY(2026, 11, 1)}, {"document": " "}])
def test_what_is_no_payment_of_a_call(guarantee, officer, wrong):
    call = of.verified(call=note(guarantee, officer))
    with pytest.raises(Refused) as refused:
        calls.pay(call, by=make.accountant(), **{"paid_on": TODAY, "document": "WB/7"} | wrong)
    assert list(refused.value.error_dict) == list(wrong)


def test_the_same_payment_again_changes_nothing(guarantee, officer):
    call, boss = of.verified(call=note(guarantee, officer)), make.accountant()
    said = {"by": boss, "paid_on": TODAY, "document": "WB/7"}
    assert calls.pay(call, **said).entry == calls.pay(call, **said).entry
    with pytest.raises(Stale):
        calls.pay(call, **said | {"document": "WB/8"})


@pytest.mark.parametrize("state", CallState.values)
@pytest.mark.parametrize("action", ["verify", "pay", "refuse"])
def test_every_step_in_every_state(guarantee, officer, state, action):
    boss, other = make.manager(), make.manager()
    call = note(guarantee, officer)
    if state in ("verified", "paid"):
        call = of.verified(call=call)
    if state == "paid":
        call = calls.pay(call, by=other, paid_on=TODAY, document="WB/1")
    if state == "refused":
        call = calls.refuse(call, by=other, reason="Nie")

    def act(by):
        if action == "verify":
            return calls.verify(call, by=by, payable=D(1), **YES)
        if action == "pay":
            return calls.pay(call, by=by, paid_on=TODAY, document="WB/7")
        return calls.refuse(call, by=by, reason="Nie")

    with pytest.raises(PermissionDenied):
        act(base.user(Role.COORDINATOR))
    step = find(CALL_MOVES, action)
    if state in step.sources:
        assert act(boss).state == step.target
    else:
        with pytest.raises(Stale):
            act(boss)
        assert of.fresh(call).state == state


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_one_call_at_once():
    call, payers = of.verified(), [make.accountant(), make.accountant()]
    today = clock.today()
    done = threads.at_once(2, lambda number: calls.pay(call, by=payers[number], paid_on=today, document=f"WB/{number}"))
    assert sorted(type(one).__name__ for one in done) == ["GuaranteeCall", "Stale"]
    assert Line.objects.filter(guarantee=call.guarantee, account__code="241").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_and_the_expiry_at_once():
    """Whichever is first, the other sees it: a guarantee is either called or expired."""
    made = of.active(on=clock.months_later(clock.today(), -39) - datetime.timedelta(days=9), months=36)
    officer = make.officer()

    def run(number):
        if number:
            return expiry.expire(made.fund)
        return note(made, officer, received_on=made.valid_to, terminated_on=made.valid_to)

    call, expired = threads.at_once(2, run)
    state = of.fresh(made).state
    assert (state, expired) == (("called", 0) if isinstance(call, GuaranteeCall) else ("expired", 1))


# The claim


@pytest.fixture
def claim(guarantee, officer):
    """16 000 paid today, of a credit of which 20 000 was owed."""
    return of.paid(call=note(guarantee, officer), boss=make.accountant())


def test_interest_for_delay_runs_from_the_day_after_the_payment(claim):
    now = recourse.standing(claim)
    assert (now.principal, now.interest) == (D(16_000), 0)
    # 3,75 % + 5,5 %, 30 days: 16 000 × 0,0925 × 30 / 365
    assert recourse.standing(claim, DAY(2026, 12, 2)).interest == D("121.64")


def test_what_came_back_is_shared_and_pays_the_principal_first(claim):
    with of.at(DAY(2026, 12, 2)):
        made = of.recovered(claim, "10000.01")
        assert (made.principal, made.interest, made.of_lender) == (D("8000.01"), 0, D(2_000))
        assert list(made.entry.lines.order_by("number").values_list("account__code", "amount")) == [
            ("131", D("8000.01")),
            ("241", D("-8000.01")),
        ]
        now = recourse.standing(claim)
        assert (now.principal, now.interest) == (D("7999.99"), D("121.64"))
    with of.at(DAY(2027, 1, 1)):
        # 121,64 and 30 days of what was left
        assert recourse.standing(claim).total == D("7999.99") + D("182.47")
        last = of.recovered(claim, "10100.00")
    assert (last.principal, last.interest, last.of_lender) == (D("7999.99"), D("80.01"), D(2_020))
    assert sorted(last.entry.lines.values_list("account__code", "amount")) == [
        ("131", D("8080.00")),
        ("241", D("-7999.99")),
        ("704", D("-80.01")),
    ]
    assert (of.fresh(claim).state, stakes(claim)) == ("recovered", (0, 0, 0, 0))
    with of.at(DAY(2027, 2, 1)):  # interest that is still owed may come, and nothing more
        left = recourse.standing(claim)
        assert (left.principal, left.interest) == (0, D("102.46"))
        with pytest.raises(Refused):
            of.recovered(claim, "130")
        assert of.recovered(claim, "128.08").interest == D("102.46")
        with pytest.raises(Refused):
            of.recovered(claim, "0.01")
    must_agree(claim)


def test_a_lender_that_shares_nothing(officer):
    made = of.paid(by=officer, lender_=of.lender(share=False))
    assert of.recovered(made, 20_000).of_lender == 0
    assert of.fresh(made).state == "recovered"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": D("20000.01")}, "amount"),  # its four fifths are a grosz more than the claim
        ({"amount": D(0)}, "amount"),
        ({"amount": D(-1)}, "amount"),
        ({"amount": D("0.005")}, "amount"),
        ({"on": DAY(2026, 11, 3)}, "on"),
        ({"on": DAY(2026, 11, 1)}, "on"),
        ({"document": " "}, "document"),
    ],
)
def test_what_is_no_recovery(claim, wrong, field):
    said = {"on": TODAY, "amount": D(100), "document": "WB/8", "key": of.key()} | wrong
    with pytest.raises(Refused) as refused:
        recourse.recover(claim, by=make.accountant(), **said)
    assert list(refused.value.error_dict) == [field]
    assert not Recovery.objects.exists()


def test_the_same_recovery_sent_twice_is_booked_once(claim):
    said = {"key_": of.key(), "by": make.accountant()}
    first = of.recovered(claim, 100, **said)
    assert of.recovered(claim, 100, **said) == first
    with pytest.raises(Refused, match="kluczem"):
        of.recovered(claim, 101, **said)
    assert list(Recovery.objects.values_list("amount", flat=True)) == [D(100)]


def test_recoveries_are_noted_in_the_order_of_their_days(claim):
    with of.at(DAY(2026, 12, 2)):
        of.recovered(claim, 10, on=DAY(2026, 11, 20))
        with pytest.raises(Refused):
            of.recovered(claim, 10, on=DAY(2026, 11, 19))
    with pytest.raises(PermissionDenied):
        of.recovered(claim, 10, by=make.officer())


@pytest.mark.django_db(transaction=True)
def test_two_recoveries_at_once_never_exceed_the_claim():
    made, by = of.paid(), make.accountant()
    today = clock.today()

    def run(number):
        return recourse.recover(made, by=by, on=today, amount=D(15_000), document=f"WB/{number}", key=number)

    done = threads.at_once(2, run)
    assert sorted(type(one).__name__ for one in done) == ["Recovery", "Refused"]
    assert of.fresh(made).claim == D(8_000)


# The write-off


def test_a_claim_is_written_off_by_two_people(claim, officer):
    of.recovered(claim, 1_000)
    loss = recourse.prepare_loss(claim, by=officer, reasons="Umorzenie egzekucji.", file=upload())
    assert recourse.waiting(claim) == loss
    with pytest.raises(Refused):
        recourse.prepare_loss(claim, by=officer, reasons="Jeszcze raz.", file=upload())
    with pytest.raises(PermissionDenied):
        recourse.confirm_loss(loss, by=officer)
    done = recourse.confirm_loss(loss, by=make.manager())
    assert (done.amount, of.fresh(claim).state) == (D(15_200), "writtenoff")
    assert stakes(claim) == (0, 0, 0, D(15_200))
    assert sorted(done.entry.lines.values_list("account__code", "amount")) == [
        ("241", D(-15_200)),
        ("753", D(15_200)),
    ]
    must_agree(claim)


def test_whoever_prepared_a_write_off_does_not_confirm_it(claim):
    boss = make.manager()
    loss = recourse.prepare_loss(claim, by=boss, reasons="Strata", file=upload())
    with pytest.raises(Refused, match="inna osoba"):
        recourse.confirm_loss(loss, by=boss)


def test_after_a_write_off_money_is_income_and_the_state_stays(claim):
    lost = of.written_off(claim)
    made = of.recovered(lost, 1_000)
    assert list(made.entry.lines.values_list("account__code", "amount")) == [("131", D(800)), ("704", D(-800))]
    assert (of.fresh(lost).state, stakes(lost)) == ("writtenoff", (0, 0, 0, D(16_000)))
    assert recourse.standing(lost).principal == D(15_200)
    with pytest.raises(Refused):
        of.recovered(lost, "19000.01")
    must_agree(claim)


@pytest.mark.parametrize("state", MeasureState.values)
@pytest.mark.parametrize("action", ["confirm", "drop"])
def test_every_step_of_a_write_off_in_every_state(claim, officer, state, action):
    boss = make.manager()
    loss = recourse.prepare_loss(claim, by=officer, reasons="Strata", file=upload())
    if state == "confirmed":
        loss = recourse.confirm_loss(loss, by=boss)
    elif state == "dropped":
        loss = recourse.drop_loss(loss, by=officer, reason="Pomyłka")

    def act(by):
        if action == "confirm":
            return recourse.confirm_loss(loss, by=by)
        return recourse.drop_loss(loss, by=by, reason="Pomyłka")

    with pytest.raises(PermissionDenied):
        act(base.user(Role.COORDINATOR))
    step = find(LOSS_MOVES, action)
    if state in step.sources:
        assert act(boss).state == step.target
    else:
        with pytest.raises(Stale):
            act(boss)


# Taken back


def taken_back(recovery, by=None, reason="Wpłata innej firmy."):
    return recourse.take_back(recovery, by=by or make.accountant(), reason=reason)


def test_a_recovery_is_taken_back_and_the_claim_is_open_again(claim):
    first = of.recovered(claim, 1_000)
    last = of.recovered(claim, 19_000)
    assert (of.fresh(claim).state, stakes(claim)) == ("recovered", (0, 0, 0, 0))
    with pytest.raises(Refused, match="później"):
        taken_back(first)
    boss = make.accountant()
    done = taken_back(last, boss)
    assert (done.taken_back_by, done.taken_back_because) == (boss, "Wpłata innej firmy.")
    assert sorted(last.entry.reversed_by.lines.values_list("account__code", "amount", "guarantee")) == [
        ("131", D(-15_200), claim.pk),
        ("241", D(15_200), claim.pk),
    ]
    assert (of.fresh(claim).state, stakes(claim)) == ("recourse", (0, 0, D(15_200), 0))
    assert recourse.standing(claim).principal == D(15_200)
    assert timeline.of_guarantee(claim)[0]["reason"] == "Wpłata innej firmy."
    with pytest.raises(Stale):
        taken_back(last)
    taken_back(first)
    assert stakes(claim) == (0, 0, D(16_000), 0)
    must_agree(claim)
    of.recovered(claim, 20_000)
    assert of.fresh(claim).state == "recovered"
    must_agree(claim)


def test_who_takes_a_recovery_back_and_why(claim):
    boss = make.accountant()
    made = of.recovered(claim, 1_000, by=boss)
    with pytest.raises(PermissionDenied):
        taken_back(made, make.officer())
    with pytest.raises(Refused, match="ktoś inny"):
        taken_back(made, boss)
    with pytest.raises(Refused) as refused:
        taken_back(made, reason=" ")
    assert list(refused.value.error_dict) == ["reason"]
    for wrong in ({"amount": 1}, {"taken_back_at": clock.now(), "taken_back_by": boss, "taken_back_because": "Sam"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Recovery.objects.filter(pk=made.pk).update(**wrong)
    assert stakes(claim) == (0, 0, D(15_200), 0)


def test_the_same_request_after_it_was_taken_back_books_nothing(claim):
    said = {"key_": of.key(), "by": make.accountant()}
    taken_back(of.recovered(claim, 100, **said))
    with pytest.raises(Stale):
        of.recovered(claim, 100, **said)
    assert stakes(claim) == (0, 0, D(16_000), 0)


def test_interest_that_was_taken_back_opens_no_claim(claim):
    with of.at(DAY(2026, 12, 2)):
        of.recovered(claim, 20_000)
        interest = of.recovered(claim, 100)
        assert (interest.principal, interest.interest) == (0, D(80))
        taken_back(interest)
        assert (of.fresh(claim).state, recourse.standing(claim).interest) == ("recovered", D("121.64"))
    must_agree(claim)


def test_of_a_claim_that_is_written_off_only_later_income_is_taken_back(claim):
    before = of.recovered(claim, 1_000)
    lost = of.written_off(claim)
    after = of.recovered(lost, 500)
    taken_back(after)
    with pytest.raises(Refused, match="odpis"):
        taken_back(before)
    assert (of.fresh(lost).state, stakes(lost)) == ("writtenoff", (0, 0, 0, D(15_200)))
    must_agree(claim)


@pytest.mark.django_db(transaction=True)
def test_a_recovery_is_taken_back_once_by_two_at_once():
    made, people = of.paid(), [make.accountant(), make.accountant()]
    recovery = of.recovered(made, 1_000)
    done = threads.at_once(2, lambda number: taken_back(recovery, people[number]))
    assert sorted(type(one).__name__ for one in done) == ["Recovery", "Stale"]
    assert of.fresh(made).claim == D(20_000)


def test_a_write_off_waits_only_while_something_is_owed(claim, officer):
    recourse.prepare_loss(claim, by=officer, reasons="Strata", file=upload())
    boss = make.manager()
    assert waiting.waiting_for(boss)["losses"].count() == 1
    made = of.recovered(claim, 20_000)
    assert waiting.waiting_for(boss)["losses"].count() == 0
    taken_back(made)
    assert waiting.waiting_for(boss)["losses"].count() == 1


# Interest of any claim


@given(
    claim=st.decimals(min_value="0.01", max_value="999999.99", places=2),
    gaps=st.lists(st.integers(0, 400), min_size=1, max_size=6),
)
def test_interest_of_parts_of_the_time_is_that_of_the_whole(claim, gaps):
    """Payments of nothing change nothing, and a day more never brings less."""
    first, day, payments = DAY(2026, 1, 1), DAY(2026, 1, 1), []
    for gap in gaps:
        day += datetime.timedelta(days=gap)
        payments.append((day, D(0)))
    rates = (*REFERENCE, (DAY(2026, 7, 1), D("0.05")), (DAY(2027, 2, 1), D(0)))
    whole = recourse.interest(claim, first, [], day, rates)
    assert recourse.interest(claim, first, payments, day, rates) == whole
    assert recourse.interest(claim, first, [], day + ONE, rates) >= whole
    assert recourse.interest(claim, first, [(first, claim)], day, rates) == 0


def test_a_missing_reference_rate_is_told():
    with pytest.raises(LookupError):
        recourse.interest(D(1), DAY(2010, 1, 1), [], DAY(2010, 1, 2), REFERENCE)
