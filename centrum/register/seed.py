"""The communes with which a new installation begins; none is confirmed, afterwards they are the administrator's."""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

DATA = Path(__file__).parent / "data" / "communes.csv"
VALID_FROM = datetime.date(2020, 1, 1)


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
