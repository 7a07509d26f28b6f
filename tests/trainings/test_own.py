"""The own page of whoever is enrolled, by the link of their letters."""

import datetime

import pytest
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from tests.factories import trainings as make
from tests.trainings.test_public import entries
from trainings import capacity, events, own
from trainings.models import AccessNeeds, Enrolment

pytestmark = pytest.mark.django_db
PAGES = ("own", "own-change", "own-cancel", "own-calendar")
CHANGED = {"email": "Nowy@Example.org", "phone": "600 100 200", "diet": "", "other": "", "wheelchair": "on"}


def url(enrolment, name="own"):
    return reverse(f"events:{name}", args=[own.token(enrolment)])


def state(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).state


@pytest.fixture
def offered():
    """An event of one seat, and the first of its reserve list, to whom it is offered."""
    event = make.event(seats=1)
    first, second = make.enrolment(event), make.enrolment(event)
    capacity.cancel(first)
    return Enrolment.objects.get(pk=second.pk)


@pytest.mark.parametrize("name", PAGES)
def test_a_forged_link_opens_nothing(client, name):
    enrolment = make.enrolment()
    token = own.token(enrolment)
    for forged in (token[:-1] + ("a" if token[-1] != "a" else "b"), str(enrolment.public_id), "x"):
        assert client.get(reverse(f"events:{name}", args=[forged])).status_code == 404
    assert client.post(reverse("events:own-take", args=["x"])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_it_is_kept_by_no_cache(client, name):
    assert "no-store" in client.get(url(make.enrolment(), name))["Cache-Control"]


def test_opening_changes_nothing(client, offered):
    for name in PAGES:
        assert client.get(url(offered, name)).status_code == 200
    assert state(offered) == "offered"


def test_the_code_to_show_is_there_with_a_seat_only(client, offered):
    assert client.get(url(offered)).context["picture"] == ""
    capacity.take_offer(offered)
    response = client.get(url(offered))
    assert response.context["picture"].startswith("<svg") and response.context["picture"] in response.content.decode()


def test_an_offered_seat_is_taken(client, offered):
    response = client.get(url(offered))
    assert (response.context["offered"], response.context["position"]) == (True, None)
    assert client.post(url(offered, "own-take")).url == url(offered)
    assert state(offered) == "seated"


def test_an_offered_seat_is_declined_after_being_asked_again(client, offered):
    third = make.enrolment(offered.event)
    assert client.get(url(offered, "own-cancel")).status_code == 200
    client.post(url(offered, "own-cancel"))
    assert (state(offered), state(third)) == ("cancelled", "offered")


def test_too_late_the_seat_is_gone(client, offered):
    with clock.at(offered.offered_until):
        assert client.get(url(offered)).context["offered"] is False
        client.post(url(offered, "own-take"))
    assert state(offered) == "offered"
    with clock.at(offered.offered_until):
        capacity.lapse_offers()
        assert client.get(url(offered)).status_code == 200
    assert state(offered) == "lapsed"


def test_cancelling_once_is_enough(client):
    enrolment = make.enrolment()
    for _click in range(2):
        assert client.post(url(enrolment, "own-cancel")).url == url(enrolment)
    assert state(enrolment) == "cancelled"
    assert OutboxMessage.objects.count() == 2  # enrolled, cancelled
    assert client.get(url(enrolment)).context["open"] is False


def test_address_phone_and_needs_are_changed(client):
    enrolment = make.enrolment(needs={"diet": "vegan"})
    form = client.get(url(enrolment, "own-change")).context["form"]
    assert (form.initial["email"], form.initial["diet"]) == (enrolment.email, "vegan")
    assert client.post(url(enrolment, "own-change"), CHANGED).url == url(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.email, enrolment.phone) == ("nowy@example.org", "600100200")
    needs = AccessNeeds.objects.get()
    assert (needs.diet, needs.wheelchair) == ("", True)
    client.post(url(enrolment, "own-change"), {**CHANGED, "wheelchair": ""})
    assert AccessNeeds.objects.count() == 0


def test_what_is_wrong_is_told_and_nothing_saved(client):
    enrolment = make.enrolment()
    page = client.post(url(enrolment, "own-change"), {"email": "x", "phone": "abc", "diet": "all", "other": "x" * 999})
    assert page.context["form"].errors.keys() == {"email", "phone", "diet", "other"}
    assert AccessNeeds.objects.count() == 0


def test_nobody_becomes_somebody_who_is_enrolled(client):
    event = make.event()
    one = make.enrolment(event, first_name="Jan", last_name="Las", email="jan@example.org")
    other = make.enrolment(event, first_name="JAN", last_name="LAS", email="inny@example.org")
    page = client.post(url(other, "own-change"), {**CHANGED, "email": one.email})
    assert page.context["form"].non_field_errors()
    other.refresh_from_db()
    assert other.email == "inny@example.org"


def test_once_it_has_begun_nobody_resigns_by_the_page(client):
    enrolment = make.enrolment(make.event(days=2))
    with clock.at(make.at(2, 9)):
        assert client.get(url(enrolment)).context["may_cancel"] is False
        assert client.get(url(enrolment, "own-cancel")).url == url(enrolment)
        client.post(url(enrolment, "own-cancel"))
    assert state(enrolment) == "seated"


def test_after_the_event_the_page_is_only_read(client):
    enrolment = make.enrolment(make.event(days=2))
    with clock.at(make.at(3)):
        page = client.get(url(enrolment))
        assert (page.status_code, page.context["open"], page.context["picture"]) == (200, False, "")
        assert client.get(url(enrolment, "own-change")).url == url(enrolment)
        assert client.post(url(enrolment, "own-change"), CHANGED).url == url(enrolment)
    assert AccessNeeds.objects.count() == 0


def test_of_a_cancelled_event_the_page_says_so(client):
    event = make.event()
    enrolment = make.enrolment(event)
    events.step(event, "cancel", by=event.organiser, reason="Choroba.")
    assert client.get(url(enrolment)).context["open"] is False
    assert {status for *_rest, status in entries(client.get(url(enrolment, "own-calendar")).content)} == {"CANCELLED"}


def test_who_resigned_gets_the_entry_taken_off(client):
    enrolment = make.enrolment()
    ((uid, starts, ends, sequence, status),) = entries(client.get(url(enrolment, "own-calendar")).content)
    assert (starts, ends - starts, status) == (make.at(14, 9), datetime.timedelta(hours=6), "CONFIRMED")
    client.post(url(enrolment, "own-cancel"))
    ((same, _starts, _ends, later, off),) = entries(client.get(url(enrolment, "own-calendar")).content)
    assert (same, off) == (uid, "CANCELLED") and later > sequence
