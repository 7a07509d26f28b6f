"""Rules of cases and services, tried through their services."""

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from centrum.cases import services
from centrum.cases.enums import CaseState, Confirmation, ServiceState
from centrum.cases.models import Case, Service, ServiceType
from centrum.cases.queries import version
from centrum.kit.clock import today
from centrum.kit.models import NumberSeries, OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.register import services as register
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation, Support
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import cases as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def exit_data(**data):
    return {"ends_on": today(), "exit_situation": "job_searching", "exit_as_planned": True, **data}


# Opening


def test_opening_prepares_the_participation_and_shares_the_client_with_the_unit():
    project = base.project()
    partner = base.unit(UnitKind.PARTNER)
    adviser = base.user(Role.ADVISER, unit_=partner, projects=[project])
    person = base.person()
    case = services.open_case(by=adviser, project=project, unit=partner, person=person)
    participation = case.participations.get()
    assert (case.number, case.client, case.opened_on) == (f"SP/{today().year}/0001", str(person), today())
    assert (participation.person, participation.project) == (person, project)
    assert (participation.state, participation.kind) == (ParticipationState.PREPARING, "individual")
    assert set(person.units.all()) == {base.unit(), partner}


def test_an_organisation_gets_one_open_case_a_project():
    organisation = base.organisation()
    first = make.case(organisation=organisation)
    with pytest.raises(Refused, match=first.number):
        make.case(organisation=organisation, project=first.project)
    assert Case.objects.count() == 1
    # the number of the refused one was not used up
    assert make.case().number.endswith("/0002")


def test_who_comes_back_gets_a_new_case_with_the_first_participation():
    person = base.person()
    first = make.case(CaseState.RESIGNED, person=person)
    second = make.case(person=person, project=first.project)
    assert second.participations.get() == first.participations.get()
    assert second.participations.get().state == ParticipationState.PREPARING


@pytest.mark.parametrize("opened_on", [datetime.date(2023, 12, 31), datetime.date(2029, 7, 1)])
def test_no_case_outside_the_project(opened_on):
    with time_machine.travel(datetime.datetime(2029, 8, 1, 12, tzinfo=datetime.UTC)), pytest.raises(Refused):
        make.case(opened_on=opened_on)


def test_no_case_in_a_closed_project_or_in_the_future():
    with pytest.raises(Refused):
        make.case(project=base.project("FELB.01.01-IZ.00-0001/23", closed_on=today()))
    with pytest.raises(Refused):
        make.case(opened_on=today() + DAY)


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_who_writes_in_cases_opens_one(role):
    project = base.project()
    with pytest.raises(PermissionDenied):
        services.open_case(
            by=base.user(role, projects=[project]), project=project, unit=base.unit(), person=base.person()
        )


@pytest.mark.django_db(transaction=True)
def test_of_cases_opened_at_once_for_one_client_one_remains():
    project, person = base.project(), base.person()
    adviser = base.user(Role.ADVISER, projects=[project])

    def open_one(_number):
        return services.open_case(by=adviser, project=project, unit=adviser.unit, person=person)

    outcomes = at_once(8, open_one)
    assert sorted(type(o).__name__ for o in outcomes) == ["Case"] + ["Refused"] * 7
    assert NumberSeries.objects.get(series="SP").last == Case.objects.count() == 1


# Participants, adviser and plan


def test_an_organisation_sends_another_person():
    case = make.case(organisation=base.organisation())
    person = base.person()
    services.add_participant(case, by=case.adviser, person=person)
    services.add_participant(case, by=case.adviser, person=person)
    assert [p.person for p in case.participations.order_by("pk")] == [case.person, person]
    assert case.participations.last().kind == "institutional"


def test_a_persons_case_has_one_participant():
    case = make.case()
    with pytest.raises(Refused):
        services.add_participant(case, by=case.adviser, person=base.person())


def test_the_adviser_works_in_the_project():
    case = make.case()
    for stranger in (base.user(Role.ADVISER), base.user(Role.AUDITOR, projects=[case.project])):
        with pytest.raises(Refused):
            services.set_adviser(case, by=case.adviser, adviser=stranger)
        with pytest.raises(Refused):
            services.begin_diagnosis(case, by=case.adviser, adviser=stranger)


