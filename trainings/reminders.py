"""Reminders before an event: the first some days before, the last just before it, each once for each first day."""

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef

from centrum.kit import clock, parameters
from trainings import capacity, notices, queries
from trainings.enums import EnrolmentState, EventState, Notice
from trainings.models import Enrolment, Event, NoticeSent

REMINDED = (EventState.PUBLISHED, EventState.ENROLMENT, EventState.CLOSED, EventState.RUNNING)


def first_day(event):
    """The day in Warsaw on which the first session begins; the event's first day while there is none."""
    begins = queries.first_start(event)
    return clock.local(begins).date() if begins else event.starts_on


def due(event):
    """(the reminder that fits today, its occasion), None when it is too early or the event has begun.

    Only the nearest is due: a run that comes late does not send the first one after the last one's day.
    """
    begins = queries.first_start(event)
    if begins and begins <= clock.now():
        return None
    first = first_day(event)
    days = (first - clock.today()).days
    if days < 0:
        return None
    if days <= parameters.whole("training-reminder-last"):
        return Notice.REMINDER_LAST, first.isoformat()
    if days <= parameters.whole("training-reminder-first"):
        return Notice.REMINDER_FIRST, first.isoformat()
    return None


def remind():
    """Write to everybody who has a seat in an event that is near; returns how many letters were written.

    Each letter is a transaction of its own under the lock of the event, so that nobody is reminded of what was
    cancelled or moved a moment ago, and enrolling waits for one letter at most.
    """
    written = 0
    near = Event.objects.filter(state__in=REMINDED, ends_on__gte=clock.today())
    for event in near.annotate(begins=Min("sessions__starts_at")).order_by(F("begins").asc(nulls_last=True), "pk"):
        told = due(event)
        if told is None:
            continue
        sent = NoticeSent.objects.filter(enrolment=OuterRef("pk"), notice=told[0], occasion=told[1])
        seated = event.enrolments.filter(~Exists(sent), state=EnrolmentState.SEATED).exclude(email="")
        for enrolment in seated.select_related("event").order_by("pk"):
            written += _remind(enrolment)
    return written


@transaction.atomic
def _remind(enrolment):
    event = capacity.lock(enrolment.event)
    row = Enrolment.objects.get(pk=enrolment.pk)
    told = due(event) if event.state in REMINDED and row.state == EnrolmentState.SEATED else None
    if told is None:
        return False
    row.event = event
    return notices.tell(row, told[0], occasion=told[1])
