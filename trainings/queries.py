"""Reads of training events that more than one page needs: who sees which, and what the public sees."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value

from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.search import PlFold, matching
from centrum.kit.transitions import noun_of
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from trainings.enums import ENROLLED, EVENT_OPEN, EVENT_PUBLIC, HOLDS_SEAT, EnrolmentState, EventState
from trainings.models import Enrolment, Event, SeatGroup, Session, Teaching


def visible_events(user):
    """Events of the units that `user` sees."""
    if not user.has_right(Right.VIEW_TRAININGS):
        return Event.objects.none()
    scope = unit_scope(user)
    rows = Event.objects.select_related("unit", "organiser", "project", "programme", "service_type")
    return rows if scope is None else rows.filter(unit__in=scope)


def listed(user, *, q="", form="", state="", project=None):
    """Events for the list with who has a seat (`seated`); `state`: one of them, "coming" or "open"."""
    held = Count("enrolments", filter=Q(enrolments__state__in=HOLDS_SEAT))
    rows = visible_events(user).annotate(seated=held)
    if form:
        rows = rows.filter(form=form)
    if project:
        rows = rows.filter(project=project)
    if state == "coming":
        rows = rows.filter(state__in=EVENT_OPEN, ends_on__gte=clock.today())
    elif state == "open":
        rows = rows.filter(state__in=EVENT_OPEN)
    elif state:
        rows = rows.filter(state=state)
    return matching(rows, q) if q else rows


def may_keep(user, event):
    """Whether `user` writes in the event: a unit keeps its own."""
    scope = unit_scope(user)
    return user.has_right(Right.KEEP_TRAININGS) and (scope is None or event.unit_id in scope)


def public_events():
    """What the calendar shows."""
    return Event.objects.filter(public=True, state__in=EVENT_PUBLIC)


def told_events():
    """What the public was ever told of: the calendar's, and those cancelled after they had stood in it."""
    published = StateChange.objects.filter(noun=noun_of(Event), object_id=OuterRef("pk"), action="publish")
    cancelled = Q(state=EventState.CANCELLED) & Exists(published)
    return Event.objects.filter(Q(state__in=EVENT_PUBLIC) | cancelled, public=True)


def with_parts(events):
    """The same events, each with its sessions and their places, its communes, and its seats with who waits for them
    (`waiting`), in a constant number of queries."""
    waiting = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.RESERVE))
    return events.prefetch_related(
        Prefetch("sessions", Session.objects.select_related("room__venue__commune").order_by("starts_at", "pk")),
        Prefetch("groups", SeatGroup.objects.annotate(waiting=waiting).order_by("pk")),
        "communes",
    )


def is_enrolled(event, *, first_name, last_name, email):
    """Whether somebody of these names and this address is, in whatever capitals and accents."""
    identity = PlFold(Value(f"{first_name} {last_name} {email}"))
    return Enrolment.objects.filter(event=event, state__in=ENROLLED, identity=identity).exists()


def sessions_of(event):
    """Sessions in their order, each with its room and trainers."""
    teachings = Prefetch("teachings", Teaching.objects.select_related("trainer").order_by("pk"))
    return event.sessions.select_related("room__venue").prefetch_related(teachings).order_by("starts_at", "pk")


def first_start(event):
    """The instant at which the first session begins; None while there are no sessions."""
    return min((session.starts_at for session in event.sessions.all()), default=None)


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
