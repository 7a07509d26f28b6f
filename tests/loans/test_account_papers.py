"""The statement of account and the confirmation of balance: every figure is the ledger's, as of any day."""

import datetime
import hashlib
import io
import itertools
from collections import Counter
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from centrum.kit.models import ExportRecord
from centrum.kit.polish import money
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from loans import account, account_papers, ledger, measures, repayments, schedule, segments, telling
from loans.enums import MeasureKind, TellingReason
from loans.models import Line, Loan
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as life

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
LENT = DAY(2025, 1, 10)  # 12 000 PLN over 12 months at 6 %


@pytest.fixture
def loan():
    return life.lent(LENT)


@pytest.fixture
def lived(loan):
    """Paid in time once, then late in part with a cost, then too much; every night has run until 9 June."""
    night(loan, LENT, DAY(2025, 2, 10))
    life.pay(loan, DAY(2025, 2, 10), "1061.15")
    night(loan, DAY(2025, 2, 10), DAY(2025, 3, 31))
    with life.on(DAY(2025, 3, 31)):
        officer = make.officer()
        repayments.charge(loan, by=officer, amount=D(20), on=DAY(2025, 3, 31), text="Wezwanie", key="w1")
    life.pay(loan, DAY(2025, 4, 2), 1500)
    night(loan, DAY(2025, 4, 1), DAY(2025, 5, 20))
    life.pay(loan, DAY(2025, 5, 21), 3000, value_date=DAY(2025, 5, 12))
    night(loan, DAY(2025, 5, 21), DAY(2025, 6, 10))
    return Loan.objects.get(pk=loan.pk)


def night(loan, first, last):
    """The nightly runs early on the days after `first` up to `last`."""
    day = first
    while day < last:
        day += datetime.timedelta(days=1)
        life.night(loan.fund, day)


def by_lines(loan, day):
    """{account: balance} of the loan's lines booked up to a day, told without the code under test."""
    found = Counter()
    for code, amount in Line.objects.filter(loan=loan, entry__book_date__lte=day).values_list(
        "account__code", "amount"
    ):
        found[code] += amount
    return found


def text_of(data):
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    return " ".join(text.replace("\u00a0", " ").split())


def said(amount):
    return money(amount).replace("\u00a0", " ")


ENDS = [LENT, DAY(2025, 2, 9), DAY(2025, 2, 10), DAY(2025, 3, 31), DAY(2025, 4, 2), DAY(2025, 5, 21), DAY(2025, 6, 9)]


def test_balances_of_any_day_are_those_of_the_ledger(lived):
    for day in ENDS:
        told, found = by_lines(lived, day), account.balances(lived, day)
        assert found == {code: told[code] for code in account.ACCOUNTS}
    last = account.balances(lived, DAY(2025, 6, 10))
    assert account.owed(last) > 0 and last[ledger.PRINCIPAL] == lived.outstanding
    assert account.balances(lived, LENT - datetime.timedelta(days=1)) == dict.fromkeys(account.ACCOUNTS, 0)


def test_a_statement_takes_up_and_leaves_off_where_the_ledger_is(lived):
    for first, last in itertools.combinations_with_replacement(ENDS, 2):
        found = account.statement(lived, first, last)
        opening, closing = (account.balances(lived, day) for day in (first - datetime.timedelta(days=1), last))
        assert found.opening == sum(opening.values())
        assert found.closing == sum(closing.values())
        assert found.closing == found.opening + sum(one.amount for one in found.operations)
        booked = Line.objects.filter(
            loan=lived, account__code__in=account.ACCOUNTS, entry__book_date__range=(first, last)
        ).aggregate(found=Sum("amount"))["found"]
        assert sum(one.amount for one in found.operations) == (booked or 0)


def test_interest_of_days_that_follow_one_another_is_one_operation(lived):
    found = account.statement(lived, LENT, DAY(2025, 2, 9)).operations
    assert [one.words.split(",")[0] for one in found[1:]] == ["odsetki od 10.1.2025 do 9.2.2025"]
    assert found[0].parts == ((ledger.PRINCIPAL, D(12_000)),)
    assert found[1].amount == D("61.15")  # 12 000 × 6 % × 31 / 365


