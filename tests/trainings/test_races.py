"""Many at once for one seat: never one too many, nobody twice, the reserve list in its order. And what would happen
without the lock."""

import datetime
import itertools
import threading

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import capacity
from trainings.enums import HOLDS_SEAT, EnrolmentState, EventState
from trainings.models import Enrolment, NoticeSent, SeatGroup

pytestmark = pytest.mark.django_db
race = pytest.mark.django_db(transaction=True)


def holders(group):
    return group.enrolments.filter(state__in=HOLDS_SEAT).count()


def agree(event):
    """What is counted is what is held, and no more than there is."""
    for group in SeatGroup.objects.filter(event=event):
        assert group.taken == holders(group) <= group.seats


def names(results):
    return sorted(type(one).__name__ for one in results)


@race
def test_fifty_ask_at_once_for_one_last_seat():
    event = make.event(seats=1)
    results = at_once(50, lambda n: make.enrolment(event, last_name=f"Nowak{n}"))
    assert names(results) == ["Enrolment"] * 50
    rows = list(Enrolment.objects.order_by("pk"))
    assert [row.state for row in rows] == ["seated"] + ["reserve"] * 49
    assert [capacity.position(row) for row in rows] == [None, *range(1, 50)]
    assert Enrolment.objects.values("identity").distinct().count() == 50
    assert list(NoticeSent.objects.order_by("pk").values_list("enrolment", "notice")) == [
        (row.pk, "seated" if row.state == "seated" else "reserved") for row in rows
    ]
    assert OutboxMessage.objects.count() == 50
    agree(event)


@race
def test_a_short_reserve_list_takes_no_more_than_it_holds():
    event = make.event(seats=2, reserve_places=3)
    results = at_once(12, lambda n: make.enrolment(event, last_name=f"Nowak{n}"))
    assert names(results) == ["Enrolment"] * 5 + ["Refused"] * 7
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["reserve"] * 3 + ["seated"] * 2


@race
def test_one_person_twenty_times_at_once_is_enrolled_once():
    event = make.event(seats=30)
    spelt = itertools.cycle(["Łucja Źródlak", "LUCJA zrodlak", "łucja ŹRÓDLAK", "Lucja Zrodlak"])
    typed = [next(spelt).split() for _n in range(20)]

    def enrol(n):
        first, last = typed[n]
        return make.enrolment(event, first_name=first, last_name=last, email="Lucja@Example.org")

    results = at_once(20, enrol)
    assert names(results) == ["Enrolment"] + ["Refused"] * 19
    assert (Enrolment.objects.count(), OutboxMessage.objects.count()) == (1, 1)
    agree(event)


@race
def test_without_the_lock_both_would_see_one_seat_and_the_check_alone_stops_the_second():
    """The same work without capacity.lock: both look, both find the seat free, both write."""
    event = make.event(seats=1)
    group = event.groups.get()
    both_have_looked = threading.Barrier(2)
    seen = []

    def look_then_write(n):
        with transaction.atomic():
            seen.append(SeatGroup.objects.get(pk=group.pk).free)
            both_have_looked.wait(timeout=30)
            return Enrolment.objects.create(
                event=event, group=group, state="seated", first_name="Jan", last_name=f"Nowak{n}"
            )

    results = at_once(2, look_then_write)
    assert seen == [1, 1]
    assert names(results) == ["Enrolment", "IntegrityError"]
    (refused,) = [one for one in results if isinstance(one, IntegrityError)]
    assert refused.__cause__.diag.constraint_name == "seatgroup_seats"
    agree(event)


@race
def test_with_the_lock_the_second_sees_what_the_first_took():
    event = make.event(seats=1)
    group = event.groups.get()
    began = threading.Barrier(2)
    seen = []

    def look_then_write(n):
        began.wait(timeout=30)
        with transaction.atomic():
            capacity.lock(event)
            free = SeatGroup.objects.get(pk=group.pk).free
            seen.append(free)
            state = "seated" if free else "reserve"
            return Enrolment.objects.create(
                event=event, group=group, state=state, first_name="Jan", last_name=f"Nowak{n}"
            )

    assert names(at_once(2, look_then_write)) == ["Enrolment", "Enrolment"]
    assert seen == [1, 0]
    agree(event)


@race
def test_cancel_enrol_take_and_lapse_at_once():
    """Whoever comes first: a freed seat goes to the reserve list in its order, and never to somebody new."""
    event = make.event(seats=3)
    seated = [make.enrolment(event) for _n in range(3)]
    waiting = [make.enrolment(event) for _n in range(6)]
    first = capacity.cancel(seated[0])
    offered = Enrolment.objects.get(pk=waiting[0].pk)
    assert (first.state, offered.state) == ("cancelled", "offered")
    Enrolment.objects.filter(pk=offered.pk).update(offered_until=clock.now() - datetime.timedelta(seconds=1))

    def act(n):
        if n < 4:
            return capacity.lapse_offers()
        if n < 6:
            return capacity.cancel(seated[n - 3])
        return make.enrolment(event, last_name=f"Nowy{n}")

    results = at_once(12, act)
    assert sum(results[:4]) == 1
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in seated] == ["cancelled"] * 3
    assert [states[row.pk] for row in waiting] == ["lapsed", "offered", "offered", "offered", "reserve", "reserve"]
    assert [states[row.pk] for row in results[6:]] == ["reserve"] * 6
    agree(event)


