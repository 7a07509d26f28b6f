"""Attendance through the office: marking on screen and at the door, hours, approval by four eyes, the EU file."""

import datetime
import io
from contextlib import contextmanager

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.cases.models import ServiceType
from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.reporting.models import Support
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import reporting as reporting_factory
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import approvals, attendance, capacity, enrolments, events, own, panels, sessions
from trainings.attendance import Mark
from trainings.models import Approval, Attendance, Enrolment, Event

pytestmark = pytest.mark.django_db
THERE, AWAY = Mark(True), Mark(False)
T = datetime.time


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER, projects=[base.project()])


@pytest.fixture
def boss(keeper):
    return base.user(Role.MANAGER, unit_=keeper.unit, projects=[base.project()])


@pytest.fixture
def held(keeper):
    """A training of two days a week ago, 9:00 to 15:00, in the EU project."""
    kind = ServiceType.objects.get(code="szkolenie-kadr")
    return make.event("running", by=keeper, days=-7, sessions=2, seats=10, project=base.project(), service_type=kind)


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, event, *more):
    return reverse(f"trainings:{name}", args=[event.public_id, *more])


def days(event):
    return list(event.sessions.order_by("starts_at"))


def people(event, keeper, number=1):
    return [make.enrolment(event, by=keeper) for _n in range(number)]


def everybody_was_there(event, by):
    for session in days(event):
        attendance.note_rest(session, by=by)


def marks(event):
    rows = Attendance.objects.filter(enrolment__event=event).order_by("enrolment", "session")
    return [(row.enrolment_id, row.session_id, str(attendance.mark_of(row))) for row in rows]


def typed(*rows):
    """What the form of a session sends: (enrolment, mark shown, "yes" or "no" or "", came, left)."""
    data = {}
    for enrolment, shown, present, arrived, left in rows:
        given_ = {"present": present, "arrived": arrived, "left": left, "was": shown.key()}
        data |= {f"{enrolment.pk}-{name}": value for name, value in given_.items()}
    return data


def in_project(enrolment, keeper, **entry):
    """The person of an enrolment, in the register and in the project."""
    made = reporting_factory.participation("entered", project=base.project(), **entry)
    made.person.units.add(keeper.unit)
    enrolments.link_person(enrolment, by=keeper, person=made.person)
    return made


# Marking on screen


def test_marking_one_session(office, held, keeper):
    first, second, third = people(held, keeper, 3)
    session, _later = days(held)
    answer = office.post(
        url("attendance-session", held, session.pk),
        typed(
            (first, Mark(), "yes", "", ""),
            (second, Mark(), "yes", "09:20", "14:30"),
            (third, Mark(), "no", "", ""),
        ),
    )
    assert answer.status_code == 302
    assert marks(held) == [
        (first.pk, session.pk, str(THERE)),
        (second.pk, session.pk, str(Mark(True, T(9, 20), T(14, 30)))),
        (third.pk, session.pk, str(AWAY)),
    ]
    assert [attendance.minutes_of(one) for one in (first, second, third)] == [360, 310, 0]
    assert attendance.percents(held) == {first.pk: 50, second.pk: 43, third.pk: 0}
    assert {row.noted_by for row in Attendance.objects.all()} == {keeper}
    counted = [(row.there, row.away, row.noted) for row in attendance.sessions_of(held)]
    assert counted == [(2, 1, 3), (0, 0, 0)]


def test_hours_outside_and_the_wrong_way_round_are_refused_by_name(office, held, keeper):
    (one,) = people(held, keeper)
    session = days(held)[0]
    for present, came, left in (("yes", "15:00", ""), ("yes", "", "09:00"), ("yes", "12:00", "11:00")):
        answer = office.post(
            url("attendance-session", held, session.pk), typed((one, Mark(), present, came, left)), follow=True
        )
        assert str(one) in " ".join(str(message) for message in answer.context["messages"])
    for bad in ("25:00", "dziewiąta"):
        answer = office.post(url("attendance-session", held, session.pk), typed((one, Mark(), "yes", bad, "")))
        assert answer.status_code == 200
        assert answer.context["forms"][0].errors
    assert marks(held) == []


