"""Statements of banks: every format to the field, whatever is broken refused in words, and what a title says."""

import csv
import datetime
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans.statements import camt, lines, reading
from loans.statements.lines import Line, Statement, StatementError, continues
from loans.statements.matching import candidates, loan_numbers, nips
from loans.statements.reading import BANKS, read

D = datetime.date
GOLDEN = Path(__file__).parents[1] / "golden" / "statements"
FUND, FUND2 = "PL80999000010000000000000001", "PL53999000010000000000000002"
COOP, FOUNDATION, CLUB = "PL81999000050000111122223333", "PL03999000060000444455556666", "PL22999000070000777788889999"


def statement(opening, closing, first, last, *rows, account=FUND, number=""):
    found = [
        Line(account, booked, value, Decimal(amount), other, name, title, reference, *ordinal)
        for booked, value, amount, other, name, title, reference, *ordinal in rows
    ]
    return Statement(account, number, Decimal(opening), Decimal(closing), "PLN", first, last, tuple(found))


RATE = (D(2026, 9, 10), D(2026, 9, 10), "250.00", COOP, "SPÓŁDZIELNIA SOCJALNA ŹRÓDŁO UL. ŻURAWIA 3")
SMALL = (D(2026, 3, 2), D(2026, 3, 2), "10.00", CLUB, "Klub Integracji", "Wpłata PZ/2026/0004", "")
READ = {
    # ASCII(1), labels in place of codes, two accounts, entry dates in the year after, balances below zero
    "mbank.sta": [
        statement(
            "1000",
            "1400.50",
            D(2026, 12, 31),
            D(2027, 1, 4),
            (
                D(2027, 1, 4),
                D(2026, 12, 31),
                "412.50",
                COOP,
                "SPÓŁDZIELNIA SOCJALNA ŹRÓDŁO UL. ŻURAWIA 3 90-001 ŁÓDŹ",
                "SPŁATA RATY 5 PZ/2026/0001",
                "MB270104000017",
            ),
            (D(2027, 1, 4), D(2027, 1, 4), "-12", "", "", "341 OPŁATA ZA PROWADZENIE RACHUNKU", "CH270104000018"),
            number="1",
        ),
        statement("-50", "-50", D(2027, 1, 4), D(2027, 1, 4), account=FUND2, number="1"),
    ],
    # :86: twice, two subfields in a line, RC and RD
    "ing.sta": [
        statement(
            "5000",
            "5004.99",
            D(2026, 2, 27),
            D(2026, 2, 28),
            (
                D(2026, 2, 28),
                D(2026, 2, 28),
                "300",
                COOP,
                "Spółdzielnia Socjalna Źródło",
                "Rata 2 umowa pz 2026 12",
                "97202028342",
            ),
            (
                D(2026, 2, 28),
                D(2026, 2, 28),
                "-300",
                COOP,
                "Spółdzielnia Socjalna Źródło",
                "Zwrot: rata 2, umowa pz 2026 12",
                "97202028343",
            ),
            (D(2026, 2, 28), D(2026, 2, 28), "4.99", "", "", "Korekta opłaty", "97202028344"),
            number="8",
        )
    ],
    "millennium.sta": [
        statement(
            "0",
            "1234.56",
            D(2028, 2, 28),
            D(2028, 2, 29),
            (
                D(2028, 2, 29),
                D(2028, 2, 29),
                "1234.56",
                FOUNDATION,
                "FUNDACJA GĘŚLĄ JAŹŃ UL. KRÓTKA 1 90-002 ŁÓDŹ",
                "SPŁATA POŻYCZKI ZGODNIE Z UMOWĄ NR PZ/2026/0007 - ŻÓŁĆ",
                "TRN0290000001",
            ),
            number="60",
        )
    ],
    # empty subfields filled with 0xFF, a title cut in the middle of the loan's number
    "pko.sta": [
        statement(
            "150",
            "650",
            D(2026, 9, 9),
            D(2026, 9, 10),
            (*RATE, "SPŁATA RATY ZA WRZESIEŃ PZ/2026/0003 NIP 1234563218", "6460500500000513"),
            (*RATE, "SPŁATA RATY ZA WRZESIEŃ PZ/2026/0003 NIP 1234563218", "6460500500000514"),
            number="10",
        )
    ],
    # two pages, and two payments alike in everything
    "question.mt940": [
        statement("100", "120", D(2026, 3, 1), D(2026, 3, 2), (*SMALL, 1), (*SMALL, 2), number="7"),
    ],
    # the envelope of SWIFT, no number, amount without decimals, lines of 65 through the middle of a subfield
    "caret.mt940": [
        statement(
            "0",
            "500",
            D(2026, 3, 31),
            D(2026, 3, 31),
            (
                D(2026, 3, 31),
                D(2026, 3, 31),
                "500",
                CLUB,
                "KLUB INTEGRACJI SPOŁECZNEJ ŁÓDŹ",
                "RATA POŻYCZKI pz/2026/00 11 za marzec",
                "R1",
            ),
        )
    ],
    # opening below zero, no value date, a pending entry, a reversal whose mark already says which way the money went
    "camt_02.xml": [
        statement(
            "-10",
            "389.90",
            D(2026, 4, 30),
            D(2026, 5, 1),
            (
                D(2026, 5, 1),
                D(2026, 4, 30),
                "412.50",
                COOP,
                "Spółdzielnia Socjalna Źródło",
                "Spłata raty PZ/2026/0001 & odsetki",
                "REF/1",
            ),
            (D(2026, 5, 1), D(2026, 5, 1), "-12.60", "", "", "Storno odsetek", ""),
            number="84",
        )
    ],
    # a prefix, the previous closing in place of an opening, a batch whose payments tell their amounts
    "camt_08.xml": [
        statement(
            "0",
            "150",
            D(2026, 5, 31),
            D(2026, 6, 1),
            (D(2026, 6, 1), D(2026, 6, 1), "100", FOUNDATION, "Fundacja Gęślą Jaźń", "PZ 2026 7", "B7"),
            (D(2026, 6, 1), D(2026, 6, 1), "50", "", "", "PZ/2026/0008", "A2"),
            number="S-2026-06-01",
        )
    ],
    "mbank.csv": [
        statement(
            "1000",
            "12300",
            D(2026, 9, 10),
            D(2026, 9, 11),
            (
                D(2026, 9, 10),
                D(2026, 9, 9),
                "12345.67",
                COOP,
                "SPÓŁDZIELNIA SOCJALNA ŹRÓDŁO",
                "Spłata; pożyczka PZ/2026/0001",
                "",
            ),
            (D(2026, 9, 11), D(2026, 9, 11), "-1045.67", "", "", "Prowadzenie rachunku", ""),
        )
    ],
    # the newest line first, debits and credits in two columns
    "millennium.csv": [
        statement(
            "100",
            "240",
            D(2026, 10, 1),
            D(2026, 10, 2),
            (D(2026, 10, 1), D(2026, 9, 30), "150", FOUNDATION, "Fundacja Gęślą Jaźń", "Rata PZ 2026 7", ""),
            (D(2026, 10, 2), D(2026, 10, 2), "-10", "", "", 'Opłata "Konto"', ""),
        )
    ],
}
FILES = {name: (GOLDEN / name).read_bytes() for name in READ}


