"""The settlement of a tranche: every state and action, documents, four eyes, more time, the pages."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from loans import payouts, settlements
from loans.enums import SETTLEMENT_MOVES, SettlementState
from loans.models import Settlement, SettlementDocument
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
Z = SettlementState


@pytest.fixture
def boss():
    return make.manager()


def days(number):
    return clock.today() + datetime.timedelta(days=number)


def earlier(number):
    """An instant so many days ago, at noon."""
    return datetime.datetime.combine(days(-number), datetime.time(12), clock.WARSAW)


def opened(amount=20_000, **data):
    """The settlement of a tranche that was paid today."""
    return make.paid(make.ready(amount, **data)).settlement


def officer_of(settlement):
    return settlement.tranche.loan.officer


def submitted(settlement, *amounts):
    officer = officer_of(settlement)
    for number, amount in enumerate(amounts, 1):
        make.document(settlement, amount, by=officer, number=f"FV/{settlement.pk}/{number}")
    return settlements.submit(settlement, by=officer)


def brought_to(state, boss):
    """A settlement in a state, with documents of all its 20,000, reached by the services."""
    settlement = opened()
    if state == Z.OPEN:
        make.document(settlement, 20_000, by=officer_of(settlement))
        return settlement
    settlement = submitted(settlement, 15_000, 5_000)
    if state == Z.CORRECTIONS:
        return settlements.correct(settlement, by=boss, reason="Brak dowodu zapłaty.")
    if state == Z.ACCEPTED:
        return settlements.accept(settlement, by=boss)
    if state == Z.REJECTED:
        return settlements.reject(settlement, by=boss, accepted=D(15_000), reason="Zakup poza celem.")
    return settlement


def run(action, settlement, officer, boss):
    calls = {
        "submit": lambda: settlements.submit(settlement, by=officer),
        "correct": lambda: settlements.correct(settlement, by=boss, reason="Brak dowodu zapłaty."),
        "accept": lambda: settlements.accept(settlement, by=boss),
        "reject": lambda: settlements.reject(settlement, by=boss, accepted=D(1), reason="Zakup poza celem."),
    }
    return calls[action]()


# The table of moves


@pytest.mark.parametrize("action", [step.action for step in SETTLEMENT_MOVES])
@pytest.mark.parametrize("state", SettlementState.values)
def test_every_state_and_action(state, action, boss):
    settlement = brought_to(state, boss)
    step = next(step for step in SETTLEMENT_MOVES if step.action == action)
    if state in step.sources:
        assert run(action, settlement, officer_of(settlement), boss).state == step.target
    else:
        with pytest.raises(Stale):
            run(action, settlement, officer_of(settlement), boss)
        assert Settlement.objects.get(pk=settlement.pk).state == state


@pytest.mark.parametrize("action", [step.action for step in SETTLEMENT_MOVES])
def test_each_step_asks_for_its_right(action, boss):
    step = next(step for step in SETTLEMENT_MOVES if step.action == action)
    settlement = brought_to(step.sources[0], boss)
    for role in Role:
        user = base.user(role)
        if not user.has_right(step.right):
            with pytest.raises(PermissionDenied):
                run(action, settlement, user, user)
    assert Settlement.objects.get(pk=settlement.pk).state == step.sources[0]


@pytest.mark.parametrize("state", SettlementState.values)
def test_documents_and_more_time_only_while_it_is_open(state, boss):
    settlement = brought_to(state, boss)
    document, officer = settlement.documents.first(), officer_of(settlement)
    changes = (
        lambda: make.document(settlement, 10, by=officer, number="FV/9"),
        lambda: settlements.save_document(settlement, document, by=officer, what="okap"),
        lambda: settlements.remove_document(document, by=officer),
        lambda: settlements.extend(settlement, by=boss, until=days(100), grounds="Dostawca się spóźnia."),
    )
    for change in changes:
        if state in (Z.OPEN, Z.CORRECTIONS):
            change()
        else:
            with pytest.raises(Stale):
                change()


# The review


def test_who_submitted_never_reviews(boss):
    settlement = opened()
    make.document(settlement, 20_000, by=boss)
    settlement = settlements.submit(settlement, by=boss)
    for review in (
        lambda: settlements.accept(settlement, by=boss),
        lambda: settlements.correct(settlement, by=boss, reason="Brak."),
        lambda: settlements.reject(settlement, by=boss, accepted=D(1), reason="Brak."),
    ):
        with pytest.raises(Refused):
            review()
    with author(command="tests"), pytest.raises(DatabaseError) as error, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE loans_settlement SET state = 'accepted', accepted = 20000, reviewed_by_id = submitted_by_id,"
                " reviewed_on = now()"
            )
    assert error.value.__cause__.diag.constraint_name == "settlement_four_eyes"
    done = settlements.accept(settlement, by=make.accountant())
    assert (done.accepted, done.reviewed_on, settlements.to_give_back(done)) == (20_000, clock.today(), 0)


def test_it_is_accepted_only_when_documents_tell_of_all_of_it(boss):
    settlement = submitted(opened(), D("19999.99"))
    with pytest.raises(Refused):
        settlements.accept(settlement, by=boss)
    for wrong in (None, D(-1), D("19999.995"), D(20_000)):
        with pytest.raises(Refused) as refusal:
            settlements.reject(settlement, by=boss, accepted=wrong, reason="Za mało.")
        assert list(refusal.value.message_dict) == ["accepted"]
    with pytest.raises(Refused):
        settlements.reject(settlement, by=boss, accepted=D(15_000), reason=" ")
    done = settlements.reject(settlement, by=boss, accepted=D(15_000), reason="Za mało.")
    assert (done.state, done.accepted, done.note) == (Z.REJECTED, 15_000, "Za mało.")
    assert settlements.to_give_back(done) == 5_000


def test_an_empty_one_is_submitted_only_when_its_time_is_over(boss):
    with clock.at(earlier(100)):
        settlement = opened()
        with pytest.raises(Refused):
            settlements.submit(settlement, by=officer_of(settlement))
    settlement = settlements.submit(settlement, by=officer_of(settlement))
    done = settlements.reject(settlement, by=boss, accepted=D(0), reason="Nie rozliczono.")
    assert settlements.to_give_back(done) == 20_000


def test_a_part_given_back_lets_the_next_tranche_go(boss):
    loan = make.ready(50_000, tranches=[(20_000, 0), (30_000, 60)])
    first = make.paid(loan)
    settlement = submitted(first.settlement, 15_000)
    second = loan.tranches.get(number=2)
    assert payouts.obstacles(second) == ["Transza 1 nie jest jeszcze rozliczona."]
    settlements.reject(settlement, by=boss, accepted=D(15_000), reason="Zakup poza celem.")
    assert payouts.obstacles(second) == []


# Documents


def test_documents_on_days_that_cannot_be_and_amounts_that_do_not_fit():
    with clock.at(earlier(10)):
        settlement = opened()
    officer = officer_of(settlement)
    wrong = (
        ("issued_on", {"issued_on": days(1)}),
        ("paid_on", {"paid_on": days(1)}),
        ("paid_on", {"paid_on": days(-11)}),  # before the payout
        ("from_loan", {"from_loan": D(101)}),
        ("number", {"number": ""}),
        ("seller", {"seller": "x" * 201}),
    )
    for field, fields in wrong:
        with pytest.raises(Refused) as refusal:
            make.document(settlement, 100, by=officer, **fields)
        assert list(refusal.value.message_dict) == [field]
    for amount in (0, -1, 10**12):
        with pytest.raises(Refused):
            make.document(settlement, amount, by=officer)
    assert SettlementDocument.objects.count() == 0
    make.document(settlement, 100, by=officer, issued_on=days(-40), paid_on=days(-10), cashless=False)
    assert settlements.warnings(settlement) == [
        "Dokument FV/1 wystawiono, zanim przyznano pożyczkę.",
        "Za dokument FV/1 nie zapłacono przelewem: sprawdź, czy pozwala na to limit gotówki.",
        "Dokument FV/1 nie ma pliku.",
    ]


def test_nothing_is_paid_twice_across_the_loans_of_an_organisation(boss):
    first = opened(10_000)
    organisation = first.tranche.loan.organisation
    second = opened(10_000, organisation=organisation)
    stranger = opened(10_000)
    make.document(first, 1000, by=officer_of(first), from_loan=D(600))
    with pytest.raises(Refused):
        make.document(first, 1000, by=officer_of(first), from_loan=D(1))  # the same twice in one settlement
    with pytest.raises(Refused) as refusal:
        make.document(second, 1000, by=officer_of(second), from_loan=D("400.01"), number="fv/1")
    assert list(refusal.value.message_dict) == ["from_loan"]
    make.document(second, 1000, by=officer_of(second), from_loan=D(400), number="fv/1")
    make.document(stranger, 1000, by=officer_of(stranger), from_loan=D(1000))
    of = [settlements.warnings(one) for one in (first, second, stranger)]
    told = [any("także w rozliczeniu" in words for words in found) for found in of]
    assert told == [True, True, False]


def test_neither_another_case_nor_a_higher_amount_makes_a_document_worth_more(boss):
    first = opened(10_000)
    second = opened(10_000, organisation=first.tranche.loan.organisation)
    make.document(first, 1000, by=officer_of(first), number="FV/7")
    for settlement, number, amount in ((first, "fv/7", 1000), (second, "FV/7", 5000)):
        with pytest.raises(Refused) as refusal:
            make.document(settlement, amount, by=officer_of(settlement), number=number, from_loan=D(1))
        assert list(refusal.value.message_dict) == ["from_loan"]


@pytest.mark.django_db(transaction=True)
def test_two_loans_never_take_one_document_at_once():
    first = opened(10_000)
    second = opened(10_000, organisation=first.tranche.loan.organisation)
    both = (first, second)
    results = at_once(2, lambda n: make.document(both[n], 1000, by=officer_of(both[n]), number="FV/7"))
    assert sorted(type(row).__name__ for row in results) == ["Refused", "SettlementDocument"]


def test_a_file_is_kept_with_its_document_and_changed(client):
    settlement = opened()
    client.force_login(officer_of(settlement))
    page = reverse("loans:settlement-document-new", args=_of(settlement))
    today = f"{clock.today():%d.%m.%Y}"
    typed = {
        "number": "FV/1/2026", "seller": "Piece Pol", "what": "piec", "issued_on": today, "paid_on": today,
        "amount": "25 000,00", "from_loan": "20 000,00", "cashless": "on",
    }  # fmt: skip
    assert client.post(page, typed | {"file": upload()}).status_code == 302
    assert client.post(page, typed).status_code == 200  # there already
    for wrong in ({"amount": "0"}, {"amount": "10,001"}, {"from_loan": "x"}, {"paid_on": "31.02.2026"}, {"number": ""}):
        assert client.post(page, typed | {"number": "FV/2"} | wrong).status_code == 200
    document = settlement.documents.get()
    assert (document.amount, document.from_loan, document.cashless) == (25_000, 20_000, True)
    kept = document.file
    answer = client.get(reverse("loans:settlement-document-file", args=[*_of(settlement), document.pk]))
    assert (answer.status_code, answer.content) == (200, bytes(kept.data))
    edit = reverse("loans:settlement-document-edit", args=[*_of(settlement), document.pk])
    assert kept.name in client.get(edit).content.decode()
    assert client.post(edit, typed | {"what": "piec i okap"}).status_code == 302
    document.refresh_from_db()
    assert (document.what, document.file) == ("piec i okap", kept)
    remove = reverse("loans:settlement-document-remove", args=[*_of(settlement), document.pk])
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404
    assert settlement.documents.count() == 0


def _of(settlement):
    return [settlement.tranche.loan.public_id, settlement.tranche.number]


# More time


def test_more_time_is_given_once_and_no_longer_than_the_product_says(boss):
    settlement = opened()
    due, most = settlement.due_on, settlements.longest(settlement)
    assert (most - due).days == settlement.tranche.loan.product.settlement_extension_days
    for wrong in (due, most + datetime.timedelta(days=1), days(-1)):
        with pytest.raises(Refused) as refusal:
            settlements.extend(settlement, by=boss, until=wrong, grounds="Dostawca.")
        assert list(refusal.value.message_dict) == ["until"]
    with pytest.raises(Refused):
        settlements.extend(settlement, by=boss, until=most, grounds="")
    with pytest.raises(PermissionDenied):
        settlements.extend(settlement, by=officer_of(settlement), until=most, grounds="Dostawca.")
    done = settlements.extend(settlement, by=boss, until=most, grounds="Dostawca się spóźnia.")
    assert (done.last_day, done.extended_by, done.due_on) == (most, boss, due)
    with pytest.raises(Stale):
        settlements.extend(settlement, by=boss, until=most, grounds="Jeszcze raz.")
    with author(command="tests"):
        for changes in ({"due_on": most}, {"extended_to": due + datetime.timedelta(days=1)}, {"extended_to": None}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Settlement.objects.update(**changes)


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_reviews_at_once_leave_one():
    boss, settlement = make.manager(), opened()
    settlement = submitted(settlement, 20_000)

    def review(number):
        if number % 2:
            return settlements.accept(settlement, by=boss).state
        return settlements.correct(settlement, by=boss, reason="Brak.").state

    results = at_once(6, review)
    kept = Settlement.objects.get(pk=settlement.pk).state
    assert [row for row in results if isinstance(row, str)] == [kept]
    assert {type(row) for row in results if not isinstance(row, str)} == {Stale}


@pytest.mark.django_db(transaction=True)
def test_a_document_never_joins_a_settlement_that_is_being_submitted():
    settlement = opened()
    officer = officer_of(settlement)
    make.document(settlement, 20_000, by=officer)

    def race(number):
        if number == 0:
            return settlements.submit(settlement, by=officer)
        return make.document(settlement, 5, by=officer, number=f"FV/R/{number}")

    results = at_once(5, race)
    joined = sum(isinstance(row, SettlementDocument) for row in results)
    assert Settlement.objects.get(pk=settlement.pk).state == Z.SUBMITTED
    assert settlement.documents.count() == 1 + joined
    assert {type(row) for row in results} <= {Settlement, SettlementDocument, Stale}


# Pages


def test_from_the_documents_to_the_acceptance_in_the_browser(client, boss):
    settlement = opened()
    officer, page = officer_of(settlement), reverse("loans:settlement", args=_of(settlement))

    def step(action):
        return reverse("loans:settlement-move", args=[*_of(settlement), action])

    make.document(settlement, 20_000, by=officer)
    client.force_login(officer)
    context = client.get(page).context
    assert ([move.action for move in context["moves"]], context["told"], context["left"]) == (["submit"], 20_000, 0)
    assert client.get(step("submit")).status_code == 200
    assert client.post(step("submit")).status_code == 302
    assert client.post(step("accept")).status_code == 403
    client.force_login(boss)
    assert [move.action for move in client.get(page).context["moves"]] == ["correct", "accept", "reject"]
    assert client.post(step("correct"), {"reason": "Brak dowodu."}).status_code == 302
    assert client.get(step("accept")).status_code == 302
    extend = reverse("loans:settlement-extend", args=_of(settlement))
    typed = {"until": f"{settlements.longest(settlement):%d.%m.%Y}", "grounds": "Dostawca się spóźnia."}
    assert [client.post(extend, typed).status_code for _n in range(2)] == [302, 200]
    client.force_login(officer)
    assert client.post(step("submit")).status_code == 302
    client.force_login(boss)
    assert client.post(step("reject"), {"accepted": "15 000", "reason": "Poza celem."}).status_code == 302
    assert client.get(page).context["give_back"] == 5_000
    assert client.get(step("nic")).status_code == 404


def test_the_list_tells_what_is_late_and_due_soon(client, boss):
    for ago in (100, 80, 1):
        with clock.at(earlier(ago)):
            settlement = opened(1000)
    waiting = submitted(opened(1000), 1000)
    client.force_login(boss)
    found = {}
    for which in ("late", "soon", "submitted", "open", "all", "", "nic"):
        rows = client.get(reverse("loans:settlements"), {"pokaz": which}).context["page"].rows
        found[which] = [row.timing and row.timing[0] for row in rows]
    assert found == {
        "late": ["bad"], "soon": ["wait"], "submitted": [None], "open": ["bad", "wait", None, None],
        "all": ["bad", "wait", None, None], "": ["bad", "wait", None, None], "nic": ["bad", "wait", None, None],
    }  # fmt: skip
    people = (officer_of(waiting), boss, make.accountant(), base.user(Role.COORDINATOR))
    assert [settlements.waiting_for(user).count() for user in people] == [1, 2, 1, 0]
    settlements.extend(settlement, by=boss, until=settlements.longest(settlement), grounds="Dostawca.")


@pytest.mark.parametrize("name", ["settlements", "settlement"])
def test_as_many_queries_for_three_rows_as_for_one(client, boss, name):
    client.force_login(boss)
    settlement, counted = opened(), []
    make.document(settlement, 1, by=officer_of(settlement), number="FV/0", file=upload())
    page = reverse(f"loans:{name}", args=_of(settlement) if name == "settlement" else [])
    for number in (0, 2):
        for row in range(number):
            opened(1000)
            make.document(settlement, 1, by=officer_of(settlement), number=f"FV/{row + 1}", file=upload())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
