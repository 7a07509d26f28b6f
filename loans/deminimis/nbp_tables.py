"""Files of the National Bank of Poland with mean rates of table A, read into rates of the euro. No Django models here.

Two layouts are read, both as remembered and not verified on a file of the bank:
* the XML table A of one day: `numer_tabeli`, `data_publikacji`, and a `pozycja` of each currency with `kod_waluty`,
  `przelicznik` and `kurs_sredni` (decimal comma); attributes and other elements are passed over; the newer names of the
  bank's API (`No`, `EffectiveDate`, `Rate` with `Code` and `Mid`) are read as well;
* the CSV archive of a year, `archiwum_tab_a_RRRR.csv`: CP1250 or UTF-8, `;`, decimal comma, a heading row with the
  column `1EUR` (or `EUR`), days RRRRMMDD in the first column, the full number of the table in one of the last columns.
Anything else is refused: a rate that is read wrongly would stand in the register for good.
"""

import csv
import datetime
import io
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

MAX_BYTES = 2 * 2**20
MAX_ROWS = 400  # a year has fewer tables
_MAX_ELEMENTS = 100_000
_TABLE = re.compile(r"[0-9]{1,3}/A/NBP/[0-9]{4}")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_RATE = re.compile(r"[0-9]{1,2}[.,][0-9]{2,4}")


class TableError(ValueError):
    """The file is not a table of the NBP that we know; the message says why in words for the user."""


@dataclass(frozen=True)
class Mean:
    """PLN for one EUR, of the table of a day."""

    day: datetime.date
    table: str
    rate: Decimal


def read(data: bytes) -> list[Mean]:
    """The rates of a file by day, each day once; TableError where the file is not whole."""
    if not data.strip():
        raise TableError(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise TableError(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20})
    is_xml = data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    found = _of_xml(data) if is_xml else _of_csv(data)
    if not found:
        raise TableError(_("The file has no rate of the euro."))
    if len({one.day for one in found}) < len(found):
        raise TableError(_("The file has one day twice."))
    return sorted(found, key=lambda one: one.day)


# XML


def _of_xml(data):
    root = _tree(data)
    tables = list(root.iter("tabela_kursow")) or list(root.iter("ExchangeRatesTable"))
    if len(tables) > MAX_ROWS:
        raise TableError(_("The file has more than %(most)d tables.") % {"most": MAX_ROWS})
    return [_of_table(table) for table in tables]


def _tree(data):
    try:
        elements = iterparse(io.BytesIO(data), forbid_dtd=True)
        for count, (_event, element) in enumerate(elements):
            if count > _MAX_ELEMENTS:
                raise TableError(_("The XML file has too many elements."))
            element.tag = element.tag.rpartition("}")[2]
    except DefusedXmlException as error:
        raise TableError(_("The XML file declares entities or a DTD, which no bank does. It is not read.")) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(_("The XML file is broken.")) from error
    return elements.root


def _of_table(table):
    number = _text(table, "numer_tabeli", "No")
    day = _text(table, "data_publikacji", "EffectiveDate")
    for one in (*table.iter("pozycja"), *table.iter("Rate")):
        if _text(one, "kod_waluty", "Code") == "EUR":
            if _text(one, "przelicznik") not in ("", "1"):
                raise TableError(_("The rate is not of one euro."))
            return _mean(day, number, _text(one, "kurs_sredni", "Mid"))
    raise TableError(_("The table %(table)s has no euro.") % {"table": number or "–"})


def _text(node, *names):
    for name in names:
        found = node.find(name)
        if found is not None and found.text:
            return found.text.strip()
    return ""


# CSV


def _of_csv(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1250", "replace")
    if "\0" in text:
        raise TableError(_("The file is not a table of the NBP that we know."))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    except csv.Error as error:
        raise TableError(_("The file is not a table of the NBP that we know.")) from error
    heads = [line for line in lines if "1EUR" in line or "EUR" in line]
    if not heads:
        raise TableError(_("The file is not a table of the NBP that we know."))
    place = heads[0].index("1EUR" if "1EUR" in heads[0] else "EUR")
    rows = [line for line in lines if line and re.fullmatch(r"[0-9]{8}", line[0].strip())]
    if len(rows) > MAX_ROWS:
        raise TableError(_("The file has more than %(most)d tables.") % {"most": MAX_ROWS})
    return [_of_row(line, place) for line in rows]


def _of_row(line, place):
    numbers = [cell.strip() for cell in line[place + 1 :] if _TABLE.fullmatch(cell.strip())]
    if not numbers:
        raise TableError(_("The row of %(day)s has no number of a table.") % {"day": line[0]})
    return _mean(line[0], numbers[-1], line[place])


# Values


def _mean(day, table, rate):
    found = _DAY.fullmatch(day.strip())
    try:
        on = datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        on = None
    if on is None:
        raise TableError(_("“%(day)s” is no day.") % {"day": day[:20]})
    if not _TABLE.fullmatch(table) or int(table[-4:]) != on.year:
        raise TableError(_("“%(table)s” is no number of a table A of that year.") % {"table": table[:20]})
    try:
        value = Decimal(rate.strip().replace(",", ".")) if _RATE.fullmatch(rate.strip()) else None
    except InvalidOperation:
        value = None
    if value is None or not 1 < value < 20:
        raise TableError(_("“%(rate)s” is no rate of the euro.") % {"rate": rate[:20]})
    return Mean(on, table, value)