def refused(data, bank=None):
    with override("en"), pytest.raises(StatementError) as error:
        read(data.encode() if isinstance(data, str) else data, bank)
    return str(error.value)


@pytest.mark.parametrize("name", READ)
def test_a_file_of_each_bank_is_read_to_the_field(name):
    assert read(FILES[name]) == READ[name]


def test_there_is_no_file_without_its_reading():
    assert {path.name for path in GOLDEN.iterdir()} == READ.keys()


@pytest.mark.parametrize("bank", BANKS)
def test_naming_the_bank_gives_the_same(bank):
    mine = [name for name in READ if name.split(".")[0] == bank]
    assert mine
    for name in mine:
        assert read(FILES[name], bank) == READ[name]


def test_a_file_of_another_bank_is_not_read_by_the_columns_of_this_one():
    message = "The file is not a statement we know. Choose one in MT940, camt.053 or CSV."
    assert refused(FILES["mbank.csv"], "millennium") == message
    assert refused(FILES["mbank.csv"], "nobody") == "The bank nobody is not known."


def test_hashes_stay_when_the_file_is_read_again_and_differ_for_lines_alike():
    for data in FILES.values():
        first, again = ([line.hash() for found in read(data) for line in found.lines] for _nth in range(2))
        assert first == again
        assert len(set(first)) == len(first)
        assert all(re.fullmatch("[0-9a-f]{64}", value) for value in first)


@pytest.mark.parametrize(
    "change",
    [
        {"account": FUND2},
        {"value_date": D(2026, 3, 3)},
        {"amount": Decimal("10.01")},
        {"counterparty_account": COOP},
        {"title": "Wpłata PZ/2026/0005"},
        {"bank_reference": "1"},
        {"ordinal": 2},
        {"title": "Wpłata", "bank_reference": "PZ/2026/0004"},
    ],
)
def test_the_hash_holds_all_that_makes_a_payment(change):
    line = READ["question.mt940"][0].lines[0]
    assert replace(line, **change).hash() != line.hash()


def test_the_hash_is_that_of_the_books():
    # kept with every imported line, so a change of what it is made of would import everything twice
    line = READ["question.mt940"][0].lines[0]
    assert line.hash() == "c28d81c065bdb19b9d4446fa798433fa3f8124b235c875d8d74f4dd850aa3376"
    assert replace(line, booked_on=D(2026, 3, 4), counterparty_name="Klub").hash() == line.hash()


def test_a_statement_continues_the_one_before():
    first = READ["question.mt940"][0]
    then = replace(first, opening=first.closing, closing=first.closing, lines=(), first_day=D(2026, 3, 2))
    then = replace(then, last_day=D(2026, 3, 5))
    assert continues(first, then)
    assert not continues(first, replace(then, account=FUND2))
    assert not continues(first, replace(then, opening=then.opening + Decimal("0.01")))
    assert not continues(then, replace(first, opening=then.closing, lines=()))


# What is broken


def sums_hold(found):
    return all(
        one.opening + sum(line.amount for line in one.lines) == one.closing and one.currency == "PLN" for one in found
    )


def survives(data):
    try:
        found = read(data)
    except StatementError as error:
        return str(error)
    assert found
    assert sums_hold(found)
    return None


@pytest.mark.parametrize("name", READ)
def test_a_byte_lost_cut_off_or_put_in_is_never_half_a_statement(name):
    data = FILES[name]
    for at in range(len(data)):
        survives(data[:at])
        survives(data[at:])
        survives(data[:at] + data[at + 1 :])
        for extra in (b"0", b"\n"):
            survives(data[:at] + extra + data[at:])


@pytest.mark.parametrize("name", READ)
def test_a_bit_turned_is_never_half_a_statement(name):
    data = FILES[name]
    for at in range(len(data)):
        for bit in {at % 8, 4}:  # digits turn into others and into signs
            survives(data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(READ)), st.data())
