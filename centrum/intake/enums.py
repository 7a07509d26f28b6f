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
}

STATE_TAG = {
    S.DRAFT: "quiet",
    S.SUBMITTED: "info",
    S.VERIFICATION: "info",
    S.COMPLETION: "wait",
    S.RESERVE: "quiet",
    S.ACCEPTED: "ok",
    S.REJECTED: "bad",
}

EDITABLE = frozenset({S.DRAFT, S.COMPLETION})  # by the applicant
OPEN = (S.SUBMITTED, S.VERIFICATION, S.COMPLETION, S.RESERVE)  # waiting for the staff or the applicant

APPLICATION_MOVES = (
    Move("submit", _("Send"), (S.DRAFT,), S.SUBMITTED, client=True, needs=("number",), stamp="submitted_at"),
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
)
