"""Promised jobs, visits, yearly papers: states and moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class JobState(models.TextChoices):
    """Where a job stands that was promised with a loan (miejsce pracy)."""

    PLANNED = "planned", pgettext_lazy("job", "to be created")
    CREATED = "created", pgettext_lazy("job", "created")
    KEPT = "kept", pgettext_lazy("job", "kept")  # utrzymane przez wymagany czas
    MISSED = "missed", pgettext_lazy("job", "not created")
    ENDED_EARLY = "ended_early", pgettext_lazy("job", "ended too early")


JOB_TAG = {
    JobState.PLANNED: "wait",
    JobState.CREATED: "on",
    JobState.KEPT: "ok",
    JobState.MISSED: "bad",
    JobState.ENDED_EARLY: "bad",
}
J = JobState
ONCE_CREATED = (J.CREATED, J.KEPT, J.ENDED_EARLY)  # they count as created, whatever became of them
BROKEN = (J.MISSED, J.ENDED_EARLY)  # the promise was not kept, so the rate may follow
JOB_MOVES = (
    Move(
        "create",
        _("The job is created"),
        (J.PLANNED,),
        J.CREATED,
        right=Right.KEEP_LOANS,
        needs=("created_on", "created_proof"),
    ),
    Move("keep", _("The job was kept"), (J.CREATED,), J.KEPT, right=Right.KEEP_LOANS, needs=("kept_proof",)),
    Move(
        "miss",
        _("The job was not created"),
        (J.PLANNED,),
        J.MISSED,
        right=Right.KEEP_LOANS,
        reason=True,
        kind="bad",
    ),
    Move(
        "end",
        _("The job ended too early"),
        (J.CREATED,),
        J.ENDED_EARLY,
        right=Right.KEEP_LOANS,
        needs=("ended_on",),
        reason=True,
        kind="bad",
    ),
    # a mistake, or a job that is created late or filled again with the fund's consent
    Move(
        "replan",
        _("Wait for it again"),
        (J.MISSED,),
        J.PLANNED,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="quiet",
    ),
    Move(
        "refill",
        _("Filled again"),
        (J.ENDED_EARLY,),
        J.CREATED,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="quiet",
    ),
)


class VisitState(models.TextChoices):
    """Where a visit to the borrower stands (wizyta monitoringowa)."""

    PLANNED = "planned", pgettext_lazy("visit", "planned")
    HELD = "held", pgettext_lazy("visit", "held")
    FINDINGS = "findings", pgettext_lazy("visit", "something to be set right")  # zalecenia pokontrolne
    CLOSED = "closed", pgettext_lazy("visit", "closed")
    CANCELLED = "cancelled", pgettext_lazy("visit", "cancelled")


VISIT_TAG = {
    VisitState.PLANNED: "wait",
    VisitState.HELD: "on",
    VisitState.FINDINGS: "bad",
    VisitState.CLOSED: "ok",
    VisitState.CANCELLED: "quiet",
}
V = VisitState
VISIT_MOVES = (
    Move(
        "hold",
        _("The visit was held"),
        (V.PLANNED,),
        V.HELD,
        right=Right.KEEP_LOANS,
        needs=("held_on", "held_by", "protocol"),
    ),
    Move("close", _("Close without findings"), (V.HELD,), V.CLOSED, right=Right.KEEP_LOANS),
    Move("find", _("Note findings"), (V.HELD,), V.FINDINGS, right=Right.KEEP_LOANS, needs=("findings", "fix_by")),
    Move("fix", _("It is set right"), (V.FINDINGS,), V.CLOSED, right=Right.KEEP_LOANS, reason=True),
    Move("cancel", _("Cancel the visit"), (V.PLANNED,), V.CANCELLED, right=Right.KEEP_LOANS, reason=True, kind="quiet"),
)


class YearlyKind(models.TextChoices):
    """What a borrower gives the fund every year until the loan is paid back."""

    STATEMENT = "statement", pgettext_lazy("yearly paper", "financial statement of the year")  # sprawozdanie finansowe
    JOBS = "jobs", pgettext_lazy("yearly paper", "declaration on jobs of the year")  # oświadczenie o miejscach pracy
    DE_MINIMIS = (
        "de_minimis",
        pgettext_lazy("yearly paper", "statement of de minimis aid of the year"),
    )  # o pomocy de minimis


class YearlyState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("yearly paper", "waited for")
    RECEIVED = "received", pgettext_lazy("yearly paper", "received")
    WAIVED = "waived", pgettext_lazy("yearly paper", "not needed")


YEARLY_TAG = {YearlyState.WAITING: "wait", YearlyState.RECEIVED: "ok", YearlyState.WAIVED: "quiet"}
YEARLY_MOVES = (
    Move(
        "receive",
        _("The paper has come"),
        (YearlyState.WAITING,),
        YearlyState.RECEIVED,
        right=Right.KEEP_LOANS,
        needs=("received_on", "paper"),
    ),
    Move(
        "waive",
        _("It is not needed"),
        (YearlyState.WAITING,),
        YearlyState.WAIVED,
        right=Right.KEEP_LOANS,
        reason=True,
        kind="quiet",
    ),
)
