"""PKD: the codes, which version is in use, what organisations do."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import Parameter
from centrum.kit.transitions import Refused, Stale
from centrum.register import pkd
from centrum.register.models import Activity, PkdCode
from centrum.staff.enums import Role
from tests.factories import base

pytestmark = pytest.mark.django_db


def code(text, version=2025):
    return PkdCode.objects.get(version=version, code=text)


def done(organisation):
    return set(organisation.activities.values_list("version", "pkd__code", "main"))


@pytest.fixture
def user(client):
    adviser = base.user(Role.ADVISER)
    client.force_login(adviser)
    return adviser


@pytest.fixture
def load(tmp_path):
    def run(text, version=2025):
        file = tmp_path / "pkd.csv"
        file.write_text(text, encoding="utf-8")
        call_command("import_pkd", str(file), version=version)

    return run


def test_a_file_of_codes_is_taken_and_confirms_them(load):
    before = PkdCode.objects.filter(version=2025).count()
    load("code;name\n88.99.Z;Inna pomoc\n62;Działalność informatyczna\n62.10.b;Oprogramowanie\n")
    rows = {row.code: (row.name, row.confirmed) for row in PkdCode.objects.filter(version=2025, confirmed=True)}
    assert rows == {
        "88.99.Z": ("Inna pomoc", True),
        "62": ("Działalność informatyczna", True),
        "62.10.B": ("Oprogramowanie", True),
    }
    assert PkdCode.objects.filter(version=2025).count() == before + 2
    assert not PkdCode.objects.filter(version=2007, confirmed=True).exists()


@pytest.mark.parametrize(
    "text", ["kod;nazwa\n", "code;name\n", "code;name\n8899Z;A\n", "code;name\n88.99.Z;\n", "code;name\n62;A\n62;B\n"]
)
def test_a_broken_file_of_codes_is_refused(load, text):
    with pytest.raises(CommandError):
        load(text)
    assert not PkdCode.objects.filter(confirmed=True).exists()


def test_which_version_is_in_use_is_told_by_dates():
    last = datetime.date(2026, 12, 31)
    assert pkd.versions(datetime.date(2024, 12, 31)) == [(2007, "PKD 2007", last, False)]
    assert pkd.versions(last) == [(2025, "PKD 2025", None, False), (2007, "PKD 2007", last, False)]
    assert pkd.versions(datetime.date(2027, 1, 1)) == [(2025, "PKD 2025", None, False)]
    Parameter.objects.filter(code="pkd-2007").update(valid_to=datetime.date(2028, 1, 1))
    assert pkd.versions(datetime.date(2027, 1, 1))[1][2] == datetime.date(2027, 12, 31)


def test_activities_of_both_versions_each_with_one_main(client, user):
    organisation = base.organisation()
    page = reverse("register:organisation-activities", args=[organisation.public_id])
    for text, version, main in (("88.99.Z", 2025, "on"), ("81.21.Z", 2025, "on"), ("56.29.Z", 2007, "on")):
        assert client.post(page, {"pkd": code(text, version).pk, "main": main}).status_code == 302
    assert done(organisation) == {(2025, "88.99.Z", False), (2025, "81.21.Z", True), (2007, "56.29.Z", True)}
    again = client.post(page, {"pkd": code("88.99.Z").pk})
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["pkd"])
    first = organisation.activities.get(pkd=code("88.99.Z"))
    client.post(reverse("register:organisation-activity-main", args=[organisation.public_id, first.pk]))
    second = organisation.activities.get(pkd=code("81.21.Z"))
    client.post(reverse("register:organisation-activity-remove", args=[organisation.public_id, second.pk]))
    assert done(organisation) == {(2025, "88.99.Z", True), (2007, "56.29.Z", True)}
    shown = client.get(reverse("register:organisation", args=[organisation.public_id])).content.decode()
    assert shown.index("PKD 2025") < shown.index("PKD 2007")


def test_an_activity_of_another_organisation_is_not_found(client, user):
    made = pkd.add_activity(base.organisation(), by=user, pkd=code("88.99.Z"))
    other = base.organisation()
    page = reverse("register:organisation-activity-remove", args=[other.public_id, made.pk])
    assert client.post(page).status_code == 404
    assert Activity.objects.count() == 1


def test_a_merged_organisation_takes_no_activity(user):
    organisation = base.organisation(merged_into=base.organisation())
    with pytest.raises(Stale):
        pkd.add_activity(organisation, by=user, pkd=code("88.99.Z"))


def test_an_activity_is_noted_once(user):
    organisation = base.organisation()
    pkd.add_activity(organisation, by=user, pkd=code("88.99.Z"))
    with pytest.raises(Refused):
        pkd.add_activity(organisation, by=user, pkd=code("88.99.Z"))


def test_the_page_tells_until_when_the_old_version_holds(client, user):
    with clock.at(datetime.datetime(2026, 11, 20, 10, tzinfo=clock.WARSAW)):
        page = client.get(reverse("register:organisation-activities", args=[base.organisation().public_id]))
    assert [row[2] for row in page.context["versions"]] == [None, datetime.date(2026, 12, 31)]
    assert "31.12.2026" in page.content.decode()
