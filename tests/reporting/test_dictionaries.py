"""The dictionaries begin with the seed and are asked as of a day."""

import csv
import datetime

import pytest
from django.db.models.signals import post_migrate

from centrum.reporting import queries
from centrum.reporting.apps import DICTIONARIES
from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS
from centrum.reporting.models import DictionaryEntry

pytestmark = pytest.mark.django_db


def seed():
    with DICTIONARIES.open(encoding="utf-8", newline="") as lines:
        return [
            (row["field"], row["code"], row["parent"], row["label"], row["mark"] == "source")
            for row in csv.DictReader(lines, delimiter=";")
        ]


def stored():
    return list(DictionaryEntry.objects.order_by("id").values_list("field", "code", "parent", "label", "confirmed"))


def test_the_seed_is_loaded_with_its_marks():
    assert stored() == seed()


def test_what_the_administrator_changed_stays_after_a_migrate():
    DictionaryEntry.objects.filter(field="degurba", code="1").update(label="Miasta")
    from django.apps import apps

    config = apps.get_app_config("reporting")
    post_migrate.send(sender=config, app_config=config, verbosity=0, interactive=False, using="default", plan=[])
    assert DictionaryEntry.objects.get(field="degurba", code="1").label == "Miasta"
    assert len(stored()) == len(seed())


def test_a_label_is_that_of_the_day():
    old = DictionaryEntry.objects.get(field="support_kind", code="study_visit")
    old.valid_to = datetime.date(2025, 1, 1)
    old.save()
    DictionaryEntry.objects.create(
        field="support_kind", code="study_visit", label="wizyta", valid_from=datetime.date(2025, 1, 1)
    )
    assert queries.labels("support_kind", datetime.date(2024, 12, 31))["study_visit"] == "wizyta studyjna"
    assert queries.labels("support_kind", datetime.date(2025, 1, 1))["study_visit"] == "wizyta"


def test_choices_of_a_parent():
    assert queries.choices("labour_status_detail", parent="unemployed") == [
        ("long_term_unemployed", "Osoba długotrwale bezrobotna"),
        ("unemployed_other", "Inne"),
    ]
    assert queries.choices("sex") == [("f", "Kobieta"), ("m", "Mężczyzna")]


def test_the_layout_has_43_columns_with_both_w_tym():
    assert [i + 1 for i, header in enumerate(SMEFS_HEADERS) if header == "w tym"] == [25, 31]
    assert (len(SMEFS_HEADERS), len(MACHINE_NAMES), len(set(MACHINE_NAMES)), len(DATA_HEADERS)) == (43, 43, 43, 39)
    assert MACHINE_NAMES[30] == "support_kind_detail"
