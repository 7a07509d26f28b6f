"""What is reckoned, paid and settled stays as it is, in words by the services and in SQL by the tables."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import trainings as make
from trainings import costs, events, sessions, workload
from trainings.models import Cost, RoomRate, TrainerContract, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER)


@pytest.fixture
def payer(keeper):
    return base.user(Role.ACCOUNTANT, unit_=keeper.unit)


@pytest.fixture
def row(keeper):
    """An event that runs, with one session a week ago under a contract in a room with a rate."""
    event = make.event("running", by=keeper, days=-7, sessions=0)
    hold(event, keeper, -7, 9, 12, make.contract(by=keeper).trainer, make.room_rate(by=keeper).room)
    costs.reckon(event, by=keeper)
    return event


def hold(event, by, day, first, last, trainer, room=None):
    hours = {"starts_at": make.at(day, first), "ends_at": make.at(day, last)}
    return sessions.add(event, by=by, room=room, trainers=[trainer], **hours)


def paid(cost, payer, **more):
    return costs.pay(cost, by=payer, paid=Decimal(100), paid_on=clock.today(), document="FV/1", **more)


def refuses(write):
    """The table says no."""
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def test_what_costs_are_reckoned_from_stays(keeper, row):
    contract, rate = TrainerContract.objects.get(), RoomRate.objects.get()
    with pytest.raises(Refused) as refusal:
        costs.save_contract(contract.trainer, contract, by=keeper, number="UZ/999")
    assert list(refusal.value.message_dict) == ["number"]
    refuses(lambda: TrainerContract.objects.update(number="UZ/999"))
    refuses(lambda: TrainerContract.objects.update(trainer=make.trainer()))
    refuses(lambda: RoomRate.objects.update(room=make.room()))
    contract.refresh_from_db()
    costs.save_contract(contract.trainer, contract, by=keeper, rate=Decimal(130))
    costs.save_rate(rate.room, rate, by=keeper, rate=Decimal(60))
    costs.reckon(row, by=keeper)
    assert sorted(row.costs.values_list("planned", flat=True)) == [180, 390]


def test_a_reckoned_line_keeps_its_kind(keeper, row):
    line = row.costs.get(kind="room")
    with pytest.raises(Refused):
        costs.save_cost(row, line, by=keeper, kind="other")
    refuses(lambda: Cost.objects.filter(pk=line.pk).update(kind="other"))


def test_what_is_paid_keeps_its_plan(keeper, payer, row):
    line = paid(row.costs.get(kind="room"), payer)
    for refused in (
        lambda: costs.save_cost(row, line, by=keeper, planned=1),
        lambda: costs.remove_cost(line, by=keeper),
    ):
        with pytest.raises(Refused):
            refused()
    refuses(lambda: Cost.objects.filter(pk=line.pk).update(planned=1))
    refuses(lambda: Cost.objects.filter(pk=line.pk).delete())


def test_setting_a_payment_right_needs_a_reason(payer, row):
    line = paid(row.costs.get(kind="room"), payer)
    with pytest.raises(Refused) as refusal:
        paid(line, payer, reason=" ")
    assert list(refusal.value.message_dict) == ["reason"]
    costs.pay(line, by=payer, reason="Korekta faktury.", paid=Decimal(90), paid_on=clock.today(), document="FV/1/K")
    last = Cost.pgh_event_model.objects.latest("pgh_id")
    assert (last.paid, last.pgh_context.metadata["reason"]) == (90, "Korekta faktury.")


def test_a_settled_event_keeps_its_plan(keeper, payer, row):
    line = row.costs.get(kind="room")
    events.step(row, "settle", by=keeper)
    refuses(lambda: Cost.objects.filter(pk=line.pk).update(planned=1))
    refuses(lambda: Cost.objects.filter(pk=line.pk).delete())
    refuses(lambda: Cost.objects.create(event=row, kind="other", description="Inne", planned=1))
    paid(line, payer)
    line.refresh_from_db()
    assert line.paid == 100


def test_a_cancelled_event_costs_what_was_called_off_too_late(keeper, payer):
    event = make.event("published", by=keeper, days=3, sessions=0)
    hold(event, keeper, 3, 9, 12, make.contract(by=keeper).trainer)
    costs.reckon(event, by=keeper)
    events.step(event, "cancel", by=keeper, reason="Choroba.")
    paid(make.cost(event, by=keeper, kind="room", description="Opłata za odwołanie sali"), payer)
    costs.reckon(event, by=keeper)  # nobody leads anything there any more
    assert [(line.kind, line.paid) for line in event.costs.all()] == [("room", 100)]
    assert costs.reckoned(event) == ([], [])


def test_long_names_leave_room_for_the_hours(keeper):
    rate = make.room_rate(by=keeper)
    Venue.objects.filter(pk=rate.room.venue_id).update(name="W" * 200)
    event = make.event("published", by=keeper, days=3, sessions=0)
    sessions.add(event, by=keeper, starts_at=make.at(3, 9), ends_at=make.at(3, 12), room=rate.room)
    costs.reckon(event, by=keeper)
    assert event.costs.get().description.split(": ")[1] == "3\u00a0h"


def test_an_online_session_in_between_takes_nobody_anywhere(keeper):
    trainer = make.contract(by=keeper).trainer
    event = make.event("published", by=keeper, days=3, sessions=0)
    near, far = make.room(), make.room()
    for first, last, room in ((9, 10, near), (10, 10.5, None), (10.5, 12, far)):
        begins, ends = (make.at(3, int(hour), int(hour % 1 * 60)) for hour in (first, last))
        sessions.add(event, by=keeper, starts_at=begins, ends_at=ends, room=room, trainers=[trainer])
    (words,) = workload.warnings_of(event)
    assert near.venue.name in words
    assert far.venue.name in words


def test_the_month_tells_what_a_contract_leaves(client, keeper):
    today = clock.today()
    day = clock.months_later(today.replace(day=1), 1).replace(day=10)
    contract = make.contract(by=keeper, hour_minutes=45, hours_limit=4)
    event = make.event(
        "published", by=keeper, days=(day - today).days, sessions=0, ends_on=day + datetime.timedelta(days=1)
    )
    hold(event, keeper, (day - today).days, 9, 11, contract.trainer)
    client.force_login(keeper)
    address = reverse("trainings:workload")
    context = client.get(address, {"miesiac": f"{day:%Y-%m}"}).context
    assert ([row["left"] for row in context["trainers"]], context["warnings"]) == ([60], [])
    hold(event, keeper, (day - today).days + 1, 9, 11, contract.trainer)
    context = client.get(address, {"miesiac": f"{day:%Y-%m}"}).context
    assert ([row["left"] for row in context["trainers"]], len(context["warnings"])) == ([-60], 1)
    assert workload.warnings_of(event) == context["warnings"]


@pytest.mark.parametrize("name", ["costs", "workload"])
def test_as_many_queries_for_three_contracts_with_limits_as_for_one(client, keeper, name):
    client.force_login(keeper)
    event = make.event("published", by=keeper, days=3, sessions=0)
    address = reverse(f"trainings:{name}", args=[event.public_id] if name == "costs" else [])
    counted = []
    for hour in (8, 10, 12):
        trainer = make.contract(by=keeper, hours_limit=1).trainer
        hold(event, keeper, 3, hour, hour + 2, trainer, make.room_rate(by=keeper).room)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"miesiac": f"{event.starts_on:%Y-%m}"})
        counted.append(len(queries))
    assert counted[0] == counted[2]
