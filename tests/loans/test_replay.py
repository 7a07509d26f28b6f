"""The life of a loan told from its events: nothing lost, nothing doubled, the same whenever it is told."""

import datetime
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache, partial

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans import delay, schedule, segments
from loans.replay import (
    COSTS,
    EARLY_INTEREST,
    EARLY_PRINCIPAL,
    FORGIVEN,
    INTEREST,
    OVER,
    PENALTY,
    PRINCIPAL,
    RESTRUCTURED,
    Called,
    Cost,
    Forgiven,
    Payment,
    Replay,
    Restructured,
)
from loans.schedule import ANNUITY, EQUAL_PRINCIPAL, FOLLOWING, REDUCE, SHORTEN, ZERO, Prepayment

D = Decimal
DAY = datetime.timedelta(days=1)
START = datetime.date(2026, 1, 30)
REFERENCES = ((None, D("0.0375")), (datetime.date(2026, 9, 10), D("0.0350")))
END = datetime.date(2029, 12, 31)


def terms(months=24, grace=2, method=EQUAL_PRINCIPAL, amount=50_000):
    return schedule.Terms(
        tranches=((START, D(amount)),),
        dues=schedule.due_days(datetime.date(2026, 2, 28), months, anchor=30),
        rates=((None, D("0.038")),),
        method=method,
        grace=grace,
        business=FOLLOWING,
    )


def plain(of, early):
    return schedule.build(replace(of, prepayments=early))


def replay(of=None, **more):
    return Replay(partial(plain, of or terms()), REFERENCES, **more)


def paid_until(rows, last):
    """Payments on time of the rows up to a number."""
    return [Payment(row.due, row.total, f"row {row.nr}") for row in rows if row.nr <= last]


def parts(told, kind=None):
    return [(part.key, part.nr, part.amount) for part in told.parts if kind in (None, part.kind)]


def test_paid_on_every_due_day_nothing_is_ever_late():
    rows = schedule.build(terms()).rows
    told = replay()
    standing = told.tell([Payment(row.due, row.total, row.nr) for row in rows], [], END)
    assert (standing.arrears, standing.over, standing.principal, standing.days) == (0, 0, 0, 0)
    assert parts(told, INTEREST) == [(row.nr, row.nr, row.interest) for row in rows if row.interest]
    assert parts(told, PRINCIPAL) == [(row.nr, row.nr, row.principal) for row in rows if row.principal]
    assert len(told.parts) == len(parts(told, INTEREST)) + len(parts(told, PRINCIPAL))


def test_a_late_instalment_costs_the_penalty_on_its_principal_alone():
    row = schedule.build(terms()).rows[2]
    before = [Payment(one.due, one.total) for one in schedule.build(terms()).rows[:2]]
    paid = row.due + DAY * 20
    fine = delay.penalty(row.principal, row.nominal_due, paid, REFERENCES).interest
    told = replay()
    told.tell([*before, Payment(paid, row.total + fine, "late")], [], paid)
    of_row = [(part.kind, part.amount) for part in told.parts if part.key == "late" and part.nr == row.nr]
    assert of_row == [(PENALTY, fine), (INTEREST, row.interest), (PRINCIPAL, row.principal)]


def test_the_day_of_delay_is_counted_from_the_moved_due_day():
    # 30 May 2026 is a Saturday: due on Monday, 1 June
    rows = schedule.build(terms()).rows
    row = next(one for one in rows if one.nominal_due == datetime.date(2026, 5, 30))
    assert row.due == datetime.date(2026, 6, 1)
    paid = [Payment(one.due, one.total) for one in rows if one.nr < row.nr]
    assert replay().tell(paid, [], row.due).days == 0
    late = replay().tell(paid, [], row.due + DAY)
    assert (late.days, late.overdue_principal, late.overdue_interest) == (1, row.principal, row.interest)


def test_what_is_too_much_waits_for_the_next_due_day():
    rows = schedule.build(terms()).rows
    told = replay()
    standing = told.tell([Payment(rows[0].due, rows[0].total + 100, "a")], [], rows[0].due)
    assert (standing.over, standing.principal) == (100, 50_000)
    told = replay()
    standing = told.tell([Payment(rows[0].due, rows[0].total + 100, "a")], [], rows[1].due)
    assert standing.over == 0
    assert parts(told, OVER) == [("a", None, D(100)), (None, None, D(-100))]
    assert (None, 2, D(100)) in parts(told, INTEREST)