def test_no_plan_is_proposed_without_a_service_a_diagnosis_and_a_goal():
    case = make.case(CaseState.DIAGNOSIS)
    with pytest.raises(Refused):
        services.propose_plan(case, by=case.adviser, diagnosis="Jest", goal="Jest")
    services.save_plan(case, by=case.adviser, items={ServiceType.objects.first(): 60})
    for diagnosis, goal in (("", "Jest"), ("Jest", "")):
        with pytest.raises(Refused):
            services.propose_plan(case, by=case.adviser, diagnosis=diagnosis, goal=goal)
    case.refresh_from_db()
    assert case.state == CaseState.DIAGNOSIS


def test_a_running_plan_changes_with_the_clients_agreement():
    case = make.case(CaseState.ACTIVE)
    kind = ServiceType.objects.get(code="doradztwo-prawne")
    for wrong in (None, today() + DAY, case.opened_on - DAY):
        with pytest.raises(Refused):
            services.save_plan(case, by=case.adviser, items={kind: 90}, agreed_on=wrong)
    with pytest.raises(Refused):
        services.save_plan(case, by=case.adviser, items={}, agreed_on=today())
    services.save_plan(case, by=case.adviser, items={kind: 90}, agreed_on=today() - DAY)
    case.refresh_from_db()
    assert case.plan_agreed_on == today() - DAY
    assert list(case.plan.values_list("service_type__code", "minutes")) == [("doradztwo-prawne", 90)]


@pytest.mark.parametrize("state", [CaseState.PLAN_APPROVAL, CaseState.SUSPENDED, CaseState.COMPLETED])
def test_a_plan_that_waits_rests_or_is_done_stays(state):
    case = make.case(state)
    with pytest.raises(Stale):
        services.save_plan(case, by=case.adviser, items={ServiceType.objects.first(): 60}, agreed_on=today())


# Service cards


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("date", {"date": today() + DAY}),
        ("date", {"date": today() - 91 * DAY}),
        ("ends_at", {"ends_at": datetime.time(9)}),
        ("ends_at", {"ends_at": datetime.time(8)}),
        ("recipients", {"recipients": []}),
    ],
)
def test_what_a_held_card_may_not_say(field, change):
    case = make.case()
    with pytest.raises(Refused) as refused:
        services.log_service(by=case.adviser, case=case, **make.card(case, **change))
    assert list(refused.value.error_dict) == [field]
    assert Service.objects.count() == OutboxMessage.objects.count() == 0
    assert not NumberSeries.objects.filter(series="U").exists()


def test_people_of_another_case_took_no_part():
    case, other = make.case(), make.case()
    with pytest.raises(Refused):
        services.log_service(by=case.adviser, case=case, **make.card(case, recipients=list(other.participations.all())))


def test_a_kind_of_service_has_its_time():
    case = make.case()
    ServiceType.objects.update(valid_to=today() - 10 * DAY)
    with pytest.raises(Refused) as refused:
        services.plan_service(by=case.adviser, case=case, **make.card(case))
    assert list(refused.value.error_dict) == ["service_type"]


def test_a_plan_may_lie_in_the_future_and_is_held_when_its_time_has_come():
    case = make.case()
    service = make.service(case, date=today() + DAY)
    with pytest.raises(Refused):
        services.hold_service(service, by=case.adviser)
    with pytest.raises(Refused):
        services.no_show(service, by=case.adviser)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 3 * DAY):
        services.hold_service(service, by=case.adviser)
    service.refresh_from_db()
    assert service.state == ServiceState.HELD


def test_what_took_place_has_its_course():
    case = make.case()
    service = make.service(case, course="")
    with pytest.raises(Refused):
        services.hold_service(service, by=case.adviser)


@pytest.mark.parametrize("state", [CaseState.SUSPENDED, CaseState.COMPLETED, CaseState.RESIGNED, CaseState.ARCHIVED])
def test_no_services_in_a_case_that_rests_or_is_closed(state):
    case = make.case(state)
    with pytest.raises(Stale):
        services.plan_service(by=case.adviser, case=case, **make.card(case))


