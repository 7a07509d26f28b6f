"""What a line of a bank statement is: suggested by the portal, said by somebody, put back where it was wrong.

What came in waits on the account of unidentified receipts and leaves it with the explanation; what went out is an entry
of the ledger that moves the account of the bank by just as much, and the line names it. An entry that a line made has
the line in its key. Services lock the loan first, then the line; they raise Refused in words for the user, Stale when
somebody was quicker, PermissionDenied.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrum.kit.models import StateChange
from centrum.kit.polish import date_short, money
from centrum.kit.search import PlFold
from centrum.kit.transitions import Refused, Stale, move, noun_of
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import ledger, payouts, repayments, telling
from loans.enums import AFTER_PAYOUT, OWING, EntryEvent, LineState, TrancheState
from loans.models import Entry, Loan, Payment, StatementLine, Telling, Tranche
from loans.repayments import lock_line
from loans.statements.matching import candidates

MOST = 5  # suggestions
_LOOKED_AT = 20  # rows of one reason
_SHORTEST_NAME = 6  # letters; a shorter one is in too many others
# kinds of entries that an explanation makes
CAPITAL, INCOME, RETURNED, COSTS = "capital", "income", "returned", "costs"
_OF_TWO = re.compile(rf"line-([0-9]+)-{RETURNED}-[0-9]+")

# Why a receipt may be of a loan, the likeliest first; each weighs more than all after it together.
REASONS = {
    "number": gettext_lazy("its number is in the title"),
    "account": gettext_lazy("from an account of the borrower"),
    "nip": gettext_lazy("the NIP of the borrower"),
    "name": gettext_lazy("the name of the borrower"),
    "amount": gettext_lazy("as much as is owed"),
}


# Reads


@dataclass(frozen=True)
class Suggestion:
    """What a line may be. `action` and `key` make it so (the form of that explanation); `reasons` in words."""

    action: str
    key: str
    title: str
    reasons: tuple
    loan: Loan | None = None


def suggestions(line):
    """At most MOST Suggestions for a waiting line, the likeliest first."""
    if line.amount > 0:
        return [*_payments_noted(line), *_capital_noted(line), *_payments(line), *_counterparts(line)][:MOST]
    return [*_tranches(line), *_refunds_noted(line), *_counterparts(line), *_overpayments(line)][:MOST]


def _payments_noted(line):
    """Payments that somebody noted by hand, those of a loan that the title names and of the nearest day first."""
    named, found = candidates(line).loans, []
    for row in repayments.noted(line).select_related("loan__organisation"):
        reasons = [_("noted by hand already as of %(day)s, of this amount") % {"day": date_short(row.value_date)}]
        if row.loan.number in named:
            reasons.insert(0, str(REASONS["number"]))
        title = f"{row.loan.number} {row.loan.organisation}"
        far = (-len(reasons), abs(row.value_date - line.value_date), row.pk)
        found.append((far, Suggestion("noted", str(row.pk), title, tuple(reasons), row.loan)))
    return [one for _far, one in sorted(found, key=lambda pair: pair[0])][:MOST]


def _payments(line):
    told = candidates(line)
    accounts = _accounts(line)
    loans = Loan.objects.filter(fund=line.fund_id, state__in=AFTER_PAYOUT)
    owed = Telling.objects.filter(current=True, loan__fund=line.fund_id).annotate(
        owed=F("costs") + F("penalty") + F("overdue_interest") + F("overdue_principal") + F("restructured")
    )
    found = {
        "number": loans.filter(number__in=told.loans),
        "account": loans.filter(organisation__bank_accounts__iban__in=accounts),
        "nip": loans.filter(organisation__nip__in=told.nips),
        "name": _named_like(loans, line.counterparty_name),
        "amount": loans.filter(tellings__in=owed.filter(Q(next_total=line.amount) | Q(owed=line.amount))),
    }
    asked = {"number": told.loans, "account": accounts, "nip": told.nips, "name": line.counterparty_name}
    reasons = {}
    for why, rows in found.items():
        if asked.get(why, True):
            for pk in rows.order_by("-pk").values_list("pk", flat=True).distinct()[:_LOOKED_AT]:
                reasons.setdefault(pk, []).append(why)
    rows = loans.select_related("organisation").in_bulk(reasons)
    order = list(REASONS)

    def likely(pk):
        return [why not in reasons[pk] for why in order], rows[pk].state not in OWING, -pk

    return [
        Suggestion(
            "payment",
            rows[pk].number,
            f"{rows[pk].number} {rows[pk].organisation}",
            tuple(str(REASONS[why]) for why in reasons[pk]),
            rows[pk],
        )
        for pk in sorted(reasons, key=likely)[:MOST]
    ]


def _accounts(line):
    """Accounts that the line names: the other side's, and those in the title."""
    return [number for number in (line.counterparty_account, *candidates(line).accounts) if number]


