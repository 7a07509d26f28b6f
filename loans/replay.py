"""The life of a paid loan told anew from its events: what each payment paid, and where the loan stands on a day.

Pure computation, no Django. Nothing is carried over from an earlier telling, so a payment that comes to light late, or
turns out to be none, changes all that followed from it and nothing else. Amounts are Decimal in PLN.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from loans import delay
from loans.allocation import allocate
from loans.schedule import DAY, ZERO, Prepayment, rounded

# what a payment pays; the order is that of the agreements (see allocation)
COSTS, PENALTY, INTEREST, PRINCIPAL, EARLY_INTEREST, EARLY_PRINCIPAL, OVER = (
    "costs",
    "penalty",
    "interest",
    "principal",
    "early_interest",
    "early_principal",
    "over",
)


@dataclass(frozen=True)
class Payment:
    """Money of a day (the value date). `mode`: REDUCE or SHORTEN of an early repayment by the borrower's instruction;
    empty: what is not owed yet waits as an overpayment. `key`: whose payment it is for who asks."""

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
class Part:
    """What went where: `nr` is the instalment, None where it is none's. `key`: the payment; None: an overpayment of
    earlier ones, used on the day on which something fell due."""

    on: datetime.date
    key: object
    kind: str
    nr: int | None
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """Where the loan stands at the end of a day. `overdue_…` fell due before that day and is not paid; `days`: how
    long the oldest unpaid principal is overdue."""

    on: datetime.date
    costs: Decimal
    penalty: Decimal
    overdue_interest: Decimal
    overdue_principal: Decimal
    over: Decimal
    principal: Decimal
    days: int

    @property
    def arrears(self):
        return self.costs + self.penalty + self.overdue_interest + self.overdue_principal


@dataclass
class _Instalment:
    nr: int
    nominal_due: datetime.date
    due: datetime.date
    interest: Decimal
    principal: Decimal
    penalty_paid: Decimal = ZERO
    exact: Fraction = Fraction(0)  # penalty interest until `counted`
    counted: datetime.date | None = None


@dataclass
class Replay:
    """`plan(prepayments)` gives the Schedule with early repayments; `references`: [(day or None, rate)] of the NBP;
    `highest`: the rate for delay that the agreement says. `parts` is the answer: [Part] in the order of the days."""

    plan: Callable
    references: tuple
    highest: Decimal | None = None
    parts: list = field(default_factory=list)

    def __post_init__(self):
        self._prepayments = ()
        self._costs = self._over = ZERO
        self._instalments = []
        self._take_over(self.plan(()), after=None)

    def tell(self, payments, costs, until):
        """Tell everything up to the end of the day `until`; payments of one day in their order. Returns the Standing.

        Raises LookupError when a reference rate is missing.
        """
        if any(payment.amount <= 0 for payment in payments) or any(cost.amount <= 0 for cost in costs):
            raise ValueError("a payment and a cost are more than nothing")
        told = [(cost.on, 1, cost) for cost in costs] + [(payment.on, 2, payment) for payment in payments]
        told = sorted((one for one in told if one[0] <= until), key=lambda one: one[:2])
        for on, _order, what in told:
            self._use_overpayments(on)
            if isinstance(what, Cost):
                self._costs += what.amount
            else:
                self._pay(what)
        self._use_overpayments(until)
        return self._standing(until)

    def _take_over(self, schedule, after):
        """Instalments of a new schedule in the place of those whose period had not ended on the day `after`."""
        kept = [one for one in self._instalments if after and one.nominal_due <= after]
        new = [
            _Instalment(row.nr, row.nominal_due, row.due, row.interest + row.deferred, row.principal)
            for row in schedule.rows[len(kept) :]
        ]
        self._instalments = kept + new

    def _pay(self, payment):
        left = self._settle(payment.on, payment.key, payment.amount)
        if left and payment.mode:
            left = self._early_repayment(payment, left)
        if left:
            self._over += left
            self.parts.append(Part(payment.on, payment.key, OVER, None, left))

    def _settle(self, on, key, amount):
        """Pay what is owed on a day; returns what is left."""
        late = [one for one in self._instalments if one.due < on]
        today = [one for one in self._instalments if one.due == on]
        buckets = [((COSTS, None), self._costs)]
        buckets += [((PENALTY, one), self._penalty(one, on)) for one in late]
        for some in (late, today):
            buckets += [((INTEREST, one), one.interest) for one in some]
            buckets += [((PRINCIPAL, one), one.principal) for one in some]
        paid, left = allocate(amount, buckets)
        for (kind, one), part in paid:
            if part:
                self._book(kind, one, part, on)
                self.parts.append(Part(on, key, kind, one and one.nr, part))
        return left

    def _book(self, kind, one, part, on):
        if kind == COSTS:
            self._costs -= part
        elif kind == PENALTY:
            one.penalty_paid += part
        elif kind == INTEREST:
            one.interest -= part
        else:
            self._penalty(one, on)  # counted so far on what was owed until now
            one.principal -= part

    def _penalty(self, one, on):
        """Penalty interest of an instalment owed on a day: reckoned exactly, rounded once, less what is paid."""
        since = (one.counted or one.due) + DAY
        if on >= since:
            if one.principal:
                found = delay.parts(since, on, self.references, highest=self.highest)
                one.exact += delay.exact(one.principal, found)
            one.counted = on
        return max(rounded(one.exact) - one.penalty_paid, ZERO)

    def _use_overpayments(self, on):
        """Use what waits for every instalment that has fallen due up to a day."""
        for due in sorted({one.due for one in self._instalments if one.due <= on and one.interest + one.principal}):
            if not self._over:
                return
            before, self._over = self._over, ZERO
            left = self._settle(due, None, before)
            if left != before:
                self.parts.append(Part(due, None, OVER, None, left - before))
            self._over = left

    def _early_repayment(self, payment, amount):
        """Lower the principal that is not due yet; returns what is more than the whole loan."""
        before = self.plan(self._prepayments)
        left_to_pay = sum((row.principal for row in before.rows if row.nominal_due > payment.on), ZERO)
        if not left_to_pay:
            return amount
        prepayments = (*self._prepayments, Prepayment(payment.on, amount, payment.mode))
        after = self.plan(prepayments)
        if len(after.events) == len(before.events):
            return amount  # before the first payout there is nothing to pay back
        self._prepayments, event = prepayments, after.events[-1]
        self._take_over(after, after=payment.on)
        for kind, part in ((EARLY_INTEREST, event.interest), (EARLY_PRINCIPAL, event.principal)):
            if part:
                self.parts.append(Part(payment.on, payment.key, kind, None, part))
        return amount - event.interest - event.principal

    def _standing(self, on):
        late = [one for one in self._instalments if one.due < on]
        unpaid = [one.due for one in late if one.principal]
        return Standing(
            on=on,
            costs=self._costs,
            penalty=sum((self._penalty(one, on) for one in late), ZERO),
            overdue_interest=sum((one.interest for one in late), ZERO),
            overdue_principal=sum((one.principal for one in late), ZERO),
            over=self._over,
            principal=sum((one.principal for one in self._instalments), ZERO),
            days=(on - min(unpaid)).days if unpaid else 0,
        )
