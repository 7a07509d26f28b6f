"""Kinds, states and roles of partnerships; the table of moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class PartnershipKind(models.TextChoices):
    LOCAL = "local", _("local partnership")
    PROJECT = "project", _("partnership of a project")
    NETWORK = "network", _("network")
    CLUSTER = "cluster", _("cluster")


class PartnershipState(models.TextChoices):
    IDEA = "idea", pgettext_lazy("partnership", "idea")
    FORMING = "forming", pgettext_lazy("partnership", "forming")
    AGREED = "agreed", pgettext_lazy("partnership", "agreed")
    ACTIVE = "active", pgettext_lazy("partnership", "active")
    SUSPENDED = "suspended", pgettext_lazy("partnership", "suspended")
    ENDED = "ended", pgettext_lazy("partnership", "ended")


_S = PartnershipState
PARTNERSHIP_TAG = {
    _S.IDEA: "quiet",
    _S.FORMING: "info",
    _S.AGREED: "wait",
    _S.ACTIVE: "on",
    _S.SUSPENDED: "wait",
    _S.ENDED: "quiet",
}
# In these something goes on: members join, and the public sees those that are open to it.
PARTNERSHIP_OPEN = (_S.IDEA, _S.FORMING, _S.AGREED, _S.ACTIVE, _S.SUSPENDED)

_KEEP = Right.KEEP_PARTNERSHIPS
PARTNERSHIP_MOVES = (
    Move("form", _("Begin to form it"), (_S.IDEA,), _S.FORMING, right=_KEEP, needs=("purpose",)),
    Move("agree", _("The partners agree"), (_S.FORMING,), _S.AGREED, right=_KEEP, needs=("founded_on",)),
    Move("start", _("Begin the work"), (_S.AGREED,), _S.ACTIVE, right=_KEEP, needs=("coordinator",)),
    Move("suspend", _("Suspend"), (_S.AGREED, _S.ACTIVE), _S.SUSPENDED, right=_KEEP, reason=True, kind="quiet"),
    Move("resume", _("Resume"), (_S.SUSPENDED,), _S.ACTIVE, right=_KEEP, needs=("coordinator",)),
    Move(
        "end",
        _("End the partnership"),
        PARTNERSHIP_OPEN,
        _S.ENDED,
        right=_KEEP,
        needs=("ended_on",),
        reason=True,
        kind="bad",
    ),
)


class MemberRole(models.TextChoices):
    INITIATOR = "initiator", _("initiator")
    LEAD = "lead", pgettext_lazy("role in a partnership", "lead")
    PARTNER = "partner", pgettext_lazy("role in a partnership", "partner")
    SUPPORTING = "supporting", _("supporting organisation")


class MeetingKind(models.TextChoices):
    MEETING = "meeting", _("meeting")
    STUDY_VISIT = "study_visit", _("study visit")
    WORKSHOP = "workshop", _("workshop")
    TRAINING = "training", pgettext_lazy("meeting", "training")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "planned")
    HELD = "held", pgettext_lazy("meeting", "held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "called off")


MEETING_TAG = {MeetingState.PLANNED: "info", MeetingState.HELD: "on", MeetingState.CANCELLED: "quiet"}
MEETING_MOVES = (
    Move("hold", pgettext_lazy("meeting", "It took place"), (MeetingState.PLANNED,), MeetingState.HELD, right=_KEEP),
    Move(
        "cancel",
        _("Call it off"),
        (MeetingState.PLANNED,),
        MeetingState.CANCELLED,
        right=_KEEP,
        reason=True,
        kind="bad",
    ),
)


class Answer(models.TextChoices):
    YES = "yes", pgettext_lazy("answer to an invitation", "comes")
    NO = "no", pgettext_lazy("answer to an invitation", "does not come")


class CommitmentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("commitment", "open")
    DONE = "done", pgettext_lazy("commitment", "done")
    DROPPED = "dropped", pgettext_lazy("commitment", "dropped")


COMMITMENT_TAG = {CommitmentState.OPEN: "info", CommitmentState.DONE: "on", CommitmentState.DROPPED: "quiet"}
_C = CommitmentState
COMMITMENT_MOVES = (
    Move("finish", _("Done"), (_C.OPEN,), _C.DONE, right=_KEEP, needs=("done_on",)),
    Move("drop", pgettext_lazy("commitment", "Drop it"), (_C.OPEN,), _C.DROPPED, right=_KEEP, reason=True, kind="bad"),
    Move("reopen", _("Open it again"), (_C.DONE, _C.DROPPED), _C.OPEN, right=_KEEP, reason=True, kind="quiet"),
)


class AgreementKind(models.TextChoices):
    INTENT = "intent", _("letter of intent")
    PARTNERSHIP = "partnership", _("partnership agreement")
    ANNEX = "annex", _("annex")


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "draft")
    SIGNED = "signed", pgettext_lazy("agreement", "signed")
    TERMINATED = "terminated", pgettext_lazy("agreement", "terminated")
    DROPPED = "dropped", pgettext_lazy("agreement", "given up")


_A = AgreementState
AGREEMENT_TAG = {_A.DRAFT: "info", _A.SIGNED: "on", _A.TERMINATED: "bad", _A.DROPPED: "quiet"}
AGREEMENT_MOVES = (
    Move(
        "sign",
        _("Note the signing"),
        (_A.DRAFT,),
        _A.SIGNED,
        right=_KEEP,
        needs=("signed_on", "signed_file", "valid_from"),
    ),
    Move("drop", _("Give up the draft"), (_A.DRAFT,), _A.DROPPED, right=_KEEP, reason=True, kind="quiet"),
    Move(
        "terminate",
        _("Note the termination"),
        (_A.SIGNED,),
        _A.TERMINATED,
        right=_KEEP,
        needs=("terminated_on",),
        reason=True,
        kind="bad",
    ),
)
