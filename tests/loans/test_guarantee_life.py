"""Guarantees after their approval: promised, drawn up, signed, in force, ended, and what of the fund they take."""

import datetime
import io
from decimal import Decimal

import pgtrigger
import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale, available, find
from centrum.staff.enums import Role
from loans import consistency, ledger, nightly, securities
from loans.enums import GUARANTEE_MOVES, GuaranteeState, SecurityState
from loans.guarantees import agreements, calls, expiry, exposure, fees, granting, limits, recourse
from loans.models import Fund, Guarantee, Line
from tests import threads
from tests.factories import aid, base
from tests.factories import guarantees as of
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
NOW = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
TODAY = DAY(2026, 11, 2)


@pytest.fixture
def told():
    with clock.at(NOW):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


def days(number):
    return clock.today() + datetime.timedelta(days=number)


def stakes(row):
    row = of.fresh(row)
    return row.reserved, row.exposure, row.claim, row.lost


def lines(guarantee, event):
    rows = Line.objects.filter(guarantee=guarantee, entry__event=event).order_by("entry_id", "number")
    return list(rows.values_list("account__code", "amount"))


def text_of(paper):
    pages = pypdf.PdfReader(io.BytesIO(bytes(paper.file.data))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def must_agree(guarantee):
    assert consistency.differences(Fund.objects.get(pk=guarantee.fund_id)) == []


# The way to the signature


def test_the_promise_is_a_paper_with_its_days(officer):
    made = agreements.promise(of.granted(by=officer), by=officer)
    assert (made.state, made.promised_on) == ("promised", TODAY)
    text = text_of(made.papers.get(kind="promise"))
    assert made.number in text
    assert "31 stycznia 2027" in text
    assert "20 000,00 zł" in text.replace("\xa0", " ")


def test_agreement_and_declaration_say_the_amount_the_cover_and_the_term(officer):
    made = of.drawn(by=officer)
    agreement, declaration = (
        text_of(made.papers.get(kind=kind)).replace("\xa0", " ") for kind in ("agreement", "declaration")
    )
    for text in (agreement, declaration):
        assert "80% niespłaconego kapitału" in text
        assert "20 000,00 zł (słownie: dwadzieścia tysięcy złotych 00/100)" in text
        assert made.lender.name in text
    assert "Weksel in blanco" in agreement
    assert "art. 876" in declaration
    again = agreements.draw(made, by=officer, drawn_on=DAY(2026, 11, 5))
    assert (again.drawn_on, again.papers.count()) == (DAY(2026, 11, 5), 4)


@pytest.mark.parametrize("day", [DAY(2026, 11, 1), DAY(2027, 2, 1)])
def test_an_agreement_is_of_a_day_to_come_and_in_time(officer, day):
    with pytest.raises(Refused) as refused:
        agreements.draw(of.granted(by=officer), by=officer, drawn_on=day)
    assert list(refused.value.error_dict) == ["drawn_on"]


def test_the_signature_is_of_its_days(officer):
    made = agreements.draw(of.granted(by=officer), by=officer, drawn_on=DAY(2026, 11, 5))
    with of.at(DAY(2026, 11, 6)):
        for day in (DAY(2026, 11, 4), DAY(2026, 11, 7)):
            with pytest.raises(Refused) as refused:
                agreements.sign(made, by=officer, signed_on=day)
            assert list(refused.value.error_dict) == ["signed_on"]
    with of.at(DAY(2027, 2, 2)):
        with pytest.raises(Refused):
            agreements.sign(made, by=officer, signed_on=DAY(2027, 2, 1))
        signed = agreements.sign(made, by=officer, signed_on=DAY(2027, 1, 31), file=upload())
    assert (signed.state, signed.papers.filter(kind="signed").count()) == ("signed", 1)


# In force


def test_what_was_promised_becomes_what_is_guaranteed_in_one_entry(officer):
    made = of.active(by=officer, paid_out=D("24999.99"))
    assert (made.state, made.activated_on, made.valid_to) == ("active", TODAY, DAY(2030, 2, 2))
    assert stakes(made) == (0, D("19999.99"), 0, 0)
    assert sorted(lines(made, "gua_active")) == [
        ("990", D("19999.99")),
        ("990-1", D(-20_000)),
        ("991", D("-19999.99")),
        ("991-1", D(20_000)),
    ]
    fund = Fund.objects.get(pk=made.fund_id)
    assert (fund.gua_reserved, fund.gua_exposure) == (0, D("19999.99"))
    must_agree(made)


def test_half_a_grosz_of_the_cover_goes_up_and_never_over_the_amount(officer):
    made = of.granted(D("0.80"), by=officer, credit=D("1.01"), cover=D("0.7970"))
    assert exposure.of_credit(made, D("0.50")) == D("0.40")
    made.cover, made.amount = D("0.5"), D("12.34")
    assert exposure.of_credit(made, D("0.01")) == D("0.01")
    assert exposure.of_credit(made, D("24.69")) == D("12.34")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"activated_on": DAY(2026, 11, 1)}, "activated_on"),
        ({"activated_on": DAY(2026, 11, 3)}, "activated_on"),
        ({"paid_out": D("25000.01")}, "paid_out"),
        ({"paid_out": D(0)}, "paid_out"),
        ({"credit_number": " "}, "credit_number"),
        ({"credit_number": "=1+1"}, "credit_number"),
        ({"credit_number": "a;b"}, "credit_number"),
        ({"credit_number": "1" * 61}, "credit_number"),
    ],
)
def test_a_credit_that_is_not_guaranteed(officer, wrong, field):
    made = of.signed(by=officer)
    said = {"activated_on": TODAY, "paid_out": made.credit, "credit_number": "KR/1"} | wrong
    with pytest.raises(Refused) as refused:
        agreements.activate(made, by=officer, **said)
    assert list(refused.value.error_dict) == [field]
    assert stakes(made) == (D(20_000), 0, 0, 0)