def test_payments_stand_in_the_statement_with_what_they_paid(lived):
    found = account.statement(lived, LENT, DAY(2025, 6, 9))
    payments = list(lived.payments.order_by("value_date", "pk"))
    assert [payment for payment, _parts in found.payments] == payments
    for payment, parts in found.payments:
        assert sum(amount for _words, amount in parts) == payment.amount
    # in the order of the agreement: costs, interest for delay, interest, principal
    assert len(found.payments[1][1]) >= 3
    # one that was noted late stands in the time in which it was booked
    assert account.statement(lived, DAY(2025, 5, 21), DAY(2025, 6, 9)).payments[0][0].value_date == DAY(2025, 5, 12)


def test_instalments_are_paid_as_the_payments_say(lived):
    rows = account.instalments(lived)
    assert [one.left for one in rows[:2]] == [0, 0]
    paid = Counter()
    for payment in lived.payments.all():
        for kind, nr, amount in life.parts(payment):
            if nr and kind in account.OF_INSTALMENT:
                paid[nr] += amount
    used = lived.allocations.filter(payment=None, withdrawn=None, nr__isnull=False)
    for part in used:
        paid[part.nr] += part.amount
    assert {one.row.nr: one.paid for one in rows if one.paid} == dict(paid)
    assert all(0 <= one.left <= one.row.total for one in rows)


def overdue(loan, day, told=None):
    """(principal, interest) left of the instalments that fell due before a day."""
    rows = [one for one in account.instalments(loan, told) if one.row.due < day]
    return sum(one.principal for one in rows), sum(one.interest for one in rows)


def as_told(loan, day):
    standing = telling.standing(loan, day)
    return standing.overdue_principal, standing.overdue_interest


def test_what_was_forgiven_of_an_instalment_is_not_left_of_it(loan):
    day = DAY(2025, 11, 15)  # ten instalments fell due, 2 000 did not
    night(loan, LENT, LENT + datetime.timedelta(days=1))
    with life.on(day):
        claims.decided(loan, MeasureKind.FORGIVENESS, by=make.officer(), boss=make.manager(), on=day, amount=D(3000))
        first = account.instalments(loan)[0]
        assert (first.principal, first.interest, first.paid) == (0, D("61.15"), 1000)
        assert overdue(loan, day) == overdue(loan, day, telling.tell(loan, day)) == as_told(loan, day)
        assert overdue(loan, day)[0] == 9000


def test_instalments_up_to_a_restructuring_are_not_listed(loan):
    cut, day = DAY(2025, 4, 10), DAY(2025, 5, 20)
    officer, boss = make.officer(), make.manager()
    with life.on(cut):
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut)
        claims.decided(loan, MeasureKind.RESTRUCTURING, by=officer, boss=boss, annex=annex)
    night(loan, DAY(2025, 5, 19), day)
    with life.on(day):
        assert [one.row.nr for one in account.instalments(loan)] == list(range(4, 19))
        assert overdue(loan, day) == overdue(loan, day, telling.tell(loan, day)) == as_told(loan, day)
        assert overdue(loan, day)[0] > 0
        _name, data = account_papers.statement_pdf(loan, by=make.accountant(), first=LENT, last=DAY(2025, 5, 19))
    assert "Rat do dnia restrukturyzacji (10.4.2025) tu nie ma" in text_of(data)


def test_of_a_terminated_loan_no_instalments_are_listed(loan):
    by, day = make.officer(), DAY(2025, 5, 12)
    with life.on(DAY(2025, 4, 12)):
        row = claims.prepared(loan, MeasureKind.TERMINATION, by=by, on=day)
    night(loan, DAY(2025, 5, 11), day)
    with life.on(day):
        measures.confirm(row, by=make.manager())
        loan = Loan.objects.get(pk=loan.pk)
        assert account.instalments(loan) == account.instalments(loan, telling.tell(loan, day)) == []
        _name, data = account_papers.statement_pdf(loan, by=make.accountant(), first=LENT, last=DAY(2025, 5, 11))
    assert "Umowa jest wypowiedziana: wszystko było płatne 12.5.2025" in text_of(data)


def test_the_confirmation_says_the_sums_of_the_ledger(lived):
    with life.on(DAY(2025, 6, 10)):
        by = make.accountant()
        for day in (DAY(2025, 3, 31), DAY(2025, 6, 9)):
            name, data = account_papers.balance_pdf(lived, by=by, day=day)
            told = by_lines(lived, day)
            text = text_of(data)
            assert name == f"saldo-{lived.number.replace('/', '-')}-{day}.pdf"
            assert said(sum(told[code] for code in account.OWED)) in text
            for code in account.OWED:
                if told[code]:
                    assert said(told[code]) in text, code
            for words in (lived.number, lived.organisation.name.replace("\u00a0", " "), "Potwierdzenie salda na dzień"):
                assert words in text


