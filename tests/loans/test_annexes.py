"""Annexes: each kind alone and together against schedules reckoned by hand, four eyes, what stays as it was."""

import dataclasses
import datetime
import io
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from loans import annexes, consistency, schedule, schedules
from loans.enums import ANNEX_MOVES, AnnexState
from loans.models import Annex, Loan
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = DAY(2026, 11, 2)
FIRST = DAY(2026, 12, 10)
COLUMNS = ("nr", "nominal_due", "due", "days", "interest", "principal", "deferred", "balance")


def at(day):
    return clock.at(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC))


@pytest.fixture
def told():
    with at(TODAY):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


@pytest.fixture
def boss(told):
    return make.manager()


@pytest.fixture
def loan(officer, boss):
    """12 000 PLN over 12 months without grace, 1000 a month, at 5.8 %."""
    return make.active(12_000, by=officer, boss=boss, months=12, grace=0)


def prepare(loan, by, **more):
    return annexes.prepare(loan, by=by, **{"valid_from": FIRST, "reasons": "Spadek zamówień"} | more)


def signed(loan, officer, boss, **more):
    row = annexes.confirm(prepare(loan, officer, **more), by=boss)
    return annexes.sign(row, by=officer, signed_on=clock.today())


def rows_of(version):
    return [tuple(getattr(row, name) for name in COLUMNS) for row in version.rows.order_by("nr")]


def as_rows(reckoned):
    return [tuple(getattr(row, name) for name in COLUMNS) for row in reckoned]


def by_hand(loan, *, kept, months, cut=FIRST, **terms):
    """Rows of version 1 up to `cut` and those of `terms` after it."""
    old = [row for row in rows_of(loan.schedules.get(number=1)) if row[1] <= cut]
    assert len(old) == kept
    rest = schedule.build(
        schedule.Terms(
            **{
                "tranches": ((cut, old[-1][-1]),),
                "dues": schedule.due_days(clock.months_later(cut, 1), months),
                "rates": ((None, D("0.058")),),
                "business": schedule.FOLLOWING,
            }
            | terms
        )
    ).rows
    return old + as_rows(dataclasses.replace(row, nr=row.nr + kept) for row in rest)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def url(name, loan, *args):
    return reverse(f"loans:{name}", args=[loan.public_id, *args])


CHANGES = {
    "grace": ({"grace": 3}, {"months": 11, "grace": 3}),
    "holiday": ({"holiday": 2}, {"months": 11, "grace": 2, "interest_grace": 2}),
    "months": ({"months": 12}, {"months": 23}),
    "rate": ({"rate": D("0.01")}, {"months": 11, "rates": ((None, D("0.01")),)}),
    "rate for a while": (
        {"rate": D(0), "rate_months": 3},
        {"months": 11, "rates": ((None, D(0)), (DAY(2027, 3, 10), D("0.058")))},
    ),
    "everything": (
        {"holiday": 2, "grace": 3, "months": 6, "rate": D("0.029"), "rate_months": 12},
        {
            "months": 17,
            "grace": 5,
            "interest_grace": 2,
            "rates": ((None, D("0.029")), (DAY(2027, 12, 10), D("0.058"))),
        },
    ),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("method", ["equal_principal", "annuity"])
def test_each_change_against_a_schedule_by_hand(name, method, officer, boss):
    given_, terms = CHANGES[name]
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=0, method=method)
    old = rows_of(loan.schedules.get())
    row = signed(loan, officer, boss, **given_)
    version = row.schedule
    assert rows_of(version) == by_hand(loan, kept=1, method=method, **terms)
    assert (version.number, version.reason, version.current, version.valid_from) == (2, "annex", True, FIRST)
    assert rows_of(loan.schedules.get(number=1)) == old
    kept = fresh(loan)
    assert (kept.months, kept.grace) == (12 + given_.get("months", 0), given_.get("grace", 0))
    assert consistency.differences(kept.fund) == []
    # a payout or anything else that reckons anew comes to the same
    assert as_rows(schedules.reckon(kept).rows) == rows_of(version)


def test_rates_are_periods_that_follow_one_another(loan, officer, boss):
    first = loan.rates.get()
    row = signed(loan, officer, boss, rate=D("0.01"), rate_months=6)
    periods = [(r.rate, r.valid_from, r.valid_to, r.annex, r.nbp_rate) for r in loan.rates.order_by("valid_from")]
    assert periods == [
        (D("0.058000"), TODAY, FIRST, None, first.nbp_rate),
        (D("0.010000"), FIRST, DAY(2027, 6, 10), row, None),
        (D("0.058000"), DAY(2027, 6, 10), None, row, first.nbp_rate),
    ]
    with pytest.raises(Refused):
        prepare(loan, officer, rate=D("0.02"), valid_from=DAY(2027, 6, 10))
    assert prepare(loan, officer, rate=D("0.02"), valid_from=DAY(2027, 7, 10)).state == "prepared"


