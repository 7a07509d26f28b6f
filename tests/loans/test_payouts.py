"""Paying out: every state and action, four eyes, what is secured and settled before, one order, one entry, pages."""

import datetime
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock, files
from centrum.kit.history import author
from centrum.kit.models import ExportRecord, StateChange, StoredFile
from centrum.kit.transitions import Refused, Stale, move
from centrum.register.models import BankAccount
from centrum.staff.enums import Role
from loans import consistency, ledger, orders, payouts, schedules
from loans.enums import TRANCHE_MOVES, LoanState, TrancheState
from loans.models import BankOrder, Entry, Loan, Settlement, Tranche
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
T = TrancheState


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def accountant():
    return make.accountant()


def days(number):
    return clock.today() + datetime.timedelta(days=number)


def earlier(number):
    """An instant so many days ago, at noon."""
    return datetime.datetime.combine(days(-number), datetime.time(12), clock.WARSAW)


def brought_to(state, *, boss, accountant):
    """A tranche in a state, reached by the services; the loan has another one after it."""
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    tranche = loan.tranches.get(number=1)
    if state == T.CANCELLED:
        return payouts.cancel(tranche, by=loan.officer, reason="Mniejsza potrzeba.")
    steps = (
        lambda row: payouts.verify(row, by=loan.officer, account=payouts.accounts(row).get()),
        lambda row: payouts.approve(row, by=boss),
        lambda row: orders.order([row], by=boss, key=uuid.uuid4()),
        lambda row: payouts.book(row, by=accountant, paid_on=clock.today(), document="WB/1"),
    )
    for step in steps[: [T.REQUESTED, T.VERIFIED, T.APPROVED, T.ORDERED, T.PAID].index(state)]:
        step(tranche)
        tranche = loan.tranches.get(number=1)
    return tranche


def run(action, tranche, *, officer, boss, accountant):
    """The service of an action, by somebody who may."""
    calls = {
        "verify": lambda: payouts.verify(tranche, by=officer, account=payouts.accounts(tranche).get()),
        "approve": lambda: payouts.approve(tranche, by=boss),
        "order": lambda: orders.order([tranche], by=boss, key=uuid.uuid4()),
        "pay": lambda: payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/2"),
        "send_back": lambda: payouts.send_back(tranche, by=boss, reason="Inny rachunek."),
        "cancel": lambda: payouts.cancel(tranche, by=officer, reason="Mniejsza potrzeba."),
        "correct": lambda: payouts.correct(
            tranche, by=boss, paid_on=clock.today(), document="WB/9", reason="Inny wyciąg."
        ),
        "unpay": lambda: payouts.unpay(tranche, by=boss, reason="Bank zwrócił przelew."),
    }
    return calls[action]()


def agrees(loan):
    """The sums of loan and fund are those of the lines, the tranches and the schedule."""
    assert consistency.differences(loan.fund) == []
    kept = Loan.objects.select_related("fund").get(pk=loan.pk)
    return kept.committed, kept.paid_out, kept.outstanding, kept.fund.committed, kept.fund.outstanding


# The table of moves


@pytest.mark.parametrize("action", [step.action for step in TRANCHE_MOVES])
@pytest.mark.parametrize("state", TrancheState.values)
def test_every_state_and_action(state, action, boss, accountant):
    tranche = brought_to(state, boss=boss, accountant=accountant)
    step = next(step for step in TRANCHE_MOVES if step.action == action)
    people = {"officer": tranche.loan.officer, "boss": boss, "accountant": accountant}
    before = Entry.objects.count()
    if state in step.sources:
        run(action, tranche, **people)
        assert Tranche.objects.get(pk=tranche.pk).state == step.target
    else:
        with pytest.raises(Stale):
            run(action, tranche, **people)
        kept = Tranche.objects.get(pk=tranche.pk)
        assert (kept.state, Entry.objects.count()) == (state, before)
    assert consistency.differences(tranche.loan.fund) == []


