"""Closed lists of the loan fund, and the states and moves of its nouns."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right
from loans import schedule


class Method(models.TextChoices):
    EQUAL_PRINCIPAL = schedule.EQUAL_PRINCIPAL, _("decreasing instalments")  # raty malejące: równe części kapitału
    ANNUITY = schedule.ANNUITY, _("equal instalments")  # raty równe


class DayCount(models.TextChoices):
    ACT_365F = schedule.ACT_365F, _("real days, year of 365")
    ACT_360 = schedule.ACT_360, _("real days, year of 360")
    ACT_ACT = schedule.ACT_ACT, _("real days, real year")
    E30_360 = schedule.E30_360, _("months of 30 days, year of 360")
    PERIODIC = schedule.PERIODIC, _("twelfths of a year")


class NbpKind(models.TextChoices):
    """Rates of the National Bank of Poland on which loans depend."""

    REDISCOUNT = "rediscount", _("NBP rediscount rate")  # stopa redyskonta weksli
    REFERENCE = "reference", _("NBP reference rate")  # stopa referencyjna


class AccountKind(models.TextChoices):
    ASSET = "asset", pgettext_lazy("account", "assets")  # aktywa
    LIABILITY = "liability", pgettext_lazy("account", "liabilities")  # zobowiązania
    EQUITY = "equity", pgettext_lazy("account", "capital")  # kapitał
    INCOME = "income", pgettext_lazy("account", "income")  # przychody
    EXPENSE = "expense", pgettext_lazy("account", "expenses")  # koszty
    OFF_BALANCE = "offbalance", pgettext_lazy("account", "off balance")  # pozabilansowe


class Counter(models.TextChoices):
    """What of the fund an account counts in; the ledger alone changes these sums."""

    NONE = "", "–"
    CAPITAL = "capital", _("capital of the fund")
    COMMITTED = "committed", _("approved, not paid out")
    OUTSTANDING = "outstanding", _("lent")
    LOST = "lost", _("lost")


class EntryEvent(models.TextChoices):
    """What an entry of the ledger tells of."""

    CAPITAL_IN = "capital_in", pgettext_lazy("ledger", "capital paid in")
    CAPITAL_OUT = "capital_out", pgettext_lazy("ledger", "capital paid out")
    APPROVAL = "approval", pgettext_lazy("ledger", "loan approved")
    RELEASE = "release", pgettext_lazy("ledger", "approved capital freed")
    PAYOUT = "payout", pgettext_lazy("ledger", "loan paid out")
    REVERSAL = "reversal", pgettext_lazy("ledger", "reversal")


# The application


class SpendingKind(models.TextChoices):
    """What a loan is spent on (cel pożyczki)."""

    ASSETS = "assets", pgettext_lazy("spending", "fixed assets")  # środki trwałe
    WORKING_CAPITAL = "working", pgettext_lazy("spending", "working capital")  # kapitał obrotowy


class FirmSize(models.TextChoices):
    """Annex I of Regulation (EU) 651/2014; a loan is for those below 250 staff."""

    MICRO = "micro", _("micro: fewer than 10 people")
    SMALL = "small", _("small: fewer than 50 people")
    MEDIUM = "medium", _("medium: fewer than 250 people")


class YesNo(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")


class DebtKind(models.TextChoices):
    LOAN = "loan", pgettext_lazy("debt", "loan or credit")
    LEASING = "leasing", pgettext_lazy("debt", "leasing")
    GUARANTEE = "guarantee", pgettext_lazy("debt", "guarantee given")
    OTHER = "other", pgettext_lazy("debt", "other")


# The review


class ReviewState(models.TextChoices):
    FORMAL = "formal", pgettext_lazy("review", "formal check")  # ocena formalna
    ASSESSMENT = "assessment", pgettext_lazy("review", "merit assessment")  # ocena merytoryczna
    COMMITTEE = "committee", pgettext_lazy("review", "committee")  # komitet pożyczkowy
    PREPARED = "prepared", pgettext_lazy("review", "decision to be confirmed")
    APPROVED = "approved", pgettext_lazy("review", "approved")
    REJECTED = "rejected", pgettext_lazy("review", "rejected")


REVIEW_TAG = {
    ReviewState.FORMAL: "info",
    ReviewState.ASSESSMENT: "info",
    ReviewState.COMMITTEE: "info",
    ReviewState.PREPARED: "wait",
    ReviewState.APPROVED: "ok",
    ReviewState.REJECTED: "bad",
}

R = ReviewState
REVIEW_MOVES = (
    Move("assess", _("Begin the merit assessment"), (R.FORMAL,), R.ASSESSMENT, right=Right.KEEP_LOANS),
    Move("to_committee", _("Hand to the committee"), (R.ASSESSMENT,), R.COMMITTEE, right=Right.KEEP_LOANS),
    Move("prepare", _("Prepare the decision"), (R.COMMITTEE,), R.PREPARED, right=Right.KEEP_LOANS),
    Move(
        "prepare_rejection",
        _("Prepare a rejection"),
        (R.FORMAL, R.ASSESSMENT),
        R.PREPARED,
        right=Right.KEEP_LOANS,
        kind="quiet",
    ),
    Move("approve", _("Confirm the approval"), (R.PREPARED,), R.APPROVED, right=Right.DECIDE_LOANS),
    Move("reject", _("Confirm the rejection"), (R.PREPARED,), R.REJECTED, right=Right.DECIDE_LOANS, kind="bad"),
    Move(
        "send_back",
        _("Send back"),
        (R.PREPARED,),
        R.ASSESSMENT,
        right=Right.DECIDE_LOANS,
        reason=True,
        kind="quiet",
    ),
    # after an appeal that was upheld: everything is looked at anew
    Move("reopen", _("Review once more"), (R.REJECTED,), R.FORMAL, right=Right.KEEP_LOANS),
)


class CommitteeRole(models.TextChoices):
    CHAIR = "chair", pgettext_lazy("committee", "chair")  # przewodniczący: rozstrzyga przy równej liczbie głosów
    MEMBER = "member", pgettext_lazy("committee", "member")


class VoteVerdict(models.TextChoices):
    FOR = "for", pgettext_lazy("vote", "for")
    AGAINST = "against", pgettext_lazy("vote", "against")
    ABSTAINS = "abstains", pgettext_lazy("vote", "abstains")


class DecisionVerdict(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("decision", "approve")
    REJECT = "reject", pgettext_lazy("decision", "reject")


# The loan


class LoanState(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("loan", "approved")  # przyznana
    DRAWN = "drawn", pgettext_lazy("loan", "agreement drawn up")  # umowa sporządzona
    SIGNED = "signed", pgettext_lazy("loan", "agreement signed")  # umowa podpisana, zabezpieczenia w toku
    READY = "ready", pgettext_lazy("loan", "ready for payout")  # zabezpieczenia ustanowione
    ACTIVE = "active", pgettext_lazy("loan", "paid out")  # w spłacie
    LAPSED = "lapsed", pgettext_lazy("loan", "lapsed")  # wygasła przed wypłatą


LOAN_TAG = {
    LoanState.APPROVED: "info",
    LoanState.DRAWN: "info",
    LoanState.SIGNED: "wait",
    LoanState.READY: "wait",
    LoanState.ACTIVE: "ok",
    LoanState.LAPSED: "quiet",
}
L = LoanState
BEFORE_PAYOUT = (L.APPROVED, L.DRAWN, L.SIGNED, L.READY)

LOAN_MOVES = (
    Move("draw", _("Draw up the agreement"), (L.APPROVED, L.DRAWN), L.DRAWN, right=Right.KEEP_LOANS),
    Move("sign", _("The agreement is signed"), (L.DRAWN,), L.SIGNED, right=Right.KEEP_LOANS, needs=("signed_on",)),
    Move("make_ready", _("Everything is secured"), (L.SIGNED,), L.READY, right=Right.KEEP_LOANS),
    Move("activate", _("Paid out"), (L.READY,), L.ACTIVE, right=Right.PAY_LOANS),
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


class PaperKind(models.TextChoices):
    AGREEMENT = "agreement", pgettext_lazy("paper", "agreement")
    ANNEX = "annex", pgettext_lazy("paper", "annex")
    SIGNED = "signed", pgettext_lazy("paper", "signed agreement or annex")
    SECURITY = "security", pgettext_lazy("paper", "paper of a security")
    OTHER = "other", pgettext_lazy("paper", "other")


# The payout


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
