"""The aid of an approval that is prepared: reckoned, kept with the decision, and within the ceiling.

The signature reckons anew, with the rates of its day and the same rating. Raises Refused in words for the user.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import aid
from loans.deminimis import calculating, euro, room
from loans.models import DecisionAid


def gives_aid(decision):
    """Whether what is approved is de minimis aid at all: every guarantee, and a loan whose product says so."""
    return bool(decision.lender_id) or bool(decision.product and decision.product.de_minimis)


@transaction.atomic
def assess(decision, *, by, rating, collateral="", reason):
    """Keep the aid of a prepared approval. Returns the DecisionAid, None where the product gives no aid.

    Raises Refused above the ceiling: what of the undertaking is approved and not signed yet counts as well.
    """
    require(by, Right.KEEP_LOANS)
    if not gives_aid(decision):
        return None
    if not reason.strip():
        raise Refused({"reason": _("Say why this rating and collateral.")})
    today = clock.today()
    found = calculating.of_decision(decision, on=today, rating=rating, collateral=collateral, reason=reason, by=by)
    eur = aid.rounded(found.total / euro.rate_on(today).rate)
    room.lock(decision.organisation, today)
    standing = room.must_fit(decision.organisation, today, eur, pending=True, without=decision)
    return DecisionAid.objects.create(
        decision=decision, calculation=calculating.keep(found, by=by), eur=eur, used=standing.used
    )


def must_fit(decision):
    """Refuse a decision whose aid does not fit any more; for who confirms it, within the transaction that makes the
    loan or the guarantee. Of two at once the second one waits for the first."""
    found = DecisionAid.objects.filter(decision=decision).first()
    if found is None:
        return None
    today = clock.today()
    room.lock(decision.organisation, today)
    return room.must_fit(decision.organisation, today, found.eur, pending=True, without=decision)
