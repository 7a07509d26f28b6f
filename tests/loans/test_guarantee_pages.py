"""The office's pages of guarantees: list, one guarantee, its steps, calls and claim, reports, and what waits."""

import base64
import datetime
import html
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.staff.enums import Role, UnitKind
from loans import waiting
from loans.enums import GuaranteeState
from loans.guarantees import fees, panels, queries, reports, timeline
from loans.guarantees import waiting as guarantee_waiting
from loans.models import Guarantee, LenderReport
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import guarantees as of
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def url(name, guarantee, *args):
    return reverse(f"loans:{name}", args=[guarantee.public_id, *args])


def text(response):
    return html.unescape(response.content.decode()).replace("\xa0", " ")


def typed(day):
    return f"{day:%d.%m.%Y}"


def listed(office, **query):
    return [row.number for row in office.get(reverse("loans:guarantees"), query).context["page"].rows]


# The list


def test_the_list_shows_states_lenders_and_what_is_at_stake(office, officer):
    promised, active = of.granted(10_000, by=officer), of.active(by=officer, paid_out=D(20_000))
    rows = office.get(reverse("loans:guarantees")).context["page"].rows
    assert [(row.pk, row.tag, row.stake) for row in rows] == [
        (active.pk, "ok", D(16_000)),
        (promised.pk, "info", D(10_000)),
    ]
    page = text(office.get(reverse("loans:guarantees"), {"order": "stake"}))
    assert "16 000,00 zł" in page
    assert active.credit_number in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, set(GuaranteeState.values)),
        ({"state": "before"}, {"approved", "promised", "drawn", "signed"}),
        ({"state": "staked"}, {"approved", "promised", "drawn", "signed", "active", "called"}),
        ({"state": "active"}, {"active"}),
        ({"state": "nonsense"}, set(GuaranteeState.values)),
        ({"todo": "sign"}, {"approved", "promised", "drawn"}),
        ({"todo": "secure"}, {"approved", "promised", "drawn"}),
        ({"todo": "activate"}, {"signed"}),
        ({"todo": "call"}, {"called"}),
        ({"todo": "late"}, set()),
        ({"todo": "release"}, set()),
        ({"officer": "me"}, set()),
        ({"lender": "0"}, set(GuaranteeState.values)),
    ],
)
def test_filters(office, query, found):
    # with the first one the others would expire, too
    for state in ("expired", *(one for one in GuaranteeState.values if one != "expired")):
        of.walked(state, amount=1_000)
    states = dict(Guarantee.objects.values_list("number", "state"))
    assert {states[number] for number in listed(office, **query)} == found


def test_filters_by_lender_fee_and_number(office, officer):
    first, second = of.active(by=officer), of.granted(by=officer)
    assert listed(office, lender=second.lender_id) == [second.number]
    assert listed(office, todo="fee") == [first.number]
    for words in (first.number, first.credit_number, first.organisation.name, first.organisation.nip):
        assert first.number in listed(office, q=words)
    assert listed(office, q="nie ma takiego") == []


def test_the_list_asks_no_more_for_three_rows_than_for_one(office, officer):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            office.get(reverse("loans:guarantees"))
        return len(captured)

    of.active(by=officer)
    asked()
    one = asked()
    for _number in range(2):
        of.active(by=officer)
    assert asked() == one


def test_a_guarantee_of_another_unit_is_not_there(client, officer):
    made = of.active(by=officer)
    client.force_login(base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER)))
    assert client.get(url("guarantee", made)).status_code == 404
    assert listed(client) == []
    assert client.get(reverse("loans:guarantee-calls")).context["calls"] == []
    assert client.get(reverse("loans:guarantee-reports")).context["sees"] is False


# One guarantee


@pytest.mark.parametrize("state", GuaranteeState.values)
def test_the_pages_of_a_guarantee_in_every_state(office, officer, state):
    made = of.walked(state, by=officer)
    for name in ("guarantee", "guarantee-recourse", "guarantee-ledger"):
        page = office.get(url(name, made))
        assert page.status_code == 200
        assert made.number in text(page)
    assert ("Regres" in text(office.get(url("guarantee", made)))) == (state in ("recourse", "recovered", "writtenoff"))


