"""Portfolio at risk."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loans.risk import DAYS, at_risk

loans = st.lists(st.tuples(st.decimals(0, 10**6, places=2), st.integers(0, 500)), max_size=20)


@given(portfolio=loans)
def test_more_days_never_put_more_at_risk(portfolio):
    found = [at_risk(portfolio, days) for days in DAYS]
    assert [late for late, _percent in found] == sorted((late for late, _percent in found), reverse=True)
    assert all(0 <= percent <= 100 for _late, percent in found)


def test_an_empty_portfolio():
    assert at_risk([], 30) == (0, Decimal("0.00"))