@pytest.mark.parametrize("action", [step.action for step in TRANCHE_MOVES])
def test_each_step_asks_for_its_right(action, boss, accountant):
    step = next(step for step in TRANCHE_MOVES if step.action == action)
    tranche = brought_to(step.sources[-1], boss=boss, accountant=accountant)
    for role in Role:
        user = base.user(role)
        if not user.has_right(step.right):
            with pytest.raises(PermissionDenied):
                run(action, tranche, officer=user, boss=user, accountant=user)
    assert Tranche.objects.get(pk=tranche.pk).state == step.sources[-1]


# The whole way


def test_a_loan_is_paid_out_in_two_tranches(boss, accountant):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    assert agrees(loan) == (50_000, 0, 0, 50_000, 0)
    first = make.paid(loan, 1, boss=accountant)
    assert agrees(loan) == (30_000, 20_000, 20_000, 30_000, 20_000)
    loan.refresh_from_db()
    assert (loan.state, first.verified_by, first.approved_by) == (LoanState.ACTIVE, loan.officer, accountant)
    entry = first.entry
    assert (entry.event, entry.key, entry.value_date, entry.document) == (
        "payout", f"payout-{loan.number}-1", clock.today(), "WB/1",
    )  # fmt: skip
    lines = [(line.account.code, line.amount, line.loan) for line in entry.lines.order_by("number")]
    assert lines == [("211", 20_000, loan), ("130", -20_000, loan), ("993", 20_000, loan), ("992", -20_000, loan)]
    assert (first.settlement.due_on, first.settlement.state) == (days(loan.product.settlement_days), "open")
    assert loan.schedules.count() == 1  # paid as planned
    second = loan.tranches.get(number=2)
    with pytest.raises(Refused) as refusal:
        payouts.verify(second, by=loan.officer, account=payouts.accounts(second).get())
    assert refusal.value.messages == ["Transza 1 nie jest jeszcze rozliczona."]
    make.settled(first, boss=boss)
    make.paid(loan, 2, boss=accountant)
    assert agrees(loan) == (0, 50_000, 50_000, 0, 50_000)
    # 60 days early, so the schedule is another one
    version = loan.schedules.get(current=True)
    assert (version.number, version.reason, version.by) == (2, "payout", accountant)
    assert schedules.drawn(loan) == ((clock.today(), D(20_000)), (clock.today(), D(30_000)))


def test_a_tranche_paid_later_than_planned_changes_the_schedule(boss, accountant):
    with clock.at(earlier(12)):
        loan = make.ready(20_000)
        make.ordered(loan, boss=boss)
    payouts.book(loan.tranches.get(), by=accountant, paid_on=days(-2), document="WB/7")
    old, new = loan.schedules.order_by("number")
    assert (old.current, new.current, new.reason) == (False, True, "payout")
    first, later = old.rows.first(), new.rows.first()
    assert (first.days - later.days, first.due, first.principal) == (10, later.due, later.principal)
    assert later.interest < first.interest
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)


def test_a_first_payout_after_the_first_due_day_leaves_that_day_out(boss, accountant):
    with clock.at(earlier(40)):
        loan = make.ready(20_000)
        make.ordered(loan, boss=boss)
    payouts.book(loan.tranches.get(), by=accountant, paid_on=clock.today(), document="WB/7")
    rows = list(loan.schedules.get(current=True).rows.all())
    assert len(rows) == loan.months - 1
    assert (rows[0].nominal_due > clock.today(), rows[-1].balance) == (True, 0)
    assert [row.principal for row in rows[: loan.grace - 1]] == [0] * (loan.grace - 1)
    assert rows[loan.grace - 1].principal > 0
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)


def test_nothing_is_paid_after_the_last_instalment(boss, accountant):
    with clock.at(earlier(100)):
        loan = make.ready(20_000, months=3, grace=0)
    tranche = loan.tranches.get()
    with pytest.raises(Refused):
        payouts.verify(tranche, by=loan.officer, account=payouts.accounts(tranche).get())
    assert "Zmień najpierw umowę" in payouts.obstacles(tranche)[0]


