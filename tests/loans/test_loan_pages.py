"""The list of loans, the page of one, its ledger and timeline, panels on other pages, and the search."""

import datetime
import html
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import move
from centrum.staff.enums import Role, UnitKind
from loans import ledger, panels, queries
from loans.enums import EntryEvent, LoanState
from loans.models import Annex, Entry, Loan, Product, Security, Tranche
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import loans as make
from tests.factories import repayments as of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def days(number):
    return clock.today() + datetime.timedelta(days=number)


def listed(office, **query):
    return [loan.number for loan in office.get(reverse("loans:loans"), query).context["page"].rows]


def page_of(office, loan):
    return office.get(reverse("loans:loan", args=[loan.public_id]))


def ledger_of(office, loan):
    return office.get(reverse("loans:loan-ledger", args=[loan.public_id]))


def panel(page, name):
    (found,) = [entry["panel"] for entry in page.context["panels"] if entry["template"] == f"loans/{name}.html"]
    return found


# The list


def test_the_list_shows_state_next_instalment_and_what_is_left(office, officer):
    granted, signed = (make.walked(state, by=officer) for state in ("approved", "signed"))
    active = of.lent(clock.today(), 50_000, by=officer)
    page = office.get(reverse("loans:loans"))
    rows = page.context["page"].rows
    assert [row.pk for row in rows] == [active.pk, signed.pk, granted.pk]
    planned, first = (loan.schedules.get(current=True).rows.get(nr=1) for loan in (signed, active))
    assert [(row.tag, row.outstanding) for row in rows] == [("ok", D(50_000)), ("wait", 0), ("info", 0)]
    assert [(row.next_due, row.next_total) for row in rows] == [
        (first.due, first.total), (planned.due, planned.total), (None, None)
    ]  # fmt: skip
    assert page.content.decode().count("wg planu") == 1  # of the one that is not paid out


def test_the_next_instalment_is_what_is_left_of_it_and_late_ones_are_told(office, officer):
    loan = of.lent(days(-100), by=officer)
    dues = list(loan.schedules.get(current=True).rows.order_by("nr"))
    coming = next(row for row in dues if row.due >= clock.today())
    of.night(loan.fund, clock.today())
    page = office.get(reverse("loans:loans"))
    (row,) = page.context["page"].rows
    late = (clock.today() - dues[0].due).days
    assert (row.next_due, row.next_total, row.days_late) == (coming.due, coming.total, late)
    assert f"{late} dni po terminie" in html.unescape(page.content.decode())
    owed = sum(one.total for one in dues if one.due < clock.today()) + 100
    of.pay(loan, clock.today(), owed)
    (row,) = office.get(reverse("loans:loans")).context["page"].rows
    assert row.days_late == 0
    assert row.next_due == coming.due  # what waits as an overpayment is taken off on the day


def test_after_the_last_instalment_there_is_none(office, officer):
    loan = of.lent(days(-400), by=officer)
    of.night(loan.fund, clock.today())
    (row,) = office.get(reverse("loans:loans")).context["page"].rows
    assert (row.next_due, row.next_total) == (None, None)
    assert row.days_late > 300


def test_a_planned_day_that_has_passed_is_still_the_planned_one():
    loan, lapsed = make.walked("ready", today=days(-100)), make.walked("signed")
    assert queries.with_next_due(Loan.objects).get(pk=loan.pk).next_due == loan.schedules.get().rows.get(nr=1).due
    move(lapsed, "lapse", by=lapsed.officer, reason="Klient zrezygnował.")
    assert queries.with_next_due(Loan.objects).get(pk=lapsed.pk).next_due is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, set(LoanState.values)),
        ({"state": "before"}, {"approved", "drawn", "signed", "ready"}),
        ({"state": "active"}, {"active"}),
        ({"state": "owing"}, {"active", "terminated", "recovery"}),
        ({"state": "called"}, {"terminated", "recovery"}),
        ({"state": "nonsense"}, set(LoanState.values)),
        ({"arrears": "nonsense"}, set(LoanState.values)),
        ({"arrears": "par1"}, set()),
        ({"arrears": "restructured"}, set()),
        ({"todo": "sign"}, {"approved", "drawn"}),
        ({"todo": "late"}, set()),
        ({"todo": "secure"}, {"signed"}),
        ({"todo": "pay"}, set()),
        ({"todo": "unsettled"}, set()),
        ({"todo": "annex"}, set()),
        ({"product": "0"}, set(LoanState.values)),
    ],
)
def test_filters_by_state_and_what_is_to_do(office, officer, query, found):
    for state in LoanState.values:
        make.walked(state, 20_000, by=officer)
    states = {loan.number: loan.state for loan in Loan.objects.all()}
    assert {states[number] for number in listed(office, **query)} == found


