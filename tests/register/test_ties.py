"""Links between undertakings, contacts and bank accounts through services and pages."""

import datetime
import itertools

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import identifiers
from centrum.kit.transitions import Refused, Stale
from centrum.register import ties
from centrum.register.enums import LinkKind
from centrum.register.models import BankAccount, Contact, UndertakingLink
from centrum.staff.enums import Role, UnitKind
from tests.factories import base, enterprises
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = datetime.date
SINCE = D(2024, 3, 1)
VALID = "PL61109010140000071219812874"
GROUPED = "PL61 1090 1014 0000 0712 1981 2874"


@pytest.fixture
def user(client):
    coordinator = base.user()
    client.force_login(coordinator)
    return coordinator


def panel(client, owner, template, kind="organisation"):
    page = client.get(reverse(f"register:{kind}", args=[owner.public_id]))
    (found,) = [p["panel"] for p in page.context["panels"] if p["template"] == f"register/_{template}_panel.html"]
    return found


# Links


def chain(count, **data):
    made = [base.organisation() for _number in range(count)]
    for first, second in itertools.pairwise(made):
        enterprises.link(first, second, **data)
    return made


def test_a_component_is_found_from_each_of_its_ends():
    made = chain(4)
    base.organisation()
    for organisation in made:
        assert ties.linked(organisation, SINCE) == set(made)


def test_a_circle_of_links_comes_to_its_end():
    made = chain(3)
    enterprises.link(made[2], made[0])
    enterprises.link(made[1], made[0], kind=LinkKind.CONTRACT)
    assert ties.linked(made[1], SINCE) == set(made)


def test_only_links_of_the_day_count():
    first, second, third = chain(3)
    UndertakingLink.objects.filter(other=third).update(valid_to=D(2025, 1, 1))
    assert ties.linked(first, D(2024, 2, 29)) == {first}
    assert ties.linked(first, D(2024, 12, 31)) == {first, second, third}
    assert ties.linked(first, D(2025, 1, 1)) == {first, second}


def test_a_link_is_noted_and_ended_and_does_not_overlap():
    user, (one, two) = base.user(), (base.organisation(), base.organisation())
    data = {"by": user, "other": two, "kind": LinkKind.MAJORITY, "source": "KRS"}
    link = ties.link(one, valid_from=SINCE, **data)
    for again in (SINCE, D(2020, 1, 1)):
        with pytest.raises(Refused):
            ties.link(one, valid_from=again, **data)
    link = ties.end_link(link, by=user, valid_to=D(2025, 1, 1))
    with pytest.raises(Stale):
        ties.end_link(link, by=user, valid_to=D(2025, 2, 1))
    ties.link(one, valid_from=D(2025, 1, 1), **data)
    with pytest.raises(Refused):
        ties.link(one, valid_from=SINCE, **data | {"other": one})
    assert UndertakingLink.objects.count() == 2


def test_a_link_is_added_by_search_in_both_directions(client, user):
    one, two = base.organisation(name="Krąg"), base.organisation(name="Żuraw")
    address = reverse("register:organisation-link-new", args=[one.public_id])
    page = client.get(address, {"q": "zuraw"})
    assert [choice[0] for choice in page.context["form"].fields["other"].choices] == [two.public_id]
    typed = {"other": two.public_id, "direction": "up", "kind": "majority", "valid_from": "1.3.2024", "source": "KRS"}
    assert client.post(f"{address}?q=zuraw", typed).status_code == 302
    link = UndertakingLink.objects.get()
    assert (link.organisation, link.other, link.noted_by) == (two, one, user)
    again = client.post(f"{address}?q=zuraw", typed)
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["__all__"])
    client.post(f"{address}?q=zuraw", typed | {"direction": "down"})
    assert UndertakingLink.objects.count() == 2
    assert panel(client, one, "links")["one"] == [two]


def test_what_is_not_seen_is_not_linked_to_and_only_counted(client):
    partner = base.unit(UnitKind.PARTNER)
    one = base.organisation(name="Krąg", units=[partner])
    there = base.organisation(name="Tajna")
    enterprises.link(one, there)
    client.force_login(base.user(Role.ADVISER, unit_=partner))
    shown = panel(client, one, "links")
    assert (shown["links"], shown["hidden"], shown["one"], shown["one_hidden"]) == ([], 1, [], 1)
    assert "Tajna" not in client.get(reverse("register:organisation", args=[one.public_id])).content.decode()
    address = reverse("register:organisation-link-new", args=[one.public_id]) + "?q=tajna"
    typed = {"other": there.public_id, "direction": "down", "kind": "contract", "valid_from": "1.3.2024", "source": "x"}
    for other in (there.public_id, "x", one.public_id):
        page = client.post(address, typed | {"other": other})
        assert list(page.context["form"].errors) == ["other"]
    assert UndertakingLink.objects.count() == 1