def test_the_day_is_the_day_in_warsaw():
    with time_machine.travel(datetime.datetime(2026, 7, 14, 23, 30, tzinfo=datetime.UTC), tick=False):
        case = make.case(opened_on=datetime.date(2026, 7, 15))
        card = make.card(case, date=datetime.date(2026, 7, 15), starts_at=datetime.time(0, 30))
        with pytest.raises(Refused):
            services.log_service(by=case.adviser, case=case, **card | {"ends_at": datetime.time(1, 31)})
        service = services.log_service(by=case.adviser, case=case, **card | {"ends_at": datetime.time(1, 30)})
    assert (case.opened_on, service.date) == (datetime.date(2026, 7, 15), datetime.date(2026, 7, 15))
    assert service.minutes == 60


def test_numbers_have_no_gaps():
    case = make.case()
    make.service(case)
    with pytest.raises(Refused):
        services.log_service(by=case.adviser, case=case, **make.card(case, course="", date=today() + DAY))
    make.service(case)
    year = today().year
    assert list(Service.objects.order_by("pk").values_list("number", flat=True)) == [
        f"U/{year}/0001",
        f"U/{year}/0002",
    ]


def test_a_held_service_mails_the_link_to_everyone_with_an_address():
    case = make.case(organisation=base.organisation())
    services.add_participant(case, by=case.adviser, person=base.person(email=""))
    services.add_participant(case, by=case.adviser, person=base.person(email="jan@example.org"))
    service = services.log_service(by=case.adviser, case=case, **make.card(case))
    mails = OutboxMessage.objects.order_by("pk")
    assert [mail.to for mail in mails] == [case.person.email, "jan@example.org"]
    assert {mail.about for mail in mails} == {service.number}
    assert all("/uslugi/potwierdzenie/" in mail.body for mail in mails)
    services.send_link_again(service, by=case.adviser)
    assert OutboxMessage.objects.count() == 4


def test_no_mail_where_none_is_wanted_or_none_can_go():
    case = make.case(person=base.person(email=""))
    service = services.log_service(by=case.adviser, case=case, **make.card(case))
    with pytest.raises(Refused):
        services.send_link_again(service, by=case.adviser)
    register.update_person(case.person, by=case.adviser, email="jest@example.org")
    services.log_service(by=case.adviser, case=case, notify=False, **make.card(case))
    assert OutboxMessage.objects.count() == 0


# Confirmation


def test_an_objection_waits_for_the_adviser_and_goes_with_the_new_wording():
    case = make.case()
    service = make.service(case, ServiceState.HELD)
    services.object_to(service, name="Łucja", text="To trwało godzinę.")
    with pytest.raises(Refused):
        services.object_to(service, name="Łucja", text="I jeszcze coś.")
    service.refresh_from_db()
    assert (service.state, service.objection) == (ServiceState.HELD, "Łucja: To trwało godzinę.")
    mails = OutboxMessage.objects.count()
    services.update_service(service, by=case.adviser, **make.card(case, ends_at=datetime.time(10)))
    service.refresh_from_db()
    assert (service.state, service.objection, service.minutes) == (ServiceState.HELD, "", 60)
    assert OutboxMessage.objects.count() == mails + 1


def test_nobody_confirms_what_was_changed_meanwhile():
    case = make.case()
    service = make.service(case, ServiceState.HELD)
    seen = version(service)
    services.update_service(service, by=case.adviser, **make.card(case, ends_at=datetime.time(12)))
    with pytest.raises(Refused):
        services.confirm(service, name="Łucja", seen=seen)
    confirmed = services.confirm(service, name="Łucja", seen=version(Service.objects.get()))
    assert (confirmed.confirmed_by, confirmed.confirmed_how) == ("Łucja", Confirmation.LINK)


@pytest.mark.django_db(transaction=True)
def test_twenty_confirmations_at_once_are_one():
    case = make.case()
    service = make.service(case, ServiceState.HELD)
    seen = version(service)
    outcomes = at_once(20, lambda _number: services.confirm(service, name="Łucja", seen=seen))
    assert sorted(type(o).__name__ for o in outcomes) == ["Service"] + ["Stale"] * 19
    assert StateChange.objects.filter(noun="cases.service", action="confirm").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_would_confirm():
    """Shows that the race above is one: two that read the state before either writes both find it waiting."""
    case = make.case()
    service = make.service(case, ServiceState.HELD)
    both_have_read = threading.Barrier(2)

    def read(_number):
        with transaction.atomic():
            state = Service.objects.get(pk=service.pk).state
            both_have_read.wait(timeout=30)
            return state

    assert at_once(2, read) == [ServiceState.HELD, ServiceState.HELD]


