"""The review of an application for a guarantee: the steps of a loan, terms of its own, and the limits of the fund."""

import csv
import datetime
import io
import re
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from centrum.intake import completion, services
from centrum.intake import review as engine
from centrum.kit import clock, exports, registry
from centrum.kit.exports import Since
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.polish import money
from centrum.kit.transitions import Refused, Stale, find
from centrum.register import ties
from centrum.staff.enums import RIGHTS, Right, Role, UnitKind
from loans import review_kinds, review_queries, reviews, scoring
from loans.enums import REVIEW_MOVES, ReviewState
from loans.guarantees import terms
from loans.models import Decision, Fund, Guarantee, Lender, Loan, Product, Review, ScoreCriterion, Security
from tests.factories import aid, base, guarantee_applications, guarantees, intake
from tests.factories import loans as make
from tests.factories import reviews as of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
STATES = [str(state) for state in ReviewState]
LEGAL = {(str(source), step.action): str(step.target) for step in REVIEW_MOVES for source in step.sources}


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


def reviewed(state, **data):
    return of.reviewed(state, kind="guarantee", **data)


def voted(officer, boss, **data):
    """An application on which the committee has voted for it."""
    application = reviewed("committee", by=officer, **data)
    for user in of.committee(boss):
        of.vote(application, user)
    return application