def test_filters_by_what_waits_for_somebody(office, officer):
    late = make.walked("drawn", today=days(-200), by=officer)
    paying, annexed, unsettled, settled = (
        make.walked(state, 20_000, by=officer, today=day)
        for state, day in (("ready", None), ("active", None), ("active", days(-91)), ("active", None))
    )
    tranche = Tranche.objects.create(loan=paying, number=1, amount=20_000, planned_on=clock.today())
    account = make.account(paying.organisation)
    move(tranche, "verify", by=officer, changes={"account": account, "verified_by": officer})
    Annex.objects.create(
        loan=annexed, number=1, valid_from=days(30), holiday=2, reasons="Przestój.", prepared_by=officer,
        prepared_at=clock.now(),
    )  # fmt: skip
    move(settled.tranches.get().settlement, "submit", by=officer, changes={"submitted_by": officer})
    found = {name: listed(office, todo=name) for name in queries.TO_DO}
    assert found == {
        "sign": [late.number],
        "late": [late.number],
        "secure": [],
        "pay": [paying.number],
        "settle": [settled.number],
        "unsettled": [unsettled.number],
        "annex": [annexed.number],
    }


def test_a_settlement_is_late_after_its_extended_day(office, officer):
    loan = make.walked("active", today=days(-100), by=officer)
    settlement = loan.tranches.get().settlement
    assert listed(office, todo="unsettled") == [loan.number]
    settlement.extended_to, settlement.extended_because, settlement.extended_by = days(0), "Dostawa.", officer
    settlement.save()
    assert listed(office, todo="unsettled") == []


def test_filters_by_product_and_officer(office, officer):
    other = make.officer()
    mine, theirs = make.granted(by=officer), make.granted(by=other, product=make.product("fers-start"))
    form = office.get(reverse("loans:loans")).context["form"]
    assert [value for value, _label in form.fields["officer"].choices] == ["", "me"]
    assert listed(office, officer="me") == [mine.number]
    assert listed(office, product=mine.product_id) == [mine.number]
    assert listed(office, product=theirs.product_id, officer="me") == []


@pytest.mark.parametrize(
    ("late", "found"),
    [
        (0, set()),
        (1, {"par1", "late1"}),
        (30, {"par1", "late1"}),
        (31, {"par1", "par30", "late31"}),
        (90, {"par1", "par30", "late31"}),
        (91, {"par1", "par30", "par90"}),
    ],
)
def test_filters_by_days_past_due_at_their_bounds(office, officer, late, found):
    loan = of.lent(datetime.date(2026, 1, 15), by=officer)
    due = datetime.date(2026, 2, 16)  # the 15th is a Sunday
    with of.on(due + datetime.timedelta(days=late)):
        seen = {name for name in queries.ARREARS if listed(office, arrears=name) == [loan.number]}
    assert seen == found


