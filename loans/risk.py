"""Portfolio at risk (PAR): how much of what is lent hangs on loans in arrears. Pure computation, no Django."""

from decimal import Decimal

from loans.schedule import ZERO, rounded

DAYS = (1, 30, 90)
# classes of arrears: (days past due from, to), the last without an end
CLASSES = ((1, 30), (31, 90), (91, None))


def at_risk(loans, days):
    """(sum in PLN, per cent of the portfolio) of `loans` [(principal left, days past due)] in arrears.

    The whole principal of a loan counts, not its overdue part (CGAP). PAR 1 takes every loan that is late at all,
    PAR 30 and 90 those late by more than so many days. An empty portfolio has 0 per cent.
    """
    whole = sum((left for left, _late in loans), ZERO)
    late = sum((left for left, late in loans if late > more_than(days)), ZERO)
    return late, percent(late, whole)


def more_than(days):
    """By more than how many days a loan is late that counts in PAR of so many days."""
    return 0 if days == 1 else days


def percent(part, whole):
    """`part` in per cent of `whole`, rounded to two places; 0 of nothing."""
    return rounded(part * 100 / whole) if whole else Decimal("0.00")
