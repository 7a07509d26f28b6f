"""The account of a loan: what it owes by the ledger, what moved it, and what of the schedule is paid.

Balances are sums of the ledger's lines of the loan by the day of booking, as the ledger is now; what each payment pays
and what is left of an instalment is told as it is known now. Amounts are Decimal in PLN.
"""

from collections import Counter
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import Max, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from centrum.kit import clock
from centrum.kit.polish import date_short
from loans import ledger, schedules, segments
from loans.enums import EntryEvent, MeasureKind, MeasureState, PartKind
from loans.models import Line
from loans.schedule import DAY

OWED = (
    ledger.PRINCIPAL,
    ledger.IN_RECOVERY,
    ledger.INTEREST,
    ledger.PENALTY,
    ledger.COSTS,
    ledger.RESTRUCTURED,
    ledger.CLAIM,  # off balance, and still owed
)
ACCOUNTS = (*OWED, ledger.OVERPAID)
# what makes an instalment smaller
OF_INSTALMENT = (PartKind.INTEREST, PartKind.PRINCIPAL, PartKind.FORGIVEN)
_OF_INTEREST = (PartKind.INTEREST, PartKind.EARLY_INTEREST, PartKind.RESTRUCTURED)
_PIECE = tuple(field.name for field in fields(segments.Segment))
_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Operation:
    """A movement of the account: `amount` above 0 is what the borrower owes more, `balance` what they owe after it.
    `parts`: [(code of the account, amount)]."""

    day: object
    value_date: object
    words: str
    parts: tuple
    balance: Decimal

    @property
    def amount(self):
        return sum((amount for _code, amount in self.parts), _ZERO)


@dataclass(frozen=True)
class Instalment:
    """A row of the schedule with what of its principal and its interest is still to be paid, in PLN."""

    row: object
    principal: Decimal
    interest: Decimal

    @property
    def left(self):
        return self.principal + self.interest

    @property
    def paid(self):
        """What was paid of it, or forgiven."""
        return self.row.total - self.left


@dataclass(frozen=True)
class Statement:
    """Balances are what the borrower owes less an overpayment."""

    opening: Decimal
    operations: tuple
    closing: Decimal
    instalments: tuple
    payments: tuple


def balances(loan, day):
    """{code of one of ACCOUNTS: balance} of a loan, booked up to the end of a day."""
    rows = Line.objects.filter(loan=loan, entry__book_date__lte=day, account__code__in=ACCOUNTS)
    found = dict(rows.order_by().values_list("account__code").annotate(Sum("amount")))
    return {code: found.get(code, _ZERO) for code in ACCOUNTS}


def owed(found):
    """What is owed by the balances of a day, without an overpayment."""
    return sum((found[code] for code in OWED), _ZERO)


def interest_not_booked(loan, day):
    """Interest that grew by the end of a day that is over and was neither paid nor in the ledger on that day: of who
    is late for so long that no more of it is booked (loans/nightly.py). What is paid later changes nothing of it."""
    lost = loan.measures.filter(kind=MeasureKind.WRITE_OFF, state=MeasureState.CONFIRMED).first()
    if lost and clock.local(lost.confirmed_at).date() <= day:
        return _ZERO  # it is in the claim
    pieces = [segments.Segment(**row) for row in loan.pieces.order_by("begins").values(*_PIECE)]
    known = Q(withdrawn=None) | Q(withdrawn__on__gt=day)
    parts = loan.allocations.filter(known, kind__in=_OF_INTEREST, told__on__lte=day)
    paid = parts.aggregate(found=Sum("amount", default=_ZERO))["found"]
    booked = balances(loan, day)
    grown = segments.accrued(pieces, min(day, clock.today() - DAY))
    return max(grown - paid - booked[ledger.INTEREST] - booked[ledger.RESTRUCTURED], _ZERO)


def statement(loan, first, last):
    """The Statement of the days from `first` to `last`."""
    before = balances(loan, first - DAY)
    opening = owed(before) + before[ledger.OVERPAID]
    operations = tuple(_operations(loan, first, last, opening))
    payments = loan.payments.filter(entry__book_date__range=(first, last), reversed_at=None)
    return Statement(
        opening=opening,
        operations=operations,
        closing=operations[-1].balance if operations else opening,
        instalments=tuple(one for one in instalments(loan) if first <= one.row.due <= last),
        payments=tuple((payment, parts_of(payment)) for payment in with_parts(payments)),
    )


