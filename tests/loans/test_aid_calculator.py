"""The calculator of aid: a loan and a guarantee to the grosz, what is wrong in words, an address for each result."""

import datetime
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.models import Parameter
from loans import aid
from loans.deminimis import forms
from loans.enums import GuaranteeRating, NbpKind
from loans.guarantees import terms
from loans.models import EurRate, SafeHarbourPremium
from loans.schedule import rounded
from tests.factories import aid as of
from tests.factories import loans as make

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
CALCULATOR = reverse("lending:aid-calculator")
GOLDEN = Path(__file__).parents[1] / "golden" / "schedule-vectors.json"


@pytest.fixture(autouse=True)
def told():
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def rates():
    return of.ready()


def text(page):
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


# A loan


LOAN = {
    "day": "2.11.2026",
    "amount": "100 000",
    "months": "60",
    "grace": "0",
    "method": "equal_principal",
    "rate": "3,8",
    "reckoning": "reference",
    "rating": "none",
    "collateral": "normal",
}


def test_the_calculator_shows_each_row(client, rates):
    page = client.get(CALCULATOR, LOAN)
    wanted = aid.of_loan(
        D(100_000), 60, 0, reference=D("0.0852"), charged=D("0.038"), discount=D("0.0552"), per_year=12,
        method="equal_principal",
    )  # fmt: skip
    result = page.context["result"]
    assert (result["calculation"].total, result["eur"]) == (wanted.total, wanted.in_eur(D("4.25")))
    assert len(result["parts"][0].rows) == 60
    assert f"{wanted.total:,.2f}".replace(",", " ").replace(".", ",") in text(page)
    part = client.get(CALCULATOR, LOAN, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert client.get(CALCULATOR).context["result"]["calculation"].total > 0
    assert client.post(CALCULATOR).status_code == 405


def test_the_calculator_says_what_is_wrong_in_words(client, rates):
    for wrong in (
        {"rate": "8,53"},
        {"day": "x"},
        {"day": "1.1.1999"},
        {"amount": "0"},
        {"grace": "60"},
        {"months": "0"},
        {"rating": "x"},
        {"reckoning": "nominal"},
        {"reckoning": "proportional", "months": "121"},
        {"reckoning": "proportional", "day": "3.11.2026"},
    ):
        page = client.get(CALCULATOR, LOAN | wrong)
        assert page.status_code == 200
        assert page.context["result"] is None and page.context["form"].errors, wrong
    equal = client.get(CALCULATOR, LOAN | {"rate": "8,52"})
    assert equal.context["result"]["calculation"].total == 0


def test_the_calculator_by_the_simplified_method(client, rates):
    page = client.get(CALCULATOR, LOAN | {"amount": "425 000", "reckoning": "proportional"})
    assert page.context["result"]["eur"] == D("20000.00")


def test_without_a_rate_of_the_euro_the_calculator_tells_pln(client):
    make.nbp_rate("0.0452", kind=NbpKind.EC_BASE, valid_from=DAY(2024, 1, 1))
    page = client.get(CALCULATOR, LOAN)
    assert page.context["result"]["eur"] is None
    assert page.context["result"]["calculation"].total > 0
    EurRate.objects.all().delete()
    assert client.get(CALCULATOR, LOAN | {"reckoning": "proportional"}).context["result"] is None


def test_an_address_of_before_still_means_a_loan(client, rates):
    address = (
        f"{CALCULATOR}?day=2.11.2026&amount=100+000&months=60&grace=0&method=equal_principal&rate=3%2C8"
        "&reckoning=reference&rating=none&collateral=normal"
    )
    for more in ("", "&of=", "&of=loan", "&of=credit"):
        page = client.get(address + more)
        result = page.context["result"]
        assert (page.context["of"], type(page.context["form"])) == ("loan", forms.LoanCalculatorForm)
        assert (result["calculation"].total, result["eur"], result["share"]) == (
            D("10934.18"),
            D("2572.75"),
            D("0.86"),
        )


# A guarantee


GUARANTEE = {
    "of": "guarantee",
    "day": "2.11.2026",
    "credit": "150 000",
    "cover": "80",
    "months": "36",
    "grace": "0",
    "fee": "1",
    "fee_from": "1",
    "rating": "bb",
}


def ask(client, **wish):
    return client.get(CALCULATOR, GUARANTEE | wish)


def found(client, **wish):
    """The calculation and what the page tells of it."""
    result = ask(client, **wish).context["result"]
    return result["calculation"], result


def rows_of(page):
    """Texts of the cells of the table, row by row."""
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", text(page))
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)]


