"""The communes and numbers of rules with which a new installation begins.

None is confirmed; afterwards they are the administrator's.
"""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit.history import author

DATA = Path(__file__).parent / "data" / "communes.csv"
VALID_FROM = datetime.date(2020, 1, 1)
PARAMETERS = DATA.with_name("parameters.csv")
# The Act on the social economy, whose numbers they are, is in force from this day.
RULES_FROM = datetime.date(2022, 10, 30)


@author(command="seed")
def load_communes(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table from data/communes.csv; runs after every migrate."""
    try:
        commune = apps.get_model("register", "Commune")
    except LookupError:
        return  # the tables of the register have just been unmade
    if commune.objects.using(using).exists():
        return
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [
            commune(**{**row, "degurba": row["degurba"] or None}, valid_from=VALID_FROM) for row in csv.DictReader(file)
        ]
    commune.objects.using(using).bulk_create(rows)


@author(command="seed")
def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Add the numbers of data/parameters.csv whose code is not there yet; runs after every migrate."""
    try:
        parameter = apps.get_model("kit", "Parameter")
    except LookupError:
        return  # the tables of the kit have just been unmade
    known = set(parameter.objects.using(using).values_list("code", flat=True))
    with PARAMETERS.open(encoding="utf-8", newline="") as file:
        rows = [parameter(**row, valid_from=RULES_FROM) for row in csv.DictReader(file) if row["code"] not in known]
    parameter.objects.using(using).bulk_create(rows)
