"""Reviews of applications for loans and guarantees in every state, made through the services."""

import datetime
from decimal import Decimal

from centrum.intake import appeals, services
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.staff.enums import Role
from loans import committee as committees
from loans import review_kinds, reviews, scoring
from loans.deminimis import assessing
from loans.enums import NbpKind
from loans.models import (
    CommitteeMember,
    Decision,
    DecisionSecurity,
    EurRate,
    NbpRate,
    Review,
    ScoreCard,
    ScoreMark,
    Vote,
)
from tests.factories import base, guarantee_applications, guarantees, intake
from tests.factories import loans as make

D = Decimal
_APPLIED = {"loan": make.applied, "guarantee": guarantee_applications.applied}
_FUND = {"loan": make.fund, "guarantee": guarantees.fund}
BILL = {"kind": "bill", "description": "Weksel in blanco z deklaracją", "value": None}


def member(user=None, *, role="member", since=datetime.date(2020, 1, 1), until=None):
    """A membership in the committee, of a new coordinator unless given."""
    user = user or base.user(Role.COORDINATOR)
    return CommitteeMember.objects.create(user=user, role=role, valid_from=since, valid_to=until)


def committee(chair=None, *others):
    """[users] of the committee, the chair first; where there is none, it is made of these or of three."""
    if not CommitteeMember.objects.exists():
        member(chair or make.manager(), role="chair")
        for user in others or (None, None):
            member(user)
    return [row.user for row in committees.members()]


def marks(percent=80):
    """What a card gives: so many per cent of the points of each criterion."""
    return {criterion: (criterion.most * percent // 100, "") for criterion in scoring.criteria()}


def card(application, by, percent=80):
    intake.impartial(application, by)
    return reviews.save_card(application, by=by, marks=marks(percent), text="Spłata z podpisanych umów.")


def vote(application, by, verdict="for", text="Uzasadnienie."):
    intake.impartial(application, by)
    return reviews.vote(application, by=by, verdict=verdict, text=text)


def rates():
    """The rate of the euro of today and a base rate of the Commission, with which de minimis aid is reckoned."""
    today = clock.today()
    if not NbpRate.objects.filter(kind=NbpKind.EC_BASE).exists():
        make.nbp_rate("0.0452", kind=NbpKind.EC_BASE, valid_from=datetime.date(2024, 1, 1))
    if not EurRate.objects.filter(day=today).exists():
        people = {"entered_by": base.user(), "confirmed_by": base.user()}
        times = {"entered_at": clock.now(), "confirmed_at": clock.now()}
        table = f"{today:%j}/A/NBP/{today.year}"
        EurRate.objects.create(day=today, table=table, rate=D("4.25"), source="test", **people, **times)


def terms(application, **changes):
    """Arguments of an approval as it was asked for, of an organisation and a person that are new to the register."""
    kind = review_kinds.of(application)
    asked = kind.answers_of(application)
    values = {name: getattr(asked, name) for name in kind.terms}
    if kind is review_kinds.GUARANTEE:
        values |= {"fee": D("0.01"), "fee_from": 1, "rating": "none", "aid_reason": "Bez historii kredytowej."}
    rest = {"securities": [BILL], "organisation": None, "person": None, "reasons": "Umowy podpisane."}
    return values | rest | changes


def fresh(application):
    return Application.objects.get(pk=application.pk)


def reviewed(state="formal", *, by=None, boss=None, verdict="approve", people=None, kind="loan", **answers):
    """An application of a `kind` whose review came to `state` by the officer `by`; `boss` confirms.

    `people`: the committee (a list of users, the chair first). Each step is taken by its service.
    """
    by, boss = by or make.officer(), boss or make.manager()
    fund = _FUND[kind]()
    if kind == "guarantee":
        rates()
    application = intake.checked(_APPLIED[kind](by=by, **answers), by=by)
    if state == "formal":
        # the first step makes the row: here that of a review which came back from nowhere
        Review.objects.create(application=application, fund=fund)
        return fresh(application)
    reviews.assess(application, by=by)
    if state == "assessment":
        return fresh(application)
    card(application, by)
    if scoring.needed(application) > 1:
        card(application, make.officer())
    reviews.to_committee(application, by=by)
    if state == "committee":
        return fresh(application)
    for user in people or committee():
        vote(application, user, "for" if verdict == "approve" else "against")
    if verdict == "approve" and state != "rejected":
        reviews.prepare_approval(application, by=by, **terms(application))
    else:
        reviews.prepare_rejection(application, by=by, reasons="Brak zdolności do spłaty.")
    if state != "prepared":
        intake.impartial(application, boss)
        reviews.confirm(application, by=boss, decision=decision(application), officer=by)
    return fresh(application)


def granted(application, officer, boss):
    """The Decision on an application that was sent: taken up and prepared by the officer, confirmed by the manager,
    after a card and the votes of both."""
    committee(boss, officer)
    application = services.take(intake.impartial(application, officer), by=officer, assignee=officer)
    intake.impartial(application, boss)
    reviews.assess(intake.checked(application, by=officer), by=officer)
    card(application, officer)
    reviews.to_committee(application, by=officer)
    for member_ in (officer, boss):
        reviews.vote(application, by=member_, verdict="for")
    made = reviews.prepare_approval(application, by=officer, **terms(application))
    reviews.confirm(application, by=boss, decision=made, officer=officer)
    return made


def ready(amount=30_000, *, by, boss, fund=None, kind="loan"):
    """A decision to grant that waits for `boss`, written past the services since it is one of many."""
    application = intake.impartial(intake.checked(_APPLIED[kind](by=by, amount=amount), by=by), boss)
    subject = review_kinds.of(application)
    asked = subject.answers_of(application)
    review = Review.objects.create(application=application, fund=fund or _FUND[kind](), state="prepared")
    more = {"fee": D("0.01"), "fee_from": 1, "amount": subject.amount(asked)} if kind == "guarantee" else {}
    card_ = ScoreCard.objects.create(review=review, round=1, by=by, at=clock.now(), text="Uzasadnienie.")
    ScoreMark.objects.bulk_create(
        ScoreMark(card=card_, criterion=criterion, points=points, most=criterion.most)
        for criterion, (points, _note) in marks().items()
    )
    made = Decision.objects.create(
        review=review,
        round=1,
        verdict="approve",
        reasons="Umowy podpisane.",
        organisation=base.organisation(name=asked.name, nip=asked.nip),
        person=base.person(with_pesel=False),
        prepared_by=by,
        prepared_at=clock.now(),
        **{name: getattr(asked, name) for name in subject.terms} | more,
    )
    DecisionSecurity.objects.create(decision=made, **BILL)
    if kind == "guarantee":
        rates()
        assessing.assess(made, by=by, rating="bb", reason="Sprawozdania z dwóch lat.")
    Vote.objects.bulk_create(
        Vote(review=review, round=1, by=user, role="member", verdict="for", at=clock.now()) for user in (by, boss)
    )
    return made


def decision(application):
    return reviews.in_force(fresh(application).loan_review)


def upheld(*, by, boss=None, kind="loan"):
    """An application whose rejection an appeal undid."""
    application = reviewed("rejected", by=by, boss=boss, kind=kind)
    application = appeals.submit(application, text="Mamy nowe umowy.")
    other = make.manager()
    return fresh(appeals.uphold(intake.impartial(application, other), by=other, reason="Nowe umowy."))


def withdrawn(application):
    return fresh(services.withdraw(application))
