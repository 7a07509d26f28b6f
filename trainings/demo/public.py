"""Visitors who enrol by themselves in what is still to come, and an organisation that enrols its people.

The first event of few seats gets full, with a reserve list; one person gives the seat back, so it is offered.
"""

import datetime
import random
import uuid

from centrum.intake import services as intake
from centrum.kit import clock
from trainings import capacity, queries
from trainings.access import asked
from trainings.enrolling import GROUP, NO_NEEDS, PERSON
from trainings.enums import EnrolmentState, EventState, YesNo
from trainings.models import Event

LAST_DAY = datetime.date(2026, 11, 20)
FEW = 15  # seats of an event that gets full
WAITING = 4
NAMES = (("Hanna", "Brzoza"), ("Leon", "Dudek"), ("Iga", "Wrona"))


def tell(demo):
    chance = random.Random(20261118)  # noqa: S311 - chance for a story, not for a secret; other parts keep theirs
    coming = Event.objects.filter(state=EventState.ENROLMENT, public=True, starts_on__gt=LAST_DAY, only_clients=False)
    full = None
    for event in coming.order_by("starts_on", "pk"):
        seats = sum(group.seats for group in event.groups.all())
        fills = full is None and seats <= FEW and event.groups.count() == 1 and event.reserve_places is None
        full = event if fills else full
        for _number in range(seats + WAITING if fills else min(3, seats)):
            _apply(demo, chance, PERSON, event, _person_pages(demo, event, chance))
    seated = full and full.enrolments.filter(state=EnrolmentState.SEATED).order_by("pk").first()
    if seated:
        with clock.at(demo.moment(LAST_DAY, 8, 8)):
            capacity.cancel(seated)
    for event in coming.exclude(pk=full.pk if full else None).order_by("starts_on", "pk"):
        if not asked(event) and sum(group.free for group in event.groups.all()) > len(NAMES):
            _apply(demo, chance, GROUP, event, _group_pages(demo))
            break


def _apply(demo, chance, kind, event, pages):
    """Begin, fill in and send one application, on one of the last ten days."""
    with clock.at(demo.moment(LAST_DAY - datetime.timedelta(days=chance.randint(1, 10)))):
        if not queries.takes_enrolments(event):
            return
        key = uuid.UUID(int=chance.getrandbits(128), version=4)
        draft = intake.begin(kind=kind, key=key, language="pl", event=event)
        for slug, data in pages.items():
            draft = intake.save_step(draft, step=kind.step(slug), data=data)
        demo.send(draft)


def _person_pages(demo, event, chance):
    who, rules = demo.someone(), asked(event)
    answers = {
        "wanted": chance.choice([group.kind for group in event.groups.all()]),
        "declares_pes": YesNo.YES,
        "organisation_name": "Spółdzielnia Socjalna „Przykład”",
        "declares_at_risk": YesNo.YES,
        "commune": event.communes.order_by("pk").first(),
    }
    typed = {name: who[name] for name in ("first_name", "last_name", "email", "phone")}
    needs = {**NO_NEEDS, "diet": chance.choice(("", "", "", "vegetarian")), "loop": chance.random() < 0.1}
    return {
        "kim-jestes": typed | {name: value for name, value in answers.items() if name in rules},
        "potrzeby": needs | {"has_needs": YesNo.YES if any(needs.values()) else YesNo.NO},
    }


def _group_pages(demo):
    who = demo.someone()
    rows = [{"first_name": first, "last_name": last, "email": "", "phone": "", "needs": ""} for first, last in NAMES]
    return {
        "organizacja": {
            "name": "Stowarzyszenie „Przykładowe Sąsiedztwo”",
            "nip": "",
            "contact_first_name": who["first_name"],
            "contact_last_name": who["last_name"],
            "email": who["email"],
            "phone": who["phone"],
        },
        "osoby": rows,
    }
