"""Participant files coming in: both layouts, every fault at its row and column, twice the same, two at once."""

import csv
import datetime
import io
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import exports
from centrum.kit.models import StateChange
from centrum.register.models import Person, PersonSensitive
from centrum.register.queries import identifier_of
from centrum.reporting import queries, services
from centrum.reporting.importing.reading import FileRefused
from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS
from centrum.reporting.models import ImportRecord, Participation, ParticipationSensitive, Support
from centrum.staff.enums import Role, UnitKind
from centrum.staff.models import Unit
from tests.factories import base
from tests.factories import reporting as factory
from tests.threads import at_once

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent.parent / "golden" / "smefs_import.csv"
SEVERAL = {
    "support_scope": "Wsparcie ekonomii społecznej|Wsparcie ekonomii społecznej",
    "support_kind": "doradztwo/konsultacje|krajowe szkolenie/kurs",
    "support_kind_detail": "doradztwo/ pomoc prawna|",
    "support_start": "2025-03-03|2025-04-01",
}


@pytest.fixture(autouse=True)
def house(db):
    base.unit()
    base.project()
    base.commune()


def table_sizes():
    """Rows of every table but that of the records of imports."""
    models = [m for m in apps.get_models() if m._meta.managed and not m._meta.proxy and m is not ImportRecord]
    return {m._meta.label: m._base_manager.count() for m in models}


