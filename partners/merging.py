"""What merging two organisations or two people means for memberships and invitations."""

from django.utils.translation import gettext as _

from centrum.kit.registry import MergeRule
from partners.models import Invitation, Membership


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


def _no_obstacles(_kept, _gone):
    return []


def fold(kept, gone):
    """Of two invitations to one meeting one remains, with the answer and the presence of either."""
    doubled = Invitation.objects.filter(person=gone, meeting__invitations__person=kept)
    for other in doubled.order_by("pk"):
        mine = Invitation.objects.get(person=kept, meeting=other.meeting_id)
        if not mine.answer:
            mine.answer, mine.answered_at = other.answer, other.answered_at
        mine.sent_at = mine.sent_at or other.sent_at
        mine.attended = True if True in (mine.attended, other.attended) else mine.attended
        mine.save()
        other.delete()


RULES = (MergeRule("register.Organisation", obstacles), MergeRule("register.Person", _no_obstacles, fold))
