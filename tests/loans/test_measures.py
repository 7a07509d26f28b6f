"""Decisions on claims: every kind in every state, two people and a document, what the ledger says after each."""

import datetime
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from centrum.kit.models import StateChange
from centrum.kit.transitions import Refused, Stale, find, move
from centrum.staff.enums import Role
from loans import annexes, consistency, jobs, ledger, measures, payouts, repayments, settlements, telling
from loans.enums import (
    AFTER_PAYOUT,
    LOAN_MOVES,
    MEASURE_MOVES,
    LoanState,
    MeasureKind,
    MeasureState,
)
from loans.models import Loan, Measure
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as of
from tests.factories.files import upload
from tests.loans.test_consistency import broken
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = datetime.date
K, L = MeasureKind, LoanState
NOTICED, CALLED, LATER = claims.NOTICED, claims.CALLED, claims.LATER


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def agrees(loan):
    assert consistency.differences(loan.fund) == []


# Which, when, who


@pytest.mark.parametrize("state", [L.APPROVED, L.READY, *AFTER_PAYOUT])
def test_every_kind_in_every_state(state, officer, boss):
    if state in AFTER_PAYOUT:
        loan = claims.in_state(state, by=officer, boss=boss)
    else:
        loan = make.granted(by=officer) if state == L.APPROVED else make.ready(by=officer)
    with of.on(LATER):
        allowed = [kind for kind, states in measures.SOURCES.items() if state in states]
        assert measures.possible(loan) == allowed
        for kind in K:
            more = {"amount": 100} if kind == K.FORGIVENESS else {}
            on = DAY(2026, 7, 20) if kind == K.TERMINATION else LATER
            if kind in allowed and kind != K.RESTRUCTURING:  # that one needs an annex besides
                with transaction.atomic():
                    assert claims.prepared(loan, kind, by=officer, on=on, **more).state == "prepared"
                    transaction.set_rollback(True)
                continue
            with pytest.raises(Refused):
                claims.prepared(loan, kind, by=officer, on=on, **more)
        assert Measure.objects.filter(loan=loan, state="prepared").count() == 0


NEW_MOVES = ("terminate", "recover", "write_off", "repay", "reopen", "reopen_called")


@pytest.mark.parametrize("state", AFTER_PAYOUT)
def test_new_moves_of_a_loan_start_from_their_states_alone(state, officer, boss):
    loan = claims.in_state(state, by=officer, boss=boss)
    for action in NEW_MOVES:
        step = find(LOAN_MOVES, action)
        if state not in step.sources:
            with pytest.raises(Stale), transaction.atomic():
                move(loan, action, by=None if step.client else boss)
    for target in {*LoanState} - {one.target for one in LOAN_MOVES if state in one.sources} - {state}:
        called_on = CALLED if target in (L.TERMINATED, L.RECOVERY, L.WRITTEN_OFF) else None
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Loan.objects.filter(pk=loan.pk).update(state=target, called_on=called_on)
    assert fresh(loan).state == state