def test_from_the_approval_to_the_payout_by_the_pages(office, officer):
    made, today = of.granted(by=officer), clock.today()
    page = url("guarantee", made)
    assert url("guarantee-promise", made) in text(office.get(page))
    assert office.get(url("guarantee-promise", made)).status_code == 200
    assert office.post(url("guarantee-promise", made)).url == page
    assert office.get(url("guarantee-draw", made)).status_code == 200
    assert office.post(url("guarantee-draw", made), {"drawn_on": typed(today)}).url == page
    paper = made.papers.filter(kind="declaration").get()
    sent = office.get(url("guarantee-paper", made, paper.file.public_id))
    assert (sent.status_code, sent["Content-Type"]) == (200, "application/pdf")
    assert office.get(url("guarantee-sign", made)).status_code == 200
    assert office.post(url("guarantee-sign", made), {"signed_on": typed(today), "file": upload()}).url == page
    assert url("guarantee-activate", made) not in text(office.get(page))  # before it is secured
    security = made.securities.get()
    said = {"established_on": typed(today), "document": "weksel nr 1", "file": upload()}
    assert office.get(url("guarantee-security-establish", made, security.pk)).status_code == 200
    assert office.post(url("guarantee-security-establish", made, security.pk), said).url == page
    assert url("guarantee-activate", made) in text(office.get(page))
    said = {"credit_number": "KR/7", "activated_on": typed(today), "paid_out": "25 000,01"}
    assert "paid_out" in office.post(url("guarantee-activate", made), said).context["form"].errors
    assert office.post(url("guarantee-activate", made), said | {"paid_out": "25 000"}).url == page
    assert of.fresh(made).exposure == D(20_000)
    assert office.get(url("guarantee-sign", made)).url == page  # too late
    assert office.post(url("guarantee-paper-new", made), {"title": "Notatka", "file": upload()}).url == page


def test_securities_by_the_pages(office, officer, client):
    made = of.drawn(by=officer)
    page = url("guarantee", made)
    said = {"kind": "pledge", "description": "Piec", "value": "10 000"}
    assert office.get(url("guarantee-security-new", made)).status_code == 200
    assert office.post(url("guarantee-security-new", made), said).url == page
    added = made.securities.get(kind="pledge")
    assert office.post(url("guarantee-security-edit", made, added.pk), said | {"description": "Dwa piece"}).url == page
    assert of.fresh(added).description == "Dwa piece"
    assert "Dwa piece" in text(office.get(page))
    loan = make.granted(by=officer)
    assert office.get(reverse("loans:security-edit", args=[loan.public_id, added.pk])).status_code == 404
    assert office.get(url("guarantee-security-edit", made, loan.securities.get().pk)).status_code == 404
    ended = of.walked("released", by=officer)
    client.force_login(make.manager())
    row = ended.securities.get()
    assert url("guarantee-security-release", ended, row.pk) in text(client.get(url("guarantee", ended)))
    said = {"released_on": typed(clock.today()), "reason": "Zwrot weksla"}
    assert client.post(url("guarantee-security-release", ended, row.pk), said).url == url("guarantee", ended)
    assert of.fresh(row).state == "released"


def test_it_lapses_and_is_released_by_the_pages(office, officer):
    made = of.granted(by=officer)
    assert office.get(url("guarantee-lapse", made)).status_code == 200
    assert office.post(url("guarantee-lapse", made), {"reason": "Bank odmówił."}).url == url("guarantee", made)
    assert of.fresh(made).state == "lapsed"
    made = of.active(by=officer)
    said = {"ended_on": typed(clock.today()), "reason": "Spłata", "file": upload()}
    assert office.get(url("guarantee-release", made)).status_code == 200
    assert office.post(url("guarantee-release", made), said).url == url("guarantee", made)
    assert of.fresh(made).state == "released"
    assert "Spłata" in text(office.get(url("guarantee-ledger", made)))


def test_a_fee_is_paid_by_the_page(client, officer):
    made = of.active(by=officer)
    client.force_login(make.accountant())
    link = url("guarantee-fee", made, 1)
    assert link in text(client.get(url("guarantee", made)))
    assert client.get(link).status_code == 200
    assert client.post(link, {"paid_on": typed(clock.today()), "document": "WB/1"}).url == url("guarantee", made)
    assert client.get(link).url == url("guarantee", made)
    assert "WB/1" in text(client.get(url("guarantee", made)))


