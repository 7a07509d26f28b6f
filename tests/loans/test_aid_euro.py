"""Rates of the euro: by hand and from files of the bank, four eyes, which one holds on a day."""

import datetime
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from loans.deminimis import euro, nbp_tables
from loans.models import EurRate
from tests.factories import aid as of
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
MONDAY, FRIDAY, SATURDAY = DAY(2026, 11, 2), DAY(2026, 10, 30), DAY(2026, 10, 31)
XML = """<?xml version="1.0" encoding="ISO-8859-2"?>
<tabela_kursow typ="A" uid="26a211"><numer_tabeli>{table}</numer_tabeli><data_publikacji>{day}</data_publikacji>
<pozycja><nazwa_waluty>dolar</nazwa_waluty><przelicznik>1</przelicznik><kod_waluty>USD</kod_waluty>
<kurs_sredni>3,6450</kurs_sredni></pozycja>
<pozycja><nazwa_waluty>euro</nazwa_waluty><przelicznik>1</przelicznik><kod_waluty>EUR</kod_waluty>
<kurs_sredni>{rate}</kurs_sredni></pozycja></tabela_kursow>"""
CSV = "data;1THB;1USD;1EUR;100HUF;nr tabeli;pełny numer tabeli\n;bat;dolar;euro;forint;;\n"


@pytest.fixture(autouse=True)
def told():
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
        yield


@pytest.fixture
def accountant():
    return make.accountant()


@pytest.fixture
def manager():
    return make.manager()


def enter(by, day=MONDAY, **more):
    values = {"table": "211/A/NBP/2026", "rate": D("4.2512"), "source": "nbp.pl"} | more
    return euro.enter(by=by, day=day, **values)


def xml(day="2026-11-02", table="211/A/NBP/2026", rate="4,2512"):
    return XML.format(day=day, table=table, rate=rate).encode("iso8859-2")


def archive(*days, rate="4,2{:03d}"):
    rows = [
        f"{day:%Y%m%d};0,1;3,6;{rate.format(nr)};0,9;{nr};{nr:03d}/A/NBP/{day.year}" for nr, day in enumerate(days, 1)
    ]
    return (CSV + "\n".join(rows) + "\n").encode("cp1250")


def take_in(data, by, name="tabela.xml"):
    return euro.take_in(upload(data, name), by=by)


# By hand


def test_one_enters_another_confirms_and_then_it_stays(accountant, manager):
    row = enter(accountant)
    with pytest.raises(euro.NoRate, match=r"\b2\.11\.2026"):
        euro.rate_on(MONDAY)
    with pytest.raises(Refused):
        euro.confirm(row, by=accountant)
    euro.confirm(row, by=manager)
    assert euro.rate_on(MONDAY).rate == D("4.2512")
    for service in (euro.confirm, euro.drop):
        with pytest.raises(Stale):
            service(row, by=manager)
    for change in (lambda rows: rows.update(rate=D("4.3")), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(EurRate.objects.filter(pk=row.pk))
    with pytest.raises(Refused):
        enter(manager, rate=D("4.3"))


def test_a_mistaken_rate_is_taken_back_before(accountant, manager):
    euro.drop(enter(accountant), by=manager)
    with pytest.raises(Stale):
        euro.drop(EurRate(pk=1), by=manager)
    euro.confirm(enter(accountant), by=manager)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": SATURDAY},
        {"day": DAY(2026, 11, 11)},  # Independence Day, and to come
        {"day": DAY(2025, 11, 11), "table": "211/A/NBP/2025"},
        {"day": DAY(2026, 11, 3)},
        {"table": "211/B/NBP/2026"},
        {"table": "211/A/NBP/2025"},
        {"table": ""},
        {"rate": D("0.42")},
        {"rate": D("42.5")},
        {"source": ""},
    ],
)
def test_what_is_no_rate(accountant, wrong):
    with pytest.raises(Refused):
        enter(accountant, **wrong)


def test_rates_are_kept_by_who_may(manager):
    with pytest.raises(PermissionDenied):
        enter(make.officer())
    row = enter(make.accountant())
    for service in (euro.confirm, euro.drop):
        with pytest.raises(PermissionDenied):
            service(row, by=make.officer())


# Which holds


@pytest.mark.parametrize(
    ("days", "asked", "found"),
    [
        ((FRIDAY, MONDAY), MONDAY, MONDAY),
        ((FRIDAY,), MONDAY, FRIDAY),  # that of today is not out yet
        ((FRIDAY,), SATURDAY, FRIDAY),
        ((FRIDAY,), DAY(2026, 11, 1), FRIDAY),
        ((DAY(2026, 10, 29),), FRIDAY, None),  # a day that is over has a table of its own
        ((DAY(2026, 10, 29),), MONDAY, None),  # no older one
        ((DAY(2026, 10, 29),), SATURDAY, None),
        ((DAY(2026, 4, 3),), DAY(2026, 4, 6), DAY(2026, 4, 3)),  # Easter Monday
        ((DAY(2026, 4, 2),), DAY(2026, 4, 6), None),
        ((FRIDAY, MONDAY), DAY(2026, 11, 3), None),  # to come
        ((), MONDAY, None),
    ],
)
def test_the_rate_of_a_day(days, asked, found):
    for day in days:
        of.eur(day)
    if found is None:
        with pytest.raises(euro.NoRate):
            euro.rate_on(asked)
    else:
        assert euro.rate_on(asked).day == found


