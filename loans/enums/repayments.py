"""Repayments, lines of bank statements, decisions on claims: kinds, states, moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right
from loans import replay, schedule


class EarlyMode(models.TextChoices):
    """What money that is not owed yet does, by the borrower's instruction."""

    WAITS = "", pgettext_lazy("early", "waits as an overpayment")  # nadpłata
    REDUCE = schedule.REDUCE, pgettext_lazy("early", "lowers the instalments to come")
    SHORTEN = schedule.SHORTEN, pgettext_lazy("early", "shortens the term")


class PartKind(models.TextChoices):
    """What a part of a payment pays (zaliczenie wpłaty)."""

    COSTS = replay.COSTS, pgettext_lazy("part", "costs")
    PENALTY = replay.PENALTY, pgettext_lazy("part", "interest for delay")  # odsetki karne
    INTEREST = replay.INTEREST, pgettext_lazy("part", "interest")
    PRINCIPAL = replay.PRINCIPAL, pgettext_lazy("part", "principal")
    EARLY_INTEREST = replay.EARLY_INTEREST, pgettext_lazy("part", "interest up to the early repayment")
    EARLY_PRINCIPAL = replay.EARLY_PRINCIPAL, pgettext_lazy("part", "principal before its day")
    RESTRUCTURED = "restructured", pgettext_lazy("part", "interest set apart by a restructuring")
    FORGIVEN = "forgiven", pgettext_lazy("part", "principal forgiven")
    RECOVERED = "recovered", pgettext_lazy("part", "principal written off")
    RECOVERED_REST = "recovered_rest", pgettext_lazy("part", "interest and costs written off")
    OVER = replay.OVER, pgettext_lazy("part", "overpayment")


class TellingReason(models.TextChoices):
    """Why a loan was reckoned anew from its events."""

    PAYOUT = "payout", pgettext_lazy("telling", "payout")
    PAYMENT = "payment", pgettext_lazy("telling", "payment")
    REVERSAL = "reversal", pgettext_lazy("telling", "a payment was none")
    REFUND = "refund", pgettext_lazy("telling", "money sent back")
    ANNEX = "annex", pgettext_lazy("telling", "annex")
    COST = "cost", pgettext_lazy("telling", "cost charged")
    MEASURE = "measure", pgettext_lazy("telling", "decision on a claim")
    DUE = "due", pgettext_lazy("telling", "an instalment fell due")
    MONTH = "month", pgettext_lazy("telling", "end of a month")


class LineState(models.TextChoices):
    """Where a line of a bank statement is."""

    WAITING = "waiting", pgettext_lazy("line", "to be explained")
    MATCHED = "matched", pgettext_lazy("line", "matched by the portal")
    EXPLAINED = "explained", pgettext_lazy("line", "explained")


LINE_TAG = {LineState.WAITING: "wait", LineState.MATCHED: "ok", LineState.EXPLAINED: "ok"}
LINE_MOVES = (
    Move("match", _("Match"), (LineState.WAITING,), LineState.MATCHED, right=Right.PAY_LOANS),
    Move("explain", _("Explain"), (LineState.WAITING,), LineState.EXPLAINED, right=Right.PAY_LOANS),
    Move(
        "put_back",
        _("Put back"),
        (LineState.MATCHED, LineState.EXPLAINED),
        LineState.WAITING,
        right=Right.PAY_LOANS,
        reason=True,
        kind="quiet",
    ),
)


# Claims


class MeasureKind(models.TextChoices):
    """A decision on what a borrower owes, made by two people."""

    TERMINATION = "termination", pgettext_lazy("measure", "termination of the agreement")  # wypowiedzenie
    RECOVERY = "recovery", pgettext_lazy("measure", "recovery by bill, court or bailiff")  # windykacja
    RESTRUCTURING = "restructuring", pgettext_lazy("measure", "restructuring")  # restrukturyzacja
    WRITE_OFF = "write_off", pgettext_lazy("measure", "write-off")  # odpisanie
    FORGIVENESS = "forgiveness", pgettext_lazy("measure", "forgiveness")  # umorzenie części kapitału


class MeasureState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("measure", "to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("measure", "confirmed")
    DROPPED = "dropped", pgettext_lazy("measure", "dropped")


MEASURE_TAG = {MeasureState.PREPARED: "wait", MeasureState.CONFIRMED: "ok", MeasureState.DROPPED: "quiet"}
MEASURE_MOVES = (
    Move(
        "confirm",
        _("Confirm"),
        (MeasureState.PREPARED,),
        MeasureState.CONFIRMED,
        right=Right.DECIDE_LOANS,
        needs=("confirmed_by",),
    ),
    Move(
        "drop",
        _("Drop"),
        (MeasureState.PREPARED,),
        MeasureState.DROPPED,
        right=Right.KEEP_LOANS,
        reason=True,
        kind="quiet",
    ),
)