def test_no_more_is_paid_than_was_granted(boss, accountant):
    loan = make.ready(10_000, tranches=[("10000.01", 0)])
    tranche = loan.tranches.get()
    account = payouts.accounts(tranche).get()
    with pytest.raises(Refused):
        payouts.verify(tranche, by=loan.officer, account=account)
    # whoever brings it to the bank in another way, the ledger refuses it
    made = BankOrder.objects.create(
        number="ZP/2026/0099", fund=loan.fund, transfers=1, total=1, file=files.store(upload()), by=boss, at=clock.now()
    )
    changes = {"account": account, "verified_by": loan.officer, "approved_by": boss, "order": made}
    for state, name in ((T.VERIFIED, "verified_by"), (T.APPROVED, "approved_by"), (T.ORDERED, "order")):
        Tranche.objects.filter(pk=tranche.pk).update(state=state, account=account, **{name: changes[name]})
    with pytest.raises(Refused):
        payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/1")
    assert Loan.objects.get(pk=loan.pk).committed == 10_000
    assert (Tranche.objects.get(pk=tranche.pk).state, Settlement.objects.count()) == (T.ORDERED, 0)


# Four eyes


def test_who_checked_it_never_releases_it(boss):
    loan = make.ready()
    tranche = payouts.verify(loan.tranches.get(), by=boss, account=payouts.accounts(loan.tranches.get()).get())
    with pytest.raises(Refused):
        payouts.approve(tranche, by=boss)
    with author(command="tests"), pytest.raises(DatabaseError) as error, transaction.atomic():
        sql("UPDATE loans_tranche SET state = 'approved', approved_by_id = verified_by_id WHERE id = %s", tranche.pk)
    assert error.value.__cause__.diag.constraint_name == "tranche_four_eyes"
    assert payouts.approve(tranche, by=make.accountant()).state == T.APPROVED


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


# What has to be there before


def broken(write):
    """The constraint that refuses a write."""
    with author(command="tests"), pytest.raises(DatabaseError) as error, transaction.atomic():
        write()
    return error.value.__cause__.diag.constraint_name


def forced(tranche, boss):
    """Plain SQL that would release a tranche."""
    Tranche.objects.filter(pk=tranche.pk, state=T.REQUESTED).update(
        state=T.VERIFIED, account=payouts.accounts(tranche).get(), verified_by=tranche.loan.officer
    )
    sql("UPDATE loans_tranche SET state = 'approved', approved_by_id = %s WHERE id = %s", boss.pk, tranche.pk)


def test_nothing_is_paid_before_it_is_secured(boss):
    loan = make.ready(secured=False)
    tranche = loan.tranches.get()
    account = payouts.accounts(tranche).get()
    with pytest.raises(Refused) as refusal:
        payouts.verify(tranche, by=loan.officer, account=account)
    assert len(refusal.value.messages) == 3  # not ready, nothing established, one missing
    assert broken(lambda: forced(tranche, boss)) == "tranche_loan_ready"
    Loan.objects.filter(pk=loan.pk).update(state="ready")
    with pytest.raises(Refused):
        payouts.verify(tranche, by=loan.officer, account=account)
    assert broken(lambda: forced(tranche, boss)) == "tranche_secured"
    security = loan.securities.get()
    move(security, "establish", by=loan.officer, changes={"established_on": clock.today(), "document": "weksel"})
    tranche = payouts.verify(tranche, by=loan.officer, account=account)
    loan.securities.create(kind="pledge", description="Zastaw na piecu")
    with pytest.raises(Refused):
        payouts.approve(tranche, by=boss)
    assert broken(lambda: forced(tranche, boss)) == "tranche_secured"


