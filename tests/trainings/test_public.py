"""What the public sees of training events: the calendar with its filters, one event, calendar files."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from centrum.kit import clock
from tests.factories import base
from tests.factories import trainings as make
from trainings import capacity, events, own, sessions
from trainings.models import Event

pytestmark = pytest.mark.django_db
LIST = "/szkolenia/"


def shown(client, **filters):
    return [card["event"] for month in client.get(LIST, filters).context["months"] for card in month["cards"]]


def entries(body):
    return [
        (str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend"), int(e["sequence"]), str(e["status"]))
        for e in Calendar.from_ical(body).walk("VEVENT")
    ]


def page(client, event):
    return client.get(reverse("events:event", args=[event.public_id]))


def opened(by, *hours, **fields):
    """An event with these sessions (start, end, {fields}), whose enrolment is open."""
    event = make.event("draft", by=by, sessions=0, **fields)
    for starts, ends, more in hours:
        sessions.add(event, by=by, starts_at=starts, ends_at=ends, **more)
    for action in make.WAY["enrolment"]:
        event = events.step(event, action, by=by)
    return event


# the calendar


def test_the_calendar_shows_what_is_public_in_the_order_of_days(client):
    late, soon = make.event(days=40), make.event("published", days=3)
    for state in ("draft", "cancelled", "settled"):
        make.event(state)
    make.event(public=False)
    assert shown(client) == [soon, late]
    assert "<script" not in client.get(LIST).content.decode().replace('<script src="', "")


def test_an_empty_calendar_says_what_would_be_there(client):
    response = client.get(LIST)
    assert (response.status_code, response.context["months"]) == (200, [])
    assert 'class="empty"' in response.content.decode()


def test_months_are_headed_once(client):
    with clock.at(datetime.datetime(2026, 3, 2, 9, tzinfo=clock.WARSAW)):
        for days in (1, 8, 40):
            make.event(days=days)
        months = client.get(LIST).context["months"]
    assert [(m["month"], len(m["cards"])) for m in months] == [
        (datetime.date(2026, 3, 1), 2),
        (datetime.date(2026, 4, 1), 1),
    ]


def test_filters(client):
    with clock.at(datetime.datetime(2026, 3, 2, 9, tzinfo=clock.WARSAW)):
        by = make.keeper()
        training = make.event(days=5, by=by)
        online = (make.at(45, 9), make.at(45, 11), {"link": "https://example.org/x"})
        webinar = opened(by, online, form="webinar", days=45)
        for_pes = make.event(only_pes=True, days=6, seats={"pes": 1})
        for_persons = make.event(days=7, seats={"person": 1})
        make.enrolment(for_persons)
        assert shown(client, form="webinar") == [webinar]
        assert shown(client, month="2026-04-01") == [webinar]
        assert shown(client, place="online") == [webinar]
        assert shown(client, who="pes") == [training, for_pes, webinar]
        assert shown(client, who="person") == [training, for_persons, webinar]
        assert shown(client, free="on") == [training, for_pes, webinar]
        assert shown(client, form="webinar", who="person", free="on") == [webinar]
        # what makes no sense is left out and said
        wrong = client.get(LIST, {"form": "ball", "month": "x", "place": "7", "who": "cats"})
        assert wrong.context["filters"].errors.keys() == {"form", "month", "place", "who"}
        assert len(wrong.context["page"].rows) == 4


def test_a_commune_is_offered_once_something_is_held_there(client):
    by, room = make.keeper(), make.room()
    event = opened(by, (make.at(14, 9), make.at(14, 12), {"room": room}))
    assert [value for value, _name in client.get(LIST).context["filters"].fields["place"].choices] == ["", "online"]
    commune = base.commune()
    room.venue.commune = commune
    room.venue.save()
    make.event()
    assert shown(client, place=str(commune.pk)) == [event]


def test_what_we_have_done_stands_apart_newest_first(client):
    with clock.at(make.at(-30)):
        older = make.event(days=2)
    with clock.at(make.at(-20)):
        newer = make.event("settled", days=2)
    coming = make.event()
    assert shown(client) == [coming]
    assert shown(client, past="1") == [newer, older]


@pytest.mark.parametrize("path", [LIST, LIST + "?past=1", "/szkolenia/kalendarz.ics"])
def test_the_number_of_queries_does_not_grow(client, path):
    counts = []
    by = make.keeper()
    with clock.at(make.at(-20)):
        client.get(path)
    for number in (1, 2):
        for _row in range(number):
            hours = (make.at(14, 9), make.at(14, 12), {"room": make.room()})
            event = opened(by, hours, seats={"pes": 1, "person": 2})
            make.enrolment(event, wanted="person")
        at = make.at(20 if "past" in path else 0)
        with clock.at(at), CaptureQueriesContext(connection) as found:
            client.get(path)
        counts.append(len(found))
    assert counts[0] == counts[1]


# one event


@pytest.mark.parametrize(
    ("state", "enrols"),
    [("published", False), ("enrolment", True), ("closed", False), ("running", False), ("settled", False)],
)
def test_the_page_says_whether_one_may_enrol_and_why_not(client, state, enrols):
    event = make.event(state)
    response = page(client, event)
    way = reverse("events:enrol", args=[event.public_id])
    assert (response.context["standing"].enrols, way in response.content.decode()) == (enrols, enrols)
    assert response.context["standing"].why in response.content.decode()


def test_seats_are_those_that_one_would_get(client):
    event = make.event(seats=2)
    first = make.enrolment(event)
    assert [free for _group, free in page(client, event).context["seats"]] == [1]
    make.enrolment(event)
    make.enrolment(event)
    assert page(client, event).context["standing"].tag == "wait"
    # the seat given back waits for the reserve list
    capacity.cancel(first)
    assert [free for _group, free in page(client, event).context["seats"]] == [0]


def test_the_page_tells_sessions_place_access_and_rules(client):
    by, room = make.keeper(), make.room()
    room.venue.access = "Podjazd, pętla indukcyjna"
    room.venue.save()
    event = opened(
        by,
        (make.at(14, 9), make.at(14, 15), {"room": room, "topic": "Statut"}),
        only_pes=True,
        target_group="Rady nadzorcze",
        outcome="competence",
        outcome_name="Kompetencja zarządcza",
    )
    response = page(client, event)
    text = response.content.decode()
    told = ("Podjazd, pętla indukcyjna", "Rady nadzorcze", "Kompetencja zarządcza", "Statut", "9:00–15:00")
    assert [word in text for word in told] == [True] * len(told)
    assert len(response.context["rules"]) == 1
    assert event.organiser.last_name not in text and event.organiser.email not in text


def test_a_link_to_a_meeting_is_not_public(client):
    by = make.keeper()
    secret = "https://spotkania.example/tajne"
    event = opened(by, (make.at(14, 9), make.at(14, 12), {"link": secret}))
    calendar = client.get(reverse("events:event-calendar", args=[event.public_id])).content.decode()
    assert secret not in page(client, event).content.decode() and secret not in calendar
    assert secret in client.get(reverse("events:own", args=[own.token(make.enrolment(event))])).content.decode()


def test_a_cancelled_event_says_so_and_leaves_the_calendar(client):
    event = make.event()
    events.step(event, "cancel", by=event.organiser, reason="Choroba.")
    assert shown(client) == []
    response = page(client, event)
    assert (response.status_code, response.context["standing"].tag) == (200, "bad")


# calendar files


def test_a_file_has_an_entry_for_each_session(client):
    event = make.event(sessions=2)
    response = client.get(reverse("events:event-calendar", args=[event.public_id]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = entries(response.content)
    assert [(starts, ends) for _uid, starts, ends, _seq, _status in found] == [
        (make.at(14, 9), make.at(14, 15)),
        (make.at(15, 9), make.at(15, 15)),
    ]
    assert len({uid for uid, *_rest in found}) == 2 and {status for *_rest, status in found} == {"CONFIRMED"}


def test_without_hours_the_days_are_told(client):
    event = make.event("published", sessions=0)
    found = entries(client.get(reverse("events:event-calendar", args=[event.public_id])).content)
    assert [(starts, ends) for _uid, starts, ends, *_rest in found] == [
        (event.starts_on, event.ends_on + datetime.timedelta(days=1))
    ]


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [(datetime.date(2026, 3, 29), 1, 2), (datetime.date(2026, 10, 25), 2, 1)],
)
def test_hours_are_right_around_the_change_of_clocks(client, day, before, after):
    """From 22:00 on the eve to 9:00 on the day itself, by the clock on the wall; in between the clocks change."""
    eve = day - datetime.timedelta(days=1)
    with clock.at(datetime.datetime.combine(day - datetime.timedelta(days=10), datetime.time(9), clock.WARSAW)):
        by = make.keeper()
        starts = datetime.datetime.combine(eve, datetime.time(22), clock.WARSAW)
        ends = datetime.datetime.combine(day, datetime.time(9), clock.WARSAW)
        event = opened(by, (starts, ends, {}), days=9, starts_on=eve, ends_on=day)
        body = client.get(reverse("events:event-calendar", args=[event.public_id])).content
    ((_uid, found_start, found_end, *_rest),) = entries(body)
    hour = datetime.timedelta(hours=1)
    assert (found_start.utcoffset(), found_end.utcoffset()) == (before * hour, after * hour)
    assert (found_start.hour, found_end.hour) == (22, 9)
    assert found_end.timestamp() - found_start.timestamp() == (11 + before - after) * 3600
    assert b"TZID:Europe/Warsaw" in body


def test_a_change_raises_the_sequence_and_a_cancelled_event_is_taken_off(client):
    event = make.event()
    make.event("draft")
    feed = "/szkolenia/kalendarz.ics"
    before = entries(client.get(feed).content)
    Event.objects.filter(pk=event.pk).update(revision=4)
    changed = entries(client.get(feed).content)
    events.step(event, "cancel", by=event.organiser, reason="Choroba.")
    after = entries(client.get(feed).content)
    assert [len(found) for found in (before, changed, after)] == [1, 1, 1]
    assert before[0][0] == changed[0][0] == after[0][0]
    assert before[0][3] < changed[0][3] == 4 < after[0][3]
    assert [found[0][4] for found in (before, changed, after)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_the_feed_keeps_what_was_for_a_year_and_names_nobody(client):
    with clock.at(make.at(-30)):
        event = make.event(days=2)
        who = make.enrolment(event)
    with clock.at(make.at(-500)):
        make.event(days=2)
    body = client.get("/szkolenia/kalendarz.ics").content
    assert len(entries(body)) == 1
    assert who.last_name not in body.decode() and event.organiser.email not in body.decode()


def test_an_event_never_published_is_not_told_of_when_cancelled(client):
    by = make.keeper()
    event = make.event("draft", by=by)
    events.step(event, "cancel", by=by, reason="Pomyłka.")
    assert entries(client.get("/szkolenia/kalendarz.ics").content) == []
    assert page(client, event).status_code == 404
