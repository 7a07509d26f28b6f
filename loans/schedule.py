"""Schedules of loans (harmonogram spłat): who pays what and when, to the grosz. Pure computation, no Django.

A period runs from its first day to the day before its last: the due day bears no interest in the old period. Interest
of a period is an exact sum over its segments (cut where a tranche, a rate or a prepayment comes in), rounded once;
the last row takes what remains. Amounts are Decimal in PLN, rates fractions of a year (0.038 is 3.8 %).
"""

import datetime
import itertools
from calendar import isleap, monthrange
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

import holidays

from loans.segments import Segment

DAY = datetime.timedelta(days=1)
CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# methods
EQUAL_PRINCIPAL = "equal_principal"  # raty malejące
ANNUITY = "annuity"  # raty równe
BULLET = "bullet"  # principal with the last row

# day counts
ACT_365F = "ACT/365F"
ACT_360 = "ACT/360"
ACT_ACT = "ACT/ACT"
E30_360 = "30E/360"
PERIODIC = "PERIODIC"

# what a due day on a day without business becomes
NONE = "none"
FOLLOWING = "following"
MODIFIED_FOLLOWING = "modified_following"

# what a prepayment does to the instalments to come
REDUCE = "reduce"
SHORTEN = "shorten"


@dataclass(frozen=True)
class Prepayment:
    """An early repayment: pays the interest accrued to `on` first, the rest lowers the principal.

    `only_principal`: of a forgiveness (umorzenie), which pays no interest; what has accrued is paid with the row.
    """

    on: datetime.date
    amount: Decimal
    mode: str = REDUCE
    only_principal: bool = False


@dataclass(frozen=True)
class Terms:
    """What a schedule is computed from.

    `tranches`: (day, amount), the first one begins the loan; `dues`: nominal due days in their order; `rates`: (day
    from which it is in force, rate), the first day may be None. `grace`: rows that pay interest only;
    `interest_grace`: rows that pay nothing, whose interest is collected in the first row after them without interest.
    `step_months`: a whole period of PERIODIC; `first_period_start`: where the whole period of which the first row
    is a part would have begun. `business`: rule for due days; `interest_to_moved`: interest runs to the moved day.
    `annuity_by_months`: instalment by the textbook formula with rate/12 in place of the days. `unit`, `unit_up`: to
    what the instalment is rounded, and whether up. `half_even`, `each_segment`: how other systems round; never ours.
    """

    tranches: tuple
    dues: tuple
    rates: tuple
    method: str = EQUAL_PRINCIPAL
    grace: int = 0
    interest_grace: int = 0
    day_count: str = ACT_365F
    step_months: int = 1
    first_period_start: datetime.date | None = None
    business: str = NONE
    weekends_only: bool = False
    interest_to_moved: bool = False
    prepayments: tuple = ()
    annuity_by_months: bool = False
    unit: Decimal = CENT
    unit_up: bool = False
    half_even: bool = False
    each_segment: bool = False

    def __post_init__(self):
        if not self.tranches or not self.dues or not self.rates:
            raise ValueError("a schedule needs a tranche, a due day and a rate")
        if any(amount <= 0 for _day, amount in self.tranches):
            raise ValueError("a tranche is more than nothing")
        if any(later <= earlier for earlier, later in zip((self.start, *self.dues), self.dues, strict=False)):
            raise ValueError("due days follow one another and the start")
        if any(not self.start <= day < self.dues[-1] for day, _amount in self.tranches):
            raise ValueError("a tranche is paid before the last due day")
        if any(rate < 0 for _day, rate in self.rates):
            raise ValueError("a rate is not negative")
        if not 0 <= self.grace < len(self.dues) or not 0 <= self.interest_grace < len(self.dues):
            raise ValueError("grace ends before the last row")

    @property
    def start(self):
        return min(day for day, _amount in self.tranches)

    def rate_on(self, day):
        """The rate in force on a day. Raises LookupError before the first."""
        known = [(since or datetime.date.min, rate) for since, rate in self.rates]
        found = [(since, rate) for since, rate in known if since <= day]
        if not found:
            raise LookupError(f"no rate on {day}")
        return max(found)[1]