def test_what_the_figures_of_the_fund_lead_to(office, officer):
    first = of.lent(datetime.date(2026, 3, 31), by=officer)
    second = of.lent(datetime.date(2026, 4, 1), by=officer)
    with of.on(datetime.date(2026, 4, 2)):
        for query, loans in (
            ({"cohort": "2026-Q1"}, [first]),
            ({"cohort": "2026-Q2"}, [second]),
            *(({"cohort": name}, []) for name in ("2026-Q5", "0000-Q1", "9999-Q4", "1999-Q4", "2100-Q1")),
            ({"due": "2026-04"}, [first]),
            ({"due": "2026-05"}, [second]),  # 31 May is a Sunday
            ({"due": "2026-07"}, [second, first]),
            ({"due": "2029-05"}, []),
            *(({"due": name}, []) for name in ("2026-13", "2026-00", "0000-01", "9999-12", "2099-12")),
            ({"fund": first.fund.code}, [second, first]),
            ({"fund": "other"}, []),
            ({"pes": first.organisation.pes_type}, [second, first]),
            ({"pes": "wtz"}, []),
            ({"commune": first.organisation.commune_id}, [second, first]),
            ({"commune": 2**31 - 1}, []),
        ):
            assert listed(office, **query) == [loan.number for loan in loans], query
        page = html.unescape(office.get(reverse("loans:loans"), {"cohort": "2026-Q1"}).content.decode())
    assert "pierwsza wypłata w kwartale 2026-Q1" in page


def test_search_by_number_name_and_nip(office, officer):
    crane = base.organisation(name="Spółdzielnia „Żuraw”", nip="5272615345")
    one, two = make.granted(by=officer, organisation=crane), make.granted(by=officer)
    again = make.granted(by=officer, organisation=crane)
    assert listed(office, q="zuraw") == [again.number, one.number]
    assert listed(office, q="527-261-53-45") == [again.number, one.number]
    assert listed(office, q=two.number.lower()) == [two.number]
    assert listed(office, q=two.number[3:]) == [two.number]
    assert listed(office, q="PZ/") == [again.number, two.number, one.number]
    assert listed(office, q="qwxzqw") == []
    assert listed(office, q="zuraw", state="active") == []
    page = office.get(reverse("loans:loans"), {"q": "zuraw"})
    assert (page.context["page"].count, page.context["most"]) == (2, None)


def test_a_search_tells_when_there_are_more(office, officer, monkeypatch):
    crane = base.organisation(name="Żuraw")
    loans = [make.granted(1000, by=officer, organisation=crane) for _n in range(3)]
    monkeypatch.setattr(queries, "MATCHES", 2)
    rows, count, more = queries.search(queries.visible_loans(officer), "zuraw")
    assert (rows.count(), count, more) == (2, 2, True)
    assert set(rows) < {Loan.objects.get(pk=loan.pk) for loan in loans}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "ab"},
        {"q": "%%%"},
        {"q": "x" * 5000},
        {"order": "password", "after": "e30"},
        {"after": "WzEsMV0"},
        *(
            {"order": "balance", "after": token}
            for token in ("WyJOYU4iLDFd", "WyIxZTk5OTk5OSIsMV0", "WyItSW5maW5pdHkiLDFd")
        ),
        {"product": "9" * 40},
        {"officer": "x", "todo": "[]", "state": "'"},
    ],
)
def test_bad_input_gives_a_page(office, officer, query):
    make.granted(by=officer)
    assert office.get(reverse("loans:loans"), query).status_code == 200


def test_orders_by_number_and_by_what_is_left(office, officer):
    small, none, large = (
        make.walked(state, amount, by=officer)
        for state, amount in (("active", 1000), ("ready", 9000), ("active", 5000))
    )
    assert listed(office, order="-balance") == [large.number, small.number, none.number]
    assert listed(office, order="balance") == [none.number, small.number, large.number]
    assert listed(office, order="oldest") == [small.number, none.number, large.number]


def test_pages_follow_one_another_by_what_is_left(office, officer, monkeypatch):
    loans = [make.walked("active", amount, by=officer) for amount in (1000, 1000, 3000)]
    monkeypatch.setattr("centrum.kit.lists.page.__kwdefaults__", {"size": 2, "count": None})
    page = office.get(reverse("loans:loans"), {"order": "-balance"}).context["page"]
    assert [row.pk for row in page.rows] == [loans[2].pk, loans[1].pk]
    after = office.get(reverse("loans:loans") + page.next_query).context["page"]
    assert [row.pk for row in after.rows] == [loans[0].pk]
    assert office.get(reverse("loans:loans") + after.previous_query).context["page"].rows == page.rows


