"""The calendar of arrears: each step on its day and once an episode, by itself or by somebody, and what it tells."""

import datetime
import io
from decimal import Decimal as D

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import translation

from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.register.models import Organisation
from centrum.staff.enums import Role
from loans import arrears, arrears_letters, consistency, measures, repayments
from loans.enums import NOTICE_MOVES, NoticeState
from loans.models import ArrearsStep, Fund, LoanCost, Notice, Security
from tests.factories import base, claims
from tests.factories import loans as make
from tests.factories import repayments as of
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = datetime.date
DUE = claims.FIRST_DUE


def late(days):
    """The day on which the first instalment is so many days past due."""
    return DUE + datetime.timedelta(days=days)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


@pytest.fixture
def loan(officer):
    """12 000 at 6 % from 15 January 2026, twelve equal parts of principal, nothing paid back; it has an address."""
    made = of.lent(claims.PAID_OUT, by=officer)
    Organisation.objects.filter(pk=made.organisation_id).update(email="zuraw@example.org")
    return made


def steps(loan):
    return {row.step.code: row.state for row in loan.notices.select_related("step")}


def proposal(loan, days=14):
    of.night(loan.fund, late(days))
    return loan.notices.select_related("step").get(state="proposed")


def text_of(notice):
    pages = pypdf.PdfReader(io.BytesIO(bytes(notice.paper.file.data))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


# The days


def test_every_step_comes_on_its_day(loan):
    found = {}
    for days in (2, 3, 6, 7, 13, 14, 29, 30, 59, 60, 61):
        of.night(loan.fund, late(days))
        found[days] = steps(loan)
    assert found[2] == {}
    assert found[3] == found[6] == {"overdue": "sent"}
    assert found[7] == found[13] == {"overdue": "sent", "reminder": "proposed"}
    assert found[14] == found[29] == {"overdue": "sent", "reminder": "dropped", "demand": "proposed"}
    assert found[30] == found[59] == found[14] | {"demand": "dropped", "final-demand": "proposed"}
    assert found[60] == found[61] == found[30] | {"final-demand": "dropped", "termination": "proposed"}
    reasons = StateChange.objects.filter(noun="loans.notice", action="drop").order_by("pk")
    assert [row.reason for row in reasons] == [
        "Nadszedł późniejszy krok: Wezwanie do zapłaty",
        "Nadszedł późniejszy krok: Ostateczne wezwanie do zapłaty",
        "Nadszedł późniejszy krok: Wypowiedzenie umowy",
    ]


def test_what_a_late_run_finds_overtaken_is_neither_sent_nor_proposed(loan):
    assert proposal(loan, 20).step.code == "demand"
    assert steps(loan) == {"demand": "proposed"}
    assert OutboxMessage.objects.count() == 0


def test_the_message_tells_what_to_pay_in_polish_and_goes_once(loan):
    with translation.override("en"):
        assert of.night(loan.fund, late(3))["mailed"] == 1
        assert of.night(loan.fund, late(3))["mailed"] == 0
    of.night(loan.fund, late(4))
    message = OutboxMessage.objects.get()
    assert (message.to, message.about) == ("zuraw@example.org", loan.number)
    assert message.subject == f"Pożyczka {loan.number}: rata z 16 lutego 2026 nie jest zapłacona"
    body = message.body.replace("\xa0", " ")
    # 18.5 % on 1 000 for three days: 1.52
    for words in (
        "do zapłaty jest 1 062,67 zł",
        "– kapitał: 1 000,00 zł",
        "– odsetki: 61,15 zł",
        "– odsetki za opóźnienie, policzone do dziś: 1,52 zł",
        "do 26 lutego 2026",
        "PL61 1090 1014 0000 0712 1981 2874",
        f"Pożyczka {loan.number}",
    ):
        assert words in body
    row = loan.notices.get()
    assert (row.sent_by, row.paper, row.how, row.days, row.total) == (None, None, "e-mail", 3, D("1062.67"))
    assert row.sent_on == row.proposed_on == late(3)


def test_the_command_keeps_the_calendar(loan):
    with of.on(late(3)):
        call_command("keep_loans")
    assert steps(loan) == {"overdue": "sent"}


@pytest.mark.parametrize("missing", ["address", "account"])
def test_a_message_that_can_not_go_waits_for_somebody(loan, missing):
    if missing == "address":
        Organisation.objects.filter(pk=loan.organisation_id).update(email="")
        type(loan.person).objects.filter(pk=loan.person_id).update(email="")
    else:
        Fund.objects.filter(pk=loan.fund_id).update(iban="")
    assert of.night(loan.fund, late(3))["proposed"] == 1
    assert steps(loan) == {"overdue": "proposed"} and OutboxMessage.objects.count() == 0


def test_the_main_contact_is_written_to_first(loan):
    person = base.person(email="prezes@example.org")
    loan.organisation.contacts.create(person=person, role="prezes", main=True, valid_from=DAY(2026, 1, 1))
    of.night(loan.fund, late(3))
    assert OutboxMessage.objects.get().to == "prezes@example.org"


def test_without_steps_in_force_nothing_is_done(loan):
    ArrearsStep.objects.update(valid_to=DAY(2026, 1, 1))
    assert of.night(loan.fund, late(30))["proposed"] == 0
    assert loan.notices.count() == 0


def test_two_steps_of_one_day_are_both_done(loan):
    ArrearsStep.objects.filter(code="reminder").update(days=3)
    of.night(loan.fund, late(3))
    assert steps(loan) == {"overdue": "sent", "reminder": "proposed"}


def test_a_step_in_a_new_version_is_not_made_again_in_the_episode(loan):
    of.night(loan.fund, late(3))
    old = ArrearsStep.objects.get(code="overdue")
    ArrearsStep.objects.filter(pk=old.pk).update(valid_to=late(4))
    old.pk, old.valid_from = None, late(4)
    old.save(force_insert=True)
    of.night(loan.fund, late(5))
    assert loan.notices.count() == OutboxMessage.objects.count() == 1


# Episodes


def test_a_payment_ends_the_episode_and_the_next_begins_anew(loan):
    of.night(loan.fund, late(3))
    of.pay(loan, late(4), "1063.20")
    of.night(loan.fund, late(20))
    assert loan.notices.count() == 1
    second = DAY(2026, 3, 16)
    of.night(loan.fund, second + datetime.timedelta(days=3))
    assert list(loan.notices.order_by("pk").values_list("since", "step__code", "state")) == [
        (DUE, "overdue", "sent"),
        (second, "overdue", "sent"),
    ]


def test_a_part_of_the_principal_does_not_end_it(loan):
    of.night(loan.fund, late(3))
    of.pay(loan, late(4), 500)
    of.night(loan.fund, late(7))
    assert steps(loan) == {"overdue": "sent", "reminder": "proposed"}


def test_a_payment_that_was_none_brings_the_arrears_back(loan, officer):
    notice = proposal(loan, 7)
    payment = of.pay(loan, late(8), "1065.21")
    assert list(arrears.proposed(officer)) == []
    with of.on(late(9)):
        with pytest.raises(Refused):
            arrears.send(notice, by=officer, how="list")
        repayments.take_back(payment, by=make.accountant(), reason="Wpłata innej osoby")
        assert list(arrears.proposed(officer)) == [notice]
    of.night(loan.fund, late(10))
    assert steps(loan) == {"reminder": "proposed"}
    of.night(loan.fund, late(14))
    assert steps(loan) == {"reminder": "dropped", "demand": "proposed"}


def test_interest_alone_in_grace_is_asked_for_too(officer):
    loan = of.lent(claims.PAID_OUT, by=officer, grace=6)
    of.night(loan.fund, late(7))
    row = loan.notices.get()
    assert (row.step.code, row.since, row.state) == ("reminder", DUE, "proposed")
    with of.on(late(8)):
        assert [one.pk for one in arrears.proposed(officer)] == [row.pk]
        row = arrears.send(row, by=officer, how="list polecony")
        assert (row.principal, row.interest, row.penalty, row.days) == (0, D("61.15"), 0, 8)
    of.pay(loan, late(9), "61.15")
    of.night(loan.fund, late(14))
    assert loan.notices.count() == 1


def test_interest_alone_after_a_restructuring_counts_from_its_own_day(officer, boss):
    loan = of.lent(claims.PAID_OUT, by=officer, grace=6)
    cut, due = DAY(2026, 4, 15), DAY(2026, 5, 15)
    with of.on(cut):
        annex = claims.annexed(loan, by=officer, boss=boss, on=cut)
        claims.decided(loan, "restructuring", by=officer, boss=boss, annex=annex)
    of.night(loan.fund, DAY(2026, 5, 25))
    with of.on(DAY(2026, 5, 25)):
        told = of.told(loan)
        assert (told.overdue_principal, told.overdue_interest > 0, told.restructured > 0) == (0, True, True)
        assert arrears.since(told, DAY(2026, 5, 25)) == due
        assert (arrears.owed(loan).since, arrears.owed(loan).days) == (due, 10)
    assert list(loan.notices.values_list("since", "step__code")) == [(due, "reminder")]


def test_a_called_loan_is_out_of_the_calendar(officer, boss):
    loan = claims.in_state("terminated", by=officer, boss=boss)
    before = loan.notices.count()
    of.night(loan.fund, claims.LATER)
    assert loan.notices.count() == before
    with of.on(claims.LATER):
        assert not arrears.proposed(officer).exists()


# Letters


def test_a_letter_is_sent_with_its_paper(loan, officer):
    notice = proposal(loan)
    with of.on(late(15)), translation.override("en"):
        letter, copies = arrears.preview(notice)
        row = arrears.send(notice, by=officer, how="list polecony 00123")
    assert copies == []
    assert (row.state, row.sent_by, row.how, row.sent_on) == ("sent", officer, "list polecony 00123", late(15))
    assert (row.days, row.principal, row.interest, row.costs) == (15, D(1000), D("61.15"), 0)
    assert row.penalty == D("7.60")  # 18.5 % on 1 000 for 15 days
    assert row.pay_by == DAY(2026, 3, 17)
    assert (row.paper.kind, row.paper.title) == ("notice", f"Wezwanie do zapłaty – pożyczka {loan.number}")
    assert row.cost is None and LoanCost.objects.count() == 0
    text = text_of(row)
    for words in (
        loan.organisation.name,
        "zaległość trwa 15 dni",
        "1 068,75 zł",
        "PL61 1090 1014 0000 0712 1981 2874",
        "17 marca 2026",
    ):
        assert words in text
    assert "Otrzymują również" not in text
    assert letter.subject == row.paper.title


def test_a_day_to_pay_is_one_of_business(loan, officer):
    notice = proposal(loan, 30)
    with of.on(DAY(2026, 3, 21)):
        row = arrears.send(notice, by=officer, how="list")
    assert row.pay_by == DAY(2026, 4, 7)  # 4 April is the Saturday before Easter


def test_guarantors_are_named_on_the_last_demand(loan, officer):
    for kind, who in (("surety", "Jan Lis, Dobiegniew"), ("aval", "Ewa Kos, Drezdenko"), ("pledge", "samochód")):
        Security.objects.create(loan=loan, kind=kind, description=who)
    notice = proposal(loan, 30)
    with of.on(late(30)):
        assert arrears.preview(notice)[1] == ["Jan Lis, Dobiegniew", "Ewa Kos, Drezdenko"]
        text = text_of(arrears.send(notice, by=officer, how="list"))
    assert "Otrzymują również poręczyciele:" in text and "Ewa Kos" in text and "samochód" not in text


def test_a_letter_costs_only_where_its_step_says_so(loan, officer):
    ArrearsStep.objects.filter(code="demand").update(cost=D("12.50"))
    notice = proposal(loan)
    with of.on(late(14)):
        row = arrears.send(notice, by=officer, how="list polecony")
        assert (row.costs, row.cost.amount, row.cost.text) == (D("12.50"), D("12.50"), "Wezwanie do zapłaty")
        assert of.balances(loan)["214"] == D("12.50") and of.balances(loan)["760"] == D("-12.50")
        assert consistency.differences(loan.fund) == []
    assert "12,50 zł" in text_of(row)


def test_texts_are_edited_like_other_letters(loan, officer, boss):
    letters = arrears_letters.letters
    template = letters.LetterTemplate.objects.get(code="loan_demand")
    letters.save(template, by=boss, subject="Wezwanie {loan_number}", body="§ 1. Kwota\n{overdue_total}, do {pay_by}")
    notice = proposal(loan)
    with of.on(late(14)):
        row = arrears.send(notice, by=officer, how="list")
    assert row.paper.title == f"Wezwanie {loan.number}" and "§ 1. Kwota" in text_of(row)
    with pytest.raises(Refused):
        letters.save(template, by=boss, subject="Wezwanie", body="Zapłać {overdue_total}")


def test_the_step_of_the_termination_is_made_by_its_notice(loan, officer):
    notice = proposal(loan, 60)
    with of.on(late(61)):
        with pytest.raises(Refused):
            arrears.send(notice, by=officer, how="list")
        on = late(61) + datetime.timedelta(days=30)
        measure = measures.prepare(loan, by=officer, kind="termination", on=on, reasons="Brak wpłat", ground="arrears")
    notice.refresh_from_db()
    assert (notice.state, notice.paper, notice.pay_by) == ("sent", measure.paper, on)
    text = text_of(notice)
    for words in ("Wypowiadamy umowę", "Zaległość w spłacie: Brak wpłat", "kapitał 12 000,00 zł", "18 maja 2026"):
        assert words in text


# Who, when, and whoever writes


ACTIONS = {
    "send": lambda row, by: arrears.send(row, by=by, how="list"),
    "drop": lambda row, by: arrears.drop(row, by=by, reason="Uzgodniona wpłata"),
}


@pytest.mark.parametrize("state", list(NoticeState))
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_step_in_every_state(state, action, loan, officer):
    notice = proposal(loan)
    with of.on(late(14)):
        if state == NoticeState.SENT:
            arrears.send(notice, by=officer, how="list")
        if state == NoticeState.DROPPED:
            arrears.drop(notice, by=officer, reason="Inaczej")
        with pytest.raises(PermissionDenied):
            ACTIONS[action](notice, base.user(Role.COORDINATOR))
        step = next(one for one in NOTICE_MOVES if one.action == action)
        if state in step.sources:
            assert ACTIONS[action](notice, officer).state == step.target
        else:
            with pytest.raises(Stale):
                ACTIONS[action](notice, officer)
            notice.refresh_from_db()
            assert notice.state == state


def test_what_a_step_needs(loan, officer):
    notice = proposal(loan)
    with of.on(late(14)):
        with pytest.raises(Refused) as refused:
            arrears.send(notice, by=officer, how=" ")
        assert list(refused.value.message_dict) == ["how"]
        with pytest.raises(Refused):
            arrears.drop(notice, by=officer, reason="")
        Fund.objects.filter(pk=loan.fund_id).update(iban="")
        with pytest.raises(Refused):
            arrears.send(notice, by=officer, how="list")
    assert steps(loan)["demand"] == "proposed"


def test_a_step_left_out_does_not_come_again(loan, officer):
    notice = proposal(loan)
    with of.on(late(14)):
        arrears.drop(notice, by=officer, reason="Uzgodniona wpłata")
    of.night(loan.fund, late(15))
    assert steps(loan)["demand"] == "dropped" and loan.notices.count() == 1
    of.night(loan.fund, late(30))
    assert steps(loan)["final-demand"] == "proposed"


def test_a_partner_sees_only_their_own(loan, officer):
    proposal(loan)
    with of.on(late(14)):
        other = base.user(Role.LOAN_OFFICER, unit_=base.unit("partner"))
        assert arrears.waiting_for(officer).count() == 1
        assert arrears.waiting_for(other).count() == 0
        assert arrears.waiting_for(make.accountant()).count() == 0


def test_whoever_writes_past_the_services_is_refused(loan, officer):
    notice = proposal(loan)
    rows = Notice.objects.filter(pk=notice.pk)
    wrong = [{"state": "sent"}, {"since": late(1)}, {"how": "list"}, {"principal": 1}, {"proposed_on": DUE}]
    for values in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    with of.on(late(14)):
        arrears.send(notice, by=officer, how="list")
    for values in ({"principal": 1}, {"how": "inaczej"}, {"paper": None}, {"state": "proposed"}, {"state": "dropped"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)
    again = {"loan": loan, "step": notice.step, "since": notice.since, "proposed_on": late(20)}
    for values in (again, again | {"since": late(1), "state": "dropped"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.create(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"days": 0},
        {"cost": D("-1")},
        {"channel": "mail", "cost": 5},
        {"days_to_pay": 0},
        {"days_to_pay": 366},
        {"channel": "decision"},
        {"letter": "loan_termination"},
        {"letter": "nonsense"},
    ],
)
def test_steps_that_make_no_sense(values):
    with pytest.raises(DatabaseError), transaction.atomic():
        ArrearsStep.objects.filter(code="demand").update(**values)


def test_the_calendar_of_a_new_installation_is_unconfirmed_and_free():
    rows = ArrearsStep.objects.order_by("days").values_list("code", "days", "channel", "cost", "confirmed")
    assert list(rows) == [
        ("overdue", 3, "mail", 0, False),
        ("reminder", 7, "letter", 0, False),
        ("demand", 14, "letter", 0, False),
        ("final-demand", 30, "letter", 0, False),
        ("termination", 60, "decision", 0, False),
    ]
    before = ArrearsStep.objects.count()
    call_command("migrate", verbosity=0)
    assert ArrearsStep.objects.count() == before


# At once


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_once():
    loan = of.lent(claims.PAID_OUT)
    Organisation.objects.filter(pk=loan.organisation_id).update(email="zuraw@example.org")

    def run(_number):
        with of.on(late(3)):
            return arrears.run(loan.fund)

    results = at_once(4, run)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert sum(one["mailed"] for one in results) == 1
    assert loan.notices.count() == OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_by_two_at_once():
    officer = make.officer()
    loan = of.lent(claims.PAID_OUT, by=officer)
    ArrearsStep.objects.filter(code="demand").update(cost=10)
    notice = proposal(loan)

    def send(number):
        with of.on(late(14)):
            return arrears.send(notice, by=officer, how=f"list {number}")

    results = at_once(2, send)
    assert [type(one) for one in results if isinstance(one, Exception)] == [Stale]
    assert loan.costs.count() == 1 and loan.papers.filter(kind="notice").count() == 1
