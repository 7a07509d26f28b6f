"""The review of an application for a loan: its states, blind score cards, the committee, decisions of two people."""

import datetime
import threading
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from centrum.intake import completion, kinds, services
from centrum.intake import review as engine
from centrum.intake.models import CompletionRequest
from centrum.kit import clock
from centrum.kit.models import Parameter, StateChange
from centrum.kit.transitions import Refused, Stale, find, move
from centrum.staff.enums import RIGHTS, Right, Role
from loans import committee, consistency, granting, ledger, review_queries, reviews, scoring
from loans.enums import REVIEW_MOVES, LoanState, ReviewState
from loans.models import (
    CommitteeMember,
    Decision,
    DecisionSecurity,
    Fund,
    Loan,
    Product,
    Review,
    ScoreCard,
    ScoreCriterion,
    ScoreMark,
    Vote,
)
from tests.factories import base, intake
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


def refused(service, *args, **values):
    """Names of the fields at which a service refuses; [""] where it is above the form."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


def stale(service, *args, **values):
    with pytest.raises(Stale), transaction.atomic():
        service(*args, **values)


def number_of(parameter, value):
    Parameter.objects.filter(code=parameter).update(value=value)


# States


def act(application, action, by, boss):
    """One step of the table by its service, with all that it asks for."""
    decision = of.decision(application)
    return {
        "assess": lambda: reviews.assess(application, by=by),
        "to_committee": lambda: reviews.to_committee(application, by=by),
        "prepare": lambda: reviews.prepare_approval(application, by=by, **of.terms(application)),
        "prepare_rejection": lambda: reviews.prepare_rejection(application, by=by, reasons="Za mało umów."),
        "approve": lambda: reviews.confirm(application, by=boss, decision=decision, officer=by),
        "reject": lambda: reviews.confirm(application, by=boss, decision=decision),
        "send_back": lambda: reviews.send_back(application, by=boss, decision=decision, reason="Bez zabezpieczeń."),
        "reopen": lambda: reviews.reopen(application, by=by),
    }[action]()


def in_state(state, action, by, boss):
    """An application whose review stands in `state`, with all that `action` needs there."""
    if (state, action) == ("rejected", "reopen"):
        return of.upheld(by=by)
    verdict = "reject" if (state, action) == ("prepared", "reject") else "approve"
    application = of.reviewed(state, by=by, boss=boss, verdict=verdict)
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
                other = of.reviewed("prepared", by=officer)
                wrong = of.decision(other)
                before = StateChange.objects.filter(noun="loans.review").count()
                service = reviews.send_back if action == "send_back" else reviews.confirm
                more = {"reason": "x"} if action == "send_back" else {}
                service(application, by=boss, decision=wrong, **more)
            act(application, action, officer, boss)
    row = Review.objects.get(application=application)
    assert row.state == (target or state)
    if target:
        assert StateChange.objects.filter(noun="loans.review").count() == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("source", "target"), list(product(STATES, repeat=2)))
def test_the_database_lets_only_the_arrows_through(officer, source, target):
    row = Review.objects.create(application=make.applied(by=officer), fund=make.fund(), state=source)
    arrows = {(str(s), str(step.target)) for step in REVIEW_MOVES for s in step.sources} | {(s, s) for s in STATES}
    rows = Review.objects.filter(pk=row.pk)
    if (source, target) in arrows:
        rows.update(state=target)
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(state=target)


@pytest.mark.parametrize("role", Role.values)
def test_rights_of_each_step(officer, boss, role):
    user = base.user(role)
    for state, action in [
        ("formal", "assess"),
        ("assessment", "prepare_rejection"),
        ("committee", "prepare"),
        ("prepared", "approve"),
        ("prepared", "send_back"),
    ]:
        application = in_state(state, action, officer, boss)
        if user.has_right(Right.EDIT_CLIENTS):
            intake.impartial(application, user)
        needed = find(REVIEW_MOVES, action).right
        with transaction.atomic():
            if needed in RIGHTS[role]:
                act(application, action, user, user)
            else:
                with pytest.raises(PermissionDenied):
                    act(application, action, user, user)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("formal", "assess"),
        ("assessment", "to_committee"),
        ("committee", "prepare"),
        ("prepared", "approve"),
        ("prepared", "send_back"),
    ],
)
def test_a_withdrawal_in_the_middle_ends_the_review(officer, boss, state, action):
    application = in_state(state, action, officer, boss)
    stale(act, of.withdrawn(application), action, officer, boss)
    assert (of.fresh(application).loan_review.state, Loan.objects.count()) == (state, 0)


def test_only_the_impartial_take_steps(officer, boss):
    application = of.reviewed("committee", by=officer)
    chair, *others = of.committee(boss)
    assert refused(reviews.vote, application, by=chair, verdict="for") == [""]  # nothing declared
    engine.declare(application, by=chair, conflict=True, text="Szwagier.")
    assert refused(reviews.vote, application, by=chair, verdict="for") == [""]
    for user in others:
        of.vote(application, user)
    engine.declare(application, by=officer, conflict=True, text="Siostra.")
    assert refused(reviews.prepare_approval, application, by=officer, **of.terms(application)) == [""]


# The formal check


def test_the_checklist_comes_first(officer):
    make.fund()
    application = make.applied(by=officer)
    assert refused(reviews.assess, application, by=officer) == [""]
    points = kinds.of(application).checklist
    engine.save_checklist(application, by=officer, answers={points[0].code: ("no", "Rolnik.")})
    assert refused(reviews.assess, application, by=officer) == [""]
    assert not Review.objects.exists()  # the refused step left nothing
    intake.checked(application, by=officer)
    assert reviews.assess(application, by=officer).state == "assessment"
    of.card(application, officer)
    engine.save_checklist(application, by=officer, answers={points[0].code: ("no", "Rolnik.")})
    assert refused(reviews.to_committee, application, by=officer) == [""]


def test_without_a_fund_there_is_no_review(officer):
    application = intake.checked(make.applied(by=officer), by=officer)
    assert refused(reviews.assess, application, by=officer) == [""]


def test_what_is_not_eligible_is_rejected_at_once(officer, boss):
    make.fund()
    application = make.applied(by=officer)
    assert refused(reviews.prepare_rejection, application, by=officer, reasons="  ") == ["reasons"]
    reviews.prepare_rejection(application, by=officer, reasons="Rolnik.")
    done = reviews.confirm(intake.impartial(application, boss), by=boss, decision=of.decision(application))
    assert (done.state, done.decision_reason, done.decided_by) == ("rejected", "Rolnik.", boss)


# Score cards


def test_a_card_is_whole_and_given_once(officer):
    application = of.reviewed("assessment", by=officer)
    marks = of.marks()
    some = dict(list(marks.items())[1:])
    assert refused(reviews.save_card, application, by=officer, marks=some, text="x") == [""]
    assert refused(reviews.save_card, application, by=officer, marks=marks, text=" ") == ["text"]
    high = {criterion: (criterion.most + 1, "") for criterion in marks}
    assert refused(reviews.save_card, application, by=officer, marks=high, text="x") == [""]
    assert ScoreCard.objects.count() == 0
    card = of.card(application, officer)
    kept = {mark.criterion.code: (mark.points, mark.most) for mark in card.marks.select_related("criterion")}
    assert kept == {criterion.code: (criterion.most * 80 // 100, criterion.most) for criterion in marks}
    stale(reviews.save_card, application, by=officer, marks=marks, text="x")
    for change in (lambda: ScoreMark.objects.update(points=1), lambda: ScoreCard.objects.update(text="y")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(("amount", "needed"), [("50000.00", 1), ("50000.01", 2)])
def test_a_second_person_scores_above_the_amount(officer, amount, needed):
    application = of.reviewed("assessment", by=officer, amount=D(amount))
    of.card(application, officer)
    other = make.officer()
    if needed == 1:
        assert refused(of.card, application, other) == [""]
    else:
        assert refused(reviews.to_committee, application, by=officer) == [""]
        of.card(application, other)
    assert reviews.to_committee(application, by=officer).state == "committee"


def test_weights_are_data(officer):
    """Other criteria from tomorrow on do not touch cards given today."""
    application = of.reviewed("assessment", by=officer, amount=60_000)
    card = of.card(application, officer, 100)
    today, tomorrow = clock.today(), clock.today() + datetime.timedelta(days=1)
    ScoreCriterion.objects.filter(code="social").update(valid_to=tomorrow)
    ScoreCriterion.objects.create(
        code="social", name="Efekt", name_en="Effect", most=50, order=4, source="test", valid_from=tomorrow
    )
    assert {c.code: c.most for c in scoring.criteria(today)}["social"] == 25
    assert {c.code: c.most for c in scoring.criteria(tomorrow)}["social"] == 50
    assert sum(mark.most for mark in card.marks.all()) == 100


@given(drawn=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=8))
def test_points_are_out_of_a_hundred_whatever_the_weights(drawn):
    rows = [(min(points, most), most) for points, most in drawn]
    found = scoring.points(rows)
    assert 0 <= found <= 100
    assert found == scoring.points([(points * 3, most * 3) for points, most in rows])
    if rows:
        assert (found == 100) == all(points == most for points, most in rows)


def test_the_average_decides_whether_a_loan_may_be_granted(officer, boss):
    application = of.reviewed("assessment", by=officer, amount=60_000)
    of.card(application, officer, 80)
    of.card(application, make.officer(), 20)
    given_, missing = scoring.cards(application.loan_review, application)
    # 8 + 12 + 24 + 20 + 16 and 2 + 3 + 6 + 5 + 4
    assert ([card.points for card in given_], missing, scoring.average(given_)) == ([D(80), D(20)], 0, D(50))
    reviews.to_committee(application, by=officer)
    for user in of.committee(boss):
        of.vote(application, user)
    assert refused(reviews.prepare_approval, application, by=officer, **of.terms(application)) == [""]
    number_of("loan-score-threshold", 50)
    decision = reviews.prepare_approval(application, by=officer, **of.terms(application))
    number_of("loan-score-threshold", 51)
    assert refused(reviews.confirm, intake.impartial(application, boss), by=boss, decision=decision) == [""]


def test_assessors_are_blind(officer, boss):
    application = of.reviewed("assessment", by=officer, amount=60_000)
    first = of.card(application, officer)
    second, accountant = make.officer(), make.accountant()

    def seen(user):
        return [card.by for card in scoring.seen(of.fresh(application).loan_review, of.fresh(application), user)[0]]

    assert (seen(officer), seen(second), seen(boss), seen(accountant)) == ([officer], [], [], [])
    of.card(application, second)
    assert seen(second) == seen(officer) == seen(boss) == seen(accountant) == [first.by, second]


def test_a_new_round_hides_the_cards_of_the_old_one(officer, boss):
    application = of.upheld(by=officer, boss=boss)
    reviews.reopen(application, by=officer)
    reviews.assess(application, by=officer)
    other = make.officer()
    shown = of.fresh(application).loan_review
    assert scoring.seen(shown, application, other) == ([], 0, 1)
    of.card(application, other)
    cards, given_, missing = scoring.seen(shown, application, officer)
    assert ([(card.round, card.by) for card in cards], given_, missing) == ([(2, other), (1, officer)], 1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_cards_of_one_assessor_and_of_two_at_once():
    by = make.officer()
    application = of.reviewed("assessment", by=by)
    results = at_once(2, lambda _n: of.card(application, by))
    assert sorted(type(r).__name__ for r in results) == ["ScoreCard", "Stale"]
    application = of.reviewed("assessment", by=by)
    officers = [make.officer(), make.officer()]
    results = at_once(2, lambda n: of.card(application, officers[n]))
    assert sorted(type(r).__name__ for r in results) == ["Refused", "ScoreCard"]


# The committee


VERDICTS = ["for", "against", "abstains"]


@given(
    votes=st.lists(st.tuples(st.sampled_from(["member", "member", "chair"]), st.sampled_from(VERDICTS)), max_size=9),
    absent=st.integers(0, 9),
    percent=st.integers(1, 100),
)
def test_the_opinion_of_any_votes(votes, absent, percent):
    of_ = len(votes) + absent
    found = committee.opinion(votes, of_, D(percent))
    quorum = len(votes) >= 2 and len(votes) * 100 >= of_ * percent
    assert (found.quorum, bool(found.verdict), found.voted, found.of) == (quorum, quorum, len(votes), of_)
    if not quorum:
        return
    for_ = sum(said == "for" for _role, said in votes)
    against = sum(said == "against" for _role, said in votes)
    if for_ != against:
        assert found.verdict == ("for" if for_ > against else "against")
    else:
        chairs = {said for role, said in votes if role == "chair" and said != "abstains"}
        assert found.verdict == ("for" if chairs == {"for"} else "against")
    # one more vote for never turns the opinion against, and one more against never for
    if found.verdict == "for":
        assert committee.opinion([*votes, ("member", "for")], of_ + 1, D(1)).verdict == "for"
    else:
        assert committee.opinion([*votes, ("member", "against")], of_ + 1, D(1)).verdict == "against"


@pytest.mark.parametrize(
    ("votes", "of_", "verdict"),
    [
        ([("member", "for")], 1, ""),  # two at least
        ([("member", "for"), ("member", "for")], 4, "for"),
        ([("member", "for"), ("member", "for")], 5, ""),  # half of five is three
        ([("member", "for"), ("chair", "against")], 2, "against"),
        ([("member", "against"), ("chair", "for")], 2, "for"),
        ([("member", "for"), ("member", "against")], 2, "against"),  # no chair
        ([("member", "for"), ("member", "against"), ("chair", "abstains")], 3, "against"),
        ([("chair", "abstains"), ("member", "abstains")], 2, "against"),
        ([("chair", "for"), ("chair", "against")], 2, "against"),
    ],
)
def test_quorum_and_ties(votes, of_, verdict):
    assert committee.opinion(votes, of_, D(50)).verdict == verdict


def test_who_has_a_conflict_is_no_part_of_the_quorum(officer, boss):
    application = of.reviewed("committee", by=officer)
    chair, first, second = of.committee(boss)
    fourth, fifth = of.member().user, of.member().user
    review = application.loan_review
    opinion = lambda: committee.opinion_on(review, application)  # noqa: E731
    assert (opinion().of, opinion().least) == (5, 3)
    of.vote(application, first)
    of.vote(application, second, "against")
    assert (opinion().voted, opinion().verdict) == (2, "")
    for user in (fourth, fifth):
        engine.declare(application, by=user, conflict=True, text="Kuzyn.")
    assert (opinion().of, opinion().least, opinion().verdict) == (3, 2, "against")
    of.vote(application, chair)
    assert (opinion().voted, opinion().verdict) == (3, "for")
    # one who declares a conflict afterwards: the vote stays in the table and does not count
    engine.declare(application, by=first, conflict=True, text="Kuzynka.")
    assert (opinion().of, opinion().voted, opinion().verdict) == (2, 2, "for")  # a tie, and the chair is for it
    assert Vote.objects.count() == 3


def test_members_come_and_go(officer, boss):
    application = of.reviewed("committee", by=officer)
    chair, first, second = of.committee(boss)
    today = clock.today()
    of.vote(application, first)
    CommitteeMember.objects.filter(user__in=[first, second]).update(valid_to=today)
    of.member(since=today + datetime.timedelta(days=1))
    assert [member.user for member in committee.members()] == [chair]
    with pytest.raises(PermissionDenied):
        of.vote(application, second)
    # the vote of who has left stays and counts
    assert set(committee.voters(application, committee.votes(application.loan_review))) == {chair, first}
    closed = of.member().user
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    assert [member.user for member in committee.members()] == [chair]


def test_a_vote_is_given_once_and_stays(officer, boss):
    application = of.reviewed("committee", by=officer)
    chair, first, _second = of.committee(boss)
    with pytest.raises(PermissionDenied):
        of.vote(application, officer)  # no member
    assert refused(of.vote, application, first, "against", "") == ["text"]
    of.vote(application, first, "against", "Za drogo.")
    stale(of.vote, application, first, "for")
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.update(verdict="for")
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(
            review=application.loan_review, round=1, by=chair, role="chair", verdict="against", at=clock.now()
        )
    CommitteeMember.objects.filter(user=chair).update(role="chair")
    assert Vote.objects.get().role == "member"


def test_an_assessor_may_sit_in_the_committee(officer, boss):
    of.committee(boss, officer)
    application = of.reviewed("committee", by=officer)
    of.vote(application, officer)
    of.vote(application, boss)
    assert reviews.prepare_approval(application, by=officer, **of.terms(application)).verdict == "approve"


def test_a_decision_differs_from_the_opinion_only_with_reasons(officer, boss):
    application = of.reviewed("committee", by=officer)
    people = of.committee(boss)
    of.vote(application, people[0], "against")
    assert refused(reviews.prepare_approval, application, by=officer, **of.terms(application)) == [""]  # no quorum
    assert refused(reviews.prepare_rejection, application, by=officer, reasons="x") == [""]
    of.vote(application, people[1], "against")
    for none in ("", " \n"):
        bare = of.terms(application, reasons=none)
        assert refused(reviews.prepare_approval, application, by=officer, **bare) == ["reasons"]
    given_ = of.terms(application, reasons="Nowa umowa z gminą.")
    assert reviews.prepare_approval(application, by=officer, **given_).reasons == "Nowa umowa z gminą."


# The decision


def test_an_approval_becomes_a_loan_with_its_capital_reserved(officer, boss):
    application = of.reviewed("prepared", by=officer)
    decision = of.decision(application)
    done = reviews.confirm(intake.impartial(application, boss), by=boss, decision=decision, officer=officer)
    loan = Loan.objects.get()
    asked = application.loan_application
    assert (done.state, done.decided_by) == ("accepted", boss)
    assert (loan.decision, loan.state, loan.officer, loan.amount, loan.committed) == (
        decision,
        LoanState.APPROVED,
        officer,
        asked.amount,
        asked.amount,
    )
    assert [(s.kind, s.description) for s in loan.securities.all()] == [("bill", of.BILL["description"])]
    fund = Fund.objects.get()
    assert (fund.committed, fund.free) == (50_000, 1_950_000)
    assert (loan.organisation.nip, loan.organisation.name) == (asked.nip, asked.name)
    decision.refresh_from_db()
    assert (decision.prepared_by, decision.confirmed_by) == (officer, boss)
    assert consistency.differences(fund) == []


def test_too_little_capital_undoes_everything(officer, boss):
    make.fund(capital=49_999)
    application = intake.impartial(of.reviewed("prepared", by=officer), boss)
    decision = of.decision(application)
    assert refused(reviews.confirm, application, by=boss, decision=decision) == [""]
    decision.refresh_from_db()
    kept = of.fresh(application)
    assert (kept.state, kept.loan_review.state, decision.confirmed_by) == ("verification", "prepared", None)
    assert (Loan.objects.count(), Fund.objects.get().committed) == (0, 0)


def test_the_terms_are_checked(officer, boss):
    application = of.reviewed("committee", by=officer)
    for user in of.committee(boss):
        of.vote(application, user)

    def at(**changes):
        return refused(reviews.prepare_approval, application, by=officer, **of.terms(application, **changes))

    old = Product.objects.exclude(pk=make.product().pk).first()
    Product.objects.filter(pk=old.pk).update(valid_from=datetime.date(2001, 1, 1), valid_to=datetime.date(2002, 1, 1))
    assert at(amount=D("50000.01")) == ["amount"]
    assert at(months=85) == ["months"]
    assert at(grace=7) == ["grace"]
    assert at(months=6, grace=6) == ["grace"]
    assert at(product=old) == ["product"]
    assert at(securities=[]) == ["securities"]
    assert at(securities=[of.BILL] * 11) == ["securities"]
    assert at(securities=[{"kind": "nonsense", "description": "x", "value": None}]) == ["kind"]
    assert at(securities=[{"kind": "bill", "description": "x", "value": D(-1)}]) == [""]
    Product.objects.update(nbp_share_new_job=None)
    assert at(new_job=True) == ["new_job"]
    assert (Decision.objects.count(), DecisionSecurity.objects.count()) == (0, 0)
    made = reviews.prepare_approval(
        application, by=officer, **of.terms(application, amount=D(30_000), months=24, conditions="Polisa.")
    )
    assert (made.amount, made.months, made.conditions) == (30_000, 24, "Polisa.")


def test_all_loans_of_one_organisation_together(officer, boss):
    known = base.organisation(nip=base.nip())
    product_ = make.product()
    Product.objects.filter(pk=product_.pk).update(largest_per_pes=product_.largest)
    first = make.granted(product_.largest - 40_000, organisation=known)
    make.granted(5_000)  # of another one
    application = of.reviewed("committee", by=officer, nip=known.nip)
    for user in of.committee(boss):
        of.vote(application, user)
    ours = {"organisation": known}
    assert refused(reviews.prepare_approval, application, by=officer, **of.terms(application, **ours)) == ["amount"]
    reviews.prepare_approval(application, by=officer, **of.terms(application, amount=D(40_000), **ours))
    make.granted("0.01", organisation=known)  # meanwhile
    decision = of.decision(application)
    assert refused(reviews.confirm, intake.impartial(application, boss), by=boss, decision=decision) == ["amount"]
    move(first, "lapse", by=officer, reason="Nie podpisano.")
    reviews.confirm(application, by=boss, decision=decision, officer=officer)
    assert granting.held(organisation=known) == D("40000.01")


def test_the_register_is_matched_when_the_decision_is_prepared(officer, boss):
    known = base.organisation(nip=base.nip(), email="")
    application = of.reviewed("committee", by=officer, nip=known.nip)
    for user in of.committee(boss):
        of.vote(application, user)
    # a number that the register knows makes no second row
    assert refused(reviews.prepare_approval, application, by=officer, **of.terms(application)) == ["nip"]
    take = {"organisation": ["email"]}
    given_ = of.terms(application, organisation=known, take=take)
    decision = reviews.prepare_approval(application, by=officer, **given_)
    known.refresh_from_db()
    assert (decision.organisation, known.email) == (known, application.loan_application.email)
    assert decision.person.last_name == "Łąka"


def test_four_eyes_in_words_and_by_the_table(boss):
    """The manager may prepare as well as confirm, and never both."""
    application = of.reviewed("prepared", by=boss)
    decision = of.decision(application)
    assert refused(reviews.confirm, application, by=boss, decision=decision) == [""]
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE loans_decision SET confirmed_by_id = prepared_by_id, confirmed_at = now()")
    assert error.value.__cause__.diag.constraint_name == "loandecision_four_eyes"
    other = make.manager()
    reviews.confirm(intake.impartial(application, other), by=other, decision=decision, officer=boss)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE loans_decision SET confirmed_by_id = %s", [make.manager().pk])


def test_a_loan_is_made_by_nothing_but_a_confirmed_decision(officer, boss):
    """The engine's own decisions are closed, also to a service that is called past the pages."""
    application = intake.impartial(of.reviewed("prepared", by=officer), boss)
    rows = {"organisation": of.decision(application).organisation, "person": of.decision(application).person}
    for state in ("prepared", "formal"):
        at = application if state == "prepared" else intake.impartial(of.reviewed("formal", by=officer), boss)
        assert refused(services.accept, at, by=boss, unit=boss.unit, adviser=officer, **rows) == [""]
        assert refused(services.reject, at, by=boss, reason="x") == [""]
        assert refused(services.reserve, at, by=boss, reason="x") == [""]
    fresh = intake.checked(make.applied(by=officer), by=officer)  # without any review
    assert refused(services.reject, intake.impartial(fresh, boss), by=boss, reason="x") == [""]
    assert Loan.objects.count() == 0


