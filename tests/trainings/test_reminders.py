"""Reminders before an event and the end of offers, by command: each once, the nearest only, by days in Warsaw."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage, Parameter
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import capacity, reminders
from trainings.models import Enrolment, Event, NoticeSent, Session

pytestmark = pytest.mark.django_db
D = datetime.date


def warsaw(year, month, day, hour=6, minute=0):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=clock.WARSAW)


def reminded():
    rows = NoticeSent.objects.filter(notice__startswith="reminder").order_by("pk")
    return list(rows.values_list("notice", "occasion"))


@pytest.fixture
def event():
    """On 10 December 2026, enrolled in on 20 November."""
    with time_machine.travel(warsaw(2026, 11, 20), tick=False):
        made = make.event(days=20)
        make.enrolment(made)
    return made


@pytest.mark.parametrize(
    ("day", "hour", "sent"),
    [
        (6, 23, []),
        (7, 0, ["reminder_first"]),
        (8, 12, ["reminder_first"]),
        (9, 0, ["reminder_last"]),
        (10, 8, ["reminder_last"]),
        (10, 9, []),
        (11, 6, []),
    ],
)
def test_only_the_nearest_is_sent(event, day, hour, sent):
    with time_machine.travel(warsaw(2026, 12, day, hour), tick=False):
        assert reminders.remind() == len(sent)
    assert reminded() == [(name, "2026-12-10") for name in sent]


def test_each_goes_once_however_often_it_runs(event):
    letters = OutboxMessage.objects.count()
    for day in (7, 7, 8, 9, 9, 10):
        with time_machine.travel(warsaw(2026, 12, day), tick=False):
            call_command("remind_enrolled")
    assert reminded() == [("reminder_first", "2026-12-10"), ("reminder_last", "2026-12-10")]
    assert OutboxMessage.objects.count() == letters + 2


def test_a_moved_event_reminds_anew(event):
    with time_machine.travel(warsaw(2026, 12, 9), tick=False):
        reminders.remind()
        later = datetime.timedelta(days=2)
        Event.objects.update(ends_on=D(2026, 12, 12))
        session = Session.objects.get()
        Session.objects.update(starts_at=session.starts_at + later, ends_at=session.ends_at + later)
        assert reminders.remind() == 1
    with time_machine.travel(warsaw(2026, 12, 11), tick=False):
        assert reminders.remind() == 1
    assert reminded() == [
        ("reminder_last", "2026-12-10"),
        ("reminder_first", "2026-12-12"),
        ("reminder_last", "2026-12-12"),
    ]


@pytest.mark.parametrize("state", ["draft", "settled", "cancelled"])
def test_no_reminder_of_what_is_not_held(state):
    keeper = make.keeper()
    event = make.event("published", by=keeper, days=1)
    make.enrolment(event, by=keeper)
    before = OutboxMessage.objects.count()
    way = {"draft": ["draft"], "settled": ["running", "settled"], "cancelled": ["cancelled"]}
    for target in way[state]:
        Event.objects.filter(pk=event.pk).update(state=target)
    assert reminders.remind() == 0
    assert OutboxMessage.objects.count() == before


def test_only_who_has_a_seat_and_an_address():
    keeper = make.keeper()
    event = make.event(by=keeper, days=1, seats=2, enrols_until=clock.now() + datetime.timedelta(hours=1))
    seated, mute = make.enrolment(event), make.enrolment(event, email="", by=keeper)
    waiting = make.enrolment(event)
    assert (mute.state, waiting.state) == ("seated", "reserve")
    assert reminders.remind() == 1
    assert NoticeSent.objects.filter(notice="reminder_last").get().enrolment == seated


def test_without_sessions_the_first_day_of_the_event_counts():
    keeper = make.keeper()
    event = make.event("published", by=keeper, days=1, sessions=0)
    make.enrolment(event, by=keeper)
    assert reminders.remind() == 1
    assert reminded() == [("reminder_last", event.starts_on.isoformat())]


def test_days_are_parameters(event):
    Parameter.objects.filter(code="training-reminder-first").update(value=10)
    with time_machine.travel(warsaw(2026, 11, 30), tick=False):
        assert reminders.remind() == 1
    assert reminded() == [("reminder_first", "2026-12-10")]


@pytest.mark.parametrize("first", [D(2026, 3, 29), D(2026, 10, 25), D(2026, 3, 30), D(2026, 10, 26)])
@pytest.mark.parametrize("hour", [0, 23])
def test_days_with_23_and_25_hours_are_days(first, hour):
    """The clocks change on 29 March and 25 October 2026: three days before is a date, not 72 hours."""
    with time_machine.travel(warsaw(2026, 2, 1), tick=False):
        event = make.event(days=(first - D(2026, 2, 1)).days)
        make.enrolment(event)
    for days, expected in ((4, 0), (3, 1), (2, 0), (1, 1)):
        day = first - datetime.timedelta(days=days)
        with time_machine.travel(warsaw(day.year, day.month, day.day, hour, 30), tick=False):
            assert (days, reminders.remind()) == (days, expected)
    assert reminded() == [("reminder_first", first.isoformat()), ("reminder_last", first.isoformat())]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_letter_each():
    event = make.event(days=1, seats=5, enrols_until=clock.now() + datetime.timedelta(hours=1))
    for _n in range(5):
        make.enrolment(event)
    before = OutboxMessage.objects.count()
    assert sum(at_once(4, lambda _n: reminders.remind())) == 5
    assert OutboxMessage.objects.count() == before + 5


@pytest.mark.nobody
def test_the_command_ends_late_offers_and_offers_anew():
    with author(command="tests"):
        event = make.event(seats=1)
        seated, first, second = (make.enrolment(event) for _n in range(3))
        capacity.cancel(seated)
    until = Enrolment.objects.get(pk=first.pk).offered_until
    with time_machine.travel(until - datetime.timedelta(seconds=1), tick=False):
        call_command("offer_seats")
    assert Enrolment.objects.get(pk=first.pk).state == "offered"
    with time_machine.travel(until, tick=False):
        call_command("offer_seats")
        call_command("offer_seats")
    states = Enrolment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "lapsed", "offered"]
    assert NoticeSent.objects.filter(enrolment=second, notice="offered").count() == 1
