"""De minimis aid: ratings, methods, states and moves of an entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class Rating(models.TextChoices):
    """How sound a borrower is, for the margin of the reference rate (2008/C 14/02)."""

    STRONG = "strong", pgettext_lazy("rating", "strong (AAA to A)")
    GOOD = "good", pgettext_lazy("rating", "good (BBB)")
    SATISFACTORY = "satisfactory", pgettext_lazy("rating", "satisfactory (BB)")
    WEAK = "weak", pgettext_lazy("rating", "weak (B)")
    BAD = "bad", pgettext_lazy("rating", "bad, in financial difficulty (CCC and below)")
    NONE = "none", pgettext_lazy("rating", "no credit history, a start-up")


class Collateral(models.TextChoices):
    """How well a loan is secured: what would be lost of it (LGD)."""

    HIGH = "high", pgettext_lazy("collateral", "high: at most 30 per cent would be lost")
    NORMAL = "normal", pgettext_lazy("collateral", "normal: from 31 to 59 per cent would be lost")
    LOW = "low", pgettext_lazy("collateral", "low: 60 per cent or more would be lost")


class GuaranteeRating(models.TextChoices):
    """Classes of the safe-harbour premiums (2008/C 155/02, pt 3.3)."""

    AAA = "aaa", "AAA … AA−"
    A = "a", "A+ … A−"
    BBB = "bbb", "BBB+ … BBB−"
    BB = "bb", "BB+ … BB−"
    B = "b", "B+, B"
    B_MINUS = "b-", "B−"
    NONE = "none", pgettext_lazy("rating", "no credit history")


class AidInstrument(models.TextChoices):
    """What gives the aid."""

    LOAN = "loan", pgettext_lazy("aid", "loan")
    FORGIVENESS = "forgiveness", pgettext_lazy("aid", "forgiveness of a loan")
    GUARANTEE = "guarantee", pgettext_lazy("aid", "guarantee")
    JOB_GRANT = "job_grant", pgettext_lazy("aid", "grant for a job")
    TRAINING = "training", pgettext_lazy("aid", "training")
    ADVICE = "advice", pgettext_lazy("aid", "advice")


BY_HAND = (AidInstrument.JOB_GRANT, AidInstrument.TRAINING, AidInstrument.ADVICE)


class AidMethod(models.TextChoices):
    """How the gross grant equivalent was reckoned."""

    REFERENCE = "reference", pgettext_lazy("aid", "difference from the reference rate")
    CHANGE = "change", pgettext_lazy("aid", "better terms: difference of two schedules")
    SAFE_HARBOUR = "safe_harbour", pgettext_lazy("aid", "difference from the safe-harbour premium")
    PROPORTIONAL = "proportional", pgettext_lazy("aid", "in proportion to the ceiling")
    NOMINAL = "nominal", pgettext_lazy("aid", "the nominal amount")


class AidState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("aid", "to be confirmed")
    GRANTED = "granted", pgettext_lazy("aid", "granted")
    CORRECTED = "corrected", pgettext_lazy("aid", "corrected by another entry")
    CANCELLED = "cancelled", pgettext_lazy("aid", "cancelled")
    DROPPED = "dropped", pgettext_lazy("aid", "dropped")


AID_TAG = {
    AidState.PREPARED: "wait",
    AidState.GRANTED: "ok",
    AidState.CORRECTED: "quiet",
    AidState.CANCELLED: "quiet",
    AidState.DROPPED: "quiet",
}
AID_MOVES = (
    Move(
        "confirm",
        _("Confirm"),
        (AidState.PREPARED,),
        AidState.GRANTED,
        right=Right.DECIDE_LOANS,
        needs=("confirmed_by", "eur_rate", "eur"),
    ),
    Move("drop", _("Drop"), (AidState.PREPARED,), AidState.DROPPED, right=Right.KEEP_LOANS, reason=True, kind="quiet"),
    Move(
        "correct",
        _("Correct"),
        (AidState.GRANTED,),
        AidState.CORRECTED,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="quiet",
    ),
    # the agreement that gave it lapsed: it follows from that, by whoever lets it lapse
    Move(
        "fall_through",
        _("Fell through"),
        (AidState.GRANTED,),
        AidState.CANCELLED,
        right=Right.KEEP_LOANS,
        reason=True,
        kind="quiet",
    ),
    Move(
        "cancel",
        _("Cancel"),
        (AidState.GRANTED,),
        AidState.CANCELLED,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="bad",
    ),
)


class StatementSource(models.TextChoices):
    """Who says how much de minimis aid an organisation has had."""

    DECLARED = "declared", pgettext_lazy("aid", "declaration of the applicant")
    SUDOP = "sudop", pgettext_lazy("aid", "SUDOP")