def test_a_credit_paid_out_after_the_days_for_it_is_not_guaranteed(officer):
    made = of.signed(by=officer)
    with of.at(DAY(2027, 2, 5)):
        with pytest.raises(Refused, match=r"31\.1\.2027"):
            agreements.activate(
                made, by=officer, activated_on=DAY(2027, 2, 1), credit_number="KR/1", paid_out=made.credit
            )
        last = agreements.activate(
            made, by=officer, activated_on=DAY(2027, 1, 31), credit_number="KR/1", paid_out=made.credit
        )
    assert last.state == "active"


def test_a_credit_is_guaranteed_once(officer):
    lender = of.lender()

    def activate(made, number="kr/1 A"):
        return agreements.activate(made, by=officer, activated_on=TODAY, credit_number=number, paid_out=made.credit)

    activate(of.signed(by=officer, lender_=lender), "KR/1  a")
    made = of.signed(by=officer, lender_=lender)
    with pytest.raises(Refused, match="już poręczony") as refused:
        activate(made)
    assert list(refused.value.error_dict) == ["credit_number"]
    assert (of.fresh(made).state, stakes(made)) == ("signed", (D(20_000), 0, 0, 0))
    assert activate(made, "KR/2").state == "active"
    assert activate(of.signed(by=officer)).state == "active"  # of another lender
    must_agree(made)


def test_nothing_is_in_force_before_every_security_is_established(officer):
    made = of.signed(by=officer, secured=False)
    with pytest.raises(Refused, match="zabezpiecze"):
        agreements.activate(made, by=officer, activated_on=TODAY, credit_number="KR/1", paid_out=made.credit)


# Its end


def test_a_guarantee_that_lapses_frees_what_was_promised(officer):
    for make_it in (of.granted, of.drawn, of.signed):
        made = agreements.lapse(make_it(by=officer), by=officer, reason="Bank odmówił.")
        assert (made.state, made.ended_on, stakes(made)) == ("lapsed", TODAY, (0, 0, 0, 0))
    with pytest.raises(Refused):
        agreements.lapse(of.granted(by=officer), by=officer, reason=" ")
    must_agree(made)