@race
def test_one_offer_taken_and_declined_at_once_has_one_end():
    event = make.event(seats=1)
    seated, waiting, next_one = (make.enrolment(event) for _n in range(3))
    capacity.cancel(seated)

    def act(n):
        row = Enrolment.objects.select_related("event").get(pk=waiting.pk)
        return capacity.take_offer(row) if n % 2 else capacity.cancel(row)

    results = at_once(6, act)
    # taken or not before that, it was given back once, and the next was offered it
    assert names(results[::2]) == ["Enrolment", "Stale", "Stale"]
    states = Enrolment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "cancelled", "offered"]
    assert NoticeSent.objects.filter(enrolment=next_one, notice="offered").count() == 1
    agree(event)


@race
def test_fewer_seats_while_somebody_enrols():
    keeper = make.keeper()
    event = make.event(seats=4, by=keeper)
    for _n in range(3):
        make.enrolment(event)

    def act(n):
        if n:
            return make.enrolment(event, last_name=f"Nowak{n}")
        return capacity.set_seats(event, by=keeper, seats={"any": (3, 0)})

    lowered, made = at_once(2, act)
    group = SeatGroup.objects.get()
    if isinstance(lowered, Refused):
        assert (made.state, group.seats, group.taken) == ("seated", 4, 4)
    else:
        assert (made.state, group.seats, group.taken) == ("reserve", 3, 3)
    agree(event)


@race
def test_two_of_the_staff_move_two_people_to_one_last_seat():
    keeper = make.keeper()
    event = make.event(seats={"any": 2, "person": 1}, by=keeper)
    rows = [make.enrolment(event, wanted="any") for _n in range(2)]
    results = at_once(2, lambda n: capacity.change_group(rows[n], by=keeper, kind="person"))
    assert names(results) == ["Enrolment", "Refused"]
    assert sorted(SeatGroup.objects.values_list("kind", "taken")) == [("any", 1), ("person", 1)]
    agree(event)


# Any order of what people and staff do


STEP = st.tuples(st.sampled_from(["enrol", "cancel", "take", "end", "lapse", "seats", "let_in"]), st.integers(0, 9))


def offers_in_order(event, before):
    """Whoever got a seat or an offer in this step was not behind somebody who still waits for the same seats."""
    for row in Enrolment.objects.filter(event=event, state__in=HOLDS_SEAT):
        if before.get(row.pk) in HOLDS_SEAT:
            continue
        assert not Enrolment.objects.filter(group=row.group, state="reserve", pk__lt=row.pk).exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seats=st.integers(1, 3), places=st.none() | st.integers(0, 3), steps=st.lists(STEP, max_size=25))
def test_whatever_people_do_the_seats_add_up_and_the_order_is_kept(seats, places, steps):
    with transaction.atomic():
        keeper = make.keeper()
        event = make.event(seats=seats, by=keeper, reserve_places=places)
        for action, number in steps:
            before = dict(Enrolment.objects.filter(event=event).values_list("pk", "state"))
            _do(action, number, event, keeper)
            agree(event)
            offers_in_order(event, before)
            group = event.groups.get()
            free = SeatGroup.objects.get(pk=group.pk).free
            waiting = group.enrolments.filter(state="reserve").count()
            assert not (free and waiting)  # no seat stays empty while somebody waits
            assert places is None or waiting <= places
        ended = StateChange.objects.filter(noun="trainings.enrolment", target__in=["cancelled", "lapsed"]).count()
        assert ended == Enrolment.objects.filter(state__in=["cancelled", "lapsed"]).count()
        transaction.set_rollback(True)


def _do(action, number, event, keeper):
    rows = list(Enrolment.objects.filter(event=event).select_related("event").order_by("pk"))
    row = rows[number % len(rows)] if rows else None
    try:
        if action == "enrol":
            make.enrolment(event)
        elif action == "seats":
            capacity.set_seats(event, by=keeper, seats={"any": (number + 1, number % 2)})
        elif action == "lapse":
            late = Enrolment.objects.filter(event=event, state="offered").values("pk")[: number % 3]
            Enrolment.objects.filter(pk__in=late).update(offered_until=F("created_at"))
            capacity.lapse_offers()
        elif row is None:
            return
        elif action == "cancel":
            capacity.cancel(row)
        elif action == "take":
            capacity.take_offer(row)
        elif action == "end":
            capacity.end_offer(row, by=keeper)
        else:
            capacity.let_in(row, by=keeper)
    except Refused:
        return  # the state does not allow it, which is the point: nothing may have changed


def test_every_state_of_an_event_says_who_is_still_served():
    """A seat freed once an event runs is offered to nobody by itself: the staff let the first in."""
    keeper = make.keeper()
    event = make.event(seats=1, by=keeper)
    seated, first, second = (make.enrolment(event) for _n in range(3))
    type(event).objects.filter(pk=event.pk).update(state=EventState.RUNNING)
    capacity.cancel(seated, by=keeper, reason="Nie przyszedł.")
    assert list(Enrolment.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "reserve", "reserve"]
    with pytest.raises(Refused):
        capacity.let_in(second, by=keeper)
    assert capacity.let_in(first, by=keeper).state == EnrolmentState.SEATED
    with pytest.raises(Refused):
        capacity.let_in(second, by=keeper)
    agree(event)
