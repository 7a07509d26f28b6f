"""Finding by any fragment without Polish letters, and Polish order: generated columns and how to ask them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import CharField, F, Func, GeneratedField, Index, TextField, Value
from django.db.models.functions import Concat


class PlFold(Func):
    """Text in lower case without accents; `public.pl_fold`, IMMUTABLE, so it may be stored and indexed."""

    function = "public.pl_fold"
    output_field = TextField()


class PlSort(Func):
    """Key that byte order sorts as the Polish alphabet does; `public.pl_sort`."""

    function = "public.pl_sort"
    output_field = TextField()


def _joined(names):
    if len(names) == 1:
        return F(names[0])
    parts = [part for name in names for part in (F(name), Value(" "))][:-1]
    return Concat(*parts, output_field=TextField())


def search_column(*names):
    return GeneratedField(expression=PlFold(_joined(names)), output_field=TextField(), db_persist=True, editable=False)


def sort_column(*names):
    # "C": a server whose default collation is ICU would reorder the key
    return GeneratedField(
        expression=PlSort(_joined(names)),
        output_field=CharField(max_length=900, db_collation="C"),
        db_persist=True,
        editable=False,
    )


def search_index(name, column="search"):
    return GinIndex(OpClass(F(column), name="gin_trgm_ops"), name=name)


def sort_index(name, column="sort"):
    return Index(fields=[column, "id"], name=name)


def matching(queryset, text, column="search"):
    """Rows that hold every word of `text`, in any order and place."""
    for word in text.split()[:8]:
        queryset = queryset.filter(**{f"{column}__contains": PlFold(Value(word))})
    return queryset


# A trigram index needs three letters; so many matches are put in order, what is beyond them is not looked at.
SHORTEST = 3
MATCHES = 1000


def is_searchable(text):
    """Whether some word of `text` is long enough for the index."""
    return any(len(word) >= SHORTEST for word in text.split())


def first_matching(queryset, text, limit=MATCHES):
    """(new queryset of at most `limit` matching rows of `queryset`, how many, whether there are more); one query.

    Ordering all rows that hold a frequent fragment, or walking an ordered index until enough of them have come
    by, takes seconds among a million rows; finding some of them takes milliseconds, however frequent it is.
    """
    found = list(matching(queryset, text).order_by().values_list("pk", flat=True)[: limit + 1])
    rows = queryset.model._default_manager.filter(pk__in=found[:limit])
    return rows, len(found[:limit]), len(found) > limit