def test_a_guarantee_is_released_by_a_document_and_a_reason(officer):
    made = of.active(by=officer)
    said = {"ended_on": TODAY, "reason": "Kredyt spłacony."}
    for wrong in ({"ended_on": DAY(2026, 11, 3)}, {"ended_on": DAY(2026, 11, 1)}, {"reason": ""}):
        with pytest.raises(Refused):
            agreements.release(made, by=officer, file=upload(), **said | wrong)
    with pytest.raises(Refused):
        agreements.release(made, by=officer, file=upload(b"nic"), **said)
    released = agreements.release(made, by=officer, file=upload(), **said)
    assert (released.state, stakes(released)) == ("released", (0, 0, 0, 0))
    assert lines(made, "gua_release") == [("991", D(20_000)), ("990", D(-20_000))]
    must_agree(made)


def test_a_guarantee_expires_some_days_after_its_last_day(officer):
    made = of.active(by=officer, on=DAY(2023, 1, 10))
    fund, last = made.fund, expiry.last_day(made)
    assert (made.valid_to, last) == (DAY(2026, 4, 10), DAY(2026, 4, 17))
    for day in (made.valid_to, last):
        with of.at(day):
            assert expiry.expire(fund) == 0
    with of.at(DAY(2026, 4, 18)):
        assert expiry.expire(fund) == 1
        assert expiry.expire(fund) == 0
    made = of.fresh(made)
    assert (made.state, made.ended_on, stakes(made)) == ("expired", made.valid_to, (0, 0, 0, 0))
    entry = made.lines.get(account__code="990", amount__lt=0).entry
    assert (entry.by, entry.value_date, entry.event) == (None, DAY(2026, 4, 10), "gua_release")


def test_a_guarantee_that_was_called_does_not_expire(officer):
    made = of.active(by=officer, on=DAY(2023, 1, 10))
    with of.at(made.valid_to):
        of.called(guarantee=made)
    with of.at(DAY(2026, 5, 1)):
        assert expiry.expire(made.fund) == 0
    assert of.fresh(made).state == "called"


def test_the_night_lets_expire_and_a_second_one_changes_nothing(officer):
    made = of.active(by=officer, on=DAY(2023, 1, 10))
    first = nightly.keep(Fund.objects.get(pk=made.fund_id))
    second = nightly.keep(Fund.objects.get(pk=made.fund_id))
    assert (first["guarantees expired"], second["guarantees expired"]) == (1, 0)
    assert (first["refused"], of.fresh(made).state) == ([], "expired")
    must_agree(made)


# Securities


def test_securities_of_a_guarantee(officer):
    made = of.drawn(by=officer)
    added = securities.add(made, by=officer, kind="surety", description="Poręczenie Anny Lis", value=D(20_000))
    assert (added.guarantee, added.loan, made.papers.count()) == (made, None, 4)
    made = agreements.sign(made, by=officer, signed_on=TODAY)
    with pytest.raises(Refused):
        securities.change(added, by=officer, description="Kto inny")
    for row in made.securities.all():
        securities.establish(row, by=officer, established_on=TODAY, document="weksel", file=upload())
    assert made.papers.filter(kind="other").count() == 2
    boss = make.manager()
    with pytest.raises(Refused):  # the credit is to be paid out
        securities.release(added, by=boss, released_on=TODAY, reason="Zwrot")
    made = agreements.activate(made, by=officer, activated_on=TODAY, credit_number="KR/1", paid_out=made.credit)
    with pytest.raises(Stale):
        securities.add(made, by=officer, kind="surety", description="Jeszcze jedno")
    assert securities.release(added, by=boss, released_on=TODAY, reason="Zwrot").state == SecurityState.RELEASED
    first = made.securities.exclude(pk=added.pk).get()
    with pytest.raises(Refused, match="ostatni"):
        securities.release(first, by=boss, released_on=TODAY, reason="Zwrot")
    of.released(made)
    assert securities.release(first, by=boss, released_on=TODAY, reason="Zwrot").state == SecurityState.RELEASED


