"""Bank statements taken in: once, in order, all or nothing, matched only where one loan can be meant."""

import datetime
import hashlib
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.models import LARGEST_FILE, StoredFile
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused
from centrum.register import ties
from centrum.staff.enums import Role, UnitKind
from loans import ledger, repayments, statement_files
from loans.demo import statement_files as files
from loans.enums import EntryEvent, LineState, LoanState
from loans.models import BankStatement, Entry, Loan, Payment, StatementLine
from loans.statements.lines import Line
from loans.statements.reading import read
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import statements as bank
from tests.factories.repayments import lent, on, pay
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
DAY = datetime.date
APRIL = DAY(2026, 4, 2)
TITLE = "Spłata raty, umowa {}"


@pytest.fixture
def by():
    return make.accountant()


@pytest.fixture
def loan():
    """12,000 PLN lent on 2 March 2026, in twelve instalments of 1,000 and interest."""
    return lent(DAY(2026, 3, 2))


@pytest.fixture
def april():
    with on(APRIL):
        yield APRIL


def take(fund, data, by, **more):
    return statement_files.take_in(fund, data, "wyciąg 1.sta", by=by, **more)


def refused(fund, data, by, **more):
    """Why the file is refused; nothing of it is kept."""
    before = [model.objects.count() for model in (BankStatement, StatementLine, Entry, StoredFile)]
    with pytest.raises(Refused) as refusal:
        take(fund, data, by, **more)
    assert [model.objects.count() for model in (BankStatement, StatementLine, Entry, StoredFile)] == before
    return " ".join(refusal.value.messages)


def one(amount="10.00", title="Wpłata", **more):
    """A statement of 2 April 2026 with one line, after a balance of nothing."""
    return bank.written(APRIL, (amount, title), opening="0.00", **more)


# What is kept


@pytest.mark.parametrize("form", [files.mt940, files.camt053, files.csv_mbank])
def test_a_statement_is_kept_with_its_lines_and_one_entry(form, by, april):
    fund = make.fund(0)
    data = bank.written(
        APRIL,
        ("100.00", "Wpłata ŻÓŁĆ", "Fundacja Gęślą Jaźń", bank.OTHER),
        ("-30.00", "Opłata"),
        ("0.50", "Odsetki"),
        opening="12.00",
        form=form,
    )
    taken = take(fund, data, by)
    (row,) = taken.statements
    assert (taken.new, taken.known, taken.matched, taken.waiting) == (1, 0, 0, 3)
    assert (row.account, row.opening, row.closing, row.previous) == (make.IBAN, D(12), D("82.50"), None)
    assert (row.first_day, row.last_day, row.by, row.fund) == (APRIL, APRIL, by, fund)
    assert [(line.number, line.amount, line.state) for line in row.lines.all()] == [
        (1, D(100), "waiting"),
        (2, D(-30), "waiting"),
        (3, D("0.50"), "waiting"),
    ]
    first = row.lines.first()
    assert (first.title, first.counterparty_name, first.counterparty_account) == (
        "Wpłata ŻÓŁĆ",
        "Fundacja Gęślą Jaźń",
        bank.OTHER,
    )
    assert (row.entry.event, row.entry.key) == (EntryEvent.RECEIPTS, f"statement-{row.fingerprint}")
    assert [(line.account.code, line.amount, line.loan) for line in row.entry.lines.all()] == [
        ("130", D("100.50"), None),
        ("248", D("-100.50"), None),
    ]
    assert bytes(row.file.data) == data
    assert row.file.sha256 == hashlib.sha256(data).hexdigest()
    assert row.file.name == f"wyciąg 1.{ {files.mt940: 'sta', files.camt053: 'xml', files.csv_mbank: 'csv'}[form] }"


def test_a_statement_without_receipts_has_no_entry_and_one_without_lines_is_kept(by, april):
    fund = make.fund(0)
    take(fund, bank.written(APRIL, ("-5.00", "Opłata"), opening="5.00"), by)
    take(fund, bank.written(APRIL, opening="0.00"), by)
    assert list(fund.statements.order_by("pk").values_list("entry", "closing")) == [(None, 0), (None, 0)]


