"""At-risk groups of art. 2 pkt 6 of the Act on the social economy, to which people belong by a dated proof.

Groups whose category is special or criminal are hidden: they are shown by `reveal` alone, and nothing that is
done with them answers differently, so that nobody finds out by trying. Queries come first, services after them.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused
from centrum.register import services
from centrum.register.enums import HIDDEN_RISKS, RiskCategory
from centrum.register.models import AtRisk, RiskGroup
from centrum.staff.enums import Right
from centrum.staff.permissions import require

SOON = 30  # days before its end from which a proof is called to mind
HIDDEN = Q(group__category__in=HIDDEN_RISKS)


def groups(on=None):
    """Groups of the law in force on a day."""
    return RiskGroup.objects.filter(in_force(on)).order_by("letter")


def is_at_risk(person, on):
    """Whether the person belongs to any group, hidden ones too, on a day."""
    return person.at_risk.filter(in_force(on)).exists()


def visible_proofs(user, person):
    """Proofs of the person that stand on their page: none that are hidden, restricted ones for those who write."""
    return _on_view(user, [person.pk]).select_related("group").order_by("group__letter", "-valid_from")


def proved(user, people, on):
    """Those of `people` (primary keys) of whom a proof on view to `user` says that they are at risk on a day."""
    return set(_on_view(user, people).filter(in_force(on)).values_list("person", flat=True))


def _on_view(user, people):
    if not user.has_right(Right.VIEW_CLIENTS):
        return AtRisk.objects.none()
    rows = AtRisk.objects.filter(person__in=people).exclude(HIDDEN)
    return rows if user.has_right(Right.EDIT_CLIENTS) else rows.exclude(group__category=RiskCategory.RESTRICTED)


def has_hidden(user, person):
    """Whether more is kept than is shown: told only to those who may open it."""
    return user.has_right(Right.REVEAL_SENSITIVE) and person.at_risk.filter(HIDDEN).exists()


def expiring(on, days):
    """Proofs in force on a day that end within so many days after it."""
    last = on + datetime.timedelta(days=days)
    return AtRisk.objects.filter(in_force(on), valid_to__lte=last).order_by("valid_to", "id")


@transaction.atomic
def reveal(person, *, by, reason):
    """(sensitive answers, hidden proofs) of the person; writes down who opened them and why."""
    answers = services.reveal_sensitive(person, by=by, reason=reason)
    return answers, list(person.at_risk.filter(HIDDEN).select_related("group").order_by("group__letter", "-valid_from"))


@transaction.atomic
def note_at_risk(person, *, by, group, proof, valid_from, valid_to=None):
    """Note a proof that the person belongs to `group` from a day on; `valid_to`: first day on which it is gone.

    A newer proof takes over from its day; one that begins later than it keeps its place. So a proof is never
    refused for another one, of which the user may not know.
    """
    if by is not None:
        require(by, Right.EDIT_CLIENTS)
    services.lock_current(person)
    if valid_from > clock.today():
        raise Refused({"valid_from": _("This day has not come yet.")})
    if valid_to and valid_to <= valid_from:
        raise Refused({"valid_to": _("This day must come after the date of the proof.")})
    if not groups(max(valid_from, group.valid_from)).filter(pk=group.pk).exists():
        raise Refused({"group": _("The law did not know this group on that day.")})
    same = person.at_risk.filter(group=group)
    same.filter(valid_from=valid_from).delete()
    same.filter(in_force(valid_from)).update(valid_to=valid_from)
    later = same.filter(valid_from__gt=valid_from).order_by("valid_from").values_list("valid_from", flat=True).first()
    ends = min(filter(None, (valid_to, later)), default=None)
    return AtRisk.objects.create(
        person=person, group=group, proof=proof, valid_from=valid_from, valid_to=ends, noted_by=by, noted_at=clock.now()
    )


@transaction.atomic
def end_at_risk(at_risk, *, by, on):
    """End a proof: `on` is the first day on which it is gone. With its own first day it has never been."""
    if by is not None:
        require(by, Right.EDIT_CLIENTS)
    services.lock_current(at_risk.person)
    if at_risk.group.category in HIDDEN_RISKS and by is not None and not by.has_right(Right.REVEAL_SENSITIVE):
        raise PermissionDenied(_("Sensitive groups are ended by those who may open them."))
    if on < at_risk.valid_from:
        raise Refused({"on": _("The proof begins later than that.")})
    if on == at_risk.valid_from:
        at_risk.delete()
    else:
        at_risk.valid_to = on
        at_risk.save(update_fields=["valid_to"])
    return at_risk