@pytest.mark.parametrize("mode", [REDUCE, SHORTEN])
@pytest.mark.parametrize("method", [EQUAL_PRINCIPAL, ANNUITY])
def test_an_early_repayment_by_instruction_pays_arrears_and_interest_first(mode, method):
    of = terms(method=method)
    rows = schedule.build(of).rows
    paid = [Payment(row.due, row.total) for row in rows[:3]]
    on = rows[3].due + DAY * 10  # the fourth is overdue
    told = replay(of)
    standing = told.tell([*paid, Payment(on, D(20_000), "early", mode)], [], on)
    kinds = [part.kind for part in told.parts if part.key == "early"]
    assert kinds == [PENALTY, INTEREST, PRINCIPAL, EARLY_INTEREST, EARLY_PRINCIPAL]
    assert sum(part.amount for part in told.parts if part.key == "early") == 20_000
    assert standing.arrears == standing.over == 0
    principal = sum(part.amount for part in told.parts if part.kind in (PRINCIPAL, EARLY_PRINCIPAL))
    assert principal + standing.principal == 50_000


def test_the_whole_loan_paid_back_early_and_more_than_that():
    on = datetime.date(2026, 7, 7)
    principal, interest = schedule.payoff(terms(), on)
    rows = [row for row in schedule.build(terms()).rows if row.due < on]
    paid = [Payment(row.due, row.total) for row in rows]
    told = replay()
    standing = told.tell([*paid, Payment(on, principal + interest + D("0.01"), "all", REDUCE)], [], END)
    assert (standing.principal, standing.arrears, standing.over) == (0, 0, D("0.01"))


def test_money_before_the_payout_waits():
    early = START - DAY
    standing = replay().tell([Payment(early, D(10), "x", REDUCE)], [], early)
    assert (standing.over, standing.principal) == (10, 50_000)


def test_costs_come_first():
    row = schedule.build(terms()).rows[0]
    told = replay()
    told.tell([Payment(row.due, D(30), "p")], [Cost(row.due, D(40))], row.due)
    assert [(part.kind, part.amount) for part in told.parts] == [(COSTS, D(30))]


def test_neither_payment_nor_cost_is_nothing():
    for payments, costs in (([Payment(START, D(0))], []), ([], [Cost(START, D(-1))])):
        with pytest.raises(ValueError, match="more than nothing"):
            replay().tell(payments, costs, END)


@given(
    first=st.dates(START, END),
    days=st.integers(0, 900),
    changes=st.dictionaries(st.dates(START, END), st.decimals(0, "0.2", places=4), max_size=4),
    highest=st.none() | st.decimals(0, "0.3", places=4),
)
def test_the_meter_of_delay_counts_as_its_parts_do(first, days, changes, highest):
    references = [*changes.items(), (None, D("0.0375"))]
    last = first + DAY * days
    whole = sum(rate * count for rate, count in delay.parts(first, last, references, highest=highest))
    meter = delay.Meter(references, highest=highest)
    assert meter.rate_days(first, last) == whole
    assert meter.rate_days(first, first - DAY) == 0


def test_the_meter_of_delay_knows_what_it_does_not_know():
    for references in ((), ((START, D("0.04")),)):
        with pytest.raises(LookupError):
            delay.Meter(references).rate_days(START - DAY, START)
    assert delay.Meter(((START, D("0.04")),)).rate_days(START, START) == D("0.19")


# A loan that is called


