"""Reads of reviews: the applications for loans that somebody sees, what each waits for, and which wait for whom."""

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from centrum.intake import queries
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Declaration
from centrum.kit import parameters
from centrum.kit.search import matching
from centrum.staff.enums import Right
from loans import committee
from loans.enums import ReviewState
from loans.models import Decision, ScoreCard, Vote


def applications(user):
    """Sent applications for loans that `user` sees, with their review and what its next step depends on.

    `cards_given` of `cards_needed` and `votes_given` of the round; no card is told here, since assessors are blind.
    """
    of_round = {"review__application": OuterRef("pk"), "round": OuterRef("loan_review__round")}
    cards, votes = ScoreCard.objects.filter(**of_round), Vote.objects.filter(**of_round)
    decisions = Decision.objects.filter(**of_round, sent_back_at=None)
    above = Q(loan_application__amount__gt=Subquery(parameters.in_force("loan-second-card-above").values("value")))
    rows = queries.visible_applications(user).filter(loan_application__complete=True)
    return rows.select_related("assignee", "loan_application__product", "loan_review").annotate(
        cards_given=_count(cards),
        votes_given=_count(votes),
        cards_needed=Case(When(above, then=Value(2)), default=Value(1), output_field=IntegerField()),
        scored=Exists(cards.filter(by=user)),
        voted=Exists(votes.filter(by=user)),
        own_decision=Exists(decisions.filter(prepared_by=user)),
        barred=Exists(Declaration.objects.filter(application=OuterRef("pk"), by=user, conflict=True)),
    )


def _count(rows):
    counted = rows.order_by().values("review").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0)


def listed(user, *, text="", state=""):
    """Applications for the list; `state`: a state of the review, "new" (nobody took it up), "mine" or "" (all)."""
    rows = matching(applications(user), text)
    if state == "mine":
        return waiting(rows, user)
    if state == "new":
        return rows.filter(state=ApplicationState.SUBMITTED)
    if state == ReviewState.FORMAL:
        return rows.filter(Q(loan_review=None) | Q(loan_review__state=state), state__in=_IN_REVIEW)
    return rows.filter(loan_review__state=state) if state else rows


_IN_REVIEW = (ApplicationState.VERIFICATION, ApplicationState.COMPLETION)


def waiting(rows, user):
    """Those of `rows` that wait for `user`: to score, to vote, to confirm."""
    found = Q(pk=None)
    if user.has_right(Right.KEEP_LOANS):
        missing = Q(cards_given__lt=1) | Q(cards_given__lt=2, cards_needed=2)
        found |= missing & Q(loan_review__state=ReviewState.ASSESSMENT, scored=False)
    if user.has_right(Right.VIEW_LOANS):
        votes = Q(Exists(committee.members().filter(user=user)))
        found |= votes & Q(loan_review__state=ReviewState.COMMITTEE, voted=False)
    if user.has_right(Right.DECIDE_LOANS):
        found |= Q(loan_review__state=ReviewState.PREPARED, own_decision=False)
    return rows.filter(found, state=ApplicationState.VERIFICATION, barred=False)


def waiting_for(user):
    return waiting(applications(user), user)


def next_step(row):
    """(who, what) of the next step of a row of `applications`, in words; ("", "") where none is left."""
    officer = str(row.assignee) if row.assignee else _("a loan officer")
    if row.state == ApplicationState.SUBMITTED:
        return _("a loan officer"), _("take it up")
    if row.state == ApplicationState.COMPLETION:
        return _("the applicant"), _("complete the application")
    if row.state == ApplicationState.APPEAL:
        return _("who did not reject it"), _("decide on the appeal")
    if row.state != ApplicationState.VERIFICATION:
        return "", ""
    review = getattr(row, "loan_review", None)
    state = review.state if review else ReviewState.FORMAL
    if state == ReviewState.ASSESSMENT:
        if row.cards_given < row.cards_needed:
            said = {"given": row.cards_given, "needed": row.cards_needed}
            return _("an assessor"), _("fill in a score card (%(given)d of %(needed)d are there)") % said
        return officer, _("hand it to the committee")
    return {
        ReviewState.FORMAL: (officer, _("end the formal check")),
        ReviewState.COMMITTEE: (
            _("the committee"),
            _("vote, then prepare the decision (votes: %(number)d)") % {"number": row.votes_given},
        ),
        ReviewState.PREPARED: (_("another person than prepared it"), _("confirm the decision or send it back")),
        ReviewState.REJECTED: (officer, _("review it once more, since the appeal was upheld")),
    }[state]
