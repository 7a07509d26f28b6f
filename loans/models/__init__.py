from loans.models.applications import ExistingDebt, LoanApplication, LoanPurchase, PlannedJob
from loans.models.arrears import ArrearsStep, Notice
from loans.models.ledger import Account, Entry, Fund, Line, Month
from loans.models.links import LoanLink
from loans.models.loans import Annex, Loan, LoanPaper, LoanRate, ScheduleRow, ScheduleVersion, Security
from loans.models.monitoring import LoanJob, Visit, YearlyPaper
from loans.models.payouts import BankOrder, Settlement, SettlementDocument, Tranche
from loans.models.products import Product
from loans.models.rates import NbpRate, RateCheck
from loans.models.repayments import (
    Accrual,
    AccrualDay,
    AccrualPiece,
    Allocation,
    BankStatement,
    LoanCost,
    Measure,
    Payment,
    StatementLine,
    Telling,
)
from loans.models.review import (
    CommitteeMember,
    Decision,
    DecisionSecurity,
    Review,
    ScoreCard,
    ScoreCriterion,
    ScoreMark,
    Vote,
)
from loans.models.turnovers import Turnover

__all__ = [
    "Account",
    "Accrual",
    "AccrualDay",
    "AccrualPiece",
    "Allocation",
    "Annex",
    "ArrearsStep",
    "BankOrder",
    "BankStatement",
    "CommitteeMember",
    "Decision",
    "DecisionSecurity",
    "Entry",
    "ExistingDebt",
    "Fund",
    "Line",
    "Loan",
    "LoanApplication",
    "LoanCost",
    "LoanJob",
    "LoanLink",
    "LoanPaper",
    "LoanPurchase",
    "LoanRate",
    "Measure",
    "Month",
    "NbpRate",
    "Notice",
    "Payment",
    "PlannedJob",
    "Product",
    "RateCheck",
    "Review",
    "ScheduleRow",
    "ScheduleVersion",
    "ScoreCard",
    "ScoreCriterion",
    "ScoreMark",
    "Security",
    "Settlement",
    "SettlementDocument",
    "StatementLine",
    "Telling",
    "Tranche",
    "Turnover",
    "Visit",
    "Vote",
    "YearlyPaper",
]
