"""The competences and numbers with which a new installation begins; afterwards they are the administrator's."""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit.history import author

DATA = Path(__file__).parent / "data"
# before the oldest partnership that may be written down
VALID_FROM = datetime.date(2000, 1, 1)


@author(command="seed")
def load_competences(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table from data/competences.csv; runs after every migrate."""
    try:
        competence = apps.get_model("partners", "Competence")
    except LookupError:
        return  # the tables of partnerships have just been unmade
    if competence.objects.using(using).exists():
        return
    with (DATA / "competences.csv").open(encoding="utf-8", newline="") as file:
        rows = [competence(**row, valid_from=VALID_FROM) for row in csv.DictReader(file)]
    competence.objects.using(using).bulk_create(rows)


@author(command="seed")
def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Add the numbers of data/parameters.csv whose code is not there yet; none of them is confirmed."""
    try:
        parameter = apps.get_model("kit", "Parameter")
    except LookupError:
        return  # the tables of the kit have just been unmade
    rows = parameter.objects.using(using)
    known = set(rows.values_list("code", flat=True))
    with (DATA / "parameters.csv").open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["code"] not in known]
    rows.bulk_create(parameter(**row, valid_from=VALID_FROM) for row in missing)
