"""Portfolio at risk (PAR): how much of what is lent hangs on loans in arrears. Pure computation, no Django."""

from decimal import Decimal

from loans.schedule import ZERO, rounded

DAYS = (1, 30, 90)


def at_risk(loans, days):
    """(sum in PLN, per cent of the portfolio) of `loans` [(principal left, days past due)] in arrears.

    The whole principal of a loan counts, not its overdue part (CGAP). PAR 1 takes every loan that is late at all,
    PAR 30 and 90 those late by more than so many days. An empty portfolio has 0 per cent.
    """
    more_than = 0 if days == 1 else days
    whole = sum((left for left, _late in loans), ZERO)
    late = sum((left for left, late in loans if late > more_than), ZERO)
    return late, rounded(late * 100 / whole) if whole else Decimal("0.00")