def test_pieces_moved_about_are_never_half_a_statement(name, data):
    rows = FILES[name].split(b"\n")
    places = st.integers(0, len(rows))
    start, end, to = data.draw(places), data.draw(places), data.draw(places)
    survives(b"\n".join(rows[:to] + rows[start:end] + rows[to:]))
    survives(b"\n".join(rows[:start] + rows[end:]))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([b"", b":20:X\n:25:", b"<", b"\xff\xfe", b'"', b"\x01:20:1\n:60F:C"]), st.binary(max_size=300))
def test_noise_is_refused(start, noise):
    assert survives(start + noise)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \r\n\t",
        b"\xef\xbb\xbf",
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04\0\0",
        b"\x89PNG\r\n",
        b"kwota;data\n1;2",
        b"\0" * 99,
    ],
)
def test_what_is_no_statement_is_refused(data):
    assert re.fullmatch(r"The file .*\.", refused(data))


def test_a_huge_file_is_refused_before_it_is_read():
    assert refused(b"x" * (50 * 2**20)) == "The file is larger than 16 MB."
    assert refused(FILES["mbank.sta"] + b"\n" * reading.MAX_BYTES) == "The file is larger than 16 MB."


@pytest.mark.parametrize("write", ["mt940", "camt", "csv"])
def test_ten_thousand_lines_are_read_and_too_many_refused(write, monkeypatch):
    rows = [
        (D(2026, 1, 2), D(2026, 1, 2), "1.00", COOP, "Klub", f"Rata PZ/2026/{nth:04d}", "") for nth in range(10_000)
    ]
    data = WRITERS[write](statement("0", "10000", D(2026, 1, 2), D(2026, 1, 2), *rows, number="1"))
    [found] = read(data)
    assert len(found.lines) == 10_000
    assert found.lines[-1].title == "Rata PZ/2026/9999"
    for module in ("camt", "csv_file", "mt940"):
        monkeypatch.setattr(f"loans.statements.{module}.MAX_LINES", 9_999)
    assert refused(data) == "The file has more than 9999 lines of payments."


LOL = "".join(f'<!ENTITY l{nth} "{f"&l{nth - 1};" * 10}">' for nth in range(1, 10))


@pytest.mark.parametrize(
    "dtd",
    [
        f'<!DOCTYPE Document [<!ENTITY l0 "lol">{LOL}]>',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        "<!DOCTYPE Document>",
    ],
)
def test_an_xml_file_that_declares_anything_is_refused(dtd):
    data = FILES["camt_02.xml"].decode()
    for entity in ("&l9;", "&x;", "Spłata"):
        spoilt = data.replace("?>\n", f"?>\n{dtd}\n", 1).replace("Spłata", entity)
        assert refused(spoilt) == "The XML file declares entities or a DTD, which no bank does. It is not read."


def test_an_xml_file_that_is_deep_wide_or_strange_is_refused(monkeypatch):
    assert refused("<a>" * 200_000 + "</a>" * 200_000) == "This XML file is not a statement in camt.053."
    assert refused("<a b='&c;'/>") == "Line 1: The XML file is broken."
    monkeypatch.setattr(camt, "MAX_ELEMENTS", 1_000)
    assert refused("<a>" + "<b/>" * 1_001 + "</a>") == "The XML file has too many elements."
    for page in ("UTF-7", "rot13", "x-none", "utf-16", "shift_jis"):
        assert refused(f'<?xml version="1.0" encoding="{page}"?><a/>').endswith("The XML file is broken.")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Zażółć gęślą jaźń", "utf-8"),
        ("Zażółć gęślą jaźń", "cp852"),
        ("Zażółć gęślą jaźń", "iso8859-2"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("NOWAK ŻÓŁĆ Ć", "iso8859-2"),
        ("Ćż Ćą", "iso8859-2"),  # passes for UTF-8
        ("Müller", "utf-8"),
        ("Мельник Müller Ćwik", "utf-8"),  # Cyrillic
        ("plain", "ascii"),
    ],
)
def test_the_code_page_is_told_from_the_letters(text, page):
    assert reading.decoded(text.encode(page), ("cp852", "iso8859-2", "cp1250")) == text
    assert reading.decoded(text.encode(page) * 20_000, ("cp852", "iso8859-2", "cp1250")) == text * 20_000


@pytest.mark.parametrize("page", ["utf-8", "utf-16", "iso-8859-2", "windows-1250"])
def test_an_xml_file_says_its_code_page_itself(page):
    text = FILES["camt_02.xml"].decode().replace('encoding="UTF-8"', f'encoding="{page}"')
    assert read(text.encode(page)) == READ["camt_02.xml"]


# MT940 in detail

HEAD = f":20:1\n:25:{FUND}\n:28C:1\n:60F:C260101PLN100,00\n"


def mt940(*fields, closing="C260131PLN100,00", head=HEAD):
    return head + "".join(f":{field}\n" for field in fields) + f":62F:{closing}\n"


def one_line(entry, closing):
    [found] = read(mt940(f"61:{entry}", closing=f"C260131PLN{closing}").encode())
    return found.lines[0]