def test_before_the_beginning_and_after_the_end_is_the_whole(held, keeper):
    (one,) = people(held, keeper)
    session = days(held)[0]
    assert attendance.note(session, by=keeper, said=[(one, Mark(), Mark(True, T(8, 50), T(15, 10)))]) == []
    assert marks(held) == [(one.pk, session.pk, str(THERE))]


def test_what_was_not_touched_stays_and_what_another_noted_is_not_overwritten(office, held, keeper, boss):
    first, second = people(held, keeper, 2)
    session = days(held)[0]
    attendance.note(session, by=boss, said=[(first, Mark(), AWAY), (second, Mark(), AWAY)])
    # a page shown before that: of the first nothing was touched, of the second something
    sent = typed((first, Mark(), "", "", ""), (second, Mark(), "yes", "", ""))
    answer = office.post(url("attendance-session", held, session.pk), sent, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 2
    assert str(second) in told[0]
    assert str(AWAY) in told[0]
    assert {mark for _one, _session, mark in marks(held)} == {str(AWAY)}


def test_all_the_others_were_there(office, held, keeper):
    first, second, third = people(held, keeper, 3)
    capacity.cancel(third, by=keeper)
    session = days(held)[0]
    attendance.note(session, by=keeper, said=[(first, Mark(), AWAY)])
    for _n in range(2):
        assert office.post(url("attendance-rest", held, session.pk)).status_code == 302
    assert marks(held) == [(first.pk, session.pk, str(AWAY)), (second.pk, session.pk, str(THERE))]


def test_a_session_to_come_and_one_of_another_event(office, held, keeper):
    coming = make.event("enrolment", by=keeper)
    session = days(coming)[0]
    with pytest.raises(Refused):
        attendance.note_rest(session, by=keeper)
    assert office.get(url("attendance-session", held, session.pk)).status_code == 404
    assert office.get(url("attendance-session", held, 10**9)).status_code == 404


def test_the_first_note_says_that_the_event_has_begun(keeper):
    event = make.event("closed", by=keeper, days=0)
    (one,) = people(event, keeper)
    attendance.note(days(event)[0], by=keeper, said=[(one, Mark(), THERE)])
    assert Event.objects.get(pk=event.pk).state == "running"


def test_a_draft_and_a_cancelled_event_take_no_attendance(keeper):
    for state in ("draft", "cancelled"):
        event = make.event(state, by=keeper, days=-3)
        with pytest.raises(Stale):
            attendance.note_rest(days(event)[0], by=keeper)


@pytest.mark.django_db(transaction=True)
def test_two_organisers_note_one_person_at_once(django_db_serialized_rollback):
    keeper = base.user(Role.ADVISER)
    event = make.event("running", by=keeper, days=0)
    (one,) = people(event, keeper)
    with clock.at(make.at(0, 9, 5)):
        at = clock.now()

    def come(_number):
        with clock.at(at):
            return attendance.check_in(Enrolment.objects.select_related("event").get(pk=one.pk), by=keeper)

    results = at_once(8, come)
    assert [type(row).__name__ for row in results] == ["Attendance"] * 8
    assert Attendance.objects.count() == 1


# At the door


def test_the_code_on_the_own_page_leads_to_the_door(client, keeper):
    @contextmanager
    def at_the_door(hour, minute):
        """A session idles after an hour, and the test runs at any: the organiser signs in at the door."""
        with clock.at(make.at(0, hour, minute)):
            client.force_login(keeper)
            yield client

    event = make.event("closed", by=keeper, days=0, seats=5)
    first, second = people(event, keeper, 2)
    door = reverse("trainings:door", args=[own.token(first)])
    assert own.picture(first) != own.picture(second)
    with at_the_door(8, 50) as office:
        page = office.get(door)
        assert str(page.context["mark"]) == str(Mark())
        assert office.post(door, {"comes": "1"}).status_code == 302
        assert office.post(door, {"comes": "1"}).status_code == 302
        page = office.get(door)
        assert (str(page.context["mark"]), page.context["there"], page.context["of"]) == (str(THERE), 1, 2)
    late = reverse("trainings:door", args=[own.token(second)])
    with at_the_door(9, 15) as office:
        office.post(late, {"comes": "1"})
    assert str(attendance.mark_of(Attendance.objects.get(enrolment=second))) == str(THERE)
    Attendance.objects.filter(enrolment=second).update(present=False)
    with at_the_door(9, 16) as office:
        office.post(late, {"comes": "1"})
    with at_the_door(14, 0) as office:
        office.post(late, {"leaves": "1"})
    row = Attendance.objects.get(enrolment=second)
    assert str(attendance.mark_of(row)) == str(Mark(True, T(9, 16), T(14, 0)))
    assert row.how == "code"
    assert attendance.minutes_of(second) == 284


def test_the_door_refuses_in_words(office, keeper):
    event = make.event("closed", by=keeper, days=3, seats=1)
    seated, waiting = people(event, keeper, 2)
    for enrolment in (seated, waiting):
        door = reverse("trainings:door", args=[own.token(enrolment)])
        assert office.get(door).status_code == 200
        assert office.post(door, {"comes": "1"}).status_code == 302
    with clock.at(make.at(3, 9)):
        with pytest.raises(Refused):
            attendance.check_in(waiting, by=keeper)
        with pytest.raises(Refused):
            attendance.check_out(seated, by=keeper)
        attendance.check_in(seated, by=keeper)
    with clock.at(make.at(3, 15)), pytest.raises(Refused):
        attendance.check_out(seated, by=keeper)
    assert Attendance.objects.count() == 1
    assert office.get(reverse("trainings:door", args=["zmyślony"])).status_code == 404


def test_who_keeps_another_unit_notes_nothing(client, held, keeper):
    (one,) = people(held, keeper)
    stranger = base.user(Role.COORDINATOR, unit_=base.unit("partner", "obcy"))
    client.force_login(stranger)
    assert client.post(reverse("trainings:door", args=[own.token(one)]), {"comes": "1"}).status_code == 404
    with pytest.raises(PermissionDenied):
        attendance.note_rest(days(held)[0], by=stranger)
    assert Attendance.objects.count() == 0


def test_the_session_of_now_is_the_one_that_goes_on_or_comes_next(keeper):
    event = make.event("running", by=keeper, days=0)
    later = sessions.add(event, by=keeper, starts_at=make.at(0, 16), ends_at=make.at(0, 18))
    first = days(event)[0]
    for hour, expected in ((7, first), (14, first), (15, later), (17, later), (19, later)):
        with clock.at(make.at(0, hour)):
            assert attendance.session_now(event) == expected
    with clock.at(make.at(1, 9)):
        assert attendance.session_now(event) is None


# Hours


@pytest.mark.parametrize(
    ("day", "minutes"),
    [(datetime.date(2026, 3, 29), 300), (datetime.date(2026, 10, 25), 420)],
)
def test_the_hours_of_the_changes_of_clocks_are_the_real_ones(keeper, day, minutes):
    """From midnight to six by the clock: five hours in March, seven in October."""
    with clock.at(datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)):
        event = events.create_event(
            by=keeper, unit=keeper.unit, form="training", title="Nocne", description="Noc.", starts_on=day, ends_on=day,
            enrols_until=datetime.datetime.combine(day, T(0), clock.WARSAW),
        )  # fmt: skip
        midnight = datetime.datetime.combine(day, T(0), clock.WARSAW)
        session = sessions.add(event, by=keeper, starts_at=midnight, ends_at=midnight.replace(hour=6))
        capacity.set_seats(event, by=keeper, seats={"any": (3, 0)})
        events.step(event, "publish", by=keeper)
        (one,) = people(event, keeper)
    with clock.at(midnight.replace(hour=5)):
        attendance.note(session, by=keeper, said=[(one, Mark(), THERE)])
        assert (attendance.minutes_of(one), attendance.planned_minutes(event)) == (minutes, minutes)
        attendance.note(session, by=keeper, said=[(one, THERE, Mark(True, T(4), None))])
    assert attendance.minutes_of(one) == 120