def test_long_texts_are_cut_and_count_whole(by, april):
    fund = make.fund(0)
    long = "ż" * 10_000
    made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, "1.00", long + "1", long), (APRIL, "1.00", long + "2")])
    take(fund, files.camt053(made), by)
    first, second = StatementLine.objects.order_by("number")
    assert (len(first.title), len(first.counterparty_name)) == (600, 300)
    assert first.hash == made.lines[0].hash() != second.hash


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE loans_line; --"])
def test_what_a_payer_writes_is_text(text, by, april):
    made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, "1.00", text, text)])
    take(make.fund(0), files.camt053(made), by)
    assert (StatementLine.objects.get().title, StatementLine.objects.get().counterparty_name) == (text, text)


# Once


def test_the_same_file_twice_changes_nothing(by, april):
    fund = make.fund(0)
    first = take(fund, one(), by)
    again = take(fund, one(), make.manager())
    assert (again.statements, again.new, again.known, again.matched) == (first.statements, 0, 1, 0)
    assert [m.objects.count() for m in (BankStatement, StatementLine, StoredFile)] == [1, 1, 1]
    assert Entry.objects.filter(fund=fund, event=EntryEvent.RECEIPTS).count() == 1


def test_the_same_request_twice_tells_the_first_result(by, loan, april):
    data = bank.written(APRIL, ("100.00", TITLE.format(loan.number)), opening=bank.at_the_bank(loan.fund))
    key = uuid.uuid4()
    first = take(loan.fund, data, by, key=key)
    assert take(loan.fund, data, by, key=key) == first
    assert (first.new, first.matched) == (1, 1)
    assert "inny plik" in refused(loan.fund, one(), by, key=key)


def test_a_known_line_that_somebody_put_back_is_not_matched_again(by, loan, april):
    data = bank.written(APRIL, ("100.00", TITLE.format(loan.number)), opening=bank.at_the_bank(loan.fund))
    take(loan.fund, data, by)
    repayments.take_back(Payment.objects.get(), by=make.manager(), reason="Nie ta pożyczka.")
    assert take(loan.fund, data, by).matched == 0
    assert statement_files.match(loan.fund.statements.all(), by=by) == 0
    assert StatementLine.objects.get().state == LineState.WAITING


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_once_comes_in_once(by):
    loan = lent(DAY(2026, 3, 2))
    data = bank.written(
        APRIL,
        ("100.00", TITLE.format(loan.number), "", "", "1"),
        ("100.00", TITLE.format(loan.number), "", "", "2"),
        ("7.00", "Wpłata"),
        opening=bank.at_the_bank(loan.fund),
    )

    def take_in(number):
        with on(APRIL):
            return take(loan.fund, data, by)

    results = at_once(6, take_in)
    assert sorted(result.new for result in results) == [0] * 5 + [1]
    assert sum(result.matched for result in results) == 2
    assert [m.objects.count() for m in (BankStatement, StatementLine, StoredFile, Payment)][0:2] == [1, 3]
    assert Payment.objects.count() == 2
    assert Entry.objects.filter(event=EntryEvent.RECEIPTS).count() == 1
    with on(APRIL):
        bank.agrees(loan.fund)


@pytest.mark.django_db(transaction=True)
def test_two_statements_that_take_up_the_same_one_at_once_come_in_once(by):
    fund = make.fund(0)
    with on(APRIL):
        take(fund, one(), by)

    def take_in(number):
        with on(APRIL):
            return take(fund, bank.written(APRIL, (f"{number + 1}.00", "Wpłata"), opening="10.00"), by)

    results = at_once(4, take_in)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert fund.statements.count() == 2


@pytest.mark.parametrize("closing", ["0.00", "20.00"])
def test_the_same_statement_in_another_format_is_refused(closing, by, april):
    """Where the day ends as it began, the balances alone would let it in once more."""
    fund = make.fund(0)
    rows = [(APRIL, "50.00", "Wpłata – rata"), (APRIL, str(D(closing) - 50), "Zwrot – rata")]
    made = files.statement(make.IBAN, APRIL, APRIL, rows, opening="0.00", number="7")
    take(fund, files.mt940(made), by)
    for form in (files.camt053, files.csv_mbank):
        said = refused(fund, form(made), by)
        assert "z innego pliku banku" in said
        assert date_short(APRIL) in said
    other = [(APRIL, "50.00", "Wpłata – rata"), (APRIL, "-49.00", "a"), (APRIL, "-1.00", "b")]
    next_one = files.statement(make.IBAN, APRIL, APRIL, other, opening=closing, number="8")
    assert take(fund, files.camt053(next_one), by).new == 1


