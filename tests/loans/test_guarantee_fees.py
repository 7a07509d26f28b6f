"""Fees for guarantees: charged once a year, paid once, earned day by day and whole in the end."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, InternalError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from loans import consistency, days, nightly
from loans.guarantees import agreements, calls, exposure, fees, queries, reports
from loans.guarantees.earning import earned_by
from loans.models import Entry, Fund, GuaranteeFee, Line
from tests import threads
from tests.factories import guarantees as of
from tests.factories import loans as make
from tests.factories.files import upload

D, DAY = Decimal, datetime.date
ONE = datetime.timedelta(days=1)


@pytest.fixture
def told(db):
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


def deferred(guarantee):
    return -sum(Line.objects.filter(guarantee=guarantee, account__code="641").values_list("amount", flat=True))


def income(guarantee):
    lines = Line.objects.filter(entry__fund=guarantee.fund, account__code="703")
    return -sum(lines.values_list("amount", flat=True))


def paid(guarantee, nr=1, *, on=None, document="WB/3"):
    return fees.pay(guarantee.fees.get(nr=nr), by=make.accountant(), paid_on=on or clock.today(), document=document)


def must_agree(guarantee):
    assert consistency.differences(Fund.objects.get(pk=guarantee.fund_id)) == []


# Charged


def test_the_fee_of_the_first_year_comes_with_the_payout(officer):
    made = of.active(by=officer, paid_out=D("12345.67"), fee=D("0.0125"))
    fee = made.fees.get()
    assert (fee.nr, fee.begins, fee.ends) == (1, DAY(2026, 11, 2), DAY(2027, 11, 2))
    assert (fee.base, fee.amount) == (D("9876.54"), D("123.46"))


def test_a_later_year_is_charged_on_its_first_day_on_what_is_guaranteed_then(officer):
    lender = of.lender()
    made = of.active(by=officer, lender_=lender, on=DAY(2025, 12, 10))
    with of.at(DAY(2026, 12, 2)):
        data = of.report((made, D("10000.31")))
        reports.take_in(lender, DAY(2026, 11, 1), data, "r.csv", by=officer)
    with of.at(DAY(2026, 12, 9)):
        assert fees.charge_all(made.fund, clock.today()) == 0
    with of.at(DAY(2026, 12, 20)):  # ten days late
        assert fees.charge_all(made.fund, clock.today()) == 1
        assert fees.charge_all(made.fund, clock.today()) == 0
    fee = made.fees.get(nr=2)
    assert (fee.begins, fee.base, fee.amount) == (DAY(2026, 12, 10), D("8000.25"), D(80))


def test_a_report_after_the_anniversary_does_not_lower_its_fee(officer):
    lender = of.lender()
    made = of.active(by=officer, lender_=lender, on=DAY(2025, 12, 10))
    with of.at(DAY(2026, 12, 12)):
        reports.take_in(lender, DAY(2026, 11, 1), of.report((made, 0)), "r.csv", by=officer)
        assert fees.charge_all(made.fund, clock.today()) == 1
    assert made.fees.get(nr=2).base == D(20_000)


def test_the_first_years_may_be_free_and_some_pay_nothing(officer):
    free, later = of.active(by=officer, fee=D(0)), of.active(by=officer, fee_from=2)
    assert not free.fees.exists()
    assert not later.fees.exists()
    with of.at(DAY(2027, 11, 2)):
        assert fees.charge_all(free.fund, clock.today()) == 1
    assert later.fees.get().nr == 2


def test_no_fee_where_nothing_is_guaranteed(officer):
    lender = of.lender()
    made = of.active(by=officer, lender_=lender, on=DAY(2025, 11, 10))
    reports.take_in(lender, DAY(2026, 10, 1), of.report((made, 0)), "r.csv", by=officer)
    with of.at(DAY(2026, 11, 10)):
        assert fees.charge_all(made.fund, clock.today()) == 0


@pytest.mark.parametrize(("months", "years"), [(11, 1), (12, 1), (13, 2), (24, 2), (25, 3)])
def test_a_year_that_begins_when_the_credit_has_ended_has_no_fee(officer, months, years):
    made = of.active(by=officer, months=months)
    with of.at(made.valid_to):  # a call is still in time
        assert fees.charge_all(made.fund, clock.today()) == years - 1
        assert fees.charge_all(made.fund, clock.today()) == 0
        assert fees.charge(exposure.lock(made), clock.today()) == []
    assert list(made.fees.values_list("nr", flat=True)) == list(range(1, years + 1))


# Given up


def test_with_the_end_the_fees_of_later_years_are_given_up(officer):
    made = of.active(by=officer)
    with of.at(DAY(2027, 11, 10)):
        assert fees.charge_all(made.fund, clock.today()) == 1
        said = {"ended_on": DAY(2027, 11, 1), "reason": "Kredyt spłacony.", "file": upload()}
        agreements.release(made, by=officer, **said)
        first, second = made.fees.order_by("nr")
        assert (first.waived_on, list(fees.due([made]))) == (None, [first])
        assert (second.waived_on, second.waived_by) == (clock.today(), officer)
        assert second.waived_because == "Poręczenie skończyło się, zanim zaczął się ten rok."
        with pytest.raises(Stale, match=r"10\.11\.2027"):
            paid(made, 2)
        assert paid(made, 1).earned == D(200)
    must_agree(made)


def test_the_fee_of_a_year_that_began_on_the_day_of_the_end_stays(officer):
    made = of.active(by=officer)
    with of.at(DAY(2027, 11, 2)):
        fees.charge_all(made.fund, clock.today())
        of.released(made)
    assert [fee.nr for fee in fees.due([made])] == [1, 2]


def test_a_payment_under_a_call_gives_up_what_began_after_it(officer):
    made = of.active(by=officer)
    with of.at(DAY(2027, 11, 1)):
        call = of.verified(call=of.called(guarantee=made))
    with of.at(DAY(2027, 11, 10)):
        # charged before the call was noted by somebody who was quicker
        GuaranteeFee.objects.create(
            guarantee=made, nr=2, begins=DAY(2027, 11, 2), ends=DAY(2028, 11, 2), base=D(20_000), amount=D(200)
        )
        payer = make.accountant()
        calls.pay(call, by=payer, paid_on=DAY(2027, 11, 1), document="WB/7")
    assert made.fees.get(nr=2).waived_by == payer
    assert [fee.nr for fee in fees.due([made])] == [1]


def test_a_fee_is_given_up_by_who_decides_for_a_reason_and_once(officer):
    made, boss = of.active(by=officer), make.manager()
    fee = made.fees.get()
    with pytest.raises(PermissionDenied):
        fees.waive(fee, by=officer, reason="Błąd")
    with pytest.raises(Refused) as refused:
        fees.waive(fee, by=boss, reason=" ")
    assert list(refused.value.error_dict) == ["reason"]
    done = fees.waive(fee, by=boss, reason=" Uchwała 4/2026. ")
    assert (done.waived_on, done.waived_by, done.waived_because) == (clock.today(), boss, "Uchwała 4/2026.")
    assert not fees.due([made])
    assert made not in queries.listed(boss, todo="fee")
    for again in (lambda: fees.waive(fee, by=boss, reason="Znowu"), lambda: paid(made)):
        with pytest.raises(Stale):
            again()
    with pytest.raises(InternalError), transaction.atomic():
        made.fees.update(waived_on=None, waived_by=None, waived_because="")
    other = of.active(by=officer)
    paid(other)
    with pytest.raises(Stale):
        fees.waive(other.fees.get(), by=boss, reason="Błąd")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.fees.update(waived_on=clock.today(), waived_by=boss, waived_because="Błąd")


def test_the_page_of_a_guarantee_gives_a_fee_up(client, officer):
    made = of.active(by=officer)
    page, waive = reverse("loans:guarantee", args=[made.public_id]), "loans:guarantee-fee-waive"
    address = reverse(waive, args=[made.public_id, 1])
    client.force_login(officer)
    assertNotContains(client.get(page), address)
    client.force_login(make.manager())
    assertContains(client.get(page), address)
    told = client.post(address, {"reason": "Uchwała 4/2026."}, follow=True)
    assertContains(told, "Uchwała 4/2026.")
    assertNotContains(told, address)
    assertRedirects(client.get(address), page)


# Paid


def test_a_fee_is_paid_once(officer):
    made = of.active(by=officer)
    fee = paid(made)
    entry = fee.entry
    assert (entry.event, entry.document, fee.amount) == ("gua_fee", "WB/3", D(200))
    assert list(entry.lines.order_by("number").values_list("account__code", "amount")) == [
        ("131", D(200)),
        ("641", D(-200)),
    ]
    assert paid(made).entry == entry  # the same again
    with pytest.raises(Stale):
        paid(made, document="WB/4")
    must_agree(made)


@pytest.mark.parametrize("wrong", [{"paid_on": DAY(2026, 11, 3)}, {"paid_on": DAY(2026, 11, 1)}, {"document": " "}])
def test_what_is_no_payment(officer, wrong):
    made = of.active(by=officer)
    said = {"paid_on": clock.today(), "document": "WB/3"} | wrong
    with pytest.raises(Refused) as refused:
        fees.pay(made.fees.get(), by=make.accountant(), **said)
    assert list(refused.value.error_dict) == list(wrong)


def test_money_is_noted_by_who_pays(officer):
    with pytest.raises(PermissionDenied):
        fees.pay(of.active(by=officer).fees.get(), by=officer, paid_on=clock.today(), document="WB/3")


def test_a_payment_noted_wrongly_is_taken_back_and_noted_anew(officer):
    made, boss = of.active(by=officer), make.accountant()
    for _again in range(2):
        fee = paid(made)
        entry = fee.entry
        done = fees.unpay(fee, by=boss, reason="Wpłata innej firmy.")
        assert (done.paid_on, done.document, done.entry) == (None, "", None)
        assert sorted(entry.reversed_by.lines.values_list("account__code", "amount", "guarantee")) == [
            ("131", D(-200), made.pk),
            ("641", D(200), made.pk),
        ]
        assert list(fees.due([made])) == [done]
    with pytest.raises(Stale):
        fees.unpay(fee, by=boss, reason="Jeszcze raz.")
    assert paid(made).entry.event == "gua_fee"
    assert deferred(made) == D(200)
    must_agree(made)


def test_who_takes_a_payment_back_and_until_when(officer):
    made, boss = of.active(by=officer, on=DAY(2026, 10, 2)), make.accountant()
    with of.at(DAY(2026, 10, 2)):
        fee = fees.pay(made.fees.get(), by=boss, paid_on=clock.today(), document="WB/3")
    with pytest.raises(PermissionDenied):
        fees.unpay(fee, by=officer, reason="Pomyłka")
    with pytest.raises(Refused, match="ktoś inny"):
        fees.unpay(fee, by=boss, reason="Pomyłka")
    with pytest.raises(Refused):
        fees.unpay(fee, by=make.accountant(), reason=" ")
    assert fees.earn(made.fund, clock.today()) == 1
    with pytest.raises(Refused, match="rozliczon"):
        fees.unpay(fee, by=make.accountant(), reason="Pomyłka")
    with pytest.raises(DatabaseError), transaction.atomic():
        GuaranteeFee.objects.filter(pk=fee.pk).update(paid_on=None, document="", entry=None, earned=0)
    must_agree(made)


# Earned


def test_at_the_end_of_a_month_its_days_are_earned_in_one_entry(officer):
    first, second = of.active(by=officer), of.active(10_000, by=officer)
    for one in (first, second):
        paid(one)
    with of.at(DAY(2026, 12, 1)):
        assert fees.earn(first.fund, clock.today()) == 2
        assert fees.earn(first.fund, clock.today()) == 0
    entry = Entry.objects.get(event="gua_earned")
    assert (entry.by, entry.book_date, entry.key) == (None, DAY(2026, 11, 30), "gua-earned-2026-11")
    # 29 of 365 days: of 200 and of 100
    assert list(entry.lines.order_by("number").values_list("account__code", "guarantee", "amount")) == [
        ("641", first.pk, D("15.89")),
        ("641", second.pk, D("7.95")),
        ("703", None, D("-23.84")),
    ]
    assert [one.fees.get().earned for one in (first, second)] == [D("15.89"), D("7.95")]
    must_agree(first)


def test_what_is_not_paid_is_not_earned_and_made_up_for_later(officer):
    made = of.active(by=officer)
    for day in (DAY(2026, 12, 1), DAY(2027, 1, 1)):
        with of.at(day):
            assert fees.earn(made.fund, clock.today()) == 0
    with of.at(DAY(2027, 1, 10)):
        paid(made, on=DAY(2026, 12, 20))  # noted in January
        assert fees.earn(made.fund, clock.today()) == 0
    with of.at(DAY(2027, 2, 3)):
        assert fees.earn(made.fund, clock.today()) == 1
    fee, entry = made.fees.get(), Entry.objects.get(event="gua_earned")
    assert fee.earned == earned_by(fee, DAY(2027, 1, 31)) == D("49.86")
    assert (entry.value_date, entry.book_date) == (DAY(2027, 1, 31), DAY(2027, 1, 31))


def test_a_day_is_not_whole_before_its_month_is_earned(officer):
    made = of.active(by=officer)
    paid(made)
    with of.at(DAY(2026, 12, 1)):
        for day in (DAY(2026, 11, 30), DAY(2026, 11, 15)):
            if day == DAY(2026, 11, 30):
                with pytest.raises(Refused, match=r"30\.11\.2026"):
                    days.must_be_whole(made.fund, day)
            else:
                days.must_be_whole(made.fund, day)
        fees.earn(made.fund, clock.today())
        days.must_be_whole(made.fund, DAY(2026, 11, 30))


def test_after_its_year_a_fee_is_earned_whole(officer):
    made = of.active(by=officer)
    paid(made)
    for months in range(1, 15):
        with of.at(clock.months_later(DAY(2026, 11, 1), months)):
            fees.earn(made.fund, clock.today())
    assert (made.fees.get(nr=1).earned, deferred(made), income(made)) == (D(200), 0, D(200))
    must_agree(made)


@pytest.mark.parametrize("state", ["released", "recourse", "expired"])
def test_the_rest_is_earned_at_once_when_the_guarantee_ends(officer, state):
    made = of.active(by=officer, on=DAY(2026, 6, 1))
    paid(made)
    with of.at(DAY(2026, 10, 1)):
        fees.earn(made.fund, clock.today())
    if state == "released":
        of.released(made)
    elif state == "recourse":
        of.paid(guarantee=made)
    else:
        of.expired(made)
    assert of.fresh(made).state == state
    assert (deferred(made), income(made), made.fees.get(nr=1).earned) == (0, D(200), D(200))


def test_a_fee_paid_after_the_end_is_earned_at_once(officer):
    made = of.released(of.active(by=officer))
    fee = paid(made)
    assert (fee.earned, deferred(made), income(made)) == (fee.amount, 0, fee.amount)
    must_agree(made)


def test_no_more_is_earned_than_was_paid_whoever_writes(officer):
    made = of.active(by=officer)
    for values in ({"earned": 1}, {"paid_on": clock.today()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.fees.update(**values)
    paid(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.fees.update(earned=D("200.01"))


def test_the_night_charges_and_earns(officer):
    made = of.active(by=officer, on=DAY(2025, 11, 2))
    with of.at(DAY(2025, 11, 9)):
        paid(made)
    done = nightly.keep(Fund.objects.get(pk=made.fund_id))
    assert (done["fees charged"], done["fees earned"]) == (1, 1)
    again = nightly.keep(Fund.objects.get(pk=made.fund_id))
    assert (again["fees charged"], again["fees earned"]) == (0, 0)
    must_agree(made)


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_earn_once():
    officer, day = make.officer(), clock.today() - datetime.timedelta(days=60)
    made = of.active(by=officer, on=day)
    with of.at(day):
        paid(made)
    today = clock.today()
    assert sorted(threads.at_once(2, lambda _number: fees.earn(made.fund, today))) == [0, 1]
    assert made.fees.get().earned == income(made)


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_a_fee_at_once():
    made, by = of.active(), make.accountant()
    fee, today = made.fees.get(), clock.today()
    done = threads.at_once(2, lambda number: fees.pay(fee, by=by, paid_on=today, document=f"WB/{number}"))
    assert sorted(type(one).__name__ for one in done) == ["GuaranteeFee", "Stale"]
    assert deferred(made) == fee.amount


# Any fee


@given(
    grosze=st.integers(1, 10**9),
    begins=st.integers(0, 5_000).map(lambda days_: DAY(2020, 1, 1) + datetime.timedelta(days=days_)),
    steps=st.lists(st.integers(0, 60), max_size=12),
)
def test_days_add_up_to_the_fee_and_never_to_more(grosze, begins, steps):
    amount = D(grosze) / 100
    fee = GuaranteeFee(amount=amount, begins=begins, ends=clock.months_later(begins, 12))
    day, earned = begins - ONE, D(0)
    assert earned_by(fee, day) == 0
    for step in steps:
        day += datetime.timedelta(days=step)
        more = earned_by(fee, day) - earned
        assert more >= 0
        earned += more
        assert earned <= amount
    assert earned + (earned_by(fee, max(day, fee.ends - ONE)) - earned) == amount
    assert earned_by(fee, fee.ends - ONE) == amount
