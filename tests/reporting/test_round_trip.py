"""What SM EFS gave comes back as it was: a 43-column file imported into an empty project and exported again."""

import csv
import datetime
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import exports
from centrum.kit.clock import today
from centrum.reporting.layout import MACHINE_NAMES
from tests.factories import base
from tests.factories.reporting import EXIT_CELLS, row, smefs_file, take

pytestmark = pytest.mark.django_db

SYSTEM = {"sys_created_at": "2025-04-01", "sys_created_by": "JKOWAL", "sys_modified_at": "2025-05-01"}
SCOPE = "Wsparcie ekonomii społecznej"
KINDS = ("doradztwo/konsultacje", "krajowe szkolenie/kurs", "usługa aktywnej integracji")
DETAILS = ("", "doradztwo/ pomoc prawna", "usługa o charakterze zawodowym")


def exported(profile="smefs_participants"):
    made = exports.export(exports.find(profile), project=base.project(), day=today(), by=None, reason="test")
    with made.file as file:
        return file.read()


def by_identifier(content):
    """{identifier: cells by machine name, without the four columns of the system}."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    next(lines)
    people = [dict(zip(MACHINE_NAMES, line, strict=True)) for line in lines]
    return {
        cells["pesel_or_other_id"]: {name: cell for name, cell in cells.items() if not name.startswith("sys_")}
        for cells in people
    }


@st.composite
def supports(draw):
    """The four cells of the supports, written in one of the ways of SM EFS."""
    given_ = draw(
        st.lists(
            st.tuples(st.sampled_from(KINDS), st.sampled_from(DETAILS), st.integers(3, 28)), min_size=1, max_size=5
        )
    )
    kinds, details, days = zip(*given_, strict=True)
    one_scope = draw(st.booleans())
    no_bars = draw(st.booleans()) and not any(details)
    return {
        "support_scope": SCOPE if one_scope else "|".join([SCOPE] * len(given_)),
        "support_kind": "|".join(kinds),
        "support_kind_detail": "" if no_bars else "|".join(details),
        "support_start": "|".join(f"2025-03-{day:02}" for day in days),
    }


NAMES = st.text(st.sampled_from("aąbćdeęłoóśźżŁŻ'-„” \";😀"), min_size=1, max_size=80).map(
    lambda text: f"A{' '.join(text.split())}z"
)
REMARKS = st.one_of(st.just(""), NAMES, st.just('Dojazd; "Leśna"\nparter'))
CITIZENSHIP = st.sampled_from(
    [("Obywatelstwo polskie", "Nie"), ("Brak polskiego obywatelstwa – obywatel kraju UE", "Nie")]
)


@st.composite
def participants(draw):
    citizenship, third = draw(CITIZENSHIP)
    return {
        "first_name": draw(NAMES),
        "last_name": draw(NAMES),
        "remarks": draw(REMARKS),
        "citizenship": citizenship,
        "third_country_national": third,
        "foreign_origin": "Nie" if citizenship == "Obywatelstwo polskie" else "Tak",
        "technical_id": draw(st.sampled_from(["", "UCZ-0001"])),
        "education": draw(st.sampled_from(["Średnie I stopnia lub niższe (ISCED 0–2)", "Wyższe (ISCED 5–8)"])),
        "disability": draw(st.sampled_from(["Tak", "Nie", "Odmowa podania informacji"])),
        **draw(supports()),
        **draw(st.sampled_from([{}, EXIT_CELLS, {**EXIT_CELLS, "business_start": "2026-01-15"}])),
        **SYSTEM,
    }


class Undo(Exception):
    """Takes back the rows of one example."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(participants(), min_size=1, max_size=4))
def test_a_file_of_sm_efs_comes_back_with_the_same_cells(people):
    base.project(), base.unit(), base.commune()
    file = smefs_file(*(row(birth=datetime.date(1980, 1, 1 + n), **cells) for n, cells in enumerate(people)))
    try:
        with transaction.atomic():
            take(file)
            assert by_identifier(exported()) == by_identifier(file)
            raise Undo
    except Undo:
        pass


def test_our_own_file_in_codes_changes_nothing_when_it_is_taken_in_again():
    base.project(), base.unit(), base.commune()
    take(smefs_file(row(**EXIT_CELLS), row(support_kind="|".join(KINDS), support_start="|".join(["2025-03-04"] * 3))))
    file = exported("data_participants")
    record = take(file)
    assert (record.rows, record.created, record.updated) == (2, 0, 0)
    assert exported("data_participants") == file
