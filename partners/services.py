"""What is done with partnerships and their members.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale, move
from centrum.register.services import lock_current
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from partners import queries
from partners.enums import PARTNERSHIP_OPEN
from partners.models import Area, Membership, Partnership, Representative

FIELDS = ("name", "kind", "purpose", "coordinator", "project", "founded_on", "public")


@transaction.atomic
def create_partnership(*, by, unit, **fields):
    """Write down a partnership (FIELDS), an idea at first, which `unit` keeps."""
    require(by, Right.KEEP_PARTNERSHIPS)
    partnership = Partnership(unit=unit, created_at=clock.now(), **_known(fields))
    _must_keep(by, partnership)
    _check(partnership)
    return saving.save(partnership)


@transaction.atomic
def update_partnership(partnership, *, by, **fields):
    """Change some of FIELDS."""
    row = lock_kept(partnership, by)
    for name, value in _known(fields).items():
        setattr(row, name, value)
    _check(row)
    return saving.save(row)


@transaction.atomic
def step(partnership, action, *, by, reason="", **changes):
    """Make a move of the table with what it needs (`founded_on`, `coordinator`, `ended_on`).

    Ending a partnership ends its memberships with its last day.
    """
    row = lock_kept(partnership, by)
    day = changes.get("ended_on") or changes.get("founded_on")
    if day and day > clock.today():
        raise Refused({"ended_on" if "ended_on" in changes else "founded_on": _("This day has not come yet.")})
    ended_on = changes.get("ended_on")
    if ended_on and row.founded_on and ended_on < row.founded_on:
        raise Refused({"ended_on": _("A partnership can't end before it was founded.")})
    if ended_on:
        _end_all(row, ended_on)
    return move(row, action, by=by, reason=reason, changes=changes)


def _end_all(partnership, last_day):
    after = last_day + datetime.timedelta(days=1)
    late = partnership.memberships.filter(valid_from__gt=last_day).select_related("organisation").first()
    if late:
        raise Refused(
            {
                "ended_on": _("%(organisation)s became a member on a later day. Correct that first.")
                % {"organisation": late.organisation}
            }
        )
    for membership in partnership.memberships.filter(valid_to=None).select_for_update(of=("self",)):
        _end(membership, after, leaving=_("the partnership ended"))


@transaction.atomic
def add_area(partnership, *, by, teryt, name):
    """Let the partnership work in a commune or a county; one that is there already stays as it is."""
    row = lock_kept(partnership, by)
    area = Area.objects.filter(partnership=row, teryt=teryt).first()
    return area or saving.save(Area(partnership=row, teryt=teryt, name=name))


@transaction.atomic
def remove_area(area, *, by):
    lock_kept(area.partnership, by)
    Area.objects.filter(pk=area.pk).delete()


@transaction.atomic
def add_member(partnership, *, by, organisation, role, valid_from, competences=()):
    """Let an organisation join from a day on. Two who add the same one at once: one membership, the other is told."""
    row = lock_kept(partnership, by)
    if row.state not in PARTNERSHIP_OPEN:
        raise Stale(_("This partnership has ended."))
    if valid_from > clock.today():
        raise Refused({"valid_from": _("This day has not come yet.")})
    lock_current(organisation)
    made = saving.save(
        Membership(
            partnership=row,
            organisation=organisation,
            role=role,
            valid_from=valid_from,
            noted_by=by,
            noted_at=clock.now(),
        )
    )
    made.competences.set(competences)
    return made


@transaction.atomic
def change_member(membership, *, by, role, competences):
    """Change the role and what the member brings."""
    row = _lock_member(membership, by)
    row.role = role
    saving.save(row)
    row.competences.set(competences)
    return row


@transaction.atomic
def end_member(membership, *, by, valid_to, leaving=""):
    """End a membership on the first day without it, and with it the powers of its representatives."""
    row = _lock_member(membership, by)
    if valid_to > clock.today() + datetime.timedelta(days=366):
        raise Refused({"valid_to": _("This day is more than a year away. Check it.")})
    return _end(row, valid_to, leaving=leaving)


def _end(row, valid_to, *, leaving):
    row.valid_to, row.leaving = valid_to, leaving.strip()
    saving.save(row)
    for person in row.representatives.filter(valid_to=None):
        if person.valid_from >= valid_to:
            raise Refused(
                {
                    "valid_to": _("%(person)s represents the member from a later day. Correct that first.")
                    % {"person": person}
                }
            )
        person.valid_to = valid_to
        saving.save(person)
    return row


@transaction.atomic
def add_representative(membership, *, by, person, valid_from, signs=False):
    """Let a person speak for the member, not before it is one."""
    row = _lock_member(membership, by)
    if valid_from < row.valid_from:
        raise Refused({"valid_from": _("The organisation was no member yet on this day.")})
    lock_current(person)
    return saving.save(Representative(membership=row, person=person, signs=signs, valid_from=valid_from))


@transaction.atomic
def end_representative(representative, *, by, valid_to):
    """End it on the first day without it."""
    membership = representative.membership
    lock_kept(membership.partnership, by)
    row = Representative.objects.select_for_update(of=("self",)).get(pk=representative.pk)
    if row.valid_to is not None:
        raise Stale(_("The end is noted already."))
    row.valid_to = valid_to
    return saving.save(row)


def _known(fields):
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    return fields


def _check(row):
    if row.founded_on and row.founded_on > clock.today():
        raise Refused({"founded_on": _("This day has not come yet.")})
    if row.coordinator and not queries.coordinators(row.unit).filter(pk=row.coordinator_id).exists():
        raise Refused({"coordinator": _("Choose somebody of the unit who keeps partnerships.")})


def lock_kept(partnership, by):
    """Lock and return the row of a partnership that `by` keeps; raises PermissionDenied."""
    require(by, Right.KEEP_PARTNERSHIPS)
    row = Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    _must_keep(by, row)
    return row


def _lock_member(membership, by):
    lock_kept(membership.partnership, by)
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if row.valid_to is not None:
        raise Stale(_("This membership has an end already."))
    return row


def _must_keep(by, partnership):
    if not queries.may_keep(by, partnership):
        raise PermissionDenied(_("A partnership is kept by its own unit."))
