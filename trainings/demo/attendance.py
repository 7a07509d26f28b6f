"""Who was at the sessions that were held, hours approved by somebody else, and certificates of what is settled."""

import datetime
import random

from centrum.kit import clock
from trainings import approvals, attendance, certificates
from trainings.attendance import Mark
from trainings.enums import EventState
from trainings.models import Certificate, Event

LAST_DAY = datetime.date(2026, 11, 20)
AWAY = Mark(False)


def tell(demo):
    chance = random.Random(20261121)  # noqa: S311 - chance for a story, not for a secret; other parts keep theirs
    held = Event.objects.filter(state__in=(EventState.RUNNING, EventState.SETTLED), starts_on__lte=LAST_DAY)
    for event in held.exclude(enrolments=None).select_related("organiser").order_by("starts_on", "pk"):
        for session in event.sessions.filter(ends_at__lt=demo.moment(LAST_DAY, 23, 23)).order_by("starts_at"):
            with clock.at(session.ends_at):
                _note(session, event.organiser, chance)
        if event.state == EventState.SETTLED:
            _settled(demo, event)
    _corrected(demo)


def _note(session, by, chance):
    """Most are there; some come late or leave early."""
    begins, ends = clock.local(session.starts_at), clock.local(session.ends_at)
    late = (begins + datetime.timedelta(minutes=chance.choice((20, 35, 60)))).time()
    early = (ends - datetime.timedelta(minutes=chance.choice((15, 30)))).time()
    marks = [Mark(True)] * 12 + [Mark(True, late), Mark(True, None, early), AWAY]
    said = [(row, Mark(), chance.choice(marks)) for row in attendance.seated_of(session.event)]
    attendance.note(session, by=by, said=said)


def _settled(demo, event):
    day = event.ends_on + datetime.timedelta(days=5)
    with clock.at(demo.moment(day)):
        approvals.approve(event, by=demo.staff["kierownik"])
    with clock.at(demo.moment(day + datetime.timedelta(days=1))):
        list(certificates.issue_all(event, by=event.organiser))


def _corrected(demo):
    """One certificate with a mistake in the name, one issued by mistake."""
    wrong, annulled = Certificate.objects.select_related("enrolment__event__organiser").order_by("-pk")[:2]
    with clock.at(demo.moment(LAST_DAY, 8, 8)):
        by = wrong.enrolment.event.organiser
        names = {"first_name": wrong.enrolment.first_name, "last_name": f"{wrong.enrolment.last_name}-Leśna"}
        certificates.reissue(wrong, by=by, kind="corrected", reason="Pełne nazwisko.", **names)
        certificates.move(annulled, "annul", by=by, reason="Wystawione na niewłaściwą osobę.")
