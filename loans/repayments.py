"""Money that comes back: noted by hand or from a line of a bank statement, allocated at once, taken back, sent back.

Every service locks the loan first, then the interest posted of it; the ledger locks the fund last. Amounts are Decimal
in PLN. Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import ledger, replay, telling
from loans.enums import LINE_MOVES, EntryEvent, LoanState, MeasureKind, TellingReason, TrancheState
from loans.models import Entry, LoanCost, Payment, StatementLine
from loans.schedule import DAY

MOST = 10**9  # PLN; more in one payment is a slip of the hand
NEAR = 7 * DAY  # how far the day of a payment noted by hand may be from the value date that the bank gives it
_NEW = "new"


@transaction.atomic
def receive(loan, *, by, amount, value_date, document, key, mode=""):
    """Note a payment of a loan by hand, as the statement `document` says. The same `key` again changes nothing.

    `mode`: an EarlyMode, what the borrower wants done with more than is owed.
    """
    require(by, Right.PAY_LOANS)
    loan = telling.lock(loan)
    said = {"amount": amount, "value_date": value_date, "mode": mode}
    return _receive(loan, by=by, key=f"payment-{key}", source=ledger.BANK, document=document, **said)


def noted(line):
    """Payments of the line's fund and amount noted by hand, within NEAR of its value date, that have no line yet."""
    days = (line.value_date - NEAR, line.value_date + NEAR)
    rows = Payment.objects.filter(loan__fund=line.fund_id, line=None, reversed_at=None, amount=line.amount)
    return rows.filter(value_date__range=days).order_by("value_date", "pk")


@transaction.atomic
def identify(line, loan, *, by, mode="", action="explain", found=None):
    """Say whose payment a line of a statement is. Returns the Payment.

    One that was noted by hand already, of the same day and amount, is the same money: it gets the line. So does
    `found`, one of those `noted` on another day. Nobody but people can tell whether that one is meant: while there is
    one, the portal itself (`action` "match") identifies nothing.
    """
    require(by, Right.PAY_LOANS)
    loan = telling.lock(loan)
    line = lock_line(line, action)
    if line.fund_id != loan.fund_id:
        raise Refused(_("The loan is of another fund."))
    if line.amount < 0:
        raise Refused(_("This money went out, so it is nobody's payment."))
    known = list(noted(line).filter(loan=loan))
    if found is None:
        found = next((one for one in known if one.value_date == line.value_date), None)
        if known and found is None and action == "match":
            words = _("A payment of this amount was noted by hand on a day near this one. Say whether it is that one.")
            raise Refused(words)
    elif found not in known:
        raise Refused(_("This payment is of another amount or another time, or it is on a statement already."))
    if found:
        payment = _found_again(found, line, by=by)
    else:
        payment = _receive(
            loan,
            by=by,
            amount=line.amount,
            value_date=line.value_date,
            document=_document(line),
            key=f"line-{line.pk}-{line.payments.count() + 1}",
            mode=mode,
            source=ledger.UNIDENTIFIED,
            line=line,
        )
    move(line, action, by=by)
    return payment


def _found_again(payment, line, *, by):
    """The statement brings the money of a payment that was noted by hand: it is on the account once.

    From the payment's own day on, so that what was noted moves the balance of no statement but this one.
    """
    ledger.post(
        line.fund,
        by=by,
        event=EntryEvent.REPAYMENT,
        key=f"line-{line.pk}-found-{payment.pk}",
        lines=[(ledger.UNIDENTIFIED, line.amount), (ledger.BANK, -line.amount)],
        text=gettext_lazy("Loan %(loan)s: a payment noted before is on the statement"),
        said={"loan": payment.loan.number},
        value_date=payment.value_date,
        document=_document(line),
        loan=payment.loan,
    )
    payment.line = line
    payment.save(update_fields=["line"])
    return payment


def _document(line):
    return str(line.statement)[:60]


