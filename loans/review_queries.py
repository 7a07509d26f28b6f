"""Reads of reviews: the applications for loans and guarantees that somebody sees, what each waits for, and which wait
for whom."""

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from centrum.intake import queries
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Declaration
from centrum.kit.search import matching
from centrum.staff.enums import Right
from loans import committee, review_kinds, scoring
from loans.enums import DecisionVerdict, ReviewState
from loans.models import Decision, Vote


def applications(user):
    """Sent applications for loans and guarantees that `user` sees, with what is `asked` for in PLN, their review and
    what its next step depends on.

    `cards_given` of `cards_needed` and `votes_given` of the round; no card is told here, since assessors are blind.
    """
    of_round = {"review__application": OuterRef("pk"), "round": OuterRef("loan_review__round")}
    cards, votes = scoring.counted().filter(**of_round), Vote.objects.filter(**of_round)
    decisions = Decision.objects.filter(**of_round, sent_back_at=None)
    whole = Q(loan_application__complete=True) | Q(guarantee_application__complete=True)
    rows = queries.visible_applications(user).filter(whole, kind__in=review_kinds.CODES)
    answers = ("loan_application__product", "guarantee_application__lender")
    rows = rows.annotate(asked=review_kinds.asked_in_a_query())
    return rows.select_related("assignee", "loan_review", *answers).annotate(
        cards_given=_count(cards),
        votes_given=_count(votes),
        cards_needed=scoring.needed_in_a_query(),
        scored=Exists(cards.filter(by=user)),
        voted=Exists(votes.filter(by=user)),
        late=queries.is_late(),
        own_decision=Exists(decisions.filter(prepared_by=user)),
        rejects=Exists(decisions.filter(verdict=DecisionVerdict.REJECT)),
        barred=Exists(Declaration.objects.filter(application=OuterRef("pk"), by=user, conflict=True)),
    )


def _count(rows):
    counted = rows.order_by().values("review").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0)


def listed(user, *, text="", state="", kind=""):
    """Applications for the list; `state`: a state of the review, "new" (nobody took it up), "mine" or "" (all);
    `kind`: of one kind alone."""
    rows = matching(applications(user), text)
    if kind:
        rows = rows.filter(kind=kind)
    if state == "mine":
        return waiting(rows, user)
    if state == "new":
        return rows.filter(state=ApplicationState.SUBMITTED)
    if state == ReviewState.FORMAL:
        return rows.filter(Q(loan_review=None) | Q(loan_review__state=state), state__in=_IN_REVIEW)
    if state and state not in scoring.CLOSED:
        rows = rows.filter(state__in=_IN_REVIEW)
    return rows.filter(loan_review__state=state) if state else rows


# what goes on with an application that nobody completed in time: votes, and a prepared rejection
_OF_LATE = Q(loan_review__state=ReviewState.COMMITTEE, cards_given__gte=F("cards_needed")) | Q(
    loan_review__state=ReviewState.PREPARED, rejects=True
)
_IN_REVIEW = (ApplicationState.VERIFICATION, ApplicationState.COMPLETION)


def waiting(rows, user):
    """Those of `rows` that wait for `user`: to score, to vote, to confirm."""
    found = Q(pk=None)
    if user.has_right(Right.KEEP_LOANS):
        found |= Q(cards_given__lt=F("cards_needed"), loan_review__state__in=scoring.OPEN, scored=False)
    if user.has_right(Right.VIEW_LOANS):
        votes = Q(Exists(committee.members().filter(user=user)))
        found |= votes & Q(loan_review__state=ReviewState.COMMITTEE, voted=False)
    if user.has_right(Right.DECIDE_LOANS):
        found |= Q(loan_review__state=ReviewState.PREPARED, own_decision=False)
    late = Q(state=ApplicationState.COMPLETION, late=True) & _OF_LATE
    return rows.filter(found, Q(state=ApplicationState.VERIFICATION) | late, barred=False)


def waiting_for(user):
    return waiting(applications(user), user)


def next_step(row):
    """(who, what) of the next step of a row of `applications`, in words; ("", "") where none is left."""
    officer = str(row.assignee) if row.assignee else _("a loan officer")
    if row.state == ApplicationState.SUBMITTED:
        return _("a loan officer"), _("take it up")
    if row.state == ApplicationState.COMPLETION and not row.late:
        return _("the applicant"), _("complete the application")
    if row.state == ApplicationState.APPEAL:
        return _("who did not reject it"), _("decide on the appeal")
    if row.state not in _IN_REVIEW:
        return "", ""
    review = getattr(row, "loan_review", None)
    state = review.state if review else ReviewState.FORMAL
    if row.late and state in (ReviewState.FORMAL, ReviewState.ASSESSMENT):
        return officer, _("prepare a rejection, or give more time")
    if state in scoring.OPEN:
        if row.cards_given < row.cards_needed:
            said = {"given": row.cards_given, "needed": row.cards_needed}
            return _("an assessor"), _("fill in a score card (%(given)d of %(needed)d are there)") % said
    if state == ReviewState.ASSESSMENT:
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