def test_a_rate_ends_on_a_due_day_of_a_loan_that_is_due_on_the_last(officer, boss):
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=0, due_day=31, first_due=DAY(2026, 12, 31))
    cut = DAY(2027, 2, 28)
    signed(loan, officer, boss, valid_from=cut, rate=D(0), rate_months=1)
    assert [row.valid_from for row in loan.rates.order_by("valid_from")] == [TODAY, cut, DAY(2027, 3, 31)]
    rows = list(schedules.current(loan).rows.order_by("nr"))
    assert [row.interest == 0 for row in rows[2:5]] == [False, True, False]


def test_two_annexes_one_after_the_other(loan, officer, boss):
    signed(loan, officer, boss, holiday=2)
    with pytest.raises(Refused):  # inside the holiday, and before its interest is collected
        prepare(loan, officer, valid_from=DAY(2027, 1, 10), grace=1)
    with pytest.raises(Refused):
        prepare(loan, officer, valid_from=DAY(2027, 2, 10), grace=1)
    second = signed(loan, officer, boss, valid_from=DAY(2027, 3, 10), months=3)
    one, two = (rows_of(loan.schedules.get(number=number)) for number in (2, 3))
    assert two[:4] == one[:4] and len(two) == len(one) + 3
    assert sum(row[5] for row in two) == 12_000
    with pytest.raises(Refused):  # earlier than the last one
        prepare(loan, officer, valid_from=DAY(2027, 1, 10), months=1)
    assert (second.number, fresh(loan).months) == (2, 15)


def test_the_grace_that_runs_stays_and_a_holiday_lies_over_it(officer, boss):
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=4)
    row = prepare(loan, officer, holiday=2)
    new = annexes.effect(row).new
    assert [r.principal == 0 for r in new[:5]] == [True, True, True, True, False]
    assert [r.total == 0 for r in new[:4]] == [False, True, True, False] and new[3].deferred > 0
    annexes.drop(row, by=officer, reason="Inaczej")
    new = annexes.effect(prepare(loan, officer, grace=2)).new
    assert [r.principal == 0 for r in new[:7]] == [True] * 6 + [False]


def test_a_tranche_to_come_stays_in_the_new_schedule(officer, boss):
    plan = [(D(5_000), TODAY), (D(7_000), DAY(2027, 2, 1))]
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=3, tranches=plan)
    row = signed(loan, officer, boss, months=2)
    rows = list(row.schedule.rows.order_by("nr"))
    assert sum(r.principal for r in rows) == 12_000 and len(rows) == 14
    assert consistency.differences(loan.fund) == []


def test_the_paper_holds_both_schedules(loan, officer, boss):
    row = annexes.confirm(prepare(loan, officer, grace=3, months=1), by=boss)
    paper = row.papers.get()
    pages = pypdf.PdfReader(io.BytesIO(bytes(paper.file.data))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
    for words in (f"Aneks nr 1 do umowy pożyczki nr {loan.number}", "Spadek zamówień", "10 grudnia 2026"):
        assert words in text
    assert (paper.kind, text.count("10.11.2027"), text.count("10.12.2027")) == ("annex", 2, 1)


def test_what_an_annex_costs_is_told_before(loan, officer):
    found = annexes.effect(prepare(loan, officer, months=12))
    old = sum(row.interest for row in loan.schedules.get().rows.all())
    assert (found.old_interest, found.difference) == (old, found.new_interest - old)
    assert found.difference > 0 and len(found.new) == 24


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"grace": 11},
        {"holiday": 11},
        {"holiday": 5, "grace": 6},
        {"months": 349},
        {"rate_months": 3},
        {"rate": D(1)},
        {"rate": D("-0.01")},
        {"grace": 1, "valid_from": TODAY},
        {"grace": 1, "valid_from": DAY(2026, 12, 11)},
        {"grace": 1, "valid_from": DAY(2027, 11, 10)},  # the last one
        {"grace": 1, "reasons": ""},
        {"grace": -1},
    ],
)
def test_what_no_annex_may_say(loan, officer, given_):
    with pytest.raises(Refused) as refused:
        prepare(loan, officer, **given_)
    assert refused.value.messages
    assert Annex.objects.count() == 0


