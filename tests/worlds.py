"""A world of one of everything, and the addresses of what is in it."""

import copy
import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from centrum.cases.applications import ORGANISATION
from centrum.intake import consents, review
from centrum.intake.models import Attachment, Call
from centrum.kit import clock, files
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage
from centrum.register import requests
from centrum.register.models import Activity, AtRisk, PkdCode, RiskGroup
from centrum.reporting.importing import pending
from centrum.staff.enums import Role, UnitKind
from loans import annexes, client_links, jobs, ledger, measures, rates, repayments, visits
from loans.deminimis import statements
from loans.enums import YearlyKind
from loans.guarantees import limits, recourse, reports
from loans.models import ArrearsStep, YearlyPaper
from partners import agreements, calendars, guests, programme
from partners import commitments as partners_commitments
from partners import meetings as partners_meetings
from partners import services as partnerships
from partners.models import Decision
from tests.factories import aid as aid_factory
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import enterprises as enterprise_factory
from tests.factories import guarantees as guarantees_factory
from tests.factories import intake as intake_factory
from tests.factories import loans as loans_factory
from tests.factories import partners as partners_factory
from tests.factories import reporting as reporting_factory
from tests.factories import reviews as reviews_factory
from tests.factories import statements as statements_factory
from tests.factories import trainings as trainings_factory
from tests.factories.files import upload
from trainings import answering, own


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """The world that `world` hands out, made once for all tests of a file, in a transaction around theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        with author(command="tests"), translation.override("pl"):
            made = make_world()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(db, shared_world):
    """One of everything, of the lead unit and one project, and the people who try to open it; whatever a test does to
    it in the database and in memory, the next one finds it as it was."""
    return copy.deepcopy(shared_world)


def make_world():
    project = base.project()
    partner = base.unit(UnitKind.PARTNER)
    actors = {role: base.user(role, projects=[project]) for role in Role.values}
    actors["other_unit"] = base.user(Role.COORDINATOR, unit_=partner, projects=[project])
    actors["outside"] = base.user(Role.COORDINATOR)
    case = case_factory.case("active", adviser=actors[Role.ADVISER], project=project, entered=True)
    participation = reporting_factory.participation(project=project)
    person, organisation = base.person(), enterprise_factory.tied()
    # an auditor sees what stands in the sample: here everything but the applications, from which no case has come
    shown = [person, participation.person, case.person]
    case_factory.case(adviser=actors[Role.ADVISER], project=project, person=person, organisation=organisation)
    sample = base.sample(actors[Role.AUDITOR], *shown, by=actors[Role.MANAGER])
    pkd = PkdCode.objects.get(version=2025, code="88.99.Z")
    Activity.objects.create(organisation=organisation, pkd=pkd, version=2025)
    application = intake_factory.taken(by=actors[Role.COORDINATOR])
    attachment = Attachment.objects.create(application=application, rule="statute", file=files.store(upload()))
    review.ask_opinion(application, by=actors[Role.COORDINATOR], of=actors[Role.ADVISER], question="Co sądzisz?")
    group = RiskGroup.objects.get(letter="a")
    AtRisk.objects.create(person=person, group=group, proof="labour_office", valid_from=clock.today())
    partnership = partners_factory.partnership(by=actors[Role.ADVISER], public=True)
    member = partners_factory.member(partnership, by=actors[Role.ADVISER])
    partnerships.add_area(partnership, by=actors[Role.ADVISER], teryt="0806", name="strzelecko-drezdenecki")
    partnerships.add_representative(member, by=actors[Role.ADVISER], person=person, valid_from=partners_factory.FOUNDED)
    programme.save_objective(partnership, by=actors[Role.ADVISER], number=1, text="Cel")
    task = programme.save_task(partnership, by=actors[Role.ADVISER], number=1, text="Zadanie")
    meeting = partners_factory.meeting(partnership, by=actors[Role.ADVISER])
    invited = partners_meetings.may_be_invited(meeting)
    partners_meetings.invite(meeting, by=actors[Role.ADVISER], representatives=list(invited))
    Decision.objects.create(meeting=meeting, number=1, text="Ustalenie")
    partners_commitments.promise(
        partnership, by=actors[Role.ADVISER], membership=member, text="Umowa", due_on=clock.today(), meeting=meeting
    )
    programme.save_milestone(task, by=actors[Role.ADVISER], name="raport", unit="", planned=1, planned_on=clock.today())
    agreement = agreements.draft(partnership, by=actors[Role.ADVISER], kind="intent", title="List intencyjny")
    signing = partners_factory.representative(member, by=actors[Role.ADVISER])
    agreements.add_signatory(agreement, by=actors[Role.ADVISER], representative=signing)
    agreements.add_version(agreement, by=actors[Role.ADVISER], file=upload())
    event = trainings_factory.event(by=actors[Role.ADVISER])
    rate = rates.enter(
        by=base.user(Role.MANAGER),
        kind="rediscount",
        valid_from=clock.today(),
        rate=Decimal("0.038"),
        source="komunikat NBP",
    )
    enrolment = trainings_factory.enrolment(event)
    loan_application = loans_factory.applied(by=actors[Role.LOAN_OFFICER])
    reviews_factory.member(actors[Role.MANAGER], role="chair")
    loan = loans_factory.ready(50_000, tranches=[(20_000, 0), (30_000, 60)], by=actors[Role.LOAN_OFFICER])
    paid = loans_factory.paid(loan, boss=actors[Role.ACCOUNTANT])
    loans_factory.document(paid.settlement, 100, by=actors[Role.LOAN_OFFICER], file=upload())
    return SimpleNamespace(
        actors=actors,
        entry=ledger.pay_in(
            ledger.create_fund(by=actors[Role.ACCOUNTANT], code="fp", name="Fundusz"),
            by=actors[Role.ACCOUNTANT],
            key="matrix",
            amount=Decimal(1000),
            value_date=clock.today(),
            document="WB/1",
        ),
        loan_application=loan_application,
        limits=limits.enter(
            loans_factory.fund(0, code="limity", by=actors[Role.ACCOUNTANT]),
            by=actors[Role.ACCOUNTANT],
            multiplier=Decimal(3),
            client_cap=Decimal("0.05"),
            reasons="uchwała",
        ),
        paid=paid,
        line=statements_factory.taken(paid.loan.fund, clock.today(), ("10.00", "Odsetki"), by=actors[Role.ACCOUNTANT])[
            0
        ],
        cost=trainings_factory.cost(event, by=actors[Role.ADVISER]),
        contract=trainings_factory.contract(by=actors[Role.ADVISER]),
        rate_of_room=trainings_factory.room_rate(by=actors[Role.ADVISER]),
        certificate=trainings_factory.certificate(by=actors[Role.ADVISER], boss=actors[Role.MANAGER]),
        rate=rate,
        eur=aid_factory.eur(datetime.date(2026, 1, 5), confirmed=False),
        aid=_aid(actors, organisation),
        loan=loans_factory.granted(by=actors[Role.LOAN_OFFICER], boss=actors[Role.MANAGER]),
        event=event,
        enrolment=enrolment,
        survey=trainings_factory.survey(event, by=actors[Role.ADVISER], state="open"),
        programme=trainings_factory.programme(by=actors[Role.ADVISER]),
        trainer=trainings_factory.trainer(),
        room=trainings_factory.room(),
        agreement=agreement,
        partnership=partnership,
        lent=_lent(actors),
        guaranteed=_guaranteed(actors),
        project=project,
        person=person,
        request=requests.receive(
            by=actors[Role.DATA_PROTECTION],
            kind="access",
            channel="letter",
            name="Łucja",
            received_on=clock.today(),
            person=person,
        ),
        consent=consents.give(consents.texts().first(), person=person, channel="letter", by=actors[Role.ADVISER]),
        organisation=organisation,
        sample=sample,
        twins=(base.person(with_pesel=False), base.organisation(nip="")),
        call=Call.objects.create(
            kind=ORGANISATION.code,  # beside the applications of this world, which are of people
            name="Nabór zimowy",
            opens_at=clock.now() - datetime.timedelta(days=1),
            closes_at=clock.now() + datetime.timedelta(days=1),
        ),
        case=case,
        service=case_factory.service(case),
        participation=participation,
        delegation=base.delegation(actors[Role.ADVISER], base.user(Role.ADVISER)),
        submitted=intake_factory.submitted(),
        application=application,
        attachment=attachment,
        appeal=intake_factory.in_state("appeal", by=actors[Role.COORDINATOR]),
        pending=pending.hold(
            by=actors[Role.COORDINATOR],
            project=project,
            content=reporting_factory.smefs_file(reporting_factory.row(), bom=False),
            file_name="plik.csv",
        ),
        message=OutboxMessage.objects.create(
            to="a@example.org", subject="Temat", body="Treść.", created_at=clock.now(), due_at=clock.now()
        ),
    )


def _guaranteed(actors):
    """A guarantee that was reported of, called and paid, with a fee to be paid and a write-off on its way."""
    officer, month = actors[Role.LOAN_OFFICER], reports.last_month()
    day = month - datetime.timedelta(days=10)
    with guarantees_factory.at(day):
        ledger.pay_in(
            loans_factory.fund(),
            by=actors[Role.ACCOUNTANT],
            key="gua-capital",
            amount=100_000,
            value_date=day,
            document="WB/1",
            guarantees=True,
        )
    guarantee = guarantees_factory.active(1_000, by=officer, on=day)
    data = guarantees_factory.report((guarantee, 1_000))
    reports.take_in(guarantee.lender, month, data, "raport.csv", by=officer)
    guarantee.refresh_from_db()
    guarantees_factory.paid(guarantee=guarantee, boss=actors[Role.ACCOUNTANT])
    guarantees_factory.recovered(guarantee, 10, by=actors[Role.ACCOUNTANT])
    recourse.prepare_loss(guarantee, by=officer, reasons="Powód", file=upload())
    guarantee.refresh_from_db()
    return guarantee


def _lent(actors):
    """A loan in payment with a payment, an annex, a letter, a termination, a job and a visit on their way and a
    link of its borrower."""
    officer, boss = actors[Role.LOAN_OFFICER], actors[Role.MANAGER]
    loan = loans_factory.active(by=officer, boss=boss)
    annexes.prepare(loan, by=officer, valid_from=annexes.first_days(loan)[0], grace=1, reasons="Powód")
    day = clock.today()
    repayments.receive(loan, by=boss, amount=Decimal(100), value_date=day, document="WB/7", key="permissions")
    repayments.charge(loan, by=officer, amount=Decimal(5), on=day, text="wezwanie", key="permissions")
    since = clock.today() - datetime.timedelta(days=14)
    step = ArrearsStep.objects.get(code="demand")
    loan.notices.create(step=step, since=since, proposed_on=clock.today())
    said = {"on": measures.earliest("termination"), "ground": "untrue", "reasons": "Powód"}
    measures.prepare(loan, by=officer, kind="termination", **said)
    jobs.add(loan, by=officer, position="kucharka", posts=Decimal(1), at_risk="no", create_by=clock.today())
    visits.plan(loan, by=officer, planned_on=clock.today(), subject="Piec")
    YearlyPaper.objects.create(loan=loan, year=2025, kind=YearlyKind.STATEMENT, due_on=clock.today())
    client_links.send(loan, by=officer, email=client_links.addresses(loan)[0])
    return loan


def _aid(actors, organisation):
    """Aid of the organisation that was noted and confirmed, and a statement with its document."""
    aid_factory.eur_now()
    statements.keep(
        organisation,
        by=actors[Role.LOAN_OFFICER],
        source="sudop",
        as_of=clock.today(),
        rows=[],
        file=upload(),
    )
    by, boss = actors[Role.LOAN_OFFICER], actors[Role.MANAGER]
    return aid_factory.noted(organisation, 100, on=clock.today(), by=by, boss=boss)


# What stands in the addresses, by the name of the argument or, where that is not enough, of the address.
ARGUMENTS = {
    "staff:outbox-message": lambda world: {"public_id": world.message.public_id},
    "staff:authorisation": lambda world: {"pk": world.actors[Role.ADVISER].authorisations.latest("pk").pk},
    "staff:delegation": lambda world: {"pk": world.delegation.pk},
    "staff:account-": lambda world: {"pk": world.actors[Role.ADVISER].pk},
    "staff:password-set": lambda world: {"uidb64": "MQ", "token": "a-b"},
    "intake:kind": lambda world: {"path": "wsparcie/osoba"},
    "intake:resume": lambda world: {"token": "none"},
    "card:confirm": lambda world: {"token": "none"},
    "register:dossier": lambda world: {"public_id": world.person.public_id},
    "register:request": lambda world: {"public_id": world.request.public_id},
    "consents:mine": lambda world: {"token": "none"},
    "consents:note": lambda world: {"public_id": world.person.public_id},
    "consents:withdraw": lambda world: {"public_id": world.consent.public_id},
    "cases:move": lambda world: {"public_id": world.case.public_id, "action": "suspend"},
    "cases:close": lambda world: {"public_id": world.case.public_id, "action": "complete"},
    "cases:service-move": lambda world: {"public_id": world.service.public_id, "action": "cancel"},
    "cases:open-for-person": lambda world: {"public_id": world.person.public_id},
    "cases:open-for-organisation": lambda world: {"public_id": world.organisation.public_id},
    "reporting:project": lambda world: {"pk": world.project.pk},
    "reporting:import": lambda world: {"pk": world.project.pk},
    "reporting:import-": lambda world: {"pk": world.pending.pk},
    "reporting:participation": lambda world: {"pk": world.participation.pk},
    "register:person-merge-with": lambda world: {
        "public_id": world.person.public_id,
        "gone_id": world.twins[0].public_id,
    },
    "register:organisation-merge-with": lambda world: {
        "public_id": world.organisation.public_id,
        "gone_id": world.twins[1].public_id,
    },
    "register:enterprise": lambda world: {"public_id": world.organisation.public_id},
    "register:enterprise-reports": lambda world: {"year": 2025},
    "register:enterprise-status-end": lambda world: _part(world, "enterprise_statuses"),
    "register:enterprise-status-correct": lambda world: _part(world, "enterprise_statuses"),
    "register:enterprise-status-new": lambda world: {"public_id": world.organisation.public_id},
    "register:organisation-link-end": lambda world: _part(world, "links_down"),
    "register:organisation-contact-main": lambda world: _part(world, "contacts"),
    "register:organisation-contact-end": lambda world: _part(world, "contacts"),
    "register:organisation-activity-": lambda world: _part(world, "activities"),
    "register:person-at-risk-end": lambda world: {
        "public_id": world.person.public_id,
        "pk": world.person.at_risk.get().pk,
    },
    "register:account": lambda world: {"pk": world.organisation.bank_accounts.get().pk},
    "register:organisation": lambda world: {"public_id": world.organisation.public_id},
    "register:audit-sample": lambda world: {"pk": world.sample.pk},
    "register:person": lambda world: {"public_id": world.person.public_id},
    "events:survey": lambda world: {"token": answering.token(world.survey, world.enrolment)},
    "trainings:survey": lambda world: {"public_id": world.event.public_id, "pk": world.survey.pk},
    "trainings:surveys": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-new": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-comparison": lambda world: {"public_id": world.event.public_id},
    "trainings:survey-move": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.survey.pk,
        "action": "open",
    },
    "trainings:question-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.survey.pk,
        "question": world.survey.questions.earliest("number").pk,
    },
    "trainings:question-new": lambda world: {"public_id": world.event.public_id, "pk": world.survey.pk},
    "trainings:": lambda world: {"public_id": world.event.public_id},
    "trainings:list": lambda world: {},
    "trainings:new": lambda world: {},
    "trainings:report": lambda world: {},
    "trainings:programme": lambda world: {"pk": world.programme.pk},
    "trainings:programmes": lambda world: {},
    "trainings:programme-new": lambda world: {},
    "trainings:trainer": lambda world: {"pk": world.trainer.pk},
    "trainings:trainers": lambda world: {},
    "trainings:trainer-new": lambda world: {},
    "trainings:venue-edit": lambda world: {"pk": world.room.venue.pk},
    "trainings:venue-new": lambda world: {},
    "trainings:venues": lambda world: {},
    "trainings:room-new": lambda world: {"pk": world.room.venue.pk},
    "trainings:room-edit": lambda world: {"pk": world.room.venue.pk, "room": world.room.pk},
    "trainings:move": lambda world: {"public_id": world.event.public_id, "action": "close"},
    "trainings:session-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.event.sessions.earliest("pk").pk,
    },
    "trainings:session-new": lambda world: {"public_id": world.event.public_id},
    "trainings:cost-": lambda world: {"public_id": world.event.public_id, "pk": world.cost.pk},
    "trainings:cost-report": lambda world: {},
    "trainings:cost-new": lambda world: {"public_id": world.event.public_id},
    "trainings:cost-reckon": lambda world: {"public_id": world.event.public_id},
    "trainings:contract-new": lambda world: {"pk": world.trainer.pk},
    "trainings:contract-edit": lambda world: {"pk": world.contract.trainer_id, "contract": world.contract.pk},
    "trainings:room-rate-new": lambda world: {"pk": world.room.venue.pk, "room": world.room.pk},
    "trainings:room-rate-edit": lambda world: {
        "pk": world.rate_of_room.room.venue_id,
        "room": world.rate_of_room.room_id,
        "rate": world.rate_of_room.pk,
    },
    "trainings:workload": lambda world: {},
    "trainings:certificate": lambda world: _of_certificate(world),
    "trainings:certificates": lambda world: {"public_id": world.certificate.enrolment.event.public_id},
    "trainings:certificate-move": lambda world: _of_certificate(world, action="annul"),
    "events:certificate": lambda world: {"code": world.certificate.code},
    "events:certificates": lambda world: {},
    "events:own-certificate": lambda world: {"token": own.token(world.certificate.enrolment)},
    "trainings:attendance-": lambda world: {
        "public_id": world.event.public_id,
        "pk": world.event.sessions.earliest("pk").pk,
    },
    "trainings:attendance-approve": lambda world: {"public_id": world.event.public_id},
    "trainings:attendance-record": lambda world: {"public_id": world.event.public_id},
    "trainings:attendance-correct": lambda world: _of_enrolment(world),
    "trainings:door": lambda world: {"token": own.token(world.enrolment)},
    "trainings:enrol": lambda world: {"public_id": world.event.public_id},
    "trainings:enrolment": lambda world: _of_enrolment(world),
    "trainings:enrolment-act": lambda world: _of_enrolment(world, action="take"),
    "trainings:enrolment-suggested": lambda world: _of_enrolment(world, what="osoba", key=world.person.public_id),
    "trainings:enrolment-unlink": lambda world: _of_enrolment(world, what="osoba"),
    "events:own": lambda world: {"token": own.token(world.enrolment)},
    "events:": lambda world: {"public_id": world.event.public_id},
    "loans:apply-for": lambda world: {"public_id": world.organisation.public_id},
    "loans:funds": lambda world: {},
    "loans:fund-new": lambda world: {},
    "loans:fund": lambda world: {"code": world.entry.fund.code},
    "loans:pay-in": lambda world: {"code": world.entry.fund.code},
    "loans:pay-out": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits-new": lambda world: {"code": world.entry.fund.code},
    "loans:guarantee-limits-confirm": lambda world: {"code": world.limits.fund.code, "pk": world.limits.pk},
    "loans:guarantee-limits-drop": lambda world: {"code": world.limits.fund.code, "pk": world.limits.pk},
    "loans:entry": lambda world: {"code": world.entry.fund.code, "pk": world.entry.pk},
    "loans:month-close": lambda world: {"code": world.entry.fund.code, "pk": world.entry.fund.months.get().pk},
    "loans:review": lambda world: {"public_id": world.loan_application.public_id},
    "loans:fund-account": lambda world: {"code": world.entry.fund.code},
    "loans:tranche-move": lambda world: {"public_id": world.paid.loan.public_id, "number": 2, "action": "cancel"},
    "loans:order-new": lambda world: {"code": world.paid.loan.fund.code},
    "loans:order-file": lambda world: {"pk": world.paid.order.pk},
    "loans:statement": lambda world: {"pk": world.line.statement_id},
    "loans:statements-all": lambda world: {},
    "loans:statement-new": lambda world: {},
    "loans:statement-line": lambda world: {"pk": world.line.pk},
    "loans:statement-line-explain": lambda world: {"pk": world.line.pk, "action": "income"},
    "loans:settlement": lambda world: {"public_id": world.paid.loan.public_id, "number": 1},
    "loans:settlement-move": lambda world: {
        "public_id": world.paid.loan.public_id,
        "number": 1,
        "action": "submit",
    },
    "loans:settlement-document": lambda world: {
        "public_id": world.paid.loan.public_id,
        "number": 1,
        "pk": world.paid.settlement.documents.get().pk,
    },
    "loans:settlement-document-new": lambda world: {"public_id": world.paid.loan.public_id, "number": 1},
    "loans:loan": lambda world: {"public_id": world.lent.public_id},
    "loans:payoff": lambda world: {"public_id": world.lent.public_id},
    "loans:payment-new": lambda world: {"public_id": world.lent.public_id},
    "loans:payment-send-back": lambda world: {"public_id": world.lent.public_id},
    "loans:payment": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.payments.get().pk},
    "loans:cost-new": lambda world: {"public_id": world.lent.public_id},
    "loans:cost-take-back": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.costs.get().pk},
    "loans:loan-schedule": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:paper": lambda world: {
        "public_id": world.lent.public_id,
        "file_id": world.lent.papers.filter(kind="agreement").get().file.public_id,
    },
    "loans:paper-new": lambda world: {"public_id": world.lent.public_id},
    "loans:security-": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.securities.get().pk},
    "loans:security-new": lambda world: {"public_id": world.lent.public_id},
    "loans:annex": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:annex-new": lambda world: {"public_id": world.lent.public_id},
    "loans:annex-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "drop"},
    "loans:notice": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.notices.get().pk},
    "loans:notices": lambda world: {},
    "loans:measure": lambda world: {"public_id": world.lent.public_id, "pk": world.lent.measures.get().pk},
    "loans:measure-new": lambda world: {"public_id": world.lent.public_id, "kind": "forgiveness"},
    "loans:measure-move": lambda world: {
        "public_id": world.lent.public_id,
        "pk": world.lent.measures.get().pk,
        "action": "drop",
    },
    "loans:job-": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:job-new": lambda world: {"public_id": world.lent.public_id},
    "loans:jobs-promise": lambda world: {"public_id": world.lent.public_id},
    "loans:job-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "miss"},
    "loans:visit-new": lambda world: {"public_id": world.lent.public_id},
    "loans:visit-edit": lambda world: {"public_id": world.lent.public_id, "number": 1},
    "loans:visit-move": lambda world: {"public_id": world.lent.public_id, "number": 1, "action": "cancel"},
    "loans:yearly-move": lambda world: {
        "public_id": world.lent.public_id,
        "pk": world.lent.yearly_papers.get().pk,
        "action": "waive",
    },
    "loans:guarantee": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-paper": lambda world: {
        "public_id": world.guaranteed.public_id,
        "file_id": world.guaranteed.papers.get(kind="agreement").file.public_id,
    },
    "loans:guarantee-paper-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-fee": lambda world: {"public_id": world.guaranteed.public_id, "nr": 1},
    "loans:guarantee-fee-waive": lambda world: {"public_id": world.guaranteed.public_id, "nr": 1},
    "loans:guarantee-security": lambda world: _of_guarantee(world, world.guaranteed.securities),
    "loans:guarantee-security-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-call": lambda world: _of_guarantee(world, world.guaranteed.calls),
    "loans:guarantee-call-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-loss": lambda world: _of_guarantee(world, world.guaranteed.losses),
    "loans:guarantee-loss-new": lambda world: {"public_id": world.guaranteed.public_id},
    "loans:guarantee-loss-move": lambda world: _of_guarantee(world, world.guaranteed.losses) | {"action": "drop"},
    "loans:guarantee-recovery-take-back": lambda world: _of_guarantee(world, world.guaranteed.recoveries),
    "loans:guarantee-report": lambda world: {"pk": world.guaranteed.lender.reports.get().pk},
    "loans:guarantee-report-template": lambda world: {"pk": world.guaranteed.lender_id},
    "own-loan:": lambda world: {"token": loans_factory.link_token(world.lent)},
    "loans:eur-rate-new": lambda world: {},
    "loans:eur-rate-move": lambda world: {"pk": world.eur.pk, "action": "potwierdzenie"},
    "loans:eur-file-move": lambda world: {"file_id": 0, "action": "potwierdzenie"},
    "loans:aid-grant": lambda world: {"public_id": world.aid.public_id},
    "loans:aid-certificate": lambda world: {"public_id": world.aid.public_id},
    "loans:aid-move": lambda world: {"public_id": world.aid.public_id, "action": "cancel"},
    "loans:aid-of": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-note": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-statement-new": lambda world: {"public_id": world.organisation.public_id},
    "loans:aid-statement-file": lambda world: {
        "public_id": world.organisation.public_id,
        "pk": world.organisation.aid_statements.get().pk,
    },
    "loans:rate-check": lambda world: {"kind": "rediscount"},
    "loans:rate-": lambda world: {"pk": world.rate.pk},
    "loans:rate-new": lambda world: {},
    "partners:area-remove": lambda world: _of_partnership(world, world.partnership.areas),
    "partners:member-": lambda world: _of_partnership(world, world.partnership.memberships),
    "partners:member-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:agreement": lambda world: _of_partnership(world, world.partnership.agreements),
    "partners:agreement-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:agreement-move": lambda world: _of_agreement(world, action="drop"),
    "partners:agreement-signatory-remove": lambda world: _of_agreement(
        world, signatory=world.agreement.signatories.get().pk
    ),
    "partners:agreement-file": lambda world: _of_agreement(
        world, file_id=world.agreement.versions.get().file.public_id
    ),
    "partners:objective-edit": lambda world: _of_partnership(world, world.partnership.objectives),
    "partners:task-edit": lambda world: _of_partnership(world, world.partnership.tasks),
    "partners:milestone-new": lambda world: _of_partnership(world, world.partnership.tasks),
    "partners:milestone-": lambda world: _of_partnership(world, world.partnership.tasks.get().milestones),
    "partners:representative-new": lambda world: _of_partnership(world, world.partnership.memberships),
    "partners:representative-end": lambda world: {
        "public_id": world.partnership.public_id,
        "pk": world.partnership.memberships.get().representatives.earliest("pk").pk,
    },
    "partners:meeting-new": lambda world: {"public_id": world.partnership.public_id},
    "partners:meeting-move": lambda world: _of_partnership(world, world.partnership.meetings) | {"action": "cancel"},
    "partners:meeting-uninvite": lambda world: (
        _of_partnership(world, world.partnership.meetings) | {"invitation": _meeting(world).invitations.get().pk}
    ),
    "partners:meeting-decision-edit": lambda world: (
        _of_partnership(world, world.partnership.meetings) | {"decision": _meeting(world).decisions.get().pk}
    ),
    "partners:meeting": lambda world: _of_partnership(world, world.partnership.meetings),
    "partners:commitment-move": lambda world: (
        _of_partnership(world, world.partnership.commitments) | {"action": "finish"}
    ),
    "partners:representative-link": lambda world: {
        "public_id": world.partnership.public_id,
        "pk": world.partnership.memberships.get().representatives.earliest("pk").pk,
    },
    "partnerships:invitation": lambda world: {"token": partners_meetings.token(_meeting(world).invitations.get())},
    "partnerships:calendar": lambda world: {"token": calendars.token(world.partnership, world.actors[Role.ADVISER])},
    "partnerships:guest": lambda world: {
        "token": guests.token(world.partnership.memberships.get().representatives.earliest("pk"))
    },
    "partners:move": lambda world: {"public_id": world.partnership.public_id, "action": "suspend"},
    "partners:": lambda world: {"public_id": world.partnership.public_id},
    "partnerships:": lambda world: {"public_id": world.partnership.public_id},
    "cases:service-new": lambda world: {"public_id": world.case.public_id},
    "cases:service": lambda world: {"public_id": world.service.public_id},
    "cases:": lambda world: {"public_id": world.case.public_id},
    "calls:": lambda world: {"public_id": world.call.public_id},
    "inbox:file": lambda world: _file(world),
    "inbox:take": lambda world: {"public_id": world.submitted.public_id},
    "inbox:uphold": lambda world: {"public_id": world.appeal.public_id},
    "inbox:dismiss": lambda world: {"public_id": world.appeal.public_id},
    "inbox:": lambda world: {"public_id": world.application.public_id},
    "letters:template": lambda world: {"code": "accepted", "language": "pl"},
    "intake:file": lambda world: _file(world),
    "intake:detach": lambda world: _file(world),
    "intake:status-link": lambda world: {"token": "none"},
    "intake:step": lambda world: {"public_id": world.application.public_id, "slug": "osoba"},
    "intake:": lambda world: {"public_id": world.application.public_id},
}


def _meeting(world):
    return world.partnership.meetings.get()


def _of_certificate(world, **more):
    row = world.certificate
    return {"public_id": row.enrolment.event.public_id, "key": row.public_id, **more}


def _of_enrolment(world, **more):
    return {"public_id": world.event.public_id, "enrolment": world.enrolment.public_id} | more


def _of_guarantee(world, rows):
    return {"public_id": world.guaranteed.public_id, "pk": rows.get().pk}


def _of_partnership(world, rows):
    return {"public_id": world.partnership.public_id, "pk": rows.get().pk}


def _of_agreement(world, **more):
    return _of_partnership(world, world.partnership.agreements) | more


def _part(world, name):
    """Arguments of the address of the one row of the organisation's `name`."""
    return {"public_id": world.organisation.public_id, "pk": getattr(world.organisation, name).get().pk}


def _file(world):
    return {"public_id": world.application.public_id, "file_id": world.attachment.file.public_id}


def addresses(resolver=None, namespaces=()):
    """{name with its namespaces: names of the arguments} of every address; the admin's stand apart."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found[":".join((*namespaces, entry.name or str(entry.pattern)))] = sorted(
                {*entry.pattern.converters, *entry.pattern.regex.groupindex}
            )
        elif entry.namespace != "admin":
            found |= addresses(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
    return found


def admin_addresses():
    admin = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin")
    return {
        name.removeprefix("admin:"): arguments
        for name, arguments in addresses(admin, ("admin",)).items()
        if "<" not in name
    }


def url_of(name, world):
    """The address, its arguments taken from the longest fitting entry of ARGUMENTS."""
    if not addresses()[name]:
        return reverse(name)
    fitting = [key for key in ARGUMENTS if name == key or name.startswith(key if key[-1] in ":-" else f"{key}-")]
    return reverse(name, kwargs=ARGUMENTS[max(fitting, key=len)](world))
