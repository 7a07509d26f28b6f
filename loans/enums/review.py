"""The review of an application: states, moves, votes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class ReviewState(models.TextChoices):
    FORMAL = "formal", pgettext_lazy("review", "formal check")  # ocena formalna
    ASSESSMENT = "assessment", pgettext_lazy("review", "merit assessment")  # ocena merytoryczna
    COMMITTEE = "committee", pgettext_lazy("review", "committee")  # komitet pożyczkowy
    PREPARED = "prepared", pgettext_lazy("review", "decision to be confirmed")
    APPROVED = "approved", pgettext_lazy("review", "approved")
    REJECTED = "rejected", pgettext_lazy("review", "rejected")


REVIEW_TAG = {
    ReviewState.FORMAL: "info",
    ReviewState.ASSESSMENT: "info",
    ReviewState.COMMITTEE: "info",
    ReviewState.PREPARED: "wait",
    ReviewState.APPROVED: "ok",
    ReviewState.REJECTED: "bad",
}

R = ReviewState
REVIEW_MOVES = (
    Move("assess", _("Begin the merit assessment"), (R.FORMAL,), R.ASSESSMENT, right=Right.KEEP_LOANS),
    Move("to_committee", _("Hand to the committee"), (R.ASSESSMENT,), R.COMMITTEE, right=Right.KEEP_LOANS),
    Move("prepare", _("Prepare the decision"), (R.COMMITTEE,), R.PREPARED, right=Right.KEEP_LOANS),
    Move(
        "prepare_rejection",
        _("Prepare a rejection"),
        (R.FORMAL, R.ASSESSMENT),
        R.PREPARED,
        right=Right.KEEP_LOANS,
        kind="quiet",
    ),
    Move("approve", _("Confirm the approval"), (R.PREPARED,), R.APPROVED, right=Right.DECIDE_LOANS),
    Move("reject", _("Confirm the rejection"), (R.PREPARED,), R.REJECTED, right=Right.DECIDE_LOANS, kind="bad"),
    Move(
        "send_back",
        _("Send back"),
        (R.PREPARED,),
        R.ASSESSMENT,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="quiet",
    ),
    # after an appeal that was upheld: everything is looked at anew
    Move("reopen", _("Review once more"), (R.REJECTED,), R.FORMAL, right=Right.KEEP_LOANS),
)


class CommitteeRole(models.TextChoices):
    CHAIR = "chair", pgettext_lazy("committee", "chair")  # przewodniczący: rozstrzyga przy równej liczbie głosów
    MEMBER = "member", pgettext_lazy("committee", "member")


class VoteVerdict(models.TextChoices):
    FOR = "for", pgettext_lazy("vote", "for")
    AGAINST = "against", pgettext_lazy("vote", "against")
    ABSTAINS = "abstains", pgettext_lazy("vote", "abstains")


class DecisionVerdict(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("decision", "approve")
    REJECT = "reject", pgettext_lazy("decision", "reject")
