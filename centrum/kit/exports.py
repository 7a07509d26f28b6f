"""Files that leave the house: columns declared once, compiled to one `COPY (SELECT …)`, written as a stream.

A room declares a `Resource` with columns and registers a `Profile`; `export` writes the file and its ExportRecord.
The database builds whole lines of CSV, so a file of any length costs the same few queries and the same memory.
What it can't do is open encrypted identifiers: it writes them between two control characters, which no stored text
may hold, and the stream puts the plain text in their place.
"""

import datetime
import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from django.db import connection, transaction
from django.db.models import Case, F, Func, TextField, Value, When
from django.db.models.functions import Cast, Concat, NullIf
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources

from centrum.kit import crypto
from centrum.kit.models import ExportRecord

SHOWN_FAULTS = 1000  # a longer list helps nobody

# A resource puts it into a cell that may not leave: a code without a label, a "|" inside a list joined by "|".
UNFIT = "\x03"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # a line feed may stand inside quotes
_FAULTS = {
    "unfit": _("has no label in the dictionary of that day, or holds |"),
    "formula": _("begins with = + - @ or a tab, as a formula does"),
    "control": _("holds a control character"),
    "closed": _("cannot be decrypted"),
}


class Text(fields.Field):
    """A column of text. `source` is a path as in F(), an expression, or a function of the resource that gives one."""

    def __init__(self, source, **kwargs):
        self.source = source
        super().__init__(**kwargs)

    def value(self, resource):
        """The ORM expression of the column."""
        source = self.source(resource) if callable(self.source) else self.source
        return F(source) if isinstance(source, str) else source

    def cell(self, resource):
        """The value as the text that stands in the file; NULL when empty, for COPY writes an empty text as `""`."""
        return NullIf(Cast(self.value(resource), TextField()), Value("", TextField()))


class Date(Text):
    """A day as yyyy-MM-dd, whatever the DateStyle of the server."""

    def cell(self, resource):
        return Func(self.value(resource), Value("YYYY-MM-DD"), function="to_char", output_field=TextField())


class Secret(Text):
    """A bytea (its path) made by `crypto.encrypt` for `purpose`, opened while the file is written."""

    def __init__(self, source, *, purpose, **kwargs):
        self.purpose = purpose
        super().__init__(source, **kwargs)

    def cell(self, resource):
        hexed = Func(F(self.source), Value("hex"), function="encode", output_field=TextField())
        parts = (Value(f"\x01{self.purpose}:"), Cast("pk", TextField()), Value(":"), hexed, Value("\x02"))
        marked = Concat(*parts, output_field=TextField())
        return Case(When(**{f"{self.source}__isnull": False}, then=marked), output_field=TextField())


class Part(Text):
    """The `number`-th text (from 1) of an array that `Resource.shared` computes once a row for several columns."""

    def __init__(self, shared, number, **kwargs):
        self.number = number
        super().__init__(shared, **kwargs)


def label(path, choices):
    """Function giving the Polish words of a choice: the file is the same in whatever language it is asked for."""

    def words(_file):
        with translation.override("pl"):
            whens = [When(**{path: value}, then=Value(str(label))) for value, label in choices.choices]
        return Case(*whens, default=Value(""), output_field=TextField())

    return words


class Resource(resources.Resource):
    """The columns of a file as of `day`. Subclasses declare them; Meta.export_order gives their order.

    `shared`: {name: function of the resource that gives an expression of a text array}, for columns of class Part.
    `version`: stamp of the dictionaries used, "" without any.
    """

    shared: dict[str, Callable] = {}
    version = ""

    def __init__(self, day):
        super().__init__()
        self.day = day

    def columns(self):
        """[(name, column)] in the order of the file."""
        return [(name, self.fields[name]) for name in self.get_export_order()]

    def headers(self):
        return [column.column_name or name for name, column in self.columns()]


@dataclass(frozen=True)
class Since:
    """The first day of a report; its last day is that of the file."""

    first: datetime.date

    def __str__(self):
        return f"od-{self.first:%Y-%m-%d}"


@dataclass(frozen=True)
class Profile:
    """A kind of file.

    `rows(project, day, by)`: the sorted queryset of what `by` (None: a command, sees all) may export as of `day`.
    `name_rows(pks)`: {pk: (what to call the row, its address)}, for the list of unsafe cells.
    `subject`: what it is a file of, "project" for one of an EU project; the page of the subject offers it.
    `machine`: read by a machine, so an unsafe cell is refused; people's files are defused by a leading '.
    """

    name: str
    label: str
    right: str
    resource: type[Resource]
    rows: Callable
    name_rows: Callable
    machine: bool = True
    subject: str = "project"


