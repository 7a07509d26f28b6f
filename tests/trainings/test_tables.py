"""What the tables of enrolments refuse by themselves, asked in plain SQL."""

from contextlib import contextmanager
from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from tests.factories import base
from tests.factories import trainings as make
from trainings.enums import ENROLMENT_MOVES, EnrolmentState
from trainings.models import Enrolment, SeatGroup

pytestmark = pytest.mark.django_db
ARROWS = {(str(source), str(move.target)) for move in ENROLMENT_MOVES for source in move.sources}


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@contextmanager
def refuses(name):
    """The database says no, and names this constraint or says these words."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    diag = caught.value.__cause__.diag
    assert name == diag.constraint_name or name in diag.message_primary


def insert(event, *, state="seated", first="Jan", last="Lis", email="", group=None, person=None):
    sql(
        "INSERT INTO trainings_enrolment (public_id, event_id, group_id, state, first_name, last_name, email, phone,"
        " language, organisation_name, declares_pes, declares_at_risk, person_id)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, '', 'pl', '', false, false, %s)",
        event.pk,
        (group or event.groups.first()).pk,
        state,
        first,
        last,
        email,
        person and person.pk,
    )


def taken(event):
    return SeatGroup.objects.filter(event=event).order_by("pk").values_list("taken", flat=True)


def test_seats_are_counted_whoever_writes():
    event = make.event(seats={"any": 2, "person": 1})
    person = event.groups.get(kind="person")
    insert(event)
    insert(event, last="Sowa", state="reserve")
    assert list(taken(event)) == [1, 0]
    sql("UPDATE trainings_enrolment SET group_id = %s WHERE last_name = 'Lis'", person.pk)
    assert list(taken(event)) == [0, 1]
    sql("UPDATE trainings_enrolment SET state = 'cancelled' WHERE last_name = 'Lis'")
    assert list(taken(event)) == [0, 0]
    sql("UPDATE trainings_enrolment SET state = 'offered', offered_until = now() WHERE last_name = 'Sowa'")
    sql("UPDATE trainings_enrolment SET state = 'seated', offered_until = NULL WHERE last_name = 'Sowa'")
    assert list(taken(event)) == [1, 0]


def test_one_seat_too_many_is_impossible():
    event = make.event(seats=1)
    insert(event)
    with refuses("seatgroup_seats"):
        insert(event, last="Sowa")
    with refuses("seatgroup_seats"):
        sql("UPDATE trainings_seatgroup SET capacity = 0 WHERE event_id = %s", event.pk)
    insert(event, last="Sowa", state="reserve")
    with refuses("seatgroup_seats"):
        sql("UPDATE trainings_enrolment SET state = 'offered', offered_until = now() WHERE last_name = 'Sowa'")
    assert list(taken(event)) == [1]


@pytest.mark.parametrize("number", [0, 2, -1])
def test_the_count_is_nobodys_to_write(number):
    event = make.event(seats=3)
    insert(event)
    with refuses("Cannot update rows"):
        sql("UPDATE trainings_seatgroup SET taken = %s WHERE event_id = %s", number, event.pk)
    with refuses("Cannot insert rows"):
        sql(
            "INSERT INTO trainings_seatgroup (event_id, kind, capacity, overbooking, taken)"
            " VALUES (%s, 'pes', 9, 0, 1)",
            event.pk,
        )


def test_a_seat_belongs_to_its_event():
    event, other = make.event(), make.event()
    with refuses("The seat is not one of the event"):
        insert(event, group=other.groups.get())
    insert(event)
    with refuses("The seat is not one of the event"):
        sql("UPDATE trainings_enrolment SET group_id = %s", other.groups.get().pk)


def test_an_enrolment_stays_in_its_event_and_is_never_deleted():
    event, other = make.event(), make.event()
    insert(event)
    with refuses("Cannot update rows"):
        sql("UPDATE trainings_enrolment SET event_id = %s", other.pk)
    with refuses("Cannot delete rows"):
        sql("DELETE FROM trainings_enrolment")


@pytest.mark.parametrize("state", ["offered", "cancelled", "lapsed"])
def test_an_enrolment_begins_with_a_seat_or_waiting(state):
    with refuses("Cannot insert rows"):
        insert(make.event(), state=state)


@pytest.mark.parametrize(("source", "target"), list(product(EnrolmentState.values, repeat=2)))
def test_only_the_arrows_of_the_table(source, target):
    event = make.event()
    insert(event, state="seated" if source == "seated" else "reserve")
    way = {"offered": ["offered"], "cancelled": ["cancelled"], "lapsed": ["offered", "lapsed"]}
    for state in way.get(source, []):
        _to(state)
    if (source, target) in ARROWS or source == target:
        _to(target)
        assert Enrolment.objects.get().state == target
    else:
        with refuses("Invalid transition"):
            _to(target)


def _to(state):
    sql(
        "UPDATE trainings_enrolment SET state = %s, offered_until = CASE WHEN %s = 'offered' THEN now() END",
        state,
        state,
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"first_name": ""}, "enrolment_named"),
        ({"last_name": ""}, "enrolment_named"),
        ({"offered_until": Now()}, "enrolment_offer_dated"),
        ({"language": None}, "language"),
    ],
)
def test_wrong_values(values, constraint):
    insert(make.event())
    with refuses(constraint):
        Enrolment.objects.update(**values)


@pytest.mark.parametrize(
    ("first", "last", "email"),
    [
        ("Łucja", "Źródlak", "lucja@example.org"),
        ("LUCJA", "zrodlak", "LUCJA@example.org"),
        ("łucja", "ŹRÓDLAK", "Lucja@Example.ORG"),
    ],
)
def test_nobody_is_enrolled_twice_in_other_capitals_or_accents(first, last, email):
    event = make.event()
    insert(event, first="Łucja", last="Źródlak", email="lucja@example.org")
    with refuses("enrolment_identity_once"):
        insert(event, first=first, last=last, email=email, state="reserve")
    insert(make.event(), first=first, last=last, email=email)
    sql("UPDATE trainings_enrolment SET state = 'cancelled' WHERE event_id = %s", event.pk)
    insert(event, first=first, last=last, email=email)  # who resigned may come back


def test_a_person_of_the_register_is_enrolled_once():
    event, person = make.event(), base.person()
    insert(event, person=person)
    with refuses("enrolment_person_once"):
        insert(event, last="Sowa", person=person, state="reserve")
    sql("UPDATE trainings_enrolment SET state = 'cancelled'")
    insert(event, last="Sowa", person=person)


def test_a_letter_is_noted_once_and_for_good():
    row = make.enrolment()
    note = "INSERT INTO trainings_noticesent (enrolment_id, notice, occasion) VALUES (%s, %s, %s)"
    with refuses("noticesent_once"):
        sql(note, row.pk, "seated", "")
    with refuses("noticesent_notice"):
        sql(note, row.pk, "nonsense", "")
    sql(note, row.pk, "changed", "1")
    with refuses("Cannot update or delete rows"):
        sql("UPDATE trainings_noticesent SET occasion = '2'")
    with refuses("Cannot update or delete rows"):
        sql("DELETE FROM trainings_noticesent")


# Sessions and who teaches them


def test_a_session_lies_within_the_days_of_its_event():
    event = make.event(sessions=2)
    first = event.sessions.first()
    with refuses("session_within_event"):
        sql(
            "UPDATE trainings_session"
            " SET starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day' WHERE id = %s",
            first.pk,
        )
    with refuses("session_within_event"):
        sql("UPDATE trainings_event SET starts_on = starts_on + 1 WHERE id = %s", event.pk)
    with refuses("event_dates"):
        sql("UPDATE trainings_event SET ends_on = starts_on - 1 WHERE id = %s", make.event(sessions=0).pk)


def test_the_hours_of_a_teacher_are_those_of_the_session():
    session, trainer = make.event().sessions.get(), make.trainer()
    teach = (
        "INSERT INTO trainings_teaching (session_id, trainer_id, starts_at, ends_at, active)"
        " SELECT id, %s, starts_at, ends_at + %s::interval, true FROM trainings_session WHERE id = %s"
    )
    with refuses("teaching_hours"):
        sql(teach, trainer.pk, "1 hour", session.pk)
    sql(teach, trainer.pk, "0", session.pk)
    sql("UPDATE trainings_session SET ends_at = ends_at + interval '1 hour' WHERE id = %s", session.pk)
    session.refresh_from_db()
    assert session.teachings.get().ends_at == session.ends_at
    with refuses("teaching_hours"):
        sql("UPDATE trainings_teaching SET ends_at = ends_at + interval '1 hour'")
