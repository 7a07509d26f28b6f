"""How much trainers and rooms have to do in a month, and what does not go together there."""

import datetime
from collections import defaultdict
from itertools import pairwise

from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters
from centrum.kit.polish import date_short, hours
from centrum.staff.queries import unit_scope
from trainings import costs, people
from trainings.models import Session, Teaching


def sessions_between(first, after, user=None):
    """Active sessions of the days from `first` to before `after`, with all that the warnings look at.

    `user`: only of events which they see; without one of all, since a trainer of another unit may be busy too.
    """
    begins, ends = (datetime.datetime.combine(day, datetime.time(), clock.WARSAW) for day in (first, after))
    rows = Session.objects.filter(active=True, starts_at__gte=begins, starts_at__lt=ends)
    scope = unit_scope(user) if user else None
    rows = rows if scope is None else rows.filter(event__unit__in=scope)
    teachings = Prefetch(
        "teachings", Teaching.objects.select_related("trainer").prefetch_related("trainer__contracts").order_by("pk")
    )
    return (
        rows.select_related("event", "room__venue")
        .annotate(event_seats=Sum("event__groups__capacity"))
        .prefetch_related(teachings)
        .order_by("starts_at", "pk")
    )


def month(user, first):
    """{"trainers", "rooms", "warnings"} of the month that begins on `first`, for what `user` sees.

    Of each trainer also what their contract, the last one in the month, still leaves: `left` in minutes, below 0 when
    it is passed, None without a limit.
    """
    after = clock.months_later(first, 1)
    sessions = list(sessions_between(first, after, user))
    led, used = defaultdict(list), defaultdict(list)
    for session in sessions:
        for teaching in session.teachings.all():
            led[teaching.trainer].append(session)
        if session.room:
            used[session.room].append(session)
    seen = set(people.visible_trainers(user).values_list("pk", flat=True))
    left = {
        contract.trainer: contract.hours_limit * contract.hour_minutes - spent
        for contract, spent in costs.used_minutes(_contracts(sessions)).items()
        if contract.hours_limit
    }
    return {
        "trainers": [
            _row(trainer, held, seen=trainer.pk in seen, left=left.get(trainer))
            for trainer, held in sorted(led.items(), key=_by_name)
        ],
        "rooms": [_row(room, held) for room, held in sorted(used.items(), key=lambda item: str(item[0]))],
        "warnings": warnings(sessions),
    }


def _by_name(item):
    return item[0].sort, item[0].pk


def _row(who, held, **more):
    days = {costs.day_of(session) for session in held}
    spent = sum(costs.minutes(session) for session in held)
    return {"who": who, "sessions": len(held), "days": len(days), "minutes": spent, **more}


def _contracts(sessions):
    """Contracts in force on the days of sessions, in their order, each once."""
    found = {}
    for session in sessions:
        for teaching in session.teachings.all():
            contract = costs.in_force(teaching.trainer.contracts.all(), costs.day_of(session))
            found.setdefault(contract)
    found.pop(None, None)
    return list(found)


def warnings_of(event):
    """What does not go together on the days of an event and touches it, in words."""
    around = sessions_between(event.starts_on, event.ends_on + datetime.timedelta(days=1))
    return warnings(list(around), only=event)


def warnings(sessions, only=None):
    """Sentences about these sessions, in their order; `only`: those that touch this event."""
    told, by_trainer = [], defaultdict(list)
    longest = parameters.whole("training-trainer-day-hours") * 60
    travel = datetime.timedelta(minutes=parameters.whole("training-travel-minutes"))
    for session in sessions:
        for teaching in session.teachings.all():
            by_trainer[teaching.trainer, costs.day_of(session)].append(session)
        if only is None or session.event_id == only.pk:
            told += _of_session(session)
    for (trainer, day), held in by_trainer.items():
        if only is None or any(session.event_id == only.pk for session in held):
            told += _of_day(trainer, day, held, longest, travel)
    ours = [session for session in sessions if only is None or session.event_id == only.pk]
    return [*told, *costs.beyond_limits(_contracts(ours))]


def _of_session(session):
    day = date_short(costs.day_of(session))
    for teaching in session.teachings.all():
        trainer = teaching.trainer
        if trainer.account_id is None and not costs.in_force(trainer.contracts.all(), costs.day_of(session)):
            yield _("%(trainer)s has no contract on %(day)s.") % {"trainer": trainer, "day": day}
    seats = session.room and session.room.seats
    if seats and session.event_seats and seats < session.event_seats:
        words = _("%(room)s holds %(seats)d people, and “%(event)s” on %(day)s has %(wanted)d seats.")
        yield words % {
            "room": session.room,
            "seats": seats,
            "event": session.event,
            "day": day,
            "wanted": session.event_seats,
        }


def _of_day(trainer, day, held, longest, travel):
    spent = sum(costs.minutes(session) for session in held)
    if spent > longest:
        words = _("%(trainer)s leads %(time)s on %(day)s.")
        yield words % {"trainer": trainer, "time": hours(spent), "day": date_short(day)}
    # what is led online in between takes nobody anywhere
    for before, after in pairwise([session for session in held if session.room]):
        apart = before.room.venue_id != after.room.venue_id
        if apart and after.starts_at - before.ends_at < travel:
            words = _("%(trainer)s has too little time on %(day)s to get from %(first)s to %(second)s.")
            yield words % {
                "trainer": trainer,
                "day": date_short(day),
                "first": before.room.venue,
                "second": after.room.venue,
            }
