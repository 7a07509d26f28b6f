"""Schedules of loans as they are kept: versions, late payouts, tranches given up, and what is reckoned from what."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from centrum.kit import clock
from centrum.kit.transitions import Refused, move
from loans import agreements, schedule, schedules
from loans.enums import ScheduleReason
from loans.models import Loan, ScheduleVersion
from tests.factories import loans as make

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = DAY(2026, 11, 2)


def at(day):
    return clock.at(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC))


@pytest.fixture
def told():
    with at(TODAY):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


def fresh(loan):
    return Loan.objects.get(pk=loan.pk)


def dues(loan):
    return [row.nominal_due for row in schedules.current(loan).rows.order_by("nr")]


def test_a_loan_that_is_not_drawn_up_has_no_schedule(officer):
    loan = make.granted(by=officer)
    assert schedules.current(loan) is None
    with pytest.raises(Refused):
        schedules.reckon(loan)


def test_terms_are_those_of_the_agreement(officer):
    plan = [(D(20_000), DAY(2026, 11, 5)), (D(30_000), DAY(2027, 1, 4))]
    loan = make.drawn(by=officer, tranches=plan, due_day=5, first_due=DAY(2026, 12, 5))
    terms = schedule.Terms(
        tranches=((DAY(2026, 11, 5), D(20_000)), (DAY(2027, 1, 4), D(30_000))),
        dues=schedule.due_days(DAY(2026, 12, 5), 36),
        rates=((None, D("0.058000")),),
        method="equal_principal",
        grace=6,
        day_count="ACT/365F",
        business="following",
        first_period_start=DAY(2026, 11, 5),
    )
    assert schedules.reckon(loan) == schedule.build(terms)


def test_a_late_first_payout_leaves_the_days_that_it_passed_out(officer):
    loan = make.secured(12_000, by=officer, months=12, grace=3)
    assert dues(loan)[0] == DAY(2026, 12, 10)
    with at(DAY(2027, 1, 10)):
        loan = make.pay_out(loan.tranches.get(), by=officer, boss=make.manager())
    version = schedules.current(loan)
    rows = list(version.rows.order_by("nr"))
    assert (version.number, version.reason) == (2, ScheduleReason.PAYOUT)
    assert (len(rows), rows[0].nominal_due, rows[-1].nominal_due) == (10, DAY(2027, 2, 10), DAY(2027, 11, 10))
    # of three months of grace two are over
    assert [row.principal == 0 for row in rows[:2]] == [True, False]
    assert sum(row.principal for row in rows) == 12_000


def test_a_payout_after_the_last_instalment_is_refused_in_words(officer):
    loan = make.secured(12_000, by=officer, months=2, grace=0)
    loan.tranches.update(planned_on=DAY(2027, 1, 10))
    with pytest.raises(Refused):
        schedules.reckon(fresh(loan))


def test_a_tranche_given_up_is_left_out(officer):
    plan = [(D(20_000), TODAY), (D(30_000), DAY(2027, 1, 4))]
    loan = make.signed(by=officer, tranches=plan)
    move(loan.tranches.get(number=2), "cancel", by=officer, reason="Niepotrzebna")
    assert schedules.drawn(loan) == ((TODAY, D(20_000)),)
    version = schedules.rebuild(loan, by=officer, reason=ScheduleReason.PAYOUT)
    assert sum(row.principal for row in version.rows.all()) == 20_000
    assert [(v.number, v.current) for v in loan.schedules.order_by("number")] == [(1, False), (2, True)]


def test_a_tranche_is_not_planned_before_one_that_was_paid(officer):
    plan = [(D(20_000), TODAY), (D(30_000), DAY(2026, 11, 4))]
    loan = make.secured(by=officer, tranches=plan)
    with at(DAY(2026, 11, 9)):
        loan = make.pay_out(loan.tranches.get(number=1), by=officer, boss=make.manager())
    assert schedules.drawn(loan) == ((DAY(2026, 11, 9), D(20_000)), (DAY(2026, 11, 9), D(30_000)))


@pytest.mark.parametrize("day_count", ["ACT/365F", "ACT/360", "ACT/ACT", "30E/360", "PERIODIC"])
def test_every_day_count_comes_from_the_product(day_count, officer):
    product = make.product()
    product.pk, product.code, product.day_count = None, "inny", day_count
    product.save()
    loan = make.drawn(12_000, by=officer, product=product, months=24, grace=0, due_day=29, first_due=DAY(2026, 11, 29))
    rows = list(schedules.current(loan).rows.order_by("nr"))
    assert loan.day_count == day_count and sum(row.principal for row in rows) == 12_000
    assert [row.nominal_due.day for row in rows if row.nominal_due.month == 2] == [28, 29]
    first = {"ACT/365F": "51.48", "ACT/360": "52.20", "ACT/ACT": "51.48", "30E/360": "52.20", "PERIODIC": "50.52"}
    assert rows[0].interest == D(first[day_count])


def test_one_version_is_in_force_and_none_is_rewritten(officer):
    loan = make.drawn(by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleVersion.objects.create(
            loan=loan, number=2, reason="agreement", valid_from=TODAY, by=officer, at=clock.now()
        )
    agreements.draw(loan, by=officer, due_day=10, first_due=DAY(2026, 12, 10))
    with pytest.raises(DatabaseError), transaction.atomic():
        loan.schedules.filter(number=1).update(current=True)