def refused(service, *args, **values):
    """Names of the fields at which a service refuses; [""] where it is above the form."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


def prepare(application, by, **changes):
    return reviews.prepare_approval(application, by=by, **of.terms(application, **changes))


# States: the table of moves, by the services


def act(application, action, by, boss):
    """One step of the table by its service, with all that it asks for."""
    decision = of.decision(application)
    return {
        "assess": lambda: reviews.assess(application, by=by),
        "to_committee": lambda: reviews.to_committee(application, by=by),
        "prepare": lambda: prepare(application, by),
        "prepare_rejection": lambda: reviews.prepare_rejection(application, by=by, reasons="Za mało umów."),
        "approve": lambda: reviews.confirm(application, by=boss, decision=decision, officer=by),
        "reject": lambda: reviews.confirm(application, by=boss, decision=decision),
        "send_back": lambda: reviews.send_back(application, by=boss, decision=decision, reason="Bez zabezpieczeń."),
        "reopen": lambda: reviews.reopen(application, by=by),
    }[action]()


def in_state(state, action, by, boss):
    """An application whose review stands in `state`, with all that `action` needs there."""
    if (state, action) == ("rejected", "reopen"):
        return of.upheld(by=by, kind="guarantee")
    verdict = "reject" if (state, action) == ("prepared", "reject") else "approve"
    application = reviewed(state, by=by, boss=boss, verdict=verdict)
    if (state, action) == ("assessment", "to_committee"):
        of.card(application, by)
    if state == "committee":
        for user in of.committee(boss):
            of.vote(application, user, "for" if action == "prepare" else "against")
    return application if state in ("approved", "rejected") else intake.impartial(application, boss)


@pytest.mark.parametrize(("state", "action"), list(product(STATES, [step.action for step in REVIEW_MOVES])))
def test_every_step_from_every_state(officer, boss, state, action):
    application = in_state(state, action, officer, boss)
    before = StateChange.objects.filter(noun="loans.review").count()
    # both kinds of decision are confirmed and prepared by one service each, which takes the move that fits
    same = {("committee", "prepare_rejection"): "prepared", ("prepared", "reject"): "rejected"}
    target = same.get((state, action)) or LEGAL.get((state, action))
    if target:
        act(application, action, officer, boss)
    else:
        with pytest.raises(Stale), transaction.atomic():
            if action in ("approve", "reject", "send_back") and of.decision(application) is None:
                wrong = of.decision(reviewed("prepared", by=officer))
                before = StateChange.objects.filter(noun="loans.review").count()
                service = reviews.send_back if action == "send_back" else reviews.confirm
                more = {"reason": "x"} if action == "send_back" else {}
                service(application, by=boss, decision=wrong, **more)
            act(application, action, officer, boss)
    row = Review.objects.get(application=application)
    assert row.state == (target or state)
    if target:
        assert StateChange.objects.filter(noun="loans.review").count() == before + 1
    assert (Guarantee.objects.count(), Loan.objects.count()) == (int(row.state == "approved"), 0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("role", Role.values)
def test_rights_of_each_step(officer, boss, role):
    user = base.user(role)
    for state, action in [("formal", "assess"), ("committee", "prepare"), ("prepared", "approve")]:
        application = in_state(state, action, officer, boss)
        if user.has_right(Right.EDIT_CLIENTS):
            intake.impartial(application, user)
        with transaction.atomic():
            if find(REVIEW_MOVES, action).right in RIGHTS[role]:
                act(application, action, user, user)
            else:
                with pytest.raises(PermissionDenied):
                    act(application, action, user, user)
            transaction.set_rollback(True)


def test_a_guarantee_is_made_by_nothing_but_a_confirmed_decision(officer, boss):
    application = intake.impartial(reviewed("prepared", by=officer), boss)
    rows = {"organisation": of.decision(application).organisation, "person": of.decision(application).person}
    assert refused(services.accept, application, by=boss, unit=boss.unit, adviser=officer, **rows) == [""]
    assert refused(services.reject, application, by=boss, reason="x") == [""]
    assert Guarantee.objects.count() == 0


# What comes of it


def test_a_confirmed_approval_is_a_guarantee_with_its_amount_reserved(officer, boss):
    application = intake.impartial(voted(officer, boss), boss)
    decision = prepare(application, officer, fee_from=2, conditions="Polisa.")
    assert (decision.amount, decision.product, decision.method) == (D(20_000), None, "")
    done = reviews.confirm(application, by=boss, decision=decision, officer=officer)
    made = Guarantee.objects.get()
    assert (done.state, made.decision, made.officer, made.unit) == ("accepted", decision, officer, application.unit)
    assert (made.lender, made.credit, made.cover, made.amount, made.reserved) == (
        decision.lender,
        D(25_000),
        D("0.8"),
        D(20_000),
        D(20_000),
    )
    assert (made.fee, made.fee_from, made.months, made.grace) == (D("0.01"), 2, 36, 0)
    assert [row.kind for row in Security.objects.filter(guarantee=made)] == ["bill"]
    assert Fund.objects.get().gua_reserved == D(20_000)
    assert next(row.words for row in reviews.events(of.fresh(application))) == "Poręczenie: przyznano"


def test_less_than_the_whole_part_may_be_guaranteed(officer, boss):
    application = voted(officer, boss)
    assert prepare(application, officer, amount=D("15000.01")).amount == D("15000.01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": D("20000.01")}, "amount"),
        ({"credit": D("25000.01")}, "credit"),
        ({"cover": D("0.8001")}, "cover"),
        ({"cover": D("0.7")}, None),
        ({"cover": D("0.7"), "amount": D("17500.01")}, "amount"),
        ({"months": 67}, "months"),
        ({"months": 67, "credit_kind": "investment"}, None),
        ({"grace": 36}, "grace"),
        ({"credit": D("0.01"), "cover": D("0.1")}, "credit"),
        ({"securities": []}, "securities"),
        ({"reasons": " "}, "reasons"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_fields(officer, boss, changes, field):
    application = voted(officer, boss)
    if field is None:
        assert prepare(application, officer, **changes).pk
    else:
        assert refused(prepare, application, officer, **changes) == [field]
        assert (Decision.objects.count(), Review.objects.get().state) == (0, "committee")


def test_part_of_a_credit_with_a_lower_cover_than_asked(officer, boss):
    """The same amount of another split is not what was asked for."""
    application = voted(officer, boss, cover="0.5", amount=10_000)  # of 20 000
    assert refused(prepare, application, officer, cover=D("0.8"), credit=D(12_500)) == ["cover"]


def test_a_lender_out_of_cooperation_stops_an_approval(officer, boss):
    application = intake.impartial(voted(officer, boss), boss)
    Lender.objects.update(until=clock.today())
    assert refused(prepare, application, officer) == ["lender"]
    Lender.objects.update(until=None)
    decision = prepare(application, officer)
    Lender.objects.update(until=clock.today())
    assert refused(reviews.confirm, application, by=boss, decision=decision, officer=officer) == ["lender"]
    Lender.objects.update(until=None, most_cover=D("0.7"))
    assert refused(reviews.confirm, application, by=boss, decision=decision, officer=officer) == ["cover"]


def test_less_asked_for_after_a_completion_stops_an_approval(officer, boss):
    application = intake.impartial(reviewed("prepared", by=officer), boss)
    type(application.guarantee_application).objects.update(credit=D(20_000))
    decision = of.decision(application)
    assert refused(reviews.confirm, application, by=boss, decision=decision) == ["credit"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    credit=st.integers(1, 3_000_000).map(lambda grosze: D(grosze) / 100),
    cover=st.integers(1, 8500).map(lambda part: D(part) / 10_000),
    less=st.sampled_from([None, D(0), D("0.01"), D("-0.01")]),
)
def test_never_more_than_the_part_and_than_was_asked_for(officer, boss, credit, cover, less):
    with transaction.atomic():
        application = voted(officer, boss)
        most = terms.amount_of(credit, cover)
        amount = None if less is None else most - less
        fits = cover <= D("0.8") and credit <= 25_000 and most > 0 and (amount is None or 0 < amount <= most)
        try:
            with transaction.atomic():
                decision = prepare(application, officer, credit=credit, cover=cover, amount=amount)
        except Refused:
            assert not fits
        else:
            assert fits and decision.amount == (most if amount is None else amount) <= 20_000
        transaction.set_rollback(True)


# Score cards


@pytest.mark.parametrize(("amount", "needed"), [("50000.00", 1), ("50000.01", 2)])
def test_a_second_person_scores_above_the_guaranteed_amount(officer, amount, needed):
    """By Python and by the query alike; the credit itself does not count."""
    application = reviewed("assessment", by=officer, amount=D(amount), cover="0.5")
    assert scoring.needed(application) == needed
    row = review_queries.applications(officer).get(pk=application.pk)
    assert (row.asked, row.cards_needed) == (D(amount), needed)


# Limits


def test_the_part_of_one_client_is_told_when_an_approval_is_prepared(officer, boss):
    fund = guarantees.fund()  # one client: 30 000
    known, other = base.organisation(nip=base.nip()), base.organisation(nip=base.nip())
    ties.link(known, by=officer, other=other, kind="majority", valid_from=clock.today(), source="KRS")
    guarantees.granted(10_000, fund_=fund, organisation=other)
    application = voted(officer, boss, amount=D("20000.01"), cover="0.5", nip=known.nip)
    with pytest.raises(Refused) as told, transaction.atomic():
        prepare(application, officer, organisation=known)
    assert re.search(r"30\s000,00\szł.*10\s000,00\szł.*20\s000,00\szł", told.value.message_dict["amount"][0])
    decision = prepare(application, officer, organisation=known, amount=D(20_000))
    link = ties.link(
        base.organisation(), by=officer, other=known, kind="majority", valid_from=clock.today(), source="KRS"
    )
    guarantees.granted("0.01", fund_=fund, organisation=link.organisation)  # meanwhile
    intake.impartial(application, boss)
    assert refused(reviews.confirm, application, by=boss, decision=decision, officer=officer) == ["amount"]
    assert Guarantee.objects.count() == 2


def test_the_limit_of_the_fund_is_told_when_an_approval_is_confirmed(officer, boss):
    fund = guarantees.fund(30_000, multiplier=1, client_cap=1)
    guarantees.granted(D("10000.01"), fund_=fund)
    application = intake.impartial(voted(officer, boss), boss)
    decision = prepare(application, officer)
    with pytest.raises(Refused) as told, transaction.atomic():
        reviews.confirm(application, by=boss, decision=decision, officer=officer)
    assert re.search(r"19\s999,99\szł.*20\s000,00\szł", told.value.messages[0])
    assert (Guarantee.objects.count(), of.fresh(application).state) == (1, "verification")
    reviews.send_back(application, by=boss, decision=decision, reason="Mniej.")
    reviews.to_committee(application, by=officer)
    known = {"organisation": decision.organisation, "person": decision.person}
    smaller = prepare(application, officer, amount=D("19999.99"), **known)
    reviews.confirm(application, by=boss, decision=smaller, officer=officer)
    assert Fund.objects.get().gua_free == 0


def test_a_fund_with_capital_for_guarantees_is_taken_first(officer):
    make.fund(code="a")  # without any
    fund = guarantees.fund(code="b")
    application = guarantee_applications.applied(by=officer)
    assert reviews.of(application).fund == fund
    assert reviews.of(make.applied(by=officer)).fund.code == "a"


@pytest.mark.django_db(transaction=True)
def test_of_many_approvals_at_once_as_many_are_granted_as_the_limit_holds():
    by, boss = make.officer(), make.manager()
    fund = guarantees.fund(10_000, client_cap=1)  # 30 000
    decisions = [of.ready(4_000, by=by, boss=boss, fund=fund, kind="guarantee") for _n in range(10)]
    results = at_once(
        10, lambda n: reviews.confirm(decisions[n].review.application, by=boss, decision=decisions[n], officer=by)
    )
    names = [type(result).__name__ for result in results]
    assert (names.count("Application"), names.count("Refused")) == (7, 3)
    fund.refresh_from_db()
    assert (Guarantee.objects.count(), fund.gua_reserved, fund.gua_free) == (7, 28_000, 2_000)
    assert Decision.objects.filter(confirmed_at=None, review__state="prepared").count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_approvals_of_one_client_at_once_stay_within_its_part():
    by, boss = make.officer(), make.manager()
    fund = guarantees.fund()  # 30 000
    known = base.organisation()
    decisions = [of.ready(20_000, by=by, boss=boss, fund=fund, kind="guarantee") for _n in range(2)]
    Decision.objects.update(organisation=known)
    results = at_once(
        2, lambda n: reviews.confirm(decisions[n].review.application, by=boss, decision=decisions[n], officer=by)
    )
    assert sorted(type(r).__name__ for r in results) == ["Application", "Refused"]
    assert Fund.objects.get(pk=fund.pk).gua_reserved == 20_000


@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_once_is_one_guarantee():
    by, bosses = make.officer(), [make.manager() for _n in range(4)]
    application = intake.impartial(reviewed("prepared", by=by), *bosses)
    decision = of.decision(application)
    results = at_once(4, lambda n: reviews.confirm(application, by=bosses[n], decision=decision, officer=by))
    assert sorted(type(r).__name__ for r in results) == ["Application", "Stale", "Stale", "Stale"]
    assert (Guarantee.objects.count(), Fund.objects.get().gua_reserved) == (1, 20_000)


# De minimis aid of the decision


def test_the_aid_of_a_guarantee_is_always_reckoned(officer, boss):
    application = voted(officer, boss)
    assert refused(prepare, application, officer, aid_reason=" ") == ["reason"]
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("gives", [True, False])
def test_the_aid_of_a_loan_only_where_its_product_gives_some(officer, boss, gives):
    application = of.reviewed("committee", by=officer, product=make.product(de_minimis=gives))
    for user in of.committee(boss):
        of.vote(application, user)
    if gives:
        assert refused(prepare, application, officer, rating="weak", collateral="low") == ["reason"]
    else:
        assert prepare(application, officer).pk


# Pages


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(officer):
    return signed_in(officer)


def url(name, application):
    return reverse(f"loans:{name}", args=[application.public_id])


def went(response, application, name="review"):
    return (response.status_code, response.get("Location")) == (302, url(name, application))


def prepare_typed(bank, **more):
    return {
        "lender": str(bank.pk),
        "credit_kind": "working",
        "credit": "25 000,00",
        "cover": "80",
        "amount": "",
        "months": "36",
        "grace": "6",
        "fee": "1,25",
        "fee_from": "2",
        "rating": "none",
        "aid_reason": "Bez historii kredytowej.",
        "conditions": "Polisa pieca.",
        "reasons": "Umowy podpisane.",
        "organisation": "new",
        "person": "new",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-kind": "bill",
        "rows-0-description": "Weksel in blanco z deklaracją",
        "rows-0-value": "",
    } | more


def test_the_whole_way_through_the_pages(officer, boss, office):
    guarantees.fund()
    of.rates()
    application = guarantee_applications.applied(by=officer)
    lender = application.guarantee_application.lender
    chair, first, _second = of.committee(boss)
    page = office.get(url("review", application)).content.decode()
    for words in (lender.name, "20\xa0000,00", "80% kwoty 25\xa0000,00", "Zostało dla tego klienta", "30\xa0000,00"):
        assert words in page, words
    intake.checked(application, by=officer)
    assert went(office.post(url("review-assess", application), {"csrfmiddlewaretoken": "x"}), application)
    marks = {f"points-{c.pk}": str(c.most) for c in ScoreCriterion.objects.all()}
    notes = {f"note-{c.pk}": "" for c in ScoreCriterion.objects.all()}
    assert went(office.post(url("review-card", application), marks | notes | {"text": "Umowy."}), application)
    assert went(office.post(url("review-committee", application), {"csrfmiddlewaretoken": "x"}), application)
    for user in (chair, first):
        typed = {"verdict": "for", "impartial": "on"}
        assert went(signed_in(user).post(url("review-vote", application), typed), application)
    page = office.get(url("review-prepare", application))
    form = page.context["form"]
    assert (form["lender"].value(), form["cover"].value(), form["fee"].value()) == (lender.pk, D(80), D(1))
    assert 'name="cover" value="80"' in page.content.decode() and 'name="fee" value="1"' in page.content.decode()
    assert went(office.post(url("review-prepare", application), prepare_typed(lender)), application)
    decision = Decision.objects.get()
    assert (decision.amount, decision.fee, decision.fee_from, decision.grace) == (D(20_000), D("0.0125"), 2, 6)

    manager = signed_in(boss)
    page = manager.get(url("review-confirm", application)).content.decode()
    for words in ("1,25%", "od roku 2", "80% kapitału, najwyżej 20\xa0000,00", "Kto prowadzi poręczenie?"):
        assert words in page, words
    typed = {"decision": str(decision.pk), "impartial": "on", "officer": str(officer.pk)}
    shown = manager.post(url("review-confirm", application), typed)
    written = shown.context["form"].written
    for words in (lender.name, "80% kredytu na kwotę 25\xa0000,00", "Polisa pieca.", "od roku 2"):
        assert words in written.body, words
    send = {"confirm": "1", "seen": shown.context["seen"], "letter-send": "yes"}
    text = {"letter-subject": written.subject, "letter-body": written.body}
    assert went(
        manager.post(url("review-confirm", application), dict(shown.context["carried"]) | send | text), application
    )
    made = Guarantee.objects.get()
    assert (made.officer, made.amount, made.fee_from) == (officer, D(20_000), 2)
    assert "przyznaliśmy poręczenie" in OutboxMessage.objects.get(about=application.number).subject
    page = office.get(url("review", application)).content.decode()
    assert made.number in page and "limitu funduszu jest zarezerwowane" in page
    page = office.get(reverse("inbox:application", args=[application.public_id])).content.decode()
    assert made.number in page and "Poręczenie: przyznano" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "0"},
        {"amount": "20 000,01"},
        {"amount": "NaN"},
        {"credit": "25 000,01"},
        {"credit": "1e400"},
        {"credit": ""},
        {"cover": "80,01"},
        {"cover": "0"},
        {"cover": "79,99999"},
        {"fee": "-1"},
        {"fee": "100"},
        {"fee": "x"},
        {"fee_from": "3"},
        {"fee_from": ""},
        {"months": "67"},
        {"months": "trzy"},
        {"grace": "36"},
        {"credit_kind": "nonsense"},
        {"lender": "999999"},
        {"lender": ""},
        {"rating": ""},
        {"rating": "weak"},  # of a loan
        {"aid_reason": " "},
        {"aid_reason": "=1+1"},
        {"organisation": "999999"},
        {"rows-0-kind": "nonsense"},
        {"rows-TOTAL_FORMS": "0"},
        {"reasons": ""},
    ],
    ids=lambda typed: "{}={:.12}".format(*next(iter(typed.items()))),
)
def test_a_decision_is_not_prepared_from_bad_input(officer, boss, office, typed):
    application = voted(officer, boss)
    data = prepare_typed(application.guarantee_application.lender, **typed)
    response = office.post(url("review-prepare", application), data)
    assert response.status_code == 200 and response.context["form"].errors
    assert (Decision.objects.count(), Review.objects.get().state) == (0, "committee")


def test_one_more_security_keeps_what_was_typed(officer, boss, office):
    application = voted(officer, boss)
    data = prepare_typed(application.guarantee_application.lender, cover="12,5", fee="2,5", add="1")
    form = office.post(url("review-prepare", application), data).context["form"]
    assert (form.errors, form["cover"].value(), form["fee"].value()) == ({}, "12,5", "2,5")
    assert len(form.securities.forms) == 2


def test_the_form_of_a_loan_asks_for_the_rating_where_the_product_gives_aid(officer, boss, office):
    application = of.reviewed("committee", by=officer)
    for user in of.committee(boss):
        of.vote(application, user)
    page = url("review-prepare", application)
    Product.objects.update(de_minimis=False)
    assert not {"rating", "collateral", "aid_reason"} & set(office.get(page).context["form"].fields)
    loan = make.product(de_minimis=True)
    typed = {
        "product": str(loan.pk),
        "amount": "50 000",
        "months": "36",
        "grace": "6",
        "method": "equal_principal",
        "reasons": "Umowy.",
        "organisation": "new",
        "person": "new",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-kind": "bill",
        "rows-0-description": "Weksel",
        "rows-0-value": "",
    }
    shown = office.post(page, typed)
    assert set(shown.context["form"].errors) == {"rating", "collateral", "aid_reason"}
    of.rates()
    make.nbp_rate()
    rated = {"rating": "none", "collateral": "normal", "aid_reason": "Nowa organizacja."}
    assert went(office.post(page, typed | rated), application)


def test_too_little_is_shown_before_anybody_votes(officer, office):
    guarantees.fund(5_000, client_cap=D("0.5"))  # 15 000, and 2 500 for one client
    of.committee()
    application = reviewed("assessment", by=officer)
    room = office.get(url("review", application)).context["room"]
    assert (room["asked"], room["free"], room["few"]) == (20_000, 15_000, True)
    assert (room["part"].left, room["over"]) == (2_500, True)
    assert office.get(url("review", application)).content.decode().count("za mało") == 2


def test_the_list_tells_both_kinds(officer, boss, office):
    of.committee(boss)
    loan = of.reviewed("assessment", by=officer, amount=50_000)
    guarantee = reviewed("assessment", by=officer)

    def rows(**filters):
        return list(office.get(reverse("loans:reviews"), filters).context["page"].rows)

    assert set(rows()) == {loan, guarantee}
    assert rows(kind="loan") == [loan] and rows(kind="guarantee") == [guarantee]
    assert set(rows(kind="nonsense")) == {loan, guarantee}
    page = office.get(reverse("loans:reviews")).content.decode()
    subject = review_kinds.GUARANTEE.subject(guarantee.guarantee_application)
    assert subject in page and money(20_000) in page and money(50_000) in page
    other = make.officer()
    assert set(review_queries.waiting_for(other)) == {loan, guarantee}
    day = signed_in(other).get(reverse("staff:home")).content.decode()
    assert guarantee.number in day and money(20_000) in day


def test_as_many_queries_for_three_rows_as_for_one(officer, boss, office):
    of.committee(boss)
    counted = []
    for number in (1, 2):
        for _n in range(number):
            application = reviewed("prepared", by=officer)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse("loans:reviews")).status_code == 200
        with CaptureQueriesContext(connection) as page:
            assert office.get(url("review", application)).status_code == 200
        counted.append((len(queries), len(page)))
    assert counted[0] == counted[1]


def test_of_another_unit_kind_and_without_the_right(officer, boss, office):
    application = reviewed("assessment", by=officer)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    assert signed_in(partner).get(url("review", application)).status_code == 404
    for role in (Role.ADVISER, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR):
        assert signed_in(base.user(role)).get(url("review", application)).status_code == 403
    for action in ("accept", "reject", "reserve"):
        response = signed_in(boss).post(reverse(f"inbox:{action}", args=[application.public_id]), {"reason": "x"})
        assert went(response, application)


def test_who_may_not_see_loans_is_told_nothing_of_them(officer, boss):
    """An adviser sees the application, and neither the review's history, the guarantee nor what is guaranteed."""
    application = intake.impartial(reviewed("prepared", by=officer, boss=boss), boss)
    reviews.confirm(application, by=boss, decision=of.decision(application), officer=officer)
    number = Guarantee.objects.get().number
    for user, sees in ((officer, True), (base.user(Role.ADVISER), False)):
        page = signed_in(user).get(reverse("inbox:application", args=[application.public_id])).content.decode()
        assert (number in page, "Poręczenie: przyznano" in page) == (sees, sees)
    waiting = guarantee_applications.applied(by=officer)
    for user, sees in ((officer, True), (base.user(Role.ADVISER), False)):
        intake.impartial(waiting, user)
        page = signed_in(user).get(reverse("inbox:checklist", args=[waiting.public_id])).content.decode()
        assert ("Poręczono już" in page or "poręczono już" in page) == sees


