"""An applicant's way by its addresses: drafts, links, sending once, the receipt, completing."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.intake import kinds, links
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import Acknowledgement, Application, Clause
from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from tests.factories import base
from tests.factories import intake as make

pytestmark = pytest.mark.django_db
PAGES = {PERSON: make.person_pages, ORGANISATION: make.organisation_pages}
BOTH = pytest.mark.parametrize("kind", [PERSON, ORGANISATION], ids=lambda kind: kind.code)


def begin(client, kind):
    key = str(uuid.uuid4())
    response = client.post(reverse("intake:kind", args=[kind.path]), {"key": key})
    return response.url, key


def fill(client, kind, pages):
    home, _key = begin(client, kind)
    for slug, typed in pages.items():
        response = client.post(f"{home}{slug}/", typed)
        assert response.status_code == 302, response.context["form"].errors
    return home, response


def tick(client, home):
    shown = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    return client.post(f"{home}wyslij/", {"clauses": shown, "read": "on"})


def link_in(message):
    return re.search(r"http://testserver(/wnioski/(?:wroc|stan)/\S+)", message.body)[1]


@BOTH
def test_whole_way_of_an_applicant(client, kind):
    assert client.get("/wnioski/").status_code == 200
    assert client.get(f"/wnioski/{kind.path}/").status_code == 200
    pages = PAGES[kind]()
    home, last = fill(client, kind, pages)
    assert last.url == f"{home}sprawdz/"
    files = ["quiet"] if kind.attachments else []  # none of them needed with these answers
    assert [t["kind"] for t in client.get(home).context["tasks"]] == ["ok"] * len(pages) + files + ["info"]
    assert client.get(f"{home}sprawdz/").status_code == 200
    assert tick(client, home).url == f"{home}potwierdzenie/"

    sent = Application.objects.get()
    assert (sent.state, sent.number) == ("submitted", f"WS/{clock.today().year}/0001")
    assert kind.answers_of(sent).complete is True
    assert sent.number in client.get(f"{home}potwierdzenie/").content.decode()
    mail = OutboxMessage.objects.get()
    assert (mail.to, mail.about, sent.number in mail.subject) == (sent.email, sent.number, True)
    assert {a.clause.code for a in sent.acknowledgements.all()} == {"beneficiary", "managing_authority", "minister"}
    assert list(StateChange.objects.values_list("action", "source", "target", "by")) == [
        ("submit", "draft", "submitted", None)
    ]


def test_answers_are_kept_as_typed(client):
    home, _last = fill(
        client, PERSON, make.person_pages(description="Pierwsza linia\r\ndruga <b>&</b>", phone="600-100-200")
    )
    answers = Application.objects.get().person_support
    assert (answers.description, answers.phone) == ("Pierwsza linia\ndruga <b>&</b>", "600100200")
    page = client.get(f"{home}sprawdz/").content.decode()
    assert "druga &lt;b&gt;&amp;&lt;/b&gt;" in page and "<b>&</b>" not in page


def test_pages_go_in_any_order_and_lead_to_what_is_missing(client):
    pages = make.person_pages()
    home, _key = begin(client, PERSON)
    assert client.post(f"{home}miejsce/", pages["miejsce"]).url == f"{home}potrzeba/"
    assert client.post(f"{home}potrzeba/", pages["potrzeba"]).url == f"{home}osoba/"
    assert client.post(f"{home}osoba/", pages["osoba"]).url == f"{home}sprawdz/"


def test_change_link_comes_back_to_the_check_page(client):
    home, _last = fill(client, PERSON, make.person_pages())
    rows = [row for section in client.get(f"{home}sprawdz/").context["sections"] for row in section["rows"]]
    url = next(row["url"] for row in rows if "#id_locality" in row["url"])
    assert url == f"{home}miejsce/?back=check#id_locality"
    typed = {"locality": "Drezdenko", "postal_code": "", "commune": ""}
    assert client.post(url.partition("#")[0], typed).url == f"{home}sprawdz/"
    assert Application.objects.get().place == "Drezdenko"


def test_unfinished_application_is_not_sent(client):
    home, _key = begin(client, PERSON)
    assert client.get(f"{home}wyslij/").url == f"{home}sprawdz/"
    assert client.post(f"{home}wyslij/", {"read": "on", "clauses": "1"}).url == f"{home}sprawdz/"
    assert Application.objects.get().state == "draft"


def test_sending_needs_the_tick(client):
    home, _last = fill(client, PERSON, make.person_pages())
    response = client.post(f"{home}wyslij/", {"clauses": "1"})
    assert response.status_code == 200 and list(response.context["form"].errors) == ["read"]
    assert Application.objects.get().state == "draft"


def test_new_version_of_a_clause_must_be_read_again(client):
    home, _last = fill(client, PERSON, make.person_pages())
    shown = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    old = Clause.objects.get(code="beneficiary")
    Clause.objects.filter(pk=old.pk).update(valid_to=clock.today())
    new = Clause.objects.create(
        code="beneficiary",
        version=2,
        title="Nowa",
        body="Nowa",
        title_en="New",
        body_en="New",
        valid_from=clock.today(),
    )
    assert client.post(f"{home}wyslij/", {"clauses": shown, "read": "on"}).url == f"{home}wyslij/"
    assert Application.objects.get().state == "draft"
    tick(client, home)
    read = Acknowledgement.objects.filter(clause__code="beneficiary").values_list("clause", "language")
    assert list(read) == [(new.pk, "pl")]


@pytest.mark.parametrize("clauses", ["", "x", "1,,2", "٣", "9" * 40, "9" * 150, "0"])
def test_meddled_clauses_are_refused(client, clauses):
    home, _last = fill(client, PERSON, make.person_pages())
    response = client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"})
    assert response.status_code in (200, 302)
    assert Application.objects.get().state == "draft"


def test_without_any_clause_nothing_is_sent(client):
    home, _last = fill(client, PERSON, make.person_pages())
    Clause.objects.all().delete()
    client.post(f"{home}wyslij/", {"clauses": "", "read": "on"})
    assert Application.objects.get().state == "draft"


def test_double_click_on_begin_makes_one_draft(client):
    home, key = begin(client, PERSON)
    other = Client()
    assert other.post("/wnioski/wsparcie/osoba/", {"key": key}).url == home
    assert client.post("/wnioski/wsparcie/osoba/", {"key": key}).url == home
    assert Application.objects.count() == 1


@pytest.mark.parametrize("key", ["", "not-a-key", "7" * 400])
def test_meddled_key_begins_a_draft_all_the_same(client, key):
    response = client.post("/wnioski/wsparcie/osoba/", {"key": key})
    assert response.status_code == 302 and Application.objects.count() == 1


def test_sent_application_is_read_only_however_often_the_browser_repeats(client):
    home, _last = fill(client, PERSON, make.person_pages())
    receipt = tick(client, home).url
    assert client.post(f"{home}wyslij/", {"clauses": "", "read": "on"}).url == receipt
    assert client.get(f"{home}wyslij/").url == receipt
    assert client.get(home).url == receipt
    assert client.post(f"{home}osoba/", make.person_pages(first_name="Inna")["osoba"]).url == receipt
    for page in ("osoba/", "sprawdz/", "pozniej/"):
        assert client.get(home + page).url == receipt
    assert Application.objects.get().applicant == "Łucja Źródlak"
    assert (StateChange.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_draft_opens_only_where_it_was_begun(client):
    home, _key = begin(client, PERSON)
    for page in ("", "osoba/", "sprawdz/", "wyslij/", "pozniej/", "potwierdzenie/"):
        assert Client().get(home + page).status_code == 404
    assert client.get(f"{home}nie-ma/").status_code == 404
    assert client.get("/wnioski/wsparcie/kosmici/").status_code == 404
    assert client.get(f"{home}potwierdzenie/").url == home


def test_pages_of_a_draft_are_not_kept_by_the_browser(client):
    home, _key = begin(client, PERSON)
    assert "no-store" in client.get(f"{home}osoba/").headers["Cache-Control"]


def test_unfinished_page_is_saved_for_later(client):
    home, _key = begin(client, PERSON)
    typed = {"first_name": "Łucja", "last_name": "", "email": "", "phone": ""}
    assert client.post(f"{home}osoba/", typed).status_code == 200
    assert client.post(f"{home}osoba/", {**typed, "later": "1"}).url == f"{home}pozniej/"
    states = [task["kind"] for task in client.get(home).context["tasks"]]
    assert states == ["quiet", "info", "quiet", "quiet"]

    assert client.post(f"{home}pozniej/", {"email": "to nie adres"}).status_code == 200
    assert client.post(f"{home}pozniej/", {"email": "Lucja@Example.org"}).url == f"{home}pozniej/"
    message = OutboxMessage.objects.get()
    assert message.to == "lucja@example.org"
    there = Client()
    assert there.get(link_in(message)).url == home
    page = there.get(f"{home}osoba/").content.decode()
    assert "Łucja" in page and "lucja@example.org" in page


def test_address_of_the_form_gets_the_link(client):
    home, _last = fill(client, PERSON, make.person_pages())
    client.post(f"{home}pozniej/", {"email": "obcy@example.org"})
    assert OutboxMessage.objects.get().to == "lucja@example.org"


def test_finding_answers_the_same_to_everybody(client):
    make.submitted()
    OutboxMessage.objects.all().delete()
    known = client.post("/wnioski/moje/", {"email": "LUCJA@example.org"})
    unknown = client.post("/wnioski/moje/", {"email": "nikt@example.org"})
    assert known.url == unknown.url
    assert client.get(known.url).status_code == 200
    message = OutboxMessage.objects.get()
    assert message.to == "lucja@example.org"
    assert Client().get(link_in(message)).url.endswith("/stan/")


def test_letters_with_links_do_not_flood_an_address(client):
    make.draft()
    for _again in range(10):
        client.post("/wnioski/moje/", {"email": "lucja@example.org"})
    assert OutboxMessage.objects.count() == 3


@BOTH
def test_completing_what_the_staff_asked_for(client, kind):
    application = make.in_state("completion", kind)
    services_mail = OutboxMessage.objects.count()
    client.get(links.make(application, LinkPurpose.RESUME).removeprefix("http://testserver"))
    home = reverse("intake:application", args=[application.public_id])
    assert "Prosimy o opis pomysłu." in client.get(home).content.decode()
    typed = PAGES[kind](description="Lepszy opis.")["potrzeba"]
    assert client.post(f"{home}potrzeba/", {**typed, "description": "", "later": "1"}).status_code == 200
    assert client.post(f"{home}potrzeba/", typed).url == f"{home}sprawdz/"
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    application.refresh_from_db()
    assert application.state == "verification"
    assert kind.answers_of(Application.objects.get()).description == "Lepszy opis."
    assert OutboxMessage.objects.count() == services_mail + 1
    assert StateChange.objects.filter(action="resubmit").count() == 1


@pytest.mark.parametrize("state", ["submitted", "verification", "reserve", "accepted", "rejected"])
def test_receipt_tells_every_state_in_words_for_the_public(client, state):
    application = make.in_state(state)
    client.get(links.make(application, LinkPurpose.STATUS).removeprefix("http://testserver"))
    response = client.get(reverse("intake:status", args=[application.public_id]))
    assert response.status_code == 200
    assert response.context["state"] != application.get_state_display()
    if state == "rejected":
        assert "Poza obszarem." in response.content.decode()


def test_letters_are_written_in_the_language_of_the_applicant():
    polish, english = make.submitted(), make.submitted(language="en")
    letters = {m.about: m for m in OutboxMessage.objects.all()}
    assert "we have received your application" in letters[english.number].subject
    assert (polish.language, english.language) == ("pl", "en")


def test_commune_is_chosen_among_those_of_today(client):
    today = base.commune()
    gone = type(today).objects.create(
        teryt="0806023",
        name="Dawna",
        county="x",
        voivodeship="lubuskie",
        valid_from="2000-01-01",
        valid_to="2010-01-01",
    )
    home, _key = begin(client, PERSON)
    typed = make.person_pages()["miejsce"]
    assert client.post(f"{home}miejsce/", {**typed, "commune": gone.pk}).status_code == 200
    assert client.post(f"{home}miejsce/", {**typed, "commune": today.pk}).status_code == 302
    assert Application.objects.get().person_support.commune == today


def test_every_kind_is_offered_and_has_its_clauses(client):
    offered = client.get("/wnioski/").content.decode()
    for kind in kinds.every():
        assert (reverse("intake:kind", args=[kind.path]) in offered) is not bool(kind.begins_at)
    assert {c.code for c in Clause.objects.all()} == {"beneficiary", "managing_authority", "minister"}
    assert all(c.body_en and c.title_en and c.version == 1 for c in Clause.objects.all())
