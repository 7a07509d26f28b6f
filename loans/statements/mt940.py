"""Statements in MT940, as Polish banks write it.

The grammar of the two fields that carry money (:61: and the balances) and the sign of their marks come from the
package mt-940, which has learnt the ways of many banks. Its reading of whole files is not used, as it loses money or
words without saying so (tried out on 5.1.1): a field it does not know becomes part of the one before; :86: after the
closing balance becomes details of the last payment; a second :60F: replaces the first; 30 February becomes the 28th;
spaces at the ends of lines, which tell whether a word goes on, are cut; text that names a file is read from the disk.
So the fields are cut here, in the order of SWIFT's standard, and each is matched from its first sign to its last.
"""

import datetime
import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from mt940.models import Amount
from mt940.options import Options
from mt940.tags import FinalOpeningBalance
from mt940.tags import Statement as StatementLine

from loans.statements.lines import (
    CENT,
    MAX_LINES,
    Line,
    Statement,
    StatementError,
    clean,
    day,
    other_account,
    own_account,
    settled,
)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one bank fills :86: and in which code pages it writes.

    `separators` are the signs that may stand before the two-digit code of a subfield; "" means words as labels.
    """

    name: str
    code_pages: tuple[str, ...]
    separators: str


# Which sign a bank uses is from its own description of the format (section 5.4 of the fund's domain notes). UTF-8 is
# tried first for everybody, as no other code page passes for it by chance.
PROFILES = {
    profile.name: profile
    for profile in (
        Profile("mbank", ("iso8859-2", "cp1250"), separators=""),
        Profile("ing", ("iso8859-2", "cp1250", "cp852"), separators="~+"),
        Profile("millennium", ("cp852",), separators="<"),
        Profile("pko", ("iso8859-2", "cp1250", "cp852"), separators="~"),
    )
}
ANY = Profile("", ("cp852", "iso8859-2", "cp1250"), separators="<~?^+|")

RECOGNISED = re.compile(rb"^[\x01-\x04]?:20:", re.MULTILINE)
_FIELD = re.compile(r":([0-9]{2}[A-Z]?):")
_IGNORED = {"13", "13D", "21", "34F", "64", "65", "90C", "90D"}
_LONGEST = 4_000  # ten times what SWIFT allows the longest one
_AMOUNT = re.compile("[0-9]{1,12},[0-9]{0,2}")
_SIGNED = Options.all()
_BALANCE, _LINE = FinalOpeningBalance().re, StatementLine().re

_CODES = "00|10|2[0-9]|3[0-4]|38|6[0-5]"
_TITLE = ("20", "21", "22", "23", "24", "25", "26")
_ORDER = ("kind", "account", "name", "title", "reference")
_LABELLED = {
    "Z RACH.": "account",
    "NA RACH.": "account",
    "OD": "name",
    "DLA": "name",
    "TYT.": "title",
    "TNR": "reference",
}
_LABELS = re.compile(f"; *({'|'.join(map(re.escape, _LABELLED))}): ?")
# banks break a title after so many signs, in the middle of a word if need be (27 PKO, 35 most, 65 SWIFT's own line)
_FULL = (27, 35, 65)


def statements(text: str, profile: Profile = ANY) -> list[Statement]:
    """Return the statements of a file that `text` was decoded from; StatementError where one is not whole."""
    if text.count("\n") > 30 * MAX_LINES:
        raise StatementError(_("The file has more than %(most)d lines of payments.") % {"most": MAX_LINES})
    found, pages, lines = [], [], 0
    for page in _pages(_fields(text)):
        lines += len(page.lines)
        if lines > MAX_LINES:
            raise StatementError(_("The file has more than %(most)d lines of payments.") % {"most": MAX_LINES})
        if page.first != (not pages):
            raise StatementError(_("The statement begins in another file."), line=page.line)
        if pages and (pages[-1].account, pages[-1].closing) != (page.account, page.opening):
            raise StatementError(_("The next page of the statement does not continue the one before."), line=page.line)
        pages.append(page)
        if page.last:
            found.append(_statement(pages, profile))
            pages = []
    if pages:
        raise StatementError(_("The statement goes on in another file."))
    return found


@dataclass(slots=True)
class _Page:
    """What stands between two :20: fields; a long statement has several, tied by balances :62M: and :60M:."""

    line: int
    account: str = ""
    number: str = ""
    opening: tuple | None = None
    closing: tuple | None = None
    first: bool = True
    last: bool = True
    lines: list = field(default_factory=list)


def _fields(text):
    """Return [(line of the file, tag, value)]; values keep the spaces at the ends of their lines."""
    fields = []
    for number, raw in enumerate(text.split("\n"), 1):
        row = raw.rstrip("\r").lstrip("\x01\x02\x03\x04")
        match = _FIELD.match(row)
        if match is not None:
            fields.append((number, match[1], [row[match.end() :]]))
        elif fields:
            fields[-1][2].append(row)
        elif row.strip() and not row.startswith("{"):
            raise StatementError(_("There is text before the first statement."), line=number)
    return [(number, tag, "\n".join(rows)) for number, tag, rows in fields]


def _pages(fields):
    page = None
    for line, tag, value in fields:
        if len(value) > _LONGEST:
            raise StatementError(_("The field :%(tag)s: is too long.") % {"tag": tag}, line=line)
        if tag == "20":
            _whole(page, line)
            if page is not None:
                yield page
            page = _Page(line=line)
        elif page is None:
            raise StatementError(_("There is text before the first statement."), line=line)
        elif tag == "25":
            _once(page.account, tag, line)
            page.account = own_account(value, line=line)
        elif tag in ("28", "28C"):
            _once(page.number, tag, line)
            page.number = clean(value).split("/")[0].lstrip("0") or clean(value)
        elif tag in ("60F", "60M"):
            _once(page.opening, tag, line)
            page.opening, page.first = _balance(value, line), tag == "60F"
        elif tag in ("62F", "62M"):
            _once(page.closing, tag, line)
            page.closing, page.last = _balance(_until_the_end(value), line), tag == "62F"
        elif tag == "61":
            if page.opening is None or page.closing is not None:
                raise StatementError(_("A payment stands outside its statement."), line=line)
            page.lines.append((line, value, []))
        elif tag == "86":
            # after the closing balance it tells of the statement, before the first payment of nothing
            if page.lines and page.closing is None:
                page.lines[-1][2].append(value)
        elif tag not in _IGNORED:
            raise StatementError(_("The field :%(tag)s: is not one of a statement.") % {"tag": tag}, line=line)
    _whole(page, None)
    if page is not None:
        yield page


def _whole(page, line):
    if page is not None and not (page.account and page.opening and page.closing):
        raise StatementError(
            _("The statement is not whole: it lacks the account, the opening or the closing balance."), line=line
        )


def _once(known, tag, line):
    if known:
        raise StatementError(_("The field :%(tag)s: is there twice.") % {"tag": tag}, line=line)


def _until_the_end(value):
    """A lone - (or -} of the envelope) ends a message; nothing but blank lines may follow."""
    head, *rest = value.split("\n")
    return head if all(row.strip() in ("", "-", "-}") for row in rest) else value


def _balance(value, line):
    """Return (signed amount, day, currency)."""
    match = _BALANCE.fullmatch(value.rstrip())
    if match is None:
        raise StatementError(_("The balance can't be read."), line=line)
    return (
        _amount(match["amount"], match["status"], line),
        day(match["year"], match["month"], match["day"], line=line),
        match["currency"],
    )


def _amount(digits, mark, line):
    """The comma is never left out: without it `1.234,56` would be read as 1."""
    if not _AMOUNT.fullmatch(digits):
        raise StatementError(_("The amount %(amount)s can't be read.") % {"amount": clean(digits)}, line=line)
    return Amount(digits, mark, options=_SIGNED).amount.quantize(CENT) + Decimal(0)


def _statement(pages, profile):
    first, last = pages[0], pages[-1]
    if len({currency for page in pages for _amount, _day, currency in (page.opening, page.closing)}) > 1:
        raise StatementError(_("The balances are in different currencies."), line=first.line)
    for page in pages[:-1]:
        lines = sum((_movement(value, line)[2] for line, value, _details in page.lines), Decimal(0))
        if page.opening[0] + lines != page.closing[0]:
            raise StatementError(_("The lines of this page do not give its closing balance."), line=page.line)
    return settled(
        Statement(
            account=first.account,
            number=first.number,
            opening=first.opening[0],
            closing=last.closing[0],
            currency=first.opening[2],
            first_day=first.opening[1],
            last_day=last.closing[1],
            lines=tuple(_line(page.account, *raw, profile) for page in pages for raw in page.lines),
        )
    )


def _movement(value, line):
    """Return (booked on, value date, signed amount, references) of a :61: field."""
    match = _LINE.fullmatch(value.rstrip())
    if match is None:
        raise StatementError(_("The payment can't be read."), line=line)
    value_date = day(match["year"], match["month"], match["day"], line=line)
    return (
        _booked(value_date, (match["entry_month"] or "").strip(), (match["entry_day"] or "").strip(), line),
        value_date,
        _amount(match["amount"], match["status"], line),
        (match["bank_reference"], match["customer_reference"]),
    )


def _booked(value_date, month, number, line):
    """The entry date has no year: it is the one nearest to the value date."""
    if not month and not number:
        return value_date
    years = (value_date.year - 1, value_date.year, value_date.year + 1)
    near = []
    for year in years if re.fullmatch("[0-9]{4}", month + number) else ():
        try:
            near.append(datetime.date(year, int(month), int(number)))
        except ValueError:
            continue  # 29 February is in one year of four
    if not near:
        raise StatementError(_("There is no such day as %(day)s.") % {"day": f"{month}-{number}"}, line=line)
    return min(near, key=lambda booked: abs(booked - value_date))


def _line(account, line, value, details, profile):
    booked_on, value_date, amount, (bank, customer) = _movement(value, line)
    told = _told(details, profile)
    given = [clean(bank), clean(customer)]
    reference = next((text for text in given if text not in ("", "NONREF", "NONE")), told.get("reference", ""))
    return Line(
        account=account,
        booked_on=booked_on,
        value_date=value_date,
        amount=amount,
        counterparty_account=told.get("account", ""),
        counterparty_name=told.get("name", ""),
        title=told.get("title", ""),
        bank_reference=reference,
    )


def _told(details, profile):
    """Return title, name, account and reference out of the :86: fields of one payment, those that are there.

    Details that can't be taken apart beyond doubt are a title whole, so that a payer who writes a separator into the
    title does not choose the account the payment seems to come from.
    """
    subfields, free = {}, []
    for value in details:
        parts = _subfields(value, profile.separators)
        if parts is None or parts.keys() & subfields.keys():
            free.append(value)
        else:
            subfields |= parts
    if subfields:
        free = [value for value in free if not re.fullmatch("[0-9]{3}", value.strip())]  # ING repeats the type so
        return _of_codes(subfields, free)
    text = _joined([row for value in free for row in value.split("\n")])
    return _of_labels(text)


def _subfields(value, separators):
    """Return {code: text}, or None when `value` is not made of subfields with codes that rise.

    Where they don't, a payer may have written a separator and a code; they may still rise where each line begins with
    one, as no payer writes a line break.
    """
    start = re.match(rf"[0-9]{{0,4}}\s*([{re.escape(separators)}])(?:00|10|20)", value) if separators else None
    if start is None:
        return None
    code = f"{re.escape(start[1])}({_CODES})"
    told = _rising(re.split(code, value.replace("\n", "")))
    rows = [row for row in value[start.start(1) :].split("\n") if row.strip()]
    if told is None and all(re.match(code, row) for row in rows):
        told = _rising(re.split(f"\n{code}", "\n" + "\n".join(rows)))
        told = told if told is not None and "20" in told else None
    return told


def _rising(parts):
    codes = parts[1::2]
    return dict(zip(codes, parts[2::2], strict=True)) if codes == sorted(set(codes)) else None


def _of_codes(subfields, free):
    texts = {code: "" if text.strip() in ("\u02d9", "\u00ff") else text for code, text in subfields.items()}
    names = ("32", "33") if texts.get("32", "").strip() else ("27", "28")
    written = [other_account(texts.get(code)) for code in ("38", "29", "31")]
    polish = {account for account in written if re.fullmatch("PL[0-9]{26}", account)}
    if len(polish) == 1:
        account = polish.pop()
    else:
        account = "" if polish else written[0]  # two that differ: one of them may be the payer's own words
    return {
        "title": _joined([texts.get(code, "") for code in _TITLE] + free),
        "name": _joined([texts.get(code, "") for code in names]),
        "account": account,
    }


def _of_labels(text):
    """mBank's way: 770 PRZELEW; Z RACH.: 26 digits; OD: name; TYT.: title; TNR: reference.

    The labels come in this order and TNR ends the text; a label elsewhere is the payer's words.
    """
    kind, *parts = _LABELS.split(text)
    if "TNR" not in parts[-2:-1]:
        return {"title": clean(text)}
    told, current = {"kind": kind}, "kind"
    for nth, (label, words) in enumerate(zip(parts[::2], parts[1::2], strict=True), 1):
        known = _LABELLED[label]
        if _ORDER.index(known) > _ORDER.index(current) and (known != "reference") == (2 * nth < len(parts)):
            told[known] = words
            current = known
        else:
            told[current] += f"; {label}: {words}"
    told = {known: clean(words).rstrip("; ") for known, words in told.items()}
    return {
        "title": told.get("title") or told["kind"],
        "name": told.get("name", ""),
        "account": other_account(told.get("account")),
        "reference": told["reference"],
    }


def _joined(pieces):
    """Put pieces of a text together; a space goes between them unless the first was cut for being full."""
    return clean("".join(piece if len(piece) in _FULL else f"{piece} " for piece in pieces))
