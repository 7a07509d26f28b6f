"""The fund as a whole: what is lent and to whom, how much of it is late, what it earned and what was lost.

Every figure is counted when it is asked for, by a fixed number of queries over all loans: sums of money from the lines
of the ledger and what the ledger counts, days past due from what was told last of each loan, plans from the schedules
in force. Amounts are Decimal in PLN, shares per cent.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, CharField, Count, DecimalField, Exists, F, OuterRef, Sum, Value, When
from django.db.models.functions import Coalesce

from centrum.kit import clock
from centrum.register.models import Organisation
from loans import ledger, queries, risk, turnovers
from loans.enums import CALLED, OWING, MeasureKind, MeasureState
from loans.models import Loan, Measure, Telling
from loans.schedule import DAY, ZERO

MONTHS = 12  # of the past, with the present one, and of the forecast
LARGEST = 10  # borrowers
_MONEY = DecimalField(max_digits=14, decimal_places=2)
# the filters of the list that show the loans of a class
_LATE = tuple(f"late{first}" if last else f"par{first - 1}" for first, last in risk.CLASSES)


def total(path, **more):
    return Coalesce(Sum(path, output_field=_MONEY, **more), Value(0, _MONEY))


@dataclass(frozen=True)
class Part:
    """A part of a whole: `name` for the filter of the list, how many loans, PLN and per cent."""

    name: object
    loans: int
    amount: Decimal
    share: Decimal


@dataclass(frozen=True)
class Lent:
    """`paid_out` since the beginning; `used` and `turnover` per cent of the capital; `states`: {state: Part of what is
    left of all loans}."""

    paid_out: Decimal
    used: Decimal
    turnover: Decimal
    loans: int
    states: dict


def lent(fund):
    """What was lent and is left, by the states of the loans."""
    rows = Loan.objects.filter(fund=fund).order_by().values("state")
    rows = {
        row["state"]: row for row in rows.annotate(loans=Count("pk"), paid=total("paid_out"), left=total("outstanding"))
    }
    paid_out = sum((row["paid"] for row in rows.values()), ZERO)
    return Lent(
        paid_out=paid_out,
        used=risk.percent(fund.committed + fund.outstanding, fund.capital),
        turnover=risk.percent(paid_out, fund.capital),
        loans=sum(row["loans"] for state, row in rows.items() if state in OWING),
        states={
            state: Part(state, row["loans"], row["left"], risk.percent(row["left"], fund.outstanding))
            for state, row in rows.items()
        },
    )


# Arrears


@dataclass(frozen=True)
class Class:
    """Loans late by days of a class: their whole principal `amount`, of which `overdue` is due; `dues`: interest,
    interest for delay, costs and what was set apart that are due besides."""

    name: str
    loans: int
    amount: Decimal
    share: Decimal
    overdue: Decimal
    dues: Decimal


@dataclass(frozen=True)
class Arrears:
    """`par`: [(days, Part)]; `classes`: a Class each; `together`: all of them; `called`: what is late or not of loans
    whose agreements were terminated; `restructured`: loans whose debts were restructured, `restructured_late` those of
    them that are late."""

    par: list
    classes: list
    together: Class
    called: Part
    restructured: Part
    restructured_late: Part


def arrears(fund, whole):
    """Arrears of today as they were told last; `whole`: the Lent of the fund."""
    today = clock.today()
    rows = Telling.objects.filter(current=True, unpaid_due__lt=today, loan__fund=fund, loan__state__in=OWING)
    known = [
        When(unpaid_due__gte=today - DAY * last, then=Value(name))
        for name, (_first, last) in zip(_LATE, risk.CLASSES, strict=True)
        if last
    ]
    rows = rows.order_by().annotate(
        name=Case(*known, default=Value(_LATE[-1]), output_field=CharField()),
        again=Exists(queries.restructurings().filter(loan=OuterRef("loan"))),
    )
    rows = rows.values("name", "again").annotate(
        loans=Count("pk"),
        amount=total("loan__outstanding"),
        overdue=total("overdue_principal"),
        dues=total(F("overdue_interest") + F("penalty") + F("costs") + F("restructured")),
    )
    rows = list(rows)
    classes = [_class(name, [row for row in rows if row["name"] == name], fund) for name in _LATE]
    late = [(found.amount, first) for found, (first, _last) in zip(classes, risk.CLASSES, strict=True)]
    portfolio = [(fund.outstanding - sum((left for left, _days in late), ZERO), 0), *late]
    numbers = [(found.loans, first) for found, (first, _last) in zip(classes, risk.CLASSES, strict=True)]
    par = [
        (days, Part(f"par{days}", sum(n for n, late in numbers if late > risk.more_than(days)), *found))
        for days in risk.DAYS
        for found in [risk.at_risk(portfolio, days)]
    ]
    again = [row for row in rows if row["again"]]
    of = _restructured(fund)
    return Arrears(
        par=par,
        classes=classes,
        together=_class("par1", rows, fund),
        called=_called(fund, whole),
        restructured=Part("restructured", of["loans"], of["amount"], risk.percent(of["amount"], fund.outstanding)),
        restructured_late=_part("restructured_late", again, fund.outstanding),
    )


def _restructured(fund):
    rows = Loan.objects.filter(pk__in=queries.restructurings().values("loan"), fund=fund, state__in=OWING)
    return rows.aggregate(loans=Count("pk"), amount=total("outstanding"))


def _called(fund, whole):
    found = [whole.states[state] for state in CALLED if state in whole.states]
    amount = sum((part.amount for part in found), ZERO)
    return Part("called", sum(part.loans for part in found), amount, risk.percent(amount, fund.outstanding))


def _part(name, rows, whole):
    amount = sum((row["amount"] for row in rows), ZERO)
    return Part(name, sum(row["loans"] for row in rows), amount, risk.percent(amount, whole))


def _class(name, rows, fund):
    part = _part(name, rows, fund.outstanding)
    overdue, dues = (sum((row[column] for row in rows), ZERO) for column in ("overdue", "dues"))
    return Class(name, part.loans, part.amount, part.share, overdue, dues)


# Money of the last months


@dataclass(frozen=True)
class Month:
    """`left`: principal lent on its `last` day, or now."""

    first: datetime.date
    left: Decimal
    income: Decimal

    @property
    def last(self):
        """The last day of it that has come."""
        return min(clock.months_later(self.first, 1) - DAY, clock.today())


@dataclass(frozen=True)
class Money:
    """`bank`: the balance of the account of the fund; `months`: the last twelve with the present one; `average`: what
    was lent on average at their ends and at their beginning; `income`: interest and interest for delay of these months;
    `lost`: principal written off and forgiven in them, less what came back of it; `…_rate` per cent of the average."""

    bank: Decimal
    months: list
    average: Decimal
    income: Decimal
    income_rate: Decimal
    lost: Decimal
    lost_rate: Decimal
    balances: dict


_LENT = (ledger.PRINCIPAL, ledger.IN_RECOVERY)
_INCOME = (ledger.INTEREST_INCOME, ledger.PENALTY_INCOME)
_LOST = (ledger.LOST, ledger.FORGIVEN)
_BALANCES = (ledger.BANK, ledger.UNIDENTIFIED, ledger.LOST, ledger.LOST_REST, ledger.FORGIVEN, ledger.CLAIM)


def money(fund):
    """What the ledger says of the fund: balances of today and how they moved month by month."""
    first = clock.months_later(clock.today().replace(day=1), 1 - MONTHS)
    moved = turnovers.by_month(fund, (*_LENT, *_INCOME, *_BALANCES))
    balances = dict.fromkeys(_BALANCES, ZERO)
    for (_month, code), amount in moved.items():
        if code in balances:
            balances[code] += amount

    def of(month, codes):
        return sum((moved[month, code] for code in codes), ZERO)

    months, left = [], fund.outstanding
    for back in range(MONTHS):
        month = clock.months_later(first, MONTHS - 1 - back)
        months.append(Month(month, left, -of(month, _INCOME)))
        left -= of(month, _LENT)
    months.reverse()
    average = (sum((one.left for one in months), ZERO) + left) / (MONTHS + 1)
    income = sum((one.income for one in months), ZERO)
    lost = sum((of(one.first, _LOST) for one in months), ZERO)
    return Money(
        bank=balances[ledger.BANK],
        months=months,
        average=average,
        income=income,
        income_rate=risk.percent(income, average),
        lost=lost,
        lost_rate=risk.percent(lost, average),
        balances=balances,
    )


@dataclass(frozen=True)
class Losses:
    """Of loans written off: `principal` and `rest` (interest and costs) by the decisions, `back` of both that came in
    afterwards, `back_share` per cent; `claims` that still stand; `forgiven` principal; `lost` so far, principal written
    off and forgiven less what came back, `share` per cent of what was paid out."""

    loans: int
    principal: Decimal
    rest: Decimal
    back: Decimal
    back_share: Decimal
    claims: Decimal
    forgiven: Decimal
    lost: Decimal
    share: Decimal


def losses(fund, whole, balances):
    """What was lost and came back; `balances` of the ledger as `money` found them, `whole`: the Lent of the fund."""
    rows = Measure.objects.filter(kind=MeasureKind.WRITE_OFF, state=MeasureState.CONFIRMED, loan__fund=fund)
    found = rows.aggregate(loans=Count("pk"), principal=total("amount"), rest=total("rest"))
    written_off = found["principal"] + found["rest"]
    back = written_off - balances[ledger.LOST] - balances[ledger.LOST_REST]
    lost = sum(balances[code] for code in _LOST)
    return Losses(
        **found,
        back=back,
        back_share=risk.percent(back, written_off),
        claims=balances[ledger.CLAIM],
        forgiven=balances[ledger.FORGIVEN],
        lost=lost,
        share=risk.percent(lost, whole.paid_out),
    )


# Who borrows most


@dataclass(frozen=True)
class Borrower:
    organisation: Organisation
    loans: int
    amount: Decimal
    share: Decimal


def largest(fund):
    """The borrowers who owe most principal, at most ten, the largest first; those tied to one another count apart."""
    rows = Loan.objects.filter(fund=fund, outstanding__gt=0).order_by().values("organisation")
    rows = list(rows.annotate(left=Sum("outstanding"), loans=Count("pk")).order_by("-left", "organisation")[:LARGEST])
    bodies = Organisation.objects.in_bulk([row["organisation"] for row in rows])
    return [
        Borrower(bodies[row["organisation"]], row["loans"], row["left"], risk.percent(row["left"], fund.outstanding))
        for row in rows
    ]
