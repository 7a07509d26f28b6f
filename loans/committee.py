"""The loan committee (komitet pożyczkowy): who votes, whether enough did, and what the votes say.

Its result is an opinion: the decision may differ from it, with reasons.
"""

import math
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.intake import review as engine
from centrum.kit import parameters
from centrum.kit.periods import in_force
from centrum.staff.enums import RIGHTS, WIDE_ROLES, Right, UnitKind
from centrum.staff.models import User
from loans.enums import CommitteeRole, VoteVerdict
from loans.models import CommitteeMember

LEAST_VOTES = 2
# a member reads applications of every unit, and declares to be impartial in each
ROLES = [
    role for role, rights in RIGHTS.items() if role in WIDE_ROLES and {Right.VIEW_LOANS, Right.EDIT_CLIENTS} <= rights
]


def eligible():
    """Staff who may be members."""
    return User.objects.filter(is_active=True, role__in=ROLES, unit__kind=UnitKind.LEAD)


def members(on=None):
    """Members in force on a day (today) who can still do it, the chair first."""
    rows = CommitteeMember.objects.filter(in_force(on), user__in=eligible()).select_related("user")
    return rows.order_by("role", "user__last_name", "user__first_name", "pk")


def member(user):
    """The membership of `user` in force today, or None."""
    return members().filter(user=user).first()


@dataclass(frozen=True)
class Opinion:
    """What the committee says of an application: counts of people, and `verdict` (for, against; "" without a quorum).

    `of`: whose votes are asked; `least`: how many of them make the quorum.
    """

    of: int
    least: int
    votes: dict
    verdict: str

    @property
    def voted(self):
        return sum(self.votes.values())

    @property
    def quorum(self):
        return self.voted >= self.least

    @property
    def words(self):
        return VoteVerdict(self.verdict).label if self.verdict else _("no quorum yet")


def opinion(votes, of, percent):
    """The Opinion by `votes` [(role, verdict)] of `of` people, when so many per cent of them are the quorum.

    At least two have to vote. A tie is decided by the chair; where the chair has not, or two chairs disagree, it is
    against.
    """
    least = max(math.ceil(of * percent / 100), LEAST_VOTES)
    counts = {verdict: sum(said == verdict for _role, said in votes) for verdict in VoteVerdict.values}
    verdict = ""
    if len(votes) >= least:
        ahead = counts[VoteVerdict.FOR] - counts[VoteVerdict.AGAINST]
        chairs = {said for role, said in votes if role == CommitteeRole.CHAIR} - {VoteVerdict.ABSTAINS}
        won = ahead > 0 or (ahead == 0 and chairs == {VoteVerdict.FOR})
        verdict = str(VoteVerdict.FOR if won else VoteVerdict.AGAINST)
    return Opinion(of, least, counts, verdict)


def votes(review):
    """Votes of the round, in their order."""
    return list(review.votes.filter(round=review.round).select_related("by").order_by("pk")) if review.pk else []


def voters(application, given=()):
    """Whose votes are asked: members in force and whoever has voted, but nobody who declared a conflict of interest.

    A vote stays, also of somebody who has left the committee since.
    """
    asked = Q(pk__in=members().order_by().values("user")) | Q(pk__in=[vote.by_id for vote in given])
    rows = engine.without_conflict(User.objects.filter(asked), application)
    return rows.order_by("last_name", "first_name", "pk")


def opinion_on(review, application, given=None):
    """The committee's Opinion in this round. Votes of people who declared a conflict afterwards do not count."""
    given = votes(review) if given is None else given
    asked = set(voters(application, given).values_list("pk", flat=True))
    counted = [(vote.role, vote.verdict) for vote in given if vote.by_id in asked]
    return opinion(counted, len(asked), parameters.value("loan-committee-quorum"))
