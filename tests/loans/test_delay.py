"""Interest for delay: days, changes of the rate, the highest that the law allows."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans import delay
from loans.schedule import FOLLOWING, adjusted, rounded

D = Decimal
DAY = datetime.timedelta(days=1)
days = st.dates(datetime.date(2025, 1, 1), datetime.date(2029, 12, 31))


@given(
    principal=st.decimals(min_value=0, max_value=10**6, places=2),
    due=days,
    late=st.integers(-10, 400),
    changes=st.lists(st.tuples(days, st.decimals(min_value=0, max_value="0.2", places=4)), max_size=4),
    highest=st.none() | st.decimals(min_value=0, max_value="0.3", places=4),
)
def test_every_day_counts_once_at_its_own_rate(principal, due, late, changes, highest):
    rates = [(None, D("0.0375")), *dict(changes).items()]
    paid = due + DAY * late
    found = delay.penalty(principal, due, paid, rates, highest=highest)
    since = adjusted(due, FOLLOWING)
    exact = Fraction(0)
    each = [since + DAY * number for number in range(1, max((paid - since).days, 0) + 1)]
    for day in each:
        reference = max((first, rate) for first, rate in [(datetime.date.min, rates[0][1]), *rates[1:]] if first <= day)
        rate = 2 * (reference[1] + D("0.055"))
        exact += Fraction(principal) * Fraction(rate if highest is None else min(rate, highest)) / 365
    assert (found.since, found.days, found.interest) == (since, len(each), rounded(exact))
    assert all(one[0] != next_[0] for one, next_ in zip(found.parts, found.parts[1:], strict=False))


def test_a_day_without_a_known_rate():
    rates = [(datetime.date(2027, 4, 1), D("0.0375"))]
    with pytest.raises(LookupError):
        delay.penalty(D(100), datetime.date(2027, 3, 16), datetime.date(2027, 4, 15), rates)
