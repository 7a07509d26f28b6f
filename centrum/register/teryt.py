"""The files of GUS as they are read: CSV with semicolons, in UTF-8, with or without a byte order mark.

Nothing is written here. A file that is broken anywhere is refused whole, with the lines to look at.
"""

import csv
import datetime
import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from centrum.kit.validators import clean_text

TERC = ("WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA")
SIMC = ("WOJ", "POW", "GMI", "RODZ_GMI", "RM", "MZ", "NAZWA", "SYM", "SYMPOD", "STAN_NA")
DEGURBA = ("teryt", "degurba", "valid_from")
COMMUNE_KINDS = "123"  # urban, rural, both
PART_KINDS = "45"  # town and country of a commune that is both (kind 3)
DISTRICT_KINDS = "89"  # districts of Warsaw, delegations of other cities: parts of the city's commune 01 1
CITY = "011"


class FileRefused(Exception):
    """`faults`: [(line of the file, what is wrong there)], in the order of the file."""

    def __init__(self, faults):
        self.faults = sorted(faults)
        super().__init__(f"{len(self.faults)} faults")


@dataclass(frozen=True)
class Communes:
    """`rows`: {TERYT code: (name, county, voivodeship)} on the day `as_of`."""

    as_of: datetime.date
    rows: dict


@dataclass(frozen=True)
class Localities:
    """`rows`: {SIMC code: (name, kind, SIMC code of what it is a part of or "", TERYT code)} on the day `as_of`."""

    as_of: datetime.date
    rows: dict


def read_terc(content, voivodeship=""):
    """Communes of a TERC file (bytes), of one voivodeship (its two digits) if named. Raises FileRefused."""
    found, names, faults, newest = {}, {}, [], None
    for line, cells in _areas(content, TERC, faults):
        code = cells["WOJ"] + cells["POW"] + cells["GMI"] + cells["RODZ"]
        if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 7)):
            faults.append((line, _("WOJ, POW, GMI and RODZ make no code: “%(code)s”.") % {"code": code}))
            continue
        newest = max(newest or cells["STAN_NA"], cells["STAN_NA"])
        if voivodeship and not code.startswith(voivodeship):
            continue
        if code in names:
            faults.append((line, _("The code %(code)s stands in the file twice.") % {"code": code}))
        names[code] = _area_name(cells)
        if len(code) == 7 and code[-1] in COMMUNE_KINDS:
            if len(names[code]) > 60:
                faults.append((line, _("The name is longer than %(most)s characters.") % {"most": 60}))
            found[code] = line
        elif len(code) == 7 and code[-1] not in PART_KINDS + DISTRICT_KINDS:
            faults.append((line, _("RODZ is %(kind)s, which is not known.") % {"kind": code[-1]}))
    for code, line in found.items():
        if code[:4] not in names or code[:2] not in names:
            faults.append(
                (line, _("The county or the voivodeship of the commune %(code)s is missing.") % {"code": code})
            )
    refuse(faults, found)
    return Communes(newest, {code: (names[code], names[code[:4]], names[code[:2]]) for code in found})


def read_simc(content, communes, voivodeship=""):
    """Localities of a SIMC file (bytes), each in one of `communes` (their TERYT codes). Raises FileRefused."""
    rows, lines, faults, newest = {}, {}, [], None
    for line, cells in _areas(content, SIMC, faults):
        newest = max(newest or cells["STAN_NA"], cells["STAN_NA"])
        if voivodeship and cells["WOJ"] != voivodeship:
            continue
        code, whole, commune = cells["SYM"], cells["SYMPOD"], _commune_of(cells)
        if not _is_simc(code) or not _is_simc(whole):
            faults.append((line, _("SYM and SYMPOD have seven digits each: “%(code)s”.") % {"code": f"{code} {whole}"}))
        elif commune not in communes:
            faults.append((line, _("The commune %(code)s is not in the TERC file.") % {"code": commune}))
        elif code in rows:
            faults.append((line, _("The code %(code)s stands in the file twice.") % {"code": code}))
        elif len(cells["RM"]) != 2 or len(cells["NAZWA"]) > 100:
            faults.append((line, _("RM has two characters, and a name at most %(most)s.") % {"most": 100}))
        else:
            rows[code] = (cells["NAZWA"], cells["RM"], "" if whole == code else whole, commune)
            lines[code] = line
    if not faults:
        faults = [
            (lines[code], _("%(code)s, of which this is a part, is not in the file.") % {"code": row[2]})
            for code, row in rows.items()
            if row[2] and row[2] not in rows
        ]
    refuse(faults, rows)
    return Localities(newest, rows)


