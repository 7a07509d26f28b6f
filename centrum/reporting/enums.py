"""States of a participation in an EU project; fields of the SM EFS dictionaries."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class ParticipationState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("participation", "being prepared")
    ENTERED = "entered", pgettext_lazy("participation", "in the project")
    ENDED = "ended", pgettext_lazy("participation", "ended")
    CANCELLED = "cancelled", pgettext_lazy("participation", "never began")


P = ParticipationState

PARTICIPATION_TAG = {P.PREPARING: "wait", P.ENTERED: "on", P.ENDED: "ok", P.CANCELLED: "quiet"}

PARTICIPATION_MOVES = (
    Move(
        "enter",
        _("Enter the project"),
        (P.PREPARING,),
        P.ENTERED,
        right=Right.EDIT_CLIENTS,
        stamp="entered_at",
    ),
    # who may let a client resign must be able to write down the exit; closing a case as such is a decision
    Move("end", _("End the participation"), (P.ENTERED,), P.ENDED, right=Right.EDIT_CLIENTS, needs=("ends_on",)),
    Move(
        "reenter",
        _("Come back to the project"),
        (P.ENDED,),
        P.ENTERED,
        right=Right.EDIT_CLIENTS,
        kind="quiet",
    ),
    Move(
        "cancel",
        _("Cancel: never took part"),
        (P.PREPARING,),
        P.CANCELLED,
        right=Right.EDIT_CLIENTS,
        kind="bad",
    ),
    Move(
        "prepare_again",
        _("Prepare again"),
        (P.CANCELLED,),
        P.PREPARING,
        right=Right.EDIT_CLIENTS,
        kind="quiet",
    ),
)


class DictionaryField(models.TextChoices):
    """Fields of the SM EFS participant file whose answers are a list (names of data/smefs-dictionaries.csv)."""

    CITIZENSHIP = "citizenship", _("citizenship")
    PARTICIPANT_KIND = "participant_kind", _("kind of participant")
    YES_NO = "yes_no", _("yes or no")
    YES_NO_REFUSED = "yes_no_refused", _("yes, no or refusal")
    SEX = "sex", _("sex")
    EDUCATION = "education", _("education")
    DEGURBA = "degurba", _("DEGURBA")
    LABOUR_STATUS = "labour_status", _("labour market status")
    LABOUR_STATUS_DETAIL = "labour_status_detail", _("labour market status, detail")
    EXIT_SITUATION = "exit_situation", _("situation on leaving")
    SUPPORT_SCOPE = "support_scope", _("scope of support")
    SUPPORT_KIND = "support_kind", _("kind of support")
    SUPPORT_KIND_DETAIL = "support_kind_detail", _("kind of support, detail")
