"""Meetings as calendar files (ICS, RFC 5545): one meeting, or all of a partnership to subscribe to."""

from django.core import signing
from django.http import HttpResponse
from icalendar import Calendar, Event

from centrum.kit import clock
from centrum.staff.models import User
from partners import queries
from partners.enums import MeetingState

_SALT = "partners.calendar"
_STATUS = {MeetingState.PLANNED: "CONFIRMED", MeetingState.HELD: "CONFIRMED", MeetingState.CANCELLED: "CANCELLED"}


def token(partnership, user):
    """Signed address of a subscription: it opens one partnership for as long as `user` may see it."""
    return signing.dumps([str(partnership.public_id), user.pk], salt=_SALT)


def partnership_of(text):
    """The partnership of a subscription, None when it is forged or its owner sees the partnership no more."""
    try:
        public_id, pk = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    owner = User.objects.filter(pk=pk, is_active=True).first()
    if owner is None:
        return None
    found = queries.visible_partnerships(owner).filter(public_id=public_id).first()
    return found if found and queries.may_keep(owner, found) else None


def calendar(meetings, *, name=""):
    """The bytes of a calendar with `meetings`; of people it names nobody."""
    made = Calendar()
    made.add("prodid", "-//Centrum Ekonomii Solidarnej//PL")
    made.add("version", "2.0")
    if name:
        made.add("x-wr-calname", name)
    for meeting in meetings:
        made.add_component(_event(meeting))
    made.add_missing_timezones()
    return made.to_ical()


def response(body, filename):
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"},
    )


def _event(meeting):
    event = Event()
    event.add("uid", f"{meeting.public_id}@centrum")
    event.add("dtstamp", clock.now())
    event.add("dtstart", clock.local(meeting.starts_at))
    event.add("dtend", clock.local(meeting.ends_at))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("sequence", meeting.revision)
    event.add("status", _STATUS[meeting.state])
    if meeting.agenda:
        event.add("description", meeting.agenda)
    return event
