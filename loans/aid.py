"""Gross grant equivalent of a loan or a guarantee (EDB), and what of the de minimis ceiling is left.

Rates are fractions of a year; amounts Decimal in PLN unless they say EUR. Rows keep full precision and only the sum is
rounded, to the grosz.
"""

import datetime
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import accumulate

from centrum.kit.clock import months_later
from loans.schedule import ANNUITY, EQUAL_PRINCIPAL, rounded

_DIGITS = 50


@dataclass(frozen=True)
class AidRow:
    """One period: what the aid saves in it, and that on the day of the grant."""

    nr: int
    balance: Decimal
    interest_reference: Decimal
    interest_charged: Decimal
    difference: Decimal
    factor: Decimal
    value: Decimal


@dataclass(frozen=True)
class GrantEquivalent:
    """`instalments`: (at the reference rate, at the one charged) of equal instalments, None of decreasing ones."""

    total: Decimal
    rows: tuple
    instalments: tuple | None = None

    def in_eur(self, rate):
        """In EUR at the mean rate of the NBP."""
        return rounded(self.total / rate)


def of_loan(amount, periods, grace, *, reference, charged, discount, per_year, method):
    """The GrantEquivalent of a loan paid back in `periods` periods, `grace` of them without principal.

    The Council of Ministers' regulation of 11 August 2004, § 4 pkt 5 (Dz.U. 2018 poz. 461); a yearly rate is divided by
    the periods of a year. Raises ValueError when the loan costs more than the reference rate: that is no aid.
    """
    if charged > reference:
        raise ValueError("a rate above the reference rate is no aid")
    if not 0 <= grace < periods:
        raise ValueError("grace ends before the last period")
    with localcontext() as context:
        context.prec = _DIGITS
        r, rp, rd = (rate / per_year for rate in (reference, charged, discount))
        left = periods - grace
        instalments = (_annuity(amount, r, left), _annuity(amount, rp, left)) if method == ANNUITY else None
        rows, factor = [], Decimal(1)
        balances = {EQUAL_PRINCIPAL: _equal_principal, ANNUITY: _equal_instalments}[method](amount, periods, grace, r)
        for nr, balance in enumerate(balances, 1):
            factor /= 1 + rd
            if instalments and nr > grace:
                difference = instalments[0] - instalments[1]
            else:
                difference = balance * (r - rp)
            rows.append(AidRow(nr, balance, balance * r, balance * rp, difference, factor, difference * factor))
        total = sum(row.value for row in rows)
    return GrantEquivalent(rounded(total), tuple(rows), instalments)


def _annuity(amount, rate, count):
    if not rate:
        return amount / count
    grown = (1 + rate) ** count
    return amount * rate * grown / (grown - 1)


def _equal_principal(amount, periods, grace, _rate):
    left = periods - grace
    return [amount] * grace + [amount * (left - number) / left for number in range(left)]


def _equal_instalments(amount, periods, grace, rate):
    """Balances at the reference rate before each period."""
    instalment, balances, balance = _annuity(amount, rate, periods - grace), [], amount
    for number in range(periods):
        balances.append(balance)
        if number >= grace:
            balance -= instalment - balance * rate
    return balances


def of_guarantee(guaranteed, *, premium, fee, discount, upfront=None, fee_from=1):
    """The GrantEquivalent of a guarantee: the discounted market premium less the discounted fee.

    `guaranteed`: what is guaranteed at the start of each year; `premium`: the safe-harbour rate (2008/C 155/02,
    pt 3.3); `fee`: the yearly rate charged from the year `fee_from` on, `upfront`: an amount charged at once besides.
    Never below nothing.
    """
    rows = []
    with localcontext() as context:
        context.prec = _DIGITS
        for nr, amount in enumerate(guaranteed, 1):
            factor = (1 + discount) ** (1 - nr)
            paid = (amount * fee if nr >= fee_from else 0) + (upfront or 0 if nr == 1 else 0)
            difference = amount * premium - paid
            rows.append(AidRow(nr, amount, amount * premium, paid, difference, factor, difference * factor))
        total = sum(row.value for row in rows)
    return GrantEquivalent(rounded(max(total, Decimal(0))), tuple(rows))