def test_a_rate_that_waits_is_not_passed_over_for_an_older_one():
    of.eur(FRIDAY)
    of.eur(MONDAY, confirmed=False)
    with pytest.raises(euro.NoRate, match=r"\b2\.11\.2026"):
        euro.rate_on(MONDAY)


def test_days_without_a_rate():
    of.eur(FRIDAY)
    of.eur(DAY(2026, 10, 28), confirmed=False)
    assert euro.missing_days(6) == [DAY(2026, 10, 29), DAY(2026, 10, 28), DAY(2026, 10, 27)]


# Files


def test_a_table_of_one_day(accountant, manager):
    (row,) = take_in(xml(), accountant)
    assert (row.day, row.table, row.rate) == (MONDAY, "211/A/NBP/2026", D("4.2512"))
    assert row.file.content_type == "application/xml"
    assert take_in(xml(), manager) == []  # known already
    with pytest.raises(Refused):
        take_in(xml(rate="4,2513"), manager)
    euro.confirm_file(row.file_id, by=manager)
    assert euro.rate_on(MONDAY).rate == D("4.2512")


def test_the_archive_of_a_year_is_confirmed_at_once(accountant, manager):
    days = [DAY(2026, 10, 28), DAY(2026, 10, 29), FRIDAY]
    euro.confirm(enter(accountant, days[0], table="001/A/NBP/2026", rate=D("4.2001")), by=manager)
    rows = take_in(archive(*days), accountant, "archiwum_tab_a_2026.csv")
    assert [(row.day, row.rate) for row in rows] == [(days[1], D("4.2002")), (FRIDAY, D("4.2003"))]
    with pytest.raises(Refused):
        euro.confirm_file(rows[0].file_id, by=accountant)
    assert euro.confirm_file(rows[0].file_id, by=manager) == 2
    assert euro.rate_on(FRIDAY).rate == D("4.2003")
    for service in (euro.confirm_file, euro.drop_file):
        with pytest.raises(Stale):
            service(rows[0].file_id, by=manager)


def test_an_import_is_taken_back_as_a_whole(accountant):
    rows = take_in(archive(DAY(2026, 10, 29), FRIDAY), accountant, "a.csv")
    euro.drop_file(rows[0].file_id, by=accountant)
    assert EurRate.objects.count() == 0


def test_utf_8_and_the_names_of_the_api_are_read():
    text = archive(FRIDAY).decode("cp1250")
    assert nbp_tables.read(text.encode("utf-8-sig")) == nbp_tables.read(archive(FRIDAY))
    api = (
        "<ArrayOfExchangeRatesTable><ExchangeRatesTable><Table>A</Table><No>211/A/NBP/2026</No>"
        "<EffectiveDate>2026-11-02</EffectiveDate><Rates><Rate><Code>EUR</Code><Mid>4.2512</Mid></Rate></Rates>"
        "</ExchangeRatesTable></ArrayOfExchangeRatesTable>"
    )
    assert nbp_tables.read(api.encode()) == nbp_tables.read(xml())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"<tabela_kursow>",
        b"<a/>",
        b"\xff\xfe<",
        b"nic;tu;nie;ma",
        b"\x00\x01\x02",
        b"x" * (2 * 2**20 + 1),
        xml(rate="4,25x"),
        xml(rate="0,42"),
        xml(day="2026-13-02"),
        xml(table="211/C/NBP/2026"),
        xml(table="211/A/NBP/2025"),
        xml().replace(b"EUR", b"CHF"),
        xml().replace(b"<przelicznik>1<", b"<przelicznik>100<"),
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + xml().split(b"?>")[1],
        archive(FRIDAY, FRIDAY),
        archive(FRIDAY).replace(b"/A/", b"/B/"),
        archive(FRIDAY, rate="n/a"),
        CSV.encode(),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(accountant, data):
    with pytest.raises(Refused) as refused:
        take_in(data, accountant)
    assert refused.value.message_dict["file"]
    assert EurRate.objects.count() == 0


def test_a_file_of_days_without_a_table_is_refused_whole(accountant):
    for days in ((FRIDAY, SATURDAY), (MONDAY, DAY(2026, 11, 3))):
        with pytest.raises(Refused):
            take_in(archive(*days), accountant, "a.csv")
    assert EurRate.objects.count() == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"data;1EUR\n{text}".encode()))
def test_no_bytes_break_the_reader(data):
    try:
        for one in nbp_tables.read(data):
            assert 1 < one.rate < 20
    except nbp_tables.TableError as error:
        assert str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(DAY(2002, 1, 1), DAY(2030, 12, 31)),
    rate=st.integers(10_001, 199_999),
    number=st.integers(1, 260),
)
def test_what_is_written_is_read(day, rate, number):
    said = f"{rate / 10_000:.4f}".replace(".", ",")
    table = f"{number:03d}/A/NBP/{day.year}"
    wanted = [nbp_tables.Mean(day, table, D(said.replace(",", ".")))]
    assert nbp_tables.read(xml(day.isoformat(), table, said)) == wanted
    row = f"{day:%Y%m%d};0,1;3,6;{said};0,9;{number};{table}\n"
    assert nbp_tables.read((CSV + row).encode("cp1250")) == wanted


def test_a_file_larger_than_what_is_read_is_refused(accountant):
    big = io.BytesIO(b"<" + b" " * (2 * 2**20 + 10))
    big.name = "a.xml"
    with pytest.raises(Refused):
        euro.take_in(big, by=accountant)