def test_a_loan_never_paid_and_called_owes_its_principal_and_what_accrued():
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 7, 7)
    due = [row for row in rows if row.due <= on]
    told = replay()
    standing = told.tell([], [], on + DAY, [Called(on)])
    accrued = segments.accrued(schedule.build(terms()).segments, on - DAY)
    assert (standing.overdue_principal, standing.overdue_interest) == (50_000, accrued)
    assert standing.called and standing.principal == 50_000
    assert (standing.unpaid_due, standing.next_due, standing.next_total) == (due[2].due, None, 0)
    # the called principal bears interest for delay from the day after, a day of it so far
    late = sum(delay.penalty(row.principal, row.nominal_due, on + DAY, REFERENCES).interest for row in due)
    called = 50_000 - sum(row.principal for row in due)
    assert standing.penalty == late + schedule.rounded(called * D("0.185") / 365)
    # what is left of the contractual interest is the days from the last due day to the day before
    last = due[-1]
    told = replay()
    standing = told.tell(paid_until(rows, last.nr), [], on, [Called(on)])
    days = (on - last.nominal_due).days
    interest = schedule.rounded(last.balance * D("0.038") * days / 365)
    assert (standing.arrears, standing.principal) == (0, last.balance)
    assert (standing.next_due, standing.next_total) == (on, last.balance + interest)
    later = told.tell(paid_until(rows, last.nr), [], END, [Called(on)])
    assert (later.overdue_interest, later.days) == (interest, (END - on).days)


def test_an_instalment_moved_over_a_weekend_falls_due_with_the_call():
    # 30 May 2026 is a Saturday: due on Monday, called on Sunday
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 5, 31)
    standing = replay().tell(paid_until(rows, 3), [], on, [Called(on)])
    interest = rows[3].interest + schedule.rounded(rows[3].balance * D("0.038") / 365)
    assert (standing.next_due, standing.next_total) == (on, rows[2].balance + interest)


def test_a_called_loan_takes_money_for_what_is_due_and_repays_nothing_early():
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 7, 7)
    before = [*paid_until(rows, 5), Payment(on, D(500), "over")]
    told = replay()
    standing = told.tell([*before, Payment(on + DAY, D(60_000), "all", REDUCE)], [], END, [Called(on), Called(on)])
    assert standing.principal == standing.arrears == 0
    nr = rows[5].nr
    assert [(part.kind, part.nr) for part in told.parts if part.key == "all"] == [
        (PENALTY, nr),
        (PRINCIPAL, nr),
        (OVER, None),
    ]
    # what waited is used on the day of the call: interest first
    assert [part.kind for part in told.parts if part.key is None] == [INTEREST, PRINCIPAL, OVER]
    assert standing.over == sum(part.amount for part in told.parts if part.kind == OVER) > 0


def test_a_call_collects_the_interest_of_a_payment_holiday():
    of = replace(terms(grace=6), interest_grace=6)
    on = datetime.date(2026, 5, 10)
    standing = replay(of).tell([], [], on, [Called(on)])
    assert standing.next_total == 50_000 + sum(
        schedule.rounded(D(50_000) * D("0.038") * (min(ends, on) - begins).days / 365)
        for begins, ends in zip((START, *of.dues), of.dues, strict=False)
        if begins < on
    )


# Forgiveness


def test_what_is_forgiven_lowers_what_is_not_due_and_leaves_the_interest():
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 7, 7)
    told = replay()
    standing = told.tell(paid_until(rows, 5), [], on, [Forgiven(on, D(10_000), "gift")])
    assert [(part.kind, part.nr, part.amount) for part in told.parts if part.key == "gift"] == [
        (FORGIVEN, None, D(10_000))
    ]
    assert standing.principal == rows[4].balance - 10_000
    known = (Prepayment(on, D(10_000), SHORTEN, only_principal=True),)
    assert told.prepayments == known and told.plan_now == schedule.build(replace(terms(), prepayments=known))
    assert standing.next_total == told.plan_now.rows[5].total
    assert len(told.plan_now.rows) < len(rows)


def test_more_is_forgiven_from_the_oldest_overdue():
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 7, 7)
    due = [row for row in rows if row.due <= on]
    told = replay()
    amount = due[-1].balance + due[2].principal + 1
    standing = told.tell([], [], on, [Forgiven(on, amount, "gift")])
    assert parts(told, FORGIVEN) == [
        ("gift", None, due[-1].balance),
        ("gift", 3, due[2].principal),
        ("gift", 4, D(1)),
    ]
    assert standing.principal == 50_000 - amount
    # interest for the delay until then stays owed
    assert standing.penalty == sum(
        delay.penalty(row.principal, row.nominal_due, on, REFERENCES).interest for row in due if row.principal
    )
    # and so does that of the contract, with the row that has begun
    row = told.plan_now.rows[-1]
    assert (row.nr, row.principal) == (6, 0) and row.interest == segments.accrued(
        schedule.build(terms()).segments, on - DAY
    ) - sum(row.interest for row in due)
    replay().tell([], [], on, [Forgiven(on, D(50_000))])
    with pytest.raises(ValueError, match="more is forgiven"):
        replay().tell([], [], on, [Forgiven(on, D("50000.01"))])
    with pytest.raises(ValueError, match="more than nothing"):
        replay().tell([], [], on, [Forgiven(on, D(0))])


