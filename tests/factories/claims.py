"""Loans in arrears and after decisions on them, brought there by the services on days of 2026."""

import datetime

from loans import annexes, measures
from loans.enums import LoanState, MeasureKind
from loans.models import Loan
from tests.factories import aid
from tests.factories import repayments as of
from tests.factories.files import upload

DAY = datetime.date
PAID_OUT, FIRST_DUE = DAY(2026, 1, 15), DAY(2026, 2, 16)  # the 15th is a Sunday
NOTICED, CALLED = DAY(2026, 4, 17), DAY(2026, 5, 17)  # 60 days past due; 30 days later
LATER = DAY(2026, 6, 3)


def prepared(loan, kind, *, by, on=None, **more):
    """A decision that is prepared today, with what its kind needs."""
    if kind == MeasureKind.FORGIVENESS:  # its aid is told in euro
        aid.eur_now()
    given = {
        MeasureKind.TERMINATION: {"ground": "arrears"},
        MeasureKind.RECOVERY: {"step": "court", "document": upload()},
        MeasureKind.WRITE_OFF: {"document": upload()},
        MeasureKind.FORGIVENESS: {"document": upload(), "amount": 1000, "kept": True},
        MeasureKind.RESTRUCTURING: {"document": upload()},
    }[kind]
    return measures.prepare(loan, by=by, kind=kind, on=on, reasons="Powód", **given | more)


def decided(loan, kind, *, by, boss, on=None, **more):
    return measures.confirm(prepared(loan, kind, by=by, on=on, **more), by=boss)


def annexed(loan, *, by, boss, on, sign=True):
    """An annex that makes the term longer by six months from the day `on`, signed that day or only confirmed."""
    row = annexes.prepare(loan, by=by, valid_from=on, reasons="Spadek zamówień", months=6)
    row = annexes.confirm(row, by=boss)
    return annexes.sign(row, by=by, signed_on=on) if sign else row


def terminated(loan, *, by, boss):
    """Terminated for its arrears: the notice on NOTICED, confirmed on CALLED."""
    with of.on(NOTICED):
        measure = prepared(loan, MeasureKind.TERMINATION, by=by, on=CALLED)
    with of.on(CALLED):
        return measures.confirm(measure, by=boss)


def in_state(state, *, by, boss, **data):
    """A loan of 12 000 paid out on 15 January 2026 of which nothing was paid back, in a state after the payout."""
    loan = of.lent(PAID_OUT, by=by, **data)
    if state == LoanState.REPAID:
        of.pay(loan, DAY(2026, 1, 20), 12_100, mode="reduce")
    if state in (LoanState.TERMINATED, LoanState.RECOVERY, LoanState.WRITTEN_OFF):
        terminated(loan, by=by, boss=boss)
    with of.on(LATER):
        if state == LoanState.RECOVERY:
            decided(loan, MeasureKind.RECOVERY, by=by, boss=boss, on=LATER)
        if state == LoanState.WRITTEN_OFF:
            decided(loan, MeasureKind.WRITE_OFF, by=by, boss=boss, on=LATER)
    found = Loan.objects.get(pk=loan.pk)
    assert found.state == state
    return found