def test_sent_back_and_prepared_anew(officer, boss):
    application = intake.impartial(of.reviewed("prepared", by=officer), boss)
    first = of.decision(application)
    assert refused(reviews.send_back, application, by=boss, decision=first, reason=" ") == ["reason"]
    reviews.send_back(application, by=boss, decision=first, reason="Brak poręczenia.")
    first.refresh_from_db()
    assert (first.sent_back_by, first.sent_back_because) == (boss, "Brak poręczenia.")
    assert (of.fresh(application).loan_review.state, of.decision(application)) == ("assessment", None)
    # cards and votes of the round stand
    reviews.to_committee(application, by=officer)
    known = {"organisation": first.organisation, "person": first.person}
    second = reviews.prepare_approval(application, by=officer, **of.terms(application, **known))
    stale(reviews.confirm, application, by=boss, decision=first)  # a page that is no longer true
    stale(reviews.send_back, application, by=boss, decision=first, reason="x")
    reviews.confirm(application, by=boss, decision=second, officer=officer)
    assert Loan.objects.get().decision == second


def test_an_upheld_appeal_begins_another_round(officer, boss):
    application = of.upheld(by=officer, boss=boss)
    assert application.state == "verification"
    # the undone rejection is no ground for a new one
    assert refused(services.reject, application, by=boss, reason="x") == [""]
    review = reviews.reopen(application, by=officer)
    assert (review.state, review.round, committee.votes(review), reviews.in_force(review)) == ("formal", 2, [], None)
    stale(reviews.reopen, application, by=officer)
    reviews.assess(application, by=officer)
    of.card(application, officer)
    reviews.to_committee(application, by=officer)
    for member in committee.members():
        of.vote(application, member.user)
    decision = reviews.prepare_approval(application, by=officer, **of.terms(application))
    assert decision.round == 2
    done = reviews.confirm(application, by=boss, decision=decision, officer=officer)
    assert (done.state, Loan.objects.get().decision) == ("accepted", decision)
    assert [d.verdict for d in Decision.objects.order_by("pk")] == ["reject", "approve"]