def test_a_session_past_midnight(keeper):
    event = make.event("running", by=keeper, days=-5, sessions=2)
    night = sessions.add(event, by=keeper, starts_at=make.at(-5, 20), ends_at=make.at(-4, 2))
    (one,) = people(event, keeper)
    attendance.note(night, by=keeper, said=[(one, Mark(), Mark(True, T(21), T(1)))])
    assert attendance.minutes_of(one) == 240


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(came=st.integers(0, 24 * 60 - 1), left=st.integers(0, 24 * 60 - 1))
def test_nobody_spends_more_than_the_session_lasts(held, keeper, came, left):
    with transaction.atomic():
        (one,) = people(held, keeper)
        session = days(held)[0]
        mark = Mark(True, T(*divmod(came, 60)), T(*divmod(left, 60)))
        begins, ends = max(came, 540), min(left, 900)
        try:
            attendance.note(session, by=keeper, said=[(one, Mark(), mark)])
        except Refused:
            assert came >= 900 or left <= 540 or begins >= ends
            assert attendance.minutes_of(one) == 0
        else:
            assert attendance.minutes_of(one) == ends - begins > 0
        transaction.set_rollback(True)


# What stays once somebody was there


def test_who_was_there_stays_and_so_do_the_hours(held, keeper):
    (one,) = people(held, keeper)
    session = days(held)[0]
    attendance.note(session, by=keeper, said=[(one, Mark(), THERE)])
    with pytest.raises(Refused):
        capacity.cancel(one, by=keeper)
    with pytest.raises(Refused):
        sessions.remove(session, by=keeper)
    with pytest.raises(Refused):
        sessions.change(session, by=keeper, starts_at=make.at(-7, 10), ends_at=session.ends_at)
    changed = sessions.change(session, by=keeper, starts_at=session.starts_at, ends_at=session.ends_at, topic="Statut")
    assert changed.topic == "Statut"
    with pytest.raises(Refused):
        events.step(held, "cancel", by=keeper, reason="Powódź.")