def test_an_empty_list_says_how_a_loan_comes_to_be(office):
    page = office.get(reverse("loans:loans")).content.decode()
    assert "Nie ma tu pożyczki" in page


def test_the_list_asks_as_much_for_three_as_for_one(office, officer):
    counted = []
    for number in (1, 2):
        for _n in range(number):
            make.walked("active", 10_000, by=officer)
        for query in ({}, {"q": "spoldzielnia"}):
            with CaptureQueriesContext(connection) as captured:
                office.get(reverse("loans:loans"), query)
            counted.append(len(captured))
    assert counted[:2] == counted[2:]
    assert max(counted) <= 11


# Who sees what


def test_a_partner_sees_the_loans_of_their_own_unit(client):
    partner = base.unit(UnitKind.PARTNER)
    theirs = base.user(Role.LOAN_OFFICER, unit_=partner)
    ours = make.granted(by=make.officer())
    own = make.granted(by=theirs)
    client.force_login(theirs)
    assert listed(client) == [own.number]
    assert page_of(client, ours).status_code == 404
    assert page_of(client, own).status_code == 200
    client.force_login(make.manager())
    assert listed(client) == [own.number, ours.number]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR])
def test_without_the_right_nothing_is_seen(client, role):
    loan = make.granted()
    user = base.user(role)
    client.force_login(user)
    assert client.get(reverse("loans:loans")).status_code == 403
    assert page_of(client, loan).status_code == 403
    assert list(queries.visible_loans(user)) == []
    assert panels.of_organisation(user, loan.organisation) is None
    assert panels.of_application(user, loan.decision.review.application) is None


def test_without_an_authorisation_in_force_nothing_is_seen():
    make.granted()
    user = base.user(Role.LOAN_OFFICER, authorised=False)
    assert list(queries.visible_loans(user)) == []


# The page


def test_the_page_tells_terms_days_and_people(office, officer):
    loan = of.lent(clock.today(), 50_000, rate="0.038", by=officer)
    page = page_of(office, loan)
    text = html.unescape(page.content.decode()).replace("\u00a0", " ")
    for said in (loan.number, str(loan.organisation), "50 000,00 zł", "3,8 %", str(loan.person), str(officer)):
        assert said in text
    assert reverse("register:organisation", args=[loan.organisation.public_id]) in text
    assert reverse("register:person", args=[loan.person.public_id]) in text
    assert reverse("inbox:application", args=[loan.decision.review.application.public_id]) in text
    assert page.context["loan"].next_due == loan.schedules.get(current=True).rows.get(nr=1).due


@pytest.mark.parametrize("state", LoanState.values)
def test_the_page_of_every_state(office, officer, state):
    page = page_of(office, make.walked(state, by=officer))
    assert page.status_code == 200
    assert page.context["late"] is False
    assert (page.context["rate"] is None) == (state in ("approved", "drawn", "lapsed"))


def test_a_loan_that_was_not_signed_in_time_is_marked(office, officer):
    loan = make.walked("approved", today=days(-200), by=officer)
    assert page_of(office, loan).context["late"] is True
    Loan.objects.filter(pk=loan.pk).update(sign_by=clock.today())
    assert page_of(office, loan).context["late"] is False


def test_the_rate_in_force_is_that_of_today(officer):
    loan = make.walked("signed", today=days(-10), by=officer)
    first = loan.rates.get()
    first.valid_to = clock.today()
    first.save()
    second = loan.rates.create(rate=D("0.05"), valid_from=clock.today())
    assert queries.rate_in_force(loan) == second
    for day, found in ((days(-1), first), (days(-60), first)):
        with clock.at(datetime.datetime.combine(day, datetime.time(12), clock.WARSAW)):
            assert queries.rate_in_force(loan) == found