# Approval


def test_approval_gives_every_recipient_a_support():
    case = make.case(entered=True, organisation=base.organisation())
    second = services.add_participant(case, by=case.adviser, person=base.person())
    make.enter(second, by=case.adviser, on=case.opened_on)
    service = make.service(case, ServiceState.APPROVED, service_type=ServiceType.objects.get(code="doradztwo-prawne"))
    supports = Support.objects.order_by("participation_id")
    assert [s.participation for s in supports] == list(case.participations.order_by("pk"))
    assert {(s.scope, s.kind, s.detail, s.starts_on, s.minutes, s.source, s.source_id) for s in supports} == {
        ("social_economy", "advice", "legal", service.date, 90, "cases.service", service.pk)
    }


def test_four_eyes():
    project = base.project()
    writer = base.user(Role.COORDINATOR, projects=[project])
    case = make.case(entered=True)
    own = make.service(make.case(adviser=writer, entered=True), ServiceState.CONFIRMED)
    with pytest.raises(Refused):
        services.approve(own, by=writer)
    # nor may a coordinator approve what they wrote down in an adviser's name
    written = services.plan_service(by=writer, case=case, **make.card(case))
    services.hold_service(written, by=writer)
    services.confirm_on_paper(written, by=writer, confirmed_by="Łucja", reason="Papier")
    with pytest.raises(Refused):
        services.approve(written, by=writer)
    with pytest.raises(IntegrityError, match="service_four_eyes"), transaction.atomic():
        Service.objects.filter(pk=own.pk).update(
            state=ServiceState.APPROVED, approved_by=writer, approved_at=datetime.datetime.now(datetime.UTC)
        )
    assert Support.objects.count() == 0
    services.approve(written, by=base.user(Role.COORDINATOR, projects=[project]))


def test_an_approval_that_one_recipient_stops_leaves_nothing():
    case = make.case(entered=True, organisation=base.organisation())
    late = services.add_participant(case, by=case.adviser, person=base.person(first_name="Żaneta"))
    service = make.service(case, ServiceState.CONFIRMED)
    coordinator = base.user(Role.COORDINATOR, projects=[case.project])
    with pytest.raises(Refused, match="Żaneta"):
        services.approve(service, by=coordinator)
    service.refresh_from_db()
    assert (service.state, Support.objects.count()) == (ServiceState.CONFIRMED, 0)
    make.enter(late, by=case.adviser, on=case.opened_on)
    services.approve(service, by=coordinator)
    assert Support.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one():
    case = make.case(entered=True)
    service = make.service(case, ServiceState.CONFIRMED)
    users = [base.user(Role.COORDINATOR, projects=[case.project]) for _ in range(2)]
    outcomes = at_once(2, lambda number: services.approve(service, by=users[number]))
    assert sorted(type(o).__name__ for o in outcomes) == ["Service", "Stale"]
    assert Support.objects.count() == 1
    assert StateChange.objects.filter(noun="cases.service", action="approve").count() == 1


def test_sending_back_voids_the_confirmation():
    case = make.case()
    service = make.service(case, ServiceState.CONFIRMED)
    back = services.send_back(service, by=base.user(Role.COORDINATOR), reason="Zła godzina.")
    assert (back.state, back.confirmed_at, back.confirmed_by, back.confirmed_how) == (
        ServiceState.PLANNED,
        None,
        "",
        "",
    )


def test_a_correction_withdraws_the_supports_and_begins_a_new_card():
    case = make.case(entered=True)
    old = make.service(case, ServiceState.APPROVED)
    new = services.correct(old, by=base.user(Role.COORDINATOR), reason="Zła data.")
    assert (new.state, new.corrects, new.topic) == (ServiceState.PLANNED, old, old.topic)
    assert list(new.recipients.all()) == list(old.recipients.all())
    assert Support.objects.get().withdrawn_on == today()


