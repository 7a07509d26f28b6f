"""Files of guarantees: what they say of a day, that they say it again, and that their sums are those of the ledger."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrum.kit import clock, exports
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role, UnitKind
from loans import nightly
from loans.guarantees import fees, recourse, reports
from loans.models import Fund
from loans.profiles import Scope
from tests.factories import base
from tests.factories import guarantees as of
from tests.factories import loans as make

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
FILES = ("loans_guarantees", "loans_multiplier")


@pytest.fixture
def told():
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


def made(profile, *, day=None, by=None):
    """The bytes of a file."""
    scope = Scope(Fund.objects.get(code="pozyczkowy"))
    file = exports.export(exports.find(profile), project=scope, day=day or clock.today(), by=by, reason="test")
    with file.file as opened:
        return opened.read()


def rows(profile, **more):
    text = made(profile, **more).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def amount(cell):
    return D(cell.replace(",", "."))


def test_a_line_of_a_guarantee(officer):
    body = base.organisation(name="Żuraw; „A”", nip="5272615345")
    lender = of.lender(name="Bank Spółdzielczy")
    guarantee = of.active(by=officer, organisation=body, lender_=lender, on=DAY(2026, 9, 10))
    fees.pay(guarantee.fees.get(), by=make.accountant(), paid_on=clock.today(), document="WB/1")
    reports.take_in(lender, DAY(2026, 10, 1), of.report((guarantee, 20_000, 12)), "r.csv", by=officer)
    assert rows("loans_guarantees") == [
        {
            "Numer poręczenia": guarantee.number,
            "Kredytobiorca": "Żuraw; „A”",
            "NIP": "5272615345",
            "Forma prawna": "spółdzielnia",
            "TERYT gminy": "0806013",
            "Gmina": "Dobiegniew",
            "Kredytodawca": "Bank Spółdzielczy",
            "Numer umowy kredytu": guarantee.credit_number,
            "Stan na dzień": guarantee.get_state_display(),
            "Przyznano": "2026-09-10",
            "Podpisano umowę": "2026-09-10",
            "Wypłacono kredyt": "2026-09-10",
            "Wezwanie w terminie do": "2029-12-10",
            "Rodzaj kredytu": guarantee.get_credit_kind_display(),
            "Okres kredytu (miesiące)": "36",
            "Kwota kredytu (zł)": "25000,00",
            "Poręczona część kredytu (%)": "80,00",
            "Poręczono najwyżej (zł)": "20000,00",
            "Zarezerwowano (zł)": "0,00",
            "Poręczone (zł)": "16000,00",
            "Ostatni raport za miesiąc": "2026-10",
            "Kapitał kredytu do spłaty (zł)": "20000,00",
            "Dni po terminie": "12",
            "Wypłacono z poręczenia (zł)": "0,00",
            "Odzyskano z regresu (zł)": "0,00",
            "Regres (zł)": "0,00",
            "Odpisano (zł)": "0,00",
            "Opłaty zapłacone (zł)": "200,00",
            "Opłaty rozliczone w czasie (zł)": "0,00",
        }
    ]


def test_after_a_call_the_claim_is_told(officer):
    guarantee = of.paid(by=officer)
    of.recovered(guarantee, 1_000)
    (row,) = rows("loans_guarantees")
    names = (
        "Poręczone (zł)",
        "Wypłacono z poręczenia (zł)",
        "Odzyskano z regresu (zł)",
        "Regres (zł)",
        "Odpisano (zł)",
    )
    assert [row[name] for name in names] == ["0,00", "20000,00", "800,00", "19200,00", "0,00"]
    of.written_off(guarantee)
    (row,) = rows("loans_guarantees")
    assert [row[name] for name in names] == ["0,00", "20000,00", "800,00", "0,00", "19200,00"]


def test_what_is_taken_back_is_told_until_that_day(officer):
    lender = of.lender()
    told_of, claimed = (of.active(by=officer, lender_=lender, on=DAY(2026, 8, 3)) for _number in range(2))
    of.paid(guarantee=claimed)
    fees.pay(told_of.fees.get(), by=make.accountant(), paid_on=clock.today(), document="WB/1")
    report = reports.take_in(lender, DAY(2026, 10, 1), of.report((told_of, 1_000, 7)), "r.csv", by=officer)
    recovery = of.recovered(claimed, 1_000)

    def cells(day=None):
        first, second = sorted(rows("loans_guarantees", day=day), key=lambda row: row["Numer poręczenia"])
        names = ("Poręczone (zł)", "Ostatni raport za miesiąc", "Dni po terminie", "Opłaty zapłacone (zł)")
        return [*(first[name] for name in names), second["Odzyskano z regresu (zł)"], second["Regres (zł)"]]

    before = ["800,00", "2026-10", "7", "200,00", "800,00", "19200,00"]
    assert cells() == before
    with of.at(DAY(2026, 11, 3)):
        reports.withdraw(report, by=make.manager(), reason="Pomyłka")
        fees.unpay(told_of.fees.get(), by=make.accountant(), reason="Pomyłka")
        recourse.take_back(recovery, by=make.accountant(), reason="Pomyłka")
        assert cells() == ["20000,00", "", "", "0,00", "0,00", "20000,00"]
    with of.at(DAY(2026, 11, 4)):
        assert cells(DAY(2026, 11, 2)) == before


def test_the_fund_beside_its_limits(officer):
    body = base.organisation()
    of.active(10_000, by=officer, organisation=body)
    of.granted(12_000, by=officer, organisation=body)
    of.paid(5_000, by=officer)
    (row,) = rows("loans_multiplier")
    assert row == {
        "Fundusz": "pozyczkowy",
        "Liczba poręczeń z zaangażowaniem": "2",
        "Kapitał poręczeniowy (zł)": "600000,00",
        "Regres (zł)": "5000,00",
        "Straty z poręczeń (zł)": "0,00",
        "Kapitał, który poręcza (zł)": "595000,00",
        "Dopuszczalny mnożnik": "3,00",
        "Limit poręczeń (zł)": "1785000,00",
        "Zarezerwowano (zł)": "12000,00",
        "Poręczone (zł)": "10000,00",
        "Zaangażowanie razem (zł)": "22000,00",
        "Mnożnik (zaangażowanie / kapitał)": "0,0367",
        "Wolny limit (zł)": "1763000,00",
        "Limit na klienta (% kapitału)": "5,000",
        "Największe zaangażowanie w jedną organizację (zł)": "22000,00",
        "Saldo rachunku według księgi (zł)": "595000,00",
        "Opłaty do rozliczenia w czasie (zł)": "0,00",
    }


def test_a_day_that_is_over_is_told_in_the_same_bytes(officer):
    """Whatever comes afterwards: reports, fees, calls, releases, other limits."""
    with of.at(DAY(2026, 8, 3)):
        fund, lender = of.fund(), of.lender()
        first, second, third = (of.active(10_000, by=officer, lender_=lender) for _number in range(3))
        of.granted(5_000, by=officer)
        fees.pay(first.fees.get(), by=make.accountant(), paid_on=clock.today(), document="WB/1")
    with of.at(DAY(2026, 9, 1)):
        nightly.keep(Fund.objects.get(pk=fund.pk))
        kept = {(name, day): made(name, day=day) for name in FILES for day in (DAY(2026, 8, 10), DAY(2026, 8, 31))}
    with of.at(DAY(2026, 9, 3)):
        data = of.report((first, 10_000), (second, 9_000), (third, 0))
        reports.take_in(lender, DAY(2026, 8, 1), data, "r.csv", by=officer)
        of.released(third)
        of.limited(fund, multiplier=D(4))
    with of.at(DAY(2026, 10, 5)):
        of.paid(guarantee=second)
        fees.pay(second.fees.get(), by=make.accountant(), paid_on=DAY(2026, 8, 5), document="WB/2")
        nightly.keep(Fund.objects.get(pk=fund.pk))
    for (name, day), data in kept.items():
        assert made(name, day=day) == data
    assert made("loans_guarantees") != kept["loans_guarantees", DAY(2026, 8, 31)]


def test_the_lines_add_up_to_the_fund(officer):
    for state in ("approved", "active", "called", "recourse", "writtenoff", "released"):
        of.walked(state, amount=3_000, by=officer)
    (fund,), lines = rows("loans_multiplier"), rows("loans_guarantees")
    kept = Fund.objects.get(code="pozyczkowy")
    for name, counter in (
        ("Zarezerwowano (zł)", kept.gua_reserved),
        ("Poręczone (zł)", kept.gua_exposure),
        ("Regres (zł)", kept.gua_claim),
    ):
        assert sum(amount(line[name]) for line in lines) == amount(fund[name]) == counter
    assert sum(amount(line["Odpisano (zł)"]) for line in lines) == amount(fund["Straty z poręczeń (zł)"])


def test_one_unit_gets_its_lines_and_no_figures_of_the_fund(officer):
    theirs = base.user(Role.LOAN_OFFICER, unit_=base.unit(UnitKind.PARTNER))
    own = of.active(by=theirs)
    of.active(by=officer)
    assert [row["Numer poręczenia"] for row in rows("loans_guarantees", by=theirs)] == [own.number]
    assert len(rows("loans_guarantees", by=make.manager())) == 2
    with pytest.raises(Refused):
        made("loans_multiplier", by=theirs)


def test_a_file_asks_as_much_for_three_as_for_one(officer):
    of.active(1_000, by=officer)

    def asked(profile):
        with CaptureQueriesContext(connection) as captured:
            made(profile)
        return len(captured)

    before = {name: asked(name) for name in FILES}
    for _number in range(2):
        of.active(1_000, by=officer)
    assert {name: asked(name) for name in FILES} == before