def _receive(loan, *, by, amount, value_date, document, key, mode, source, line=None):
    first = Payment.objects.filter(entry__fund=loan.fund, entry__key=key).first()
    if first:
        if (first.loan_id, first.amount, first.value_date, first.mode) != (loan.pk, amount, value_date, mode):
            raise Refused(_("Something else was posted under this key already. Open the page anew."))
        return first
    _must_be_a_payment(loan, amount, value_date)
    if not document.strip():
        raise Refused({"document": _("Give the number of the statement.")})
    told = telling.tell(loan, clock.today(), more=(replay.Payment(value_date, amount, _NEW, mode),))
    telling.begin(loan, told)
    posting = ledger.Posting(
        event=EntryEvent.REPAYMENT,
        key=key,
        lines=[(source, amount), *telling.lines_of(loan, told, _NEW)],
        text=gettext_lazy("Loan %(loan)s, payment"),
        said={"loan": loan.number},
        value_date=value_date,
        document=document,
        loan=loan,
    )
    entry, difference = _post_both(loan, told, posting, by=by)
    payment = Payment.objects.create(
        loan=loan,
        amount=amount,
        value_date=value_date,
        mode=mode,
        document=document,
        line=line,
        entry=entry,
        by=by,
        at=clock.now(),
    )
    telling.keep(loan, told, by=by, reason=TellingReason.PAYMENT, entry=difference, new={_NEW: payment})
    return payment


def _must_be_a_payment(loan, amount, value_date):
    telling.must_be_paid_out(loan)
    if not 0 < amount < MOST:
        raise Refused({"amount": _("A payment is more than nothing and less than a milliard.")})
    if value_date > clock.today():
        raise Refused({"value_date": _("This day has not come yet.")})
    first = first_payout(loan)
    if value_date < first:
        words = _("The first payout of the loan was on %(day)s. Nothing is paid back before.")
        raise Refused({"value_date": words % {"day": date_short(first)}})


def first_payout(loan):
    """The day on which the first tranche was paid; None before."""
    return loan.tranches.filter(state=TrancheState.PAID).aggregate(found=Min("paid_on"))["found"]


def _post_both(loan, told, posting, *, by):
    """Post what happened and, where the ledger differs from what is told besides, the difference, in one statement.

    Returns (Entry of the posting, Entry of the difference or None).
    """
    difference = telling.difference(loan, told, lines=posting.lines)
    posted = ledger.post_together(loan.fund, [posting, *([difference] if difference else [])], by=by)
    return posted[0], posted[1] if difference else None


