"""What of a fee for a guarantee is earned by a day. Pure computation, no queries."""

from fractions import Fraction

from loans.schedule import rounded


def earned_by(fee, day):
    """What of the fee is earned at the end of a day, by the days of its year, half a grosz up."""
    whole, over = (fee.ends - fee.begins).days, (day - fee.begins).days + 1
    return rounded(Fraction(fee.amount) * min(max(over, 0), whole) / whole)


def key(end):
    """The key of the entry of a month, by its last day."""
    return f"gua-earned-{end:%Y-%m}"
