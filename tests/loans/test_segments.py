"""Interest day by day: pieces against a reckoning of every single day, and what PostgreSQL makes of them."""

import datetime
import itertools
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans import schedule, segments
from loans.schedule import ANNUITY, DAY, EQUAL_PRINCIPAL, REDUCE, SHORTEN, ZERO, Prepayment, Terms, rounded

D = Decimal
DAY_COUNTS = ["ACT/365F", "ACT/360", "ACT/ACT", "30E/360", "PERIODIC"]
amounts = st.decimals("100", "1000000", places=2)


@st.composite
def lives(draw):
    """Terms of a loan to which everything happens that may happen to one."""
    start = draw(st.dates(datetime.date(2026, 10, 1), datetime.date(2028, 3, 15)))
    count = draw(st.integers(2, 18))
    first = start + DAY * draw(st.integers(5, 62))
    dues = schedule.due_days(first, count, anchor=draw(st.integers(first.day, 31)))
    within = st.integers(0, (dues[-1] - start).days - 1).map(lambda number: start + DAY * number)
    holiday = draw(st.sampled_from([0, 0, 1, 3]))
    assume(holiday < count)
    early = st.builds(Prepayment, within, amounts, st.sampled_from([REDUCE, SHORTEN]), st.booleans())
    changes = st.lists(st.tuples(within, st.decimals("0", "0.2", places=6)), max_size=2, unique_by=lambda one: one[0])
    return Terms(
        tranches=((start, draw(amounts)), *draw(st.lists(st.tuples(within, amounts), max_size=2))),
        dues=dues,
        rates=((None, draw(st.decimals("0", "0.2", places=6))), *draw(changes)),
        method=draw(st.sampled_from([EQUAL_PRINCIPAL, ANNUITY])),
        grace=draw(st.integers(holiday, count - 1)),
        interest_grace=holiday,
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        first_period_start=draw(st.sampled_from([None, start - DAY * 9])),
        business="following",
        prepayments=tuple(sorted(draw(st.lists(early, max_size=3)), key=lambda one: one.on)),
    )


def day_by_day(terms, made):
    """{day: accrued through it} of every day of the loan, nothing taken over from the builder but what was paid."""
    found, whole = {}, ZERO
    for begins, ends in zip((terms.start, *terms.dues), terms.dues, strict=False):
        period = (terms.first_period_start or begins if begins == terms.start else begins, ends)
        exact, day = Fraction(0), begins
        while day < ends:
            balance = sum(amount for on, amount in terms.tranches if on <= day)
            balance -= sum(row.principal for row in made.rows if row.nominal_due <= day)
            balance -= sum(event.principal for event in made.events if event.on <= day)
            counts = {"period": period, "step_months": terms.step_months}
            until, through = (
                schedule.year_fraction(begins, last, terms.day_count, **counts) for last in (day, day + DAY)
            )
            exact += Fraction(balance) * Fraction(terms.rate_on(day)) * (through - until)
            found[day] = whole + rounded(exact)
            day += DAY
        whole += rounded(exact)
    return found


@settings(max_examples=60, deadline=None)
@given(lives())
def test_every_day_accrues_what_it_accrues_by_itself(terms):
    made = schedule.build(terms)
    each = day_by_day(terms, made)
    assert {day: segments.accrued(made.segments, day) for day in each} == each
    assert segments.accrued(made.segments, terms.start - DAY) == 0
    assert segments.accrued(made.segments, terms.dues[-1] + DAY * 400) == made.interest
    days = [piece.begins for piece in made.segments] + [made.segments[-1].ends]
    assert days == sorted(set(days))
    assert all(a.ends == b.begins for a, b in itertools.pairwise(made.segments))


