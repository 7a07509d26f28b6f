"""A room adds a kind of application with a model, a form list and a checklist: tests/sample_kind does, and this is
its whole way by addresses. Nothing in the engine knows of it."""

import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from centrum.cases.models import Case
from centrum.intake import kinds
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.staff.enums import Role
from tests import sample_kind
from tests.factories import base
from tests.factories.files import upload
from tests.sample_kind.kind import VISIT

pytestmark = pytest.mark.django_db
GROUP = {"name": "Koło Gospodyń z Łęczna", "email": "Kolo@Example.org"}
TRIP = {"place": "Żary", "people": "12", "by_coach": "yes"}


def states(client, home):
    return [task["kind"] for task in client.get(home).context["tasks"]]


def begin(client):
    return client.post(reverse("intake:kind", args=[VISIT.path]), {"key": str(uuid.uuid4())}).url


def fill(client):
    """A draft with its pages and its file; its home."""
    home = begin(client)
    for slug, typed in (("grupa", GROUP), ("wyjazd", TRIP)):
        client.post(f"{home}{slug}/", typed)
    client.post(f"{home}zalaczniki/", {"rule": "lista", "lista-file": upload(name="lista.pdf")})
    return home


def send(client, home):
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    assert client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"}).url == f"{home}potwierdzenie/"
    return Application.objects.get()


@pytest.fixture
def office(boss):
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR)


def do(client, application, step, data, *, letter=True):
    """One step of the office by its form and, where it has one, its letter."""
    url = reverse(f"inbox:{step}", args=[application.public_id])
    response = client.post(url, data)
    if letter:
        form = response.context["form"]
        assert response.templates[0].name == "intake/letter.html", form.errors
        written = {f"letter-{name}": form.initial[name] for name in ("subject", "body")} | {"letter-send": "yes"}
        response = client.post(url, {**data, **written, "seen": response.context["seen"], "confirm": "1"})
    assert response.status_code == 302, response.context["form"].errors
    application.refresh_from_db()
    return application


def test_the_whole_way_of_a_new_kind(client, office, boss):
    start = client.get("/wnioski/").content.decode()
    assert VISIT.text in start and f"/wnioski/{VISIT.path}/" in start
    assert client.get(f"/wnioski/{VISIT.path}/").status_code == 200

    home = begin(client)
    assert states(client, home) == ["quiet", "quiet", "quiet", "quiet"]
    assert client.post(f"{home}grupa/", GROUP).url == f"{home}wyjazd/"
    assert client.post(f"{home}wyjazd/", {**TRIP, "people": ""}).context["form"].errors.keys() == {"people"}
    # its file is needed because of the answer just given
    assert client.post(f"{home}wyjazd/", TRIP).url == f"{home}zalaczniki/"
    assert states(client, home) == ["ok", "ok", "wait", "quiet"]
    assert client.get(f"{home}wyslij/").url == f"{home}sprawdz/"
    file = upload(name="lista.pdf")
    assert client.post(f"{home}zalaczniki/", {"rule": "lista", "lista-file": file}).url == f"{home}zalaczniki/"
    assert states(client, home) == ["ok", "ok", "ok", "info"]
    assert "Koło Gospodyń z Łęczna" in client.get(f"{home}sprawdz/").content.decode()

    application = send(client, home)
    assert (application.number, application.state) == (f"WIZ/{clock.today().year}/0001", "submitted")
    assert (application.applicant, application.place) == (GROUP["name"], "Żary")
    assert OutboxMessage.objects.get().to == "kolo@example.org"
    assert client.get(f"{home}stan/").status_code == 200
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")

    assert [row.kind_label for row in office.get("/biuro/wnioski/?kind=visit").context["page"].rows] == ["wizyta"]
    do(office, application, "take", {"assignee": boss.pk, "impartial": "on"}, letter=False)
    assert "lista.pdf" in office.get(reverse("inbox:application", args=[application.public_id])).content.decode()
    page = office.get(reverse("inbox:checklist", args=[application.public_id])).content.decode()
    assert [point.text in page for point in VISIT.checklist] == [True, True]
    accepting = {"unit": boss.unit_id, "adviser": boss.pk}
    refused = office.post(reverse("inbox:accept", args=[application.public_id]), accepting)
    assert [point.text in refused.content.decode() for point in VISIT.checklist] == [True, True]
    assert refused.context["form"].errors and not refused.context["form"].fields.keys() & {"project", "person"}
    do(office, application, "checklist", {"host": "yes", "size": "na"}, letter=False)
    do(office, application, "accept", accepting)
    assert (application.state, application.decided_by, application.assignee) == ("accepted", boss, boss)
    assert Case.objects.count() == 0  # what acceptance means is for the kind to say


def test_its_answers_and_files_can_be_asked_for_again(client, office, boss):
    home = fill(client)
    application = send(client, home)
    do(office, application, "take", {"assignee": boss.pk, "impartial": "on"}, letter=False)
    offered = office.get(reverse("inbox:ask", args=[application.public_id])).context["form"].fields
    assert {"page_grupa", "page_wyjazd", "attachments"} < offered.keys()
    due = clock.today().strftime("%d.%m.%Y")
    do(office, application, "ask", {"text": "Ile osób?", "page_wyjazd": ["people"], "due_on": due})
    link = re.search(r"http://testserver(/wnioski/wroc/\S+)", OutboxMessage.objects.latest("pk").body)[1]
    there = Client()
    assert there.get(link).url == home
    assert list(there.get(f"{home}wyjazd/").context["form"].fields) == ["people"]
    assert there.get(f"{home}grupa/").url == home
    there.post(f"{home}wyjazd/", {"people": "8", "place": "Berlin"})
    assert there.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    application.refresh_from_db()
    assert (application.state, application.visit.people, application.visit.place) == ("verification", 8, "Żary")


def test_a_call_of_the_kind_can_be_announced(office):
    offered = dict(office.get(reverse("calls:new")).context["form"].fields["kind"].choices)
    assert offered["visit"] == VISIT.title


def test_the_kind_is_a_model_a_form_list_and_a_checklist_alone():
    """Neither does the project know of the kind, nor has the kind pages, addresses or services of its own."""
    folder = Path(sample_kind.__file__).parent
    parts = {str(path.relative_to(folder)) for path in folder.rglob("*.py")}
    plain = {"__init__.py", "migrations/__init__.py", "migrations/0001_initial.py"}
    assert parts - plain == {"apps.py", "models.py", "kind.py"}
    assert kinds.at(VISIT.path) is VISIT and VISIT.model.__name__ == "VisitRequest"
    sources = [*(settings.BASE_DIR / "centrum").rglob("*.py"), *(settings.BASE_DIR / "templates").rglob("*.html")]
    word = re.compile("sample_kind|VisitRequest|visit_request")
    assert not [path for path in sources if word.search(path.read_text(encoding="utf-8"))]