def cells(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def faults_of(content, **options):
    before = table_sizes()
    with pytest.raises(FileRefused) as refused:
        factory.take(content, **options)
    assert table_sizes() == before
    return [(fault.row, fault.column) for fault in refused.value.faults]


# What a good file brings


def test_a_row_becomes_a_person_and_a_participation():
    row = factory.row(**SEVERAL, **factory.EXIT_CELLS, technical_id="T-1", business_start="2026-01-02", remarks="uwaga")
    record = factory.take(factory.smefs_file(row), file_name="Uczestnicy.csv")
    assert (record.layout, record.rows, record.created, record.updated, record.file_name) == (
        "smefs_participants",
        1,
        1,
        0,
        "Uczestnicy.csv",
    )
    person = Person.objects.get()
    assert identifier_of(person) == row["pesel_or_other_id"]
    assert (person.first_name, person.last_name, person.sex, person.birth_date, person.commune, person.phone) == (
        "Łucja",
        row["last_name"],
        "f",
        datetime.date(1984, 5, 14),
        base.commune(),
        "600100200",
    )
    assert list(person.units.all()) == [base.unit()]
    participation = Participation.objects.get()
    assert (participation.state, participation.starts_on, participation.ends_on, participation.exit_situation) == (
        "ended",
        factory.DAY,
        datetime.date(2026, 2, 2),
        "job_searching",
    )
    assert (participation.technical_id, participation.remarks, participation.age_at_entry) == ("T-1", "uwaga", 40)
    answers = {**dict.fromkeys(queries.SENSITIVE, "no"), "minority": "refused"}
    assert ParticipationSensitive.objects.values(*queries.SENSITIVE).get() == answers
    assert PersonSensitive.objects.values(*queries.SENSITIVE).get() == answers
    supports = Support.objects.order_by("id").values_list("scope", "kind", "detail", "starts_on", "approved_on")
    assert list(supports) == [
        ("social_economy", "advice", "legal", factory.DAY, factory.DAY),
        ("social_economy", "training", "", datetime.date(2025, 4, 1), datetime.date(2025, 4, 1)),
    ]
    moves = StateChange.objects.values_list("action", "source", "target", "object_id")
    assert list(moves) == [
        ("enter", "preparing", "entered", participation.pk),
        ("end", "entered", "ended", participation.pk),
    ]


def test_history_knows_who_imported():
    by = base.user(Role.COORDINATOR)
    factory.take(factory.smefs_file(factory.row()), by=by)
    person = Person.objects.get()
    event = pghistory.models.Events.objects.tracks(person).get()
    assert event.pgh_context["user"] == by.pk


def test_the_golden_file_comes_back_with_the_same_cells():
    content = GOLDEN.read_bytes()
    record = factory.take(content)
    assert (record.rows, record.created) == (6, 6)
    day = datetime.date(2026, 11, 1)
    made = exports.export(
        exports.find("smefs_participants"), project=base.project(), day=day, by=None, reason="round trip"
    )
    with made.file as file:
        back = cells(file.read())
    system = [place for place, name in enumerate(MACHINE_NAMES) if name.startswith("sys_")]
    wanted = [
        ["" if number and place in system else cell for place, cell in enumerate(line)]
        for number, line in enumerate(cells(content))
    ]
    key = MACHINE_NAMES.index("pesel_or_other_id")
    assert sorted(back, key=lambda line: line[key]) == sorted(wanted, key=lambda line: line[key])


def test_both_layouts_bring_the_same():
    row = factory.row(**SEVERAL)
    factory.take(factory.smefs_file(row))
    second = factory.take(factory.data_file(row))
    assert (second.layout, second.created, second.updated) == ("data_participants", 0, 0)


def test_codes_and_other_spellings_mean_the_same():
    row = factory.row(**factory.EXIT_CELLS)
    factory.take(factory.smefs_file(row))
    number = row["pesel_or_other_id"]
    other = {
        **row,
        "citizenship": "pl",
        "participant_kind": "individual",
        "first_name": "\u00a0Łucja ",
        "pesel_or_other_id": f"{number[:6]} {number[6:]}",
        "no_pesel": "no",
        "sex": "f",
        "education": "isced_3_4",
        "degurba": "3",
        "phone": "600 100-200",
        "postal_code": "66520",
        "project_start": "03.03.2025 00:00",
        "project_end": "02.02.2026",
        "labour_status": "unemployed",
        "labour_status_detail": "unemployed_other",
        "exit_situation": "job_searching",
        "exit_as_planned": "yes",
        "support_scope": " social_economy ",
        "support_kind": "advice",
        "minority": "refused",
        "homeless": "no",
    }
    record = factory.take(factory.data_file(other, bom=False, end="\n"))
    assert (record.created, record.updated) == (0, 0)


def test_columns_of_a_data_file_in_any_order_and_without_the_optional():
    row = factory.row()
    headers = [name for name in reversed(MACHINE_NAMES) if name not in ("remarks", "technical_id", "project_end")]
    assert factory.take(factory.data_file(row, headers=headers)).created == 1


def test_a_data_file_may_hold_people_without_a_support():
    row = factory.row(support_scope="", support_kind="", support_start="")
    assert factory.take(factory.data_file(row)).created == 1
    assert Support.objects.count() == 0


def test_headers_with_blanks_and_other_case_are_known():
    headers = [f"\u00a0{header.upper()} " for header in SMEFS_HEADERS]
    row = factory.row()
    assert factory.take(factory.csv_file(headers, [[row[name] for name in MACHINE_NAMES]])).created == 1


def test_one_scope_for_several_kinds_and_no_details_are_remembered():
    row = factory.row(**{**SEVERAL, "support_scope": "Wsparcie ekonomii społecznej", "support_kind_detail": ""})
    factory.take(factory.smefs_file(row))
    participation = Participation.objects.get()
    assert (participation.scope_once, participation.details_blank, participation.supports.count()) == (True, True, 2)


def test_empty_rows_and_a_last_semicolon_do_no_harm():
    row = factory.row()
    line = [row[name] for name in MACHINE_NAMES]
    content = factory.csv_file([*SMEFS_HEADERS, ""], [[""] * 44, [*line, ""], [""]])
    assert factory.take(content).rows == 1


# A second time, and changes


def test_the_same_file_twice_changes_nothing():
    content = GOLDEN.read_bytes()
    factory.take(content)
    before = table_sizes()
    second = factory.take(content)
    assert (second.rows, second.created, second.updated) == (6, 0, 0)
    assert table_sizes() == before
    assert ImportRecord.objects.count() == 2


def test_equal_supports_count_as_often_as_they_stand():
    twice = {**SEVERAL, "support_kind": "doradztwo/konsultacje|doradztwo/konsultacje"}
    twice |= {"support_kind_detail": "", "support_start": "2025-03-03|2025-03-03"}
    row = factory.row(**twice)
    factory.take(factory.smefs_file(row))
    factory.take(factory.smefs_file(row))
    assert Support.objects.count() == 2


def test_contact_exit_and_new_supports_are_taken_over():
    row = factory.row()
    factory.take(factory.smefs_file(row))
    later = {
        **row,
        **SEVERAL,
        **factory.EXIT_CELLS,
        "support_kind_detail": "|",
        "phone": "500600700",
        "technical_id": "9",
    }
    record = factory.take(factory.smefs_file(later))
    assert (record.created, record.updated) == (0, 1)
    participation = Participation.objects.get()
    assert (participation.state, participation.technical_id, participation.person.phone) == ("ended", "9", "500600700")
    assert Support.objects.count() == 2
    # an older file does not take the exit and the support away
    factory.take(factory.smefs_file(row))
    participation.refresh_from_db()
    assert (participation.state, Support.objects.count()) == ("ended", 2)


@pytest.mark.parametrize("state", ["preparing", "cancelled"])
def test_who_was_being_prepared_enters(state):
    row = factory.row(**factory.EXIT_CELLS)
    participation = factory.participation(state, person=base.person(pesel_=row["pesel_or_other_id"]))
    record = factory.take(factory.smefs_file(row))
    assert (record.created, record.updated) == (0, 1)
    participation.refresh_from_db()
    assert (participation.state, participation.starts_on) == ("ended", factory.DAY)
    assert participation.sensitive.minority == "refused"


def test_a_person_of_the_register_is_found_and_shared():
    row = factory.row(locality="Osiek")
    partner = base.unit(UnitKind.PARTNER)
    person = base.person(pesel_=row["pesel_or_other_id"], units=[partner], street="Leśna", building="4")
    factory.take(factory.smefs_file(row))
    person.refresh_from_db()
    assert Person.objects.count() == 1
    assert (person.locality, person.street, person.building) == ("Osiek", "", "")
    assert set(person.units.all()) == {partner, base.unit()}


@pytest.mark.parametrize(
    "column, cell",
    [
        ("education", "Wyższe (ISCED 5–8)"),
        ("commune", "Drezdenko"),
        ("labour_status_detail", "Osoba długotrwale bezrobotna"),
        ("homeless", "Tak"),
        ("disability", "Odmowa podania informacji"),
    ],
)
def test_entry_data_are_never_rewritten(column, cell):
    row = factory.row()
    factory.take(factory.data_file(row))
    assert faults_of(factory.data_file({**row, column: cell})) == [(2, column)]


def test_a_refused_rewriting_tells_both_sides_but_no_sensitive_answer():
    row = factory.row()
    factory.take(factory.data_file(row))
    with pytest.raises(FileRefused) as refused:
        factory.take(factory.data_file({**row, "commune": "Drezdenko", "homeless": "Tak"}))
    commune, homeless = (fault.message for fault in refused.value.faults)
    assert "Dobiegniew" in commune and "Drezdenko" in commune
    assert "Tak" not in homeless and "Nie" not in homeless.split()


# Faults by row and column

PESEL_F = base.pesel(datetime.date(1984, 5, 14), sex="f", serial=700)
FAULTS = [
    ({"project_no": "FELB.06.10-IZ.00-0001/19"}, ["project_no"]),
    ({"project_no": ""}, ["project_no"]),
    ({"citizenship": "polskie"}, ["citizenship"]),
    ({"citizenship": "Brak polskiego obywatelstwa - obywatel kraju UE"}, ["citizenship"]),
    ({"participant_kind": "Instytucjonalny"}, ["institution_name"]),
    ({"first_name": ""}, ["first_name"]),
    ({"first_name": "=cmd|' /C calc'!A0"}, ["first_name"]),
    ({"last_name": "+48"}, ["last_name"]),
    ({"last_name": "Ko\x00wal"}, ["last_name"]),
    ({"last_name": "x" * 121}, ["last_name"]),
    ({"last_name": "Ko\nwal"}, ["last_name"]),
    ({"pesel_or_other_id": PESEL_F[:-1]}, ["pesel_or_other_id"]),
    ({"pesel_or_other_id": PESEL_F[:-1] + str((int(PESEL_F[-1]) + 1) % 10)}, ["pesel_or_other_id"]),
    ({"pesel_or_other_id": ""}, ["pesel_or_other_id"]),
    ({"pesel_or_other_id": "00000000000"}, ["pesel_or_other_id"]),
    ({"pesel_or_other_id": base.pesel(datetime.date(2099, 1, 1), serial=3)}, ["pesel_or_other_id"]),
    ({"no_pesel": "Tak"}, ["no_pesel"]),
    ({"no_pesel": ""}, ["no_pesel"]),
    ({"sex": "Mężczyzna"}, ["sex"]),
    ({"sex": "kobieta"}, ["sex"]),
    ({"age_at_entry": "41"}, ["age_at_entry"]),
    ({"age_at_entry": "czterdzieści"}, ["age_at_entry"]),
    ({"age_at_entry": ""}, ["age_at_entry"]),
    ({"education": "Wyższe (ISCED 5-8)"}, ["education"]),
    ({"country": ""}, ["country"]),
    ({"voivodeship": ""}, ["voivodeship"]),
    ({"postal_code": "66 52"}, ["postal_code"]),
    ({"degurba": "4"}, ["degurba"]),
    ({"phone": "12"}, ["phone"]),
    ({"email": "łucja@example.org"}, ["email"]),
    ({"email": ""}, ["email"]),
    ({"project_start": "2025-02-31"}, ["project_start"]),
    ({"project_start": "3/3/2025"}, ["project_start"]),
    ({"project_start": "2023-12-31", "age_at_entry": "39"}, ["project_start"]),
    ({"project_start": "2028-01-01", "age_at_entry": "43"}, ["project_start", "support_start"]),
    ({"project_end": "2026-02-02"}, ["exit_situation", "exit_as_planned"]),
    ({**factory.EXIT_CELLS, "project_end": "2025-03-02"}, ["project_end", "support_start"]),
    ({**factory.EXIT_CELLS, "exit_as_planned": "może"}, ["exit_as_planned"]),
    ({"labour_status": "Osoba bierna zawodowo", "labour_status_detail": ""}, ["labour_status_detail"]),
    (
        {"labour_status": "Osoba bierna zawodowo", "labour_status_detail": "Osoba pracująca w MMŚP"},
        ["labour_status_detail"],
    ),
    ({"education_planned_end": "2027-06-30"}, ["education_planned_end"]),
    (
        {"labour_status": "Osoba bierna zawodowo", "labour_status_detail": "Osoba ucząca się/odbywająca kształcenie"},
        ["education_planned_end"],
    ),
    ({"support_scope": ""}, ["support_scope"]),
    ({"support_kind": "gra"}, ["support_kind"]),
    ({"support_start": ""}, ["support_start"]),
    ({"support_start": "2025-03-02"}, ["support_start"]),
    ({**SEVERAL, "support_start": "2025-03-03"}, ["support_start"]),
    ({**SEVERAL, "support_scope": "Wsparcie ekonomii społecznej|" * 2 + "x"}, ["support_scope"]),
    ({**SEVERAL, "support_kind_detail": "|" * 2}, ["support_kind_detail"]),
    ({"business_start": "2099-01-01"}, ["business_start"]),
    ({"foreign_origin": "Odmowa podania informacji"}, ["foreign_origin"]),
    ({"third_country_national": "Tak"}, ["citizenship", "foreign_origin"]),
    ({"minority": "nie wiem"}, ["minority"]),
    ({"homeless": ""}, ["homeless"]),
    ({"remarks": "=1+1"}, ["remarks"]),
    ({"remarks": "x" * 4001}, ["remarks"]),
    ({"first_name": "", "email": "a", "sex": "M"}, ["first_name", "sex", "email"]),
]


@pytest.mark.parametrize("changed, columns", FAULTS, ids=lambda value: None)
def test_each_fault_is_told_at_its_row_and_column(changed, columns):
    bad = {**factory.row(pesel_or_other_id=PESEL_F), **changed}
    assert faults_of(factory.data_file(factory.row(), bad, factory.row())) == [(3, column) for column in columns]


def test_the_columns_of_sm_efs_are_called_as_in_the_file():
    bad = factory.row(labour_status_detail="x", support_kind_detail="y", first_name="")
    assert faults_of(factory.smefs_file(bad)) == [(2, "Imię"), (2, "w tym (25)"), (2, "w tym (31)")]


def test_a_hyphen_for_the_dash_is_explained():
    with pytest.raises(FileRefused) as refused:
        factory.take(factory.data_file(factory.row(education="Wyższe (ISCED 5-8)")))
    assert "Wyższe (ISCED 5–8)" in refused.value.faults[0].message and "U+2013" in refused.value.faults[0].message


def test_a_person_twice_in_a_file_is_a_fault():
    row = factory.row()
    assert faults_of(factory.data_file(row, factory.row(), row)) == [(4, "pesel_or_other_id")]


def test_a_row_of_another_width_is_a_fault():
    row = factory.row()
    line = [row[name] for name in DATA_HEADERS]
    assert faults_of(factory.csv_file(DATA_HEADERS, [line[:-1], [*line, "x"]])) == [(2, ""), (3, "")]


def test_rows_are_counted_as_a_spreadsheet_does():
    first = factory.row(remarks="pierwszy\ndrugi\ntrzeci")
    assert faults_of(factory.data_file(first, factory.row(sex="x"))) == [(3, "sex")]


def test_no_message_shows_a_whole_pesel():
    number = base.pesel()
    row = factory.row(first_name="", citizenship=number, project_no=number, no_pesel="Tak", pesel_or_other_id=number)
    with pytest.raises(FileRefused) as refused:
        factory.take(factory.data_file(row))
    assert number not in str(refused.value)


# Files that are none

HEADER = ";".join(SMEFS_HEADERS)
ROW_ONLY = [factory.row()[name] for name in MACHINE_NAMES]


def doubled(place, header):
    headers = list(SMEFS_HEADERS)
    headers[place] = header
    return factory.csv_file(headers, [ROW_ONLY])


@pytest.mark.parametrize(
    "content, faults",
    [
        (b"", [(0, "")]),
        (b"\xef\xbb\xbf\r\n", [(0, "")]),
        (HEADER.encode("utf-8-sig"), [(0, "")]),
        ((HEADER + "\nżółć").encode("cp1250"), [(0, "")]),
        ((HEADER + "\nx").encode("utf-16"), [(0, "")]),
        ((HEADER + "\nx").encode("utf-16-le"), [(0, "")]),
        (b"PK\x03\x04rest of a workbook", [(0, "")]),
        (b"\x81\x83\xff\xfe\x00 noise", [(0, "")]),
        ((HEADER + '\n"never closed').encode(), [(0, "")]),
        ((HEADER + '\n"a"b;').encode(), [(0, "")]),
        (HEADER.replace(";", ",").encode() + b"\nx", [(1, "")]),
        (HEADER.replace(";", "\t").encode() + b"\nx", [(1, "")]),
        (b"a;b;c\n1;2;3", [(1, "")]),
        (b"hello\nworld", [(1, "")]),
        (doubled(5, "Imię"), [(1, "Imię"), (1, "Nazwisko")]),
        (doubled(42, "Notatki"), [(1, "Notatki"), (1, "Uwagi")]),
        (doubled(42, "w tym"), [(1, "w tym"), (1, "Uwagi")]),
        (factory.csv_file(SMEFS_HEADERS[:-1], [ROW_ONLY[:-1]]), [(1, "Uwagi")]),
        (factory.csv_file((SMEFS_HEADERS[1], SMEFS_HEADERS[0], *SMEFS_HEADERS[2:]), [ROW_ONLY]), [(1, "Obywatelstwo")]),
        (factory.csv_file((*DATA_HEADERS, "sex"), [ROW_ONLY]), [(1, "sex")]),
        (factory.csv_file((*DATA_HEADERS, "colour"), [ROW_ONLY]), [(1, "colour")]),
        (factory.csv_file(DATA_HEADERS[1:], [ROW_ONLY]), [(1, "project_no")]),
    ],
    ids=lambda value: None,
)
def test_a_file_that_cannot_be_read_is_refused_in_words(content, faults):
    assert faults_of(content) == faults


# Generated rows

names = st.text("aąbcćdeęfłńóśźż -'", min_size=1, max_size=30).map(lambda text: f"A{text.strip()}z")
births = st.dates(datetime.date(1940, 1, 1), datetime.date(2010, 12, 31))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(names, names, births, st.sampled_from("fm"), st.integers(0, 4999), st.integers(1, 4)),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[2:5],
    )
)
def test_whatever_the_rows_the_database_holds_them(people):
    rows = [
        factory.row(
            first_name=first,
            last_name=last,
            birth=birth,
            pesel_sex=sex,
            pesel_or_other_id=base.pesel(birth, sex=sex, serial=serial),
            support_kind="|".join(["doradztwo/konsultacje"] * supports),
            support_start="|".join(["2025-03-03"] * supports),
        )
        for first, last, birth, sex, serial, supports in people
    ]
    rows = list({row["pesel_or_other_id"]: row for row in rows}.values())
    factory.take(factory.smefs_file(*rows))
    for row in rows:
        index = services.register.queries.find_by_identifier("pesel", row["pesel_or_other_id"])
        assert (index.first_name, index.last_name) == (
            " ".join(row["first_name"].split()),
            " ".join(row["last_name"].split()),
        )
        participation = index.participations.get()
        assert (participation.age_at_entry, participation.supports.count()) == (
            int(row["age_at_entry"]),
            row["support_kind"].count("|") + 1,
        )


