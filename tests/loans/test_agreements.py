"""Agreements of loans: drawing up, the paper, signing, lapsing, what is refused, two at once, and the pages."""

import datetime
import hashlib
import io
from decimal import Decimal

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.intake import letters
from centrum.intake.models import LetterTemplate
from centrum.kit import clock
from centrum.kit.transitions import Refused, Stale, move
from centrum.staff.enums import Role
from loans import agreements, consistency, schedule, schedules, securities
from loans.enums import AFTER_PAYOUT, LOAN_MOVES, EntryEvent, LoanState
from loans.models import Fund, Loan, LoanPaper, LoanRate, NbpRate, RateCheck, ScheduleRow, ScheduleVersion
from loans.words import amount_in_words
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.threads import at_once

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


@pytest.fixture
def rate(told):
    return make.nbp_rate("0.038", valid_from=DAY(2026, 3, 5))


@pytest.fixture
def loan(officer, rate):
    return make.granted(by=officer)


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def draw(loan, officer, **more):
    return agreements.draw(loan, by=officer, **{"due_day": 10, "first_due": DAY(2026, 12, 10)} | more)


def at(day, hour=9):
    return clock.at(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC))


def text_of(paper):
    pages = pypdf.PdfReader(io.BytesIO(bytes(paper.file.data))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def url(name, *args):
    return reverse(f"loans:{name}", args=args)


def fresh(loan):
    return Loan.objects.get(pk=loan.pk)


# Drawing up


def test_the_agreement_is_drawn_up_with_rate_schedule_tranche_and_paper(loan, officer, rate):
    row = draw(loan, officer)
    assert (row.state, row.drawn_on, row.due_day, row.first_due) == ("drawn", TODAY, 10, DAY(2026, 12, 10))
    kept = LoanRate.objects.get(loan=row)
    assert (kept.rate, kept.nbp_rate, kept.valid_from, kept.valid_to) == (D("0.038000"), rate, TODAY, None)
    tranche = row.tranches.get()
    assert (tranche.number, tranche.amount, tranche.planned_on, tranche.state) == (1, D(50_000), TODAY, "requested")
    version = row.schedules.get()
    assert (version.number, version.reason, version.current, version.valid_from) == (1, "agreement", True, TODAY)
    terms = schedule.Terms(
        tranches=((TODAY, D(50_000)),),
        dues=schedule.due_days(DAY(2026, 12, 10), 36),
        rates=((None, D("0.038")),),
        grace=6,
        business=schedule.FOLLOWING,
    )
    rows = schedule.build(terms).rows
    assert [(r.nr, r.nominal_due, r.due, r.days, r.interest, r.principal, r.deferred, r.balance) for r in rows] == [
        (r.nr, r.nominal_due, r.due, r.days, r.interest, r.principal, r.deferred, r.balance)
        for r in version.rows.order_by("nr")
    ]
    assert sum(r.principal for r in version.rows.all()) == row.committed + row.paid_out == 50_000
    assert consistency.differences(row.fund) == []


def test_what_stands_in_the_paper_and_its_digest(loan, officer, rate):
    row = draw(loan, officer)
    paper = row.papers.get()
    data = bytes(paper.file.data)
    assert (paper.kind, paper.file.content_type) == ("agreement", "application/pdf")
    assert paper.file.sha256 == hashlib.sha256(data).hexdigest()
    text = text_of(paper)
    for words in (
        f"Umowa pożyczki nr {row.number}",
        "2 listopada 2026",
        row.organisation.name,
        "50 000,00 zł (słownie: pięćdziesiąt tysięcy złotych 00/100)",
        "Piec konwekcyjny do kuchni",
        "3,8% w stosunku rocznym",
        "5 marca 2026",
        "raty malejące",
        "Weksel in blanco z deklaracją",
        "pierwsza 10 grudnia 2026, ostatnia 10 listopada 2029",
        "90 dni",
        "art. 481",
    ):
        assert words in text
    rows = list(row.schedules.get().rows.order_by("nr"))
    assert (
        text.count("10.12.2026") == 1
        and f"{sum(r.interest for r in rows):,.2f}".replace(",", " ").replace(".", ",") in text
    )


def test_the_text_is_edited_by_the_staff_and_counts_from_the_next_paper(loan, officer):
    first = draw(loan, officer).papers.get()
    template = LetterTemplate.objects.get(code="loan_agreement", language="pl")
    assert not LetterTemplate.objects.filter(code="loan_agreement", language="en").exists()
    letters.save(template, by=make.manager(), subject="Umowa {loan_number}", body="§ 1. Kwota\n{amount} = #sys.inputs")
    draw(loan, officer)
    second = LoanPaper.objects.latest("pk")
    assert "= #sys.inputs" in text_of(second) and second.file.sha256 != first.file.sha256
    with pytest.raises(Refused):
        letters.save(template, by=make.manager(), subject="Umowa", body="{pesel} {amount}")


def test_what_an_applicant_typed_makes_no_paragraph(loan, officer):
    answers = loan.decision.review.application.loan_application
    answers.purpose = "Piec\n§ 4. Oprocentowanie\n#pagebreak() {rate}"
    answers.save()
    text = text_of(draw(loan, officer).papers.get())
    assert "na: Piec § 4. Oprocentowanie #pagebreak() {rate} 2." in text


def test_drawn_up_anew_keeps_the_old_version_and_paper(loan, officer):
    draw(loan, officer)
    plan = [(D(20_000), DAY(2026, 11, 20)), (D(30_000), DAY(2027, 2, 1))]
    row = draw(loan, officer, due_day=31, first_due=DAY(2026, 12, 31), tranches=plan)
    assert [(v.number, v.current) for v in row.schedules.order_by("number")] == [(1, False), (2, True)]
    assert row.papers.count() == 2 and row.rates.count() == 1
    assert [(t.number, t.amount, t.planned_on) for t in row.tranches.order_by("number")] == [
        (1, D(20_000), DAY(2026, 11, 20)),
        (2, D(30_000), DAY(2027, 2, 1)),
    ]
    row = draw(loan, officer)
    states = [(t.number, t.amount, t.state) for t in row.tranches.order_by("number")]
    assert states == [(1, D(50_000), "requested"), (2, D(30_000), "cancelled")]
    row = draw(loan, officer, tranches=[(D(25_000), TODAY), (D(25_000), DAY(2027, 1, 4))])
    states = [(t.number, t.amount, t.state) for t in row.tranches.order_by("number")]
    assert states == [(1, D(25_000), "requested"), (2, D(30_000), "cancelled"), (3, D(25_000), "requested")]
    assert schedules.current(row).number == 4 and consistency.differences(row.fund) == []


def test_days_of_several_tranches_and_of_a_short_month(loan, officer):
    plan = [(D(30_000), DAY(2026, 11, 30)), (D(20_000), DAY(2027, 3, 31))]
    row = draw(loan, officer, due_day=31, first_due=DAY(2026, 12, 31), tranches=plan)
    rows = list(schedules.current(row).rows.order_by("nr"))
    assert [r.nominal_due for r in rows[:4]] == [
        DAY(2026, 12, 31),
        DAY(2027, 1, 31),
        DAY(2027, 2, 28),
        DAY(2027, 3, 31),
    ]
    assert rows[14].nominal_due == DAY(2028, 2, 29)
    assert rows[1].due == DAY(2027, 2, 1)  # a Sunday
    assert [r.interest for r in rows[:1]] == [D("96.82")]  # 30 000 × 3.8 % × 31 / 365
    assert rows[3].balance == 30_000 and rows[4].interest == D("156.16")  # 50 000 × 3.8 % × 30 / 365
    assert sum(r.principal for r in rows) == 50_000


def test_christmas_eve_and_no_grace(officer, rate):
    loan = make.granted(by=officer, grace=0, months=12, amount=D(12_000))
    row = draw(loan, officer, due_day=24, first_due=DAY(2026, 12, 24))
    first = schedules.current(row).rows.get(nr=1)
    assert (first.nominal_due, first.due, first.days) == (DAY(2026, 12, 24), DAY(2026, 12, 28), 52)
    assert first.principal == 1000


@pytest.mark.parametrize(
    ("told_", "field"),
    [
        ({"drawn_on": DAY(2026, 11, 1)}, "drawn_on"),
        ({"drawn_on": DAY(2027, 2, 1)}, "drawn_on"),
        ({"due_day": 0}, "due_day"),
        ({"due_day": 32}, "due_day"),
        ({"due_day": 9}, "first_due"),
        ({"due_day": 31, "first_due": DAY(2026, 12, 30)}, "first_due"),
        ({"first_due": DAY(2026, 10, 10)}, "first_due"),
        ({"first_due": DAY(2027, 1, 10)}, "first_due"),
        ({"tranches": [(D(49_999), TODAY)]}, None),
        ({"tranches": [(D("50000.01"), TODAY)]}, None),
        ({"tranches": [(D(50_000), TODAY), (D(0), DAY(2026, 12, 1))]}, None),
        ({"tranches": [(D(60_000), TODAY), (D(-10_000), DAY(2026, 12, 1))]}, None),
        ({"tranches": [(D(50_000), DAY(2026, 11, 1))]}, None),
        ({"tranches": [(D(25_000), TODAY), (D(25_000), DAY(2029, 11, 10))]}, None),
        ({"tranches": [(D(50_000), DAY(2026, 12, 10))]}, "first_due"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(loan, officer, told_, field):
    with pytest.raises(Refused) as refused:
        draw(loan, officer, **told_)
    assert refused.value.messages[0]
    assert list(getattr(refused.value, "error_dict", {})) == ([field] if field else [])
    assert (fresh(loan).state, LoanPaper.objects.count(), ScheduleVersion.objects.count()) == ("approved", 0, 0)


def test_the_first_instalment_that_is_offered():
    first = agreements.first_instalment
    assert first(DAY(2026, 11, 2), 10) == DAY(2026, 12, 10)
    assert first(DAY(2026, 11, 20), 10) == DAY(2027, 1, 10)
    assert first(DAY(2027, 1, 31), 31) == DAY(2027, 2, 28)
    assert first(DAY(2028, 1, 30), 30) == DAY(2028, 2, 29)


# The rate


def test_no_agreement_without_the_rate(officer, told):
    loan = make.granted(by=officer)
    with pytest.raises(Refused):
        draw(loan, officer)
    make.nbp_rate("0.038", valid_from=DAY(2026, 11, 3))  # of tomorrow
    with pytest.raises(Refused):
        draw(loan, officer)
    entered = NbpRate.objects.create(
        kind="rediscount",
        valid_from=DAY(2026, 1, 1),
        rate=D("0.05"),
        source="komunikat",
        entered_by=officer,
        entered_at=clock.now(),
    )
    with pytest.raises(Refused):
        draw(loan, officer)
    assert (entered.confirmed_by, fresh(loan).state) == (None, "approved")


def test_no_agreement_with_a_rate_that_nobody_looked_at(loan, officer):
    with at(DAY(2026, 12, 20)), pytest.raises(Refused):
        draw(loan, officer, first_due=DAY(2027, 2, 10))
    assert fresh(loan).state == "approved"


def test_half_the_rate_with_a_new_job_and_a_product_of_a_fixed_rate(officer, rate):
    loan = make.granted(by=officer, new_job=True, product=make.product("fers-start"))
    assert draw(loan, officer).rates.get().rate == D("0.019000")
    fixed = make.product()
    fixed.pk, fixed.code, fixed.nbp, fixed.margin = None, "staly", "", D("0.0025")
    fixed.save()
    row = draw(make.granted(by=officer, product=fixed), officer)
    kept = row.rates.get()
    assert (kept.rate, kept.nbp_rate) == (D("0.002500"), None)


def test_another_rate_on_the_day_of_signing_asks_for_a_new_paper(loan, officer):
    draw(loan, officer)
    make.nbp_rate("0.035", valid_from=DAY(2026, 11, 4))
    with at(DAY(2026, 11, 5)):
        with pytest.raises(Refused):
            agreements.sign(loan, by=officer, signed_on=DAY(2026, 11, 4))
        assert fresh(loan).state == "drawn"
        assert agreements.sign(loan, by=officer, signed_on=DAY(2026, 11, 3)).state == "signed"


# Signing and lapsing


def test_signing_keeps_the_scan(loan, officer):
    draw(loan, officer)
    row = agreements.sign(loan, by=officer, signed_on=TODAY, file=upload())
    assert (row.state, row.signed_on) == ("signed", TODAY)
    assert sorted(row.papers.values_list("kind", flat=True)) == ["agreement", "signed"]


def test_signing_with_everything_secured_makes_it_ready_at_once(loan, officer):
    draw(loan, officer)
    securities.establish(loan.securities.get(), by=officer, established_on=TODAY, document="weksel")
    assert fresh(loan).state == "drawn"
    assert agreements.sign(loan, by=officer, signed_on=TODAY).state == "ready"


@pytest.mark.parametrize(
    ("today", "signed_on"),
    [
        (TODAY, DAY(2026, 11, 3)),  # to come
        (TODAY, DAY(2026, 11, 1)),  # before it was drawn up
        (DAY(2026, 12, 10), DAY(2026, 12, 10)),  # the first instalment is due
        (DAY(2027, 1, 2), DAY(2027, 1, 2)),  # after sign_by
    ],
)
def test_days_on_which_nothing_is_signed(loan, officer, rate, today, signed_on):
    draw(loan, officer)
    with at(today):
        RateCheck.objects.create(kind="rediscount", by=officer, at=clock.now())
        with pytest.raises(Refused) as refused:
            agreements.sign(loan, by=officer, signed_on=signed_on)
    assert list(refused.value.error_dict) == ["signed_on"]
    assert fresh(loan).state == "drawn"


def test_a_broken_scan_is_refused_and_nothing_is_signed(loan, officer):
    draw(loan, officer)
    with pytest.raises(Refused):
        agreements.sign(loan, by=officer, signed_on=TODAY, file=upload(b"%PDF-1.7 bez konca"))
    assert fresh(loan).state == "drawn"


@pytest.mark.parametrize("state", ["approved", "drawn", "signed", "ready"])
def test_lapsing_frees_exactly_the_capital(state, officer, rate):
    make.granted(7_000, by=officer)
    loan = walked(state, officer)
    assert Fund.objects.get(pk=loan.fund_id).committed == 57_000
    row = agreements.lapse(loan, by=officer, reason="Rezygnacja")
    assert (row.state, row.committed) == ("lapsed", 0)
    entry = row.fund.entries.get(event=EntryEvent.RELEASE)
    lines = [(line.account.code, line.amount) for line in entry.lines.select_related("account").order_by("number")]
    assert (entry.key, lines) == (f"release-{row.number}", [("993", D(50_000)), ("992", D(-50_000))])
    assert Fund.objects.get(pk=loan.fund_id).committed == 7_000
    assert set(row.tranches.values_list("state", flat=True)) <= {"cancelled"}
    assert consistency.differences(row.fund) == []


def test_lapsing_needs_a_reason_and_no_tranche_on_its_way(officer, rate):
    loan = make.secured(by=officer)
    with pytest.raises(Refused):
        agreements.lapse(loan, by=officer, reason=" ")
    account = make.account(loan.organisation)
    move(loan.tranches.get(), "verify", by=officer, changes={"account": account, "verified_by": officer})
    with pytest.raises(Refused):
        agreements.lapse(loan, by=officer, reason="Rezygnacja")
    assert (fresh(loan).state, fresh(loan).committed) == ("ready", 50_000)


# Every state and step


def walked(state, officer):
    if state == LoanState.LAPSED:
        return agreements.lapse(make.granted(by=officer), by=officer, reason="Rezygnacja")
    if state in AFTER_PAYOUT and state != LoanState.ACTIVE:
        return make.walked(state, by=officer)
    made = {LoanState.APPROVED: make.granted, LoanState.READY: make.secured}
    return made.get(state, getattr(make, state, None))(by=officer)


STEPS = {
    "draw": lambda loan, by: draw(loan, by),
    "sign": lambda loan, by: agreements.sign(loan, by=by, signed_on=TODAY),
    "lapse": lambda loan, by: agreements.lapse(loan, by=by, reason="Rezygnacja"),
}


@pytest.mark.parametrize("state", list(LoanState))
@pytest.mark.parametrize("action", sorted(STEPS))
def test_every_step_in_every_state(state, action, officer, rate):
    loan = walked(state, officer)
    step = next(one for one in LOAN_MOVES if one.action == action)
    with pytest.raises(PermissionDenied):
        STEPS[action](loan, base.user(Role.COORDINATOR))
    if state in step.sources:
        assert STEPS[action](loan, officer).state == step.target
    else:
        with pytest.raises(Stale):
            STEPS[action](loan, officer)
        assert fresh(loan).state == state


# Whoever writes


def refused_by_the_tables(rows, **values):
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**values)


def test_nobody_changes_an_old_version_a_row_or_a_paper(loan, officer):
    draw(loan, officer)
    row = draw(loan, officer)
    old = row.schedules.filter(number=1)
    refused_by_the_tables(old, current=True)
    refused_by_the_tables(old, number=7)
    refused_by_the_tables(old, valid_from=DAY(2026, 1, 1))
    refused_by_the_tables(ScheduleRow.objects.filter(version__in=old), principal=0)
    refused_by_the_tables(row.papers.all(), title="inny")
    for rows in (old, ScheduleRow.objects.filter(version__in=old), row.papers.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    refused_by_the_tables(Loan.objects.filter(pk=row.pk), state="active")
    assert LoanPaper.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_signing_and_lapsing_at_once():
    officer = make.officer()
    loan = make.drawn(by=officer)

    def act(number):
        if number:
            return agreements.sign(loan, by=officer, signed_on=clock.today())
        return agreements.lapse(loan, by=officer, reason="Rezygnacja")

    results = at_once(2, act)
    row = fresh(loan)
    # both may happen in this order: signed, then lapsed; never the other way round
    assert row.state in (LoanState.LAPSED, LoanState.SIGNED)
    stale = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, Stale) for one in stale)
    assert row.state == LoanState.LAPSED
    assert row.committed == 0 and consistency.differences(row.fund) == []
    assert row.fund.entries.filter(event=EntryEvent.RELEASE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_drawn_up_twice_at_once():
    officer = make.officer()
    make.nbp_rate()
    loan = make.granted(by=officer)
    first = agreements.first_instalment(clock.today(), 10)
    results = at_once(2, lambda _n: agreements.draw(loan, by=officer, due_day=10, first_due=first))
    assert not [one for one in results if isinstance(one, Exception)]
    row = fresh(loan)
    assert [(v.number, v.current) for v in row.schedules.order_by("number")] == [(1, False), (2, True)]
    assert (row.tranches.count(), row.papers.count(), row.rates.count()) == (1, 2, 1)


# Pages


def test_the_way_over_the_pages(office, loan, officer):
    page = url("loan", loan.public_id)
    assert office.get(page).status_code == 200
    form = office.get(url("loan-draw", loan.public_id))
    initial = form.context["form"].initial
    assert (initial["first_due"], initial["amount_1"]) == (DAY(2026, 12, 10), D("50000.00"))
    typed = {"drawn_on": "2.11.2026", "due_day": "10", "first_due": "10.12.2026"}
    typed |= {"amount_1": "20 000,00", "day_1": "2.11.2026", "amount_2": "30 000", "day_2": ""}
    refused = office.post(url("loan-draw", loan.public_id), typed)
    assert list(refused.context["form"].errors) == ["day_2"]
    refused = office.post(url("loan-draw", loan.public_id), typed | {"amount_2": ""})
    assert list(refused.context["form"].errors) == ["__all__"]
    done = office.post(url("loan-draw", loan.public_id), typed | {"day_2": "1.02.2027"})
    assert done.url == page
    again = office.get(url("loan-draw", loan.public_id)).context["form"].initial
    assert (again["amount_2"], again["day_2"]) == (D("30000.00"), DAY(2027, 2, 1))
    shown = office.get(page)
    paper = loan.papers.get()
    assert paper.file.sha256 in shown.text and url("paper", loan.public_id, paper.file.public_id) in shown.text
    sent = office.get(url("paper", loan.public_id, paper.file.public_id))
    assert (sent.content, sent["Content-Type"]) == (bytes(paper.file.data), "application/pdf")
    assert office.get(url("loan-schedule", loan.public_id, 1)).status_code == 200
    assert office.get(url("loan-schedule", loan.public_id, 2)).status_code == 404
    signed = office.post(url("loan-sign", loan.public_id), {"signed_on": "2.11.2026", "file": upload()})
    assert (signed.url, fresh(loan).state) == (page, "signed")
    assert office.post(url("paper-new", loan.public_id), {"title": "Uchwała", "file": upload()}).url == page
    assert loan.papers.filter(kind="other", title="Uchwała").count() == 1
    assert office.get(url("loan-draw", loan.public_id)).url == page
    assert office.post(url("loan-lapse", loan.public_id), {"reason": ""}).status_code == 200
    assert office.post(url("loan-lapse", loan.public_id), {"reason": "Rezygnacja"}).url == page
    assert office.get(url("loan-lapse", loan.public_id)).url == page
    assert office.get(url("loan-sign", loan.public_id)).url == page
    assert fresh(loan).state == "lapsed"


def test_a_paper_of_another_loan_is_not_found(office, loan, officer):
    other = make.drawn(by=officer)
    assert office.get(url("paper", loan.public_id, other.papers.get().file.public_id)).status_code == 404


def test_it_is_told_before_and_after_the_last_day(office, loan, officer):
    def warning():
        return agreements.standing(fresh(loan)).warning

    assert warning() is None
    assert office.get(url("loan", loan.public_id)).status_code == 200
    with at(DAY(2026, 12, 18)):
        assert warning()[0] == "wait"
    with at(DAY(2027, 1, 2)):
        assert warning()[0] == "bad"
    agreements.lapse(loan, by=officer, reason="Rezygnacja")
    with at(DAY(2027, 1, 2)):
        assert warning() is None


def test_who_only_reads_sees_no_buttons(client, loan, officer):
    draw(loan, officer)
    client.force_login(base.user(Role.COORDINATOR))
    shown = client.get(url("loan", loan.public_id))
    assert shown.status_code == 200
    for name in ("loan-draw", "loan-sign", "loan-lapse", "security-new", "paper-new"):
        assert url(name, loan.public_id) not in shown.text


def test_as_many_queries_with_one_version_as_with_three(office, loan, officer):
    def count():
        with CaptureQueriesContext(connection) as caught:
            assert office.get(url("loan", loan.public_id)).status_code == 200
        return len(caught)

    draw(loan, officer)
    office.get(url("loan", loan.public_id))
    one = count()
    draw(loan, officer, tranches=[(D(20_000), TODAY), (D(30_000), DAY(2027, 1, 1))])
    draw(loan, officer)
    securities.add(loan, by=officer, kind="surety", description="Poręczenie", value=D(10))
    assert count() == one


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.01", "zero złotych 01/100"),
        ("1", "jeden złoty 00/100"),
        ("2.50", "dwa złote 50/100"),
        ("12", "dwanaście złotych 00/100"),
        ("22", "dwadzieścia dwa złote 00/100"),
        ("112", "sto dwanaście złotych 00/100"),
        ("1001", "jeden tysiąc jeden złotych 00/100"),
        ("50000", "pięćdziesiąt tysięcy złotych 00/100"),
        ("123456.78", "sto dwadzieścia trzy tysiące czterysta pięćdziesiąt sześć złotych 78/100"),
        ("2000000", "dwa miliony złotych 00/100"),
        ("5000014", "pięć milionów czternaście złotych 00/100"),
        ("1000000000", "jeden miliard złotych 00/100"),
        (
            "999999999999.99",
            "dziewięćset dziewięćdziesiąt dziewięć miliardów dziewięćset dziewięćdziesiąt dziewięć milionów "
            "dziewięćset dziewięćdziesiąt dziewięć tysięcy dziewięćset dziewięćdziesiąt dziewięć złotych 99/100",
        ),
    ],
)
def test_amounts_in_words(amount, words):
    assert amount_in_words(D(amount)) == words
