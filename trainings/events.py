"""What is done with training events, from the draft to the settlement.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.numbering import next_number
from centrum.kit.transitions import Stale, move
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from trainings import queries
from trainings.capacity import lock_kept
from trainings.enums import EVENT_OPEN
from trainings.models import Event, Session, Teaching

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


@transaction.atomic
def create_event(*, by, unit, programme=None, communes=(), **fields):
    """Write down an event (FIELDS), a draft at first, which `unit` keeps; what is not given comes from `programme`."""
    require(by, Right.KEEP_TRAININGS)
    content = {name: getattr(programme, name) for name in CONTENT} if programme else {}
    known = {"organiser": by, "offer_hours": parameters.whole("training-offer-hours")} | content | _known(fields)
    event = Event(number=next_number("SZ"), unit=unit, programme=programme, created_at=clock.now(), **known)
    if not queries.may_keep(by, event):
        raise PermissionDenied(_("Training events are kept by their own unit."))
    saving.save(event)
    event.communes.set(communes)
    return event


@transaction.atomic
def step(event, action, *, by, reason=""):
    """Make a move of the table."""
    row = lock_kept(event, by)
    return move(row, action, by=by, reason=reason)


@transaction.atomic
def add_session(event, *, by, starts_at, ends_at, topic="", room=None, link="", trainers=()):
    """Add a session with its trainers. Refused when the room or a trainer is taken at that time, naming where."""
    row = lock_kept(event, by)
    if row.state not in EVENT_OPEN:
        raise Stale(_("This event is settled or cancelled."))
    session = saving.save(Session(event=row, starts_at=starts_at, ends_at=ends_at, topic=topic, room=room, link=link))
    for trainer in trainers:
        saving.save(Teaching(session=session, trainer=trainer, starts_at=starts_at, ends_at=ends_at))
    return session


def _known(fields):
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    return fields
