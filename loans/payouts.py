"""Paying a loan out in tranches: checked by one person, released by another, ordered in a file for the bank, booked.

Every service locks the loan first, then its tranche; the ledger locks the fund last. Amounts are Decimal in PLN.
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit import clock
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, available, find, move, what_changed
from centrum.register import ties
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import ledger, schedule, schedules, settlements, telling
from loans.enums import (
    SETTLEMENT_TAG,
    TRANCHE_MOVES,
    TRANCHE_TAG,
    EntryEvent,
    LoanState,
    ScheduleReason,
    SecurityState,
    SettlementState,
    TellingReason,
    TrancheState,
)
from loans.models import Entry, Loan, Security, Settlement, StatementLine, Tranche
from loans.queries import visible_loans

PAYABLE = (LoanState.READY, LoanState.ACTIVE)
ON_THE_WAY = (TrancheState.VERIFIED, TrancheState.APPROVED, TrancheState.ORDERED)
SETTLED = (SettlementState.ACCEPTED, SettlementState.REJECTED)
CORRECTIONS = {"correct", "unpay"}  # of a booked one, by somebody else than who booked it
NEEDS_A_FILE = "order"  # the one move that is made for several tranches at once, by orders.order


# Reads


def visible_tranches(user):
    """Tranches of the loans that `user` sees, with what a list says of them."""
    rows = Tranche.objects.filter(loan__in=visible_loans(user))
    return rows.select_related("loan__organisation", "loan__fund", "account", "verified_by", "approved_by", "order")


def unsettled(rows):
    """Those of the tranches that are neither settled nor cancelled, so that no later one is paid."""
    return rows.exclude(state=TrancheState.CANCELLED).exclude(state=TrancheState.PAID, settlement__state__in=SETTLED)


def to_check(user):
    """Planned tranches that are next in a loan ready for it."""
    rows = visible_tranches(user).filter(state=TrancheState.REQUESTED, loan__state__in=PAYABLE)
    earlier = Tranche.objects.filter(loan=OuterRef("loan"), number__lt=OuterRef("number"))
    return rows.filter(~Exists(unsettled(earlier))).order_by("planned_on", "pk")


def waiting(user, state):
    return visible_tranches(user).filter(state=state).order_by("planned_on", "pk")


def waiting_for(user):
    """Tranches with which `user` may go on: to be checked, to be released, ordered or booked."""
    found = Q(pk=None)
    if user.has_right(Right.KEEP_LOANS):
        found |= Q(pk__in=to_check(user).values("pk"))
    if user.has_right(Right.PAY_LOANS):
        found |= Q(state__in=ON_THE_WAY)
    # in the words of the index on the few that wait
    return visible_tranches(user).exclude(state__in=[TrancheState.PAID, TrancheState.CANCELLED]).filter(found)


def obstacles(tranche):
    """What keeps money from going out for a tranche, in sentences; none where nothing does."""
    loan, found = tranche.loan, []
    if loan.state not in PAYABLE:
        words = _("The loan is in the state “%(state)s”: it is not ready for a payout.")
        found.append(words % {"state": loan.get_state_display()})
    securities = list(Security.objects.filter(loan=loan))
    if not any(row.state == SecurityState.ESTABLISHED for row in securities):
        found.append(_("No security of the loan is established."))
    for row in securities:
        if row.state == SecurityState.REQUIRED:
            found.append(_("This security is not established yet: %(security)s.") % {"security": row})
    for row in unsettled(loan.tranches.filter(number__lt=tranche.number)):
        words = _("Tranche %(number)d is not settled yet.")
        found.append((words if row.paid_on else _("Tranche %(number)d is not paid yet.")) % {"number": row.number})
    if tranche.amount > loan.committed:
        found.append(_("This is more than was granted."))
    if loan.first_due and (last := schedules.due_days(loan)[-1]) <= next_business_day():
        words = _("The last instalment of the agreement was due on %(day)s. Change the agreement first.")
        found.append(words % {"day": date_short(last)})
    return found


def next_business_day():
    """The day on which the bank may pay what is ordered today."""
    return schedule.adjusted(clock.today(), schedule.FOLLOWING)


def accounts(tranche):
    """Accounts to which it may be paid: in force, and confirmed by a second person."""
    return ties.payable(tranche.loan.organisation).order_by("-valid_from", "-pk")


def panel(user, loan):
    """For the page of a loan: its tranches with their settlements and what may be done with each."""
    rows = list(
        loan.tranches.select_related("account", "verified_by", "approved_by", "order", "settlement", "entry").order_by(
            "number"
        )
    )
    following = next((row for row in rows if row.state not in (TrancheState.PAID, TrancheState.CANCELLED)), None)
    planned = following is not None and following.state == TrancheState.REQUESTED
    missing = obstacles(following) if planned else []
    for row in rows:
        row.loan = loan
        row.tag = TRANCHE_TAG[row.state]
        row.settled = getattr(row, "settlement", None)
        if row.settled:
            row.settled.tranche, row.settled_tag = row, SETTLEMENT_TAG[row.settled.state]
            row.timing, row.give_back = settlements.timing(row.settled), settlements.to_give_back(row.settled)
        hidden = {NEEDS_A_FILE} if row is following and not missing else {NEEDS_A_FILE, "verify"}
        if row.entry and row.entry.by_id == user.pk:
            hidden |= CORRECTIONS
        row.moves = [step for step in available(row, user) if step.action not in hidden]
    return {
        "loan": loan,
        "rows": rows,
        "next": following,
        "obstacles": missing,
        "behind": following and loan.state == LoanState.ACTIVE and following.planned_on < clock.today(),
        "may_pay": user.has_right(Right.PAY_LOANS),
    }


# Services


def lock(tranche):
    """The tranche with its loan, both locked, the loan first."""
    Loan.objects.select_for_update(of=("self",), no_key=True).get(pk=tranche.loan_id)
    rows = Tranche.objects.select_related("loan__organisation", "loan__fund", "loan__product", "account")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=tranche.pk)


def begin(tranche, action, by):
    """Lock a tranche for a move: PermissionDenied without its right, Stale in a state that it does not start from."""
    step = find(TRANCHE_MOVES, action)
    require(by, step.right)
    row = lock(tranche)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row


def must_be_payable(row, account=None):
    """Refuse what keeps the money back, and an account to which nothing is paid (any more)."""
    if found := obstacles(row):
        raise Refused(found)
    if account is not None and not accounts(row).filter(pk=account.pk).exists():
        words = _("Nothing is paid to this account: it has ended, is not confirmed, or belongs to somebody else.")
        raise Refused({"account": words})


@transaction.atomic
def verify(tranche, *, by, account):
    """Say that the tranche may be paid to `account`, a BankAccount of the organisation."""
    row = begin(tranche, "verify", by)
    if account is None:
        raise Refused({"account": _("Choose the account.")})
    must_be_payable(row, account)
    return move(row, "verify", by=by, changes={"account": account, "verified_by": by})


@transaction.atomic
def approve(tranche, *, by):
    """Release it for payout: somebody else than who checked it, after everything was looked at once more."""
    row = begin(tranche, "approve", by)
    if row.verified_by_id == by.pk:
        raise Refused(_("You checked this tranche yourself, so another person has to release it."))
    still_payable(row)
    return move(row, "approve", by=by, changes={"approved_by": by})


def still_payable(row):
    """As it was checked, and nothing of it has ended since. The account is no field of the later steps."""
    try:
        must_be_payable(row, row.account)
    except Refused as refusal:
        raise Refused(refusal.messages) from refusal


@transaction.atomic
def send_back(tranche, *, by, reason):
    """Back to the beginning, to be checked anew; out of a file for the bank only when the bank has not paid it.

    The file stays as it was made; its number is kept with the reason.
    """
    row = begin(tranche, "send_back", by)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if row.order_id:
        reason = f"{row.order}: {reason.strip()}"
    empty = {"account": None, "verified_by": None, "approved_by": None, "order": None}
    return move(row, "send_back", by=by, reason=reason, changes=empty)


@transaction.atomic
def cancel(tranche, *, by, reason):
    """Give a planned tranche up: its capital is free again, and the schedule follows from the others.

    Before the agreement is signed the plan is changed by drawing it up anew; the last tranche goes with the loan.
    """
    row = begin(tranche, "cancel", by)
    loan = row.loan
    if loan.state not in (LoanState.SIGNED, *PAYABLE):
        raise Refused(_("The agreement is not signed: draw it up anew with other tranches."))
    if not loan.tranches.exclude(pk=row.pk).exclude(state=TrancheState.CANCELLED).exists():
        raise Refused(_("This is the only tranche. Let the whole loan lapse."))
    row = move(row, "cancel", by=by, reason=reason)
    ledger.post(
        loan.fund,
        by=by,
        event=EntryEvent.RELEASE,
        key=f"release-{loan.number}-{row.number}",
        lines=[(ledger.PROMISED_CONTRA, row.amount), (ledger.PROMISED, -row.amount)],
        text=gettext_lazy("Loan %(loan)s, tranche %(number)d given up"),
        said={"loan": loan.number, "number": row.number},
        value_date=clock.today(),
        document=loan.number,
        loan=loan,
    )
    schedules.rebuild(loan, by=by, reason=ScheduleReason.PAYOUT)
    return row


def ordered_on(row):
    """The first day on which the bank may have paid a tranche that is in a file."""
    return clock.local(row.order.at).date()


@transaction.atomic
def book(tranche, *, by, paid_on, document):
    """Post that the bank has paid a tranche on `paid_on`, as the statement `document` says. Returns the Tranche.

    In one transaction: the entry of the ledger, the loan in payment from its first tranche, the time for the
    settlement, and a new schedule where the day is not the planned one. The same request again changes nothing.
    """
    require(by, Right.PAY_LOANS)
    row = lock(tranche)
    if (row.state, row.paid_on, row.document) == (TrancheState.PAID, paid_on, document):
        return row
    row = begin(row, "pay", by)
    loan = row.loan
    _must_be_a_day_of_payment(row, paid_on)
    (entry,) = ledger.post_together(loan.fund, [_payout(row, paid_on=paid_on, document=document)], by=by)
    planned_on = row.planned_on
    row = move(row, "pay", by=by, changes={"paid_on": paid_on, "document": document, "entry": entry})
    if loan.state == LoanState.READY:
        move(loan, "activate", by=by)
    due_on = paid_on + datetime.timedelta(days=loan.product.settlement_days)
    # there already where an earlier payout of the tranche turned out to be none
    Settlement.objects.update_or_create(tranche=row, defaults={"due_on": due_on})
    if paid_on != planned_on:
        schedules.rebuild(loan, by=by, reason=ScheduleReason.PAYOUT)
    telling.again(loan, by=by, reason=TellingReason.PAYOUT)
    return row


@transaction.atomic
def correct(tranche, *, by, paid_on, document, reason):
    """Say that a booked payout was of another day or statement: the entry is reversed and posted anew, and everything
    since is told anew. Somebody else than who booked it, with a reason."""
    row = begin(tranche, "correct", by)
    if row.loan.state == LoanState.WRITTEN_OFF:
        raise Refused(_("The claim is written off, so nothing of it is told anew."))
    _must_be_of_another(row, by)
    _must_be_a_day_of_payment(row, paid_on)
    if (paid_on, document) == (row.paid_on, row.document):
        raise Refused(_("Nothing of it is changed."))
    if _on_a_statement(row):
        raise Refused(_("A bank statement has this payout, so its day is the bank's."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    payments = row.loan.payments.filter(reversed_at=None, value_date__lt=paid_on)
    if row.number == 1 and payments.exists():
        raise Refused({"paid_on": _("Something was paid back before this day. Take that payment back first.")})
    postings = [_reversal(row, reason), _payout(row, paid_on=paid_on, document=document)]
    entry = ledger.post_together(row.loan.fund, postings, by=by)[1]
    row = move(row, "correct", by=by, reason=reason, changes={"paid_on": paid_on, "document": document, "entry": entry})
    due_on = paid_on + datetime.timedelta(days=row.loan.product.settlement_days)
    Settlement.objects.filter(tranche=row, state=SettlementState.OPEN).update(due_on=due_on)
    schedules.rebuild(row.loan, by=by, reason=ScheduleReason.PAYOUT)
    telling.again(row.loan, by=by, reason=TellingReason.PAYOUT)
    return row


@transaction.atomic
def unpay(tranche, *, by, reason):
    """Say that a booked payout was none: its money is promised again and the tranche begins anew. Only the last one
    that was paid, of which nothing is paid back or settled; somebody else than who booked it, with a reason."""
    row = begin(tranche, "unpay", by)
    loan = row.loan
    if loan.state != LoanState.ACTIVE:
        words = _("The loan is in the state “%(state)s”, so the money was paid.")
        raise Refused(words % {"state": loan.get_state_display()})
    _must_be_of_another(row, by)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if loan.tranches.filter(number__gt=row.number, state__in=[*ON_THE_WAY, TrancheState.PAID]).exists():
        raise Refused(_("A later tranche is on its way or paid. Begin with that one."))
    if row.settlement.state != SettlementState.OPEN:
        raise Refused(_("The settlement of this tranche has begun, so the money was paid."))
    others = loan.tranches.filter(state=TrancheState.PAID).exclude(pk=row.pk)
    paid = loan.payments.filter(reversed_at=None).exists()
    if row.amount > loan.outstanding or (paid and not others.exists()):
        raise Refused(_("Part of it is paid back. Take those payments back first."))
    if loan.costs.filter(reversed_at=None).exists() and not others.exists():
        raise Refused(_("A cost is charged. Take it back first."))
    if _on_a_statement(row):
        raise Refused(_("A bank statement has this payout, so the money went out."))
    ledger.post_together(loan.fund, [_reversal(row, reason)], by=by)
    empty = {"account": None, "verified_by": None, "approved_by": None, "order": None, "paid_on": None, "entry": None}
    row = move(row, "unpay", by=by, reason=reason, changes={**empty, "document": ""})
    schedules.rebuild(loan, by=by, reason=ScheduleReason.PAYOUT)
    if others.exists():
        telling.again(loan, by=by, reason=TellingReason.PAYOUT)
    else:
        telling.forget(loan, by=by)
        move(loan, "unpay", by=by)
    return row


def _on_a_statement(row):
    return StatementLine.objects.filter(entry=row.entry).exists()


def _must_be_of_another(row, by):
    if row.entry.by_id == by.pk:
        raise Refused(_("You booked this payout, so somebody else must correct it."))


def _reversal(row, reason):
    return ledger.reversal(row.entry, key=f"payout-back-{row.entry_id}", reason=reason, loan=row.loan)


def _payout(row, *, paid_on, document):
    """The Posting of a payout; one in the place of another has a key of its own."""
    loan = row.loan
    key = f"payout-{loan.number}-{row.number}"
    times = Entry.objects.filter(fund=loan.fund, event=EntryEvent.PAYOUT, key__regex=f"^{key}(-[0-9]+)?$").count()
    return ledger.Posting(
        event=EntryEvent.PAYOUT,
        key=f"{key}-{times + 1}" if times else key,
        lines=[
            (ledger.PRINCIPAL, row.amount),
            (ledger.BANK, -row.amount),
            (ledger.PROMISED_CONTRA, row.amount),
            (ledger.PROMISED, -row.amount),
        ],
        text=gettext_lazy("Loan %(loan)s, tranche %(number)d paid out"),
        said={"loan": loan.number, "number": row.number},
        value_date=paid_on,
        document=document,
        loan=loan,
    )


def _must_be_a_day_of_payment(row, paid_on):
    if paid_on > clock.today():
        raise Refused({"paid_on": _("This day has not come yet.")})
    if paid_on < row.loan.signed_on:
        raise Refused({"paid_on": _("Nothing is paid before the agreement is signed.")})
    if paid_on < (ordered := ordered_on(row)):
        words = _("The file for the bank was made on %(day)s, so nothing was paid before.")
        raise Refused({"paid_on": words % {"day": date_short(ordered)}})


def summary(row):
    """A tranche in one line: `PZ/2026/0001, tranche 1: 20 000,00 zł`."""
    words = _("%(loan)s, tranche %(number)d: %(amount)s")
    return words % {"loan": row.loan.number, "number": row.number, "amount": money(row.amount)}
