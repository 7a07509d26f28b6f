"""Two records of one client made one: nothing is lost, nothing is doubled, the way back can be read."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, models, transaction
from django.urls import reverse

from centrum.cases import services as cases
from centrum.cases.enums import CaseState
from centrum.cases.models import Case
from centrum.intake import consents
from centrum.kit import clock, crypto
from centrum.kit.transitions import Refused, Stale
from centrum.register import merging, queries, services
from centrum.register.enums import IdentifierKind, LinkKind
from centrum.register.models import (
    Contact,
    Merge,
    Organisation,
    Person,
    PersonSensitive,
    StatusDuty,
    UndertakingLink,
)
from centrum.reporting.models import Participation
from centrum.staff.enums import Right, Role
from tests.factories import base
from tests.factories import cases as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 2)


@pytest.fixture
def coordinator():
    return base.user(Role.COORDINATOR, projects=[base.project()])


def merge(kept, gone, by, **more):
    return merging.merge(kept, gone, by=by, reason="ta sama osoba", **more)


def test_everything_that_pointed_to_the_one_points_to_the_other(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False, birth_date=None, sex="")
    case = make.case(person=gone)
    body = base.organisation()
    contact = Contact.objects.create(organisation=body, person=gone, role="prezes", valid_from=DAY)
    merge(kept, gone, coordinator)
    assert list(Case.objects.values_list("person", "client")) == [(kept.pk, str(kept))]
    assert list(Participation.objects.values_list("person", flat=True)) == [kept.pk]
    assert Contact.objects.get().person == kept
    assert merging.count_references(gone) == []
    gone.refresh_from_db()
    assert gone.merged_into == kept
    made = Merge.objects.get()
    assert (made.noun, made.kept_id, made.gone_id, made.by, made.reason) == (
        "register.person",
        kept.pk,
        gone.pk,
        coordinator,
        "ta sama osoba",
    )
    assert made.moved == {
        "cases.Case": 1,
        "reporting.Participation": 1,
        "register.Contact": 1,
        "register.Person_units": 1,
    }
    assert (case.pk, contact.pk) == (Case.objects.get().pk, Contact.objects.get().pk)


def test_no_table_that_points_to_a_client_is_forgotten():
    """Every column of the database that references a client is among those that a merge changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text
            FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.contype = 'f' AND c.confrelid IN ('register_person'::regclass, 'register_organisation'::regclass)
            """
        )
        there = set(cursor.fetchall())
    known = {
        (field.model._meta.db_table, field.column, model._meta.db_table)
        for model in (Person, Organisation)
        for field in merging.references(model)
    }
    assert known == there


def test_the_number_that_only_the_second_has_comes_along(coordinator):
    pesel = base.pesel(datetime.date(1990, 1, 31), sex="m")
    kept = base.person(with_pesel=False, sex="f", birth_date=datetime.date(1990, 1, 30))
    gone = base.person(pesel_=pesel, sex="m", birth_date=datetime.date(1990, 1, 31))
    merge(kept, gone, coordinator)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert crypto.decrypt(kept.identifier_cipher, purpose="person.identifier") == pesel
    assert (kept.sex, kept.birth_date) == ("m", datetime.date(1990, 1, 31))
    assert (gone.identifier_kind, gone.identifier_index) == (IdentifierKind.NONE, None)
    assert queries.find_by_identifier(IdentifierKind.PESEL, pesel) == kept
    assert Merge.objects.get().taken == ["birth_date", "identifier", "sex"]


def test_chosen_fields_are_taken_and_the_others_stay(coordinator):
    kept = base.person(email="a@example.org", phone="", locality="Dobiegniew")
    gone = base.person(with_pesel=False, email="b@example.org", phone="600700800", locality="Drezdenko")
    merge(kept, gone, coordinator, take=["email", "nonsense", "public_id"])
    kept.refresh_from_db()
    assert (kept.email, kept.phone, kept.locality) == ("b@example.org", "", "Dobiegniew")
    assert Merge.objects.get().taken == ["email"]


def test_two_pesels_are_two_people(coordinator):
    kept, gone = base.person(), base.person()
    with pytest.raises(Refused):
        merge(kept, gone, coordinator)
    assert not Merge.objects.exists()


@pytest.mark.parametrize("name", ["nip", "regon", "krs"])
def test_two_numbers_are_two_organisations(coordinator, name):
    numbers = {"nip": ("5272615345", "7010001454"), "regon": ("141032404", "012100784")}
    one, other = numbers.get(name, ("0000123456", "0000654321"))
    kept, gone = (base.organisation(**{"nip": "", name: value}) for value in (one, other))
    with pytest.raises(Refused):
        merge(kept, gone, coordinator)


def test_a_merge_of_two_open_cases_is_refused_until_one_is_closed(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False)
    first, second = make.case(person=kept), make.case(person=gone)
    with pytest.raises(Refused) as refusal:
        merge(kept, gone, coordinator)
    assert first.number in refusal.value.messages[0] and second.number in refusal.value.messages[0]
    assert Case.objects.get(pk=second.pk).person == gone
    cases.close(second, "resign", by=coordinator, closed_on=datetime.date.today(), reason="Podwójny wpis.")
    merge(kept, gone, coordinator)
    assert set(Case.objects.values_list("person", flat=True)) == {kept.pk}
    assert Participation.objects.get().person == kept
    assert first.participations.get() == second.participations.get() == Participation.objects.get()


def test_the_part_in_a_project_that_has_begun_stays(coordinator):
    kept, gone = base.person(with_pesel=False), base.person()
    body = base.organisation()
    begun = make.case(person=gone, organisation=body, entered=True).participations.get()
    make.case(CaseState.RESIGNED, person=kept)
    merge(kept, gone, coordinator)
    assert list(Participation.objects.values_list("pk", "person", "state")) == [(begun.pk, kept.pk, "entered")]


def test_two_who_both_entered_a_project_are_corrected_in_sm_efs_first(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False, birth_date=datetime.date(1984, 5, 14))
    services.set_identifier(gone, by=coordinator, kind="other", value="ABC123456")
    make.case(person=kept, entered=True, organisation=base.organisation())
    make.case(person=gone, entered=True, organisation=base.organisation())
    Person.objects.filter(pk=gone.pk).update(identifier_kind="none", identifier_index=None, identifier_cipher=None)
    with pytest.raises(Refused) as refusal:
        merge(kept, Person.objects.get(pk=gone.pk), coordinator)
    assert "FELB.06.10-IZ.00-0007/24" in refusal.value.messages[0]


def test_consents_given_twice_are_both_kept_and_a_withdrawal_counts_for_what_was_given_before_it(coordinator, client):
    kept, gone = base.person(), base.person(with_pesel=False)
    contact, image, news = consents.texts()[:3]
    noon = clock.now() - datetime.timedelta(days=30)

    def give(days, text, person):
        with clock.at(noon + datetime.timedelta(days=days)):
            return consents.give(text, person=person, channel="letter", by=coordinator)

    def withdraw(days, consent):
        with clock.at(noon + datetime.timedelta(days=days)):
            return consents.withdraw(consent)

    both = [give(0, contact, kept), give(1, contact, gone)]  # in force twice
    before = give(2, image, kept)
    withdrawn = withdraw(4, give(3, image, gone))  # and by this the one before
    first = withdraw(5, give(0, news, kept))
    after = give(6, news, gone)  # given again since
    link = consents.link(gone)
    merge(kept, gone, coordinator)
    told = {row.pk: (row.withdrawn_at, row.withdrawn_by) for row in kept.consents.all()}
    assert told == {
        **{row.pk: (None, None) for row in (*both, after)},
        **dict.fromkeys((before.pk, withdrawn.pk), (withdrawn.withdrawn_at, None)),
        first.pk: (first.withdrawn_at, None),
    }
    assert Merge.objects.get().moved["intake.Consent"] == 3
    assert {row.pk for row in client.get(link).context["consents"]} == set(told)
    consents.withdraw(both[0], by=coordinator)  # one withdrawal takes both back
    assert not kept.consents.filter(text=contact, withdrawn_at=None).exists()


def test_sensitive_answers_fill_one_another_and_the_kept_ones_win(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False)
    PersonSensitive.objects.create(person=kept, minority="no")
    PersonSensitive.objects.create(person=gone, minority="yes", disability="refused")
    merge(kept, gone, coordinator)
    assert list(PersonSensitive.objects.values_list("person", "minority", "disability")) == [(kept.pk, "no", "refused")]


def test_sensitive_answers_of_the_second_alone_come_along(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False)
    PersonSensitive.objects.create(person=gone, homeless="yes")
    merge(kept, gone, coordinator)
    assert list(PersonSensitive.objects.values_list("person", "homeless")) == [(kept.pk, "yes")]


def test_of_two_organisations_the_ties_are_joined(coordinator):
    kept, gone, third = base.organisation(), base.organisation(nip=""), base.organisation()
    person = base.person()
    for body in (kept, gone):
        Contact.objects.create(organisation=body, person=person, role="prezes", main=True, valid_from=DAY)
    UndertakingLink.objects.create(organisation=kept, other=gone, kind=LinkKind.MAJORITY, valid_from=DAY, source="KRS")
    UndertakingLink.objects.create(organisation=gone, other=third, kind=LinkKind.MAJORITY, valid_from=DAY, source="KRS")
    for body, due in ((kept, datetime.date(2026, 9, 1)), (gone, datetime.date(2026, 8, 1))):
        StatusDuty.objects.create(organisation=body, job_created_on=DAY, due_on=due)
    with pytest.raises(Refused):  # the same person in the same role twice, one as main contact: somebody looks first
        merge(kept, gone, coordinator)
    Contact.objects.filter(organisation=gone).update(role="skarbnik")
    merge(kept, gone, coordinator)
    assert set(Contact.objects.values_list("organisation", "role", "main")) == {
        (kept.pk, "prezes", True),
        (kept.pk, "skarbnik", False),
    }
    assert list(UndertakingLink.objects.values_list("organisation", "other")) == [(kept.pk, third.pk)]
    assert list(StatusDuty.objects.values_list("organisation", "due_on")) == [(kept.pk, datetime.date(2026, 8, 1))]


def test_a_chain_of_merges_leads_to_the_last(coordinator, client):
    one, two, three = (base.person(with_pesel=False) for _ in range(3))
    merge(two, one, coordinator)
    merge(three, two, coordinator)
    assert set(Person.objects.exclude(pk=three.pk).values_list("merged_into", flat=True)) == {three.pk}
    client.force_login(coordinator)
    for gone in (one, two):
        page = reverse("register:person", args=[gone.public_id])
        assert client.get(page).url == reverse("register:person", args=[three.public_id])


def test_what_is_merged_is_merged(coordinator):
    kept, gone, other = (base.person(with_pesel=False) for _ in range(3))
    merge(kept, gone, coordinator)
    for one, two in ((kept, gone), (gone, kept), (gone, other), (other, gone)):
        with pytest.raises(Stale):
            merge(one, two, coordinator)
    with pytest.raises(Refused):
        merge(kept, kept, coordinator)
    with pytest.raises(Stale):
        services.update_person(gone, by=coordinator, first_name="Ktoś")
    with pytest.raises(Stale):
        make.case(person=gone)
    with pytest.raises(InternalError), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(first_name="Ktoś")
    with pytest.raises(InternalError), transaction.atomic():
        Merge.objects.update(reason="inny")


def test_a_tombstone_is_in_no_list_search_or_question(coordinator, client):
    kept, gone = base.person(first_name="Zenobia"), base.person(first_name="Zenobia", with_pesel=False)
    merge(kept, gone, coordinator)
    client.force_login(coordinator)
    for url in (
        reverse("register:people") + "?q=Zenobia",
        reverse("staff:search") + "?q=Zenobia",
        reverse("register:person-merge", args=[kept.public_id]) + "?q=Zenobia",
    ):
        text = client.get(url).content.decode()
        assert str(gone.public_id) not in text
    assert queries.similar_people(first_name="Zenobia", last_name=gone.last_name) == [kept]
    assert client.get(reverse("register:person-edit", args=[gone.public_id])).status_code == 404


def test_who_may_not_merge(coordinator):
    kept, gone = base.person(), base.person(with_pesel=False)
    with pytest.raises(PermissionDenied):
        merge(kept, gone, base.user(Role.ADVISER))
    with pytest.raises(Refused):
        merging.merge(kept, gone, by=coordinator, reason="  ")
    assert not coordinator.has_right(Right.ADMINISTER)


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_one_is_made(transactional_db):
    by = base.user(Role.COORDINATOR)
    one, two = base.person(with_pesel=False), base.person(with_pesel=False)
    pairs = [(one, two), (two, one)]
    results = at_once(2, lambda n: merge(*pairs[n], by))
    assert sorted(type(result).__name__ for result in results) == ["Person", "Stale"]
    assert Merge.objects.count() == 1
    assert Person.objects.filter(merged_into=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_opened_while_its_client_is_merged_is_of_the_kept_one_or_not_at_all(transactional_db):
    project = base.project()
    by = base.user(Role.COORDINATOR, projects=[project])
    kept, gone = base.person(with_pesel=False), base.person(with_pesel=False)

    def act(number):
        return merge(kept, gone, by) if number else make.case(person=gone, project=project)

    at_once(2, act)
    assert not Case.objects.filter(person=gone).exists()
    assert merging.count_references(Person.objects.get(pk=gone.pk)) == []


def test_side_by_side_and_merged_on_the_page(coordinator, client):
    kept = base.person(first_name="Anna", phone="", email="anna@example.org")
    gone = base.person(first_name="Anna", phone="600700800", email="ania@example.org", with_pesel=False)
    client.force_login(coordinator)
    url = reverse("register:person-merge-with", args=[kept.public_id, gone.public_id])
    rows = {row["name"]: row for row in client.get(url).context["rows"]}
    assert rows["phone"]["taken"] and not rows["email"]["taken"]
    assert not rows["first_name"]["differ"]
    assert client.post(url, {"reason": ""}).status_code == 200
    answer = client.post(url, {"reason": "ta sama", "take": ["phone"]})
    assert answer.url == reverse("register:person", args=[kept.public_id])
    kept.refresh_from_db()
    assert (kept.phone, kept.email) == ("600700800", "anna@example.org")
    page = client.get(answer.url)
    shown = [panel["panel"] for panel in page.context["panels"] if panel["template"] == "register/_merged.html"]
    assert [(made.reason, one.pk) for made, one in shown[0]["merged"]] == [("ta sama", gone.pk)]


def test_while_typing_similar_records_are_shown_those_of_other_units_only_counted(client):
    adviser = base.user(Role.ADVISER)
    partner = base.unit(kind="partner")
    mine = base.person(first_name="Wiesława", last_name="Brzęczyszczykiewicz")
    base.person(first_name="Wieslawa", last_name="Brzeczyszczykiewicz", units=[partner])
    client.force_login(adviser)
    url = reverse("register:people-similar")
    found = client.post(url, {"first_name": "Wiesława", "last_name": "Brzęczyszczykewicz"})  # spelt wrong
    assert [person.pk for person in found.context["similar"]] == [mine.pk]
    assert found.context["similar_elsewhere"] == 1
    assert client.post(url, {"first_name": "W"}).context["similar"] == []
    by_mail = client.post(url, {"email": mine.email.upper()})
    assert [person.pk for person in by_mail.context["similar"]] == [mine.pk]
    assert client.get(url).status_code == 405


def test_while_typing_an_organisation(client):
    body = base.organisation(name="Stowarzyszenie Kuźnia Pomysłów", email="kuznia@example.org")
    client.force_login(base.user(Role.ADVISER))
    url = reverse("register:organisations-similar")
    for typed in ({"nip": body.nip}, {"name": "kuznia pomyslow"}, {"name": "Kuźna Pomysłów"}, {"email": body.email}):
        assert [one.pk for one in client.post(url, typed).context["similar"]] == [body.pk], typed


def test_references_leave_histories_out():
    for model in (Person, Organisation):
        assert all(isinstance(field, models.ForeignKey) for field in merging.references(model))
        assert not [field for field in merging.references(model) if field.model.__name__.endswith("Event")]