def yearly_guaranteed(credit, cover, most, months, grace):
    """What is guaranteed at the start of each year, PLN: `cover` of what is left of the credit then, at most `most`.

    The credit is taken to be paid back in equal monthly parts of principal after its grace; a year that has begun
    counts whole.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        left = [credit * (months - max(month, grace)) / (months - grace) for month in range(0, months, 12)]
        return [min(cover * amount, most) for amount in left]


@dataclass(frozen=True)
class Period:
    """A row of a schedule that lies ahead: the day of its payment, its days, the principal that bears interest in
    them, and the interest paid at its end, PLN."""

    due: datetime.date
    days: int
    balance: Decimal
    interest: Decimal


def of_rows(periods, on, *, reference, discount):
    """The GrantEquivalent of a schedule of any shape: Σ (I_ref − I)·(1 + rd)^−t.

    I_ref is the interest at the reference rate for the real days (ACT/365), t the years (ACT/365) from `on` to the day
    of the payment, none for one before it. Below nothing where it costs more than the reference rate.
    """
    rows = []
    with localcontext() as context:
        context.prec = _DIGITS
        for nr, one in enumerate(periods, 1):
            market = one.balance * reference * one.days / 365
            factor = (1 + discount) ** (Decimal(-max((one.due - on).days, 0)) / 365)
            difference = market - one.interest
            rows.append(AidRow(nr, one.balance, market, one.interest, difference, factor, difference * factor))
        total = sum((row.value for row in rows), Decimal(0))
    return GrantEquivalent(rounded(total), tuple(rows))


def of_change(old, new, on, *, reference, discount):
    """(total, GrantEquivalent of the old Periods, of the new ones): what the new schedule saves more than the old one,
    never below nothing, rounded once."""
    before, after = (of_rows(some, on, reference=reference, discount=discount) for some in (old, new))
    with localcontext() as context:
        context.prec = _DIGITS
        more = sum((row.value for row in after.rows), Decimal(0)) - sum((row.value for row in before.rows), Decimal(0))
    return rounded(max(more, Decimal(0))), before, after


def proportional(amount_eur, years, *, up_to_5_years, up_to_10_years, ceiling):
    """EUR by the simplified method of Regulation (EU) 2023/2831, art. 4(3)(b) and 4(6)(b).

    `up_to_…`: the amount that would use the whole `ceiling` over 5 or over 10 years. Raises ValueError beyond them.
    """
    limit, span = (up_to_5_years, 5) if years <= 5 else (up_to_10_years, 10)
    if years > span or amount_eur > limit:
        raise ValueError("the simplified method goes up to its limits of amount and years")
    return rounded(amount_eur * years * ceiling / (limit * span))


def share_of(guaranteed, ratio):
    """The equivalent as a fixed part of what is guaranteed."""
    return rounded(guaranteed * ratio)


WINDOW = 36  # months


@dataclass(frozen=True)
class Room:
    """What of the ceiling is used and left in EUR on the day of a grant; `first_fits`: the first day on which the new
    aid would fit if nothing else were granted, None when it never does."""

    since: datetime.date
    used: Decimal
    left: Decimal
    fits: bool
    first_fits: datetime.date | None


def room(history, on, new, ceiling):
    """The Room for `new` EUR of aid granted on a day beside `history` [(day, EUR)]. See `room_of_all`."""
    return room_of_all([history], on, new, ceiling)


def room_of_all(histories, on, new, ceiling):
    """The Room beside several histories of the same undertaking, [(day, EUR)] as each source tells it.

    Regulation (EU) 2023/2831, art. 3: three years back from the day of the grant, both ends counted. The source that
    tells the most counts on every day. Aid of a later day that is known already has to fit with the new one, too.
    """
    windows = [_Window(history) for history in histories]
    most = max((window.most(on) for window in windows), default=_NOTHING)
    fits = most + new <= ceiling
    first = on if fits else None
    if not fits and new <= ceiling:  # on the day after aid has left the window of some source
        begins = months_later(on, -WINDOW)
        days = sorted({day for window in windows for day in window.days if day >= begins})
        fitting = (end for end in map(_leaves, days) if all(window.most(end) + new <= ceiling for window in windows))
        first = next(fitting, None)
    return Room(
        since=months_later(on, -WINDOW),
        used=max((window.used(on) for window in windows), default=_NOTHING),
        left=max(ceiling - most, _NOTHING),
        fits=fits,
        first_fits=first,
    )


def _leaves(day):
    """The first day whose window does not hold `day` any more; that of 29 February still holds the 28th."""
    found = months_later(day, WINDOW) + datetime.timedelta(days=1)
    return found if months_later(found, -WINDOW) > day else found + datetime.timedelta(days=1)


def used(history, on):
    """EUR of a history within the window of a day."""
    return _Window(history).used(on)


_NOTHING = Decimal("0.00")


class _Window:
    """A history whose sum within the window of any day is two look-ups."""

    def __init__(self, history):
        rows = sorted(history)
        self.days = [day for day, _eur in rows]
        self._sums = list(accumulate((eur for _day, eur in rows), initial=_NOTHING))

    def used(self, on):
        first, after = bisect_left(self.days, months_later(on, -WINDOW)), bisect_right(self.days, on)
        return self._sums[after] - self._sums[first]

    def most(self, on):
        """The most that is used on a day, or on a later one on which aid of that day still counts."""
        first = bisect_right(self.days, on)
        if first == len(self.days):
            return self.used(on)
        after = bisect_right(self.days, months_later(on, WINDOW))
        return max(self.used(day) for day in {on, *self.days[first:after]})
