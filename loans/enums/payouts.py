"""Tranches and the settlement of what they paid for: states and moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class TrancheState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("tranche", "planned")
    VERIFIED = "verified", pgettext_lazy("tranche", "checked")
    APPROVED = "approved", pgettext_lazy("tranche", "released for payout")
    ORDERED = "ordered", pgettext_lazy("tranche", "in a file for the bank")
    PAID = "paid", pgettext_lazy("tranche", "paid")
    CANCELLED = "cancelled", pgettext_lazy("tranche", "cancelled")


TRANCHE_TAG = {
    TrancheState.REQUESTED: "quiet",
    TrancheState.VERIFIED: "wait",
    TrancheState.APPROVED: "wait",
    TrancheState.ORDERED: "info",
    TrancheState.PAID: "ok",
    TrancheState.CANCELLED: "quiet",
}
T = TrancheState
TRANCHE_MOVES = (
    Move("verify", _("Check"), (T.REQUESTED,), T.VERIFIED, right=Right.KEEP_LOANS, needs=("account", "verified_by")),
    Move("approve", _("Release for payout"), (T.VERIFIED,), T.APPROVED, right=Right.PAY_LOANS, needs=("approved_by",)),
    Move("order", _("Put into a file for the bank"), (T.APPROVED,), T.ORDERED, right=Right.PAY_LOANS, needs=("order",)),
    Move(
        "pay",
        _("Book the payout"),
        (T.ORDERED,),
        T.PAID,
        right=Right.PAY_LOANS,
        needs=("paid_on", "document", "entry"),
    ),
    # before the file went to the bank, or when the bank refused it
    Move(
        "send_back",
        _("Send back"),
        (T.VERIFIED, T.APPROVED, T.ORDERED),
        T.REQUESTED,
        right=Right.PAY_LOANS,
        reason=True,
        kind="quiet",
    ),
    Move("cancel", _("Cancel"), (T.REQUESTED,), T.CANCELLED, right=Right.KEEP_LOANS, reason=True, kind="bad"),
    # what was booked turns out to have been another day, or no payout at all
    Move("correct", _("Correct the payout"), (T.PAID,), T.PAID, right=Right.PAY_LOANS, reason=True, kind="quiet"),
    Move("unpay", _("Take the payout back"), (T.PAID,), T.REQUESTED, right=Right.PAY_LOANS, reason=True, kind="bad"),
)


class SettlementState(models.TextChoices):
    """Settlement of what the money of a tranche was spent on (rozliczenie wydatkowania)."""

    OPEN = "open", pgettext_lazy("settlement", "waits for documents")
    SUBMITTED = "submitted", pgettext_lazy("settlement", "submitted")
    CORRECTIONS = "corrections", pgettext_lazy("settlement", "to be corrected")
    ACCEPTED = "accepted", pgettext_lazy("settlement", "accepted")
    REJECTED = "rejected", pgettext_lazy("settlement", "part to be given back")


SETTLEMENT_TAG = {
    SettlementState.OPEN: "wait",
    SettlementState.SUBMITTED: "info",
    SettlementState.CORRECTIONS: "wait",
    SettlementState.ACCEPTED: "ok",
    SettlementState.REJECTED: "bad",
}
Z = SettlementState
SETTLEMENT_MOVES = (
    Move("submit", _("Submit"), (Z.OPEN, Z.CORRECTIONS), Z.SUBMITTED, right=Right.KEEP_LOANS),
    Move(
        "correct",
        _("Ask for corrections"),
        (Z.SUBMITTED,),
        Z.CORRECTIONS,
        right=Right.PAY_LOANS,
        reason=True,
        kind="quiet",
    ),
    Move("accept", _("Accept"), (Z.SUBMITTED,), Z.ACCEPTED, right=Right.PAY_LOANS, needs=("reviewed_by",)),
    Move(
        "reject",
        _("Accept in part"),
        (Z.SUBMITTED,),
        Z.REJECTED,
        right=Right.PAY_LOANS,
        needs=("reviewed_by", "accepted"),
        reason=True,
        kind="bad",
    ),
)
