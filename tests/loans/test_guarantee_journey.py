"""A client's way from the application for a guarantee over the call to the recourse, by the pages of those who take
part, and every figure of it beside the ledger and the register of aid."""

import base64
import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.polish import money
from loans import consistency
from loans.guarantees import reports
from loans.models import Account, AidGrant, AidStatement, EurRate, Guarantee, LenderReport
from tests.factories import guarantee_applications, guarantees, intake
from tests.factories import loans as make
from tests.factories import reviews as of
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D = Decimal


def typed(day):
    return f"{day:%d.%m.%Y}"


def applied(client, lender):
    """The application for 80 % of 25 000 PLN that a visitor sends who had aid once."""
    begun = client.post("/wnioski/poreczenie/", {"key": str(uuid.uuid4())})
    pages = guarantee_applications.pages(lender=lender, aid=[make.aid()], had_de_minimis="yes")
    return intake.sent(client, begun.url, pages)


def in_force(client, made):
    """Promised, drawn up, signed, secured and put in force by the officer at the browser."""
    today = clock.today()
    post(client, made, "promise")
    post(client, made, "draw", drawn_on=typed(today))
    post(client, made, "sign", signed_on=typed(today), file=upload())
    security = made.securities.get()
    said = {"established_on": typed(today), "document": "weksel nr 1", "file": upload()}
    post(client, made, "security-establish", security.pk, **said)
    post(client, made, "activate", credit_number="KR/7", activated_on=typed(today), paid_out="25 000")
    return guarantees.fresh(made)


def post(client, made, step, *args, **said):
    address = reverse(f"loans:guarantee-{step}", args=[made.public_id, *args])
    response = client.post(address, said)
    assert response.status_code == 302, (step, response.context and response.context["form"].errors)


def reported(client, made, left):
    """The lender's report of the last month, looked at and taken in."""
    month = reports.last_month()
    said = {"lender": made.lender_id, "month": month.isoformat(), "name": "r.csv"}
    said["content"] = base64.b64encode(guarantees.report((made, left))).decode()
    assert client.post(reverse("loans:guarantee-report-take"), said).status_code == 302
    return LenderReport.objects.get(month=month)


def balance(code, made):
    return Account.objects.get(code=code).lines.filter(guarantee=made).aggregate(sum=Sum("amount"))["sum"] or 0


def at(day):
    return clock.at(datetime.datetime(day.year, day.month, day.day, 10, tzinfo=clock.WARSAW))


def test_from_the_application_to_the_recourse(client):
    make.nbp_rate(kind="reference")
    of.rates()
    fund, lender = guarantees.fund(D(500_000)), guarantees.lender()
    officer, boss, accountant = make.officer(), make.manager(), make.accountant()
    begins = clock.today()
    made = Guarantee.objects.get(decision=of.granted(applied(client, lender), officer, boss))
    fund.refresh_from_db()
    assert (made.state, made.amount, fund.gua_reserved, fund.gua_exposure) == ("approved", 20_000, 20_000, 0)
    assert AidStatement.objects.get().rows.get().eur == D("1500.50")

    client.force_login(officer)
    made = in_force(client, made)
    fund.refresh_from_db()
    assert (made.state, made.exposure, fund.gua_reserved, fund.gua_exposure) == ("active", 20_000, 0, 20_000)
    assert balance("990", made) == -balance("991", made) == 20_000
    grant = AidGrant.objects.get()
    assert (grant.guarantee, grant.pln) == (made, grant.calculation.total)
    assert grant.eur == (grant.pln / EurRate.objects.get(day=begins).rate).quantize(D("0.01"))
    assert grant.used == D("1500.50")
    paper = client.get(reverse("loans:aid-certificate", args=[grant.public_id]))
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")

    client.force_login(accountant)
    post(client, made, "fee", 1, paid_on=typed(begins), document="WB/1")
    assert balance("131", made) == -balance("641", made) == 200

    with at(clock.months_later(begins.replace(day=1), 3) + datetime.timedelta(days=9)):
        today = clock.today()
        client.force_login(officer)
        reported(client, made, 15_000)
        made = guarantees.fresh(made)
        assert made.exposure == balance("990", made) == 12_000
        said = {"received_on": typed(today), "amount": "12 000", "owed": "15 000", "terminated_on": typed(today)}
        post(client, made, "call-new", **said, file=upload())
        call = made.calls.get()
        answers = dict.fromkeys(("principal_only", "has_statement", "has_demand", "has_termination"), "on")
        post(client, made, "call-verify", call.pk, payable="12 000", **answers)
        client.force_login(accountant)
        post(client, made, "call-pay", call.pk, paid_on=typed(today), document="WB/7")
        assert balance("241", made) == 12_000 and balance("990", made) == 0
        recovery = {"on": typed(today), "amount": "15 000", "document": "WB/8", "key": str(uuid.uuid4())}
        post(client, made, "recovery-new", **recovery)

        made = guarantees.fresh(made)
        fund.refresh_from_db()
        assert (made.state, balance("241", made)) == ("recovered", 0)
        # the lender's part of what came back never passes through the fund
        assert (balance("131", made), made.recoveries.get().of_lender) == (200, 3_000)
        assert (fund.gua_exposure, fund.gua_claim, fund.gua_lost) == (0, 0, 0)
        client.force_login(boss)
        for name in ("guarantee", "guarantee-recourse", "guarantee-ledger"):
            assert client.get(reverse(f"loans:{name}", args=[made.public_id])).status_code == 200
        page = client.get(reverse("loans:guarantee-recourse", args=[made.public_id])).content.decode()
        for figure in (D(12_000), D(15_000), D(3_000)):
            assert money(figure) in page, figure
        assert consistency.differences(fund) == []
        call_command("check_consistency")
