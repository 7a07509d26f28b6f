"""Lines of bank statements: what is suggested, every explanation with its entry, and each of them put back."""

import datetime
from decimal import Decimal

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from loans import consistency, ledger, payouts, repayments, statement_lines
from loans.enums import LINE_MOVES, EntryEvent, LineState, LoanState, TrancheState
from loans.models import Entry, Fund, Line, Loan, Payment, StatementLine
from tests.factories import base
from tests.factories import loans as make
from tests.factories import statements as bank
from tests.factories.repayments import lent, on
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
DAY = datetime.date
APRIL = DAY(2026, 4, 2)
FRIDAY, SATURDAY = DAY(2026, 3, 27), DAY(2026, 3, 28)


@pytest.fixture
def by():
    return make.accountant()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def april():
    with on(APRIL):
        yield APRIL


@pytest.fixture
def loan():
    return lent(DAY(2026, 3, 2))


def line(fund, amount, title="x", *more, by=None, day=APRIL, **keys):
    (found,) = bank.taken(fund, day, (amount, title, *more), by=by, **keys)
    return found


def balance(fund, code):
    return sum(Line.objects.filter(entry__fund=fund, account__code=code).values_list("amount", flat=True), D(0))


def fresh(row):
    return StatementLine.objects.get(pk=row.pk)


def waits(row):
    row = fresh(row)
    return (row.state, row.entry) == (LineState.WAITING, None)


# Money that came in


def test_a_payment_of_a_loan(loan, by, april):
    row = line(loan.fund, "500.00", by=by)
    assert balance(loan.fund, "248") == -500
    payment = repayments.identify(row, loan, by=by)
    assert fresh(row).state == LineState.EXPLAINED
    assert balance(loan.fund, "248") == 0
    told = statement_lines.explanation(fresh(row))
    assert (told.loan, told.payment, told.entry) == (loan, payment, payment.entry)
    bank.agrees(loan.fund)


def noted(loan, by, amount=500, day=FRIDAY, key="1"):
    """A payment that somebody notes by hand."""
    return repayments.receive(loan, by=by, amount=D(amount), value_date=day, document="WB/9", key=key)


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY + datetime.timedelta(days=2)])
def test_a_payment_noted_on_another_day_is_said_to_be_that_of_the_line(day, loan, by, boss, april):
    opening = bank.at_the_bank(loan.fund)
    payment = noted(loan, by, day=day)
    row = line(loan.fund, "500.00", loan.number, by=by, day=SATURDAY, opening=opening)
    assert waits(row)
    first, other = statement_lines.suggestions(row)
    assert (first.action, first.key, first.loan) == ("noted", str(payment.pk), loan)
    assert (other.action, other.key) == ("payment", loan.number)
    assert repayments.identify(row, loan, by=by, found=payment) == payment
    assert [(one, one.line, one.value_date) for one in Payment.objects.all()] == [(payment, row, day)]
    assert (balance(loan.fund, "130"), balance(loan.fund, "248")) == (opening + 500, 0)
    assert statement_lines.explanation(fresh(row)).payment == payment
    bank.agrees(loan.fund)
    assert consistency.balances(loan.fund, row.statement) == (opening + 500, opening + 500)
    # put back, it was none: the money of the statement waits
    statement_lines.put_back(row, by=boss, reason="Inna wpłata.")
    assert (waits(row), balance(loan.fund, "130"), balance(loan.fund, "248")) == (True, opening + 500, -500)
    assert statement_lines.suggestions(row)[0].action == "payment"
    repayments.identify(row, loan, by=by)
    bank.agrees(loan.fund)


@pytest.mark.parametrize(("days", "lines_of"), [(-8, "own"), (-7, None), (-1, None), (0, "noted"), (5, None)])
def test_what_was_noted_within_a_week_is_left_to_people(days, lines_of, loan, by, april):
    opening = bank.at_the_bank(loan.fund)
    payment = noted(loan, by, day=SATURDAY + datetime.timedelta(days=days))
    row = line(loan.fund, "500.00", loan.number, by=by, day=SATURDAY, opening=opening)
    found = {one.line: "noted" if one == payment else "own" for one in Payment.objects.exclude(line=None)}
    assert found == ({row: lines_of} if lines_of else {})
    assert waits(row) == (lines_of is None)


