"""Cells of a participant file as data of the portal: every fault of every row is collected, none stops the rest."""

import datetime
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from centrum.kit import clock, crypto, identifiers
from centrum.kit.fields import EmailField
from centrum.kit.validators import clean_text, validate_cell
from centrum.register.enums import IdentifierKind
from centrum.register.models import Person
from centrum.register.queries import IDENTIFIER_PURPOSE, clean_identifier
from centrum.reporting import rules
from centrum.reporting.enums import DictionaryField
from centrum.reporting.importing.reading import DATA, Fault
from centrum.reporting.models import DictionaryEntry, Participation
from centrum.reporting.queries import DETAILED_STATUSES, LEARNER, REFUSABLE, SENSITIVE

LONGEST_REMARK = 4000
_EXIT = ("project_end", "exit_situation", "exit_as_planned")
_SUPPORT = ("support_scope", "support_kind", "support_kind_detail", "support_start")
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[ T][0-9:.]+)?"),
    re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})(?: [0-9:.]+)?"),
)
_PESEL_LIKE = re.compile(r"[0-9]{11}")
_EMAIL = EmailField()


@dataclass(slots=True)
class Row:
    """One participant of the file, understood. Keys of the dicts are the columns of the models."""

    number: int
    identifier_kind: str
    identifier: str
    index: bytes
    person: dict
    snapshot: dict
    later: dict  # may change after the entry; an empty cell says nothing
    exit: dict  # empty while the person is in the project
    sensitive: dict
    supports: list  # (scope, kind, detail, starts_on)
    flags: dict  # how the cells of the supports were written


def check(sheet, project):
    """(rows, faults) of a sheet."""
    return _Checker(sheet, project).check()


class _Dictionaries:
    """Codes by label or code as they are on a day; a label is told under its parent."""

    def __init__(self):
        self._entries = list(DictionaryEntry.objects.order_by("id"))
        self._edges = sorted({edge for e in self._entries for edge in (e.valid_from, e.valid_to) if edge})
        self._by_period = {}

    def on(self, day):
        period = bisect_right(self._edges, day)
        if period not in self._by_period:
            self._by_period[period] = self._table(day)
        return self._by_period[period]

    def _table(self, day):
        table = defaultdict(dict)
        valid = [e for e in self._entries if e.valid_from <= day and (e.valid_to is None or day < e.valid_to)]
        for entry in valid:
            table[entry.field, entry.parent][entry.label] = entry.code
        for entry in valid:
            table[entry.field, entry.parent].setdefault(entry.code, entry.code)
        return table


