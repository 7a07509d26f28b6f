"""Attendance at the sessions of an event: who was there, from when to when, and how much of the whole that is.

Noted on screen or by the QR code of the own page. Minutes are those that really passed, on the days of the changes of
clocks too. Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.polish import date_short
from centrum.kit.polish import time as hour
from centrum.kit.transitions import Refused, Stale, move
from trainings.capacity import lock_kept
from trainings.enums import EVENT_PUBLIC, EnrolmentState, EventState, NotedBy
from trainings.models import Approval, Attendance, Session


@dataclass(frozen=True)
class Mark:
    """What is noted of one person at one session: `present` None for nothing yet, hours on the Warsaw clock."""

    present: bool | None = None
    arrived: datetime.time | None = None
    left: datetime.time | None = None

    def __str__(self):
        """As a form carries it and as people read it in a message."""
        if self.present is None:
            return _("not noted")
        if not self.present:
            return _("was not there")
        hours = [words % {"time": hour(time)} for words, time in self._hours() if time]
        return ", ".join([_("was there"), *hours])

    def _hours(self):
        return (_("from %(time)s"), self.arrived), (_("until %(time)s"), self.left)

    def key(self):
        """The same in one word, for what a form was filled from."""
        return f"{self.present}/{self.arrived or ''}/{self.left or ''}"


def mark_of(row):
    """The Mark of an Attendance, of None where there is none."""
    if row is None:
        return Mark()
    return Mark(row.present, *(at and clock.local(at).time() for at in (row.arrived_at, row.left_at)))


# Minutes


def minutes_between(begins, ends):
    """Expression: whole minutes from the instant `begins` to the instant `ends`."""
    seconds = Func(ends - begins, function="EXTRACT", template="%(function)s(EPOCH FROM %(expressions)s)")
    return Cast(seconds / 60, IntegerField())


def spent():
    """Expression over Attendance: minutes that somebody spent at the session."""
    return minutes_between(
        Coalesce(F("arrived_at"), F("session__starts_at")), Coalesce(F("left_at"), F("session__ends_at"))
    )


def planned_minutes(event):
    """Minutes of all sessions of the event."""
    return event.sessions.aggregate(found=Coalesce(Sum(minutes_between(F("starts_at"), F("ends_at"))), 0))["found"]


def minutes_of(enrolment):
    """Minutes that somebody spent at the sessions of the event."""
    return enrolment.attendances.filter(present=True).aggregate(found=Coalesce(Sum(spent()), 0))["found"]


def with_minutes(enrolments):
    """The same enrolments, each with `minutes` spent there and how many sessions are `noted` of it."""
    rows = Attendance.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    return enrolments.annotate(
        minutes=Coalesce(Subquery(rows.filter(present=True).annotate(found=Sum(spent())).values("found")), 0),
        noted=Coalesce(Subquery(rows.annotate(found=Count("pk")).values("found")), 0),
    )


def percent(minutes, planned):
    """Whole per cent of the planned time, rounded down; None where nothing is planned."""
    return minutes * 100 // planned if planned else None


def percent_of(enrolment):
    return percent(minutes_of(enrolment), planned_minutes(enrolment.event))


def percents(event):
    """{enrolment: per cent} of everybody with a seat."""
    planned = planned_minutes(event)
    return {row.pk: percent(row.minutes, planned) for row in with_minutes(seated_of(event))}


def approved(event):
    """{enrolment: its Approval in force}."""
    rows = Approval.objects.filter(enrolment__event=event, withdrawn_on=None)
    return {row.enrolment_id: row for row in rows}


# Lists


def seated_of(event):
    """Everybody with a seat, by name."""
    return event.enrolments.filter(state=EnrolmentState.SEATED).order_by("sort", "pk")


def sessions_of(event):
    """The sessions in their order, each with how many were `there`, were `away` and how many are noted (`noted`)."""
    return (
        event.sessions.select_related("room__venue")
        .annotate(
            there=Count("attendances", Q(attendances__present=True)),
            away=Count("attendances", Q(attendances__present=False)),
            noted=Count("attendances"),
        )
        .order_by("starts_at", "pk")
    )


def session_now(event):
    """Today's session that goes on or comes next, else the last of today; None on other days."""
    today = [row for row in event.sessions.filter(active=True).order_by("starts_at") if _day(row) == clock.today()]
    coming = [row for row in today if row.ends_at > clock.now()]
    return (coming or today[-1:] or [None])[0]


# Noting


@transaction.atomic
def note(session, *, by, said):
    """Note what `by` typed of some people at a session; `said`: [(enrolment, Mark shown, Mark typed)].

    What was not touched stays as it is. Returns [(enrolment, Mark)] of those whom somebody else noted otherwise
    meanwhile: theirs stays. Refused names the person.
    """
    row = _lock(session, by)
    rows = {one.enrolment_id: one for one in row.attendances.select_for_update(of=("self",), no_key=True)}
    closed = set(approved(row.event))
    seated = set(seated_of(row.event).values_list("pk", flat=True))
    late = []
    for enrolment, was, now in said:
        if now == was or now.present is None:
            continue
        there = mark_of(rows.get(enrolment.pk))
        if now == there:
            continue
        if there != was or enrolment.pk in closed or enrolment.pk not in seated:
            late.append((enrolment, there))
            continue
        _save(row, enrolment, rows.get(enrolment.pk), now, by=by, how=NotedBy.SCREEN)
    return late


