"""Calls: when applications are taken, to the second; places on the main and reserve list; the staff's pages."""

import datetime
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.cases.models import Case
from centrum.intake import calls, queries, services
from centrum.intake.models import Application, Call
from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.models import NumberSeries, OutboxMessage
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make
from tests.threads import at_once

WARSAW = ZoneInfo("Europe/Warsaw")
SECOND = datetime.timedelta(seconds=1)
TICK = datetime.timedelta(microseconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def make_call(kind=PERSON, *, opens=-1, closes=30, **data):
    """A call of `kind` from and to so many days from now."""
    now = clock.now().replace(microsecond=0)
    return Call.objects.create(
        kind=kind.code,
        name="Nabór zimowy",
        opens_at=now + datetime.timedelta(days=opens),
        closes_at=now + datetime.timedelta(days=closes),
        **data,
    )


def send(draft):
    return services.submit(draft, clauses=queries.current_clauses(), language="pl")


def verified(*, by):
    return make.checked(make.taken(by=by), by=by)


def accept(application, by):
    choices = {match.name: None for match in PERSON.matching}
    return services.accept(application, by=by, project=base.project(), unit=by.unit, adviser=by, **choices)


# When applications are taken


def test_kind_without_calls_takes_applications_always(client):
    assert calls.standing(PERSON) == calls.Standing(True)
    assert make.submitted().call is None


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)], ids=["coming", "closed"])
def test_kind_with_calls_takes_none_between_them(client, opens, closes):
    call = make_call(opens=opens, closes=closes)
    standing = calls.standing(PERSON)
    assert (standing.takes, standing.coming or standing.closed) == (False, call)
    path = reverse("intake:kind", args=[PERSON.path])
    page = client.get(path)
    assert (page.context["standing"], 'name="key"' in page.content.decode()) == (standing, False)
    assert client.post(path, {"key": str(uuid.uuid4())}).url == path
    assert Application.objects.count() == 0
    # of the other kind nothing is said
    assert calls.standing(ORGANISATION).takes


def test_draft_belongs_to_the_open_call_and_is_sent_in_it(client):
    call = make_call()
    assert calls.standing(PERSON).open == call
    assert calls.standing(ORGANISATION).open is None
    for path in ("/wnioski/", reverse("intake:kind", args=[PERSON.path])):
        assert str(clock.local(call.closes_at).year) in client.get(path).content.decode()
    application = make.submitted()
    assert (application.call, application.state) == (call, "submitted")


def test_draft_from_before_the_first_call_is_sent_in_the_open_one():
    draft = make.draft()
    coming = make_call(opens=1, closes=2)
    with pytest.raises(Refused):
        send(draft)
    with clock.at(coming.opens_at):
        assert send(draft).call == coming


@pytest.mark.parametrize(
    ("offset", "sent"), [(-SECOND, True), (-TICK, True), (0 * TICK, False), (TICK, False)], ids=str
)
def test_call_closes_at_its_very_instant(offset, sent):
    call = make_call()
    draft = make.draft()
    with clock.at(call.closes_at + offset):
        if sent:
            assert send(draft).submitted_at == call.closes_at + offset
        else:
            with pytest.raises(Refused):
                send(draft)
    draft = Application.objects.get(pk=draft.pk)
    assert (draft.state, draft.number is not None) == (("submitted", True) if sent else ("draft", False))


@pytest.mark.parametrize(("offset", "takes"), [(-TICK, False), (0 * TICK, True)], ids=str)
def test_call_opens_at_its_very_instant(offset, takes):
    call = make_call(opens=1, closes=2)
    with clock.at(call.opens_at + offset):
        assert calls.standing(PERSON).takes is takes


def test_late_draft_stays_and_can_be_read(client):
    call = make_call()
    home = client.post(reverse("intake:kind", args=[PERSON.path]), {"key": str(uuid.uuid4())}).url
    for slug, typed in make.person_pages().items():
        client.post(f"{home}{slug}/", typed)
    shown = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    with clock.at(call.closes_at):
        response = client.post(f"{home}wyslij/", {"clauses": shown, "read": "on"}, follow=True)
        assert response.redirect_chain[0][0] == f"{home}wyslij/"
        page = client.get(f"{home}sprawdz/")
        assert "Łucja" in page.content.decode() and page.context["closed"]
        assert client.get(home).status_code == 200
    assert Application.objects.get().state == "draft"
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_call_closes_while_two_send():
    """One stamps its sending a microsecond before the end, the other at the end: the first is in, the second is not."""
    call = make_call()
    drafts = [make.draft(), make.draft()]

    def act(number):
        with clock.at(call.closes_at - (0 if number else 1) * TICK):
            return send(drafts[number])

    sent, refused = at_once(2, act)
    assert (sent.state, type(refused)) == ("submitted", Refused)
    assert sorted(Application.objects.values_list("state", flat=True)) == ["draft", "submitted"]
    assert NumberSeries.objects.get(series="WS").last == 1


