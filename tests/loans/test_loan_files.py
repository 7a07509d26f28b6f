"""Files of the fund: what they say of a day, that they say it again, and that their sums are those of the ledger."""

import csv
import datetime
import io
from decimal import Decimal

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.intake import services
from centrum.intake.models import Application
from centrum.kit import clock, exports
from centrum.kit.exports import Since
from centrum.kit.models import ExportRecord, StateChange
from centrum.kit.transitions import Refused, move
from centrum.staff.enums import Role, UnitKind
from loans import annexes, jobs, ledger, nightly
from loans import repayments as payments
from loans.enums import EntryEvent
from loans.models import Line, PlannedJob
from loans.profiles import Scope
from tests.factories import base, claims, repayments
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D = Decimal
OF_FUND = (
    "loans_portfolio", "loans_control", "loans_arrears", "loans_losses", "loans_programme", "loans_jobs", "loans_cash",
    "loans_journal", "loans_trial_balance",
)  # fmt: skip
OF_APPLICATIONS = ("loans_funnel", "loans_applications")


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


def days(number):
    return clock.today() + datetime.timedelta(days=number)


def on(day):
    return clock.at(datetime.datetime.combine(day, datetime.time(10), clock.WARSAW))


def made(profile, *, day=None, by=None, scope=None):
    """The bytes of a file."""
    if scope is None:
        scope = Since(days(-400)) if profile in OF_APPLICATIONS else Scope(make.fund())
    file = exports.export(exports.find(profile), project=scope, day=day or clock.today(), by=by, reason="test")
    with file.file as opened:
        return opened.read()


def told(profile, **more):
    """The lines of a file as {heading: cell}."""
    text = made(profile, **more).decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def amount(cell):
    return D(cell.replace(",", "."))


# The portfolio


def test_a_line_of_the_portfolio(officer, boss):
    body = base.organisation(name="Żuraw; „A”", nip="5272615345")
    day = clock.today()
    loan = make.walked("active", by=officer, boss=boss, organisation=body)
    answers = loan.decision.review.application.loan_application
    for posts, at_risk in (("1.5", "yes"), ("0.5", "no")):
        PlannedJob.objects.create(answers=answers, position="kucharka", posts=D(posts), since=day, at_risk=at_risk)
    last = loan.schedules.get().rows.order_by("-nr").first().due
    assert told("loans_portfolio") == [
        {
            "Numer pożyczki": loan.number,
            "Pożyczkobiorca": "Żuraw; „A”",
            "NIP": "5272615345",
            "Forma prawna": "spółdzielnia",
            "TERYT gminy": "0806013",
            "Gmina": "Dobiegniew",
            "Produkt": "fers-rozwoj",
            "Stan na dzień": "wypłacona",
            "Przyznano": f"{day}",
            "Podpisano umowę": f"{day}",
            "Pierwsza wypłata": f"{day}",
            "Ostatnia rata": f"{last}",
            "Okres (miesiące)": "36",
            "Oprocentowanie (%)": "3,8000",
            "Kwota przyznana (zł)": "50000,00",
            "Do wypłaty (zł)": "0,00",
            "Wypłacono (zł)": "50000,00",
            "Spłacono kapitału (zł)": "0,00",
            "Odpisano lub umorzono kapitału (zł)": "0,00",
            "Kapitał do spłaty (zł)": "50000,00",
            "Dni po terminie": "",
            "Klasa zaległości": "",
            "Zaległy kapitał (zł)": "0,00",
            "Zaległe odsetki (zł)": "0,00",
            "Odsetki należne (zł)": "0,00",
            "Spłacono odsetek (zł)": "0,00",
            "Po restrukturyzacji": "nie",
            "Planowane miejsca pracy (etaty)": "2,00",
            "w tym dla osób zagrożonych wykluczeniem (etaty)": "1,50",
        }
    ]


def test_a_name_that_looks_like_a_formula_is_defused():
    make.granted(organisation=base.organisation(name="=1+1"))
    assert told("loans_portfolio")[0]["Pożyczkobiorca"] == "'=1+1"