def _operations(loan, first, last, balance):
    """Operations in the order of booking; interest of days that follow one another is one of them."""
    lines = Line.objects.filter(loan=loan, account__code__in=ACCOUNTS, entry__book_date__range=(first, last))
    lines = lines.order_by("entry__book_date", "entry_id", "number").select_related("entry", "account")
    entries = {}
    for line in lines:
        entries.setdefault(line.entry, Counter())[line.account.code] += line.amount
    groups = []
    for entry, parts in entries.items():
        if groups and entry.event == EntryEvent.ACCRUAL == groups[-1][0][-1].event:
            groups[-1][0].append(entry)
            groups[-1][1].update(parts)
        else:
            groups.append(([entry], Counter(parts)))
    for made, parts in groups:
        kept = tuple((code, parts[code]) for code in ACCOUNTS if parts[code])
        balance += sum(amount for _code, amount in kept)
        yield Operation(made[-1].book_date, made[-1].value_date, _words(made), kept, balance)


def _words(entries):
    entry = entries[-1]
    if entry.event == EntryEvent.ACCRUAL:
        days = {"first": date_short(entries[0].value_date), "last": date_short(entry.value_date)}
        return _("interest from %(first)s to %(last)s") % days
    return f"{entry.get_event_display()}, {entry.document}" if entry.document else entry.get_event_display()


def instalments(loan, told=None):
    """[Instalment] of the schedule in force, as payments are allocated now or, where it is given, by a Told of today.

    None of a loan of which everything was called; none of the rows up to a restructuring, of which nothing is owed
    by their numbers any more (see `left_out`).
    """
    if loan.called_on:
        return []
    if told:
        rows, parts = told.plan.rows, ((part.kind, part.nr, part.amount) for part in told.parts)
    else:
        version = schedules.current(loan)
        rows = version.rows.order_by("nr") if version else ()
        parts = loan.allocations.filter(withdrawn=None, nr__isnull=False).values_list("kind", "nr", "amount")
    paid = Counter()
    for kind, nr, amount in parts:
        if kind in OF_INSTALMENT:
            paid[nr, kind == PartKind.INTEREST] += amount
    after = restructured_on(loan)
    return [
        Instalment(
            row,
            max(row.principal - paid[row.nr, False], _ZERO),
            max(row.interest + row.deferred - paid[row.nr, True], _ZERO),
        )
        for row in rows
        if after is None or row.nominal_due > after
    ]


def restructured_on(loan):
    """The day of the last restructuring that was confirmed, None where there was none."""
    rows = loan.measures.filter(kind=MeasureKind.RESTRUCTURING, state=MeasureState.CONFIRMED)
    return rows.aggregate(found=Max("on"))["found"]


def left_out(loan):
    """The sentence that says which instalments are not listed and why, empty where all are."""
    if loan.called_on:
        words = _("The agreement is terminated: everything was due on %(day)s, so no instalments are listed.")
        return words % {"day": date_short(loan.called_on)}
    if day := restructured_on(loan):
        words = _(
            "Instalments up to the restructuring of %(day)s are not listed: what was not paid of them is in the later"
            " ones or set apart."
        )
        return words % {"day": date_short(day)}
    return ""


def with_parts(payments):
    """The payments of a loan with the allocations in force, by two queries."""
    return payments.prefetch_related("allocations").order_by("value_date", "pk")


def parts_of(payment):
    """[(words, amount)] of what a payment of `with_parts` pays, all instalments together."""
    found = Counter()
    for part in payment.allocations.all():
        if part.withdrawn_id is None:
            found[part.kind] += part.amount
    return [(PartKind(kind).label, found[kind]) for kind in PartKind.values if found[kind]]


def names():
    """{code of an account: what the borrower reads}."""
    return {
        ledger.PRINCIPAL: pgettext("account of a loan", "principal"),
        ledger.IN_RECOVERY: pgettext("account of a loan", "principal after the termination"),
        ledger.INTEREST: pgettext("account of a loan", "interest"),
        ledger.PENALTY: pgettext("account of a loan", "interest for delay"),
        ledger.COSTS: pgettext("account of a loan", "costs"),
        ledger.RESTRUCTURED: pgettext("account of a loan", "interest set apart by a restructuring"),
        ledger.OVERPAID: pgettext("account of a loan", "overpayment"),
        ledger.CLAIM: pgettext("account of a loan", "claim that was written off and is still owed"),
    }