@pytest.mark.parametrize(
    ("mark", "closing", "amount"),
    [("C", "112,50", "12.5"), ("D", "87,50", "-12.5"), ("RC", "87,50", "-12.5"), ("RD", "112,50", "12.5")],
)
@pytest.mark.parametrize("funds", ["", "N"])
def test_marks_say_which_way_the_money_went(mark, closing, amount, funds):
    assert one_line(f"260105{mark}{funds}12,5NTRFNONREF", closing).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "closing"), [("12,", "112,"), ("0,", "100,00"), ("0,5", "100,50"), ("7,07", "107,07")]
)
def test_the_comma_stands_even_without_grosze(written, closing):
    assert one_line(f"260105C{written}NTRFNONREF", closing).amount == Decimal(closing.replace(",", ".")) - 100


@pytest.mark.parametrize("written", ["12", "1.012,00", "12,345", "1,2,3", "", ",", "-5,00", "1234567890123,00", "١,00"])
def test_an_amount_written_otherwise_is_refused(written):
    assert refused(mt940(f"61:260105C{written}NTRFNONREF")).startswith("Line 5: ")


def test_an_amount_of_zero_has_no_sign():
    line = one_line("260105D0,00NTRFNONREF", "100,00")
    assert str(line.amount) == "0.00"


@pytest.mark.parametrize(
    ("written", "booked", "value"),
    [
        ("2612311231", D(2026, 12, 31), D(2026, 12, 31)),
        ("2612310104", D(2027, 1, 4), D(2026, 12, 31)),
        ("2701041231", D(2026, 12, 31), D(2027, 1, 4)),
        ("2612150120", D(2027, 1, 20), D(2026, 12, 15)),  # mt-940's own guess is January 2026
        ("2702101220", D(2026, 12, 20), D(2027, 2, 10)),
        ("2802290229", D(2028, 2, 29), D(2028, 2, 29)),
        ("2803010229", D(2028, 2, 29), D(2028, 3, 1)),
        ("280229", D(2028, 2, 29), D(2028, 2, 29)),
        ("260105    ", D(2026, 1, 5), D(2026, 1, 5)),
    ],
)
def test_the_entry_date_is_the_nearest_to_the_value_date(written, booked, value):
    line = one_line(f"{written}C1,00NTRFNONREF", "101,00")
    assert (line.booked_on, line.value_date) == (booked, value)


@pytest.mark.parametrize("written", ["270229", "260230", "261301", "260100", "2601050431", "2601051301", "26010512"])
def test_a_day_that_does_not_exist_is_refused(written):
    assert refused(mt940(f"61:{written}C1,00NTRFNONREF")).startswith("Line 5: There is no such day as ")


@pytest.mark.parametrize(
    "balance", ["C270229PLN100,00", "C260131PLN100", "C260131PLN100,00X", "X260131PLN100,00", "C26131PLN1,", ""]
)
def test_a_balance_written_otherwise_is_refused(balance):
    assert refused(mt940(closing=balance)).startswith("Line 5: ")


def test_a_balance_that_lies_is_refused():
    message = refused(mt940("61:260105C1,00NTRFNONREF", closing="C260131PLN101,01"))
    assert message.replace("\xa0", " ") == (
        "The opening balance and the lines give 101.00 zł, but the closing balance is 101.01 zł. "
        "Download the file from the bank again."
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (mt940(closing="C260131EUR100,00"), "Line 1: The balances are in different currencies."),
        (
            mt940(closing="C260131EUR100,00").replace("PLN", "EUR"),
            "The statement is in EUR. Only statements in PLN are read.",
        ),
        (mt940(closing="C251231PLN100,00"), "The statement ends before the day it begins."),
        (HEAD, "The statement is not whole: it lacks the account, the opening or the closing balance."),
        (
            HEAD + mt940(),
            "Line 5: The statement is not whole: it lacks the account, the opening or the closing balance.",
        ),
        (
            mt940(head=HEAD.replace(f":25:{FUND}\n", "")),
            "The statement is not whole: it lacks the account, the opening or the closing balance.",
        ),
        (
            mt940(head=HEAD.replace("0001\n", "0002\n")),
            "Line 2: The number of the account is not one of a Polish bank: PL80999000010000000000000002.",
        ),
        (mt940("60F:C260101PLN100,00"), "Line 5: The field :60F: is there twice."),
        (mt940("25:" + FUND), "Line 5: The field :25: is there twice."),
        (mt940() + ":62F:C260131PLN100,00\n", "Line 6: The field :62F: is there twice."),
        (mt940("86:" + "x" * 4_001), "Line 5: The field :86: is too long."),
        (mt940() + "\n" * 600_001, "The file has more than 20000 lines of payments."),
        (mt940("99:new"), "Line 5: The field :99: is not one of a statement."),
        (mt940() + ":61:260105C1,00NTRFNONREF\n", "Line 6: A payment stands outside its statement."),
        (
            mt940(head=f":20:1\n:25:{FUND}\n:61:260105C1,00NTRFNONREF\n"),
            "Line 3: A payment stands outside its statement.",
        ),
        ("Wyciąg\n" + mt940(), "Line 1: There is text before the first statement."),
        (":25:x\n" + mt940(), "Line 1: There is text before the first statement."),
        (mt940() + "-\nmore\n", "Line 5: The balance can't be read."),
        (mt940("61:nothing"), "Line 5: The payment can't be read."),
        (mt940() + mt940(), "The file has the same statement twice."),
        (mt940().replace("60F", "60M"), "Line 1: The statement begins in another file."),
        (mt940().replace("62F", "62M"), "The statement goes on in another file."),
        (
            mt940().replace("62F", "62M") + mt940(closing="C260131PLN100,00").replace("60F:C260101", "60M:C260101"),
            "Line 6: The next page of the statement does not continue the one before.",
        ),
    ],
)
def test_a_broken_statement_is_refused_in_words(data, message):
    assert refused(data) == message


