"""Reads of the lenders whose credits the fund guarantees."""

from django.db.models import Q

from centrum.kit import clock
from loans.models import Lender


def in_cooperation(on=None):
    """Lenders whose agreement on cooperation is in force on a day, today unless given."""
    day = on or clock.today()
    return Lender.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).order_by("name", "pk")
