"""Standing in: who may for whom, what the deputy sees from the first to the last day, and that rights never grow."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from centrum.cases import panels as cases_panels
from centrum.cases import queries as cases
from centrum.cases import services as cases_services
from centrum.cases.enums import CaseState, ServiceState
from centrum.intake import queries as intake
from centrum.intake import services as intake_services
from centrum.kit import clock
from centrum.kit.clock import WARSAW
from centrum.kit.transitions import Refused
from centrum.register import queries as register
from centrum.reporting import queries as reporting
from centrum.staff import queries, services
from centrum.staff.enums import RIGHTS, PeriodState, Right, Role, UnitKind
from centrum.staff.models import Delegation, User
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import intake as intake_factory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def on(day):
    return clock.at(datetime.datetime.combine(day, datetime.time(12), WARSAW))


def fresh(user):
    return User.objects.get(pk=user.pk)


def delegate(absent, deputy, *, by=None, first=None, last=None):
    first = first or clock.today()
    return services.delegate(by=by or absent, absent=absent, deputy=deputy, first_day=first, last_day=last or first)


@pytest.fixture
def partners():
    """An adviser of a partner with a case in a project, and an adviser of another partner who works elsewhere."""
    project = base.project()
    absent = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER), projects=[project])
    deputy = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    person = base.person(units=[absent.unit])
    return absent, deputy, case_factory.case(adviser=absent, project=project, unit=absent.unit, person=person)


def test_deputy_sees_from_the_first_to_the_last_day_and_no_longer(partners):
    absent, deputy, case = partners
    first, last = clock.today() + 3 * DAY, clock.today() + 6 * DAY
    delegate(absent, deputy, first=first, last=last)
    seen = {}
    for day in (first - DAY, first, last, last + DAY):
        with on(day):
            user = fresh(deputy)
            seen[day] = (
                queries.acting_for(user),
                queries.unit_scope(user),
                list(cases.visible_cases(user)),
                list(register.visible_people(user)),
                list(reporting.visible_projects(user)),
                list(cases.my_open_cases(user)),
                cases_panels.count_my_cases(user),
            )
    nothing = ([deputy.pk], [deputy.unit_id], [], [], [], [], 0)
    all_of_it = (
        [deputy.pk, absent.pk],
        sorted([deputy.unit_id, absent.unit_id]),
        [case],
        [case.person],
        [case.project],
        [case],
        1,
    )
    assert seen == {first - DAY: nothing, first: all_of_it, last: all_of_it, last + DAY: nothing}


def test_called_off_it_ends_at_once(client, partners):
    absent, deputy, case = partners
    made = delegate(absent, deputy)
    client.force_login(deputy)
    address = reverse("cases:case", args=[case.public_id])
    assert client.get(address).status_code == 200
    services.call_off_delegation(made, by=absent)
    assert client.get(address).status_code == 404
    made.refresh_from_db()
    assert made.state == PeriodState.CALLED_OFF
    delegate(absent, base.user(Role.ADVISER, projects=[case.project], unit_=absent.unit))  # the days are free again


def test_every_office_page_says_for_whom_one_stands_in(client, partners):
    absent, deputy, _case = partners
    client.force_login(deputy)
    assert str(absent) not in client.get(reverse("staff:home")).content.decode()
    delegate(absent, deputy)
    for name in ("staff:home", "cases:list", "staff:account", "register:people"):
        assert str(absent) in client.get(reverse(name)).content.decode()


def test_applications_of_the_absent_are_among_mine():
    project = base.project()
    absent, deputy = (base.user(Role.ADVISER, projects=[project]) for _n in range(2))
    boss = base.user(Role.COORDINATOR, projects=[project])
    waiting = intake_factory.impartial(intake_factory.submitted(), boss)
    application = intake_services.take(waiting, by=boss, assignee=absent)
    assert list(intake.listed(fresh(deputy), assignee="me")) == []
    delegate(absent, deputy)
    assert list(intake.listed(fresh(deputy), assignee="me")) == [application]
    assert list(intake.waiting_for(fresh(deputy))) == [application]


def test_applications_of_no_unit_are_for_who_stands_in_for_the_lead():
    waiting = intake_factory.submitted()
    absent = base.user(Role.ADVISER)
    deputy = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    assert list(intake.visible_applications(fresh(deputy))) == []
    delegate(absent, deputy)
    assert list(intake.visible_applications(fresh(deputy))) == [waiting]


def test_four_eyes_hold_by_the_real_person():
    """Standing in for the coordinator does not let one approve the own service, nor hides it from the others."""
    project = base.project()
    absent = base.user(Role.COORDINATOR, projects=[project])
    deputy = base.user(Role.COORDINATOR, projects=[project])
    case = case_factory.case(CaseState.ACTIVE, adviser=deputy, project=project, entered=True)
    service = case_factory.service(case, ServiceState.CONFIRMED)
    delegate(absent, deputy)
    assert list(cases.to_approve(fresh(deputy))) == []
    with pytest.raises(Refused):
        cases_services.approve(service, by=fresh(deputy))
    assert list(cases.to_approve(fresh(absent))) == [service]


@pytest.mark.parametrize("absent_role", Role)
@pytest.mark.parametrize("deputy_role", Role)
def test_rights_of_the_deputy_cover_those_of_the_absent_and_never_grow(absent_role, deputy_role):
    absent, deputy = base.user(absent_role), base.user(deputy_role)
    before = {right for right in Right if deputy.has_right(right)}
    covers = RIGHTS[absent_role] <= RIGHTS[deputy_role]
    if not covers:
        with pytest.raises(Refused):
            delegate(absent, deputy)
        assert not Delegation.objects.exists()
        return
    wide = deputy.sees_all_units or not absent.sees_all_units
    if absent_role != deputy_role and not wide:
        with pytest.raises(Refused):
            delegate(absent, deputy)
        return
    delegate(absent, deputy)
    deputy = fresh(deputy)
    assert queries.acting_for(deputy) == [deputy.pk, absent.pk]
    assert {right for right in Right if deputy.has_right(right)} == before


def test_a_wider_role_takes_over_only_work_that_it_sees():
    """An adviser cannot open the partner's clients to the coordinator of another unit."""
    absent = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    with pytest.raises(Refused):
        delegate(absent, base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER)))
    delegate(absent, base.user(Role.COORDINATOR, unit_=absent.unit))


