"""Lists, pages and forms of the register as staff meet them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit.models import Disclosure
from centrum.register import queries, services
from centrum.register.enums import PesType
from centrum.register.models import Organisation, Person, PersonSensitive
from centrum.staff.enums import Role, UnitKind
from tests.factories import base

pytestmark = pytest.mark.django_db

PERSON = {
    "first_name": "Ewa",
    "last_name": "Nowak",
    "identifier_kind": "none",
    "country": "Polska",
    "email": "",
}
ORGANISATION = {"name": "Krąg", "legal_form": "association", "pes_type": "ngo"}
MAKE = {"organisations": base.organisation, "people": base.person}


@pytest.fixture
def user(client):
    coordinator = base.user()
    client.force_login(coordinator)
    return coordinator


def listed(client, name, **query):
    return [str(row) for row in client.get(reverse(f"register:{name}"), query).context["page"].rows]


@pytest.mark.parametrize("name", MAKE)
def test_list_asks_as_much_for_three_as_for_one(client, user, name):
    counts = []
    for times in (1, 2):
        for _row in range(times):
            MAKE[name](locality="Drezdenko")
        with CaptureQueriesContext(connection) as captured:
            assert len(listed(client, name, q="drezdenko")) == sum(range(times + 1))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_lists_stand_in_polish_order(client, user):
    for name in ("Żuraw", "Zorza", "Łąka", "Lipa", "Ćma", "Cis"):
        base.organisation(name=name)
    order = ["Cis", "Ćma", "Lipa", "Łąka", "Zorza", "Żuraw"]
    assert listed(client, "organisations") == order
    assert listed(client, "organisations", order="-name") == order[::-1]


def test_filters_of_organisations(client, user):
    partner = base.unit(UnitKind.PARTNER)
    base.organisation(name="A", pes_type=PesType.CIS, commune=None)
    base.organisation(name="B", units=[partner])
    assert listed(client, "organisations", pes_type="cis") == ["A"]
    assert listed(client, "organisations", unit=partner.pk) == ["B"]
    assert listed(client, "organisations", commune=base.commune().pk) == ["B"]


def test_filter_tells_that_letters_are_too_few(client, user):
    base.person()
    page = client.get(reverse("register:people"), {"q": "ko"})
    assert list(page.context["filters"].form.errors) == ["q"]


def test_list_says_when_it_is_not_whole(client, user, monkeypatch):
    monkeypatch.setattr(queries.matching_people, "__defaults__", (2,))
    for _row in range(3):
        base.person(locality="Drezdenko")
    page = client.get(reverse("register:people"), {"q": "drezdenko"})
    assert (len(page.context["page"].rows), page.context["filters"].partial) == (2, True)


@pytest.mark.parametrize("query", [{"commune": "x"}, {"unit": "-1"}, {"pes_type": "?"}, {"order": "x", "after": "y"}])
def test_lists_bear_a_broken_address(client, user, query):
    assert client.get(reverse("register:organisations"), query).status_code == 200


def test_adds_an_organisation(client, user):
    nip = base.nip()
    typed = {**ORGANISATION, "nip": f"PL {nip[:3]}-{nip[3:6]}-{nip[6:8]}-{nip[8:]}", "phone": "600 100 200"}
    page = client.post(reverse("register:organisation-new"), typed)
    made = Organisation.objects.get()
    assert page["Location"] == reverse("register:organisation", args=[made.public_id])
    assert (made.name, made.nip, made.phone, list(made.units.all())) == ("Krąg", nip, "600100200", [user.unit])


def test_shows_similar_ones_first_and_saves_anyway(client, user):
    there = base.organisation(name="Stowarzyszenie Krąg")
    page = client.post(reverse("register:organisation-new"), ORGANISATION)
    assert (page.context["similar"], Organisation.objects.count()) == ([there], 1)
    client.post(reverse("register:organisation-new"), {**ORGANISATION, "anyway": "1"})
    assert Organisation.objects.count() == 2


def test_of_similar_ones_elsewhere_only_the_number_is_told(client):
    base.person(first_name="Ewa", last_name="Nowak", units=[base.unit()], locality="Tajne")
    client.force_login(base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)))
    page = client.post(reverse("register:person-new"), PERSON)
    assert (page.context["similar"], page.context["similar_elsewhere"]) == ([], 1)
    assert "Tajne" not in page.content.decode()


def test_a_taken_number_is_told_at_the_field_and_nothing_typed_is_lost(client, user):
    there = base.organisation()
    page = client.post(reverse("register:organisation-new"), {**ORGANISATION, "nip": there.nip, "anyway": "1"})
    form = page.context["form"]
    assert (page.status_code, list(form.errors), form["name"].value()) == (200, ["nip"], "Krąg")


@pytest.mark.parametrize(
    "field, typed",
    [
        ("name", ""),
        ("name", "=cmd|' /C calc'!A0"),
        ("name", "a\x07b"),
        ("name", "x" * 301),
        ("nip", "1234567890"),
        ("regon", "123456780"),
        ("krs", "12345678901"),
        ("email", "ewa@"),
        ("email", "łucja@example.org"),
        ("phone", "12"),
        ("postal_code", "66520a"),
        ("pes_type", "x"),
        ("legal_form", ""),
        ("commune", "0"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(client, user, field, typed):
    page = client.post(reverse("register:organisation-new"), {**ORGANISATION, field: typed})
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert Organisation.objects.count() == 0


def test_adds_a_person_with_a_pesel(client, user):
    number = base.pesel(datetime.date(2001, 2, 3), sex="m")
    client.post(reverse("register:person-new"), {**PERSON, "identifier_kind": "pesel", "identifier": number})
    made = Person.objects.get()
    assert (made.sex, made.birth_date) == ("m", datetime.date(2001, 2, 3))
    page = client.get(reverse("register:person", args=[made.public_id])).content.decode()
    assert f"*******{number[-4:]}" in page
    assert number not in page


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"identifier_kind": "pesel", "identifier": "44051401358"}, "identifier"),
        ({"identifier_kind": "pesel", "identifier": ""}, "identifier"),
        ({"identifier_kind": "none", "identifier": "44051401359"}, "identifier_kind"),
        ({"identifier_kind": "pesel", "identifier": "44051401359", "sex": "f"}, "identifier"),
        ({"birth_date": "31.02.1990"}, "birth_date"),
        ({"birth_date": "1.01.2099"}, "birth_date"),
        ({"first_name": "=1"}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"sex": "x"}, "sex"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_at_the_field(client, user, typed, field):
    page = client.post(reverse("register:person-new"), {**PERSON, **typed})
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert Person.objects.count() == 0


def test_changes_a_person_and_keeps_the_identifier(client, user):
    number = base.pesel()
    person = base.person(pesel_=number)
    form = client.get(reverse("register:person-edit", args=[person.public_id]))
    assert number not in form.content.decode()
    typed = {name: form.context["form"][name].value() or "" for name in form.context["form"].fields}
    typed |= {"first_name": "Anna", "birth_date": "14.05.1984"}
    assert client.post(reverse("register:person-edit", args=[person.public_id]), typed).status_code == 302
    person.refresh_from_db()
    assert (person.first_name, queries.identifier_of(person)) == ("Anna", number)


def test_changes_an_organisation(client, user):
    there = base.organisation()
    page = client.post(
        reverse("register:organisation-edit", args=[there.public_id]), {**ORGANISATION, "nip": there.nip}
    )
    assert page.status_code == 302
    there.refresh_from_db()
    assert there.name == "Krąg"


def test_a_number_is_opened_by_a_reason_and_shown_once(client, user):
    number = base.pesel()
    person = base.person(pesel_=number)
    address = reverse("register:person-identifier", args=[person.public_id])
    assert number not in client.get(address).content.decode()
    empty = client.post(address, {"reason": " "})
    assert (list(empty.context["form"].errors), Disclosure.objects.count()) == (["reason"], 0)
    opened = client.post(address, {"reason": "Umowa."})
    assert number in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert number not in client.get(address).content.decode()
    assert Disclosure.objects.count() == 1


def test_sensitive_answers_are_written_blind_and_opened_by_a_reason(client, user):
    person = base.person()
    services.save_sensitive(person, by=user, minority="yes")
    edit = reverse("register:person-sensitive-edit", args=[person.public_id])
    form = client.get(edit).context["form"]
    assert {field.value() for field in form} == {None}
    assert client.post(edit, {"disability": "refused"}).status_code == 302
    assert PersonSensitive.objects.values_list("minority", "disability").get() == ("yes", "refused")
    page = reverse("register:person-sensitive", args=[person.public_id])
    assert {answer["answer"] for answer in client.get(page).context["answers"]} == {None}
    opened = client.post(page, {"reason": "Raport."}).context["answers"]
    assert [bool(answer["answer"]) for answer in opened] == [False, False, True, False, True]
    assert Disclosure.objects.get().what == "sensitive"


def test_only_two_questions_may_be_refused(client, user):
    edit = reverse("register:person-sensitive-edit", args=[base.person().public_id])
    page = client.post(edit, {"homeless": "refused"})
    assert list(page.context["form"].errors) == ["homeless"]


def test_the_coordinator_of_the_lead_shares_a_client(client, user):
    partner = base.unit(UnitKind.PARTNER)
    person = base.person()
    colleague = base.user(Role.ADVISER, unit_=partner)
    assert not queries.visible_people(colleague).exists()
    client.post(reverse("register:person-share", args=[person.public_id]), {"unit": partner.pk})
    assert queries.visible_people(colleague).get() == person


def test_nobody_of_a_partner_shares(client):
    partner = base.unit(UnitKind.PARTNER)
    person = base.person(units=[partner])
    client.force_login(base.user(Role.MANAGER, unit_=partner))
    page = client.post(reverse("register:person-share", args=[person.public_id]), {"unit": base.unit().pk})
    assert page.status_code == 403


def test_pages_of_clients_show_the_panels_of_upper_rooms(client, user):
    for name, made in (("person", base.person()), ("organisation", base.organisation())):
        page = client.get(reverse(f"register:{name}", args=[made.public_id]))
        assert len(page.context["panels"]) >= 1