def test_another_payment_than_the_one_noted_is_posted_all_the_same(loan, by, april):
    opening = bank.at_the_bank(loan.fund)
    payment = noted(loan, by)
    row = line(loan.fund, "500.00", loan.number, by=by, day=SATURDAY, opening=opening)
    own = repayments.identify(row, loan, by=by)
    payment.refresh_from_db()
    assert (own.line, payment.line, Payment.objects.count()) == (row, None, 2)


def test_only_a_payment_that_may_be_the_line_is_it(loan, by, boss, april):
    other = lent(DAY(2026, 3, 2))
    opening = bank.at_the_bank(loan.fund)
    row = line(loan.fund, "500.00", by=by, day=SATURDAY, opening=opening)
    gone = noted(loan, by, key="2")
    repayments.take_back(gone, by=boss, reason="Pomyłka.")
    of_other, less, early = (
        noted(other, by), noted(loan, by, 499, key="3"), noted(loan, by, day=DAY(2026, 3, 20), key="4"),
    )  # fmt: skip
    for wrong in (gone, of_other, less, early):
        with pytest.raises(Refused, match="inną kwotę"):
            repayments.identify(row, loan, by=by, found=wrong)
    assert waits(row)
    assert list(repayments.noted(row)) == [of_other]


@pytest.mark.parametrize(("entrusted", "code"), [(False, "801"), (True, "802")])
def test_capital_paid_in_and_put_back(entrusted, code, by, boss, april):
    fund = make.fund(0)
    row = line(fund, "9000.00", by=by)
    statement_lines.capital_in(row, by=by, entrusted=entrusted)
    fund.refresh_from_db()
    assert (fund.capital, balance(fund, code), balance(fund, "248"), balance(fund, "130")) == (9000, -9000, 0, 9000)
    told = statement_lines.explanation(fresh(row))
    assert (told.entry.event, told.entry.by, told.entry.value_date) == (EntryEvent.CAPITAL_IN, by, APRIL)
    bank.agrees(fund)
    with pytest.raises(Refused, match=r"inna osoba|[Kk]toś inny"):
        statement_lines.put_back(row, by=by, reason="Pomyłka.")
    statement_lines.put_back(row, by=boss, reason="Pomyłka.")
    assert waits(row)
    assert (Fund.objects.get().capital, balance(fund, "248")) == (0, -9000)
    # and once more, under another key
    statement_lines.capital_in(row, by=by)
    assert Fund.objects.get().capital == 9000
    bank.agrees(fund)


def test_capital_that_was_posted_by_hand_is_on_the_account_once(by, boss, april):
    fund = make.fund(9000, by=by)
    entry = fund.entries.get()
    row = line(fund, "9000.00", by=by, opening="0.00")
    assert balance(fund, "130") == 18_000
    (found,) = statement_lines.suggestions(row)
    assert (found.action, found.key) == ("found", str(entry.pk))
    statement_lines.capital_found(row, entry, by=by)
    assert (balance(fund, "130"), balance(fund, "248"), Fund.objects.get().capital) == (9000, 0, 9000)
    bank.agrees(fund)
    # it is found once
    again = line(fund, "9000.00", "y", by=by)
    assert statement_lines.suggestions(again) == []
    with pytest.raises(Refused, match="nie kapitał"):
        statement_lines.capital_found(again, entry, by=by)
    statement_lines.put_back(row, by=boss, reason="Inna wpłata.")
    assert waits(row)
    statement_lines.capital_found(again, entry, by=by)
    statement_lines.capital_in(row, by=by)
    assert Fund.objects.get().capital == 18_000
    bank.agrees(fund)


def test_interest_of_the_bank(by, boss, april):
    fund = make.fund(0)
    row = line(fund, "1.23", by=by)
    statement_lines.income(row, by=by)
    assert (balance(fund, "760"), balance(fund, "248"), fresh(row).state) == (D("-1.23"), 0, LineState.EXPLAINED)
    bank.agrees(fund)
    statement_lines.put_back(row, by=boss, reason="To wpłata.")
    assert (balance(fund, "760"), waits(row)) == (0, True)