def test_a_longer_term_counts_from_the_signing_of_its_annex(officer, boss):
    with on(days(-10)):
        loan = make.active(by=officer, boss=boss)
    annex = annexes.prepare(
        loan, by=officer, valid_from=annexes.first_days(loan)[0], months=6, reasons="Mniejsze raty."
    )
    annexes.sign(annexes.confirm(annex, by=boss), by=officer, signed_on=clock.today())
    repayments.night(make.fund(), clock.today())
    of = [told("loans_portfolio", day=day)[0]["Okres (miesiące)"] for day in (days(-5), clock.today())]
    assert of == ["36", "42"]


def test_what_it_says_of_a_day_does_not_change_afterwards(officer, boss):
    """A loan that is granted, signed and paid out on different days, seen from each of them, before and after."""
    earlier = {}
    make.fund()
    first, second, third = days(-30), days(-20), days(-10)
    with on(first):
        loan = make.granted(by=officer, boss=boss)
        earlier[first] = [made(profile, day=first) for profile in OF_FUND]
    with on(second):
        loan = move(loan, "draw", by=officer, changes=make._dates(second))
        loan = move(loan, "sign", by=officer, changes={"signed_on": second})
        loan.rates.create(rate=D("0.038"), valid_from=second)
        make.scheduled(loan, by=officer)
        for security in loan.securities.all():
            move(security, "establish", by=officer, changes={"established_on": second, "document": "W/1"})
        loan = move(loan, "make_ready", by=officer)
        earlier[second] = [made(profile, day=second) for profile in OF_FUND]
    with on(third):
        make.tranche_paid(loan, by=officer, boss=boss)
        loan = move(loan, "activate", by=boss)
        earlier[third] = [made(profile, day=third) for profile in OF_FUND]
    lines = [(ledger.BANK, D(5_000)), (ledger.PRINCIPAL, D(-5_000))]
    make.booked(loan, EntryEvent.RELEASE, lines, by=boss)
    make.scheduled(loan, by=officer, reason="payout")
    make.walked("active", by=officer, boss=boss)
    assert {day: [made(profile, day=day) for profile in OF_FUND] for day in earlier} == earlier
    seen = []
    for day in (days(-31), first, second, third, clock.today()):
        rows = [row for row in told("loans_portfolio", day=day) if row["Numer pożyczki"] == loan.number]
        names = (
            "Stan na dzień",
            "Podpisano umowę",
            "Do wypłaty (zł)",
            "Spłacono kapitału (zł)",
            "Kapitał do spłaty (zł)",
        )
        seen += [tuple(row[name] for name in names) for row in rows]
    assert seen == [
        ("przyznana", "", "50000,00", "0,00", "0,00"),
        ("gotowa do wypłaty", f"{second}", "50000,00", "0,00", "0,00"),
        ("wypłacona", f"{second}", "0,00", "0,00", "50000,00"),
        ("wypłacona", f"{second}", "0,00", "5000,00", "45000,00"),
    ]


def test_the_day_ends_at_midnight_in_warsaw(officer):
    loan = make.granted(by=officer)
    for hour in (datetime.time(23, 59), datetime.time(0, 1)):
        day = days(-1) if hour.hour else days(0)
        with clock.at(datetime.datetime.combine(day, hour, clock.WARSAW)):
            loan = move(loan, "draw", by=officer, changes=make._dates(clock.today()) | {"drawn_on": loan.granted_on})
            states = [row["Stan na dzień"] for row in told("loans_portfolio", day=loan.granted_on)]
        assert states == ["umowa sporządzona"]


