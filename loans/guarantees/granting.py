"""A guarantee comes to be: as the confirmed decision has it, with its amount reserved in the same transaction."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock, parameters
from centrum.kit.numbering import next_number
from loans import ledger
from loans.enums import EntryEvent
from loans.models import Guarantee, Security

SERIES = "PR"


@transaction.atomic
def grant(decision, *, by, unit, officer):
    """Make the guarantee of a confirmed approval and reserve its amount (990-1/991-1).

    Raises Refused when the limit of the fund or the part of one client does not suffice; the tables see to it, however
    many ask at once.
    """
    today = clock.today()
    guarantee = Guarantee.objects.create(
        number=next_number(SERIES),
        decision=decision,
        fund=decision.review.fund,
        lender=decision.lender,
        organisation=decision.organisation,
        person=decision.person,
        unit=unit,
        officer=officer,
        credit=decision.credit,
        credit_kind=decision.credit_kind,
        months=decision.months,
        grace=decision.grace,
        cover=decision.cover,
        amount=decision.amount,
        fee=decision.fee,
        fee_from=decision.fee_from,
        granted_on=today,
        sign_by=today + datetime.timedelta(days=parameters.whole("guarantee-days-to-sign")),
    )
    for wanted in decision.securities.all():
        Security.objects.create(
            guarantee=guarantee, kind=wanted.kind, description=wanted.description, value=wanted.value
        )
    ledger.post(
        guarantee.fund,
        by=by,
        event=EntryEvent.GUA_APPROVAL,
        key=f"approval-{guarantee.number}",
        lines=[(ledger.RESERVED, guarantee.amount), (ledger.RESERVED_CONTRA, -guarantee.amount)],
        text=_("Guarantee %(number)s approved"),
        said={"number": guarantee.number},
        value_date=today,
        document=guarantee.number,
        guarantee=guarantee,
    )
    return guarantee