def test_each_page_must_give_its_own_closing_balance():
    data = FILES["question.mt940"].decode().replace("PLN110,00", "PLN111,00")
    assert refused(data) == "Line 1: The lines of this page do not give its closing balance."


@pytest.mark.parametrize("written", [FUND, FUND[2:], f"/{FUND}", f"/{FUND[2:]}", "PL80 9990 0001 0000 0000 0000 0001"])
def test_the_account_is_written_in_four_ways(written):
    assert read(mt940(head=HEAD.replace(FUND, written)).encode())[0].account == FUND


@pytest.mark.parametrize("field", ["", ":28C:\n", ":28:5\n", ":28C:00005/001\n"])
def test_the_number_of_the_statement_may_be_missing(field):
    [found] = read(mt940(head=HEAD.replace(":28C:1\n", field)).encode())
    assert found.number == ("5" if "5" in field else "")


def test_details_of_the_statement_are_not_those_of_its_last_payment():
    data = mt940("61:260105C1,00NTRFNONREF", "86:020~00X~20Rata", closing="C260131PLN101,00") + ":86:Dziękujemy\n-\n"
    assert read(data.encode())[0].lines[0].title == "Rata"


@pytest.mark.parametrize(
    "details",
    [
        f"020~00X~20Rata~38{CLUB}~32Jan~38{COOP}",  # the codes do not rise
        f"020~00X~20Rata~32Jan~29{CLUB}~38{COOP}",
        f"020~00X~20Rata~29{CLUB}~32Jan~38{COOP}",  # they rise, but give two accounts
    ],
)
def test_a_payer_who_writes_a_separator_does_not_choose_the_account(details):
    [found] = read(mt940("61:260105C1,00NTRFNONREF", f"86:{details}", closing="C260131PLN101,00").encode())
    assert found.lines[0].counterparty_account == ""
    assert "Rata" in found.lines[0].title


def test_a_separator_inside_a_line_is_text_where_each_subfield_has_its_own():
    details = f"86:020~00X\n~20Rata ~38{CLUB}\n~32Jan\n~38{COOP}"
    [found] = read(mt940("61:260105C1,00NTRFNONREF", details, closing="C260131PLN101,00").encode())
    assert found.lines[0].counterparty_account == COOP
    assert found.lines[0].title == f"Rata ~38{CLUB}"


def test_a_label_inside_a_title_is_text():
    details = f"86:770 PRZELEW; Z RACH.: {COOP[2:]}; OD: JAN; TYT.: A; Z RACH.: {CLUB[2:]}; TNR: 5; B; TNR: 77.01"
    [found] = read(mt940("61:260105C1,00NTRFNONREF", details, closing="C260131PLN101,00").encode())
    line = found.lines[0]
    assert (line.counterparty_account, line.bank_reference) == (COOP, "77.01")
    assert line.title == f"A; Z RACH.: {CLUB[2:]}; TNR: 5; B"


def test_details_without_codes_or_labels_are_the_title():
    details = "86:PRZELEW OD KLUBU\nPZ/2026/0001"
    [found] = read(mt940("61:260105C1,00NTRFNONREF", details, closing="C260131PLN101,00").encode())
    assert found.lines[0].title == "PRZELEW OD KLUBU PZ/2026/0001"
    assert loan_numbers(found.lines[0].title) == ["PZ/2026/0001"]


# camt.053 and CSV in detail


def swapped(name, *pairs, page="utf-8"):
    text = FILES[name].decode(page)
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode(page)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '<Amt Ccy="PLN">412.5</Amt>',
            '<Amt Ccy="EUR">412.5</Amt>',
            "Entry 1: The statement is in EUR. Only statements in PLN are read.",
        ),
        (
            '<Amt Ccy="PLN">412.5</Amt>',
            "<Amt>412.5</Amt>",
            "Entry 1: The statement is in ?. Only statements in PLN are read.",
        ),
        ('<Amt Ccy="PLN">412.5</Amt>', "", "Entry 1: The amount is missing."),
        (">412.5<", ">-412.5<", "Entry 1: The amount -412.5 can't be read."),
        (">412.5<", ">412,50<", "Entry 1: The amount 412,50 can't be read."),
        (">412.5<", ">412.505<", "Entry 1: The amount 412.505 can't be read."),
        (">412.5<", ">4.1E2<", "Entry 1: The amount 4.1E2 can't be read."),
        (">412.5<", ">NaN<", "Entry 1: The amount NaN can't be read."),
        (">412.5<", "/><x", "Line 1"),
        ("CRDT</CdtDbtInd><Sts>", "C</CdtDbtInd><Sts>", "Entry 1: The amount 412.5 can't be read."),
        ("<BookgDt><Dt>2026-05-01", "<BookgDt><Dt>2026-02-29", "Entry 1: There is no such day as 2026-02-29."),
        ("<BookgDt><Dt>2026-05-01", "<BookgDt><Dt>1.05.2026", "Entry 1: There is no such day as 1.05.2026."),
        ("OPBD", "XXXX", "The statement is not whole: it lacks the account, the opening or the closing balance."),
        ("OPBD", "CLBD", "The balance CLBD is there twice."),
        ("<Ccy>PLN", "<Ccy>USD", "The statement is in USD. Only statements in PLN are read."),
        ("BkToCstmrStmt>", "BkToCstmrAcctRpt>", "Line 27: The XML file is broken."),
        (FUND, FUND[:-1] + "9", f"The number of the account is not one of a Polish bank: {FUND[:-1]}9."),
    ],
)
def test_a_broken_camt_is_refused_in_words(old, new, message):
    assert refused(swapped("camt_02.xml", (old, new))).startswith(message)