def test_a_completion_holds_the_review_and_its_last_day_lets_it_be_rejected(officer, boss):
    application = of.reviewed("assessment", by=officer)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    row = move(application, "ask", by=officer, reason="KRS", changes={"request": "KRS"})
    CompletionRequest.objects.create(
        application=row, text="KRS", attachments=["krs"], due_on=clock.today(), asked_by=officer, asked_at=clock.now()
    )
    stale(reviews.prepare_rejection, row, by=officer, reasons="Brak KRS.")
    noon = datetime.time(12)
    with clock.at(datetime.datetime.combine(tomorrow, noon, clock.WARSAW)):
        assert completion.is_late(row)
        stale(of.card, row, officer)
        reviews.prepare_rejection(row, by=officer, reasons="Brak KRS.")
        done = reviews.confirm(intake.impartial(row, boss), by=boss, decision=of.decision(row))
    assert (done.state, CompletionRequest.objects.get().dropped_at is not None) == ("rejected", True)


def test_steps_of_an_application_that_nobody_completed(officer, boss):
    """It may be rejected and sent back, and never granted."""
    of.committee(boss)
    found = {}
    for state, verdict in [
        ("formal", ""),
        ("assessment", ""),
        ("committee", ""),
        ("prepared", "approve"),
        ("prepared", "reject"),
    ]:
        application = of.reviewed(state, by=officer, verdict=verdict or "approve")
        row = move(application, "ask", by=officer, reason="KRS", changes={"request": "KRS"})
        day = clock.today() - datetime.timedelta(days=1)
        CompletionRequest.objects.create(
            application=row, text="KRS", attachments=["krs"], due_on=day, asked_by=officer, asked_at=clock.now()
        )
        steps = reviews.steps(row.loan_review, row, boss)
        found[state, verdict] = [step.name for step in steps]
        if verdict == "approve":
            stale(reviews.confirm, row, by=boss, decision=of.decision(row), officer=officer)
    assert found == {
        ("formal", ""): ["review-refuse"],
        ("assessment", ""): ["review-refuse"],
        ("committee", ""): ["review-vote"],
        ("prepared", "approve"): ["review-send-back"],
        ("prepared", "reject"): ["review-confirm", "review-send-back"],
    }