def controls(page):
    """Names of what the form of the page sends."""
    (form,) = re.findall(r'<form method="get" class="panel".*?</form>', page.content.decode(), re.DOTALL)
    return sorted(set(re.findall(r' name="([^"]*)"', form)))


def test_a_guarantee_is_reckoned_as_its_golden_vector(client, rates):
    """C68: 80% of 150 000 PLN over three years, BB, a yearly fee of 1%."""
    (vector,) = (one for one in json.loads(GOLDEN.read_text(encoding="utf-8"))["vectors"] if one["id"] == "C68")
    expected = vector["expected"]
    calculation, result = found(client)
    names = ("guaranteed", "market_premium", "fee", "diff", "discount_factor", "pv")
    assert [
        (
            row["nr"],
            D(row["balance"]),
            *(rounded(D(row[name])) for name in ("interest_reference", "interest_charged", "difference")),
            D(row["factor"]).quantize(D("1e-8"), ROUND_HALF_UP),
            rounded(D(row["value"])),
        )
        for row in calculation.rows
    ] == [(row["year"], *(D(row[name]) for name in names)) for row in expected["rows"]]
    assert (str(calculation.total), str(result["eur"])) == (expected["edb"], expected["edb_eur"])


def test_every_year_is_shown_beside_the_ceiling(client, rates):
    page = ask(client)
    assert rows_of(page) == [
        ["1", "120 000,00", "2 400,00", "1 200,00", "1 200,00", "1,000000", "1 200,00"],
        ["2", "80 000,00", "1 600,00", "800,00", "800,00", "0,947688", "758,15"],
        ["3", "40 000,00", "800,00", "400,00", "400,00", "0,898112", "359,24"],
    ]
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text(page))
    assert head == [
        "Rok",
        "Poręczone",
        "Po cenie rynkowej",
        "Pobrane",
        "Różnica",
        "Czynnik dyskontowy",
        "Wartość na dzień udzielenia",
    ]
    result = page.context["result"]
    assert (result["share"], result["ceiling"]) == (D("0.18"), D("300000.00"))
    facts = {one["label"]: one["value"].replace("\u00a0", " ") for one in result["facts"]}
    assert facts == {
        "Kredyt": "150 000,00 zł",
        "Część poręczona": "80 %",
        "Kwota": "120 000,00 zł",
        "Miesiące": "36",
        "w tym karencja w spłacie kapitału": "0",
        "Opłata roczna": "1 %",
        "Opłata od roku": "1",
        "Stopa bazowa Komisji": "4,52 %, od 1.1.2024",
        "Składka bezpiecznej przystani": "2 % (BB+ … BB−)",
        "Stopa dyskontowa": "5,52 %",
    }


@given(
    credit=st.integers(1, 10**11).map(lambda grosze: D(grosze) / 100),
    cover=st.integers(1, 8000).map(lambda part: D(part) / 10_000),
)
@example(credit=D("0.05"), cover=D("0.1"))  # half a grosz goes up
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_guaranteed_is_rounded_as_the_application_does(client, rates, credit, cover):
    wish = {"credit": f"{credit:.2f}".replace(".", ","), "cover": f"{cover * 100:.2f}".replace(".", ",")}
    calculation, _result = found(client, **wish)
    assert D(calculation.inputs["amount"]) == terms.amount_of(credit, cover)


@pytest.mark.parametrize("rating", GuaranteeRating.values)
def test_the_premium_is_that_of_the_rating(client, rates, rating):
    premium = SafeHarbourPremium.objects.get(rating=rating).rate
    wanted = aid.of_guarantee(
        [D(120_000), D(80_000), D(40_000)], premium=premium, fee=D("0.0025"), discount=D("0.0552"), fee_from=1
    )
    calculation, result = found(client, rating=rating, fee="0,25")
    assert (calculation.premium.rate, calculation.total, result["eur"]) == (
        premium,
        wanted.total,
        wanted.in_eur(D("4.25")),
    )


def test_a_grace_and_a_first_year_without_a_fee_are_more_aid(client, rates):
    usual, _result = found(client)
    free, _result = found(client, fee_from="2")
    late, _result = found(client, grace="12")
    assert [D(row["interest_charged"]) for row in free.rows] == [0, 800, 400]
    assert free.total == usual.total + 1200
    assert [D(row["balance"]) for row in late.rows] == [120_000, 120_000, 60_000]


