"""What a borrower sees of their own loan today: what is owed, when and how to pay, what was paid. No people's data."""

from dataclasses import dataclass
from decimal import Decimal

import segno
from django.conf import settings

from centrum.kit import clock
from centrum.kit.identifiers import format_iban
from centrum.kit.transitions import Refused
from loans import account, ledger, telling, transfer_code
from loans.enums import CALLED, LoanState

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Transfer:
    """How to pay: `picture` is the QR code (SVG), empty where the amount does not fit into one."""

    account: str
    name: str
    title: str
    amount: Decimal
    picture: str


def shown(loan):
    """What the page shows of a loan that was paid out, as a context.

    `standing` is None where today's sums can't be reckoned; then nothing is said of them.
    """
    today = clock.today()
    try:
        standing = telling.standing(loan, today)
        payoff = sum(telling.payoff(loan, today).values(), _ZERO)
    except Refused:
        standing, payoff = None, _ZERO
    written_off = loan.state == LoanState.WRITTEN_OFF
    lost = account.balances(loan, today)[ledger.CLAIM] if written_off else _ZERO
    over = loan.state == LoanState.REPAID or (written_off and not lost)
    called = loan.state in CALLED
    amount = _to_pay(standing, payoff, lost, called) if standing and not over else _ZERO
    return {
        "loan": loan,
        "today": today,
        "standing": standing,
        "over": over,
        "called": called,
        "lost": lost,
        "payoff": payoff,
        "late": standing and standing.arrears > 0 and not called and not written_off,
        "overdue": standing and _overdue(standing),
        "next_left": standing and _next_left(standing),
        "to_pay": amount,
        "transfer": _transfer(loan, amount) if amount and loan.fund.iban else None,
        "rows": _rows(loan, today),
        "left_out": account.left_out(loan),
        "payments": _payments(loan),
    }


def _next_left(standing):
    """What is to be paid by the next due day: its instalment, with the interest that a restructuring set apart, unless
    that is to be paid at once with what is overdue, less an overpayment that waits."""
    if not standing.next_due:
        return _ZERO
    apart = _ZERO if standing.arrears else standing.restructured
    return max(standing.next_total + apart - standing.over, _ZERO)


def _overdue(standing):
    """What is to be paid at once, as the letters tell it (arrears.owed): a payment of what is overdue pays the interest
    that was set apart before the principal."""
    return standing.arrears + standing.restructured


def _to_pay(standing, payoff, lost, called):
    """What should be paid now: everything, what is late with what is due today, or the next instalment."""
    if lost:
        return lost
    if called:
        return payoff
    if standing.arrears:
        return _overdue(standing) + (standing.next_total if standing.next_due == standing.on else _ZERO)
    return _next_left(standing)


def _transfer(loan, amount):
    name = settings.CONTACT["name"]
    code = transfer_code.text(loan.fund.iban, amount, name, loan.number)
    return Transfer(format_iban(loan.fund.iban), name, loan.number, amount, _picture(code) if code else "")


def _picture(code):
    return segno.make(code, error="m").svg_inline(scale=4, border=4, light="#fff", svgclass="qr", lineclass=None)


def _rows(loan, today):
    """[{row, paid, left, state}] of the schedule; `state`: paid, part, late, today or later."""
    found = []
    for one in account.instalments(loan):
        if not one.left:
            state = "paid"
        elif one.row.due < today:
            state = "late"
        elif one.row.due == today:
            state = "today"
        else:
            state = "part" if one.paid else "later"
        found.append({"row": one.row, "paid": one.paid, "left": one.left, "state": state})
    return found


def _payments(loan):
    """[(payment, [(words, amount)])], the newest first."""
    kept = account.with_parts(loan.payments.filter(reversed_at=None))
    return [(payment, account.parts_of(payment)) for payment in reversed(list(kept))]
