"""The dossier: everything that the house holds on a person, and nothing of others."""

import datetime
import json
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from centrum.cases.applications import PERSON
from centrum.intake import consents
from centrum.intake.models import Application
from centrum.kit import clock, registry
from centrum.kit.models import Disclosure, OutboxMessage
from centrum.register import dossier as dossiers
from centrum.register import requests, services
from centrum.register.models import (
    AtRisk,
    AuditSample,
    BankAccount,
    Contact,
    Person,
    PersonSensitive,
    RiskGroup,
)
from centrum.staff.enums import Role, Scope, UnitKind
from partners import agreements, meetings
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import intake as intake_factory
from tests.factories import loans as loans_factory
from tests.factories import partners as partners_factory
from tests.factories import reporting as reporting_factory
from tests.factories import trainings as trainings_factory

pytestmark = pytest.mark.django_db

# Tables with a path to a person (or to their application) that no section tells, and why.
LEFT_OUT = {
    "intake.AccessLink": "secret links: only their digests are kept, and what they open is told",
    "intake.Declaration": "whether a member of staff is impartial: data of the staff",
    **dict.fromkeys(
        (
            f"loans.{name}"
            for name in ("LoanPurchase", "PlannedJob", "ExistingDebt", "LoanAid", "GuaranteeDebt", "GuaranteeAid")
        ),
        "what an organisation buys, plans, owes and had of public aid: its own data",
    ),
    **dict.fromkeys(
        (f"loans.{name}" for name in ("Review", "ScoreCard", "ScoreMark", "Vote", "DecisionSecurity")),
        "how the staff judged an organisation that wants a loan",
    ),
    **dict.fromkeys(
        (
            f"loans.{name}"
            for name in (
                "LoanRate",
                "Annex",
                "ScheduleVersion",
                "ScheduleRow",
                "Security",
                "LoanPaper",
                "Tranche",
                "Settlement",
                "SettlementDocument",
                "Line",
                "Notice",
                "Payment",
                "LoanCost",
                "Measure",
                "Telling",
                "Allocation",
                "Accrual",
                "AccrualPiece",
                "LoanJob",
                "LoanLink",
                "Visit",
                "YearlyPaper",
            )
        ),
        "the money, papers and securities of an organisation's loan",
    ),
    **dict.fromkeys(
        (
            f"loans.{table}"
            for table in (
                "AidCertificate",
                "AidGrant",
                "AidStatement",
                "AidStatementRow",
                "DecisionAid",
                "GuaranteeCall",
                "GuaranteeFee",
                "GuaranteePaper",
                "LenderReportRow",
                "RecourseLoss",
                "Recovery",
            )
        ),
        "the money, papers and de minimis aid of an organisation",
    ),
    "trainings.Ticket": "whether somebody has answered a survey: in an anonymous one nothing more may be told",
    "sample_kind.VisitRequest": "a kind of application of the tests alone",
}


def officer():
    return base.user(Role.DATA_PROTECTION)