@pytest.mark.django_db(transaction=True)
def test_call_that_closes_while_the_sender_waits_for_a_number(time_machine):
    """The clock that counts is read after every wait: a sender who held on too long is late, and leaves no trace."""
    call = make_call()
    first, second = make.draft(), make.draft()
    with author(command="tests"):
        send(first)  # makes the row of the series
    time_machine.move_to(call.closes_at - SECOND, tick=False)
    results = []

    def act():
        try:
            with author(command="tests"):
                results.append(send(second))
        except Refused as error:
            results.append(error)
        finally:
            connection.close()

    sender = threading.Thread(target=act)
    with transaction.atomic():
        NumberSeries.objects.select_for_update().get(series="WS")
        sender.start()
        _until_somebody_waits_for_a_lock()
        time_machine.move_to(call.closes_at, tick=False)
    sender.join(timeout=30)
    assert [type(result) for result in results] == [Refused]
    assert Application.objects.get(pk=second.pk).state == "draft"
    assert NumberSeries.objects.get(series="WS").last == 1


def _until_somebody_waits_for_a_lock():
    for _try in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction would go on seeing what it saw first
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


# Places


def test_full_call_accepts_nobody_and_offers_the_reserve_list(office, boss):
    call = make_call(places=1, reserve_places=1)
    first, second, third = (verified(by=boss) for _n in range(3))
    accept(first, boss)
    call.refresh_from_db()
    assert (call.taken, call.free) == (1, 0)
    cases = Case.objects.count()
    with pytest.raises(Refused):
        accept(second, boss)
    second.refresh_from_db()
    assert (second.state, Case.objects.count()) == ("verification", cases)
    page = office.get(reverse("inbox:accept", args=[second.public_id])).content.decode()
    assert reverse("inbox:reserve", args=[second.public_id]) in page
    services.reserve(second, by=boss, reason="Brak miejsc.")
    with pytest.raises(Refused):
        services.reserve(third, by=boss, reason="Brak miejsc.")
    third.refresh_from_db()
    assert third.state == "verification"


def test_withdrawn_from_the_reserve_list_frees_its_place(office, boss):
    call = make_call(places=1, reserve_places=1)
    first, second = (services.reserve(verified(by=boss), by=boss, reason="x") if n else None for n in (1, 0))
    assert second is None
    shown = lambda: office.get(reverse("calls:call", args=[call.public_id])).context  # noqa: E731
    assert (shown()["reserve"], shown()["reserve_free"]) == ([first], 0)
    services.withdraw(first)
    assert (shown()["reserve"], shown()["reserve_free"]) == ([], 1)


def test_reserve_list_goes_by_the_time_of_coming_to_it(office, boss):
    call = make_call(places=5)
    rows = [verified(by=boss) for _n in range(3)]
    now = clock.now()
    for minutes, number in ((3, 0), (1, 1), (2, 2)):
        with clock.at(now + datetime.timedelta(minutes=minutes)):
            services.reserve(rows[number], by=boss, reason="Brak miejsc.")
    context = office.get(reverse("calls:call", args=[call.public_id])).context
    assert context["reserve"] == [rows[1], rows[2], rows[0]]
    accept(services.take(rows[1], by=boss, assignee=boss), boss)
    context = office.get(reverse("calls:call", args=[call.public_id])).context
    assert (context["main"], context["reserve"]) == ([rows[1]], [rows[2], rows[0]])


@pytest.mark.django_db(transaction=True)
def test_as_many_are_accepted_at_once_as_there_are_places():
    boss = base.user(Role.MANAGER, projects=[base.project()])
    call = make_call(places=3)
    rows = [verified(by=boss) for _n in range(8)]
    results = at_once(8, lambda n: accept(rows[n], boss))
    assert sorted(type(result).__name__ for result in results) == ["Application"] * 3 + ["Refused"] * 5
    call.refresh_from_db()
    assert (call.taken, Application.objects.filter(state="accepted").count(), Case.objects.count()) == (3, 3, 3)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_place_would_be_given_twice():
    """Two who look at the free places without locking the call both see one, and both would take it."""
    call = make_call(places=1)
    both_have_looked = threading.Barrier(2)

    def look_then_take(_number):
        with transaction.atomic():
            row = Call.objects.get(pk=call.pk)
            free = row.free
            both_have_looked.wait(timeout=30)
            row.taken += 1
            row.save(update_fields=["taken"])
            return free

    assert at_once(2, look_then_take) == [1, 1]
    call.refresh_from_db()
    assert call.taken == 1  # two have taken, one is counted


