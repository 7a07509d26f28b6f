"""The staff's side: who sees what, the list, every decision, who was second."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.cases.models import Case
from centrum.intake import appeals, completion, panels, queries, services
from centrum.intake.enums import APPLICATION_MOVES, OPEN, ApplicationState
from centrum.intake.models import Application
from centrum.kit import transitions
from centrum.kit.models import OutboxMessage, StateChange
from centrum.register.models import Person
from centrum.reporting.models import Participation
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make

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


def letters(application):
    return OutboxMessage.objects.filter(about=application.number).count()


def confirm(client, action, application, data, *, send=True, **letter):
    """Both pages of a decision: the form with `data`, then the letter, sent or kept back; returns the last answer."""
    shown = client.post(url(action, application), data)
    form = shown.context["form"]
    assert shown.templates[0].name == "intake/letter.html", form.errors
    typed = {name: form.initial[name] for name in ("subject", "body")} | {"send": "yes" if send else "no"} | letter
    second = {f"letter-{name}": value for name, value in typed.items()}
    return client.post(url(action, application), {**data, **second, "seen": shown.context["seen"], "confirm": "1"})


# Who sees what


def test_drafts_are_seen_by_nobody(office):
    draft = make.draft()
    assert office.get(url("application", draft)).status_code == 404
    assert office.get("/biuro/wnioski/?state=all").context["page"].rows == []


def test_partners_see_their_own_and_the_lead_what_nobody_has():
    lead, partner = base.unit(), base.unit(UnitKind.PARTNER)
    adviser, theirs = base.user(Role.ADVISER), base.user(Role.COORDINATOR, unit_=partner)
    wide = base.user(Role.COORDINATOR)
    new, given, own = make.submitted(), make.submitted(), make.submitted()
    given = services.take(make.impartial(given, wide), by=wide, assignee=theirs)
    own = services.take(make.impartial(own, adviser), by=adviser, assignee=adviser)
    assert (given.unit, own.unit) == (partner, lead)
    assert set(queries.visible_applications(wide)) == {new, given, own}
    assert set(queries.visible_applications(adviser)) == {new, own}
    assert set(queries.visible_applications(theirs)) == {given}
    client = Client()
    client.force_login(theirs)
    assert client.get(url("application", new)).status_code == 404
    assert client.get(url("application", given)).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_rights_of_each_role(role):
    application = make.submitted()
    client = Client()
    client.force_login(base.user(role))
    seen = 403 if role == Role.ADMINISTRATOR else 200
    assert client.get("/biuro/wnioski/").status_code == seen
    # an auditor sees a sample of people alone, and this applicant is not in it
    of_sample = 404 if role == Role.AUDITOR else seen
    assert client.get(url("application", application)).status_code == of_sample
    edits = role in (Role.ADVISER, Role.COORDINATOR, Role.LOAN_OFFICER, Role.MANAGER)
    assert client.get(url("take", application)).status_code == (200 if edits else 403)
    decides = role in (Role.COORDINATOR, Role.MANAGER)
    application = make.in_state("verification")
    for action in ("accept", "reserve", "reject"):
        assert client.get(url(action, application)).status_code == (200 if decides else 403)
        assert client.post(url(action, application), {}).status_code == (200 if decides else 403)


def test_without_a_session_one_is_asked_to_sign_in(client):
    application = make.submitted()
    for path in ("/biuro/wnioski/", url("application", application), url("accept", application)):
        assert client.get(path).status_code == 302


# The list


def test_list_filters(office, boss):
    make.submitted()
    mine = make.taken(ORGANISATION, by=boss)
    rejected = make.in_state("rejected")
    rows = lambda query: [row.pk for row in office.get(f"/biuro/wnioski/?{query}").context["page"].rows]  # noqa: E731
    assert len(rows("")) == 2
    assert rows("state=rejected") == [rejected.pk]
    assert rows("assignee=me") == [mine.pk]
    assert len(rows("assignee=none")) == 1
    assert rows("kind=organisation_support") == [mine.pk]
    assert rows("q=zuraw") == [mine.pk]
    assert len(rows("q=ZRODLAK&state=all")) == 2
    assert rows(f"q={rejected.number}&state=all") == [rejected.pk]
    assert len(rows("state=nonsense")) == 2
    assert rows("q=" + "x" * 5000) == rows("") and rows("order=nonsense&after=zzz") == rows("")
    assert rows("order=oldest") == rows("")[::-1]


def test_list_and_page_cost_the_same_with_one_row_and_three(office, boss, django_assert_max_num_queries):
    def queries_of(path):
        with django_assert_max_num_queries(100) as captured:
            assert office.get(path).status_code == 200
        return len(captured)

    first = make.taken(by=boss)
    one = queries_of("/biuro/wnioski/")
    make.taken(ORGANISATION, by=boss)
    make.taken(by=base.user(Role.ADVISER))
    assert queries_of("/biuro/wnioski/") == one <= 12
    page = queries_of(url("application", first))
    services.reserve(first, by=boss, reason="Brak miejsc.")
    services.take(first, by=boss, assignee=boss)
    assert queries_of(url("application", first)) == page


def test_what_waits(boss):
    make.submitted()
    make.taken(by=boss)
    make.taken(by=base.user(Role.ADVISER))
    make.in_state("accepted", by=boss)
    assert queries.waiting_count(boss) == 2
    assert [a.state for a in panels.my_day(boss, None)["applications"]] == ["submitted", "verification"]
    assert panels.my_day(base.user(Role.AUDITOR), None) is None


def test_search_finds_number_and_applicant(boss):
    application = make.submitted()
    assert [hit.url for hit in panels.find(boss, "źródlak", 5)] == [url("application", application)]
    assert [hit.url for hit in panels.find(boss, application.number, 5)] == [url("application", application)]
    assert panels.find(boss, "nikt", 5) == []


# Decisions


@pytest.mark.parametrize("kind", [PERSON, ORGANISATION], ids=lambda kind: kind.code)
@pytest.mark.parametrize("state", ApplicationState.values[1:])
def test_page_of_an_application_in_every_state(office, boss, state, kind):
    application = make.in_state(state, kind, by=boss)
    response = office.get(url("application", application))
    assert response.status_code == 200
    assert [m["url"] for m in response.context["moves"]] == [
        url(m.action, application) for m in APPLICATION_MOVES if state in m.sources and m.right
    ]
    assert application.applicant in response.content.decode()


def test_taking_up_and_giving_to_a_colleague(office, boss):
    colleague, accountant = base.user(Role.ADVISER), base.user(Role.ACCOUNTANT)
    application = make.submitted()
    declared = {"impartial": "on"}
    assert office.post(url("take", application), {"assignee": accountant.pk, **declared}).status_code == 200
    assert office.post(url("take", application), {"assignee": colleague.pk}).status_code == 200
    response = office.post(url("take", application), {"assignee": colleague.pk, **declared})
    assert response.url == url("application", application)
    application.refresh_from_db()
    assert (application.state, application.assignee, application.unit) == ("verification", colleague, colleague.unit)


@pytest.mark.parametrize("mail", [True, False])
@pytest.mark.parametrize(("action", "target"), [("ask", "completion"), ("reserve", "reserve"), ("reject", "rejected")])
def test_decisions_with_a_reason(office, boss, action, target, mail):
    application = make.taken(by=boss)
    before = letters(application)
    said = "text" if action == "ask" else "reason"
    data = {said: "Opisz & popraw <to>.", "page_potrzeba": ["description"], "due_on": "3.12.2099"}
    assert office.post(url(action, application), data | {said: " "}).context["form"].errors
    assert confirm(office, action, application, data, send=mail).url == url("application", application)
    application.refresh_from_db()
    assert application.state == target
    assert StateChange.objects.order_by("id").last().reason == "Opisz & popraw <to>."
    assert letters(application) == before + mail
    if mail:
        message = OutboxMessage.objects.order_by("id").last()
        assert "Opisz & popraw <to>." in message.body and message.to == application.email
        assert bool(re.search(r"/wnioski/wroc/\S+", message.body)) == (action == "ask")
        assert "[link]" not in message.body


def accept_data(boss, **changes):
    return {
        "project": base.project().pk,
        "unit": boss.unit.pk,
        "adviser": boss.pk,
        "person": "new",
    } | changes


def test_accepting_a_person_opens_their_case(office, boss):
    application = make.checked(make.taken(by=boss), by=boss)
    assert office.get(url("accept", application)).status_code == 200
    response = confirm(office, "accept", application, accept_data(boss))
    assert response.status_code == 302, response.context["form"].errors
    case = Case.objects.get(application=application)
    person = Person.objects.get()
    assert (case.person, case.organisation, case.adviser, case.unit) == (person, None, boss, boss.unit)
    assert (str(person), person.email, person.locality) == ("Łucja Źródlak", "lucja@example.org", "Dobiegniew")
    assert list(person.units.all()) == [boss.unit]
    assert Participation.objects.get().person == person
    application.refresh_from_db()
    assert (application.state, application.decided_by) == ("accepted", boss)
    assert letters(application) == 2
    assert case.number in office.get(url("application", application)).content.decode()


def test_accepting_an_organisation_makes_both_rows(office, boss):
    application = make.checked(make.taken(ORGANISATION, by=boss), by=boss)
    response = confirm(office, "accept", application, accept_data(boss, organisation="new"))
    assert response.status_code == 302, response.context["form"].errors
    case = Case.objects.get(application=application)
    answers = application.organisation_support
    assert (case.organisation.nip, case.organisation.name) == (answers.nip, answers.name)
    assert (str(case.person), case.client) == ("Jan Łąka", answers.name)


def test_same_nip_is_the_same_organisation(office, boss):
    known = base.organisation(units=[base.unit(UnitKind.PARTNER)])
    someone = base.person(first_name="Jan", last_name="Łąka", email="zuraw@example.org")
    pages = make.organisation_pages(nip=known.nip)
    application = make.checked(make.taken(ORGANISATION, by=boss, pages=pages), by=boss)
    form = office.get(url("accept", application)).context["form"]
    assert [value for value, _label in form.fields["organisation"].choices] == [str(known.pk)]
    assert [value for value, _label in form.fields["person"].choices] == [str(someone.pk), "new"]
    assert office.post(url("accept", application), accept_data(boss, organisation="new")).status_code == 200
    data = accept_data(boss, organisation=known.pk, person=someone.pk)
    assert confirm(office, "accept", application, data).status_code == 302
    case = Case.objects.get()
    assert (case.organisation, case.person) == (known, someone)
    assert boss.unit in known.units.all()


def test_people_whom_one_does_not_see_are_not_shown():
    partner = base.unit(UnitKind.PARTNER)
    theirs = base.user(Role.COORDINATOR, unit_=partner, projects=[base.project()])
    base.person(first_name="Łucja", last_name="Źródlak")
    application = make.taken(by=theirs)
    client = Client()
    client.force_login(theirs)
    form = client.get(url("accept", application)).context["form"]
    assert [value for value, _label in form.fields["person"].choices] == ["new"]


def test_nothing_is_half_written_when_a_part_fails(office, boss):
    first = make.in_state("accepted", by=boss)
    application = make.checked(make.taken(by=boss), by=boss)
    same = Person.objects.get()
    before = (Case.objects.count(), Person.objects.count(), OutboxMessage.objects.count(), StateChange.objects.count())
    response = office.post(url("accept", application), accept_data(boss, person=same.pk))
    assert response.status_code == 200 and response.context["form"].non_field_errors()
    assert first.case.number in response.content.decode()
    application.refresh_from_db()
    assert application.state == "verification"
    after = (Case.objects.count(), Person.objects.count(), OutboxMessage.objects.count(), StateChange.objects.count())
    assert after == before


def test_nip_taken_meanwhile_is_told_and_nothing_is_written(boss):
    application = make.checked(make.taken(ORGANISATION, by=boss), by=boss)
    base.organisation(nip=application.organisation_support.nip)
    people = Person.objects.count()
    with pytest.raises(transitions.Refused):
        services.accept(
            application, by=boss, project=base.project(), unit=boss.unit, adviser=boss, person=None, organisation=None
        )
    application.refresh_from_db()
    assert (application.state, Person.objects.count(), Case.objects.count()) == ("verification", people, 0)


@pytest.mark.parametrize(
    "changes",
    [{"person": "0"}, {"person": "x"}, {"project": "0"}, {"unit": "0"}, {"adviser": "9" * 30}, {"adviser": ""}],
)
def test_accepting_with_choices_that_are_not_offered(office, boss, changes):
    application = make.taken(by=boss)
    response = office.post(url("accept", application), accept_data(boss, **changes))
    assert (response.status_code, list(response.context["form"].errors)) == (200, list(changes))
    assert Case.objects.count() == 0


def test_adviser_must_work_where_the_case_goes(office, boss):
    application = make.taken(by=boss)
    stranger = base.user(Role.ADVISER)
    partner = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER), projects=[base.project()])
    for adviser in (stranger, partner):
        response = office.post(url("accept", application), accept_data(boss, adviser=adviser.pk))
        assert (response.status_code, list(response.context["form"].errors)) == (200, ["adviser"])


def test_who_comes_second_sees_what_the_first_did(office, boss):
    colleague = base.user(Role.MANAGER, projects=[base.project()])
    application = make.taken(by=boss)
    services.reject(make.impartial(application, colleague), by=colleague, reason="Poza obszarem.")
    for action, data in (("accept", accept_data(boss)), ("reject", {"reason": "Nie."}), ("ask", {"reason": "Co?"})):
        response = office.post(url(action, application), data, follow=True)
        assert response.redirect_chain == [(url("application", application), 302)]
        assert str(colleague) in str(next(iter(response.context["messages"])))
    assert Case.objects.count() == 0 and letters(application) == 1


def test_stale_between_page_and_service(office, boss):
    """The state changes after the view has looked: the service refuses, the page tells."""
    application = make.taken(by=boss)
    stale = Application.objects.get(pk=application.pk)
    services.reserve(application, by=boss, reason="Brak miejsc.")
    with pytest.raises(transitions.Stale):
        completion.ask(stale, by=boss, text="Co?", fields=["description"])


def test_rollback_sends_nothing(boss):
    application = make.taken(by=boss)
    before = OutboxMessage.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.reject(application, by=boss, reason="Nie.")
        raise RuntimeError
    application.refresh_from_db()
    assert (application.state, OutboxMessage.objects.count()) == ("verification", before)


# Every (state, action) pair


DO = {
    "submit": lambda a, by: services.submit(a, clauses=queries.current_clauses(), language="pl"),
    "settle": lambda a, by: transitions.move(a, "settle", by=None),
    "resubmit": lambda a, by: services.resubmit(a),
    "take": lambda a, by: services.take(a, by=by, assignee=by),
    "hand_on": lambda a, by: services.hand_on(a, by=by, assignee=base.user(Role.ADVISER)),
    "ask": lambda a, by: completion.ask(a, by=by, text="Co?", fields=["description"]),
    "accept": lambda a, by: services.accept(a, by=by, project=base.project(), unit=by.unit, adviser=by, person=None),
    "reserve": lambda a, by: services.reserve(a, by=by, reason="Brak miejsc."),
    "reject": lambda a, by: services.reject(a, by=by, reason="Nie."),
    "withdraw": lambda a, by: services.withdraw(a),
    "appeal": lambda a, by: appeals.submit(a, text="Nie zgadzam się."),
    "uphold": lambda a, by: appeals.uphold(a, by=by, reason="Racja."),
    "dismiss": lambda a, by: appeals.dismiss(a, by=by, reason="Bez zmian."),
}
# a repeat by the applicant's browser is answered with what is there, not refused
REPEATS = {("submit", s) for s in ApplicationState.values[1:]} | {("resubmit", "verification")}


@pytest.mark.parametrize("action", [m.action for m in APPLICATION_MOVES])
@pytest.mark.parametrize("state", ApplicationState.values)
def test_every_state_and_action(boss, state, action):
    application = make.in_state(state, by=boss)
    move = transitions.find(APPLICATION_MOVES, action)
    if move.right and state in OPEN:
        make.impartial(application, boss)
    if action == "accept" and state in move.sources:
        make.checked(application, by=boss)
    changes, mails = StateChange.objects.count(), OutboxMessage.objects.count()
    if state in move.sources:
        assert DO[action](application, boss).state == move.target
        assert StateChange.objects.count() == changes + 1
    elif (action, state) in REPEATS:
        assert DO[action](application, boss).state == state
        assert (StateChange.objects.count(), OutboxMessage.objects.count()) == (changes, mails)
    else:
        with pytest.raises(transitions.Stale):
            DO[action](application, boss)
        application.refresh_from_db()
        assert application.state == state
        assert (StateChange.objects.count(), OutboxMessage.objects.count()) == (changes, mails)


ARROWS = {(source, move.target) for move in APPLICATION_MOVES for source in move.sources}


@pytest.mark.parametrize("target", ApplicationState.values)
@pytest.mark.parametrize("state", ApplicationState.values)
def test_database_refuses_what_the_table_does_not_know(boss, state, target):
    if (state, target) in ARROWS or state == target:
        return
    application = make.in_state(state, by=boss)
    with pytest.raises(InternalError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=target)


@pytest.mark.parametrize("action", [m.action for m in APPLICATION_MOVES if m.right])
def test_clients_do_not_decide_and_auditors_neither(action):
    state = transitions.find(APPLICATION_MOVES, action).sources[0]
    application = make.in_state(state)
    for by in (None, base.user(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            transitions.move(application, action, by=by)
