"""Jobs promised with a loan, visits and yearly papers: every state and action, what follows from them, the pages."""

import csv
import datetime
import html
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock, exports
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from loans import agreements, annexes, effects, jobs, monitoring, nightly, timeline, visits, waiting, yearly_papers
from loans.enums import JOB_MOVES, VISIT_MOVES, YEARLY_MOVES, JobState, VisitState, YearlyKind, YearlyState
from loans.models import Annex, Loan, LoanJob, PlannedJob, Visit, YearlyPaper
from loans.profiles import Scope
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload
from tests.factories.repayments import lent, on
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = DAY(2026, 11, 2)
DEADLINE = DAY(2027, 5, 2)  # six months after the signature of that day
CREATED = DAY(2026, 12, 1)
KEPT = DAY(2027, 12, 1)  # twelve months after


@pytest.fixture
def told():
    with on(TODAY):
        yield


@pytest.fixture
def officer(told):
    return make.officer()


@pytest.fixture
def boss(told):
    return make.manager()


@pytest.fixture
def loan(officer, boss):
    return make.active(12_000, by=officer, boss=boss, months=24, grace=0)


@pytest.fixture
def cheap(officer, boss):
    """A loan at half the rate, since a job is promised with it."""
    return make.active(
        12_000, by=officer, boss=boss, months=24, grace=0, new_job=True, product=make.product("fers-start")
    )


def job_of(loan, officer, **said):
    said = {"position": "kucharka", "posts": D("0.5"), "at_risk": "yes", "create_by": DEADLINE} | said
    return jobs.add(loan, by=officer, **said)


def create(job, officer, day=CREATED):
    return jobs.create(job, by=officer, created_on=day, at_risk="no", woman="yes", file=upload())


def miss(job, officer, **said):
    """The day by which it was to be created is over."""
    with on(job.create_by + datetime.timedelta(days=1)):
        return jobs.miss(job, by=officer, **{"reason": "Brak chętnych"} | said)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def url(name, loan, *args):
    return reverse(f"loans:{name}", args=[loan.public_id, *args])


# The promise


def test_the_jobs_of_the_application_are_promised_at_the_signature(officer):
    loan = make.drawn(by=officer)
    answers = loan.decision.review.application.loan_application
    planned = [
        PlannedJob.objects.create(answers=answers, position=name, posts=D(posts), since=since, at_risk=at_risk)
        for name, posts, since, at_risk in (
            ("kucharka", "2.50", DAY(2027, 8, 1), "yes"),
            ("kierowca", "0.50", DAY(2026, 12, 1), "no"),
        )
    ]
    assert jobs.to_take_over(loan).count() == 2
    loan = agreements.sign(loan, by=officer, signed_on=TODAY)
    rows = loan.jobs.order_by("number").values_list("number", "planned", "position", "posts", "at_risk", "create_by")
    late, soon = DAY(2027, 8, 1), DEADLINE  # as the application says, and no sooner than the agreement has it
    assert list(rows) == [
        (1, planned[0].pk, "kucharka", 1, "yes", late),
        (2, planned[0].pk, "kucharka", 1, "yes", late),
        (3, planned[0].pk, "kucharka", D("0.5"), "yes", late),
        (4, planned[1].pk, "kierowca", D("0.5"), "no", soon),
    ]
    assert sum(job.posts for job in loan.jobs.all()) == sum(job.posts for job in planned)
    assert jobs.promise(loan, by=officer) == [] and loan.jobs.count() == 4


def test_a_job_may_be_added_and_nothing_is_promised_before_the_signature(loan, officer):
    job = job_of(loan, officer)
    assert (job.number, job.state, job.promised_by, job.create_by) == (1, "planned", DEADLINE, DEADLINE)
    assert job_of(loan, officer).number == 2
    for wrong in ({"posts": D("1.01")}, {"posts": D(0)}, {"position": ""}, {"create_by": DAY(2026, 11, 1)}):
        with pytest.raises(Refused) as refused:
            job_of(loan, officer, **wrong)
        assert refused.value.messages
    with pytest.raises(Refused):
        job_of(make.drawn(by=officer), officer)
    with pytest.raises(PermissionDenied):
        job_of(loan, base.user(Role.COORDINATOR))


