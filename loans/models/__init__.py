from loans.models.ledger import Account, Entry, Fund, Line, Month
from loans.models.products import Product
from loans.models.rates import NbpRate, RateCheck

__all__ = ["Account", "Entry", "Fund", "Line", "Month", "NbpRate", "Product", "RateCheck"]
