"""Authorisations to process personal data: issued, ended, printed; without one a role opens nobody's data."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.clock import WARSAW
from centrum.staff import services
from centrum.staff.enums import RIGHTS, SCOPES, PeriodState, Right, Role, Scope
from centrum.staff.models import Authorisation, User
from tests import worlds
from tests.factories import base
from tests.matrix import ADMINISTRATORS, AUTHORISATIONS, ROWS
from tests.test_permissions import outcomes
from tests.worlds import url_of

shared_world, world = worlds.shared_world, worlds.world
pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def on(day):
    return clock.at(datetime.datetime.combine(day, datetime.time(12), WARSAW))


@pytest.fixture
def administrator(client):
    user = base.user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def typed(user, /, **changes):
    return {"user": user.pk, "scope": Scope.CLIENTS, "valid_from": "1.03.2026", "last_day": "", **changes}


def test_is_issued_and_ended_in_the_office(client, administrator):
    adviser = base.user(Role.ADVISER, authorised=False)
    assert client.post(reverse("staff:authorisation-new"), typed(adviser)).status_code == 302
    made = adviser.authorisations.get()
    assert (made.number.split("/")[0], made.issued_by, made.state) == ("UP", administrator, PeriodState.IN_FORCE)
    assert User.objects.get(pk=adviser.pk).has_right(Right.VIEW_CLIENTS)
    end = reverse("staff:authorisation-end", args=[made.pk])
    assert client.post(end, {"on": f"{clock.today():%d.%m.%Y}"}).status_code == 302
    made.refresh_from_db()
    assert (made.valid_to, made.state) == (clock.today(), PeriodState.ENDED)
    assert not User.objects.get(pk=adviser.pk).has_right(Right.VIEW_CLIENTS)


def test_two_of_a_scope_never_overlap(client, administrator):
    adviser = base.user(Role.ADVISER, authorised=False)
    base.authorise(adviser, Scope.CLIENTS)
    page = client.post(reverse("staff:authorisation-new"), typed(adviser))
    assert (page.status_code, adviser.authorisations.count()) == (200, 1)
    assert client.post(reverse("staff:authorisation-new"), typed(adviser, scope=Scope.SENSITIVE)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"user": ""}, "user"),
        ({"scope": "x"}, "scope"),
        ({"valid_from": "31.02.2026"}, "valid_from"),
        ({"last_day": "1.02.2026"}, "last_day"),
    ],
)
def test_tells_what_is_wrong_at_the_field(client, administrator, changes, field):
    page = client.post(reverse("staff:authorisation-new"), typed(base.user(authorised=False), **changes))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field or "__all__"]


def test_nobody_issues_one_to_themselves(client, administrator):
    page = client.post(reverse("staff:authorisation-new"), typed(administrator))
    assert list(page.context["form"].errors) == ["user"]
    with pytest.raises(ValidationError):
        services.authorise(administrator, by=administrator, scope=Scope.CLIENTS, valid_from=clock.today())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_issues_and_ends(role):
    user = base.user(role)
    with pytest.raises(PermissionDenied):
        services.authorise(base.user(authorised=False), by=user, scope=Scope.CLIENTS, valid_from=clock.today())
    with pytest.raises(PermissionDenied):
        services.end_authorisation(user.authorisations.first(), by=user, on=clock.today())


@pytest.mark.parametrize("days", [-1, 40])
def test_is_not_ended_in_the_past_nor_prolonged(administrator, days):
    user, today = base.user(authorised=False), clock.today()
    base.authorise(user, Scope.CLIENTS, until=today + 30 * DAY)
    with pytest.raises(ValidationError):
        services.end_authorisation(user.authorisations.get(), by=administrator, on=today + days * DAY)


def test_one_to_come_is_taken_back_whole(administrator):
    user, today = base.user(authorised=False), clock.today()
    made = services.authorise(user, by=administrator, scope=Scope.CLIENTS, valid_from=today + 5 * DAY)
    assert made.state == PeriodState.TO_COME
    ended = services.end_authorisation(made, by=administrator, on=today)
    assert (ended.valid_to, ended.state) == (made.valid_from, PeriodState.ENDED)
    with on(today + 5 * DAY):
        assert not User.objects.get(pk=user.pk).has_right(Right.VIEW_CLIENTS)


def test_holds_from_its_first_to_its_last_day():
    user = base.user(authorised=False)
    first, last = datetime.date(2026, 3, 2), datetime.date(2026, 3, 6)
    base.authorise(user, Scope.CLIENTS, since=first, until=last + DAY)
    seen = {}
    for day in (first - DAY, first, last, last + DAY):
        with on(day):
            seen[day] = User.objects.get(pk=user.pk).has_right(Right.VIEW_CLIENTS)
    assert seen == {first - DAY: False, first: True, last: True, last + DAY: False}


def test_list_begins_with_those_who_have_none(client, administrator):
    without, with_one = base.user(Role.ADVISER, authorised=False), base.user(Role.ADVISER)
    base.user(Role.ADVISER, authorised=False, is_active=False)
    page = client.get(reverse("staff:authorisations"))
    assert list(page.context["without"]) == [without]
    assert {row.user for row in page.context["page"].rows} == {administrator, with_one}
    for state, expected in ((PeriodState.IN_FORCE, 4), (PeriodState.TO_COME, 0), (PeriodState.ENDED, 0)):
        rows = client.get(reverse("staff:authorisations"), {"state": state}).context["page"].rows
        assert len(rows) == expected
    rows = client.get(reverse("staff:authorisations"), {"q": with_one.last_name}).context["page"].rows
    assert {row.user for row in rows} == {with_one}


@pytest.mark.parametrize("role", Role)
def test_paper_is_for_its_owner_and_for_those_who_keep_them(client, role):
    adviser, reader = base.user(Role.ADVISER), base.user(role)
    client.force_login(reader)
    own, other = (reverse("staff:authorisation-paper", args=[u.authorisations.first().pk]) for u in (reader, adviser))
    assert client.get(own).content.startswith(b"%PDF")
    assert client.get(other).status_code == (200 if role in AUTHORISATIONS else 404)
    assert [row.user for row in client.get(reverse("staff:account")).context["authorisations"]] == [reader, reader]


def test_without_one_no_role_opens_the_data_of_clients(world):
    """Every address that a role opens and that shows clients is closed, for a reason that names the authorisation."""
    Authorisation.objects.all().update(valid_to=clock.today())
    free = {"staff:home", "staff:search", "staff:sign-out", "staff:password-change", "staff:account"}
    free |= {"loans:eur-rates", "loans:eur-rate-new", "loans:eur-rate-move", "loans:eur-file", "loans:eur-file-move"}
    free |= {"loans:rates", "loans:rate-new", "loans:rate-confirm", "loans:rate-drop", "loans:rate-check"}  # no client
    closed = {role: [] for role in Role}
    for name, row in ROWS.items():
        if row.who is None or name in free or (row.who >= ADMINISTRATORS and len(row.who) <= 2):
            continue
        if name.startswith("staff:") and name not in ("staff:outbox", "staff:outbox-message", "staff:journal"):
            continue
        for role in row.who & set(Role):
            closed[role].append(("POST" if row.get is None else "GET", url_of(name, world)))
    assert sum(map(len, closed.values())) > 500
    wrong = []
    for role, requests in closed.items():
        wrong += [(role, asked, got) for asked, got in outcomes(world.actors[role], requests) if got not in (403, 404)]
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in Role if RIGHTS[role] & {Right.VIEW_CLIENTS}])
def test_refusal_says_that_the_authorisation_is_missing(client, role):
    client.force_login(base.user(role, authorised=False))
    page = client.get(reverse("register:people"))
    assert page.status_code == 403
    assert str(SCOPES[Right.VIEW_CLIENTS].label) in page.content.decode()
    client.force_login(base.user(Role.ADMINISTRATOR))
    page = client.get(reverse("register:people"))
    assert str(Role.ADMINISTRATOR.label) in page.content.decode()


def test_sensitive_data_need_one_of_their_own(client):
    user = base.user(Role.COORDINATOR, authorised=False)
    base.authorise(user, Scope.CLIENTS)
    client.force_login(user)
    address = reverse("register:person-sensitive", args=[base.person().public_id])
    page = client.post(address, {"reason": "Umowa."})
    assert page.status_code == 403
    assert str(Scope.SENSITIVE.label) in page.content.decode()


def test_new_installation_comes_to_work_by_commands(client):
    """The first administrator and manager are made by commands; then everything goes on in the browser."""
    made = {}
    for role, authorise in (("administrator", []), ("manager", ["clients", "sensitive"])):
        options = [part for scope in authorise for part in ("--authorise", scope)]
        call_command("create_account", f"{role}@example.org", "Jan", "Łąka", "--role", role, "--unit", "lead", *options)
        made[role] = User.objects.get(email=f"{role}@example.org")
    client.force_login(made["manager"])
    assert client.get(reverse("register:people")).status_code == 200
    client.force_login(made["administrator"])
    adviser = base.user(Role.ADVISER, unit_=made["manager"].unit, authorised=False)
    assert client.get(reverse("staff:authorisations")).status_code == 200
    assert client.post(reverse("staff:authorisation-new"), typed(adviser)).status_code == 302
    client.force_login(User.objects.get(pk=adviser.pk))
    assert client.get(reverse("register:people")).status_code == 200