def test_no_later_tranche_before_an_earlier_one_is_settled(boss, accountant):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    second = loan.tranches.get(number=2)
    with pytest.raises(Refused) as refusal:
        payouts.verify(second, by=loan.officer, account=payouts.accounts(second).get())
    assert refusal.value.messages == ["Transza 1 nie jest jeszcze wypłacona."]
    assert broken(lambda: forced(second, boss)) == "tranche_settled_before"
    make.paid(loan, boss=accountant)
    assert broken(lambda: forced(second, boss)) == "tranche_settled_before"
    # given up, it stands in the way of nothing
    other = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)], fund_=loan.fund)
    payouts.cancel(other.tranches.get(number=1), by=other.officer, reason="Mniejsza potrzeba.")
    assert payouts.obstacles(other.tranches.get(number=2)) == []


def test_money_goes_only_to_a_confirmed_account_of_the_organisation(boss):
    loan = make.ready()
    tranche, own = loan.tranches.get(), payouts.accounts(loan.tranches.get()).get()
    foreign = make.account(base.organisation(), iban="PL61109010140000071219812874")
    unconfirmed = BankAccount.objects.create(
        organisation=loan.organisation, iban="PL83101010230000261395100000", valid_from=days(-9), noted_by=boss
    )
    for account in (foreign, unconfirmed, None):
        with pytest.raises(Refused) as refusal:
            payouts.verify(tranche, by=loan.officer, account=account)
        assert list(refusal.value.message_dict) == ["account"]
    tranche = payouts.verify(tranche, by=loan.officer, account=own)
    BankAccount.objects.filter(pk=own.pk).update(valid_to=clock.today())
    with pytest.raises(Refused):
        payouts.approve(tranche, by=boss)
    BankAccount.objects.filter(pk=own.pk).update(valid_to=None)
    tranche = payouts.approve(tranche, by=boss)
    BankAccount.objects.filter(pk=own.pk).update(valid_to=clock.today())
    with pytest.raises(Refused):
        orders.order([tranche], by=boss, key=uuid.uuid4())
    assert BankOrder.objects.count() == 0


def test_what_is_released_is_paid_as_released(boss, accountant):
    tranche = brought_to(T.APPROVED, boss=boss, accountant=accountant)
    other = make.account(base.organisation(), iban="PL61109010140000071219812874")
    for changes in ({"amount": 49_000}, {"account": other}, {"planned_on": days(3)}, {"number": 9}):
        with author(command="tests"), pytest.raises(DatabaseError), transaction.atomic():
            Tranche.objects.filter(pk=tranche.pk).update(**changes)
    for text in (
        "UPDATE loans_tranche SET state = 'paid', paid_on = now() WHERE id = %s",
        "UPDATE loans_tranche SET state = 'ordered' WHERE id = %s",
        "DELETE FROM loans_tranche WHERE id = %s",
    ):
        with author(command="tests"), pytest.raises(DatabaseError), transaction.atomic():
            sql(text, tranche.pk)


# Files for the bank


def released(number, boss, **data):
    """So many released tranches of as many loans of one fund."""
    rows = []
    for _n in range(number):
        loan = make.ready(10_000, **data)
        row = loan.tranches.get()
        row = payouts.verify(row, by=loan.officer, account=payouts.accounts(row).get())
        rows.append(payouts.approve(row, by=boss))
    return rows


