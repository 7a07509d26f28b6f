"""The files over the events of a period and of one event: what they count, to the line."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from centrum.cases.models import ServiceType
from centrum.kit import clock, exports
from centrum.kit.exports import Since
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import reporting as reporting_factory
from tests.factories import trainings as make
from trainings import attendance, costs, enrolments, events
from trainings.attendance import Mark
from trainings.enums import CostKind, TrainingForm

pytestmark = pytest.mark.django_db
OVER_A_PERIOD = ("trainings_events", "trainings_hours", "trainings_participants", "trainings_costs")
AGO = datetime.timedelta(days=60)


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER, projects=[base.project()])


@pytest.fixture
def boss(keeper):
    return base.user(Role.MANAGER, unit_=keeper.unit, projects=[base.project()])


def told(by, profile, scope=None):
    """Lines of a file, as dictionaries."""
    made = exports.export(
        exports.find(profile), project=scope or Since(clock.today() - AGO), day=clock.today(), by=by, reason="Próba"
    )
    with made.file as file:
        text = file.read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def in_polish(choice):
    with translation.override("pl"):
        return str(choice.label)


def of_two(keeper, boss, **fields):
    """A training in the project: one woman of it all the time, one typed person half of it."""
    kind = ServiceType.objects.get(code="szkolenie-kadr")
    event = make.event("running", by=keeper, days=-7, project=base.project(), service_type=kind, **fields)
    first, second = make.enrolment(event, by=keeper, last_name="Aa"), make.enrolment(event, by=keeper, last_name="Bb")
    entered = reporting_factory.participation("entered", project=base.project())
    entered.person.units.add(keeper.unit)
    enrolments.link_person(first, by=keeper, person=entered.person)
    session = event.sessions.get()
    attendance.note(session, by=keeper, said=[(second, Mark(), Mark(True, datetime.time(12)))])
    make.attended(event, by=keeper, boss=boss)
    return event


def test_hours_by_project_and_form(keeper, boss):
    of_two(keeper, boss, hour_minutes=45)
    of_two(keeper, boss)
    make.event("running", by=keeper, days=-7, form="workshop")
    make.event("cancelled", by=keeper, days=-7)
    by = base.user(Role.COORDINATOR, unit_=keeper.unit)
    lines = [tuple(line.values()) for line in told(by, "trainings_hours")]
    assert lines == [
        (base.project().number, in_polish(TrainingForm.TRAINING), "2", "12,00", "18,00", "4", "2"),
        ("", in_polish(TrainingForm.WORKSHOP), "1", "6,00", "0,00", "0", "0"),
    ]


def test_participants_by_sex_and_status(keeper, boss):
    event = of_two(keeper, boss)
    make.enrolment(event, by=keeper)  # never came
    (line,) = told(keeper, "trainings_participants")
    counted = {name: line[name] for name in list(line)[5:]}
    assert counted == {
        "Obecni": "2",
        "Kobiety": "1",
        "Mężczyźni": "0",
        "Płeć nieznana": "1",
        "Bezrobotni": "1",
        "Bierni zawodowo": "0",
        "Pracujący": "0",
        "Spoza projektu": "1",
        "Z podmiotów ekonomii społecznej (deklaracja)": "0",
        "Zagrożeni wykluczeniem (deklaracja)": "0",
    }


def test_costs_planned_and_paid_also_of_cancelled_events(keeper, boss):
    event = make.event("published", by=keeper, days=-7, project=base.project(), budget_line="Zadanie 3")
    row = make.cost(event, by=keeper, planned=Decimal("1234.50"))
    make.cost(event, by=keeper, kind="other", description="Kwiaty", planned=Decimal(20))
    costs.pay(row, by=boss, paid=Decimal("1200.5"), paid_on=clock.today(), document="FV/7")
    events.step(event, "cancel", by=keeper, reason="Powódź.")
    with translation.override("pl"):
        kinds = [str(CostKind.CATERING.label), str(CostKind.OTHER.label)]
    lines = [tuple(line.values()) for line in told(keeper, "trainings_costs")]
    shared = (event.number, event.title, base.project().number, "Zadanie 3")
    today = str(clock.today())
    assert lines == [
        (*shared, kinds[0], "Przerwa kawowa", "", "1234,50", "1200,50", today, "FV/7"),
        (*shared, kinds[1], "Kwiaty", "", "20,00", "", "", ""),
    ]
    assert told(keeper, "trainings_events") == []


def test_the_file_of_events_tells_who_came_papers_and_money(keeper, boss):
    event = of_two(keeper, boss)
    make.cost(event, by=keeper)
    (line,) = told(keeper, "trainings_events")
    last = {name: line[name] for name in list(line)[-4:]}
    assert last == {
        "Obecni": "2",
        "Zaświadczenia": "0",
        "Koszty planowane (zł)": "180,00",
        "Koszty zapłacone (zł)": "0,00",
    }


def test_the_attendance_of_one_event(client, keeper, boss):
    event = of_two(keeper, boss)
    client.force_login(keeper)
    said = {"day": f"{clock.today():%d.%m.%Y}", "reason": "Kontrola", "profile": "training_attendance"}
    answer = client.post(reverse("trainings:files", args=[event.public_id]), said)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    shown = [(line["Nazwisko"], line["Obecność"], line["Minuty"], line["Zatwierdzone"]) for line in lines]
    assert shown == [("Aa", "tak", "360", "tak"), ("Bb", "tak", "180", "tak")]
    assert [line["Przyjście"].endswith("12:00") for line in lines] == [False, True]
    assert lines[0]["Przyjście"] == ""


@pytest.mark.parametrize(
    "profile", ["trainings_events", "trainings_hours", "trainings_participants", "trainings_costs"]
)
def test_a_file_asks_no_more_for_three_than_for_one(keeper, boss, profile):
    counted = []
    for number in (1, 2):
        for _n in range(number):
            make.cost(of_two(keeper, boss), by=keeper)
        with CaptureQueriesContext(connection) as queries:
            told(keeper, profile)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_partner_s_file_holds_their_own_events_alone(keeper, boss):
    of_two(keeper, boss)
    partner = base.user(Role.COORDINATOR, unit_=base.unit("partner", "obcy"))
    for profile in OVER_A_PERIOD:
        assert told(partner, profile) == []


def test_who_pays_takes_the_file_of_costs_alone(client, keeper):
    event = make.event("published", by=keeper, days=-7)
    make.cost(event, by=keeper)
    payer = base.user(Role.ACCOUNTANT, unit_=keeper.unit)
    client.force_login(payer)
    page = reverse("trainings:cost-report")
    assert page in client.get(reverse("trainings:list")).content.decode()
    today = f"{clock.today():%d.%m.%Y}"
    first = f"{clock.today() - AGO:%d.%m.%Y}"
    said = {"day": today, "first": first, "reason": "Rozliczenie", "profile": "trainings_costs"}
    text = b"".join(client.post(page, said).streaming_content).decode("utf-8-sig")
    assert [line["Numer"] for line in csv.DictReader(io.StringIO(text), delimiter=";")] == [event.number]
    assert client.post(page, said | {"profile": "trainings_events"}).status_code == 200
    assert client.get(reverse("trainings:report")).status_code == 403
