"""Samples for auditors (próby kontrolne): of whom an auditor from outside reads the files, and on which days.

Raises PermissionDenied, and Refused naming the field.
"""

import datetime
import re

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from centrum.kit import clock, registry
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused
from centrum.register import queries
from centrum.register.models import AuditSample
from centrum.staff.enums import Right, Role
from centrum.staff.models import User
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope

_SEPARATORS = re.compile(r"[\s,;]+")


def auditors():
    return User.objects.filter(role=Role.AUDITOR, is_active=True)


def visible_samples(user):
    """Samples made in the user's units, for who keeps them; an auditor's own ones for an auditor."""
    samples = AuditSample.objects.select_related("auditor", "made_by")
    if user.role == Role.AUDITOR:
        return samples.filter(auditor=user)
    if not user.has_right(Right.KEEP_SAMPLES):
        return samples.none()
    units = unit_scope(user)
    return samples if units is None else samples.filter(made_by__unit__in=units)


def my_day(user, _obj):
    """For an auditor's first page: the samples by which they read today."""
    if user.role != Role.AUDITOR or not user.has_right(Right.VIEW_CLIENTS):
        return None
    samples = AuditSample.objects.filter(in_force(), auditor=user).annotate(size=Count("people"))
    return {"samples": list(samples.order_by("valid_to", "id"))}


def people_of_numbers(user, text):
    """(primary keys of the people, numbers that nobody was found for) of case and application numbers in `text`."""
    found, unknown = set(), []
    for number in filter(None, dict.fromkeys(_SEPARATORS.split(text.upper()))):
        people = set()
        for reach in registry.audit_reaches():
            people.update(reach.people(user, number).values_list("pk", flat=True))
        found |= people
        if not people:
            unknown.append(number)
    return found, unknown


@transaction.atomic
def make_sample(*, by, auditor, purpose, first_day, last_day, people=()):
    """Let `auditor` read the files of `people` (primary keys) from the first to the last day, both included."""
    require(by, Right.KEEP_SAMPLES)
    if not auditors().filter(pk=auditor.pk).exists():
        raise Refused({"auditor": _("Choose an active account of an auditor.")})
    sample = AuditSample(auditor=auditor, made_by=by, made_at=clock.now())
    _write(sample, purpose, first_day, last_day)
    _add(sample, by, people)
    return sample


@transaction.atomic
def change_sample(sample, *, by, purpose=None, first_day=None, last_day=None, add=(), remove=()):
    """Change what is given: the purpose, the days, people to add or take out (primary keys)."""
    require(by, Right.KEEP_SAMPLES)
    row = AuditSample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    _write(
        row,
        row.purpose if purpose is None else purpose,
        first_day or row.valid_from,
        last_day or row.last_day,
    )
    _add(row, by, add)
    row.people.remove(*remove)
    return row


def _write(sample, purpose, first_day, last_day):
    if not purpose.strip():
        raise Refused({"purpose": _("Say what is audited.")})
    if last_day < first_day:
        raise Refused({"last_day": _("The last day must not be earlier than the first.")})
    sample.purpose = purpose.strip()
    sample.valid_from, sample.valid_to = first_day, last_day + datetime.timedelta(days=1)
    sample.save()


def _add(sample, by, people):
    seen = set(queries.visible_people(by).filter(pk__in=people).values_list("pk", flat=True))
    if set(people) - seen:
        raise Refused({"people": _("Choose people whom you see yourself.")})
    sample.people.add(*seen)
