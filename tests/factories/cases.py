"""Cases and services, made through their services so that every row is one the house can hold."""

import datetime

from centrum.cases import services
from centrum.cases.enums import CaseState, ServiceForm, ServiceState
from centrum.cases.models import ServiceType
from centrum.kit.clock import today
from centrum.reporting import services as reporting
from centrum.staff.enums import Role
from tests.factories import base

ANSWERS = {
    "foreign_origin": "no",
    "third_country_national": "no",
    "minority": "refused",
    "homeless": "no",
    "disability": "no",
}


def colleagues(project=None):
    """(adviser, coordinator) of the lead unit, both in the project."""
    project = project or base.project()
    return base.user(Role.ADVISER, projects=[project]), base.user(Role.COORDINATOR, projects=[project])


def case(state=CaseState.OPENED, *, adviser=None, project=None, unit=None, entered=False, **data):
    """A case in an open state; `entered`: its participants are in the project since its opening."""
    project = project or base.project()
    adviser = adviser or base.user(Role.ADVISER, projects=[project])
    made = services.open_case(
        by=adviser,
        project=project,
        unit=unit or adviser.unit,
        adviser=adviser,
        **{"person": base.person(), "opened_on": today() - datetime.timedelta(days=90), **data},
    )
    if entered:
        for participation in made.participations.all():
            enter(participation, by=adviser, on=made.opened_on)
    return _walk(made, state, adviser)


def _walk(made, state, adviser):
    coordinator = base.user(Role.COORDINATOR, projects=[made.project])
    kind = ServiceType.objects.get(code="doradztwo-kluczowe")
    path = {
        CaseState.DIAGNOSIS: lambda: services.begin_diagnosis(made, by=adviser, adviser=adviser),
        CaseState.PLAN_APPROVAL: lambda: (
            services.save_plan(made, by=adviser, items={kind: 600}),
            services.propose_plan(made, by=adviser, diagnosis="Brak planu sprzedaży.", goal="Trzy etaty."),
        ),
        CaseState.ACTIVE: lambda: services.agree_plan(made, by=adviser, agreed_on=today()),
        CaseState.SUSPENDED: lambda: services.step(made, "suspend", by=adviser, reason="Urlop."),
        CaseState.CLOSING: lambda: services.step(made, "prepare_closing", by=adviser),
        CaseState.COMPLETED: lambda: services.close(made, "complete", by=coordinator, closed_on=today()),
        CaseState.ENDED_EARLY: lambda: services.close(
            made, "end_early", by=coordinator, closed_on=today(), reason="Cel osiągnięty."
        ),
        CaseState.BROKEN_OFF: lambda: services.close(
            made, "break_off", by=coordinator, closed_on=today(), reason="Brak kontaktu."
        ),
        CaseState.RESIGNED: lambda: services.close(made, "resign", by=coordinator, closed_on=today(), reason="Wyjazd."),
        CaseState.ARCHIVED: lambda: services.step(made, "archive", by=coordinator),
    }
    for step in _way_to(state):
        path[step]()
        made.refresh_from_db()
    return made


def _way_to(state):
    straight = [CaseState.DIAGNOSIS, CaseState.PLAN_APPROVAL, CaseState.ACTIVE]
    if state == CaseState.OPENED:
        return []
    if state in straight:
        return straight[: straight.index(state) + 1]
    if state == CaseState.SUSPENDED:
        return [*straight, state]
    if state == CaseState.ARCHIVED:
        return [*straight, CaseState.CLOSING, CaseState.COMPLETED, state]
    if state == CaseState.RESIGNED:
        return [state]
    return [*straight, CaseState.CLOSING] + ([state] if state != CaseState.CLOSING else [])


def enter(participation, *, by, on):
    """Let a participant enter the project, with all that SM EFS asks."""
    reporting.save_entry(participation, by=by, labour_status="employed", **ANSWERS)
    return reporting.enter(participation, by=by, starts_on=on, sensitive=ANSWERS)


def card(made, **data):
    """What an adviser writes on a card, for the service functions."""
    return {
        "service_type": ServiceType.objects.get(code="doradztwo-biznesowe"),
        "adviser": made.adviser,
        "adviser_job": "doradca biznesowy",
        "budget_line": "",
        "form": ServiceForm.IN_PERSON,
        "place": "biuro w Dobiegniewie",
        "date": today() - datetime.timedelta(days=1),
        "starts_at": datetime.time(9),
        "ends_at": datetime.time(10, 30),
        "hour_kind": 60,
        "topic": "Kalkulacja kosztu posiłku",
        "course": "Policzono koszt zestawu obiadowego.",
        "recommendations": "Zebrać oferty trzech dostawców.",
        "next_step": "Oferta dla gminy",
        "travel_minutes": 0,
        "recipients": list(made.participations.all()),
        **data,
    }


def service(made, state=ServiceState.PLANNED, *, coordinator=None, **data):
    """A service of the case `made` in any state."""
    by = made.adviser
    written = services.plan_service(by=by, case=made, **card(made, **data))
    coordinator = coordinator or base.user(Role.COORDINATOR, projects=[made.project])
    path = {
        ServiceState.HELD: lambda: services.hold_service(written, by=by),
        ServiceState.CONFIRMED: lambda: services.confirm_on_paper(
            written, by=by, confirmed_by="Łucja Źródlak", reason="Bez poczty."
        ),
        ServiceState.APPROVED: lambda: services.approve(written, by=coordinator),
        ServiceState.CORRECTED: lambda: services.correct(written, by=coordinator, reason="Zła data."),
        ServiceState.CANCELLED: lambda: services.cancel(written, by=by, reason="Choroba."),
        ServiceState.NO_SHOW: lambda: services.no_show(written, by=by),
    }
    straight = [ServiceState.HELD, ServiceState.CONFIRMED, ServiceState.APPROVED, ServiceState.CORRECTED]
    steps = straight[: straight.index(state) + 1] if state in straight else [state] * (state != ServiceState.PLANNED)
    for step in steps:
        path[step]()
    written.refresh_from_db()
    return written