# Money that went out


def test_costs_of_the_bank(by, boss, april):
    fund = make.fund(0)
    bank.taken(fund, APRIL, ("100.00", "Odsetki"), by=by)
    row = line(fund, "-12.50", by=by)
    statement_lines.costs(row, by=by)
    assert (balance(fund, "761"), balance(fund, "130")) == (D("12.50"), D("87.50"))
    assert fresh(row).entry.event == EntryEvent.BANK
    statement_lines.put_back(row, by=boss, reason="To nie koszt.")
    assert (balance(fund, "761"), balance(fund, "130"), waits(row)) == (0, 100, True)


def test_capital_paid_out(by, boss, april):
    fund = make.fund(5000)
    row = line(fund, "-2000.00", by=by)
    statement_lines.capital_out(row, by=by)
    assert (Fund.objects.get().capital, balance(fund, "130")) == (3000, 3000)
    bank.agrees(fund)
    statement_lines.put_back(row, by=boss, reason="Pomyłka.")
    assert Fund.objects.get().capital == 5000
    lent_out = line(fund, "-4000.00", "y", by=by)
    statement_lines.capital_out(lent_out, by=by)
    with pytest.raises(Refused, match="Kapitał funduszu nie wystarcza"):
        statement_lines.capital_out(row, by=by)
    assert waits(row)


def test_a_tranche_that_is_booked_gets_its_line(by, boss):
    with on(DAY(2026, 3, 2)):
        fund = make.fund()
        opening = bank.at_the_bank(fund)
    loan = lent(DAY(2026, 3, 2))
    tranche = loan.tranches.get()
    with on(APRIL):
        row = line(fund, "-12000.00", loan.number, "", tranche.account.iban, by=by, opening=opening)
        (found, *_rest) = statement_lines.suggestions(row)
        assert (found.action, found.key, len(found.reasons)) == ("payout", str(tranche.pk), 3)
        statement_lines.payout(row, tranche, by=by)
        assert fresh(row).entry == tranche.entry
        assert statement_lines.explanation(fresh(row)).loan == loan
        assert statement_lines.suggestions(line(fund, "-12000.00", loan.number, by=by)) == []
        # put back, the payout stays as it was booked
        statement_lines.put_back(row, by=by, reason="Inna transza.")
        assert waits(row)
        assert balance(fund, "211") == 12_000
        statement_lines.payout(row, tranche, by=by)


def test_an_ordered_tranche_is_booked_with_its_line(by, boss, april):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    tranche = make.ordered(loan, 1)
    row = line(loan.fund, "-20000.00", "Pożyczka", by=by)
    statement_lines.payout(row, tranche, by=by)
    tranche.refresh_from_db()
    assert (tranche.state, tranche.paid_on, tranche.document) == (TrancheState.PAID, APRIL, str(row.statement))
    assert fresh(row).entry == tranche.entry
    assert Loan.objects.get(pk=loan.pk).state == LoanState.ACTIVE
    bank.agrees(loan.fund)


def test_a_payout_needs_the_amount_and_a_file_for_the_bank(by, april):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    tranche = loan.tranches.get(number=1)
    with pytest.raises(Refused, match="w żadnym pliku dla banku"):
        statement_lines.payout(line(loan.fund, "-20000.00", by=by), tranche, by=by)
    with pytest.raises(Refused, match="wyszło"):
        statement_lines.payout(line(loan.fund, "-20000.01", by=by), make.ordered(loan, 1), by=by)
    other = make.fund(0, code="drugi", iban=bank.OTHER)
    with pytest.raises(Refused, match="innego funduszu"):
        statement_lines.payout(
            line(other, "-20000.00", by=by, opening="0.00", account=bank.OTHER), loan.tranches.get(number=1), by=by
        )


def overpaid(loan, by):
    (row,) = bank.taken(loan.fund, APRIL, ("3000.00", loan.number), by=by)
    return Payment.objects.get(line=row)