# Every step in every state


def _act(action, guarantee, by):
    """Make a step by the service that makes it; the step of a call or a claim by its own."""
    today = clock.today()
    if action == "promise":
        return agreements.promise(guarantee, by=by)
    if action == "draw":
        return agreements.draw(guarantee, by=by)
    if action == "sign":
        return agreements.sign(guarantee, by=by, signed_on=today)
    if action == "activate":
        for row in guarantee.securities.filter(state="required"):
            if securities.is_open(guarantee):
                securities.establish(row, by=by, established_on=today, document="weksel")
        return agreements.activate(
            guarantee, by=by, activated_on=today, credit_number="KR/1", paid_out=guarantee.credit
        )
    if action == "lapse":
        return agreements.lapse(guarantee, by=by, reason="Rezygnacja")
    if action == "release":
        return agreements.release(guarantee, by=by, ended_on=today, reason="Spłata", file=upload())
    if action == "call":
        said = {"received_on": today, "amount": D(1), "owed": D(2), "terminated_on": today}
        return calls.note(guarantee, by=by, file=upload(), **said).guarantee
    raise AssertionError(action)


BY_HAND = ["promise", "draw", "sign", "activate", "lapse", "release", "call"]


@pytest.mark.parametrize("state", GuaranteeState.values)
def test_every_step_in_every_state(state, officer):
    guarantee = of.walked(state, by=officer)
    for action in BY_HAND:
        step = find(GUARANTEE_MOVES, action)
        with pytest.raises(PermissionDenied):
            _act(action, guarantee, base.user(Role.COORDINATOR))
        if state in step.sources:
            with transaction.atomic():
                _act(action, guarantee, officer)
                assert of.fresh(guarantee).state == step.target
                transaction.set_rollback(True)
        else:
            with pytest.raises((Stale, Refused)):
                _act(action, guarantee, officer)
        assert of.fresh(guarantee).state == state


@pytest.mark.parametrize("state", GuaranteeState.values)
def test_steps_that_follow_from_others_in_every_state(state, officer):
    """Of the calendar, of a call and of a claim: what their services make of each state."""
    guarantee, boss = of.walked(state, by=officer), make.manager()
    with of.at(DAY(2040, 1, 1)):
        assert expiry.expire(guarantee.fund) == (state == "active")
    if state in ("recourse", "recovered", "writtenoff"):
        if state != "recovered":
            of.recovered(guarantee, 5)
        else:
            with pytest.raises(Refused):
                of.recovered(guarantee, 5)
    else:
        with pytest.raises(Stale):
            of.recovered(guarantee, 5)
    if state == "recourse":
        assert of.written_off(guarantee).state == "writtenoff"
    else:
        with pytest.raises((Stale, Refused)):
            recourse.prepare_loss(guarantee, by=officer, reasons="Strata", file=upload())
    if state == "called":
        calls.refuse(guarantee.calls.get(), by=boss, reason="Po terminie")
        assert of.fresh(guarantee).state == "active"


def test_the_page_offers_what_the_table_of_steps_has(officer):
    guarantee = of.walked("approved", by=officer)
    assert [move.action for move in available(guarantee, officer)] == ["promise", "draw", "lapse"]
    assert available(guarantee, make.accountant()) == []


def test_plain_sql_meets_the_rules_too(officer):
    made = of.active(by=officer)
    rows = Guarantee.objects.filter(pk=made.pk)
    for values in (
        {"state": "released"},
        {"state": "signed"},
        {"exposure": 1},
        {"amount": 1},
        {"valid_to": made.activated_on},
        {"credit_number": ""},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)


# Many at once


