"""Enrolments on the pages of the register: panels, the search, merging, the dossier."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import registry
from centrum.kit.transitions import Refused
from centrum.register import merging
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import trainings as make
from trainings import capacity, enrolments, finders, panels
from trainings.models import Enrolment, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER, projects=[base.project()])


def linked(person, keeper, event=None, **fields):
    row = make.enrolment(event or make.event(by=keeper), **fields)
    return enrolments.link_person(row, by=keeper, person=person)


# Panels and the search


def test_panels_of_person_organisation_and_case(client, keeper):
    person, organisation = base.person(), base.organisation()
    case = case_factory.case(adviser=keeper, person=person)
    first, second = linked(person, keeper), linked(person, keeper, make.event(by=keeper, days=30))
    enrolments.link_organisation(first, by=keeper, organisation=organisation)
    enrolments.link_case(first, by=keeper, case=case)
    assert panels.of_person(keeper, person)["enrolments"] == [second, first]
    assert panels.of_organisation(keeper, organisation)["enrolments"] == [first]
    assert panels.of_case(keeper, case)["enrolments"] == [first]
    assert panels.of_case(keeper, case_factory.case(adviser=keeper)) is None
    client.force_login(keeper)
    page = reverse("trainings:enrolment", args=[first.event.public_id, first.public_id])
    for name, obj in (("register:person", person), ("register:organisation", organisation), ("cases:case", case)):
        assert page in client.get(reverse(name, args=[obj.public_id])).content.decode()


def test_panels_show_events_of_the_own_unit_alone(keeper):
    person = base.person()
    row = linked(person, keeper)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    assert panels.of_person(partner, person)["enrolments"] == []
    assert panels.of_person(base.user(Role.MANAGER), person)["enrolments"] == [row]
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        assert panels.of_person(base.user(role), person) is None


def test_a_panel_asks_no_more_for_three_than_for_one(keeper):
    counts = []
    person = base.person()
    for number in (1, 2):
        for _n in range(number):
            linked(person, keeper)
        with CaptureQueriesContext(connection) as asked:
            assert panels.of_person(keeper, person)["enrolments"]
        counts.append(len(asked))
    assert counts == [2, 2]


def test_who_telephones_is_found_by_name(keeper):
    event = make.event(by=keeper)
    row = make.enrolment(event, first_name="Łucja", last_name="Źródlak")
    (hit,) = finders.find_enrolled(keeper, "zrodlak", 5)
    assert hit.url == reverse("trainings:enrolment", args=[event.public_id, row.public_id])
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    assert finders.find_enrolled(partner, "zrodlak", 5) == []


# Merging


def test_two_enrolments_of_one_event_wait_for_the_staff(keeper):
    kept, gone = base.person(with_pesel=False), base.person(with_pesel=False)
    event = make.event(by=keeper)
    linked(kept, keeper, event)
    second = linked(gone, keeper, event)
    (sentence,) = merging.obstacles(kept, gone)
    assert event.number in sentence
    boss = base.user(Role.COORDINATOR)
    with pytest.raises(Refused):
        merging.merge(kept, gone, by=boss, reason="To samo.")
    capacity.cancel(second, by=keeper, reason="Zapisana dwa razy.")
    merging.merge(kept, gone, by=boss, reason="To samo.")
    assert list(Enrolment.objects.values_list("person", flat=True)) == [kept.pk, kept.pk]


def test_after_the_event_both_rows_stay_and_one_link_goes(keeper):
    kept, gone = base.person(with_pesel=False), base.person(with_pesel=False)
    event = make.event(by=keeper)
    first, second, other = linked(kept, keeper, event), linked(gone, keeper, event), linked(gone, keeper)
    for state in ("running", "settled"):
        Event.objects.filter(pk=event.pk).update(state=state)
    merging.merge(kept, gone, by=base.user(Role.COORDINATOR), reason="To samo.")
    people = dict(Enrolment.objects.values_list("pk", "person"))
    assert people == {first.pk: kept.pk, second.pk: None, other.pk: kept.pk}


def test_enrolments_follow_a_merged_organisation(keeper):
    kept, gone = base.organisation(nip=""), base.organisation(nip="")
    event = make.event(by=keeper)
    for organisation in (kept, gone):
        enrolments.link_organisation(make.enrolment(event), by=keeper, organisation=organisation)
    merging.merge(kept, gone, by=base.user(Role.COORDINATOR), reason="To samo.")
    assert set(Enrolment.objects.values_list("organisation", flat=True)) == {kept.pk}


# The dossier


def test_the_dossier_tells_what_is_linked_and_what_was_typed_alike(keeper):
    person = base.person(first_name="Łucja", last_name="Źródlak", email="lucja@example.org")
    event = make.event(by=keeper, title="Pierwsze", starts_on=make.clock.today() + datetime.timedelta(days=14))
    linked(person, keeper, event, first_name="Inne", last_name="Nazwisko", needs={"loop": True})
    typed = make.event(by=keeper, title="Drugie")
    make.enrolment(typed, first_name="LUCJA", last_name="zrodlak", email="Lucja@example.org")
    # somebody else from the same address, and the same name from another
    make.enrolment(typed, first_name="Obcy", last_name="Sekretny", email="lucja@example.org")
    make.enrolment(make.event(by=keeper, title="Cudze"), first_name="Łucja", last_name="Źródlak", email="x@example.org")
    told = json.dumps(registry.dossier(person), ensure_ascii=False)
    assert [word in told for word in ("Pierwsze", "Drugie", "Sekretny", "Cudze")] == [True, True, False, False]
