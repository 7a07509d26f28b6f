"""Contracts, rates, costs planned and paid, the workload of a month and its warnings."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import trainings as make
from trainings import costs, events, people, sessions, workload
from trainings.models import Cost, RoomRate, TrainerContract

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER)


@pytest.fixture
def payer(keeper):
    return base.user(Role.ACCOUNTANT, unit_=keeper.unit)


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


def led(keeper, *, days=14, trainer=None, room=None, state="enrolment"):
    """An event with a trainer under contract in a room with a rate: one session of six hours."""
    trainer = trainer or make.contract(by=keeper).trainer
    room = room or make.room_rate(by=keeper).room
    event = make.event("published", by=keeper, days=days, sessions=0)
    sessions.add(event, by=keeper, starts_at=make.at(days, 9), ends_at=make.at(days, 15), room=room, trainers=[trainer])
    return event


def lines(event):
    return [(row.kind, row.planned, row.paid) for row in event.costs.order_by("kind", "pk")]


# Contracts and rates


def test_contracts_are_noted_on_the_page_of_the_trainer(office, keeper):
    trainer = make.trainer(keeper.unit)
    page = url("contract-new", trainer.pk)
    typed = {"number": "UZ/1/2026", "rate": "1 120,50", "hour_minutes": "45", "valid_from": "1.01.2026"}
    assert office.get(page).status_code == 200
    assert office.post(page, typed | {"last_day": "31.12.2025"}).status_code == 200
    assert office.post(page, typed | {"last_day": "31.12.2026", "hours_limit": "40"}).status_code == 302
    made = TrainerContract.objects.get()
    assert (made.rate, made.hour_minutes, made.hours_limit) == (Decimal("1120.50"), 45, 40)
    assert (made.valid_from, made.valid_to) == (D(2026, 1, 1), D(2027, 1, 1))
    # one contract at a time; the next one begins when it has ended
    again = typed | {"number": "UZ/2/2026"}
    assert office.post(page, again | {"valid_from": "31.12.2026"}).status_code == 200
    assert office.post(page, again | {"valid_from": "1.01.2027"}).status_code == 302
    assert office.post(page, typed | {"valid_from": "1.01.2020", "last_day": "2.01.2020"}).status_code == 200
    change = url("contract-edit", trainer.pk, made.pk)
    assert office.get(change).context["form"].initial["last_day"] == D(2026, 12, 31)
    assert office.post(change, typed | {"rate": "100", "last_day": "31.12.2026"}).status_code == 302
    made.refresh_from_db()
    assert made.rate == Decimal(100)
    assert len(office.get(url("trainer", trainer.pk)).context["contracts"]) == 2


def test_a_trainer_s_contract_is_kept_by_their_own_unit(keeper):
    other = base.user(Role.COORDINATOR, unit_=base.unit("partner", "obcy"))
    with pytest.raises(PermissionDenied):
        make.contract(make.trainer(keeper.unit), by=other)


def test_rates_of_a_room_follow_one_another(office, keeper):
    room = make.room()
    page = url("room-rate-new", room.venue_id, room.pk)
    assert office.post(page, {"rate": "50", "unit": "hour", "valid_from": "1.01.2026"}).status_code == 302
    assert office.post(page, {"rate": "60", "unit": "day", "valid_from": "1.02.2026"}).status_code == 200
    rate = RoomRate.objects.get()
    change = url("room-rate-edit", room.venue_id, room.pk, rate.pk)
    typed = {"rate": "50", "unit": "hour", "valid_from": "1.01.2026", "last_day": "31.01.2026"}
    assert office.post(change, typed).status_code == 302
    assert office.post(page, {"rate": "60", "unit": "day", "valid_from": "1.02.2026"}).status_code == 302
    assert office.get(url("venues")).status_code == 200


# Reckoning


def test_sessions_are_reckoned_by_contract_and_rate_each_once(office, keeper):
    event = led(keeper)
    for _n in range(2):
        assert office.post(url("cost-reckon", event.public_id)).status_code == 302
    assert lines(event) == [("room", Decimal("300.00"), None), ("trainer", Decimal("720.00"), None)]
    assert costs.totals(event) == {"planned": Decimal(1020), "paid": Decimal(0)}


def test_reckoning_again_follows_the_sessions_and_leaves_what_is_paid(keeper, payer):
    event = led(keeper)
    costs.reckon(event, by=keeper)
    paid = event.costs.get(kind="room")
    costs.pay(paid, by=payer, paid=Decimal(300), paid_on=clock.today(), document="FV/1")
    session = event.sessions.get()
    trainers = [teaching.trainer for teaching in session.teachings.all()]
    hours = {"starts_at": session.starts_at, "ends_at": session.ends_at + datetime.timedelta(hours=2)}
    sessions.change(session, by=keeper, room=session.room, trainers=trainers, **hours)
    assert costs.reckon(event, by=keeper)[0] == 1
    assert lines(event) == [("room", Decimal(300), Decimal(300)), ("trainer", Decimal("960.00"), None)]
    sessions.change(session, by=keeper, room=session.room, **hours)
    costs.reckon(event, by=keeper)
    assert lines(event) == [("room", Decimal(300), Decimal(300))]


def test_a_line_is_rounded_once_half_a_grosz_up(keeper):
    contract = make.contract(by=keeper, rate=Decimal("100.01"), hour_minutes=60)
    event = make.event("published", by=keeper, days=10, sessions=0)
    for hour in (9, 11):
        begins = make.at(10, hour)
        ends = begins + datetime.timedelta(minutes=45)
        sessions.add(event, by=keeper, starts_at=begins, ends_at=ends, trainers=[contract.trainer])
    # 90 minutes: 150.015, and not twice 75.01
    (line,), missing = costs.reckoned(event)
    assert (line.planned, missing) == (Decimal("150.02"), [])


@settings(max_examples=100, deadline=None)
@given(rate=st.decimals(0, 9999, places=2), minutes=st.integers(1, 6000), hour=st.sampled_from([45, 60]))
def test_rounding_is_never_off_by_more_than_half_a_grosz(rate, minutes, hour):
    exact = rate * minutes / hour
    assert abs(costs._round(exact) - exact) <= Decimal("0.005")


def test_a_room_for_a_day_costs_once_a_day(keeper):
    room = make.room_rate(by=keeper, unit="day", rate=Decimal(250)).room
    event = make.event("published", by=keeper, days=10, sessions=0, ends_on=clock.today() + datetime.timedelta(days=11))
    for days, hour in ((10, 9), (10, 13), (11, 9)):
        starts = make.at(days, hour)
        sessions.add(event, by=keeper, starts_at=starts, ends_at=starts + datetime.timedelta(hours=3), room=room)
    (line,), _missing = costs.reckoned(event)
    assert line.planned == Decimal(500)


def test_what_is_missing_is_told(keeper):
    trainer = make.trainer(keeper.unit)
    room = make.room_rate(by=keeper, valid_from=D(2020, 1, 1), valid_to=D(2020, 2, 1)).room
    event = led(keeper, trainer=trainer, room=room)
    reckoned, missing = costs.reckoned(event)
    assert reckoned == []
    assert [str(trainer) in missing[0], str(room) in missing[1], len(missing)] == [True, True, 2]
    make.contract(trainer, by=keeper, hours_limit=5)
    _lines, missing = costs.reckoned(event)
    assert len(missing) == 2  # the rate, and the limit of five hours for six
    colleague = people.save_trainer(by=keeper, first_name="Ewa", last_name="Etatowa")
    type(colleague).objects.filter(pk=colleague.pk).update(account=keeper)
    assert costs.reckoned(led(keeper, trainer=colleague, days=30))[1] == []


# Planning and paying


def test_planning_changing_paying_and_removing(office, client, keeper, payer):
    event = led(keeper)
    page = url("cost-new", event.public_id)
    typed = {"kind": "catering", "description": "Obiad", "planned": "1 250,00"}
    assert office.post(page, typed | {"planned": "-1"}).status_code == 200
    assert office.post(page, typed).status_code == 302
    row = Cost.objects.get()
    change = url("cost-edit", event.public_id, row.pk)
    assert office.post(change, typed | {"planned": "1300"}).status_code == 302
    pay = url("cost-pay", event.public_id, row.pk)
    assert office.get(pay).status_code == 403
    client.force_login(payer)
    assert client.get(pay).context["form"].initial["paid"] == Decimal(1300)
    today = f"{clock.today():%d.%m.%Y}"
    tomorrow = f"{clock.today() + datetime.timedelta(days=1):%d.%m.%Y}"
    for wrong in (
        {"paid": "1280", "paid_on": today, "document": ""},
        {"paid": "", "paid_on": today, "document": "FV/1"},
        {"paid": "1280", "paid_on": tomorrow, "document": "FV/1"},
    ):
        assert client.post(pay, wrong).status_code == 200
    assert client.post(pay, {"paid": "1280,00", "paid_on": today, "document": "FV/1"}).status_code == 302
    row.refresh_from_db()
    assert (row.planned, row.paid, row.paid_on, row.document) == (1300, 1280, clock.today(), "FV/1")
    with pytest.raises(Refused):
        costs.remove_cost(row, by=keeper)
    taken_back = {"paid": "", "paid_on": "", "document": ""}
    assert client.post(pay, taken_back).status_code == 200
    assert client.post(pay, taken_back | {"reason": "Faktura innego wydarzenia."}).status_code == 302
    said = Cost.pgh_event_model.objects.latest("pgh_id").pgh_context.metadata["reason"]
    assert said == "Faktura innego wydarzenia."
    client.force_login(keeper)
    assert client.post(url("cost-remove", event.public_id, row.pk)).status_code == 302
    assert Cost.objects.count() == 0
    kept = Cost.pgh_event_model.objects.order_by("pgh_id").values_list("paid", flat=True)
    assert list(kept) == [None, None, 1280, None, None]


def test_a_settled_event_is_paid_and_not_planned(keeper, payer):
    event = make.event("running", by=keeper, days=-7)
    row = make.cost(event, by=keeper)
    events.step(event, "settle", by=keeper)
    for refused in (
        lambda: costs.save_cost(event, row, by=keeper, planned=Decimal(1)),
        lambda: costs.reckon(event, by=keeper),
        lambda: costs.remove_cost(row, by=keeper),
    ):
        with pytest.raises(Stale):
            refused()
    costs.pay(row, by=payer, paid=Decimal(180), paid_on=clock.today(), document="FV/2")
    with pytest.raises(PermissionDenied):
        costs.pay(row, by=keeper, paid=Decimal(180), paid_on=clock.today(), document="FV/2")


def test_the_tables_refuse_what_is_no_cost(keeper):
    event = led(keeper)
    contract = TrainerContract.objects.get()
    rate = RoomRate.objects.get()
    known = {"event": event, "kind": "other", "description": "Inne", "planned": 1}
    wrong = (
        {"planned": -1},
        {"description": ""},
        {"kind": "łapówka"},
        {"paid": 1},
        {"paid": 1, "paid_on": clock.today()},
        {"paid": -1, "paid_on": clock.today(), "document": "x"},
        {"document": "x"},
        {"contract": contract, "room_rate": rate},
        {"contract": contract},
        {"room_rate": rate, "kind": "trainer"},
    )
    with author(command="tests"):
        for fields in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Cost.objects.create(**known | fields)
        Cost.objects.create(**known | {"contract": contract, "kind": "trainer"})
        for model, row in (
            (Cost, known | {"contract": contract, "kind": "trainer"}),
            (TrainerContract, {"trainer": contract.trainer, "number": "2", "rate": 1, "valid_from": D(2025, 1, 1)}),
            (RoomRate, {"room": rate.room, "rate": 1, "valid_from": D(2025, 1, 1)}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.create(**row)


# Workload


def test_the_month_counts_what_each_leads_and_each_room_serves(office, keeper):
    day = clock.months_later(clock.today().replace(day=1), 1).replace(day=10)
    days = (day - clock.today()).days
    event = led(keeper, days=days)
    trainer, room = TrainerContract.objects.get().trainer, RoomRate.objects.get().room
    led(keeper, days=days + 1, trainer=trainer, room=room)
    cancelled = led(keeper, days=days + 2, trainer=trainer, room=room)
    events.step(cancelled, "cancel", by=keeper, reason="Choroba.")
    context = office.get(url("workload"), {"miesiac": f"{day:%Y-%m}"}).context
    row = {"sessions": 2, "days": 2, "minutes": 720}
    assert context["trainers"] == [{"who": trainer, "seen": True, "left": None} | row]
    assert context["rooms"] == [{"who": room} | row]
    assert context["warnings"] == []
    empty = office.get(url("workload"), {"miesiac": context["after"]}).context
    assert (empty["trainers"], empty["rooms"]) == ([], [])
    for wrong in ("2026-13", "x", "9999-01"):
        assert office.get(url("workload"), {"miesiac": wrong}).context["first"] == clock.today().replace(day=1)
    assert event.sessions.count() == 1


@pytest.mark.parametrize(("day", "minutes"), [(D(2026, 3, 29), 300), (D(2026, 10, 25), 420)])
def test_the_nights_of_the_changes_of_clocks_count_as_they_last(keeper, day, minutes):
    contract = make.contract(by=keeper)
    midnight = datetime.datetime.combine(day, datetime.time(), clock.WARSAW)
    with clock.at(datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)):
        event = events.create_event(
            by=keeper, unit=keeper.unit, form="training", title="Noc", starts_on=day, ends_on=day
        )
        sessions.add(
            event, by=keeper, starts_at=midnight, ends_at=midnight.replace(hour=6), trainers=[contract.trainer]
        )
    (row,) = workload.month(keeper, day.replace(day=1))["trainers"]
    assert row["minutes"] == minutes
    assert costs.used_minutes([contract]) == {contract: minutes}


def test_warnings_of_a_day(keeper):
    contract = make.contract(by=keeper)
    near, far = make.room(), make.room(seats=2)
    event = make.event("published", by=keeper, days=10, sessions=0, seats=5)
    trainers = [contract.trainer]
    first = sessions.add(
        event, by=keeper, starts_at=make.at(10, 8), ends_at=make.at(10, 12), room=near, trainers=trainers
    )
    assert workload.warnings_of(event) == []
    other = make.event("published", by=keeper, days=10, sessions=0, seats=1)
    second = sessions.add(
        other, by=keeper, starts_at=make.at(10, 12, 30), ends_at=make.at(10, 17), room=far, trainers=trainers
    )
    # more than eight hours, and half an hour to get from one place to the other: told of both events
    assert len(workload.warnings_of(event)) == len(workload.warnings_of(other)) == 2
    assert any(near.venue.name in words and far.venue.name in words for words in workload.warnings_of(event))
    sessions.change(second, by=keeper, starts_at=make.at(10, 13), ends_at=make.at(10, 16), room=far, trainers=trainers)
    assert workload.warnings_of(event) == []
    sessions.change(first, by=keeper, starts_at=first.starts_at, ends_at=first.ends_at, room=far, trainers=trainers)
    assert len(workload.warnings_of(event)) == 1  # five seats in a room of two


def test_saving_a_session_warns_and_does_not_refuse(office, keeper):
    event = make.event("published", by=keeper, days=10, sessions=0)
    trainer = make.trainer(keeper.unit)
    typed = {"first_day": f"{event.starts_on:%d.%m.%Y}", "starts": "8:00", "ends": "17:00", "trainers": [trainer.pk]}
    answer = office.post(url("session-new", event.public_id), typed, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert event.sessions.count() == 1
    assert sum(str(trainer) in words for words in told) == 2  # no contract, more than eight hours


# Pages


@pytest.mark.parametrize("name", ["costs", "workload", "trainer"])
def test_as_many_queries_for_three_as_for_one(office, keeper, name):
    contract, counted = make.contract(by=keeper), []
    event = led(keeper, days=3, trainer=contract.trainer)
    arguments = {"costs": [event.public_id], "workload": [], "trainer": [contract.trainer_id]}[name]
    later = clock.today() + datetime.timedelta(days=3)
    for number in (1, 2):
        for _n in range(number):
            make.cost(event, by=keeper)
            if number == 2:
                led(keeper, days=3, trainer=make.contract(by=keeper).trainer)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(url(name, *arguments), {"miesiac": f"{later:%Y-%m}"}).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