def test_a_grace_left_empty_is_none(client, rates):
    without, _result = found(client, grace="")
    assert (without.inputs, without.rows) == (found(client)[0].inputs, found(client)[0].rows)


def test_a_fee_as_on_the_market_or_above_is_no_aid(client, rates):
    words = "Opłaty są wyższe niż na rynku, więc w tym poręczeniu nie ma pomocy."
    told = {}
    for fee in ("1,9999", "2", "2,0001", "99,99"):
        page = ask(client, fee=fee)
        result = page.context["result"]
        told[fee] = (result["calculation"].total, result["eur"], words in text(page))
    assert told == {
        "1,9999": (D("0.23"), D("0.05"), False),
        "2": (0, 0, False),
        "2,0001": (0, 0, True),
        "99,99": (0, 0, True),
    }


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "31.2.2026"}, "day"),
        ({"credit": ""}, "credit"),
        ({"credit": "0"}, "credit"),
        ({"credit": "-5"}, "credit"),
        ({"credit": "1,234"}, "credit"),
        ({"credit": "1000000000000"}, "credit"),
        ({"credit": "sto"}, "credit"),
        ({"cover": ""}, "cover"),
        ({"cover": "0"}, "cover"),
        ({"cover": "80,01"}, "cover"),
        ({"cover": "70,001"}, "cover"),
        ({"cover": "70%"}, "cover"),
        ({"months": ""}, "months"),
        ({"months": "0"}, "months"),
        ({"months": "361"}, "months"),
        ({"months": "1,5"}, "months"),
        ({"grace": "-1"}, "grace"),
        ({"grace": "36"}, "grace"),
        ({"grace": "360"}, "grace"),
        ({"grace": "x"}, "grace"),
        ({"fee": ""}, "fee"),
        ({"fee": "-0,01"}, "fee"),
        ({"fee": "100"}, "fee"),
        ({"fee": "0,00001"}, "fee"),
        ({"fee_from": ""}, "fee_from"),
        ({"fee_from": "0"}, "fee_from"),
        ({"fee_from": "3"}, "fee_from"),
        ({"fee_from": "x"}, "fee_from"),
        ({"rating": ""}, "rating"),
        ({"rating": "ccc"}, "rating"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_field(client, rates, wish, field):
    page = ask(client, **wish)
    assert (page.status_code, page.context["result"]) == (200, None)
    assert list(page.context["form"].errors) == [field]


@pytest.mark.parametrize(
    "wish",
    [
        {"credit": "0,01", "cover": "0,01"},
        {"credit": "999 999 999 999,99", "cover": "80"},
        {"months": "1"},
        {"months": "360", "grace": "359"},
        {"fee": "0"},
        {"fee": "99,99"},
    ],
)
def test_the_edges_are_counted(client, rates, wish):
    """It does not judge what may be guaranteed, so a term beyond that of the fund is counted, too."""
    assert list(ask(client, **wish).context["form"].errors) == []


@given(st.fixed_dictionaries({}, optional={
    name: st.one_of(
        st.sampled_from([value, "", "0", "-1", "1e9", "NaN", "9" * 5000, "31.12.2100", "1.1.1900", "٣"]),
        # what no text holds the house refuses before any page (centrum/kit/middleware.py)
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd")),
    )
    for name, value in (LOAN | GUARANTEE).items()
}))  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_answers_whatever_is_typed(client, rates, wish):
    whole = client.get(CALCULATOR, LOAN | GUARANTEE | wish)
    part = client.get(CALCULATOR, wish, headers={"HX-Request": "true"})
    assert (whole.status_code, part.status_code) == (200, 200)


def test_without_a_premium_a_base_rate_or_rules_it_is_said_in_words(client, rates):
    def words(**wish):
        page = ask(client, **wish)
        errors = page.context["form"].errors
        assert (page.status_code, page.context["result"], list(errors)) == (200, None, ["__all__"])
        assert text(page).count(errors["__all__"][0]) == 2  # in the summary and in place of the result
        return errors["__all__"]

    premium = SafeHarbourPremium.objects.filter(rating="bb")
    premium.update(valid_to=DAY(2026, 11, 2))
    assert words() == ["Nie ma składki bezpiecznej przystani dla „BB+ … BB−” na 2.11.2026."]
    assert list(ask(client, day="1.11.2026").context["form"].errors) == []
    premium.update(valid_to=None)
    assert words(day="31.12.2023") == [
        "stopa bazowa Komisji Europejskiej na dzień 31.12.2023: nie jest jeszcze wpisana albo potwierdzona."
    ]
    Parameter.objects.filter(code="de-minimis-ceiling-eur").delete()
    assert words() == ["Dla tego dnia nie ma zasad."]


def test_without_a_rate_of_the_euro_a_guarantee_is_told_in_pln(client, rates):
    with_it, _result = found(client)
    page = ask(client, day="3.11.2026")  # which has not come yet
    result = page.context["result"]
    assert (result["calculation"].total, result["eur"], result["share"]) == (with_it.total, None, None)
    assert "Kursu euro z tego dnia nie ma, więc wartość jest tylko w złotych." in text(page)


# Both


BOTH = pytest.mark.parametrize(
    ("wishes", "form"), [(LOAN, forms.LoanCalculatorForm), (GUARANTEE, forms.GuaranteeCalculatorForm)]
)
_BEGIN = {"guarantee": {"of": "guarantee"}, "loan": {}}


def test_it_begins_with_values_that_count_in_both_languages(client, rates):
    for language in ("pl", "en"):
        client.cookies["django_language"] = language
        begun = {name: client.get(CALCULATOR, address) for name, address in _BEGIN.items()}
        totals = {name: page.context["result"]["calculation"].total for name, page in begun.items()}
        assert totals == {"guarantee": D("4150.09"), "loan": D("3986.61")}, language
        assert [page.context["asked"] for page in begun.values()] == [False, False]


def test_a_guarantee_begins_with_the_fee_that_is_usual(client, rates):
    fee = Parameter.objects.filter(code="guarantee-fee-percent")
    fee.update(value=D("0.75"))
    page = client.get(CALCULATOR, _BEGIN["guarantee"])
    assert page.context["result"]["calculation"].inputs["fee"] == "0.007500"
    fee.delete()
    page = client.get(CALCULATOR, _BEGIN["guarantee"])
    assert (page.context["result"], list(page.context["form"].errors)) == (None, ["fee"])
    assert 'class="sum-err"' not in page.content.decode()  # nobody has asked for anything yet


@BOTH
def test_without_scripts_the_form_sends_its_own_fields_and_what_they_are_of(client, rates, wishes, form):
    for page in (client.get(CALCULATOR, wishes), client.get(CALCULATOR, {"of": wishes.get("of", "loan")})):
        assert controls(page) == sorted(wishes)
        assert type(page.context["form"]) is form
    again = client.get(CALCULATOR, {name: wishes[name] for name in controls(page)})
    assert again.context["result"]["calculation"].total > 0


@BOTH
def test_htmx_gets_the_part_that_changes(client, rates, wishes, form):
    whole = client.get(CALCULATOR, wishes)
    part = client.get(CALCULATOR, wishes, headers={"HX-Request": "true"})
    assert part.templates[0].name == "loans/deminimis/_result.html"
    assert whole.templates[0].name == "loans/deminimis/calculator.html"
    assert part["Vary"].count("HX-Request") == whole["Vary"].count("HX-Request") == 1
    assert text(part) in text(whole)


def test_two_links_lead_from_one_to_the_other(client, rates):
    tabs = {
        name: re.findall(r'<a href="([^"]*)"( aria-current="page")?>', ul)
        for name, page in ((name, client.get(CALCULATOR, address)) for name, address in _BEGIN.items())
        for ul in re.findall(r'<ul class="tabs">(.*?)</ul>', page.content.decode())
    }
    here, guarantee, current = CALCULATOR, f"{CALCULATOR}?of=guarantee", ' aria-current="page"'
    assert tabs == {
        "guarantee": [(here, ""), (guarantee, current)],
        "loan": [(here, current), (guarantee, "")],
    }
    offer = client.get(reverse("lending:guarantees")).content.decode()
    assert re.findall(rf'href="({CALCULATOR}[^"]*)"', offer) == [guarantee]


@BOTH
def test_more_months_cost_no_more_queries(client, rates, wishes, form):
    def queries(months):
        with CaptureQueriesContext(connection) as taken:
            assert client.get(CALCULATOR, wishes | {"months": months}).context["result"]
        return len(taken)

    queries("12")
    assert queries("360") == queries("12")