def test_a_payout_that_was_reversed_is_not_paid_out(officer, boss):
    loan = make.walked("ready", by=officer, boss=boss)
    lines = [
        (ledger.PROMISED, D(-900)),
        (ledger.PROMISED_CONTRA, D(900)),
        (ledger.PRINCIPAL, D(900)),
        (ledger.BANK, D(-900)),
    ]
    entry = make.booked(loan, EntryEvent.PAYOUT, lines, by=boss)
    ledger.post(
        loan.fund, by=officer, event=EntryEvent.REVERSAL, key="storno", text="Storno", value_date=clock.today(),
        lines=[(code, -sum_) for code, sum_ in lines], reverses=entry, loan=loan,
    )  # fmt: skip
    (row,) = told("loans_portfolio")
    names = (
        "Pierwsza wypłata",
        "Do wypłaty (zł)",
        "Wypłacono (zł)",
        "Spłacono kapitału (zł)",
        "Kapitał do spłaty (zł)",
    )
    assert [row[name] for name in names] == ["", "50000,00", "0,00", "0,00", "0,00"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    loans=st.lists(
        st.tuples(
            st.decimals(min_value=1, max_value=90_000, places=2),
            st.sampled_from(["approved", "lapsed", "ready", "active"]),
        ),
        max_size=4,
    )
)
def test_sums_of_the_files_are_those_of_the_ledger(loans):
    for sum_, state in loans:
        make.walked(state, sum_)
    fund = make.fund()
    rows, (control,) = told("loans_portfolio"), told("loans_control")
    names = (
        "Kwota przyznana (zł)", "Do wypłaty (zł)", "Wypłacono (zł)", "Spłacono kapitału (zł)", "Kapitał do spłaty (zł)",
    )  # fmt: skip
    sums = {name: sum((amount(row[name]) for row in rows), D(0)) for name in names}
    assert {name: amount(control[name]) for name in names} == sums
    assert int(control["Liczba pożyczek"]) == len(rows)
    assert control["Kapitał do spłaty (zł)"] == control["Kapitał do spłaty według księgi (zł)"]
    fund.refresh_from_db()
    assert (sums["Do wypłaty (zł)"], sums["Kapitał do spłaty (zł)"]) == (fund.committed, fund.outstanding)
    balances = {row["Konto"]: amount(row["Saldo (zł)"]) for row in told("loans_trial_balance")}
    assert sum(balances.values()) == 0
    assert balances.get("211", 0) == fund.outstanding
    assert balances.get("992", 0) == fund.committed
    assert balances == {row.code: row.balance for row in ledger.balances(fund)}


# A life of loans: payments, one that comes to light late, one that was none, a termination, a write-off

MONTH = datetime.date(2026, 6, 30)


@pytest.fixture
def life(officer, boss):
    """Five loans of 12 000 from 15 January 2026 on, and what the nights posted up to 3 July."""
    fund, accountant = make.fund(), make.accountant()
    paid, late, early, lost, repaid = (repayments.lent(claims.PAID_OUT, by=officer, boss=accountant) for _n in range(5))
    repayments.pay(repaid, datetime.date(2026, 1, 20), 12_100, by=accountant, mode="reduce")
    first, *later = datetime.date(2026, 2, 16), datetime.date(2026, 3, 16), datetime.date(2026, 4, 15)
    repayments.night(fund, first)
    repayments.pay(paid, first, 1100, by=accountant)
    repayments.pay(late, first, 1100, by=accountant)
    repayments.pay(early, first, 5000, by=accountant, mode="reduce")
    for day in later:
        repayments.night(fund, day)
        repayments.pay(paid, day, 1100, by=accountant)
    claims.terminated(lost, by=officer, boss=boss)
    repayments.night(fund, claims.LATER)
    with repayments.on(claims.LATER):
        claims.decided(lost, "write_off", by=officer, boss=boss, on=claims.LATER)
    repayments.pay(lost, datetime.date(2026, 6, 10), 700, by=accountant)
    repayments.night(fund, datetime.date(2026, 7, 3))
    return {"paid": paid, "late": late, "early": early, "lost": lost, "repaid": repaid, "by": accountant}


def seen(day):
    return {profile: made(profile, day=day) for profile in OF_FUND}


