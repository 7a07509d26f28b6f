"""The file in which a lender reports the credits that are guaranteed: read, and made empty to be filled in. No queries.

Our own layout, CSV with semicolons: number of the guarantee, number of the credit agreement, principal left (decimal
comma), days past due. UTF-8 or CP1250. A file is read whole, and all that is wrong in it is told by lines.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

HEADINGS = ("numer poręczenia", "numer umowy kredytu", "pozostały kapitał", "dni opóźnienia")
MOST_BYTES = 512 * 1024
MOST_ROWS = 5_000
MOST_TOLD = 20  # mistakes of a file
_AMOUNT = re.compile(r"([0-9]{1,12})(?:,([0-9]{1,2}))?", re.ASCII)
_DAYS = re.compile(r"[0-9]{1,4}", re.ASCII)
_SPACES = str.maketrans("", "", " \u00a0\u202f")


@dataclass(frozen=True)
class Row:
    """One credit of a report: the `line` of the file from 1, numbers as typed, PLN and days."""

    line: int
    guarantee: str
    credit: str
    left: Decimal
    days_late: int


class ReportError(Exception):
    """The file is refused whole; `messages`: a sentence for each mistake."""

    def __init__(self, messages):
        super().__init__(" ".join(messages))
        self.messages = messages


def at_line(line, words):
    return _("Line %(number)d: %(message)s") % {"number": line, "message": words}


def read(data: bytes) -> list[Row]:
    """Return the rows of a file, or raise ReportError."""
    rows = _cells(_decoded(data))
    if not rows or [cell.casefold() for cell in rows[0][1]] != list(HEADINGS):
        raise ReportError([_("The first line has to be: %(headings)s") % {"headings": ";".join(HEADINGS)}])
    if len(rows) > MOST_ROWS + 1:
        raise ReportError([_("The file has more than %(most)d rows.") % {"most": MOST_ROWS}])
    found, wrong = [], []
    for line, cells in rows[1:]:
        try:
            found.append(_row(line, cells))
        except ValueError as error:
            wrong.append(at_line(line, str(error)))
    if wrong:
        raise ReportError(wrong[:MOST_TOLD])
    return found


def template(guarantees: Iterable) -> bytes:
    """Return the file with a row for each (number, number of the credit agreement), its last two columns empty."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([number, credit, "", ""] for number, credit in guarantees)
    return out.getvalue().encode("utf-8-sig")


def _decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1250")
    except UnicodeDecodeError as error:
        raise ReportError([_("The file is not a text. Save it as CSV.")]) from error


def _cells(text):
    """[(line of the file, cells)] without empty lines and without empty cells at the end of a line."""
    if "\0" in text:
        raise ReportError([_("The file is not a text. Save it as CSV.")])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows = []
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            while cells and not cells[-1] and len(cells) > len(HEADINGS):
                cells.pop()
            if any(cells):
                rows.append((reader.line_num, cells))
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        raise ReportError([at_line(reader.line_num, _("The quotation marks or cells are broken."))]) from error
    return rows


def _row(line, cells):
    if len(cells) != len(HEADINGS):
        raise ValueError(_("It has to have %(number)d cells.") % {"number": len(HEADINGS)})
    guarantee, credit, left, days = cells
    if not guarantee or not credit:
        raise ValueError(_("The number of the guarantee or of the credit agreement is missing."))
    return Row(line, guarantee.upper(), credit, _amount(left), _days(days))


def _amount(text):
    digits = text.translate(_SPACES).removesuffix("zł")
    if digits.startswith(("-", "\u2212")):
        raise ValueError(_("The principal left is below zero."))
    match = _AMOUNT.fullmatch(digits)
    if match is None:
        raise ValueError(
            _("The principal left can't be read: “%(text)s”. Write it like 12345,67.") % {"text": text[:40]}
        )
    return Decimal(f"{match[1]}.{(match[2] or '0').ljust(2, '0')}")


def _days(text):
    if not _DAYS.fullmatch(text):
        raise ValueError(_("The days past due can't be read: “%(text)s”. Write a whole number.") % {"text": text[:40]})
    return int(text)