@transaction.atomic
def take_back(payment, *, by, reason):
    """Say that a payment was none, or another's: somebody else than who noted it, with a reason. Returns it.

    Money of a statement waits among the unidentified receipts again; everything after it is told anew.
    """
    require(by, Right.PAY_LOANS)
    loan = telling.lock(payment.loan)
    payment = Payment.objects.select_for_update(of=("self",)).select_related("line", "entry").get(pk=payment.pk)
    if payment.reversed_at:
        raise Stale(_("This payment is taken back already."))
    if payment.by_id == by.pk:
        raise Refused(_("You noted this payment, so somebody else must take it back."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if loan.measures.filter(kind=MeasureKind.WRITE_OFF, confirmed_at__gte=payment.at).exists():
        raise Refused(_("The claim was written off after this payment, and its sums stay as they were confirmed."))
    told = telling.tell(loan, clock.today(), without=payment)
    telling.begin(loan, told)
    posting = ledger.reversal(payment.entry, key=f"payment-back-{payment.pk}", reason=reason, loan=loan)
    _reversal, difference = _post_both(loan, told, posting, by=by)
    payment.reversed_at, payment.reversed_by, payment.reversal_reason = clock.now(), by, reason.strip()[:300]
    payment.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    telling.keep(loan, told, by=by, reason=TellingReason.REVERSAL, entry=difference)
    if payment.line:
        _put_back(payment, by=by, reason=reason)
    elif went_out := StatementLine.objects.filter(entry=payment.entry).first():
        move(went_out, "put_back", by=by, reason=reason, changes={"entry": None})
    return payment


def _put_back(payment, *, by, reason):
    """Its line waits for another explanation; the money is on the account, also where it was noted by hand first."""
    if found := Entry.objects.filter(key=f"line-{payment.line_id}-found-{payment.pk}").first():
        ledger.post(
            found.fund,
            by=by,
            event=EntryEvent.REVERSAL,
            key=f"line-back-{found.pk}",
            lines=[(ledger.BANK, payment.amount), (ledger.UNIDENTIFIED, -payment.amount)],
            text=gettext_lazy("Reversal of entry %(number)d: %(reason)s"),
            said={"number": found.pk, "reason": reason.strip()[:200]},
            value_date=found.value_date,
            document=found.document,
            reverses=found,
            loan=payment.loan,
        )
    move(payment.line, "put_back", by=by, reason=reason)


@transaction.atomic
def send_back(loan, *, by, amount, value_date, document, key):
    """Note that an overpayment was sent back to the borrower. Returns the Payment, below 0."""
    require(by, Right.PAY_LOANS)
    loan = telling.lock(loan)
    key = f"refund-{key}"
    first = Payment.objects.filter(entry__fund=loan.fund, entry__key=key).first()
    if first:
        if (first.loan_id, first.amount, first.value_date) != (loan.pk, -amount, value_date):
            raise Refused(_("Something else was posted under this key already. Open the page anew."))
        return first
    _must_be_a_payment(loan, amount, value_date)
    if not document.strip():
        raise Refused({"document": _("Give the number of the statement.")})
    most = min(telling.tell(loan, value_date).standing.over, telling.standing(loan).over)
    if amount > most:
        words = _("At most %(amount)s of an overpayment can be sent back.")
        raise Refused({"amount": words % {"amount": money(most)}})
    told = telling.tell(loan, clock.today(), more=(replay.Payment(value_date, -amount, _NEW),))
    posting = ledger.Posting(
        event=EntryEvent.REFUND,
        key=key,
        lines=[(ledger.BANK, -amount), *telling.lines_of(loan, told, _NEW)],
        text=gettext_lazy("Loan %(loan)s, overpayment sent back"),
        said={"loan": loan.number},
        value_date=value_date,
        document=document,
        loan=loan,
    )
    entry, difference = _post_both(loan, told, posting, by=by)
    payment = Payment.objects.create(
        loan=loan, amount=-amount, value_date=value_date, document=document, entry=entry, by=by, at=clock.now()
    )
    telling.keep(loan, told, by=by, reason=TellingReason.REFUND, entry=difference, new={_NEW: payment})
    return payment


@transaction.atomic
def charge(loan, *, by, amount, on, text, key):
    """Charge a cost that the agreement lets be charged, owed from a day on. Returns the LoanCost."""
    require(by, Right.KEEP_LOANS)
    loan = telling.lock(loan)
    telling.must_be_paid_out(loan)
    if loan.state == LoanState.WRITTEN_OFF:
        raise Refused(_("The claim is written off, so no cost is added to it."))
    if not 0 < amount < MOST:
        raise Refused({"amount": _("A cost is more than nothing.")})
    if on > clock.today():
        raise Refused({"on": _("This day has not come yet.")})
    key = f"cost-{key}"
    if first := LoanCost.objects.filter(entry__fund=loan.fund, entry__key=key).first():
        return first
    entry = ledger.post(
        loan.fund,
        by=by,
        event=EntryEvent.COST,
        key=key,
        lines=[(ledger.COSTS, amount), (ledger.OTHER_INCOME, -amount)],
        text=gettext_lazy("Loan %(loan)s, cost: %(text)s"),
        said={"loan": loan.number, "text": text[:200]},
        value_date=on,
        document=loan.number,
        loan=loan,
    )
    cost = LoanCost.objects.create(loan=loan, on=on, amount=amount, text=text, entry=entry, by=by, at=clock.now())
    telling.again(loan, by=by, reason=TellingReason.COST)
    return cost


@transaction.atomic
def take_cost_back(cost, *, by, reason):
    """Say that a cost is not owed: somebody else than who charged it, with a reason; all since is told anew."""
    require(by, Right.KEEP_LOANS)
    loan = telling.lock(cost.loan)
    cost = LoanCost.objects.select_for_update(of=("self",)).select_related("entry").get(pk=cost.pk)
    if cost.reversed_at:
        raise Stale(_("This cost is taken back already."))
    if cost.by_id == by.pk:
        raise Refused(_("You charged this cost, so somebody else must take it back."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if loan.state == LoanState.WRITTEN_OFF:
        raise Refused(_("The claim is written off, so nothing of it is told anew."))
    cost.reversed_at, cost.reversed_by, cost.reversal_reason = clock.now(), by, reason.strip()[:300]
    cost.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    told = telling.tell(loan, clock.today())
    telling.begin(loan, told)
    posting = ledger.reversal(cost.entry, key=f"cost-back-{cost.pk}", reason=reason, loan=loan)
    _reversal, difference = _post_both(loan, told, posting, by=by)
    telling.keep(loan, told, by=by, reason=TellingReason.COST, entry=difference)
    return cost


def lock_line(line, action):
    """The line of a statement, held; Stale where it has been explained meanwhile."""
    row = StatementLine.objects.select_for_update(of=("self",)).select_related("statement", "fund").get(pk=line.pk)
    if row.state not in find(LINE_MOVES, action).sources:
        raise Stale(what_changed(row))
    return row