@pytest.mark.parametrize("wrong", ["28.2.2024", "1.3.2024", "", "x"])
def test_an_end_before_the_beginning_is_refused_kindly(client, user, wrong):
    link = enterprises.link(base.organisation(), base.organisation())
    address = reverse("register:organisation-link-end", args=[link.organisation.public_id, link.pk])
    page = client.post(address, {"valid_to": wrong})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["valid_to"])


# Contacts


def add(organisation, person, by, **data):
    return ties.add_contact(organisation, by=by, person=person, **{"role": "prezes", "valid_from": SINCE, **data})


def test_there_is_one_main_contact_and_a_new_one_takes_its_place():
    user, organisation = base.user(), base.organisation()
    first = add(organisation, base.person(), user, main=True)
    assert ties.main_contact(organisation) == first
    second = add(organisation, base.person(), user, main=True, signs=True)
    assert ties.main_contact(organisation) == second
    ties.make_main(first, by=user)
    assert ties.main_contact(organisation) == first
    assert list(Contact.objects.filter(main=True)) == [first]
    first.refresh_from_db()
    ties.end_contact(first, by=user, valid_to=D(2025, 1, 1))
    assert ties.main_contact(organisation) is None
    assert ties.main_contact(organisation, D(2024, 12, 31)) == first
    with pytest.raises(Stale):
        ties.make_main(first, by=user)


def test_the_same_role_of_the_same_person_does_not_overlap():
    user, contact = base.user(), enterprises.contact()
    with pytest.raises(Refused):
        add(contact.organisation, contact.person, user, valid_from=D(2025, 1, 1))
    add(contact.organisation, contact.person, user, role="księgowa")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_name_a_main_contact_at_once_all_are_added_and_one_is_main():
    user, organisation = base.user(), base.organisation()
    people = [base.person() for _number in range(4)]
    results = at_once(4, lambda n: add(organisation, people[n], user, main=True))
    assert [type(result).__name__ for result in results] == ["Contact"] * 4
    assert organisation.contacts.filter(main=True).count() == 1


def test_without_the_services_the_database_keeps_one_main_contact():
    contact = enterprises.contact(main=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        enterprises.contact(contact.organisation, main=True)


def test_a_contact_is_added_by_search_made_main_and_ended(client, user):
    organisation, person = base.organisation(), base.person(last_name="Żurawska")
    enterprises.contact(organisation, main=True)
    address = reverse("register:organisation-contact-new", args=[organisation.public_id]) + "?q=zurawska"
    typed = {"person": person.public_id, "role": "prezeska", "valid_from": "1.3.2024", "signs": "on"}
    assert client.post(address, typed).status_code == 302
    contact = person.contact_of.get()
    assert (contact.role, contact.signs, contact.main) == ("prezeska", True, False)
    args = [organisation.public_id, contact.pk]
    client.post(reverse("register:organisation-contact-main", args=args))
    assert ties.main_contact(organisation) == contact
    client.post(reverse("register:organisation-contact-end", args=args), {"valid_to": "1.1.2026"})
    shown = panel(client, organisation, "contacts")
    assert (len(shown["contacts"]), shown["others"]) == (1, [contact])
    assert client.get(reverse("register:organisation-contact-end", args=args)).status_code == 404


@pytest.mark.parametrize(("text", "short", "found"), [("zu", True, 0), ("nikt taki", False, 0), ("zurawska", False, 1)])
def test_search_for_a_contact(client, user, text, short, found):
    base.person(last_name="Żurawska")
    address = reverse("register:organisation-contact-new", args=[base.organisation().public_id])
    search = client.get(address, {"q": text}).context["search"]
    assert (bool(search["short"]), len(search["found"])) == (short, found)


# Bank accounts


@pytest.mark.parametrize(
    "typed", [VALID, GROUPED, VALID[2:], GROUPED[2:], "pl61-1090-1014-0000-0712-1981-2874", f"\u00a0{GROUPED}\u200b"]
)
def test_an_account_number_is_taken_however_written(typed):
    assert identifiers.clean_iban(typed) == VALID


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("PL61109010140000071219812875", "checksum"),
        ("PL16109010140000071219812874", "checksum"),
        ("6110901014000007121981287", "format"),
        ("DE89370400440532013000", "format"),
        ("PL" + "1" * 26, "repeated"),
        ("PL6110901014000007121981287O", "format"),
        ("PL٦١109010140000071219812874", "format"),
        ("=HYPERLINK()", "format"),
    ],
)
def test_what_is_no_account_number_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        identifiers.clean_iban(typed)
    assert refusal.value.code == code