def test_files_of_a_day_stay_after_payments_backdated_taken_back_and_nights(life, boss):
    days_ = (datetime.date(2026, 3, 31), claims.LATER, datetime.date(2026, 6, 10), MONTH)
    with repayments.on(datetime.date(2026, 7, 3)):
        first = {day: seen(day) for day in days_}
    wrong = repayments.pay(life["paid"], datetime.date(2026, 7, 6), 900, by=life["by"])
    repayments.pay(life["late"], datetime.date(2026, 7, 6), 2000, value_date=datetime.date(2026, 3, 16), by=life["by"])
    with repayments.on(datetime.date(2026, 7, 7)):
        payments.take_back(wrong, by=boss, reason="Cudza wpłata.")
    for month in (7, 8):
        repayments.night(make.fund(), clock.months_later(datetime.date(2026, month, 3), 1))
    with repayments.on(datetime.date(2026, 9, 3)):
        assert {day: seen(day) for day in days_} == first


def test_sums_of_every_file_are_those_of_the_ledger(life):
    fund = make.fund()
    with repayments.on(datetime.date(2026, 7, 3)):
        files = {profile: told(profile, day=MONTH) for profile in OF_FUND}
        books = {row.code: row.balance for row in ledger.balances(fund, MONTH)}
    (control,) = files["loans_control"]
    portfolio, arrears = files["loans_portfolio"], files["loans_arrears"]

    def total(rows, *names):
        return sum((amount(row[name]) for row in rows for name in names), D(0))

    assert total(portfolio, "Kapitał do spłaty (zł)") == books["211"] + books.get("218", 0)
    assert total(portfolio, "Odsetki należne (zł)") == books["212"]
    assert total(portfolio, "Odpisano lub umorzono kapitału (zł)") == books["751"]
    for name in ("Kapitał do spłaty (zł)", "Odsetki należne (zł)", "Spłacono odsetek (zł)", "Zaległy kapitał (zł)"):
        assert amount(control[name]) == total(portfolio, name)
        if f"{name[:-5]} według księgi (zł)" in control:
            assert control[name] == control[f"{name[:-5]} według księgi (zł)"]
    assert amount(control["Saldo rachunku według księgi (zł)"]) == books["130"]
    assert amount(files["loans_cash"][-1]["Saldo (zł)"]) == books["130"]
    assert total(files["loans_cash"], "Wpływ (zł)") - total(files["loans_cash"], "Wydatek (zł)") == books["130"]
    journal = files["loans_journal"]
    assert total(journal, "Wn (zł)") == total(journal, "Ma (zł)")
    for code, balance in books.items():
        lines = [row for row in journal if row["Konto"] == code]
        assert total(lines, "Wn (zł)") - total(lines, "Ma (zł)") == balance
    assert total(arrears, "Odsetki za opóźnienie (zł)") == books["213"]
    assert total(arrears, "Zaległy kapitał (zł)") == total(portfolio, "Zaległy kapitał (zł)")
    (programme,) = files["loans_programme"]
    names = ("Kwota przyznana (zł)", "Wypłacono (zł)", "Spłacono kapitału (zł)", "Kapitał do spłaty (zł)")
    assert [programme[name] for name in names] == [control[name] for name in names]
    (loss,) = files["loans_losses"]
    assert amount(loss["Odpisany kapitał (zł)"]) - amount(loss["Odzyskany kapitał (zł)"]) == books["751"]
    assert amount(loss["Roszczenie (zł)"]) == books["994"]
    assert amount(programme["Odzyskano po odpisaniu (zł)"]) == 700
    # all interest that was earned is paid, owed, or lost with the loan that was written off
    rest = amount(loss["Odpisane odsetki i koszty (zł)"]) - total(
        [row for row in journal if row["Konto"] == "702" and row["Pożyczka"] == life["lost"].number], "Ma (zł)"
    )
    assert -books["701"] == total(portfolio, "Spłacono odsetek (zł)") + books["212"] + rest