_profiles: dict[str, Profile] = {}


def register(*profiles):
    _profiles.update({profile.name: profile for profile in profiles})


def profiles(subject="project"):
    return [profile for profile in _profiles.values() if profile.subject == subject]


def find(name):
    """The profile of that name, None without one."""
    return _profiles.get(name)


@dataclass(frozen=True)
class UnsafeCell:
    """A cell that keeps a file from being written: what its row is called and its address, the column, the fault."""

    row: str
    url: str
    column: str
    fault: str


class Unsafe(Exception):
    """Nothing was exported: these `cells` would break the file or harm who opens it."""

    def __init__(self, cells):
        self.cells = cells
        super().__init__(f"{len(cells)} unsafe cells")


@dataclass(frozen=True)
class Export:
    """A whole file, open at its beginning, and its record."""

    file: IO[bytes]
    record: ExportRecord


def export(profile, *, project, day, by, reason):
    """Write the file of `profile` for `project` as of `day`; record who took it (`by`, None: a command) and why.

    The file is whole before anybody gets it. Raises Unsafe; then nothing is recorded.
    """
    outermost = not connection.in_atomic_block
    file = tempfile.TemporaryFile()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if outermost:  # labels, rows and the search for faults see one state of the data
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL jit = off")  # compiling a SELECT this wide costs more than it saves
            resource = profile.resource(day)
            rows = _compile(cursor, profile.rows(project, day, by), resource)
            secrets = {column.purpose: name for name, column in resource.columns() if isinstance(column, Secret)}
            stream = _Stream(file, secrets, machine=profile.machine)
            stream.write(";".join(_quoted(header) for header in resource.headers()).encode() + b"\n")
            options = "FORMAT csv, DELIMITER ';', ENCODING 'UTF8'"
            cursor.copy_expert(f"COPY ({_lines(rows, resource, profile)}) TO STDOUT ({options})", stream)
            count = cursor.rowcount
            stream.finish()
            faults = stream.faults
            if stream.suspicious:
                faults = faults + _faults(cursor, rows, resource)
            if faults:
                raise Unsafe(_cells(faults[:SHOWN_FAULTS], profile, resource))
            record = _record(cursor, profile, resource, stream, project=project, reason=reason, by=by, rows=count)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Export(file, record)


def _record(cursor, profile, resource, stream, *, project, **data):
    # the number in the file's name is that of the record, so two exports never share a name
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [ExportRecord._meta.db_table])
    number = cursor.fetchone()[0]
    safe_project = re.sub(r"[^A-Za-z0-9.-]", "_", str(project))
    return ExportRecord.objects.create(
        pk=number,
        profile=profile.name,
        scope=str(project),
        as_of=resource.day,
        size=stream.size,
        sha256=stream.sha256.hexdigest(),
        dictionary_version=resource.version,
        file_name=f"{safe_project}_{profile.name}_{resource.day:%Y-%m-%d}_{number:04d}.csv",
        **data,
    )


def _compile(cursor, queryset, resource):
    """SQL of the rows with a column for each cell and shared array, its parameters put in."""
    expressions = {f"shared_{name}": make(resource) for name, make in resource.shared.items()}
    for name, column in resource.columns():
        if not isinstance(column, Part):
            expressions[f"cell_{name}"] = column.cell(resource)
    queryset = queryset.annotate(row_pk=F("pk"), **expressions).values_list("row_pk", *expressions)
    compiler = queryset.query.get_compiler(connection=connection, elide_empty=False)
    return cursor.mogrify(*compiler.as_sql()).decode()


def _cell(name, column):
    """The cell in a SELECT from the compiled rows."""
    if isinstance(column, Part):
        return f"NULLIF(rows.\"shared_{column.source}\"[{column.number}], '')"
    return f'rows."cell_{name}"'


def _lines(rows, resource, profile):
    cells = []
    for name, column in resource.columns():
        cell = _cell(name, column)
        if not profile.machine and type(column) is Text:
            cell = f"CASE WHEN {cell} ~ '^[=+@\\t\\r-]' THEN '''' || {cell} ELSE {cell} END"
        cells.append(cell)
    # The rows are sorted, which keeps PostgreSQL from computing a shared array anew for each column; the order stays.
    return f"SELECT {', '.join(cells)} FROM ({rows}) AS rows"  # noqa: S608 - put together from SQL that Django made


