"""The import in the browser: upload, preview through django-import-export, confirmation once."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from import_export.results import Result

from centrum.kit import clock
from centrum.register.models import Person
from centrum.reporting.importing import pending
from centrum.reporting.models import ImportRecord, Participation, PendingImport
from centrum.reporting.resources import ParticipantImport
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import reporting as factory
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    base.unit()
    base.commune()
    made = base.user(Role.COORDINATOR, projects=[base.project()])
    client.force_login(made)
    return made


def upload(client, content, name="uczestnicy.csv"):
    url = reverse("reporting:import", args=[base.project().pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def confirm(client, held):
    return client.post(reverse("reporting:import-confirm", args=[held.pk]))


def test_upload_preview_confirm(client, user):
    row = factory.row()
    answer = upload(client, factory.smefs_file(row, factory.row()))
    held = PendingImport.objects.get()
    assert answer.url == reverse("reporting:import-preview", args=[held.pk])
    assert Person.objects.count() == 0
    assert row["last_name"].encode() not in bytes(held.content_cipher)
    preview = client.get(answer.url)
    assert preview.context["totals"] == {"new": 2, "changed": 0, "same": 0}
    assert row["pesel_or_other_id"] not in preview.content.decode()
    assert Person.objects.count() == 0
    assert confirm(client, held).url == reverse("reporting:project", args=[base.project().pk])
    assert Participation.objects.count() == 2
    record = ImportRecord.objects.get()
    assert (record.by, record.file_name, record.created) == (user, "uczestnicy.csv", 2)
    assert PendingImport.objects.count() == 0


def test_a_replayed_confirmation_changes_nothing(client, user):
    upload(client, factory.smefs_file(factory.row()))
    held = PendingImport.objects.get()
    confirm(client, held)
    for _again in range(3):
        assert confirm(client, held).url == reverse("reporting:projects")
    assert (ImportRecord.objects.count(), Participation.objects.count()) == (1, 1)


def test_the_preview_tells_each_difference(client, user):
    row = factory.row()
    factory.take(factory.smefs_file(row), by=user)
    upload(client, factory.smefs_file({**row, "phone": "500600700", **factory.EXIT_CELLS}))
    preview = client.get(reverse("reporting:import-preview", args=[PendingImport.objects.get().pk]))
    assert preview.context["totals"] == {"new": 0, "changed": 1, "same": 0}
    (shown,) = preview.context["rows"]
    assert [(d["header"], d["before"], d["after"]) for d in shown["differences"]] == [
        ("Telefon kontaktowy", "600100200", "500600700"),
        ("Data zakończenia udziału w projekcie", "–", "2.2.2026"),
        ("Sytuacja osoby w momencie zakończenia udziału w projekcie", "–", "Osoba poszukująca pracy"),
        (
            "Zakończenie udziału osoby w projekcie zgodnie z zaplanowaną dla niej ścieżką uczestnictwa",
            "–",
            "Tak",
        ),
    ]


def test_data_of_another_units_person_are_not_shown(client):
    base.unit()
    row = factory.row()
    factory.take(factory.smefs_file(row))
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER), projects=[base.project()])
    client.force_login(partner)
    upload(client, factory.smefs_file({**row, "phone": "500600700"}))
    page = client.get(reverse("reporting:import-preview", args=[PendingImport.objects.get().pk]))
    assert "600100200" not in page.content.decode()
    refused = upload(client, factory.smefs_file({**row, "commune": "Osiek"}))
    assert "Dobiegniew" not in "".join(fault["message"] for fault in refused.context["faults"])


def test_the_resource_gives_the_result_of_import_export(user):
    row, bad = factory.row(), factory.row(sex="x")
    result = ParticipantImport(
        by=user, project=base.project(), content=factory.data_file(row, bad, factory.row())
    ).preview()
    assert isinstance(result, Result)
    assert dict(result.totals) == {"new": 2, "update": 0, "delete": 0, "skip": 0, "error": 0, "invalid": 1}
    assert [list(invalid.field_specific_errors) for invalid in result.invalid_rows] == [["sex"]]
    assert not result.has_errors()
    assert (Person.objects.count(), PendingImport.objects.count()) == (0, 0)


def test_faults_are_shown_by_row_and_column_and_nothing_waits(client, user):
    page = upload(client, factory.data_file(factory.row(), factory.row(sex="x", email="a")))
    assert page.status_code == 200
    assert [(fault["row"], fault["column"]) for fault in page.context["faults"]] == [(3, "sex"), (3, "email")]
    assert PendingImport.objects.count() == 0


@pytest.mark.parametrize(
    "content",
    [
        "Imię;Płeć\nŻaneta;Kobieta".encode("cp1250"),
        "Imię;Płeć\nŻaneta;Kobieta".encode("utf-16"),
        b"\x00" * 5000,
        b"PK\x03\x04",
        b"not;a;participant;file\n1;2;3;4",
        b'"' * 9999,
        b";" * 200_000 + b"\n" + b";" * 200_000,
        b"x" * 3_000_000,
    ],
    ids=lambda value: None,
)
def test_whatever_file_comes_it_is_answered_in_words(client, user, content):
    page = upload(client, content)
    assert page.status_code == 200
    assert page.context["faults"]
    assert PendingImport.objects.count() == 0


def test_no_file_an_empty_one_and_one_too_large_are_told_at_the_field(client, user, settings):
    settings.IMPORT_MAX_BYTES = 100
    url = reverse("reporting:import", args=[base.project().pk])
    for data in ({}, {"file": SimpleUploadedFile("a.csv", b"")}, {"file": SimpleUploadedFile("a.csv", b"x" * 101)}):
        page = client.post(url, data)
        assert page.status_code == 200
        assert list(page.context["form"].errors) == ["file"]


def test_a_waiting_file_is_for_its_uploader_and_one_hour(client, user):
    upload(client, factory.smefs_file(factory.row()))
    held = PendingImport.objects.get()
    url = reverse("reporting:import-preview", args=[held.pk])
    client.force_login(base.user(Role.MANAGER, projects=[base.project()]))
    assert client.get(url).status_code == 404
    assert confirm(client, held).url == reverse("reporting:projects")
    with clock.at(clock.now() + datetime.timedelta(minutes=61)):
        client.force_login(user)
        assert client.get(url).status_code == 404
        pending.forget_old()
    assert PendingImport.objects.count() == 0
    assert Participation.objects.count() == 0


def test_a_new_upload_takes_the_place_of_the_one_before(client, user):
    upload(client, factory.smefs_file(factory.row()))
    upload(client, factory.smefs_file(factory.row()))
    assert PendingImport.objects.count() == 1


def test_a_discarded_file_is_gone(client, user):
    upload(client, factory.smefs_file(factory.row()))
    held = PendingImport.objects.get()
    answer = client.post(reverse("reporting:import-cancel", args=[held.pk]))
    assert answer.url == reverse("reporting:import", args=[base.project().pk])
    assert (PendingImport.objects.count(), Participation.objects.count()) == (0, 0)


def test_what_changed_since_the_upload_is_shown_instead_of_imported(client, user):
    row = factory.row()
    upload(client, factory.smefs_file({**row, "commune": "Osiek"}))
    factory.take(factory.smefs_file(row))
    page = confirm(client, PendingImport.objects.get())
    assert [(fault["row"], fault["column"]) for fault in page.context["faults"]] == [(2, "Gmina")]
    assert (ImportRecord.objects.count(), PendingImport.objects.count()) == (1, 1)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_role_without_the_right_is_refused(client, user, role):
    upload(client, factory.smefs_file(factory.row()))
    held = PendingImport.objects.get()
    client.force_login(base.user(role, projects=[base.project()]))
    assert upload(client, b"x").status_code == 403
    assert client.get(reverse("reporting:import-preview", args=[held.pk])).status_code == 403
    assert confirm(client, held).status_code == 403
    assert client.post(reverse("reporting:import-cancel", args=[held.pk])).status_code == 403


def test_a_project_of_others_does_not_exist(client, user):
    other = base.project("FELB.06.10-IZ.00-0001/19")
    assert client.get(reverse("reporting:import", args=[other.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_many_confirmations_at_once_import_once():
    base.unit()
    user = base.user(Role.COORDINATOR, projects=[base.project()])
    held = pending.hold(by=user, project=base.project(), content=factory.smefs_file(factory.row()), file_name="a.csv")
    records = at_once(5, lambda number: pending.confirm(held, by=user))
    assert sorted(record is None for record in records) == [False, True, True, True, True]
    assert (ImportRecord.objects.count(), Participation.objects.count()) == (1, 1)
