from loans.models.products import Product
from loans.models.rates import NbpRate, RateCheck

__all__ = ["NbpRate", "Product", "RateCheck"]