def test_an_overpayment_sent_back_and_put_back(loan, by, boss, april):
    overpaid(loan, by)
    over = loan.tellings.get(current=True).over
    iban = loan.organisation.bank_accounts.get().iban
    row = line(loan.fund, f"{-over}", "zwrot", "", iban, by=by)
    (found,) = statement_lines.suggestions(row)
    assert (found.action, found.key) == ("refund", loan.number)
    statement_lines.refund(row, loan, by=by)
    assert (fresh(row).entry.event, loan.tellings.get(current=True).over) == (EntryEvent.REFUND, 0)
    told = statement_lines.explanation(fresh(row))
    assert (told.loan, told.payment.amount) == (loan, -over)
    bank.agrees(loan.fund)
    statement_lines.put_back(row, by=boss, reason="Nie ta pożyczka.")
    assert (waits(row), loan.tellings.get(current=True).over) == (True, over)
    statement_lines.refund(row, loan, by=by)
    bank.agrees(loan.fund)
    # from the page of the loan, the line waits again all the same
    repayments.take_back(loan.payments.get(reversed_at=None, amount__lt=0), by=boss, reason="Nie ta pożyczka.")
    assert waits(row)
    bank.agrees(loan.fund)
    statement_lines.refund(row, loan, by=by)
    with pytest.raises(Refused, match=r"najwyżej 0,00"):
        statement_lines.refund(line(loan.fund, "-1.00", "jeszcze", by=by), loan, by=by)


def test_an_overpayment_noted_by_hand_gets_its_line(loan, by, boss, april):
    overpaid(loan, by)
    opening = bank.at_the_bank(loan.fund)
    said = {"amount": D(100), "value_date": APRIL, "document": "WB/8"}
    noted = repayments.send_back(loan, by=by, key="1", **said)
    row = line(loan.fund, "-100.00", "zwrot", by=by, opening=opening)
    found = statement_lines.suggestions(row)[0]
    assert (found.action, found.key) == ("refund", loan.number)
    statement_lines.refund(row, loan, by=by)
    assert (fresh(row).entry, Payment.objects.filter(amount__lt=0).count()) == (noted.entry, 1)
    bank.agrees(loan.fund)
    # put back, what was noted by hand stays
    statement_lines.put_back(row, by=boss, reason="Inna pożyczka.")
    noted.refresh_from_db()
    assert (waits(row), noted.reversed_at) == (True, None)


@pytest.mark.parametrize("from_which", ["came", "went"])
def test_a_receipt_sent_back(from_which, by, boss, april):
    fund = make.fund(0)
    came, went = bank.taken(
        fund, APRIL, ("40.00", "Pomyłka", "Ktoś", bank.OTHER), ("-40.00", "Zwrot", "Ktoś", bank.OTHER), by=by
    )
    pair = (came, went) if from_which == "came" else (went, came)
    (found,) = statement_lines.suggestions(pair[0])
    assert (found.action, found.key) == ("returned", str(pair[1].pk))
    statement_lines.returned(*pair, by=by)
    assert (fresh(came).state, fresh(went).state) == (LineState.EXPLAINED,) * 2
    assert fresh(went).entry.event == EntryEvent.REFUND
    assert (balance(fund, "130"), balance(fund, "248")) == (0, 0)
    assert statement_lines.explanation(fresh(came)).other == went
    assert statement_lines.explanation(fresh(went)).other == came
    bank.agrees(fund)
    statement_lines.put_back(pair[0], by=boss, reason="To dwie różne rzeczy.")
    assert waits(came)
    assert waits(went)
    assert balance(fund, "248") == -40
    statement_lines.returned(*pair[::-1], by=by)
    bank.agrees(fund)


def test_only_the_same_amount_the_other_way_is_returned(by, april):
    fund = make.fund(0)
    came, less, more = bank.taken(fund, APRIL, ("40.00", "a"), ("-39.00", "b"), ("40.00", "c"), by=by)
    for other in (less, more, came):
        with pytest.raises(Refused):
            statement_lines.returned(came, other, by=by)
    assert waits(came)


