"""A participant file as rows of cells: encoding, delimiter, layout. Knows nothing of what the cells mean."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS

SMEFS, DATA = "smefs_participants", "data_participants"

# A data file may leave these columns out.
OPTIONAL = frozenset(
    {
        "institution_name",
        "technical_id",
        "project_end",
        "labour_status_detail",
        "education_planned_end",
        "exit_situation",
        "exit_as_planned",
        "support_kind_detail",
        "business_start",
        "remarks",
    }
)
_SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which row (as a spreadsheet counts them; 0: the whole file) and under which header."""

    row: int
    column: str
    message: str

    def __str__(self):
        where = _("row %(row)s") % {"row": self.row} if self.row else ""
        where = ", ".join(part for part in (where, self.column) if part)
        return f"{where}: {self.message}" if where else self.message


class FileRefused(Exception):
    """The file was not taken in; `faults` are in the order of the file."""

    def __init__(self, faults):
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True)
class Sheet:
    """The rows of a participant file. `columns`: machine names in the order of the file."""

    layout: str
    columns: list
    rows: list  # (row number, cells)

    def header(self, name):
        """The name of a column as the user sees it in the file; the doubled one with its place."""
        if self.layout == DATA:
            return name
        place = MACHINE_NAMES.index(name)
        header = SMEFS_HEADERS[place]
        return f"{header} ({place + 1})" if SMEFS_HEADERS.count(header) > 1 else header


def read(content: bytes) -> Sheet:
    """Find the rows of a file. Raises FileRefused."""
    text = _decode(content)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        rows = list(enumerate(records, start=1))
    except csv.Error as error:
        raise FileRefused([Fault(0, "", _csv_fault(records.line_num, str(error)))]) from error
    rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        raise _refused(_("The file is empty."))
    layout, columns = _layout(*rows[0])
    if len(rows) == 1:
        raise _refused(_("The file has a header and no rows."))
    return Sheet(layout, columns, rows[1:])


def _refused(*messages, row=0):
    return FileRefused([Fault(row, "", message) for message in messages])


def _decode(content):
    if not content.strip(b"\xef\xbb\xbf \t\r\n;"):
        raise _refused(_("The file is empty."))
    how = _(
        "Save it again as CSV in UTF-8: in Excel choose the type “CSV UTF-8”, in LibreOffice the character set "
        "“Unicode (UTF-8)”."
    )
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(_("This is a workbook of a spreadsheet, not a CSV file.") + " " + how)
    head = content[:2000]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\x00") > len(head) // 4:
        raise _refused(_("The file is written in UTF-16.") + " " + how)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        content.decode("cp1250")
    except UnicodeDecodeError as error:
        raise _refused(_("The file is not text in UTF-8.") + " " + how) from error
    raise _refused(_("The file is written in the Windows character set (CP1250).") + " " + how)


def _csv_fault(line, error):
    if "field larger" in error or "unexpected end" in error:
        return _("A quotation mark is not closed; the text that it begins reaches to line %(line)s.") % {"line": line}
    return _(
        "Line %(line)s has a quotation mark in the middle of a cell. Put the cell in quotation marks and double "
        "those inside it."
    ) % {"line": line}


def _plain(header):
    return _SPACES.sub(" ", header).strip().casefold()


_SMEFS_PLAIN = [_plain(header) for header in SMEFS_HEADERS]


def _layout(number, cells):
    """(layout, machine names in the order of the file) told by the header."""
    headers = [_plain(cell) for cell in cells]
    shown = [" ".join(cell.split()) for cell in cells]
    while headers and not headers[-1]:  # a line that ends with a semicolon
        headers.pop()
    if headers == _SMEFS_PLAIN:
        return SMEFS, list(MACHINE_NAMES)
    if len(headers) == 1:
        raise _refused(_delimiter_fault(shown[0]), row=number)
    known = sum(header in MACHINE_NAMES for header in headers)
    if known and known >= sum(header in _SMEFS_PLAIN for header in headers):
        return DATA, _data_columns(number, headers, shown)
    raise _smefs_fault(number, headers, shown)


def _delimiter_fault(line):
    for delimiter, name in ((",", _("a comma")), ("\t", _("a tab")), ("|", "|")):
        parts = [_plain(part) for part in line.split(delimiter)]
        if len(parts) > 2:
            return _(
                "The columns are separated by %(delimiter)s; the file needs a semicolon. Save it again with “;” as "
                "the separator."
            ) % {"delimiter": name}
    return _("The first row is not the header of a participant file.")


def _data_columns(number, headers, shown):
    counts = Counter(headers)
    faults = [
        Fault(number, header, _("This header stands more than once."))
        for header, count in counts.items()
        if count > 1 and header
    ]
    faults += [
        Fault(number, shown[i], _("This column is not known."))
        for i, header in enumerate(headers)
        if header not in MACHINE_NAMES
    ]
    faults += [
        Fault(number, name, _("This column is missing."))
        for name in DATA_HEADERS
        if name not in counts and name not in OPTIONAL
    ]
    if faults:
        raise FileRefused(faults)
    return headers


def _smefs_fault(number, headers, shown):
    counts, wanted = Counter(headers), Counter(_SMEFS_PLAIN)
    faults = []
    for header, count in counts.items():
        name = shown[headers.index(header)]
        if not header:
            faults.append(Fault(number, "", _("Column %(place)s has no header.") % {"place": headers.index("") + 1}))
        elif header not in wanted:
            faults.append(Fault(number, name, _("This column is not known.")))
        elif count > wanted[header]:
            faults.append(Fault(number, name, _("This header stands more than once.")))
    for header, count in wanted.items():
        if counts[header] < count:
            name = SMEFS_HEADERS[_SMEFS_PLAIN.index(header)]
            faults.append(Fault(number, name, _("This column is missing.")))
    if len(faults) > len(SMEFS_HEADERS):  # nothing of it looks like a participant file
        return _refused(_("The first row is not the header of a participant file."), row=number)
    if not faults:
        place = next(i for i, header in enumerate(_SMEFS_PLAIN) if headers[i] != header)
        message = _("The columns stand in another order: here should be “%(header)s”.")
        faults = [Fault(number, shown[place], message % {"header": SMEFS_HEADERS[place]})]
    return FileRefused(faults)