def test_nobody_is_told_of_what_is_set_down_after_the_last_day(held, keeper):
    (one,) = people(held, keeper)
    letters = one.notices.count()
    sessions.add(held, by=keeper, starts_at=make.at(-6, 16), ends_at=make.at(-6, 18))
    assert one.notices.count() == letters


# Approval, and the EU file


def test_approving_counts_hours_once_in_the_project_and_in_the_case(client, held, keeper, boss):
    first, second, third = people(held, keeper, 3)
    entered = in_project(first, keeper)
    session, other = days(held)
    attendance.note(session, by=keeper, said=[(first, Mark(), AWAY), (third, Mark(), AWAY)])
    attendance.note(other, by=keeper, said=[(first, Mark(), Mark(True, T(10), None)), (third, Mark(), AWAY)])
    everybody_was_there(held, keeper)
    client.force_login(boss)
    for _n in range(2):
        assert client.post(url("attendance-approve", held)).status_code == 302
    approved = list(Approval.objects.order_by("enrolment").values_list("enrolment", "minutes", "starts_on"))
    day = clock.local(other.starts_at).date()
    assert approved == [
        (first.pk, 300, day),
        (second.pk, 720, clock.local(session.starts_at).date()),
        (third.pk, 0, None),
    ]
    support = Support.objects.get()
    kind = held.service_type
    assert (support.participation, support.starts_on, support.minutes) == (entered, day, 300)
    assert (support.scope, support.kind, support.detail) == (
        kind.support_scope,
        kind.support_kind,
        kind.support_kind_detail,
    )
    assert support.source_id == Approval.objects.get(enrolment=first).pk
    panel = panels.of_person(boss, entered.person)
    assert ([row.minutes for row in panel["enrolments"]], panel["total"]) == ([300], 300)


def test_approval_waits_until_everything_is_noted_and_over(client, keeper, boss):
    event = make.event("running", by=keeper, days=0)
    people(event, keeper)
    with clock.at(make.at(0, 14)):
        attendance.note_rest(days(event)[0], by=keeper)
        with pytest.raises(Refused):
            approvals.approve(event, by=boss)
    with clock.at(make.at(1, 9)):
        people(event, keeper)
        with pytest.raises(Refused):
            approvals.approve(event, by=boss)
        attendance.note_rest(days(event)[0], by=keeper)
        assert approvals.approve(event, by=boss)[0] == 2
        with pytest.raises(Stale):
            approvals.approve(event, by=boss)


def test_an_event_without_sessions_has_no_hours_to_approve(keeper, boss):
    event = make.event("running", by=keeper, days=-3, sessions=0)
    people(event, keeper)
    with pytest.raises(Refused):
        approvals.approve(event, by=boss)