def test_more_time_is_given_once_by_who_decides(loan, officer, boss):
    job, later = job_of(loan, officer), DAY(2027, 11, 2)
    with pytest.raises(PermissionDenied):
        jobs.extend(job, by=officer, until=later, grounds="Remont")
    for day in (DEADLINE, DAY(2027, 1, 1)):
        with pytest.raises(Refused):
            jobs.extend(job, by=boss, until=day, grounds="Remont")
    job = jobs.extend(job, by=boss, until=later, grounds="Remont")
    assert (job.create_by, job.promised_by, job.extended_by) == (later, DEADLINE, boss)
    with pytest.raises(Stale):
        jobs.extend(job, by=boss, until=DAY(2028, 1, 1), grounds="Remont")


# Every step in every state

JOB_STEPS = {
    "create": lambda row, officer, boss: create(row, officer),
    "keep": lambda row, officer, boss: jobs.keep(row, by=officer, file=upload()),
    "miss": lambda row, officer, boss: jobs.miss(row, by=officer, reason="Brak chętnych"),
    "end": lambda row, officer, boss: jobs.end(row, by=officer, ended_on=DAY(2027, 6, 1), reason="Odeszła"),
    "replan": lambda row, officer, boss: jobs.replan(row, by=boss, reason="Pomyłka"),
    "refill": lambda row, officer, boss: jobs.refill(row, by=boss, reason="Nowa osoba"),
}
JOB_WAY = {"planned": "", "created": "create", "kept": "create keep", "missed": "miss", "ended_early": "create end"}


def test_figures_and_file_count_the_same_jobs_as_created(loan, officer, boss):
    posts = {state: D(nr) / 10 for nr, state in enumerate(JobState.values, 1)}
    with on(KEPT):
        nightly.keep(loan.fund)
        for state, part in posts.items():
            row = job_of(loan, officer, posts=part)
            for step in JOB_WAY[state].split():
                row = JOB_STEPS[step](row, officer, boss)
            assert row.state == state
        found = effects.good(loan.fund)
        scope = {"project": Scope(loan.fund), "day": KEPT, "by": None, "reason": "test"}
        with exports.export(exports.find("loans_jobs"), **scope).file as opened:
            (line,) = csv.DictReader(io.StringIO(opened.read().decode("utf-8-sig"), newline=""), delimiter=";")
    created = sum(posts[state] for state in ("created", "kept", "ended_early"))
    assert (found.created, found.kept) == (created, posts["kept"])
    cells = [line[f"{name} (etaty)"] for name in ("Utworzone", "Utrzymane", "Zakończone za wcześnie", "Nieutworzone")]
    parts = (created, *(posts[state] for state in ("kept", "ended_early", "missed")))
    assert cells == [f"{part:.2f}".replace(".", ",") for part in parts]


@pytest.mark.parametrize("state", JobState.values)
@pytest.mark.parametrize("action", sorted(JOB_STEPS))
def test_every_step_of_a_job_in_every_state(state, action, loan, officer, boss):
    with on(KEPT):
        row = job_of(loan, officer)
        for step in JOB_WAY[state].split():
            row = JOB_STEPS[step](row, officer, boss)
        step = next(one for one in JOB_MOVES if one.action == action)
        if state in step.sources:
            reader = base.user(Role.COORDINATOR)
            with pytest.raises(PermissionDenied):
                JOB_STEPS[action](row, reader, reader)
            assert JOB_STEPS[action](row, officer, boss).state == step.target
        else:
            with pytest.raises(Stale):
                JOB_STEPS[action](row, officer, boss)
            assert fresh(row).state == state


VISIT_STEPS = {
    "hold": lambda row, officer: visits.hold(row, by=officer, held_on=TODAY, protocol="Piec stoi.", file=upload()),
    "close": lambda row, officer: visits.close(row, by=officer),
    "find": lambda row, officer: visits.note_findings(row, by=officer, findings="Brak tablicy", fix_by=CREATED),
    "fix": lambda row, officer: visits.fix(row, by=officer, reason="Tablica wisi"),
    "cancel": lambda row, officer: visits.cancel(row, by=officer, reason="Spłacona"),
}
VISIT_WAY = {"planned": "", "held": "hold", "findings": "hold find", "closed": "hold find fix", "cancelled": "cancel"}