def test_a_report_of_the_day_is_not_a_statement():
    data = FILES["camt_02.xml"].replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt")
    assert refused(data) == "This XML file is not a statement in camt.053."


def test_a_batch_that_does_not_tell_all_amounts_stays_one_line():
    data = swapped("camt_08.xml", (">50.00<", ">49.00<"))
    [found] = read(data)
    assert [(line.amount, line.title) for line in found.lines] == [(Decimal("150.00"), "PZ 2026 7 PZ/2026/0008")]


@pytest.mark.parametrize(
    ("name", "page", "old", "new", "message"),
    [
        ("mbank.csv", "cp1250", "2026-09-11;2026", "2026-09-31;2026", "Line 17: There is no such day as 2026-09-31."),
        ("mbank.csv", "cp1250", "2026-09-11;2026", "11.09.2026;2026", "Line 17: There is no such day as 11.09.2026."),
        ("mbank.csv", "cp1250", "2026-09-11;2026", ";2026", "The opening balance and the lines give"),
        ("mbank.csv", "cp1250", "2026-09-10;2026", ";2026", "Line 17: A payment stands under the end of the table."),
        (
            "mbank.csv",
            "cp1250",
            "-1\xa0045,67",
            "-1\xa0045,68",
            "Line 17: The balance does not follow from the line before.",
        ),
        ("mbank.csv", "cp1250", "-1\xa0045,67", "-1.045,67", "Line 17: The amount -1.045,67 can't be read."),
        ("mbank.csv", "cp1250", "-1\xa0045,67", "-1045.67", "Line 17: The amount -1045.67 can't be read."),
        ("mbank.csv", "cp1250", "-1\xa0045,67", "", "Line 17: The amount  can't be read."),
        ("mbank.csv", "cp1250", "końcowe;12", "końcowe;13", "The opening balance and the lines give"),
        ("mbank.csv", "cp1250", "początkowe;1", "początkowe;2", "The opening balance and the lines give"),
        (
            "mbank.csv",
            "cp1250",
            "PLN;\r\n#Numer",
            "EUR;\r\n#Numer",
            "The statement is in EUR. Only statements in PLN are read.",
        ),
        ("mbank.csv", "cp1250", "#Numer rachunku", "#Numer", "The file does not tell one account and one currency."),
        ("mbank.csv", "cp1250", '"Spłata', '"Spłata" ', "Line 16: The quotation marks or cells are broken."),
        (
            "mbank.csv",
            "cp1250",
            '"Spłata; pożyczka PZ/2026/0001"',
            '"Spłata',
            "Line 16: The quotation marks or cells are broken.",
        ),
        ("millennium.csv", "utf-8", '"-10.00"', '""', "Line 2: The line has not one amount."),
        ("millennium.csv", "utf-8", '"-10.00",""', '"-10.00","10.00"', "Line 2: The line has not one amount."),
        ("millennium.csv", "utf-8", '"PLN"', '"CHF"', "The file does not tell one account and one currency."),
        ("millennium.csv", "utf-8", "0000 0001", "0000 0002", "The file does not tell one account and one currency."),
    ],
)
def test_a_broken_csv_is_refused_in_words(name, page, old, new, message):
    assert refused(swapped(name, (old, new), page=page)).startswith(message)


def test_a_csv_without_payments_is_refused():
    table = FILES["millennium.csv"].split(b"\r\n")[0]
    assert refused(table) == "The file does not tell one account and one currency."
    text = re.sub(r"2026-09-1.;.*\r\n", "", FILES["mbank.csv"].decode("cp1250"))
    assert refused(text.replace("12\xa0300", "1\xa0000")) == (
        "The file has no payments. A statement in CSV without them says no days."
    )


# What one writes another reads

LETTERS = st.sampled_from("abc XYZ 0189 ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ/.,()-")
TEXTS = st.text(LETTERS, max_size=100).map(lines.clean)
DAYS = st.dates(D(2024, 1, 1), D(2030, 12, 31))
AMOUNTS = st.decimals("-999999999", "999999999", places=2).map(lambda amount: amount + 0)


@st.composite
def entries(draw):
    value = draw(DAYS)
    booked = value + datetime.timedelta(days=draw(st.integers(-150, 150)))
    other = draw(st.sampled_from(["", COOP, FOUNDATION, CLUB, "DE89370400440532013000"]))
    name, title = draw(st.text(LETTERS, max_size=30).map(lines.clean)), draw(TEXTS)
    reference = draw(st.from_regex("[A-Z0-9]{1,16}", fullmatch=True))
    return booked, value, draw(AMOUNTS), other, name, title, reference


@st.composite
def written(draw):
    rows = draw(st.lists(entries(), min_size=1, max_size=4))
    opening = draw(AMOUNTS)
    days = [row[0] for row in rows]
    closing = opening + sum(row[2] for row in rows)
    return lines.settled(
        statement(opening, closing, min(days), max(days), *rows, number=str(draw(st.integers(1, 99999))))
    )


def comma(amount):
    return f"{abs(amount):.2f}".replace(".", ",")


def pieces(text, size):
    return [text[at : at + size] for at in range(0, len(text), size)]


