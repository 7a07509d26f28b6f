"""What is done with training events, from the draft to the settlement; their sessions stand in `sessions`.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.columns import after
from centrum.kit.numbering import next_number
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused, Stale, move
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from trainings import certificates, notices, queries, sessions
from trainings.capacity import lock_kept, set_seats
from trainings.enums import EVENT_OPEN, Notice, SeatKind
from trainings.models import AccessNeeds, Attendance, Event

CONTENT = (
    "form",
    "title",
    "description",
    "target_group",
    "hour_minutes",
    "outcome",
    "outcome_name",
    "service_type",
    "minimum_attendance",
)
FIELDS = (
    *CONTENT,
    "organiser",
    "project",
    "budget_line",
    "public",
    "starts_on",
    "ends_on",
    "enrols_until",
    "reserve_places",
    "offer_hours",
    "only_pes",
    "only_at_risk",
    "only_clients",
)
# what the enrolled are told of when it changes
_TOLD = ("title", "starts_on", "ends_on")


@transaction.atomic
def create_event(*, by, unit, programme=None, communes=(), **fields):
    """Write down an event (FIELDS), a draft at first, which `unit` keeps; what is not given comes from `programme`."""
    require(by, Right.KEEP_TRAININGS)
    content = {name: getattr(programme, name) for name in CONTENT} if programme else {}
    known = {"organiser": by, "offer_hours": parameters.whole("training-offer-hours")} | content | _known(fields)
    event = Event(number=next_number("SZ"), unit=unit, programme=programme, created_at=clock.now(), **known)
    if not queries.may_keep(by, event):
        raise PermissionDenied(_("Training events are kept by their own unit."))
    _check(event)
    saving.save(event)
    event.communes.set(communes)
    return event


@transaction.atomic
def create_event_with_seats(*, by, seats, **fields):
    """The same with so many seats for everybody, and beyond them the share that the parameter says."""
    event = create_event(by=by, **fields)
    beyond = int(seats * parameters.value("training-overbooking") / 100)
    set_seats(event, by=by, seats={SeatKind.ANY: (seats, beyond)})
    return event


@transaction.atomic
def update_event(event, *, by, communes=None, **fields):
    """Change some of FIELDS; the enrolled are told of a new title or other days."""
    row = lock_kept(event, by)
    _must_be_open(row)
    told = [name for name in _TOLD if name in fields and fields[name] != getattr(row, name)]
    for name, value in _known(fields).items():
        setattr(row, name, value)
    _check(row)
    saving.save(row)
    if communes is not None:
        row.communes.set(communes)
    if told:
        notices.tell_of_change(row)
    return row


@transaction.atomic
def copy_event(event, *, by, starts_on):
    """The same event again from another day, a draft: content, seats, rules and the hours of the sessions.

    Rooms and trainers are left open, since they may be taken on the new days.
    """
    fields = {name: getattr(event, name) for name in FIELDS if name not in ("enrols_until", "starts_on", "ends_on")}
    later = starts_on - event.starts_on
    made = create_event(
        by=by,
        unit=event.unit,
        programme=event.programme,
        communes=event.communes.all(),
        starts_on=starts_on,
        ends_on=event.ends_on + later,
        **fields | {"organiser": by},
    )
    for session in event.sessions.order_by("starts_at", "pk"):
        sessions.add(
            made,
            by=by,
            topic=session.topic,
            starts_at=_days_later(session.starts_at, later),
            ends_at=_days_later(session.ends_at, later),
        )
    seats = {group.kind: (group.capacity, group.overbooking) for group in event.groups.all()}
    if seats:
        set_seats(made, by=by, seats=seats)
    return made


def _days_later(instant, days):
    """The same hour on the Warsaw clock some days later."""
    local = clock.local(instant)
    return datetime.datetime.combine(local.date() + days, local.time(), clock.WARSAW)


@transaction.atomic
def step(event, action, *, by, reason=""):
    """Make a move of the table, once the event has what the move needs."""
    row = lock_kept(event, by)
    if row.state in next(m.sources for m in row.MOVES if m.action == action):
        _NEEDS.get(action, lambda _row: None)(row)
    row = move(row, action, by=by, reason=reason)
    _THEN.get(action, lambda _row, _reason: None)(row, reason)
    return row


def _may_open(row):
    # some events have only days, as an internship
    begins = queries.first_start(row) or after(row.starts_on)
    if not any(group.seats for group in row.groups.all()):
        raise Refused(_("Say first how many seats there are."))
    if row.enrols_until and not clock.now() < row.enrols_until <= begins:
        raise Refused(
            _("Enrolment ends on %(until)s. Set a time that is to come and no later than the first session.")
            % {"until": datetime_short(row.enrols_until)}
        )


def _may_start(row):
    if clock.today() < row.starts_on:
        raise Refused(_("The first day of this event has not come yet."))


def _may_settle(row):
    ends = row.sessions.aggregate(last=Max("ends_at"))["last"]
    if clock.now() < (ends or after(row.ends_on)):
        raise Refused(_("This event has not ended yet."))


def _may_cancel(row):
    if number := certificates.number_of(row):
        raise Refused(
            _("Certificates were issued: %(number)d. The event took place, so settle it.") % {"number": number}
        )
    if Attendance.objects.filter(enrolment__event=row, present=True).exists():
        raise Refused(
            _("Somebody was at a session already. Remove the sessions that are not held and settle the event.")
        )


def _settled(row, _reason):
    AccessNeeds.objects.filter(enrolment__event=row).delete()


def _cancelled(row, reason):
    """Rooms and trainers are free again, by the foreign key of Teaching too; whoever is enrolled gets a letter."""
    row.sessions.update(active=False)
    row.revision += 1
    row.save(update_fields=["revision"])
    AccessNeeds.objects.filter(enrolment__event=row).delete()
    for enrolment in notices.enrolled(row):
        notices.tell(enrolment, Notice.CALLED_OFF, text=reason.strip())


_NEEDS = {"open": _may_open, "start": _may_start, "settle": _may_settle, "cancel": _may_cancel}
_THEN = {"settle": _settled, "cancel": _cancelled}


def _must_be_open(row):
    if row.state not in EVENT_OPEN:
        raise Stale(_("This event is settled or cancelled."))


def _check(row):
    """What the days of the sessions and the project allow, in words."""
    if row.pk:
        around = row.sessions.aggregate(first=Min("starts_at"), last=Max("ends_at"))
        if around["first"] and row.starts_on > clock.local(around["first"]).date():
            raise Refused({"starts_on": _("There is a session before this day. Move it first.")})
        if around["last"] and row.ends_on < clock.local(around["last"]).date():
            raise Refused({"ends_on": _("There is a session after this day. Move it first.")})
    project = row.project
    if project and not (project.starts_on <= row.starts_on and row.ends_on <= project.ends_on):
        raise Refused({"project": _("The project does not run on these days.")})


def _known(fields):
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    return fields
