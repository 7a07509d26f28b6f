"""The list helper: filter, order with a pk tiebreak, and pages by keyset, equally quick however deep."""

import base64
import binascii
import json
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.kit.polish import number

PAGE_SIZE = 50
COUNT_UP_TO = 10_000


@dataclass(frozen=True)
class Order:
    """`column` must never be NULL in the listed rows; the primary key breaks ties."""

    column: str
    descending: bool = False


@dataclass
class Page:
    """One page of a list. Queries are strings for a link's href, None where there is no such page."""

    rows: list
    count: int
    more_than: bool
    order: str
    orders: dict
    first_query: str
    next_query: str | None
    previous_query: str | None

    @property
    def count_label(self):
        return _("more than %s") % number(COUNT_UP_TO) if self.more_than else number(self.count)


def page(request, queryset, *, orders, default, size=PAGE_SIZE, count=None):
    """Cut the page that the address asks for: `?order=NAME&after=CURSOR` or `&before=CURSOR`.

    `orders`: {name: Order}; `count` where the caller knows it. A broken or foreign cursor shows the first page.
    Two queries at most: rows, and a count that stops at 10,001.
    """
    name = request.GET.get("order")
    name = name if name in orders else default
    order = orders[name]
    after = _cursor(queryset.model, order, request.GET.get("after"))
    before = None if after else _cursor(queryset.model, order, request.GET.get("before"))
    backwards = before is not None
    descending = order.descending != backwards
    rows = queryset.order_by(*_ordering(order.column, descending))
    if after or before:
        rows = rows.filter(_beyond(order.column, after or before, descending))
    rows = list(rows[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    if count is None:
        count = queryset.order_by()[: COUNT_UP_TO + 1].count()
    return Page(
        rows=rows,
        count=count,
        more_than=count > COUNT_UP_TO,
        order=name,
        orders=orders,
        first_query=_query(request),
        next_query=_query(request, after=_token(rows[-1], order)) if has_next and rows else None,
        previous_query=_query(request, before=_token(rows[0], order)) if has_previous and rows else None,
    )


def _ordering(column, descending):
    columns = (column,) if column == "pk" else (column, "pk")
    return [f"-{c}" if descending else c for c in columns]


def _beyond(column, cursor, descending):
    value, pk = cursor
    beyond = "lt" if descending else "gt"
    if column == "pk":
        return Q(**{f"pk__{beyond}": pk})
    # the plain bound on the column lets the index begin at the cursor; the OR alone would not
    return Q(**{f"{column}__{beyond}e": value}) & (Q(**{f"{column}__{beyond}": value}) | Q(**{f"pk__{beyond}": pk}))


def _token(row, order):
    value = None if order.column == "pk" else getattr(row, order.column)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, Decimal) else value
    return base64.urlsafe_b64encode(json.dumps([text, row.pk]).encode()).decode().rstrip("=")


def _cursor(model, order, token):
    if not token or len(token) > 2000:
        return None
    try:
        text, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        value = None if order.column == "pk" else _value(model._meta.get_field(order.column), text)
        pk = model._meta.pk.to_python(pk)
    except (binascii.Error, ValueError, TypeError, ValidationError):
        return None
    if pk is None or (value is None and order.column != "pk") or not -(2**63) < pk < 2**63 or "\x00" in str(value):
        return None
    return value, pk


def _value(field, text):
    value = field.to_python(text)
    if isinstance(value, Decimal):
        field.run_validators(value)  # no NaN, and no more digits than the column has
    return value


def _query(request, **changes):
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    for key, value in changes.items():
        query[key] = value
    return "?" + query.urlencode()