@transaction.atomic
def note_rest(session, *, by):
    """Note that everybody of whom nothing is noted yet was there from the beginning to the end. Returns how many."""
    row = _lock(session, by)
    rest = seated_of(row.event).exclude(attendances__session=row).exclude(pk__in=approved(row.event))
    rest = list(rest)
    for enrolment in rest:
        _save(row, enrolment, None, Mark(True), by=by, how=NotedBy.SCREEN)
    return len(rest)


@transaction.atomic
def check_in(enrolment, *, by):
    """Note by the QR code that somebody comes now to the session of today. Returns the Attendance.

    A second time changes nothing. Who comes within the minutes of the parameter is in time.
    """
    row = _at_the_door(enrolment, by)
    found = row.attendances.filter(enrolment=enrolment).first()
    if found and found.present:
        return found
    now = clock.now().replace(second=0, microsecond=0)
    grace = datetime.timedelta(minutes=parameters.whole("training-late-minutes"))
    late = now > row.starts_at + grace
    return _save(row, enrolment, found, Mark(True, clock.local(now).time() if late else None), by=by, how=NotedBy.CODE)


@transaction.atomic
def check_out(enrolment, *, by):
    """Note by the QR code that somebody who came leaves now, before the end. Returns the Attendance."""
    row = _at_the_door(enrolment, by)
    found = row.attendances.filter(enrolment=enrolment, present=True).first()
    if found is None:
        raise Refused(_("Note first that this person came."))
    now = clock.now().replace(second=0, microsecond=0)
    if now >= row.ends_at:
        raise Refused(_("This session has ended, so nobody leaves early."))
    mark = Mark(True, mark_of(found).arrived, clock.local(now).time())
    return _save(row, enrolment, found, mark, by=by, how=NotedBy.CODE)


def _at_the_door(enrolment, by):
    session = session_now(enrolment.event)
    if session is None:
        raise Refused(_("No session of this event is today."))
    row = _lock(session, by)
    if not seated_of(row.event).filter(pk=enrolment.pk).exists():
        raise Refused(_("This person has no seat: let them in first."))
    if enrolment.pk in approved(row.event):
        raise Stale(_("The attendance of this person is approved already."))
    return row


def _lock(session, by):
    """The session under the lock of its event; the first note says that the event has begun."""
    event = lock_kept(session.event, by)
    row = Session.objects.select_for_update(of=("self",), no_key=True).filter(pk=session.pk).first()
    if row is None:
        raise Stale(_("Meanwhile somebody removed this session."))
    if clock.today() < _day(row):
        raise Refused(
            _("This session is on %(day)s: attendance is noted from that day.") % {"day": date_short(_day(row))}
        )
    if event.state not in EVENT_PUBLIC:
        raise Stale(_("Attendance is noted of events that take place."))
    if event.state not in (EventState.RUNNING, EventState.SETTLED):
        event = move(event, "start", by=by)
    row.event = event
    return row


def _save(session, enrolment, found, mark, *, by, how):
    row = found or Attendance(session=session, enrolment=enrolment)
    row.present, row.how, row.noted_by, row.noted_at = mark.present, how, by, clock.now()
    arrived, left = _instant(session, mark.arrived), _instant(session, mark.left)
    if not mark.present and (arrived or left):
        _refuse(enrolment, _("who was not there neither came later nor left earlier."))
    if (arrived and arrived >= session.ends_at) or (left and left <= session.starts_at):
        _refuse(enrolment, _("these hours lie outside the session."))
    row.arrived_at = arrived if arrived and arrived > session.starts_at else None
    row.left_at = left if left and left < session.ends_at else None
    if row.arrived_at and row.left_at and row.left_at <= row.arrived_at:
        _refuse(enrolment, _("nobody leaves before they come."))
    return saving.save(row)


def _refuse(enrolment, why):
    raise Refused(f"{enrolment}: {why}")


def _instant(session, time):
    """The hour on the day of the session; on the next day, where the session goes on past midnight."""
    if time is None:
        return None
    at = datetime.datetime.combine(_day(session), time, clock.WARSAW)
    if at < session.starts_at and clock.local(session.ends_at).date() > _day(session):
        at = datetime.datetime.combine(_day(session) + datetime.timedelta(days=1), time, clock.WARSAW)
    return at


def _day(session):
    return clock.local(session.starts_at).date()


def of_session(session, enrolments):
    """{enrolment: Attendance} of these people at the session."""
    rows = session.attendances.filter(enrolment__in=[row.pk for row in enrolments])
    return {row.enrolment_id: row for row in rows.select_related("noted_by")}


def own(enrolment):
    """What somebody sees of their own attendance: (minutes, planned minutes), None before anything is noted."""
    if not enrolment.attendances.exists():
        return None
    return minutes_of(enrolment), planned_minutes(enrolment.event)


def told_of(enrolment):
    """[(session, Mark)] of somebody of whom something is noted, in the order of the sessions; else nothing."""
    noted = {row.session_id: row for row in enrolment.attendances.all()}
    if not noted:
        return []
    return [(one, mark_of(noted.get(one.pk))) for one in enrolment.event.sessions.order_by("starts_at", "pk")]
