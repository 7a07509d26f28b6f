"""An auditor reads the people of a sample on its days, and finds nobody else on any page."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from centrum.cases import queries as cases
from centrum.cases import services as cases_services
from centrum.cases.enums import CaseState, ServiceState
from centrum.intake import queries as intake
from centrum.kit import clock
from centrum.kit.clock import WARSAW
from centrum.kit.transitions import Refused
from centrum.register import audits
from centrum.register import queries as register
from centrum.register.models import AuditSample
from centrum.reporting import queries as reporting
from centrum.staff.enums import Role, UnitKind
from centrum.staff.models import User
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import intake as intake_factory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def on(day):
    return clock.at(datetime.datetime.combine(day, datetime.time(12), WARSAW))


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def file():
    """The case of an organisation with two participants, a service of each, and an auditor of the project."""
    project = base.project()
    adviser = base.user(Role.ADVISER, projects=[project])
    inside, outside = base.person(last_name="Wewnętrzna"), base.person(last_name="Zewnętrzna")
    case = case_factory.case(
        CaseState.ACTIVE, adviser=adviser, project=project, person=outside, organisation=base.organisation()
    )
    cases_services.add_participant(case, by=adviser, person=inside)
    for participation in case.participations.all():
        case_factory.enter(participation, by=adviser, on=case.opened_on)
    of_inside, of_outside = (
        case_factory.service(case, ServiceState.HELD, recipients=list(case.participations.filter(person=person)))
        for person in (inside, outside)
    )
    auditor = base.user(Role.AUDITOR, projects=[project])
    return type("File", (), locals())


def seen(user):
    user = fresh(user)
    return {
        "people": set(register.visible_people(user)),
        "organisations": set(register.visible_organisations(user)),
        "cases": set(cases.visible_cases(user)),
        "services": set(cases.visible_services(user)),
        "participations": {p.person for p in reporting.visible_participations(user)},
        "applications": set(intake.visible_applications(user)),
    }


NOTHING = {key: set() for key in ("people", "organisations", "cases", "services", "participations", "applications")}


def test_auditor_sees_the_sample_on_its_days_and_nothing_else(file):
    base.person()
    base.organisation()
    intake_factory.submitted()
    first = clock.today() + 3 * DAY
    last = first + 4 * DAY
    assert seen(file.auditor) == NOTHING
    base.sample(file.auditor, file.inside, since=first, days=5)
    everything = {
        "people": {file.inside},
        "organisations": {file.case.organisation},
        "cases": {file.case},
        "services": {file.of_inside},
        "participations": {file.inside},
        "applications": set(),
    }
    got = {}
    for day in (first - DAY, first, last, last + DAY):
        with on(day):
            got[day] = seen(file.auditor)
    assert got == {first - DAY: NOTHING, first: everything, last: everything, last + DAY: NOTHING}


def test_application_of_the_case_is_part_of_the_file():
    project = base.project()
    by = base.user(Role.COORDINATOR, projects=[project])
    accepted, other = (intake_factory.in_state("accepted", by=by) for _n in range(2))
    auditor = base.user(Role.AUDITOR, projects=[project])
    base.sample(auditor, accepted.case.person)
    assert set(intake.visible_applications(fresh(auditor))) == {accepted}
    assert other not in set(intake.visible_applications(fresh(auditor)))


def test_another_auditor_has_another_sample(file):
    base.sample(file.auditor, file.inside)
    assert seen(base.user(Role.AUDITOR, projects=[file.project])) == NOTHING


def test_pages_of_the_file_name_nobody_outside_the_sample(client, file):
    base.sample(file.auditor, file.inside)
    client.force_login(file.auditor)
    addresses = [
        reverse("staff:home"),
        reverse("staff:search") + "?q=ewnętrzna",
        reverse("register:people"),
        reverse("register:organisation", args=[file.case.organisation.public_id]),
        reverse("cases:list") + "?state=all",
        reverse("cases:case", args=[file.case.public_id]),
        reverse("cases:services"),
        reverse("cases:service", args=[file.of_inside.public_id]),
        reverse("reporting:project", args=[file.project.pk]),
    ]
    for address in addresses:
        page = client.get(address)
        assert (page.status_code, "Zewnętrzna" in page.content.decode()) == (200, False), address
    for address in (
        reverse("register:person", args=[file.outside.public_id]),
        reverse("cases:service", args=[file.of_outside.public_id]),
    ):
        assert client.get(address).status_code == 404


def test_sample_is_made_by_numbers_and_by_search(client, file):
    manager = base.user(Role.MANAGER, projects=[file.project])
    client.force_login(manager)
    typed = {
        "auditor": file.auditor.pk,
        "purpose": "Kontrola wniosku o płatność",
        "first_day": f"{clock.today():%d.%m.%Y}",
        "last_day": f"{clock.today() + 5 * DAY:%d.%m.%Y}",
        "numbers": f"{file.case.number.lower()}, SP/1999/0001",
    }
    page = client.post(reverse("register:audit-sample-new"), typed)
    assert list(page.context["form"].errors) == ["numbers"]
    client.post(reverse("register:audit-sample-new"), {**typed, "numbers": file.case.number})
    sample = AuditSample.objects.get()
    assert set(sample.people.all()) == {file.inside, file.outside}
    one = reverse("register:audit-sample-person", args=[sample.pk])
    client.post(one, {"person": file.outside.public_id, "remove": ""})
    assert set(sample.people.all()) == {file.inside}
    page = client.get(reverse("register:audit-sample", args=[sample.pk]), {"q": "ewnętrzna"})
    assert list(page.context["found"]) == [file.outside]
    client.post(one, {"person": file.outside.public_id, "add": ""})
    assert sample.people.count() == 2
    client.post(reverse("register:audit-sample-edit", args=[sample.pk]), {**typed, "purpose": "Inna"})
    sample.refresh_from_db()
    assert sample.purpose == "Inna"


def test_application_numbers_find_their_people():
    project = base.project()
    manager = base.user(Role.MANAGER, projects=[project])
    accepted = intake_factory.in_state("accepted", by=manager)
    assert audits.people_of_numbers(manager, accepted.number) == ({accepted.case.person_id}, [])
    assert audits.people_of_numbers(manager, " \n,; ") == (set(), [])


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_only_the_manager_makes_samples(role):
    with pytest.raises(PermissionDenied):
        audits.make_sample(
            by=base.user(role),
            auditor=base.user(Role.AUDITOR),
            purpose="x",
            first_day=clock.today(),
            last_day=clock.today(),
        )


def test_manager_gives_only_people_whom_they_see_and_only_to_auditors():
    manager = base.user(Role.MANAGER, unit_=base.unit(UnitKind.PARTNER))
    days = {"first_day": clock.today(), "last_day": clock.today(), "purpose": "Kontrola"}
    with pytest.raises(Refused):
        audits.make_sample(by=manager, auditor=base.user(Role.AUDITOR), people=[base.person().pk], **days)
    with pytest.raises(Refused):
        audits.make_sample(by=manager, auditor=base.user(Role.ADVISER), **days)
    with pytest.raises(Refused):
        audits.make_sample(by=manager, auditor=base.user(Role.AUDITOR), **{**days, "purpose": " "})
    with pytest.raises(Refused):
        audits.make_sample(by=manager, auditor=base.user(Role.AUDITOR), **{**days, "last_day": clock.today() - DAY})


def test_auditor_writes_nothing_and_reads_no_journal(client, file):
    base.sample(file.auditor, file.inside)
    client.force_login(file.auditor)
    for address in (
        reverse("register:person-edit", args=[file.inside.public_id]),
        reverse("register:person-identifier", args=[file.inside.public_id]),
        reverse("cases:service-new", args=[file.case.public_id]),
        reverse("reporting:exports"),
        reverse("staff:journal"),
        reverse("register:audit-samples"),
    ):
        assert client.get(address).status_code == 403, address