def reaching(roots):
    """Tables that point to one of `roots`, directly or through others; their own history and proxies apart."""
    found = set(roots)
    while True:
        more = {
            model
            for model in apps.get_models(include_auto_created=True)
            if model not in found
            and not model._meta.proxy
            and not hasattr(model, "pgh_tracked_model")
            and any(f.is_relation and f.remote_field.model in found for f in model._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def test_no_table_with_a_path_to_a_person_is_forgotten():
    told = {table for section in registry.dossier_sections() for table in section.tables}
    reached = {model._meta.label for model in reaching({Person, Application})}
    assert reached - told == set(LEFT_OUT)
    assert sorted(told - reached) == ["register.AuditSample"]  # reached only by its list of people


def full(times=1, person=None):
    """A person of whom every section knows `times` things."""
    adviser = base.user(Role.ADVISER, projects=[base.project()])
    person = person or base.person(first_name="Łucja", last_name="Źródlak", email="lucja@example.org")
    services.save_sensitive(person, by=adviser, disability="yes", homeless="no")
    for number in range(times):
        letter = chr(ord("a") + number)
        group, _made = RiskGroup.objects.get_or_create(
            letter=letter,
            defaults={
                "name": f"Grupa {letter}",
                "category": "ordinary",
                "legal_basis": "art. 2",
                "valid_from": datetime.date(2022, 10, 30),
            },
        )
        day = datetime.date(2024, 1, 1)
        AtRisk.objects.get_or_create(person=person, group=group, valid_from=day, defaults={"proof": "decision"})
        Contact.objects.create(organisation=base.organisation(), person=person, role="prezes", valid_from=day)
        BankAccount.objects.create(
            person=person, iban=f"PL{uuid.uuid4().int % 10**26:026d}", valid_from=day, noted_by=adviser
        )
        sample = AuditSample.objects.create(
            auditor=base.user(Role.AUDITOR),
            purpose="Kontrola",
            valid_from=day,
            valid_to=datetime.date(2030, 1, 1),
            made_by=adviser,
        )
        sample.people.add(person)
        by = officer()
        requests.receive(by=by, kind="access", channel="letter", name="Łucja", received_on=clock.today(), person=person)
        services.reveal_identifier(person, by=adviser, reason="Sprawdzam.")
        consents.give(list(consents.texts())[number], person=person, channel="letter", by=adviser)
        intake_factory.submitted()  # from the same address, by the same name
        project = base.project(f"FELB.06.10-IZ.00-000{number}/24")
        colleague = base.user(Role.ADVISER, projects=[project])
        case = case_factory.case(
            "active",
            adviser=colleague,
            project=project,
            person=person,
            application=intake_factory.in_state("reserve"),
            entered=True,
        )
        case_factory.service(case, "approved")
        keeper = partners_factory.keeper()
        partnership = partners_factory.partnership(by=keeper)
        member = partners_factory.member(partnership, by=keeper)
        signing = partners_factory.representative(member, by=keeper, person=person)
        meeting = partners_factory.meeting(partnership, by=keeper)
        meetings.invite(meeting, by=keeper, representatives=list(meetings.may_be_invited(meeting)))
        draft = agreements.draft(member.partnership, by=keeper, kind="intent", title="List intencyjny")
        agreements.add_signatory(draft, by=keeper, representative=signing)
        event = trainings_factory.event(by=keeper)
        enrolled = trainings_factory.enrolment(event, person=person, needs={"loop": True})
        trainings_factory.answered(event, enrolled, by=keeper)
        boss = trainings_factory.keeper(keeper.unit, Role.MANAGER)
        trainings_factory.certificate(by=keeper, boss=boss, person=person)
        loans_factory.granted(person=person)
    return person


def sections(person):
    return {part["section"]: part["rows"] for part in registry.dossier(person)}


def test_every_section_knows_something():
    person = full()
    empty = [section.order for section in registry.dossier_sections() if not section.collect(person)]
    # named by others, files, joining a partnership, guarantees, enrolled by an organisation: none was made
    assert empty == [22, 50, 71, 78, 79, 93]


def test_no_section_asks_more_for_three_than_for_one():
    counts = []
    for times in (1, 3):
        person = full(times, base.person(first_name="Łucja", last_name="Źródlak", email="lucja@example.org"))
        counts.append({})
        for section in registry.dossier_sections():
            with CaptureQueriesContext(connection) as captured:
                section.collect(person)
            counts[-1][section.order] = len(captured)
    assert counts[0] == counts[1]


def test_it_is_the_same_every_time_and_says_codes_and_labels():
    person = full()
    once, again = (dossiers.as_json({"sections": registry.dossier(person)}) for _time in range(2))
    assert once == again
    read = json.loads(once)
    (row,) = read["sections"][0]["rows"]
    assert {"code": "f", "label": "kobieta"} in row.values()
    assert "1984-05-14" in row.values()
    assert list(row) == sorted(row)


def test_it_holds_the_number_in_full_and_the_sensitive_answers():
    number = base.pesel()
    person = base.person(pesel_=number)
    PersonSensitive.objects.create(person=person, disability="yes")
    made = dossiers.as_json(dossiers.make(person, by=officer(), reason="Żądanie RODO/2026/0001.")).decode()
    assert number in made
    assert '"code": "yes"' in made


def test_nothing_of_others_is_told():
    """Somebody else's case in which the person takes part, and an application from a shared address."""
    other = base.person(first_name="Obcy", last_name="Sekretny")
    case = case_factory.case("active", person=other, entered=True)
    person = base.person(email="wspolny@example.org")
    participation = reporting_factory.participation(project=case.project, person=person)
    case.participations.add(participation)
    service = case_factory.service(case, "held")
    service.recipients.add(participation)
    pages = intake_factory.person_pages(
        first_name="Obcy", last_name="Sekretny", email="wspolny@example.org", description="Sekretny plan."
    )
    intake_factory.submitted(PERSON, pages=pages)
    told = json.dumps(registry.dossier(person), ensure_ascii=False)
    assert case.number in told and service.number in told
    assert "Sekretny" not in told
    assert case.diagnosis not in told
    assert service.course not in told


def test_a_merged_row_is_told_with_the_one_that_stayed():
    kept, gone = base.person(), base.person(last_name="Dawna", with_pesel=False)
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    rows = registry.dossier_sections()[0].collect(kept)
    assert len(rows) == 2
    assert "Dawna" in rows[1].values()


def test_letters_to_earlier_addresses_are_told_without_their_text():
    person = base.person(email="stary@example.org")
    services.update_person(person, by=base.user(), email="nowy@example.org")
    for to in ("stary@example.org", "nowy@example.org", "obcy@example.org"):
        OutboxMessage.objects.create(to=to, subject=f"Do {to}", body="Tajny link")
    (rows,) = [s.collect(person) for s in registry.dossier_sections() if s.order == 80]
    told = json.dumps(rows, ensure_ascii=False)
    assert len(rows) == 2
    assert "obcy" not in told and "Tajny" not in told


# Who makes it


def test_making_it_leaves_a_trace_with_its_reason():
    person, by = base.person(), officer()
    made = dossiers.make(person, by=by, reason=" Żądanie. ")
    row = Disclosure.objects.get()
    assert (row.what, row.noun, row.object_id, row.reason, row.by) == (
        "dossier",
        "register.person",
        person.pk,
        "Żądanie.",
        by,
    )
    assert [s for s in made["sections"] if s["rows"] and "Żądanie." in str(s["rows"])]  # it tells of itself


@pytest.mark.parametrize("role", [r for r in Role if r != Role.DATA_PROTECTION])
def test_no_dossier_without_the_right(role):
    with pytest.raises(PermissionDenied):
        dossiers.make(base.person(), by=base.user(role), reason="Chcę.")
    assert Disclosure.objects.count() == 0


def test_nor_without_the_authorisation_for_sensitive_data_nor_by_a_partner():
    narrow = base.user(Role.DATA_PROTECTION, authorised=False)
    base.authorise(narrow, Scope.CLIENTS)
    partner = base.user(Role.DATA_PROTECTION, unit_=base.unit(UnitKind.PARTNER))
    for by in (narrow, partner):
        with pytest.raises(PermissionDenied):
            dossiers.make(base.person(units=[base.unit(), by.unit]), by=by, reason="Chcę.")


@pytest.mark.parametrize(("name", "content_type"), [("json", "application/json"), ("pdf", "application/pdf")])
def test_one_click_gives_the_file(client, name, content_type, tmp_path):
    person = full()
    client.force_login(officer())
    address = reverse("register:dossier", args=[person.public_id])
    assert client.get(address).context["sections"]
    response = client.post(address, {"reason": "Żądanie RODO/2026/0001", "format": name})
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert f".{name}" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    if name == "json":
        assert [s["section"] for s in json.loads(response.content)["sections"]] == list(sections(person))
    else:
        path = tmp_path / "akta.pdf"
        path.write_bytes(response.content)
        text = " ".join(page.extract_text() for page in PdfReader(path).pages)
        assert dossiers.queries.identifier_of(person) in text


def test_without_a_reason_there_is_no_file(client):
    person = base.person()
    client.force_login(officer())
    page = client.post(reverse("register:dossier", args=[person.public_id]), {"reason": " ", "format": "json"})
    assert set(page.context["form"].errors) == {"reason"}
    assert Disclosure.objects.count() == 0
