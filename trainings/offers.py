"""What the public sees of events: whether one may enrol and why not, seats, cards of the calendar."""

from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.kit import clock
from centrum.kit.polish import datetime_short
from centrum.kit.search import PlSort
from centrum.register.models import Commune
from trainings import notices, queries
from trainings.enums import EventState, SeatKind
from trainings.models import SeatGroup, Session


class Standing(NamedTuple):
    """`tag` and `text` for the label; `enrols`: whether the public may enrol now; `why`: a sentence about it."""

    tag: str
    text: str
    enrols: bool
    why: str = ""


def is_over(event):
    """Whether the event belongs to the past; its last session has ended, or its last day where it has none."""
    last = max((session.ends_at for session in event.sessions.all()), default=None)
    ended = clock.now() >= last if last else clock.today() > event.ends_on
    return event.state == EventState.SETTLED or ended


def standing(event):
    """Where a public event stands today. Wants `queries.with_parts`."""
    if event.state == EventState.CANCELLED:
        return Standing("bad", _("cancelled"), False, _("This event is cancelled."))
    if is_over(event):
        return Standing("quiet", _("it has taken place"), False, _("This event is over."))
    begins = queries.first_start(event)
    if event.state == EventState.RUNNING or (begins and begins <= clock.now()):
        return Standing("info", _("under way"), False, _("This event has begun, so nobody can enrol any more."))
    if event.state == EventState.PUBLISHED:
        return Standing("info", _("enrolment opens soon"), False, _("Enrolment is not open yet. Come back soon."))
    if not queries.takes_enrolments(event):
        return Standing("quiet", _("enrolment closed"), False, _("Enrolment in this event is closed."))
    return _of_seats(event)


def _of_seats(event):
    free = sum(free_in(group) for group in event.groups.all())
    until = _("Enrolment is open until %(when)s.") % {"when": datetime_short(event.enrols_until)}
    if free:
        text = ngettext("%(number)d free seat", "%(number)d free seats", free) % {"number": free}
        return Standing("on", text, True, until)
    if any(event.reserve_places is None or group.waiting < event.reserve_places for group in event.groups.all()):
        return Standing("wait", _("reserve list"), True, until)
    return Standing("quiet", _("full"), False, _("All seats and all places on the reserve list are taken."))


def free_in(group):
    """Seats that somebody who enrols now would get: none while others wait for them."""
    return 0 if group.waiting else max(group.free, 0)


def card(event):
    """The event for a list, from what `queries.with_parts` has fetched."""
    return {
        "event": event,
        "standing": standing(event),
        "when": notices.when(event),
        "place": notices.place(event),
        "waiting": sum(group.waiting for group in event.groups.all()),
    }


def by_month(cards):
    """[{month, cards}] in the order of `cards`."""
    months = []
    for one in cards:
        month = one["event"].starts_on.replace(day=1)
        if not months or months[-1]["month"] != month:
            months.append({"month": month, "cards": []})
        months[-1]["cards"].append(one)
    return months


ONLINE = "online"


def listed(*, form="", month=None, place="", who="", free=False, past=False):
    """Events of the calendar by its filters. `place`: pk of a commune or ONLINE; `who`: a SeatKind that fits;
    `past`: what has been done instead of what is to come."""
    over = Q(state=EventState.SETTLED) | Q(ends_on__lt=clock.today())
    rows = queries.public_events().filter(over if past else ~over)
    if form:
        rows = rows.filter(form=form)
    if month:
        rows = rows.filter(starts_on__year=month.year, starts_on__month=month.month)
    if place:
        there = Session.objects.filter(event=OuterRef("pk"))
        there = there.exclude(link="") if place == ONLINE else there.filter(room__venue__commune=int(place))
        rows = rows.filter(Exists(there))
    if who:
        rows = rows.filter(Exists(SeatGroup.objects.filter(event=OuterRef("pk"), kind__in=[SeatKind.ANY, who])))
        rows = rows.filter(only_pes=False) if who == SeatKind.PERSON else rows
    if free:
        empty = SeatGroup.objects.filter(event=OuterRef("pk"), taken__lt=F("capacity") + F("overbooking"))
        rows = rows.filter(Exists(empty), state=EventState.ENROLMENT, enrols_until__gt=clock.now())
    return queries.with_parts(rows)


def months():
    """First days of the months in which public events begin, newest last."""
    return list(queries.public_events().dates("starts_on", "month"))


def communes():
    """(primary key, name) of the communes in which public events are held, in Polish order."""
    sessions = Session.objects.filter(event__in=queries.public_events(), room__venue__commune__isnull=False)
    rows = Commune.objects.filter(pk__in=sessions.values("room__venue__commune"))
    return list(rows.order_by(PlSort("name")).values_list("pk", "name"))
