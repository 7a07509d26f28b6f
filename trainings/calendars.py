"""Training events as calendar files (ICS, RFC 5545): one event, one enrolment, or all public ones to subscribe to."""

import datetime

from django.http import HttpResponse
from icalendar import Calendar
from icalendar import Event as Entry

from centrum.kit import clock
from trainings import notices, queries
from trainings.enums import EventState

# A subscription keeps what was; older than this it leaves out.
KEPT = datetime.timedelta(days=366)


def public_events():
    """What the public feed tells, the cancelled among them, so that calendars take them off."""
    rows = queries.told_events().filter(ends_on__gte=clock.today() - KEPT)
    return queries.with_parts(rows.order_by("starts_on", "pk"))


def calendar(events, *, name="", cancelled=False):
    """The bytes of a calendar with `events`, an entry for each session; it names no people.

    `cancelled`: whoever asks does not come any more.
    """
    made = Calendar()
    made.add("prodid", "-//Centrum Ekonomii Solidarnej//PL")
    made.add("version", "2.0")
    if name:
        made.add("x-wr-calname", name)
    for event in events:
        off = cancelled or event.state == EventState.CANCELLED
        sessions = sorted(event.sessions.all(), key=lambda session: (session.starts_at, session.pk))
        for entry in [_session(event, session) for session in sessions] or [_days(event)]:
            entry.add("dtstamp", clock.now())
            entry.add("sequence", event.revision + off)
            entry.add("status", "CANCELLED" if off else "CONFIRMED")
            made.add_component(entry)
    made.add_missing_timezones()
    return made.to_ical()


def response(body, filename):
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"},
    )


def _session(event, session):
    entry = Entry()
    entry.add("uid", f"{event.public_id}-{session.pk}@centrum")
    entry.add("dtstart", clock.local(session.starts_at))
    entry.add("dtend", clock.local(session.ends_at))
    entry.add("summary", f"{event.title}: {session.topic}" if session.topic else event.title)
    entry.add("location", notices.place_of(session))
    return entry


def _days(event):
    """An event whose hours are not known yet, as whole days."""
    entry = Entry()
    entry.add("uid", f"{event.public_id}@centrum")
    entry.add("dtstart", event.starts_on)
    entry.add("dtend", event.ends_on + datetime.timedelta(days=1))
    entry.add("summary", event.title)
    return entry
