"""Dated numbers of rules, kept in the admin: `value("appeal-days")`."""

import csv

from centrum.kit import clock, periods
from centrum.kit.history import author
from centrum.kit.models import Parameter


def value(code, on=None):
    """The value (Decimal) of a parameter on a day, today unless given. Raises LookupError when none is in force."""
    day = on or clock.today()
    found = in_force(code, day).values_list("value", flat=True).first()
    if found is None:
        raise LookupError(f"no parameter {code} on {day}")
    return found


def in_force(code, on=None):
    """The row of a parameter on a day, for a query that needs its value: a queryset of at most one."""
    return Parameter.objects.filter(periods.in_force(on), code=code)


def whole(code, on=None):
    """The same as int, for days and counts."""
    return int(value(code, on))


@author(command="seed")
def load(path, *, valid_from, apps, using):
    """Add the rows of a CSV (code, name, value, unit, source) whose code is not there yet; none of them is confirmed.

    For a room's `post_migrate`; does nothing while the table is not there.
    """
    try:
        parameter = apps.get_model("kit", "Parameter")
    except LookupError:
        return  # the tables of the kit have just been unmade
    rows = parameter.objects.using(using)
    known = set(rows.values_list("code", flat=True))
    with path.open(encoding="utf-8", newline="") as file:
        missing = [row for row in csv.DictReader(file) if row["code"] not in known]
    rows.bulk_create(parameter(**row, valid_from=valid_from) for row in missing)