def test_what_nobody_completed_in_time_is_rejected_and_never_granted(officer, boss):
    application = reviewed("prepared", by=officer, boss=boss)
    row = completion.ask(application, by=officer, text="Uzupełnij.", fields=["purpose"], due_on=clock.today())
    with clock.at(clock.now() + datetime.timedelta(days=2)):
        intake.impartial(row, boss)
        assert [step.name for step in reviews.steps(row.loan_review, row, boss)] == ["review-send-back"]


def test_a_conflict_declared_later_takes_back_what_was_prepared(officer, boss):
    application = intake.impartial(reviewed("prepared", by=officer, boss=boss), boss)
    engine.declare(application, by=officer, conflict=True, text="Szwagier.")
    with pytest.raises(Refused):
        reviews.confirm(application, by=boss, decision=of.decision(application), officer=boss)
    assert Guarantee.objects.count() == 0


# Files and the dossier


def file_of(profile, *, day=None, by=None):
    """The lines of a file as {heading: cell}."""
    since = Since(clock.today() - datetime.timedelta(days=400))
    made = exports.export(exports.find(profile), project=since, day=day or clock.today(), by=by, reason="test")
    with made.file as opened:
        text = opened.read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_files_of_the_applications_for_guarantees(officer, boss):
    of.reviewed("assessment", by=officer)  # for a loan: it is in files of its own
    application = reviewed("approved", by=officer, boss=boss)
    lender = application.guarantee_application.lender
    waiting = guarantee_applications.applied(by=officer, amount=D("1000.01"), cover="0.5", lender=lender)
    lines = file_of("guarantees_applications")
    assert [line["Numer wniosku"] for line in lines] == [application.number, waiting.number]
    assert lines[0] == {
        "Numer wniosku": application.number,
        "Wpłynął": f"{clock.local(application.submitted_at):%Y-%m-%d}",
        "Wnioskodawca": application.guarantee_application.name,
        "NIP": application.guarantee_application.nip,
        "Forma prawna": "spółdzielnia",
        "TERYT gminy": "",
        "Instytucja finansująca": lender.name,
        "Rodzaj kredytu": "obrotowy",
        "Kwota kredytu (zł)": "25000,00",
        "Poręczana część (%)": "80,00",
        "Kwota wnioskowana (zł)": "20000,00",
        "Okres (miesiące)": "36",
        "Stan na koniec okresu": "przyjęty",
        "Kwota przyznana (zł)": "20000,00",
        "Numer poręczenia": Guarantee.objects.get().number,
    }
    (line,) = file_of("guarantees_funnel")
    assert (line["Instytucja finansująca"], line["Wpłynęło"], line["Wpłynęło (zł)"]) == (lender.name, "2", "21000,01")
    assert (line["Przyznane"], line["Przyznane: kwota poręczeń (zł)"], line["W ocenie"]) == ("1", "20000,00", "1")
    assert len(file_of("loans_applications")) == 1
    partner = make.officer(unit_=base.unit(UnitKind.PARTNER))
    assert file_of("guarantees_applications", by=partner) == []