def test_somebody_else_approves_than_noted(held, keeper, boss):
    (one,) = people(held, keeper)
    everybody_was_there(held, boss)
    with pytest.raises(Refused):
        approvals.approve(held, by=boss)
    with pytest.raises(PermissionDenied):
        approvals.approve(held, by=keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(enrolment=one, minutes=0, approved_on=clock.today(), approved_by=boss)
    assert Approval.objects.count() == 0


def test_approved_attendance_changes_by_a_correction_only(client, held, keeper, boss):
    (one,) = people(held, keeper)
    in_project(one, keeper)
    everybody_was_there(held, keeper)
    approvals.approve(held, by=boss)
    session = days(held)[0]
    assert attendance.note(session, by=keeper, said=[(one, THERE, AWAY)]) == [(one, THERE)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(enrolment=one).update(present=False)
    with pytest.raises(Refused):
        enrolments.unlink(one, by=keeper, what="person")
    client.force_login(boss)
    page = url("attendance-correct", held, one.public_id)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 200
    assert client.post(page, {"reason": "Pomyłka na liście."}).status_code == 302
    first = Approval.objects.get()
    assert (first.withdrawn_on, first.withdrawn_by, first.reason) == (clock.today(), boss, "Pomyłka na liście.")
    assert Support.objects.get().withdrawn_on == clock.today()
    with pytest.raises(Stale):
        approvals.correct(one, by=boss, reason="Jeszcze raz.")
    attendance.note(session, by=keeper, said=[(one, THERE, AWAY)])
    approvals.approve(held, by=boss)
    assert list(Approval.objects.order_by("pk").values_list("minutes", flat=True)) == [720, 360]
    supports = Support.objects.order_by("pk").values_list("minutes", "starts_on", "withdrawn_on")
    days_of = [clock.local(one.starts_at).date() for one in days(held)]
    assert list(supports) == [(720, days_of[0], clock.today()), (360, days_of[1], None)]
    told = approvals.timeline(one)
    assert [line["who"] for line in told] == [boss, boss, boss]
    assert "Pomyłka na liście." in told[1]["text"]


def test_who_enters_the_project_later_gets_the_support_then(client, held, keeper, boss):
    first, second = people(held, keeper, 2)
    everybody_was_there(held, keeper)
    _number, missing = approvals.approve(held, by=boss)
    assert [enrolment.pk for enrolment, _why in missing] == [first.pk, second.pk]
    assert Support.objects.count() == 0
    in_project(first, keeper)
    client.force_login(boss)
    for _n in range(2):
        assert client.post(url("attendance-record", held)).status_code == 302
    assert list(Support.objects.values_list("minutes", "participation__person")) == [
        (720, Enrolment.objects.get(pk=first.pk).person_id)
    ]
    assert [row.enrolment_id for row in approvals.without_support(held)] == [second.pk]


def test_why_no_support_is_recorded(keeper, boss):
    kind = ServiceType.objects.get(code="szkolenie-kadr")
    for fields in ({}, {"project": base.project()}, {"project": base.project(), "service_type": kind}):
        event = make.event("running", by=keeper, days=-7, **fields)
        people(event, keeper)
        everybody_was_there(event, keeper)
        ((_one, why),) = approvals.approve(event, by=boss)[1]
        assert why
    (outsider,) = people(make.event("running", by=keeper, days=-6, **fields), keeper)
    person = base.person(units=[keeper.unit])
    enrolments.link_person(outsider, by=keeper, person=person)
    everybody_was_there(outsider.event, keeper)
    assert approvals.approve(outsider.event, by=boss)[1] == [(outsider, _("not in the project"))]
    assert Support.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_approve_at_once_and_the_hours_stand_once():
    keeper = base.user(Role.ADVISER, projects=[base.project()])
    boss = base.user(Role.MANAGER, unit_=keeper.unit, projects=[base.project()])
    kind = ServiceType.objects.get(code="szkolenie-kadr")
    event = make.event("running", by=keeper, days=-7, project=base.project(), service_type=kind)
    (one,) = people(event, keeper)
    in_project(one, keeper)
    everybody_was_there(event, keeper)
    results = at_once(6, lambda _n: approvals.approve(event, by=boss))
    assert sorted(type(row).__name__ for row in results) == ["Stale"] * 5 + ["tuple"]
    assert (Approval.objects.count(), Support.objects.count()) == (1, 1)


# Tables


def test_the_tables_refuse_what_cannot_have_been(held, keeper, boss):
    one, other = people(held, keeper, 2)
    session, later = days(held)
    stranger = make.event("running", by=keeper, days=-20)
    foreign = days(stranger)[0]
    capacity.cancel(other, by=keeper)
    known = {"how": "screen", "noted_by": keeper, "noted_at": clock.now()}
    hour = datetime.timedelta(hours=1)
    wrong = (
        {"enrolment": one, "session": foreign, "present": True},
        {"enrolment": other, "session": session, "present": True},
        {"enrolment": one, "session": session, "present": False, "arrived_at": session.starts_at + hour},
        {"enrolment": one, "session": session, "present": True, "arrived_at": session.starts_at - hour},
        {"enrolment": one, "session": session, "present": True, "left_at": session.ends_at + hour},
        {"enrolment": one, "session": session, "present": True, "arrived_at": session.starts_at + hour,
         "left_at": session.starts_at + hour},
        {"enrolment": one, "session": session, "present": True, "how": "telepatia"},
    )  # fmt: skip
    with author(command="tests"):
        for fields in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Attendance.objects.create(**known | fields)
        row = Attendance.objects.create(enrolment=one, session=session, present=True, **known)
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.create(enrolment=one, session=session, present=True, **known)
        for write in (
            row.delete,
            lambda: Attendance.objects.update(session=later),
            lambda: Enrolment.objects.filter(pk=one.pk).update(state="cancelled"),
            lambda: type(session).objects.filter(pk=session.pk).update(active=False),
        ):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                write()
        approval = {"enrolment": one, "approved_on": clock.today(), "approved_by": boss}
        for fields in ({"minutes": 5}, {"minutes": 0, "starts_on": clock.today()}, {"minutes": 0, "reason": "x"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Approval.objects.create(**approval | fields)
        made = Approval.objects.create(minutes=0, **approval)
        for write in (
            made.delete,
            lambda: Approval.objects.update(minutes=7, starts_on=clock.today()),
            lambda: Approval.objects.create(minutes=0, **approval),
            lambda: Approval.objects.update(withdrawn_on=clock.today()),
        ):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                write()


# Pages


@pytest.mark.parametrize("name", ["attendance", "attendance-session"])
def test_as_many_queries_for_three_people_as_for_one(office, held, keeper, name):
    counted = []
    session = days(held)[0]
    more = [session.pk] if name == "attendance-session" else []
    for _n in range(2):
        people(held, keeper, 1 if not counted else 2)
        attendance.note_rest(session, by=keeper)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert office.get(url(name, held, *more)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_list_to_sign_names_who_has_a_seat_and_the_sessions_of_the_day(office, held, keeper):
    first, second, third = people(held, keeper, 3)
    capacity.cancel(third, by=keeper)
    session = days(held)[0]
    sessions.add(held, by=keeper, starts_at=make.at(-7, 16), ends_at=make.at(-7, 18))
    attendance.note(session, by=keeper, said=[(second, Mark(), AWAY)])
    response = office.get(url("attendance-sheet", held, session.pk))
    assert response["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    text = " ".join(text.split())
    for words in (held.title, str(first), str(second), str(AWAY), "9:00–15:00", "16:00–18:00"):
        assert words in text
    assert str(third) not in text


def test_the_own_page_tells_the_hours(client, held, keeper):
    (one,) = people(held, keeper)
    page = reverse("events:own", args=[own.token(one)])
    assert client.get(page).context["spent"] is None
    everybody_was_there(held, keeper)
    assert client.get(page).context["spent"] == (720, 720)


def test_corrections_stand_in_the_journal(held, keeper, boss):
    (one,) = people(held, keeper)
    session = days(held)[0]
    for by, was, now in ((keeper, Mark(), THERE), (boss, THERE, AWAY)):
        attendance.note(session, by=by, said=[(one, was, now)])
    rows = Attendance.pgh_event_model.objects.order_by("pgh_id")
    assert list(rows.values_list("present", "noted_by")) == [(True, keeper.pk), (False, boss.pk)]
