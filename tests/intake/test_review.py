"""On the way to a decision: impartiality, the formal checklist, second opinions."""

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.intake import appeals, completion, panels, queries, review, services
from centrum.intake.models import CheckAnswer, Declaration, Opinion
from centrum.kit import transitions
from centrum.kit.models import StateChange
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make
from tests.threads import at_once

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


def accept(application, by, **more):
    return services.accept(application, by=by, project=base.project(), unit=by.unit, adviser=by, person=None, **more)


STEPS = {
    "take": ("submitted", lambda a, by: services.take(a, by=by, assignee=by)),
    "hand_on": ("verification", lambda a, by: services.hand_on(a, by=by, assignee=base.user(Role.ADVISER))),
    "ask": ("verification", lambda a, by: completion.ask(a, by=by, text="Co?", fields=["description"])),
    "reserve": ("verification", lambda a, by: services.reserve(a, by=by, reason="Brak miejsc.")),
    "reject": ("verification", lambda a, by: services.reject(a, by=by, reason="Nie.")),
    "accept": ("verification", accept),
    "uphold": ("appeal", lambda a, by: appeals.uphold(a, by=by, reason="Racja.")),
    "dismiss": ("appeal", lambda a, by: appeals.dismiss(a, by=by, reason="Bez zmian.")),
    "checklist": ("verification", lambda a, by: review.save_checklist(a, by=by, answers={"need": ("yes", "")})),
    "opinion": (
        "verification",
        lambda a, by: review.ask_opinion(a, by=by, of=base.user(Role.ADVISER), question="Co sądzisz?"),
    ),
}


# Impartiality


@pytest.mark.parametrize("declared", ["nothing", "conflict"])
@pytest.mark.parametrize("step", STEPS)
def test_no_step_without_impartiality(boss, step, declared):
    state, act = STEPS[step]
    application = make.in_state(state, by=base.user(Role.COORDINATOR, projects=[base.project()]))
    if declared == "conflict":
        review.declare(application, by=boss, conflict=True, text="Siostra.")
    changes = StateChange.objects.count()
    with pytest.raises(transitions.Refused):
        act(application, boss)
    application.refresh_from_db()
    assert (application.state, StateChange.objects.count()) == (state, changes)


def test_declaring_again_changes_nothing_and_a_conflict_stays(boss):
    application = make.submitted()
    first = review.declare(application, by=boss, conflict=False)
    assert review.declare(application, by=boss, conflict=False) == first
    with pytest.raises(transitions.Refused):
        review.declare(application, by=boss, conflict=True, text="  ")
    told = review.declare(application, by=boss, conflict=True, text="Wspólna firma.")
    assert review.declare(application, by=boss, conflict=True, text="Coś innego.") == told
    for conflict in (False, True):
        assert Declaration.objects.filter(by=boss, conflict=conflict).count() == 1
    assert (told.text, review.has_conflict(application, boss)) == ("Wspólna firma.", True)


def test_an_application_in_which_one_has_a_conflict_waits_for_the_others(boss):
    application = make.submitted()
    other = base.user(Role.COORDINATOR, projects=[base.project()])
    review.declare(application, by=boss, conflict=True, text="Brat.")
    assert [list(queries.waiting_for(user)) for user in (boss, other)] == [[], [application]]
    assert [queries.waiting_count(user) for user in (boss, other)] == [0, 1]


def test_an_application_in_conflicted_hands_is_nobodys_again(boss):
    adviser = base.user(Role.ADVISER)
    application = make.taken(by=adviser)
    review.declare(application, by=adviser, conflict=True, text="Sąsiadka.")
    application.refresh_from_db()
    assert (application.assignee, application.state) == (None, "verification")
    make.impartial(application, boss)
    with pytest.raises(transitions.Refused):
        services.hand_on(application, by=boss, assignee=adviser)
    assert adviser not in review.colleagues(application, boss)
    assert services.hand_on(application, by=boss, assignee=boss).assignee == boss


def test_taking_up_asks_for_one_tick_that_is_never_made_beforehand(office, boss):
    application = make.submitted()
    form = office.get(url("take", application)).context["form"]
    assert (form.fields["impartial"].required, form["impartial"].value()) == (True, None)
    assert list(office.post(url("take", application), {"assignee": boss.pk}).context["form"].errors) == ["impartial"]
    assert Declaration.objects.count() == 0
    assert office.post(url("take", application), {"assignee": boss.pk, "impartial": "on"}).status_code == 302
    assert [(d.by, d.conflict) for d in review.declarations(application)] == [(boss, False)]
    assert "impartial" not in office.get(url("reject", application)).context["form"].fields


