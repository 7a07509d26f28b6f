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
from loans.deminimis import calculating, euro, room, statements
from loans.enums import YesNo
from loans.models import AidStatement, DecisionAid


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
    _must_be_declared(decision)
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
        if gives_aid(decision):
            raise Refused(_("No aid was reckoned with this decision. Send it back and prepare it anew."))
        return None
    today = clock.today()
    room.lock(decision.organisation, today)
    return room.must_fit(decision.organisation, today, found.eur, pending=True, without=decision)


def _must_be_declared(decision):
    """Of who says that it had aid there is a statement, of its own or of SUDOP."""
    application = decision.review.application
    answers = statements.answers_of(application)
    if answers is None or answers.had_de_minimis != YesNo.YES:
        return
    if not AidStatement.objects.filter(organisation=decision.organisation).exists():
        words = _("The applicant says it had de minimis aid. Note what it declares, or what SUDOP shows, first.")
        raise Refused(words)
