"""The application for a loan: the whole way by its addresses, sums to the grosz, files by the answers, prefilling."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.intake import attachments, completion, kinds, queries, review, services
from centrum.intake.drafts import delete_untouched
from centrum.intake.models import Application, Call
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused
from centrum.register.enums import LegalForm, PesType
from centrum.staff.enums import Role, UnitKind
from loans import applying, granting
from loans.applying import LOAN, problems
from loans.applying_forms import LoanForm, sums_differ
from loans.enums import SpendingKind
from loans.models import ExistingDebt, LoanApplication, Product
from tests.factories import base
from tests.factories import intake as intake_make
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
CALCULATOR, APPLY = reverse("lending:calculator"), reverse("lending:apply")
WISH = {"product": "fers-start", "amount": "100 000", "months": "60", "grace": "6", "method": "annuity"}
START = reverse("intake:kind", args=[LOAN.path])


def days(count):
    return clock.today() + datetime.timedelta(days=count)


def typed(day):
    return f"{day.day}.{day.month}.{day.year}"


def begin(client):
    return client.post(START, {"key": str(uuid.uuid4())}).url


def answers():
    return LoanApplication.objects.get()


def post(client, home, slug, changes=None, *, later=False, **rows):
    """The page filled in as usual, but for `changes`."""
    data = make.loan_pages(**rows)[slug] | (changes or {}) | ({"later": "1"} if later else {})
    return client.post(f"{home}{slug}/", data)


def errors(response):
    assert response.status_code == 200
    return response.context["form"].errors


def send(client, home):
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    return client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"})


def needed(draft):
    """Codes of the rules that want a file by the answers."""
    return {rule.code for rule in LOAN.attachments if rule.required(LoanApplication.objects.get(pk=draft.pk))}


def changed(draft, **values):
    LoanApplication.objects.filter(pk=draft.pk).update(**values)
    return Application.objects.get(pk=draft.pk)


def submit(draft):
    return services.submit(draft, clauses=queries.current_clauses(), language="pl")


# The whole way


def test_whole_way_of_an_applicant(client):
    assert START in client.get("/wnioski/").content.decode()
    assert client.get(START).status_code == 200
    home = begin(client)
    pages = make.loan_pages(
        jobs=[make.job()], debts=[make.debt(until=typed(days(400)))], aid=[make.aid()], had_de_minimis="yes"
    )
    order = [step.slug for step in LOAN.steps]
    assert list(pages) == order
    led = [client.post(f"{home}{slug}/", pages[slug]).url for slug in order]
    assert led == [f"{home}{slug}/" for slug in order[1:]] + [f"{home}zalaczniki/"]

    draft = Application.objects.get()
    for rule in attachments.missing(draft):
        client.post(f"{home}zalaczniki/", {"rule": rule.code, f"{rule.code}-file": upload(name=f"{rule.code}.pdf")})
    assert attachments.missing(draft) == []
    page = client.get(f"{home}sprawdz/").content.decode()
    for words in (
        "50\xa0000,00",
        "Piec konwekcyjny (środki trwałe): 60\xa0000,00\xa0zł, z tego z pożyczki 50\xa0000,00\xa0zł",
        "kucharka",
        "Bank Spółdzielczy",
        "1\xa0marca\xa02021",
        "350\xa0000,50",
        "Powiatowy Urząd Pracy: 1\xa0500,50 EUR",
    ):
        assert words in page, words
    assert send(client, home).url == f"{home}potwierdzenie/"

    sent = Application.objects.get()
    assert (sent.state, sent.number) == ("submitted", f"WPZ/{clock.today().year}/0001")
    assert (sent.applicant, sent.place) == ("Spółdzielnia Socjalna „Żuraw”", "Dobiegniew")
    assert OutboxMessage.objects.get().to == "zuraw@example.org"
    said = sent.loan_application
    assert (said.complete, said.amount, said.staff, said.costs) == (
        True,
        Decimal(50_000),
        Decimal("6.5"),
        Decimal("350000.50"),
    )
    assert [(row.cost, row.from_loan) for row in said.purchases.all()] == [(60_000, 50_000)]
    assert [(row.posts, row.at_risk) for row in said.jobs.all()] == [(Decimal("0.5"), "yes")]
    assert [(row.left, row.until) for row in said.debts.all()] == [(12_000, days(400))]
    assert [(row.grantor, row.eur) for row in said.aid.all()] == [("Powiatowy Urząd Pracy", Decimal("1500.50"))]
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")


def test_pages_that_may_stay_empty_come_in_their_turn_and_are_told(client):
    home = begin(client)
    pages = make.loan_pages()
    assert client.post(f"{home}kontakt/", pages["kontakt"]).url == f"{home}miejsca-pracy/"
    assert client.post(f"{home}miejsca-pracy/", pages["miejsca-pracy"]).url == f"{home}zobowiazania/"
    assert client.post(f"{home}zobowiazania/", pages["zobowiazania"]).url == f"{home}rynek/"
    states = {task["url"]: task["kind"] for task in client.get(home).context["tasks"] if task["url"]}
    assert (states[f"{home}miejsca-pracy/"], states[f"{home}kontakt/"]) == ("quiet", "ok")
    page = client.get(f"{home}sprawdz/").content.decode()
    assert "organizacja nie ma zobowiązań" in page and "bez nowych miejsc pracy" in page
    assert "bez pomocy de minimis" in page


def test_a_draft_that_is_not_whole_is_not_sent():
    draft = intake_make.draft(LOAN, pages=make.loan_pages())
    with pytest.raises(Refused, match="Statut"):
        submit(draft)


def test_two_who_send_the_same_get_one_number(client):
    draft = make.loan_draft()
    assert submit(draft).number == submit(draft).number
    assert Application.objects.count() == 1


# From the calculator


@pytest.fixture
def rate():
    make.nbp_rate()


def button(page):
    """What the button of the calculator sends."""
    form = re.search(rf'<form [^>]*action="{APPLY}".*?</form>', page.content.decode(), re.DOTALL)[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_the_calculator_begins_an_application_with_its_wishes(client, rate):
    sent = button(client.get(CALCULATOR, WISH))
    home = client.post(APPLY, sent).url
    said = answers()
    assert (said.product.code, said.amount, said.months, said.grace, said.method) == (
        "fers-start",
        100_000,
        60,
        6,
        "annuity",
    )
    form = client.get(f"{home}pozyczka/").context["form"]
    assert (form["amount"].value(), form["method"].value()) == (Decimal(100_000), "annuity")
    assert [task["kind"] for task in client.get(home).context["tasks"]][:2] == ["ok", "quiet"]


def test_htmx_brings_a_button_of_the_new_wishes(client, rate):
    first = button(client.get(CALCULATOR, WISH))
    part = button(client.get(CALCULATOR, WISH | {"amount": "9000"}, headers={"HX-Request": "true"}))
    assert (first["amount"], part["amount"]) == ("100 000", "9000")
    assert first["key"] != part["key"]


def test_a_double_click_makes_one_draft(client, rate):
    sent = button(client.get(CALCULATOR, WISH))
    homes = {client.post(APPLY, sent).url for _time in range(3)}
    assert len(homes) == 1 and Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_make_one_draft():
    key = str(uuid.uuid4())
    results = at_once(4, lambda _number: Client().post(APPLY, WISH | {"key": key}).url)
    assert len(set(results)) == 1 and LoanApplication.objects.count() == 1


@pytest.mark.parametrize("key", ["", "not-a-key", "7" * 400])
def test_a_meddled_key_begins_all_the_same(client, key):
    assert client.post(APPLY, WISH | {"key": key}).status_code == 302
    assert LoanApplication.objects.count() == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"amount": "100000,01"},
        {"amount": "1e5"},
        {"months": "61"},
        {"grace": "60"},
        {"method": "bullet"},
        {"product": "power-start"},
    ],
)
def test_wishes_that_cannot_be_lead_back_to_the_calculator(client, rate, wish):
    response = client.post(APPLY, WISH | wish)
    assert response.url.startswith(f"{CALCULATOR}?") and not Application.objects.exists()
    assert client.get(response.url).context["form"].errors


def test_a_new_job_is_asked_for_in_the_application(client, rate):
    sent = button(client.get(CALCULATOR, WISH | {"new_job": "on"}))
    page = client.post(APPLY, sent, follow=True)
    assert "Planowane miejsca pracy" in str(*page.context["messages"])
    assert not answers().jobs.exists()


def test_outside_a_call_the_button_tells_when_to_come(client, rate):
    now = clock.now()
    day = datetime.timedelta(days=1)
    Call.objects.create(kind=LOAN.code, name="Nabór", opens_at=now + day, closes_at=now + 9 * day)
    assert client.post(APPLY, WISH).url == START
    assert not Application.objects.exists()


def test_the_button_is_for_post_alone(client):
    assert client.get(APPLY).status_code == 405


# The loan and its limits


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "500 000,01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "-0"}, "amount"),
        ({"amount": "1e5"}, "amount"),
        ({"amount": "1_000"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "Infinity"}, "amount"),
        ({"amount": "1,001"}, "amount"),
        ({"amount": "1.000,50"}, "amount"),
        ({"amount": "٥٠٠٠"}, "amount"),
        ({"amount": "1" + "0" * 12}, "amount"),
        ({"amount": "9" * 10_000}, "amount"),
        ({"amount": ""}, "amount"),
        ({"months": "85"}, "months"),
        ({"months": "0"}, "months"),
        ({"months": "1,5"}, "months"),
        ({"months": "9" * 10_000}, "months"),
        ({"grace": "7"}, "grace"),
        ({"grace": "-1"}, "grace"),
        ({"months": "6", "grace": "6"}, "grace"),
        ({"method": "bullet"}, "method"),
        ({"method": ""}, "method"),
        ({"product": ""}, "product"),
        ({"product": "0"}, "product"),
        ({"product": "x" * 10_000}, "product"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(client, change, field):
    home = begin(client)
    assert list(errors(post(client, home, "pozyczka", change))) == [field]
    assert answers().amount is None


@pytest.mark.parametrize(
    ("amount", "kept"),
    [("1 000,50", "1000.50"), ("1\xa0000,50", "1000.50"), ("0,01", "0.01"), ("500 000", "500000"), ("+7", "7")],
)
def test_amounts_are_read_as_people_type_them(client, amount, kept):
    home = begin(client)
    assert post(client, home, "pozyczka", {"amount": amount}).status_code == 302
    assert answers().amount == Decimal(kept)


def test_without_grace_there_is_none(client):
    home = begin(client)
    assert post(client, home, "pozyczka", {"grace": ""}).status_code == 302
    assert answers().grace == 0


def test_only_products_of_the_day_are_offered(client):
    home = begin(client)
    shown = client.get(f"{home}pozyczka/").context["form"].fields["product"].queryset
    assert {product.code for product in shown} == {"fers-start", "fers-rozwoj"}
    old = Product.objects.get(code="power-start")
    assert list(errors(post(client, home, "pozyczka", {"product": old.pk}))) == ["product"]


def test_where_nothing_is_offered_the_page_says_so(client):
    home = begin(client)
    Product.objects.filter(valid_to=None).update(valid_to=clock.today())
    assert "Fundusz nie oferuje teraz" in client.get(f"{home}pozyczka/").content.decode()


def test_an_unfinished_page_waits_without_being_judged(client):
    home = begin(client)
    assert post(client, home, "pozyczka", {"amount": "900 000", "method": ""}, later=True).status_code == 302
    assert (answers().amount, answers().method) == (900_000, "")


def withdraw_product(code="fers-rozwoj"):
    Product.objects.filter(code=code).update(valid_to=clock.today())


def test_a_product_that_is_offered_no_more_is_told_and_not_sent(client):
    draft = make.loan_draft()
    withdraw_product()
    assert [problem.slug for problem in problems(draft.loan_application)] == ["pozyczka"]
    with pytest.raises(Refused, match="nie jest już oferowana"):
        submit(draft)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_limits_that_changed_meanwhile_are_told():
    draft = make.loan_draft()
    Product.objects.filter(code="fers-rozwoj").update(largest=40_000, longer_above=30_000)
    with pytest.raises(Refused, match="najwyżej 40"):
        submit(draft)


def test_what_does_not_fit_is_shown_with_the_way_to_mend_it(client):
    home = begin(client)
    pages = make.loan_pages(amount="60 000")
    for slug in ("pozyczka", "cel", "organizacja"):
        client.post(f"{home}{slug}/", pages[slug])
    client.post(f"{home}zakupy/", make.loan_pages(purchases=[make.purchase(from_loan="60 000")])["zakupy"])
    client.post(f"{home}pozyczka/", make.loan_pages(amount="60 000,01")["pozyczka"])
    page = client.get(f"{home}sprawdz/")
    assert [problem["url"] for problem in page.context["problems"]] == [f"{home}zakupy/?back=check"]
    assert f"{home}wyslij/" not in page.content.decode()
    states = {task["url"]: task["kind"] for task in client.get(home).context["tasks"] if task["url"]}
    assert states[f"{home}zakupy/"] == "wait"
    assert client.get(f"{home}wyslij/").url == f"{home}sprawdz/"


# Purchases


def buy(client, home, *rows, later=False):
    return post(client, home, "zakupy", later=later, purchases=list(rows))


def wrong_in_table(response):
    assert response.status_code == 200
    formset = response.context["formset"]
    return formset.non_form_errors() or [dict(form.errors) for form in formset]


@pytest.mark.parametrize("from_loan", ["49 999,99", "50 000,01", "0"])
def test_a_grosz_off_is_refused(client, from_loan):
    home = begin(client)
    post(client, home, "pozyczka")
    (told,) = wrong_in_table(buy(client, home, make.purchase(from_loan=from_loan)))
    assert "50\xa0000,00\xa0zł" in told and not answers().purchases.exists()


def test_the_exact_sum_of_several_purchases_passes(client):
    home = begin(client)
    post(client, home, "pozyczka")
    rows = [make.purchase("33 333,33", "16 666,67"), make.purchase("16 666,67", "16 666,67"), make.purchase("1e", "")]
    assert buy(client, home, *rows).status_code == 200
    rows[2] = make.purchase("20 000", "16 666,66", kind="working")
    assert buy(client, home, *rows).status_code == 302
    assert sum(row.from_loan for row in answers().purchases.all()) == 50_000


def test_before_the_amount_is_known_any_sum_is_kept(client):
    home = begin(client)
    assert buy(client, home, make.purchase("10", "7")).status_code == 302
    assert post(client, home, "pozyczka").status_code == 302
    assert [problem.slug for problem in problems(answers())] == ["zakupy"]


def test_a_table_may_wait_with_another_sum(client):
    home = begin(client)
    post(client, home, "pozyczka")
    assert buy(client, home, make.purchase("10", "7"), later=True).status_code == 302
    assert answers().purchases.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"cost": "49 999,99"},  # less than what comes from the loan
        {"cost": "0", "from_loan": "0"},
        {"cost": "-1", "from_loan": "0"},
        {"from_loan": "-0,01"},
        {"cost": "1e9"},
        {"cost": "NaN"},
        {"cost": "1" + "0" * 12},
        {"cost": "9" * 10_000},
        {"from_loan": ""},
        {"kind": ""},
        {"kind": "fun"},
        {"what": ""},
        {"what": "x" * 10_000},
        {"what": "=SUM(A1)"},
    ],
)
def test_a_purchase_that_cannot_be_is_told(client, change):
    home = begin(client)
    post(client, home, "pozyczka")
    told = wrong_in_table(buy(client, home, make.purchase() | change))
    assert told and not answers().purchases.exists()


def test_a_purchase_paid_by_oneself_is_told_as_well(client):
    home = begin(client)
    post(client, home, "pozyczka")
    assert buy(client, home, make.purchase(), make.purchase("100", "0", what="Znak")).status_code == 302
    assert [row.cost - row.from_loan for row in answers().purchases.all()] == [10_000, 100]


def test_rows_are_added_and_removed_without_scripts(client):
    home = begin(client)
    data = make.loan_pages()["zakupy"]
    more = client.post(f"{home}zakupy/", data | {"add": "1"}).context["formset"]
    assert [form["what"].value() for form in more.forms] == ["Piec konwekcyjny", ""]
    less = client.post(f"{home}zakupy/", data | {"remove": "0"}).context["formset"]
    assert len(less.forms) == 1 and not answers().purchases.exists()


grosze = st.integers(0, 10**8).map(lambda amount: Decimal(amount) / 100)


@given(st.lists(grosze, min_size=1, max_size=20), st.sampled_from([Decimal("0.01"), Decimal("-0.01")]))
def test_sums_are_compared_to_the_grosz(parts, off):
    whole = sum(parts)
    assert sums_differ(whole, parts) is None
    assert sums_differ(whole + off, parts)
    assert sums_differ(None, parts) is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 2_000_000), min_size=1, max_size=6), off=st.sampled_from([-1, 0, 1]))
def test_the_table_takes_just_the_amount(client, parts, off):
    """Amounts in grosze, typed with a comma: the page passes when they make the amount and at no other sum."""
    words = [f"{part // 100},{part % 100:02}" for part in parts]
    asked = sum(parts) + off
    home = begin(client)
    draft = Application.objects.latest("pk")
    changed(draft, amount=Decimal(asked) / 100)
    response = buy(client, home, *(make.purchase(cost=word, from_loan=word) for word in words))
    assert response.status_code == (302 if off == 0 else 200)
    assert draft.loan_application.purchases.count() == (len(parts) if off == 0 else 0)


# Days


@pytest.mark.parametrize(
    ("slug", "name", "count", "right"),
    [
        ("cel", "spent_by", 0, True),
        ("cel", "spent_by", -1, False),
        ("organizacja", "begun_on", 0, True),
        ("organizacja", "begun_on", 1, False),
    ],
)
def test_days_on_the_edge(client, slug, name, count, right):
    response = post(client, begin(client), slug, {name: typed(days(count))})
    if right:
        assert response.status_code == 302 and getattr(answers(), name) == days(count)
    else:
        assert list(errors(response)) == [name]


@pytest.mark.parametrize("day", ["29.02.2023", "31.4.2024", "32.1.2024", "1.1.1899", "1.1.2101", "dziś", "9" * 10_000])
def test_a_day_that_is_none_is_told(client, day):
    assert list(errors(post(client, begin(client), "organizacja", {"begun_on": day}))) == ["begun_on"]


def test_the_29th_of_february_is_a_day(client):
    home = begin(client)
    assert post(client, home, "organizacja", {"begun_on": "29.2.2024"}).status_code == 302
    assert post(client, home, "cel", {"spent_by": "29.02.2096"}).status_code == 302
    assert (answers().begun_on, answers().spent_by) == (datetime.date(2024, 2, 29), datetime.date(2096, 2, 29))


@pytest.mark.parametrize(("count", "right"), [(0, True), (-1, False)])
def test_jobs_and_debts_lie_ahead(client, count, right):
    home = begin(client)
    job = post(client, home, "miejsca-pracy", jobs=[make.job(since=typed(days(count)))])
    debt = post(client, home, "zobowiazania", debts=[make.debt(until=typed(days(count)))])
    assert {job.status_code, debt.status_code} == {302 if right else 200}


@pytest.mark.parametrize("posts", ["0", "-1", "0,001", "1000", "1e2", "", "pół"])
def test_posts_of_a_job_are_a_number(client, posts):
    home = begin(client)
    assert wrong_in_table(post(client, home, "miejsca-pracy", jobs=[make.job(posts=posts)]))


def test_a_guarantee_given_has_no_instalment(client):
    home = begin(client)
    row = make.debt(instalment="", kind="guarantee", creditor="Spółdzielnia „Róża”")
    assert post(client, home, "zobowiazania", debts=[row]).status_code == 302
    assert (answers().debts.get().instalment, answers().debts.get().until) == (None, None)


def test_a_day_that_passed_in_a_draft_is_told():
    draft = changed(make.loan_draft(), spent_by=days(-1))
    with pytest.raises(Refused, match="Termin"):
        submit(draft)


# The organisation


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nip": "1234567890"}, "nip"),
        ({"nip": "9" * 10_000}, "nip"),
        ({"krs": "12345678901"}, "krs"),
        ({"name": ""}, "name"),
        ({"name": "=HYPERLINK(1)"}, "name"),
        ({"pes_type": PesType.INITIATIVE_GROUP}, "pes_type"),
        ({"legal_form": LegalForm.INFORMAL}, "legal_form"),
    ],
)
def test_an_organisation_that_cannot_be_is_told(client, change, field):
    assert list(errors(post(client, begin(client), "organizacja", change))) == [field]


@pytest.mark.parametrize(
    ("staff", "size", "right"),
    [
        ("9,99", "micro", True),
        ("10", "micro", False),
        ("10", "small", True),
        ("50", "small", False),
        ("249,99", "medium", True),
        ("250", "medium", False),
        ("0", "micro", True),
        ("1", "medium", True),  # with its linked undertakings
        ("-0,5", "micro", False),
        ("99999,99", "medium", False),
    ],
)
def test_posts_agree_with_the_size(client, staff, size, right):
    response = post(client, begin(client), "wielkosc", {"staff": staff, "size": size})
    assert response.status_code == (302 if right else 200)


def test_declarations_that_trouble_do_not_block():
    yes = dict.fromkeys(("arrears", "in_difficulty", "recovery_order", "had_de_minimis"), "yes")
    assert submit(make.loan_draft(aid=[make.aid()], **yes)).state == "submitted"


def test_aid_is_listed_where_there_was_some():
    def told(**said):
        return [problem.slug for problem in problems(make.loan_draft(**said).loan_application)]

    assert told() == told(aid=[make.aid()], had_de_minimis="yes") == []
    assert told(aid=[make.aid()]) == ["pomoc"]
    assert told(had_de_minimis="yes") == ["pomoc"]
    with pytest.raises(Refused, match="wymień ją"):
        submit(make.loan_draft(had_de_minimis="yes"))


@pytest.mark.parametrize(("off", "right"), [(0, True), (-1, False), (1, True)])
def test_aid_of_three_years_back_counts_and_no_older(client, off, right):
    edge = clock.months_later(clock.today(), -36) + datetime.timedelta(days=off)
    assert post(client, begin(client), "pomoc", aid=[make.aid(edge)]).status_code == (302 if right else 200)


def test_aid_of_a_day_to_come_is_told(client):
    assert post(client, begin(client), "pomoc", aid=[make.aid(days(1))]).status_code == 200
    assert not answers().aid.exists()


def test_the_staff_see_what_was_declared_at_the_points(client):
    officer = make.officer()
    application = make.applied(by=officer, arrears="yes", had_de_minimis="yes")
    application.loan_application.aid.create(granted_on=days(-9), grantor="PUP", eur=Decimal("1500.5"))
    client.force_login(officer)
    form = client.get(reverse("inbox:checklist", args=[application.public_id])).context["form"]
    assert form.fields["no-arrears"].help_text.endswith("? Tak.")
    assert form.fields["no-difficulty"].help_text.count("? Nie.") == 2
    assert "PES starsze niż 12 miesięcy" in form.fields["entity"].help_text
    assert "razem 1\xa0500,50 EUR" in form.fields["aid"].help_text


def test_what_an_applicant_wrote_is_no_markup_at_the_points(client):
    officer = make.officer()
    application = make.applied(by=officer)
    Product.objects.filter(code="fers-rozwoj").update(for_whom="<b>PES</b>")
    client.force_login(officer)
    page = client.get(reverse("inbox:checklist", args=[application.public_id])).content.decode()
    assert "&lt;b&gt;PES" in page and "<b>PES" not in page


# What the organisation holds already


def test_loans_held_are_told_to_the_staff(client):
    officer = make.officer()
    loan = make.granted(150_000, product=make.product("fers-start"), by=officer)
    nip = loan.organisation.nip
    assert [granting.held(organisation__nip=number) for number in (nip, base.nip())] == [150_000, 0]
    again = make.applied(by=officer, nip=nip, product=make.product("fers-start"), amount=60_000)
    told = applying.together(again.loan_application)
    assert "60\xa0000,00" in told and "150\xa0000,00" in told and "200\xa0000,00" in told
    within = make.applied(by=officer, nip=nip, product=make.product("fers-start"), amount=50_000)
    assert "200\xa0000,00" not in applying.together(within.loan_application)


def test_a_stranger_learns_nothing_of_loans_by_a_nip():
    loan = make.granted(150_000, product=make.product("fers-start"))
    draft = make.loan_draft(
        nip=loan.organisation.nip,
        product=str(make.product("fers-start").pk),
        amount="60 000",
        purchases=[make.purchase(from_loan="60 000")],
    )
    assert problems(draft.loan_application) == []


# Attachments


ALWAYS = {"statut", "biezace-wyniki", "prognoza", "zus", "us", "de-minimis-formularz", "beneficjent"}
USUAL = ALWAYS | {"sprawozdania", "uchwala", "oferty"}
OPTIONAL = {"zabezpieczenia", "pelnomocnictwo", "rodo-poreczyciele"}


@pytest.fixture
def filled():
    return intake_make.draft(LOAN, pages=make.loan_pages())


def test_files_of_a_usual_application(filled):
    assert needed(filled) == USUAL
    assert {rule.code for rule in LOAN.attachments} - USUAL == OPTIONAL | {
        "rejestr",
        "bilans-otwarcia",
        "opinia-bankowa",
        "de-minimis-zaswiadczenia",
    }


def test_without_answers_only_what_is_always_needed():
    assert needed(intake_make.draft(LOAN, pages={})) == ALWAYS


def test_an_extract_of_the_register_without_krs(filled):
    assert needed(changed(filled, krs="")) == USUAL | {"rejestr"}


@pytest.mark.parametrize(("later", "code"), [(0, "sprawozdania"), (1, "bilans-otwarcia")])
def test_statements_or_an_opening_balance_by_the_age(filled, later, code):
    begun = clock.months_later(clock.today(), -12) + datetime.timedelta(days=later)
    assert needed(changed(filled, begun_on=begun)) == USUAL - {"sprawozdania"} | {code}


@pytest.mark.parametrize(("today", "old"), [((2025, 2, 27), False), ((2025, 2, 28), True), ((2028, 2, 29), True)])
def test_an_organisation_of_the_29th_of_february_is_a_year_old(filled, today, old):
    with clock.at(datetime.datetime(*today, 12, tzinfo=clock.WARSAW)):
        row = changed(filled, begun_on=datetime.date(2024, 2, 29))
        assert ("sprawozdania" in needed(row), "bilans-otwarcia" in needed(row)) == (old, not old)


def test_an_opinion_on_debts_where_there_are_some(filled):
    filled.loan_application.debts.create(creditor="Bank", kind="loan", left=0)
    assert needed(filled) == USUAL | {"opinia-bankowa"}


@pytest.mark.parametrize("form", LegalForm.values)
def test_a_resolution_of_bodies_with_members_or_a_board(filled, form):
    bodies = {"cooperative", "association", "simple_association", "foundation", "union", "kgw", "osp"}
    assert ("uchwala" in needed(changed(filled, legal_form=form))) == (form in bodies)


@pytest.mark.parametrize("said", ["yes", "no"])
def test_certificates_of_aid_that_was_had(filled, said):
    assert ("de-minimis-zaswiadczenia" in needed(changed(filled, had_de_minimis=said))) == (said == "yes")


@pytest.mark.parametrize("kind", SpendingKind.values)
def test_offers_for_what_lasts(filled, kind):
    filled.loan_application.purchases.update(kind=kind)
    assert ("oferty" in needed(filled)) == (kind == "assets")


def shown(client, draft):
    session = client.session
    session["applications"] = {draft.public_id.hex: 0}
    session.save()
    page = client.get(reverse("intake:attach", args=[draft.public_id]))
    return {row["rule"].code for row in page.context["rows"]}


def test_only_files_that_may_be_needed_are_asked_for(client, filled):
    offers = OPTIONAL | {"oferty"}
    assert shown(client, filled) == USUAL | OPTIONAL
    row = changed(filled, krs="", had_de_minimis="yes")
    assert shown(client, row) == USUAL | OPTIONAL | {"rejestr", "de-minimis-zaswiadczenia"}
    filled.loan_application.purchases.update(kind="working")
    assert offers <= shown(client, filled)
    attachments.add(row, rule=attachments.rule_of(row, "rejestr"), uploads=[upload(name="odpis.pdf")])
    assert "rejestr" in shown(client, changed(filled, krs=base.krs()))


def test_a_file_that_is_asked_for_is_shown_though_not_needed(client):
    boss = base.user(Role.COORDINATOR)
    sent = submit(make.loan_draft())
    taken = services.take(intake_make.impartial(sent, boss), by=boss, assignee=boss)
    completion.ask(taken, by=boss, text="Odpis?", fields=[], attachments=["rejestr"], due_on=days(9))
    assert shown(client, sent) == {"rejestr"}


def test_an_old_draft_goes_with_its_tables():
    make.loan_draft(jobs=[make.job()], debts=[make.debt()])
    Application.objects.update(saved_at=clock.now() - datetime.timedelta(days=400))
    assert delete_untouched(days=30) == 1
    assert not LoanApplication.objects.exists() and not ExistingDebt.objects.exists()


# Completion: judged as of the day of the sending


def test_what_was_right_when_sent_stays_right():
    boss = base.user(Role.COORDINATOR)
    draft = changed(make.loan_draft(), spent_by=days(1))
    young = clock.months_later(clock.today(), -12) + datetime.timedelta(days=1)
    LoanApplication.objects.filter(pk=draft.pk).update(begun_on=young)
    for rule in attachments.missing(draft):
        attachments.add(draft, rule=rule, uploads=[upload(name="bilans.pdf")])
    sent = submit(Application.objects.get(pk=draft.pk))
    taken = services.take(intake_make.impartial(sent, boss), by=boss, assignee=boss)
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        withdraw_product()
        asked = completion.ask(taken, by=boss, text="Opis?", fields=["purpose"], due_on=days(9))
        assert attachments.missing(asked) == []
        assert services.resubmit(asked).state == "verification"


def test_an_amount_asked_for_again_is_judged_with_the_rest(client):
    boss = base.user(Role.COORDINATOR)
    sent = submit(make.loan_draft())
    taken = services.take(intake_make.impartial(sent, boss), by=boss, assignee=boss)
    completion.ask(taken, by=boss, text="Ile?", fields=["amount", "zakupy"], due_on=days(9))
    session = client.session
    session["applications"] = {sent.public_id.hex: 0}
    session.save()
    home = reverse("intake:application", args=[sent.public_id])
    assert list(client.get(f"{home}pozyczka/").context["form"].fields) == ["amount"]
    assert list(errors(client.post(f"{home}pozyczka/", {"amount": "500 000,01"}))) == ["amount"]
    assert client.post(f"{home}pozyczka/", {"amount": "40 000"}).status_code == 302
    assert client.post(f"{home}sprawdz/").url == f"{home}sprawdz/"
    assert Application.objects.get().state == "completion"
    assert buy(client, home, make.purchase(from_loan="40 000")).status_code == 302
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    assert answers().amount == 40_000


def test_a_limit_broken_in_a_field_that_is_not_asked_stands_above_the_form():
    form = LoanForm({"months": "100"}, instance=make.loan_draft().loan_application)
    for name in ("product", "amount", "grace", "method"):
        del form.fields[name]
    assert list(form.errors) == ["months"]
    form = LoanForm({"months": "6"}, instance=make.loan_draft().loan_application)
    for name in ("product", "amount", "grace", "method"):
        del form.fields[name]
    assert list(form.errors) == ["__all__"]


# What is known already


def panel_of(client, organisation):
    page = client.get(reverse("register:organisation", args=[organisation.public_id]))
    return next((p["panel"] for p in page.context["panels"] if p["template"] == "loans/_apply_panel.html"), None)


def apply_for(client, organisation, key):
    return client.post(reverse("loans:apply-for", args=[organisation.public_id]), {"key": key})


def test_the_staff_begin_with_what_the_register_tells(client):
    client.force_login(base.user(Role.ADVISER))
    body = base.organisation(krs=base.krs(), email="Zuraw@example.org", phone="600100200")
    key = panel_of(client, body)["key"]
    home = apply_for(client, body, key).url
    assert apply_for(client, body, key).url == home
    draft = Application.objects.get()
    assert (draft.state, draft.applicant, draft.email, draft.place) == (
        "draft",
        body.name,
        "zuraw@example.org",
        body.locality,
    )
    said = draft.loan_application
    assert {name: getattr(said, name) for name in applying.OF_REGISTER} == {
        name: getattr(body, name) for name in applying.OF_REGISTER
    }
    assert (said.contact_last_name, said.amount) == ("", None)
    # the link goes to the organisation, and opens the draft in its browser
    assert client.post(f"{home}pozniej/").url == f"{home}pozniej/"
    letter = OutboxMessage.objects.get()
    assert letter.to == "zuraw@example.org"
    there = Client()
    assert there.get(home).status_code == 404
    assert there.get(re.search(r"http://testserver(/wnioski/wroc/\S+)", letter.body)[1]).url == home


def test_an_organisation_of_another_unit_is_not_there(client):
    client.force_login(base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)))
    assert apply_for(client, base.organisation(), "").status_code == 404
    assert not Application.objects.exists()


def test_who_only_reads_has_no_button(client):
    client.force_login(base.user(Role.ACCOUNTANT))
    body = base.organisation()
    assert panel_of(client, body) is None
    assert apply_for(client, body, "").status_code == 403


def test_no_application_for_people_without_a_legal_form(client):
    client.force_login(base.user(Role.ADVISER))
    group = base.organisation(pes_type=PesType.INITIATIVE_GROUP, legal_form=LegalForm.INFORMAL, nip="")
    assert panel_of(client, group) is None
    assert apply_for(client, group, "").url == reverse("register:organisation", args=[group.public_id])
    assert not Application.objects.exists()


def test_the_next_application_begins_with_the_last_one(client):
    sent = submit(make.loan_draft(jobs=[make.job()]))
    home = reverse("intake:application", args=[sent.public_id])
    assert client.post(f"{home}od-nowa/").status_code == 404
    link = re.search(r"http://testserver(/wnioski/stan/\S+)", OutboxMessage.objects.latest("pk").body)[1]
    page = client.get(link, follow=True)
    key = page.context["key"]
    draft_home = client.post(f"{home}od-nowa/", {"key": key}).url
    assert client.post(f"{home}od-nowa/", {"key": key}).url == draft_home
    draft = Application.objects.exclude(pk=sent.pk).get()
    old, new = sent.loan_application, draft.loan_application
    assert [getattr(new, name) for name in applying.AGAIN] == [getattr(old, name) for name in applying.AGAIN]
    assert (new.amount, new.arrears, new.jobs.count(), draft.email) == (None, "", 0, sent.email)
    assert client.get(draft_home).status_code == 200
    # reading the old one lets nobody change it
    assert client.get(home).status_code == 404


def test_a_kind_that_does_not_say_so_is_not_begun_again(client):
    sent = intake_make.submitted()
    session = client.session
    session["applications"] = {sent.public_id.hex: 0}
    session.save()
    home = reverse("intake:application", args=[sent.public_id])
    assert f"{home}od-nowa/" not in client.get(f"{home}stan/").content.decode()
    assert client.post(f"{home}od-nowa/").status_code == 404


# The office


def test_the_way_to_the_office(client):
    officer = make.officer()
    client.force_login(officer)
    sent = submit(make.loan_draft(debts=[make.debt()]))
    page = client.get(reverse("inbox:application", args=[sent.public_id])).content.decode()
    assert "Bank Spółdzielczy (pożyczka lub kredyt)" in page and "oferty.pdf" in page
    services.take(intake_make.impartial(sent, officer), by=officer, assignee=officer)
    assert [point.item.code for point in review.checklist(sent)] == [item.code for item in LOAN.checklist]
    assert kinds.of(sent) is LOAN


def test_pages_cost_the_same_with_one_row_and_three(client):
    home = begin(client)
    pages = make.loan_pages(had_de_minimis="yes")
    for slug in pages:
        client.post(f"{home}{slug}/", pages[slug])

    def queries_of():
        counts = {}
        for slug in ("", "pozyczka/", "zakupy/", "zobowiazania/", "pomoc/", "zalaczniki/", "sprawdz/"):
            with CaptureQueriesContext(connection) as found:
                assert client.get(home + slug).status_code == 200
            counts[slug] = len(found)
        return counts

    post(client, home, "zobowiazania", debts=[make.debt()])
    post(client, home, "pomoc", aid=[make.aid()])
    post(client, home, "miejsca-pracy", jobs=[make.job()])
    queries_of()
    one = queries_of()
    buy(client, home, make.purchase(from_loan="20 000"), *[make.purchase(from_loan="15 000")] * 2)
    post(client, home, "zobowiazania", debts=[make.debt()] * 3)
    post(client, home, "pomoc", aid=[make.aid()] * 3)
    post(client, home, "miejsca-pracy", jobs=[make.job()] * 3)
    assert queries_of() == one
