"""Interest for delay (odsetki za opóźnienie) and the highest rates that the law allows. Pure computation, no Django.

Rates are fractions of a year, 0.185 is 18.5 %; amounts Decimal in PLN.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loans.schedule import DAY, FOLLOWING, adjusted, rounded

CAPITAL, DELAY = Decimal("0.035"), Decimal("0.055")  # what the Civil Code adds to the reference rate


@dataclass(frozen=True)
class Rates:
    """Statutory rates of a day (Civil Code, art. 359 and 481): for capital and for delay, and the highest of each."""

    capital: Decimal
    highest_capital: Decimal
    delay: Decimal
    highest_delay: Decimal


def statutory(reference):
    """The Rates at a reference rate of the NBP."""
    capital, delay = reference + CAPITAL, reference + DELAY
    return Rates(capital, 2 * capital, delay, 2 * delay)


@dataclass(frozen=True)
class Delay:
    """`since`: the day on which it was due, moved to one of business; `parts`: [(rate, days)] as the rate changed."""

    since: object
    parts: tuple
    interest: Decimal

    @property
    def days(self):
        return sum(days for _rate, days in self.parts)


def penalty(principal, due, paid, reference_rates, *, highest=None):
    """The Delay of overdue `principal`, due on the nominal day `due` and paid on `paid`.

    Counted from the day after the moved due day to the day of payment with it. Never interest on interest (Civil
    Code, art. 482).
    """
    since = adjusted(due, FOLLOWING)
    found = tuple(parts(since + DAY, paid, reference_rates, highest=highest))
    return Delay(since, found, rounded(exact(principal, found)))


def parts(first, last, reference_rates, *, highest=None):
    """[(rate, days)] from `first` to `last`, both counted: each day at twice the statutory rate of that day, or at
    `highest`, if the agreement says less. `reference_rates`: [(day or None, rate)] of the NBP.

    Raises LookupError when the rate of a day is not known.
    """
    found = []
    day = first
    while day <= last:
        allowed = statutory(_in_force(reference_rates, day)).highest_delay
        rate = allowed if highest is None else min(allowed, highest)
        until = min([last + DAY, *(since for since, _rate in reference_rates if since and since > day)])
        days = (until - day).days
        if found and found[-1][0] == rate:
            found[-1] = (rate, found[-1][1] + days)
        else:
            found.append((rate, days))
        day = until
    return found


def exact(principal, found):
    """Interest (Fraction) on `principal` over `parts`, in years of 365 days."""
    return sum((Fraction(principal) * Fraction(rate) * days / 365 for rate, days in found), Fraction(0))


class Meter:
    """Rates for delay as `parts` tells them, ready to be counted over and over.

    `reference_rates`: [(day or None, rate)] of the NBP; `highest`: what the agreement says.
    """

    def __init__(self, reference_rates, *, highest=None):
        known = sorted((since or date.min, rate) for since, rate in reference_rates)
        allowed = [(since, statutory(rate).highest_delay) for since, rate in known]
        self._rates = [(since, rate if highest is None else min(rate, highest)) for since, rate in allowed]
        self._sums = [Decimal(0)]  # of rate times days, up to the day from which the next rate is in force
        for (since, rate), (until, _next) in zip(self._rates, self._rates[1:], strict=False):
            self._sums.append(self._sums[-1] + rate * (until - since).days)

    def rate_days(self, first, last):
        """Sum of the rates of the days from `first` to `last`, both counted: times principal and over 365 it is the
        interest, exactly. Raises LookupError when the rate of a day is not known."""
        if last < first:
            return Decimal(0)
        if not self._rates or first < self._rates[0][0]:
            raise LookupError(f"no reference rate on {first}")
        return self._until(last) - self._until(first - DAY)

    def _until(self, day):
        found = bisect_right(self._rates, day, key=lambda row: row[0]) - 1
        if found < 0:
            return Decimal(0)  # the day before the first
        since, rate = self._rates[found]
        return self._sums[found] + rate * ((day - since).days + 1)


def _in_force(rates, day):
    known = [(first, rate) for first, rate in rates if first is None or first <= day]
    if not known:
        raise LookupError(f"no reference rate on {day}")
    return max(known, key=lambda row: (row[0] is not None, row[0]))[1]