def test_a_change_of_role_ends_what_it_no_longer_covers():
    absent, deputy = base.user(Role.COORDINATOR), base.user(Role.COORDINATOR)
    delegate(absent, deputy)
    User.objects.filter(pk=deputy.pk).update(role=Role.ADVISER)
    assert queries.acting_for(fresh(deputy)) == [deputy.pk]


@pytest.mark.parametrize("data", [{"is_active": False}, {"authorised": False}])
def test_deputy_is_active_and_authorised(data):
    with pytest.raises(Refused):
        delegate(base.user(Role.ADVISER), base.user(Role.ADVISER, **data))


def test_days_are_in_order_not_over_and_free():
    absent, deputy, today = base.user(), base.user(), clock.today()
    with pytest.raises(Refused):
        delegate(absent, deputy, first=today, last=today - DAY)
    with pytest.raises(Refused):
        delegate(absent, deputy, first=today - 3 * DAY, last=today - DAY)
    delegate(absent, deputy, first=today, last=today + 3 * DAY)
    with pytest.raises(ValidationError):
        delegate(absent, base.user(), first=today + 3 * DAY, last=today + 9 * DAY)
    delegate(absent, base.user(), first=today + 4 * DAY)


@pytest.mark.parametrize("role", Role)
def test_one_names_a_deputy_for_oneself_and_who_has_the_right_for_others(role):
    by, absent = base.user(role), base.user(Role.ADVISER)
    if Right.DELEGATE in RIGHTS[role]:
        made = delegate(absent, base.user(Role.ADVISER), by=by)
        assert made.made_by == by
        services.call_off_delegation(made, by=by)
    else:
        with pytest.raises(PermissionDenied):
            delegate(absent, base.user(Role.ADVISER), by=by)
    assert delegate(by, base.user(role)).absent == by


def test_is_named_and_called_off_on_the_page(client):
    absent, deputy = base.user(Role.ADVISER), base.user(Role.ADVISER)
    client.force_login(absent)
    day = f"{clock.today():%d.%m.%Y}"
    page = client.post(reverse("staff:delegation-new"), {"deputy": deputy.pk, "first_day": day, "last_day": "x"})
    assert list(page.context["form"].errors) == ["last_day"]
    page = client.post(reverse("staff:delegation-new"), {"deputy": deputy.pk, "first_day": day, "last_day": day})
    assert page.status_code == 302
    made = Delegation.objects.get()
    assert (made.absent, made.deputy, made.last_day) == (absent, deputy, clock.today())
    client.force_login(deputy)
    client.post(reverse("staff:delegation-call-off", args=[made.pk]))  # the deputy may not
    made.refresh_from_db()
    assert made.revoked_at is None
    client.force_login(base.user(Role.ADVISER))
    assert client.post(reverse("staff:delegation-call-off", args=[made.pk])).status_code == 404
    client.force_login(absent)
    client.post(reverse("staff:delegation-call-off", args=[made.pk]))
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_others_see_only_their_own(client):
    mine = base.delegation(base.user(Role.ADVISER), base.user(Role.ADVISER))
    other = base.delegation(base.user(Role.ADVISER), base.user(Role.ADVISER))
    client.force_login(mine.deputy)
    assert client.get(reverse("staff:delegations")).context["page"].rows == [mine]
    client.force_login(base.user(Role.MANAGER))
    assert client.get(reverse("staff:delegations")).context["page"].rows == [other, mine]