class _Checker:
    def __init__(self, sheet, project):
        self.sheet = sheet
        self.project = project
        self.dictionaries = _Dictionaries()
        self.today = clock.today()
        self.places = {name: place for place, name in enumerate(sheet.columns)}
        self.cleaners = {
            **{name: _Text(Person, name) for name in ("first_name", "last_name", "country", "locality")},
            **{name: _Text(Participation, name) for name in ("institution_name", "voivodeship", "county", "commune")},
            "technical_id": _Text(Participation, "technical_id"),
            "remarks": _remark,
            "postal_code": identifiers.clean_postal_code,
            "phone": identifiers.clean_phone,
            "email": _EMAIL.to_python,
            "age_at_entry": _age,
            **{
                name: _date
                for name in (
                    "project_start",
                    "project_end",
                    "education_planned_end",
                    "business_start",
                    "support_start",
                )
            },
        }
        # equal cells are cleaned once
        self.memo = {name: {} for name in (*self.cleaners, "entry_day", "plain")}
        self.first_rows = {}

    def check(self):
        rows, faults = [], []
        width = len(self.sheet.columns)
        for number, cells in self.sheet.rows:
            self.faults = []
            row = None
            if len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:])):
                row = self._row(number, dict(zip(self.sheet.columns, cells, strict=False)))
            else:
                message = _("The row has %(cells)s cells and the header %(headers)s.")
                faults.append(Fault(number, "", message % {"cells": len(cells), "headers": width}))
            if self.faults:
                self.faults.sort(key=lambda fault: self.places.get(fault[0], len(self.places)))
                faults += [Fault(number, self.sheet.header(name), str(message)) for name, message in self.faults]
            elif row:
                rows.append(row)
        return rows, faults

    def _fault(self, name, message):
        self.faults.append((name, message))

    def _row(self, number, cells):
        get = self._cell
        self._project(cells)
        day = get(cells, "project_start", required=True)
        if day and (error := self._entry_day_error(day)):
            self._fault("project_start", error)
        known = self.dictionaries.on(day or self.today)
        kind, text = self._identifier(cells, known)
        sex = self._label(cells, known, "sex")
        age = get(cells, "age_at_entry", required=True)
        birth = self._check_pesel(kind, text, sex, age, day)
        citizenship = self._label(cells, known, "citizenship")
        education = self._label(cells, known, "education")
        participant_kind = self._label(cells, known, "participant_kind")
        status = self._label(cells, known, "labour_status")
        detail = self._labour_detail(cells, known, status)
        country = get(cells, "country", required=True)
        locality = get(cells, "locality", required=True)
        postal_code = get(cells, "postal_code", required=True)
        person = {
            "first_name": get(cells, "first_name", required=True),
            "last_name": get(cells, "last_name", required=True),
            "sex": sex,
            "birth_date": birth,
            "citizenship": citizenship,
            "education": education,
            "country": country,
            "locality": locality,
            "postal_code": postal_code,
            "phone": get(cells, "phone", required=True),
            "email": get(cells, "email", required=True),
        }
        snapshot = {
            "kind": participant_kind,
            "institution_name": get(cells, "institution_name", required=participant_kind == "institutional"),
            "citizenship": citizenship,
            "age_at_entry": age,
            "education": education,
            "country": country,
            "voivodeship": get(cells, "voivodeship", required=True),
            "county": get(cells, "county", required=True),
            "commune": get(cells, "commune", required=True),
            "locality": locality,
            "postal_code": postal_code,
            "degurba": self._label(cells, known, "degurba"),
            "starts_on": day,
            "labour_status": status,
            "labour_status_detail": detail,
        }
        learns = detail == LEARNER
        education_end = get(cells, "education_planned_end", required=learns)
        if education_end and not learns:
            self._fault("education_planned_end", _("Only people who learn have a planned end of education."))
        business = get(cells, "business_start")
        if business and business > self.today:
            self._fault("business_start", _("This day is in the future."))
        later = {
            "technical_id": get(cells, "technical_id"),
            "education_ends_on": education_end,
            "business_started_on": business,
            "remarks": get(cells, "remarks"),
        }
        sensitive = {name: self._answer(cells, known, name) for name in SENSITIVE}
        for name, message in rules.third_country_errors(citizenship, sensitive).items():
            self._fault(name, message)
        left = self._exit(cells, day)
        supports, flags = self._supports(cells, day, left.get("ends_on"))
        if self.faults:
            return None
        _stored, indexed = text
        index = crypto.blind_index(indexed, purpose=IDENTIFIER_PURPOSE)
        if first := self.first_rows.get(index):
            self._fault("pesel_or_other_id", _("The same person stands in row %(row)s.") % {"row": first})
            return None
        self.first_rows[index] = number
        return Row(number, kind, text[0], index, person, snapshot, later, left, sensitive, supports, flags)

    # one cell

    def _cell(self, cells, name, required=False):
        """The clean value of a cell; None or "" when it is empty or at fault."""
        raw = cells.get(name, "")
        memo = self.memo[name]
        found = memo.get(raw)
        if found is None:
            found = memo[raw] = _cleaned(self.cleaners[name], raw)
        value, error = found
        if error:
            self._fault(name, error)
        elif required and (value is None or value == ""):
            self._fault(name, _("Fill in this cell."))
        return value

    def _label(self, cells, known, name, *, field="", parent="", required=True, shown=True):
        """The code for a label or code; "" when the cell is empty or at fault."""
        raw = cells.get(name, "")
        table = known[field or name, parent]
        code = table.get(raw)
        if code is None:
            code = table.get(self._plain(name, raw))
        if code is None:
            text = self._plain(name, raw)
            if text:
                self._fault(name, _unknown_label(text, table, shown))
            elif text is not None and required:
                self._fault(name, _("Fill in this cell."))
            return ""
        return code

    def _plain(self, name, raw):
        """The text of a cell; None when it holds what no cell may (told as a fault)."""
        memo = self.memo["plain"]
        if raw not in memo:
            memo[raw] = _cleaned(clean_text, raw)
        text, error = memo[raw]
        if error:
            self._fault(name, error)
            return None
        return text

    def _answer(self, cells, known, name):
        field = DictionaryField.YES_NO_REFUSED if name in REFUSABLE else DictionaryField.YES_NO
        return self._label(cells, known, name, field=field, shown=False)

    # cells that hang together

    def _project(self, cells):
        text = self._plain("project_no", cells["project_no"])
        if text == "":
            self._fault("project_no", _("Fill in this cell."))
        elif text and text != self.project.number:
            self._fault(
                "project_no",
                _("The row belongs to the project %(row)s, the import to %(project)s.")
                % {"row": _quoted(text), "project": self.project},
            )

    def _entry_day_error(self, day):
        memo = self.memo["entry_day"]
        if day not in memo:
            memo[day] = rules.day_of_entry_error(self.project, day)
        return memo[day]

    def _identifier(self, cells, known):
        """(kind, (text as stored, text as indexed)); empty texts when at fault."""
        without = self._label(cells, known, "no_pesel", field=DictionaryField.YES_NO)
        text = self._plain("pesel_or_other_id", cells["pesel_or_other_id"])
        if text == "":
            self._fault("pesel_or_other_id", _("Fill in this cell."))
        if not text or not without:
            return "", ("", "")
        kind = IdentifierKind.OTHER if without == "yes" else IdentifierKind.PESEL
        try:
            if kind == IdentifierKind.OTHER and len(text) > 40:
                raise ValidationError(_("Enter at most 40 characters."))
            cleaned = clean_identifier(kind, text)
        except ValidationError as error:
            self._fault("pesel_or_other_id", " ".join(error.messages))
            return "", ("", "")
        if kind == IdentifierKind.OTHER and _is_pesel(text):
            self._fault("no_pesel", _("The identifier is a valid PESEL, so the answer must be “Nie”."))
        return str(kind), cleaned

    def _check_pesel(self, kind, text, sex, age, day):
        """The birth date in the PESEL, None without one; sex, age and entry must agree with it."""
        if kind != IdentifierKind.PESEL:
            return None
        number = text[0]
        birth = identifiers.pesel_birth_date(number)
        if sex and sex != identifiers.pesel_sex(number):
            try:
                identifiers.check_pesel_matches(number, sex=sex)
            except ValidationError as error:
                self._fault("sex", " ".join(error.messages))
        if day:
            true_age = identifiers.age_on(birth, day)
            if true_age < 0:
                self._fault("project_start", _("By the PESEL the person was born after this day."))
            elif age is not None and age != true_age:
                message = _("By the PESEL the age on the day of entry is %(age)s.")
                self._fault("age_at_entry", message % {"age": true_age})
        return birth

    def _labour_detail(self, cells, known, status):
        if not status:
            return ""
        return self._label(
            cells,
            known,
            "labour_status_detail",
            parent=status,
            required=status in DETAILED_STATUSES,
        )

    def _exit(self, cells, entered_on):
        given = [name for name in _EXIT if cells.get(name, "").strip()]
        if not given:
            return {}
        for name in _EXIT:
            if name not in given:
                self._fault(name, _("The exit needs its day, the situation and whether it was as planned."))
        ends_on = self._cell(cells, "project_end")
        known = self.dictionaries.on(ends_on or self.today)
        situation = self._label(cells, known, "exit_situation", required=False)
        planned = self._label(cells, known, "exit_as_planned", field=DictionaryField.YES_NO, required=False)
        if ends_on and entered_on:
            error = exit_day_error(self.project, entered_on, ends_on)
            if error:
                self._fault("project_end", error)
        return {"ends_on": ends_on, "exit_situation": situation, "exit_as_planned": planned == "yes"}

    def _supports(self, cells, entered_on, left_on):
        raw = {name: cells.get(name, "") for name in _SUPPORT}
        # our own file also holds people who wait for their first support
        if self.sheet.layout == DATA and not any(cell.strip() for cell in raw.values()):
            return [], {}
        if "|" not in raw["support_kind"] and not any("|" in cell for cell in raw.values()):
            support = self._support(raw, entered_on, left_on)
            return [support], {}
        scopes, kinds, details, days = ([part.strip() for part in raw[name].split("|")] for name in _SUPPORT)
        count = len(kinds)
        flags = {"scope_once": len(scopes) == 1, "details_blank": details == [""]}
        scopes = scopes * count if flags["scope_once"] else scopes
        details = details * count if flags["details_blank"] else details
        for name, parts in (("support_scope", scopes), ("support_kind_detail", details), ("support_start", days)):
            if len(parts) != count:
                message = _("There are %(parts)s parts between the signs | here and %(kinds)s kinds of support.")
                self._fault(name, message % {"parts": len(parts), "kinds": count})
                return [], {}
        supports = [
            self._support(dict(zip(_SUPPORT, parts, strict=True)), entered_on, left_on)
            for parts in zip(scopes, kinds, details, days, strict=True)
        ]
        return supports, flags

    def _support(self, raw, entered_on, left_on):
        day = self._cell(raw, "support_start", required=True)
        if day and entered_on:
            error = rules.support_day_error(self.project, entered_on, left_on, day)
            if error:
                self._fault("support_start", error)
        known = self.dictionaries.on(day or self.today)
        return (
            self._label(raw, known, "support_scope"),
            self._label(raw, known, "support_kind"),
            self._label(raw, known, "support_kind_detail", required=False),
            day,
        )


