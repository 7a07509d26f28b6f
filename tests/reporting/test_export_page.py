"""The page of exports and the command: who may, what comes, what is left behind."""

import datetime
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit.clock import today
from centrum.kit.models import ExportRecord
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories.exports import participation, support

pytestmark = pytest.mark.django_db
PAGE = "/biuro/eksporty/"


@pytest.fixture
def project():
    return base.project()


@pytest.fixture
def signed_in(client, project):
    def sign_in(role=Role.COORDINATOR, **options):
        client.force_login(base.user(role, projects=[project], **options))
        return client

    return sign_in


def asked(project_, **data):
    return {
        "profile": "smefs_participants",
        "project": project_.pk,
        "day": today().strftime("%d.%m.%Y"),
        "reason": "Wniosek o płatność nr 7",
        **data,
    }


def body(response):
    return b"".join(response.streaming_content)


def test_file_comes_whole_with_its_name_and_leaves_a_record(signed_in, project):
    made = participation()
    support(made)
    response = signed_in().post(PAGE, asked(project))
    record = ExportRecord.objects.get()
    content = body(response)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{record.file_name}"'
    assert "no-store" in response["Cache-Control"]
    assert (record.reason, record.rows, record.size) == ("Wniosek o płatność nr 7", 1, len(content))
    assert made.person.last_name in content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"day": "31.02.2026"}, "day"),
        ({"day": (today() + datetime.timedelta(1)).isoformat()}, "day"),
        ({"day": ""}, "day"),
        ({"project": ""}, "project"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_nothing_leaves(signed_in, project, change, field):
    response = signed_in().post(PAGE, asked(project, **change))
    assert list(response.context["form"].errors) == [field]
    assert ExportRecord.objects.count() == 0


def test_unsafe_cells_stand_in_a_table_with_links_and_without_pesel(signed_in, project):
    number = base.pesel(serial=3)
    made = participation(person=base.person(pesel_=number), remarks="=1+1")
    support(made)
    response = signed_in().post(PAGE, asked(project))
    html = response.content.decode()
    assert response.status_code == 422
    assert [(cell.url, cell.column) for cell in response.context["unsafe"]] == [
        (reverse("reporting:participation", args=[made.pk]), "Uwagi")
    ]
    assert str(made.person) in html
    assert number not in html
    assert 'value="Wniosek o płatność nr 7"' in html
    assert ExportRecord.objects.count() == 0


def test_a_project_of_others_is_not_found(signed_in):
    other = base.project(number="FELB.06.10-IZ.00-0099/24")
    assert signed_in().post(PAGE, asked(other)).status_code == 404
    assert signed_in().post(PAGE, asked(other, project=987654)).status_code == 404


def test_an_unknown_file_is_not_found(signed_in, project):
    assert signed_in().post(PAGE, asked(project, profile="all_secrets")).status_code == 404


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_page_is_closed_to_roles_that_export_nothing(signed_in, project, role):
    client = signed_in(role)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, asked(project)).status_code == 403
    assert ExportRecord.objects.count() == 0


def test_accountant_exports_services_and_no_participants(signed_in, project):
    client = signed_in(Role.ACCOUNTANT)
    assert [value for value, _label in client.get(PAGE).context["form"].fields["profile"].choices] == [
        "services_register"
    ]
    for profile in ("smefs_participants", "data_participants"):
        assert client.post(PAGE, asked(project, profile=profile)).status_code == 403
    assert body(client.post(PAGE, asked(project, profile="services_register"))).startswith("\ufeffNr karty;".encode())


def test_nobody_signed_in_goes_to_sign_in(client):
    assert client.get(PAGE).url == f"{reverse('staff:sign-in')}?{urlencode({'next': PAGE})}"


def test_list_shows_files_of_my_projects_that_i_might_take(signed_in, project):
    client = signed_in()
    body(client.post(PAGE, asked(project)))
    body(client.post(PAGE, asked(project, profile="services_register")))
    other = base.project(number="FELB.06.10-IZ.00-0099/24")
    assert [record.profile for record in client.get(PAGE).context["page"].rows] == [
        "services_register",
        "smefs_participants",
    ]
    client.force_login(base.user(Role.ACCOUNTANT, projects=[project]))
    assert [record.profile for record in client.get(PAGE).context["page"].rows] == ["services_register"]
    client.force_login(base.user(Role.COORDINATOR, projects=[other]))
    assert client.get(PAGE).context["page"].rows == []


def test_list_costs_the_same_for_one_and_three_files(signed_in, project):
    client = signed_in()
    counts = []
    for more in (1, 2):
        for _ in range(more):
            body(client.post(PAGE, asked(project)))
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Command


def test_command_writes_the_same_bytes_as_the_browser(signed_in, project, tmp_path, capfdbinary):
    support(participation())
    from_browser = body(signed_in().post(PAGE, asked(project)))
    target = tmp_path / "plik z odstępem.csv"
    call_command("export", "smefs_participants", project=project.number, output=str(target))
    assert target.read_bytes() == from_browser
    assert oct(target.stat().st_mode)[-3:] == "600"
    assert list(tmp_path.iterdir()) == [target]
    call_command("export", "smefs_participants", project=project.number, as_of=today().isoformat())
    assert capfdbinary.readouterr().out == from_browser
    assert list(ExportRecord.objects.order_by("id").values_list("reason", "by_id"))[1:] == [("command", None)] * 2
    assert len(set(ExportRecord.objects.values_list("file_name", flat=True))) == 3


def test_command_refuses_unsafe_cells_and_leaves_no_file(project, tmp_path):
    number = base.pesel(serial=4)
    made = participation(person=base.person(pesel_=number), remarks="@x")
    support(made)
    with pytest.raises(CommandError) as caught:
        call_command("export", "smefs_participants", project=project.number, output=str(tmp_path / "x.csv"))
    assert caught.value.returncode == 1
    assert str(made.person) in str(caught.value)
    assert "Uwagi" in str(caught.value)
    assert number not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert ExportRecord.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"profile": "nothing"}, "smefs_participants"),
        ({"project": "FEXX"}, "FEXX"),
        ({"as_of": "31.12.2026"}, "2026-12-31"),
        ({"as_of": "2026-02-31"}, "2026-02-31"),
        ({"as_of": "2999-01-01"}, "2999-01-01"),
        ({"output": "/there-is-no-such-folder/x.csv"}, "/there-is-no-such-folder/x.csv"),
    ],
)
def test_command_tells_in_words_what_is_wrong(project, arguments, told):
    arguments = {"profile": "smefs_participants", "project": project.number, **arguments}
    with pytest.raises(CommandError, match=told.replace(".", r"\.")):
        call_command("export", arguments.pop("profile"), **arguments)
    assert ExportRecord.objects.count() == 0


def test_an_old_file_stays_when_the_new_one_is_refused(project, tmp_path):
    support(participation(remarks="=x"))
    target = tmp_path / "x.csv"
    target.write_bytes(b"old")
    with pytest.raises(CommandError):
        call_command("export", "smefs_participants", project=project.number, output=str(target))
    assert target.read_bytes() == b"old"
