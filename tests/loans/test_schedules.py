"""Schedules of loans as they are kept: versions, late payouts, tranches given up, and what is reckoned from what."""

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from centrum.kit import clock
from centrum.kit.transitions import Refused, move
from loans import agreements, annexes, schedule, schedules, segments
from loans.enums import ScheduleReason
from loans.models import Annex, Loan, ScheduleVersion
from loans.replay import Payment, Replay, Restructured
from loans.schedule import REDUCE, SHORTEN, Prepayment
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


def annexed(loan, by, boss, cut, **more):
    row = annexes.prepare(loan, by=by, valid_from=cut, reasons="Spadek zamówień", **more)
    return annexes.sign(annexes.confirm(row, by=boss), by=by, signed_on=clock.today())


def unsigned(loan, cut, **more):
    return Annex(loan=loan, number=9, valid_from=cut, **more)


@pytest.fixture
def boss(told):
    return make.manager()


@pytest.fixture
def loan(officer, boss):
    """12 000 PLN over 12 months without grace, 1000 on every tenth, at 5.8 %."""
    return make.active(12_000, by=officer, boss=boss, months=12, grace=0)


CUT = DAY(2026, 12, 10)
TENTHS = schedule.due_days(CUT, 24)


def of_annex(loan, balance, months, **more):
    """The schedule after an annex of CUT, reckoned by itself."""
    return schedule.build(
        schedule.Terms(
            tranches=((CUT, D(balance)),),
            dues=TENTHS[1:months],
            rates=((None, D("0.058")),),
            business=schedule.FOLLOWING,
            **more,
        )
    )


def numbered(rows, after):
    return tuple(dataclasses.replace(row, nr=row.nr + after) for row in rows)


def test_a_plan_without_annexes_is_the_schedule_with_early_repayments(loan):
    early = (Prepayment(DAY(2027, 2, 1), D(3000), SHORTEN), Prepayment(DAY(2027, 3, 10), D(500), REDUCE))
    start = DAY(2026, 11, 2)
    terms = schedule.Terms(
        tranches=((start, D(12_000)),),
        dues=TENTHS[:12],
        rates=((None, D("0.058")),),
        business=schedule.FOLLOWING,
        first_period_start=DAY(2026, 11, 10),
        prepayments=early,
    )
    made = schedules.plan(loan)(early)
    assert made == schedule.build(terms)
    assert [event.on for event in made.events] == [one.on for one in early]


def test_a_plan_asks_the_database_once(loan, officer, boss, django_assert_num_queries):
    annexed(loan, officer, boss, CUT, months=6)
    plan = schedules.plan(fresh(loan))
    with django_assert_num_queries(0):
        made = plan((Prepayment(DAY(2026, 11, 20), D(3000)), Prepayment(DAY(2027, 2, 1), D(100))))
        assert plan((Prepayment(DAY(2026, 11, 20), D(3000)), Prepayment(DAY(2027, 2, 1), D(100)))) is made
    assert len(made.events) == 2 and made.principal == 12_000


def test_a_repayment_before_an_annex_lowers_what_it_starts_from(loan, officer, boss):
    annexed(loan, officer, boss, CUT, months=6)
    plan = schedules.plan(fresh(loan))
    before = Prepayment(DAY(2026, 11, 20), D(3000))
    made = plan((before,))
    row = made.rows[0]
    after = of_annex(loan, row.balance, 18)
    assert row.balance == 12_000 - made.events[0].principal - row.principal
    assert made.rows[1:] == numbered(after.rows, 1) and [one.nr for one in made.rows] == list(range(1, 19))
    assert made.interest == row.interest + made.events[0].interest + after.interest
    assert segments.accrued(made.segments, CUT - schedule.DAY) == row.interest + made.events[0].interest
    assert segments.accrued(made.segments, DAY(2040, 1, 1)) == made.interest


def test_a_repayment_on_the_day_of_an_annex_counts_after_it(loan, officer, boss):
    annexed(loan, officer, boss, CUT, months=6)
    made = schedules.plan(fresh(loan))((Prepayment(CUT, D(3000)),))
    assert (made.rows[0].balance, made.events) == (11_000, (schedule.Event(CUT, D(0), D(3000), D(8000)),))
    assert made.rows[1:] == numbered(of_annex(loan, 11_000, 18, prepayments=(Prepayment(CUT, D(3000)),)).rows, 1)