def test_the_ledger_of_the_loan_with_its_balances(office, officer):
    boss = make.manager()
    loan = make.walked("active", by=officer, boss=boss)
    make.walked("active", by=officer, boss=boss)  # nothing of it is shown
    page = ledger_of(office, loan)
    shown = panel(page, "_ledger")
    events = [(line.entry.event, line.account.code, line.amount) for line in shown["lines"]]
    assert events == [
        ("payout", "992", -50_000),
        ("payout", "993", 50_000),
        ("payout", "211", 50_000),
        ("payout", "130", -50_000),
        ("approval", "992", 50_000),
        ("approval", "993", -50_000),
    ]
    balances = {account.code: account.balance for account in shown["accounts"]}
    assert balances == {"130": -50_000, "211": 50_000, "992": 0, "993": 0}
    entries = {line.entry_id for line in shown["lines"]}
    for entry in entries:
        address = reverse("loans:entry", args=[loan.fund.code, entry])
        assert address in page.content.decode()
        assert office.get(address).status_code == 200


def test_who_may_not_see_the_ledger_gets_no_links_to_it(client, officer):
    loan = make.walked("active", by=officer)
    client.force_login(base.user(Role.COORDINATOR))
    page = ledger_of(client, loan)
    assert len(panel(page, "_ledger")["lines"]) == 6
    assert "/zapisy/" not in page.content.decode()


def test_balances_count_every_line_also_those_not_shown(officer, monkeypatch):
    loan = make.walked("active", by=officer)
    monkeypatch.setattr(panels, "LINES", 2)
    shown = panels.ledger_of(officer, loan)
    assert (len(shown["lines"]), shown["more"]) == (2, True)
    assert [account.code for account in shown["accounts"]] == ["130", "211", "992", "993"]


def test_what_happened_with_who_and_when(office, officer):
    boss = make.manager()
    loan = make.walked("active", by=officer, boss=boss)
    steps = panel(ledger_of(office, loan), "_timeline")["steps"]
    assert [(step["text"], step["who"]) for step in steps] == [
        ("Pożyczka: wypłacona", boss),
        ("Transza 1: wypłacona", boss),
        ("Transza 1: w pliku dla banku", boss),
        ("Transza 1: zwolniona do wypłaty", boss),
        ("Transza 1: sprawdzona", officer),
        ("Pożyczka: gotowa do wypłaty", officer),
        ("Zabezpieczenie „Weksel in blanco z deklaracją”: ustanowione", officer),
        ("Pożyczka: umowa podpisana", officer),
        ("Pożyczka: umowa sporządzona", officer),
    ]
    assert all(step["when"] for step in steps)


def test_the_timeline_tells_of_annexes_settlements_reasons_and_the_review(officer):
    boss = make.manager()
    loan = make.walked("active", by=officer, boss=boss)
    settlement = loan.tranches.get().settlement
    move(settlement, "submit", by=officer, changes={"submitted_by": officer})
    move(settlement, "correct", by=boss, reason="Brak faktury.")
    annex = Annex.objects.create(
        loan=loan, number=1, valid_from=days(30), grace=2, reasons="Remont.", prepared_by=officer,
        prepared_at=clock.now(),
    )  # fmt: skip
    move(annex, "drop", by=officer, reason="Nieaktualny.")
    newest = panels.timeline_of(officer, loan)["steps"][:3]
    assert [(step["text"], step["reason"]) for step in newest] == [
        ("Aneks 1: porzucony", "Nieaktualny."),
        ("Rozliczenie transzy 1: do poprawy", "Brak faktury."),
        ("Rozliczenie transzy 1: złożone", ""),
    ]


def test_nothing_of_another_loan_is_told(officer):
    one, other = make.walked("active", by=officer), make.walked("signed", by=officer)
    told = {loan.pk: panels.timeline_of(officer, loan)["steps"] for loan in (one, other)}
    assert (len(told[one.pk]), len(told[other.pk])) == (9, 2)


