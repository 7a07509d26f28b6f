"""The products and numbers with which a new installation begins; afterwards they are the administrator's."""

import csv
import datetime
from pathlib import Path

from django.apps import apps as all_apps
from django.db import DEFAULT_DB_ALIAS

from centrum.kit import parameters
from centrum.kit.history import author

DATA = Path(__file__).parent / "data"
VALID_FROM = datetime.date(2000, 1, 1)
_CODES = "kody z pamięci, do potwierdzenia w SHRIMP"
_OF_AID = (
    ("AidMargin", "aid_margins.csv", {"source": "komunikat 2008/C 14/02, z pamięci; do potwierdzenia"}),
    ("SafeHarbourPremium", "safe_harbour_premiums.csv", {"source": "obwieszczenie 2008/C 155/02, pkt 3.3"}),
    (
        "AidKind",
        "aid_kinds.csv",
        {
            "legal_basis": "umowa z beneficjentem; podstawę prawną programu uzupełnia administrator",
            "regulation": "rozporządzenie Komisji (UE) 2023/2831 z dnia 13 grudnia 2023 r.",
            "source": _CODES,
        },
    ),
)


@author(command="seed")
def load_products(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Fill the empty table from data/products.csv; none of them is confirmed. Runs after every migrate."""
    try:
        product = apps.get_model("loans", "Product")
    except LookupError:
        return  # the tables of the fund have just been unmade
    if product.objects.using(using).exists():
        return
    with (DATA / "products.csv").open(encoding="utf-8", newline="") as file:
        rows = [product(**{name: value for name, value in row.items() if value}) for row in csv.DictReader(file)]
    product.objects.using(using).bulk_create(rows)


@author(command="seed")
def load_accounts(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """Bring in the accounts of data/accounts.csv that the chart lacks; the ledger posts to them by their codes."""
    try:
        account = apps.get_model("loans", "Account")
    except LookupError:
        return
    known = set(account.objects.using(using).values_list("code", flat=True))
    with (DATA / "accounts.csv").open(encoding="utf-8", newline="") as file:
        rows = [account(**row) for row in csv.DictReader(file) if row["code"] not in known]
    counters = dict(account._meta.get_field("counter").choices)  # an earlier migration counts fewer things
    account.objects.using(using).bulk_create(row for row in rows if row.counter in counters)


@author(command="seed")
def load_criteria(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """The same for the criteria of the score card, data/criteria.csv."""
    try:
        criterion = apps.get_model("loans", "ScoreCriterion")
    except LookupError:
        return
    if criterion.objects.using(using).exists():
        return
    with (DATA / "criteria.csv").open(encoding="utf-8", newline="") as file:
        criterion.objects.using(using).bulk_create(
            criterion(**row, valid_from=VALID_FROM) for row in csv.DictReader(file)
        )


@author(command="seed")
def load_arrears_steps(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """The same for the calendar of arrears, data/arrears_steps.csv; none of its steps is confirmed."""
    try:
        step = apps.get_model("loans", "ArrearsStep")
    except LookupError:
        return
    if step.objects.using(using).exists():
        return
    with (DATA / "arrears_steps.csv").open(encoding="utf-8", newline="") as file:
        step.objects.using(using).bulk_create(step(**row) for row in csv.DictReader(file))


@author(command="seed")
def load_aid(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    """The same for margins, safe-harbour premiums and kinds of aid, data/aid_….csv; none of them is confirmed."""
    try:
        tables = [(apps.get_model("loans", name), file, more) for name, file, more in _OF_AID]
    except LookupError:
        return
    for table, file, more in tables:
        if table.objects.using(using).exists():
            continue
        with (DATA / file).open(encoding="utf-8", newline="") as rows:
            table.objects.using(using).bulk_create(
                table(**row, **more, valid_from=VALID_FROM) for row in csv.DictReader(rows)
            )


def load_parameters(apps=all_apps, using=DEFAULT_DB_ALIAS, **_signal):
    parameters.load(DATA / "parameters.csv", valid_from=VALID_FROM, apps=apps, using=using)