# The command


def run_command(tmp_path, content, *options):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    out = io.StringIO()
    call_command("import_participants", str(path), "--project", base.project().number, *options, stdout=out)
    return out.getvalue()


def test_the_command_imports(tmp_path):
    run_command(tmp_path, GOLDEN.read_bytes())
    assert Participation.objects.count() == 6


def test_a_dry_run_writes_nothing(tmp_path):
    before = table_sizes()
    told = run_command(tmp_path, GOLDEN.read_bytes(), "--dry-run")
    assert "6" in told
    assert table_sizes() == before
    assert ImportRecord.objects.count() == 0


def test_the_command_lists_at_most_200_faults(tmp_path):
    rows = [factory.row(sex="x") for _n in range(230)]
    with pytest.raises(CommandError) as refused:
        run_command(tmp_path, factory.data_file(*rows), "--dry-run")
    lines = str(refused.value).splitlines()
    assert len(lines) == 202
    assert "230" in lines[0] and "30" in lines[-1]


def test_an_unknown_project_or_file_is_told(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_participants", str(tmp_path / "none.csv"), "--project", base.project().number)
    with pytest.raises(CommandError):
        call_command("import_participants", str(tmp_path), "--project", "FELB.00.00-IZ.00-0000/00")


def test_without_a_lead_unit_the_command_says_so(tmp_path):
    Unit.objects.all().delete()
    with pytest.raises(CommandError, match=r"jednost|unit"):
        run_command(tmp_path, GOLDEN.read_bytes())


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_bring_everybody_once():
    content = GOLDEN.read_bytes()
    base.project()
    results = at_once(2, lambda number: factory.take(content).created)
    assert sorted(results) == [0, 6]
    assert (Person.objects.count(), Participation.objects.count(), Support.objects.count()) == (6, 6, 10)
