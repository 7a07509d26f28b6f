"""Dated numbers of rules, kept in the admin: `value("appeal-days")`."""

from centrum.kit import clock
from centrum.kit.models import Parameter
from centrum.kit.periods import in_force


def value(code, on=None):
    """The value (Decimal) of a parameter on a day, today unless given. Raises LookupError when none is in force."""
    day = on or clock.today()
    found = Parameter.objects.filter(in_force(day), code=code).values_list("value", flat=True).first()
    if found is None:
        raise LookupError(f"no parameter {code} on {day}")
    return found


def whole(code, on=None):
    """The same as int, for days and counts."""
    return int(value(code, on))
