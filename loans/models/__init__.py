from loans.models.applications import ExistingDebt, LoanApplication, LoanPurchase, PlannedJob
from loans.models.ledger import Account, Entry, Fund, Line, Month
from loans.models.loans import Annex, Loan, LoanPaper, LoanRate, ScheduleRow, ScheduleVersion, Security
from loans.models.payouts import BankOrder, Settlement, SettlementDocument, Tranche
from loans.models.products import Product
from loans.models.rates import NbpRate, RateCheck
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

__all__ = [
    "Account",
    "Annex",
    "BankOrder",
    "CommitteeMember",
    "Decision",
    "DecisionSecurity",
    "Entry",
    "ExistingDebt",
    "Fund",
    "Line",
    "Loan",
    "LoanApplication",
    "LoanPaper",
    "LoanPurchase",
    "LoanRate",
    "Month",
    "NbpRate",
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
    "Tranche",
    "Vote",
]