def test_page_of_an_application_in_which_one_has_a_conflict(office, boss):
    application = make.taken(by=base.user(Role.ADVISER))
    assert office.post(url("conflict", application), {"text": " "}).context["form"].errors
    assert office.post(url("conflict", application), {"text": "Brat."}).url == url("application", application)
    page = office.get(url("application", application))
    assert (page.context["barred"], page.context["moves"], page.context["works"]) == (True, [], False)
    for name in ("reject", "accept", "checklist", "opinion-ask", "conflict"):
        assert office.get(url(name, application)).url == url("application", application)


def test_nothing_is_declared_when_a_decision_fails(office, boss):
    application = make.taken(by=base.user(Role.ADVISER))
    data = {"project": base.project().pk, "unit": boss.unit.pk, "adviser": boss.pk, "person": "new", "impartial": "on"}
    response = office.post(url("accept", application), data)
    assert response.context["form"].non_field_errors()
    assert not Declaration.objects.filter(by=boss).exists()


# The checklist


@pytest.mark.parametrize("kind", [PERSON, ORGANISATION], ids=lambda kind: kind.code)
def test_checklist_is_filled_in_on_one_page_and_stands_on_the_application(office, boss, kind):
    application = make.taken(kind, by=boss)
    codes = [item.code for item in kind.checklist]
    data = {code: "yes" for code in codes} | {codes[0]: "no"}
    response = office.post(url("checklist", application), data)
    assert list(response.context["form"].errors) == [f"{codes[0]}-note"]
    assert CheckAnswer.objects.count() == 0
    data[f"{codes[0]}-note"] = "Nie z tej gminy."
    assert office.post(url("checklist", application), data).url == url("application", application)
    page = office.get(url("application", application))
    assert (page.context["answered"], "Nie z tej gminy." in page.content.decode()) == (len(codes), True)
    assert {a.by for a in CheckAnswer.objects.all()} == {boss}


def test_who_answered_stays_with_answers_that_stay(boss):
    application = make.taken(by=boss)
    review.save_checklist(application, by=boss, answers={"area": ("yes", ""), "need": ("yes", "")})
    other = base.user(Role.ADVISER)
    make.impartial(application, other)
    review.save_checklist(application, by=other, answers={"area": ("yes", ""), "need": ("na", "Do uzgodnienia.")})
    assert {p.item.code: p.answer.by for p in review.checklist(application) if p.answer} == {
        "area": boss,
        "need": other,
    }
    history = apps.get_model("intake", "CheckAnswerEvent").objects.filter(item="need").order_by("pgh_id")
    assert [event.verdict for event in history] == ["yes", "na"]


def test_acceptance_wants_every_point_and_no_no(boss):
    application = make.taken(by=boss)
    with pytest.raises(transitions.Refused) as missing:
        accept(application, boss)
    assert all(str(item.text) in " ".join(missing.value.messages) for item in PERSON.checklist)
    make.checked(application, by=boss)
    review.save_checklist(application, by=boss, answers={"area": ("no", "Spoza obszaru.")})
    with pytest.raises(transitions.Refused) as unmet:
        accept(application, boss)
    assert [str(i.text) in " ".join(unmet.value.messages) for i in PERSON.checklist] == [
        item.code == "area" for item in PERSON.checklist
    ]
    review.save_checklist(application, by=boss, answers={"area": ("yes", "")})
    assert accept(application, boss).state == "accepted"
    with pytest.raises(transitions.Stale):
        review.save_checklist(application, by=boss, answers={"area": ("na", "")})


def test_rejecting_needs_no_checklist(boss):
    assert services.reject(make.taken(by=boss), by=boss, reason="Nie.").state == "rejected"


def test_point_that_the_checklist_does_not_know(boss):
    with pytest.raises(transitions.Refused):
        review.save_checklist(make.taken(by=boss), by=boss, answers={"nonsense": ("yes", "")})


# Second opinions


