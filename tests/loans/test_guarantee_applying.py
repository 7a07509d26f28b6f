"""The application for a guarantee: the whole way by its addresses, terms of the lender and the fund, aid, files."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Round
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from centrum.intake import attachments, completion, kinds, queries, review, services
from centrum.intake.drafts import delete_untouched
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.kit.models import OutboxMessage, Parameter
from centrum.kit.transitions import Refused
from centrum.register import ties
from centrum.register.enums import LegalForm, PesType
from centrum.staff.enums import Role, UnitKind
from loans import applying as shared
from loans.guarantees import applying, lenders, terms
from loans.guarantees.applying import GUARANTEE, problems
from loans.models import GuaranteeAid, GuaranteeApplication, GuaranteeDebt, Lender
from tests.factories import base, guarantees
from tests.factories import guarantee_applications as of
from tests.factories import intake as intake_make
from tests.factories import loans as make
from tests.factories.files import upload

D = Decimal
pytestmark = pytest.mark.django_db
START = reverse("intake:kind", args=[GUARANTEE.path])
OFFER = reverse("lending:guarantees")


def days(count):
    return clock.today() + datetime.timedelta(days=count)


def begin(client):
    return client.post(START, {"key": str(uuid.uuid4())}).url


def answers():
    return GuaranteeApplication.objects.get()


@pytest.fixture
def bank():
    return guarantees.lender()


def post(client, home, slug, changes=None, *, lender=None, later=False, **rows):
    """The page filled in as usual, but for `changes`."""
    lender = lender or Lender.objects.first()
    data = of.pages(lender=lender, **rows)[slug] | (changes or {}) | ({"later": "1"} if later else {})
    return client.post(f"{home}{slug}/", data)


def errors(response):
    assert response.status_code == 200
    return response.context["form"].errors


def send(client, home):
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    return client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"})


def needed(draft):
    """Codes of the rules that want a file by the answers."""
    return {rule.code for rule in GUARANTEE.attachments if rule.required(GuaranteeApplication.objects.get(pk=draft.pk))}


def changed(draft, **values):
    GuaranteeApplication.objects.filter(pk=draft.pk).update(**values)
    return Application.objects.get(pk=draft.pk)


def submit(draft):
    return services.submit(draft, clauses=queries.current_clauses(), language="pl")


def told(draft):
    return [problem.slug for problem in problems(GuaranteeApplication.objects.get(pk=draft.pk))]


# The whole way


def test_whole_way_of_an_applicant(client, bank):
    assert START in client.get("/wnioski/").content.decode()
    assert client.get(START).status_code == 200
    home = begin(client)
    pages = of.pages(
        lender=bank,
        debts=[make.debt()],
        aid=[make.aid()],
        had_de_minimis="yes",
        linked="yes",
        linked_with="Spółdzielnia „Róża”, NIP 1234567890",
    )
    order = [step.slug for step in GUARANTEE.steps]
    led = [client.post(f"{home}{slug}/", pages[slug]).url for slug in order]
    assert led == [f"{home}{slug}/" for slug in order[1:]] + [f"{home}zalaczniki/"]

    draft = Application.objects.get()
    for rule in attachments.missing(draft):
        client.post(f"{home}zalaczniki/", {"rule": rule.code, f"{rule.code}-file": upload(name=f"{rule.code}.pdf")})
    assert attachments.missing(draft) == []
    page = client.get(f"{home}sprawdz/").content.decode()
    day = clock.months_later(clock.today(), -12)
    for words in (
        "25\xa0000,00",
        "80%",
        bank.name,
        "obrotowy",
        "Bank Spółdzielczy (pożyczka lub kredyt)",
        "Spółdzielnia „Róża”, NIP 1234567890",
        f"{day.day}.{day:%m.%Y}, Powiatowy Urząd Pracy: 1\xa0500,50 EUR",
    ):
        assert words in page, words
    assert send(client, home).url == f"{home}potwierdzenie/"

    sent = Application.objects.get()
    assert (sent.state, sent.number) == ("submitted", f"WPR/{clock.today().year}/0001")
    assert (sent.applicant, sent.place) == ("Spółdzielnia Socjalna „Żuraw”", "Dobiegniew")
    assert OutboxMessage.objects.get().to == "zuraw@example.org"
    said = sent.guarantee_application
    assert (said.complete, said.lender, said.credit, said.cover) == (True, bank, D(25_000), D("0.8"))
    assert [(row.left, row.kind) for row in said.debts.all()] == [(12_000, "loan")]
    assert [(row.eur, row.granted_on) for row in said.aid.all()] == [(D("1500.50"), day)]
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")


def test_a_draft_that_is_not_whole_is_not_sent():
    draft = intake_make.draft(GUARANTEE, pages=of.pages())
    with pytest.raises(Refused, match="Dokument banku"):
        submit(draft)


def test_two_who_send_the_same_get_one_number():
    draft = of.draft()
    assert submit(draft).number == submit(draft).number
    assert Application.objects.count() == 1


def test_an_old_draft_goes_with_its_tables():
    of.draft(debts=[make.debt()], aid=[make.aid()], had_de_minimis="yes")
    Application.objects.update(saved_at=clock.now() - datetime.timedelta(days=400))
    assert delete_untouched(days=30) == 1
    assert not (
        GuaranteeApplication.objects.exists() or GuaranteeDebt.objects.exists() or GuaranteeAid.objects.exists()
    )


# The public page


def test_the_offer_tells_lenders_terms_and_the_way(client, bank):
    over = guarantees.lender(name="Bank bez umowy", until=clock.today())
    page = client.get(OFFER).content.decode()
    assert bank.name in page and over.name not in page
    for words in (START, "66 miesięcy", "120 miesięcy", "do 80% kredytu", "zwykła opłata: 1%", "do 80% kapitału"):
        assert words in page, words
    assert OFFER in client.get("/").content.decode()


def test_without_lenders_the_pages_say_so(client):
    page = client.get(OFFER).content.decode()
    assert "Nie mamy teraz umowy" in page and START not in page
    assert "Nie mamy teraz umowy" in client.get(f"{begin(client)}kredyt/").content.decode()


# The credit and its limits


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"credit": "0"}, "credit"),
        ({"credit": "-5"}, "credit"),
        ({"credit": "1e5"}, "credit"),
        ({"credit": "NaN"}, "credit"),
        ({"credit": "1,001"}, "credit"),
        ({"credit": "٥٠٠٠"}, "credit"),
        ({"credit": "1" + "0" * 12}, "credit"),
        ({"credit": "9" * 10_000}, "credit"),
        ({"credit": ""}, "credit"),
        ({"credit": "0,01", "cover": "0,01"}, "credit"),
        ({"cover": "0"}, "cover"),
        ({"cover": "-1"}, "cover"),
        ({"cover": "80,01"}, "cover"),
        ({"cover": "0,8000001"}, "cover"),
        ({"cover": "pół"}, "cover"),
        ({"cover": "Infinity"}, "cover"),
        ({"cover": ""}, "cover"),
        ({"months": "67"}, "months"),
        ({"months": "121", "credit_kind": "investment"}, "months"),
        ({"months": "0"}, "months"),
        ({"months": "9" * 10_000}, "months"),
        ({"grace": "36"}, "grace"),
        ({"grace": "-1"}, "grace"),
        ({"credit_kind": ""}, "credit_kind"),
        ({"credit_kind": "fun"}, "credit_kind"),
        ({"lender": ""}, "lender"),
        ({"lender": "0"}, "lender"),
        ({"lender": "x" * 10_000}, "lender"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(client, bank, change, field):
    home = begin(client)
    assert list(errors(post(client, home, "kredyt", change))) == [field]
    assert answers().credit is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("80", "0.8"), ("80,00", "0.8"), ("0,01", "0.0001"), ("66,67", "0.6667"), ("+7", "0.07"), ("12.5", "0.125")],
)
def test_a_part_is_read_as_per_cent_and_shown_as_it_was_typed(client, bank, typed, kept):
    home = begin(client)
    assert post(client, home, "kredyt", {"cover": typed}).status_code == 302
    assert answers().cover == D(kept)
    again = re.search(r'name="cover" value="([^"]*)"', client.get(f"{home}kredyt/").content.decode())[1]
    assert D(again.replace(",", ".")) == D(kept) * 100


@pytest.mark.parametrize(("kind", "months"), [("working", "66"), ("investment", "120")])
def test_the_longest_term_of_each_kind_of_credit(client, bank, kind, months):
    change = {"credit_kind": kind, "months": months}
    assert post(client, begin(client), "kredyt", change).status_code == 302
    Parameter.objects.filter(code=f"guarantee-{kind}-months").update(value=int(months) - 1)
    assert list(errors(post(client, begin(client), "kredyt", change))) == ["months"]


def test_a_lender_may_let_us_guarantee_less(client):
    guarantees.lender(most_cover=D("0.5"))
    assert post(client, begin(client), "kredyt", {"cover": "50"}).status_code == 302
    assert "50%" in str(errors(post(client, begin(client), "kredyt", {"cover": "50,01"}))["cover"])


def test_only_lenders_in_cooperation_on_the_day_are_offered(client, bank):
    last = guarantees.lender(until=days(1))
    gone = guarantees.lender(until=days(0))
    first = guarantees.lender(since=days(0))
    coming = guarantees.lender(since=days(1))
    assert set(lenders.in_cooperation()) == {bank, last, first}
    assert set(lenders.in_cooperation(days(1))) == {bank, first, coming}
    home = begin(client)
    assert set(client.get(f"{home}kredyt/").context["form"].fields["lender"].queryset) == {bank, last, first}
    for lender, right in ((last, True), (gone, False), (coming, False)):
        response = post(client, begin(client), "kredyt", lender=lender)
        assert response.status_code == (302 if right else 200)


def test_what_fitted_once_is_told_when_it_fits_no_more(bank):
    draft = of.draft(lender=bank)
    assert told(draft) == []
    Lender.objects.update(until=clock.today())
    assert told(draft) == ["kredyt"]
    with pytest.raises(Refused, match="nie współpracuje dziś"):
        submit(draft)


def test_an_unfinished_page_waits_without_being_judged(client, bank):
    home = begin(client)
    assert post(client, home, "kredyt", {"months": "300", "credit_kind": ""}, later=True).status_code == 302
    assert (answers().months, answers().credit_kind) == (300, "")


def test_without_grace_there_is_none(client, bank):
    assert post(client, begin(client), "kredyt", {"grace": ""}).status_code == 302
    assert answers().grace == 0


@given(
    credit=st.integers(1, 10**11).map(lambda grosze: D(grosze) / 100),
    cover=st.integers(1, 8000).map(lambda part: D(part) / 10_000),
)
@example(credit=D("0.05"), cover=D("0.1"))  # half a grosz goes up
def test_the_part_is_rounded_half_up_to_the_grosz(credit, cover):
    amount, exact = terms.amount_of(credit, cover), credit * cover
    assert amount == amount.quantize(D("0.01"))
    assert D("-0.005") < amount - exact <= D("0.005")
    assert amount <= credit


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    credit=st.integers(1, 10**9).map(lambda grosze: D(grosze) / 100),
    cover=st.integers(1, 8000).map(lambda part: D(part) / 10_000),
)
def test_what_is_typed_is_kept_and_asked_for_to_the_grosz(client, credit, cover):
    """By the page, by Python, and by the query of the list: one amount."""
    bank = guarantees.lender()
    home = begin(client)
    words = {"credit": f"{credit:.2f}".replace(".", ","), "cover": f"{cover * 100:.2f}".replace(".", ",")}
    response = post(client, home, "kredyt", words, lender=bank)
    amount = terms.amount_of(credit, cover)
    assert response.status_code == (302 if amount > 0 else 200)
    if amount > 0:
        row = GuaranteeApplication.objects.latest("pk")
        assert (row.credit, row.cover) == (credit, cover)
        found = GuaranteeApplication.objects.filter(pk=row.pk).values_list(
            Round(F("credit") * F("cover"), 2), flat=True
        )
        assert found.get() == amount


# Links and aid


@pytest.mark.parametrize(
    ("linked", "names", "right"),
    [("yes", "Róża, NIP 1", True), ("yes", "", False), ("no", "Róża", False), ("no", "", True)],
)
def test_those_linked_are_named_where_there_are_some(client, bank, linked, names, right):
    home = begin(client)
    response = post(client, home, "powiazania", {"linked": linked, "linked_with": names})
    assert response.status_code == (302 if right else 200)
    if not right:
        assert list(errors(response)) == ["linked_with"]


def test_aid_is_listed_where_there_was_some(bank):
    draft = of.draft(lender=bank, had_de_minimis="yes")
    assert told(draft) == ["pomoc"]
    with pytest.raises(Refused, match="wymień ją"):
        submit(draft)
    of_none = of.draft(lender=bank, aid=[make.aid()])
    assert told(of_none) == ["pomoc"]
    assert told(of.draft(lender=bank, aid=[make.aid()], had_de_minimis="yes")) == []


@pytest.mark.parametrize(("off", "right"), [(0, True), (-1, False), (1, True)])
def test_aid_of_three_years_back_counts_and_no_older(client, bank, off, right):
    edge = clock.months_later(clock.today(), -36) + datetime.timedelta(days=off)
    response = post(client, begin(client), "pomoc", aid=[make.aid(edge)])
    assert response.status_code == (302 if right else 200)


@pytest.mark.parametrize(("off", "right"), [(0, True), (1, False)])
def test_aid_is_of_a_day_that_has_come(client, bank, off, right):
    assert post(client, begin(client), "pomoc", aid=[make.aid(days(off))]).status_code == (302 if right else 200)


@pytest.mark.parametrize(
    "change",
    [
        {"eur": "0"},
        {"eur": "-1"},
        {"eur": "1e9"},
        {"eur": "NaN"},
        {"eur": "9" * 10_000},
        {"eur": ""},
        {"grantor": ""},
        {"grantor": "=SUM(A1)"},
        {"grantor": "x" * 10_000},
        {"granted_on": ""},
        {"granted_on": "29.02.2023"},
        {"granted_on": "9" * 10_000},
    ],
)
def test_aid_that_cannot_be_is_told(client, bank, change):
    home = begin(client)
    response = post(client, home, "pomoc", aid=[make.aid() | change])
    assert response.status_code == 200 and not answers().aid.exists()


def test_what_an_applicant_wrote_is_no_markup_at_the_points(client):
    officer = make.officer()
    application = of.applied(by=officer, linked="yes", linked_with="<b>Róża</b>")
    client.force_login(officer)
    page = client.get(reverse("inbox:checklist", args=[application.public_id])).content.decode()
    assert "&lt;b&gt;Róża" in page and "<b>Róża" not in page


# The organisation: as of a loan


@pytest.mark.parametrize(
    ("slug", "change", "field"),
    [
        ("organizacja", {"nip": "1234567890"}, "nip"),
        ("organizacja", {"pes_type": PesType.INITIATIVE_GROUP}, "pes_type"),
        ("organizacja", {"legal_form": LegalForm.INFORMAL}, "legal_form"),
        ("organizacja", {"begun_on": "1.1.2101"}, "begun_on"),
        ("wielkosc", {"staff": "10"}, "size"),
        ("siedziba", {"postal_code": "1"}, "postal_code"),
        ("kontakt", {"email": "ł@example.org"}, "email"),
        ("rynek", {"income": "-1"}, "income"),
        ("zabezpieczenie", {"security": ""}, "security"),
        ("oswiadczenia", {"arrears": ""}, "arrears"),
        ("cel", {"purpose": "=1+1"}, "purpose"),
    ],
)
def test_pages_of_the_applicant_are_checked_as_of_a_loan(client, bank, slug, change, field):
    assert list(errors(post(client, begin(client), slug, change))) == [field]


# Attachments


ALWAYS = {"bank", "statut", "biezace-wyniki", "prognoza", "zus", "us", "de-minimis-formularz", "beneficjent"}


def test_files_by_the_answers(bank):
    assert needed(intake_make.draft(GUARANTEE, pages={})) == ALWAYS
    filled = intake_make.draft(GUARANTEE, pages=of.pages(lender=bank))
    usual = ALWAYS | {"sprawozdania", "uchwala"}
    assert needed(filled) == usual
    filled.guarantee_application.debts.create(creditor="Bank", kind="loan", left=0)
    assert needed(changed(filled, krs="", had_de_minimis="yes")) == usual | {
        "rejestr",
        "opinia-bankowa",
        "de-minimis-zaswiadczenia",
    }
    assert "oferty" not in {rule.code for rule in GUARANTEE.attachments}


# Completion: judged as of the day of the sending


def test_what_was_right_when_sent_stays_right(bank):
    boss = base.user(Role.COORDINATOR)
    edge = clock.months_later(clock.today(), -36)
    sent = submit(of.draft(lender=bank, aid=[make.aid(edge)], had_de_minimis="yes"))
    taken = services.take(intake_make.impartial(sent, boss), by=boss, assignee=boss)
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        Lender.objects.update(until=clock.today())
        asked = completion.ask(taken, by=boss, text="Opis?", fields=["purpose"], due_on=days(9))
        assert services.resubmit(asked).state == "verification"


def test_a_credit_asked_for_again_is_judged_with_the_rest(client, bank):
    boss = base.user(Role.COORDINATOR)
    sent = submit(of.draft(lender=bank))
    taken = services.take(intake_make.impartial(sent, boss), by=boss, assignee=boss)
    completion.ask(taken, by=boss, text="Ile?", fields=["months", "cover"], due_on=days(9))
    session = client.session
    session["applications"] = {sent.public_id.hex: 0}
    session.save()
    home = reverse("intake:application", args=[sent.public_id])
    assert list(client.get(f"{home}kredyt/").context["form"].fields) == ["months", "cover"]
    assert list(errors(client.post(f"{home}kredyt/", {"months": "67", "cover": "80"}))) == ["months"]
    assert list(errors(client.post(f"{home}kredyt/", {"months": "6", "cover": "80"}))) == ["__all__"]  # the grace
    assert client.post(f"{home}kredyt/", {"months": "24", "cover": "70"}).status_code == 302
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    assert (answers().months, answers().cover) == (24, D("0.7"))


# What is known already


def apply_for(client, organisation, key):
    return client.post(reverse("loans:apply-for-guarantee", args=[organisation.public_id]), {"key": key})


def test_the_staff_begin_with_what_the_register_tells(client):
    client.force_login(base.user(Role.ADVISER))
    body = base.organisation(krs=base.krs(), email="Zuraw@example.org", phone="600100200")
    page = client.get(reverse("register:organisation", args=[body.public_id]))
    panel = next(p["panel"] for p in page.context["panels"] if p["template"] == "loans/_apply_panel.html")
    home = apply_for(client, body, panel["key_of_guarantee"]).url
    assert apply_for(client, body, panel["key_of_guarantee"]).url == home
    draft = Application.objects.get()
    assert (draft.kind, draft.state, draft.applicant, draft.email) == (
        "guarantee",
        "draft",
        body.name,
        "zuraw@example.org",
    )
    said = draft.guarantee_application
    assert {name: getattr(said, name) for name in shared.OF_REGISTER} == {
        name: getattr(body, name) for name in shared.OF_REGISTER
    }
    assert panel["key"] != panel["key_of_guarantee"]


def test_who_may_not_begin_one(client):
    body = base.organisation()
    client.force_login(base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)))
    assert apply_for(client, body, "").status_code == 404
    client.force_login(base.user(Role.ACCOUNTANT))
    assert apply_for(client, body, "").status_code == 403
    client.force_login(base.user(Role.ADVISER))
    group = base.organisation(pes_type=PesType.INITIATIVE_GROUP, legal_form=LegalForm.INFORMAL, nip="")
    assert apply_for(client, group, "").url == reverse("register:organisation", args=[group.public_id])
    assert not Application.objects.exists()


def test_the_next_application_begins_with_the_last_one(client, bank):
    sent = submit(of.draft(lender=bank, aid=[make.aid()], had_de_minimis="yes"))
    link = re.search(r"http://testserver(/wnioski/stan/\S+)", OutboxMessage.objects.latest("pk").body)[1]
    key = client.get(link, follow=True).context["key"]
    home = reverse("intake:application", args=[sent.public_id])
    assert client.post(f"{home}od-nowa/", {"key": key}).status_code == 302
    draft = Application.objects.exclude(pk=sent.pk).get()
    old, new = sent.guarantee_application, draft.guarantee_application
    assert [getattr(new, name) for name in shared.AGAIN] == [getattr(old, name) for name in shared.AGAIN]
    assert (draft.kind, new.credit, new.arrears, new.aid.count()) == ("guarantee", None, "", 0)


# The office


def test_the_way_to_the_office(client, bank):
    officer = make.officer()
    client.force_login(officer)
    sent = submit(of.draft(lender=bank, debts=[make.debt()]))
    page = client.get(reverse("inbox:application", args=[sent.public_id])).content.decode()
    assert "Bank Spółdzielczy (pożyczka lub kredyt)" in page and "bank.pdf" in page
    services.take(intake_make.impartial(sent, officer), by=officer, assignee=officer)
    assert [point.item.code for point in review.checklist(sent)] == [item.code for item in GUARANTEE.checklist]
    assert kinds.of(sent) is GUARANTEE


def test_the_staff_see_what_was_said_at_the_points(client):
    officer = make.officer()
    fund = guarantees.fund()
    held = guarantees.granted(20_000, fund_=fund, organisation=base.organisation(nip=base.nip()))
    other = base.organisation(nip=base.nip())
    ties.link(held.organisation, by=officer, other=other, kind="majority", valid_from=clock.today(), source="KRS")
    application = of.applied(by=officer, amount=10_000, nip=other.nip, had_de_minimis="yes", arrears="yes")
    application.guarantee_application.aid.create(granted_on=days(-9), grantor="PUP", eur=D("1500.5"))
    client.force_login(officer)
    form = client.get(reverse("inbox:checklist", args=[application.public_id])).context["form"]
    assert "10\xa0000,00\xa0zł, czyli 80% kredytu na kwotę 12\xa0500,00" in form.fields["sums"].help_text
    assert "20\xa0000,00\xa0zł z najwyżej 30\xa0000,00" in form.fields["sums"].help_text
    assert "razem 1\xa0500,50 EUR" in form.fields["aid"].help_text
    assert form.fields["no-arrears"].help_text.endswith("? Tak.")
    assert "obrotowy" in form.fields["not-paid-out"].help_text


def test_a_stranger_learns_nothing_of_guarantees_by_a_nip(bank):
    fund = guarantees.fund()
    held = guarantees.granted(30_000, fund_=fund, organisation=base.organisation(nip=base.nip()))
    draft = of.draft(lender=bank, nip=held.organisation.nip)
    assert problems(draft.guarantee_application) == []
    assert submit(draft).state == "submitted"


def test_without_a_fund_the_point_tells_what_is_asked_for():
    application = of.applied(by=make.officer())
    assert applying.together(application.guarantee_application).startswith("Wniosek: 20\xa0000,00")


def test_pages_cost_the_same_with_one_row_and_three(client, bank):
    home = begin(client)
    pages = of.pages(lender=bank, had_de_minimis="yes")
    for slug in pages:
        client.post(f"{home}{slug}/", pages[slug])

    def queries_of():
        counts = {}
        for slug in ("", "kredyt/", "zobowiazania/", "pomoc/", "zalaczniki/", "sprawdz/"):
            with CaptureQueriesContext(connection) as found:
                assert client.get(home + slug).status_code == 200
            counts[slug] = len(found)
        return counts

    post(client, home, "zobowiazania", debts=[make.debt()])
    post(client, home, "pomoc", aid=[make.aid()])
    queries_of()
    one = queries_of()
    guarantees.lender()
    post(client, home, "zobowiazania", debts=[make.debt()] * 3)
    post(client, home, "pomoc", aid=[make.aid()] * 3)
    assert queries_of() == one


def test_begun_in_this_browser_it_is_nobody_elses(client, bank):
    home = begin(client)
    assert Client().get(f"{home}kredyt/").status_code == 404