@pytest.mark.parametrize("state", list(MeasureState))
@pytest.mark.parametrize("action", ["confirm", "drop"])
def test_every_step_of_a_decision_in_every_state(state, action, officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    acts = {
        "confirm": lambda by: measures.confirm(row, by=by),
        "drop": lambda by: measures.drop(row, by=by, reason="Inaczej"),
    }
    with of.on(DAY(2026, 1, 20)):
        row = claims.prepared(loan, K.FORGIVENESS, by=officer, on=DAY(2026, 1, 20))
        if state != MeasureState.PREPARED:
            acts["confirm" if state == MeasureState.CONFIRMED else "drop"](boss)
        with pytest.raises(PermissionDenied):
            acts[action](base.user(Role.COORDINATOR))
        step = find(MEASURE_MOVES, action)
        if state in step.sources:
            assert acts[action](boss).state == step.target
        else:
            with pytest.raises(Stale):
                acts[action](boss)
            assert fresh(row).state == state
        agrees(loan)


def test_two_people_whoever_writes(boss):
    loan = of.lent(claims.PAID_OUT)
    day = DAY(2026, 1, 20)
    with of.on(day):
        row = claims.prepared(loan, K.FORGIVENESS, by=boss, on=day)
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)
        with pytest.raises(PermissionDenied):
            measures.confirm(row, by=make.officer())
        rows, at = Measure.objects.filter(pk=row.pk), row.prepared_at
        for by in (boss, None):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(state="confirmed", confirmed_by=by, confirmed_at=at)
        for values in ({"reasons": "x"}, {"on": CALLED}, {"kind": "recovery", "amount": None}, {"amount": 0}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**values)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
        row = measures.confirm(row, by=make.manager())
        for values in ({"amount": 1}, {"state": "prepared"}, {"state": "dropped"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**values)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (K.TERMINATION, {"on": CALLED - datetime.timedelta(days=1)}, "on"),
        (K.TERMINATION, {"ground": ""}, "ground"),
        (K.TERMINATION, {"ground": "nonsense"}, "ground"),
        (K.TERMINATION, {"ground": "spending"}, "ground"),
        (K.TERMINATION, {"reasons": " "}, "reasons"),
        (K.FORGIVENESS, {"document": None}, "document"),
        (K.FORGIVENESS, {"kept": False}, "kept"),
        (K.FORGIVENESS, {"amount": None}, "amount"),
        (K.FORGIVENESS, {"amount": D("3000.01")}, "amount"),
        (K.FORGIVENESS, {"on": NOTICED + datetime.timedelta(days=1)}, "on"),
        (K.FORGIVENESS, {"on": DAY(2026, 1, 14)}, "on"),
        (K.FORGIVENESS, {"document": upload(b"MZ\x90", name="a.exe")}, "document"),
        (K.RESTRUCTURING, {}, "annex"),
    ],
)
def test_what_a_decision_needs(kind, given, field, officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    own = {
        K.TERMINATION: {"ground": "arrears", "on": CALLED},
        K.FORGIVENESS: {"document": upload(), "amount": D(100), "kept": True, "on": NOTICED},
        K.RESTRUCTURING: {"document": upload(), "on": None},
    }[kind]
    with of.on(NOTICED):
        with pytest.raises(Refused) as refused:
            measures.prepare(loan, by=officer, kind=kind, **{"reasons": "Powód", **own, **given})
        assert list(refused.value.message_dict) == [field]
    assert Measure.objects.count() == 0 and loan.papers.count() == 0


def test_one_decision_at_a_time(officer):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(NOTICED):
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
        assert measures.possible(loan) == []
        with pytest.raises(Refused):
            claims.prepared(loan, K.FORGIVENESS, by=officer, on=NOTICED, amount=100)
        measures.drop(row, by=officer, reason="Wpłata")
        assert claims.prepared(loan, K.FORGIVENESS, by=officer, on=NOTICED, amount=100).state == "prepared"
    assert StateChange.objects.get(noun="loans.measure", action="drop").reason == "Wpłata"


def test_who_waits_for_whom(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(NOTICED):
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
        assert measures.waiting_for(boss).count() == 0
    with of.on(CALLED):
        assert list(measures.waiting_for(boss)) == [row]
        assert measures.waiting_for(officer).count() == 0
        assert measures.waiting_for(base.user(Role.MANAGER, unit_=base.unit("partner"))).count() == 0


# Termination


def test_a_termination_calls_everything_on_its_day(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(NOTICED):
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
        assert row.reasons == "Zaległość w spłacie: Powód"
        assert (row.paper.kind, row.paper.title) == ("notice", f"Wypowiedzenie umowy pożyczki {loan.number}")
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)  # the notice runs
    of.night(loan.fund, CALLED)
    with of.on(CALLED):
        row = measures.confirm(row, by=boss)
        loan = fresh(loan)
        assert (loan.state, loan.called_on, loan.outstanding) == ("terminated", CALLED, 12_000)
        balances = of.balances(loan)
        assert balances["218"] == 12_000 and "211" not in balances
        agrees(loan)
    # interest of four instalments and of the 15th and 16th on 8 000
    for day in (DAY(2026, 5, 18), DAY(2026, 6, 2)):
        of.night(loan.fund, day)
        assert of.balances(loan)["212"] == D("61.15") + D("50.63") + D("50.96") + D("44.38") + D("2.63")
    with of.on(CALLED):
        before = telling.standing(loan)
    with of.on(DAY(2026, 5, 18)):
        after = telling.standing(loan)
    # from the day after on everything that was called
    assert after.penalty - before.penalty == D("6.08")  # 12 000 × 18.5 % / 365
    assert (after.overdue_principal, after.unpaid_due) == (12_000, claims.FIRST_DUE)
    with of.on(LATER):
        agrees(loan)


def test_a_termination_that_is_confirmed_late_holds_from_its_day(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(NOTICED):
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
    of.pay(loan, DAY(2026, 5, 28), 500)
    of.night(loan.fund, LATER)
    with of.on(LATER):
        assert of.balances(loan)["211"] > 0
        measures.confirm(row, by=boss)
        assert fresh(loan).called_on == CALLED
        assert of.balances(loan)["218"] == fresh(loan).outstanding
        accrued = of.balances(loan).get("212", 0)
        agrees(loan)
    of.night(loan.fund, DAY(2026, 6, 10))
    assert of.balances(loan).get("212", 0) == accrued


def test_what_pays_a_called_loan_ends_it_and_what_was_none_calls_it_again(officer, boss):
    loan = claims.in_state(L.TERMINATED, by=officer, boss=boss)
    of.night(loan.fund, LATER)
    with of.on(LATER):
        owed = telling.standing(loan)
    payment = of.pay(loan, LATER, owed.arrears)
    assert fresh(loan).state == L.REPAID and fresh(loan).outstanding == 0
    with of.on(LATER):
        agrees(loan)
        repayments.take_back(payment, by=boss, reason="Wpłata innej osoby")
        assert (fresh(loan).state, fresh(loan).called_on) == (L.TERMINATED, CALLED)
        agrees(loan)


def test_grounds(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    with of.on(DAY(2026, 4, 16)):  # 59 days past due
        with pytest.raises(Refused) as refused:
            claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
        assert refused.value.message_dict["ground"] == [
            "Dni po terminie: 59. Przy tej podstawie musi ich być co najmniej 60."
        ]
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED, ground="untrue", document=upload())
        assert row.reasons.startswith("Nieprawdziwe oświadczenia: ")
        assert loan.papers.filter(kind="claim").count() == 1
        measures.drop(row, by=officer, reason="Inaczej")
        settlement = loan.tranches.get().settlement
        make.document(settlement, 10_000, by=officer)
        settlements.reject(
            settlements.submit(settlement, by=officer), by=boss, accepted=D(10_000), reason="Brak faktur"
        )
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED, ground="spending")
        assert row.reasons.startswith("Pieniądze nierozliczone")


def test_a_loan_is_not_terminated_while_a_part_waits_for_its_payout(officer, boss):
    loan = of.lent(claims.PAID_OUT, 12_000, by=officer, tranches=[(7_000, 0), (5_000, 60)])
    with of.on(NOTICED):
        with pytest.raises(Refused):
            claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
        payouts.cancel(loan.tranches.get(number=2), by=officer, reason="Zaległość")
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=CALLED)
    with of.on(CALLED):
        measures.confirm(row, by=boss)
        agrees(loan)


# Recovery, write-off, recoveries


def test_the_recovery_begins_once(officer, boss):
    loan = claims.in_state(L.RECOVERY, by=officer, boss=boss)
    assert loan.measures.get(kind=K.RECOVERY).reasons == "Pozew w sądzie: Powód"
    assert of.balances(loan)["218"] == 12_000
    with of.on(LATER):
        payment = of.pay(loan, LATER, telling.standing(loan).arrears)
        repayments.take_back(payment, by=boss, reason="Pomyłka")
        assert fresh(loan).state == L.TERMINATED
        assert measures.possible(fresh(loan)) == [K.WRITE_OFF]
        with pytest.raises(Refused):
            claims.prepared(loan, K.RECOVERY, by=officer, on=LATER)
        agrees(loan)


@pytest.mark.parametrize("state", [L.TERMINATED, L.RECOVERY])
def test_a_write_off_takes_everything_out_of_the_books_and_keeps_the_claim(state, officer, boss):
    loan = claims.in_state(state, by=officer, boss=boss)
    of.night(loan.fund, LATER)
    with of.on(LATER):
        repayments.charge(loan, by=officer, amount=D(40), on=LATER, text="opłata sądowa", key="sad")
        owed = telling.standing(loan)
        row = claims.prepared(loan, K.WRITE_OFF, by=officer, on=LATER)
        assert (row.amount, row.rest) == (None, None)
        assert measures.figures(row) == (owed.overdue_principal, owed.overdue_interest + owed.penalty + owed.costs)
        row = measures.confirm(row, by=boss)
        assert measures.figures(row) == (row.amount, row.rest) == (12_000, owed.arrears - 12_000)
        loan = fresh(loan)
        assert (loan.state, loan.outstanding) == (L.WRITTEN_OFF, 0)
        balances = of.balances(loan)
        assert (balances["751"], balances["751-1"], balances["994"]) == (row.amount, row.rest, row.amount + row.rest)
        assert not {"211", "212", "213", "214", "215", "218"} & balances.keys()
        agrees(loan)
        assert fresh(loan.fund).lost == 12_000


def test_what_comes_after_a_write_off_is_a_recovery(officer, boss):
    loan = claims.in_state(L.WRITTEN_OFF, by=officer, boss=boss)
    lost = loan.measures.get(kind=K.WRITE_OFF)
    first = of.pay(loan, DAY(2026, 6, 10), 11_000)
    assert of.balances(loan)["751"] == 1_000
    of.pay(loan, DAY(2026, 7, 10), 1_000 + lost.rest + 50)
    assert of.parts(loan.payments.last()) == [
        ("recovered", None, D(1_000)),
        ("recovered_rest", None, lost.rest),
        ("over", None, D(50)),
    ]
    balances = of.balances(loan)
    assert not {"751", "751-1", "994", "995"} & balances.keys() and balances["249"] == -50
    assert fresh(loan).state == L.WRITTEN_OFF
    with of.on(DAY(2026, 7, 11)):
        agrees(loan)
        repayments.take_back(first, by=boss, reason="Pomyłka")
        assert of.balances(loan)["994"] == lost.amount + lost.rest - (1_050 + lost.rest)
        agrees(loan)


def test_what_was_before_a_write_off_stays(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    payment = of.pay(loan, claims.FIRST_DUE, 500)
    claims.terminated(loan, by=officer, boss=boss)
    with of.on(LATER):
        claims.decided(loan, K.WRITE_OFF, by=officer, boss=boss, on=LATER)
        with pytest.raises(Refused):
            repayments.take_back(payment, by=boss, reason="Pomyłka")
        with pytest.raises(Refused):
            repayments.charge(loan, by=officer, amount=D(10), on=LATER, text="opłata", key="x")
        agrees(loan)


def test_interest_that_was_not_posted_any_more_belongs_to_the_claim(officer, boss):
    """Late by more than 90 days: no interest is posted of it; with the write-off it is income and loss."""
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.night(loan.fund, DAY(2026, 8, 1))
    with of.on(DAY(2026, 8, 1)):
        row = claims.prepared(loan, K.TERMINATION, by=officer, on=DAY(2026, 8, 31))
    of.night(loan.fund, DAY(2026, 9, 2))
    with of.on(DAY(2026, 9, 2)):
        measures.confirm(row, by=boss)
        agrees(loan)
        told, posted = telling.standing(loan), of.balances(loan)["212"]
        assert told.overdue_interest > posted
        row = claims.decided(loan, K.WRITE_OFF, by=officer, boss=boss, on=DAY(2026, 9, 2))
        assert row.rest == told.overdue_interest + told.penalty
        assert of.balances(loan)["701"] == posted - told.overdue_interest
        agrees(loan)


def test_nothing_is_written_off_as_of_a_day_before_a_payment(officer, boss):
    loan = claims.in_state(L.TERMINATED, by=officer, boss=boss)
    with of.on(LATER):
        row = claims.prepared(loan, K.WRITE_OFF, by=officer, on=LATER)
    of.pay(loan, DAY(2026, 6, 4), 100)
    with of.on(DAY(2026, 6, 5)):
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)
        measures.drop(row, by=officer, reason="Wpłata")
        with pytest.raises(Refused):
            claims.prepared(loan, K.WRITE_OFF, by=officer, on=LATER)
        claims.decided(loan, K.WRITE_OFF, by=officer, boss=boss, on=DAY(2026, 6, 4))
        agrees(loan)


# Forgiveness


def test_forgiveness_lowers_the_principal_and_the_schedule(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.pay(loan, claims.FIRST_DUE, "1061.15")
    day = DAY(2026, 2, 20)
    of.night(loan.fund, day)
    with of.on(day):
        row = claims.decided(loan, K.FORGIVENESS, by=officer, boss=boss, on=day, amount=D(2_000))
        loan = fresh(loan)
        assert (row.amount, row.rest, loan.state, loan.outstanding) == (2_000, None, L.ACTIVE, 9_000)
        assert of.balances(loan)["752"] == 2_000 and fresh(loan.fund).lost == 2_000
        now = loan.schedules.get(current=True)
        assert (now.reason, now.rows.count()) == ("decision", 10)
        assert row.allocations.get().kind == "forgiven"
        agrees(loan)
        assert measures.most_forgiven(loan) == 1_000
        with pytest.raises(Refused):
            claims.prepared(loan, K.FORGIVENESS, by=officer, on=day, amount=D("1000.01"))
        claims.decided(loan, K.FORGIVENESS, by=officer, boss=boss, on=day, amount=D(1_000))
        assert measures.most_forgiven(fresh(loan)) == 0
        agrees(loan)


def test_forgiveness_of_the_rest_ends_the_loan(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    day = DAY(2026, 1, 20)
    of.pay(loan, day, "9009.86", mode="reduce")  # 5 days of interest: 9.86
    with of.on(day):
        claims.decided(loan, K.FORGIVENESS, by=officer, boss=boss, on=day, amount=D(3_000))
        assert (fresh(loan).state, fresh(loan).outstanding) == (L.REPAID, 0)
        agrees(loan)


def test_no_more_is_forgiven_than_was_left_on_its_day(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    of.pay(loan, DAY(2026, 1, 20), 11_000, mode="reduce")
    with of.on(DAY(2026, 1, 21)):
        with pytest.raises(Refused):
            claims.prepared(loan, K.FORGIVENESS, by=officer, on=DAY(2026, 1, 21), amount=D(2_000))
        row = claims.prepared(loan, K.FORGIVENESS, by=officer, on=DAY(2026, 1, 21), amount=D(900))
    of.pay(loan, DAY(2026, 1, 21), 500, mode="reduce")
    with of.on(DAY(2026, 1, 21)):
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)
        agrees(loan)


def test_nothing_is_forgiven_until_every_promised_job_is_kept(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer, months=24)
    day = DAY(2026, 1, 20)
    with of.on(day):
        row = claims.prepared(loan, K.FORGIVENESS, by=officer, on=day)  # nothing was promised yet
        job = jobs.add(loan, by=officer, position="kucharka", posts=D(1), at_risk="yes", create_by=DAY(2026, 7, 15))
        with pytest.raises(Refused) as refused:
            measures.confirm(row, by=boss)
        words = "Nie ma umorzenia, dopóki każde obiecane miejsce pracy nie jest zapisane jako utrzymane. Brakuje: "
        assert refused.value.messages == [f"{words}1. kucharka (do utworzenia)."]
        measures.drop(row, by=officer, reason="Za wcześnie")
        job = jobs.create(job, by=officer, created_on=day, at_risk="yes", woman="yes", file=upload())
        with pytest.raises(Refused) as refused:
            claims.prepared(loan, K.FORGIVENESS, by=officer, on=day)
        assert refused.value.message_dict == {"kept": [f"{words}1. kucharka (utworzone)."]}
    with of.on(DAY(2027, 1, 20)):
        jobs.keep(job, by=officer, file=upload())
        claims.decided(loan, K.FORGIVENESS, by=officer, boss=boss, on=DAY(2027, 1, 20))
        assert of.balances(loan)["752"] == 1_000
        agrees(loan)


# Restructuring


def test_a_restructuring_puts_what_is_overdue_into_the_new_schedule(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    cut = DAY(2026, 4, 15)
    of.night(loan.fund, cut)
    with of.on(cut):
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut, sign=False)
        row = claims.prepared(loan, K.RESTRUCTURING, by=officer, annex=annex)
        assert row.on == cut
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)  # the annex is not signed
        annexes.sign(annex, by=officer, signed_on=cut)
        assert measures.figures(row) == (3_000, D("162.74"))
        row = measures.confirm(row, by=boss)
        assert (row.amount, row.rest) == (3_000, D("162.74"))
        told = of.told(loan)
        assert (told.overdue_principal, told.overdue_interest, told.restructured) == (0, 0, D("162.74"))
        balances = of.balances(loan)
        assert (balances["211"], balances["215"]) == (12_000, D("162.74"))
        agrees(loan)
        version = loan.schedules.get(current=True)
        after = version.rows.filter(nominal_due__gt=cut)
        assert (version.reason, after.count(), sum(r.principal for r in after)) == ("decision", 15, 12_000)
    # nothing bears interest on interest: it waits until a payment pays it
    of.pay(loan, DAY(2026, 5, 15), 1_000)
    with of.on(DAY(2026, 5, 16)):
        assert of.balances(loan).get("215", 0) == 0
        agrees(loan)
    of.night(loan.fund, DAY(2026, 6, 1))
    with of.on(DAY(2026, 6, 1)):
        agrees(loan)


def test_a_restructuring_waits_for_the_day_of_its_annex(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    cut = DAY(2026, 5, 15)
    with of.on(DAY(2026, 4, 20)):
        annex = annexes.prepare(loan, by=officer, valid_from=cut, months=6, reasons="Spadek zamówień")
        annex = annexes.confirm(annex, by=boss)
        annexes.sign(annex, by=officer, signed_on=DAY(2026, 4, 20))
        row = claims.prepared(loan, K.RESTRUCTURING, by=officer, annex=annex)
        assert measures.figures(row) is None
        with pytest.raises(Refused):
            measures.confirm(row, by=boss)
        measures.drop(row, by=officer, reason="Pomyłka")
        row = claims.prepared(loan, K.RESTRUCTURING, by=officer, annex=annex)  # the annex is free again
    of.night(loan.fund, DAY(2026, 5, 18))
    with of.on(DAY(2026, 5, 18)):
        row = measures.confirm(row, by=boss)
        assert row.amount == 4_000
        agrees(loan)
        assert list(measures.annexes_of(loan)) == []
        with pytest.raises(DatabaseError), transaction.atomic():
            Measure.objects.filter(pk=row.pk).update(annex=None)


def test_nothing_is_restructured_where_nothing_is_overdue(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer)
    cut = claims.FIRST_DUE.replace(day=15)
    of.pay(loan, DAY(2026, 2, 15), "1061.15")
    with of.on(DAY(2026, 2, 16)):
        annex = annexes.prepare(loan, by=officer, valid_from=cut, months=6, reasons="Spadek zamówień")
        annexes.sign(annexes.confirm(annex, by=boss), by=officer, signed_on=DAY(2026, 2, 16))
        of.pay(loan, DAY(2026, 2, 16), 100)
        with pytest.raises(Refused):
            claims.prepared(loan, K.RESTRUCTURING, by=officer, annex=annex)


# The ledger beside the decisions


def test_consistency_tells_of_a_state_without_its_decision(officer, boss):
    loan = claims.in_state(L.TERMINATED, by=officer, boss=boss)
    broken("UPDATE loans_measure SET kind = 'recovery' WHERE loan_id = %s", loan.pk)
    with of.on(LATER):
        found = consistency.differences(loan.fund)
    assert f"{loan.number} jest w stanie „wypowiedziana” bez decyzji: wypowiedzenie umowy." in found


def test_consistency_tells_of_a_claim_that_differs(officer, boss):
    loan = claims.in_state(L.WRITTEN_OFF, by=officer, boss=boss)
    broken("UPDATE loans_measure SET rest = rest + 1 WHERE loan_id = %s AND kind = 'write_off'", loan.pk)
    with of.on(LATER):
        found = consistency.differences(loan.fund)
    assert any("z odpisanej należności zostało" in words for words in found)


def test_a_month_with_decisions_closes(officer, boss):
    loan = claims.in_state(L.WRITTEN_OFF, by=officer, boss=boss)
    of.night(loan.fund, DAY(2026, 7, 1))
    with of.on(DAY(2026, 7, 1)):
        for month in loan.fund.months.filter(first__lt=DAY(2026, 7, 1)).order_by("first"):
            ledger.close(month, by=boss)


# At once


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_dropped_at_once():
    officer, boss = make.officer(), make.manager()
    loan = of.lent(claims.PAID_OUT, by=officer)
    day = DAY(2026, 1, 20)
    with of.on(day):
        row = claims.prepared(loan, K.FORGIVENESS, by=officer, on=day)

    def act(number):
        with of.on(day):
            return measures.drop(row, by=officer, reason="Inaczej") if number else measures.confirm(row, by=boss)

    results = at_once(2, act)
    assert [type(one) for one in results if isinstance(one, Exception)] == [Stale]
    forgiven = of.balances(loan).get("752", 0)
    assert forgiven == (1_000 if fresh(row).state == "confirmed" else 0)
    with of.on(day):
        agrees(Loan.objects.get(pk=loan.pk))


@pytest.mark.django_db(transaction=True)
def test_a_payment_and_a_write_off_at_once():
    officer, boss = make.officer(), make.manager()
    loan = claims.in_state(L.TERMINATED, by=officer, boss=boss)
    accountant = make.accountant()
    with of.on(LATER):
        row = claims.prepared(loan, K.WRITE_OFF, by=officer, on=LATER)

    def act(number):
        if number:
            return of.pay(loan, LATER, 5_000, by=accountant)
        with of.on(LATER):
            return measures.confirm(row, by=boss)

    results = at_once(2, act)
    assert [one for one in results if isinstance(one, Exception)] == []
    row = fresh(row)
    assert row.amount + row.rest - of.balances(loan)["994"] in (0, 5_000)
    with of.on(LATER):
        agrees(Loan.objects.get(pk=loan.pk))
