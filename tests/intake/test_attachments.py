"""Files of an application: which are needed, who adds, opens and removes them, what is refused."""

import hashlib
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import GROUP, ORGANISATION
from centrum.intake import attachments, links, queries, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import Application, Attachment
from centrum.kit.models import StoredFile
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make
from tests.factories.files import PDF, document, picture, upload
from tests.sample_kind.kind import VISIT

pytestmark = pytest.mark.django_db
RULE = "opis"  # of a group: any number of files, none needed
PAPER = "reprezentacja"  # of an organisation: needed without a KRS number


def begin(client, kind, pages=None):
    """The home of a draft in the client's session, filled in."""
    home = client.post(reverse("intake:kind", args=[kind.path]), {"key": str(uuid.uuid4())}).url
    for slug, typed in (make.typical(kind) if pages is None else pages).items():
        assert client.post(f"{home}{slug}/", typed).status_code == 302
    return home


def add(client, home, rule, *files):
    return client.post(f"{home}zalaczniki/", {"rule": rule, f"{rule}-file": files})


def errors(response):
    assert response.status_code == 200
    return response.context["form"].errors["file"]


def names(rule=None):
    kept = Attachment.objects.filter(rule=rule) if rule else Attachment.objects.all()
    return list(kept.values_list("file__name", flat=True))


@pytest.mark.parametrize("krs", ["", "0000123456"])
def test_a_paper_is_needed_only_without_a_number(client, krs):
    home = begin(client, ORGANISATION, make.organisation_pages(krs=krs))
    task = client.get(home).context["tasks"][-2]
    assert (task["kind"], [rule.code for rule in client.get(home).context["missing"]]) == (
        ("quiet", []) if krs else ("wait", [PAPER])
    )
    draft = Application.objects.get()
    if krs:
        assert client.get(f"{home}wyslij/").status_code == 200
        return
    assert client.get(f"{home}wyslij/").url == f"{home}sprawdz/"
    with pytest.raises(Refused):
        services.submit(draft, clauses=queries.current_clauses(), language="pl")
    assert add(client, home, PAPER, upload()).url == f"{home}zalaczniki/"
    # the last page leads on to what is missing, and no further once nothing is
    assert client.get(f"{home}wyslij/").status_code == 200
    assert services.submit(draft, clauses=queries.current_clauses(), language="pl").state == "submitted"


def test_the_last_page_leads_to_the_paper_that_is_missing(client):
    pages = make.organisation_pages(krs="")
    home = begin(client, ORGANISATION, dict(list(pages.items())[:-1]))
    assert client.post(f"{home}kontakt/", pages["kontakt"]).url == f"{home}zalaczniki/"


def test_every_type_is_kept_under_a_clean_name_with_its_digest(client):
    home = begin(client, GROUP)
    files = [
        upload(PDF, "plan.pdf"),
        upload(picture("PNG"), "szkic.png"),
        upload(picture("JPEG"), "zdjęcie.jpeg"),
        *(upload(document(kind), f"kosztorys.{kind}") for kind in ("docx", "xlsx", "odt")),
    ]
    assert add(client, home, RULE, *files).status_code == 302
    assert names() == ["plan.pdf", "szkic.png", "zdjęcie.jpg", "kosztorys.docx", "kosztorys.xlsx", "kosztorys.odt"]
    for kept in StoredFile.objects.all():
        assert kept.sha256 == hashlib.sha256(bytes(kept.data)).hexdigest()
    assert [task["kind"] for task in client.get(home).context["tasks"]][-2:] == ["ok", "info"]
    assert "szkic.png" in client.get(f"{home}sprawdz/").content.decode()