def mt940_of(one, style="~", eol="\r\n", width=35):
    mark = lambda amount: "C" if amount >= 0 else "D"  # noqa: E731
    day = lambda value: value.strftime("%y%m%d")  # noqa: E731
    rows = [f"\x01:20:{one.number}", f":25:{one.account}", f":28C:{one.number}/1"]
    rows.append(f":60F:{mark(one.opening)}{day(one.first_day)}PLN{comma(one.opening)}")
    for line in one.lines:
        entry = f"{day(line.value_date)}{line.booked_on:%m%d}{mark(line.amount)}N{comma(line.amount)}"
        rows.append(f":61:{entry}NTRFNONREF//{line.bank_reference}")
        if style == "labels":
            text = (
                f"770 PRZELEW; Z RACH.: {line.counterparty_account}; OD: {line.counterparty_name}; "
                f"TYT.: {line.title}; TNR: 1.01"
            )
            rows += [f":86:{text[:65]}", *pieces(text[65:], 65)]
            continue
        told = [f":86:020{style}00PRZELEW"]
        told += [f"{style}{code}{piece}" for code, piece in zip(range(20, 26), pieces(line.title, width), strict=False)]
        told += [f"{style}32{line.counterparty_name}", f"{style}38{line.counterparty_account}"]
        rows += told if eol == "\r\n" else ["".join(told)]
    rows += [f":62F:{mark(one.closing)}{day(one.last_day)}PLN{comma(one.closing)}", "-"]
    return eol.join(rows) + eol


def camt_of(one, version="02"):
    def money(amount):
        return f'<Amt Ccy="PLN">{abs(amount):.2f}</Amt><CdtDbtInd>{"DBIT" if amount < 0 else "CRDT"}</CdtDbtInd>'

    def balance(kind, amount, day):
        return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{money(amount)}<Dt><Dt>{day}</Dt></Dt></Bal>"

    told = []
    for line in one.lines:
        who = "Dbtr" if line.amount > 0 else "Cdtr"
        name, status = f"<Nm>{line.counterparty_name}</Nm>", "BOOK"
        if version == "08":
            name, status = f"<Pty>{name}</Pty>", "<Cd>BOOK</Cd>"
        text = "".join(f"<Ustrd>{piece}</Ustrd>" for piece in pieces(line.title, 35))
        told.append(
            f"<Ntry>{money(line.amount)}<Sts>{status}</Sts><BookgDt><Dt>{line.booked_on}</Dt></BookgDt>"
            f"<ValDt><Dt>{line.value_date}</Dt></ValDt><AcctSvcrRef>{line.bank_reference}</AcctSvcrRef><NtryDtls><TxDtls>"
            f"<RltdPties><{who}>{name}</{who}><{who}Acct><Id><IBAN>{line.counterparty_account}</IBAN></Id></{who}Acct>"
            f"</RltdPties><RmtInf>{text}</RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><Stmt><ElctrncSeqNb>{one.number}</ElctrncSeqNb><Acct><Id><IBAN>{one.account}</IBAN></Id></Acct>"
        f"{balance('OPBD', one.opening, one.first_day)}{balance('CLBD', one.closing, one.last_day)}{''.join(told)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def polish(amount):
    return f"{amount:,.2f}".translate({ord(","): "\xa0", ord("."): ","})


def csv_of(one, bank="mbank"):
    file = io.StringIO()
    balance, rows = one.opening, []
    for line in one.lines:
        balance += line.amount
        shared = [line.counterparty_account, line.counterparty_name, line.title]
        if bank == "mbank":
            other, name, title = shared
            rows.append(
                [
                    line.booked_on,
                    line.value_date,
                    "PRZELEW",
                    title,
                    name,
                    f"'{other}'",
                    polish(line.amount),
                    polish(balance),
                ]
            )
        else:
            sides = ["", f"{line.amount:.2f}"] if line.amount >= 0 else [f"{line.amount:.2f}", ""]
            rows.append(
                [one.account, line.value_date, line.booked_on, "PRZELEW", *shared, *sides, f"{balance:.2f}", "PLN"]
            )
    if bank == "mbank":
        file.write(
            f"mBank S.A.;\r\n#Waluta;PLN\r\n#Numer rachunku;{one.account}\r\n\r\n#Data księgowania;#Data operacji;"
        )
        file.write("#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji\r\n")
        csv.writer(file, delimiter=";").writerows(rows)
    else:
        file.write("Numer rachunku/karty,Data transakcji,Data rozliczenia,Rodzaj transakcji,Na konto/Z konta,")
        file.write("Odbiorca/Zleceniodawca,Opis,Obciążenia,Uznania,Saldo,Waluta\r\n")
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(reversed(rows))
    return file.getvalue().encode("utf-8")


WRITERS = {"mt940": lambda one: mt940_of(one).encode(), "camt": camt_of, "csv": csv_of}


@settings(max_examples=60, deadline=None)
@given(written(), st.sampled_from("<~?^+|"), st.sampled_from(["utf-8", "cp852", "iso8859-2", "cp1250"]), st.booleans())
def test_mt940_reads_what_was_written(one, style, page, alone):
    # one Polish letter alone is another one in another code page
    assume(page == "utf-8" or len(set(mt940_of(one)) & set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")) not in (1, 2))
    assert read(mt940_of(one, style, "\r\n" if alone else "\n").encode(page)) == [one]


@settings(max_examples=60, deadline=None)
@given(written(), st.sampled_from(["utf-8", "iso8859-2"]))
def test_mt940_with_labels_reads_what_was_written(one, page):
    named = lines.settled(
        replace(one, lines=tuple(replace(line, title=line.title or "770 PRZELEW") for line in one.lines))
    )
    assert read(mt940_of(one, "labels").encode(page), "mbank") == [named]


@settings(max_examples=60, deadline=None)
@given(written(), st.sampled_from(["02", "08"]))
def test_camt_reads_what_was_written(one, version):
    assert read(camt_of(one, version)) == [one]


@settings(max_examples=60, deadline=None)
@given(written(), st.sampled_from(["mbank", "millennium"]), st.booleans())
def test_csv_reads_what_was_written(one, bank, named):
    rows = tuple(replace(line, bank_reference="", ordinal=1) for line in one.lines)
    known = lines.settled(replace(one, number="", lines=rows))
    assert read(csv_of(one, bank), bank if named else None) == [known]


@settings(max_examples=100, deadline=None)
@given(written(), written())
def test_two_statements_in_a_file_stay_two(one, other):
    if one != other:
        assert read((mt940_of(one) + mt940_of(other)).encode()) == [one, other]


# What a title says


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Spłata PZ/2026/0001", ["PZ/2026/0001"]),
        ("pz/2026/0001", ["PZ/2026/0001"]),
        ("umowa nr PZ 2026 1", ["PZ/2026/0001"]),
        ("PZ-2026-0012, rata 3", ["PZ/2026/0012"]),
        ("PZ.2026.12.", ["PZ/2026/0012"]),
        ("PZ\\2026\\12", ["PZ/2026/0012"]),
        ("PZ–2026–12", ["PZ/2026/0012"]),
        ("p z / 2026 / 0001", ["PZ/2026/0001"]),
        ("PZ20260001", ["PZ/2026/0001"]),
        ("PZ202600012", []),
        ("pz/26/1", ["PZ/2026/0001"]),
        ("PZ 26 1", ["PZ/2026/0001"]),
        ("PZ/20 26/0001", ["PZ/2026/0001"]),
        ("PZ/2026/00 01", ["PZ/2026/0001"]),
        ("rata P Z/2026/0001", ["PZ/2026/0001"]),
        ("PZ/2 026/0001", ["PZ/2026/0001"]),
        ("PZ/2026/0001 2026-05 150,00", ["PZ/2026/0001"]),
        ("PZ/2026/0001/2 aneks", ["PZ/2026/0001"]),
        ("PZ/2026/12 34", ["PZ/2026/0012", "PZ/2026/1234"]),
        ("PZ 1/2026", ["PZ/2026/0001"]),
        ("PZ/2026/0002 i PZ/2026/0001, PZ/2026/0002", ["PZ/2026/0002", "PZ/2026/0001"]),
        ("PZ/2026/12345", ["PZ/2026/12345"]),
        ("PZ/2026/0000", []),
        ("PZU 2026 0001", []),
        ("XPZ/2026/0001", []),
        ("WPŁATA 2026/0001", []),
        ("PZ/1999/0001", []),
        ("", []),
    ],
)
def test_loan_numbers_are_read_as_people_and_banks_write_them(title, found):
    assert loan_numbers(title) == found


@given(st.integers(2000, 2099), st.integers(1, 9_999), st.data())
def test_a_number_broken_anywhere_is_found(year, number, data):
    title = f"Rata 5 PZ/{year}/{number:04d}"
    at = data.draw(st.integers(len("Rata 5 "), len(title)))
    assert f"PZ/{year}/{number:04d}" in loan_numbers(f"{title[:at]} {title[at:]}")
    assert f"PZ/{year}/{number:04d}" in loan_numbers(f"{title[:at]} {title[at:]} i odsetki".lower())


@given(st.text())
def test_any_title_is_looked_through(title):
    assert all(re.fullmatch(r"PZ/20[0-9]{2}/[0-9]{4,6}", number) for number in loan_numbers(title))
    assert all(re.fullmatch("[0-9]{10}", number) for number in nips(title))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NIP 123-456-32-18", ["1234563218"]),
        ("NIP: 123 456 32 18", ["1234563218"]),
        ("nip PL1234563218", ["1234563218"]),
        ("1234563218", ["1234563218"]),
        ("123-45-63-218", ["1234563218"]),
        ("7740001454, NIP 1234563218", ["1234563218", "7740001454"]),
        ("NIP 1234563219", []),
        ("tel. 123 456 32 18", []),
        (FUND, []),
        ("0000000000", []),
    ],
)
def test_nips_are_read_by_their_check_digit(text, found):
    assert nips(text) == found


