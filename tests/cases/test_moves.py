"""Every (state, action) pair of a case and of a service: those of the tables pass, all others are refused."""

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError

from centrum.cases import services
from centrum.cases.enums import CASE_MOVES, SERVICE_MOVES, CaseState, ServiceState
from centrum.cases.models import Case, Service, ServiceType
from centrum.kit.clock import today
from centrum.kit.models import StateChange
from centrum.kit.transitions import Stale, noun_of
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import cases as make

pytestmark = pytest.mark.django_db


def do_case(case, action, by):
    if action == "diagnose":
        return services.begin_diagnosis(case, by=by, adviser=by)
    if action == "propose_plan":
        # written past the service, which lets nobody plan in most of the states
        case.plan.get_or_create(
            service_type=ServiceType.objects.get(code="doradztwo-kluczowe"), defaults={"minutes": 60}
        )
        return services.propose_plan(case, by=by, diagnosis="Diagnoza", goal="Cel")
    if action == "agree_plan":
        return services.agree_plan(case, by=by, agreed_on=today())
    if action in services.CLOSINGS:
        return services.close(case, action, by=by, closed_on=today(), reason="powód")
    return services.step(case, action, by=by, reason="powód")


def do_service(service, action, by):
    return {
        "hold": lambda: services.hold_service(service, by=by),
        "confirm": lambda: services.confirm(service, name="Łucja", seen=services.queries.version(service)),
        "confirm_on_paper": lambda: services.confirm_on_paper(service, by=by, confirmed_by="Łucja", reason="powód"),
        "approve": lambda: services.approve(service, by=by),
        "send_back": lambda: services.send_back(service, by=by, reason="powód"),
        "cancel": lambda: services.cancel(service, by=by, reason="powód"),
        "no_show": lambda: services.no_show(service, by=by),
        "correct": lambda: services.correct(service, by=by, reason="powód"),
    }[action]()


def check(do, obj, move, state, by):
    before = StateChange.objects.filter(noun=noun_of(obj), object_id=obj.pk).count()
    if state in move.sources:
        do(obj, move.action, by)
        obj.refresh_from_db()
        assert obj.state == move.target
        last = StateChange.objects.filter(noun=noun_of(obj), object_id=obj.pk).last()
        assert (last.action, last.source, last.target) == (move.action, state, move.target)
        added = 1
    else:
        with pytest.raises(Stale):
            do(obj, move.action, by)
        obj.refresh_from_db()
        assert obj.state == state
        added = 0
    assert StateChange.objects.filter(noun=noun_of(obj), object_id=obj.pk).count() == before + added


@pytest.mark.parametrize("move", CASE_MOVES, ids=lambda move: move.action)
@pytest.mark.parametrize("state", CaseState)
def test_case(state, move):
    case = make.case(state)
    check(do_case, case, move, state, base.user(Role.COORDINATOR, projects=[case.project]))


@pytest.mark.parametrize("move", SERVICE_MOVES, ids=lambda move: move.action)
@pytest.mark.parametrize("state", ServiceState)
def test_service(state, move):
    case = make.case(entered=True)
    service = make.service(case, state)
    check(do_service, service, move, state, base.user(Role.COORDINATOR, projects=[case.project]))


@pytest.mark.parametrize(
    ("model", "states", "moves"), [(Case, CaseState, CASE_MOVES), (Service, ServiceState, SERVICE_MOVES)]
)
def test_the_database_refuses_every_other_arrow(model, states, moves):
    case = make.case(entered=True)
    arrows = {(source, move.target) for move in moves for source in move.sources}
    for source in states:
        obj = make.case(source) if model is Case else make.service(case, source)
        for target in states:
            if source == target or (source, target) in arrows:
                continue
            with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
                model.objects.filter(pk=obj.pk).update(state=target)
    assert connection.needs_rollback is False


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("move", [m for m in CASE_MOVES if m.action != "propose_plan"], ids=lambda move: move.action)
def test_no_step_without_the_right(move, role):
    from django.core.exceptions import PermissionDenied

    case = make.case(move.sources[0])
    with pytest.raises(PermissionDenied):
        if move.action == "diagnose":
            services.begin_diagnosis(case, by=base.user(role, projects=[case.project]), adviser=case.adviser)
        else:
            do_case(case, move.action, base.user(role, projects=[case.project]))