def exit_day_error(project, entered_on, ends_on):
    """Why nobody who entered on a day can have left on another; "" when they can."""
    participation = Participation(project=project, starts_on=entered_on)
    return rules.exit_errors(participation, ends_on, None).get("ends_on", "")


def _cleaned(clean, raw):
    """(value, "") or (None, message)."""
    if not raw or not raw.strip():
        return None if clean in (_date, _age) else "", ""
    try:
        return clean(raw), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


class _Text:
    """Cleaner of a line of text that a column of the model holds."""

    def __init__(self, model, name):
        self.longest = model._meta.get_field(name).max_length

    def __call__(self, raw):
        text = clean_text(raw)
        validate_cell(text)
        _check_length(text, self.longest)
        return text


def _remark(raw):
    text = clean_text(raw, multiline=True)
    validate_cell(text)
    _check_length(text, LONGEST_REMARK)
    return text


def _check_length(text, longest):
    if len(text) > longest:
        raise ValidationError(_("Enter at most %(longest)s characters.") % {"longest": longest})


def _age(raw):
    text = clean_text(raw)
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > 120:
        raise ValidationError(_("Enter the age in full years, from 0 to 120."))
    return int(text)


def _date(raw):
    text = clean_text(raw)
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _DATES)), None)
    try:
        day = datetime.date(**{name: int(part) for name, part in found.groupdict().items()}) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2100:
        raise ValidationError(_("Enter a real date, for example 2026-12-03 or 03.12.2026."))
    return day


