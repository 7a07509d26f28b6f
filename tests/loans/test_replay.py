"""The life of a loan told from its events: nothing lost, nothing doubled, the same whenever it is told."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans import delay, schedule
from loans.replay import (
    COSTS,
    EARLY_INTEREST,
    EARLY_PRINCIPAL,
    INTEREST,
    OVER,
    PENALTY,
    PRINCIPAL,
    Cost,
    Payment,
    Replay,
)
from loans.schedule import ANNUITY, EQUAL_PRINCIPAL, FOLLOWING, REDUCE, SHORTEN, ZERO

D = Decimal
DAY = datetime.timedelta(days=1)
START = datetime.date(2026, 1, 30)
REFERENCES = ((None, D("0.0375")), (datetime.date(2026, 9, 10), D("0.0350")))
END = datetime.date(2029, 12, 31)


def terms(months=24, grace=2, method=EQUAL_PRINCIPAL, amount=50_000):
    return schedule.Terms(
        tranches=((START, D(amount)),),
        dues=schedule.due_days(datetime.date(2026, 2, 28), months, anchor=30),
        rates=((None, D("0.038")),),
        method=method,
        grace=grace,
        business=FOLLOWING,
    )


def replay(of=None, **more):
    of = of or terms()
    return Replay(lambda early: schedule.build(replace(of, prepayments=early)), REFERENCES, **more)


def parts(told, kind=None):
    return [(part.key, part.nr, part.amount) for part in told.parts if kind in (None, part.kind)]


def test_paid_on_every_due_day_nothing_is_ever_late():
    rows = schedule.build(terms()).rows
    told = replay()
    standing = told.tell([Payment(row.due, row.total, row.nr) for row in rows], [], END)
    assert (standing.arrears, standing.over, standing.principal, standing.days) == (0, 0, 0, 0)
    assert parts(told, INTEREST) == [(row.nr, row.nr, row.interest) for row in rows if row.interest]
    assert parts(told, PRINCIPAL) == [(row.nr, row.nr, row.principal) for row in rows if row.principal]
    assert len(told.parts) == len(parts(told, INTEREST)) + len(parts(told, PRINCIPAL))


def test_a_late_instalment_costs_the_penalty_on_its_principal_alone():
    row = schedule.build(terms()).rows[2]
    before = [Payment(one.due, one.total) for one in schedule.build(terms()).rows[:2]]
    paid = row.due + DAY * 20
    fine = delay.penalty(row.principal, row.nominal_due, paid, REFERENCES).interest
    told = replay()
    told.tell([*before, Payment(paid, row.total + fine, "late")], [], paid)
    of_row = [(part.kind, part.amount) for part in told.parts if part.key == "late" and part.nr == row.nr]
    assert of_row == [(PENALTY, fine), (INTEREST, row.interest), (PRINCIPAL, row.principal)]


def test_the_day_of_delay_is_counted_from_the_moved_due_day():
    # 30 May 2026 is a Saturday: due on Monday, 1 June
    rows = schedule.build(terms()).rows
    row = next(one for one in rows if one.nominal_due == datetime.date(2026, 5, 30))
    assert row.due == datetime.date(2026, 6, 1)
    paid = [Payment(one.due, one.total) for one in rows if one.nr < row.nr]
    assert replay().tell(paid, [], row.due).days == 0
    late = replay().tell(paid, [], row.due + DAY)
    assert (late.days, late.overdue_principal, late.overdue_interest) == (1, row.principal, row.interest)


def test_what_is_too_much_waits_for_the_next_due_day():
    rows = schedule.build(terms()).rows
    told = replay()
    standing = told.tell([Payment(rows[0].due, rows[0].total + 100, "a")], [], rows[0].due)
    assert (standing.over, standing.principal) == (100, 50_000)
    told = replay()
    standing = told.tell([Payment(rows[0].due, rows[0].total + 100, "a")], [], rows[1].due)
    assert standing.over == 0
    assert parts(told, OVER) == [("a", None, D(100)), (None, None, D(-100))]
    assert (None, 2, D(100)) in parts(told, INTEREST)


@pytest.mark.parametrize("mode", [REDUCE, SHORTEN])
@pytest.mark.parametrize("method", [EQUAL_PRINCIPAL, ANNUITY])
def test_an_early_repayment_by_instruction_pays_arrears_and_interest_first(mode, method):
    of = terms(method=method)
    rows = schedule.build(of).rows
    paid = [Payment(row.due, row.total) for row in rows[:3]]
    on = rows[3].due + DAY * 10  # the fourth is overdue
    told = replay(of)
    standing = told.tell([*paid, Payment(on, D(20_000), "early", mode)], [], on)
    kinds = [part.kind for part in told.parts if part.key == "early"]
    assert kinds == [PENALTY, INTEREST, PRINCIPAL, EARLY_INTEREST, EARLY_PRINCIPAL]
    assert sum(part.amount for part in told.parts if part.key == "early") == 20_000
    assert standing.arrears == standing.over == 0
    principal = sum(part.amount for part in told.parts if part.kind in (PRINCIPAL, EARLY_PRINCIPAL))
    assert principal + standing.principal == 50_000


def test_the_whole_loan_paid_back_early_and_more_than_that():
    on = datetime.date(2026, 7, 7)
    principal, interest = schedule.payoff(terms(), on)
    rows = [row for row in schedule.build(terms()).rows if row.due < on]
    paid = [Payment(row.due, row.total) for row in rows]
    told = replay()
    standing = told.tell([*paid, Payment(on, principal + interest + D("0.01"), "all", REDUCE)], [], END)
    assert (standing.principal, standing.arrears, standing.over) == (0, 0, D("0.01"))


def test_money_before_the_payout_waits():
    early = START - DAY
    standing = replay().tell([Payment(early, D(10), "x", REDUCE)], [], early)
    assert (standing.over, standing.principal) == (10, 50_000)


def test_costs_come_first():
    row = schedule.build(terms()).rows[0]
    told = replay()
    told.tell([Payment(row.due, D(30), "p")], [Cost(row.due, D(40))], row.due)
    assert [(part.kind, part.amount) for part in told.parts] == [(COSTS, D(30))]


def test_neither_payment_nor_cost_is_nothing():
    for payments, costs in (([Payment(START, D(0))], []), ([], [Cost(START, D(-1))])):
        with pytest.raises(ValueError, match="more than nothing"):
            replay().tell(payments, costs, END)


amounts = st.decimals(min_value="0.01", max_value=8000, places=2)
moments = st.dates(START, datetime.date(2028, 6, 30))
payments = st.lists(
    st.builds(Payment, on=moments, amount=amounts, key=st.none(), mode=st.sampled_from(["", "", "", REDUCE, SHORTEN])),
    max_size=12,
)
charges = st.lists(st.builds(Cost, on=moments, amount=st.decimals(min_value=1, max_value=50, places=2)), max_size=3)


@given(
    payments=payments,
    costs=charges,
    method=st.sampled_from([EQUAL_PRINCIPAL, ANNUITY]),
    until=st.dates(START, END),
    data=st.data(),
)
def test_nothing_is_lost_or_doubled_and_the_order_of_telling_does_not_matter(payments, costs, method, until, data):
    keyed = [replace(payment, key=number) for number, payment in enumerate(payments)]
    told = replay(terms(method=method))
    standing = told.tell(keyed, costs, until)
    for payment in keyed:
        of = [part.amount for part in told.parts if part.key == payment.key]
        assert sum(of, ZERO) == (payment.amount if payment.on <= until else 0)
    own = [part for part in told.parts if part.key is None]
    assert sum((part.amount for part in own), ZERO) == 0
    assert all(part.amount > 0 or (part.kind == OVER and part.key is None) for part in told.parts)
    principal = sum((part.amount for part in told.parts if part.kind in (PRINCIPAL, EARLY_PRINCIPAL)), ZERO)
    assert principal + standing.principal == 50_000
    assert sum((part.amount for part in told.parts if part.kind == OVER), ZERO) == standing.over
    paid_costs = sum((part.amount for part in told.parts if part.kind == COSTS), ZERO)
    assert paid_costs + standing.costs == sum((cost.amount for cost in costs if cost.on <= until), ZERO)
    for name in ("costs", "penalty", "overdue_interest", "overdue_principal", "over", "principal", "days"):
        assert getattr(standing, name) >= 0
    # of one day the order is that of booking; days may come in any order
    days = data.draw(st.permutations(sorted({payment.on for payment in keyed})))
    shuffled = [payment for day in days for payment in keyed if payment.on == day]
    again = replay(terms(method=method))
    assert again.tell(shuffled, costs, until) == standing
    assert again.parts == told.parts