# In order


def test_statements_take_each_other_up(by, april):
    fund = make.fund(0)
    for opening, closing, day in ((0, 10, DAY(2026, 3, 30)), (10, 20, DAY(2026, 3, 31)), (20, 30, APRIL)):
        take(fund, bank.written(day, (closing - opening, f"Wpłata {day}"), opening=opening), by)
    rows = list(fund.statements.order_by("pk"))
    assert [row.previous for row in rows] == [None, *rows[:2]]


def test_a_gap_is_refused_with_what_is_expected(by, april):
    fund = make.fund(0)
    take(fund, bank.written(DAY(2026, 3, 30), ("10.00", "Wpłata"), opening="0.00"), by)
    said = refused(fund, bank.written(APRIL, ("5.00", "Wpłata"), opening="20.00"), by)
    for part in (date_short(APRIL), money(D(20)), date_short(DAY(2026, 3, 30)), money(D(10))):
        assert part in said


def test_an_older_one_is_refused(by, april):
    fund = make.fund(0)
    take(fund, bank.written(DAY(2026, 3, 30), ("10.00", "Wpłata"), opening="0.00"), by)
    said = refused(fund, bank.written(DAY(2026, 3, 27), ("5.00", "Wpłata"), opening="10.00"), by)
    assert date_short(DAY(2026, 3, 27)) in said
    assert date_short(DAY(2026, 3, 30)) in said


def test_statements_of_one_file_are_put_in_order_and_all_of_them_come_in_or_none(by, april):
    fund = make.fund(0)
    days = [DAY(2026, 3, 30), DAY(2026, 3, 31), APRIL]
    parts = [
        bank.written(day, ("10.00", f"Wpłata {nth}"), opening=10 * nth, number=str(nth + 1))
        for nth, day in enumerate(days)
    ]
    gap = bank.written(APRIL, ("1.00", "Wpłata"), opening="99.00", number="9")
    refused(fund, parts[1] + gap + parts[0], by)
    taken = take(fund, parts[2] + parts[0] + parts[1], by)
    assert [row.number for row in taken.statements] == ["3", "1", "2"]
    assert [row.number for row in fund.statements.order_by("pk")] == ["1", "2", "3"]
    assert {row.file_id for row in taken.statements} == {StoredFile.objects.latest("pk").pk}


def test_a_file_with_known_statements_and_new_ones_brings_the_new_ones(by, april):
    fund = make.fund(0)
    first = bank.written(DAY(2026, 3, 31), ("10.00", "Wpłata 1"), opening="0.00", number="1")
    second = bank.written(APRIL, ("10.00", "Wpłata 2"), opening="10.00", number="2")
    take(fund, first, by)
    taken = take(fund, first + second, by)
    assert (taken.new, taken.known) == (1, 1)
    assert [row.number for row in taken.statements] == ["1", "2"]


def test_statements_of_one_day_follow_each_other_by_their_balances(by, april):
    fund = make.fund(0)
    parts = [bank.written(APRIL, ("10.00", f"Wpłata {nth}"), opening=10 * nth, number=str(nth + 1)) for nth in range(3)]
    take(fund, parts[0], by)
    take(fund, parts[2] + parts[1], by)
    assert [row.number for row in fund.statements.order_by("pk")] == ["1", "2", "3"]


@pytest.mark.parametrize("change", [{"opening": D(11)}, {"first_day": DAY(2026, 4, 1)}, {"account": bank.COOP}])
def test_the_table_refuses_what_does_not_take_up_the_one_before(change, by, april):
    fund = make.fund(0)
    take(fund, one(), by)
    row = BankStatement.objects.get()
    for name, value in {"previous_id": row.pk, "pk": None, "fingerprint": "0" * 64, "opening": row.closing}.items():
        setattr(row, name, value)
    row.entry = None
    for name, value in change.items():
        setattr(row, name, value)
    row._state.adding = True
    with pytest.raises(IntegrityError, match="does not take up"), transaction.atomic():
        row.save(force_insert=True)