def _faults(cursor, rows, resource):
    """[(pk, column's name, fault)] of the cells that no machine may get."""
    checks = [
        f"CASE WHEN {cell} ~ '\\u0003' THEN '{name} unfit' WHEN {cell} ~ '^[=+@\\t\\r-]' THEN '{name} formula'"
        f" WHEN {cell} ~ '[\\u0001-\\u0009\\u000b-\\u001f\\u007f-\\u009f]' THEN '{name} control' END"
        for name, column in resource.columns()
        if not isinstance(column, Secret)
        for cell in [_cell(name, column)]
    ]
    checked = f"SELECT row_pk, array_remove(ARRAY[{', '.join(checks)}], NULL) AS faults FROM ({rows}) AS rows"  # noqa: S608
    cursor.execute(f"SELECT row_pk, faults FROM ({checked}) AS checked WHERE faults <> '{{}}' LIMIT {SHOWN_FAULTS}")  # noqa: S608
    return [(pk, *fault.split(" ")) for pk, faults in cursor.fetchall() for fault in faults]


def _cells(faults, profile, resource):
    names = profile.name_rows({pk for pk, _name, _fault in faults})
    headers = {name: header for (name, _column), header in zip(resource.columns(), resource.headers(), strict=True)}
    return [UnsafeCell(*names[pk], headers[name], str(_FAULTS[fault])) for pk, name, fault in faults]


class _Stream:
    """Takes the lines of COPY: opens secrets, ends lines with CRLF, watches for unsafe cells, hashes the file.

    `faults`: [(pk, column's name, fault)] of secrets. `suspicious`: some other cell may be unsafe; looking at bytes
    can't tell `"=` that begins a quoted cell from one inside it, so the database is asked then.
    """

    _BLOCK = 1 << 18
    _SECRET = re.compile(rb"\x01([^:]*):([0-9]*):([0-9a-f]*)\x02")
    # one pass over a block: before a cell → ";", begins a formula → "=", control → NUL
    _SIMPLER = bytes(
        59 if byte in b'\n;"' else 61 if byte in b"=+-@" else 0 if byte < 32 or byte == 127 else byte
        for byte in range(256)
    )
    _C1 = re.compile(b"\xc2[\x80-\x9f]")

    def __init__(self, file, secrets, *, machine):
        self.size = 0
        self.sha256 = hashlib.sha256()
        self.faults = []
        self.suspicious = False
        self._file = file
        self._secrets = secrets
        self._machine = machine
        self._waiting = []
        self._waiting_size = 0
        self._in_quotes = False
        self._put("\ufeff".encode())

    def write(self, data):
        """Called by psycopg2 with what the server sent: today whole lines, though the protocol does not promise it."""
        self._waiting.append(data)
        self._waiting_size += len(data)
        if self._waiting_size > self._BLOCK:
            self._flush()

    def finish(self):
        self._flush()
        if self._waiting:
            raise RuntimeError("COPY ended in the middle of a line")

    def _flush(self):
        # up to the last line feed: no secret holds one, so none is cut; a quoted one is remembered
        block, end, rest = b"".join(self._waiting).rpartition(b"\n")
        self._waiting, self._waiting_size = [rest] if rest else [], len(rest)
        block = self._SECRET.sub(self._open, block + end)
        if self._machine and not self.suspicious:
            self.suspicious = self._may_be_unsafe(block)
        self._put(self._with_crlf(block))

    def _put(self, data):
        self._file.write(data)
        self.sha256.update(data)
        self.size += len(data)

    def _open(self, found):
        purpose, pk, hexed = found[1].decode(), int(found[2]), found[3].decode()
        try:
            text = crypto.decrypt(bytes.fromhex(hexed), purpose=purpose)
        except crypto.Undecipherable:
            fault = "closed"
        else:
            if text.isdigit():
                return text.encode()
            fault = "formula" if text.startswith(_FORMULA) else "control" if _CONTROL.search(text) else ""
        if fault:
            self.faults.append((pk, self._secrets[purpose], fault))
            return b""
        return _quoted(text).encode()

    def _may_be_unsafe(self, block):
        simpler = block.translate(self._SIMPLER)
        return simpler[:1] == b"=" or b";=" in simpler or b"\0" in simpler or self._C1.search(block) is not None

    def _with_crlf(self, block):
        """Line ends between cells become CRLF; a line feed inside quotes stays."""
        if not self._in_quotes and b'"' not in block:
            return block.replace(b"\n", b"\r\n")
        parts = block.split(b'"')
        for i, part in enumerate(parts):
            if not self._in_quotes:
                parts[i] = part.replace(b"\n", b"\r\n")
            self._in_quotes ^= i < len(parts) - 1
        return b'"'.join(parts)


def _quoted(text):
    return '"' + text.replace('"', '""') + '"' if re.search('[;"\r\n]', text) else text
