"""Requests of data subjects: the clock, the steps, who handles them, and what two do at once."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale, noun_of
from centrum.register import requests
from centrum.register.enums import REQUEST_MOVES, RequestState
from centrum.register.models import DataRequest
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 10, 5)


def on(day):
    """Things happen at noon of that day."""
    return clock.at(datetime.datetime.combine(day, datetime.time(12), clock.WARSAW))


def officer():
    return base.user(Role.DATA_PROTECTION)


def received(by=None, *, on_day=None, **data):
    """A request that came today, unless `on_day` says when."""
    day = on_day or clock.today()
    with on(day):
        return requests.receive(
            by=by or officer(),
            **{"kind": "access", "channel": "letter", "name": "Łucja Źródlak", "received_on": day, **data},
        )


def in_state(state, by):
    asked = received(by)
    if state != RequestState.RECEIVED:
        asked = requests.handle(asked, by=by)
    if state == RequestState.ANSWERED:
        asked = requests.answer(asked, by=by, text="Oto dane.")
    if state == RequestState.REFUSED:
        asked = requests.refuse(asked, by=by, text="Prawo każe je trzymać.")
    return asked


def do(asked, action, by):
    if action == "handle":
        return requests.handle(asked, by=by)
    return getattr(requests, action)(asked, by=by, text="Odpowiedź.")


# The clock


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ((2026, 10, 5), (2026, 11, 5)),
        ((2026, 1, 31), (2026, 2, 28)),
        ((2028, 1, 31), (2028, 2, 29)),
        ((2026, 12, 31), (2027, 1, 31)),
        ((2026, 8, 31), (2026, 9, 30)),
    ],
)
def test_the_answer_is_due_a_month_after_receipt(came, due):
    assert received(on_day=datetime.date(*came)).due_on == datetime.date(*due)


@given(st.dates(datetime.date(2018, 5, 25), datetime.date(2099, 12, 31)), st.integers(1, 3))
def test_months_end_in_the_right_month_and_never_too_late(day, months):
    due = clock.months_later(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + datetime.timedelta(days=1)).day == 1)


def test_what_came_earlier_is_noted_from_its_day():
    with on(DAY):
        asked = requests.receive(
            by=officer(), kind="access", channel="email", name="Jan", received_on=DAY - datetime.timedelta(days=10)
        )
        assert asked.due_on == datetime.date(2026, 10, 25)
        with pytest.raises(Refused):
            requests.receive(
                by=officer(), kind="access", channel="email", name="Jan", received_on=DAY + datetime.timedelta(days=1)
            )


def test_it_is_extended_once_to_three_months_at_most_while_the_month_runs():
    by = officer()
    asked = received(by, on_day=DAY)
    with on(datetime.date(2026, 11, 5)):
        for wrong in (datetime.date(2026, 11, 5), datetime.date(2027, 1, 6)):
            with pytest.raises(Refused):
                requests.extend(asked, by=by, due_on=wrong, reason="Dużo danych.")
        with pytest.raises(Refused):
            requests.extend(asked, by=by, due_on=datetime.date(2027, 1, 5), reason=" ")
        asked = requests.extend(asked, by=by, due_on=datetime.date(2026, 12, 1), reason="Dużo danych.")
        assert (asked.due_on, asked.extension_reason) == (datetime.date(2026, 12, 1), "Dużo danych.")
        with pytest.raises(Refused):
            requests.extend(asked, by=by, due_on=datetime.date(2027, 1, 5), reason="Jeszcze więcej.")


def test_a_month_that_has_ended_is_not_extended():
    asked = received(on_day=DAY)
    with on(datetime.date(2026, 11, 6)), pytest.raises(Refused):
        requests.extend(asked, by=officer(), due_on=datetime.date(2027, 1, 5), reason="Dużo danych.")


@pytest.mark.parametrize("state", [RequestState.ANSWERED, RequestState.REFUSED])
def test_a_closed_one_is_neither_extended_nor_pointed_elsewhere(state):
    by = officer()
    asked = in_state(state, by)
    with pytest.raises(Stale):
        requests.extend(asked, by=by, due_on=requests.latest(asked), reason="Dużo danych.")
    with pytest.raises(Stale):
        requests.point_to(asked, by=by, person=base.person())


def test_numbers_follow_one_another():
    assert [received(on_day=DAY).number for _time in range(2)] == ["RODO/2026/0001", "RODO/2026/0002"]


# The steps


@pytest.mark.parametrize("move", REQUEST_MOVES, ids=lambda move: move.action)
@pytest.mark.parametrize("state", RequestState)
def test_every_step_in_every_state(state, move):
    by = officer()
    asked = in_state(state, by)
    before = StateChange.objects.filter(noun=noun_of(asked), object_id=asked.pk).count()
    if state in move.sources:
        do(asked, move.action, by)
        asked.refresh_from_db()
        assert (asked.state, asked.handler) == (move.target, by)
        assert (asked.closed_at is not None) == (move.target in (RequestState.ANSWERED, RequestState.REFUSED))
    else:
        with pytest.raises(Stale):
            do(asked, move.action, by)
        asked.refresh_from_db()
        assert asked.state == state
    after = StateChange.objects.filter(noun=noun_of(asked), object_id=asked.pk).count()
    assert after - before == (state in move.sources)


def test_the_database_refuses_every_other_arrow():
    arrows = {(source, move.target) for move in REQUEST_MOVES for source in move.sources}
    by = officer()
    for source in RequestState:
        asked = in_state(source, by)
        for target in RequestState:
            if source != target and (source, target) not in arrows:
                with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
                    DataRequest.objects.filter(pk=asked.pk).update(state=target)
    with pytest.raises(InternalError), transaction.atomic():
        asked.delete()


@pytest.mark.parametrize("action", ["answer", "refuse"])
def test_an_answer_has_words(action):
    by = officer()
    asked = in_state(RequestState.HANDLING, by)
    with pytest.raises(Refused):
        getattr(requests, action)(asked, by=by, text="  ")


@pytest.mark.parametrize("role", [r for r in Role if r != Role.DATA_PROTECTION])
def test_no_step_without_the_right(role):
    asked = received()
    with pytest.raises(PermissionDenied):
        requests.handle(asked, by=base.user(role))
    with pytest.raises(PermissionDenied):
        received(base.user(role))


def test_the_officer_of_a_partner_handles_none(client):
    asked = received()
    partner = base.user(Role.DATA_PROTECTION, unit_=base.unit(UnitKind.PARTNER))
    with pytest.raises(PermissionDenied):
        requests.handle(asked, by=partner)
    client.force_login(partner)
    assert client.get(reverse("register:request", args=[asked.public_id])).status_code == 403
    assert client.get(reverse("register:requests")).context["page"].rows == []


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_take_it_up_at_once_one_handles_it():
    asked = received()
    hands = [officer() for _number in range(10)]
    results = at_once(10, lambda number: requests.handle(asked, by=hands[number]))
    done = [result for result in results if isinstance(result, DataRequest)]
    assert [type(r) for r in results if not isinstance(r, DataRequest)] == [Stale] * 9
    asked.refresh_from_db()
    assert [row.handler for row in done] == [asked.handler]
    assert StateChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_would_take_it_up():
    """Two who read the row without locking it both see it free."""
    import threading

    asked, looked = received(), threading.Barrier(2)

    def look(_number):
        with transaction.atomic():
            state = DataRequest.objects.get(pk=asked.pk).state
            looked.wait(timeout=30)
            return state

    assert at_once(2, look) == [RequestState.RECEIVED] * 2


# Pages


@pytest.fixture
def signed(client):
    by = officer()
    client.force_login(by)
    return by


TYPED = {"name": "Jan Łąka", "kind": "erasure", "channel": "email", "text": "Proszę usunąć moje dane."}


def test_from_the_letter_to_the_answer(client, signed):
    person = base.person()
    typed = {**TYPED, "received_on": f"{clock.today():%d.%m.%Y}"}
    page = client.post(reverse("register:request-new") + f"?person={person.public_id}", typed)
    asked = DataRequest.objects.get()
    assert page.url == reverse("register:request", args=[asked.public_id])
    assert (asked.name, asked.kind, asked.person, asked.received_on) == ("Jan Łąka", "erasure", person, clock.today())
    client.post(reverse("register:request-handle", args=[asked.public_id]))
    address = reverse("register:request-answer", args=[asked.public_id])
    offered = client.get(address).context["form"]
    assert offered["text"].value() and offered["mail"].value() is True
    preview = client.post(address, {"text": "Usunęliśmy.", "mail": "on", "preview": "1"})
    subject, body = preview.context["preview"]
    assert asked.number in subject and "Usunęliśmy." in body
    assert OutboxMessage.objects.count() == 0
    client.post(address, {"text": "Usunęliśmy.", "mail": "on"})
    asked.refresh_from_db()
    letter = OutboxMessage.objects.get()
    assert (asked.state, asked.answer, letter.to) == ("answered", "Usunęliśmy.", person.email)
    assert (letter.subject, letter.body.strip()) == (subject, body)


def test_without_an_address_there_is_nothing_to_mail(client, signed):
    asked = requests.handle(received(signed), by=signed)
    address = reverse("register:request-refuse", args=[asked.public_id])
    assert "mail" not in client.get(address).context["form"].fields
    client.post(address, {"text": "Nie, bo…", "mail": "on"})
    assert (DataRequest.objects.get().state, OutboxMessage.objects.count()) == ("refused", 0)


def test_errors_stand_at_their_fields(client, signed):
    page = client.post(reverse("register:request-new"), {**TYPED, "kind": "", "received_on": "1.1.2099"})
    assert set(page.context["form"].errors) == {"kind"}
    page = client.post(reverse("register:request-new"), {**TYPED, "received_on": "1.1.2099"})
    assert set(page.context["form"].errors) == {"received_on"}
    asked = received(signed)
    address = reverse("register:request-extend", args=[asked.public_id])
    page = client.post(address, {"due_on": f"{asked.due_on:%d.%m.%Y}", "reason": "Dużo danych."})
    assert set(page.context["form"].errors) == {"due_on"}


def test_the_person_is_found_in_the_register(client, signed):
    asked, person = received(signed, name="Zofia Wrzos"), base.person(first_name="Zofia", last_name="Wrzos")
    address = reverse("register:request-person", args=[asked.public_id])
    assert client.get(address).context["people"] == [person]
    client.post(address, {"person": person.public_id})
    asked.refresh_from_db()
    assert asked.person == person
    assert client.post(address, {"person": "x"}).status_code == 404


def test_a_second_click_is_told_what_happened(client, signed):
    asked = received(signed)
    address = reverse("register:request-handle", args=[asked.public_id])
    client.post(address)
    page = client.post(address, follow=True)
    assert [m.level_tag for m in page.context["messages"]] == ["success", "warning"]


def test_the_list_stands_by_due_date_with_the_late_first(client, signed):
    with on(DAY):
        for days in (2, 40, 25):
            received(signed, on_day=DAY - datetime.timedelta(days=days))
        client.force_login(signed)
        page = client.get(reverse("register:requests"))
        rows = page.context["page"].rows
        assert [(row.days, row.urgency) for row in rows] == [(-9, "bad"), (5, "wait"), (29, "quiet")]
        home = client.get(reverse("staff:home")).context
        counts = [i["count"] for g in home["site"]["menu"] for i in g["items"] if i["url"] == page.request["PATH_INFO"]]
        assert counts == [3]


def test_filters(client, signed):
    open_one = received(signed)
    closed = in_state(RequestState.ANSWERED, signed)

    def listed(**query):
        return set(client.get(reverse("register:requests"), query).context["page"].rows)

    assert (listed(), listed(state="answered"), listed(state="all", kind="erasure")) == ({open_one}, {closed}, set())
    assert listed(state="all") == {open_one, closed}


def test_the_list_asks_as_much_for_three_as_for_one(client, signed):
    counts = []
    for times in (1, 2):
        for _row in range(times):
            requests.handle(received(signed), by=officer())
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("register:requests"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
