"""Statements in CSV: every bank has columns of its own, so each has a map, and another bank is another map."""

import csv
import datetime
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from loans.statements.lines import (
    CENT,
    MAX_LINES,
    Line,
    Statement,
    StatementError,
    clean,
    other_account,
    own_account,
    settled,
)

_SPACES = " \u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Map:
    """How one bank writes its CSV.

    `columns`: name of our field to heading of the bank. Needed: booked_on, balance, and amount or credit and debit;
    known: value_date, counterparty_account, counterparty_name, title, bank_reference, account, currency.
    `labels`: what stands once beside the table, as a cell before its value or over it: account, currency, opening,
    closing. `decimal` parts the grosze, `thousands` are signs among the digits, `dates` is for strptime.
    `newest_first`: the balance goes up the file; it can't be told from the lines, as some fit both ways.
    """

    name: str
    delimiter: str
    code_pages: tuple[str, ...]
    columns: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)
    decimal: str = ","
    thousands: str = _SPACES
    dates: str = "%Y-%m-%d"
    newest_first: bool = False


MAPS = {
    bank.name: bank
    for bank in (
        Map(
            name="mbank",
            delimiter=";",
            code_pages=("cp1250", "iso8859-2"),
            columns={
                "booked_on": "#Data księgowania",
                "value_date": "#Data operacji",
                "title": "#Tytuł",
                "counterparty_name": "#Nadawca/Odbiorca",
                "counterparty_account": "#Numer konta",
                "amount": "#Kwota",
                "balance": "#Saldo po operacji",
            },
            labels={
                "account": "#Numer rachunku",
                "currency": "#Waluta",
                "opening": "#Saldo początkowe",
                "closing": "#Saldo końcowe",
            },
        ),
        Map(
            name="millennium",
            delimiter=",",
            code_pages=("cp1250", "iso8859-2"),
            columns={
                "account": "Numer rachunku/karty",
                "value_date": "Data transakcji",
                "booked_on": "Data rozliczenia",
                "counterparty_account": "Na konto/Z konta",
                "counterparty_name": "Odbiorca/Zleceniodawca",
                "title": "Opis",
                "debit": "Obciążenia",
                "credit": "Uznania",
                "balance": "Saldo",
                "currency": "Waluta",
            },
            decimal=".",
            newest_first=True,
        ),
    )
}


def fits(text: str, bank: Map) -> bool:
    """Whether `text` has the row of headings of `bank`."""
    return _heading(text.split("\n"), bank) is not None


def statement(text: str, bank: Map) -> Statement:
    """Return the one statement of a CSV file; StatementError where it contradicts itself or lacks something."""
    rows = _rows(text, bank)
    head = next((nth for nth, (_line_no, row) in enumerate(rows) if _is_heading(row, bank)), None)
    if head is None:
        raise StatementError(_("The file has no row of headings of this bank."))
    where = {name: rows[head][1].index(heading) for name, heading in bank.columns.items()}
    table, after = _table(rows[head + 1 :], where["booked_on"], bank)
    said = _said(rows[:head] + after, bank)
    cells = [(line, {name: _cell(row, column) for name, column in where.items()}) for line, row in table]
    if len(cells) > MAX_LINES:
        raise _too_many()
    if bank.newest_first:
        cells.reverse()
    account = _same("account", cells, said)
    lines = tuple(_line(account, line, row, bank) for line, row in cells)
    opening, closing = _balances(lines, cells, said, bank)
    if not lines:
        raise StatementError(_("The file has no payments. A statement in CSV without them says no days."))
    days = [line.booked_on for line in lines]
    return settled(
        Statement(
            account=account,
            number="",
            opening=opening,
            closing=closing,
            currency=_same("currency", cells, said),
            first_day=min(days),
            last_day=max(days),
            lines=lines,
        )
    )


def _heading(rows, bank):
    """A cheap look: the first line that holds every heading between the delimiters."""
    wanted = set(bank.columns.values())
    return next((row for row in rows if wanted <= {cell.strip(' "\r') for cell in row.split(bank.delimiter)}), None)


def _is_heading(row, bank):
    return set(bank.columns.values()) <= set(row)