@pytest.mark.parametrize("profile", ["guarantees_funnel", "guarantees_applications"])
def test_a_file_asks_no_more_for_three_than_for_one(officer, profile):
    counted = []
    for number in (1, 2):
        for _n in range(number):
            guarantee_applications.applied(by=officer)
        with CaptureQueriesContext(connection) as queries:
            file_of(profile)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_dossier_of_a_person_tells_of_guarantees(officer, boss):
    application = intake.impartial(reviewed("prepared", by=officer), boss)
    person = of.decision(application).person
    reviews.confirm(application, by=boss, decision=of.decision(application), officer=officer)
    held = {section.order: section.collect(person) for section in registry.dossier_sections()}
    told = {order: str(held[order]) for order in (76, 78, 79)}
    assert application.number in told[76] and Guarantee.objects.get().number in told[78]
    assert application.number in told[79]
    assert "20000" not in told[78] and "000,00" not in told[78]  # the money is the organisation's
    other = base.person()
    assert [section.collect(other) for section in registry.dossier_sections() if section.order in (78, 79)] == [[], []]


# What the database keeps


@pytest.mark.parametrize(
    "change", [{"amount": 1}, {"cover": D("0.5")}, {"lender": None}, {"fee": D("0.5")}, {"credit": 9}]
)
def test_a_prepared_decision_stays_as_it_is(officer, change):
    reviewed("prepared", by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(**change)


# Lenders in the admin


def test_lenders_are_kept_in_the_admin():
    admin, nip = signed_in(base.user(Role.ADMINISTRATOR)), base.nip()
    typed = {
        "name": "Bank Spółdzielczy w Dobiegniewie",
        "nip": f"{nip[:3]}-{nip[3:]}",
        "address": "Rynek 1",
        "agreement": "WP/1",
        "since": "2020-01-01",
        "until": "",
        "most_cover": "0.8",
        "days_to_pay": "30",
        "months_after": "3",
        "share": "on",
    }
    add = reverse("admin:loans_lender_add")
    assert admin.post(add, typed | {"nip": "1234567890"}).status_code == 200
    assert admin.post(add, typed | {"most_cover": "0.81"}).status_code == 200
    assert not Lender.objects.exists()
    assert admin.post(add, typed).status_code == 302
    made = Lender.objects.get()
    assert made.nip == nip
    change = reverse("admin:loans_lender_change", args=[made.pk])
    later = clock.today() + datetime.timedelta(days=1)
    ends = {"name": "BS Dobiegniew", "address": "Rynek 2", "until": later.isoformat(), "most_cover": "0.1"}
    assert admin.post(change, ends).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.until, made.most_cover) == ("BS Dobiegniew", later, D("0.8"))
    for role in (Role.LOAN_OFFICER, Role.MANAGER, Role.ACCOUNTANT):
        assert signed_in(base.user(role)).get(change).status_code in (302, 403)


def test_every_review_shows_the_room_of_who_is_in_the_register(officer, client):
    application = of.reviewed("committee", by=officer)
    page = reverse("loans:review", args=[application.public_id])
    client.force_login(officer)
    assertNotContains(client.get(page), "Zostało pomocy de minimis")
    organisation = base.organisation(nip=application.loan_application.nip)
    aid.eur_now()
    aid.stated(organisation, "sudop", [(clock.today(), 299_000)], as_of=clock.today())
    assertContains(client.get(page), "Zostało pomocy de minimis")
    assertContains(client.get(page), "1\xa0000,00\xa0EUR")