def test_days_past_due_and_classes_of_a_past_day(life):
    with repayments.on(datetime.date(2026, 7, 3)):
        rows = {row["Numer pożyczki"]: row for row in told("loans_portfolio", day=MONTH)}
        listed = told("loans_arrears", day=MONTH)
        programme = told("loans_programme", day=MONTH)[0]
    names = ("Stan na dzień", "Dni po terminie", "Klasa zaległości", "Zaległy kapitał (zł)")
    assert {key: tuple(rows[life[key].number][name] for name in names) for key in ("paid", "late", "repaid")} == {
        "paid": ("wypłacona", "46", "31–90 dni", "1907,12"),  # since 15 May, less what waited as an overpayment
        "late": ("wypłacona", "106", "ponad 90 dni", "4000,00"),  # since 16 March
        "repaid": ("spłacona", "0", "bez zaległości", "0,00"),
    }
    assert [row["Numer pożyczki"] for row in listed][:1] == [life["late"].number]
    assert life["lost"].number not in {row["Numer pożyczki"] for row in listed}
    left = {key: amount(rows[life[key].number]["Kapitał do spłaty (zł)"]) for key in ("paid", "late", "early")}
    assert amount(programme["PAR 90 (zł)"]) == left["late"] + left["early"]
    assert amount(programme["PAR 30 (zł)"]) == sum(left.values())


def test_a_day_is_told_of_only_when_the_night_has_posted_it(client, officer):
    loan = repayments.lent(claims.PAID_OUT, by=officer)
    day = datetime.date(2026, 1, 20)
    with repayments.on(datetime.date(2026, 1, 21)):
        with pytest.raises(Refused, match=r"15\.1\.2026"):
            made("loans_journal", day=day)
        assert made("loans_journal")  # of today it says what there is
        client.force_login(officer)
        page = client.post(reverse("loans:files"), said(profile="loans_portfolio", day="20.01.2026"))
        assert (page.status_code, list(page.context["form"].errors)) == (200, ["day"])
    repayments.night(loan.fund, datetime.date(2026, 1, 21))
    with repayments.on(datetime.date(2026, 1, 21)):
        assert made("loans_journal", day=day)
        assert not ExportRecord.objects.filter(by=officer).exists()


def test_the_end_of_a_month_waits_for_interest_for_delay(officer):
    loan = repayments.lent(claims.PAID_OUT, by=officer)
    repayments.night(loan.fund, datetime.date(2026, 2, 20))
    with repayments.on(datetime.date(2026, 3, 1)):
        for number in range(20, 29):
            nightly.post(loan.fund, datetime.date(2026, 2, number))
        with pytest.raises(Refused, match=r"28\.2\.2026"):
            made("loans_trial_balance", day=datetime.date(2026, 2, 28))
        assert made("loans_trial_balance", day=datetime.date(2026, 2, 27))
        assert nightly.keep(loan.fund)["at the end of a month"] == 1  # though the run before ended in the middle
        rows = {row["Konto"]: row for row in told("loans_trial_balance", day=datetime.date(2026, 2, 28))}
    assert amount(rows["213"]["Saldo (zł)"]) > 0


def test_jobs_planned_and_what_became_of_them_by_the_day(officer):
    loan = make.walked("signed", by=officer, today=days(-30))
    answers = loan.decision.review.application.loan_application
    PlannedJob.objects.create(answers=answers, position="kucharka", posts=D("1.5"), since=days(60), at_risk="yes")
    with on(days(-20)):
        one, _half = jobs.promise(loan, by=officer)
    assert told("loans_jobs", day=days(-10))[0]["Utworzone (etaty)"] == "0,00"
    with on(days(-5)):
        jobs.create(one, by=officer, created_on=days(-6), at_risk="yes", woman="yes", file=upload())
    before, now = (told("loans_jobs", day=days(ago))[0] for ago in (-6, -5))
    names = ("Planowane we wniosku (etaty)", "w tym dla osób zagrożonych wykluczeniem (etaty)", "Utworzone (etaty)")
    assert [before[name] for name in names] == ["1,50", "1,50", "0,00"]
    assert [now[name] for name in names] == ["1,50", "1,50", "1,00"]


