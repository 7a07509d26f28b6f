"""Sessions of an event: when, where, led by whom. No room and no trainer is in two places at once.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.polish import date_short, time_range
from centrum.kit.transitions import Refused, Stale
from trainings import notices
from trainings.capacity import lock_kept
from trainings.enums import EVENT_OPEN
from trainings.models import Session, Teaching

MOST = 200  # sessions made at one go


@transaction.atomic
def add(event, *, by, starts_at, ends_at, topic="", room=None, link="", trainers=()):
    """Add a session with its trainers. Refused when the room or a trainer is taken then, naming what holds it."""
    row = _lock(event, by)
    session = _save(Session(event=row), starts_at, ends_at, topic, room, link, trainers)
    notices.tell_of_change(row)
    return session


@transaction.atomic
def change(session, *, by, starts_at, ends_at, topic="", room=None, link="", trainers=()):
    """Change a session; the enrolled are told when its hours or its place are other ones."""
    row = _lock(session.event, by)
    kept = Session.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
    if kept is None:
        raise Stale(_("Meanwhile somebody removed this session."))
    if (kept.starts_at, kept.ends_at) != (starts_at, ends_at) and kept.attendances.filter(present=True).exists():
        raise Refused(_("Attendance is noted at these hours, so they stay."))
    told = (kept.starts_at, kept.ends_at, kept.room_id, kept.link) != (starts_at, ends_at, room and room.pk, link)
    kept = _save(kept, starts_at, ends_at, topic, room, link, trainers)
    if told:
        notices.tell_of_change(row)
    return kept


@transaction.atomic
def remove(session, *, by):
    """Take a session out of the event."""
    row = _lock(session.event, by)
    if session.attendances.exists():
        raise Refused(_("Attendance is noted at this session, so it stays."))
    Session.objects.filter(pk=session.pk).delete()
    notices.tell_of_change(row)


@transaction.atomic
def repeat(session, *, by, days, until):
    """The same session again every so many `days`, up to the day `until` at the same hours; returns the new ones."""
    row = _lock(session.event, by)
    starts, ends = clock.local(session.starts_at), clock.local(session.ends_at)
    trainers = [teaching.trainer for teaching in session.teachings.select_related("trainer")]
    made, later = [], datetime.timedelta(days=days)
    while starts.date() + later * (len(made) + 1) <= until:
        if len(made) == MOST:
            raise Refused({"until": _("These are too many sessions at one go. Choose an earlier day.")})
        shift = later * (len(made) + 1)
        made.append(
            _save(
                Session(event=row),
                _on(starts, shift),
                _on(ends, shift),
                session.topic,
                session.room,
                session.link,
                trainers,
            )
        )
    if not made:
        raise Refused({"until": _("There is no such day before it. Choose a later day.")})
    notices.tell_of_change(row)
    return made


def _on(local, shift):
    """The same hour on the Warsaw clock, whatever the clocks do in between."""
    return datetime.datetime.combine(local.date() + shift, local.time(), clock.WARSAW)


def _save(session, starts_at, ends_at, topic, room, link, trainers):
    event = session.event
    if ends_at <= starts_at:
        raise Refused({"ends": _("A session ends after it begins.")})
    days = clock.local(starts_at).date(), clock.local(ends_at).date()
    if days[0] < event.starts_on or days[1] > event.ends_on:
        raise Refused(
            {
                "first_day": _("The event lasts from %(first)s to %(last)s.")
                % {"first": date_short(event.starts_on), "last": date_short(event.ends_on)}
            }
        )
    session.starts_at, session.ends_at = starts_at, ends_at
    session.topic, session.room, session.link = topic, room, link
    _must_be_free(session, trainers)
    saving.save(session)
    session.teachings.exclude(trainer__in=trainers).delete()
    known = set(session.teachings.values_list("trainer", flat=True))
    for trainer in trainers:
        if trainer.pk not in known:
            saving.save(Teaching(session=session, trainer=trainer, starts_at=starts_at, ends_at=ends_at))
    return session


def _must_be_free(session, trainers):
    """Name what holds the room or a trainer at that time; two at once are told by the constraints instead."""
    others = Session.objects.filter(active=True, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    others = others.exclude(pk=session.pk).select_related("event").order_by("starts_at", "pk")
    errors = {}
    holds = others.filter(room=session.room).first() if session.room else None
    if holds:
        errors["room"] = _("This room is taken then: %(what)s.") % {"what": _words(holds)}
    busy = [
        _("%(trainer)s leads then: %(what)s.") % {"trainer": trainer, "what": _words(found)}
        for trainer in trainers
        if (found := others.filter(teachings__trainer=trainer).first())
    ]
    if busy:
        errors["trainers"] = busy
    if errors:
        raise Refused(errors)


def _words(session):
    begins, ends = clock.local(session.starts_at), clock.local(session.ends_at)
    hours = time_range(begins.time(), ends.time())
    return f"{session.event.number} „{session.event}”, {date_short(begins.date())}, {hours}"


def _lock(event, by):
    row = lock_kept(event, by)
    if row.state not in EVENT_OPEN:
        raise Stale(_("This event is settled or cancelled."))
    return row
