"""The public calculator: what it shows equals the schedule, what it refuses it says at the field."""

import csv
import datetime
import io
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from loans import calculator, rates
from loans.models import NbpRate, Product
from tests.factories import base

pytestmark = pytest.mark.django_db
D = datetime.date
PAGE, FILE = reverse("lending:calculator"), reverse("lending:calculator-file")
WISH = {"product": "fers-start", "amount": "100000", "months": "60", "grace": "6", "method": "equal_principal"}


@pytest.fixture(autouse=True)
def rediscount():
    enter("0.038", D(2026, 3, 5))


def enter(rate, valid_from, kind="rediscount"):
    row = rates.enter(
        by=base.user(Role.ACCOUNTANT), kind=kind, valid_from=valid_from, rate=Decimal(rate), source="komunikat NBP"
    )
    return rates.confirm(row, by=base.user(Role.MANAGER))


def ask(client, **wish):
    return client.get(PAGE, WISH | wish)


def test_the_page_shows_an_example_before_anything_is_asked(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.context["quote"].schedule.principal == 50000
    assert page.context["quote"].product.code == "fers-rozwoj"


def test_the_figures_are_those_of_the_schedule(client):
    """Vector C03 of the fund: 100 000 PLN, 60 months, 6 of grace, 3.80 %, from 16 December 2026."""
    with clock.at(datetime.datetime(2026, 12, 16, 12, tzinfo=clock.WARSAW)):
        page = ask(client)
        lines = list(csv.reader(io.StringIO(client.get(FILE, WISH).content.decode("utf-8-sig")), delimiter=";"))
    quote = page.context["quote"]
    assert (quote.rate, quote.schedule.interest, quote.total) == (
        Decimal("0.038"),
        Decimal("10615.11"),
        Decimal("110615.11"),
    )
    assert len(lines) == 61
    assert lines[1] == ["1", "18.1.2027", "0,00", "322,74", "322,74", "100000,00"]
    interest = sum(Decimal(line[3].replace(",", ".")) for line in lines[1:])
    assert (interest, lines[-1][5]) == (Decimal("10615.11"), "0,00")


def test_the_file_is_made_for_a_spreadsheet(client):
    response = client.get(FILE, WISH)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.count(b"\r\n") == response.content.count(b"\n") == 61


def test_a_wrong_wish_asks_for_no_file(client):
    wrong = WISH | {"amount": "900000"}
    assert client.get(FILE, wrong).url == f"{PAGE}?{urlencode(wrong)}"


def test_a_new_job_halves_the_rate_where_the_product_says_so(client):
    assert ask(client, new_job="on").context["quote"].rate == Decimal("0.019")
    assert ask(client, product="fers-rozwoj", new_job="on").context["quote"].rate == Decimal("0.038")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"amount": "100000,01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1,234"}, "amount"),
        ({"amount": "999999999999999"}, "amount"),
        ({"amount": "sto"}, "amount"),
        ({"months": "61"}, "months"),
        ({"months": "0"}, "months"),
        ({"months": "1000"}, "months"),
        ({"grace": "7"}, "grace"),
        ({"months": "6", "grace": "6"}, "grace"),
        ({"method": "bullet"}, "method"),
        ({"product": "power-start"}, "product"),
        ({"product": ""}, "product"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(client, wish, field):
    page = ask(client, **wish)
    assert (page.status_code, page.context["quote"]) == (200, None)
    assert list(page.context["form"].errors) == [field]


def test_amounts_are_read_as_people_type_them(client):
    assert ask(client, amount="12 345,67").context["quote"].schedule.principal == Decimal("12345.67")


def test_a_larger_loan_may_last_longer(client):
    assert ask(client, product="fers-rozwoj", amount="400000,01", months="120").context["quote"]
    assert list(ask(client, product="fers-rozwoj", amount="400000", months="120").context["form"].errors) == ["months"]


def test_htmx_gets_the_part_that_changes(client):
    page = client.get(PAGE, WISH, headers={"HX-Request": "true"})
    assert next(template.name for template in page.templates) == "loans/_quote.html"
    assert "HX-Request" in page["Vary"]


def test_a_rate_that_is_missing_is_told(client):
    with clock.at(datetime.datetime(2026, 3, 4, 12, tzinfo=clock.WARSAW)):
        page = ask(client)
    assert page.context["quote"] is None
    assert page.context["form"].non_field_errors()


def test_without_products_the_page_says_whom_to_ask(client):
    Product.objects.all().delete()
    page = client.get(PAGE)
    assert (page.status_code, page.context["products"]) == (200, [])


def test_the_page_costs_the_same_with_one_product_and_three(client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(PAGE).status_code == 200
        return len(found)

    queries()
    more = queries()
    Product.objects.exclude(code="fers-rozwoj").delete()
    assert queries() == more


# Products


def change(code="fers-start", **fields):
    return Product.objects.filter(code=code).update(**fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"largest": 0},
        {"largest_per_pes": 50000},
        {"months": 0},
        {"grace": 60},
        {"longer_above": 50000},
        {"longer_above": 50000, "longer_months": 60},
        {"margin": Decimal("-0.01")},
        {"nbp_share_new_job": 2},
        {"nbp": "wibor"},
        {"day_count": "ACT/364"},
        {"equal_principal": False, "annuity": False},
        {"valid_to": D(2024, 1, 1)},
    ],
)
def test_the_table_refuses_a_product_that_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(**wrong)


def test_a_product_is_one_at_a_time():
    row = Product.objects.get(code="fers-start")
    row.pk, row.valid_from = None, D(2026, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_fixed_rate_needs_no_bank():
    NbpRate.objects.filter(confirmed_by=None).delete()
    product = Product.objects.get(code="plynnosciowa")
    quote = calculator.quote(
        product, amount=Decimal(10000), months=12, grace=12 - 1, method="annuity", on=D(2021, 5, 4)
    )
    assert quote.rate == Decimal("0.001")
    with pytest.raises(Refused):
        rates.rate_of(Product.objects.get(code="fers-start"), D(2020, 1, 1))