# Calls and the claim


def test_from_a_call_to_the_write_off_by_the_pages(client, officer):
    boss, payer = make.manager(), make.accountant()
    made, today = of.active(by=officer), clock.today()
    client.force_login(officer)
    said = {"received_on": typed(today), "amount": "16 000", "owed": "20 000", "terminated_on": typed(today)}
    assert client.get(url("guarantee-call-new", made)).status_code == 200
    assert client.post(url("guarantee-call-new", made), said).context["form"].errors
    assert client.post(url("guarantee-call-new", made), said | {"file": upload()}).url == url("guarantee", made)
    call = made.calls.get()
    one = url("guarantee-call", made, call.pk)
    page = text(client.get(one))
    assert "16 000,00 zł" in page
    assert url("guarantee-call-verify", made, call.pk) in page
    answers = dict.fromkeys(("principal_only", "has_statement", "has_demand", "has_termination"), "on")
    assert client.get(url("guarantee-call-verify", made, call.pk)).status_code == 200
    assert client.post(url("guarantee-call-verify", made, call.pk), {"payable": "16 000"}).context["form"].errors
    assert client.post(url("guarantee-call-verify", made, call.pk), {**answers, "payable": "16 000"}).url == one
    assert [row.pk for row in client.get(reverse("loans:guarantee-calls")).context["calls"]] == [call.pk]
    client.force_login(payer)
    assert client.get(url("guarantee-call-pay", made, call.pk)).status_code == 200
    paid = {"paid_on": typed(today), "document": "WB/7"}
    assert client.post(url("guarantee-call-pay", made, call.pk), paid).url == one
    claim = url("guarantee-recourse", made)
    back = {"on": typed(today), "amount": "1 000", "document": "WB/8", "key": of.key()}
    assert client.get(url("guarantee-recovery-new", made)).status_code == 200
    assert client.post(url("guarantee-recovery-new", made), back).url == claim
    assert "15 200,00 zł" in text(client.get(claim))
    client.force_login(officer)
    assert client.get(url("guarantee-loss-new", made)).status_code == 200
    assert client.post(url("guarantee-loss-new", made), {"reasons": "Upadłość", "file": upload()}).url == claim
    loss = made.losses.get()
    assert client.get(url("guarantee-loss-new", made)).url == claim
    assert "Upadłość" in text(client.get(url("guarantee-loss", made, loss.pk)))
    assert client.get(url("guarantee-loss-move", made, loss.pk, "confirm")).url == claim  # not the officer's
    client.force_login(boss)
    assert client.get(url("guarantee-loss-move", made, loss.pk, "confirm")).status_code == 200
    assert client.post(url("guarantee-loss-move", made, loss.pk, "confirm")).url == claim
    assert client.get(url("guarantee-loss-move", made, loss.pk, "nothing")).status_code == 404
    assert of.fresh(made).state == "writtenoff"


def test_a_call_is_refused_by_the_page(client, officer):
    call = of.called(by=officer)
    client.force_login(make.manager())
    link = url("guarantee-call-refuse", call.guarantee, call.pk)
    assert client.get(link).status_code == 200
    assert client.post(link, {"reason": "Bez wypowiedzenia."}).url == url("guarantee-call", call.guarantee, call.pk)
    assert "Bez wypowiedzenia." in text(client.get(url("guarantee-call", call.guarantee, call.pk)))
    for name in ("verify", "pay", "refuse"):
        assert client.get(url(f"guarantee-call-{name}", call.guarantee, call.pk)).status_code == 302


def test_who_checked_a_call_is_offered_no_payment(client):
    boss = make.manager()
    call = of.verified(by=boss)
    client.force_login(boss)
    page = text(client.get(url("guarantee-call", call.guarantee, call.pk)))
    assert url("guarantee-call-pay", call.guarantee, call.pk) not in page
    other = client.get(reverse("loans:guarantee-calls"))
    assert other.status_code == 200


# Reports


def _long_ago(officer, lender):
    return of.active(by=officer, lender_=lender, on=reports.last_month() - datetime.timedelta(days=40))


