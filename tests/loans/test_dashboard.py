"""The fund as a whole: every figure beside the ledger, what was told and the schedules; who sees it, empty and full."""

import datetime
import html
import re
from decimal import Decimal as D

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit.transitions import Refused
from centrum.staff.enums import Role, UnitKind
from loans import annexes, consistency, dashboard, effects, measures, nightly, outlook, payouts, turnovers
from loans.enums import LoanState, MeasureKind
from loans.models import Line, Loan, LoanPurchase, PlannedJob, ScheduleRow
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as of

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY, CUT = DAY(2026, 7, 3), DAY(2026, 6, 15)
PARTS = ("dashboard-forecast", "dashboard-vintages", "dashboard-largest", "dashboard-effects")


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def loans(officer, boss):
    """Loans of 12 000 seen on TODAY: on time, late by 17 and by 137 days, restructured and then late by 18, terminated,
    written off, repaid, and one of 30 000 that is ready for payout."""
    accountant = make.accountant()
    loans = {name: of.lent(claims.PAID_OUT, by=officer, boss=accountant) for name in ("good", "bad", "again")}
    loans["late"] = of.lent(DAY(2026, 5, 16), by=officer, boss=accountant)
    for state in (LoanState.TERMINATED, LoanState.WRITTEN_OFF, LoanState.REPAID):
        loans[state] = claims.in_state(state, by=officer, boss=boss)
    of.pay(loans[LoanState.WRITTEN_OFF], DAY(2026, 6, 10), 700, by=accountant)
    of.night(loans["good"].fund, CUT)
    of.pay(loans["good"], CUT, 5500, by=accountant)
    with of.on(CUT):
        annex = claims.annexed(loans["again"], by=officer, boss=boss, on=CUT, sign=False)
        row = claims.prepared(loans["again"], MeasureKind.RESTRUCTURING, by=officer, annex=annex)
        annexes.sign(annex, by=officer, signed_on=CUT)
        measures.confirm(row, by=boss)
    with of.on(TODAY):
        loans["ready"] = make.ready(30_000, by=officer, tranches=[(10_000, 10), (20_000, 50)])
    of.night(loans["good"].fund, TODAY)
    return {name: Loan.objects.get(pk=loan.pk) for name, loan in loans.items()}


@pytest.fixture
def fund(loans):
    fund = make.fund()
    assert consistency.differences(fund) == []
    return fund


def balance(fund, *codes, day=None):
    """The sum of all lines on accounts, up to the end of a day."""
    lines = Line.objects.filter(entry__fund=fund, account__code__in=codes)
    lines = lines.filter(entry__book_date__lte=day) if day else lines
    return lines.aggregate(found=Sum("amount"))["found"] or D(0)


# Figures


def test_what_is_lent_is_what_the_ledger_says(fund):
    with of.on(TODAY):
        found = dashboard.lent(fund)
    assert sum(part.amount for part in found.states.values()) == balance(fund, "211", "218") == fund.outstanding
    assert found.paid_out == 7 * 12_000
    assert (fund.committed, fund.capital) == (30_000, 2_000_000)
    assert found.used == round((30_000 + fund.outstanding) * 100 / fund.capital, 2)
    assert found.turnover == D("4.20")
    assert {state: part.loans for state, part in found.states.items()} == {
        "active": 4, "ready": 1, "terminated": 1, "writtenoff": 1, "repaid": 1,
    }  # fmt: skip
    assert found.loans == 5


