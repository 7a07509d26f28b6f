"""The catalogue of programmes: reads and writes. A programme belongs to the whole house, whoever keeps trainings."""

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.search import matching
from centrum.kit.transitions import Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from trainings.events import CONTENT
from trainings.models import Programme

FIELDS = (*CONTENT, "hours", "materials", "pre_test", "post_test")


def listed(*, q="", form="", offered=""):
    """Programmes with the number of their events (`made`); `offered`: "now" or "" for all."""
    rows = Programme.objects.annotate(made=Count("trainings"))
    if form:
        rows = rows.filter(form=form)
    if offered == "now":
        rows = rows.filter(retired_on=None)
    return matching(rows, q) if q else rows


def offered():
    return Programme.objects.filter(retired_on=None).order_by("sort", "pk")


@transaction.atomic
def save(programme=None, *, by, **fields):
    """Write a new programme (FIELDS) or change one; events that were made of it keep what they promised."""
    require(by, Right.KEEP_TRAININGS)
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    row = _lock(programme) if programme else Programme(created_at=clock.now())
    for name, value in fields.items():
        setattr(row, name, value)
    return saving.save(row)


@transaction.atomic
def retire(programme, *, by):
    """Offer it no longer, from today on."""
    require(by, Right.KEEP_TRAININGS)
    row = _lock(programme)
    if row.retired_on:
        raise Stale(_("This programme is not offered any more."))
    row.retired_on = clock.today()
    return saving.save(row)


@transaction.atomic
def offer_again(programme, *, by):
    require(by, Right.KEEP_TRAININGS)
    row = _lock(programme)
    if row.retired_on is None:
        raise Stale(_("This programme is offered already."))
    row.retired_on = None
    return saving.save(row)


def _lock(programme):
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
