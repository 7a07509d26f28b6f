"""The books of a fund as of a day: trial balance, journal, and what moved on the account of the bank.

The ledger belongs to no unit, so whoever may read it gets all of it.
"""

from django.db.models import F, Sum, Value, Window
from django.db.models.functions import Concat, Greatest, Least

from centrum.kit.columns import moment
from centrum.kit.exports import Date, Resource, Text, label
from loans import ledger
from loans.enums import AccountKind, EntryEvent
from loans.profiles.columns import NOTHING, Amount, fund_lines

_ORDER = ("entry__book_date", "entry_id", "number")
_DEBIT, _CREDIT = Greatest(F("amount"), NOTHING), -Least(F("amount"), NOTHING)


class TrialBalance(Resource):
    code = Text("code", column_name="Konto")
    name = Text("name", column_name="Nazwa")
    kind = Text(label("kind", AccountKind), column_name="Rodzaj")
    debit = Amount("debit", column_name="Obroty Wn (zł)")
    credit = Amount("credit", column_name="Obroty Ma (zł)")
    balance = Amount("balance", column_name="Saldo (zł)")

    class Meta:
        export_order = ("code", "name", "kind", "debit", "credit", "balance")


def trial_balance(scope, day, _by):
    """All accounts with a turnover."""
    return ledger.balances(scope.fund, day)


class Journal(Resource):
    entry = Text("entry_id", column_name="Numer zapisu")
    booked = Date("entry__book_date", column_name="Data księgowania")
    value_date = Date("entry__value_date", column_name="Data zdarzenia")
    event = Text(label("entry__event", EntryEvent), column_name="Zdarzenie")
    text = Text("entry__text", column_name="Opis")
    document = Text("entry__document", column_name="Dowód")
    account = Text("account__code", column_name="Konto")
    name = Text("account__name", column_name="Nazwa konta")
    debit = Amount(_DEBIT, column_name="Wn (zł)")
    credit = Amount(_CREDIT, column_name="Ma (zł)")
    loan = Text("loan__number", column_name="Pożyczka")
    reverses = Text("entry__reverses_id", column_name="Storno zapisu")
    by = Text(Concat("entry__by__first_name", Value(" "), "entry__by__last_name"), column_name="Kto zapisał")
    at = Text(moment("entry__at"), column_name="Kiedy zapisano")

    class Meta:
        export_order = (
            "entry", "booked", "value_date", "event", "text", "document", "account", "name", "debit", "credit", "loan",
            "reverses", "by", "at",
        )  # fmt: skip


def journal(scope, day, _by):
    """Every line of every entry, by the days of booking."""
    return fund_lines(scope, day).order_by(*_ORDER)


class Cash(Resource):
    entry = Text("entry_id", column_name="Numer zapisu")
    booked = Date("entry__book_date", column_name="Data księgowania")
    value_date = Date("entry__value_date", column_name="Data zdarzenia")
    event = Text(label("entry__event", EntryEvent), column_name="Zdarzenie")
    text = Text("entry__text", column_name="Opis")
    document = Text("entry__document", column_name="Dowód")
    loan = Text("loan__number", column_name="Pożyczka")
    incoming = Amount(_DEBIT, column_name="Wpływ (zł)")
    outgoing = Amount(_CREDIT, column_name="Wydatek (zł)")
    balance = Amount("balance_then", column_name="Saldo (zł)")

    class Meta:
        export_order = (
            "entry", "booked", "value_date", "event", "text", "document", "loan", "incoming", "outgoing", "balance",
        )  # fmt: skip


def cash(scope, day, _by):
    """What came to the account of the fund and went from it, with the balance after each."""
    rows = fund_lines(scope, day).filter(account__code=ledger.BANK).order_by(*_ORDER)
    return rows.annotate(balance_then=Window(Sum("amount"), order_by=_ORDER))