def _letters(expression):
    """A name without marks, accents and capitals: banks leave them out."""
    parts = (PlFold(expression), Value("[^[:alnum:]]+"), Value(" "), Value("g"))
    return Trim(Func(*parts, function="regexp_replace", output_field=TextField()))


def _named_like(loans, name):
    """Loans whose borrower's name is in that of the payer, who writes the address after it, or begins with a name that
    the bank has cut."""
    named = loans.alias(own=_letters(F("organisation__name")), payer=_letters(Value(name)))
    named = named.alias(own_length=Length("own"), payer_length=Length("payer"))
    return named.filter(
        Q(payer__contains=F("own"), own_length__gte=_SHORTEST_NAME)
        | Q(own__startswith=F("payer"), payer_length__gte=2 * _SHORTEST_NAME)
    )


def _capital_noted(line):
    """Capital that somebody posted by hand, of the same amount."""
    return [
        Suggestion(
            "found",
            str(entry.pk),
            f"{entry.text}, {entry.document}",
            (_("posted by hand as of %(day)s") % {"day": date_short(entry.value_date)},),
        )
        for entry in capital_noted(line)[:MOST]
    ]


def capital_noted(line):
    """Entries of capital of the line's amount that are on no statement: posted by hand, not reversed."""
    rows = Entry.objects.filter(fund=line.fund_id, event=EntryEvent.CAPITAL_IN, reversed_by=None)
    rows = rows.filter(lines__account__code=ledger.BANK, lines__amount=line.amount)
    taken = [int(key.split("-")[1]) for key in _found_before(line).values_list("key", flat=True)]
    return rows.exclude(pk__in=taken).order_by("-value_date", "-pk")


def _found_before(line):
    """Entries which say that capital of the line's amount, posted by hand, is on a statement."""
    rows = Entry.objects.filter(fund=line.fund_id, key__startswith="found-", reversed_by=None)
    return rows.filter(lines__account__code=ledger.BANK, lines__amount=-line.amount)


def _counterparts(line):
    """Lines the other way of the same amount: money that came in and was sent back, or went out and came back."""
    rows = counterparts(line).select_related("statement").order_by("-booked_on", "-pk")
    return [
        Suggestion(
            "returned",
            str(row.pk),
            f"{date_short(row.booked_on)}, {row.counterparty_name or row.title}"[:200],
            (
                _("the same account, the same amount the other way")
                if row.counterparty_account and row.counterparty_account == line.counterparty_account
                else _("the same amount the other way"),
            ),
        )
        for row in rows[:MOST]
    ]


def counterparts(line):
    return StatementLine.objects.filter(fund=line.fund_id, state=LineState.WAITING, amount=-line.amount)


def tranches(line):
    """Tranches that a line may have paid: booked without a line, or in a file for the bank, of the same amount."""
    rows = Tranche.objects.filter(loan__fund=line.fund_id, amount=-line.amount)
    booked = Q(state=TrancheState.PAID, entry__bank_line=None)
    rows = rows.filter(booked | Q(state=TrancheState.ORDERED, order__isnull=False))
    return rows.select_related("loan__organisation", "account", "order")


