"""The gross grant equivalent and the room under the de minimis ceiling."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import clock
from loans import aid
from loans.schedule import ANNUITY, EQUAL_PRINCIPAL

D = Decimal
rates = st.decimals(min_value=0, max_value="0.2", places=4)
methods = st.sampled_from([EQUAL_PRINCIPAL, ANNUITY])


def of(periods=20, grace=2, method=ANNUITY, **given_):
    terms = {"reference": D("0.0852"), "charged": D("0.038"), "discount": D("0.0552"), "per_year": 4} | given_
    return aid.of_loan(D(100_000), periods, grace, method=method, **terms)


@given(
    amount=st.decimals(min_value=1, max_value=10**7, places=2),
    periods=st.integers(1, 120),
    method=methods,
    one=rates,
    other=rates,
    discount=rates,
    data=st.data(),
)
def test_the_equivalent_is_no_more_than_the_loan_and_nothing_at_the_reference_rate(
    amount, periods, method, one, other, discount, data
):
    grace = data.draw(st.integers(0, periods - 1))
    charged, reference = sorted((one, other))
    terms = {"discount": discount, "per_year": 12, "method": method}
    found = aid.of_loan(amount, periods, grace, reference=reference, charged=charged, **terms)
    assert found.total >= 0
    assert len(found.rows) == periods
    same = aid.of_loan(amount, periods, grace, reference=charged, charged=charged, **terms)
    assert same.total == 0
    if discount >= reference:  # then all interest together is worth less than what was lent
        assert found.total < amount


@pytest.mark.parametrize("method", [EQUAL_PRINCIPAL, ANNUITY])
def test_a_longer_grace_is_more_aid_and_a_dearer_loan_none(method):
    totals = [of(grace=grace, method=method).total for grace in range(8)]
    assert totals == sorted(totals)
    with pytest.raises(ValueError, match="no aid"):
        of(charged=D("0.0853"), method=method)
    with pytest.raises(ValueError, match="grace"):
        of(grace=20, method=method)


def test_a_guarantee_at_the_market_premium_is_no_aid():
    guaranteed = [D(120_000), D(80_000)]
    terms = {"premium": D("0.02"), "discount": D("0.0552")}
    assert aid.of_guarantee(guaranteed, fee=D("0.02"), **terms).total == 0
    assert aid.of_guarantee(guaranteed, fee=D("0.03"), **terms).total == 0
    whole = aid.of_guarantee(guaranteed, fee=D(0), **terms).total
    assert aid.of_guarantee(guaranteed, fee=D(0), upfront=D(400), **terms).total == whole - 400


def test_the_simplified_method_ends_at_its_limits():
    caps = {"up_to_5_years": D(1_500_000), "up_to_10_years": D(750_000), "ceiling": D(300_000)}
    assert aid.proportional(D(1_500_000), D(5), **caps) == 300_000
    assert aid.proportional(D(750_000), D(10), **caps) == 300_000
    for amount, years in ((D("1500000.01"), 5), (D("750000.01"), 6), (D(1), D("10.01"))):
        with pytest.raises(ValueError, match="limits"):
            aid.proportional(amount, D(years), **caps)


GRANTED = datetime.date(2026, 11, 23)
CEILING = D(300_000)


@pytest.mark.parametrize(
    ("history", "new", "fits", "first"),
    [
        ([], "300000.00", True, GRANTED),
        ([], "300000.01", False, None),
        ([(datetime.date(2023, 11, 23), D(1))], "299999.00", True, GRANTED),
        ([(datetime.date(2023, 11, 23), D(1))], "299999.01", False, datetime.date(2026, 11, 24)),
        ([(datetime.date(2023, 11, 22), D(1))], "300000.00", True, GRANTED),
        ([(datetime.date(2024, 2, 29), D(200_000))], "100000.01", False, datetime.date(2027, 3, 1)),
        ([(datetime.date(2025, 2, 28), D(200_000))], "100000.01", False, datetime.date(2028, 3, 1)),
    ],
)
def test_the_edges_of_the_window(history, new, fits, first):
    found = aid.room(history, GRANTED, D(new), CEILING)
    assert (found.fits, found.first_fits) == (fits, first)


entries = st.tuples(st.dates(datetime.date(2020, 1, 1), GRANTED), st.decimals(0, 300_000, places=2))


@given(history=st.lists(entries, max_size=12), new=st.decimals(0, 300_000, places=2))
def test_the_first_day_that_fits_is_the_first(history, new):
    found = aid.room(history, GRANTED, new, CEILING)
    assert found.fits == (found.used + new <= CEILING)
    assert found.left == max(CEILING - found.used, 0)
    day = found.first_fits
    assert aid.room(history, day, new, CEILING).fits
    assert day == GRANTED or not aid.room(history, day - datetime.timedelta(days=1), new, CEILING).fits


# Several sources


def brute(histories, on, new):
    """Whether aid of a day keeps every source under the ceiling on each day on which it counts."""

    def used(history, day):
        since = clock.months_later(day, -36)
        return sum((eur for granted, eur in history if since <= granted <= day), D(0))

    days = [on, *(day for history in histories for day, _eur in history if on < day <= clock.months_later(on, 36))]
    return all(used(history, day) + new <= CEILING for history in histories for day in days)


histories = st.lists(
    st.lists(
        st.tuples(st.dates(datetime.date(2020, 1, 1), datetime.date(2029, 1, 1)), st.decimals(0, 200_000, places=2)),
        max_size=8,
    ),
    min_size=1,
    max_size=3,
)


@given(told=histories, new=st.decimals(0, 300_000, places=2))
def test_several_sources_fit_when_each_does(told, new):
    found = aid.room_of_all(told, GRANTED, new, CEILING)
    assert found.fits == brute(told, GRANTED, new)
    assert found.used == max(aid.room(one, GRANTED, new, CEILING).used for one in told)
    day = found.first_fits
    assert brute(told, day, new)
    assert day == GRANTED or not any(
        brute(told, GRANTED + datetime.timedelta(days=n), new) for n in range(0, (day - GRANTED).days, 7)
    )
    if day > GRANTED:
        assert not brute(told, day - datetime.timedelta(days=1), new)


@given(told=histories, more=entries, new=st.decimals(0, 300_000, places=2))
def test_more_aid_never_leaves_more_room(told, more, new):
    before = aid.room_of_all(told, GRANTED, new, CEILING)
    after = aid.room_of_all([[*told[0], more], *told[1:]], GRANTED, new, CEILING)
    assert after.left <= before.left
    assert after.used >= before.used
    assert before.fits or not after.fits
    assert before.first_fits <= after.first_fits


def test_without_a_history_all_is_left():
    found = aid.room_of_all([], GRANTED, D(1), CEILING)
    assert (found.used, found.left, found.fits) == (0, CEILING, True)


# A guarantee by years, and better terms


def test_what_is_guaranteed_falls_with_the_credit():
    of_years = aid.yearly_guaranteed(D(100_000), D("0.8"), D(80_000), 36, 0)
    assert [round(one, 2) for one in of_years] == [D(80_000), D("53333.33"), D("26666.67")]
    with_grace = aid.yearly_guaranteed(D(100_000), D("0.8"), D(50_000), 30, 12)
    assert [round(one, 2) for one in with_grace] == [D(50_000), D(50_000), D("26666.67")]
    assert len(aid.yearly_guaranteed(D(100_000), D("0.8"), D(80_000), 12, 0)) == 1
    free = aid.of_guarantee(of_years, premium=D("0.02"), fee=D("0.01"), discount=D("0.05"), fee_from=2)
    assert [row.interest_charged > 0 for row in free.rows] == [False, True, True]


def monthly(rate, months=24):
    """Periods of decreasing instalments at a yearly rate."""
    amount, days = D(120_000), [clock.months_later(GRANTED, number) for number in range(months + 1)]
    made = []
    for number in range(months):
        span, balance = (days[number + 1] - days[number]).days, amount * (months - number) / months
        made.append(aid.Period(days[number + 1], span, balance, balance * rate * span / 365))
    return made


def test_rows_of_a_plain_schedule_give_about_what_the_formula_gives():
    terms = {"reference": D("0.0852"), "discount": D("0.0552")}
    whole = aid.of_rows(monthly(D("0.038")), GRANTED, **terms).total
    formula = aid.of_loan(D(120_000), 24, 0, charged=D("0.038"), per_year=12, method=EQUAL_PRINCIPAL, **terms).total
    assert abs(whole - formula) < formula / 100
    assert aid.of_rows(monthly(D("0.0852")), GRANTED, **terms).total == 0
    assert aid.of_rows(monthly(D("0.1")), GRANTED, **terms).total < 0


def test_a_change_is_the_difference_of_two_schedules():
    terms = {"reference": D("0.0852"), "discount": D("0.0552")}
    dear, cheap, long = monthly(D("0.038")), monthly(D("0.01")), monthly(D("0.038"), 36)
    total, before, after = aid.of_change(dear, cheap, GRANTED, **terms)
    assert abs(total - (after.total - before.total)) <= D("0.01")
    assert total > 0
    assert aid.of_change(cheap, dear, GRANTED, **terms)[0] == 0  # dearer terms are no aid
    assert aid.of_change(dear, long, GRANTED, **terms)[0] > 0
    assert aid.of_change(dear, dear, GRANTED, **terms)[0] == 0


def test_a_payment_of_the_past_is_not_discounted():
    past = aid.Period(GRANTED - datetime.timedelta(days=10), 30, D(10_000), D(0))
    (row,) = aid.of_rows([past], GRANTED, reference=D("0.0852"), discount=D("0.0552")).rows
    assert row.factor == 1