# Refused whole


def test_a_statement_of_another_account_is_refused_by_its_number(by, april):
    said = refused(make.fund(0), one(account=bank.COOP), by)
    assert "81 9990 0005 0000 1111 2222 3333" in said
    assert "61 1090 1014 0000 0712 1981 2874" in said


def test_a_fund_without_an_account_takes_none(by, april):
    assert "nie ma rachunku" in refused(make.fund(0, iban=""), one(), by)


def test_a_day_that_has_not_come_is_refused(by):
    fund = make.fund(0)
    with on(DAY(2026, 4, 1), 23, 30):
        assert date_short(APRIL) in refused(fund, one(), by)
    with clock.at(datetime.datetime(2026, 4, 1, 22, 30, tzinfo=datetime.UTC)):  # 0:30 of 2 April in Warsaw
        assert take(fund, one(), by).new == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "pusty"),
        (b"%PDF-1.4 no statement", "Nie rozpoznajemy"),
        (b"\x00" * 100, "To nie jest plik tekstowy"),
        (one().replace(b"62F:C260402PLN10,00", b"62F:C260402PLN11,00"), "saldo końcowe"),
        (one().replace(b":62F:", b":62M:"), "Dalszy ciąg"),
        (b"x" * (LARGEST_FILE + 1), "10 MB"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "encj"),
        (one().replace(b"PLN", b"EUR"), "EUR"),
    ],
    ids=["empty", "pdf", "binary", "balance", "cut", "huge", "entities", "euro"],
)
def test_a_file_that_is_broken_huge_or_lies_is_refused(data, words, by, april):
    assert words in refused(make.fund(0), data, by)


def test_sums_beyond_the_ledger_are_refused(by, april):
    most = "999999999999.99"
    data = bank.written(APRIL, (most, "a"), (f"-{most}", "b"), (most, "c"), opening="0.00")
    assert "księga" in refused(make.fund(0), data, by)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ACCOUNTANT, Role.MANAGER)])
def test_who_pays_takes_in(role, april):
    fund = make.fund(0)
    with pytest.raises(PermissionDenied):
        take(fund, one(), base.user(role))
    assert not BankStatement.objects.exists()


def test_who_sees_one_unit_neither_takes_in_nor_sees(by, april):
    partner = base.user(Role.ACCOUNTANT, unit_=base.unit(UnitKind.PARTNER, "P"))
    fund = make.fund(0)
    with pytest.raises(PermissionDenied):
        take(fund, one(), partner)
    take(fund, one(), by)
    assert not statement_files.visible(partner).exists()
    assert not statement_files.visible_lines(partner).exists()
    assert statement_files.visible(by).exists()


# Lines that are alike


def hashes(fund):
    return list(StatementLine.objects.filter(fund=fund).order_by("pk").values_list("hash", flat=True))


def test_equal_payments_of_one_day_in_two_statements_are_two_payments(by, april):
    """Of the same day and without a reference: the balances say that the second is other money."""
    fund = make.fund(0)
    take(fund, one(), by)
    taken = take(fund, bank.written(APRIL, ("10.00", "Wpłata"), ("10.00", "Wpłata"), opening="10.00"), by)
    assert (taken.new, taken.repeated, taken.waiting) == (1, 0, 2)
    line = Line(make.IBAN, APRIL, APRIL, D("10.00"), title="Wpłata")
    assert hashes(fund) == [replace(line, ordinal=number).hash() for number in (1, 2, 3)]
    assert bank.at_the_bank(fund) == 30


def test_equal_payments_booked_on_two_days_are_two_payments(by, april):
    fund = make.fund(0)
    take(fund, one(), by)
    later = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, "10.00", "Wpłata")], opening="10.00")
    later = replace(later, last_day=DAY(2026, 4, 3), lines=(replace(later.lines[0], booked_on=DAY(2026, 4, 3)),))
    with on(DAY(2026, 4, 3)):
        assert take(fund, files.mt940(later), by).repeated == 0
    assert len(set(hashes(fund))) == 2


