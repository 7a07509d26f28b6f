"""People of the register in the events that are still to come: enrolled by telephone, linked, with what they need."""

import datetime
import itertools
import random
from collections import defaultdict

from centrum.cases.enums import CASE_OPEN
from centrum.cases.models import Case
from centrum.kit import clock
from trainings import enrolments
from trainings.access import asked
from trainings.enums import ENROLLED, EnrolmentState, EventState, SeatKind
from trainings.models import Event

LAST_DAY = datetime.date(2026, 11, 20)
BY_HAND = 3  # in each event, as far as there are seats
NEEDS = (
    {"loop": True},
    {"diet": "vegetarian"},
    {"wheelchair": True, "other": "Miejsce parkingowe blisko wejścia."},
    {"sign_language": True},
    {"large_print": True, "diet": "gluten_free"},
)


def tell(demo):
    chance = random.Random(20261119)  # noqa: S311 - chance for a story, not for a secret; other parts keep theirs
    needs = itertools.cycle(NEEDS)
    people = _people_with_cases()
    coming = Event.objects.filter(state__in=(EventState.ENROLMENT, EventState.CLOSED), starts_on__gt=LAST_DAY)
    for event in coming.select_related("organiser", "unit").order_by("starts_on", "pk"):
        for number in range(BY_HAND if people[event.unit_id] else 0):
            day = LAST_DAY - datetime.timedelta(days=BY_HAND - number)
            with clock.at(demo.moment(day)):
                _by_telephone(event, chance.choice(people[event.unit_id]), next(needs) if number == 1 else None)
        with clock.at(demo.moment(LAST_DAY, earliest=8, latest=8)):
            _link(event)


def _people_with_cases():
    """{unit: its people with an open case of their own}, the same at every run."""
    found = defaultdict(list)
    for case in Case.objects.filter(state__in=CASE_OPEN, organisation=None).select_related("person").order_by("pk"):
        found[case.unit_id].append(case.person)
    return found


def _by_telephone(event, person, needs):
    by = event.organiser
    if event.enrolments.filter(person=person, state__in=ENROLLED).exists():
        return
    group = event.groups.order_by("kind").first()
    if group is None or group.free < 2 or group.enrolments.filter(state=EnrolmentState.RESERVE).exists():
        return  # a full event stays as the others told it
    rules = asked(event)
    fields = {
        "wanted": group.kind,
        "declares_pes": "declares_pes" in rules or group.kind == SeatKind.PES,
        "declares_at_risk": "declares_at_risk" in rules,
    }
    if "commune" in rules:
        fields["commune"] = event.communes.order_by("pk").first()
    enrolments.enrol_by_hand(event, by=by, person=person, needs=needs, **fields)


def _link(event):
    """The staff say who of those enrolled in public is in the register already, and add one who is not."""
    by, added = event.organiser, False
    for row in event.enrolments.filter(person=None, state__in=ENROLLED).order_by("pk"):
        alike = enrolments.suggested_people(by, row)
        if len(alike) == 1 and not event.enrolments.filter(person=alike[0], state__in=ENROLLED).exists():
            enrolments.link_person(row, by=by, person=alike[0])
        elif not alike and not added:
            enrolments.add_person(row, by=by)
            added = True