def _rows(text, bank):
    """Return [(line of the file, cells)]; `strict`, as an open quotation mark would swallow the rest of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=bank.delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if len(rows) > MAX_LINES + 1_000:  # what stands over and under the table is no more than a page
                raise _too_many()
            rows.append((reader.line_num, [clean(cell) for cell in row]))
    except csv.Error as error:
        raise StatementError(_("The quotation marks or cells are broken."), line=reader.line_num) from error
    return rows


def _too_many():
    return StatementError(_("The file has more than %(most)d lines of payments.") % {"most": MAX_LINES})


def _table(rows, column, bank):
    """Part the rows of payments from what follows: the table ends with the first row that has no booking day."""
    end = next((nth for nth, (_line_no, row) in enumerate(rows) if not _cell(row, column)), len(rows))
    for line, row in rows[end:]:
        if _is_day(_cell(row, column), bank):
            raise StatementError(_("A payment stands under the end of the table."), line=line)
    return rows[:end], rows[end:]


def _cell(row, column):
    return row[column] if column < len(row) else ""


def _said(rows, bank):
    """Return {name: (line, text)} of the labels; the value is the cell after the label or the one under it."""
    said = {}
    for nth, (line, row) in enumerate(rows):
        for column, cell in enumerate(row):
            for name, label in bank.labels.items():
                if cell.rstrip(":") == label and name not in said:
                    under = rows[nth + 1][1] if nth + 1 < len(rows) else []
                    text = next(filter(None, row[column + 1 :]), "") or _cell(under, column)
                    said[name] = line, text
    return said


def _same(name, cells, said):
    """Return the account or currency of the file: what is said once, or the one thing all its rows say."""
    found = {row[name] for _line, row in cells if name in row} | {
        text for label, (_n, text) in said.items() if label == name
    }
    if len(found) != 1:
        raise StatementError(_("The file does not tell one account and one currency."))
    return own_account(found.pop()) if name == "account" else found.pop()


def _line(account, line, row, bank):
    booked_on = _day(row["booked_on"], bank, line)
    if "amount" in row:
        amount = _amount(row["amount"], bank, line)
    else:
        sides = [_amount(row[name], bank, line) for name in ("credit", "debit") if row[name]]
        if len(sides) != 1:
            raise StatementError(_("The line has not one amount."), line=line)
        amount = abs(sides[0]) if row["credit"] else -abs(sides[0])
    return Line(
        account=account,
        booked_on=booked_on,
        value_date=_day(row["value_date"], bank, line) if row.get("value_date") else booked_on,
        amount=amount,
        counterparty_account=other_account(row.get("counterparty_account")),
        counterparty_name=row.get("counterparty_name", ""),
        title=row.get("title", ""),
        bank_reference=row.get("bank_reference", ""),
    )


def _balances(lines, cells, said, bank):
    """Return (opening, closing); the balance after each line must follow from the one before."""
    opening = closing = None
    for line, (number, row) in zip(lines, cells, strict=True):
        balance = _amount(row["balance"], bank, number)
        if closing is None:
            opening = balance - line.amount
        elif closing + line.amount != balance:
            raise StatementError(_("The balance does not follow from the line before."), line=number)
        closing = balance
    opening, closing = (
        _amount(said[name][1].removesuffix("PLN"), bank, said[name][0]) if name in said else counted
        for name, counted in (("opening", opening), ("closing", closing))
    )
    return opening, closing


def _amount(text, bank, line):
    digits = text.translate({ord(sign): None for sign in bank.thousands} | {0x2212: "-"})
    match = re.fullmatch(rf"([+-]?)([0-9]{{1,12}})(?:{re.escape(bank.decimal)}([0-9]{{1,2}}))?", digits)
    if match is None:
        raise StatementError(_("The amount %(amount)s can't be read.") % {"amount": text[:40]}, line=line)
    value = Decimal(f"{match[2]}.{match[3] or 0}").quantize(CENT)
    return Decimal(0) - value if match[1] == "-" else value


def _day(text, bank, line):
    if not _is_day(text, bank):
        raise StatementError(_("There is no such day as %(day)s.") % {"day": text[:40]}, line=line)
    return datetime.datetime.strptime(text, bank.dates).date()


def _is_day(text, bank):
    """strptime takes 2026-1-5 and digits of other scripts too; a bank writes neither."""
    try:
        return text.isascii() and datetime.datetime.strptime(text, bank.dates).strftime(bank.dates) == text
    except ValueError:
        return False