def _is_pesel(text):
    try:
        identifiers.clean_pesel(text)
    except ValidationError:
        return False
    return True


def _quoted(text):
    """A cell for a message: short, and never a whole PESEL."""
    text = _PESEL_LIKE.sub(lambda found: identifiers.mask_pesel(found.group()), text)
    return text if len(text) <= 80 else text[:79] + "…"


def _unknown_label(text, table, shown):
    by_dash = {label.replace("–", "-"): label for label in table}
    if (label := by_dash.get(text.replace("–", "-"))) is not None:
        return _("Write “%(label)s” with the dash – (U+2013), not with a hyphen.") % {"label": label}
    by_case = {label.casefold(): label for label in table}
    if (label := by_case.get(text.casefold())) is not None:
        return _("Write “%(label)s”, with the same capital and small letters.") % {"label": label}
    allowed = "; ".join(label for label, code in table.items() if label != code)
    if not allowed:
        return _("Nothing may stand here.")
    if not shown:
        return _("Not an answer of this column. Allowed: %(allowed)s.") % {"allowed": allowed}
    return _("“%(text)s” is not in the dictionary. Allowed: %(allowed)s.") % {
        "text": _quoted(text),
        "allowed": allowed if len(allowed) <= 600 else allowed[:599] + "…",
    }
