"""The numbers with which a new installation begins; afterwards they are the administrator's."""

import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit import parameters

FILE = Path(__file__).parent / "data" / "parameters.csv"
# before the oldest event that may be written down
VALID_FROM = datetime.date(2000, 1, 1)


def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    parameters.load(FILE, valid_from=VALID_FROM, apps=apps, using=using)