def test_lines_that_both_statements_have_are_left_out(by, april):
    """A statement of two days after one of the first, on which the account ended as it had begun."""
    fund = make.fund(0)
    first, rows = DAY(2026, 4, 1), [("50.00", "Wpłata", "", "", "A1"), ("-50.00", "Zwrot", "", "", "A2")]
    take(fund, bank.written(first, *rows, opening="0.00"), by)
    data = bank.written(
        APRIL, *((first, *row) for row in rows), ("7.00", "Wpłata", "", "", "A3"), opening="0.00", first_day=first
    )
    taken = take(fund, data, by)
    assert (taken.new, taken.repeated) == (1, 2)
    assert [(line.number, line.amount) for line in taken.statements[0].lines.all()] == [(3, D(7))]
    assert bank.at_the_bank(fund) == 57
    assert take(fund, data, by).known == 1


def test_a_thousand_lines_alike_in_every_statement(by, april):
    fund = make.fund(0)
    for nth in range(3):
        take(fund, bank.written(APRIL, *[("1.00", "Wpłata")] * 1_200, opening=1_200 * nth), by)
    assert len(set(hashes(fund))) == 3_600


# Matching


def matched(loan, *rows, by, day=APRIL):
    """Numbers of the loans with which lines were matched, None of those that wait."""
    lines = bank.taken(loan.fund, day, *rows, by=by)
    payments = {payment.line_id: payment for payment in Payment.objects.filter(line__in=lines).select_related("loan")}
    for line in lines:
        assert (line.state == LineState.MATCHED) == (line.pk in payments)
    return [payments[line.pk].loan.number if line.pk in payments else None for line in lines]


@pytest.mark.parametrize("written", ["{}", "spłata {} rata 1", "pz {year} {nr}", "PZ{year}{nr:04d}", "pz/{short}/{nr}"])
def test_a_number_in_the_title_matches(written, by, loan, april):
    _pz, year, number = loan.number.split("/")
    title = written.format(loan.number, year=year, short=year[2:], nr=int(number))
    assert matched(loan, ("1060.00", title), by=by) == [loan.number]
    payment = Payment.objects.get()
    assert (payment.amount, payment.value_date, payment.mode, payment.by) == (D(1060), APRIL, "", by)
    assert payment.entry.lines.get(account__code=ledger.UNIDENTIFIED).amount == 1060
    assert not payment.entry.lines.filter(account__code=ledger.BANK).exists()
    bank.agrees(loan.fund)


def test_the_payers_account_or_nip_matches_where_there_is_one_loan(by, loan, april):
    iban = loan.organisation.bank_accounts.get().iban
    nip = loan.organisation.nip
    rows = [("10.00", "rata", "", iban), ("11.00", f"rata, NIP {nip}"), ("12.00", "rata", f"Coop {nip}", iban)]
    assert matched(loan, *rows, by=by) == [loan.number] * 3


def test_a_borrower_of_two_loans_has_to_say_which(by, loan, april):
    second = lent(DAY(2026, 3, 3), organisation=loan.organisation)
    iban = loan.organisation.bank_accounts.get().iban
    rows = [
        ("10.00", "rata", "", iban),
        ("11.00", f"NIP {loan.organisation.nip}"),
        ("12.00", f"rata {second.number}", "", iban),
        ("13.00", f"{loan.number} i {second.number}", "", iban),
    ]
    assert matched(loan, *rows, by=by) == [None, None, second.number, None]


def test_who_names_a_loan_of_somebody_else_waits(by, loan, april):
    other = lent(DAY(2026, 3, 3))
    iban = other.organisation.bank_accounts.get().iban
    rows = [
        ("10.00", loan.number, "", iban),
        ("11.00", f"{loan.number} NIP {other.organisation.nip}"),
        ("12.00", f"NIP {loan.organisation.nip}", "", iban),
        ("13.00", loan.number, "Poręczyciel", bank.OTHER),  # an account nobody knows contradicts nothing
    ]
    assert matched(loan, *rows, by=by) == [None, None, None, loan.number]


