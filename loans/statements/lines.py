"""A bank statement and its lines as the rest of the house sees them, whatever file they came in."""

import datetime
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from centrum.kit.identifiers import clean_iban, normalise_iban
from centrum.kit.polish import money

CENT = Decimal("0.01")
CURRENCY = "PLN"
MAX_LINES = 20_000


class StatementError(Exception):
    """The file is refused whole; the message is a sentence for whoever sent it.

    `line` counts the lines of the file from 1, `entry` the entries of a camt.053 statement.
    """

    def __init__(self, message, *, line=None, entry=None):
        if line is not None:
            message = _("Line %(number)d: %(message)s") % {"number": line, "message": message}
        elif entry is not None:
            message = _("Entry %(number)d: %(message)s") % {"number": entry, "message": message}
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Line:
    """One booked movement of `account`; `amount` in złote, above zero when money came in.

    `ordinal` counts from 1 among lines of the statement that are alike in all that the hash is made of: two equal
    payments of one day are two payments. Texts are without line breaks, control characters and doubled spaces.
    """

    account: str
    booked_on: datetime.date
    value_date: datetime.date
    amount: Decimal
    counterparty_account: str = ""
    counterparty_name: str = ""
    title: str = ""
    bank_reference: str = ""
    ordinal: int = 1

    def hash(self) -> str:
        """64 hex digits that stay the same whenever this line is read again; the key against importing it twice."""
        parts = [*self._alike(), str(self.ordinal)]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def _alike(self):
        return (
            self.account,
            self.value_date.isoformat(),
            f"{self.amount:.2f}",
            self.counterparty_account,
            self.title,
            self.bank_reference,
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """What the bank says of one account from `first_day` to `last_day`; balances in złote, below zero for a debit.

    `account` is PL and 26 digits; `number` is the bank's own, "" where the file has none.
    """

    account: str
    number: str
    opening: Decimal
    closing: Decimal
    currency: str
    first_day: datetime.date
    last_day: datetime.date
    lines: tuple[Line, ...]


def settled(statement: Statement) -> Statement:
    """Return `statement` with the ordinals of its lines, or raise StatementError where it contradicts itself."""
    if statement.currency != CURRENCY:
        raise StatementError(
            _("The statement is in %(currency)s. Only statements in PLN are read.")
            % {"currency": clean(statement.currency) or "?"}
        )
    if statement.first_day > statement.last_day:
        raise StatementError(_("The statement ends before the day it begins."))
    sum_of_lines = sum((line.amount for line in statement.lines), Decimal("0.00"))
    if statement.opening + sum_of_lines != statement.closing:
        raise StatementError(
            _(
                "The opening balance and the lines give %(counted)s, but the closing balance is %(closing)s. "
                "Download the file from the bank again."
            )
            % {"counted": money(statement.opening + sum_of_lines), "closing": money(statement.closing)}
        )
    seen = Counter()
    lines = []
    for line in statement.lines:
        seen[line._alike()] += 1
        lines.append(replace(line, ordinal=seen[line._alike()]))
    return replace(statement, lines=tuple(lines))


def continues(previous: Statement, statement: Statement) -> bool:
    """Whether `statement` takes up the account where `previous` left it (no money and no day between is missing).

    Banks date the opening balance with the day of the previous closing or with the next day, so both may share a day.
    """
    return (
        previous.account == statement.account
        and previous.closing == statement.opening
        and previous.last_day <= statement.first_day
    )


def clean(text: str | None) -> str:
    """Return `text` in one line: no control characters, no doubled spaces, none at the ends."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


def own_account(text: str, *, line=None) -> str:
    """Return PL and 26 digits of the account a statement is about, or raise StatementError."""
    try:
        return clean_iban(clean(text).lstrip("/"))
    except ValidationError as error:
        raise StatementError(
            _("The number of the account is not one of a Polish bank: %(number)s.") % {"number": clean(text)[:40]},
            line=line,
        ) from error


def other_account(text: str | None) -> str:
    """Return an account of somebody else in one form: capitals, no spaces; 26 digits get their PL."""
    return normalise_iban(clean(text).strip("/'\"= "))


def day(year: str, month: str, number: str, *, line=None, entry=None) -> datetime.date:
    """Return the date of digits as a bank writes them (two of the year are of this century)."""
    if re.fullmatch("([0-9]{2}|[0-9]{4})-[0-9]{2}-[0-9]{2}", f"{year}-{month}-{number}"):
        full = int(year) + (2000 if len(year) == 2 else 0)
        if 2000 <= full <= 2099:
            try:
                return datetime.date(full, int(month), int(number))
            except ValueError as error:
                raise _no_day(year, month, number, line, entry) from error
    raise _no_day(year, month, number, line, entry)


def _no_day(year, month, number, line, entry):
    written = clean(f"{year}-{month}-{number}")[:40]
    return StatementError(_("There is no such day as %(day)s.") % {"day": written}, line=line, entry=entry)