def test_candidates_of_a_line_come_in_order():
    [found] = read(FILES["pko.sta"])
    line = replace(found.lines[0], title=f"PZ/2026/0003 z rach. {FOUNDATION[2:]} NIP 1234563218 {COOP}")
    known = candidates(line)
    assert (known.loans, known.accounts, known.nips) == (("PZ/2026/0003",), (COOP, FOUNDATION), ("1234563218",))
    spaced = "PL03 9990 0006 0000 4444 5555 6666"
    assert candidates(replace(line, counterparty_account="", title=spaced)).accounts == (FOUNDATION,)
    assert candidates(replace(line, counterparty_account="DE89370400440532013000", title="")).accounts == ()
    assert candidates(replace(line, title="", counterparty_name="KLUB NIP 1234563218")).nips == ("1234563218",)


def test_every_golden_line_leads_to_its_loan():
    found = {name: [loan_numbers(line.title) for one in READ[name] for line in one.lines] for name in READ}
    assert found["caret.mt940"] == [["PZ/2026/0011"]]
    assert found["pko.sta"] == [["PZ/2026/0003"]] * 2
    assert found["ing.sta"] == [["PZ/2026/0012"], ["PZ/2026/0012"], []]
    assert found["millennium.sta"] == found["millennium.csv"][:1] == [["PZ/2026/0007"]]
