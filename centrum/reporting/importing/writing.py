"""Rows of a participant file against the portal: what is new, what differs, and the writing of it all at once."""

import datetime
import hashlib
import io
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pghistory
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, crypto
from centrum.kit.models import StateChange
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from centrum.register.models import Commune, Person, PersonSensitive
from centrum.register.queries import IDENTIFIER_PURPOSE
from centrum.reporting import rules
from centrum.reporting.enums import ParticipationState
from centrum.reporting.importing.checking import Row, check, exit_day_error
from centrum.reporting.importing.reading import Fault, FileRefused, Sheet, read
from centrum.reporting.models import ImportRecord, Participation, ParticipationSensitive, Support
from centrum.reporting.queries import SENSITIVE, dictionaries, last_day
from centrum.staff.enums import Right, UnitKind
from centrum.staff.models import Unit
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope

PREPARING, ENTERED, ENDED = ParticipationState.PREPARING, ParticipationState.ENTERED, ParticipationState.ENDED
NEW, CHANGED, SAME = "new", "changed", "same"
# One import at a time: two files may hold the same new person. The number only has to be the same everywhere.
_LOCK = 6_106_100

# Columns of the file by the names of our columns, where they differ.
_COLUMN = {
    "kind": "participant_kind",
    "starts_on": "project_start",
    "ends_on": "project_end",
    "education_ends_on": "education_planned_end",
    "business_started_on": "business_start",
}
_CONTACT = ("first_name", "last_name", "sex", "phone", "email")
_PERSON = (
    *_CONTACT,
    "birth_date",
    "citizenship",
    "education",
    "country",
    "locality",
    "postal_code",
    "commune_id",
    "street",
    "building",
    "flat",
    "locality_simc",
)
_SNAPSHOT = (
    "kind",
    "institution_name",
    "citizenship",
    "age_at_entry",
    "education",
    "country",
    "voivodeship",
    "county",
    "commune",
    "locality",
    "postal_code",
    "degurba",
    "starts_on",
    "labour_status",
    "labour_status_detail",
)
_EXIT = ("ends_on", "exit_situation", "exit_as_planned")
_LATER = ("technical_id", "education_ends_on", "business_started_on", "remarks")
_FLAGS = ("scope_once", "details_blank")


@dataclass(slots=True)
class Change:
    """What one row does to the portal. `differences`: [(header, before, after)] in words."""

    row: Row
    outcome: str
    person: dict | None = None  # columns of the register's row, None for somebody new
    participation: dict | None = None
    person_changes: dict = field(default_factory=dict)
    participation_changes: dict = field(default_factory=dict)
    enters: bool = False  # also one that was being prepared
    ends: bool = False
    supports: list = field(default_factory=list)
    shares: bool = False
    differences: list = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What a whole file does to the portal; with faults nothing of it is done."""

    sheet: Sheet
    changes: list
    faults: list

    def count(self, outcome):
        return sum(change.outcome == outcome for change in self.changes)


def plan_import(*, by, project, content, lock=False):
    """Read, check and compare a file; writes nothing. Raises FileRefused when it can't be read at all."""
    sheet = read(content)
    rows, faults = check(sheet, project)
    changes, differing = _Comparison(sheet, project, by, lock).run(rows)
    return Plan(sheet, changes, sorted(faults + differing, key=lambda fault: fault.row))


