"""The dictionaries and numbers of rules with which a new installation begins.

None is confirmed; afterwards they are the administrator's.
"""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit.history import author

DATA = Path(__file__).parent / "data"
PLACES_FROM = datetime.date(2020, 1, 1)
# The Act on the social economy, whose numbers and groups they are, is in force from this day.
RULES_FROM = datetime.date(2022, 10, 30)


def load_communes(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty tables of communes and localities; this and the others run after every migrate."""
    _fill(apps, using, "Commune", "communes.csv", valid_from=PLACES_FROM)
    _fill(apps, using, "Locality", "localities.csv", valid_from=PLACES_FROM)


def load_risk_groups(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table of at-risk groups: art. 2 pkt 6 of the Act."""
    _fill(apps, using, "RiskGroup", "risk_groups.csv", valid_from=RULES_FROM)


def load_pkd(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table of PKD codes with a few, and tell in which years each version is in use."""
    _fill(apps, using, "PkdCode", "pkd.csv")
    _add_parameters(apps, using, "pkd_versions.csv")


def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Add the numbers of the Act whose code is not there yet."""
    _add_parameters(apps, using, "parameters.csv", valid_from=RULES_FROM)


LOADERS = (load_communes, load_risk_groups, load_pkd, load_parameters)


@author(command="seed")
def _fill(apps, using, name, file, **same):
    try:
        model = apps.get_model("register", name)
    except LookupError:
        return  # the tables of the register have just been unmade
    rows = model.objects.using(using)
    if not rows.exists():
        rows.bulk_create(model(**row, **same) for row in _rows(file))


@author(command="seed")
def _add_parameters(apps, using, file, **same):
    try:
        parameter = apps.get_model("kit", "Parameter")
    except LookupError:
        return  # the tables of the kit have just been unmade
    rows = parameter.objects.using(using)
    known = set(rows.values_list("code", flat=True))
    rows.bulk_create(parameter(**row, **same) for row in _rows(file) if row["code"] not in known)


def _rows(file):
    """Rows as dicts; an empty cell stands for nothing known."""
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {name: value for name, value in row.items() if value != ""}
