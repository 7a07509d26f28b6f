"""Keyset pages: every row once, in order, forwards and backwards, whatever the ties."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.search import matching
from centrum.register.models import Organisation
from tests.factories import base

ORDERS = {"name": Order("sort"), "newest": Order("created_at", descending=True), "added": Order("pk")}


def ask(query="", size=4, rows=None):
    request = RequestFactory().get("/" + query)
    return lists.page(
        request, Organisation.objects.all() if rows is None else rows, orders=ORDERS, default="name", size=size
    )


@pytest.fixture
def ten(db):
    names = ["Żak", "Zając", "Źródło", "Śnieg", "Sowa", "Ćma", "Cel", "Łoś", "Lis", "Lis"]
    for name in names:
        base.organisation(name=name)
    return ["Cel", "Ćma", "Lis", "Lis", "Łoś", "Sowa", "Śnieg", "Zając", "Źródło", "Żak"]


def names(page):
    return [row.name for row in page.rows]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_hold_every_row_once_there_and_back(ten, order):
    page = ask(f"?order={order}")
    there, back = [names(page)], []
    while page.next_query:
        page = ask(page.next_query)
        there.append(names(page))
    while page.previous_query:
        page = ask(page.previous_query)
        back.append(names(page))
    assert [len(rows) for rows in there] == [4, 4, 2]
    assert back == [there[1], there[0]]
    if order == "name":
        assert [name for rows in there for name in rows] == ten


def test_the_count_stops_at_its_limit(ten, monkeypatch):
    assert ask().count_label == "10"
    monkeypatch.setattr(lists, "COUNT_UP_TO", 9)
    assert ask().count_label == "ponad 9"


@pytest.mark.parametrize(
    "cursor", ["x", "%FF", "W10", "WzEsIDJd", "WyJcdTAwMDAiLCAxXQ", "eyJhIjogMX0", "bnVsbA", "A" * 3000]
)
def test_a_broken_cursor_shows_the_first_page(ten, cursor):
    assert names(ask(f"?after={cursor}")) == ten[:4]


@given(cursor=st.text(max_size=40))
def test_no_cursor_breaks_the_list(cursor):
    request = RequestFactory().get("/", {"after": cursor})
    assert lists._cursor(Organisation, Order("sort"), request.GET["after"]) is None


def test_an_unknown_order_is_the_default(ten):
    assert ask("?order=nip").order == "name"


@pytest.mark.parametrize("size", [1, 3])
def test_a_page_costs_two_queries(ten, size, django_assert_num_queries):
    with django_assert_num_queries(2):
        ask(size=size)


@pytest.mark.parametrize(
    ("text", "found"),
    [("zrod", ["Źródło"]), ("ŁOŚ", ["Łoś"]), ("los", ["Łoś"]), ("wa so", ["Sowa"]), ("%", []), ("_", []), ("nic", [])],
)
def test_search_needs_no_polish_letters(ten, text, found):
    assert [o.name for o in matching(Organisation.objects.order_by("sort"), text)] == found
