"""The participant files: every byte, every edge of the day, and what is refused."""

import csv
import datetime
import hashlib
import io
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import crypto, exports
from centrum.kit.models import ExportRecord
from centrum.register.models import Person
from centrum.reporting.layout import DATA_HEADERS, MACHINE_NAMES, SMEFS_HEADERS
from centrum.reporting.models import DictionaryEntry, Participation
from centrum.reporting.queries import labels
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories.exports import participation, support

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent.parent / "golden"
DAY = datetime.date(2026, 11, 20)


def export(profile="smefs_participants", *, day=DAY, by=None):
    with exports.export(exports.find(profile), project=base.project(), day=day, by=by, reason="test").file as file:
        return file.read()


def rows(content):
    """Cells below the header, read by Python's csv."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))[1:]


def of(name, profile="data_participants", **options):
    """The cells of the column with that machine name."""
    names = DATA_HEADERS if profile == "data_participants" else MACHINE_NAMES
    return [row[names.index(name)] for row in rows(export(profile, **options))]


def golden_rows():
    maria = base.person(
        first_name="Maria",
        last_name='Żółć-„Kruk"; młodsza',
        pesel_=base.pesel(serial=1),
        email="maria@example.org",
        phone="48600100200",
    )
    first = participation(
        person=maria,
        kind="institutional",
        institution_name='Spółdzielnia Socjalna "Żuraw"; oddział',
        technical_id="T-1",
        state="ended",
        ends_on=datetime.date(2026, 9, 30),
        exit_situation="job_or_self_employment",
        exit_as_planned=True,
        business_started_on=datetime.date(2026, 9, 1),
        remarks="Dojazd: „Leśna”; o'Neil",
    )
    support(first, kind="training", detail="", starts_on=datetime.date(2026, 4, 2))
    support(first, kind="advice", detail="legal")
    support(first, kind="active_integration", detail="vocational", starts_on=datetime.date(2026, 4, 2))
    jan = base.person(
        first_name="Jan",
        last_name="Śliwa",
        sex="m",
        with_pesel=False,
        identifier_kind="other",
        identifier_cipher=crypto.encrypt("AB;123", purpose="person.identifier"),
        identifier_index=b"2" * 32,
        email="jan@example.org",
    )
    second = participation(
        person=jan,
        starts_on=datetime.date(2026, 3, 1),
        citizenship="non_eu",
        education="isced_0_2",
        labour_status="unemployed",
        labour_status_detail="long_term_unemployed",
        education_ends_on=datetime.date(2027, 6, 30),
        degurba="1",
        scope_once=True,
        details_blank=True,
    )
    support(second)
    support(second, kind="training")


@pytest.mark.parametrize("profile", ["smefs_participants", "data_participants"])
def test_file_is_golden_byte_for_byte(profile):
    golden_rows()
    assert export(profile) == (GOLDEN / f"{profile}.csv").read_bytes()


def test_43_columns_with_both_w_tym_and_the_order_of_sm_efs():
    golden_rows()
    header, *body = csv.reader(io.StringIO(export().decode("utf-8-sig"), newline=""), delimiter=";")
    assert header == list(SMEFS_HEADERS)
    assert [i for i, name in enumerate(header) if name == "w tym"] == [24, 30]
    assert [len(row) for row in body] == [43, 43]


def test_file_is_the_same_whatever_the_language():
    golden_rows()
    expected = export()
    with translation.override("en"):
        assert export() == expected


def test_empty_project_gives_the_header_alone():
    assert export() == "\ufeff".encode() + (";".join(SMEFS_HEADERS) + "\r\n").encode()


# As of a day

BEGAN, APPROVED, ENDED, WITHDRAWN = (datetime.date(2026, month, 15) for month in (3, 5, 7, 9))


@pytest.fixture
def one_support():
    made = participation(
        starts_on=BEGAN,
        state="ended",
        ends_on=ENDED,
        exit_situation="no_change",
        exit_as_planned=False,
        business_started_on=ENDED,
    )
    support(made, starts_on=BEGAN, approved_on=APPROVED, withdrawn_on=WITHDRAWN)
    return made


@pytest.mark.parametrize(
    ("day", "in_smefs", "in_data", "supports", "exit_"),
    [
        (BEGAN - datetime.timedelta(1), False, False, None, None),
        (BEGAN, False, True, "", ("", "", "", "")),
        (APPROVED - datetime.timedelta(1), False, True, "", ("", "", "", "")),
        (APPROVED, True, True, "2026-03-15", ("", "", "", "")),
        (ENDED - datetime.timedelta(1), True, True, "2026-03-15", ("", "", "", "")),
        (ENDED, True, True, "2026-03-15", ("2026-07-15", "no_change", "no", "2026-07-15")),
        (WITHDRAWN - datetime.timedelta(1), True, True, "2026-03-15", ("2026-07-15", "no_change", "no", "2026-07-15")),
        (WITHDRAWN, False, True, "", ("2026-07-15", "no_change", "no", "2026-07-15")),
    ],
)
def test_as_of_a_day(one_support, day, in_smefs, in_data, supports, exit_):
    assert len(rows(export(day=day))) == in_smefs
    found = [
        (
            row[DATA_HEADERS.index("support_start")],
            tuple(
                row[DATA_HEADERS.index(name)]
                for name in ("project_end", "exit_situation", "exit_as_planned", "business_start")
            ),
        )
        for row in rows(export("data_participants", day=day))
    ]
    assert found == ([(supports, exit_)] if in_data else [])


def test_a_support_approved_before_it_begins_waits_for_its_day():
    made = participation()
    support(made, starts_on=datetime.date(2026, 6, 2), approved_on=datetime.date(2026, 6, 1))
    assert rows(export(day=datetime.date(2026, 6, 1))) == []
    assert len(rows(export(day=datetime.date(2026, 6, 2)))) == 1


@pytest.mark.parametrize("state", ["preparing", "cancelled"])
def test_who_has_not_entered_stands_in_no_file(state):
    Participation.objects.create(project=base.project(), person=base.person(), kind="individual", state=state)
    assert rows(export("data_participants")) == []


def test_labels_are_those_in_force_on_the_day():
    made = participation(labour_status="employed", labour_status_detail="ngo")
    support(made)
    entry = DictionaryEntry.objects.get(field="labour_status", code="employed")
    entry.valid_to = datetime.date(2026, 10, 1)
    entry.save()
    DictionaryEntry.objects.create(
        field="labour_status", code="employed", label="Pracująca – nowa", confirmed=True, valid_from=entry.valid_to
    )
    before = datetime.date(2026, 9, 30)
    assert of("labour_status", "smefs_participants", day=before) == ["Osoba pracująca"]
    assert of("labour_status", "smefs_participants", day=entry.valid_to) == ["Pracująca – nowa"]
    versions = list(ExportRecord.objects.order_by("id").values_list("dictionary_version", flat=True))
    assert [version.split()[0] for version in versions] == ["2026-09-30", "2026-10-01"]
    assert versions[0].split()[1] != versions[1].split()[1]


def test_supports_stand_in_parallel_as_they_came_with_empty_details_kept():
    made = participation()
    later = {"starts_on": datetime.date(2026, 4, 1)}
    support(made, kind="training", detail="", **later)
    support(made, kind="advice", detail="legal")
    support(made, kind="active_integration", detail="social", **later)
    data = rows(export("data_participants"))[0]
    assert [data[DATA_HEADERS.index(f"support_{name}")] for name in ("scope", "kind", "kind_detail", "start")] == [
        "social_economy|social_economy|social_economy",
        "training|advice|active_integration",
        "|legal|social",
        "2026-04-01|2026-03-10|2026-04-01",
    ]


@pytest.mark.parametrize(
    ("flags", "scopes", "details", "expected"),
    [
        ({"scope_once": True}, ["social_economy", "social_economy"], ["", ""], ("social_economy", "|")),
        ({"scope_once": True}, ["social_economy", "other"], ["", ""], ("social_economy|other", "|")),
        ({"details_blank": True}, ["social_economy", "other"], ["", ""], ("social_economy|other", "")),
        ({"details_blank": True}, ["social_economy", "other"], ["", "legal"], ("social_economy|other", "|legal")),
    ],
)
def test_a_row_goes_back_as_sm_efs_wrote_it(flags, scopes, details, expected):
    made = participation(**flags)
    for scope, detail in zip(scopes, details, strict=True):
        support(made, scope=scope, detail=detail)
    assert of("support_scope") == [expected[0]]
    assert of("support_kind_detail") == [expected[1]]


# What is refused


def refused(profile="smefs_participants"):
    with pytest.raises(exports.Unsafe) as caught:
        export(profile)
    assert ExportRecord.objects.count() == 0
    return [(cell.row, cell.url, cell.column) for cell in caught.value.cells]


@pytest.mark.parametrize("start", ["=cmd|' /C calc'!A0", "+48", "-1", "@SUM(A1)", "\tx", "\rx", "a\u0085b"])
@pytest.mark.parametrize("profile", ["smefs_participants", "data_participants"])
def test_an_unsafe_cell_is_refused_and_named(profile, start):
    support(participation())
    made = participation(remarks=start)
    support(made)
    column = {"smefs_participants": "Uwagi", "data_participants": "remarks"}[profile]
    assert refused(profile) == [(str(made.person), reverse("reporting:participation", args=[made.pk]), column)]


def test_every_unsafe_cell_of_every_row_is_listed():
    for n in range(3):
        support(participation(person=base.person(first_name="=1"), remarks="@x", institution_name=f"-{n}"))
    assert len(refused()) == 9


def test_a_quoted_cell_with_a_formula_inside_is_no_formula():
    support(participation(remarks='to "=1"; i ";=2"'))
    assert of("remarks", "smefs_participants") == ['to "=1"; i ";=2"']


def test_a_line_break_stays_inside_its_quotes():
    support(participation(remarks="dwie\nlinie"))
    support(participation())
    assert b';"dwie\nlinie"\r\n' in export()
    assert of("remarks", "smefs_participants") == ["dwie\nlinie", ""]


def test_a_code_without_a_label_is_refused():
    support(participation(education="isced_9"), kind="secret_kind")
    assert [column for _row, _url, column in refused()] == ["Wykształcenie", "Rodzaj przyznanego wsparcia"]


def test_a_bar_inside_a_support_is_refused():
    support(participation(), kind="a|b")
    assert [column for _row, _url, column in refused("data_participants")] == ["support_kind"]


@pytest.mark.parametrize("text", ["=AB12", "AB\t12"])
def test_an_unsafe_identifier_is_refused_without_being_shown(text):
    person = base.person()
    Person.objects.filter(pk=person.pk).update(identifier_cipher=crypto.encrypt(text, purpose="person.identifier"))
    support(participation(person=person))
    assert [column for _row, _url, column in refused()] == ["PESEL/Inny identyfikator"]


def test_an_identifier_that_cannot_be_opened_is_refused():
    person = base.person()
    Person.objects.filter(pk=person.pk).update(identifier_cipher=crypto.encrypt("1", purpose="another"))
    support(participation(person=person))
    assert [column for _row, _url, column in refused()] == ["PESEL/Inny identyfikator"]


# Generated rows, read back


class Undo(Exception):
    """Takes back the rows of one example."""


TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"';,|=+-@ ąćęłńóśźżĄŻ–„”’😀"),
        st.characters(min_codepoint=0x20, exclude_categories=["Cc", "Cs"]),
    ),
    max_size=120,
)
SAFE = TEXT.filter(lambda text: not text.startswith(("=", "+", "-", "@")))
FIRST = SAFE.filter(bool).map(lambda text: text[:80])  # a first name is shorter than other texts
SUPPORTS = st.lists(
    st.tuples(st.sampled_from(["advice", "training"]), st.sampled_from(["", "legal"]), st.integers(1, 28)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(FIRST, SAFE.filter(bool), SAFE, SAFE, SUPPORTS, st.sampled_from(["f", "m"])),
        min_size=1,
        max_size=4,
    )
)
def test_every_cell_is_what_the_orm_holds(people):
    try:
        with transaction.atomic():
            expected = []
            for first, last, institution, remarks, supports, sex in people:
                number = base.pesel(sex=sex)
                made = participation(
                    person=base.person(first_name=first, last_name=last, sex=sex, pesel_=number),
                    institution_name=institution,
                    remarks=remarks,
                )
                for kind, detail, day in supports:
                    support(made, kind=kind, detail=detail, starts_on=datetime.date(2026, 3, day))
                given_ = list(made.supports.order_by("id"))
                kinds, details = labels("support_kind"), {"": "", **labels("support_kind_detail")}
                expected.append(
                    [
                        base.project().number,
                        institution,
                        first,
                        last,
                        number,
                        labels("sex")[sex],
                        "|".join(kinds[each.kind] for each in given_),
                        "|".join(details[each.detail] for each in given_),
                        "|".join(each.starts_on.isoformat() for each in given_),
                        remarks,
                    ]
                )
            found = [[row[i] for i in (0, 3, 4, 5, 6, 9, 29, 30, 31, 42)] for row in rows(export())]
            assert found == expected
            raise Undo
    except Undo:
        pass


# Cost, record, leaks


def test_queries_do_not_grow_with_the_rows():
    counts = []
    for more in (1, 2, 197):
        for _ in range(more):
            support(participation())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            content = export()
        counts.append(len(queries))
    assert len(rows(content)) == 200
    assert counts == [counts[0]] * 3
    assert counts[0] <= 8


def test_an_export_leaves_one_record_without_personal_data(caplog):
    user = base.user(Role.COORDINATOR, projects=[base.project()])
    person = base.person(pesel_=base.pesel(serial=77), last_name="Sekretna")
    support(participation(person=person))
    content = export(by=user)
    record = ExportRecord.objects.get()
    assert (record.rows, record.size, record.sha256) == (1, len(content), hashlib.sha256(content).hexdigest())
    assert (record.profile, record.scope, record.as_of, record.by) == (
        "smefs_participants",
        "FELB.06.10-IZ.00-0007/24",
        DAY,
        user,
    )
    assert record.file_name == f"FELB.06.10-IZ.00-0007_24_smefs_participants_2026-11-20_{record.pk:04d}.csv"
    written = str(vars(record)) + caplog.text
    assert base.pesel(serial=77) in content.decode()
    assert base.pesel(serial=77) not in written
    assert "Sekretna" not in written


def test_a_partner_exports_only_its_own_people():
    partner = base.unit(UnitKind.PARTNER)
    user = base.user(Role.COORDINATOR, unit_=partner, projects=[base.project()])
    support(participation())
    ours = participation(person=base.person(units=[partner]))
    support(ours)
    assert [row[5] for row in rows(export(by=user))] == [ours.person.last_name]
    assert len(rows(export())) == 2
