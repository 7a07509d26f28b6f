"""What holds for every schedule (section 4.3 of the fund's conventions), on invented loans."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans import schedule
from loans.schedule import ANNUITY, CENT, EQUAL_PRINCIPAL, REDUCE, SHORTEN, Prepayment, Terms

quick = settings(max_examples=60, deadline=None)
amounts = st.decimals("100", "1000000", places=2)
rates = st.decimals("0", "0.2", places=4)
days = st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31))


methods = st.sampled_from([EQUAL_PRINCIPAL, ANNUITY])


@st.composite
def loans(draw, tranches=1, method=methods):
    start = draw(days)
    count = draw(st.integers(2, 40))
    first = start + datetime.timedelta(days=draw(st.integers(5, 62)))
    dues = schedule.due_days(first, count, anchor=draw(st.integers(first.day, 31)))
    assume(dues[0] > start)
    drawn = [(start, draw(amounts))]
    for _more in range(tranches - 1):
        later = draw(st.integers(0, (dues[-1] - start).days - 1))
        drawn.append((start + datetime.timedelta(days=later), draw(amounts)))
    return Terms(
        tranches=tuple(drawn),
        dues=dues,
        rates=((None, draw(rates)),),
        method=draw(method),
        grace=draw(st.integers(0, count - 1)),
        day_count=draw(st.sampled_from(["ACT/365F", "ACT/360", "ACT/ACT", "30E/360", "PERIODIC"])),
        business=draw(st.sampled_from(["none", "following", "modified_following"])),
    )


def lent(terms):
    return sum(amount for _day, amount in terms.tranches)


@quick
@given(st.integers(1, 3).flatmap(loans))
def test_every_schedule_adds_up(terms):
    made = schedule.build(terms)
    assert (made.principal, made.rows[-1].balance) == (lent(terms), 0)
    assert made.total == made.interest + made.principal
    assert [row.nr for row in made.rows] == list(range(1, len(made.rows) + 1))
    assert all(row.interest >= 0 and row.principal >= 0 and row.balance >= 0 for row in made.rows)
    assert all(row.principal == 0 for row in made.rows[: terms.grace] if row.nr < len(terms.dues))
    assert all(schedule.is_business_day(row.due) for row in made.rows if terms.business != "none")
    if terms.business == "following":
        assert all(row.due >= row.nominal_due for row in made.rows)
    assert all(amount == amount.quantize(CENT) for row in made.rows for amount in (row.interest, row.total))


@quick
@given(loans(method=st.just(ANNUITY)))
def test_instalments_of_an_annuity_are_equal_but_for_the_last(terms):
    rows = schedule.build(terms).rows[terms.grace :]
    paid = {row.total for row in rows[:-1] if row.principal > 0}
    assume(paid)
    assert len(paid) == 1
    # every rounding of interest and instalment moves the last row by no more than a grosz and its interest
    assert abs(rows[-1].total - paid.pop()) <= len(rows) * CENT * 2


@quick
@given(loans(method=st.just(EQUAL_PRINCIPAL)))
def test_parts_of_the_principal_are_equal_but_for_the_last(terms):
    parts = {row.principal for row in schedule.build(terms).rows[terms.grace : -1]}
    assert len(parts) <= 1


@quick
@given(loans(), st.decimals("0.01", "0.1", places=4))
def test_a_higher_rate_costs_more(terms, more):
    rate = terms.rates[0][1]
    dearer = replace(terms, rates=((None, rate + more),))
    assert schedule.build(dearer).interest > schedule.build(terms).interest


@quick
@given(loans(), st.data())
def test_early_repayment_costs_less_and_a_shorter_term_least(terms, data):
    assume(terms.rates[0][1] > Decimal("0.01"))
    at = terms.start + datetime.timedelta(days=data.draw(st.integers(1, (terms.dues[-1] - terms.start).days - 1)))
    amount = (lent(terms) / 4).quantize(CENT)
    whole = schedule.build(terms)
    reduced, shortened = (
        schedule.build(replace(terms, prepayments=(Prepayment(at, amount, mode),))) for mode in (REDUCE, SHORTEN)
    )
    assert reduced.principal == shortened.principal == lent(terms)
    # a grosz a row may go either way where next to nothing is left to pay
    slack = CENT * len(whole.rows)
    assert reduced.interest <= whole.interest + slack
    assert shortened.interest <= reduced.interest + slack
    assert len(shortened.rows) <= len(reduced.rows) <= len(whole.rows)


@quick
@given(loans(tranches=3), st.randoms())
def test_order_and_parts_of_tranches_change_nothing(terms, random):
    shuffled = list(terms.tranches)
    random.shuffle(shuffled)
    day, amount = terms.tranches[1]
    half = (amount / 2).quantize(CENT)
    split = (terms.tranches[0], (day, half), (day, amount - half), terms.tranches[2])
    assert schedule.build(terms) == schedule.build(replace(terms, tranches=tuple(shuffled)))
    assert schedule.build(terms) == schedule.build(replace(terms, tranches=split))


@quick
@given(loans(), st.data())
def test_whoever_pays_off_owes_principal_and_days(terms, data):
    at = terms.start + datetime.timedelta(days=data.draw(st.integers(1, (terms.dues[-1] - terms.start).days)))
    principal, interest = schedule.payoff(terms, at)
    rows = schedule.build(terms).rows
    due = [row for row in rows if row.nominal_due <= at]
    assert principal == (due[-1].balance if due else lent(terms))
    following = [row for row in rows if row.nominal_due > at]
    assert 0 <= interest <= (following[0].interest if following else 0)
    assert schedule.accrued(terms, at) == interest


LOAN = Terms(
    tranches=((datetime.date(2027, 1, 15), Decimal(60000)),),
    dues=schedule.due_days(datetime.date(2027, 2, 15), 12),
    rates=((None, Decimal("0.05")),),
)


def test_a_loan_paid_off_early_has_no_rows_of_nothing():
    made = schedule.build(replace(LOAN, prepayments=(Prepayment(datetime.date(2027, 5, 4), Decimal(100000)),)))
    assert ([row.nr for row in made.rows], made.principal) == ([1, 2, 3], Decimal(60000))
    assert made.events[0].principal == made.rows[-1].balance


def test_a_forgiveness_lowers_the_principal_and_leaves_the_interest_with_its_row():
    on, amount = datetime.date(2027, 5, 4), Decimal(10000)
    forgiven, repaid = (
        schedule.build(replace(LOAN, prepayments=(Prepayment(on, amount, SHORTEN, only),))) for only in (True, False)
    )
    assert (forgiven.events[0].interest, forgiven.events[0].principal) == (0, amount)
    assert repaid.events[0].interest > 0 and repaid.events[0].principal < amount
    row = schedule.rounded((Decimal(45000) * 19 + Decimal(35000) * 11) * Decimal("0.05") / 365)
    assert forgiven.rows[3].interest == row and forgiven.rows[3].principal == 5000
    assert forgiven.principal == 60000


def test_a_loan_forgiven_whole_still_owes_the_interest_of_its_days():
    forgiven = Prepayment(datetime.date(2027, 5, 4), Decimal(100000), SHORTEN, only_principal=True)
    made = schedule.build(replace(LOAN, prepayments=(forgiven,)))
    assert made.principal == 60000 and len(made.rows) == 4
    interest = schedule.rounded(Decimal(45000) * 19 * Decimal("0.05") / 365)
    assert (made.rows[3].interest, made.rows[3].principal, made.rows[3].balance) == (interest, 0, 0)


@pytest.mark.parametrize("method", [EQUAL_PRINCIPAL, ANNUITY])
def test_a_tranche_after_all_was_paid_back_is_not_lost(method):
    later = (datetime.date(2027, 9, 1), Decimal(5000))
    paid = (Prepayment(datetime.date(2027, 3, 20), Decimal(100000), REDUCE),)
    made = schedule.build(replace(LOAN, tranches=(*LOAN.tranches, later), method=method, prepayments=paid))
    assert (made.principal, made.rows[-1].balance) == (65000, 0)
    assert [row.total for row in made.rows[2:7]] == [0] * 5 and len(made.rows) == 12


def test_interest_put_off_is_collected_also_of_a_loan_paid_off_meanwhile():
    paid = (Prepayment(datetime.date(2027, 3, 20), Decimal(100000), REDUCE),)
    plain = schedule.build(replace(LOAN, grace=4, prepayments=paid))
    put_off = schedule.build(replace(LOAN, grace=4, interest_grace=4, prepayments=paid))
    assert (put_off.interest, put_off.principal) == (plain.interest, 60000)
    assert [row.total for row in put_off.rows] == [0, 0, 0, 0, sum(row.interest for row in plain.rows)]


def test_interest_put_off_is_collected_apart_and_bears_none():
    plain, put_off = schedule.build(replace(LOAN, grace=3)), schedule.build(replace(LOAN, grace=3, interest_grace=3))
    assert [row.total for row in put_off.rows[:3]] == [0, 0, 0]
    assert put_off.rows[3].deferred == sum(row.interest for row in plain.rows[:3])
    assert (put_off.interest, put_off.rows[4:]) == (plain.interest, plain.rows[4:])


def test_a_rate_counts_from_its_day():
    terms = replace(LOAN, rates=((datetime.date(2027, 1, 1), Decimal("0.05")), (datetime.date(2027, 2, 1), Decimal(0))))
    first = schedule.build(terms).rows[0]
    assert first.interest == schedule.rounded(Decimal(60000) * Decimal("0.05") * 17 / 365)
    with pytest.raises(LookupError):
        schedule.build(replace(LOAN, rates=((datetime.date(2027, 3, 1), Decimal("0.05")),)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"tranches": ()},
        {"tranches": ((datetime.date(2027, 1, 15), Decimal(0)),)},
        {"tranches": (*LOAN.tranches, (LOAN.dues[-1], Decimal(1)))},
        {"dues": ()},
        {"dues": LOAN.dues[::-1]},
        {"rates": ()},
        {"rates": ((None, Decimal("-0.01")),)},
        {"grace": 12},
        {"interest_grace": -1},
    ],
)
def test_terms_that_make_no_loan_are_refused(wrong):
    with pytest.raises(ValueError):
        replace(LOAN, **wrong)


def test_the_day_before_christmas_is_free_since_2025():
    eve = datetime.date(2024, 12, 24)
    assert [schedule.is_business_day(eve.replace(year=year)) for year in (2024, 2025, 2026)] == [True, False, False]
    saturday = datetime.date(2027, 7, 31)
    moved = [schedule.adjusted(saturday, rule) for rule in ("none", "following", "modified_following")]
    assert moved == [saturday, datetime.date(2027, 8, 2), datetime.date(2027, 7, 30)]