def test_less_asked_for_after_a_completion_stops_an_approval(officer, boss):
    application = intake.impartial(of.reviewed("prepared", by=officer), boss)
    type(application.loan_application).objects.update(amount=D(40_000))
    decision = of.decision(application)
    assert refused(reviews.confirm, application, by=boss, decision=decision) == ["amount"]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_once_is_one_loan():
    by, bosses = make.officer(), [make.manager() for _n in range(4)]
    application = intake.impartial(of.reviewed("prepared", by=by), *bosses)
    decision = of.decision(application)
    results = at_once(4, lambda n: reviews.confirm(application, by=bosses[n], decision=decision, officer=by))
    assert sorted(type(r).__name__ for r in results) == ["Application", "Stale", "Stale", "Stale"]
    assert (Loan.objects.count(), Fund.objects.get().committed) == (1, 50_000)


@pytest.mark.django_db(transaction=True)
def test_confirming_and_withdrawing_at_once():
    by, boss = make.officer(), make.manager()
    application = intake.impartial(of.reviewed("prepared", by=by), boss)
    decision = of.decision(application)
    results = at_once(
        2,
        lambda n: (
            services.withdraw(application)
            if n
            else reviews.confirm(application, by=boss, decision=decision, officer=by)
        ),
    )
    kept = of.fresh(application)
    assert sorted(type(r).__name__ for r in results) == ["Application", "Stale"]
    assert (kept.state, Loan.objects.count()) in [("accepted", 1), ("withdrawn", 0)]
    assert kept.loan_review.state == ("approved" if kept.state == "accepted" else "prepared")