@dataclass(frozen=True)
class Row:
    """One instalment. `deferred`: interest of the interest-free rows before it; `balance`: principal after it."""

    nr: int
    nominal_due: datetime.date
    due: datetime.date
    days: int
    interest: Decimal
    principal: Decimal
    balance: Decimal
    deferred: Decimal = ZERO

    @property
    def total(self):
        return self.interest + self.principal + self.deferred


@dataclass(frozen=True)
class Event:
    """What a prepayment paid."""

    on: datetime.date
    interest: Decimal
    principal: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Schedule:
    """Rows, what the prepayments paid in their order, and the interest day by day (`segments`, none of another system's
    rounding). `amended`: ((day, amount), …) of principal of rows up to a day that is in the rows after it once more."""

    rows: tuple
    events: tuple = ()
    segments: tuple = field(default=(), repr=False)
    amended: tuple = ()

    @property
    def interest(self):
        return sum((part.interest for part in (*self.rows, *self.events)), ZERO) + sum(
            (row.deferred for row in self.rows), ZERO
        )

    @property
    def principal(self):
        return sum((part.principal for part in (*self.rows, *self.events)), ZERO)

    @property
    def total(self):
        return self.interest + self.principal


# Days


@lru_cache(maxsize=256)
def holidays_of(year):
    """Statutory holidays of a year in Poland (act of 18 January 1951; 24 December from 2025)."""
    return frozenset(holidays.country_holidays("PL", years=year))


def is_business_day(day, *, weekends_only=False):
    """Whether a payment may fall due: no Saturday (Civil Code, art. 115), Sunday or holiday."""
    return day.weekday() < 5 and (weekends_only or day not in holidays_of(day.year))


def adjusted(day, rule, *, weekends_only=False):
    """The day on which what falls due on `day` is paid."""
    moved = day
    while rule != NONE and not is_business_day(moved, weekends_only=weekends_only):
        moved += DAY
    if rule == MODIFIED_FOLLOWING and moved.month != day.month:
        moved = day
        while not is_business_day(moved, weekends_only=weekends_only):
            moved -= DAY
    return moved


def due_days(first, count, *, anchor=None, step_months=1):
    """`count` nominal due days from `first`, on the day of the month `anchor` or the last of a shorter month."""
    anchor = anchor or first.day
    days = []
    for number in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + number * step_months, 12)
        days.append(datetime.date(year, month + 1, min(anchor, monthrange(year, month + 1)[1])))
    return tuple(days)


def year_fraction(first, last, day_count, *, period=None, step_months=1):
    """The part of a year from `first` to the day before `last`; `period`: the whole one that they lie in (PERIODIC)."""
    days = (last - first).days
    if day_count == ACT_365F:
        return Fraction(days, 365)
    if day_count == ACT_360:
        return Fraction(days, 360)
    if day_count == ACT_ACT:
        in_leap = sum(
            (min(last, datetime.date(year + 1, 1, 1)) - max(first, datetime.date(year, 1, 1))).days
            for year in range(first.year, last.year + 1)
            if isleap(year)
        )
        return Fraction(in_leap, 366) + Fraction(days - in_leap, 365)
    if day_count == E30_360:
        return Fraction(_thirty(last) - _thirty(first), 360)
    if day_count == PERIODIC:
        begins, ends = period or (first, last)
        return Fraction(step_months, 12) * Fraction(days, (ends - begins).days)
    raise ValueError(f"unknown day count {day_count}")