def test_an_account_in_the_title_is_the_payers_word_and_matches_nothing(by, loan, april):
    iban = loan.organisation.bank_accounts.get().iban
    assert matched(loan, ("10.00", f"z rachunku {iban}"), by=by) == [None]


def test_an_account_counts_once_confirmed_and_while_it_is_in_force(by, loan, april):
    organisation = loan.organisation
    own = organisation.bank_accounts.get()
    ties.add_account(organisation, by=make.officer(), iban=bank.COOP, valid_from=DAY(2026, 1, 1))
    own.valid_to = APRIL
    own.save()
    rows = [("10.00", "rata", "", bank.COOP), ("11.00", "rata", "", own.iban)]
    assert matched(loan, *rows, by=by) == [None, None]
    row = organisation.bank_accounts.get(iban=bank.COOP)
    ties.confirm_account(row, by=make.manager())
    assert statement_files.match(loan.fund.statements.all(), by=by) == 1


def test_who_names_a_loan_of_another_fund_besides_waits(by, loan, april):
    other = lent(DAY(2026, 3, 2), fund_=make.fund(code="drugi", iban=bank.OTHER))
    rows = [("10.00", f"{loan.number} {other.number}"), ("11.00", loan.number)]
    assert matched(loan, *rows, by=by) == [None, loan.number]


@pytest.mark.parametrize("state", ["approved", "ready", "lapsed"])
def test_who_names_a_loan_that_was_not_paid_out_besides_waits(state, by, loan, april):
    other = make.walked(state)
    rows = [("10.00", f"{loan.number} {other.number}"), ("11.00", loan.number)]
    assert matched(loan, *rows, by=by) == [None, loan.number]


def test_a_borrower_with_a_loan_in_another_fund_has_to_say_which(by, loan, april):
    lent(DAY(2026, 3, 2), fund_=make.fund(code="drugi", iban=bank.OTHER), organisation=loan.organisation)
    iban, nip = loan.organisation.bank_accounts.get().iban, loan.organisation.nip
    rows = [("10.00", "rata", "", iban), ("11.00", f"rata, NIP {nip}"), ("12.00", loan.number, "", iban)]
    assert matched(loan, *rows, by=by) == [None, None, loan.number]


def test_a_borrower_whose_other_loan_is_written_off_has_to_say_which(by, loan):
    claims.in_state("writtenoff", by=make.officer(), boss=make.manager(), organisation=loan.organisation)
    iban, nip = loan.organisation.bank_accounts.get().iban, loan.organisation.nip
    rows = [("10.00", "rata", "", iban), ("11.00", f"rata, NIP {nip}"), ("12.00", loan.number, "", iban)]
    with on(claims.LATER):
        assert matched(loan, *rows, by=by, day=claims.LATER) == [None, None, loan.number]


@pytest.mark.parametrize("state", ["approved", "signed", "ready", "lapsed"])
def test_a_loan_that_was_not_paid_out_gets_nothing(state, by):
    with on(APRIL):
        loan = make.walked(state)
        assert matched(loan, ("10.00", loan.number), by=by) == [None]


def test_a_number_that_no_loan_has_waits_whoever_pays(by, loan, april):
    iban = loan.organisation.bank_accounts.get().iban
    assert matched(loan, ("10.00", "rata PZ/2019/0001", "", iban), by=by) == [None]


def test_a_loan_of_another_fund_gets_nothing(by, loan, april):
    other = make.fund(0, code="drugi", iban=bank.OTHER)
    data = bank.written(APRIL, ("10.00", loan.number), opening="0.00", account=bank.OTHER)
    assert take(other, data, by).matched == 0


def test_a_repaid_loan_gets_an_overpayment(by, loan, april):
    rows = [("12100.00", f"całość {loan.number}"), ("10.00", loan.number)]
    (whole, more) = bank.taken(loan.fund, APRIL, *rows, by=by)
    repayments.take_back(Payment.objects.get(line=whole), by=make.manager(), reason="Wcześniejsza spłata.")
    repayments.identify(whole, loan, by=by, mode="reduce")
    assert Loan.objects.get(pk=loan.pk).state == LoanState.REPAID
    assert Payment.objects.get(line=more).loan == loan
    assert matched(loan, ("20.00", loan.number), by=by) == [loan.number]
    bank.agrees(loan.fund)