BAD = {
    "lie": upload(b"MZ\x90\x00 a program", "umowa.pdf"),
    "page": upload(b"<html><script>1</script>", "zdjecie.png", "image/png"),
    "empty": upload(b"", "pusty.pdf"),
    "svg": upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_file_that_is_not_what_it_says_is_refused_and_the_others_with_it(client, bad):
    home = begin(client, GROUP)
    bad.seek(0)
    assert errors(add(client, home, RULE, upload(), bad))
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_no_file_chosen_is_told_at_its_field(client):
    home = begin(client, GROUP)
    assert errors(add(client, home, RULE))
    assert client.post(f"{home}zalaczniki/", {"rule": "nie-ma"}).status_code == 404


def test_files_of_a_rule_and_bytes_of_an_application_have_a_limit(client, monkeypatch):
    home = begin(client, GROUP)
    assert errors(add(client, home, RULE, *(upload() for _file in range(attachments.MOST_OF_A_RULE + 1))))
    monkeypatch.setattr(attachments, "MOST_BYTES", 2 * len(PDF))
    add(client, home, RULE, upload(), upload())
    assert errors(add(client, home, RULE, upload()))
    assert len(names()) == StoredFile.objects.count() == 2


def test_removing_takes_the_bytes_away_too(client):
    home = begin(client, GROUP)
    add(client, home, RULE, upload(name="raz.pdf"), upload(name="dwa.pdf"))
    first, second = Attachment.objects.order_by("pk")
    url = f"{home}zalaczniki/{first.file.public_id}/"
    assert client.get(f"{url}usun/").status_code == 405
    assert client.post(f"{url}usun/").url == f"{home}zalaczniki/"
    assert (names(), StoredFile.objects.get()) == (["dwa.pdf"], second.file)
    assert client.post(f"{url}usun/").status_code == client.get(url).status_code == 404


def test_a_file_opens_where_its_application_does_and_nowhere_else(client):
    home = begin(client, GROUP)
    add(client, home, RULE, upload(name="statut.pdf"))
    kept = Attachment.objects.get().file
    answer = client.get(f"{home}zalaczniki/{kept.public_id}/")
    assert (answer.content, answer["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    stranger = Client()
    assert stranger.get(f"{home}zalaczniki/{kept.public_id}/").status_code == 404
    # neither by another application of one's own
    other = begin(stranger, GROUP)
    assert stranger.get(f"{other}zalaczniki/{kept.public_id}/").status_code == 404
    assert stranger.post(f"{other}zalaczniki/{kept.public_id}/usun/").status_code == 404
    assert names() == ["statut.pdf"]


def test_the_office_opens_files_of_the_applications_that_it_sees(client):
    application = make.draft(GROUP)
    attachments.add(application, rule=GROUP.attachments[0], uploads=[upload()])
    sent = services.submit(application, clauses=queries.current_clauses(), language="pl")
    office = base.user(Role.ADVISER)
    url = reverse("inbox:file", args=[sent.public_id, sent.attachments.get().file.public_id])
    client.force_login(office)
    assert client.get(url).content == PDF
    assert url in client.get(reverse("inbox:application", args=[sent.public_id])).content.decode()
    client.force_login(base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER)))
    assert client.get(url).status_code == 404


def test_sent_files_stay_as_they_are(client):
    home = begin(client, GROUP)
    add(client, home, RULE, upload())
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"})
    kept = Attachment.objects.get()
    assert add(client, home, RULE, upload()).url == f"{home}potwierdzenie/"
    assert client.post(f"{home}zalaczniki/{kept.file.public_id}/usun/").url == f"{home}potwierdzenie/"
    with pytest.raises(Stale):
        attachments.remove(kept)
    assert "statut.pdf" in client.get(f"{home}potwierdzenie/").content.decode()


def test_files_asked_for_are_added_and_only_they(client):
    boss = base.user(Role.COORDINATOR)
    asked = make.asked(make.taken(GROUP, by=boss), by=boss, fields=[], attachments=[RULE])
    other = make.asked(make.taken(GROUP, by=boss), by=boss, fields=["idea"])
    for application in (asked, other):
        client.get(links.make(application, LinkPurpose.RESUME).removeprefix("http://testserver"))
    home, elsewhere = (reverse("intake:application", args=[row.public_id]) for row in (asked, other))
    assert client.get(f"{elsewhere}zalaczniki/").status_code == 404
    with pytest.raises(Refused):
        attachments.add(other, rule=GROUP.attachments[0], uploads=[upload()])
    # what was asked for must come
    assert client.post(f"{home}sprawdz/").url == f"{home}sprawdz/"
    add(client, home, RULE, upload(name="plan.pdf"))
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    answered = asked.completion_requests.get()
    assert answered.before == {f"file:{RULE}": ""}
    assert answered.after[f"file:{RULE}"].startswith("plan.pdf")


def test_the_task_of_files_asked_for_again_waits_for_a_change(client):
    boss = base.user(Role.COORDINATOR)
    application = make.draft(GROUP)
    attachments.add(application, rule=GROUP.attachments[0], uploads=[upload(name="stary.pdf")])
    sent = services.submit(application, clauses=queries.current_clauses(), language="pl")
    taken = services.take(make.impartial(sent, boss), by=boss, assignee=boss)
    asked = make.asked(taken, by=boss, fields=[], attachments=[RULE])
    client.get(links.make(asked, LinkPurpose.RESUME).removeprefix("http://testserver"))
    home = reverse("intake:application", args=[asked.public_id])
    assert [task["kind"] for task in client.get(home).context["tasks"]] == ["wait", "info"]
    add(client, home, RULE, upload(name="nowy.pdf"))
    assert [task["kind"] for task in client.get(home).context["tasks"]] == ["ok", "info"]


def test_a_rule_for_one_file_gets_the_new_one_instead_of_the_old(client):
    pages = {
        "grupa": {"name": "Koło", "email": "kolo@example.org"},
        "wyjazd": {"place": "Żary", "people": "3", "by_coach": "no"},
    }
    home = begin(client, VISIT, pages)
    assert errors(add(client, home, "lista", upload(), upload()))
    for name in ("pierwsza.pdf", "druga.pdf"):
        add(client, home, "lista", upload(name=name))
    assert (names(), StoredFile.objects.count()) == (["druga.pdf"], 1)