@pytest.mark.django_db(transaction=True)
def test_two_officers_take_the_same_step_at_once():
    by = make.officer()
    other = make.officer()
    application = intake.checked(make.applied(by=by), by=by)
    make.fund()
    intake.impartial(application, other)
    results = at_once(2, lambda n: reviews.assess(application, by=(by, other)[n]))
    assert sorted(type(r).__name__ for r in results) == ["Review", "Stale"]
    assert Review.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_loans_of_one_organisation_at_once_stay_within_its_limit():
    by, boss = make.officer(), make.manager()
    known = base.organisation(nip=base.nip())
    product_ = make.product()
    Product.objects.filter(pk=product_.pk).update(largest=60_000, largest_per_pes=60_000)
    of.committee(boss)
    decisions = []
    for _n in range(2):
        application = of.reviewed("committee", by=by, amount=40_000, nip=known.nip)
        for member in committee.members():
            of.vote(application, member.user)
        decisions.append(reviews.prepare_approval(application, by=by, **of.terms(application, organisation=known)))
    results = at_once(
        2,
        lambda n: reviews.confirm(decisions[n].review.application, by=boss, decision=decisions[n], officer=by),
    )
    assert sorted(type(r).__name__ for r in results) == ["Application", "Refused"]
    assert granting.held(organisation=known) == 40_000


