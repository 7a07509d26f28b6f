"""Meetings of partnerships: plan, invitations answered by link, attendance, minutes, decisions; calendars and PDF."""

import datetime
import io
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import UnitKind
from partners import calendars, guests, meetings, merging, services
from partners.enums import MEETING_MOVES, MeetingState
from partners.models import Decision, Invitation, Meeting, Minutes
from tests.factories import base
from tests.factories import partners as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LEGAL = {(str(source), move.action): str(move.target) for move in MEETING_MOVES for source in move.sources}
PAIRS = list(product([str(s) for s in MeetingState], [move.action for move in MEETING_MOVES]))
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def row(keeper):
    return make.partnership(by=keeper, public=True)


@pytest.fixture
def speaker(row, keeper):
    member = make.member(row, by=keeper)
    return make.representative(member, by=keeper, first_name="Żaneta", last_name="Łoś", email="losz@example.org")


def url(name, meeting, *more):
    return reverse(f"partners:{name}", args=[meeting.partnership.public_id, meeting.pk, *more])


def invited(meeting, *speakers, by):
    meetings.invite(meeting, by=by, representatives=speakers)
    return meetings.invitations_of(meeting).first()


def held(row, *, by):
    return meetings.step(make.meeting(row, by=by, days=-1), "hold", by=by)


def refused(service, *args, kind=Refused, **values):
    with pytest.raises(kind) as caught:
        service(*args, **values)
    return list(getattr(caught.value, "error_dict", {"": ""}))


def answer_page(invitation):
    return reverse("partnerships:invitation", args=[meetings.token(invitation)])


# States


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_pair_of_state_and_action(keeper, row, state, action):
    meeting = make.meeting(row, by=keeper, days=-1)
    way = {"planned": [], "held": [("hold", "")], "cancelled": [("cancel", "Mróz.")]}[state]
    for step, reason in way:
        meeting = meetings.step(meeting, step, by=keeper, reason=reason)
    if (state, action) in LEGAL:
        assert meetings.step(meeting, action, by=keeper, reason="Bo tak.").state == LEGAL[state, action]
    else:
        refused(meetings.step, meeting, action, by=keeper, reason="Bo tak.", kind=Stale)


def test_a_meeting_is_not_held_before_it_begins(keeper, row):
    meeting = make.meeting(row, by=keeper)
    assert refused(meetings.step, meeting, "hold", by=keeper) == [""]
    with clock.at(meeting.starts_at):
        assert meetings.step(meeting, "hold", by=keeper).state == "held"


