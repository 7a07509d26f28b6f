"""Files of partnerships: members, commitments, meetings, and the report for ROPS."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import ExportRecord
from centrum.staff.enums import UnitKind
from partners import commitments, meetings, programme, services
from tests.factories import base
from tests.factories import partners as make

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def row(keeper):
    return make.partnership(by=keeper)


def lines(response):
    """Rows of a file as {header: cell}."""
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def file_of(office, row, profile, day=None):
    said = {"profile": profile, "day": f"{day or clock.today():%d.%m.%Y}", "reason": "Sprawozdanie"}
    return lines(office.post(reverse("partners:files", args=[row.public_id]), said))


def report_of(office, first, last):
    said = {"first": f"{first:%d.%m.%Y}", "day": f"{last:%d.%m.%Y}", "reason": "ROPS"}
    return lines(office.post(reverse("partners:report"), said))


def test_members_as_of_a_day(office, keeper, row):
    kept = base.organisation(name="Fundacja Ł", nip=base.nip())
    gone = base.organisation(name="=1+1")
    make.member(row, by=keeper, organisation=kept, competences=("lokal", "doradztwo-prawne"), role="lead")
    left = make.member(row, by=keeper, organisation=gone)
    services.end_member(left, by=keeper, valid_to=D(2025, 5, 1))
    today = file_of(office, row, "partnership_members")
    assert [(r["Organizacja"], r["NIP"], r["Rola"], r["Od"], r["Pierwszy dzień po członkostwie"]) for r in today] == [
        ("Fundacja Ł", kept.nip, "lider", "2024-01-15", "")
    ]
    assert len(today[0]["Kompetencje"].split(", ")) == 2
    before = file_of(office, row, "partnership_members", D(2025, 4, 30))
    assert [r["Organizacja"] for r in before] == ["'=1+1", "Fundacja Ł"]
    assert file_of(office, row, "partnership_members", D(2024, 1, 14)) == []
    record = ExportRecord.objects.order_by("pk").first()
    assert (record.profile, record.rows, record.reason, record.by) == ("partnership_members", 1, "Sprawozdanie", keeper)


def test_commitments_with_their_states(office, keeper, row):
    member = make.member(row, by=keeper, organisation=base.organisation(name="Fundacja Ł"))
    meeting = make.meeting(row, by=keeper, title="Zjazd")
    for text, due_on in (("Umowa; druk", D(2026, 5, 2)), ("Lokal", D(2026, 5, 1))):
        commitments.promise(row, by=keeper, membership=member, text=text, due_on=due_on, meeting=meeting)
    done = row.commitments.get(text="Lokal")
    commitments.step(done, "finish", by=keeper, done_on=D(2026, 4, 30))
    assert [tuple(r.values()) for r in file_of(office, row, "partnership_commitments")] == [
        ("Lokal", "Fundacja Ł", "2026-05-01", "wykonane", "2026-04-30", "Zjazd"),
        ("Umowa; druk", "Fundacja Ł", "2026-05-02", "otwarte", "", "Zjazd"),
    ]


def attended(row, keeper, *sexes, days=-1, there=None):
    """A held meeting at which people of `sexes` were, each a representative of a member of their own."""
    meeting = make.meeting(row, by=keeper, days=days)
    people = [
        make.representative(make.member(row, by=keeper), by=keeper, sex=sex, with_pesel=bool(sex)) for sex in sexes
    ]
    meetings.invite(meeting, by=keeper, representatives=people)
    meeting = meetings.step(meeting, "hold", by=keeper)
    present = {one.pk for one in meeting.invitations.order_by("pk")[: len(sexes) if there is None else there]}
    return meetings.note_attendance(meeting, by=keeper, present=present)


def test_meetings_with_attendance(office, keeper, row):
    meeting = attended(row, keeper, "f", "f", "m", "", "f", there=4)
    meetings.save_decision(meeting, by=keeper, number=1, text="Pralnia")
    make.meeting(row, by=keeper)
    begins, ends = (f"{clock.local(at):%Y-%m-%d %H:%M}" for at in (meeting.starts_at, meeting.ends_at))
    assert [tuple(r.values()) for r in file_of(office, row, "partnership_meetings")] == [
        ("Spotkanie", "spotkanie", begins, ends, "Dobiegniew", "odbyło się", "5", "2", "1", "1", "1", "0")
    ]


def test_the_report_counts_what_was_in_the_period(office, keeper, row):
    today = clock.today()
    first = today - datetime.timedelta(days=30)
    services.add_area(row, by=keeper, teryt="0806", name="strzelecko-drezdenecki")
    meeting = attended(row, keeper, "f", "m")
    attended(row, keeper, "f", days=-40)
    meetings.save_decision(meeting, by=keeper, number=1, text="Pralnia")
    # the same woman comes again: one person
    woman = meeting.invitations.get(person__sex="f")
    again = make.meeting(row, by=keeper, days=-2)
    speaker = woman.membership.representatives.get()
    meetings.invite(again, by=keeper, representatives=[speaker])
    again = meetings.step(again, "hold", by=keeper)
    meetings.note_attendance(again, by=keeper, present=set(again.invitations.values_list("pk", flat=True)))
    new = make.member(row, by=keeper, valid_from=first)
    commitments.promise(row, by=keeper, membership=new, text="Lokal", due_on=today)
    commitments.step(row.commitments.get(), "finish", by=keeper, done_on=today)
    task = programme.save_task(row, by=keeper, number=1, text="Zadanie")
    milestone = programme.save_milestone(
        task, by=keeper, name="oferty", unit="szt.", planned=Decimal(2), planned_on=today
    )
    programme.note_reached(milestone, by=keeper, reached=Decimal("3.50"), on=today)
    make.partnership("ended", by=keeper, name="Dawne")
    foreign = make.keeper(base.unit(UnitKind.PARTNER))
    make.partnership(by=foreign, name="Obce")
    found = report_of(office, first, today)
    assert {"Dawne"} & {r["Partnerstwo"] for r in found} == set()
    mine = next(r for r in found if r["Partnerstwo"] == row.name)
    assert list(mine.values())[2:] == [
        "partnerstwo lokalne", "aktywne", "strzelecko-drezdenecki", "2024-01-15", "", "4", "1", "2", "1", "1", "0",
        "1", "1", "oferty: 3,5 szt.",
    ]  # fmt: skip
    office.force_login(foreign)
    assert [r["Partnerstwo"] for r in report_of(office, first, today)] == ["Obce"]


def test_one_that_ended_in_the_period_has_the_members_of_its_last_day(office, keeper):
    row = make.partnership(by=keeper)
    make.member(row, by=keeper)
    services.step(row, "end", by=keeper, ended_on=D(2026, 3, 1), reason="Koniec.")
    found = report_of(office, D(2026, 1, 1), clock.today())
    assert [(r["Ostatni dzień"], r["Członkowie na koniec okresu"]) for r in found] == [("2026-03-01", "1")]
    assert report_of(office, D(2026, 3, 2), clock.today()) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": "2.01.2026", "day": "1.01.2026"}, "day"),
        ({"day": "1.01.2999"}, "day"),
        ({"first": ""}, "first"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_wrong_period_is_told_at_its_field(office, change, field):
    said = {"first": "1.01.2026", "day": "1.02.2026", "reason": "ROPS"} | change
    page = office.post(reverse("partners:report"), said)
    assert (page.status_code, list(page.context["form"].errors), ExportRecord.objects.count()) == (200, [field], 0)


def test_files_of_partnerships_are_not_files_of_projects(office, row):
    page = office.post(
        reverse("partners:files", args=[row.public_id]),
        {"profile": "smefs_participants", "day": "1.01.2026", "reason": "x"},
    )
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["profile"])
    with pytest.raises(CommandError):
        call_command("export", "partnership_members", project=base.project().number)


@pytest.mark.parametrize("profile", ["partnership_members", "partnership_meetings"])
def test_queries_do_not_grow(office, keeper, row, profile):
    def asked():
        with CaptureQueriesContext(connection) as found:
            file_of(office, row, profile)
        return len(found)

    attended(row, keeper, "f")
    first = asked()
    attended(row, keeper, "f")
    attended(row, keeper, "m")
    assert asked() == first