# What is refused


@pytest.mark.parametrize(
    ("service", "amount"),
    [
        ("capital_in", "-10.00"),
        ("income", "-10.00"),
        ("costs", "10.00"),
        ("capital_out", "10.00"),
    ],
)
def test_each_explanation_has_its_side(service, amount, by, april):
    row = line(make.fund(0), amount, by=by)
    with pytest.raises(Refused, match=r"wpłynęły|wyszły"):
        getattr(statement_lines, service)(row, by=by)
    assert waits(row)


@pytest.mark.parametrize("service", ["capital_in", "income", "costs", "capital_out"])
def test_a_line_is_explained_once(service, by, april):
    row = line(make.fund(5000), "-10.00" if service in ("costs", "capital_out") else "10.00", by=by)
    getattr(statement_lines, service)(row, by=by)
    count = Entry.objects.count()
    with pytest.raises(Stale):
        getattr(statement_lines, service)(row, by=by)
    assert Entry.objects.count() == count


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ACCOUNTANT, Role.MANAGER)])
def test_who_pays_explains(role, by, april):
    fund = make.fund(5000)
    came, went = bank.taken(fund, APRIL, ("10.00", "a"), ("-10.00", "b"), by=by)
    user = base.user(role)
    for call in (
        lambda: statement_lines.capital_in(came, by=user),
        lambda: statement_lines.income(came, by=user),
        lambda: statement_lines.costs(went, by=user),
        lambda: statement_lines.capital_out(went, by=user),
        lambda: statement_lines.returned(came, went, by=user),
        lambda: statement_lines.put_back(came, by=user, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert waits(came)
    assert waits(went)


def test_a_waiting_line_is_not_put_back_and_a_reason_is_given(by, boss, april):
    row = line(make.fund(0), "10.00", by=by)
    with pytest.raises(Stale):
        statement_lines.put_back(row, by=boss, reason="x")
    statement_lines.income(row, by=by)
    with pytest.raises(Refused):
        statement_lines.put_back(row, by=boss, reason=" ")
    assert fresh(row).state == LineState.EXPLAINED


@pytest.mark.parametrize("action", [step.action for step in LINE_MOVES])
@pytest.mark.parametrize("state", LineState.values)
def test_every_state_and_move(state, action, loan, by, boss, april):
    row = line(loan.fund, "10.00", loan.number if state == LineState.MATCHED else "x", by=by)
    if state == LineState.EXPLAINED:
        repayments.identify(row, loan, by=by)
    assert fresh(row).state == state
    step = next(step for step in LINE_MOVES if step.action == action)
    call = {
        "match": lambda: repayments.identify(row, loan, by=by, action="match"),
        "explain": lambda: repayments.identify(row, loan, by=by),
        "put_back": lambda: statement_lines.put_back(row, by=boss, reason="Pomyłka."),
    }[action]
    if state in step.sources:
        call()
        assert fresh(row).state == step.target
    else:
        with pytest.raises(Stale):
            call()
        assert fresh(row).state == state
    bank.agrees(loan.fund)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_statementline SET amount = 11",
        "UPDATE loans_statementline SET title = 'y'",
        "DELETE FROM loans_statementline",
        "UPDATE loans_bankstatement SET closing = 11",
        "DELETE FROM loans_bankstatement",
        "UPDATE loans_statementline SET state = 'matched', entry_id = (SELECT min(id) FROM loans_entry)",
    ],
)
def test_the_tables_refuse_another_word_than_the_banks(statement, by, april):
    fund = make.fund(77)
    row = line(fund, "10.00", by=by)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert waits(row)


# Races


@pytest.mark.django_db(transaction=True)
def test_one_line_explained_in_six_ways_at_once_is_explained_once(by):
    loan, other = lent(DAY(2026, 3, 2)), lent(DAY(2026, 3, 3))
    with on(APRIL):
        row = line(loan.fund, "10.00", by=by)

    def explain(number):
        with on(APRIL):
            (
                lambda: repayments.identify(row, loan, by=by),
                lambda: repayments.identify(row, other, by=by),
                lambda: statement_lines.income(row, by=by),
            )[number % 3]()

    results = at_once(6, explain)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["Stale"] * 5
    with on(APRIL):
        assert balance(loan.fund, "248") == 0
        bank.agrees(loan.fund)


