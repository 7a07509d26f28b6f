"""The demo: what it holds, and that it comes out the same."""

import datetime
from collections import Counter

from django.db import transaction
from django.db.models import Q

from centrum.cases.enums import CaseState, ServiceState
from centrum.cases.models import Case, Service
from centrum.intake import calls
from centrum.intake.enums import ApplicationState
from centrum.intake.models import Appeal, Application, Attachment, CompletionRequest
from centrum.kit import clock, outbox
from centrum.portal.demo import build
from centrum.register.enums import PesType
from centrum.register.models import Organisation, Person
from centrum.reporting.models import Project
from centrum.staff.models import User
from loans import consistency, nightly, statement_files
from loans.deminimis import room
from loans.demo import november
from loans.enums import (
    CallState,
    GuaranteeState,
    JobState,
    LoanState,
    MeasureKind,
    MeasureState,
    NoticeState,
    VisitState,
    YearlyState,
)
from loans.models import (
    AidGrant,
    Fund,
    Guarantee,
    GuaranteeCall,
    LenderReport,
    Loan,
    LoanLink,
    Measure,
    Notice,
    Payment,
    Visit,
    YearlyPaper,
)


def test_it_shows_the_whole_house(portal):
    with transaction.atomic():  # what is tried out here is gone for the other tests
        _it_shows_the_whole_house()
        transaction.set_rollback(True)


def _it_shows_the_whole_house():
    assert {p.number: p.closed_on is None for p in Project.objects.all()} == {
        "FELB.06.10-IZ.00-0007/24": True,
        "RPLB.07.06.01-08-0001/15": False,
    }
    assert set(Organisation.objects.values_list("pes_type", flat=True)) == set(PesType.values)
    assert Organisation.objects.count() >= 40
    assert Person.objects.count() >= 150
    shown = {str(k): n for k, n in build.CASES.items()}
    shown["opened"] += 1 + 3  # by applications accepted in the stories of the reviews and of the groups
    assert Counter(Case.objects.values_list("state", flat=True)) == shown
    assert set(build.CASES) == set(CaseState)
    assert sum(build.CASES.values()) >= 60
    assert Service.objects.count() >= 400
    assert set(Service.objects.values_list("state", flat=True)) == set(ServiceState.values)
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    assert [
        (call.open, call.taken, call.waiting, call.reserve)
        for call in calls.listed().annotate(open=_OPEN).order_by("-opens_at")
    ] == [
        (True, 0, 2, 0),
        (False, 2, 0, 2),
    ]
    assert Counter(request.answered_at is None for request in CompletionRequest.objects.all()) == {True: 5, False: 1}
    assert list(Appeal.objects.order_by("id").values_list("upheld", flat=True)) == [False, None, True]
    assert {name.rpartition(".")[2] for name in Attachment.objects.values_list("file__name", flat=True)} == {
        "pdf",
        "png",
    }
    assert outbox.state()["waiting"] > 100
    # the same every time: these follow from every draw of chance before them
    last = Application.objects.filter(number__startswith="WS").order_by("number").last()
    assert (last.number, last.applicant, last.place) == LAST
    _the_fund_has_a_history()
    _a_loan_is_watched()
    _guarantees_are_in_every_state()
    _aid_is_told_of_every_borrower()
    _its_statements_are_taken_in()


def _the_fund_has_a_history():
    """Loans in every state with two years behind them, and every figure of them is the ledger's."""
    assert set(Loan.objects.values_list("state", flat=True)) == set(LoanState.values)
    assert Loan.objects.count() >= 30
    assert Payment.objects.earliest("value_date").value_date < datetime.date(2024, 11, 30)
    assert set(Measure.objects.values_list("kind", flat=True)) == set(MeasureKind.values)
    assert set(Notice.objects.values_list("state", flat=True)) == set(NoticeState.values)
    assert consistency.differences(Fund.objects.get()) == []


def _a_loan_is_watched():
    """Jobs kept, visits, papers of a year, and a link for the borrower."""
    loan = Loan.objects.get(organisation__name="Spółdzielnia Socjalna „Ogrody”")
    assert list(loan.jobs.values_list("position", "state")) == [("ogrodnik", JobState.KEPT)] * 2
    assert all(job.created_on <= job.create_by for job in loan.jobs.all())
    assert loan.measures.get().state == MeasureState.CONFIRMED  # forgiven since the jobs were kept
    assert Counter(Visit.objects.values_list("state", flat=True)) == {VisitState.CLOSED: 1, VisitState.PLANNED: 1}
    received = YearlyPaper.objects.filter(state=YearlyState.RECEIVED)
    assert set(received.values_list("loan", "year")) == {(loan.pk, 2025)}
    assert list(LoanLink.objects.values_list("loan", "closed_at")) == [(loan.pk, None)]


def _guarantees_are_in_every_state():
    """On a capital of 500 000 PLN, with a call in every state and reports of both lenders."""
    assert set(Guarantee.objects.values_list("state", flat=True)) == set(GuaranteeState.values)
    assert Guarantee.objects.count() >= 12
    assert set(GuaranteeCall.objects.values_list("state", flat=True)) == set(CallState.values)
    assert LenderReport.objects.values("lender").distinct().count() == 2
    assert Fund.objects.get().gua_capital == 500_000


def _aid_is_told_of_every_borrower():
    """Each signature left its entry and certificate; one of the clients is near the ceiling."""
    assert not Loan.objects.filter(signed_on__isnull=False, aid_grants=None).exists()
    assert not Guarantee.objects.filter(signed_on__isnull=False, aid_grants=None).exists()
    assert set(AidGrant.objects.values_list("state", flat=True)) >= {"prepared", "granted", "corrected", "cancelled"}
    assert not AidGrant.objects.exclude(confirmed_at=None).filter(certificate=None).exists()
    assert room.of(Organisation.objects.get(name="Spółdzielnia Socjalna „Biała Piana”")).percent >= 90


def _its_statements_are_taken_in():
    """One of each format: with the loan's number, with the payer's account alone, with neither."""
    fund, by = Fund.objects.get(), User.objects.get(email="ksiegowosc@demo.example")
    with clock.at(datetime.datetime(2026, 11, 27, 10, tzinfo=clock.WARSAW)):
        assert nightly.keep(fund)["refused"] == []
        files = november.files()
        assert [name.rpartition(".")[2] for name in files] == ["sta", "xml", "csv"]
        taken = [statement_files.take_in(fund, data, name, by=by) for name, data in files.items()]
        assert [one.new for one in taken] == [1, 1, 1]
        assert sum(one.matched for one in taken) >= 5
        assert [one.waiting for one in taken] == [0, 1, 1]  # the bank's cost, and who nobody knows
        again = [statement_files.take_in(fund, data, name, by=by) for name, data in files.items()]
        assert [(one.new, one.known) for one in again] == [(0, 1)] * 3
        assert consistency.differences(fund) == []


_NOW = datetime.datetime.combine(build.LAST_DAY, datetime.time(), datetime.UTC)
_OPEN = Q(opens_at__lte=_NOW, closes_at__gt=_NOW)
LAST = ("WS/2026/0052", "Wanda Mika", "Dobiegniew")
