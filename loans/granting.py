"""A loan comes to be: as the confirmed decision has it, with its capital reserved in the same transaction."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock, parameters
from centrum.kit.numbering import next_number
from loans import ledger
from loans.enums import EntryEvent, LoanState
from loans.models import Loan, Security

SERIES = "PZ"


def held(**whose):
    """Sum in PLN of the loans granted to an organisation (a lookup on Loan) that have not lapsed."""
    rows = Loan.objects.filter(**whose).exclude(state=LoanState.LAPSED)
    return rows.aggregate(found=Sum("amount"))["found"] or Decimal(0)


@transaction.atomic
def grant(decision, *, by, unit, officer):
    """Make the loan of a confirmed approval and reserve its capital (992/993).

    Raises Refused when the capital of the fund does not suffice; the tables see to it, however many ask at once.
    """
    today = clock.today()
    loan = Loan.objects.create(
        number=next_number(SERIES),
        decision=decision,
        fund=decision.review.fund,
        product=decision.product,
        organisation=decision.organisation,
        person=decision.person,
        unit=unit,
        officer=officer,
        amount=decision.amount,
        months=decision.months,
        grace=decision.grace,
        method=decision.method,
        day_count=decision.product.day_count,
        new_job=decision.new_job,
        granted_on=today,
        sign_by=today + datetime.timedelta(days=parameters.whole("loan-days-to-sign")),
    )
    for wanted in decision.securities.all():
        Security.objects.create(loan=loan, kind=wanted.kind, description=wanted.description, value=wanted.value)
    ledger.post(
        loan.fund,
        by=by,
        event=EntryEvent.APPROVAL,
        key=f"approval-{loan.number}",
        lines=[(ledger.PROMISED, loan.amount), (ledger.PROMISED_CONTRA, -loan.amount)],
        text=_("Loan %(number)s approved"),
        said={"number": loan.number},
        value_date=today,
        document=loan.number,
        loan=loan,
    )
    return loan