@pytest.mark.django_db(transaction=True)
def test_two_lines_of_one_tranche_at_once_and_one_of_them_gets_it(by):
    with on(DAY(2026, 3, 2)):
        fund = make.fund()
    loan = lent(DAY(2026, 3, 2))
    tranche = loan.tranches.get()
    with on(APRIL):
        rows = bank.taken(fund, APRIL, ("-12000.00", "a"), ("-12000.00", "b"), by=by)

    def pay(number):
        with on(APRIL):
            statement_lines.payout(rows[number], tranche, by=by)

    assert sorted(type(result).__name__ for result in at_once(2, pay)) == ["NoneType", "Stale"]
    assert sorted(waits(row) for row in rows) == [False, True]


# Suggestions


def suggested(row):
    return [(one.key, one.reasons) for one in statement_lines.suggestions(row)]


def test_loans_are_suggested_the_likeliest_first(by, april):
    of_number, of_account, of_nip, of_name, of_amount, nothing = [
        lent(DAY(2026, 3, 2), 12_000 + 1200 * nth) for nth in range(6)
    ]
    second = lent(DAY(2026, 3, 2), 36_000, organisation=of_account.organisation)
    organisation = of_name.organisation
    organisation.name = "Spółdzielnia Socjalna „Źdźbło”"
    organisation.save()
    owed = of_amount.tellings.get(current=True).next_total
    row = line(
        of_number.fund,
        f"{owed}",
        f"rata {of_number.number} NIP {of_nip.organisation.nip}",
        "SPOLDZIELNIA SOCJALNA ZDZBLO UL. ŁĄKOWA 1 GORZÓW",
        of_account.organisation.bank_accounts.get().iban,
        by=by,
    )
    found = suggested(row)
    assert [key for key, _reasons in found] == [
        of_number.number,
        second.number,
        of_account.number,
        of_nip.number,
        of_name.number,
    ]
    assert found[0][1] == ("numer jest w tytule",)
    assert found[4][1] == ("nazwa pożyczkobiorcy",)
    assert nothing.number not in str(found)


def test_as_much_as_is_owed(loan, by, april):
    owed = loan.tellings.get(current=True).next_total
    assert suggested(line(loan.fund, f"{owed}", by=by)) == [(loan.number, ("tyle, ile jest do zapłaty",))]
    assert suggested(line(loan.fund, f"{owed + 1}", by=by)) == []


def test_a_payment_noted_by_hand_comes_first(loan, by, april):
    other = lent(DAY(2026, 3, 2))
    payment = noted(loan, by, 70, APRIL)
    row = line(loan.fund, "70.00", "x", "", other.organisation.bank_accounts.get().iban, by=by, opening="0.00")
    repayments.take_back(Payment.objects.get(line=row), by=make.manager(), reason="Inna.")
    assert [key for key, _reasons in suggested(row)] == [str(payment.pk), other.number]


def test_of_payments_noted_by_hand_the_one_of_the_loan_in_the_title_comes_first(loan, by, april):
    other = lent(DAY(2026, 3, 2))
    opening = bank.at_the_bank(loan.fund)
    far, near, named = (
        noted(loan, by, day=DAY(2026, 3, 25)), noted(loan, by, key="2"),
        noted(other, by, key="3", day=DAY(2026, 3, 25)),
    )  # fmt: skip
    row = line(loan.fund, "500.00", other.number, by=by, day=SATURDAY, opening=opening)
    found = [one for one in statement_lines.suggestions(row) if one.action == "noted"]
    assert [one.key for one in found] == [str(named.pk), str(near.pk), str(far.pk)]
    assert found[1].reasons == ("zapisana już ręcznie z dniem 27.3.2026, na tę kwotę",)


