"""Events from the draft to the settlement, by the pages and by the services."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from centrum.kit import clock, transitions
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import trainings as make
from trainings import capacity, events, programmes
from trainings.enums import EVENT_MOVES, EnrolmentState, EventState
from trainings.models import AccessNeeds, Event, Programme, Session

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("trainings:list"), reverse("trainings:new")


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, row, **more):
    return reverse(f"trainings:{name}", kwargs={"public_id": row.public_id, **more})


def polish(day):
    return f"{day:%d.%m.%Y}"


def typed(**more):
    first = clock.today() + datetime.timedelta(days=20)
    return {
        "form": "workshop",
        "title": "Statut bez tajemnic",
        "description": "Praca nad statutem.",
        "hour_minutes": "60",
        "outcome": "none",
        "minimum_attendance": "80",
        "starts_on": polish(first),
        "organiser": "",
        "public": "on",
        "enrols_until": polish(first - datetime.timedelta(days=1)),
        "offer_hours": "48",
        "seats": "12",
    } | more


# From the draft to the enrolment


def test_an_event_is_written_filled_and_opened(office, keeper):
    answer = office.post(NEW, typed(organiser=keeper.pk))
    row = Event.objects.get()
    assert answer.url == url("event", row)
    assert (row.state, row.unit, row.number[:3]) == ("draft", keeper.unit, "SZ/")
    assert [(group.kind, group.capacity, group.overbooking) for group in row.groups.all()] == [("any", 12, 0)]
    hours = {"first_day": polish(row.starts_on), "starts": "09:00", "ends": "15:00"}
    assert office.post(url("session-new", row), hours).url == url("event", row)
    for action in ("publish", "open"):
        office.post(url("move", row, action=action))
    row.refresh_from_db()
    assert row.state == "enrolment"
    assert office.get(reverse("events:event", args=[row.public_id])).status_code == 200
    last = clock.local(row.enrols_until)
    assert (last.date(), last.hour, last.minute) == (row.starts_on - datetime.timedelta(days=1), 23, 59)


def test_a_programme_fills_in_its_event(office, keeper):
    programme = make.programme(by=keeper, title="Księgowość", outcome="competence", outcome_name="Księgowanie")
    form = office.get(f"{NEW}?programme={programme.pk}").context["form"]
    assert (form.initial["title"], form.initial["outcome_name"]) == ("Księgowość", "Księgowanie")
    assert office.get(f"{NEW}?programme={programme.pk + 1}").status_code == 404
    office.post(f"{NEW}?programme={programme.pk}", typed(organiser=keeper.pk))
    assert Event.objects.get().programme == programme


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 10_000}, "title"),
        ({"ends_on": "1.1.2020"}, "ends_on"),
        ({"seats": "0"}, "seats"),
        ({"minimum_attendance": "101"}, "minimum_attendance"),
        ({"outcome": "competence"}, "__all__"),
        ({"budget_line": "3.1"}, "__all__"),
        ({"offer_hours": "0"}, "offer_hours"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(office, keeper, wrong, field):
    page = office.post(NEW, typed(organiser=keeper.pk) | wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert Event.objects.count() == 0


def test_the_project_runs_on_the_days_of_its_event(keeper):
    project = base.project(staff=[keeper])
    row = make.event("draft", by=keeper, project=project)
    after = project.ends_on + datetime.timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        events.create_event(by=keeper, unit=keeper.unit, form="course", title="Po projekcie", project=project,
                            starts_on=after, ends_on=after)  # fmt: skip
    assert list(refusal.value.message_dict) == ["project"]
    assert row.project == project


def test_days_stay_around_the_sessions(office, keeper):
    row = make.event("draft", by=keeper, sessions=2)
    later = row.starts_on + datetime.timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        events.update_event(row, by=keeper, starts_on=later)
    assert list(refusal.value.message_dict) == ["starts_on"]
    with pytest.raises(Refused):
        events.update_event(row, by=keeper, ends_on=row.starts_on)
    with pytest.raises(Exception, match="within the days"), transaction.atomic():
        Event.objects.filter(pk=row.pk).update(starts_on=later)


def test_who_is_enrolled_is_told_of_other_days_once(keeper):
    row = make.event(by=keeper)
    make.enrolment(row)
    make.enrolment(row, email="")
    before = OutboxMessage.objects.count()
    events.update_event(row, by=keeper, target_group="Wszyscy")
    assert OutboxMessage.objects.count() == before
    events.update_event(row, by=keeper, title="Inny tytuł")
    row.refresh_from_db()
    assert (OutboxMessage.objects.count(), row.revision) == (before + 1, 1)


def test_the_same_again_on_other_days(office, keeper):
    row = make.event("settled", by=keeper, sessions=2, seats={"pes": 3, "person": 4}, days=-30)
    first = clock.today() + datetime.timedelta(days=60)
    answer = office.post(url("copy", row), {"starts_on": polish(first)})
    copy = Event.objects.exclude(pk=row.pk).get()
    assert answer.url == url("event", copy)
    assert (copy.state, copy.starts_on, copy.ends_on) == ("draft", first, first + datetime.timedelta(days=1))
    assert set(copy.groups.values_list("kind", "capacity")) == {("pes", 3), ("person", 4)}
    hours = [(clock.local(s.starts_at).hour, clock.local(s.ends_at).hour) for s in copy.sessions.all()]
    assert hours == [(9, 15), (9, 15)]


def test_seats_are_set_and_never_below_who_has_one(office, keeper):
    row = make.event(by=keeper, seats=2)
    for _number in range(2):
        make.enrolment(row)
    page = office.post(url("seats", row), {"any_capacity": "1"})
    assert page.context["form"].errors
    assert row.groups.get().capacity == 2
    assert office.post(url("seats", row), {"any_capacity": "5", "any_overbooking": "1"}).url == url("event", row)
    assert (row.groups.get().capacity, row.groups.get().overbooking) == (5, 1)
    both = {"any_capacity": "5", "pes_capacity": "3"}
    assert office.post(url("seats", row), both).context["form"].errors
    assert office.post(url("seats", row), {"any_capacity": ""}).context["form"].errors


# Moves


@pytest.mark.parametrize("action", [move.action for move in EVENT_MOVES])
@pytest.mark.parametrize("state", EventState.values)
def test_every_state_and_action(keeper, state, action):
    row = make.event(state, by=keeper)
    move = transitions.find(EVENT_MOVES, action)
    changes = StateChange.objects.count()
    moment = {"start": make.at(14, 9), "settle": make.at(16, 9)}.get(action, clock.now())
    with clock.at(moment):
        if state in move.sources:
            assert events.step(row, action, by=keeper, reason="Powód.").state == move.target
            assert StateChange.objects.count() == changes + 1
        else:
            with pytest.raises(Stale):
                events.step(row, action, by=keeper, reason="Powód.")
            row.refresh_from_db()
            assert (row.state, StateChange.objects.count()) == (state, changes)


@pytest.mark.parametrize("target", EventState.values)
@pytest.mark.parametrize("state", EventState.values)
def test_the_table_refuses_what_the_moves_do_not_know(keeper, state, target):
    row = make.event(state, by=keeper)
    arrows = {(source, move.target) for move in EVENT_MOVES for source in move.sources}
    if state == target or (state, target) in arrows:
        return
    with pytest.raises(InternalError), transaction.atomic():
        Event.objects.filter(pk=row.pk).update(state=target)


def test_enrolment_is_opened_with_seats_and_in_time(keeper):
    row = make.event("published", by=keeper, seats=0)
    with pytest.raises(Refused):
        events.step(row, "open", by=keeper)
    row = make.event("published", by=keeper, enrols_until=make.at(15, 12))
    with pytest.raises(Refused):
        events.step(row, "open", by=keeper)
    row = make.event("published", by=keeper, enrols_until=None)
    with pytest.raises(Refused):
        events.step(row, "open", by=keeper)


def test_an_event_begins_and_is_settled_on_its_days(keeper):
    row = make.event("closed", by=keeper)
    with pytest.raises(Refused):
        events.step(row, "start", by=keeper)
    with clock.at(make.at(14, 9)):
        row = events.step(row, "start", by=keeper)
        with pytest.raises(Refused):
            events.step(row, "settle", by=keeper)


def test_settling_deletes_what_people_needed(keeper):
    row = make.event("closed", by=keeper)
    capacity.enrol(row, by=keeper, first_name="Jan", last_name="Kos", email="j@example.org", needs={"loop": True})
    assert AccessNeeds.objects.count() == 1
    with clock.at(make.at(15, 1)):
        events.step(events.step(row, "start", by=keeper), "settle", by=keeper)
    assert AccessNeeds.objects.count() == 0


def test_cancelling_tells_everybody_and_frees_room_and_trainer(office, keeper):
    room, trainer = make.room(), make.trainer()
    row = make.event(by=keeper, seats=1, sessions=0)
    hours = {"starts_at": make.at(14, 9), "ends_at": make.at(14, 15)}
    make.add_session(row, by=keeper, room=room, trainers=[trainer], **hours)
    make.enrolment(row)
    make.enrolment(row)
    before = OutboxMessage.objects.count()
    assert office.post(url("move", row, action="cancel"), {"reason": " "}).context["form"].errors
    assert office.post(url("move", row, action="cancel"), {"reason": "Awaria ogrzewania."}).url == url("event", row)
    letters = OutboxMessage.objects.order_by("-pk")[: OutboxMessage.objects.count() - before]
    assert len(letters) == 2 and all("Awaria ogrzewania." in letter.body for letter in letters)
    other = make.event("draft", by=keeper, sessions=0)
    assert make.add_session(other, by=keeper, room=room, trainers=[trainer], **hours).room == room
    with pytest.raises(Stale):
        events.update_event(row, by=keeper, title="Po wszystkim")


# Who and lists


def test_a_unit_keeps_its_own(client, keeper):
    row = make.event(by=keeper)
    other = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    with pytest.raises(PermissionDenied):
        events.step(row, "close", by=other)
    with pytest.raises(PermissionDenied):
        events.create_event(by=other, unit=keeper.unit, form="course", title="x", starts_on=clock.today(),
                            ends_on=clock.today())  # fmt: skip
    client.force_login(other)
    assert client.get(LIST).context["page"].rows == []
    assert client.get(url("event", row)).status_code == 404


def test_the_list_is_narrowed(office, keeper):
    draft, past = make.event("draft", by=keeper, form="course"), make.event("settled", by=keeper, days=-30)
    shown = {
        "": [draft, past],
        "?state=coming": [draft],
        "?state=settled": [past],
        "?form=course": [draft],
        f"?q={past.number}": [past],
        "?q=qwxz": [],
    }
    for query, rows in shown.items():
        assert office.get(LIST + query).context["page"].rows == rows, query


@pytest.mark.parametrize("name", ["list", "event", "programmes", "trainers", "venues"])
def test_pages_cost_the_same_with_one_row_and_three(office, keeper, name):
    row = make.event(by=keeper, sessions=1, days=5)

    def more():
        make.event(by=keeper)
        make.programme(by=keeper)
        make.trainer()
        make.room()
        make.add_session(row, by=keeper, starts_at=make.at(5, 16 + Session.objects.filter(event=row).count()),
                         ends_at=make.at(5, 17 + Session.objects.filter(event=row).count()), trainers=[make.trainer()],
                         room=make.room())  # fmt: skip

    def queries():
        address = url("event", row) if name == "event" else reverse(f"trainings:{name}")
        with CaptureQueriesContext(connection) as found:
            assert office.get(address).status_code == 200
        return len(found)

    more()
    queries()
    one = queries()
    more()
    more()
    assert queries() == one


def test_the_file_of_events_tells_hours_and_people(office, keeper):
    long_ago = clock.now() - datetime.timedelta(days=40)
    with clock.at(long_ago):
        row = make.event(by=keeper, seats=1, sessions=2, hour_minutes=45)
        make.enrolment(row)
        make.enrolment(row)
        make.event("draft", by=keeper)
    said = {"day": polish(clock.today()), "reason": "Sprawozdanie"}
    lines = _lines(
        office.post(
            reverse("trainings:report"), said | {"profile": "trainings_events", "first": polish(long_ago.date())}
        )
    )
    told = [(line["Numer"], line["Godziny zajęć"], line["Miejsca"], line["Zapisani"]) for line in lines]
    assert told == [(row.number, "16,00", "1", "1")]
    assert [line["Lista rezerwowa"] for line in lines] == ["1"]
    people = _lines(office.post(url("files", row), said | {"profile": "training_enrolled"}))
    with translation.override("pl"):
        states = [str(EnrolmentState.SEATED.label), str(EnrolmentState.RESERVE.label)]
    assert [line["Zapis"] for line in people] == states


def _lines(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


# Programmes


def test_a_programme_is_kept_and_retired(office, keeper):
    said = {
        "form": "course",
        "title": "Księgowość",
        "hours": "60",
        "hour_minutes": "45",
        "outcome": "none",
        "minimum_attendance": "80",
    }
    office.post(reverse("trainings:programme-new"), said)
    row = Programme.objects.get()
    event = make.event("draft", by=keeper, title="Stary tytuł")
    office.post(reverse("trainings:programme-edit", args=[row.pk]), said | {"title": "Księgowość od podstaw"})
    office.post(reverse("trainings:programme-offer", args=[row.pk]))
    row.refresh_from_db()
    event.refresh_from_db()
    assert (row.title, row.retired_on, event.title) == ("Księgowość od podstaw", clock.today(), "Stary tytuł")
    assert list(programmes.offered()) == []
    with pytest.raises(Stale):
        programmes.retire(row, by=keeper)
    office.post(reverse("trainings:programme-offer", args=[row.pk]), {"again": "1"})
    assert list(programmes.offered()) == [row]
