"""States and moves of an application (wniosek, zgłoszenie)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "new")
    VERIFICATION = "verification", pgettext_lazy("application", "in verification")
    COMPLETION = "completion", pgettext_lazy("application", "to be completed")
    RESERVE = "reserve", pgettext_lazy("application", "on the reserve list")
    ACCEPTED = "accepted", pgettext_lazy("application", "accepted")
    REJECTED = "rejected", pgettext_lazy("application", "rejected")
    APPEAL = "appeal", pgettext_lazy("application", "under appeal")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    SETTLED = "settled", pgettext_lazy("application", "settled at once")


S = ApplicationState

# What the applicant is told; states of the office have other names for the public.
PUBLIC_STATE = {
    S.DRAFT: _("You have not sent it yet"),
    S.SUBMITTED: _("We have received your application"),
    S.VERIFICATION: _("We are checking your application"),
    S.COMPLETION: _("We need something more from you"),
    S.RESERVE: _("You are on the reserve list"),
    S.ACCEPTED: _("We have accepted your application"),
    S.REJECTED: _("We could not accept your application"),
    S.APPEAL: _("We are looking into your appeal"),
    S.WITHDRAWN: _("You have withdrawn your application"),
    S.SETTLED: _("We have recorded what you sent"),
}

STATE_TAG = {
    S.DRAFT: "quiet",
    S.SUBMITTED: "info",
    S.VERIFICATION: "info",
    S.COMPLETION: "wait",
    S.RESERVE: "quiet",
    S.ACCEPTED: "ok",
    S.REJECTED: "bad",
    S.APPEAL: "wait",
    S.WITHDRAWN: "quiet",
    S.SETTLED: "ok",
}

EDITABLE = frozenset({S.DRAFT, S.COMPLETION})  # by the applicant
OPEN = (S.SUBMITTED, S.VERIFICATION, S.COMPLETION, S.RESERVE, S.APPEAL)  # waiting for the staff or the applicant
DECIDED = (S.ACCEPTED, S.REJECTED, S.APPEAL)  # a decision stands; an appeal does not undo it by itself

APPLICATION_MOVES = (
    Move("submit", _("Send"), (S.DRAFT,), S.SUBMITTED, client=True, needs=("number",), stamp="submitted_at"),
    # of a kind whose sending does at once all there is to do: nobody decides on it
    Move("settle", _("Settle at once"), (S.SUBMITTED,), S.SETTLED, client=True),
    Move("resubmit", _("Send the completed application"), (S.COMPLETION,), S.VERIFICATION, client=True),
    Move(
        "take",
        _("Take up"),
        (S.SUBMITTED, S.RESERVE),
        S.VERIFICATION,
        right=Right.EDIT_CLIENTS,
        needs=("assignee",),
    ),
    Move(
        "ask",
        _("Ask for completion"),
        (S.VERIFICATION,),
        S.COMPLETION,
        right=Right.EDIT_CLIENTS,
        reason=True,
        kind="quiet",
    ),
    Move(
        "accept",
        _("Accept"),
        (S.VERIFICATION, S.RESERVE),
        S.ACCEPTED,
        right=Right.DECIDE,
        needs=("decided_by",),
        stamp="decided_at",
    ),
    Move(
        "reserve",
        _("Put on the reserve list"),
        (S.VERIFICATION,),
        S.RESERVE,
        right=Right.DECIDE,
        stamp="reserved_at",
        reason=True,
        kind="quiet",
    ),
    Move(
        "reject",
        _("Reject"),
        (S.VERIFICATION, S.COMPLETION, S.RESERVE),
        S.REJECTED,
        right=Right.DECIDE,
        needs=("decided_by", "decision_reason"),
        stamp="decided_at",
        reason=True,
        kind="bad",
    ),
    Move(
        "hand_on",
        _("Hand on"),
        (S.VERIFICATION,),
        S.VERIFICATION,
        right=Right.EDIT_CLIENTS,
        needs=("assignee",),
        kind="quiet",
    ),
    Move(
        "withdraw",
        _("Withdraw"),
        (S.SUBMITTED, S.VERIFICATION, S.COMPLETION, S.RESERVE),
        S.WITHDRAWN,
        client=True,
    ),
    Move("appeal", _("Appeal"), (S.REJECTED,), S.APPEAL, client=True),
    Move("uphold", _("Uphold the appeal"), (S.APPEAL,), S.VERIFICATION, right=Right.DECIDE, reason=True),
    Move(
        "dismiss",
        _("Dismiss the appeal"),
        (S.APPEAL,),
        S.REJECTED,
        right=Right.DECIDE,
        needs=("decided_by", "decision_reason"),
        stamp="decided_at",
        reason=True,
        kind="bad",
    ),
)


class LinkPurpose(models.TextChoices):
    RESUME = "resume", _("take up a draft or complete an application")
    STATUS = "status", _("see where an application stands")
    CONSENTS = "consents", _("withdraw consents")


class CheckVerdict(models.TextChoices):
    YES = "yes", _("met")
    NO = "no", _("not met")
    NOT_APPLICABLE = "na", _("does not apply")


class OpinionVerdict(models.TextChoices):
    FOR = "for", _("for acceptance")
    AGAINST = "against", _("against acceptance")
    UNSURE = "unsure", _("more must be known")
