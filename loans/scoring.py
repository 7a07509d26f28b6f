"""Score cards (karty oceny merytorycznej): what they judge, how many are needed, who may look at them.

The assessors are blind: whoever has given no card of the round sees none while one is missing, not even a total.
"""

from decimal import Decimal

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrum.intake.models import Declaration
from centrum.kit import parameters
from centrum.kit.periods import in_force
from centrum.kit.polish import number
from centrum.kit.transitions import Refused
from loans import review_kinds
from loans.enums import ReviewState
from loans.models import ScoreCard, ScoreCriterion
from loans.schedule import rounded

# in these a card is given: a completion of the amount may make a second one needed while the committee votes
OPEN = (ReviewState.ASSESSMENT, ReviewState.COMMITTEE)
CLOSED = (ReviewState.APPROVED, ReviewState.REJECTED)
_SECOND = "loan-second-card-above"


def criteria(on=None):
    """What a card given on a day (today) judges."""
    return ScoreCriterion.objects.filter(in_force(on)).order_by("order", "code")


def needed(application):
    """How many people have to give a card: the second one above the amount `loan-second-card-above`."""
    kind = review_kinds.of(application)
    return 2 if kind.amount(kind.answers_of(application)) > parameters.value(_SECOND) else 1


def needed_in_a_query():
    """The same for a query of applications with what each is `asked` for."""
    above = Q(asked__gt=Subquery(parameters.in_force(_SECOND).values("value")))
    return Case(When(above, then=Value(2)), default=Value(1), output_field=IntegerField())


def counted():
    """Cards that count: none of whoever has declared a conflict of interest since."""
    conflict = Declaration.objects.filter(application=OuterRef("review__application"), by=OuterRef("by"), conflict=True)
    return ScoreCard.objects.filter(~Exists(conflict))


def cards(review, application):
    """(cards of the round, how many are missing); for the services, which are no assessor."""
    given = list(_told(counted().filter(review=review, round=review.round))) if review.pk else []
    return given, max(needed(application) - len(given), 0)


def seen(review, application, user):
    """(cards of all rounds that `user` may see, the last first; how many of the round are given; how many missing)."""
    given, missing = cards(review, application)
    mine = any(card.by_id == user.pk for card in given)
    if missing and not mine and review.state not in CLOSED:
        return [], len(given), missing
    earlier = _told(review.cards.filter(round__lt=review.round)) if review.round > 1 else ()
    return [*given, *sorted(earlier, key=lambda card: -card.round)], len(given), missing


def _told(rows):
    rows = rows.select_related("by").prefetch_related("marks__criterion").order_by("pk")
    for card in rows:
        card.points = points([(mark.points, mark.most) for mark in card.marks.all()])
        yield card


def points(marks):
    """Points out of 100 of a card, to a hundredth; `marks`: [(points, most)], whatever the weights sum up to."""
    most = sum(most for _given, most in marks)
    return rounded(Decimal(100 * sum(given for given, _most in marks)) / most) if most else Decimal(0)


def average(given):
    """The mean of the cards' points out of 100, to a hundredth; None without a card."""
    return rounded(sum(card.points for card in given) / len(given)) if given else None


def must_be_complete(review, application):
    """The cards of the round; raises Refused while one is missing."""
    given, missing = cards(review, application)
    if missing:
        words = ngettext("%(number)d score card is missing.", "%(number)d score cards are missing.", missing)
        raise Refused(words % {"number": missing})
    return given


def must_pass(given):
    """Raise Refused when the average is below `loan-score-threshold`, so that nothing can be granted."""
    found, least = average(given), parameters.value("loan-score-threshold")
    if found < least:
        said = {"points": number(found), "least": number(least.normalize() + Decimal(0))}
        raise Refused(
            _("The score cards give %(points)s points of 100 on average. An approval needs %(least)s.") % said
        )