def test_in_a_closed_case_a_correction_only_withdraws():
    case = make.case(CaseState.CLOSING, entered=True)
    service = make.service(case, ServiceState.APPROVED)
    coordinator = base.user(Role.COORDINATOR)
    exits = {case.participations.get().pk: exit_data()}
    services.close(case, "complete", by=coordinator, closed_on=today(), exits=exits)
    assert services.correct(service, by=coordinator, reason="Kontrola.") is None
    assert Support.objects.get().withdrawn_on == today()
    assert Service.objects.count() == 1


def test_an_approved_card_is_frozen():
    service = make.service(make.case(entered=True), ServiceState.APPROVED)
    with pytest.raises(Stale):
        services.update_service(service, by=service.adviser, **make.card(service.case))


# Closing


@pytest.mark.parametrize("state", [ServiceState.PLANNED, ServiceState.HELD, ServiceState.CONFIRMED])
def test_no_case_closes_over_a_service_that_waits(state):
    case = make.case(CaseState.CLOSING)
    service = make.service(case, state)
    with pytest.raises(Refused, match=service.number):
        services.close(case, "complete", by=base.user(Role.COORDINATOR), closed_on=today())


def test_closing_ends_the_participations_all_or_none():
    case = make.case(CaseState.CLOSING, entered=True, organisation=base.organisation())
    first = case.participations.get()
    second = services.add_participant(case, by=case.adviser, person=base.person())
    make.enter(second, by=case.adviser, on=case.opened_on)
    never = services.add_participant(case, by=case.adviser, person=base.person())
    coordinator = base.user(Role.COORDINATOR)
    wrong = {first.pk: exit_data(), second.pk: exit_data(ends_on=case.opened_on - DAY)}
    with pytest.raises(Refused) as refused:
        services.close(case, "complete", by=coordinator, closed_on=today(), exits=wrong)
    assert list(refused.value.error_dict) == [f"{second.pk}-ends_on"]
    with pytest.raises(Refused):
        services.close(case, "complete", by=coordinator, closed_on=today(), exits={first.pk: exit_data()})
    case.refresh_from_db()
    assert case.state == CaseState.CLOSING
    assert not Participation.objects.filter(state=ParticipationState.ENDED).exists()
    exits = {first.pk: exit_data(), second.pk: exit_data(exit_as_planned=False)}
    services.close(case, "complete", by=coordinator, closed_on=today(), exits=exits)
    states = dict(Participation.objects.values_list("pk", "state"))
    assert states == {
        first.pk: ParticipationState.ENDED,
        second.pk: ParticipationState.ENDED,
        never.pk: ParticipationState.CANCELLED,
    }


def test_who_resigns_before_the_entry_never_took_part():
    case = make.case()
    services.close(case, "resign", by=case.adviser, closed_on=today(), reason="Wyjazd.")
    assert case.participations.get().state == ParticipationState.CANCELLED


def test_who_resigns_after_the_entry_gives_exit_data_even_without_a_support():
    case = make.case(entered=True)
    with pytest.raises(Refused):
        services.close(case, "resign", by=case.adviser, closed_on=today(), reason="Wyjazd.")
    exits = {case.participations.get().pk: exit_data(exit_as_planned=False)}
    services.close(case, "resign", by=case.adviser, closed_on=today(), reason="Wyjazd.", exits=exits)
    assert case.participations.get().state == ParticipationState.ENDED


def test_a_participation_that_another_open_case_needs_goes_on():
    person = base.person()
    own = make.case(CaseState.CLOSING, person=person, entered=True)
    make.case(person=person, project=own.project, organisation=base.organisation())
    services.close(own, "complete", by=base.user(Role.COORDINATOR), closed_on=today())
    assert own.participations.get().state == ParticipationState.ENTERED


@pytest.mark.parametrize("days", [-91, 1])
def test_a_case_is_closed_between_its_opening_and_today(days):
    case = make.case(CaseState.CLOSING)
    with pytest.raises(Refused) as refused:
        services.close(case, "complete", by=base.user(Role.COORDINATOR), closed_on=today() + days * DAY)
    assert list(refused.value.error_dict) == ["closed_on"]