@pytest.mark.parametrize("state", VisitState.values)
@pytest.mark.parametrize("action", sorted(VISIT_STEPS))
def test_every_step_of_a_visit_in_every_state(state, action, loan, officer):
    row = visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
    for step in VISIT_WAY[state].split():
        row = VISIT_STEPS[step](row, officer)
    step = next(one for one in VISIT_MOVES if one.action == action)
    if state in step.sources:
        with pytest.raises(PermissionDenied):
            VISIT_STEPS[action](row, base.user(Role.COORDINATOR))
        assert VISIT_STEPS[action](row, officer).state == step.target
    else:
        with pytest.raises(Stale):
            VISIT_STEPS[action](row, officer)
        assert fresh(row).state == state


YEARLY_STEPS = {
    "receive": lambda row, officer: yearly_papers.receive(row, by=officer, received_on=clock.today(), file=upload()),
    "waive": lambda row, officer: yearly_papers.waive(row, by=officer, reason="Koło nie składa"),
}
YEARLY_WAY = {"waiting": "", "received": "receive", "waived": "waive"}


@pytest.mark.parametrize("state", YearlyState.values)
@pytest.mark.parametrize("action", sorted(YEARLY_STEPS))
def test_every_step_of_a_yearly_paper_in_every_state(state, action, loan, officer):
    with on(DAY(2027, 1, 2)):
        yearly_papers.ask(loan.fund, 2026)
        row = loan.yearly_papers.get(kind=YearlyKind.STATEMENT)
        for step in YEARLY_WAY[state].split():
            row = YEARLY_STEPS[step](row, officer)
        step = next(one for one in YEARLY_MOVES if one.action == action)
        if state in step.sources:
            with pytest.raises(PermissionDenied):
                YEARLY_STEPS[action](row, base.user(Role.COORDINATOR))
            assert YEARLY_STEPS[action](row, officer).state == step.target
        else:
            with pytest.raises(Stale):
                YEARLY_STEPS[action](row, officer)
            assert fresh(row).state == state


# Jobs: days and proofs