@pytest.mark.django_db(transaction=True)
def test_a_credit_smaller_than_promised_frees_the_limit_for_another_decision():
    """Activation beside an approval that fits only once the first has given something back: both orders hold."""
    fund = of.fund(20_000, multiplier=D("1.5"), client_cap=1)  # at most 30 000
    by = make.officer()
    first = of.signed(20_000, by=by, fund_=fund)
    decision = of.decided(20_000, fund_=fund)

    def run(number):
        if number:
            return granting.grant(
                decision, by=decision.confirmed_by, unit=decision.prepared_by.unit, officer=decision.prepared_by
            )
        return agreements.activate(first, by=by, activated_on=clock.today(), credit_number="KR/1", paid_out=D(12_500))

    activated, granted = threads.at_once(2, run)
    assert activated.exposure == D(10_000)
    assert isinstance(granted, Guarantee | Refused)
    fund = Fund.objects.get(pk=fund.pk)
    assert fund.gua_at_stake == D(30_000 if isinstance(granted, Guarantee) else 10_000)
    assert consistency.differences(fund) == []


@pytest.mark.django_db(transaction=True)
def test_a_credit_is_paid_out_while_the_limits_are_lowered():
    """Lower limits are refused as long as the promise stands, and hold once less is guaranteed."""
    fund = of.fund(20_000, multiplier=D("1.5"), client_cap=1)
    by = make.officer()
    first = of.signed(20_000, by=by, fund_=fund)
    lower = limits.enter(fund, by=make.accountant(), multiplier=D("0.6"), client_cap=D(1), reasons="uchwała")
    boss = make.manager()

    def run(number):
        if number:
            return limits.confirm(lower, by=boss)
        return agreements.activate(first, by=by, activated_on=clock.today(), credit_number="KR/1", paid_out=D(12_500))

    activated, confirmed = threads.at_once(2, run)
    assert activated.exposure == D(10_000)
    fund = Fund.objects.get(pk=fund.pk)
    assert fund.gua_multiplier == (D("1.5") if isinstance(confirmed, Refused) else D("0.6"))
    assert fund.gua_at_stake <= fund.gua_limit


@pytest.mark.django_db(transaction=True)
def test_of_two_who_note_the_payout_one_passes():
    made, by = of.signed(20_000), make.officer()
    said = {"activated_on": clock.today(), "credit_number": "KR/1", "paid_out": made.credit}
    done = threads.at_once(2, lambda _number: agreements.activate(made, by=by, **said))
    assert sorted(type(one).__name__ for one in done) == ["Guarantee", "Stale"]
    assert ledger.balances(made.fund).filter(code="990").get().balance == D(20_000)


# The ledger beside all of it


def test_what_does_not_agree_is_found(officer):
    made = of.active(by=officer)
    fee = made.fees.get()
    fees.pay(fee, by=make.accountant(), paid_on=TODAY, document="WB/1")
    must_agree(made)
    with pgtrigger.ignore("loans.Guarantee:counted_by_the_ledger"):
        Guarantee.objects.filter(pk=made.pk).update(exposure=D(19_000))
    made.fees.update(earned=D(1))
    found = consistency.differences(Fund.objects.get(pk=made.fund_id))
    assert len(found) == 2
    assert "19000.00" in found[0]
    assert "199.00" in found[1]


def test_a_claim_that_does_not_agree_is_found(officer):
    made = of.paid(by=officer)
    must_agree(made)
    with pgtrigger.ignore("loans.GuaranteeCall:as_received"):
        made.calls.update(payable=D(15_000))
    (found,) = consistency.differences(Fund.objects.get(pk=made.fund_id))
    assert "15000.00" in found
    assert "20000.00" in found


def test_the_aid_of_a_guarantee_that_lapses_is_none():
    made = of.granted(by=make.officer())
    aid.eur_now()
    make.nbp_rate("0.0452", kind="ec_base", valid_from=datetime.date(2024, 1, 1))
    aid.assessed(made, rating="bb")
    made = agreements.sign(agreements.draw(made, by=made.officer), by=made.officer, signed_on=clock.today())
    assert made.aid_grants.get().state == "granted"
    agreements.lapse(made, by=made.officer, reason="Bank nie dał kredytu.")
    assert made.aid_grants.get().state == "cancelled"
