"""A kind on which nobody decides: its sending does all there is to do, or is refused and leaves nothing behind."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from centrum.intake import kinds, queries, services
from centrum.intake.models import Acknowledgement, Application
from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make
from tests.sample_kind.kind import OPEN_DAY, VISIT

pytestmark = pytest.mark.django_db


def draft(people):
    pages = {
        "grupa": {"name": "Koło Gospodyń", "email": "kolo@example.org"},
        "wyjazd": {"place": "Żary", "people": people, "by_coach": "no"},
    }
    return make.draft(OPEN_DAY, pages=pages)


def submit(application):
    return services.submit(application, clauses=queries.current_clauses(), language="pl")


def browser(application):
    """The browser that may edit the application."""
    client = Client()
    session = client.session
    session["applications"] = {application.public_id.hex: 0}
    session.save()
    return client, reverse("intake:application", args=[application.public_id])


def test_it_begins_where_its_room_says(client):
    assert client.get(f"/wnioski/{OPEN_DAY.path}/").url == reverse(OPEN_DAY.begins_at)
    assert client.post(f"/wnioski/{OPEN_DAY.path}/", {"key": str(uuid.uuid4())}).url == reverse(OPEN_DAY.begins_at)
    offered = [row["kind"] for row in client.get("/wnioski/").context["offered"]]
    assert (VISIT in offered, OPEN_DAY in offered, Application.objects.count()) == (True, False, 0)


def test_no_call_is_announced_for_it():
    assert (VISIT in kinds.decided(), OPEN_DAY in kinds.decided()) == (True, False)


def test_answers_known_beforehand_stand_in_the_draft_once():
    key = uuid.uuid4()
    for place in ("Żary", "Lubsko"):
        begun = services.begin(kind=OPEN_DAY, key=key, language="pl", place=place)
    assert begun.visit.place == "Żary"


def test_sending_settles_it_once():
    sent = submit(draft(12))
    assert (sent.state, sent.number, submit(sent).number) == ("settled", f"DO/{clock.today().year}/0001", sent.number)
    moves = StateChange.objects.order_by("pk").values_list("action", "source", "target", "by")
    assert list(moves) == [("submit", "draft", "submitted", None), ("settle", "submitted", "settled", None)]
    # its letters are for the kind to write
    assert (OutboxMessage.objects.count(), Acknowledgement.objects.count()) == (0, queries.current_clauses().count())


def test_a_refusal_leaves_the_draft_and_its_number_unused():
    big = draft(41)
    with pytest.raises(Refused):
        submit(big)
    big.refresh_from_db()
    assert (big.state, big.number, big.visit.complete) == ("draft", None, False)
    assert (StateChange.objects.count(), Acknowledgement.objects.count()) == (0, 0)
    assert submit(draft(12)).number == f"DO/{clock.today().year}/0001"


def test_the_receipt_and_the_page_of_its_state_tell_the_outcome():
    sent = submit(draft(12))
    client, home = browser(sent)
    for page in ("potwierdzenie", "stan"):
        response = client.get(f"{home}{page}/")
        assert response.context["told"] == {"people": 12}
        assert OPEN_DAY.outcome in [template.name for template in response.templates]
        assert response.context["may_withdraw"] is False and response.context["appeal_until"] is None
    assert sent.number in client.get(f"{home}potwierdzenie/").content.decode()
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")


def test_a_refused_sending_says_why():
    client, home = browser(draft(41))
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    assert client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"}).url == f"{home}wyslij/"
    assert "Grupa nie mieści się w sali." in client.get(f"{home}wyslij/").content.decode()


def test_the_office_reads_it_and_has_nothing_to_decide(client):
    sent = submit(draft(12))
    client.force_login(base.user(Role.COORDINATOR))
    assert client.get("/biuro/wnioski/?kind=open_day").context["page"].rows == []
    assert client.get("/biuro/wnioski/?kind=open_day&state=all").context["page"].rows == [sent]
    page = client.get(reverse("inbox:application", args=[sent.public_id])).context
    assert (page["moves"], page["works"]) == ([], False)