def test_a_job_is_kept_so_many_months_from_the_day_on_which_it_was_created(loan, officer):
    job = job_of(loan, officer)
    for day in (DAY(2026, 12, 2), DAY(2026, 11, 1)):  # to come, and before the signature
        with on(CREATED), pytest.raises(Refused):
            create(job, officer, day)
    with on(CREATED):
        job = create(job, officer)
        assert (job.keep_until, job.at_risk, job.woman) == (KEPT, "no", "yes")
        assert job.created_proof.title == "Potwierdzenie utworzenia miejsca pracy 1: kucharka"
    with on(KEPT - datetime.timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            jobs.keep(job, by=officer, file=upload())
        assert "1.12.2027" in refused.value.messages[0]
        for day in (KEPT, DAY(2026, 11, 30)):
            with pytest.raises(Refused):
                jobs.end(job, by=officer, ended_on=day, reason="Odeszła")
    with on(KEPT):
        assert jobs.keep(job, by=officer, file=upload()).kept_proof.loan == loan


def test_a_job_of_the_29th_of_february_is_kept_until_the_28th(loan, officer):
    with on(DAY(2028, 2, 29)):
        job = job_of(loan, officer, create_by=DAY(2028, 3, 1))
        assert create(job, officer, DAY(2028, 2, 29)).keep_until == DAY(2029, 2, 28)


def test_a_job_that_was_created_too_late_needs_more_time_first(loan, officer, boss):
    job, after = job_of(loan, officer), DEADLINE + datetime.timedelta(days=1)
    with on(after):
        with pytest.raises(Refused) as refused:
            create(job, officer, after)
        assert list(refused.value.message_dict) == ["created_on"] and "2.5.2027" in refused.value.messages[0]
        assert fresh(job).state == "planned" and loan.papers.filter(title__contains="utworzenia").count() == 0
        # noted late is not created late
        assert create(job_of(loan, officer), officer, DEADLINE).created_on == DEADLINE
        job = jobs.extend(job, by=boss, until=DAY(2027, 6, 2), grounds="Remont")
        assert create(job, officer, after).created_on == after


def test_a_job_is_not_missed_before_its_day_is_over(loan, officer):
    job, after = job_of(loan, officer), DEADLINE + datetime.timedelta(days=1)

    def offered():
        (row,) = monitoring.panel(officer, loan)["jobs"]
        return [step.action for step in row.moves]

    for day in (TODAY, DEADLINE):
        with on(day):
            with pytest.raises(Refused) as refused:
                jobs.miss(job, by=officer, reason="Brak chętnych")
            assert "2.5.2027" in refused.value.messages[0]
            assert offered() == ["create"]
    with on(after):
        assert offered() == ["create", "miss"]
        assert jobs.miss(job, by=officer, reason="Brak chętnych").state == "missed"


def test_of_a_loan_that_was_given_up_nothing_is_due(officer, boss):
    loan = make.secured(by=officer)
    job_of(loan, officer, create_by=TODAY)
    (row,) = monitoring.panel(boss, loan)["jobs"]
    assert [row.number for row in monitoring.rows(officer, "create")] == [1] and row.moves and row.may_extend
    assert monitoring.counts(officer)["create"] == waiting.monitoring_(fresh(officer)) == 1
    loan = agreements.lapse(loan, by=officer, reason="Klient zrezygnował")
    assert list(monitoring.rows(officer, "create")) == []
    assert monitoring.counts(officer)["create"] == waiting.monitoring_(fresh(officer)) == 0
    (row,) = monitoring.panel(boss, loan)["jobs"]
    assert (row.moves, row.may_extend, row.may_change_the_rate, row.timing) == ([], False, False, None)


def test_a_job_that_was_filled_again_counts_on(loan, officer, boss):
    with on(DAY(2027, 6, 1)):
        job = create(job_of(loan, officer), officer)
        job = jobs.end(job, by=officer, ended_on=DAY(2027, 6, 1), reason="Odeszła")
        with pytest.raises(PermissionDenied):
            jobs.refill(job, by=officer, reason="Nowa osoba")
        job = jobs.refill(job, by=boss, reason="Nowa osoba")
    assert (job.state, job.ended_on, job.keep_until) == ("created", None, KEPT)


# The consequence


def test_where_the_rate_hangs_on_a_job_the_agreement_is_asked_for(cheap, loan, officer):
    for row in (cheap, loan):
        job = job_of(row, officer)
        if row.new_job:
            with pytest.raises(Refused) as refused:
                miss(job, officer, consequence="  ")
            assert "consequence" in refused.value.message_dict
        assert miss(job, officer, consequence="§ 4").state == "missed"


def test_an_annex_with_the_full_rate_goes_its_own_way_with_four_eyes(cheap, officer, boss):
    assert cheap.rates.get().rate == D("0.029")
    first, second, third = (job_of(cheap, officer) for _number in range(3))
    for job in (first, second):
        miss(job, officer, consequence="Pełna stopa od daty naruszenia.")
    day = annexes.first_days(cheap)[0]
    with pytest.raises(PermissionDenied):
        jobs.prepare_annex(first, by=base.user(Role.COORDINATOR), valid_from=day, reasons="Miejsca nie utworzono")
    annex = jobs.prepare_annex(first, by=officer, valid_from=day, reasons="Miejsca nie utworzono")
    assert (annex.rate, annex.rate_months, annex.state) == (D("0.058"), None, "prepared")
    assert set(annex.jobs.all()) == {first, second}
    for job in (first, second, third):
        with pytest.raises(Stale):
            jobs.prepare_annex(fresh(job), by=officer, valid_from=day, reasons="Jeszcze raz")
    with pytest.raises(Refused):
        jobs.replan(fresh(first), by=boss, reason="Pomyłka")
    with pytest.raises(PermissionDenied):
        annexes.confirm(annex, by=officer)
    annexes.sign(annexes.confirm(annex, by=boss), by=officer, signed_on=TODAY)
    assert [(row.rate, row.valid_from) for row in cheap.rates.order_by("valid_from")] == [
        (D("0.029"), TODAY),
        (D("0.058"), day),
    ]
    with pytest.raises(Refused) as refused:
        jobs.replan(fresh(first), by=boss, reason="Pomyłka")
    assert "Aneks 1" in refused.value.messages[0]
    # one that is missed later finds the full rate already
    miss(third, officer, consequence="Pełna stopa.")
    with pytest.raises(Refused):
        jobs.prepare_annex(fresh(third), by=officer, valid_from=annexes.first_days(cheap)[1], reasons="Jeszcze raz")


def test_a_dropped_annex_lets_another_one_follow_or_the_job_be_waited_for(cheap, officer, boss):
    job = miss(job_of(cheap, officer), officer, consequence="Pełna stopa.")
    day = annexes.first_days(cheap)[0]
    annexes.drop(jobs.prepare_annex(job, by=officer, valid_from=day, reasons="Raz"), by=officer, reason="Inaczej")
    again = jobs.prepare_annex(fresh(job), by=officer, valid_from=day, reasons="Dwa")
    assert fresh(job).annex == again
    annexes.drop(again, by=officer, reason="Zgoda zarządu")
    job = jobs.replan(fresh(job), by=boss, reason="Zgoda zarządu")
    assert (job.state, job.annex, job.consequence) == ("planned", None, "")


def test_no_annex_follows_where_the_rate_never_hung_on_a_job(loan, officer):
    job = miss(job_of(loan, officer), officer)
    with pytest.raises(Stale):
        jobs.prepare_annex(job, by=officer, valid_from=annexes.first_days(loan)[0], reasons="Próba")
    assert Annex.objects.count() == 0


# Visits


def test_a_visit_has_days_that_make_sense_and_a_protocol(loan, officer):
    with pytest.raises(Refused):
        visits.plan(loan, by=officer, planned_on=DAY(2026, 11, 1), subject="Piec")
    with pytest.raises(Refused):
        visits.plan(make.secured(by=officer), by=officer, planned_on=TODAY, subject="Piec")
    row = visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
    row = visits.plan_anew(row, by=officer, planned_on=CREATED, subject="Piec i lodówka")
    for day in (DAY(2026, 11, 1), DAY(2026, 11, 3)):
        with pytest.raises(Refused):
            visits.hold(row, by=officer, held_on=day, protocol="Stoi.")
    with pytest.raises(Refused):
        visits.hold(row, by=officer, held_on=TODAY, protocol="")
    row = visits.hold(row, by=officer, held_on=TODAY, protocol="Stoi.")
    assert (row.held_by, row.paper) == (officer, None)
    with pytest.raises(Stale):
        visits.plan_anew(row, by=officer, planned_on=CREATED, subject="Inaczej")
    with pytest.raises(Refused):
        visits.note_findings(row, by=officer, findings="Brak tablicy", fix_by=DAY(2026, 11, 1))
    row = visits.note_findings(row, by=officer, findings="Brak tablicy", fix_by=CREATED)
    with pytest.raises(Refused):
        visits.fix(row, by=officer, reason=" ")
    assert visits.fix(row, by=officer, reason="Wisi").findings == "Brak tablicy"


# Yearly papers


def test_papers_are_asked_for_once_of_loans_that_ran_in_the_year(loan, officer, boss):
    job_of(loan, officer)
    with pytest.raises(Refused):  # the year is not over
        yearly_papers.ask(loan.fund, 2026)
    make.secured(by=officer)  # not paid out
    with on(DAY(2027, 1, 2)):
        later = lent(DAY(2027, 1, 2), boss=boss)  # paid out after the year
        assert yearly_papers.ask(loan.fund, 2026) == 3
        assert yearly_papers.ask(loan.fund, 2026) == 0
        assert set(loan.yearly_papers.values_list("kind", "due_on")) == {
            (kind, DAY(2027, 6, 30)) for kind in YearlyKind.values
        }
        # without promised jobs there is no declaration about them
    with on(DAY(2028, 1, 2)):
        assert yearly_papers.ask(loan.fund, 2027) == 5
        assert set(later.yearly_papers.values_list("kind", flat=True)) == {"statement", "de_minimis"}


def test_papers_come_after_their_year(loan, officer):
    with on(DAY(2027, 1, 2)):
        yearly_papers.ask(loan.fund, 2026)
        row = loan.yearly_papers.get(kind=YearlyKind.STATEMENT)
        for day in (DAY(2026, 12, 31), DAY(2027, 1, 3)):
            with pytest.raises(Refused):
                yearly_papers.receive(row, by=officer, received_on=day, file=upload())
        with pytest.raises(Refused) as refused:
            yearly_papers.receive(row, by=officer, received_on=DAY(2027, 1, 2), file=upload(b"nic", "x.exe"))
        assert "file" in refused.value.message_dict
        row = yearly_papers.receive(row, by=officer, received_on=DAY(2027, 1, 2), file=upload())
        assert row.paper.title == "Sprawozdanie finansowe za rok 2026"


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_ask_once(loan):
    with on(DAY(2027, 1, 2)):
        now = clock.now()

    def run(_number):
        with author(command="tests"), clock.at(now):
            return yearly_papers.ask(loan.fund, 2026)

    assert all(isinstance(found, int) for found in at_once(4, run))
    assert YearlyPaper.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_create_a_job_at_once_one_is_told(loan, officer):
    job = job_of(loan, officer)
    now = clock.now()

    def run(_number):
        with clock.at(now):
            return create(job, officer, TODAY)

    found = at_once(2, run)
    assert sorted(type(one).__name__ for one in found) == ["LoanJob", "Stale"]
    assert loan.papers.filter(title__contains="Potwierdzenie utworzenia").count() == 1


# The database


def test_whoever_writes_past_the_services_is_refused(loan, officer, boss):
    other = make.active(10_000, by=officer, boss=boss)
    foreign = jobs.create(
        job_of(other, officer), by=officer, created_on=TODAY, at_risk="no", woman="", file=upload()
    ).created_proof
    job, visit = job_of(loan, officer), visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
    with on(DAY(2027, 1, 2)):
        yearly_papers.ask(loan.fund, 2026)
    paper = loan.yearly_papers.first()
    created = {"created_on": TODAY, "keep_until": KEPT, "created_proof": foreign, "state": "created"}
    for row, values in (
        (job, {"position": "kierowca"}),
        (job, {"state": "kept"}),
        (job, {"state": "created"}),
        (job, created),
        (job, {"create_by": DAY(2028, 1, 1)}),
        (job, {"posts": D(2)}),
        (visit, {"state": "held"}),
        (visit, {"protocol": "Stoi."}),
        (visit, {"state": "closed"}),
        (paper, {"state": "received"}),
        (paper, {"due_on": DAY(2030, 1, 1)}),
        (paper, {"received_on": TODAY}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**values)
    for row in (job, visit, paper):
        rows = type(row).objects.filter(pk=row.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(DatabaseError), transaction.atomic():
        YearlyPaper.objects.create(loan=loan, year=2025, kind="jobs", due_on=TODAY, state="waived")


# Pages


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def test_the_list_shows_what_is_due_of_each_kind(office, loan, officer):
    job_of(loan, officer, create_by=TODAY)
    job_of(loan, officer, position="kierowca")
    jobs.create(
        job_of(loan, officer, position="piekarz"), by=officer, created_on=TODAY, at_risk="no", woman="", file=upload()
    )
    visit = visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
    listing = reverse("loans:monitoring")
    page = office.get(listing)
    assert [row.what for row in page.context["page"].rows] == ["kucharka", "kierowca"]
    assert [tab["number"] for tab in page.context["kinds"]] == [2, 1, 1, 0, 0]
    assert "Monitoring" in page.content.decode()
    page = office.get(listing, {"co": "create", "kiedy": "late"})
    assert [row.what for row in page.context["page"].rows] == ["kucharka"]
    assert [tab["number"] for tab in page.context["kinds"]] == [1, 0, 1, 0, 0]
    assert [row.what for row in office.get(listing, {"co": "visits"}).context["page"].rows] == ["Piec"]
    held = visits.hold(visit, by=officer, held_on=TODAY, protocol="Stoi.")
    visits.note_findings(held, by=officer, findings="Brak", fix_by=CREATED)
    assert [row.what for row in office.get(listing, {"co": "findings"}).context["page"].rows] == ["Piec"]
    with on(DAY(2027, 1, 2)):
        office.force_login(officer)  # the session has ended meanwhile
        yearly_papers.ask(loan.fund, 2026)
        assert len(office.get(listing, {"co": "papers"}).context["page"].rows) == 3
        assert office.get(listing, {"co": "nonsense", "kiedy": "x", "kto": "y", "after": "abc"}).status_code == 200
    other = make.officer()
    office.force_login(other)
    assert office.get(listing, {"kto": "me"}).context["page"].rows == []
    assert "Nic z tego nie czeka" in office.get(listing, {"kto": "me"}).content.decode()


def test_the_menu_counts_what_is_late_for_who_keeps_loans(loan, officer):
    job_of(loan, officer, create_by=TODAY)
    job_of(loan, officer)
    visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
    visits.plan(loan, by=officer, planned_on=CREATED, subject="Piec")
    assert waiting.monitoring_(fresh(officer)) == 2
    assert waiting.monitoring_(base.user(Role.COORDINATOR)) is None


@pytest.mark.parametrize("kind", monitoring.KINDS)
def test_the_list_costs_the_same_however_long(kind, office, officer, boss):
    def one_more():
        loan = make.active(10_000, by=officer, boss=boss)
        job_of(loan, officer)
        jobs.create(job_of(loan, officer), by=officer, created_on=TODAY, at_risk="no", woman="", file=upload())
        row = visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
        row = visits.hold(row, by=officer, held_on=TODAY, protocol="Stoi.")
        visits.note_findings(row, by=officer, findings="Brak", fix_by=CREATED)
        visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
        with on(DAY(2027, 1, 2)):
            yearly_papers.ask(loan.fund, 2026)

    def queries():
        with CaptureQueriesContext(connection) as found:
            page = office.get(reverse("loans:monitoring"), {"co": kind})
        return len(page.context["page"].rows), len(found)

    one_more()
    office.get(reverse("loans:monitoring"))
    few, first = queries()
    one_more(), one_more()
    many, then = queries()
    assert many == 3 * few > 0
    assert then == first <= 10


def test_the_page_of_a_loan_costs_the_same_however_much_is_watched(office, loan, officer):
    def queries():
        with CaptureQueriesContext(connection) as found:
            office.get(url("loan-monitoring", loan))
        return len(found)

    def one_more():
        jobs.create(job_of(loan, officer), by=officer, created_on=TODAY, at_risk="no", woman="", file=upload())
        row = visits.plan(loan, by=officer, planned_on=TODAY, subject="Piec")
        visits.hold(row, by=officer, held_on=TODAY, protocol="Stoi.", file=upload())

    one_more()
    queries()
    first = queries()
    one_more(), one_more()
    assert queries() == first


def test_a_whole_job_by_the_pages(office, cheap, officer, boss):
    page = office.get(url("loan-monitoring", cheap)).content.decode()
    assert "Żadne miejsce pracy nie jest obiecane" in page
    form = {"position": "kucharka", "posts": "0,5", "at_risk": "yes", "create_by": "2.5.2027"}
    assert office.post(url("job-new", cheap), form).status_code == 302
    with on(CREATED):
        office.force_login(officer)  # the session has ended meanwhile
        form = {"created_on": "1.12.2026", "at_risk": "yes", "woman": "yes"}
        page = office.post(url("job-move", cheap, 1, "create"), form)
        assert "Wybierz plik" in page.content.decode()
        assert office.post(url("job-move", cheap, 1, "create"), {**form, "file": upload()}).status_code == 302
        page = office.post(url("job-move", cheap, 1, "create"), {**form, "file": upload()})  # a second click
        assert "stan zmieniono na „utworzone”" in html.unescape(page.content.decode())
        assert office.get(url("job-move", cheap, 1, "create")).status_code == 302
        form = {"ended_on": "1.12.2026", "reason": "Odeszła", "consequence": "Pełna stopa od naruszenia."}
        assert office.post(url("job-move", cheap, 1, "end"), form).status_code == 302
    office.force_login(officer)
    page = office.get(url("loan-monitoring", cheap)).content.decode()
    assert "Przygotuj aneks z pełną stopą" in page and "Pełna stopa od naruszenia." in page
    shown = html.unescape(office.get(url("job-annex", cheap, 1)).content.decode())
    assert "Pełna stopa od naruszenia." in shown and "5,8%" in shown.replace("\u00a0", " ")
    day = annexes.first_days(cheap)[0]
    form = {"valid_from": day.isoformat(), "reasons": "Miejsca pracy nie utrzymano"}
    assert office.post(url("job-annex", cheap, 1), form).status_code == 302
    assert cheap.annexes.get().jobs.get().number == 1
    assert office.post(url("job-annex", cheap, 1), form).status_code == 302  # nothing more follows
    assert cheap.annexes.count() == 1
    assert office.get(url("job-move", cheap, 1, "replan")).status_code == 403
    assert office.get(url("job-move", cheap, 1, "fly")).status_code == 404
    assert office.get(url("job-move", cheap, 7, "end")).status_code == 404
    steps = [step["text"] for step in timeline.of_loan(cheap)]
    assert steps[0] == "Miejsce pracy „kucharka”: zakończone przed czasem"


def test_a_visit_and_a_paper_by_the_pages(office, loan, officer):
    form = {"planned_on": "3.11.2026", "subject": "<b>Piec</b>"}
    assert office.post(url("visit-new", loan), form).status_code == 302
    assert office.post(url("visit-edit", loan, 1), {**form, "planned_on": "2.11.2026"}).status_code == 302
    form = {"held_on": "2.11.2026", "protocol": "Piec stoi.\nDziała.", "file": upload()}
    assert office.post(url("visit-move", loan, 1, "hold"), form).status_code == 302
    form = {"findings": "Brak tablicy", "fix_by": "1.12.2026"}
    assert office.post(url("visit-move", loan, 1, "find"), form).status_code == 302
    page = office.get(url("loan-monitoring", loan)).content.decode()
    assert "&lt;b&gt;Piec&lt;/b&gt;" in page and "Brak tablicy" in page and "Protokół wizyty 1" in page
    assert office.post(url("visit-move", loan, 1, "fix"), {"reason": "Wisi"}).status_code == 302
    with on(DAY(2027, 1, 2)):
        office.force_login(officer)
        yearly_papers.ask(loan.fund, 2026)
        row = loan.yearly_papers.get(kind=YearlyKind.STATEMENT)
        form = {"received_on": "2.1.2027", "file": upload()}
        assert office.post(url("yearly-move", loan, row.pk, "receive"), form).status_code == 302
        other = loan.yearly_papers.get(kind=YearlyKind.DE_MINIMIS)
        assert office.post(url("yearly-move", loan, other.pk, "waive"), {"reason": "Nie dostał"}).status_code == 302
        page = office.get(url("loan-monitoring", loan)).content.decode()
        assert "Sprawozdanie finansowe za rok 2026" in page
    assert Visit.objects.get().state == "closed"
    steps = [step["text"] for step in timeline.of_loan(loan)]
    assert "Wizyta 1: zamknięta" in steps and "Dokument za rok 2026: otrzymany" in steps


def test_the_jobs_of_the_application_may_be_taken_over_later(office, loan, officer):
    answers = loan.decision.review.application.loan_application
    PlannedJob.objects.create(answers=answers, position="kucharka", posts=D(1), since=TODAY, at_risk="no")
    assert "Przejmij miejsca pracy z wniosku" in office.get(url("loan-monitoring", loan)).content.decode()
    for _click in range(2):
        assert office.post(url("jobs-promise", loan)).status_code == 302
    assert LoanJob.objects.get().position == "kucharka"
    assert "Przejmij miejsca pracy z wniosku" not in office.get(url("loan-monitoring", loan)).content.decode()


def test_loans_of_another_unit_are_not_there(office, loan, officer, client):
    job_of(loan, officer)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER))
    client.force_login(partner)
    assert client.get(url("job-move", loan, 1, "create")).status_code in (403, 404)
    assert client.get(reverse("loans:monitoring")).context["page"].rows == []
    assert Loan.objects.count() == 1