def test_a_file_is_made_once_and_stays_as_it_is(client, boss):
    rows = released(2, boss)
    key = uuid.uuid4()
    made = orders.order(rows, by=boss, key=key)
    assert orders.order(rows, by=boss, key=key) == made
    with pytest.raises(Refused):
        orders.order(rows[:1], by=boss, key=key)
    with pytest.raises(Refused):
        orders.order(rows, by=boss, key=files.store(upload()).public_id)
    with pytest.raises(Stale):
        orders.order(rows, by=boss, key=uuid.uuid4())
    assert (BankOrder.objects.count(), made.transfers, made.total) == (1, 2, 20_000)
    assert made.number == f"ZP/{clock.today().year}/0001"
    assert sorted(made.tranches.values_list("pk", "state")) == sorted((row.pk, "ordered") for row in rows)
    client.force_login(boss)
    page = reverse("loans:order-file", args=[made.pk])
    data = client.get(page).content
    fields = [line.split(",") for line in data.decode("cp1250").split("\r\n")[:-1]]
    assert sum(int(line[2]) for line in fields) == 20_000 * 100
    assert [line[5] for line in fields] == ['"61109010140000071219812874"'] * 2
    assert f"Pożyczka {rows[0].loan.number}, transza 1" in data.decode("cp1250")
    # sent back and renamed, the file is what it was
    payouts.send_back(rows[0], by=boss, reason="Bank odrzucił.")
    type(rows[0].loan.organisation).objects.update(name="Inna nazwa")
    assert bytes(StoredFile.objects.get(pk=made.file_id).data) == data
    assert client.get(page).url == reverse("loans:payouts")  # it would be paid twice
    records = ExportRecord.objects.filter(profile="elixir-o", scope=made.number)
    assert [(row.by, row.rows, row.sha256) for row in records] == [(boss, 2, made.file.sha256)]
    step = StateChange.objects.filter(noun="loans.tranche", action="send_back").get()
    assert step.reason == f"{made.number}: Bank odrzucił."
    with author(command="tests"):
        for write in (
            lambda: BankOrder.objects.update(total=1),
            lambda: BankOrder.objects.all().delete(),
            lambda: StoredFile.objects.filter(pk=made.file_id).update(data=b"x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()


def test_a_tranche_that_the_bank_refused_goes_into_another_file(boss, accountant):
    tranche = brought_to(T.ORDERED, boss=boss, accountant=accountant)
    first = tranche.order
    tranche = payouts.send_back(tranche, by=boss, reason="Zły rachunek.")
    assert (tranche.account, tranche.verified_by, tranche.approved_by, tranche.order) == (None, None, None, None)
    second = make.ordered(tranche.loan, boss=boss).order
    assert (first != second, first.tranches.count(), second.tranches.count()) == (True, 0, 1)
    with pytest.raises(Refused):  # it would be paid twice
        orders.download(first, by=boss)
    assert orders.download(second, by=boss) == second.file


def test_what_the_bank_paid_after_the_last_instalment_is_booked_all_the_same(boss, accountant):
    with clock.at(earlier(40)):
        loan = make.ready(20_000, months=1, grace=0)
        tranche = make.ordered(loan, boss=boss)
    payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/1")
    loan.refresh_from_db()
    rows = loan.schedules.get(current=True).rows.all()
    assert (loan.state, loan.outstanding, [row.principal for row in rows]) == ("active", 20_000, [20_000])
    assert consistency.differences(loan.fund) == []


def test_a_file_is_of_one_fund_that_has_an_account(boss):
    first, other = released(1, boss)[0], released(1, boss, fund_=make.fund(code="drugi", iban=""))[0]
    for wrong in ([first, other], [other], []):
        with pytest.raises(Refused):
            orders.order(wrong, by=boss, key=uuid.uuid4())
    assert BankOrder.objects.count() == 0
    orders.set_account(other.loan.fund, by=boss, iban=make.IBAN)
    assert orders.order([other], by=boss, key=uuid.uuid4()).fund == other.loan.fund


# Booking


def test_days_of_payment(boss, accountant):
    with clock.at(earlier(5)):
        loan = make.ready(20_000)
    with clock.at(earlier(3)):
        make.ordered(loan, boss=boss)
    tranche = loan.tranches.get()
    for wrong in (1, -4, -6):  # to come, before it was ordered, before the agreement
        with pytest.raises(Refused) as refusal:
            payouts.book(tranche, by=accountant, paid_on=days(wrong), document="WB/1")
        assert list(refusal.value.message_dict) == ["paid_on"]
    with pytest.raises(Refused):
        payouts.book(tranche, by=accountant, paid_on=days(-1), document="")
    assert agrees(loan) == (20_000, 0, 0, 20_000, 0)
    tranche = payouts.book(tranche, by=accountant, paid_on=days(-3), document="WB/1")
    assert (tranche.entry.value_date, tranche.entry.book_date) == (days(-3), clock.today())


def test_a_payout_of_a_closed_month_is_booked_in_the_open_one(boss, accountant):
    first = clock.today().replace(day=1)
    before = first - datetime.timedelta(days=5)
    with clock.at(datetime.datetime.combine(before, datetime.time(12), clock.WARSAW)):
        loan = make.ready(20_000)
        make.ordered(loan, boss=boss)
    ledger.close(loan.fund.months.get(), by=boss)
    tranche = payouts.book(loan.tranches.get(), by=accountant, paid_on=before, document="WB/1")
    assert (tranche.entry.value_date, tranche.entry.book_date) == (before, clock.today())
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)


def test_the_same_payout_is_booked_once_and_another_is_told(boss, accountant):
    tranche = brought_to(T.PAID, boss=boss, accountant=accountant)
    again = payouts.book(tranche, by=boss, paid_on=clock.today(), document="WB/1")
    assert again.entry == tranche.entry
    with pytest.raises(Stale):
        payouts.book(tranche, by=boss, paid_on=clock.today(), document="WB/2")
    assert (Entry.objects.filter(event="payout").count(), Settlement.objects.count()) == (1, 1)


# Giving up


def test_a_tranche_given_up_frees_its_capital(boss, accountant):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    make.paid(loan, boss=accountant)
    second = loan.tranches.get(number=2)
    with pytest.raises(Refused):
        payouts.cancel(second, by=loan.officer, reason=" ")
    payouts.cancel(second, by=loan.officer, reason="Kuchnia kosztowała mniej.")
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)
    assert loan.schedules.get(current=True).rows.last().balance == 0
    only = make.ready(10_000).tranches.get()
    with pytest.raises(Refused):
        payouts.cancel(only, by=only.loan.officer, reason="Nie chcą.")
    agrees(only.loan)