def test_a_called_loan_is_forgiven_from_the_oldest():
    rows, on = schedule.build(terms()).rows, datetime.date(2026, 7, 7)
    told = replay()
    told.tell(paid_until(rows, 4), [], on, [Called(on), Forgiven(on, rows[4].principal + 1)])
    assert [part[1:] for part in parts(told, FORGIVEN)] == [(5, rows[4].principal), (6, D(1))]
    assert told.prepayments == ()


# Restructuring

CUT = datetime.date(2026, 6, 30)
FIRST_ROWS = 5  # due by then


def restructured(of, amount):
    """A plan with an annex of CUT, valid for 30 months from it, which takes over some overdue principal."""

    def plan(early):
        before = schedule.build(replace(of, prepayments=tuple(one for one in early if one.on < CUT)))
        kept = tuple(row for row in before.rows if row.nominal_due <= CUT)
        left = (kept[-1].balance if kept and kept[-1].nominal_due == CUT else ZERO) + amount
        pieces = tuple(piece for piece in before.segments if piece.begins < CUT)
        amended = ((CUT, amount),) if amount else ()
        if not left:
            return schedule.Schedule(kept, before.events, pieces, amended)
        dues = schedule.due_days(datetime.date(2026, 7, 30), 30)
        later = tuple(one for one in early if one.on >= CUT)
        after = schedule.build(
            replace(of, tranches=((CUT, left),), dues=dues, grace=0, interest_grace=0, prepayments=later)
        )
        rows = tuple(replace(row, nr=row.nr + len(kept)) for row in after.rows)
        joined = segments.joined(pieces, after.segments)
        return schedule.Schedule((*kept, *rows), (*before.events, *after.events), joined, amended)

    return plan


def overdue_at_cut(payments, of=None):
    told = replay(of)
    told.tell([one for one in payments if one.on <= CUT], [], CUT)
    return told.fallen_due(CUT)


def test_a_restructuring_moves_principal_and_sets_interest_apart():
    rows = schedule.build(terms()).rows
    paid = paid_until(rows, 3)
    principal, interest = overdue_at_cut(paid)
    assert principal == rows[3].principal + rows[4].principal and interest == rows[3].interest + rows[4].interest
    told = Replay(restructured(terms(), principal), REFERENCES)
    changes = [Restructured(CUT)]
    before = told.tell(paid, [], CUT - DAY, changes)
    assert (before.overdue_principal, before.principal) == (rows[3].principal, 50_000 - rows[2].principal)
    after = told.tell(paid, [], CUT + DAY * 5, changes)
    assert (after.overdue_principal, after.overdue_interest, after.restructured) == (0, 0, interest)
    assert (after.principal, after.days, after.over) == (50_000 - rows[2].principal, 0, 0)
    # interest for the delay before it stays owed and grows no more
    fine = delay.penalty(rows[3].principal, rows[3].nominal_due, CUT, REFERENCES).interest
    assert after.penalty == after.arrears == fine
    first = told.plan_now.rows[FIRST_ROWS]
    assert (after.next_due, after.next_total) == (first.due, first.total)
    # after what is overdue of interest, before principal
    told.tell([*paid, Payment(CUT + DAY * 5, fine + interest + 10, "later")], [], CUT + DAY * 5, changes)
    assert [(part.kind, part.nr, part.amount) for part in told.parts if part.key == "later"] == [
        (PENALTY, 4, fine),
        (RESTRUCTURED, None, interest),
        (OVER, None, D(10)),
    ]


