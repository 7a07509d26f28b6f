"""Loans in payment on days that a test chooses: `lent` on a day, then `on(day)` for what happens later."""

import datetime
import uuid
from decimal import Decimal as D

from django.db.models import Sum

from centrum.kit import clock
from loans import nightly, repayments
from loans.models import Line, Loan
from tests.factories import loans as make


def on(day, hour=10, minute=0):
    """What is done in this block is done on a day, by the clock of Warsaw."""
    return clock.at(datetime.datetime.combine(day, datetime.time(hour, minute), clock.WARSAW))


def lent(day, amount=12_000, *, months=12, grace=0, rate="0.06", method="equal_principal", boss=None, **data):
    """A loan that was paid out whole on a day, its instalments due on that day of the month."""
    with on(day):
        terms = {"months": months, "grace": grace, "method": method}
        loan = make.ready(amount, rate=rate, **terms, **data)
        make.paid(loan, boss=boss or make.accountant())
        return Loan.objects.get(pk=loan.pk)


def pay(loan, day, amount, *, by=None, value_date=None, mode=""):
    """A payment that is noted on a day, of that day unless of an earlier one."""
    with on(day):
        return repayments.receive(
            loan,
            by=by or make.accountant(),
            amount=D(amount),
            value_date=value_date or day,
            document="WB/7",
            key=uuid.uuid4(),
            mode=mode,
        )


def night(fund, day):
    """The nightly run early on a day."""
    with on(day, 3):
        return nightly.keep(fund)


def balances(loan):
    """{account: balance} of the ledger's lines of a loan, without those at nothing."""
    rows = Line.objects.filter(loan=loan).order_by().values_list("account__code").annotate(sum=Sum("amount"))
    return {code: amount for code, amount in rows if amount}


def parts(payment):
    """[(kind, instalment, amount)] of what a payment pays as it is told now."""
    rows = payment.allocations.filter(withdrawn=None).order_by("pk")
    return [(row.kind, row.nr, row.amount) for row in rows]


def told(loan):
    return loan.tellings.get(current=True)
