"""The kinds of services with which a new installation begins; afterwards they are the administrator's."""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit.history import author

DATA = Path(__file__).parent / "data" / "service_types.csv"
# The Act on the social economy, which names the five groups, is in force from this day.
VALID_FROM = datetime.date(2022, 10, 30)


@author(command="seed")
def load_service_types(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table from data/service_types.csv; runs after every migrate."""
    try:
        service_type = apps.get_model("cases", "ServiceType")
    except LookupError:
        return  # the tables of cases have just been unmade
    if service_type.objects.using(using).exists():
        return
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [service_type(**row, valid_from=VALID_FROM) for row in csv.DictReader(file)]
    service_type.objects.using(using).bulk_create(rows)
