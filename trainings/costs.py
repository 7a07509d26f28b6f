"""Costs of training events: contracts of trainers, rates of rooms, what is planned and what was paid, in PLN.

What comes from sessions is reckoned exactly and rounded once a line, half a grosz up.
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.history import author
from centrum.kit.polish import date_short, hours
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from trainings import people, queries
from trainings.capacity import lock, lock_kept
from trainings.enums import CostKind, EventState, RateUnit
from trainings.models import Cost, RoomRate, Teaching, Trainer, TrainerContract

GROSZ = Decimal("0.01")
CONTRACT = ("number", "rate", "hour_minutes", "hours_limit", "valid_from", "valid_to")
RATE = ("number", "rate", "unit", "valid_from", "valid_to")
COST = ("kind", "description", "planned")
PAYMENT = ("paid", "paid_on", "document")


# Reads


def of_event(event):
    return event.costs.select_related("contract__trainer", "room_rate__room").order_by("kind", "pk")


def totals(event):
    """{"planned", "paid"} of all lines, 0 without any."""
    found = event.costs.aggregate(planned=Sum("planned"), paid=Sum("paid"))
    return {name: value or Decimal(0) for name, value in found.items()}


def may_pay(user, event):
    """Whether `user` notes payments of this event."""
    return user.has_right(Right.PAY_TRAININGS) and queries.visible_events(user).filter(pk=event.pk).exists()


def may_plan(event):
    """A cancelled event still costs something: the hire that was called off too late."""
    return event.state != EventState.SETTLED


def in_force(rows, day):
    """The row in force on `day` of those already read, None without one."""
    return next((row for row in rows if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)), None)


def minutes(session):
    """Minutes that really pass in a session or in a Teaching."""
    return int((session.ends_at - session.starts_at).total_seconds()) // 60


def day_of(session):
    return clock.local(session.starts_at).date()


def reckoned(event):
    """What the sessions cost by the contracts and rates in force on their days.

    Returns ([Cost, not saved], [what is missing, in words]). Trainers of the staff and rooms without rates are free.
    """
    sessions = queries.sessions_of(event).filter(active=True)
    sessions = list(sessions.prefetch_related("room__rates", "teachings__trainer__contracts"))
    led, used, missing = defaultdict(int), defaultdict(list), []
    for session in sessions:
        day = day_of(session)
        for teaching in session.teachings.all():
            contract = in_force(teaching.trainer.contracts.all(), day)
            if contract:
                led[contract] += minutes(session)
            elif teaching.trainer.account_id is None:
                words = _("%(trainer)s has no contract on %(day)s.")
                missing.append(words % {"trainer": teaching.trainer, "day": date_short(day)})
        rates = session.room.rates.all() if session.room else []
        rate = in_force(rates, day)
        if rate:
            used[rate].append(session)
        elif rates:
            missing.append(_("%(room)s has no rate on %(day)s.") % {"room": session.room, "day": date_short(day)})
    lines = [
        Cost(
            kind=CostKind.TRAINER,
            contract=contract,
            description=_("%(trainer)s: %(time)s") % {"trainer": _short(contract.trainer), "time": hours(spent)},
            planned=_round(contract.rate * spent / contract.hour_minutes),
        )
        for contract, spent in led.items()
    ]
    return [*lines, *(_room_line(rate, held) for rate, held in used.items())], [*missing, *beyond_limits(led)]


def _room_line(rate, held):
    spent, days = sum(minutes(session) for session in held), len({day_of(session) for session in held})
    if rate.unit == RateUnit.DAY:
        planned, much = rate.rate * days, _("days: %(number)d") % {"number": days}
    else:
        planned, much = rate.rate * spent / 60, hours(spent)
    words = _("%(room)s: %(much)s") % {"room": _short(held[0].room), "much": much}
    return Cost(kind=CostKind.ROOM, room_rate=rate, description=words, planned=_round(planned))


def _round(amount):
    return Decimal(amount).quantize(GROSZ, ROUND_HALF_UP)


def _short(who):
    """A name that leaves room for the hours in a description."""
    return Truncator(str(who)).chars(170)


def used_minutes(contracts):
    """{contract: minutes of all active sessions led under it, in whatever event}."""
    by_trainer, used = defaultdict(list), dict.fromkeys(contracts, 0)
    for contract in used:
        by_trainer[contract.trainer_id].append(contract)
    for row in Teaching.objects.filter(trainer__in=by_trainer, active=True):
        contract = in_force(by_trainer[row.trainer_id], day_of(row))
        if contract:
            used[contract] += minutes(row)
    return used


def beyond_limits(contracts):
    """Sentences about those of the contracts under which more hours are planned than they pay for."""
    for contract, spent in used_minutes(contracts).items():
        if contract.hours_limit and spent > contract.hours_limit * contract.hour_minutes:
            words = _("%(trainer)s: contract %(number)s pays for %(limit)d hours, and %(time)s are planned under it.")
            yield words % {
                "trainer": contract.trainer,
                "number": contract,
                "limit": contract.hours_limit,
                "time": hours(spent),
            }


# Contracts and rates


@transaction.atomic
def save_contract(trainer, contract=None, *, by, **fields):
    """Write a contract of a trainer (CONTRACT), or change one."""
    row = Trainer.objects.select_for_update(of=("self",), no_key=True).get(pk=trainer.pk)
    if not people.may_keep(by, row):
        raise PermissionDenied(_("A trainer is kept by their own unit."))
    if contract and fields.get("number", contract.number) != contract.number and contract.costs.exists():
        raise Refused({"number": _("Costs are reckoned by this contract, so its number stays.")})
    return _written(contract or TrainerContract(trainer=row), CONTRACT, fields)


@transaction.atomic
def save_rate(room, row=None, *, by, **fields):
    """Write what a room costs (RATE), or change it."""
    require(by, Right.KEEP_TRAININGS)
    return _written(row or RoomRate(room=room), RATE, fields)


def _written(row, names, fields):
    unknown = sorted(set(fields) - set(names))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    for name, value in fields.items():
        setattr(row, name, value)
    return saving.save(row)


# Costs


@transaction.atomic
def save_cost(event, cost=None, *, by, **fields):
    """Plan a cost (COST), or change what is planned of one."""
    row = _planned(event, by)
    found = _lock_unpaid(cost) if cost else Cost(event=row)
    return _written(found, COST, fields)


@transaction.atomic
def remove_cost(cost, *, by):
    """Take a cost out of the plan; what is paid stays."""
    _planned(cost.event, by)
    _lock_unpaid(cost).delete()


@transaction.atomic
def reckon(event, *, by):
    """Plan what the sessions cost, each line once: those reckoned before get the new amounts, unless they are paid.

    Returns (lines written, what is missing in words).
    """
    row = _planned(event, by)
    lines, missing = reckoned(row)
    known = {(line.contract_id, line.room_rate_id): line for line in row.costs.select_for_update(no_key=True)}
    written = 0
    for line in lines:
        there = known.pop((line.contract_id, line.room_rate_id), None)
        if there is None:
            line.event = row
            saving.save(line)
            written += 1
        elif there.paid is None and (there.planned, there.description) != (line.planned, line.description):
            there.planned, there.description = line.planned, line.description
            saving.save(there)
            written += 1
    for line in known.values():
        if line.paid is None and (line.contract_id or line.room_rate_id):
            line.delete()  # no session is held under it any more
            written += 1
    return written, missing


@transaction.atomic
def pay(cost, *, by, reason="", **fields):
    """Note what was paid (PAYMENT), or set it right; all of them empty: it was not paid after all.

    Setting right needs a `reason`, which stays in the journal.
    """
    require(by, Right.PAY_TRAININGS)
    event = lock(cost.event)
    if not may_pay(by, event):
        raise PermissionDenied(_("This record belongs to another unit."))
    if event.state == EventState.DRAFT:
        raise Refused(_("This event is a draft."))
    if fields.get("paid_on") and fields["paid_on"] > clock.today():
        raise Refused({"paid_on": _("This day has not come yet.")})
    row = _lock(cost)
    if row.paid is None:
        return _written(row, PAYMENT, fields)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    with author(user=by.pk, reason=reason.strip()):
        return _written(row, PAYMENT, fields)


def _planned(event, by):
    row = lock_kept(event, by)
    if not may_plan(row):
        raise Stale(_("This event is settled, so its plan stays."))
    return row


def _lock(cost):
    row = Cost.objects.select_for_update(of=("self",), no_key=True).filter(pk=cost.pk).first()
    if row is None:
        raise Stale(_("Meanwhile somebody removed this cost."))
    return row


def _lock_unpaid(cost):
    row = _lock(cost)
    if row.paid is not None:
        raise Refused(_("This cost is paid, so it stays."))
    return row
