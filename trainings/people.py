"""Trainers, venues and their rooms: reads and writes. A trainer is kept by their unit, a venue by everybody."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.search import matching
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope
from trainings.models import Room, Session, Trainer, Venue


def visible_trainers(user):
    """Trainers of the units that `user` sees."""
    if not user.has_right(Right.VIEW_TRAININGS):
        return Trainer.objects.none()
    scope = unit_scope(user)
    rows = Trainer.objects.select_related("unit")
    return rows if scope is None else rows.filter(unit__in=scope)


def listed(user, *, q=""):
    rows = visible_trainers(user)
    return matching(rows, q) if q else rows


def may_keep(user, trainer):
    scope = unit_scope(user)
    return user.has_right(Right.KEEP_TRAININGS) and (scope is None or trainer.unit_id in scope)


def sessions_of(user, trainer):
    """Active sessions that the trainer leads in events which `user` sees, the latest first."""
    scope = unit_scope(user)
    rows = Session.objects.filter(active=True, teachings__trainer=trainer).select_related("event", "room__venue")
    rows = rows if scope is None else rows.filter(event__unit__in=scope)
    return rows.order_by("-starts_at", "-pk")


def venues():
    """Venues with their rooms."""
    return Venue.objects.select_related("commune").prefetch_related("rooms__rates").order_by("sort", "pk")


def rooms():
    """Rooms of the venues in use, for a choice."""
    return Room.objects.filter(venue__retired_on=None).select_related("venue").order_by("venue__sort", "name", "pk")


@transaction.atomic
def save_trainer(trainer=None, *, by, retired=False, **fields):
    """Write a new trainer of the own unit, or change one; `retired`: leads no longer."""
    require(by, Right.KEEP_TRAININGS)
    row = Trainer.objects.select_for_update(of=("self",)).get(pk=trainer.pk) if trainer else Trainer(unit=by.unit)
    if not may_keep(by, row):
        raise PermissionDenied(_("A trainer is kept by their own unit."))
    return _saved(row, fields, retired)


@transaction.atomic
def save_venue(venue=None, *, by, retired=False, **fields):
    """Write a new venue, or change one; `retired`: used no longer."""
    require(by, Right.KEEP_TRAININGS)
    row = Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk) if venue else Venue()
    return _saved(row, fields, retired)


@transaction.atomic
def save_room(venue, room=None, *, by, name, seats):
    """Write a new room of a venue, or change one."""
    require(by, Right.KEEP_TRAININGS)
    row = room or Room(venue=venue)
    row.name, row.seats = name, seats
    return saving.save(row)


def _saved(row, fields, retired):
    for name, value in fields.items():
        setattr(row, name, value)
    row.retired_on = (row.retired_on or clock.today()) if retired else None
    return saving.save(row)
