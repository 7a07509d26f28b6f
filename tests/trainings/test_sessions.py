"""Sessions: no room and no trainer twice at once, hours on the Warsaw clock whatever the clocks do."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused, Stale
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import sessions
from trainings.forms import instant
from trainings.models import Session, Teaching

pytestmark = pytest.mark.django_db
D, T = datetime.date, datetime.time


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def row(keeper):
    return make.event("draft", by=keeper, sessions=0)


def nine(days=14):
    return {"starts_at": make.at(days, 9), "ends_at": make.at(days, 12)}


def url(name, row, **more):
    return reverse(f"trainings:{name}", kwargs={"public_id": row.public_id, **more})


def test_a_room_and_a_trainer_are_in_one_place_at_once(keeper, row):
    room, trainer = make.room(), make.trainer()
    sessions.add(row, by=keeper, room=room, trainers=[trainer], **nine())
    other = make.event("draft", by=keeper, sessions=0)
    with pytest.raises(Refused) as refusal:
        sessions.add(other, by=keeper, room=room, trainers=[trainer], **nine())
    assert list(refusal.value.message_dict) == ["room", "trainers"]
    assert all(row.number in " ".join(words) for words in refusal.value.message_dict.values())
    # one after the other is no conflict
    after = {"starts_at": make.at(14, 12), "ends_at": make.at(14, 15)}
    assert sessions.add(other, by=keeper, room=room, trainers=[trainer], **after).room == room
    with pytest.raises(Refused):
        sessions.change(other.sessions.get(), by=keeper, room=room, **nine())


def test_the_tables_refuse_it_too(keeper, row):
    room, trainer = make.room(), make.trainer()
    held = sessions.add(row, by=keeper, room=room, trainers=[trainer], **nine())
    other = make.event("draft", by=keeper, sessions=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(event=other, room=room, **nine())
    free = Session.objects.create(event=other, **nine())
    with pytest.raises(IntegrityError), transaction.atomic():
        Teaching.objects.create(session=free, trainer=trainer, **nine())
    # the hours of a trainer follow their session
    Session.objects.filter(pk=held.pk).update(starts_at=make.at(14, 10))
    assert Teaching.objects.get(session=held).starts_at == make.at(14, 10)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_one_room(keeper):
    room = make.room()
    rows = [make.event("draft", by=keeper, sessions=0) for _number in range(2)]
    results = at_once(2, lambda number: sessions.add(rows[number], by=keeper, room=room, **nine()))
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Session"]


def test_sessions_lie_within_the_event(keeper, row):
    with pytest.raises(Refused) as refusal:
        sessions.add(row, by=keeper, **nine(15))
    assert list(refusal.value.message_dict) == ["first_day"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(event=row, **nine(15))
    with pytest.raises(Refused):
        sessions.add(row, by=keeper, starts_at=make.at(14, 12), ends_at=make.at(14, 12))


def test_a_session_is_repeated_changed_and_removed(client, keeper):
    client.force_login(keeper)
    row = make.event("draft", by=keeper, sessions=0, ends_on=clock.today() + datetime.timedelta(days=35))
    trainer = make.trainer()
    first = sessions.add(row, by=keeper, topic="Zjazd", trainers=[trainer], **nine())
    until = f"{row.ends_on:%d.%m.%Y}"
    assert client.post(url("session-repeat", row, pk=first.pk), {"days": "7", "until": until}).url == url("event", row)
    days = [(clock.local(one.starts_at).date() - row.starts_on).days for one in row.sessions.all()]
    assert days == [0, 7, 14, 21]
    assert Teaching.objects.filter(trainer=trainer).count() == 4
    with pytest.raises(Refused):
        sessions.repeat(first, by=keeper, days=7, until=row.starts_on)
    client.post(url("session-remove", row, pk=first.pk))
    assert row.sessions.count() == 3
    with pytest.raises(Stale):
        sessions.change(first, by=keeper, **nine())
    second = row.sessions.first()
    begins = clock.local(second.starts_at)
    said = {"first_day": f"{begins:%d.%m.%Y}", "starts": "10:00", "ends": "12:30", "trainers": [trainer.pk]}
    client.post(url("session-edit", row, pk=second.pk), said)
    second.refresh_from_db()
    assert clock.local(second.starts_at).hour == 10


def test_who_is_enrolled_is_told_of_other_hours(keeper):
    row = make.event(by=keeper)
    make.enrolment(row)
    before = OutboxMessage.objects.count()
    session = row.sessions.get()
    hours = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    sessions.change(session, by=keeper, topic="Inny temat", **hours)
    assert OutboxMessage.objects.count() == before
    sessions.change(session, by=keeper, starts_at=make.at(14, 10), ends_at=make.at(14, 15))
    assert OutboxMessage.objects.count() == before + 1


# The change of clocks


@pytest.mark.parametrize(
    ("day", "minutes"), [(D(2026, 3, 29), 5 * 60), (D(2026, 10, 25), 7 * 60), (D(2026, 5, 4), 360)]
)
def test_hours_of_a_night_of_the_change(keeper, day, minutes):
    """From midnight to six the night of March has five hours and that of October seven."""
    row = make.event("draft", by=keeper, sessions=0, starts_on=day, ends_on=day, enrols_until=None)
    made = sessions.add(row, by=keeper, starts_at=instant(day, T(0)), ends_at=instant(day, T(6)))
    made.refresh_from_db()
    assert (made.ends_at - made.starts_at).total_seconds() / 60 == minutes
    assert [clock.local(moment).time() for moment in (made.starts_at, made.ends_at)] == [T(0), T(6)]


def test_an_hour_that_does_not_exist_is_refused(client, keeper):
    with pytest.raises(ValidationError):
        instant(D(2026, 3, 29), T(2, 30))
    assert instant(D(2026, 10, 25), T(2, 30)).utcoffset() == datetime.timedelta(hours=2)  # the first of the two
    client.force_login(keeper)
    day = D(2026, 3, 29)
    row = make.event("draft", by=keeper, sessions=0, starts_on=day, ends_on=day, enrols_until=None)
    page = client.post(url("session-new", row), {"first_day": "29.3.2026", "starts": "02:30", "ends": "05:00"})
    assert list(page.context["form"].errors) == ["starts"]


def test_a_weekly_session_keeps_its_hour_over_the_change(keeper):
    first, last = D(2026, 10, 18), D(2026, 11, 1)
    row = make.event("draft", by=keeper, sessions=0, starts_on=first, ends_on=last, enrols_until=None)
    made = sessions.add(row, by=keeper, starts_at=instant(first, T(9)), ends_at=instant(first, T(15)))
    sessions.repeat(made, by=keeper, days=7, until=last)
    assert [clock.local(one.starts_at).time() for one in row.sessions.all()] == [T(9)] * 3
    assert [(one.ends_at - one.starts_at).seconds // 60 for one in row.sessions.all()] == [360] * 3