def test_a_signed_annex_changes_nothing_of_what_is_paid_off(loan, officer, boss):
    early = (Prepayment(DAY(2026, 11, 20), D(20_000), SHORTEN),)
    without = schedules.plan(loan)(early)
    with pytest.raises(Refused):
        schedules.plan(loan, unsigned(loan, CUT, months=6))(early)
    annexed(loan, officer, boss, CUT, holiday=2, months=6)
    annexed(loan, officer, boss, CUT, grace=1)
    made = schedules.plan(fresh(loan))(early)
    assert made == without and made.principal == 12_000 and made.rows == ()


def test_a_shortened_loan_may_end_before_an_annex_or_on_its_day(officer, boss):
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=0)
    early = {end: (Prepayment(DAY(2026, 12, 20), D(paid), SHORTEN),) for end, paid in ((3, 9023), (2, 10_023))}
    without = {end: schedules.plan(loan)(paid) for end, paid in early.items()}
    assert {end: len(made.rows) for end, made in without.items()} == {3: 3, 2: 2}
    with at(DAY(2027, 2, 10)):
        annexed(loan, officer, boss, DAY(2027, 2, 10), rate=D("0.01"))
    plan = schedules.plan(fresh(loan))
    assert {end: plan(paid) for end, paid in early.items()} == without


def test_an_annex_takes_over_what_is_overdue(loan, officer, boss):
    annex = annexed(loan, officer, boss, CUT, months=6)
    amends = ((CUT, D("640.50")),)
    made = schedules.plan(fresh(loan), amends=amends)(())
    assert made.amended == amends and made.principal == D("12640.50")
    assert made.rows[0] == schedules.reckon(fresh(loan)).rows[0] and made.rows[0].balance == 11_000
    assert made.rows[1:] == numbered(of_annex(loan, "11640.50", 18).rows, 1)
    # also where nothing else is left
    early = (Prepayment(DAY(2026, 11, 20), D(20_000)),)
    alone = schedules.plan(fresh(loan), amends=amends)(early)
    assert alone.rows == of_annex(loan, "640.50", 18).rows
    assert segments.accrued(alone.segments, CUT) == alone.events[0].interest + schedule.rounded(
        D("640.50") * D("0.058") / 365
    )
    assert schedules.plan(fresh(loan), unsigned(loan, CUT, months=1), amends=amends)(()).principal == made.principal
    for wrong in ((CUT + schedule.DAY, D(1)), (annex.valid_from, D(-1))):
        with pytest.raises(ValueError):
            schedules.plan(fresh(loan), amends=(wrong,))


def test_a_restructured_loan_is_told_from_its_plan(loan, officer, boss):
    references, told_until = ((None, D("0.0575")),), DAY(2026, 12, 20)
    told = Replay(schedules.plan(loan), references)
    told.tell([Payment(CUT, D(500), "some")], [], CUT)
    principal, interest = told.fallen_due(CUT)
    assert (principal, interest) == (1000 - (500 - told.plan_now.rows[0].interest), 0)
    annexed(loan, officer, boss, CUT, months=6)
    plan = schedules.plan(fresh(loan), amends=((CUT, principal),))
    told = Replay(plan, references)
    standing = told.tell([Payment(CUT, D(500), "some")], [], told_until, [Restructured(CUT)])
    assert (standing.arrears, standing.days, standing.next_due) == (0, 0, DAY(2027, 1, 11))
    assert standing.principal == 11_000 + principal == sum(row.principal for row in told.plan_now.rows[1:])


def test_a_tranche_after_all_was_paid_early_begins_anew(officer, boss):
    plan_ = [(D(20_000), TODAY), (D(30_000), DAY(2027, 3, 1))]
    loan = make.secured(by=officer, tranches=plan_, months=12, grace=0)
    loan = make.pay_out(loan.tranches.get(number=1), by=officer, boss=boss)
    annexed(loan, officer, boss, CUT, holiday=3, months=2)
    early = (Prepayment(DAY(2026, 11, 20), D(50_000)),)
    made = schedules.plan(fresh(loan))(early)
    assert made.principal == 50_000
    # the due days that passed meanwhile are gone, two months of the holiday with them
    assert [row.nominal_due for row in made.rows] == [CUT, *TENTHS[3:14]]
    assert [row.total == 0 for row in made.rows] == [True, True] + [False] * 10
    assert segments.accrued(made.segments, DAY(2027, 2, 28)) == made.events[0].interest
    assert segments.accrued(made.segments, DAY(2030, 1, 1)) == made.interest
