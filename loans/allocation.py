"""What a payment pays (zaliczenie wpłaty). Pure computation, no Django.

Costs come first, then penalty interest, overdue interest, overdue principal, interest and principal due today, within
each the oldest first (Civil Code, art. 451, as the agreements say it); what is left is an overpayment, which is the
payer's and no early repayment.
"""

from decimal import Decimal

ZERO = Decimal("0.00")


def allocate(payment, buckets):
    """([(name, part of the payment)] for every one of `buckets` [(name, what is owed)] in their order, overpayment).

    Amounts are Decimal in PLN, none below 0; else ValueError.
    """
    if payment < 0 or any(owed < 0 for _name, owed in buckets):
        raise ValueError("neither a payment nor what is owed is below nothing")
    left, parts = payment, []
    for name, owed in buckets:
        part = min(left, owed)
        parts.append((name, part))
        left -= part
    return parts, left
