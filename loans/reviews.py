"""The review of an application for a loan or a guarantee: from the formal check over score cards and committee to a
decision by two. What depends on the kind is told by loans/review_kinds.py.

The application stays in verification meanwhile; its row is locked by every step, so that a withdrawal, a completion
and a decision never pass each other. Services raise Refused in words for the user, Stale, PermissionDenied.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.intake import completion, matching, queries, services
from centrum.intake import review as engine
from centrum.intake.enums import ApplicationState
from centrum.kit import clock, saving
from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale, move, noun_of, what_changed
from centrum.staff.enums import RIGHTS, Right
from centrum.staff.permissions import require
from loans import committee, review_kinds, scoring
from loans.deminimis import assessing, room, statements
from loans.enums import DecisionVerdict, ReviewState, VoteVerdict
from loans.models import Decision, DecisionSecurity, Review, ScoreCard, ScoreMark, Vote

# steps of an application that nobody completed in time
_OF_LATE = {"review-vote", "review-refuse", "review-confirm", "review-send-back"}
MOST_SECURITIES = 10
_FOLLOWS = {"accept": ReviewState.APPROVED, "reject": ReviewState.REJECTED}
_KEEPERS = [role for role, rights in RIGHTS.items() if Right.KEEP_LOANS in rights]


# Reads


def of(application):
    """The review of an application; before the first step one that is not saved, of the fund that it would have."""
    made = getattr(application, "loan_review", None)
    return made or Review(application_id=application.pk, fund=review_kinds.of(application).first_fund())


def in_force(review):
    """The decision of this round that was not sent back, or None."""
    if review.pk is None:
        return None
    rows = review.decisions.filter(round=review.round, sent_back_at=None)
    names = ("prepared_by", "confirmed_by", "organisation", "person", "product", "lender")
    return rows.select_related(*names).first()


def is_late(application):
    """Whether nobody completed the application in time, so that it may only be rejected."""
    return application.state == ApplicationState.COMPLETION and completion.is_late(application)


def officers(application, user):
    """Who may lead what comes of it, once it is granted."""
    return engine.colleagues(application, user).filter(role__in=_KEEPERS)


def changes(review):
    """Moves of the review, the newest first."""
    rows = StateChange.objects.filter(noun=noun_of(review), object_id=review.pk).select_related("by")
    return rows.order_by("-pk") if review.pk else rows.none()


# Who may do what now


@dataclass(frozen=True)
class Step:
    """What `user` may do now: `name` of its page, words of the button, how it looks."""

    name: str
    label: str
    kind: str = "ok"


def steps(review, application, user):
    """[Step] that are open to `user`, the main one first."""
    late = is_late(application)
    if not (application.state == ApplicationState.VERIFICATION or late) or engine.has_conflict(application, user):
        return []
    keeps = user.has_right(Right.KEEP_LOANS)
    refuse = Step("review-refuse", _("Prepare a rejection"), "quiet")
    found = []
    if review.state == ReviewState.FORMAL and keeps:
        found = [Step("review-assess", _("Begin the merit assessment")), refuse]
    elif review.state == ReviewState.ASSESSMENT and keeps:
        given, missing = scoring.cards(review, application)
        if not missing:
            found = [Step("review-committee", _("Hand to the committee"))]
        elif all(card.by_id != user.pk for card in given):
            found = [Step("review-card", _("Fill in a score card"))]
        found.append(refuse)
    elif review.state == ReviewState.COMMITTEE:
        given, missing = scoring.cards(review, application)
        found = [Step("review-vote", _("Vote"))] if may_vote(review, user) else []
        if missing and keeps and all(card.by_id != user.pk for card in given):
            found.append(Step("review-card", _("Fill in a score card")))
        if not missing and keeps and committee.opinion_on(review, application).quorum:
            found += [Step("review-prepare", _("Prepare an approval")), refuse]
    elif review.state == ReviewState.PREPARED and user.has_right(Right.DECIDE_LOANS):
        found = _of_prepared(in_force(review), user, late)
    elif review.state == ReviewState.REJECTED and keeps:
        found = [Step("review-reopen", _("Review once more"))]
    return [step for step in found if step.name in _OF_LATE] if late else found


def _of_prepared(decision, user, late):
    send_back = Step("review-send-back", _("Send back"), "quiet")
    approves = decision.verdict == DecisionVerdict.APPROVE
    if decision.prepared_by_id == user.pk or (approves and late):
        return [send_back]
    if approves:
        return [Step("review-confirm", _("Confirm the approval")), send_back]
    return [Step("review-confirm", _("Confirm the rejection"), "bad"), send_back]


def may_vote(review, user):
    """Whether `user` is a member of the committee who has not voted in this round."""
    return bool(committee.member(user)) and all(vote.by_id != user.pk for vote in committee.votes(review))


# Steps


def _begin(application, by, *, late=False):
    """(locked application, its locked review) on which `by` may take a step; the first one makes the review.

    `late`: also of an application that nobody completed in time.
    """
    row = queries.locked(application)
    if row.state != ApplicationState.VERIFICATION and not (late and is_late(row)):
        raise Stale(what_changed(row))
    engine.must_be_impartial(row, by)
    locked = Review.objects.select_for_update(of=("self",), no_key=True).filter(application=row).first()
    if locked is None:
        fund = review_kinds.of(row).first_fund()
        if fund is None:
            raise Refused(_("There is no fund yet. Add it in the ledger of the fund first."))
        locked = Review.objects.create(application=row, fund=fund)
    return row, locked


@transaction.atomic
def assess(application, *, by):
    """End the formal check and begin the merit assessment. Raises Refused while the checklist is not passed."""
    require(by, Right.KEEP_LOANS)
    row, review = _begin(application, by)
    review = move(review, "assess", by=by)
    engine.must_pass_checklist(row)
    return review


@transaction.atomic
def save_card(application, *, by, marks, text):
    """Keep a score card for good; `marks`: {criterion: (points, note)} for every criterion in force."""
    require(by, Right.KEEP_LOANS)
    row, review = _begin(application, by)
    if review.state not in scoring.OPEN:
        raise Stale(what_changed(review))
    given, missing = scoring.cards(review, row)
    if any(card.by_id == by.pk for card in given):
        raise Stale(_("You have saved your card already."))
    if not missing:
        raise Refused(_("Every card that is needed has been given already."))
    criteria = list(scoring.criteria())
    if {criterion.pk for criterion in marks} != {criterion.pk for criterion in criteria}:
        raise Refused(_("What a card judges has changed. Open the page anew."))
    if not text.strip():
        raise Refused({"text": _("Give reasons.")})
    card = ScoreCard(review=review, round=review.round, by=by, at=clock.now(), text=text.strip())
    saving.save(card)
    for criterion in criteria:
        points, note = marks[criterion]
        saving.save(ScoreMark(card=card, criterion=criterion, points=points, most=criterion.most, note=note.strip()))
    return card


@transaction.atomic
def to_committee(application, *, by):
    """Hand the application to the committee. Raises Refused while a card is missing or the checklist not passed."""
    require(by, Right.KEEP_LOANS)
    row, review = _begin(application, by)
    review = move(review, "to_committee", by=by)
    engine.must_pass_checklist(row)
    scoring.must_be_complete(review, row)
    return review


@transaction.atomic
def vote(application, *, by, verdict, text=""):
    """Vote as a member of the committee, once and for good; a vote against gives reasons."""
    require(by, Right.VIEW_LOANS)
    membership = must_be_member(by)
    _row, review = _begin(application, by, late=True)
    if review.state != ReviewState.COMMITTEE:
        raise Stale(what_changed(review))
    if not may_vote(review, by):
        raise Stale(_("You have voted already."))
    if verdict == VoteVerdict.AGAINST and not text.strip():
        raise Refused({"text": _("Give reasons for a vote against.")})
    return saving.save(
        Vote(
            review=review,
            round=review.round,
            by=by,
            role=membership.role,
            verdict=verdict,
            text=text.strip(),
            at=clock.now(),
        )
    )


def must_be_member(user):
    """The membership of `user` in the committee today; raises PermissionDenied."""
    membership = committee.member(user)
    if membership is None:
        raise PermissionDenied(_("You are no member of the loan committee today."))
    return membership


@transaction.atomic
def prepare_approval(
    application,
    *,
    by,
    reasons,
    securities,
    organisation,
    person,
    take=None,
    fund=None,
    conditions="",
    rating="",
    collateral="",
    aid_reason="",
    **terms,
):
    """Prepare an approval on `terms` of its kind, which somebody else confirms. Returns the Decision.

    `organisation`, `person`: rows of the register, None for new ones; `take`: {match: fields that become what the
    applicant typed}. `securities`: [{kind, description, value}], at least one. `rating`, `collateral` and `aid_reason`:
    from what the de minimis aid is reckoned, and why.
    """
    require(by, Right.KEEP_LOANS)
    row, review = _begin(application, by)
    review = move(review, "prepare", by=by, changes={"fund": fund} if fund else None)
    engine.must_pass_checklist(row)
    scoring.must_pass(scoring.must_be_complete(review, row))
    _must_have_opinion(review, row)
    _must_give(reasons)
    kind = review_kinds.of(row)
    terms = kind.decided(row, **terms)
    if not 0 < len(securities) <= MOST_SECURITIES:
        raise Refused({"securities": _("Name at least one security, and at most ten.")})
    rows = matching.write(
        row, by=by, unit=row.unit, rows={"organisation": organisation, "person": person}, take=take or {}
    )
    words = {"reasons": reasons, "conditions": conditions}
    decision = _prepared(review, by, verdict=DecisionVerdict.APPROVE, **words, **rows, **terms)
    room.lock(decision.organisation, clock.today())  # all that are linked, before anything is asked of one of them
    kind.must_fit(decision)
    for security in securities:
        saving.save(DecisionSecurity(decision=decision, **security))
    statements.declared_by(row, by, organisation=decision.organisation)
    if kind.gives_aid(decision):
        assessing.assess(decision, by=by, rating=rating, collateral=collateral, reason=aid_reason)
    return decision


@transaction.atomic
def prepare_rejection(application, *, by, reasons):
    """Prepare a rejection for reasons that the applicant will read; after the committee voted, or before it."""
    require(by, Right.KEEP_LOANS)
    row, review = _begin(application, by, late=True)
    voted = review.state == ReviewState.COMMITTEE
    review = move(review, "prepare" if voted else "prepare_rejection", by=by)
    _must_give(reasons)
    if voted:
        _must_have_opinion(review, row)
    return _prepared(review, by, verdict=DecisionVerdict.REJECT, reasons=reasons)


def _prepared(review, by, *, reasons, **values):
    return saving.save(
        Decision(
            review=review,
            round=review.round,
            reasons=reasons.strip(),
            prepared_by=by,
            prepared_at=clock.now(),
            **values,
        )
    )


def _must_give(reasons):
    if not reasons.strip():
        raise Refused({"reasons": _("Give reasons.")})


def _must_have_opinion(review, application):
    """Raise Refused without a quorum. The opinion binds nobody: a decision that differs gives its reasons."""
    opinion = committee.opinion_on(review, application)
    if not opinion.quorum:
        said = {"voted": opinion.voted, "least": opinion.least}
        raise Refused(_("The committee has no quorum: %(voted)d of the %(least)d votes that it needs.") % said)


@transaction.atomic
def confirm(application, *, by, decision, officer=None, letter=None):
    """Confirm the prepared `decision` as another person: the loan or guarantee comes to be under `officer` with its
    amount reserved, or the application is rejected. Returns the Application.

    Raises Stale when another decision was prepared meanwhile, Refused when the fund does not suffice.
    """
    require(by, Right.DECIDE_LOANS)
    row, review = _begin(application, by, late=decision.verdict == DecisionVerdict.REJECT)
    prepared = in_force(review)
    if review.state != ReviewState.PREPARED or prepared != decision:
        raise Stale(what_changed(review))
    if prepared.prepared_by_id == by.pk:
        raise Refused(_("You prepared this decision, so somebody else must confirm it."))
    approves = prepared.verdict == DecisionVerdict.APPROVE
    if approves:
        scoring.must_pass(scoring.must_be_complete(review, row))
        kind = review_kinds.of(row)
        # a completion may have changed it
        kind.must_be_asked(row, amount=prepared.amount, credit=prepared.credit, cover=prepared.cover)
        room.lock(prepared.organisation, clock.today())
        kind.must_fit(prepared)
        _must_have_opinion(review, row)  # a vote of whoever declared a conflict since does not count
        kind.must_have_room(review.fund, prepared.amount)
        if kind.gives_aid(prepared):
            assessing.must_fit(prepared)
    if engine.has_conflict(row, prepared.prepared_by):
        raise Refused(_("Who prepared this decision has declared a conflict of interest since. Send it back."))
    prepared.confirmed_by, prepared.confirmed_at = by, clock.now()
    prepared.save(update_fields=["confirmed_by", "confirmed_at"])
    move(review, "approve" if approves else "reject", by=by)
    if not approves:
        return services.reject(row, by=by, reason=prepared.reasons, letter=letter)
    return services.accept(
        row,
        by=by,
        unit=row.unit,
        adviser=officer or row.assignee or prepared.prepared_by,
        organisation=prepared.organisation,
        person=prepared.person,
        letter=letter,
    )


@transaction.atomic
def send_back(application, *, by, decision, reason):
    """Send the prepared `decision` back to the assessment, for a reason."""
    require(by, Right.DECIDE_LOANS)
    _row, review = _begin(application, by, late=True)
    prepared = in_force(review)
    if review.state != ReviewState.PREPARED or prepared != decision:
        raise Stale(what_changed(review))
    review = move(review, "send_back", by=by, reason=reason)
    prepared.sent_back_by, prepared.sent_back_at, prepared.sent_back_because = by, clock.now(), reason.strip()
    prepared.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_because"])
    return review


@transaction.atomic
def reopen(application, *, by):
    """Begin another round, once an appeal was upheld: checks, cards and votes are given anew."""
    require(by, Right.KEEP_LOANS)
    _row, review = _begin(application, by)
    return move(review, "reopen", by=by, changes={"round": review.round + 1})


# What the intake engine asks


def may_decide(application, action):
    """Refuse to decide on the application otherwise than by confirming a prepared decision.

    One that an upheld appeal undid does not count: each such appeal begins another round.
    """
    review = getattr(application, "loan_review", None)
    fits = review is not None and review.state == _FOLLOWS.get(action)
    if not fits or review.round <= application.appeals.filter(upheld=True).count():
        raise Refused(_("This application is decided in its review, by two people."))


def accept(application, *, by, unit, adviser, organisation, person):
    """What acceptance does: the loan or the guarantee comes to be. Follows from `confirm`."""
    decision = in_force(application.loan_review)
    return review_kinds.of(application).grant(decision, by=by, unit=unit, officer=adviser)


def events(application):
    """Moves of the review for the history of the application: StateChange with `words`."""
    rows = list(changes(of(application)))
    for row in rows:
        row.words = review_kinds.of(application).event % {"state": ReviewState(row.target).label}
    return rows
