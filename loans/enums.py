"""Closed lists of the loan fund, and the states and moves of its nouns."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.transitions import Move
from centrum.staff.enums import Right
from loans import replay, schedule


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
    EC_BASE = "ec_base", _("base rate of the European Commission")  # stopa bazowa KE (2008/C 14/02)


OF_LOANS = (NbpKind.REDISCOUNT, NbpKind.REFERENCE)  # what a loan may follow


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
    GUA_CAPITAL = "gua_capital", _("capital for guarantees")
    GUA_RESERVED = "gua_reserved", _("guarantees promised")
    GUA_EXPOSURE = "gua_exposure", _("guaranteed")
    GUA_CLAIM = "gua_claim", _("recourse claims")
    GUA_LOST = "gua_lost", _("lost by guarantees")


class EntryEvent(models.TextChoices):
    """What an entry of the ledger tells of."""

    CAPITAL_IN = "capital_in", pgettext_lazy("ledger", "capital paid in")
    CAPITAL_OUT = "capital_out", pgettext_lazy("ledger", "capital paid out")
    APPROVAL = "approval", pgettext_lazy("ledger", "loan approved")
    RELEASE = "release", pgettext_lazy("ledger", "approved capital freed")
    PAYOUT = "payout", pgettext_lazy("ledger", "loan paid out")
    RECEIPTS = "receipts", pgettext_lazy("ledger", "receipts of a statement")
    REPAYMENT = "repayment", pgettext_lazy("ledger", "repayment")
    REFUND = "refund", pgettext_lazy("ledger", "money sent back")
    BANK = "bank", pgettext_lazy("ledger", "costs and interest of the bank")
    ACCRUAL = "accrual", pgettext_lazy("ledger", "interest of a day")
    COST = "cost", pgettext_lazy("ledger", "cost charged")
    RETELLING = "retelling", pgettext_lazy("ledger", "reckoned anew")
    MEASURE = "measure", pgettext_lazy("ledger", "decision on a claim")
    GUA_APPROVAL = "gua_approval", pgettext_lazy("ledger", "guarantee approved")
    GUA_RELEASE = "gua_release", pgettext_lazy("ledger", "guarantee ended")
    GUA_ACTIVE = "gua_active", pgettext_lazy("ledger", "guarantee in force")
    GUA_LESS = "gua_less", pgettext_lazy("ledger", "guarantee lowered")
    GUA_FEE = "gua_fee", pgettext_lazy("ledger", "fee for a guarantee")
    GUA_EARNED = "gua_earned", pgettext_lazy("ledger", "fees of guarantees earned")
    GUA_CALL = "gua_call", pgettext_lazy("ledger", "guarantee paid")
    GUA_RECOVERY = "gua_recovery", pgettext_lazy("ledger", "recovered after a guarantee")
    GUA_LOSS = "gua_loss", pgettext_lazy("ledger", "recourse written off")
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


# Repayments


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


# The calendar of arrears


class Channel(models.TextChoices):
    """How a step of the calendar of arrears is made."""

    MAIL = "mail", pgettext_lazy("channel", "e-mail, by itself")
    LETTER = "letter", pgettext_lazy("channel", "letter, sent by somebody of the staff")
    DECISION = "decision", pgettext_lazy("channel", "decision of two people")


class ArrearsLetter(models.TextChoices):
    """Texts of the calendar among the letters that the staff edit; a value is the code of the letter."""

    OVERDUE = "loan_overdue", pgettext_lazy("letter", "Loan: an instalment was not paid (e-mail)")
    REMINDER = "loan_reminder", pgettext_lazy("letter", "Loan: reminder")  # upomnienie
    DEMAND = "loan_demand", pgettext_lazy("letter", "Loan: demand for payment")  # wezwanie do zapłaty
    FINAL_DEMAND = "loan_final_demand", pgettext_lazy("letter", "Loan: final demand for payment")
    TERMINATION = "loan_termination", pgettext_lazy("letter", "Loan: notice of termination")  # wypowiedzenie


class NoticeState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("notice", "to be sent")
    SENT = "sent", pgettext_lazy("notice", "sent")
    DROPPED = "dropped", pgettext_lazy("notice", "dropped")


NOTICE_TAG = {NoticeState.PROPOSED: "wait", NoticeState.SENT: "ok", NoticeState.DROPPED: "quiet"}
# by itself (without anybody of the staff) an e-mail goes, and a step gives way to the one that overtook it
NOTICE_MOVES = (
    Move(
        "send",
        _("Send"),
        (NoticeState.PROPOSED,),
        NoticeState.SENT,
        right=Right.KEEP_LOANS,
        client=True,
        needs=("sent_on", "how"),
    ),
    Move(
        "drop",
        _("Drop"),
        (NoticeState.PROPOSED,),
        NoticeState.DROPPED,
        right=Right.KEEP_LOANS,
        client=True,
        reason=True,
        kind="quiet",
    ),
)


class Ground(models.TextChoices):
    """Why an agreement is terminated."""

    ARREARS = "arrears", pgettext_lazy("ground", "arrears")
    SPENDING = "spending", pgettext_lazy("ground", "money not settled or not spent as agreed")
    UNTRUE = "untrue", pgettext_lazy("ground", "untrue statements")


class RecoveryStep(models.TextChoices):
    """With what the recovery of a terminated loan begins."""

    BILL = "bill", pgettext_lazy("recovery", "the promissory note filled in")  # wypełnienie weksla
    COURT = "court", pgettext_lazy("recovery", "an action in court")  # pozew, EPU
    BAILIFF = "bailiff", pgettext_lazy("recovery", "the bailiff")  # komornik


# Monitoring


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


# Guarantees


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


# De minimis aid


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