@pytest.mark.django_db(transaction=True)
def test_forty_approvals_at_once_on_capital_for_fewer():
    """1,000,000 hold 33 loans of 30,000: as many are approved, each with its loan, and the rest is left as it was."""
    by, boss = make.officer(), make.manager()
    fund = make.fund(1_000_000)
    decisions = [of.ready(30_000, by=by, boss=boss) for _n in range(40)]
    results = at_once(
        40, lambda n: reviews.confirm(decisions[n].review.application, by=boss, decision=decisions[n], officer=by)
    )
    names = [type(result).__name__ for result in results]
    assert (names.count("Application"), names.count("Refused")) == (33, 7)
    fund.refresh_from_db()
    assert (Loan.objects.count(), fund.committed, fund.free) == (33, 990_000, 10_000)
    assert Decision.objects.filter(confirmed_at=None, review__state="prepared").count() == 7
    assert consistency.differences(fund) == []
    call = ledger.balances(fund)
    assert {row.code: row.balance for row in call}["992"] == 990_000


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_counter_of_the_fund():
    """A plain sum and an insert, as many at once: all of them see the capital free and promise it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive (amount numeric(14, 2))")
    looked = threading.Barrier(10)

    def approve(_number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(sum(amount), 0) FROM naive")
            free = 100_000 - cursor.fetchone()[0]
            looked.wait(timeout=30)
            if free < 30_000:
                raise Refused("full")
            cursor.execute("INSERT INTO naive VALUES (30000)")
        return True

    try:
        assert at_once(10, approve) == [True] * 10
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(amount) FROM naive")
            assert cursor.fetchone()[0] == 300_000
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive")


# What changes on the way


def test_a_card_that_becomes_needed_late_is_given_while_the_committee_votes(officer, boss):
    application = of.reviewed("committee", by=officer, boss=boss, amount=50_000)
    second = make.officer()
    Parameter.objects.filter(code="loan-second-card-above").update(value=40_000)
    for user in of.committee(boss)[:2]:
        of.vote(application, user)
    with pytest.raises(Refused):
        reviews.prepare_approval(application, by=officer, **of.terms(application))
    names = {step.name for step in reviews.steps(reviews.of(application), application, second)}
    assert "review-card" in names and "review-prepare" not in names
    assert application in review_queries.waiting_for(second)
    of.card(application, second)
    assert reviews.prepare_approval(application, by=officer, **of.terms(application)).verdict == "approve"


def test_a_conflict_declared_later_takes_back_card_vote_and_preparation(officer, boss):
    application = of.reviewed("prepared", by=officer, boss=boss)
    decision = of.decision(application)
    intake.impartial(application, boss)
    engine.declare(application, by=officer, conflict=True, text="Szwagier.")
    assert scoring.cards(of.fresh(application).loan_review, application) == ([], 1)
    with pytest.raises(Refused):
        reviews.confirm(application, by=boss, decision=decision, officer=boss)
    assert Loan.objects.count() == 0


def test_what_nobody_completed_in_time_waits_for_who_may_refuse_it(officer, boss):
    application = of.reviewed("formal", by=officer, boss=boss)
    completion.ask(application, by=officer, text="Uzupełnij.", fields=["purpose"], due_on=clock.today())
    CompletionRequest.objects.update(due_on=clock.today() - datetime.timedelta(days=1))
    row = review_queries.applications(boss).get(pk=application.pk)
    assert review_queries.next_step(row)[0] == str(officer)
    reviews.prepare_rejection(of.fresh(application), by=officer, reasons="Nie uzupełniono.")
    assert list(review_queries.waiting_for(boss)) == [application]
    assert list(review_queries.waiting_for(officer)) == []
