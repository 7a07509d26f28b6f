"""The gross grant equivalent and the room under the de minimis ceiling."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
