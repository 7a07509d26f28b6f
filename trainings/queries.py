"""Reads of training events that more than one page needs: who sees which, and what the public sees."""

from django.db.models import Min, OuterRef, Prefetch, Subquery

from centrum.kit import clock
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from trainings.enums import EVENT_PUBLIC, EventState
from trainings.models import Event, Session, Teaching


def visible_events(user):
    """Events of the units that `user` sees."""
    if not user.has_right(Right.VIEW_TRAININGS):
        return Event.objects.none()
    scope = unit_scope(user)
    rows = Event.objects.select_related("unit", "organiser", "project", "programme", "service_type")
    return rows if scope is None else rows.filter(unit__in=scope)


def may_keep(user, event):
    """Whether `user` writes in the event: a unit keeps its own."""
    scope = unit_scope(user)
    return user.has_right(Right.KEEP_TRAININGS) and (scope is None or event.unit_id in scope)


def public_events():
    """What the calendar shows."""
    return Event.objects.filter(public=True, state__in=EVENT_PUBLIC)


def sessions_of(event):
    """Sessions in their order, each with its room and trainers."""
    teachings = Prefetch("teachings", Teaching.objects.select_related("trainer").order_by("pk"))
    return event.sessions.select_related("room__venue").prefetch_related(teachings).order_by("starts_at", "pk")


def first_start(event):
    """The instant at which the first session begins; None while there are no sessions."""
    return event.sessions.aggregate(first=Min("starts_at"))["first"]


def with_first_start():
    """Subquery for lists: the instant of `first_start` of each event."""
    rows = Session.objects.filter(event=OuterRef("pk")).order_by("starts_at")
    return Subquery(rows.values("starts_at")[:1])


def takes_enrolments(event, at=None):
    """Whether the public may enrol now: enrolment is open, its last instant has not come, the event has not begun."""
    now = at or clock.now()
    if event.state != EventState.ENROLMENT or event.enrols_until is None or now >= event.enrols_until:
        return False
    begins = first_start(event)
    return now < begins if begins else clock.local(now).date() <= event.starts_on