def test_opinion_is_asked_seen_and_given_once(client, boss):
    application, colleague = make.taken(by=boss), base.user(Role.ADVISER)
    client.force_login(boss)
    data = {"of": colleague.pk, "question": "Czy to się utrzyma?"}
    assert client.post(url("opinion-ask", application), data).url == url("application", application)
    assert client.post(url("opinion-ask", application), data).context["form"].errors  # still open
    (waiting,) = panels.opinions_asked(colleague, None)["opinions"]
    assert (waiting.application, waiting.asked_by) == (application, boss)
    assert panels.opinions_asked(boss, None) is None
    reject = client.get(url("reject", application))
    assert [o.given_at for o in reject.context["opinions"]] == [None]

    client.force_login(colleague)
    assert client.get(url("application", application)).context["mine"] == waiting
    answer = {"verdict": "against", "text": "Koszty są za wysokie."}
    assert list(client.post(url("opinion", application), answer).context["form"].errors) == ["impartial"]
    assert client.post(url("opinion", application), answer | {"impartial": "on"}).status_code == 302
    given = Opinion.objects.get()
    assert (given.verdict, given.text) == ("against", "Koszty są za wysokie.")
    assert panels.opinions_asked(colleague, None) is None
    assert client.get(url("opinion", application)).url == url("application", application)
    with pytest.raises(transitions.Stale):
        review.give_opinion(given, by=colleague, verdict="for", text="Jednak tak.")


def test_open_question_does_not_block_the_decision(boss):
    application, colleague = make.taken(by=boss), base.user(Role.ADVISER)
    asked = review.ask_opinion(application, by=boss, of=colleague, question="Co sądzisz?")
    make.impartial(application, colleague)
    services.reject(application, by=boss, reason="Nie.")
    assert panels.opinions_asked(colleague, None) is None
    with pytest.raises(transitions.Stale):
        review.give_opinion(asked, by=colleague, verdict="for", text="Tak.")


def test_only_those_who_see_the_application_are_asked(boss):
    application = make.taken(by=boss)
    adviser, manager = base.user(Role.ADVISER), base.user(Role.MANAGER)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    accountant, gone = base.user(Role.ACCOUNTANT), base.user(Role.ADVISER, is_active=False)
    barred = base.user(Role.ADVISER)
    review.declare(application, by=barred, conflict=True, text="Brat.")
    assert set(review.may_be_asked(application, boss)) == {adviser, manager}
    for other in (partner, accountant, gone, barred, boss):
        with pytest.raises(transitions.Refused):
            review.ask_opinion(application, by=boss, of=other, question="Co sądzisz?")
    without_authorisation = base.user(Role.ADVISER, authorised=False)
    with pytest.raises(transitions.Refused):
        review.ask_opinion(application, by=boss, of=without_authorisation, question="Co sądzisz?")


def test_opinion_of_somebody_else(boss):
    application, colleague = make.taken(by=boss), base.user(Role.ADVISER)
    asked = review.ask_opinion(application, by=boss, of=colleague, question="Co sądzisz?")
    with pytest.raises(transitions.Refused):
        review.give_opinion(asked, by=boss, verdict="for", text="Tak.")
    with pytest.raises(PermissionDenied):
        review.give_opinion(asked, by=base.user(Role.AUDITOR), verdict="for", text="Tak.")


def test_page_costs_the_same_with_one_opinion_and_three(office, boss, django_assert_max_num_queries):
    application = make.checked(make.taken(by=boss), by=boss)

    def cost():
        with django_assert_max_num_queries(100) as captured:
            assert office.get(url("application", application)).status_code == 200
        return len(captured)

    def ask():
        review.ask_opinion(application, by=boss, of=base.user(Role.ADVISER), question="Co sądzisz?")

    ask()
    one = cost()
    ask(), ask()
    make.impartial(application, *(base.user(Role.ADVISER) for _n in range(2)))
    assert cost() == one


@pytest.mark.django_db(transaction=True)
def test_one_opinion_given_twice_at_once():
    boss, colleague = base.user(Role.COORDINATOR), base.user(Role.ADVISER)
    application = make.taken(by=boss)
    asked = review.ask_opinion(application, by=boss, of=colleague, question="Co sądzisz?")
    make.impartial(application, colleague)
    results = at_once(4, lambda n: review.give_opinion(asked, by=colleague, verdict="for", text=f"Powód {n}."))
    assert sorted(type(result).__name__ for result in results) == ["Opinion", "Stale", "Stale", "Stale"]
    (given,) = [result for result in results if isinstance(result, Opinion)]
    assert Opinion.objects.get().text == given.text


@pytest.mark.django_db(transaction=True)
def test_conflict_declared_while_deciding():
    """Either the decision came first, or it is refused: never a decision after a conflict."""
    boss = base.user(Role.COORDINATOR)
    application = make.taken(by=boss)

    def act(number):
        if number:
            return review.declare(application, by=boss, conflict=True, text="Brat.")
        return services.reject(application, by=boss, reason="Nie.")

    rejected, declared = at_once(2, act)
    assert {type(rejected).__name__, type(declared).__name__} in (
        {"Application", "Stale"},
        {"Refused", "Declaration"},
    )