def read_degurba(content):
    """{TERYT code: (degree of urbanisation, first day)} of a CSV with DEGURBA as its columns. Raises FileRefused."""
    rows, faults = {}, []
    for line, cells in lines(content, DEGURBA, faults):
        code, degree, day = (cells[name] for name in DEGURBA)
        if code in rows:
            faults.append((line, _("The code %(code)s stands in the file twice.") % {"code": code}))
        elif degree not in ("1", "2", "3"):
            faults.append((line, _("DEGURBA is 1, 2 or 3, not “%(text)s”.") % {"text": degree}))
        elif parsed := _date(line, day, faults):
            rows[code] = (int(degree), parsed)
    refuse(faults, rows)
    return rows


def lines(content, columns, faults):
    """(number, {column: clean text}) of the lines of a CSV (bytes) that are whole.

    The faults of the others are added to `faults`; FileRefused is raised where nothing can be read at all.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused([(content.count(b"\n", 0, error.start) + 1, _("The file is not in UTF-8."))]) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        head = [cell.strip().upper() for cell in next(reader, [])]
        if head != [name.upper() for name in columns]:
            raise FileRefused([(1, _("The columns should be: %(columns)s.") % {"columns": ";".join(columns)})])
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(columns):
                faults.append((reader.line_num, _("There are %(count)s columns.") % {"count": len(cells)}))
                continue
            try:
                yield reader.line_num, {name: clean_text(cell) for name, cell in zip(columns, cells, strict=True)}
            except ValidationError as error:
                faults.append((reader.line_num, " ".join(error.messages)))
    except csv.Error as error:
        raise FileRefused([(reader.line_num, str(error))]) from error


def refuse(faults, found):
    """Raise FileRefused when there are faults, or nothing was found."""
    if not faults and not found:
        faults = [(1, _("The file holds nothing of what was asked for."))]
    if faults:
        raise FileRefused(faults)


def _areas(content, columns, faults):
    """Lines of TERC and SIMC: with a name, and STAN_NA as a date."""
    for line, cells in lines(content, columns, faults):
        if not cells["NAZWA"]:
            faults.append((line, _("The name is missing.")))
        elif day := _date(line, cells["STAN_NA"], faults):
            yield line, {**cells, "STAN_NA": day}


def _date(line, text, faults):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        faults.append((line, _("“%(text)s” is no date. Write it as 2026-12-31.") % {"text": text}))
        return None


def _area_name(cells):
    """As SM EFS writes it: voivodeships and counties in lower case, cities that are counties with a capital."""
    small = not cells["POW"] or (not cells["GMI"] and "miasto" not in cells["NAZWA_DOD"])
    return cells["NAZWA"].lower() if small else cells["NAZWA"]


def _commune_of(cells):
    area, kind = cells["WOJ"] + cells["POW"], cells["RODZ_GMI"]
    if kind in PART_KINDS:
        return f"{area}{cells['GMI']}3"
    return area + CITY if kind in DISTRICT_KINDS else f"{area}{cells['GMI']}{kind}"


def _is_simc(code):
    return len(code) == 7 and code.isascii() and code.isdigit()