@pytest.mark.django_db(transaction=True)
def test_as_many_are_put_on_the_reserve_list_at_once_as_it_holds():
    boss = base.user(Role.MANAGER, projects=[base.project()])
    make_call(reserve_places=2)
    rows = [verified(by=boss) for _n in range(5)]
    results = at_once(5, lambda n: services.reserve(rows[n], by=boss, reason="Brak miejsc."))
    assert sorted(type(result).__name__ for result in results) == ["Application"] * 2 + ["Refused"] * 3
    assert Application.objects.filter(state="reserve").count() == 2


def test_database_gives_no_place_that_there_is_not():
    call = make_call(places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(taken=2)


# Keeping calls


def typed(**changes):
    day = clock.today()
    return {
        "kind": PERSON.code,
        "name": "Nabór wiosenny",
        "text": "Dla osób z powiatu.",
        "opens_on": (day + datetime.timedelta(days=1)).strftime("%d.%m.%Y"),
        "opens_time": "09:00:00",
        "closes_on": (day + datetime.timedelta(days=30)).strftime("%d.%m.%Y"),
        "closes_time": "11:59:59",
        "places": "10",
        "reserve_places": "",
    } | changes


def test_call_is_announced_to_the_second(office):
    assert office.get(reverse("calls:new")).status_code == 200
    response = office.post(reverse("calls:new"), typed())
    call = Call.objects.get()
    assert response.url == reverse("calls:call", args=[call.public_id])
    closes = clock.local(call.closes_at)
    assert (closes.hour, closes.minute, closes.second, closes.utcoffset()) == (
        11,
        59,
        59,
        closes.replace(tzinfo=WARSAW).utcoffset(),
    )
    assert (call.places, call.reserve_places, call.taken) == (10, None, 0)
    assert office.get(reverse("calls:list")).context["page"].rows == [call]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"opens_on": "31.02.2027"}, "opens_on"),
        ({"opens_time": "25:00"}, "opens_time"),
        ({"closes_time": "12:00:61"}, "closes_time"),
        ({"closes_on": "1.1.2020"}, "closes_on"),
        ({"closes_on": "25.10.2026", "closes_time": "02:30:00"}, "closes_time"),  # the hour comes twice
        ({"closes_on": "28.03.2027", "closes_time": "02:30:00"}, "closes_time"),  # the hour never comes
        ({"places": "0"}, "places"),
        ({"places": "-1"}, "places"),
        ({"places": "9" * 30}, "places"),
        ({"reserve_places": "x"}, "reserve_places"),
    ],
)
def test_bad_calls_are_told_at_their_field(office, changes, field):
    response = office.post(reverse("calls:new"), typed(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Call.objects.count() == 0


def test_two_calls_of_one_kind_are_never_open_at_once(office):
    office.post(reverse("calls:new"), typed())
    response = office.post(reverse("calls:new"), typed(name="Drugi"))
    assert response.status_code == 200 and response.context["form"].non_field_errors()
    assert office.post(reverse("calls:new"), typed(name="Drugi", kind=ORGANISATION.code)).status_code == 302


def _changed(call, **changes):
    names = ("kind", "name", "text", "opens_at", "closes_at", "places", "reserve_places")
    return {name: getattr(call, name) for name in names} | changes


def test_call_with_applications_is_only_ever_extended(boss):
    call = make_call(places=5)
    make.draft()
    day = datetime.timedelta(days=1)
    for name, value in (
        ("opens_at", call.opens_at + day),
        ("closes_at", call.closes_at - SECOND),
        ("kind", ORGANISATION.code),
    ):
        with pytest.raises(Refused) as refused:
            calls.change(call, by=boss, **_changed(call, **{name: value}))
        assert list(refused.value.message_dict) == [name]
    longer = calls.change(call, by=boss, **_changed(call, opens_at=call.opens_at - day, closes_at=call.closes_at + day))
    assert (longer.opens_at, longer.closes_at) == (call.opens_at - day, call.closes_at + day)


def test_call_without_applications_may_be_cut_short(boss):
    call = make_call()
    closes = call.closes_at - datetime.timedelta(days=3)
    assert calls.change(call, by=boss, **_changed(call, closes_at=closes)).closes_at == closes


def test_places_never_go_under_what_is_taken(office, boss):
    call = make_call(places=5, reserve_places=5)
    for _n in range(2):
        accept(verified(by=boss), boss)
    for _n in range(2):
        services.reserve(verified(by=boss), by=boss, reason="Brak miejsc.")
    call.refresh_from_db()
    for name in ("places", "reserve_places"):
        with pytest.raises(Refused) as refused:
            calls.change(call, by=boss, **_changed(call, **{name: 1}))
        assert list(refused.value.message_dict) == [name]
        assert getattr(calls.change(call, by=boss, **_changed(call, **{name: 2})), name) == 2
    path = reverse("calls:change", args=[call.public_id])
    form = office.get(path).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"places": "1", "opens_on": data["opens_on"].strftime("%d.%m.%Y")}
    data |= {"closes_on": data["closes_on"].strftime("%d.%m.%Y")}
    assert list(office.post(path, data).context["form"].errors) == ["places"]
    assert office.post(path, {**data, "places": "7", "name": "Inna nazwa"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_call_is_not_cut_short_while_its_first_application_is_begun():
    boss = base.user(Role.MANAGER)
    call = make_call()
    sooner = clock.now() + datetime.timedelta(minutes=1)

    def act(number):
        if number:
            return make.draft()
        return calls.change(call, by=boss, **_changed(call, closes_at=sooner))

    changed, _draft = at_once(2, act)
    call.refresh_from_db()
    # whoever came first: either the call was cut before anybody had begun, or it stayed as it was promised
    began = Application.objects.get().created_at
    assert began < call.closes_at
    assert isinstance(changed, Refused) == (call.closes_at != sooner)


def test_calls_are_kept_by_those_who_may(boss):
    adviser = base.user(Role.ADVISER)
    with pytest.raises(PermissionDenied):
        calls.create(by=adviser, kind=PERSON.code, name="x", opens_at=clock.now(), closes_at=clock.now() + SECOND)
    call = make_call()
    with pytest.raises(PermissionDenied):
        calls.change(call, by=adviser, **_changed(call))
    client = Client()
    client.force_login(adviser)
    page = client.get(reverse("calls:call", args=[call.public_id]))
    assert (page.status_code, page.context["may_keep"]) == (200, False)
    with pytest.raises(ValidationError):
        calls.create(by=boss, kind=PERSON.code, name="x", opens_at=clock.now(), closes_at=clock.now() - SECOND)


# Pages


def test_lists_show_what_the_reader_sees(boss):
    call = make_call(places=5)
    partner = base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER), projects=[base.project()])
    ours = accept(verified(by=boss), boss)
    theirs = accept(verified(by=partner), partner)
    for user, main, more in ((boss, [ours, theirs], 0), (partner, [theirs], 1)):
        client = Client()
        client.force_login(user)
        context = client.get(reverse("calls:call", args=[call.public_id])).context
        assert (context["main"], context["main_more"]) == (main, more)


def test_protocol_is_a_pdf(office, boss):
    call = make_call(places=5)
    accept(verified(by=boss), boss)
    services.reserve(verified(by=boss), by=boss, reason="Brak miejsc.")
    response = office.get(reverse("calls:protocol", args=[call.public_id]))
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


def test_pages_cost_the_same_with_one_row_and_three(office, boss, django_assert_max_num_queries):
    def queries_of(path):
        with django_assert_max_num_queries(100) as captured:
            assert office.get(path).status_code == 200
        return len(captured)

    call = make_call()
    paths = [reverse("calls:list"), reverse("calls:call", args=[call.public_id]), f"/biuro/wnioski/?call={call.pk}"]
    services.reserve(verified(by=boss), by=boss, reason="Brak miejsc.")
    one = [queries_of(path) for path in paths]
    for closes in (-10, -20):
        make_call(opens=closes - 5, closes=closes)
    for _n in range(2):
        services.reserve(verified(by=boss), by=boss, reason="Brak miejsc.")
    assert [queries_of(path) for path in paths] == one


def test_applications_are_filtered_by_their_call(office, boss):
    before = make.submitted()
    call = make_call()
    within = make.submitted()
    rows = lambda query: office.get(f"/biuro/wnioski/{query}").context["page"].rows  # noqa: E731
    assert rows(f"?call={call.pk}") == [within]
    assert set(rows("?call=nonsense")) == set(rows("")) == {before, within}


def test_wrong_addresses(office):
    for name in ("call", "change", "protocol"):
        assert office.get(reverse(f"calls:{name}", args=[uuid.uuid4()])).status_code == 404