def test_old_interest_is_paid_between_overdue_interest_and_overdue_principal():
    rows = schedule.build(terms()).rows
    paid = paid_until(rows, 3)
    principal, _interest = overdue_at_cut(paid)
    told = Replay(restructured(terms(), principal), REFERENCES)
    on = datetime.date(2026, 8, 31)  # the first after the annex is overdue, the second falls due
    standing = told.tell([*paid, Payment(on, D(3500), "some")], [], on, [Restructured(CUT)])
    kinds = [(part.kind, part.nr) for part in told.parts if part.key == "some"]
    overdue = [(PENALTY, 4), (PENALTY, 6), (INTEREST, 6), (RESTRUCTURED, None), (PRINCIPAL, 6)]
    assert kinds == [*overdue, (INTEREST, 7), (PRINCIPAL, 7)]
    assert standing.restructured == 0


def test_what_was_paid_after_all_is_the_borrowers_and_what_was_not_stays_with_the_oldest():
    rows = schedule.build(terms()).rows
    paid, changes = paid_until(rows, 3), [Restructured(CUT)]
    principal, interest = overdue_at_cut(paid)
    plan = restructured(terms(), principal)
    # a payment came to light
    on = rows[3].due
    told = Replay(plan, REFERENCES)
    standing = told.tell([*paid, Payment(on, rows[3].total + 50, "late")], [], CUT, changes)
    left = interest - rows[3].interest - 50  # which paid interest of the fifth on its due day
    own = [(part.kind, part.nr, part.amount) for part in told.parts if part.key is None]
    assert own[-4:] == [
        (PRINCIPAL, None, -rows[3].principal),
        (OVER, None, rows[3].principal),
        (RESTRUCTURED, None, left),
        (OVER, None, -left),
    ]
    assert (standing.restructured, standing.over, standing.arrears) == (0, rows[3].principal - left, 0)
    lent = sum(part[2] for part in parts(told, PRINCIPAL)) + standing.principal
    assert lent == 50_000
    # one turned out to be none
    told = Replay(plan, REFERENCES)
    standing = told.tell(paid[:2], [], CUT + DAY, changes)
    assert standing.overdue_principal == rows[2].principal and standing.unpaid_due == rows[2].due
    assert standing.restructured == sum(row.interest for row in rows[2:5])
    assert standing.principal == 50_000


def test_what_is_not_told_or_comes_after_a_call():
    told = Replay(restructured(terms(), D(100)), REFERENCES)
    with pytest.raises(ValueError, match="not told"):
        told.tell([], [], END)
    with pytest.raises(ValueError, match="called"):
        told.tell([], [], END, [Called(CUT - DAY), Restructured(CUT)])
    # called before its day, nothing was taken over
    early = told.tell([], [], CUT - DAY, [Called(CUT - DAY), Restructured(CUT)])
    assert early.principal == 50_000


# All together

amounts = st.decimals(min_value="0.01", max_value=8000, places=2)
moments = st.dates(START, datetime.date(2028, 6, 30))
payments = st.lists(
    st.builds(Payment, on=moments, amount=amounts, key=st.none(), mode=st.sampled_from(["", "", "", REDUCE, SHORTEN])),
    max_size=12,
)
charges = st.lists(st.builds(Cost, on=moments, amount=st.decimals(min_value=1, max_value=50, places=2)), max_size=3)
gifts = st.builds(Forgiven, on=moments, amount=st.decimals(min_value=1, max_value=4000, places=2), key=st.just("gift"))
changes_ = st.tuples(st.lists(gifts, max_size=2), st.lists(st.builds(Called, on=moments), max_size=1)).map(
    lambda both: [*both[0], *both[1]]
)
FIGURES = ("costs", "penalty", "overdue_interest", "overdue_principal", "over", "principal", "days", "restructured")


@st.composite
def lives(draw):
    """(plan, payments, costs, changes): plain, with early repayments, forgiven, called or restructured."""
    of = terms(method=draw(st.sampled_from([EQUAL_PRINCIPAL, ANNUITY])))
    paid = [replace(payment, key=number) for number, payment in enumerate(draw(payments))]
    changes = draw(changes_)
    plan = partial(plain, of)
    if draw(st.booleans()):
        changes = [one for one in changes if not isinstance(one, Called) or one.on > CUT]
        principal = overdue_at_cut(paid, of)[0] if draw(st.booleans()) else draw(st.decimals(0, 9000, places=2))
        plan, changes = restructured(of, principal), [*changes, Restructured(CUT)]
    return lru_cache(plan), paid, draw(charges), changes