def _tranches(line):
    told, found = candidates(line), []
    for row in tranches(line).order_by("pk")[:_LOOKED_AT]:
        if row.state == TrancheState.PAID:
            reasons = [_("booked as of %(day)s") % {"day": date_short(row.paid_on)}]
        else:
            reasons = [_("in the file %(order)s") % {"order": row.order}]
        if row.account.iban == line.counterparty_account:
            reasons.insert(0, _("to the account of the tranche"))
        if row.loan.number in told.loans:
            reasons.insert(0, str(REASONS["number"]))
        title = f"{payouts.summary(row)}, {row.loan.organisation}"
        found.append(Suggestion("payout", str(row.pk), title, tuple(reasons), row.loan))
    return sorted(found, key=lambda one: -len(one.reasons))


def refunds_noted(line):
    """Overpayments that somebody noted by hand as sent back, of this amount, without a line."""
    rows = Payment.objects.filter(loan__fund=line.fund_id, amount=line.amount, reversed_at=None, entry__bank_line=None)
    return rows.select_related("loan__organisation").order_by("-value_date", "-pk")


def _refunds_noted(line):
    return [
        Suggestion(
            "refund",
            row.loan.number,
            f"{row.loan.number} {row.loan.organisation}",
            (_("an overpayment noted as sent back on %(day)s") % {"day": date_short(row.value_date)},),
            row.loan,
        )
        for row in refunds_noted(line)[:MOST]
    ]


def _overpayments(line):
    """Loans with so much overpaid, those of the account to which it went first."""
    rows = Loan.objects.filter(fund=line.fund_id, tellings__current=True, tellings__over__gte=-line.amount)
    theirs = rows.filter(organisation__bank_accounts__iban__in=_accounts(line))
    found = []
    for loan in [*theirs.select_related("organisation").distinct()[:MOST], *rows.select_related("organisation")[:MOST]]:
        if loan.number not in [one.key for one in found]:
            words = _("overpaid as much or more")
            found.append(Suggestion("refund", loan.number, f"{loan.number} {loan.organisation}", (words,), loan))
    return found


@dataclass(frozen=True)
class Explanation:
    """What a line was said to be: in words, with the loan and the entry where there are any."""

    words: str
    loan: Loan | None = None
    payment: Payment | None = None
    entry: Entry | None = None
    other: StatementLine | None = None


def explanation(line):
    """The Explanation of a line, None while it waits."""
    if line.state == LineState.WAITING:
        return None
    if payment := line.payments.filter(reversed_at=None).select_related("loan__organisation", "entry").first():
        return Explanation(_("A payment of the loan"), payment.loan, payment, payment.entry)
    entry = _entry(line)
    if entry is None:
        return None
    if tranche := getattr(entry, "tranche", None):
        return Explanation(_("A tranche paid out"), tranche.loan, None, entry)
    if payment := getattr(entry, "payment", None):
        return Explanation(_("An overpayment sent back"), payment.loan, payment, entry)
    return Explanation(entry.text, None, None, entry, _other(line, entry))


def _entry(line):
    """The entry that explains a line which is no payment; None where the line knows none."""
    rows = Entry.objects.select_related("fund")
    if line.entry_id:
        return rows.get(pk=line.entry_id)
    number = _times(line) + 1
    keys = [_key(line, kind, number) for kind in (CAPITAL, INCOME, RETURNED)]
    found = rows.filter(fund=line.fund_id, key__in=keys).first()
    return (
        found or rows.filter(fund=line.fund_id, key__startswith="found-", key__endswith=f"-{line.pk}-{number}").first()
    )


def _other(line, entry):
    """The line that one entry explains together with this one."""
    made = _OF_TWO.fullmatch(entry.key)
    if made is None:
        return None
    return StatementLine.objects.get(pk=made[1]) if line.entry_id else getattr(entry, "bank_line", None)


def _times(line):
    """How many times a line was put back: the next explanation is another one than those."""
    return StateChange.objects.filter(noun=noun_of(line), object_id=line.pk, action="put_back").count()


def _key(line, kind, number=None):
    return f"line-{line.pk}-{kind}-{number or _times(line) + 1}"


# Services: what came in


