"""States and moves of a case (sprawa) and of a service (usługa); the lists that a service card is filled from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class CaseState(models.TextChoices):
    OPENED = "opened", pgettext_lazy("case", "opened")  # przyjęta
    DIAGNOSIS = "diagnosis", pgettext_lazy("case", "diagnosis")
    PLAN_APPROVAL = "plan_approval", pgettext_lazy("case", "plan to be agreed")
    ACTIVE = "active", pgettext_lazy("case", "under way")  # w realizacji
    SUSPENDED = "suspended", pgettext_lazy("case", "suspended")
    CLOSING = "closing", pgettext_lazy("case", "to be closed")
    COMPLETED = "completed", pgettext_lazy("case", "completed as planned")
    ENDED_EARLY = "ended_early", pgettext_lazy("case", "completed early")
    BROKEN_OFF = "broken_off", pgettext_lazy("case", "broken off")
    RESIGNED = "resigned", pgettext_lazy("case", "resigned")
    ARCHIVED = "archived", pgettext_lazy("case", "archived")


C = CaseState
CASE_TAG = {
    C.OPENED: "info",
    C.DIAGNOSIS: "info",
    C.PLAN_APPROVAL: "wait",
    C.ACTIVE: "on",
    C.SUSPENDED: "wait",
    C.CLOSING: "wait",
    C.COMPLETED: "ok",
    C.ENDED_EARLY: "ok",
    C.BROKEN_OFF: "bad",
    C.RESIGNED: "quiet",
    C.ARCHIVED: "quiet",
}
CASE_OPEN = (C.OPENED, C.DIAGNOSIS, C.PLAN_APPROVAL, C.ACTIVE, C.SUSPENDED, C.CLOSING)
CASE_CLOSED = (C.COMPLETED, C.ENDED_EARLY, C.BROKEN_OFF, C.RESIGNED)
# Services may be logged here; a first advice often comes before the plan.
CASE_SERVED = (C.OPENED, C.DIAGNOSIS, C.PLAN_APPROVAL, C.ACTIVE, C.CLOSING)

# The plan may be written until it is proposed, and changed with the client's agreement while it runs.
PLAN_OPEN = (C.OPENED, C.DIAGNOSIS, C.ACTIVE)

CASE_MOVES = (
    Move(
        "diagnose",
        _("Begin the diagnosis"),
        (C.OPENED,),
        C.DIAGNOSIS,
        right=Right.EDIT_CLIENTS,
        needs=("adviser",),
    ),
    Move(
        "propose_plan",
        _("Propose the plan"),
        (C.DIAGNOSIS,),
        C.PLAN_APPROVAL,
        right=Right.EDIT_CLIENTS,
        needs=("diagnosis", "goal"),
    ),
    Move(
        "rework_plan",
        _("Back to the diagnosis"),
        (C.PLAN_APPROVAL,),
        C.DIAGNOSIS,
        right=Right.EDIT_CLIENTS,
        reason=True,
        kind="quiet",
    ),
    Move(
        "agree_plan",
        _("The client agrees to the plan"),
        (C.PLAN_APPROVAL,),
        C.ACTIVE,
        right=Right.EDIT_CLIENTS,
        needs=("plan_agreed_on",),
    ),
    Move("suspend", _("Suspend"), (C.ACTIVE,), C.SUSPENDED, right=Right.EDIT_CLIENTS, reason=True, kind="quiet"),
    Move("resume", _("Resume"), (C.SUSPENDED,), C.ACTIVE, right=Right.EDIT_CLIENTS),
    Move(
        "prepare_closing",
        _("Prepare the closing"),
        (C.ACTIVE, C.SUSPENDED),
        C.CLOSING,
        right=Right.EDIT_CLIENTS,
    ),
    Move("continue", _("Go on with the case"), (C.CLOSING,), C.ACTIVE, right=Right.EDIT_CLIENTS, kind="quiet"),
    Move(
        "complete",
        _("Close: completed as planned"),
        (C.CLOSING,),
        C.COMPLETED,
        right=Right.DECIDE,
        needs=("closed_on",),
    ),
    Move(
        "end_early",
        _("Close: completed early"),
        (C.CLOSING,),
        C.ENDED_EARLY,
        right=Right.DECIDE,
        needs=("closed_on",),
        reason=True,
        kind="quiet",
    ),
    Move(
        "break_off",
        _("Close: broken off"),
        (C.CLOSING,),
        C.BROKEN_OFF,
        right=Right.DECIDE,
        needs=("closed_on",),
        reason=True,
        kind="bad",
    ),
    Move(
        "resign",
        _("The client resigns"),
        (C.OPENED, C.DIAGNOSIS, C.PLAN_APPROVAL, C.ACTIVE, C.SUSPENDED, C.CLOSING),
        C.RESIGNED,
        right=Right.EDIT_CLIENTS,
        needs=("closed_on",),
        reason=True,
        kind="bad",
    ),
    Move(
        "archive",
        _("Archive"),
        (C.COMPLETED, C.ENDED_EARLY, C.BROKEN_OFF, C.RESIGNED),
        C.ARCHIVED,
        right=Right.DECIDE,
        kind="quiet",
    ),
)

CLOSINGS = ("complete", "end_early", "break_off", "resign")
# Moves that need nothing but, perhaps, a reason.
STEPS = ("rework_plan", "suspend", "resume", "prepare_closing", "continue", "archive")


class ServiceState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("service", "planned")
    HELD = "held", pgettext_lazy("service", "waits for the client")  # odbyta
    CONFIRMED = "confirmed", pgettext_lazy("service", "confirmed")
    APPROVED = "approved", pgettext_lazy("service", "approved")
    CANCELLED = "cancelled", pgettext_lazy("service", "called off")
    NO_SHOW = "no_show", pgettext_lazy("service", "client absent")
    CORRECTED = "corrected", pgettext_lazy("service", "corrected")


V = ServiceState
SERVICE_TAG = {
    V.PLANNED: "quiet",
    V.HELD: "wait",
    V.CONFIRMED: "info",
    V.APPROVED: "ok",
    V.CANCELLED: "quiet",
    V.NO_SHOW: "bad",
    V.CORRECTED: "quiet",
}

SERVICE_MOVES = (
    Move("hold", _("It took place"), (V.PLANNED,), V.HELD, right=Right.EDIT_CLIENTS, needs=("topic", "course")),
    Move(
        "confirm",
        _("I confirm"),
        (V.HELD,),
        V.CONFIRMED,
        client=True,
        needs=("confirmed_by",),
        stamp="confirmed_at",
    ),
    Move(
        "confirm_on_paper",
        _("Confirmed on paper"),
        (V.HELD,),
        V.CONFIRMED,
        right=Right.EDIT_CLIENTS,
        needs=("confirmed_by",),
        stamp="confirmed_at",
        reason=True,
        kind="quiet",
    ),
    Move(
        "approve",
        _("Approve"),
        (V.CONFIRMED,),
        V.APPROVED,
        right=Right.DECIDE,
        needs=("approved_by",),
        stamp="approved_at",
    ),
    Move(
        "send_back",
        _("Send back to the adviser"),
        (V.HELD, V.CONFIRMED),  # a held one too: the client may say that it never took place
        V.PLANNED,
        right=Right.DECIDE,
        reason=True,
        kind="quiet",
    ),
    Move(
        "cancel",
        _("Call off"),
        (V.PLANNED,),
        V.CANCELLED,
        right=Right.EDIT_CLIENTS,
        reason=True,
        kind="quiet",
    ),
    Move(
        "no_show",
        _("The client did not come"),
        (V.PLANNED,),
        V.NO_SHOW,
        right=Right.EDIT_CLIENTS,
        kind="quiet",
    ),
    Move("correct", _("Correct"), (V.APPROVED,), V.CORRECTED, right=Right.DECIDE, reason=True, kind="bad"),
)


class ServiceGroup(models.TextChoices):
    """Services of an OWES named by the Act on the social economy, as an accredited OWES quotes them."""

    A = "A", _("A. local animation")
    B = "B", _("B. creating social economy entities and their jobs")
    C = "C", _("C. reintegration")
    D = "D", _("D. public procurement")
    E = "E", _("E. business support and staff")


class ServiceForm(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    PHONE = "phone", _("by phone")


class HourKind(models.IntegerChoices):
    TEACHING = 45, _("teaching hour, 45 minutes")
    CLOCK = 60, _("clock hour, 60 minutes")


class Confirmation(models.TextChoices):
    LINK = "link", _("through a link")
    PAPER = "paper", _("on paper")


class HelpKind(models.TextChoices):
    """What a person comes for; the first question of the application."""

    FOUND = "found", _("I want to found a social enterprise or another social economy entity")
    WORK = "work", _("I look for work in a social enterprise")
    LEARN = "learn", _("I want to learn or be advised")
    UNSURE = "unsure", _("I do not know yet")


class PlannedPes(models.TextChoices):
    """What an initiative group would like to found."""

    SOCIAL_COOPERATIVE = "social_cooperative", _("a social cooperative")
    ASSOCIATION = "association", _("an association")
    FOUNDATION = "foundation", _("a foundation")
    COMPANY = "company", _("a non-profit company")
    OTHER = "other", _("something else")
    UNSURE = "unsure", _("we do not know yet")


class OrganisationHelpKind(models.TextChoices):
    STATUS = "status", _("The status of a social enterprise")
    JOBS = "jobs", _("Creating or keeping jobs")
    ADVICE = "advice", _("Advice: law, accounts, marketing, staff")
    PROCUREMENT = "procurement", _("Public procurement and social clauses")
    PARTNERSHIP = "partnership", _("Partners in the commune")
    UNSURE = "unsure", _("We do not know yet")


class EnterpriseStatus(models.TextChoices):
    YES = "yes", _("Yes")
    PLANNED = "planned", _("No, but we plan to apply for it")
    NO = "no", _("No")