def _thirty(day):
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def day_weights(first, last, day_count, *, period=None, step_months=1):
    """([(begins, ends, weight)], denominator): a day in a run weighs weight/denominator of a year; see `year_fraction`.

    Runs go from `first` to the day before `last` and are cut only where a day weighs otherwise than the one before.
    """
    if day_count == ACT_365F:
        return [(first, last, 1)], 365
    if day_count == ACT_360:
        return [(first, last, 1)], 360
    if day_count == ACT_ACT:
        years = [datetime.date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
        return _runs(first, last, years, lambda day: 365 if isleap(day.year) else 366), 365 * 366
    if day_count == E30_360:
        ends = [first + DAY * number for number in range(1, (last - first).days)]
        # a day before the 28th weighs as the one before it does
        return _runs(first, last, [day for day in ends if day.day in (1, 28, 29, 30, 31)], _thirty_weight), 360
    if day_count == PERIODIC:
        begins, ends = period or (first, last)
        return [(first, last, step_months)], 12 * (ends - begins).days
    raise ValueError(f"unknown day count {day_count}")


def _thirty_weight(day):
    return _thirty(day + DAY) - _thirty(day)


def _runs(first, last, cuts, weight_of):
    runs = []
    for begins, ends in itertools.pairwise((first, *(day for day in cuts if day < last), last)):
        weight = weight_of(begins)
        if runs and runs[-1][2] == weight:
            begins = runs.pop()[0]
        runs.append((begins, ends, weight))
    return runs


# Amounts


def rounded(exact, *, half_even=False, unit=CENT, up=False):
    """A Fraction or Decimal as an amount: halves go up (or to the even neighbour), or everything goes up."""
    units = Fraction(exact) / Fraction(unit)
    if up:
        whole = -((-units.numerator) // units.denominator)
    elif half_even:
        whole = round(units)
    else:
        whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return (whole * unit).quantize(CENT)


def interest(balance, rate, first, last, day_count=ACT_365F, **period):
    """Exact interest (Fraction) on a balance from `first` to the day before `last`."""
    return Fraction(balance * rate) * year_fraction(first, last, day_count, **period)


def annuity(principal, annual_rate, count, *, step_months=1):
    """Exact instalment (Decimal, 40 digits) of equal instalments by the textbook formula with rate·months/12."""
    with localcontext() as context:
        context.prec = 40
        rate = annual_rate * step_months / 12
        return principal / count if rate == 0 else principal * rate / (1 - (1 + rate) ** -count)


# The schedule


def build(terms):
    """The Schedule of `terms`. Raises LookupError when a rate is missing."""
    return _Builder(terms).run()


class _Builder:
    def __init__(self, terms):
        self.terms = terms
        self.count = len(terms.dues)
        moved = [adjusted(day, terms.business, weekends_only=terms.weekends_only) for day in terms.dues]
        self.moved = moved
        self.bounds = [terms.start, *(moved if terms.interest_to_moved else terms.dues)]
        self.last_drawn = max(day for day, _amount in terms.tranches)
        self.balance = ZERO
        self.accrued = ZERO  # by the rows before, each rounded
        self.instalment = None  # of an annuity
        self.part = None  # of the principal, where parts are equal
        self.events = []
        self.segments = []

    def run(self):
        with localcontext() as context:
            context.prec = 60  # a balance times a rate times days is never cut
            rows = self._rows()
        ours = not (self.terms.half_even or self.terms.each_segment)
        return Schedule(tuple(rows), tuple(self.events), tuple(self.segments) if ours else ())

    def _rows(self):
        rows, deferred = [], ZERO
        for nr in range(1, self.count + 1):
            first, last = self.bounds[nr - 1], self.bounds[nr]
            exact, paid, changed = self._accrue(nr, first, last)
            whole = self._round(exact)
            self.accrued += whole
            due = whole - paid
            principal = self._principal(nr, exact - Fraction(paid), due, changed)
            draws_later = self.last_drawn >= last
            if principal == due == deferred == self.balance == 0 and self.events and not draws_later:
                break  # a prepayment paid all there was
            self.balance -= principal
            if nr <= self.terms.interest_grace:
                deferred, due, collected = deferred + due, ZERO, ZERO
            else:
                deferred, collected = ZERO, deferred
            days = (last - first).days
            nominal = self.terms.dues[nr - 1]
            rows.append(Row(nr, nominal, self.moved[nr - 1], days, due, principal, self.balance, collected))
            if self.balance == deferred == 0 and not draws_later:
                break
        return rows

    def _accrue(self, nr, first, last):
        """(exact interest of the period, interest of it paid with prepayments, whether the instalment changes)."""
        terms = self.terms
        drawn = [(day, amount) for day, amount in terms.tranches if first <= day < last]
        early = [one for one in terms.prepayments if first <= one.on < last]
        rates = [day for day, _rate in terms.rates if day and first <= day < last]
        cuts = sorted({first, last, *(day for day, _amount in drawn), *(one.on for one in early), *rates})
        numerator, paid = Decimal(0), ZERO
        for begins, ends in itertools.pairwise(cuts):
            self.balance += sum((amount for day, amount in drawn if day == begins), ZERO)
            runs, denominator = self._weights(nr, begins, ends)
            for one in early:
                if one.on == begins:
                    paid += self._prepay(one, self._round(Fraction(numerator) / denominator) - paid)
            numerator = self._run(numerator, self.balance * terms.rate_on(begins), runs, denominator)
        changed = (nr > 1 and bool(drawn or rates)) or any(one.mode == REDUCE for one in early)
        exact = Fraction(numerator) / denominator
        return exact, paid, (changed, bool(drawn) or any(one.mode == REDUCE for one in early))

    def _run(self, before, yearly, runs, denominator):
        """Note the runs of one balance at one rate; returns the numerator of the row after them."""
        numerator = before
        for begins, ends, weight in runs:
            daily = yearly * weight
            self.segments.append(Segment(begins, ends, self.accrued, numerator, daily, denominator))
            numerator += daily * (ends - begins).days
        if self.terms.each_segment:
            numerator = before + self._round(Fraction(numerator - before) / denominator) * denominator
        return numerator

    def _prepay(self, one, accrued):
        """Settle the interest accrued and lower the balance; returns the interest paid."""
        interest_paid = ZERO if one.only_principal else min(accrued, one.amount)
        principal = min(one.amount - interest_paid, self.balance)
        self.balance -= principal
        self.events.append(Event(one.on, interest_paid, principal, self.balance))
        return interest_paid

    def _principal(self, nr, exact, due, changed):
        terms, left = self.terms, self.count - nr + 1
        if nr == self.count:
            return self.balance
        if nr <= terms.grace or terms.method == BULLET:
            return ZERO
        begins = nr == terms.grace + 1
        instalment_changed, principal_changed = changed
        if terms.method == EQUAL_PRINCIPAL:
            if begins or principal_changed:
                self.part = self._round(Fraction(self.balance) / left)
            return min(self.part, self.balance)
        if begins or instalment_changed:
            self.instalment = self._instalment(nr, exact, left)
        return min(max(self.instalment - due, ZERO), self.balance)

    def _instalment(self, nr, exact, left):
        terms, last = self.terms, self.bounds[nr]
        rate = terms.rate_on(last - DAY)
        if terms.annuity_by_months:
            equal = annuity(self.balance, rate, left, step_months=terms.step_months)
        else:
            with localcontext() as context:
                context.prec = 40
                factor = worth = Decimal(1)
                for later in range(nr + 1, self.count + 1):
                    grows = Fraction(rate) * self._fraction(later, self.bounds[later - 1], self.bounds[later])
                    factor /= 1 + _decimal(grows)
                    worth += factor
                equal = (self.balance + _decimal(exact)) / worth
        return rounded(equal, half_even=terms.half_even, unit=terms.unit, up=terms.unit_up)

    def _fraction(self, nr, begins, ends):
        return year_fraction(begins, ends, self.terms.day_count, **self._period(nr))

    def _weights(self, nr, begins, ends):
        return day_weights(begins, ends, self.terms.day_count, **self._period(nr))

    def _period(self, nr):
        whole = (self.bounds[nr - 1], self.bounds[nr])
        if nr == 1 and self.terms.first_period_start:
            whole = (self.terms.first_period_start, whole[1])
        return {"period": whole, "step_months": self.terms.step_months}

    def _round(self, exact):
        return rounded(exact, half_even=self.terms.half_even)


def _decimal(exact):
    return Decimal(exact.numerator) / Decimal(exact.denominator)


# Between the due days


def payoff(terms, on):
    """(principal, accrued interest) that end the loan on a day, all rows due before it paid on time.

    Known tranches and prepayments before that day count; the day itself bears no interest.
    """
    drawn = tuple((day, amount) for day, amount in terms.tranches if day < on)
    known = tuple(one for one in terms.prepayments if one.on < on)
    more_than_all = 2 * sum(amount for _day, amount in drawn) + 1000
    cut = replace(terms, tranches=drawn, prepayments=(*known, Prepayment(on, more_than_all)))
    paid = [event for event in build(cut).events if event.on == on]
    return (paid[-1].principal, paid[-1].interest) if paid else (ZERO, ZERO)


def accrued(terms, on):
    """Interest that has accrued by the beginning of a day and is not due yet, all earlier rows paid on time."""
    return payoff(terms, on)[1]