@transaction.atomic
def capital_in(line, *, by, entrusted=False):
    """What came in is capital of the fund: own, or entrusted and to be given back."""
    require(by, Right.KEEP_LEDGER)
    row = _received(line, by)
    source = ledger.ENTRUSTED if entrusted else ledger.CAPITAL
    lines = [(ledger.UNIDENTIFIED, row.amount), (source, -row.amount)]
    _post(row, CAPITAL, by=by, event=EntryEvent.CAPITAL_IN, lines=lines, text=gettext_lazy("Capital paid in"))
    return move(row, "explain", by=by)


@transaction.atomic
def capital_found(line, entry, *, by):
    """What came in is capital that somebody posted by hand before the statement came: it is on the account once."""
    require(by, Right.KEEP_LEDGER)
    row = _received(line, by)
    entry = Entry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if not capital_noted(row).filter(pk=entry.pk).exists():
        raise Refused(_("This entry is not capital of this amount, or it is on a statement already."))
    ledger.post(
        row.fund,
        by=by,
        event=EntryEvent.CAPITAL_IN,
        key=f"found-{entry.pk}-{row.pk}-{_times(row) + 1}",
        lines=[(ledger.UNIDENTIFIED, row.amount), (ledger.BANK, -row.amount)],
        text=gettext_lazy("Capital posted before as entry %(number)d is on the statement"),
        said={"number": entry.pk},
        value_date=entry.value_date,
        document=document(row),
    )
    return move(row, "explain", by=by)


@transaction.atomic
def income(line, *, by):
    """What came in is interest of the bank, or a cost that it gave back."""
    row = _received(line, by)
    lines = [(ledger.UNIDENTIFIED, row.amount), (ledger.OTHER_INCOME, -row.amount)]
    _post(row, INCOME, by=by, event=EntryEvent.BANK, lines=lines, text=gettext_lazy("Interest of the bank"))
    return move(row, "explain", by=by)


# Services: what went out


@transaction.atomic
def payout(line, tranche, *, by):
    """What went out is a tranche: one that is booked gets its line, one in a file for the bank is booked with it."""
    require(by, Right.PAY_LOANS)
    tranche = payouts.lock(tranche)
    row = _sent(line, by)
    if tranche.loan.fund_id != row.fund_id:
        raise Refused(_("The loan is of another fund."))
    if tranche.amount != -row.amount:
        said = {"tranche": money(tranche.amount), "line": money(-row.amount)}
        raise Refused(_("The tranche is %(tranche)s, and %(line)s went out.") % said)
    if tranche.state == TrancheState.ORDERED:
        tranche = payouts.book(tranche, by=by, paid_on=row.value_date, document=document(row))
    elif tranche.state != TrancheState.PAID:
        raise Refused(_("This tranche is in no file for the bank, so the bank did not pay it."))
    elif StatementLine.objects.filter(entry=tranche.entry_id).exists():
        raise Stale(_("This tranche has its line on a statement already."))
    return move(row, "explain", by=by, changes={"entry": tranche.entry})


@transaction.atomic
def refund(line, loan, *, by):
    """What went out is an overpayment of a loan sent back; one that was noted by hand already gets its line."""
    require(by, Right.PAY_LOANS)
    loan = telling.lock(loan)
    row = _sent(line, by)
    if loan.fund_id != row.fund_id:
        raise Refused(_("The loan is of another fund."))
    noted = refunds_noted(row).filter(loan=loan).first()
    payment = noted or repayments.send_back(
        loan,
        by=by,
        amount=-row.amount,
        value_date=row.value_date,
        document=document(row),
        key=_key(row, "sent"),
    )
    return move(row, "explain", by=by, changes={"entry": payment.entry})


@transaction.atomic
def costs(line, *, by):
    """What went out is a cost of the bank."""
    row = _sent(line, by)
    lines = [(ledger.BANK_COSTS, -row.amount), (ledger.BANK, row.amount)]
    entry = _post(row, COSTS, by=by, event=EntryEvent.BANK, lines=lines, text=gettext_lazy("Costs of the bank"))
    return move(row, "explain", by=by, changes={"entry": entry})