def test_the_statement_says_the_sums_of_the_ledger(lived):
    with life.on(DAY(2025, 6, 10)):
        _name, data = account_papers.statement_pdf(lived, by=make.accountant(), first=LENT, last=DAY(2025, 6, 9))
    text, told = text_of(data), by_lines(lived, DAY(2025, 6, 9))
    assert said(sum(told[code] for code in account.ACCOUNTS)) in text
    for payment in lived.payments.all():
        assert said(payment.amount) in text
    for words in ("Zestawienie konta pożyczki", "Operacje", "Raty płatne w tym czasie", "Wpłaty i ich zaliczenie"):
        assert words in text


def test_interest_that_is_not_booked_of_who_is_late_for_long_is_told_besides(loan):
    night(loan, DAY(2025, 7, 9), DAY(2025, 7, 10))  # all days up to yesterday
    assert account.interest_not_booked(loan, DAY(2025, 5, 11)) == 0
    with life.on(DAY(2025, 7, 10)):
        told = telling.standing(loan, DAY(2025, 7, 9))
        grown = segments.accrued(telling.tell(loan, DAY(2025, 7, 9)).pieces, DAY(2025, 7, 9))
        missing = account.interest_not_booked(loan, DAY(2025, 7, 9))
        assert missing == grown - account.balances(loan, DAY(2025, 7, 9))[ledger.INTEREST] > 0
        assert told.overdue_interest > 0
        _name, data = account_papers.balance_pdf(loan, by=make.accountant(), day=DAY(2025, 7, 9))
        assert f"Oprócz tego należą się odsetki w kwocie {said(missing)}" in text_of(data)
    life.pay(loan, DAY(2025, 7, 10), 7000)
    night(loan, DAY(2025, 7, 10), DAY(2025, 7, 11))
    assert account.interest_not_booked(loan, DAY(2025, 7, 10)) == 0
    # the paper of the day before says what it said
    assert account.interest_not_booked(loan, DAY(2025, 7, 9)) == missing
    with life.on(DAY(2025, 7, 11)):
        _name, data = account_papers.balance_pdf(loan, by=make.accountant(), day=DAY(2025, 7, 9))
    assert f"Oprócz tego należą się odsetki w kwocie {said(missing)}" in text_of(data)


def test_interest_that_was_not_booked_is_in_the_claim_after_a_write_off(loan):
    before, day = DAY(2025, 7, 9), DAY(2025, 8, 11)
    night(loan, before, DAY(2025, 7, 10))
    missing = account.interest_not_booked(loan, before)
    officer, boss = make.officer(), make.manager()
    with life.on(DAY(2025, 7, 10)):
        row = claims.prepared(loan, MeasureKind.TERMINATION, by=officer, on=day)
    night(loan, DAY(2025, 7, 10), day)
    with life.on(day):
        measures.confirm(row, by=boss)
        with pytest.raises(Refused, match=r"11.8.2025. Odpisz"):
            claims.decided(loan, MeasureKind.WRITE_OFF, by=officer, boss=boss, on=day)
    with life.on(day + schedule.DAY):
        claims.decided(loan, MeasureKind.WRITE_OFF, by=officer, boss=boss, on=day + schedule.DAY)
        assert account.interest_not_booked(loan, before) == missing > 0
        assert account.interest_not_booked(loan, day + schedule.DAY) == 0


def test_interest_that_is_not_booked_is_told_once_beside_what_was_set_apart(loan):
    cut = DAY(2025, 6, 10)
    night(loan, LENT, cut)
    before = account.interest_not_booked(loan, DAY(2025, 6, 9))
    officer, boss = make.officer(), make.manager()
    with life.on(cut):
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut)
        claims.decided(loan, MeasureKind.RESTRUCTURING, by=officer, boss=boss, annex=annex)
        assert account.balances(loan, cut)[ledger.RESTRUCTURED] > 0
    night(loan, cut, DAY(2025, 6, 12))
    assert account.interest_not_booked(loan, DAY(2025, 6, 9)) == before > 0
    assert account.interest_not_booked(loan, DAY(2025, 6, 11)) == 0


def test_papers_are_in_polish_whoever_makes_them(lived):
    with life.on(DAY(2025, 6, 10)), translation.override("en"):
        _name, data = account_papers.balance_pdf(lived, by=make.accountant(), day=DAY(2025, 6, 9))
    assert "Potwierdzamy" in text_of(data)
    assert ExportRecord.objects.get().reason == "potwierdzenie salda"