def test_a_report_is_looked_at_and_taken_in(office, officer):
    lender = of.lender()
    made = _long_ago(officer, lender)
    month = reports.last_month()
    page = office.get(reverse("loans:guarantee-report-new"), {"lender": lender.pk})
    assert page.context["form"].initial["lender"] == str(lender.pk)
    empty = office.get(reverse("loans:guarantee-report-template", args=[lender.pk]))
    assert made.number in empty.content.decode()
    data = of.report((made, 10_000, 3))
    said = {"lender": lender.pk, "month": month.isoformat()}
    wrong = SimpleUploadedFile("raport.csv", of.report((made, 30_000)))
    assert "file" in office.post(reverse("loans:guarantee-report-new"), {**said, "file": wrong}).context["form"].errors
    good = SimpleUploadedFile("raport.csv", data)
    seen = office.post(reverse("loans:guarantee-report-new"), {**said, "file": good})
    assert "8 000,00 zł" in text(seen)
    assert not LenderReport.objects.exists()
    sent = {**said, "name": "raport.csv", "content": base64.b64encode(data).decode()}
    taken = office.post(reverse("loans:guarantee-report-take"), sent)
    report = LenderReport.objects.get()
    assert taken.url == reverse("loans:guarantee-report", args=[report.pk])
    assert "8 000,00 zł" in text(office.get(taken.url))
    assert office.get(reverse("loans:guarantee-report-file", args=[report.pk])).content == data
    assert [row.pk for row in office.get(reverse("loans:guarantee-reports")).context["page"].rows] == [report.pk]
    assert "8 000,00 zł" in text(office.get(url("guarantee", made)))
    again = office.post(reverse("loans:guarantee-report-take"), sent)
    assert again.url == reverse("loans:guarantee-report-new")
    assert office.post(reverse("loans:guarantee-report-take"), {}).url == reverse("loans:guarantee-report-new")


def test_a_report_is_withdrawn_by_the_page(client, officer):
    lender, boss = of.lender(), make.manager()
    made, month = _long_ago(officer, lender), reports.last_month()
    report = reports.take_in(lender, month, of.report((made, 10_000)), "r.csv", by=officer)
    page, link = (
        reverse(f"loans:{name}", args=[report.pk]) for name in ("guarantee-report", "guarantee-report-withdraw")
    )
    client.force_login(officer)
    assert link not in text(client.get(page))
    client.force_login(boss)
    assert link in text(client.get(page))
    assert client.get(link).status_code == 200
    assert "reason" in client.post(link, {"reason": " "}).context["form"].errors
    assert client.post(link, {"reason": "Plik innego miesiąca."}).url == page
    shown = text(client.get(page))
    assert "Plik innego miesiąca." in shown
    assert link not in shown
    assert "wycofany" in text(client.get(reverse("loans:guarantee-reports")))
    assert client.post(link, {"reason": "Jeszcze raz."}).url == page  # sent twice
    assert of.fresh(made).exposure == D(20_000)
    assert timeline.of_guarantee(made)[0]["text"] == "Cofnięto: zmniejszenie poręczenia"


def test_a_recovery_and_a_fee_are_taken_back_by_the_pages(client, officer):
    payer, boss = make.accountant(), make.accountant()
    made, fee = of.paid(by=officer, boss=boss), of.active(by=officer).fees.get()
    recovery = of.recovered(made, 1_000, by=payer)
    fees.pay(fee, by=payer, paid_on=clock.today(), document="WB/3")
    for link, page in (
        (url("guarantee-recovery-take-back", made, recovery.pk), url("guarantee-recourse", made)),
        (url("guarantee-fee-take-back", fee.guarantee, 1), url("guarantee", fee.guarantee)),
    ):
        client.force_login(payer)
        assert link not in text(client.get(page))
        client.force_login(boss)
        assert link in text(client.get(page))
        assert client.get(link).status_code == 200
        assert "reason" in client.post(link, {"reason": ""}).context["form"].errors
        assert client.post(link, {"reason": "Wpłata innej firmy."}).url == page
        assert link not in text(client.get(page))
        assert client.post(link, {"reason": "Jeszcze raz."}).url == page
    assert "Wpłata innej firmy." in text(client.get(url("guarantee-recourse", made)))
    assert (of.fresh(made).claim, of.fresh(fee).paid_on) == (D(20_000), None)
    for guarantee, what in ((made, "odzysk z regresu"), (fee.guarantee, "opłata za poręczenie")):
        newest = timeline.of_guarantee(guarantee)[0]
        assert (newest["who"], newest["text"]) == (boss, f"Cofnięto: {what}")
        assert "Wpłata innej firmy." in newest["reason"]


