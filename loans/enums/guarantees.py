"""Guarantees, calls, recourse: states and moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right
from loans.enums.repayments import MEASURE_MOVES


class CreditKind(models.TextChoices):
    """What a guaranteed credit is for."""

    WORKING = "working", pgettext_lazy("credit", "working capital")  # obrotowy
    INVESTMENT = "investment", pgettext_lazy("credit", "investment")  # inwestycyjny


class GuaranteeState(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("guarantee", "approved")  # przyznane
    PROMISED = "promised", pgettext_lazy("guarantee", "promise issued")  # promesa wydana
    DRAWN = "drawn", pgettext_lazy("guarantee", "agreement drawn up")  # umowa sporządzona
    SIGNED = "signed", pgettext_lazy("guarantee", "agreement and declaration signed")  # podpisane
    ACTIVE = "active", pgettext_lazy("guarantee", "in force")  # kredyt uruchomiony
    CALLED = "called", pgettext_lazy("guarantee", "called")  # wezwanie do zapłaty
    EXPIRED = "expired", pgettext_lazy("guarantee", "expired")  # wygasło z upływem terminu
    RELEASED = "released", pgettext_lazy("guarantee", "released")  # zwolnione przed terminem
    RECOURSE = "recourse", pgettext_lazy("guarantee", "paid, recourse")  # wypłacone, regres
    RECOVERED = "recovered", pgettext_lazy("guarantee", "recovered")  # odzyskane
    WRITTEN_OFF = "writtenoff", pgettext_lazy("guarantee", "recourse written off")  # regres odpisany
    LAPSED = "lapsed", pgettext_lazy("guarantee", "lapsed")  # nie doszło do podpisania lub wypłaty kredytu


GUARANTEE_TAG = {
    GuaranteeState.APPROVED: "info",
    GuaranteeState.PROMISED: "info",
    GuaranteeState.DRAWN: "info",
    GuaranteeState.SIGNED: "wait",
    GuaranteeState.ACTIVE: "ok",
    GuaranteeState.CALLED: "bad",
    GuaranteeState.EXPIRED: "quiet",
    GuaranteeState.RELEASED: "quiet",
    GuaranteeState.RECOURSE: "bad",
    GuaranteeState.RECOVERED: "quiet",
    GuaranteeState.WRITTEN_OFF: "bad",
    GuaranteeState.LAPSED: "quiet",
}
G = GuaranteeState
GUARANTEE_MOVES = (
    Move(
        "promise",
        _("Issue the promise"),
        (G.APPROVED,),
        G.PROMISED,
        right=Right.KEEP_LOANS,
        needs=("promised_on",),
    ),
    Move(
        "draw",
        _("Draw up the agreement"),
        (G.APPROVED, G.PROMISED, G.DRAWN),
        G.DRAWN,
        right=Right.KEEP_LOANS,
        needs=("drawn_on",),
    ),
    Move("sign", _("Both are signed"), (G.DRAWN,), G.SIGNED, right=Right.KEEP_LOANS, needs=("signed_on",)),
    Move(
        "activate",
        _("The credit is paid out"),
        (G.SIGNED,),
        G.ACTIVE,
        right=Right.KEEP_LOANS,
        needs=("credit_number", "activated_on", "valid_to"),
    ),
    Move(
        "lapse",
        _("Let it lapse"),
        (G.APPROVED, G.PROMISED, G.DRAWN, G.SIGNED),
        G.LAPSED,
        right=Right.KEEP_LOANS,
        needs=("ended_on",),
        reason=True,
        kind="bad",
    ),
    Move(
        "release",
        _("Release"),
        (G.ACTIVE,),
        G.RELEASED,
        right=Right.KEEP_LOANS,
        needs=("ended_on",),
        reason=True,
        kind="quiet",
    ),
    # by the calendar, by itself
    Move("expire", _("Expired"), (G.ACTIVE,), G.EXPIRED, client=True, needs=("ended_on",), kind="quiet"),
    Move("call", _("Note a call"), (G.ACTIVE,), G.CALLED, right=Right.KEEP_LOANS, kind="bad"),
    # these follow from what becomes of the call and of the claim
    Move("refuse", _("The call was refused"), (G.CALLED,), G.ACTIVE, right=Right.DECIDE_LOANS, kind="quiet"),
    Move("pay", _("Paid"), (G.CALLED,), G.RECOURSE, right=Right.PAY_LOANS, kind="bad"),
    Move("recover", _("Recovered"), (G.RECOURSE,), G.RECOVERED, right=Right.PAY_LOANS),
    Move(
        "reopen",
        _("A recovery was taken back"),
        (G.RECOVERED,),
        G.RECOURSE,
        right=Right.PAY_LOANS,
        reason=True,
        kind="bad",
    ),
    Move("write_off", _("Write off"), (G.RECOURSE,), G.WRITTEN_OFF, right=Right.DECIDE_LOANS, kind="bad"),
)


class GuaranteePaperKind(models.TextChoices):
    PROMISE = "promise", pgettext_lazy("paper", "promise")  # promesa
    AGREEMENT = "agreement", pgettext_lazy("paper", "agreement")
    DECLARATION = "declaration", pgettext_lazy("paper", "declaration to the lender")  # oświadczenie poręczyciela
    SIGNED = "signed", pgettext_lazy("paper", "signed agreement or declaration")
    CALL = "call", pgettext_lazy("paper", "call of the lender")
    CLAIM = "claim", pgettext_lazy("paper", "document of a decision on a claim")
    OTHER = "other", pgettext_lazy("paper", "other")


class CallState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("call", "to be checked")
    VERIFIED = "verified", pgettext_lazy("call", "to be paid")
    PAID = "paid", pgettext_lazy("call", "paid")
    REFUSED = "refused", pgettext_lazy("call", "refused")


CALL_TAG = {CallState.RECEIVED: "wait", CallState.VERIFIED: "wait", CallState.PAID: "bad", CallState.REFUSED: "quiet"}
CALL_MOVES = (
    Move(
        "verify",
        _("Check the call"),
        (CallState.RECEIVED,),
        CallState.VERIFIED,
        right=Right.KEEP_LOANS,
        needs=("payable", "verified_by"),
    ),
    Move(
        "pay",
        _("Book the payment"),
        (CallState.VERIFIED,),
        CallState.PAID,
        right=Right.PAY_LOANS,
        needs=("paid_on", "document", "entry", "decided_by"),
    ),
    Move(
        "refuse",
        _("Refuse the call"),
        (CallState.RECEIVED, CallState.VERIFIED),
        CallState.REFUSED,
        right=Right.DECIDE_LOANS,
        needs=("decided_by", "refused_because", "refused_on"),
        kind="bad",
    ),
)
LOSS_MOVES = tuple(
    Move(
        move.action,
        move.label,
        move.sources,
        move.target,
        right=move.right,
        needs=("confirmed_by", "amount", "entry") if move.action == "confirm" else (),
        reason=move.reason,
        kind=move.kind,
    )
    for move in MEASURE_MOVES
)
