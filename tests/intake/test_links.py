"""Secret links: one purpose each, an end, revoked by what happens and by hand; opening one consumes nothing."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import PERSON
from centrum.intake import links, queries, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import AccessLink
from centrum.kit import clock, logs, outbox
from centrum.kit.models import OutboxMessage
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make

pytestmark = pytest.mark.django_db
RESUME, STATUS = LinkPurpose.RESUME, LinkPurpose.STATUS


def path(application, purpose):
    return links.make(application, purpose).removeprefix("http://testserver")


def token(url):
    return url.rstrip("/").rpartition("/")[2]


def page(name, application):
    return reverse(f"intake:{name}", args=[application.public_id])


def test_only_a_digest_is_kept():
    url = links.make(make.draft(), RESUME)
    link = AccessLink.objects.get()
    assert token(url).encode() not in bytes(link.digest)
    assert (len(bytes(link.digest)), link.email, link.used_at) == (32, "lucja@example.org", None)


@pytest.mark.parametrize(("purpose", "days"), [(RESUME, 14), (STATUS, 90)])
def test_a_link_ends(client, time_machine, purpose, days):
    time_machine.move_to(clock.now(), tick=False)
    url = path(make.draft() if purpose == RESUME else make.submitted(), purpose)
    time_machine.shift(timedelta(days=days, seconds=-1))
    assert client.get(url).status_code == 302
    time_machine.shift(timedelta(seconds=1))
    dead = Client().get(url)
    assert dead.status_code == 404 and reverse("intake:find") in dead.content.decode()


@pytest.mark.parametrize("again", [1, 2, 3])
def test_opening_consumes_nothing(client, again):
    """Programmes that look into mail open a link before its reader does; a link used twice opens the same."""
    draft = make.draft()
    url = path(draft, RESUME)
    for _time in range(again):
        assert Client().head(url).status_code == 302
        assert Client().get(url).url == page("application", draft)
    assert AccessLink.objects.get().used_at is not None


@pytest.mark.nobody
def test_opening_writes_no_tracked_row(client):
    from centrum.kit.history import author

    with author(command="tests"):
        draft, sent = make.draft(), make.submitted()
        urls = [path(draft, RESUME), path(sent, STATUS)]
    for url in urls:
        assert client.get(url).status_code == 302


def test_a_link_for_reading_does_not_edit_nor_the_other_way_round(client):
    completing = make.in_state("completion")
    resume, status = path(completing, RESUME), path(completing, STATUS)
    for good, bad, name in ((resume, "stan", "resume"), (status, "wroc", "status")):
        assert client.get(f"/wnioski/{bad}/{token(good)}/").status_code == 404, name
    reader = Client()
    assert reader.get(status).url == page("status", completing)
    assert reader.get(page("status", completing)).status_code == 200
    for name in ("application", "check", "later", "send", "receipt"):
        assert reader.get(page(name, completing)).status_code == 404, name
    assert reader.get(f"{page('application', completing)}osoba/").status_code == 404
    assert reader.post(f"{page('application', completing)}osoba/", make.person_pages()["osoba"]).status_code == 404
    assert reader.post(page("check", completing)).status_code == 404
    editor = Client()
    editor.get(resume)
    assert editor.get(page("application", completing)).status_code == 200
    assert editor.get(page("status", completing)).status_code == 200


def test_forged_links_open_nothing(client):
    draft = make.draft()
    good = token(path(draft, RESUME))
    forged = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.partition(":")[2],
        f"status:{good.partition(':')[2]}",
        draft.public_id.hex,
        uuid.uuid4().hex,
        "x",
        ":",
        "resume:",
        "a:b:c",
        "ż" * 50,
        "A" * 3000,
    ]
    for value in forged:
        for name in ("resume", "status-link"):
            assert client.get(reverse(f"intake:{name}", args=[value])).status_code == 404
    assert client.get(page("application", draft)).status_code == 404


def test_a_new_link_leaves_the_earlier_ones(client):
    draft = make.draft()
    first, second = path(draft, RESUME), path(draft, RESUME)
    assert [Client().get(url).status_code for url in (first, second)] == [302, 302]


def test_another_address_kills_the_links_of_the_old_one():
    draft = make.draft()
    urls = [path(draft, RESUME), path(draft, STATUS)]
    step = PERSON.step("osoba")
    services.save_step(draft, step=step, data={**make.person_pages(email="nowy@example.org")["osoba"], "phone": ""})
    assert [Client().get(url).status_code for url in urls] == [404, 404]
    services.save_step(draft, step=step, data={**make.person_pages()["osoba"], "phone": ""})
    assert [Client().get(url).status_code for url in urls] == [404, 404]


def test_whoever_corrects_the_address_goes_on(client):
    draft = make.draft()
    client.get(path(draft, RESUME))
    home = page("application", draft)
    client.post(f"{home}osoba/", make.person_pages(email="nowy@example.org")["osoba"])
    assert client.get(home).status_code == 200


def test_sending_ends_editing_by_old_links(client):
    draft = make.draft()
    url = path(draft, RESUME)
    browser = Client()
    browser.get(url)
    services.submit(draft, clauses=queries.current_clauses(), language="pl")
    assert Client().get(url).status_code == 404
    assert browser.get(page("receipt", draft)).status_code == 200
    assert "/wnioski/stan/status:" in OutboxMessage.objects.get().body


def test_the_applicant_closes_all_links(client):
    sent = make.submitted()
    urls = [path(sent, STATUS), path(sent, STATUS)]
    stranger = Client()
    stranger.get(urls[0])
    client.get(urls[1])
    assert client.post(page("close-links", sent)).url == reverse("intake:find")
    assert [Client().get(url).status_code for url in urls] == [404, 404]
    assert [browser.get(page("status", sent)).status_code for browser in (client, stranger)] == [404, 404]
    assert {(link.closed_at is not None, link.closed_by) for link in AccessLink.objects.all()} == {(True, None)}
    assert client.get(path(sent, STATUS)).status_code == 302


def test_the_office_closes_all_links(client):
    boss = base.user(Role.ADVISER)
    sent = make.submitted()
    url = path(sent, STATUS)
    stranger = Client()
    stranger.get(url)
    client.force_login(boss)
    office = reverse("inbox:application", args=[sent.public_id])
    assert client.post(reverse("inbox:close-links", args=[sent.public_id])).url == office
    assert [stranger.get(page("status", sent)).status_code, Client().get(url).status_code] == [404, 404]
    shown = next(p["panel"] for p in client.get(office).context["panels"] if p["template"] == "intake/_links.html")
    assert (shown["open"], shown["closed"].closed_by) == (0, boss)
    with pytest.raises(PermissionDenied):
        links.close(sent, by=base.user(Role.ACCOUNTANT))


def test_whoever_began_the_draft_stays_when_links_are_closed(client):
    home = client.post("/wnioski/wsparcie/osoba/", {"key": str(uuid.uuid4())}).url
    client.post(f"{home}pozniej/", {"email": "lucja@example.org"})
    client.get(path(AccessLink.objects.get().application, RESUME))
    links.close(AccessLink.objects.first().application)
    assert client.get(home).status_code == 200


def test_a_fresh_link_to_complete_is_mailed_from_the_status_page(client):
    completing = make.in_state("completion")
    client.get(path(completing, STATUS))
    before = OutboxMessage.objects.count()
    assert client.post(page("complete", completing)).url == page("status", completing)
    assert OutboxMessage.objects.count() == before + 1
    letter = OutboxMessage.objects.order_by("-id").first()
    assert (letter.to, "/wnioski/wroc/resume:" in letter.body) == (completing.email, True)
    assert Client().post(page("complete", completing)).status_code == 404


def test_secrets_are_cut_for_staff_and_logs():
    sent = make.submitted()
    url = links.make(sent, STATUS)
    letter = OutboxMessage.objects.get(about=sent.number)
    assert "status:" in letter.body and "status:" not in outbox.for_staff(letter)
    assert logs.mask_path(url.removeprefix("http://testserver")) == "/wnioski/stan/*/"


def test_own_links_are_for_what_each_application_needs():
    draft, sent = make.draft(), make.submitted()
    OutboxMessage.objects.all().delete()
    services.send_own_links(email=draft.email, language="pl")
    body = OutboxMessage.objects.get().body
    assert (body.count("/wroc/resume:"), body.count("/stan/status:"), sent.number in body) == (1, 1, True)
