"""The life of a paid loan told anew from its events: what each payment paid, and where the loan stands on a day.

Pure computation, no Django. Nothing is carried over from an earlier telling, so a payment that comes to light late, or
turns out to be none, changes all that followed from it and nothing else. Of one day costs come first, then payments,
which are money of that day, then changes of the loan. Amounts are Decimal in PLN.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from loans import delay, segments
from loans.allocation import allocate
from loans.schedule import DAY, SHORTEN, ZERO, Prepayment, rounded

# what a payment pays; the order is that of the agreements (see allocation)
COSTS, PENALTY, INTEREST, RESTRUCTURED, PRINCIPAL, EARLY_INTEREST, EARLY_PRINCIPAL, OVER = (
    "costs",
    "penalty",
    "interest",
    "restructured",
    "principal",
    "early_interest",
    "early_principal",
    "over",
)
FORGIVEN = "forgiven"  # principal that nobody pays


@dataclass(frozen=True)
class Payment:
    """Money of a day (the value date). `mode`: REDUCE or SHORTEN of an early repayment by the borrower's instruction;
    empty: what is not owed yet waits as an overpayment. Below 0: an overpayment sent back; what of it was none is owed
    as a cost. `key`: whose payment it is for who asks."""

    on: datetime.date
    amount: Decimal
    key: object = None
    mode: str = ""


@dataclass(frozen=True)
class Cost:
    """A cost that the borrower owes from a day on (letters, where the agreement says so)."""

    on: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class Called:
    """The loan is terminated (wypowiedzenie): what is not due yet falls due on the day, with the interest accrued to
    the day before, and bears interest for delay from the next one on. Nothing is drawn after it."""

    on: datetime.date


@dataclass(frozen=True)
class Forgiven:
    """Principal that is forgiven (umorzenie): first what is not due yet, so that the term ends earlier; then what is
    overdue, the oldest first. `key`: whose parts they are for who asks."""

    on: datetime.date
    amount: Decimal
    key: object = None


@dataclass(frozen=True)
class Restructured:
    """Overdue principal goes into the new schedule of the annex of the day, as much as the plan was told (`amended`);
    overdue interest waits apart and bears none."""

    on: datetime.date


@dataclass(frozen=True)
class Part:
    """What went where: `nr` is the instalment, None where it is none's. `key`: the payment or the forgiveness; None: an
    overpayment of earlier ones, used on the day on which something fell due, or made by a restructuring."""

    on: datetime.date
    key: object
    kind: str
    nr: int | None
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """Where the loan stands at the end of a day. `overdue_…` fell due before that day and is not paid; `days`: how
    long the oldest unpaid principal is overdue.

    `restructured`: old interest that an annex set apart. `unpaid_due`: when the oldest unpaid principal was or will be
    due. `next_due`, `next_total`: the first instalment due that day or later of which something is left, and how much;
    no overpayment is taken off. `called`: whether the loan is terminated.
    """

    on: datetime.date
    costs: Decimal
    penalty: Decimal
    overdue_interest: Decimal
    overdue_principal: Decimal
    over: Decimal
    principal: Decimal
    days: int
    restructured: Decimal = ZERO
    unpaid_due: datetime.date | None = None
    next_due: datetime.date | None = None
    next_total: Decimal = ZERO
    called: bool = False

    @property
    def arrears(self):
        return self.costs + self.penalty + self.overdue_interest + self.overdue_principal


@dataclass
class _Instalment:
    """`weighed`: principal times rates of the days of delay, 365 times the penalty interest until `counted`."""

    nr: int
    nominal_due: datetime.date
    due: datetime.date
    interest: Decimal
    principal: Decimal
    weighed: Decimal = Decimal(0)
    counted: datetime.date | None = None
    penalty: Decimal = ZERO  # until `counted`, rounded once
    penalty_paid: Decimal = ZERO

    @property
    def open(self):
        return bool(self.interest or self.principal or self.penalty > self.penalty_paid)


@dataclass
class Replay:
    """`plan(prepayments)` gives the Schedule with early repayments; `references`: [(day or None, rate)] of the NBP;
    `highest`: the rate for delay that the agreement says. `parts` is the answer: [Part] in the order of the days;
    `prepayments`: what was repaid or forgiven early, for which `plan_now` is the Schedule."""

    plan: Callable
    references: tuple
    highest: Decimal | None = None
    parts: list = field(default_factory=list)

    def __post_init__(self):
        self._meter = delay.Meter(self.references, highest=self.highest)
        self._without = self.plan(())
        self._begin()

    def _begin(self):
        self.parts = []
        self.prepayments, self.plan_now = (), self._without
        self._costs = self._over = self._restructured = ZERO
        self._called = False
        self._instalments = []
        self._take_over(self.plan_now, after=None)
        self._amended = {}  # what the plan lets an annex take over, until it is told
        for on, amount in self.plan_now.amended:
            self._amended[on] = self._amended.get(on, ZERO) + amount

    def tell(self, payments, costs, until, changes=()):
        """Tell everything up to the end of the day `until`; payments and changes of one day in their order. Returns the
        Standing.

        Raises LookupError when a reference rate is missing; ValueError of an amount that is nothing, of more forgiven
        than is left, of a called loan restructured, of a plan that knows of a restructuring which is not told.
        """
        forgiven = [one for one in changes if isinstance(one, Forgiven)]
        if any(one.amount <= 0 for one in (*costs, *forgiven)) or any(not one.amount for one in payments):
            raise ValueError("a payment, a cost and what is forgiven are more than nothing")
        self._begin()
        if self._amended.keys() - {one.on for one in changes if isinstance(one, Restructured)}:
            raise ValueError("the plan knows of a restructuring that is not told")
        told = [(one.on, order, one) for order, some in enumerate((costs, payments, changes)) for one in some]
        for on, _order, what in sorted((one for one in told if one[0] <= until), key=lambda one: one[:2]):
            self._use_overpayments(on)
            self._one(what)
        self._use_overpayments(until)
        return self._standing(until)

    def fallen_due(self, on):
        """(principal, interest) not paid of the instalments of nominal due days up to a day, as told so far: what a
        restructuring of that day takes over."""
        found = self._nominally_due(on)
        return sum((one.principal for one in found), ZERO), sum((one.interest for one in found), ZERO)

    def _one(self, what):
        match what:
            case Cost():
                self._costs += what.amount
            case Payment():
                self._pay(what)
            case Called():
                self._call(what.on)
            case Forgiven():
                self._forgive(what)
            case Restructured():
                self._restructure(what.on)

    def _take_over(self, schedule, after):
        """Instalments of a new schedule in the place of those whose period had not ended on the day `after`."""
        kept = self._nominally_due(after) if after else []
        new = [
            _Instalment(row.nr, row.nominal_due, row.due, row.interest + row.deferred, row.principal)
            for row in schedule.rows[len(kept) :]
        ]
        self._instalments = kept + new

    def _nominally_due(self, on):
        return [one for one in self._instalments if one.nominal_due <= on]

    # Payments

    def _pay(self, payment):
        if payment.amount < 0:
            self._send_back(payment)
            return
        left = self._settle(payment.on, payment.key, payment.amount)
        if left and payment.mode:
            left = self._early_repayment(payment, left)
        if left:
            self._wait(payment.on, payment.key, left)

    def _send_back(self, payment):
        waits = min(-payment.amount, self._over)
        self._over -= waits
        owed = -payment.amount - waits
        self._costs += owed
        for kind, part in ((OVER, waits), (COSTS, owed)):
            if part:
                self.parts.append(Part(payment.on, payment.key, kind, None, -part))

    def _wait(self, on, key, amount):
        self._over += amount
        self.parts.append(Part(on, key, OVER, None, amount))

    def _settle(self, on, key, amount):
        """Pay what is owed on a day; returns what is left."""
        late = [one for one in self._instalments if one.due < on and one.open]
        today = [one for one in self._instalments if one.due == on]
        buckets = [((COSTS, None), self._costs)]
        buckets += [((PENALTY, one), self._penalty(one, on)) for one in late]
        buckets += [((INTEREST, one), one.interest) for one in late]
        # it fell due before all that is overdue now; interest comes before principal (Civil Code, art. 451)
        buckets += [((RESTRUCTURED, None), self._restructured)]
        buckets += [((PRINCIPAL, one), one.principal) for one in late]
        buckets += [((INTEREST, one), one.interest) for one in today]
        buckets += [((PRINCIPAL, one), one.principal) for one in today]
        paid, left = allocate(amount, buckets)
        for (kind, one), part in paid:
            if part:
                self._book(kind, one, part, on)
                self.parts.append(Part(on, key, kind, one and one.nr, part))
        return left

    def _book(self, kind, one, part, on):
        if kind == COSTS:
            self._costs -= part
        elif kind == RESTRUCTURED:
            self._restructured -= part
        elif kind == PENALTY:
            one.penalty_paid += part
        elif kind == INTEREST:
            one.interest -= part
        else:
            self._lower(one, part, on)

    def _lower(self, one, part, on):
        self._penalty(one, on)  # counted so far on what was owed until now
        one.principal -= part

    def _penalty(self, one, on):
        """Penalty interest of an instalment owed on a day: reckoned exactly, rounded once, less what is paid."""
        since = (one.counted or one.due) + DAY
        if on >= since:
            if one.principal:
                one.weighed += one.principal * self._meter.rate_days(since, on)
                one.penalty = rounded(Fraction(one.weighed) / 365)
            one.counted = on
        return max(one.penalty - one.penalty_paid, ZERO)

    def _use_overpayments(self, on):
        """Use what waits for every instalment that has fallen due up to a day."""
        if not self._over:
            return
        for due in sorted({one.due for one in self._instalments if one.due <= on and one.interest + one.principal}):
            self._use_overpayment(due)

    def _use_overpayment(self, on):
        if not self._over:
            return
        before, self._over = self._over, ZERO
        left = self._settle(on, None, before)
        if left != before:
            self.parts.append(Part(on, None, OVER, None, left - before))
        self._over = left

    def _early_repayment(self, payment, amount):
        """Lower the principal that is not due yet; returns what is more than the whole loan."""
        event = self._prepay(Prepayment(payment.on, amount, payment.mode))
        if not event:
            return amount
        for kind, part in ((EARLY_INTEREST, event.interest), (EARLY_PRINCIPAL, event.principal)):
            if part:
                self.parts.append(Part(payment.on, payment.key, kind, None, part))
        return amount - event.interest - event.principal

    def _prepay(self, one):
        """The Event of an early repayment of no more than there is to repay, None where there is nothing."""
        before = self.plan_now
        if self._called or not any(row.principal for row in before.rows if row.nominal_due > one.on):
            return None
        after = self.plan((*self.prepayments, one))
        if len(after.events) == len(before.events):
            return None  # before the first payout there is nothing to pay back
        event = after.events[-1]
        used = event.interest + event.principal
        if not used:
            return None  # all was paid back, and the next tranche has not come yet
        self.prepayments = (*self.prepayments, replace(one, amount=used))
        self.plan_now = after if used == one.amount else self.plan(self.prepayments)
        self._take_over(self.plan_now, after=one.on)
        return event

    # Changes

    def _call(self, on):
        rest = [one for one in self._instalments if one.due > on]
        if rest and not self._called:
            plan = self.plan_now
            paid = sum((row.interest + row.deferred for row in plan.rows if row.due <= on), ZERO)
            paid += sum((event.interest for event in plan.events), ZERO)
            interest = max(segments.accrued(plan.segments, on - DAY) - paid, ZERO)
            # what an annex of a later day was to take over is on the instalments that it was overdue of
            principal = sum((one.principal for one in rest), ZERO) - sum(self._amended.values(), ZERO)
            kept = [one for one in self._instalments if one.due <= on]
            self._instalments = [*kept, _Instalment(rest[0].nr, on, on, interest, principal)]
        self._called = True
        self._amended = {}

    def _forgive(self, what):
        left = what.amount
        event = self._prepay(Prepayment(what.on, left, SHORTEN, only_principal=True))
        if event:
            self.parts.append(Part(what.on, what.key, FORGIVEN, None, event.principal))
            left -= event.principal
        for one in self._nominally_due(what.on):
            part = min(left, one.principal)
            if part:
                self._lower(one, part, what.on)
                self.parts.append(Part(what.on, what.key, FORGIVEN, one.nr, part))
                left -= part
        if left:
            raise ValueError("more is forgiven than is left")

    def _restructure(self, on):
        if self._called:
            raise ValueError("a loan that was called is not restructured")
        known = self._amended.pop(on, ZERO)
        # what the plan does not know of stays with the oldest
        for one in reversed(self._nominally_due(on)):
            part = min(known, one.principal)
            self._lower(one, part, on)
            known -= part
            self._restructured += one.interest
            one.interest = ZERO
        if known:
            # paid after all, and in the new schedule once more: so it is the borrower's
            self.parts.append(Part(on, None, PRINCIPAL, None, -known))
            self._wait(on, None, known)
            self._use_overpayment(on)

    def _standing(self, on):
        late = [one for one in self._instalments if one.due < on]
        unpaid = min((one.due for one in self._instalments if one.principal), default=None)
        ahead = next((one for one in self._instalments if one.due >= on and one.interest + one.principal), None)
        return Standing(
            on=on,
            costs=self._costs,
            penalty=sum((self._penalty(one, on) for one in late), ZERO),
            overdue_interest=sum((one.interest for one in late), ZERO),
            overdue_principal=sum((one.principal for one in late), ZERO),
            over=self._over,
            principal=sum((one.principal for one in self._instalments), ZERO) - sum(self._amended.values(), ZERO),
            days=(on - unpaid).days if unpaid and unpaid < on else 0,
            restructured=self._restructured,
            unpaid_due=unpaid,
            next_due=ahead and ahead.due,
            next_total=ahead.interest + ahead.principal if ahead else ZERO,
            called=self._called,
        )