# Whatever is tried


ONWARD = {T.REQUESTED: "verify", T.VERIFIED: "approve", T.APPROVED: "order", T.ORDERED: "pay", T.PAID: "settle"}
ACTIONS = ["onward", "verify", "approve", "order", "pay", "send_back", "cancel", "settle"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(ACTIONS) | st.just("onward"), st.integers(1, 3)), min_size=10, max_size=30)
)
def test_in_whatever_order_it_is_tried_all_sums_agree(boss, accountant, steps):
    with transaction.atomic():
        loan = make.ready(60_000, tranches=[(10_000, 0), (20_000, 30), (30_000, 60)])
        for action, number in steps:
            tranche = loan.tranches.get(number=number)
            if action == "onward":
                action = ONWARD.get(tranche.state, "cancel")
            try:
                if action == "settle":
                    make.settled(tranche, boss=boss)
                else:
                    run(action, tranche, officer=loan.officer, boss=boss, accountant=accountant)
            except (Refused, Settlement.DoesNotExist):
                pass  # it was not its turn
        committed, paid_out, outstanding, *_fund = agrees(loan)
        rows = list(loan.tranches.order_by("number"))
        given_up = sum(row.amount for row in rows if row.state == T.CANCELLED)
        paid = [row for row in rows if row.state == T.PAID]
        assert (committed + paid_out + given_up, outstanding) == (60_000, sum(row.amount for row in paid))
        assert len(paid) == Settlement.objects.filter(tranche__loan=loan).count()
        assert {row.settlement.state for row in paid[:-1]} <= {"accepted"}  # one before the other
        transaction.set_rollback(True)


# Two at once, and a killed worker


def race_ready():
    boss, accountant = make.manager(), make.accountant()
    loan = make.ready(20_000)
    return loan, boss, accountant


@pytest.mark.django_db(transaction=True)
def test_ten_bookings_at_once_post_one_entry():
    loan, boss, accountant = race_ready()
    tranche = make.ordered(loan, boss=boss)
    results = at_once(
        10, lambda _n: payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/1").entry_id
    )
    assert set(results) == {Entry.objects.get(event="payout").pk}
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)


