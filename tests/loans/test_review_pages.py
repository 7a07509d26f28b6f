"""The pages of the review: the whole way of officer, second assessor, committee and manager; the list."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.intake import review as engine
from centrum.intake import services
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.staff.enums import Role, UnitKind
from loans import review_queries, reviews
from loans.models import CommitteeMember, Decision, Loan, Review, ScoreCard, ScoreCriterion, Vote
from tests.factories import base, intake
from tests.factories import loans as make
from tests.factories import reviews as of

pytestmark = pytest.mark.django_db
CLICK = {"csrfmiddlewaretoken": "x"}  # what a form without fields sends


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def office(officer):
    return signed_in(officer)


def url(name, application):
    return reverse(f"loans:{name}", args=[application.public_id])


def went(response, application, name="review"):
    return (response.status_code, response.get("Location")) == (302, url(name, application))


def state_of(application):
    return Review.objects.get(application=application).state


def card_typed(points="5", **more):
    marks = {f"points-{c.pk}": points for c in ScoreCriterion.objects.all()}
    notes = {f"note-{c.pk}": "" for c in ScoreCriterion.objects.all()}
    return marks | notes | {"text": "Umowy podpisane."} | more


def prepare_typed(**more):
    return {
        "product": str(make.product().pk),
        "amount": "50 000,00",
        "months": "36",
        "grace": "6",
        "method": "equal_principal",
        "conditions": "Polisa pieca.",
        "reasons": "Umowy podpisane.",
        "organisation": "new",
        "person": "new",
        "rows-TOTAL_FORMS": "2",
        "rows-INITIAL_FORMS": "0",
        "rows-0-kind": "bill",
        "rows-0-description": "Weksel in blanco z deklaracją",
        "rows-0-value": "",
        "rows-1-kind": "surety",
        "rows-1-description": "Poręczenie prezeski",
        "rows-1-value": "20 000",
    } | more


def confirmed(client, application, *, carried=None, letter="yes", **changes):
    """The two pages of a confirmation: the decision, then its letter."""
    page = client.get(url("review-confirm", application))
    decision = Decision.objects.filter(review__application=application).latest("pk")
    typed = {"decision": str(decision.pk), "impartial": "on"} | changes
    shown = client.post(url("review-confirm", application), typed)
    if shown.status_code != 200 or "seen" not in (shown.context or {}):
        return page, shown, shown
    written = shown.context["form"].written
    send = {"confirm": "1", "seen": shown.context["seen"], "letter-send": letter}
    text = {"letter-subject": written.subject, "letter-body": written.body}
    done = client.post(url("review-confirm", application), dict(shown.context["carried"]) | send | text)
    return page, shown, done


def test_the_whole_way_through_the_pages(officer, boss, office):
    make.fund()
    application = make.applied(by=officer, amount=50_000)
    chair, first, _second = of.committee(boss)
    # a GET writes nothing
    assert office.get(url("review", application)).status_code == 200
    assert Review.objects.count() == 0
    # the formal check
    page = url("review-assess", application)
    assert office.get(page).status_code == 200
    unmet = office.post(page, CLICK)
    assert (unmet.status_code, bool(unmet.context["form"].non_field_errors())) == (200, True)
    intake.checked(application, by=officer)
    assert went(office.post(page, CLICK), application)
    assert state_of(application) == "assessment"
    # the score card
    page = url("review-card", application)
    wrong = office.post(page, card_typed("100"))
    assert (wrong.status_code, ScoreCard.objects.count()) == (200, 0)
    full = {f"points-{c.pk}": str(c.most) for c in ScoreCriterion.objects.all()}
    assert went(office.post(page, card_typed() | full), application)
    assert went(office.get(page), application)  # nobody fills in a card that is not wanted
    assert went(office.post(url("review-committee", application), CLICK), application)
    assert state_of(application) == "committee"
    # the votes: each declares to be impartial on the way
    for user in (chair, first):
        client = signed_in(user)
        page = url("review-vote", application)
        assert client.get(page).status_code == 200
        assert client.post(page, {"verdict": "for"}).status_code == 200  # without the declaration
        assert went(client.post(page, {"verdict": "for", "impartial": "on"}), application)
    assert Vote.objects.count() == 2
    # the decision
    page = url("review-prepare", application)
    assert office.get(page).status_code == 200
    assert went(office.post(page, prepare_typed()), application)
    decision = Decision.objects.get()
    assert [(s.kind, s.value) for s in decision.securities.all()] == [("bill", None), ("surety", 20_000)]
    # the confirmation with its letter
    manager = signed_in(boss)
    _page, shown, done = confirmed(manager, application, officer=str(officer.pk))
    assert "50" in shown.context["form"].initial["body"] and went(done, application)
    loan = Loan.objects.get()
    assert (loan.officer, loan.amount, loan.committed, state_of(application)) == (officer, 50_000, 50_000, "approved")
    letter = OutboxMessage.objects.get(about=application.number, subject__contains="pożyczk")
    assert "Poręczenie prezeski" in letter.body and "Polisa pieca." in letter.body
    for client in (office, manager):
        shown = client.get(url("review", application))
        assert (shown.context["made"], shown.context["main"]) == (loan, None)
    history = office.get(reverse("inbox:application", args=[application.public_id])).context
    words = [event["text"] for event in history["timeline"]]
    steps = ["ocena merytoryczna", "komitet", "decyzja do zatwierdzenia", "przyznano"]
    assert words == ["przyjęty", *(f"Pożyczka: {step}" for step in reversed(steps)), "w weryfikacji"]


def test_a_rejection_through_the_pages(officer, boss, office):
    make.fund()
    application = make.applied(by=officer)
    page = url("review-refuse", application)
    assert office.post(page, {"reasons": " "}).status_code == 200
    assert went(office.post(page, {"reasons": "Rolnik indywidualny."}), application)
    _page, shown, done = confirmed(signed_in(boss), application)
    assert "Rolnik indywidualny." in shown.context["form"].initial["body"] and went(done, application)
    application = of.fresh(application)
    assert (application.state, state_of(application)) == ("rejected", "rejected")
    assert "Rolnik indywidualny." in OutboxMessage.objects.latest("pk").body


def test_without_the_letter_nothing_is_sent(officer, boss):
    application = of.reviewed("prepared", by=officer)
    before = OutboxMessage.objects.count()
    _page, _shown, done = confirmed(signed_in(boss), application, officer=str(officer.pk), letter="no")
    assert went(done, application) and OutboxMessage.objects.count() == before


def test_sent_back_through_the_pages(officer, boss):
    application = of.reviewed("prepared", by=officer)
    decision = of.decision(application)
    manager = signed_in(boss)
    page = url("review-send-back", application)
    assert manager.get(page).status_code == 200
    typed = {"decision": str(decision.pk), "reason": "Brak poręczenia.", "impartial": "on"}
    assert went(manager.post(page, typed), application)
    assert state_of(application) == "assessment"
    shown = manager.get(url("review", application)).context
    assert (shown["decision"], [d.sent_back_because for d in shown["earlier"]]) == (None, ["Brak poręczenia."])


def test_a_confirmation_of_what_was_prepared_anew_meanwhile(officer, boss):
    application = intake.impartial(of.reviewed("prepared", by=officer), boss)
    first = of.decision(application)
    manager = signed_in(boss)
    _page = manager.get(url("review-confirm", application))
    reviews.send_back(application, by=boss, decision=first, reason="Inna kwota.")
    reviews.to_committee(application, by=officer)
    known = {"organisation": first.organisation, "person": first.person}
    reviews.prepare_approval(application, by=officer, **of.terms(application, amount=40_000, **known))
    for pk in (first.pk, 10**9):
        typed = {"decision": str(pk), "officer": str(officer.pk)}
        assert went(manager.post(url("review-confirm", application), typed), application)
    assert Loan.objects.count() == 0


def test_the_preparer_does_not_confirm(boss):
    application = of.reviewed("prepared", by=boss)
    manager = signed_in(boss)
    assert [step.name for step in _steps(manager, application)] == ["review-send-back"]
    typed = {"decision": str(of.decision(application).pk), "officer": str(boss.pk)}
    refused = manager.post(url("review-confirm", application), typed)
    assert refused.context["form"].non_field_errors() and Loan.objects.count() == 0


def test_too_little_capital_is_told_before_the_letter(officer, boss):
    make.fund(capital=10_000)
    application = of.reviewed("prepared", by=officer)
    _page, shown, _done = confirmed(signed_in(boss), application, officer=str(officer.pk))
    assert shown.context["form"].non_field_errors() and "seen" not in shown.context
    assert (Loan.objects.count(), state_of(application)) == (0, "prepared")


def _steps(client, application):
    context = client.get(url("review", application)).context
    return [step for step in (context["main"], *context["others"]) if step]


def test_only_steps_that_can_be_made_are_offered(officer, boss):
    chair, first, second = of.committee(boss)
    accountant = make.accountant()

    def names(application):
        people = {"officer": officer, "boss": boss, "member": first, "accountant": accountant}
        return {who: [step.name for step in _steps(signed_in(user), application)] for who, user in people.items()}

    keeper = ["review-assess", "review-refuse"]
    formal = of.reviewed("formal", by=officer)
    assert names(formal) == {"officer": keeper, "boss": keeper, "member": [], "accountant": []}
    application = of.reviewed("assessment", by=officer)
    keeper = ["review-card", "review-refuse"]
    assert names(application) == {"officer": keeper, "boss": keeper, "member": [], "accountant": []}
    of.card(application, officer)
    keeper = ["review-committee", "review-refuse"]
    assert names(application) == {"officer": keeper, "boss": keeper, "member": [], "accountant": []}
    reviews.to_committee(application, by=officer)
    vote = ["review-vote"]
    assert names(application) == {"officer": [], "boss": vote, "member": vote, "accountant": []}
    for user in (chair, second):
        of.vote(application, user)
    keeper = ["review-prepare", "review-refuse"]
    assert names(application) == {"officer": keeper, "boss": keeper, "member": vote, "accountant": []}
    reviews.prepare_approval(application, by=officer, **of.terms(application))
    decider = ["review-confirm", "review-send-back"]
    assert names(application) == {"officer": [], "boss": decider, "member": [], "accountant": []}
    engine.declare(application, by=boss, conflict=True, text="Brat.")
    assert names(application) == {"officer": [], "boss": [], "member": [], "accountant": []}
    assert names(of.upheld(by=officer))["officer"] == ["review-reopen"]
    assert names(of.withdrawn(of.reviewed("assessment", by=officer)))["officer"] == []


def test_pages_of_steps_that_are_over_lead_back(officer, boss):
    """Each address answers in every state: the page, or the way back with a word of what has changed."""
    of.committee(boss)
    names = [f"review-{n}" for n in ("assess", "card", "committee", "vote", "prepare", "refuse")]
    names += [f"review-{n}" for n in ("confirm", "send-back", "reopen")]
    opens = {
        "formal": {"review-assess", "review-refuse"},
        "assessment": {"review-card", "review-committee", "review-refuse"},
        "committee": {"review-vote", "review-prepare", "review-refuse"},
        "prepared": {"review-confirm", "review-send-back"},
        "approved": set(),
        "rejected": set(),
    }
    manager = signed_in(boss)
    for state, expected in opens.items():
        application = of.reviewed(state, by=officer, boss=make.manager())
        found = {name for name in names if manager.get(url(name, application)).status_code == 200}
        assert found == expected, state


# Blindness, on pages, list and everywhere else


MARK = "Tajne uzasadnienie pierwszej karty"


def test_nothing_of_a_card_is_shown_to_who_has_not_scored(officer, boss):
    application = of.reviewed("assessment", by=officer, amount=60_000)
    intake.impartial(application, officer)
    marks = {criterion: (7, "Tajna nota") for criterion in of.marks()}
    reviews.save_card(application, by=officer, marks=marks, text=MARK)
    second = make.officer()
    pages = [
        url("review", application),
        url("review-card", application),
        url("review-refuse", application),
        reverse("loans:reviews"),
        reverse("inbox:application", args=[application.public_id]),
        reverse("inbox:list"),
        reverse("staff:home"),
        reverse("staff:search") + f"?q={application.number}",
    ]
    for user in (second, boss, make.accountant(), base.user(Role.COORDINATOR)):
        client = signed_in(user)
        for page in pages:
            text = client.get(page).content.decode()
            assert MARK not in text and "Tajna nota" not in text and "7 / 10" not in text, (user.role, page)
            assert "35,00" not in text
        context = client.get(url("review", application)).context
        assert (context["cards"], context["average"], context["hidden"]) == ([], None, True)
    of.card(application, second)
    text = signed_in(second).get(url("review", application)).content.decode()
    assert MARK in text and "7 / 10" in text


# The list, the menu, the panel


def test_the_list_tells_who_must_do_what(officer, boss, office):
    of.committee(boss)
    make.fund()
    submitted = make.applied(by=officer)
    type(submitted).objects.filter(pk=submitted.pk).update(assignee=None)
    applications = {state: of.reviewed(state, by=officer) for state in ("assessment", "committee", "prepared")}
    applications["approved"] = of.reviewed("approved", by=officer)
    applications["upheld"] = of.upheld(by=officer)
    applications["withdrawn"] = of.withdrawn(of.reviewed("assessment", by=officer))
    page = office.get(reverse("loans:reviews")).context["page"]
    told = {row.pk: (row.word, row.who) for row in page.rows}
    assert told == {
        submitted.pk: ("ocena formalna", "specjalista ds. pożyczek"),
        applications["assessment"].pk: ("ocena merytoryczna", "osoba oceniająca"),
        applications["committee"].pk: ("komitet", "komitet"),
        applications["prepared"].pk: ("decyzja do zatwierdzenia", "inna osoba niż przygotowała"),
        applications["approved"].pk: ("przyznano", ""),
        applications["upheld"].pk: ("odwołanie uwzględnione", str(officer)),
        applications["withdrawn"].pk: ("wycofany", ""),
    }


def test_filters_of_the_list(officer, boss, office):
    assessment = of.reviewed("assessment", by=officer)
    prepared = of.reviewed("prepared", by=officer, name="Żuraw i spółka")
    formal = make.applied(by=officer)
    intake.submitted()  # another kind of application

    def rows(query, client=office):
        return {row.pk for row in client.get(reverse("loans:reviews") + query).context["page"].rows}

    everything = {assessment.pk, prepared.pk, formal.pk}
    assert rows("") == everything
    assert rows("?state=formal") == {formal.pk}
    assert rows("?state=prepared") == {prepared.pk}
    assert rows("?state=mine") == {assessment.pk}
    assert rows("?state=mine", signed_in(boss)) == {assessment.pk, prepared.pk}
    assert rows("?state=new") == set()
    assert rows("?q=spolka") == {prepared.pk}
    assert rows(f"?q={formal.number}") == {formal.pk}
    for nonsense in ("?state=nonsense", "?order=nonsense&after=zzz", "?q=" + "x" * 5000):
        assert rows(nonsense) == everything


def test_what_waits_for_whom_is_counted_in_the_menu(officer, boss):
    chair, first, _second = of.committee(boss)
    other, accountant = make.officer(), make.accountant()
    of.reviewed("formal", by=officer)
    assessment = of.reviewed("assessment", by=officer, amount=60_000)
    of.card(assessment, officer)
    committee = of.reviewed("committee", by=officer)
    of.vote(committee, first)
    of.reviewed("prepared", by=officer)
    own = of.reviewed("prepared", by=boss)

    def count(user):
        return review_queries.waiting_for(user).count()

    assert (count(officer), count(other), count(accountant)) == (0, 1, 0)
    assert (count(first), count(chair)) == (0, 3)  # the chair is the manager: a card, a vote, one decision
    engine.declare(assessment, by=chair, conflict=True, text="Brat.")
    assert count(chair) == 2
    of.withdrawn(own)
    assert count(chair) == 2
    menu = signed_in(chair).get(reverse("staff:home")).context["site"]["menu"]
    assert [entry["count"] for group in menu for entry in group["items"] if "fundusz/wnioski" in entry["url"]] == [2]


def test_as_many_queries_for_three_rows_as_for_one(officer, boss, office):
    of.committee(boss)
    counted = []
    for number in (1, 2):
        for _n in range(number):
            application = of.reviewed("prepared", by=officer)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse("loans:reviews")).status_code == 200
        with CaptureQueriesContext(connection) as page:
            assert office.get(url("review", application)).status_code == 200
        counted.append((len(queries), len(page)))
    assert counted[0] == counted[1]


def test_the_panel_stands_on_the_applications_page(officer, office):
    application = of.reviewed("assessment", by=officer)
    page = reverse("inbox:application", args=[application.public_id])
    panels = {p["template"]: p["panel"] for p in office.get(page).context["panels"]}
    shown = panels["loans/_review_panel.html"]
    assert (shown["word"], shown["url"]) == ("ocena merytoryczna", url("review", application))
    adviser = signed_in(base.user(Role.ADVISER)).get(page).context
    assert "loans/_review_panel.html" not in {p["template"] for p in adviser["panels"]}
    assert url("review", application) not in [
        button["url"] for button in (adviser["main"], *adviser["others"]) if button
    ]


# Who may not


def test_of_another_unit_kind_and_without_the_right(officer, office):
    application = of.reviewed("assessment", by=officer)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    assert signed_in(partner).get(url("review", application)).status_code == 404
    for role in (Role.ADVISER, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR):
        assert signed_in(base.user(role)).get(url("review", application)).status_code == 403
    other_kind = intake.taken()
    for name in ("review", "review-card", "review-confirm"):
        client = signed_in(make.manager())
        assert client.get(url(name, other_kind)).status_code == 404
    assert office.get(reverse("loans:review", args=[uuid.uuid4()])).status_code == 404
    assert office.get(url("review-vote", application)).status_code == 403  # no member
    assert office.post(url("review-confirm", application), {}).status_code == 403


def test_the_engines_own_decisions_lead_to_the_review(officer, boss):
    application = of.reviewed("assessment", by=officer)
    for action in ("accept", "reject", "reserve"):
        response = signed_in(boss).post(reverse(f"inbox:{action}", args=[application.public_id]), {"reason": "x"})
        assert went(response, application)
    assert of.fresh(application).state == "verification"


# Bad input


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "1,005"},
        {"amount": "999999999999999"},
        {"amount": "50 000,01"},
        {"amount": "NaN"},
        {"months": "0"},
        {"months": "361"},
        {"months": "trzy"},
        {"grace": "36"},
        {"grace": "-1"},
        {"method": "balloon"},
        {"product": "999999"},
        {"organisation": "999999"},
        {"organisation": ""},
        {"rows-0-description": ""},
        {"rows-0-kind": "nonsense"},
        {"rows-0-description": "=cmd|' /C calc'!A0"},
        {"rows-1-value": "-5"},
        {"rows-1-value": "1e400"},
        {"rows-TOTAL_FORMS": "11"},
        {"rows-TOTAL_FORMS": "x"},
        {"rows-TOTAL_FORMS": "0"},
        {"conditions": "x" * 5000},
        {"reasons": "=1+1"},
        {"reasons": ""},
    ],
    ids=lambda typed: "{}={:.12}".format(*next(iter(typed.items()))),
)
def test_a_decision_is_not_prepared_from_bad_input(officer, boss, office, typed):
    application = of.reviewed("committee", by=officer)
    for user in of.committee(boss):
        of.vote(application, user)
    response = office.post(url("review-prepare", application), prepare_typed(**typed))
    assert response.status_code == 200 and response.context["form"].errors
    assert (Decision.objects.count(), state_of(application)) == (0, "committee")


def test_of_several_funds_one_is_chosen(officer, boss, office):
    application = of.reviewed("committee", by=officer)
    for user in of.committee(boss):
        of.vote(application, user)
    assert "fund" not in office.get(url("review-prepare", application)).context["form"].fields
    other = make.fund(60_000, code="drugi", by=make.accountant())
    form = office.get(url("review-prepare", application)).context["form"]
    assert (form["fund"].value(), set(form.fields["fund"].queryset)) == (make.fund().pk, {make.fund(), other})
    assert office.post(url("review-prepare", application), prepare_typed(fund="999999")).status_code == 200
    assert went(office.post(url("review-prepare", application), prepare_typed(fund=str(other.pk))), application)
    # a double click: the second one is told that it is done
    assert went(office.post(url("review-prepare", application), prepare_typed(fund=str(other.pk))), application)
    assert signed_in(boss).get(url("review", application)).context["review"].fund == other
    confirmed(signed_in(boss), application, officer=str(officer.pk))
    other.refresh_from_db()
    assert (other.committed, make.fund().committed, Decision.objects.count()) == (50_000, 0, 1)


def test_one_more_security_keeps_what_was_typed(officer, boss, office):
    application = of.reviewed("committee", by=officer)
    for user in of.committee(boss):
        of.vote(application, user)
    page = url("review-prepare", application)
    typed = prepare_typed(amount="12,5", organisation="new", **{"rows-1-description": "", "add": "1"})
    form = office.post(page, typed).context["form"]
    assert (form.errors, form["amount"].value(), form["organisation"].value()) == ({}, "12,5", "new")
    assert [(row["kind"].value(), row["value"].value()) for row in form.securities] == [
        ("bill", ""),
        ("surety", "20 000"),
        (None, None),
    ]
    form = office.post(page, typed | {"rows-TOTAL_FORMS": "10"}).context["form"]
    assert (len(form.securities.forms), form.may_add) == (10, False)


@pytest.mark.parametrize("points", ["", "-1", "101", "5,5", "x", "9" * 400])
def test_a_card_from_bad_input(officer, office, points):
    application = of.reviewed("assessment", by=officer)
    response = office.post(url("review-card", application), card_typed(points))
    assert response.status_code == 200 and response.context["form"].errors
    assert ScoreCard.objects.count() == 0


# The admin


def test_criteria_and_members_are_kept_in_the_admin(officer):
    admin = signed_in(base.user(Role.ADMINISTRATOR))
    add = reverse("admin:loans_committeemember_add")
    adviser = base.user(Role.ADVISER)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    offered = {user.pk for user in admin.get(add).context["adminform"].form.fields["user"].queryset}
    assert officer.pk in offered and not offered & {adviser.pk, partner.pk, make.accountant().pk}
    typed = {"user": officer.pk, "role": "chair", "valid_from": "2020-01-01", "valid_to": ""}
    assert admin.post(add, typed).status_code == 302
    made = CommitteeMember.objects.get()
    change = reverse("admin:loans_committeemember_change", args=[made.pk])
    later = clock.today() + datetime.timedelta(days=1)
    assert admin.post(change, {"role": "member", "valid_to": later.isoformat()}).status_code == 302
    made.refresh_from_db()
    assert (made.role, made.valid_to) == ("chair", later)
    criterion = ScoreCriterion.objects.get(code="social")
    assert admin.get(reverse("admin:loans_scorecriterion_change", args=[criterion.pk])).status_code == 200
    with pytest.raises(ValidationError):
        CommitteeMember(user=officer, valid_from=datetime.date(2021, 1, 1)).full_clean()


def test_a_handed_on_application_goes_on(officer, office):
    application = of.reviewed("assessment", by=officer)
    other = make.officer()
    services.hand_on(application, by=officer, assignee=other)
    page = signed_in(other)
    assert went(page.post(url("review-card", application), card_typed(impartial="on")), application)
    assert ScoreCard.objects.get().by == other


def test_who_may_not_see_loans_is_told_nothing_of_them(officer, boss):
    """An adviser sees the application, and neither the review's history nor what the organisation holds."""
    application = of.reviewed("prepared", by=officer, boss=boss)
    reviews.send_back(intake.impartial(application, boss), by=boss, decision=of.decision(application), reason="Tajne.")
    adviser = base.user(Role.ADVISER)
    for user, sees in ((officer, True), (adviser, False)):
        intake.impartial(application, user)
        office = signed_in(user)
        page = office.get(reverse("inbox:application", args=[application.public_id])).content.decode()
        checklist = office.get(reverse("inbox:checklist", args=[application.public_id])).content.decode()
        assert ("Tajne." in page, "Z funduszu ma już" in checklist) == (sees, sees)
