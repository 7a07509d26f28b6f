"""Interest of a loan day by day, as pieces that are linear in days: a database can sum them up and knows no schedules.

Pure computation, no Django. Through a day D of a piece, D with it, there has accrued

    base + (before + daily * days from the first day of the piece to D) / denominator

the quotient rounded once to the grosz, halves up. Numerators are exact, so nothing else is ever rounded. Amounts are
Decimal in PLN.
"""

import datetime
from bisect import bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

DAY = datetime.timedelta(days=1)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Segment:
    """Days from `begins` to the day before `ends` that all accrue the same.

    `base`: what the rows before this one accrued in whole, each rounded by itself, with what prepayments paid of it.
    `before`, `daily`: numerators over `denominator` of what this row accrued before the piece, and of a day.
    """

    begins: datetime.date
    ends: datetime.date
    base: Decimal
    before: Decimal
    daily: Decimal
    denominator: int

    def accrued(self, day):
        """What has accrued through a day of the piece; after it, through its last day."""
        days = (min(day, self.ends - DAY) - self.begins).days + 1
        exact = (Fraction(self.before) + Fraction(self.daily) * days) / self.denominator
        grosze = (200 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        return self.base + Decimal(grosze).scaleb(-2)


def accrued(pieces, day):
    """What has accrued through a day: nothing before the first piece, all interest of the plan after the last."""
    found = bisect_right(pieces, day, key=lambda piece: piece.begins)
    return pieces[found - 1].accrued(day) if found else ZERO


def joined(pieces, more):
    """The pieces of a schedule and of the one that takes its place from a later day; nothing accrues between them."""
    if not pieces or not more:
        return pieces or more
    ended, begins = pieces[-1].ends, more[0].begins
    whole = accrued(pieces, ended)
    between = (Segment(ended, begins, whole, Decimal(0), Decimal(0), 1),) if ended < begins else ()
    return (*pieces, *between, *(replace(piece, base=piece.base + whole) for piece in more))


def until(pieces, day):
    """The pieces up to the day before `day`, on which a loan was called; all of them where it was not."""
    if day is None:
        return pieces
    return tuple(replace(piece, ends=min(piece.ends, day)) for piece in pieces if piece.begins < day)
