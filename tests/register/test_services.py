"""People and organisations through their services: numbers once, protected data, races."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from centrum.kit import clock, crypto
from centrum.kit.models import Disclosure
from centrum.kit.transitions import Refused
from centrum.register import queries, seed, services
from centrum.register.enums import IdentifierKind, LegalForm, PesType
from centrum.register.models import Commune, Organisation, Person
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.threads import at_once

pytestmark = pytest.mark.django_db
BORN = datetime.date(1984, 5, 14)
ORGANISATION = {"name": "Krąg", "legal_form": LegalForm.ASSOCIATION, "pes_type": PesType.NGO}


def new_person(**data):
    user = data.pop("by", None) or base.user()
    return services.create_person(by=user, unit=user.unit, **{"first_name": "Ewa", "last_name": "Nowak", **data})


def test_person_belongs_to_the_unit_and_to_the_told_time():
    instant = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    with clock.at(instant):
        person = new_person()
    person.refresh_from_db()
    assert (list(person.units.all()), person.created_at) == ([base.unit()], instant)


def test_pesel_fills_birth_and_sex_and_is_not_readable_in_the_table():
    number = base.pesel(BORN, sex="f")
    person = new_person(identifier=("pesel", f"{number[:6]} {number[6:]}"))
    assert (person.birth_date, person.sex, person.identifier_kind) == (BORN, "f", IdentifierKind.PESEL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_person::text FROM register_person")
        assert number not in cursor.fetchone()[0]
    assert queries.identifier_of(person) == number
    assert queries.masked_identifier(person) == f"*******{number[-4:]}"
    assert queries.find_by_identifier("pesel", number) == person


@pytest.mark.parametrize("known", [{"sex": "m"}, {"birth_date": datetime.date(1984, 5, 15)}])
def test_pesel_that_speaks_against_what_is_known_is_refused(known):
    person = new_person(**known)
    with pytest.raises(Refused) as refusal:
        services.set_identifier(person, by=base.user(), kind="pesel", value=base.pesel(BORN, sex="f"))
    assert list(refusal.value.message_dict) == ["identifier"]
    person.refresh_from_db()
    assert person.identifier_kind == IdentifierKind.NONE


def test_a_person_with_a_pesel_keeps_its_sex_and_birth():
    person = new_person(identifier=("pesel", base.pesel(BORN, sex="f")))
    with pytest.raises(Refused):
        services.update_person(person, by=base.user(), sex="m")


def test_a_wrong_pesel_is_corrected_together_with_the_birth():
    person = new_person(identifier=("pesel", base.pesel(BORN, sex="f")))
    other = base.pesel(datetime.date(1990, 1, 2), sex="m")
    services.update_person(
        person, by=base.user(), identifier=("pesel", other), sex="m", birth_date=datetime.date(1990, 1, 2)
    )
    assert queries.find_by_identifier("pesel", other) == person


@pytest.mark.parametrize("wrong", ["12345678901", "0" * 11, "", "abc", "=1+1"])
def test_what_is_no_pesel_is_refused(wrong):
    with pytest.raises(Refused) as refusal:
        new_person(identifier=("pesel", wrong))
    assert list(refusal.value.message_dict) == ["identifier"]
    assert Person.objects.count() == 0


def test_another_identifier_is_kept_as_written_and_found_however_written():
    person = new_person(identifier=("other", "ab 123-456"))
    assert queries.identifier_of(person) == "ab 123-456"
    assert queries.find_by_identifier("other", "AB123456") == person
    assert queries.find_by_identifier("pesel", "AB123456") is None


def test_identifier_can_be_taken_away():
    person = services.set_identifier(base.person(), by=base.user(), kind="none")
    assert (person.identifier_kind, person.identifier_cipher, person.identifier_index) == ("none", None, None)


def test_a_number_of_another_person_is_refused_at_the_field():
    number = base.pesel()
    base.person(pesel_=number)
    with pytest.raises(Refused) as refusal:
        new_person(identifier=("pesel", number))
    assert list(refusal.value.message_dict) == ["identifier"]


@pytest.mark.parametrize("field, number", [("nip", "5990000004"), ("regon", "123456785"), ("krs", "0000123456")])
def test_a_number_of_another_organisation_is_refused_at_the_field(field, number):
    user = base.user()
    services.create_organisation(by=user, unit=user.unit, **ORGANISATION, **{field: number})
    with pytest.raises(Refused) as refusal:
        services.create_organisation(by=user, unit=user.unit, **ORGANISATION, **{field: number})
    assert list(refusal.value.message_dict) == [field]
    assert Organisation.objects.count() == 1


def test_organisations_without_numbers_do_not_meet():
    user = base.user()
    for _again in range(2):
        services.create_organisation(by=user, unit=user.unit, **ORGANISATION)
    assert Organisation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_write_one_pesel_at_once_one_wins():
    user, number = base.user(), base.pesel()
    results = at_once(8, lambda _n: new_person(by=user, identifier=("pesel", number)))
    assert sorted(type(result).__name__ for result in results) == ["Person"] + ["Refused"] * 7
    assert Person.objects.count() == 1


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_editors_write(role):
    user, person = base.user(role), base.person()
    for write in (
        lambda: new_person(by=user),
        lambda: services.update_person(person, by=user, first_name="Anna"),
        lambda: services.save_sensitive(person, by=user, disability="yes"),
        lambda: services.create_organisation(by=user, unit=user.unit, **ORGANISATION),
        lambda: services.update_organisation(base.organisation(), by=user, name="X"),
    ):
        with pytest.raises(PermissionDenied):
            write()


def test_a_reveal_is_written_down_once():
    user, number = base.user(Role.ADVISER), base.pesel()
    person = base.person(pesel_=number)
    assert services.reveal_identifier(person, by=user, reason=" Umowa. ") == number
    opened = Disclosure.objects.get()
    assert (opened.what, opened.noun, opened.object_id, opened.reason, opened.by) == (
        "identifier",
        "register.person",
        person.pk,
        "Umowa.",
        user,
    )


@pytest.mark.parametrize("reveal", [services.reveal_identifier, services.reveal_sensitive])
def test_nothing_is_revealed_without_reason_or_right(reveal):
    person = base.person()
    with pytest.raises(Refused):
        reveal(person, by=base.user(), reason="  ")
    with pytest.raises(PermissionDenied):
        reveal(person, by=base.user(Role.AUDITOR), reason="Kontrola.")
    assert Disclosure.objects.count() == 0


def test_advisers_write_sensitive_answers_and_do_not_read_them():
    adviser, person = base.user(Role.ADVISER), base.person()
    services.save_sensitive(person, by=adviser, disability="refused", homeless="no")
    services.save_sensitive(person, by=adviser, disability="yes")
    with pytest.raises(PermissionDenied):
        services.reveal_sensitive(person, by=adviser, reason="Umowa.")
    opened = services.reveal_sensitive(person, by=base.user(), reason="Umowa.")
    assert (opened.disability, opened.homeless, opened.minority) == ("yes", "no", "")
    assert Disclosure.objects.get().what == "sensitive"


def test_unknown_fields_are_a_fault_of_the_caller():
    with pytest.raises(TypeError):
        new_person(pesel="1")


def test_similar_people_by_pesel_email_phone_and_name():
    number = base.pesel()
    same = base.person(first_name="Inna", last_name="Inna", pesel_=number)
    by_name = base.person(first_name="Łucja", last_name="Żuk-Nowak", email="", phone="")
    by_mail = base.person(first_name="X", last_name="Y", email="Ewa@example.org", phone="")
    by_phone = base.person(first_name="X", last_name="Żuk-Kot", email="", phone="601202303")
    base.person(first_name="X", last_name="Y", email="newa@example.org", phone="601202303")
    found = queries.similar_people(
        first_name="lucja", last_name="żuk", email="ewa@example.org", phone="601202303", pesel=number
    )
    assert found == [same, by_mail, by_phone, by_name]


def test_similar_organisations_by_number_or_words_of_the_name():
    by_nip = base.organisation(name="Inna", nip="5990000004")
    by_name = base.organisation(name="Spółdzielnia Socjalna „Żuraw” w Dobiegniewie")
    base.organisation(name="Spółdzielnia Socjalna „Bocian”")
    assert queries.similar_organisations(name="spoldzielnia socjalna ZURAW", nip="5990000004") == [by_nip, by_name]


@pytest.mark.parametrize(
    "role, kind, sees",
    [
        (Role.ADVISER, UnitKind.LEAD, {"lead", "both"}),
        (Role.ADVISER, UnitKind.PARTNER, {"partner", "both"}),
        (Role.MANAGER, UnitKind.PARTNER, {"partner", "both"}),
        (Role.COORDINATOR, UnitKind.LEAD, {"lead", "partner", "both"}),
        (Role.AUDITOR, UnitKind.LEAD, set()),  # a sample alone
        (Role.DATA_PROTECTION, UnitKind.LEAD, {"lead", "partner", "both"}),
        (Role.ADMINISTRATOR, UnitKind.LEAD, set()),
    ],
)
def test_what_each_sees(role, kind, sees):
    units = {"lead": [base.unit()], "partner": [base.unit(UnitKind.PARTNER, code="p")]}
    units["both"] = units["lead"] + units["partner"]
    for name, of in units.items():
        base.person(last_name=name, units=of)
        base.organisation(name=name, units=of)
    user = base.user(role, unit_=units["lead" if kind == UnitKind.LEAD else "partner"][0])
    assert {person.last_name for person in queries.visible_people(user)} == sees
    assert {organisation.name for organisation in queries.visible_organisations(user)} == sees


def test_communes_are_loaded_once_and_unconfirmed():
    assert Commune.objects.count() == 29
    assert not Commune.objects.filter(confirmed=True).exists()
    Commune.objects.exclude(teryt="0806013").delete()
    seed.load_communes()
    assert Commune.objects.count() == 1


def test_the_index_tells_nothing_without_its_purpose():
    number = base.pesel()
    assert bytes(base.person(pesel_=number).identifier_index) == crypto.blind_index(
        f"pesel:{number}", purpose=queries.IDENTIFIER_PURPOSE
    )
