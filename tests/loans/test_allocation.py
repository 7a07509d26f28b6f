"""What a payment pays, in the order of what is owed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.allocation import allocate

D = Decimal
amounts = st.decimals(min_value=0, max_value=10**7, places=2)


@given(payment=amounts, owed=st.lists(amounts, max_size=8))
def test_nothing_is_lost_and_no_later_bucket_gets_before_an_earlier_one(payment, owed):
    parts, over = allocate(payment, list(enumerate(owed)))
    paid = [part for _name, part in parts]
    assert sum(paid) + over == payment
    assert [name for name, _part in parts] == list(range(len(owed)))
    assert all(0 <= part <= debt for part, debt in zip(paid, owed, strict=True))
    short = [part < debt for part, debt in zip(paid, owed, strict=True)]
    after_the_first_short = paid[short.index(True) + 1 :] if True in short else []
    assert not any(after_the_first_short)
    assert not over or paid == owed


def test_below_nothing_is_refused():
    for payment, owed in ((D(-1), D(1)), (D(1), D(-1))):
        with pytest.raises(ValueError, match="below nothing"):
            allocate(payment, [("a", owed)])
