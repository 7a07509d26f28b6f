"""Training events, their sessions and people, made through the services."""

import datetime
import itertools
from decimal import Decimal

from centrum.kit import clock
from centrum.staff.enums import Role
from tests.factories import base
from trainings import answering, approvals, attendance, capacity, certificates, costs, events, programmes, surveys
from trainings.models import Room, Trainer, Venue
from trainings.sessions import add as add_session

_counter = itertools.count(1)
WAY = {
    "draft": [],
    "published": ["publish"],
    "enrolment": ["publish", "open"],
    "closed": ["publish", "open", "close"],
    "running": ["publish", "open", "start"],
    "settled": ["publish", "open", "start", "settle"],
    "cancelled": ["publish", "cancel"],
}


def keeper(unit_=None, role=Role.ADVISER):
    return base.user(role, **({"unit_": unit_} if unit_ else {}))


def room(seats=20):
    venue = Venue.objects.create(name=f"Dom Kultury {next(_counter)}", address="Dobiegniew, ul. Leśna 1")
    return Room.objects.create(venue=venue, name="sala", seats=seats)


def trainer(unit_=None):
    return Trainer.objects.create(first_name="Ewa", last_name=f"Trenerska{next(_counter)}", unit=unit_ or base.unit())


def programme(*, by=None, **fields):
    given = {"form": "training", "title": f"Program {next(_counter)}", "hours": 16, "hour_minutes": 45} | fields
    return programmes.save(by=by or keeper(), **given)


def at(days=14, hour=9, minute=0):
    """An instant some days from today, on the Warsaw clock."""
    day = clock.today() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour, minute), clock.WARSAW)


def event(state="enrolment", *, by=None, seats=3, days=14, sessions=1, step_by=None, **fields):
    """An event of one or more days from 9:00 to 15:00, `days` from today, that came to `state` the usual way.

    `seats`: a number, or {kind: number}.
    """
    by = by or keeper()
    first = clock.today() + datetime.timedelta(days=days)
    given = {
        "form": "training",
        "title": f"Jak założyć spółdzielnię socjalną {next(_counter)}",
        "description": "Od pomysłu do wpisu do rejestru.",
        "starts_on": first,
        "ends_on": first + datetime.timedelta(days=max(sessions - 1, 0)),
        "enrols_until": at(days - 1, 12),
    } | fields
    row = events.create_event(by=by, unit=by.unit, **given)
    for number in range(sessions):
        add_session(row, by=by, starts_at=at(days + number, 9), ends_at=at(days + number, 15))
    wanted = seats if isinstance(seats, dict) else {"any": seats}
    capacity.set_seats(row, by=by, seats={kind: (number, 0) for kind, number in wanted.items()})
    before = min(clock.now(), at(days - 2, 10))
    moments = {"start": at(days, 9), "settle": at(days + max(sessions, 1), 1)}
    for action in WAY[state]:
        with clock.at(moments.get(action, before)):
            row = events.step(row, action, by=step_by or by, reason="Przyczyna." if action == "cancel" else "")
    return row


def enrolment(row=None, *, by=None, **person):
    """Somebody enrolled by themselves; `by`: by a member of staff."""
    n = next(_counter)
    given = {"first_name": "Jan", "last_name": f"Uczestnik{n}", "email": f"jan{n}@example.org"} | person
    return capacity.enrol(row or event(), by=by, **given)


def survey(row, *, by, kind="pre_test", state="draft", **fields):
    """A test of two questions, the first worth 2 points, or an evaluation with the same two."""
    given = {"title": "Co już wiesz?", "anonymous": False, "minimum_shown": 3} | fields
    made = surveys.create(row, by=by, kind=kind, **given)
    options = [("Tak", "Yes", kind != "evaluation"), ("Nie", "No", False)]
    points = 0 if kind == "evaluation" else 2
    surveys.save_question(made, by=by, kind="one", text="Spółdzielnia ma statut?", options=options, points=points)
    surveys.save_question(made, by=by, kind="text", text="Co chcesz wiedzieć?", required=False)
    if state != "draft":
        surveys.open_survey(made, by=by)
        made.refresh_from_db()
    return made


def given(made, *, right=True, text=""):
    """Answers to such a survey."""
    one, own = made.questions.order_by("number")
    return {one.pk: [one.options.order_by("number")[0 if right else 1].pk], own.pk: text}


def answered(row, enrolled, *, by):
    """A test of the event that somebody enrolled has answered."""
    made = survey(row, by=by, state="open")
    answering.answer(made, enrolled, given(made))
    return made


def attended(row, *, by, boss=None):
    """The event, over by now, with everybody there all the time; `boss`: who approves it."""
    for session in row.sessions.all():
        attendance.note_rest(session, by=by)
    if boss:
        approvals.approve(row, by=boss)
    return row


def certificate(*, by, boss, person=None):
    """The certificate of somebody (of the register) who was at a training a week ago."""
    made = event("running", by=by, days=-7)
    one = enrolment(made, by=by, **({"person": person} if person else {}))
    attended(made, by=by, boss=boss)
    return certificates.issue(one, by=by)


def contract(row=None, *, by, **fields):
    """A contract for 120 PLN an hour since long ago; `row`: the trainer."""
    given = {"number": f"UZ/{next(_counter)}", "rate": Decimal(120), "valid_from": datetime.date(2024, 1, 1)} | fields
    return costs.save_contract(row or trainer(by.unit), by=by, **given)


def room_rate(row=None, *, by, **fields):
    given = {"rate": Decimal(50), "unit": "hour", "valid_from": datetime.date(2024, 1, 1)} | fields
    return costs.save_rate(row or room(), by=by, **given)


def cost(row, *, by, **fields):
    given = {"kind": "catering", "description": "Przerwa kawowa", "planned": Decimal("180.00")} | fields
    return costs.save_cost(row, by=by, **given)