def test_a_file_like_that_of_another_month_is_asked_about(office, officer):
    lender = of.lender()
    month = reports.last_month()
    made = of.active(by=officer, lender_=lender, on=month - datetime.timedelta(days=60))
    data = of.report((made, 25_000))
    reports.take_in(lender, clock.months_later(month, -1), data, "r.csv", by=officer)
    sent = {"lender": lender.pk, "month": month.isoformat(), "name": "r.csv"}
    sent["content"] = base64.b64encode(data).decode()
    asked = office.post(reverse("loans:guarantee-report-take"), sent)
    assert (asked.status_code, LenderReport.objects.count()) == (200, 1)
    assert office.post(reverse("loans:guarantee-report-take"), sent | {"same": "on"}).status_code == 302
    assert LenderReport.objects.count() == 2


def test_nothing_left_suggests_the_release(office, officer):
    lender = of.lender()
    made = _long_ago(officer, lender)
    reports.take_in(lender, reports.last_month(), of.report((made, 0)), "r.csv", by=officer)
    assert "Zwolnij poręczenie" in text(office.get(url("guarantee", made)))
    assert listed(office, todo="release") == [made.number]


# What waits, and panels on other pages


def test_what_waits_for_whom(officer):
    lender = of.lender()
    of.granted(by=officer)
    called, checked = of.called(by=officer), of.verified(by=officer)
    _long_ago(officer, lender)
    payer, boss = make.accountant(), make.manager()
    lost = of.paid(by=officer)
    from loans.guarantees import recourse

    recourse.prepare_loss(lost, by=officer, reasons="Strata", file=upload())
    counted = {
        name: {kind: rows.count() for kind, rows in guarantee_waiting.waiting_for(user).items()}
        for name, user in {"officer": officer, "payer": payer, "boss": boss}.items()
    }
    assert counted["officer"] == {"sign": 1, "check": 1, "reports": 1}
    assert counted["payer"] == {"pay": 1, "fees": 4}
    assert counted["boss"] == {"sign": 0, "check": 1, "reports": 1, "pay": 1, "fees": 4, "losses": 1}
    assert waiting.guarantees_(boss) == 8
    titles = [row["title"] for row in guarantee_waiting.my_day(officer)]
    assert titles[0].startswith(called.guarantee.number)
    assert any(str(lender) in title for title in titles)
    assert not any(checked.guarantee.number in title for title in titles)


def test_the_day_and_the_menu_lead_to_what_waits(office, officer):
    call = of.called(by=officer)
    day = text(office.get(reverse("staff:home")))
    assert url("guarantee-call", call.guarantee, call.pk) in day
    assert reverse("loans:guarantees") in day


def test_panels_of_an_organisation_and_a_case(office, officer):
    organisation = base.organisation()
    first, second = (of.active(1_000, by=officer, organisation=organisation) for _number in range(2))
    shown = panels.of_organisation(officer, organisation)
    assert [row.pk for row in shown["guarantees"]] == [second.pk, first.pk]
    assert shown["total"] == D(2_000)
    page = text(office.get(reverse("register:organisation", args=[organisation.public_id])))
    assert url("guarantee", first) in page
    assert panels.of_organisation(officer, base.organisation()) is None
    assert panels.of_organisation(base.user(Role.AUDITOR), organisation) is None
    case = case_factory.case(organisation=organisation)
    assert [row.pk for row in panels.of_case(officer, case)["guarantees"]] == [second.pk, first.pk]


def test_the_search_of_every_page_finds_a_guarantee(officer):
    made = of.active(by=officer)
    assert [hit.url for hit in panels.find(officer, made.number, 5)] == [url("guarantee", made)]
    assert queries.search(queries.visible(officer), made.credit_number)[1] == 1