def test_the_database_refuses_wrong_meetings(keeper, row, speaker):
    meeting = held(row, by=keeper)
    wrong = (
        {"ends_at": meeting.starts_at},
        {"title": ""},
        {"place": ""},
        {"kind": "party"},
        {"state": "gone"},
    )
    for change in wrong:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="planned")
    with pytest.raises(InternalError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).delete()
    one = invited(meeting, speaker, by=keeper)
    for change in ({"answer": "maybe", "answered_at": clock.now()}, {"answer": "yes"}, {"answered_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(meeting=meeting, person=speaker.person)
    for number, text in ((0, "a"), (1, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(meeting=meeting, number=number, text=text)
    written = meetings.write_minutes(meeting, by=keeper, text="Przebieg", seen=0)
    with pytest.raises(InternalError), transaction.atomic():
        Minutes.objects.filter(pk=written.pk).update(text="Inny")
    with pytest.raises(InternalError), transaction.atomic():
        Minutes.objects.filter(pk=written.pk).delete()


def test_an_ended_partnership_plans_nothing(keeper):
    ended = make.partnership("ended", by=keeper)
    with pytest.raises(Stale):
        make.meeting(ended, by=keeper)


def test_another_unit_plans_nothing(row):
    with pytest.raises(PermissionDenied):
        make.meeting(row, by=make.keeper(base.unit(UnitKind.PARTNER)))


# Planning by the pages


def typed(**changes):
    day = clock.today() + datetime.timedelta(days=9)
    return {
        "kind": "workshop",
        "title": "Warsztat",
        "first_day": f"{day:%d.%m.%Y}",
        "starts": "09:30",
        "ends": "15:00",
        "last_day": "",
        "place": "Dobiegniew",
        "led_by": "",
        "agenda": "1. Początek",
    } | changes


def test_a_meeting_is_planned_on_the_warsaw_clock(office, row):
    office.post(
        reverse("partners:meeting-new", args=[row.public_id]), typed(first_day="13.01.2011", last_day="14.01.2011")
    )
    meeting = row.meetings.get()
    assert (str(clock.local(meeting.starts_at)), str(clock.local(meeting.ends_at)), meeting.kind) == (
        "2011-01-13 09:30:00+01:00",
        "2011-01-14 15:00:00+01:00",
        "workshop",
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": "09:30"}, "ends"),
        ({"last_day": "1.01.2011"}, "ends"),
        ({"starts": "rano"}, "starts"),
        ({"title": ""}, "title"),
        ({"first_day": "31.02.2027"}, "first_day"),
        ({"last_day": "x"}, "last_day"),
    ],
)
def test_a_wrong_plan_is_told_at_its_field(office, row, change, field):
    page = office.post(reverse("partners:meeting-new", args=[row.public_id]), typed(**change))
    assert (page.status_code, list(page.context["form"].errors), row.meetings.count()) == (200, [field], 0)


def test_the_invited_are_told_of_a_new_place_but_not_of_a_new_agenda(office, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    mute = make.representative(speaker.membership, by=keeper, email="")
    assert meetings.invite(meeting, by=keeper, representatives=[speaker, mute]) == (2, 1)
    OutboxMessage.objects.all().delete()
    meetings.change(meeting, by=keeper, agenda="1. Inne")
    assert OutboxMessage.objects.count() == 0
    meetings.change(meeting, by=keeper, place="Drezdenko")
    letter = OutboxMessage.objects.get()
    assert (letter.to, "Drezdenko" in letter.body) == ("losz@example.org", True)
    meeting.refresh_from_db()
    assert meeting.revision == 1
    meetings.answer(meetings.invitations_of(meeting).get(person=speaker.person), "no")
    meetings.change(meeting, by=keeper, place="Strzelce")
    assert OutboxMessage.objects.count() == 1


def test_the_invited_are_told_when_it_is_called_off(office, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    one = invited(meeting, speaker, by=keeper)
    OutboxMessage.objects.all().delete()
    office.post(url("meeting-move", meeting, "cancel"), {"reason": "Mróz."})
    assert OutboxMessage.objects.get().to == "losz@example.org"
    page = Client().post(answer_page(one), {"answer": "yes"}, follow=True)
    one.refresh_from_db()
    assert (one.answer, page.context["open"], len(page.context["messages"])) == ("", False, 1)


# Invitations


def test_the_letter_opens_an_answer_without_an_account(client, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    one = invited(meeting, speaker, by=keeper)
    path = answer_page(one)
    assert path in OutboxMessage.objects.get().body
    assert client.get(path).status_code == 200
    one.refresh_from_db()
    assert one.answer == ""
    for said in ("yes", "no"):
        assert client.post(path, {"answer": said}).status_code == 302
        one.refresh_from_db()
        assert (one.answer, one.answered_at is not None) == (said, True)
    client.post(path, {"answer": "perhaps"})
    one.refresh_from_db()
    assert one.answer == "no"


def test_a_link_takes_no_answer_after_the_meeting(client, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    one = invited(meeting, speaker, by=keeper)
    with clock.at(meeting.ends_at - HOUR):
        assert meetings.answer(one, "yes").answer == "yes"
    with clock.at(meeting.ends_at):
        page = client.post(answer_page(one), {"answer": "no"}, follow=True)
    one.refresh_from_db()
    assert (one.answer, page.context["open"], len(page.context["messages"])) == ("yes", False, 1)


def test_a_forged_link_or_one_taken_back_opens_nothing(client, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    one = invited(meeting, speaker, by=keeper)
    path = answer_page(one)
    assert client.get(path.replace(path[-6], "x" if path[-6] != "x" else "y")).status_code == 404
    meetings.uninvite(one, by=keeper)
    assert [client.get(path).status_code, client.post(path, {"answer": "yes"}).status_code] == [404, 404]
    with pytest.raises(Stale):
        meetings.answer(one, "yes")


def test_only_speakers_of_the_partnership_are_invited(keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    other = make.partnership(by=keeper)
    stranger = make.representative(make.member(other, by=keeper), by=keeper)
    assert refused(meetings.invite, meeting, by=keeper, representatives=[stranger]) == ["representatives"]
    assert list(meetings.may_be_invited(meeting)) == [speaker]
    invited(meeting, speaker, by=keeper)
    assert list(meetings.may_be_invited(meeting)) == []
    assert refused(meetings.invite, meeting, by=keeper, representatives=[speaker]) == [""]


def test_nobody_is_taken_back_from_a_meeting_that_took_place(keeper, row, speaker):
    meeting = held(row, by=keeper)
    one = invited(meeting, speaker, by=keeper)
    assert (one.sent_at, OutboxMessage.objects.count()) == (None, 0)
    refused(meetings.uninvite, one, by=keeper, kind=Stale)


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_write_one_letter(keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    results = at_once(2, lambda _n: meetings.invite(meeting, by=keeper, representatives=[speaker]))
    assert sorted(type(result).__name__ for result in results) == ["Refused", "tuple"]
    assert (meeting.invitations.count(), OutboxMessage.objects.count()) == (1, 1)


def test_two_people_who_become_one_have_one_invitation(keeper, row, speaker):
    meeting = held(row, by=keeper)
    twin = make.representative(speaker.membership, by=keeper, first_name="Żaneta", last_name="Łoś")
    meetings.invite(meeting, by=keeper, representatives=[speaker, twin])
    there = meeting.invitations.get(person=twin.person)
    meetings.note_attendance(meeting, by=keeper, present={there.pk})
    services.end_representative(twin, by=keeper, valid_to=make.FOUNDED + datetime.timedelta(days=1))
    services.end_representative(speaker, by=keeper, valid_to=clock.today())
    merging.fold(speaker.person, twin.person)
    assert [(one.person, one.attended) for one in meeting.invitations.all()] == [(speaker.person, True)]


# Attendance, minutes, decisions


def test_attendance_is_noted_once_it_took_place(office, keeper, row, speaker):
    other = make.representative(speaker.membership, by=keeper)
    meeting = make.meeting(row, by=keeper)
    meetings.invite(meeting, by=keeper, representatives=[speaker, other])
    one = meeting.invitations.get(person=speaker.person)
    assert refused(meetings.note_attendance, meeting, by=keeper, present={one.pk}) == [""]
    with clock.at(meeting.ends_at):
        meetings.step(meeting, "hold", by=keeper)
    office.post(url("meeting-attendance", meeting), {"present": [one.pk]})
    assert dict(meeting.invitations.values_list("person", "attended")) == {
        speaker.person_id: True,
        other.person_id: False,
    }
    office.post(url("meeting-attendance", meeting), {})
    assert set(meeting.invitations.values_list("attended", flat=True)) == {False}


def test_the_form_proposes_those_who_said_yes(office, keeper, row, speaker):
    other = make.representative(speaker.membership, by=keeper)
    meeting = make.meeting(row, by=keeper)
    meetings.invite(meeting, by=keeper, representatives=[speaker, other])
    one = meeting.invitations.get(person=speaker.person)
    meetings.answer(one, "yes")
    page = office.get(url("meeting-attendance", meeting))
    assert page.context["form"].initial["present"] == [one.pk]


def test_minutes_are_versions_and_nobody_overwrites_another(office, keeper, row):
    meeting = held(row, by=keeper)
    office.post(url("meeting-minutes", meeting), {"text": "Pierwsza", "seen": 0})
    office.post(url("meeting-minutes", meeting), {"text": "Druga", "seen": 1})
    page = office.post(url("meeting-minutes", meeting), {"text": "Trzecia", "seen": 1})
    assert (page.status_code, len(page.context["form"].errors)) == (200, 1)
    assert list(meetings.minutes_of(meeting).values_list("version", "text")) == [(2, "Druga"), (1, "Pierwsza")]


def test_minutes_and_decisions_wait_for_the_meeting(keeper, row):
    meeting = make.meeting(row, by=keeper)
    assert refused(meetings.write_minutes, meeting, by=keeper, text="a", seen=0) == [""]
    assert refused(meetings.save_decision, meeting, by=keeper, number=1, text="a") == [""]


def test_a_decision_is_noted_and_changed(office, keeper, row):
    meeting = held(row, by=keeper)
    office.post(url("meeting-decision-new", meeting), {"number": 1, "text": "Pralnia"})
    decision = meeting.decisions.get()
    assert office.post(url("meeting-decision-new", meeting), {"number": 1, "text": "Inna"}).status_code == 200
    office.post(url("meeting-decision-edit", meeting, decision.pk), {"number": 2, "text": "Kuchnia"})
    assert list(meeting.decisions.values_list("number", "text")) == [(2, "Kuchnia")]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_minutes_at_once_leave_one_version(keeper, row):
    meeting = held(row, by=keeper)
    results = at_once(2, lambda _n: meetings.write_minutes(meeting, by=keeper, text="Przebieg", seen=0))
    assert sorted(type(result).__name__ for result in results) == ["Minutes", "Stale"]
    assert meeting.minutes.count() == 1


# Papers and calendars


def text_of(response):
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages).split())


def test_the_papers_of_a_meeting(office, keeper, row, speaker):
    meeting = held(row, by=keeper)
    assert "Spotkanie" in text_of(office.get(url("meeting-attendance-pdf", meeting)))
    invited(meeting, speaker, by=keeper)
    assert "Żaneta Łoś" in text_of(office.get(url("meeting-attendance-pdf", meeting))).replace("\u00a0", " ")
    meetings.write_minutes(meeting, by=keeper, text="Stare brzmienie", seen=0)
    meetings.write_minutes(meeting, by=keeper, text="Nowe brzmienie", seen=1)
    meetings.save_decision(meeting, by=keeper, number=1, text="Wspólna pralnia")
    words = text_of(office.get(url("meeting-minutes-pdf", meeting)))
    assert ["Nowe brzmienie" in words, "Stare" in words, "Wspólna pralnia" in words] == [True, False, True]


def event_of(response):
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(e["summary"]), e.decoded("dtstart"), str(e["status"]), int(e["sequence"])) for e in found]


def test_a_meeting_in_a_calendar(client, office, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper, title="Spotkanie; żółć, " + "ą" * 60)
    one = invited(meeting, speaker, by=keeper)
    meeting = meetings.change(meeting, by=keeper, place="Drezdenko")
    expected = [(meeting.title, meeting.starts_at, "CONFIRMED", 1)]
    assert event_of(office.get(url("meeting-calendar", meeting))) == expected
    mine = reverse("partnerships:invitation-calendar", args=[meetings.token(one)])
    response = client.get(mine)
    assert event_of(response) == expected
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75
    assert b"Europe/Warsaw" in response.content


def test_a_subscription_follows_the_partnership_and_its_owner(client, keeper, row, speaker):
    meeting = make.meeting(row, by=keeper)
    invited(meeting, speaker, by=keeper)
    path = reverse("partnerships:calendar", args=[calendars.token(row, keeper)])
    assert [event[2] for event in event_of(client.get(path))] == ["CONFIRMED"]
    meetings.step(meeting, "cancel", by=keeper, reason="Mróz.")
    response = client.get(path)
    assert [event[2:] for event in event_of(response)] == [("CANCELLED", 1)]
    assert "Łoś".encode() not in response.content
    assert client.get(path + "x/").status_code == 404
    assert client.get(reverse("partnerships:calendar", args=["none"])).status_code == 404
    keeper.is_active = False
    keeper.save()
    assert client.get(path).status_code == 404


def test_the_timeline_tells_the_unit_of_meetings_and_agreements(client, keeper, row):
    meeting = held(row, by=keeper)
    make.meeting(row, by=keeper)
    signed = make.agreement(row, "signed", by=keeper)
    make.agreement(row, by=keeper)

    def told(user):
        client.force_login(user)
        timeline = client.get(reverse("partners:partnership", args=[row.public_id])).context["timeline"]
        return [day for day, words, _who in timeline if meeting.title in words or signed.number in words]

    assert told(keeper) == [clock.local(meeting.starts_at).date(), signed.signed_on]
    assert told(make.keeper(base.unit(UnitKind.PARTNER))) == []


# The view of a representative from outside


def guest_page(speaker):
    return reverse("partnerships:guest", args=[guests.token(speaker)])


def test_a_representative_sees_the_partnership_by_a_link(client, office, keeper, row, speaker):
    meeting = held(row, by=keeper)
    invited(meeting, speaker, by=keeper)
    meetings.save_decision(meeting, by=keeper, number=1, text="Wspólna pralnia")
    office.post(reverse("partners:representative-link", args=[row.public_id, speaker.pk]))
    path = guest_page(speaker)
    assert path in OutboxMessage.objects.get().body
    client.logout()
    page = client.get(path)
    assert (page.status_code, "Wspólna pralnia" in page.content.decode()) == (200, True)
    assert "Łoś" not in page.content.decode()
    other = make.partnership(by=keeper, name="Inne partnerstwo")
    assert other.name not in page.content.decode()


def test_the_view_closes_with_the_power_and_with_time(client, keeper, row, speaker):
    path = guest_page(speaker)
    assert client.get(path).status_code == 200
    assert client.get(reverse("partnerships:guest", args=["none"])).status_code == 410
    services.end_representative(speaker, by=keeper, valid_to=clock.today())
    assert client.get(path).status_code == 410
    assert refused(guests.send_link, speaker, by=keeper) == [""]


def test_a_link_needs_an_address(office, keeper, row):
    mute = make.representative(make.member(row, by=keeper), by=keeper, email="")
    page = office.post(reverse("partners:representative-link", args=[row.public_id, mute.pk]), follow=True)
    assert (len(page.context["messages"]), OutboxMessage.objects.count()) == (1, 0)


# Who sees what, and how much it asks


def test_another_unit_sees_the_partnership_without_its_meetings(client, keeper, row):
    meeting = make.meeting(row, by=keeper, title="Nasze sprawy")
    client.force_login(make.keeper(base.unit(UnitKind.PARTNER)))
    page = client.get(reverse("partners:partnership", args=[row.public_id]))
    assert (page.status_code, "Nasze sprawy" in page.content.decode()) == (200, False)
    assert client.get(url("meeting", meeting)).status_code == 403


def queries_of(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_queries_do_not_grow(office, client, keeper, row, speaker):
    meeting = held(row, by=keeper)
    pages = [
        url("meeting", meeting),
        reverse("partners:partnership", args=[row.public_id]),
        guest_page(speaker),
        reverse("partnerships:calendar", args=[calendars.token(row, keeper)]),
        url("meeting-attendance-pdf", meeting),
    ]

    def more(number):
        other = make.representative(make.member(row, by=keeper), by=keeper)
        meetings.invite(meeting, by=keeper, representatives=[other])
        meetings.save_decision(meeting, by=keeper, number=number, text="Ustalenie")
        meetings.write_minutes(meeting, by=keeper, text="Przebieg", seen=number - 1)
        held(row, by=keeper)

    more(1)
    first = [queries_of(office, page) for page in pages]
    more(2)
    more(3)
    assert [queries_of(office, page) for page in pages] == first
