"""Seats of an event: the one place where they are taken, offered and given back.

Every function locks the row of the event first, so that those who ask at once are served one after the other and the
reserve list keeps its order. The database counts the seats a second time (`SeatGroup.taken` and its CHECK).
Functions raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale, move
from trainings import notices, queries
from trainings.access import must_be_admitted
from trainings.enums import ENROLLED, EVENT_OPEN, HOLDS_SEAT, EnrolmentState, EventState, Notice
from trainings.models import AccessNeeds, Enrolment, Event, SeatGroup

# What `enrol` takes of the person.
PERSON_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "language",
    "commune",
    "organisation_name",
    "declares_pes",
    "declares_at_risk",
    "person",
    "organisation",
    "case",
)
# What of it the rules of access ask for.
ADMITTED_BY = ("declares_pes", "declares_at_risk", "commune", "case")


def lock(event):
    """The row of the event, locked until the transaction ends."""
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)


def lock_kept(event, by):
    """The same for a member of staff who keeps the event; raises PermissionDenied."""
    row = lock(event)
    if not queries.may_keep(by, row):
        raise PermissionDenied(_("Training events are kept by their own unit."))
    return row


@transaction.atomic
def enrol(event, *, by, wanted="", needs=None, application=None, **person):
    """Enrol a person (PERSON_FIELDS): on a free seat, else at the end of the reserve list. Returns the Enrolment.

    `wanted`: the kind of seats, where the event has several; `needs`: fields of AccessNeeds. The public (`by=None`)
    enrols while enrolment is open, the staff until the event is settled or cancelled.
    """
    row = lock_kept(event, by) if by else lock(event)
    _must_be_open(row, by)
    unknown = sorted(set(person) - set(PERSON_FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    group = _group(row, wanted)
    must_be_admitted(row, group, **person)
    waiting = _waiting(group)
    if group.free > 0 and not waiting:
        state = EnrolmentState.SEATED
    elif row.reserve_places is None or waiting < row.reserve_places:
        state = EnrolmentState.RESERVE
    else:
        raise Refused(_("All seats and all places on the reserve list are taken."))
    made = saving.save(
        Enrolment(event=row, group=group, application=application, state=state, created_at=clock.now(), **person)
    )
    if needs and any(needs.values()):
        saving.save(AccessNeeds(enrolment=made, **needs))
    if state == EnrolmentState.SEATED:
        notices.tell(made, Notice.SEATED)
    else:
        notices.tell(made, Notice.RESERVED, position=waiting + 1)
    return made


@transaction.atomic
def take_offer(enrolment, *, by=None):
    """Whoever was offered a freed seat takes it, in time."""
    row = _lock(enrolment, by)
    if row.state == EnrolmentState.OFFERED and row.offered_until <= clock.now():
        raise Stale(_("The time to take this seat has passed, so it goes to the next person."))
    taken = move(row, "take", by=by, changes={"offered_until": None})
    notices.tell(taken, Notice.SEATED)
    return taken


@transaction.atomic
def cancel(enrolment, *, by=None, reason=""):
    """Give the seat or the place on the reserve list back; a freed seat is offered at once.

    The person may do it until the event begins, the staff until it is settled or cancelled.
    """
    row = _lock(enrolment, by)
    if by is not None:
        _must_go_on(row.event)
        if row.attendances.filter(present=True).exists():
            raise Refused(_("This person was at a session, so the enrolment stays."))
    elif row.state in ENROLLED and not may_cancel(row):
        raise Refused(_("This event has begun, so write or call us."))
    gone = move(row, "cancel", by=by, reason=reason, changes={"offered_until": None})
    AccessNeeds.objects.filter(enrolment=gone).delete()
    notices.tell(gone, Notice.RESIGNED)
    _offer_freed(row.event)
    return gone


@transaction.atomic
def end_offer(enrolment, *, by):
    """End an offer before its time, as who declines by telephone wishes; the seat goes to the next."""
    row = _lock(enrolment, by)
    return _end_offer(row, by=by)


@transaction.atomic
def let_in(enrolment, *, by):
    """Seat the first of the reserve list at once, without an offer: on the day itself no offers are made any more."""
    row = _lock(enrolment, by)
    _must_go_on(row.event)
    if row.state == EnrolmentState.RESERVE:
        if row.group.free < 1:
            raise Refused(_("No seat is free."))
        if (place := position(row)) > 1:
            raise Refused(
                _("Before this person wait: %(number)d. Let them in or cancel their enrolments first.")
                % {"number": place - 1}
            )
    offered = move(row, "offer", by=by, changes={"offered_until": clock.now()})
    seated = move(offered, "take", by=by, changes={"offered_until": None})
    notices.tell(seated, Notice.SEATED)
    return seated


@transaction.atomic
def change_group(enrolment, *, by, kind):
    """Move an enrolment to the seats `kind` of its event; a seat left is offered to the next.

    Who has or was offered a seat needs a free one there; who waits keeps the order of enrolment there too.
    """
    row = _lock(enrolment, by)
    event = row.event
    _must_go_on(event)
    group = event.groups.filter(kind=kind).first()
    if group is None:
        raise Refused({"kind": _("Choose which seats.")})
    if row.state not in ENROLLED:
        raise Stale(_("This person is not enrolled any more."))
    if group.pk == row.group_id:
        raise Refused({"kind": _("The person is enrolled on these seats already.")})
    try:
        must_be_admitted(event, group, **{name: getattr(row, name) for name in ADMITTED_BY})
    except Refused as refusal:
        raise Refused({"kind": refusal.messages}) from refusal
    if row.state in HOLDS_SEAT and (group.free < 1 or _waiting(group)):
        raise Refused({"kind": _("No seat is free there.")})
    row.group = group
    saving.save(row)
    _offer_freed(event)
    row.refresh_from_db()
    row.event = event
    return row


def may_cancel(enrolment):
    """Whether the person may still resign by themselves."""
    event = enrolment.event
    begins = queries.first_start(event)
    begun = clock.now() >= begins if begins else clock.today() > event.starts_on
    return enrolment.state in ENROLLED and not (
        begun or event.state in (EventState.RUNNING, EventState.SETTLED, EventState.CANCELLED)
    )


def lapse_offers():
    """End the offers whose time has passed and offer their seats to the next; returns how many ended."""
    ended = 0
    due = Enrolment.objects.filter(state=EnrolmentState.OFFERED, offered_until__lte=clock.now())
    for enrolment in due.select_related("event").order_by("offered_until", "pk"):
        ended += _lapse(enrolment)
    return ended


@transaction.atomic
def _lapse(enrolment):
    event = lock(enrolment.event)
    row = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if row.state != EnrolmentState.OFFERED:
        return False  # taken or declined a moment ago
    row.event = event
    _end_offer(row, by=None)
    return True


def _end_offer(row, *, by):
    gone = move(row, "lapse", by=by, changes={"offered_until": None})
    AccessNeeds.objects.filter(enrolment=gone).delete()
    notices.tell(gone, Notice.LAPSED)
    _offer_freed(row.event)
    return gone


@transaction.atomic
def set_seats(event, *, by, seats):
    """Make the groups of seats those of `seats`: {kind: (capacity, overbooking)}. New seats go to the reserve list.

    Refused with the number, below what is taken; a group goes only while nobody was ever enrolled in it.
    """
    row = lock_kept(event, by)
    _must_go_on(row)
    if not seats:
        raise Refused(_("Say how many seats there are."))
    groups = {group.kind: group for group in row.groups.all()}
    for kind in sorted(set(groups) - set(seats)):
        if groups[kind].enrolments.exists():
            raise Refused(_("People are enrolled on the seats “%(seats)s”, so they stay.") % {"seats": groups[kind]})
        groups[kind].delete()
    for kind, (capacity, overbooking) in seats.items():
        group = groups.get(kind) or SeatGroup(event=row, kind=kind)
        if capacity + overbooking < group.taken:
            raise Refused(
                _("%(taken)d people have the seats “%(seats)s”, so there can't be only %(number)d of them.")
                % {"taken": group.taken, "seats": group, "number": capacity + overbooking}
            )
        group.capacity, group.overbooking = capacity, overbooking
        saving.save(group)
    _offer_freed(row)
    return row


def position(enrolment):
    """Place on the reserve list of its seats, from 1; None for who is not on it."""
    if enrolment.state != EnrolmentState.RESERVE:
        return None
    return _queue(enrolment.group).filter(pk__lte=enrolment.pk).count()


def _offer_freed(event):
    """Offer every free seat to the first of the reserve list, under the lock of the event."""
    if event.state not in (EventState.PUBLISHED, EventState.ENROLMENT, EventState.CLOSED):
        return
    now = clock.now()
    begins = queries.first_start(event)
    until = now + datetime.timedelta(hours=event.offer_hours)
    if begins:
        until = min(until, begins)
    if until <= now:
        return
    for group in event.groups.all():
        for waiting in _queue(group)[: max(group.free, 0)]:
            offered = move(waiting, "offer", by=None, changes={"offered_until": until})
            notices.tell(offered, Notice.OFFERED, offered_until=until)


def _queue(group):
    return group.enrolments.filter(state=EnrolmentState.RESERVE).order_by("pk")


def _waiting(group):
    return _queue(group).count()


def _group(event, wanted):
    groups = {group.kind: group for group in event.groups.all()}
    if not groups:
        raise Refused(_("This event has no seats yet."))
    if len(groups) == 1:
        return next(iter(groups.values()))
    if wanted not in groups:
        raise Refused({"wanted": _("Choose which seats.")})
    return groups[wanted]


def _must_go_on(event):
    if event.state not in EVENT_OPEN:
        raise Stale(_("This event is settled or cancelled."))


def _must_be_open(event, by):
    if by is not None:
        if event.state not in EVENT_OPEN or event.state == EventState.DRAFT:
            raise Stale(_("Nobody can be enrolled in an event that is a draft, settled or cancelled."))
    elif not queries.takes_enrolments(event):
        raise Refused(_("Enrolment in this event is closed."))


def _lock(enrolment, by):
    """The enrolment under the lock of its event; `by` of the staff has to keep the event."""
    event = lock_kept(enrolment.event, by) if by else lock(enrolment.event)
    row = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    row.event = event
    return row
