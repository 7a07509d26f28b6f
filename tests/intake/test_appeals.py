"""Appeal, withdrawal, handing on."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from centrum.intake import appeals, links, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import Appeal, Application
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make
from tests.threads import at_once

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def judge():
    return base.user(Role.MANAGER, projects=[base.project()])


def browser(application):
    """A browser that came by the link for reading, which every letter after the sending holds."""
    there = Client()
    there.get(links.make(application, LinkPurpose.STATUS).removeprefix("http://testserver"))
    return there


def url(name, application, room="intake"):
    return reverse(f"{room}:{name}", args=[application.public_id])


def rejected(by):
    return services.reject(make.taken(by=by), by=by, reason="Poza obszarem.")


# Appeal


def test_whole_way_of_an_appeal(boss, judge):
    application = rejected(boss)
    client = browser(application)
    status = client.get(url("status", application))
    assert status.context["appeal_until"] == clock.today() + 14 * DAY
    assert url("appeal", application) in status.content.decode()
    assert "Poza obszarem." in client.get(url("appeal", application)).content.decode()
    assert list(client.post(url("appeal", application), {"text": " "}).context["form"].errors) == ["text"]
    before = OutboxMessage.objects.count()
    response = client.post(url("appeal", application), {"text": "Mieszkam w powiecie."})
    assert response.url == url("status", application)
    appeal = Appeal.objects.get()
    assert (appeal.text, appeal.against, appeal.upheld) == ("Mieszkam w powiecie.", boss, None)
    application.refresh_from_db()
    assert (application.state, OutboxMessage.objects.count()) == ("appeal", before + 1)
    # sent again, it leads to where it stands
    assert client.post(url("appeal", application), {"text": "Jeszcze raz."}).url == url("status", application)
    assert Appeal.objects.count() == 1

    office = Client()
    office.force_login(judge)
    assert "Mieszkam w powiecie." in office.get(url("application", application, "inbox")).content.decode()
    assert "Mieszkam w powiecie." in office.get(url("uphold", application, "inbox")).content.decode()
    application = appeals.uphold(make.impartial(application, judge), by=judge, reason="Racja.")
    assert (application.state, application.decided_by, application.decided_at, application.decision_reason) == (
        "verification",
        None,
        None,
        "",
    )
    appeal.refresh_from_db()
    assert (appeal.upheld, appeal.decided_by, appeal.reason) == (True, judge, "Racja.")
    # a new rejection is appealed from anew
    again = services.reject(application, by=boss, reason="Nadal nie.")
    assert appeals.is_open_to(again)
    assert appeals.submit(again, text="Tak samo.").state == "appeal"


def test_dismissed_is_final(boss, judge):
    application = make.impartial(appeals.submit(rejected(boss), text="Nie zgadzam się."), judge)
    done = appeals.dismiss(application, by=judge, reason="Bez zmian.")
    assert (done.state, done.decided_by, done.decision_reason) == ("rejected", judge, "Bez zmian.")
    assert not appeals.is_open_to(done)
    with pytest.raises(Refused):
        appeals.submit(done, text="Jeszcze raz.")
    client = browser(done)
    assert client.get(url("status", done)).context["appeal_until"] is None
    assert client.get(url("appeal", done)).url == url("status", done)


@pytest.mark.parametrize("decide", [appeals.uphold, appeals.dismiss], ids=["uphold", "dismiss"])
def test_who_rejected_does_not_decide_on_the_appeal(boss, decide):
    application = appeals.submit(rejected(boss), text="Nie zgadzam się.")
    with pytest.raises(Refused):
        decide(application, by=boss, reason="x")
    application.refresh_from_db()
    assert (application.state, Appeal.objects.get().decided_at) == ("appeal", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(upheld=True, reason="x", decided_by=boss, decided_at=clock.now())
    with pytest.raises(PermissionDenied):
        decide(application, by=base.user(Role.ADVISER), reason="x")


def test_last_day_of_an_appeal_is_a_whole_day_in_warsaw(boss):
    application = rejected(boss)
    last = appeals.last_day(application)
    end = datetime.datetime.combine(last + DAY, datetime.time(), clock.WARSAW)
    with time_machine.travel(end, tick=False):
        assert not appeals.is_open_to(application)
        with pytest.raises(Refused):
            appeals.submit(application, text="Za późno.")
        assert browser(application).get(url("appeal", application)).url == url("status", application)
    with time_machine.travel(end - datetime.timedelta(seconds=1), tick=False):
        assert appeals.submit(application, text="W porę.").state == "appeal"


def test_appeal_without_words_is_refused(boss):
    application = rejected(boss)
    with pytest.raises(Refused):
        appeals.submit(application, text=" \n")
    assert (Appeal.objects.count(), Application.objects.get().state) == (0, "rejected")


@pytest.mark.django_db(transaction=True)
def test_two_appeals_at_once_are_one():
    application = rejected(base.user(Role.MANAGER))
    results = at_once(2, lambda n: appeals.submit(application, text=f"Po raz {n}."))
    assert sorted(type(result).__name__ for result in results) == ["Application", "Stale"]
    assert Appeal.objects.count() == 1


def test_strangers_neither_appeal_nor_withdraw(boss):
    gone, sent = rejected(boss), make.submitted()
    for path in (url("appeal", gone), url("withdraw", sent)):
        assert Client().get(path).status_code == 404
        assert Client().post(path, {"text": "x"}).status_code == 404
    assert set(Application.objects.values_list("state", flat=True)) == {"rejected", "submitted"}


# Withdrawal


@pytest.mark.parametrize("state", ["submitted", "verification", "completion", "reserve"])
def test_withdrawing(boss, state):
    application = make.in_state(state, by=boss)
    client = browser(application)
    assert url("withdraw", application) in client.get(url("status", application)).content.decode()
    assert client.get(url("withdraw", application)).status_code == 200
    application.refresh_from_db()
    assert application.state == state  # the question alone changes nothing
    before = OutboxMessage.objects.count()
    for _twice in range(2):
        assert client.post(url("withdraw", application)).status_code == 302
    application.refresh_from_db()
    assert (application.state, OutboxMessage.objects.count()) == ("withdrawn", before + 1)
    assert client.get(url("status", application)).status_code == 200


@pytest.mark.parametrize("state", ["accepted", "rejected", "appeal", "withdrawn"])
def test_what_is_decided_is_not_withdrawn(boss, state):
    application = make.in_state(state, by=boss)
    client = browser(application)
    assert not client.get(url("status", application)).context["may_withdraw"]
    assert client.post(url("withdraw", application)).status_code == 302
    application.refresh_from_db()
    assert application.state == state
    with pytest.raises(Stale):
        services.withdraw(application)


# Handing on


def test_handing_on_to_a_colleague(boss):
    colleague = base.user(Role.ADVISER)
    application = make.taken(by=boss)
    with pytest.raises(Refused):
        services.hand_on(application, by=boss, assignee=boss)
    with pytest.raises(Refused):
        services.hand_on(application, by=boss, assignee=base.user(Role.ACCOUNTANT))
    office = Client()
    office.force_login(boss)
    path = url("hand_on", application, "inbox")
    assert office.post(path, {"assignee": colleague.pk}).url == url("application", application, "inbox")
    application.refresh_from_db()
    assert (application.state, application.assignee, application.unit) == ("verification", colleague, colleague.unit)
