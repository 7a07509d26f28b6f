"""The review of an application for a loan, from the formal check to the decision of two people.

The application stays in verification meanwhile; its row is locked by every step, so that a withdrawal, a completion
and a decision never pass each other. Services raise Refused in words for the user, Stale, PermissionDenied.
"""

from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from loans import granting
from loans.enums import ReviewState
from loans.models import Decision

_FOLLOWS = {"accept": ReviewState.APPROVED, "reject": ReviewState.REJECTED}


def in_force(review):
    """The decision of this round that was not sent back, or None."""
    return Decision.objects.filter(review=review, round=review.round, sent_back_at=None).first()


# What the intake engine asks


def may_decide(application, action):
    """Refuse to decide on the application otherwise than by confirming a prepared decision."""
    review = getattr(application, "loan_review", None)
    if review is None or review.state != _FOLLOWS.get(action):
        raise Refused(_("This application is decided in its review, by two people."))


def accept(application, *, by, unit, adviser, organisation, person):
    """What acceptance does: the loan comes to be. Follows from `confirm`."""
    return granting.grant(in_force(application.loan_review), by=by, unit=unit, officer=adviser)