def test_the_trial_balance(officer, boss):
    make.walked("active", by=officer, boss=boss)
    rows = {row["Konto"]: row for row in told("loans_trial_balance")}
    assert list(rows) == sorted(rows)
    assert [tuple(rows[code].values())[3:] for code in ("130", "211", "801", "992")] == [
        ("2000000,00", "50000,00", "1950000,00"),
        ("50000,00", "0,00", "50000,00"),
        ("0,00", "2000000,00", "-2000000,00"),
        ("50000,00", "50000,00", "0,00"),
    ]
    assert rows["211"]["Rodzaj"] == "aktywa"
    assert told("loans_trial_balance", day=days(-1)) == []
    assert Line.objects.count() == 8


def test_an_empty_fund_has_files(officer):
    fund = make.fund(capital=0)
    assert [len(told(profile, scope=Scope(fund))) for profile in OF_FUND] == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert told("loans_control")[0]["Liczba pożyczek"] == "0"


def test_a_partner_s_portfolio_holds_their_own_loans_alone():
    theirs = base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER))
    make.granted()
    loan = make.granted(by=theirs)
    assert [row["Numer pożyczki"] for row in told("loans_portfolio", by=theirs)] == [loan.number]
    assert len(told("loans_portfolio", by=make.manager())) == 2
    assert [row["Numer pożyczki"] for row in told("loans_applications", by=theirs)] == [loan.number]


@pytest.mark.parametrize("profile", OF_FUND)
def test_sums_of_the_fund_are_for_who_sees_all_units(profile, client):
    theirs = base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER))
    make.granted(by=theirs)
    client.force_login(theirs)
    answer = client.post(reverse("loans:files"), said(profile=profile))
    if profile in ("loans_control", "loans_programme"):
        words = "Liczby funduszu dotyczą wszystkich jednostek razem, a Ty widzisz tylko swoją."
        with pytest.raises(Refused, match=words):
            made(profile, by=theirs)
        assert answer.context["form"].errors == {"profile": [words]}
        assert not ExportRecord.objects.exists()
    else:
        assert b"".join(answer.streaming_content) == made(profile, by=theirs)
    assert made(profile, by=make.manager()) == made(profile)


# Applications


def sent(application, day):
    """The same application, sent on a day."""
    at = datetime.datetime.combine(day, datetime.time(10), clock.WARSAW)
    Application.objects.filter(pk=application.pk).update(submitted_at=at)
    return application


def refused(application, by):
    said = {"decided_by": by, "decision_reason": "Poza celem."}
    return move(application, "reject", by=by, reason="Poza celem.", changes=said)


def test_the_funnel_counts_by_month_and_product(officer, boss):
    first, second = datetime.date(2026, 3, 31), datetime.date(2026, 4, 1)
    other = make.product("fers-start")
    sent(make.applied(by=officer, amount=1_000), first)
    rejected = sent(make.applied(by=officer, amount=2_000), first)
    refused(rejected, boss)
    services.withdraw(sent(make.applied(by=officer, amount=4_000), first))
    new = sent(make.applied(by=officer, amount=8_000), first)
    with pgtrigger.ignore():  # nobody has taken it up
        Application.objects.filter(pk=new.pk).update(state="submitted")
        StateChange.objects.filter(noun="intake.application", object_id=new.pk).update(target="submitted")
    loan = make.granted(16_000, by=officer, boss=boss)
    sent(loan.decision.review.application, second)
    sent(make.applied(by=officer, amount=32_000, product=other), second)
    rows = told("loans_funnel", scope=Since(first))
    assert [list(row.values()) for row in rows] == [
        ["2026-03", "fers-rozwoj", "4", "15000,00", "1", "8000,00", "1", "1000,00", "0", "0,00", "0,00", "1", "2000,00",
         "1", "4000,00"],
        ["2026-04", "fers-rozwoj", "1", "16000,00", "0", "0,00", "0", "0,00", "1", "16000,00", "16000,00", "0", "0,00",
         "0", "0,00"],
        ["2026-04", "fers-start", "1", "32000,00", "0", "0,00", "1", "32000,00", "0", "0,00", "0,00", "0", "0,00", "0",
         "0,00"],
    ]  # fmt: skip
    assert len(told("loans_funnel", scope=Since(second))) == 2
    assert [row["Miesiąc"] for row in told("loans_funnel", scope=Since(first), day=first)] == ["2026-03"]