def test_a_paper_that_leaves_the_house_is_kept_in_the_journal(lived):
    with life.on(DAY(2025, 6, 10)):
        by = make.accountant()
        name, data = account_papers.statement_pdf(lived, by=by, first=LENT, last=DAY(2025, 6, 9))
        record = ExportRecord.objects.get()
        assert (record.profile, record.scope, record.as_of) == ("loan_statement", lived.number, DAY(2025, 6, 9))
        assert (record.sha256, record.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert (record.file_name, record.by) == (name, by)
        account_papers.own_balance_pdf(lived, DAY(2025, 6, 9))  # the borrower's own
        assert ExportRecord.objects.count() == 1


def test_days_that_no_paper_is_made_of(lived):
    with life.on(DAY(2025, 6, 12)):
        by = make.accountant()
        for day, words in (
            (DAY(2025, 6, 13), "jeszcze nie nadszedł"),
            (LENT - datetime.timedelta(days=1), "nie była jeszcze podpisana"),
            (DAY(2025, 6, 11), "10.6.2025"),  # whose interest is not posted
        ):
            with pytest.raises(Refused) as refused:
                account_papers.balance_pdf(lived, by=by, day=day)
            assert words in " ".join(refused.value.messages), words
        with pytest.raises(Refused) as refused:
            account_papers.statement_pdf(lived, by=by, first=DAY(2025, 6, 1), last=DAY(2025, 5, 1))
        assert "first" in refused.value.message_dict
        with pytest.raises(PermissionDenied):
            account_papers.balance_pdf(lived, by=base.user(Role.ADVISER), day=DAY(2025, 6, 9))
        with pytest.raises(Refused):
            account_papers.balance_pdf(make.secured(), by=by, day=DAY(2025, 6, 12))
    assert ExportRecord.objects.count() == 0


def test_a_paper_of_a_past_day_stays_what_it_was(lived):
    day = DAY(2025, 5, 31)
    before = account.balances(lived, day)
    life.pay(lived, DAY(2025, 6, 11), 500, value_date=DAY(2025, 3, 1))
    with life.on(DAY(2025, 6, 11)):
        payment = lived.payments.earliest("pk")
        repayments.take_back(payment, by=make.manager(), reason="Cudza wpłata")
    assert account.balances(lived, day) == before
    assert lived.tellings.filter(reason=TellingReason.REVERSAL).exists()


# Pages


def url(name, loan):
    return reverse(f"loans:{name}", args=[loan.public_id])


def test_the_pages_give_the_files(client, lived):
    with life.on(DAY(2025, 6, 10)):
        client.force_login(make.officer())
        page = client.get(url("loan-monitoring", lived)).content.decode()
        assert url("loan-statement", lived) in page and url("loan-balance", lived) in page
        form = client.get(url("loan-statement", lived)).content.decode()
        assert 'value="10.01.2025"' in form and 'value="10.06.2025"' in form
        made = client.post(url("loan-statement", lived), {"first": "1.2.2025", "last": "9.6.2025"})
        assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
        assert made["Content-Disposition"].startswith('attachment; filename="zestawienie-PZ-2025-')
        made = client.post(url("loan-balance", lived), {"day": "9.6.2025"})
        assert "Potwierdzenie salda" in text_of(made.content)
        for name, typed in (
            ("loan-balance", {"day": "1.1.2030"}),
            ("loan-balance", {"day": "wczoraj"}),
            ("loan-statement", {"first": "9.6.2025", "last": "1.6.2025"}),
        ):
            page = client.post(url(name, lived), typed)
            assert page.status_code == 200 and 'class="msg"' in page.content.decode(), typed
        assert ExportRecord.objects.count() == 2


def test_a_loan_that_was_not_paid_out_has_no_account(client):
    loan = make.secured()
    client.force_login(loan.officer)
    for name in ("loan-statement", "loan-balance"):
        assert client.get(url(name, loan)).status_code == 302
    assert url("loan-statement", loan) not in client.get(url("loan-monitoring", loan)).content.decode()


def test_a_statement_costs_the_same_however_much_was_paid(loan):
    night(loan, LENT, DAY(2025, 1, 14))

    def queries():
        with CaptureQueriesContext(connection) as found:
            account.statement(loan, LENT, DAY(2025, 2, 28))
        return len(found)

    life.pay(loan, DAY(2025, 1, 15), 10)
    first = queries()
    for day in (16, 17):
        life.pay(loan, DAY(2025, 1, day), 10)
    assert queries() == first