@transaction.atomic
def capital_out(line, *, by, entrusted=False):
    """What went out is capital given back to whom it is from."""
    require(by, Right.KEEP_LEDGER)
    row = _sent(line, by)
    source = ledger.ENTRUSTED if entrusted else ledger.CAPITAL
    lines = [(source, -row.amount), (ledger.BANK, row.amount)]
    text = gettext_lazy("Capital paid out")
    entry = _post(row, CAPITAL, by=by, event=EntryEvent.CAPITAL_OUT, lines=lines, text=text)
    return move(row, "explain", by=by, changes={"entry": entry})


@transaction.atomic
def returned(line, other, *, by):
    """Both lines are one thing: money that came in and was sent back, or went out and came back. Returns `line`."""
    require(by, Right.PAY_LOANS)
    pair = [lock_line(row, "explain") for row in sorted((line, other), key=lambda row: row.pk)]
    came, went = sorted(pair, key=lambda row: row.amount, reverse=True)
    if came.amount != -went.amount or came.fund_id != went.fund_id:
        raise Refused(_("Choose a line of the same amount the other way."))
    lines = [(ledger.UNIDENTIFIED, came.amount), (ledger.BANK, went.amount)]
    text = gettext_lazy("A receipt that was sent back")
    later = max(came.value_date, went.value_date)
    entry = _post(came, RETURNED, by=by, event=EntryEvent.REFUND, lines=lines, text=text, value_date=later)
    moved = {came.pk: move(came, "explain", by=by), went.pk: move(went, "explain", by=by, changes={"entry": entry})}
    return moved[line.pk]


# Services: back again


@transaction.atomic
def put_back(line, *, by, reason):
    """Let a line wait again: what its explanation posted is reversed, by somebody else than who posted it; what was
    there before the line stays. Returns the StatementLine."""
    require(by, Right.PAY_LOANS)
    if payment := line.payments.filter(reversed_at=None).first():
        repayments.take_back(payment, by=by, reason=reason)
        return StatementLine.objects.get(pk=line.pk)
    line = StatementLine.objects.get(pk=line.pk)
    entry = _entry(line)
    of_loan = getattr(entry, "tranche", None) or getattr(entry, "payment", None)
    if of_loan:
        telling.lock(of_loan.loan)
    other = entry and _other(line, entry)
    rows = [lock_line(row, "put_back") for row in sorted(filter(None, (line, other)), key=lambda row: row.pk)]
    if _entry(next(row for row in rows if row.pk == line.pk)) != entry:
        raise Stale(_("The line was explained anew meanwhile. Look at it once more."))
    moved = [move(row, "put_back", by=by, reason=reason, changes={"entry": None}) for row in rows]
    if entry and not hasattr(entry, "reversed_by"):
        _undo(entry, line, of_loan, by=by, reason=reason.strip())
    return next(row for row in moved if row.pk == line.pk)


def _undo(entry, line, of_loan, *, by, reason):
    """Reverse what the line made; a tranche, or what was noted by hand, is set right on the page of its loan."""
    if of_loan is None:
        ledger.reverse(entry, by=by, key=f"line-back-{entry.pk}", reason=reason[:200])
    elif entry.key.startswith(f"refund-line-{line.pk}-"):
        repayments.take_back(of_loan, by=by, reason=reason)


# Parts


def document(line):
    """What an entry names as its document: the statement of the line."""
    return str(line.statement)[:60]


def _received(line, by):
    require(by, Right.PAY_LOANS)
    row = lock_line(line, "explain")
    if row.amount < 0:
        raise Refused(_("This money went out, so it is no receipt."))
    return row


def _sent(line, by):
    require(by, Right.PAY_LOANS)
    row = lock_line(line, "explain")
    if row.amount > 0:
        raise Refused(_("This money came in, so nothing was paid with it."))
    return row


def _post(line, kind, *, value_date=None, **entry):
    return ledger.post(
        line.fund,
        key=_key(line, kind),
        value_date=value_date or line.value_date,
        document=document(line),
        **entry,
    )
