"""The loan with its security, annexes and papers: states and moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right


class LoanState(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("loan", "approved")  # przyznana
    DRAWN = "drawn", pgettext_lazy("loan", "agreement drawn up")  # umowa sporządzona
    SIGNED = "signed", pgettext_lazy("loan", "agreement signed")  # umowa podpisana, zabezpieczenia w toku
    READY = "ready", pgettext_lazy("loan", "ready for payout")  # zabezpieczenia ustanowione
    ACTIVE = "active", pgettext_lazy("loan", "paid out")  # w spłacie
    REPAID = "repaid", pgettext_lazy("loan", "repaid")  # spłacona
    TERMINATED = "terminated", pgettext_lazy("loan", "terminated")  # wypowiedziana
    RECOVERY = "recovery", pgettext_lazy("loan", "in recovery")  # w windykacji: weksel, sąd, komornik
    WRITTEN_OFF = "writtenoff", pgettext_lazy("loan", "written off")  # odpisana; roszczenie trwa
    LAPSED = "lapsed", pgettext_lazy("loan", "lapsed")  # wygasła przed wypłatą


LOAN_TAG = {
    LoanState.APPROVED: "info",
    LoanState.DRAWN: "info",
    LoanState.SIGNED: "wait",
    LoanState.READY: "wait",
    LoanState.ACTIVE: "ok",
    LoanState.REPAID: "quiet",
    LoanState.TERMINATED: "bad",
    LoanState.RECOVERY: "bad",
    LoanState.WRITTEN_OFF: "bad",
    LoanState.LAPSED: "quiet",
}
L = LoanState
BEFORE_PAYOUT = (L.APPROVED, L.DRAWN, L.SIGNED, L.READY)
CALLED = (L.TERMINATED, L.RECOVERY)  # everything is due at once
OWING = (L.ACTIVE, *CALLED)  # money was paid out and is to come back
AFTER_PAYOUT = (*OWING, L.REPAID, L.WRITTEN_OFF)

LOAN_MOVES = (
    Move("draw", _("Draw up the agreement"), (L.APPROVED, L.DRAWN), L.DRAWN, right=Right.KEEP_LOANS),
    Move("sign", _("The agreement is signed"), (L.DRAWN,), L.SIGNED, right=Right.KEEP_LOANS, needs=("signed_on",)),
    Move("make_ready", _("Everything is secured"), (L.SIGNED,), L.READY, right=Right.KEEP_LOANS),
    Move("activate", _("Paid out"), (L.READY,), L.ACTIVE, right=Right.PAY_LOANS),
    # the payout was none: the bank sent the money back, or never paid it
    Move("unpay", _("Not paid out after all"), (L.ACTIVE,), L.READY, right=Right.PAY_LOANS, kind="quiet"),
    # these follow from what is told of the loan, whoever brought it about, or by themselves on a due day
    Move("repay", _("Repaid"), OWING, L.REPAID, client=True),
    Move("reopen", _("Not repaid after all"), (L.REPAID,), L.ACTIVE, client=True, kind="quiet"),
    Move("reopen_called", _("Not repaid after all"), (L.REPAID,), L.TERMINATED, client=True, kind="quiet"),
    Move("terminate", _("Terminate the agreement"), (L.ACTIVE,), L.TERMINATED, right=Right.DECIDE_LOANS, kind="bad"),
    Move("recover", _("Begin the recovery"), (L.TERMINATED,), L.RECOVERY, right=Right.DECIDE_LOANS, kind="bad"),
    Move("write_off", _("Write off"), CALLED, L.WRITTEN_OFF, right=Right.DECIDE_LOANS, kind="bad"),
    Move("lapse", _("Let it lapse"), BEFORE_PAYOUT, L.LAPSED, right=Right.KEEP_LOANS, reason=True, kind="bad"),
)


class SecurityKind(models.TextChoices):
    """Forms of security (zabezpieczenie)."""

    BILL = "bill", pgettext_lazy("security", "blank promissory note with a declaration")  # weksel in blanco
    CIVIL_SURETY = "surety", pgettext_lazy("security", "surety of a person")  # poręczenie cywilne
    BILL_SURETY = "aval", pgettext_lazy("security", "surety on the promissory note (aval)")  # poręczenie wekslowe
    FUND_GUARANTEE = "guarantee", pgettext_lazy("security", "guarantee of a fund")  # poręczenie funduszu
    PLEDGE = "pledge", pgettext_lazy("security", "registered pledge")  # zastaw rejestrowy
    TRANSFER = "transfer", pgettext_lazy("security", "transfer of ownership")  # przewłaszczenie na zabezpieczenie
    MORTGAGE = "mortgage", pgettext_lazy("security", "mortgage")  # hipoteka
    INSURANCE = "insurance", pgettext_lazy("security", "assignment of an insurance policy")  # cesja z polisy
    ENFORCEMENT = "enforcement", pgettext_lazy("security", "submission to enforcement (art. 777 of the Code)")
    ACCOUNT = "account", pgettext_lazy("security", "block or power over a bank account")  # blokada rachunku


class SecurityState(models.TextChoices):
    REQUIRED = "required", pgettext_lazy("security", "to be established")
    ESTABLISHED = "established", pgettext_lazy("security", "established")
    RELEASED = "released", pgettext_lazy("security", "released")


SECURITY_TAG = {SecurityState.REQUIRED: "wait", SecurityState.ESTABLISHED: "ok", SecurityState.RELEASED: "quiet"}
SECURITY_MOVES = (
    Move(
        "establish",
        _("Established"),
        (SecurityState.REQUIRED,),
        SecurityState.ESTABLISHED,
        right=Right.KEEP_LOANS,
        needs=("established_on", "document"),
    ),
    Move(
        "release",
        _("Release"),
        (SecurityState.ESTABLISHED,),
        SecurityState.RELEASED,
        right=Right.DECIDE_LOANS,
        needs=("released_on",),
        reason=True,
        kind="quiet",
    ),
)


class AnnexState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("annex", "to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("annex", "to be signed")
    SIGNED = "signed", pgettext_lazy("annex", "signed")
    DROPPED = "dropped", pgettext_lazy("annex", "dropped")


ANNEX_TAG = {
    AnnexState.PREPARED: "wait",
    AnnexState.CONFIRMED: "wait",
    AnnexState.SIGNED: "ok",
    AnnexState.DROPPED: "quiet",
}
A = AnnexState
ANNEX_MOVES = (
    Move("confirm", _("Confirm"), (A.PREPARED,), A.CONFIRMED, right=Right.DECIDE_LOANS, needs=("confirmed_by",)),
    Move("sign", _("The annex is signed"), (A.CONFIRMED,), A.SIGNED, right=Right.KEEP_LOANS, needs=("signed_on",)),
    Move("drop", _("Drop"), (A.PREPARED, A.CONFIRMED), A.DROPPED, right=Right.KEEP_LOANS, reason=True, kind="quiet"),
)


class ScheduleReason(models.TextChoices):
    """Why a schedule was made anew."""

    AGREEMENT = "agreement", pgettext_lazy("schedule", "agreement")
    PAYOUT = "payout", pgettext_lazy("schedule", "payout")
    ANNEX = "annex", pgettext_lazy("schedule", "annex")
    EARLY = "early", pgettext_lazy("schedule", "early repayment")
    DECISION = "decision", pgettext_lazy("schedule", "decision on a claim")


class PaperKind(models.TextChoices):
    AGREEMENT = "agreement", pgettext_lazy("paper", "agreement")
    ANNEX = "annex", pgettext_lazy("paper", "annex")
    SIGNED = "signed", pgettext_lazy("paper", "signed agreement or annex")
    SECURITY = "security", pgettext_lazy("paper", "paper of a security")
    NOTICE = "notice", pgettext_lazy("paper", "demand or notice of termination")
    CLAIM = "claim", pgettext_lazy("paper", "document of a decision on a claim")
    OTHER = "other", pgettext_lazy("paper", "other")