def test_no_annex_before_an_instalment_that_is_due_already(loan, officer, boss):
    with at(DAY(2027, 2, 11)):
        assert annexes.first_days(loan)[0] == DAY(2027, 2, 10)
        with pytest.raises(Refused):
            prepare(loan, officer, grace=1, valid_from=DAY(2027, 1, 10))
        row = prepare(loan, officer, grace=1, valid_from=DAY(2027, 2, 10))
    with at(DAY(2027, 3, 10)):
        with pytest.raises(Refused):
            annexes.confirm(row, by=boss)
    with at(DAY(2027, 2, 12)):
        annexes.confirm(row, by=boss)
    with at(DAY(2027, 3, 10)):
        with pytest.raises(Refused):
            annexes.sign(row, by=officer, signed_on=DAY(2027, 3, 10))
        # signed in time and noted late: the parties are bound
        assert annexes.sign(row, by=officer, signed_on=DAY(2027, 3, 1)).state == "signed"


def test_a_payout_meanwhile_asks_for_a_new_paper(officer, boss):
    plan = [(D(5_000), TODAY), (D(7_000), DAY(2027, 2, 1))]
    loan = make.active(12_000, by=officer, boss=boss, months=12, grace=3, tranches=plan)
    row = annexes.confirm(prepare(loan, officer, months=2), by=boss)
    with at(DAY(2026, 11, 5)):
        schedules.rebuild(fresh(loan), by=boss, reason="payout")
        with pytest.raises(Refused):
            annexes.sign(row, by=officer, signed_on=DAY(2026, 11, 5))


def test_days_of_signing_and_four_eyes(loan, officer, boss):
    row = prepare(loan, boss, grace=1)
    with pytest.raises(Refused):
        annexes.confirm(row, by=boss)
    with pytest.raises(PermissionDenied):
        annexes.confirm(row, by=officer)
    row = annexes.confirm(row, by=make.manager())
    for day in (DAY(2026, 11, 1), DAY(2026, 11, 3)):
        with pytest.raises(Refused):
            annexes.sign(row, by=officer, signed_on=day)
    row = annexes.sign(row, by=officer, signed_on=TODAY, file=upload())
    assert sorted(row.papers.values_list("kind", flat=True)) == ["annex", "signed"]


@pytest.mark.parametrize("state", ["approved", "drawn", "signed", "ready"])
def test_only_a_loan_in_payment_has_annexes(state, officer):
    made = {"approved": make.granted, "drawn": make.drawn, "signed": make.signed, "ready": make.secured}[state]
    with pytest.raises(Refused):
        prepare(made(by=officer), officer, grace=1)


STEPS = {
    "confirm": lambda row, officer, boss: annexes.confirm(row, by=boss),
    "sign": lambda row, officer, boss: annexes.sign(row, by=officer, signed_on=TODAY),
    "drop": lambda row, officer, boss: annexes.drop(row, by=officer, reason="Inaczej"),
}


@pytest.mark.parametrize("state", list(AnnexState))
@pytest.mark.parametrize("action", sorted(STEPS))
def test_every_step_in_every_state(state, action, loan, officer, boss):
    row = prepare(loan, officer, grace=1)
    if state in (AnnexState.CONFIRMED, AnnexState.SIGNED):
        row = annexes.confirm(row, by=boss)
    if state == AnnexState.SIGNED:
        row = annexes.sign(row, by=officer, signed_on=TODAY)
    if state == AnnexState.DROPPED:
        row = annexes.drop(row, by=officer, reason="Inaczej")
    reader = base.user(Role.COORDINATOR)
    step = next(one for one in ANNEX_MOVES if one.action == action)
    if state in step.sources:
        with pytest.raises(PermissionDenied):
            STEPS[action](row, reader, reader)
        assert STEPS[action](row, officer, boss).state == step.target
    else:
        with pytest.raises(Stale):
            STEPS[action](row, officer, boss)
        assert fresh(row).state == state


