"""What merging two organisations means for their memberships."""

from django.utils.translation import gettext as _

from centrum.kit.registry import MergeRule
from partners.models import Membership


def obstacles(kept, gone):
    """One organisation can't be a member twice in the same days."""
    mine = {row.partnership_id: row for row in Membership.objects.filter(organisation=kept)}
    others = Membership.objects.filter(organisation=gone, partnership__in=mine).select_related("partnership")
    return [
        _("Both are members of the partnership %(name)s. End one of the memberships before the other begins.")
        % {"name": row.partnership}
        for row in others.order_by("partnership__sort", "pk")
        if _overlap(row, mine[row.partnership_id])
    ]


def _overlap(one, other):
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


RULES = (MergeRule("register.Organisation", obstacles),)