@transaction.atomic
def import_participants(*, by, project, content, file_name):
    """Take a participant file into a project, all rows or none; a second time it changes nothing.

    `by=None` stands for the command; the people then belong to the lead unit. Returns the ImportRecord.
    Raises PermissionDenied, FileRefused (faults by row and column), Refused (somebody wrote the same person now).
    """
    if by is not None:
        require(by, Right.IMPORT_PARTICIPANTS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    plan = plan_import(by=by, project=project, content=content, lock=True)
    if plan.faults:
        raise FileRefused(plan.faults)
    with pghistory.context(user=by and by.pk, action="import_participants"):
        # COPY goes past Django, so history learns its context from this statement of the same transaction
        record = ImportRecord.objects.create(
            project=project,
            layout=plan.sheet.layout,
            file_name=file_name[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            rows=len(plan.changes),
            created=plan.count(NEW),
            updated=plan.count(CHANGED),
            by=by,
            at=clock.now(),
        )
        try:
            with transaction.atomic():
                _Writer(plan.changes, project, by, record).write()
        except IntegrityError as error:
            if error.__cause__.diag.constraint_name not in _RACES:
                raise
            raise Refused(_("Somebody is writing the same people just now. Import the file again.")) from error
    return record


# Another way into the register may have been quicker between the comparison and the writing.
_RACES = ("register_person_identifier_index_key", "participation_once")


def _unit_of(by):
    if by is not None:
        return by.unit
    lead = Unit.objects.filter(kind=UnitKind.LEAD).first()
    if lead is None:
        raise Refused(_("There is no lead unit yet, and the people of the file would belong to it."))
    return lead


class _Comparison:
    """Rows of the file beside those of the portal, read with one query a table."""

    def __init__(self, sheet, project, by, lock):
        self.sheet = sheet
        self.project = project
        self.by = by
        self.lock = lock
        self.faults = []

    def run(self, rows):
        self._load(rows)
        return [self._change(row) for row in rows], self.faults

    def _load(self, rows):
        people = Person.objects.filter(identifier_index__in=[row.index for row in rows]).order_by("pk")
        participations = Participation.objects.filter(project=self.project).order_by("pk")
        if self.lock:
            people = people.select_for_update(no_key=True)
            participations = participations.select_for_update(no_key=True)
        self.people = {bytes(p["identifier_index"]): p for p in people.values("id", "identifier_index", *_PERSON)}
        ids = [person["id"] for person in self.people.values()]
        columns = ("id", "person_id", "state", *_SNAPSHOT, *_EXIT, *_LATER, *_FLAGS)
        self.participations = {p["person_id"]: p for p in participations.filter(person_id__in=ids).values(*columns)}
        pks = [participation["id"] for participation in self.participations.values()]
        answers = ParticipationSensitive.objects.filter(participation_id__in=pks)
        self.sensitive = {a["participation_id"]: a for a in answers.values("participation_id", *SENSITIVE)}
        # one that was withdrawn counts as there: a file of SM EFS from before must not bring it back
        self.supports = defaultdict(Counter)
        supports = Support.objects.filter(participation_id__in=pks)
        for pk, *key in supports.values_list("participation_id", "scope", "kind", "detail", "starts_on"):
            self.supports[pk][tuple(key)] += 1
        self.last_support = last_day(pks)
        links = Person.units.through.objects.filter(person_id__in=ids)
        self.unit_people = set(links.filter(unit=_unit_of(self.by)).values_list("person_id", flat=True))
        scope = unit_scope(self.by) if self.by else None
        self.seen = (
            set(ids) if scope is None else set(links.filter(unit_id__in=scope).values_list("person_id", flat=True))
        )
        self.labels = {
            entry_field: {(entry.parent, entry.code): entry.label for entry in entries}
            for entry_field, entries in dictionaries().items()
        }
        self.communes = defaultdict(set)
        for pk, *names in Commune.objects.filter(valid_to=None).values_list("id", "voivodeship", "county", "name"):
            self.communes[tuple(name.casefold() for name in names)].add(pk)

    def _change(self, row):
        person = self.people.get(row.index)
        if person is None:
            row.person |= self._address(row, {})
            return Change(row, NEW, enters=True, ends=bool(row.exit), supports=row.supports, shares=True)
        participation = self.participations.get(person["id"])
        change = Change(row, SAME, person, participation, shares=person["id"] not in self.unit_people)
        if participation is None or participation["state"] not in (ENTERED, ENDED):
            self._enter(change)
        else:
            self._compare_entry(change)
            self._update(change)
        if change.outcome == SAME and self._anything(change):
            change.outcome = CHANGED
        return change

    def _anything(self, change):
        return bool(change.person_changes or change.participation_changes or change.supports or change.shares)

    def _enter(self, change):
        row = change.row
        change.outcome = NEW if change.participation is None else CHANGED
        change.enters, change.ends = True, bool(row.exit)
        change.supports = row.supports
        wanted = {**row.person, **self._address(row, change.person)}
        change.person_changes = self._differing(change, change.person, wanted)

    def _update(self, change):
        row, there = change.row, change.participation
        change.person_changes = self._differing(change, change.person, {c: row.person[c] for c in _CONTACT})
        change.participation_changes = self._differing(change, there, {**row.later, **row.flags})
        if row.exit:
            self._check_exit(change)
            change.participation_changes |= self._differing(change, there, row.exit)
            change.ends = there["state"] == ENTERED
        left = Counter(self.supports[there["id"]])
        for support in row.supports:
            if left[support]:
                left[support] -= 1
                continue
            change.supports.append(support)
            self._differ(change, "support_kind", "", self._support_in_words(support))
            if there["ends_on"] and not row.exit:
                self._check_support(row, there, support[-1])

    def _check_exit(self, change):
        row, there = change.row, change.participation
        last = self.last_support.get(there["id"])
        participation = Participation(project=self.project, starts_on=there["starts_on"])
        error = rules.exit_errors(participation, row.exit["ends_on"], last).get("ends_on")
        # a fault of the day by itself was told when the cell was read
        if error and not exit_day_error(self.project, there["starts_on"], row.exit["ends_on"]):
            self._fault(row, "project_end", error)

    def _check_support(self, row, there, day):
        error = rules.support_day_error(self.project, there["starts_on"], there["ends_on"], day)
        if error:
            self._fault(row, "support_start", error)

    def _compare_entry(self, change):
        """Data of the day of entry are never rewritten: what differs is a fault."""
        row, there = change.row, change.participation
        for name in _SNAPSHOT:
            if there[name] != row.snapshot[name]:
                self._fault(row, name, self._entry_fault(change, name))
        answers = self.sensitive.get(there["id"])
        for name in SENSITIVE:
            if answers and answers[name] != row.sensitive[name]:
                self._fault(
                    row, name, _("Data of the day of entry are never rewritten: the portal has another answer.")
                )

    def _entry_fault(self, change, name):
        if change.person["id"] not in self.seen:
            return _("Data of the day of entry are never rewritten: the portal has something else.")
        return _("Data of the day of entry are never rewritten: the portal has “%(portal)s”, the file “%(file)s”.") % {
            "portal": self._in_words(name, change.participation[name], change.participation),
            "file": self._in_words(name, change.row.snapshot[name], change.row.snapshot),
        }

    def _differing(self, change, there, wanted):
        """Columns that the file knows otherwise; an empty cell says nothing."""
        found = {}
        for name, value in wanted.items():
            empty = value is None or value == ""
            if there[name] != value and (not empty or name in _MOVED):
                found[name] = value
                self._differ(change, name, there[name], value)
        return found

    def _differ(self, change, name, before, after):
        column = _COLUMN.get(name, name)
        if column not in self.sheet.columns:
            return  # follows from another column
        hidden = change.person["id"] not in self.seen
        before = _("(of another unit)") if hidden and before not in (None, "") else self._in_words(name, before, {})
        change.differences.append((self.sheet.header(column), before, self._in_words(name, after, {})))

    def _address(self, row, there):
        """Commune of the register for the typed names; a new place takes the old street away."""
        names = (row.snapshot["voivodeship"], row.snapshot["county"], row.snapshot["commune"])
        found = self.communes.get(tuple(name.casefold() for name in names), ())
        moved = any(there.get(name) != row.person[name] for name in ("locality", "postal_code"))
        address = dict.fromkeys(("street", "building", "flat", "locality_simc"), "") if moved else {}
        if moved or len(found) == 1:
            address["commune_id"] = next(iter(found)) if len(found) == 1 else None
        return address

    def _in_words(self, name, value, parents):
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return self.labels["yes_no"].get(("", "yes" if value else "no"), str(value))
        if isinstance(value, datetime.date):
            return date_short(value)
        parent = parents.get("labour_status", "") if name == "labour_status_detail" else ""
        return self.labels.get(_COLUMN.get(name, name), {}).get((parent, value), str(value))

    def _support_in_words(self, support):
        _scope, kind, _detail, day = support
        return f"{self.labels['support_kind'].get(('', kind), kind)}, {date_short(day)}"

    def _fault(self, row, name, message):
        self.faults.append(Fault(row.number, self.sheet.header(_COLUMN.get(name, name)), message))


# With a move to another place these go, even to nothing.
_MOVED = ("street", "building", "flat", "locality_simc", "commune_id")


class _Writer:
    """Writes a plan with a fixed number of statements, whatever the number of rows."""

    def __init__(self, changes, project, by, record):
        self.changes = changes
        self.project = project
        self.by = by
        self.record = record
        self.now = clock.now()

    def write(self):
        with connection.cursor() as self.cursor:
            people = self._people()
            self._sensitive_of_people(people)
            participations = self._participations(people)
            self._supports(participations)
            self._journal(participations)

    def _people(self):
        """Row number → primary key of the person."""
        new = [change.row for change in self.changes if change.person is None]
        ids = self._new_ids(Person, len(new))
        people = {row.number: pk for row, pk in zip(new, ids, strict=True)}
        people |= {change.row.number: change.person["id"] for change in self.changes if change.person}
        columns = (
            "id",
            "public_id",
            "identifier_kind",
            "identifier_cipher",
            "identifier_index",
            "created_at",
            *_PERSON,
        )
        self._copy(
            Person._meta.db_table,
            columns,
            (
                (
                    people[row.number],
                    uuid.uuid4(),
                    row.identifier_kind,
                    crypto.encrypt(row.identifier, purpose=IDENTIFIER_PURPOSE),
                    row.index,
                    self.now,
                    *(row.person[name] for name in _PERSON),
                )
                for row in new
            ),
        )
        changed = [change for change in self.changes if change.person_changes]
        self._update(
            Person._meta.db_table,
            _PERSON,
            [(c.person["id"], *({**c.person, **c.person_changes}[name] for name in _PERSON)) for c in changed],
        )
        unit = _unit_of(self.by)
        self._copy(
            Person.units.through._meta.db_table,
            ("person_id", "unit_id"),
            ((people[change.row.number], unit.pk) for change in self.changes if change.shares),
        )
        return people

    def _sensitive_of_people(self, people):
        """The answers of today in the register; who was in the project before may have given newer ones since."""
        columns = ("person_id", *SENSITIVE)
        rows = [
            (people[c.row.number], *(c.row.sensitive[name] for name in SENSITIVE)) for c in self.changes if c.enters
        ]
        if not rows:
            return
        table = PersonSensitive._meta.db_table
        self._stage(table, columns, rows)
        assigned = ", ".join(f"{name} = EXCLUDED.{name}" for name in SENSITIVE)
        old, new = (", ".join(f"{prefix}.{name}" for name in SENSITIVE) for prefix in ("kept", "EXCLUDED"))
        self.cursor.execute(
            f"INSERT INTO {table} AS kept ({', '.join(columns)}) SELECT {', '.join(columns)} FROM staged"  # noqa: S608
            f" ON CONFLICT (person_id) DO UPDATE SET {assigned} WHERE ({old}) IS DISTINCT FROM ({new})"
        )
        self.cursor.execute("DROP TABLE staged")

    def _participations(self, people):
        """Row number → primary key of the participation."""
        new = [change for change in self.changes if change.participation is None]
        ids = self._new_ids(Participation, len(new))
        pks = {change.row.number: pk for change, pk in zip(new, ids, strict=True)}
        pks |= {c.row.number: c.participation["id"] for c in self.changes if c.participation}
        table = Participation._meta.db_table
        columns = (*_SNAPSHOT, *_LATER, *_FLAGS)
        self._copy(
            table,
            ("id", "project_id", "person_id", "state", "entered_at", "created_at", *columns, *_EXIT),
            (
                (
                    pks[c.row.number],
                    self.project.pk,
                    people[c.row.number],
                    ENDED if c.ends else ENTERED,
                    self.now,
                    self.now,
                    *_values({**_BLANK, **c.row.snapshot, **c.row.later, **c.row.flags}, columns),
                    *_values({**_NO_EXIT, **c.row.exit}, _EXIT),
                )
                for c in new
            ),
        )
        prepared = [change for change in self.changes if change.participation and change.enters]
        cancelled = [c.participation["id"] for c in prepared if c.participation["state"] not in (PREPARING,)]
        Participation.objects.filter(pk__in=cancelled).update(state=PREPARING)
        self._update(
            table,
            ("state", "entered_at", *columns),
            [
                (
                    c.participation["id"],
                    ENTERED,
                    self.now,
                    *_values({**c.participation, **_of_entry(c.row)}, columns),
                )
                for c in prepared
            ],
        )
        later = ("state", *_EXIT, *_LATER, *_FLAGS)
        changed = [c for c in self.changes if c.participation and not c.enters and c.participation_changes]
        self._update(
            table,
            later,
            [
                (
                    c.participation["id"],
                    ENDED if c.ends else c.participation["state"],
                    *_values({**c.participation, **c.participation_changes}, later[1:]),
                )
                for c in changed
            ],
        )
        self._update(
            table,
            ("state", *_EXIT),
            [(c.participation["id"], ENDED, *_values(c.row.exit, _EXIT)) for c in prepared if c.ends],
        )
        self._copy(
            ParticipationSensitive._meta.db_table,
            ("participation_id", *SENSITIVE),
            ((pks[c.row.number], *(c.row.sensitive[name] for name in SENSITIVE)) for c in self.changes if c.enters),
        )
        return pks

    def _supports(self, participations):
        rows = [(participations[c.row.number], *support) for c in self.changes for support in c.supports]
        ids = self._new_ids(Support, len(rows))
        self._copy(
            Support._meta.db_table,
            ("id", "source", "source_id", "participation_id", "scope", "kind", "detail", "starts_on", "approved_on"),
            # whoever reported them had approved them: the day that they began is the latest that is known of it
            ((pk, "import", pk, *row, row[-1]) for pk, row in zip(ids, rows, strict=True)),
        )

    def _journal(self, participations):
        reason = _("Import of the file %(file)s") % {"file": self.record.file_name}
        noun = Participation._meta.label_lower
        steps = []
        for change in self.changes:
            pk = participations[change.row.number]
            if change.enters:
                steps.append((noun, pk, "enter", PREPARING, ENTERED))
            if change.ends:
                steps.append((noun, pk, "end", ENTERED, ENDED))
        by = self.by and self.by.pk
        self._copy(
            StateChange._meta.db_table,
            ("noun", "object_id", "action", "source", "target", "reason", "by_id", "at"),
            ((*step, reason, by, self.now) for step in steps),
        )

    # sets of rows

    def _new_ids(self, model, count):
        self.cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in self.cursor.fetchall()]

    def _copy(self, table, columns, rows):
        lines = io.StringIO("".join(["\t".join(map(_copied, row)) + "\n" for row in rows]))
        if not lines.getvalue():
            return
        self.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)

    def _stage(self, table, columns, rows):
        self.cursor.execute(
            f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {', '.join(columns)} FROM {table} WITH NO DATA"  # noqa: S608
        )
        self._copy("staged", columns, rows)

    def _update(self, table, columns, rows):
        if not rows:
            return
        self._stage(table, ("id", *columns), rows)
        assigned = ", ".join(f"{column} = staged.{column}" for column in columns)
        self.cursor.execute(f"UPDATE {table} SET {assigned} FROM staged WHERE staged.id = {table}.id")  # noqa: S608
        self.cursor.execute("DROP TABLE staged")


_BLANK = {"scope_once": False, "details_blank": False}
_NO_EXIT = {"ends_on": None, "exit_situation": "", "exit_as_planned": None}


def _values(values, names):
    return [values[name] for name in names]


def _of_entry(row):
    """What the entry writes over a participation that was being prepared; its remarks stay when the file has none."""
    later = {name: value for name, value in row.later.items() if value or name == "education_ends_on"}
    return {**row.snapshot, **later, **row.flags}


def _copied(value):
    """A value as a cell of COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    text = str(value)
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
    return text
