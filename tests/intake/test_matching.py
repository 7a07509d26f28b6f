"""The register beside the application: candidates, differences, what acceptance writes."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.cases.models import Case
from centrum.intake import matching, services
from centrum.kit import transitions
from centrum.register import services as register
from centrum.register.models import Organisation, Person
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make
from tests.intake.test_office import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def url(name, application):
    return reverse(f"inbox:{name}", args=[application.public_id])


def known_person(**data):
    return base.person(**{"first_name": "Łucja", "last_name": "Źródlak", **data})


def ready(kind=PERSON, *, by, **pages):
    typed = make.person_pages(**pages) if kind is PERSON else make.organisation_pages(**pages)
    return make.checked(make.taken(kind, by=by, pages=typed), by=by)


def words(candidate):
    return {d.name: (d.typed, d.held, d.tag) for d in candidate.differences}


def accept_data(by, **changes):
    return {"project": base.project().pk, "unit": by.unit.pk, "adviser": by.pk, "person": "new"} | changes


def key(candidate, name):
    return next(d.key for d in candidate.differences if d.name == name)


def test_every_field_is_compared(boss):
    known_person(email="LUCJA@example.org", phone="", locality="Drezdenko", postal_code="")
    application = ready(by=boss, phone="600 100 200", postal_code="")
    ((candidate,),) = [c.candidates for c in matching.compare(application, boss)]
    assert words(candidate) == {
        "first_name": ("Łucja", "Łucja", "ok"),
        "last_name": ("Źródlak", "Źródlak", "ok"),
        "email": ("lucja@example.org", "LUCJA@example.org", "ok"),
        "phone": ("600100200", "", "info"),
        "postal_code": ("", "", "quiet"),
        "locality": ("Dobiegniew", "Drezdenko", "wait"),
        "commune": words(candidate)["commune"],
    }
    assert len({d.word for d in candidate.differences}) == 4  # a word, not a colour alone


def test_boxes_are_ticked_only_where_the_register_holds_nothing(office, boss):
    person = known_person(phone="", locality="Drezdenko", email="stary@example.org")
    application = ready(by=boss, phone="600 100 200")
    form = office.get(url("accept", application)).context["form"]
    (candidate,) = form.comparisons[0].candidates
    bound = form[f"person_{person.pk}"]
    assert [choice for choice, _label in bound.field.choices] == [d.key for d in candidate.differing]
    assert {d.name: d.key in bound.initial for d in candidate.differing} == {
        d.name: d.missing for d in candidate.differing
    }
    assert key(candidate, "phone") in bound.initial and key(candidate, "email") not in bound.initial


def test_acceptance_writes_what_was_ticked_and_the_journal_knows_who(office, boss):
    person = known_person(phone="", locality="Drezdenko", email="stary@example.org")
    application = ready(by=boss, phone="600 100 200")
    (candidate,) = matching.compare(application, boss)[0].candidates
    data = accept_data(boss, person=person.pk) | {
        f"person_{person.pk}": [key(candidate, "phone"), key(candidate, "email")]
    }
    assert confirm(office, "accept", application, data).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.email, person.locality) == ("600100200", "lucja@example.org", "Drezdenko")
    assert Case.objects.get().person == person
    event = apps.get_model("register", "PersonEvent").objects.filter(pgh_obj=person).order_by("pgh_id").last()
    assert (event.phone, event.pgh_context.metadata["user"]) == ("600100200", boss.pk)


def test_nothing_ticked_leaves_the_register_as_it_was(office, boss):
    person = known_person(phone="", email="stary@example.org")
    application = ready(by=boss, phone="600 100 200")
    assert confirm(office, "accept", application, accept_data(boss, person=person.pk)).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.email) == ("", "stary@example.org")


def test_register_that_changed_meanwhile_is_not_overwritten_unseen(office, boss):
    person = known_person(phone="")
    application = ready(by=boss, phone="600 100 200")
    (candidate,) = matching.compare(application, boss)[0].candidates
    register.update_person(person, by=boss, phone="611222333")
    data = accept_data(boss, person=person.pk) | {f"person_{person.pk}": [key(candidate, "phone")]}
    response = office.post(url("accept", application), data)
    assert list(response.context["form"].errors) == [f"person_{person.pk}"]


def test_number_of_another_record_is_told_kindly_and_nothing_is_written(office, boss):
    known = base.organisation(name="Spółdzielnia Socjalna „Żuraw”", nip="", krs="")
    application = ready(ORGANISATION, by=boss)
    number = application.organisation_support.nip
    comparison = matching.compare(application, boss)[0]
    (candidate,) = comparison.candidates
    assert (candidate.row, comparison.may_be_new) == (known, True)
    base.organisation(name="Inna", nip="", regon="")  # no match
    with pytest.raises(transitions.Refused) as refused:
        other = base.organisation(name="Zupełnie inna", nip=number)
        services.accept(
            application,
            by=boss,
            project=base.project(),
            unit=boss.unit,
            adviser=boss,
            organisation=known,
            person=None,
            take={"organisation": ["nip"]},
        )
    assert list(refused.value.message_dict) == ["nip"]
    assert (other.nip, Organisation.objects.get(pk=known.pk).nip, Case.objects.count()) == (number, "", 0)


def test_hidden_record_with_the_same_number_is_told_of_without_data():
    theirs = base.organisation(units=[base.unit(UnitKind.LEAD)], name="Spółdzielnia „Tajna”")
    partner = base.unit(UnitKind.PARTNER)
    boss = base.user(Role.COORDINATOR, unit_=partner, projects=[base.project()])
    lead = base.user(Role.COORDINATOR, projects=[base.project()])
    application = ready(ORGANISATION, by=boss, nip=theirs.nip)
    (comparison, _contact) = matching.compare(application, boss)
    assert (comparison.hidden, comparison.candidates, comparison.may_be_new) == (True, [], False)
    client = Client()
    client.force_login(boss)
    for name in ("accept", "match"):
        page = client.get(url(name, application)).content.decode()
        assert matching.hidden_text() in page and "Tajna" not in page
    data = accept_data(boss, organisation="new")
    assert "organisation" in client.post(url("accept", application), data).context["form"].errors
    make.impartial(application, boss)
    with pytest.raises(transitions.Refused):
        services.accept(
            application,
            by=boss,
            project=base.project(),
            unit=partner,
            adviser=boss,
            organisation=theirs,
            person=None,
        )
    assert not matching.compare(application, lead)[0].hidden


def test_people_of_other_units_are_not_compared():
    known_person()
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER), projects=[base.project()])
    application = ready(by=partner)
    (comparison,) = matching.compare(application, partner)
    assert (comparison.candidates, comparison.may_be_new) == ([], True)


def test_new_rows_hold_what_was_typed(boss):
    application = ready(ORGANISATION, by=boss)
    answers = application.organisation_support
    services.accept(application, by=boss, project=base.project(), unit=boss.unit, adviser=boss)
    case = Case.objects.get()
    for match in ORGANISATION.matching:
        row = getattr(case, match.name)
        assert {ours: getattr(row, ours) for _theirs, ours in match.pairs} == matching.typed(match, answers)


def test_any_kind_declares_what_it_matches(boss, monkeypatch):
    """A match of another room: other pairs over the same table, nothing else to write."""
    known_person(email="inny@example.org")
    contact = matching.Match("member", matching.PERSON, "Kto to?", (("first_name", "first_name"), ("email", "email")))
    application = ready(by=boss)
    monkeypatch.setattr("centrum.intake.kinds._kinds", {PERSON.code: replace(PERSON, matching=(contact,))})
    (comparison,) = matching.compare(application, boss)
    assert comparison.match.name == "member"
    rows = matching.write(
        application, by=boss, unit=boss.unit, rows={"member": Person.objects.get()}, take={"member": ["email"]}
    )
    assert rows["member"].email == "lucja@example.org"


def test_comparison_costs_the_same_with_one_candidate_and_three(office, boss, django_assert_max_num_queries):
    application = ready(by=boss)

    def cost():
        with django_assert_max_num_queries(100) as captured:
            assert office.get(url("match", application)).status_code == 200
        return len(captured)

    known_person()
    one = cost()
    known_person(), known_person()
    assert cost() == one