def test_at_most_five_are_suggested(by, april):
    loans = [lent(DAY(2026, 3, 2)) for _nth in range(7)]
    owed = loans[0].tellings.get(current=True).next_total
    assert len(suggested(line(loans[0].fund, f"{owed}", by=by))) == 5


@pytest.mark.parametrize("name", ["", "%", "_", "Spółka", "'; --", "ż" * 300])
def test_a_name_that_says_nothing_suggests_nothing(name, loan, by, april):
    assert suggested(line(loan.fund, "0.07", "x", name, by=by, form=bank.files.camt053)) == []


def test_suggestions_take_as_many_queries_whatever_is_found(by, april):
    counts = []
    for _nth in range(2):
        loan = lent(DAY(2026, 3, 2))
        iban = loan.organisation.bank_accounts.get().iban
        row = line(loan.fund, "3.00", f"i {loan.number} i PZ/2020/0001", "x", iban, by=by)
        row = fresh(row) if row.state == LineState.WAITING else row
        with CaptureQueriesContext(connection) as queries:
            statement_lines.suggestions(row)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What does not agree is told


def test_a_balance_that_is_not_the_ledgers_is_told_once_all_is_explained(by, april):
    fund = make.fund(100)
    row = line(fund, "10.00", by=by, opening="95.00")
    assert consistency.differences(fund) == []  # nobody knows yet what it was
    statement_lines.income(row, by=by)
    (said,) = consistency.differences(fund)
    assert "105.00" in said
    assert "110.00" in said


def test_what_is_noted_by_hand_counts_up_to_the_last_day_of_the_statement(loan, by, april):
    bank.taken(loan.fund, DAY(2026, 4, 1), by=by)
    repayments.receive(loan, by=by, amount=D(50), value_date=APRIL, document="WB/9", key="1")
    bank.agrees(loan.fund)
    repayments.receive(loan, by=by, amount=D(60), value_date=DAY(2026, 4, 1), document="WB/9", key="2")
    assert len(consistency.differences(loan.fund)) == 1


def test_a_later_statement_does_not_change_what_was_said_of_an_earlier_one(by, april):
    fund = make.fund(100)
    first = line(fund, "10.00", by=by).statement
    second = line(fund, "20.00", by=by).statement
    assert [consistency.at_the_bank(fund, one) for one in (first, second)] == [110, 130]
    assert [consistency.waiting_up_to(fund, one) for one in (first, second)] == [1, 2]


def test_an_entry_reversed_in_the_ledger_is_told_until_the_line_is_put_back(by, boss, april):
    fund = make.fund(5000)
    row = line(fund, "-10.00", by=by)
    statement_lines.capital_out(row, by=by)
    ledger.reverse(fresh(row).entry, by=boss, key="1", reason="Pomyłka")
    assert any("wystornowano" in said for said in consistency.differences(fund))
    statement_lines.put_back(row, by=boss, reason="Pomyłka.")
    assert waits(row)
    assert consistency.differences(fund) == []


def test_receipts_that_the_ledger_has_otherwise_are_told(by, boss, april):
    fund = make.fund(0)
    row = line(fund, "10.00", by=by)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE loans_statementline SET state = 'explained' WHERE id = %s", [row.pk])
    assert any("10.00" in said and "wpływy" in said for said in consistency.differences(fund))


def test_a_paid_tranche_on_a_statement_keeps_its_day(loan, by, boss, april):
    tranche = loan.tranches.get()
    row = line(loan.fund, "-12000.00", by=by)
    statement_lines.payout(row, tranche, by=by)
    with pytest.raises(Refused):
        payouts.unpay(tranche, by=boss, reason="Nie wypłacono.")


def test_every_step_of_a_line_is_journalled(loan, by, boss, april):
    row = line(loan.fund, "10.00", loan.number, by=by)
    statement_lines.put_back(row, by=boss, reason="Nie ta.")
    repayments.identify(row, loan, by=boss)
    steps = StateChange.objects.filter(noun="loans.statementline", object_id=row.pk).order_by("pk")
    assert [(step.action, step.by, step.reason) for step in steps] == [
        ("match", by, ""),
        ("put_back", boss, "Nie ta."),
        ("explain", boss, ""),
    ]