@settings(max_examples=60, deadline=None)
@given(lives())
def test_by_a_due_day_there_has_accrued_what_rows_and_prepayments_pay(terms):
    made = schedule.build(terms)
    assert made.principal == sum(amount for _day, amount in terms.tranches)
    ends = made.rows[-1].nominal_due if made.rows else terms.start
    after = sum(amount for day, amount in terms.tranches if day >= ends)
    left = after + (made.rows[-1].balance if made.rows else 0)
    assert left == sum(event.principal for event in made.events if event.on >= ends)
    for row in made.rows:
        if row.nr > terms.interest_grace:
            paid = sum((one.interest + one.deferred for one in made.rows[: row.nr]), ZERO)
            paid += sum((event.interest for event in made.events if event.on < row.nominal_due), ZERO)
            assert segments.accrued(made.segments, row.nominal_due - DAY) == paid


LOAN = Terms(
    tranches=((datetime.date(2028, 1, 16), D(365_000)),),
    dues=schedule.due_days(datetime.date(2028, 2, 16), 24),
    rates=((None, D("0.05")),),
)


@pytest.mark.parametrize(
    ("day_count", "days"),
    [
        # the 30th of a month of 31 days weighs nothing, the last of February what is missing to 30
        ("30E/360", {(2028, 1, 29): 1, (2028, 1, 30): 0, (2028, 1, 31): 1, (2028, 2, 28): 1, (2028, 2, 29): 2}),
        ("30E/360", {(2029, 2, 27): 1, (2029, 2, 28): 3, (2029, 3, 1): 1}),
        ("ACT/ACT", {(2028, 12, 31): 365, (2029, 1, 1): 366}),
        ("ACT/365F", {(2028, 2, 29): 1, (2029, 1, 1): 1}),
    ],
)
def test_weights_of_days(day_count, days):
    runs, denominator = schedule.day_weights(LOAN.dues[0], LOAN.dues[-1], day_count)
    for named, weight in days.items():
        day = datetime.date(*named)
        of_day, _same = schedule.day_weights(day, day + DAY, day_count)
        assert of_day == [(day, day + DAY, weight)]
    whole = sum(Fraction((ends - begins).days * weight, denominator) for begins, ends, weight in runs)
    assert whole == schedule.year_fraction(LOAN.dues[0], LOAN.dues[-1], day_count)


def test_one_piece_a_row_where_nothing_happens():
    made = schedule.build(LOAN)
    assert [(one.begins, one.ends) for one in made.segments] == list(
        zip((LOAN.start, *LOAN.dues), LOAN.dues, strict=False)
    )
    # 365 000 at 5 % are 50 a day
    assert (made.segments[0].daily / made.segments[0].denominator, made.segments[0].base) == (50, 0)
    assert segments.accrued(made.segments, LOAN.start + DAY * 9) == 500


def test_how_other_systems_round_has_no_pieces():
    for other in ({"half_even": True}, {"each_segment": True}):
        assert schedule.build(replace(LOAN, **other)).segments == ()


def test_between_two_schedules_nothing_accrues():
    first = schedule.build(replace(LOAN, prepayments=(Prepayment(LOAN.dues[1], D(400_000)),)))
    later = LOAN.dues[4]
    second = schedule.build(replace(LOAN, tranches=((later, D(1000)),), dues=LOAN.dues[5:]))
    both = segments.joined(first.segments, second.segments)
    assert segments.accrued(both, later - DAY) == segments.accrued(both, LOAN.dues[1]) == first.interest
    assert segments.accrued(both, LOAN.dues[-1]) == first.interest + second.interest
    assert all(a.ends == b.begins for a, b in itertools.pairwise(both))
    assert segments.joined((), both) == segments.joined(both, ()) == both


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(terms=lives())
def test_postgresql_comes_to_the_same_grosz(terms):
    made = schedule.build(terms)
    asked = [
        (one, day)
        for one in made.segments
        for day in {one.begins, one.begins + (one.ends - one.begins) // 2, one.ends - DAY}
    ]
    columns = zip(*((*(getattr(one, name) for name in one.__slots__), day) for one, day in asked), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT base + div(200 * (before + daily * (day - begins + 1)) + denominator, 2 * denominator) / 100
            FROM unnest(%s::date[], %s::date[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::date[])
                AS piece (begins, ends, base, before, daily, denominator, day)
            """,
            [list(column) for column in columns],
        )
        assert [row[0] for row in cursor.fetchall()] == [one.accrued(day) for one, day in asked]
