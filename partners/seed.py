"""The competences and numbers with which a new installation begins; afterwards they are the administrator's."""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit import parameters
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


def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    parameters.load(DATA / "parameters.csv", valid_from=VALID_FROM, apps=apps, using=using)
