"""Rows valid in a period of days: `valid_from` is its first day, `valid_to` the first day after it (empty: open)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q, Value

from centrum.kit import clock


def in_periods(name, *same, begins="valid_from", ends="valid_to", condition=None, message=None, may_be_empty=False):
    """Constraints of a dated table: rows equal in `same` never overlap, and no period is empty.

    `may_be_empty`: it may end on the day on which it would have begun, as a promise taken back does.
    """
    after = "gte" if may_be_empty else "gt"
    period = Func(F(begins), F(ends), Value("[)"), function="daterange", output_field=DateRangeField())
    said = {"violation_error_message": message} if message else {}
    return [
        CheckConstraint(
            condition=Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__{after}": F(begins)}), name=f"{name}_dates"
        ),
        ExclusionConstraint(
            name=f"{name}_one_at_a_time",
            expressions=[*((column, RangeOperators.EQUAL) for column in same), (period, RangeOperators.OVERLAPS)],
            condition=condition,
            **said,
        ),
    ]


def in_force(on=None, prefix="", begins="valid_from", ends="valid_to"):
    """Q of the rows valid on a day, today unless given; `prefix`: path to them with its two underscores."""
    day = on or clock.today()
    begun = Q(**{f"{prefix}{begins}__lte": day})
    return begun & (Q(**{f"{prefix}{ends}__isnull": True}) | Q(**{f"{prefix}{ends}__gt": day}))
