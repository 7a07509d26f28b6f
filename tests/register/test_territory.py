"""Towns and villages on forms; groups without legal form, which have no seat in any register."""

import datetime

import pytest
from django.urls import reverse

from centrum.register import services, territory
from centrum.register.models import Commune, Locality, Organisation, Person
from tests.factories import base

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2020, 1, 1)


def place(name, simc, teryt="0806013", part_of="", valid_to=None):
    return Locality.objects.create(
        name=name, simc=simc, kind="01", teryt=teryt, part_of=part_of, valid_from=SINCE, valid_to=valid_to
    )


@pytest.fixture(autouse=True)
def places(db):
    Locality.objects.all().delete()
    base.commune()
    place("Ługi", "9000001")
    place("Grąsy", "9000002")
    place("Nowa Wieś", "9000003")
    place("Nowa Wieś", "9000004", "0801073")
    place("Mierzęcin", "9000005")
    place("Mierzęcin", "9000006", part_of="9000005")
    place("Osiek", "9000007", valid_to=datetime.date(2021, 1, 1))


@pytest.mark.parametrize(
    ("name", "chosen", "expected"),
    [
        ("Ługi", None, ("9000001", "0806013")),
        ("lugi", None, ("9000001", "0806013")),
        ("Ługi", "0806013", ("9000001", "0806013")),
        ("Ługi", "0801073", ("", "0801073")),
        ("Nowa Wieś", None, ("", None)),
        ("Nowa Wieś", "0801073", ("9000004", "0801073")),
        ("Mierzęcin", None, ("9000005", "0806013")),
        ("Osiek", None, ("", None)),
        ("Ług", None, ("", None)),
        ("", "0806013", ("", "0806013")),
    ],
)
def test_a_name_that_fits_one_locality_tells_code_and_commune(name, chosen, expected):
    commune = chosen and Commune.objects.get(teryt=chosen)
    simc, found = territory.locate(name, commune)
    assert (simc, found and found.teryt) == expected


def test_an_address_is_settled_when_it_is_saved_and_unsettled_when_it_changes():
    user = base.user()
    person = services.create_person(by=user, unit=user.unit, first_name="A", last_name="B", locality="Ługi")
    assert (person.locality_simc, person.commune.teryt) == ("9000001", "0806013")
    services.update_person(person, by=user, phone="600100200")
    assert Person.objects.get().locality_simc == "9000001"
    services.update_person(person, by=user, locality="Nigdzie", commune=None)
    assert (Person.objects.get().locality_simc, Person.objects.get().commune) == ("", None)


GROUP = {"name": "Grupa „Razem”", "legal_form": "informal", "pes_type": "grupa_inicjatywna"}


def test_an_informal_group_needs_no_number(client):
    client.force_login(base.user())
    assert client.post(reverse("register:organisation-new"), GROUP).status_code == 302
    made = Organisation.objects.get()
    assert (made.nip, made.regon, made.krs, made.legal_form) == ("", "", "", "informal")
    assert client.get(reverse("register:organisation", args=[made.public_id])).status_code == 200


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"krs": "0000123456"}, ["krs"]),
        ({"nip": "5260250274", "krs": "0000123456"}, ["krs", "nip"]),
        ({"pes_type": "ngo"}, ["pes_type"]),
        ({"legal_form": "association"}, ["legal_form"]),
    ],
)
def test_an_informal_group_is_refused_numbers_and_other_kinds_in_words(client, typed, wrong):
    client.force_login(base.user())
    page = client.post(reverse("register:organisation-new"), GROUP | typed)
    assert (page.status_code, sorted(page.context["form"].errors)) == (200, wrong)
    assert not Organisation.objects.exists()


def test_a_group_becomes_an_organisation(client):
    user = base.user()
    group = services.create_organisation(by=user, unit=user.unit, **GROUP)
    client.force_login(user)
    data = GROUP | {"legal_form": "cooperative", "pes_type": "spoldzielnia_socjalna", "krs": "0000123456"}
    assert client.post(reverse("register:organisation-edit", args=[group.public_id]), data).status_code == 302
    assert Organisation.objects.get().krs == "0000123456"
