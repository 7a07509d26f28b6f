"""Communes and localities: which is meant by an address, and how the files of GUS and Eurostat become rows.

A row is never rewritten when the world changes: it is closed on the day of the change and another begins.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Value
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.search import PlFold
from centrum.kit.transitions import Refused
from centrum.register.models import Commune, Locality, Organisation, Person

BATCH = 5000
COMMUNE = ("name", "county", "voivodeship")
LOCALITY = ("name", "kind", "part_of", "teryt")


@dataclass
class Counts:
    """What a file has changed, in rows."""

    same: int = 0
    added: int = 0
    changed: int = 0
    closed: int = 0
    codes: list = field(default_factory=list)  # of the rows that were closed and have no successor


def locate(name, commune=None, on=None):
    """(SIMC code, Commune) of the town or village `name`, in `commune` if that is known.

    A name that fits no locality or several leaves the code empty and the commune as it was. Of places with the
    same name in one commune the one that is no part of another is meant.
    """
    day = on or clock.today()
    found = (
        Locality.objects.filter(in_force(day), search=PlFold(Value(name.strip()))) if name else Locality.objects.none()
    )
    if commune:
        found = found.filter(teryt=commune.teryt)
    rows = list(found.values_list("simc", "teryt", "part_of")[:50])
    rows = rows if len(rows) == 1 else [row for row in rows if not row[2]]
    if len(rows) != 1:
        return "", commune
    simc, teryt, _part_of = rows[0]
    return simc, commune or Commune.objects.filter(in_force(day), teryt=teryt).first()


def settle(client):
    """Give the address of a Person or Organisation (not saved yet) its SIMC code and, where none is chosen, commune."""
    client.locality_simc, client.commune = locate(client.locality, client.commune)


@transaction.atomic
def take_communes(rows, *, day, voivodeship=""):
    """Make the communes in force those of a TERC file (`teryt.Communes.rows`) from the day on; returns Counts.

    A commune that goes on under its code keeps its DEGURBA, and people and organisations move on to its new row.
    Raises Refused when a later file has been taken already.
    """
    current = _current(Commune, "teryt", day, voivodeship)
    counts, fresh, renewed = Counts(), [], []
    for code, values in rows.items():
        row = current.pop(code, None)
        if row and tuple(getattr(row, name) for name in COMMUNE) == values:
            counts.same += 1
            continue
        made = Commune(teryt=code, valid_from=day, **dict(zip(COMMUNE, values, strict=True)))
        if row:
            made.degurba, made.confirmed = row.degurba, row.confirmed
            renewed.append((row, made))
        fresh.append(made)
    _replace(Commune, [row for row, _made in renewed], current.values(), fresh, day, counts, "teryt")
    for row, made in renewed:
        _move_clients(row, made)
    return counts


@transaction.atomic
def take_localities(rows, *, day, voivodeship=""):
    """The same for the localities of a SIMC file (`teryt.Localities.rows`)."""
    current = _current(Locality, "simc", day, voivodeship)
    counts, fresh, renewed = Counts(), [], []
    for code, values in rows.items():
        row = current.pop(code, None)
        if row and tuple(getattr(row, name) for name in LOCALITY) == values:
            counts.same += 1
            continue
        if row:
            renewed.append(row)
        fresh.append(Locality(simc=code, valid_from=day, **dict(zip(LOCALITY, values, strict=True))))
    _replace(Locality, renewed, current.values(), fresh, day, counts, "simc")
    return counts


def _current(model, key, day, voivodeship):
    """{code: open row}, locked until the end of the transaction against a second import."""
    scope = model.objects.filter(teryt__startswith=voivodeship)
    known = scope.aggregate(begun=Max("valid_from"), closed=Max("valid_to"))
    newest = max(filter(None, known.values()), default=None)
    if newest and day < newest:
        raise Refused(
            _("The file of %(day)s is older than what has been loaded (%(newest)s).") % {"day": day, "newest": newest}
        )
    rows = scope.filter(valid_to=None).select_for_update(no_key=True)
    return {getattr(row, key): row for row in rows}


def _replace(model, renewed, gone, fresh, day, counts, key):
    """Close `renewed` and `gone` on the day and write `fresh`."""
    gone = list(gone)
    begun = [row for row in (*renewed, *gone) if row.valid_from == day]
    if begun:  # a row of no days can't be kept
        raise Refused(
            _("Another file of %(day)s has been loaded, and it differs: %(codes)s.")
            % {"day": day, "codes": ", ".join(sorted(getattr(row, key) for row in begun)[:10])}
        )
    closed = [row.pk for row in (*renewed, *gone)]
    for start in range(0, len(closed), BATCH):
        model.objects.filter(pk__in=closed[start : start + BATCH]).update(valid_to=day)
    model.objects.bulk_create(fresh, batch_size=BATCH)
    counts.added, counts.changed, counts.closed = len(fresh) - len(renewed), len(renewed), len(gone)
    counts.codes = sorted(getattr(row, key) for row in gone)


def _move_clients(row, made):
    for model in (Person, Organisation):
        model.objects.filter(commune=row, merged_into=None).update(commune=made)


@transaction.atomic
def take_degurba(rows):
    """Write DEGURBA of communes (`{TERYT code: (1–3, valid from)}`) and mark them confirmed; returns Counts.

    A value that was only assumed is corrected where it stands; a confirmed one changes from the day on. Raises
    Refused, naming the codes that no commune in force has, or whose confirmed value is of a later day.
    """
    current = {row.teryt: row for row in Commune.objects.filter(valid_to=None, teryt__in=rows).select_for_update()}
    counts = Counts()
    late = [code for code, row in current.items() if _is_late(row, *rows[code])]
    if wrong := sorted({*rows} - {*current}) + sorted(late):
        raise Refused(_("No commune in force takes these values: %(codes)s.") % {"codes": ", ".join(wrong)})
    for code, (degurba, day) in rows.items():
        row = current[code]
        if row.confirmed and row.degurba == degurba:
            counts.same += 1
        elif row.confirmed and row.valid_from < day:
            made = Commune(teryt=code, degurba=degurba, confirmed=True, valid_from=day)
            for name in COMMUNE:
                setattr(made, name, getattr(row, name))
            row.valid_to = day
            row.save(update_fields=["valid_to"])
            made.save()
            _move_clients(row, made)
            counts.changed += 1
        else:
            row.degurba, row.confirmed = degurba, True
            row.save(update_fields=["degurba", "confirmed"])
            counts.added += 1
    return counts


def _is_late(row, degurba, day):
    return row.confirmed and row.degurba not in (None, degurba) and day < row.valid_from
