"""Expressions for the columns of files: counts, joined words and instants, each of one row of the file."""

import datetime

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, DateTimeField, F, Func, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from centrum.kit import clock


def number(rows, path, *, of="pk"):
    """How many of `rows` (how many different `of` them) hang on the row of the file by `path`."""
    counts = rows.order_by().values(path).annotate(found=Count(of, distinct=True)).values("found")
    return Coalesce(Subquery(counts), 0)


def joined(rows, path, text, separator=", "):
    """The `text` of `rows` that hang on the row of the file by `path`, in the order of the alphabet."""
    made = rows.order_by().values(path).annotate(all=StringAgg(text, Value(separator), order_by=text)).values("all")
    return Coalesce(Subquery(made), Value(""), output_field=TextField())


def moment(source):
    """An instant as yyyy-MM-dd HH:mm on the Warsaw clock."""
    there = Func(Value(str(clock.WARSAW)), F(source), function="timezone", output_field=DateTimeField())
    return Func(there, Value("YYYY-MM-DD HH24:MI"), function="to_char", output_field=TextField())


def midnight(day):
    """The instant at which a day begins in Warsaw."""
    return datetime.datetime.combine(day, datetime.time.min, clock.WARSAW)


def after(day):
    """The instant at which a day is over in Warsaw."""
    return midnight(day + datetime.timedelta(days=1))