def test_a_payment_that_was_noted_by_hand_gets_its_line(by, loan, april):
    opening = bank.at_the_bank(loan.fund)
    noted = pay(loan, APRIL, 500)
    lines = bank.taken(loan.fund, APRIL, ("500.00", loan.number), opening=opening, by=by)
    assert Payment.objects.get() == noted
    assert Payment.objects.get().line == lines[0]
    bank.agrees(loan.fund)


def test_what_the_loan_refuses_waits(by, loan):
    """A payment dated before the payout: the statement comes in all the same."""
    with on(DAY(2026, 3, 3)):
        assert matched(loan, (DAY(2026, 3, 1), "10.00", loan.number), by=by, day=DAY(2026, 3, 3)) == [None]


def test_no_more_is_matched_than_there_is_time_for_and_the_rest_later(by, loan, april):
    data = bank.written(APRIL, ("10.00", loan.number), opening=bank.at_the_bank(loan.fund))
    assert take(loan.fund, data, by, within=0).matched == 0
    assert statement_files.match(loan.fund.statements.all(), by=by) == 1
    assert statement_files.match(loan.fund.statements.all(), by=by) == 0


def test_looking_for_loans_takes_as_many_queries_for_many_lines(by, loan, april):
    counts = []
    iban = loan.organisation.bank_accounts.get().iban
    for number in (1, 30):
        rows = [("1.00", f"wpłata {nth} NIP {loan.organisation.nip} {loan.number}", "", iban) for nth in range(number)]
        made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, *row) for row in rows]).lines
        lines = [
            StatementLine(fund=loan.fund, value_date=APRIL, title=one.title, counterparty_account=iban) for one in made
        ]
        with CaptureQueriesContext(connection) as queries:
            assert [found for _line, found in statement_files.meant(lines)] == [loan] * number
        counts.append(len(queries))
    assert counts == [3, 3]


# The files of the demo


AMOUNTS = st.decimals("-99999.99", "99999.99", places=2).filter(bool)
TEXT = st.text("aąćęłńóśźżĄĆĘŁŃÓŚŹŻ /.-0123456789", max_size=200).map(lambda text: " ".join(text.split()))
REFERENCE = st.from_regex(r"[A-Z0-9]{1,16}", fullmatch=True)
ROWS = st.lists(
    st.tuples(AMOUNTS, TEXT, TEXT.map(lambda text: text[:60].strip()), st.sampled_from(["", bank.COOP]), REFERENCE),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.decimals("-1000", "99999", places=2))
def test_what_is_written_reads_back(rows, opening):
    made = files.statement(make.IBAN, APRIL, APRIL, [(APRIL, *row) for row in rows], opening=opening, number="7")
    assert read(files.camt053(made)) == [made]
    (mt940,) = read(files.mt940(made), "millennium")
    assert [(line.amount, line.bank_reference) for line in mt940.lines] == [
        (line.amount, line.bank_reference) for line in made.lines
    ]
    (found,) = read(files.csv_mbank(made))
    assert (found.opening, found.closing) == (made.opening, made.closing)
    assert [line.amount for line in found.lines] == [line.amount for line in made.lines]


def test_the_three_files_say_the_same_of_ordinary_payments():
    rows = [
        (APRIL, "1060.00", "Spłata raty PZ/2026/0001 – źdźbło", "Spółdzielnia Socjalna Źródło", bank.COOP, "R1"),
        (APRIL, "-12.50", "Opłata za prowadzenie rachunku", "", "", "R2"),
        (APRIL, "3.00", "Wpłata ŁĄKA " + "abc " * 50 + "koniec", "Fundacja Gęślą Jaźń ul. Długa 1", bank.OTHER, "R3"),
    ]
    made = files.statement(make.IBAN, APRIL, APRIL, rows, opening="-5.00", number="4")
    plain = [replace(line, title=line.title.replace("–", "?")) for line in made.lines]
    assert read(files.mt940(made)) == [replace(made, lines=tuple(plain))]
    assert read(files.camt053(made)) == [made]
    lines = tuple(replace(line, bank_reference="") for line in made.lines)
    assert read(files.csv_mbank(made)) == [replace(made, number="", lines=lines)]