def test_arrears_and_portfolio_at_risk(fund, loans):
    with of.on(TODAY):
        found = dashboard.arrears(fund, dashboard.lent(fund))
    left = {name: loan.outstanding for name, loan in loans.items()}
    terminated = left[LoanState.TERMINATED]
    # 16 June is the first due day of the late one; after the annex the next one is 15 July
    assert [(row.name, row.loans, row.amount) for row in found.classes] == [
        ("late1", 1, left["late"]),
        ("late31", 0, 0),
        ("par90", 2, left["bad"] + terminated),
    ]
    late = [left["late"] + left["bad"] + terminated, *[left["bad"] + terminated] * 2]
    assert [(days, part.loans, part.amount) for days, part in found.par] == [
        (1, 3, late[0]),
        (30, 2, late[1]),
        (90, 2, late[2]),
    ]
    assert [part.share for _days, part in found.par] == [round(sum_ * 100 / fund.outstanding, 2) for sum_ in late]
    overdue = sum(of.told(loans[name]).overdue_principal for name in ("late", "bad", LoanState.TERMINATED))
    assert found.together.overdue == overdue
    assert (found.called.loans, found.called.amount) == (1, terminated)
    assert (found.restructured.loans, found.restructured.amount) == (1, left["again"])
    assert (found.restructured_late.loans, found.restructured_late.amount) == (0, 0)


def test_a_restructured_loan_that_is_late_again_is_told_apart(fund, loans):
    of.night(fund, DAY(2026, 7, 20))
    with of.on(DAY(2026, 7, 20)):
        found = dashboard.arrears(fund, dashboard.lent(fund))
    assert (found.restructured_late.loans, found.restructured_late.amount) == (1, loans["again"].outstanding)