@given(st.integers(0, 10**24 - 1), st.integers(0, 25), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(rest, position, by):
    digits = enterprises.iban_rules.calc_check_digits(f"PL00{rest:024d}") + f"{rest:024d}"
    if len(set(digits)) == 1:
        return
    assert identifiers.clean_iban(digits) == f"PL{digits}"
    wrong = digits[:position] + str((int(digits[position]) + by) % 10) + digits[position + 1 :]
    with pytest.raises(ValidationError):
        identifiers.clean_iban(wrong)


def test_an_account_waits_for_a_second_person_who_may_decide():
    writer, owner = base.user(), base.organisation()
    account = ties.add_account(owner, by=writer, iban=VALID, valid_from=SINCE, proof="Zaświadczenie")
    assert list(ties.payable(owner)) == []
    with pytest.raises(Refused):
        ties.confirm_account(account, by=writer)
    with pytest.raises(PermissionDenied):
        ties.confirm_account(account, by=base.user(Role.ADVISER))
    second = base.user(Role.MANAGER)
    account = ties.confirm_account(account, by=second)
    assert (account.confirmed_by, list(ties.payable(owner))) == (second, [account])
    with pytest.raises(Stale):
        ties.confirm_account(account, by=base.user())
    ties.end_account(account, by=writer, valid_to=D(2025, 1, 1))
    assert list(ties.payable(owner)) == []
    assert list(ties.payable(owner, D(2024, 12, 31))) == [account]


def test_an_account_that_has_ended_is_not_confirmed():
    account = enterprises.account(valid_to=D(2025, 1, 1))
    with pytest.raises(Stale):
        ties.confirm_account(account, by=base.user())


def test_the_database_itself_asks_for_four_eyes():
    user = base.user()
    account = enterprises.account(noted_by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        BankAccount.objects.filter(pk=account.pk).update(confirmed_by=user, confirmed_at=account.noted_at)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_note_one_number_for_several_owners_one_wins():
    user = base.user()
    owners = [base.organisation(), base.organisation(), base.person(), base.person()]
    results = at_once(4, lambda n: ties.add_account(owners[n], by=user, iban=VALID, valid_from=SINCE))
    assert sorted(type(result).__name__ for result in results) == ["BankAccount"] + ["Refused"] * 3


@pytest.mark.parametrize(
    ("role", "whole"),
    [
        (Role.ADVISER, True),
        (Role.COORDINATOR, True),
        (Role.ACCOUNTANT, True),
        (Role.DATA_PROTECTION, False),
    ],
)
@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_who_sees_the_number_in_full(client, role, whole, kind):
    owner = base.organisation() if kind == "organisation" else base.person()
    enterprises.account(**{kind: owner}, iban=VALID)
    client.force_login(base.user(role))
    (account,) = panel(client, owner, "accounts", kind)["accounts"]
    assert account.shown == (GROUPED if whole else "•••• 2874")
    text = client.get(reverse(f"register:{kind}", args=[owner.public_id])).content.decode()
    assert (GROUPED in text, VALID in text) == (whole, False)


def test_an_account_is_added_confirmed_and_ended_by_forms(client, user):
    owner = base.person()
    address = reverse("register:person-account-new", args=[owner.public_id])
    typed = {"iban": GROUPED[2:], "bank": "Bank", "valid_from": "1.3.2024", "proof": "Zaświadczenie"}
    assert client.post(address, typed).status_code == 302
    account = owner.bank_accounts.get()
    assert (account.iban, account.noted_by, account.organisation) == (VALID, user, None)
    confirm = reverse("register:account-confirm", args=[account.pk])
    mine = client.post(confirm, {"compared": "on"})
    assert (mine.status_code, list(mine.context["form"].errors)) == (200, ["__all__"])
    client.force_login(base.user(Role.MANAGER))
    assert list(client.post(confirm, {"compared": ""}).context["form"].errors) == ["compared"]
    assert client.post(confirm, {"compared": "on"}).status_code == 302
    client.post(reverse("register:account-end", args=[account.pk]), {"valid_to": "1.1.2026"})
    account.refresh_from_db()
    assert (account.confirmed_at is not None, account.valid_to) == (True, D(2026, 1, 1))


def test_a_number_that_somebody_has_is_refused_in_words(client, user):
    enterprises.account(iban=VALID)
    address = reverse("register:organisation-account-new", args=[base.organisation().public_id])
    page = client.post(address, {"iban": VALID, "valid_from": "1.3.2025"})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["__all__"])
    assert page.context["form"]["iban"].value() == VALID


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION])
def test_only_editors_write(role):
    user, organisation = base.user(role), enterprises.tied()
    contact, account = organisation.contacts.get(), organisation.bank_accounts.get()
    for write in (
        lambda: ties.link(
            organisation, by=user, other=base.organisation(), kind="majority", valid_from=SINCE, source="x"
        ),
        lambda: ties.end_link(organisation.links_down.get(), by=user, valid_to=D(2025, 1, 1)),
        lambda: add(organisation, base.person(), user),
        lambda: ties.make_main(contact, by=user),
        lambda: ties.end_contact(contact, by=user, valid_to=D(2025, 1, 1)),
        lambda: ties.add_account(organisation, by=user, iban=VALID, valid_from=SINCE),
        lambda: ties.confirm_account(account, by=user),
        lambda: ties.end_account(account, by=user, valid_to=D(2025, 1, 1)),
    ):
        with pytest.raises(PermissionDenied):
            write()
