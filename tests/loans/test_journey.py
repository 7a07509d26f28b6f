"""A borrower's way from the calculator to the money, and every figure of it beside the ledger."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.polish import money
from centrum.register import ties
from loans import agreements, consistency, orders, payouts, securities, settlements
from loans.models import Account, Loan
from tests.factories import intake
from tests.factories import loans as make
from tests.factories import reviews as of

pytestmark = pytest.mark.django_db
IBAN = "PL27114020040000300201355387"


def applied(client):
    """The application that a visitor sends who began with the button of the calculator."""
    wishes = {
        "product": "fers-rozwoj", "amount": "50 000", "months": "36", "grace": "6", "method": "equal_principal"
    }  # fmt: skip
    shown = client.get(reverse("lending:calculator"), wishes)
    assert shown.context["quote"].schedule.principal == 50_000
    begun = client.post(reverse("lending:apply"), wishes | {"key": str(uuid.uuid4())})
    return intake.sent(client, begun.url, make.loan_pages())


def signed(loan, officer, boss):
    today = clock.today()
    account = ties.add_account(loan.organisation, by=officer, iban=IBAN, valid_from=today, proof="zaświadczenie")
    ties.confirm_account(account, by=boss)
    plan = [(Decimal(30_000), today), (Decimal(20_000), today + datetime.timedelta(days=40))]
    first = agreements.first_instalment(today, 10)
    loan = agreements.draw(loan, by=officer, due_day=10, first_due=first, tranches=plan)
    loan = agreements.sign(loan, by=officer, signed_on=today)
    securities.establish(loan.securities.get(), by=officer, established_on=today, document="weksel 1")
    return Loan.objects.get(pk=loan.pk)


def paid(loan, number, officer, accountant):
    tranche = loan.tranches.get(number=number)
    tranche = payouts.verify(tranche, by=officer, account=payouts.accounts(tranche).get())
    order = orders.order([payouts.approve(tranche, by=accountant)], by=accountant, key=uuid.uuid4())
    assert bytes(order.file.data).count(b"\r\n") == 1
    return payouts.book(tranche, by=accountant, paid_on=clock.today(), document=f"WB/{number}")


def test_from_the_calculator_to_the_payout(client):
    make.nbp_rate()
    fund = make.fund(100_000)
    officer, boss, accountant = make.officer(), make.manager(), make.accountant()
    loan = Loan.objects.get(decision=of.granted(applied(client), officer, boss))
    fund.refresh_from_db()
    assert (loan.state, loan.committed, fund.committed, fund.free) == ("approved", 50_000, 50_000, 50_000)

    loan = signed(loan, officer, boss)
    assert loan.state == "ready"
    first = paid(loan, 1, officer, accountant)
    make.document(first.settlement, 30_000, by=officer)
    settlements.accept(settlements.submit(first.settlement, by=officer), by=accountant)
    paid(loan, 2, officer, accountant)

    loan.refresh_from_db()
    fund.refresh_from_db()
    assert (loan.state, loan.committed, loan.paid_out, loan.outstanding) == ("active", 0, 50_000, 50_000)
    assert (fund.committed, fund.outstanding, fund.free) == (0, 50_000, 50_000)
    owed = Account.objects.get(code="211").lines.filter(loan=loan).aggregate(sum=Sum("amount"))["sum"]
    rows = loan.schedules.get(current=True).rows.all()
    assert owed == loan.outstanding == sum(row.principal for row in rows)
    client.force_login(boss)
    page = client.get(reverse("loans:loan", args=[loan.public_id])).content.decode()
    for figure in (owed, rows[0].total, sum(row.total for row in rows)):
        assert money(figure) in page, figure
    assert consistency.differences(fund) == []
    call_command("check_consistency")