def test_applications_have_the_state_of_the_last_day(officer, boss):
    with on(days(-10)):
        application = make.applied(by=officer, amount=2_000)
    before = [made(profile, day=days(-10)) for profile in OF_APPLICATIONS]
    with on(days(-5)):
        refused(application, boss)
    states = [told("loans_applications", day=days(ago))[0]["Stan na koniec okresu"] for ago in (-10, -6, -5, 0)]
    assert states == ["w weryfikacji", "w weryfikacji", "odrzucony", "odrzucony"]
    assert [made(profile, day=days(-10)) for profile in OF_APPLICATIONS] == before
    assert told("loans_applications", day=days(-11)) == []


def test_a_line_of_an_application(officer, boss):
    loan = make.granted(16_000, by=officer, boss=boss)
    application = loan.decision.review.application
    answers = application.loan_application
    assert told("loans_applications") == [
        {
            "Numer wniosku": application.number,
            "Wpłynął": f"{clock.local(application.submitted_at):%Y-%m-%d}",
            "Wnioskodawca": answers.name,
            "NIP": answers.nip,
            "Forma prawna": "spółdzielnia",
            "TERYT gminy": "",
            "Produkt": "fers-rozwoj",
            "Kwota wnioskowana (zł)": "16000,00",
            "Okres (miesiące)": "36",
            "Stan na koniec okresu": "przyjęty",
            "Kwota przyznana (zł)": "16000,00",
            "Numer pożyczki": loan.number,
        }
    ]


@pytest.mark.parametrize("profile", [*OF_FUND, *OF_APPLICATIONS])
def test_a_file_asks_no_more_for_three_than_for_one_and_is_the_same_twice(officer, boss, profile):
    counted = []
    for number in (1, 2):
        for _n in range(number):
            make.walked("active", 10_000, by=officer, boss=boss)
        with CaptureQueriesContext(connection) as queries:
            first = made(profile)
        counted.append(len(queries))
        assert made(profile) == first
    assert counted[0] == counted[1]


# The pages


def said(**more):
    return {"day": f"{clock.today():%d.%m.%Y}", "reason": "Sprawozdanie", "fund": make.fund().pk} | more


def test_the_page_gives_each_file_and_the_journal_keeps_it(client, officer):
    make.walked("active", by=officer)
    client.force_login(officer)
    assert reverse("loans:files") in client.get(reverse("loans:loans")).content.decode()
    for profile in OF_FUND:
        answer = client.post(reverse("loans:files"), said(profile=profile))
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
        assert b"".join(answer.streaming_content) == made(profile)
    for profile in OF_APPLICATIONS:
        answer = client.post(reverse("loans:application-files"), said(profile=profile, first=f"{days(-9):%d.%m.%Y}"))
        assert b"".join(answer.streaming_content).count(b"\r\n") == 2
    records = ExportRecord.objects.filter(by=officer).order_by("pk")
    assert [record.profile for record in records] == [*OF_FUND, *OF_APPLICATIONS]
    assert {record.scope for record in records} == {"fundusz-pozyczkowy", f"od-{days(-9)}"}


@pytest.mark.parametrize(
    "wrong",
    [{"day": "32.13.2026"}, {"day": "1.1.2999"}, {"reason": " "}, {"fund": "0"}, {"profile": "smefs_participants"}],
)
def test_what_can_t_be_is_told_at_its_field(client, officer, wrong):
    client.force_login(officer)
    page = client.post(reverse("loans:files"), said(profile="loans_portfolio") | wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (200, list(wrong))
    assert not ExportRecord.objects.exists()


def test_without_the_right_there_are_no_files(client, officer):
    make.walked("active", by=officer)
    client.force_login(base.user(Role.COORDINATOR))
    assert reverse("loans:files") not in client.get(reverse("loans:loans")).content.decode()
    for name in ("files", "application-files"):
        assert client.get(reverse(f"loans:{name}")).status_code == 403
        assert client.post(reverse(f"loans:{name}"), said(profile="loans_portfolio")).status_code == 403