def test_money_of_the_months_is_that_of_the_ledger_kept_turnovers_and_lines_since(fund):
    with of.on(TODAY):
        found = dashboard.money(fund)
    assert turnovers.last_day(fund) == TODAY - datetime.timedelta(days=1)
    assert found.bank == balance(fund, "130")
    assert found.balances == {code: balance(fund, code) for code in found.balances}
    assert [month.first for month in found.months][::11] == [DAY(2025, 8, 1), DAY(2026, 7, 1)]
    for month in found.months:
        end = (month.first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
        before = month.first - datetime.timedelta(days=1)
        assert month.left == balance(fund, "211", "218", day=end)
        assert month.income == balance(fund, "701", "702", day=before) - balance(fund, "701", "702", day=end)
    assert found.income == -balance(fund, "701", "702")
    assert found.average == sum(month.left for month in found.months) / 13
    assert found.lost == balance(fund, "751", "752")
    assert found.income_rate == round(found.income * 100 / found.average, 2)


def test_what_was_forgiven_is_lost_too(fund, loans, officer, boss):
    with of.on(TODAY):
        before = dashboard.money(fund)
        said = {"by": officer, "boss": boss, "on": TODAY, "amount": 1000}
        claims.decided(loans["late"], MeasureKind.FORGIVENESS, **said)
        fund.refresh_from_db()
        money = dashboard.money(fund)
        losses = dashboard.losses(fund, dashboard.lent(fund), money.balances)
    assert money.balances["752"] == losses.forgiven == 1000
    assert money.lost == losses.lost == before.lost + 1000 == balance(fund, "751", "752")
    assert money.lost_rate == round(money.lost * 100 / money.average, 2)


def test_losses_and_what_came_back(fund):
    with of.on(TODAY):
        money = dashboard.money(fund)
        found = dashboard.losses(fund, dashboard.lent(fund), money.balances)
    assert (found.loans, found.principal, found.back) == (1, 12_000, 700)
    assert found.claims == balance(fund, "994") == found.principal + found.rest - 700
    assert found.lost == balance(fund, "751", "752") == 12_000 - 700
    assert found.share == round(found.lost * 100 / (7 * 12_000), 2)


def test_cash_of_the_months_to_come(fund, loans):
    with of.on(TODAY):
        bank = dashboard.money(fund).bank
        found = outlook.forecast(fund, bank)
    assert [month.first for month in found][::11] == [DAY(2026, 7, 1), DAY(2027, 6, 1)]
    expected = dict.fromkeys((month.first for month in found), D(0))
    for name in ("good", "bad", "again", "late"):
        told = of.told(loans[name])
        expected[told.next_due.replace(day=1)] += told.next_total
        for row in ScheduleRow.objects.filter(version__loan=loans[name], version__current=True, due__gt=told.next_due):
            if row.due < DAY(2027, 7, 1):
                expected[row.due.replace(day=1)] += row.total
    assert {month.first: month.incoming for month in found} == expected
    assert {month.first: month.outgoing for month in found if month.outgoing} == {
        DAY(2026, 7, 1): 10_000, DAY(2026, 8, 1): 20_000,
    }  # fmt: skip
    for month in found:
        bank += month.incoming - month.outgoing
        assert month.balance == bank


def test_nothing_is_expected_of_what_is_paid_already(fund, loans):
    with of.on(TODAY):
        before = outlook.forecast(fund, D(0))
    told = of.told(loans["good"])
    of.pay(loans["good"], TODAY, "2000", mode="reduce")
    with of.on(TODAY):
        after = outlook.forecast(fund, D(0))
    assert of.told(loans["good"]).principal == told.principal - 2000 + _interest(loans["good"])
    assert sum(month.incoming for month in before) - sum(month.incoming for month in after) > 1900


def _interest(loan):
    return loan.allocations.filter(withdrawn=None, on=TODAY, kind="early_interest").aggregate(f=Sum("amount"))["f"]


def test_loans_gone_bad_by_the_quarter_of_their_payout(fund, loans):
    with of.on(TODAY):
        first, second = outlook.vintages(fund)
    # 16 February and 90 days is 17 May: of six loans of the first quarter those that paid nothing in time
    assert (first.name, first.loans, first.amount) == ("2026-Q1", 6, 6 * 12_000)
    bad = ("bad", "again", LoanState.TERMINATED, LoanState.WRITTEN_OFF, "good")
    assert first.shares == [D(0), round(D(len(bad)) * 100 / 6, 2), round(D(len(bad)) * 100 / 6, 2)]
    assert (second.name, second.loans, second.shares) == ("2026-Q2", 1, [0, 0])
    of.pay(loans["bad"], TODAY, 9000)
    with of.on(TODAY):
        assert outlook.vintages(fund)[0].shares == first.shares  # it was late all the same


@pytest.mark.parametrize(("days", "bad"), [(90, 0), (91, 0), (92, 100), (95, 100)])
def test_what_was_told_holds_until_it_is_told_anew(days, bad, officer):
    """Nothing was told between the payout and the payment, and yet the loan had been late by more than 90 days."""
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.pay(loan, claims.FIRST_DUE + datetime.timedelta(days=days), 5000)
    assert loan.tellings.count() == 2
    with of.on(TODAY):
        (cohort,) = outlook.vintages(loan.fund)
    assert cohort.shares == [0, bad, bad]


def test_a_payout_that_was_none_is_late_for_nobody(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(DAY(2026, 1, 20)):
        payouts.unpay(loan.tranches.get(), by=boss, reason="Bank zwrócił przelew.")
    with of.on(TODAY):
        make.paid(loan)
        (cohort,) = outlook.vintages(loan.fund)
    assert (cohort.name, cohort.loans, cohort.shares) == ("2026-Q3", 1, [0])


def test_the_largest_borrowers_count_all_their_loans(fund, loans, officer):
    again = of.lent(TODAY, 11_000, by=officer, organisation=loans["bad"].organisation)
    rows = dashboard.largest(fund)
    assert (rows[0].organisation, rows[0].loans, rows[0].amount) == (again.organisation, 2, 23_000)
    assert sum(row.amount for row in rows) == balance(fund, "211", "218")
    fund.refresh_from_db()
    assert rows[1].share <= rows[0].share < 100


def test_social_effects_of_loans_in_payment(fund, loans):
    for name, posts in (("good", "1.5"), ("bad", "1"), (LoanState.REPAID, "4"), ("ready", "8")):
        answers = loans[name].decision.review.application.loan_application
        PlannedJob.objects.create(
            answers=answers, position="kucharka", posts=D(posts), since=TODAY, at_risk="yes" if name == "good" else "no"
        )
        LoanPurchase.objects.create(answers=answers, what="piec", kind="assets", cost=900, from_loan=600)
    LoanPurchase.objects.create(answers=answers, what="mąka", kind="working", cost=9, from_loan=9)
    found = effects.good(fund)
    assert (found.jobs, found.jobs_at_risk, found.created, found.kept) == (D("2.5"), D("1.5"), 0, 0)
    assert [(part.name, part.loans, part.amount) for part in found.purposes] == [("assets", 2, 1200)]
    assert sum(part.amount for part in found.kinds) == fund.outstanding
    assert [(str(commune), part.loans) for commune, part in found.communes] == [
        (str(loans["good"].organisation.commune), 5)
    ]
    assert found.elsewhere is None


# Turnovers


def test_turnovers_are_the_lines_of_each_day_and_kept_once(fund):
    rows = {(row.day, row.account.code): (row.debit, row.credit) for row in fund.turnovers.select_related("account")}
    for (day, code), (debit, credit) in rows.items():
        lines = Line.objects.filter(entry__fund=fund, entry__book_date=day, account__code=code)
        amounts = lines.values_list("amount", flat=True)
        assert debit == sum((a for a in amounts if a > 0), D(0))
        assert credit == -sum((a for a in amounts if a < 0), D(0))
    with of.on(TODAY):
        assert turnovers.keep(fund, TODAY - datetime.timedelta(days=1)) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        fund.turnovers.update(debit=1)


def test_a_night_between_the_reads_counts_nothing_twice(fund, loans):
    """The last day of the turnovers is read, then a night keeps those of the next day."""
    of.pay(loans["good"], TODAY, 100)
    tomorrow, nights = TODAY + datetime.timedelta(days=1), []

    def amid(execute, *query):
        found = execute(*query)
        if not nights:
            nights.append(tomorrow)
            of.night(fund, tomorrow)
        return found

    with connection.execute_wrapper(amid):
        found = turnovers.by_month(fund, ["130"])
    assert turnovers.last_day(fund) == TODAY
    assert sum(found.values()) == balance(fund, "130")


def test_nothing_is_booked_under_a_day_whose_turnovers_are_kept(officer):
    fund = make.fund(code="nowy")
    boss = make.accountant()
    with of.on(TODAY):
        tranche = make.ordered(make.ready(by=officer, fund_=fund), boss=boss)
    with of.on(TODAY + datetime.timedelta(days=3)):
        nightly.keep(fund)
        payouts.book(tranche, by=boss, paid_on=TODAY, document="WB/1")  # the first of the fund, told of late
    of.night(fund, TODAY + datetime.timedelta(days=4))
    assert consistency.differences(fund) == []
    entries = fund.entries.filter(event="accrual")
    assert {(entry.value_date, entry.book_date) for entry in entries} >= {
        (TODAY, TODAY + datetime.timedelta(days=4)),
    }


def test_turnovers_wait_for_a_day_that_is_not_whole(officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(DAY(2026, 1, 18)), pytest.raises(Refused):
        turnovers.keep(loan.fund, DAY(2026, 1, 17))


def test_consistency_tells_of_turnovers_that_are_not_the_lines(fund):
    one = fund.turnovers.filter(account__code="130").first()
    with pgtrigger.ignore("loans.Turnover:append_only"):
        fund.turnovers.filter(pk=one.pk).update(debit=one.debit + 1)
    (found,) = consistency.differences(fund)
    assert "130" in found


# The pages


def shown(client, name, **query):
    return client.get(reverse(f"loans:{name}"), query)


def test_the_pages_show_the_figures_and_lead_to_lists_that_hold_them(client, officer, fund, loans):
    client.force_login(officer)
    with of.on(TODAY):
        page = shown(client, "dashboard")
        text = html.unescape(page.content.decode())
        assert "PAR" in text and "2 000 000,00 zł" in text.replace("\u00a0", " ")
        assert (text.count('class="bars"'), text.count('class="bar"')) == (1, 3)  # months, classes of arrears
        for name in PARTS:
            assert reverse(f"loans:{name}") in text
            text += html.unescape(shown(client, name).content.decode())
        links = set(re.findall(r'href="(/biuro/fundusz/pozyczki/\?[^"]+)"', text))
        assert len(links) > 25
        for link in links:
            assert client.get(link).status_code == 200
        found = page.context["arrears"]
        for row in (*found.classes, found.together):
            listed = shown(client, "loans", arrears=row.name, fund=fund.code)
            assert len(listed.context["page"].rows) == row.loans
        for _label, part in page.context["states"]:
            assert len(shown(client, "loans", state=part.name, fund=fund.code).context["page"].rows) == part.loans
        cohort = shown(client, "dashboard-vintages").context["cohorts"][0]
        assert len(shown(client, "loans", cohort=cohort.name).context["page"].rows) == cohort.loans


def test_figures_lead_to_the_loans_that_make_them(client, officer, fund, loans):
    """One loan of which a part is paid out counts among those to be paid out, and a restructured one that is late."""
    with of.on(TODAY):
        half = make.ready(30_000, by=officer, tranches=[(10_000, 0), (20_000, 50)])
        make.paid(half)
    late = DAY(2026, 7, 20)
    of.night(fund, late)
    client.force_login(officer)
    with of.on(late):
        page = shown(client, "dashboard")
        text = html.unescape(page.content.decode())
        figure = page.context["fund"].committed
        rows = shown(client, "loans", state="committed", fund=fund.code).context["page"].rows
        assert {row.number for row in rows} == {half.number, loans["ready"].number}
        assert sum(row.committed for row in rows) == figure == 50_000
        rows = shown(client, "loans", arrears="restructured_late", fund=fund.code).context["page"].rows
        assert [row.number for row in rows] == [loans["again"].number]
        assert page.context["arrears"].restructured_late.loans == 1
        for name, value in (("state", "committed"), ("arrears", "restructured_late")):
            assert f"{reverse('loans:loans')}?fund={fund.code}&{name}={value}" in text
        months = re.findall(rf'href="({reverse("loans:fund", args=[fund.code])}\?dzien=[^"]+)"', text)
        assert len(months) == 2 * 12
        days = [client.get(month).context["day"] for month in months[::22]]
        assert days == [DAY(2025, 8, 31), late]


def test_an_empty_house_and_an_empty_fund(client, officer):
    client.force_login(officer)
    assert "Nie ma jeszcze funduszu" in shown(client, "dashboard").content.decode()
    assert {shown(client, name).status_code for name in PARTS} == {404}
    make.fund(capital=0)
    for name in ("dashboard", *PARTS):
        assert shown(client, name).status_code == 200


def test_one_of_several_funds_is_chosen(client, officer):
    first, second = make.fund(1000), make.fund(2000, code="zielony")
    client.force_login(officer)
    assert shown(client, "dashboard").context["fund"] == first
    assert shown(client, "dashboard", fund="zielony").context["fund"] == second
    assert shown(client, "dashboard", fund="x").context["fund"] == first
    assert "zielony" in shown(client, "dashboard", fund="zielony").context["lists"]


@pytest.mark.parametrize("name", ["dashboard", *PARTS])
def test_who_sees_all_units_and_the_ledger_sees_the_fund(client, name):
    make.fund()
    for role, status in (
        (Role.LOAN_OFFICER, 200), (Role.MANAGER, 200), (Role.ACCOUNTANT, 200), (Role.COORDINATOR, 403),
        (Role.ADVISER, 403), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 403),
    ):  # fmt: skip
        client.force_login(base.user(role))
        assert shown(client, name).status_code == status
    client.force_login(base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER)))
    assert shown(client, name).status_code == 403


@pytest.mark.parametrize("name", ["dashboard", *PARTS])
def test_a_page_asks_no_more_for_three_loans_than_for_one(client, officer, name):
    client.force_login(officer)
    counted = []
    for number in (1, 2):
        for _n in range(number):
            of.lent(DAY(2026, 1, 15), by=officer)
        with CaptureQueriesContext(connection) as captured:
            assert shown(client, name).status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]
    assert counted[0] <= 20