@pytest.mark.parametrize("name", ["loan", "loan-ledger"])
def test_the_page_asks_as_much_for_much_as_for_little(office, officer, name):
    boss = make.manager()
    loan = make.walked("active", by=officer, boss=boss)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert office.get(reverse(f"loans:{name}", args=[loan.public_id])).status_code == 200
        return len(captured)

    little = asked()
    for n in range(3):
        Security.objects.create(loan=loan, kind="pledge", description=f"Samochód {n}")
        lines = [(ledger.PRINCIPAL, D(-1)), (ledger.BANK, D(1))]
        make.booked(loan, EntryEvent.RELEASE, lines, by=boss)
        make.scheduled(loan, by=officer, reason="payout")
    assert asked() == little
    assert little <= 25
    assert Entry.objects.filter(lines__loan=loan).distinct().count() == 5


# Other pages


def test_an_organisation_shows_its_loans(office, officer):
    loan = make.walked("active", by=officer)
    other = make.granted(by=officer, organisation=loan.organisation)
    shown = panels.of_organisation(officer, loan.organisation)
    assert [row.pk for row in shown["loans"]] == [other.pk, loan.pk]
    assert (shown["total"], shown["more"]) == (D(50_000), False)
    page = office.get(reverse("register:organisation", args=[loan.organisation.public_id])).content.decode()
    assert all(reverse("loans:loan", args=[row.public_id]) in page for row in (loan, other))
    empty = office.get(reverse("register:organisation", args=[base.organisation().public_id])).content.decode()
    assert "Brak pożyczek z funduszu." in empty


def test_a_case_shows_the_loans_of_its_organisation(client):
    project = base.project()
    boss = base.user(Role.MANAGER, projects=[project])
    body = base.organisation()
    case = case_factory.case("active", adviser=base.user(Role.ADVISER, projects=[project]), organisation=body)
    alone = case_factory.case("active", adviser=case.adviser)
    client.force_login(boss)
    assert panels.of_case(boss, case) is None
    loan = make.granted(organisation=body)
    assert [row.pk for row in panels.of_case(boss, case)["loans"]] == [loan.pk]
    address = reverse("loans:loan", args=[loan.public_id])
    assert address in client.get(reverse("cases:case", args=[case.public_id])).content.decode()
    assert panels.of_case(boss, alone) is None


def test_an_application_leads_to_its_loan(office, officer):
    application = make.applied(by=officer)
    assert panels.of_application(officer, application) is None
    loan = make.granted(by=officer)
    application = loan.decision.review.application
    page = office.get(reverse("inbox:application", args=[application.public_id])).content.decode()
    assert reverse("loans:loan", args=[loan.public_id]) in page


def test_the_search_of_every_page_finds_a_loan_by_its_number(client, office, officer):
    loan = make.granted(by=officer)
    address = reverse("loans:loan", args=[loan.public_id])
    for text in (loan.number, loan.number.lower(), loan.number[3:]):
        assert address in office.get(reverse("staff:search"), {"q": text}).content.decode()
    client.force_login(base.user(Role.ADVISER))
    assert address not in client.get(reverse("staff:search"), {"q": loan.number}).content.decode()


def test_the_menu_leads_to_the_list(client):
    for role, seen in ((Role.LOAN_OFFICER, True), (Role.ADVISER, False)):
        client.force_login(base.user(role))
        page = client.get(reverse("staff:account")).content.decode()
        assert (f'href="{reverse("loans:loans")}"' in page) == seen


def test_both_languages_have_the_pages(office, officer):
    loan = make.walked("active", by=officer)
    assert Product.objects.filter(pk=loan.product_id).exists()
    office.cookies["django_language"] = "en"
    page = page_of(office, loan).content.decode()
    assert "36 months" in page and "Principal left" in page
    assert "Ledger of the loan" in ledger_of(office, loan).content.decode()