def test_whoever_writes_past_the_services_is_refused(loan, officer, boss):
    row = prepare(loan, officer, grace=1)
    rows = Annex.objects.filter(pk=row.pk)
    for values in ({"grace": 2}, {"state": "signed", "signed_on": TODAY}, {"confirmed_by": officer}, {"reasons": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_annex_keeps_the_principal_and_the_rows_before_it(loan, officer, boss, data):
    with transaction.atomic():
        old = rows_of(schedules.current(loan))
        valid_from = data.draw(st.sampled_from(annexes.first_days(loan)))
        rate = data.draw(st.none() | st.decimals(0, "0.2", places=4))
        row = Annex(
            loan=loan,
            number=1,
            valid_from=valid_from,
            holiday=data.draw(st.integers(0, 12)),
            grace=data.draw(st.integers(0, 12)),
            months=data.draw(st.integers(0, 60)),
            rate=rate,
            rate_months=data.draw(st.none() | st.integers(1, 24)) if rate is not None else None,
        )
        try:
            new = as_rows(annexes.effect(row).new)
        except Refused:
            new = None
        kept = [one for one in old if one[1] <= valid_from]
        left = 12 - len(kept) + row.months
        assert (new is None) == (row.holiday + row.grace >= left)
        if new is not None:
            assert new[: len(kept)] == kept and len(new) == 12 + row.months
            assert sum(one[5] for one in new) == 12_000 and new[-1][-1] == 0
            assert [one[0] for one in new] == list(range(1, len(new) + 1))
            assert all(min(one[4:]) >= 0 for one in new)


@pytest.mark.django_db(transaction=True)
def test_two_annexes_at_once():
    officer = make.officer()
    loan = make.active(12_000, by=officer, months=12, grace=0)
    first = annexes.first_days(loan)[0]
    results = at_once(2, lambda _n: annexes.prepare(loan, by=officer, valid_from=first, grace=1, reasons="Powód"))
    assert sorted(type(one) for one in results if isinstance(one, Exception)) == [Refused]
    assert [row.number for row in Annex.objects.all()] == [1]


@pytest.mark.django_db(transaction=True)
def test_signed_and_dropped_at_once():
    officer, boss = make.officer(), make.manager()
    loan = make.active(12_000, by=officer, months=12, grace=0)
    row = annexes.prepare(loan, by=officer, valid_from=annexes.first_days(loan)[0], grace=1, reasons="Powód")
    row = annexes.confirm(row, by=boss)

    def act(number):
        if number:
            return annexes.drop(row, by=officer, reason="Inaczej")
        return annexes.sign(row, by=officer, signed_on=clock.today())

    results = at_once(2, act)
    assert [type(one) for one in results if isinstance(one, Exception)] == [Stale]
    assert loan.schedules.count() == (2 if fresh(row).state == "signed" else 1)
    assert consistency.differences(Loan.objects.get(pk=loan.pk).fund) == []


def test_the_pages(client, loan, officer, boss):
    client.force_login(officer)
    page = url("loan", loan)
    typed = {"valid_from": "2026-12-10", "grace": "3", "rate": "2,5", "rate_months": "6", "reasons": "Spadek"}
    assert client.get(url("annex-new", loan)).status_code == 200
    for wrong in ({"valid_from": "2026-12-11"}, {"grace": "-1"}, {"rate": "100"}, {"reasons": ""}, {"grace": "x"}):
        assert list(client.post(url("annex-new", loan), typed | wrong).context["form"].errors) == [*wrong]
    assert client.post(url("annex-new", loan), typed | {"grace": "11"}).status_code == 200
    assert client.post(url("annex-new", loan), typed).url == page
    row = loan.annexes.get()
    assert (row.grace, row.rate, row.rate_months) == (3, D("0.025000"), 6)
    own = url("annex", loan, 1)
    shown = client.get(own)
    assert [step.action for step in shown.context["moves"]] == ["drop"]
    assert shown.context["effect"].old_interest > 0
    assert client.get(url("annex-new", loan)).url == page
    assert client.get(url("annex-move", loan, 1, "confirm")).status_code == 403
    client.force_login(boss)
    assert client.get(url("annex-move", loan, 1, "confirm")).status_code == 200
    assert client.post(url("annex-move", loan, 1, "confirm")).url == own
    assert client.get(url("annex-move", loan, 1, "sign")).status_code == 200
    assert client.post(url("annex-move", loan, 1, "sign"), {"signed_on": "3.11.2026"}).status_code == 200
    assert client.post(url("annex-move", loan, 1, "sign"), {"signed_on": "2.11.2026"}).url == own
    assert fresh(row).state == "signed"
    assert client.get(own).context["effect"].new_interest == sum(
        one.interest + one.deferred for one in row.schedule.rows.all()
    )
    assert client.get(url("annex-move", loan, 1, "drop")).url == page
    assert client.get(url("annex-move", loan, 1, "nonsense")).status_code == 404
    assert client.get(url("annex", loan, 2)).status_code == 404
    prepare(loan, officer, valid_from=DAY(2027, 7, 10), months=1)
    assert client.post(url("annex-move", loan, 2, "drop"), {"reason": "Inaczej"}).url == url("annex", loan, 2)
    assert "Inaczej" in client.get(url("annex", loan, 2)).text