@pytest.mark.django_db(transaction=True)
def test_two_orders_of_one_tranche_at_once_make_one_file():
    loan, boss, accountant = race_ready()
    tranche = payouts.verify(loan.tranches.get(), by=loan.officer, account=payouts.accounts(loan.tranches.get()).get())
    tranche = payouts.approve(tranche, by=boss)
    keys = [uuid.uuid4(), uuid.uuid4()]
    results = at_once(6, lambda n: orders.order([tranche], by=accountant, key=keys[n % 2]))
    assert sorted(type(row).__name__ for row in results) == ["BankOrder"] * 3 + ["Stale"] * 3
    assert {row.pk for row in results if isinstance(row, BankOrder)} == {BankOrder.objects.get().pk}
    assert BankOrder.objects.get().number.endswith("/0001")


@pytest.mark.django_db(transaction=True)
def test_booked_or_sent_back_at_once_never_both():
    loan, boss, accountant = race_ready()
    tranche = make.ordered(loan, boss=boss)

    def race(number):
        if number % 2:
            return payouts.send_back(tranche, by=boss, reason="Bank odrzucił.").state
        return payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/1").state

    results = at_once(4, race)
    state = Tranche.objects.get(pk=tranche.pk).state
    assert {row for row in results if isinstance(row, str)} == {state}
    assert {type(row) for row in results if not isinstance(row, str)} == {Stale}
    assert Entry.objects.filter(event="payout").count() == (state == T.PAID)
    agrees(loan)