def tell(plan, paid, costs, changes, until):
    """(Replay, Standing), of what can be told."""
    told = Replay(plan, REFERENCES)
    try:
        return told, told.tell(paid, costs, until, changes)
    except ValueError as refusal:
        assume("more is forgiven" not in str(refusal))
        raise


def totals(told):
    found = {}
    for part in told.parts:
        found[part.kind] = found.get(part.kind, ZERO) + part.amount
    return {kind: amount for kind, amount in found.items() if amount}


@settings(deadline=None)
@given(life=lives(), until=st.dates(START, END), data=st.data())
def test_nothing_is_lost_or_doubled_and_the_order_of_telling_does_not_matter(life, until, data):
    plan, paid, costs, changes = life
    told, standing = tell(plan, paid, costs, changes, until)
    for payment in paid:
        of = [part.amount for part in told.parts if part.key == payment.key]
        assert sum(of, ZERO) == (payment.amount if payment.on <= until else 0)
    own = [part for part in told.parts if part.key is None]
    assert sum((part.amount for part in own), ZERO) == 0
    assert all(part.amount > 0 or (part.kind in (OVER, PRINCIPAL) and part.key is None) for part in told.parts)
    sums = totals(told)
    principal = sum(sums.get(kind, ZERO) for kind in (PRINCIPAL, EARLY_PRINCIPAL, FORGIVEN))
    assert principal + standing.principal == 50_000
    forgiven = sum((one.amount for one in changes if isinstance(one, Forgiven) and one.on <= until), ZERO)
    assert sums.get(FORGIVEN, ZERO) == forgiven
    assert sums.get(OVER, ZERO) == standing.over
    charged = sum((cost.amount for cost in costs if cost.on <= until), ZERO)
    assert sums.get(COSTS, ZERO) + standing.costs == charged
    assert all(getattr(standing, name) >= 0 for name in FIGURES)
    assert (standing.days > 0) == bool(standing.unpaid_due and standing.unpaid_due < until)
    assert (standing.next_due is None) == (standing.next_total == 0)
    assert told.plan_now == plan(told.prepayments)
    # of one day the order is that of booking; days may come in any order
    days = data.draw(st.permutations(sorted({payment.on for payment in paid})))
    shuffled = [payment for day in days for payment in paid if payment.on == day]
    again, same = tell(plan, shuffled, costs, changes, until)
    assert same == standing and again.parts == told.parts
    # and telling once more is telling anew
    assert told.tell(paid, costs, until, changes) == standing and told.parts == again.parts


@settings(deadline=None)
@given(life=lives(), until=st.dates(START, END), data=st.data())
def test_a_payment_in_two_parts_of_one_day_does_what_it_does_whole(life, until, data):
    plan, paid, costs, changes = life
    assume(any(payment.amount > D("0.01") for payment in paid))
    whole = data.draw(st.sampled_from([payment for payment in paid if payment.amount > D("0.01")]))
    one = data.draw(st.decimals("0.01", whole.amount - D("0.01"), places=2))
    halves = [replace(whole, amount=one), replace(whole, amount=whole.amount - one)]
    split = [part for payment in paid for part in (halves if payment is whole else [payment])]
    told, standing = tell(plan, paid, costs, changes, until)
    parted, same = tell(plan, split, costs, changes, until)
    assert (totals(parted), same) == (totals(told), standing)


@settings(deadline=None)
@given(life=lives(), on=st.dates(CUT + DAY, END), later=st.integers(1, 500))
def test_a_called_loan_owes_principal_and_what_accrued_to_the_day_before(life, on, later):
    plan, paid, costs, changes = life
    changes = [one for one in changes if not isinstance(one, Called)]
    told, standing = tell(plan, paid, costs, [*changes, Called(on)], on + DAY * later)
    sums = totals(told)
    assert standing.called and standing.next_due is None and standing.overdue_principal == standing.principal
    paid_interest = sum(sums.get(kind, ZERO) for kind in (INTEREST, EARLY_INTEREST, RESTRUCTURED))
    owed = standing.overdue_interest + standing.restructured
    assert paid_interest + owed == segments.accrued(told.plan_now.segments, on - DAY)