KILLED = """
    import os, signal
    import django
    django.setup()
    from django.conf import settings
    settings.DATABASES["default"]["NAME"] = os.environ["KILLED_DATABASE"]
    from centrum.kit import clock, files
    from centrum.kit.history import author
    from centrum.staff.models import User
    from loans import payouts
    from loans.models import Line, Tranche
    Line.objects.bulk_create = lambda _rows: os.kill(os.getpid(), signal.SIGKILL)
    with author(command="tests"):
        payouts.book(Tranche.objects.get(), by=User.objects.get(pk=int(os.environ["KILLED_BY"])),
                     paid_on=clock.today(), document="WB/1")
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_entry_and_lines_leaves_nothing_half():
    loan, boss, accountant = race_ready()
    tranche = make.ordered(loan, boss=boss)
    environment = {
        **os.environ,
        "KILLED_DATABASE": connection.settings_dict["NAME"],
        "KILLED_BY": str(accountant.pk),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED)], env=environment, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert (Tranche.objects.get().state, Entry.objects.filter(event="payout").count()) == (T.ORDERED, 0)
    assert agrees(loan) == (20_000, 0, 0, 20_000, 0)
    payouts.book(tranche, by=accountant, paid_on=clock.today(), document="WB/1")
    assert agrees(loan) == (0, 20_000, 20_000, 0, 20_000)


# Pages


def step_page(tranche, action):
    return reverse("loans:tranche-move", args=[tranche.loan.public_id, tranche.number, action])


def test_from_the_check_to_the_booking_in_the_browser(client, boss):
    loan = make.ready(20_000)
    tranche = loan.tranches.get()
    account = payouts.accounts(tranche).get()
    client.force_login(loan.officer)
    assert [len(part["rows"]) for part in client.get(reverse("loans:payouts")).context["sections"]] == [1, 0, 0, 0]
    page = client.get(step_page(tranche, "verify"))
    assert account.iban[-4:] in page.content.decode()
    assert client.post(step_page(tranche, "verify"), {"account": account.pk}).status_code == 302
    assert client.post(step_page(tranche, "approve")).status_code == 403
    client.force_login(boss)
    assert client.get(step_page(tranche, "approve")).context["iban"].replace(" ", "") == account.iban
    assert client.post(step_page(tranche, "approve")).status_code == 302
    page = reverse("loans:order-new", args=[loan.fund.code])
    form = client.get(page).context["form"]
    typed = {"key": form.initial["key"], "tranches": form.initial["tranches"]}
    for _n in range(2):  # a double click
        assert client.post(page, typed).status_code == 302
    assert client.get(page).status_code == 302  # nothing waits any more
    assert BankOrder.objects.count() == 1
    typed = {"paid_on": f"{clock.today():%d.%m.%Y}", "document": "WB/12/2026"}
    for _n in range(2):
        assert client.post(step_page(tranche, "pay"), typed).status_code == 302
    for wrong in ({"document": ""}, {"paid_on": "31.02.2026"}, {"paid_on": f"{days(1):%d.%m.%Y}"}):
        assert client.post(step_page(tranche, "pay"), typed | wrong).status_code == 200
    assert client.get(step_page(tranche, "pay")).status_code == 302
    assert (Entry.objects.filter(event="payout").count(), agrees(loan)) == (1, (0, 20_000, 20_000, 0, 20_000))
    panel = next(
        part["panel"]
        for part in client.get(reverse("loans:loan", args=[loan.public_id])).context["panels"]
        if part["template"] == "loans/_tranches.html"
    )
    assert [(row.state, row.settled.state, row.moves) for row in panel["rows"]] == [("paid", "open", [])]


def test_a_foreign_unit_finds_no_loan_and_unknown_steps_are_not_there(client, boss):
    loan = make.ready()
    stranger = make.officer(unit_=base.unit(kind="partner"))
    client.force_login(stranger)
    assert client.get(step_page(loan.tranches.get(), "verify")).status_code == 404
    assert [len(part["rows"]) for part in client.get(reverse("loans:payouts")).context["sections"]] == [0] * 4
    made = make.ordered(make.ready(), boss=boss).order
    for role, found in ((Role.ACCOUNTANT, 404), (Role.LOAN_OFFICER, 403)):
        client.force_login(base.user(role, unit_=stranger.unit))
        assert client.get(reverse("loans:order-file", args=[made.pk])).status_code == found
    client.force_login(boss)
    assert client.get(step_page(loan.tranches.get(), "order")).status_code == 404
    assert client.get(step_page(loan.tranches.get(), "nic")).status_code == 404


def test_the_page_of_a_loan_offers_what_can_be_done_and_says_what_is_missing(boss, accountant):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])

    def offered(user):
        panel = payouts.panel(user, Loan.objects.get(pk=loan.pk))
        return [[step.action for step in row.moves] for row in panel["rows"]], panel["obstacles"]

    assert offered(loan.officer) == ([["verify", "cancel"], ["cancel"]], [])
    make.ordered(loan, boss=boss)
    assert offered(boss) == ([["pay", "send_back"], ["cancel"]], [])
    payouts.book(loan.tranches.get(number=1), by=accountant, paid_on=clock.today(), document="WB/1")
    assert offered(loan.officer) == ([[], ["cancel"]], ["Transza 1 nie jest jeszcze rozliczona."])
    make.settled(loan.tranches.get(number=1), boss=boss)
    assert offered(loan.officer) == ([[], ["verify", "cancel"]], [])


def test_the_fund_gets_its_account_from_who_keeps_the_ledger(client, accountant):
    fund = make.fund(iban="")
    page = reverse("loans:fund-account", args=[fund.code])
    client.force_login(accountant)
    assert client.post(page, {"iban": "61 1090 1014 0000 0712 1981 2875"}).status_code == 200
    assert client.post(page, {"iban": "61 1090 1014 0000 0712 1981 2874"}).status_code == 302
    fund.refresh_from_db()
    assert (fund.iban, fund.capital) == (make.IBAN, 2_000_000)


def test_counts_of_the_menu(boss, accountant):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    people = (loan.officer, boss, accountant, base.user(Role.COORDINATOR))
    assert [payouts.waiting_for(user).count() for user in people] == [1, 1, 0, 0]
    payouts.verify(loan.tranches.get(number=1), by=loan.officer, account=payouts.accounts(loan.tranches.first()).get())
    assert [payouts.waiting_for(user).count() for user in people] == [0, 1, 1, 0]


def test_as_many_queries_for_three_tranches_as_for_one(client, boss):
    client.force_login(boss)
    counted = []
    for number in (1, 2):
        for _n in range(number):
            loan = make.ready(10_000)
            make.ordered(make.ready(10_000), boss=boss)
        released(number, boss)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("loans:payouts")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert loan.tranches.count() == 1
