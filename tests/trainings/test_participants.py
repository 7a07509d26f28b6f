"""The staff's pages of the people enrolled: list, enrolling by hand, offers by telephone, the link to the register."""

import datetime
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.cases.models import Case
from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale
from centrum.register.models import AtRisk, Person, RiskGroup
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import trainings as make
from trainings import capacity, enrolments, participants
from trainings.enums import ENROLMENT_MOVES, EnrolmentState
from trainings.models import AccessNeeds, Enrolment, Event, SeatGroup

pytestmark = pytest.mark.django_db
LEGAL = {(str(source), move.action): str(move.target) for move in ENROLMENT_MOVES for source in move.sources}


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER, projects=[base.project()])


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, event, *more):
    return reverse(f"trainings:{name}", args=[event.public_id, *more])


def one(row):
    return Enrolment.objects.select_related("event").get(pk=row.pk)


def in_state(state, event, keeper):
    """Somebody enrolled who came to `state` the usual way."""
    if state == "seated":
        return make.enrolment(event)
    SeatGroup.objects.get(event=event)
    capacity.set_seats(event, by=keeper, seats={"any": (0, 0)})
    row = make.enrolment(event)
    if state in ("offered", "lapsed"):
        capacity.set_seats(event, by=keeper, seats={"any": (1, 0)})
    if state == "lapsed":
        capacity.end_offer(one(row), by=keeper)
    if state == "cancelled":
        capacity.cancel(row)
    return one(row)


# Every state and every action


ACTIONS = {
    "take": lambda row, by: capacity.take_offer(row, by=by),
    "lapse": lambda row, by: capacity.end_offer(row, by=by),
    "cancel": lambda row, by: capacity.cancel(row, by=by, reason="Choroba."),
    "offer": lambda row, by: capacity.let_in(row, by=by),
}


@pytest.mark.parametrize(("state", "action"), list(product(EnrolmentState.values, ACTIONS)))
def test_every_step_from_every_state(keeper, state, action):
    event = make.event(by=keeper)
    row = in_state(state, event, keeper)
    if state == "reserve" and action == "offer":
        Event.objects.filter(pk=event.pk).update(state="running")  # nobody is offered a seat by itself any more
        capacity.set_seats(event, by=keeper, seats={"any": (1, 0)})
    if (state, action) in LEGAL:
        done = ACTIONS[action](row, keeper)
        target = "seated" if action == "offer" else LEGAL[state, action]
        assert (done.state, one(row).state) == (target, target)
        change = StateChange.objects.filter(noun="trainings.enrolment", object_id=row.pk).last()
        assert (change.by, change.reason) == (keeper, "Choroba." if action == "cancel" else "")
    else:
        with pytest.raises(Stale):
            ACTIONS[action](row, keeper)


@pytest.mark.parametrize("state", ["settled", "cancelled"])
def test_what_is_over_stays(keeper, state):
    event = make.event(by=keeper)
    row = make.enrolment(event)
    for target in ["running", "settled"] if state == "settled" else ["cancelled"]:
        Event.objects.filter(pk=event.pk).update(state=target)
    for act in (
        lambda: capacity.cancel(one(row), by=keeper),
        lambda: capacity.let_in(one(row), by=keeper),
        lambda: capacity.change_group(one(row), by=keeper, kind="any"),
        lambda: make.enrolment(event, by=keeper),
    ):
        with pytest.raises(Stale):
            act()


def test_only_the_unit_of_the_event_acts():
    event = make.event()
    row, foreign = make.enrolment(event), base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    for act in (
        lambda: capacity.cancel(one(row), by=foreign),
        lambda: capacity.change_group(one(row), by=foreign, kind="any"),
        lambda: enrolments.add_person(one(row), by=foreign),
        lambda: enrolments.unlink(one(row), by=foreign, what="person"),
        lambda: enrolments.enrol_by_hand(event, by=foreign, first_name="Jan", last_name="Lis"),
    ):
        with pytest.raises(PermissionDenied):
            act()


# The list


def test_the_list_finds_orders_and_narrows(office, keeper):
    event = make.event(by=keeper, seats=2)
    for name in ("Żak", "Ćma", "Adamska"):
        make.enrolment(event, first_name="Ewa", last_name=name)
    page = office.get(url("participants", event))
    assert [row.last_name for row in page.context["page"].rows] == ["Adamska", "Ćma", "Żak"]
    assert [row.letters for row in page.context["page"].rows] == [1, 1, 1]
    by_enrolment = office.get(url("participants", event), {"order": "enrolment"}).context["page"].rows
    assert [(row.last_name, row.state, row.place) for row in by_enrolment] == [
        ("Żak", "seated", None),
        ("Ćma", "seated", None),
        ("Adamska", "reserve", 1),
    ]
    found = office.get(url("participants", event), {"q": "CMA"}).context["page"].rows
    assert [row.last_name for row in found] == ["Ćma"]
    capacity.cancel(by_enrolment[0])
    states = {"": 3, "enrolled": 2, "cancelled": 1, "offered": 1, "nonsense": 3}
    for state, number in states.items():
        assert office.get(url("participants", event), {"state": state}).context["page"].count == number


def test_queries_do_not_grow_with_people(office, keeper):
    event = make.event(by=keeper, seats=2, only_pes=True)

    def full():
        row = make.enrolment(event, declares_pes=True, declares_at_risk=True, commune=base.commune())
        row = enrolments.link_person(one(row), by=keeper, person=base.person())
        enrolments.link_organisation(one(row), by=keeper, organisation=base.organisation())
        AccessNeeds.objects.create(enrolment=row, loop=True, diet="vegan", other="Stolik")
        return row

    full()
    address = url("participants", event)
    with CaptureQueriesContext(
        connection,
    ) as few:
        office.get(address)
    full(), full()
    with CaptureQueriesContext(connection) as many:
        page = office.get(address)
    assert len(page.context["page"].rows) == 3
    # the third waits, so the reserve list is there, too
    assert len(many) == len(few)


def test_what_was_declared_stands_beside_what_the_register_knows(keeper):
    event = make.event(by=keeper, seats=9)
    here = base.commune()
    declared = {"declares_pes": True, "declares_at_risk": True, "commune": here}
    nothing, linked, hidden = (make.enrolment(event, **declared) for _n in range(3))
    silent = make.enrolment(event)
    people = [base.person(), base.person()]
    for category, person in zip(("ordinary", "special"), people, strict=True):
        group = RiskGroup.objects.filter(category=category).earliest("pk")
        AtRisk.objects.create(person=person, group=group, proof="decision", valid_from=datetime.date(2024, 1, 1))
    for row, person in zip((linked, hidden), people, strict=True):
        enrolments.link_person(one(row), by=keeper, person=person)
    enrolments.link_organisation(one(linked), by=keeper, organisation=base.organisation(pes_type="ngo"))
    enrolments.link_organisation(one(hidden), by=keeper, organisation=base.organisation(pes_type="jst"))
    rows = participants.compare(keeper, event, list(participants.enrolments_of(event).order_by("pk")))
    said = [(row.says_pes, row.says_at_risk, row.says_commune, row.seen) for row in rows]
    assert said == [
        ("unknown", "unknown", "unknown", False),
        ("yes", "yes", "yes", True),
        ("no", "unknown", "yes", True),  # what is hidden is told by nothing
        ("", "", "", False),
    ]
    assert [row.pk for row in rows] == [nothing.pk, linked.pk, hidden.pk, silent.pk]


def test_needs_are_counted_for_who_keeps_the_event_alone(client, office, keeper):
    event = make.event(by=keeper)
    rows = [
        make.enrolment(event, needs={"loop": True, "diet": "vegan", "other": "Miejsce z przodu"}) for _n in range(2)
    ]
    capacity.cancel(rows[0])
    context = office.get(url("participants", event)).context
    assert [(number, people) for _need, number, people in context["needs"]] == [(1, [rows[1]]), (1, [rows[1]])]
    assert context["told"] == [(rows[1], "Miejsce z przodu")]
    client.force_login(base.user(Role.ACCOUNTANT))
    page = client.get(url("participants", event))
    assert (page.context["needs"], page.context["told"]) == ([], [])
    assert "Miejsce z przodu" not in page.content.decode()
    assert "Miejsce z przodu" not in client.get(url("enrolment", event, rows[1].public_id)).content.decode()


def test_seats_by_group(office, keeper):
    event = make.event(by=keeper, seats={"any": 2, "pes": 1})
    for _n in range(2):
        make.enrolment(event, wanted="pes", declares_pes=True)
    make.enrolment(event, wanted="any")
    seats = office.get(url("participants", event)).context["seats"]
    told = [(group.kind, group.seats, group.taken, group.seated, group.offered, group.waiting) for group in seats]
    assert told == [("any", 2, 1, 1, 0, 0), ("pes", 1, 1, 1, 0, 1)]


# By hand


def test_a_new_name_and_the_next(office, keeper):
    event = make.event(by=keeper, seats=1)
    page = url("enrol", event)
    shown = office.get(page, {"q": "Jan Sowa"})
    assert shown.context["form"].initial["last_name"] == "Sowa"
    assert b'name="next" value="1"' in shown.content and b'value="Sowa"' in shown.content
    typed = {"first_name": "Jan", "last_name": "Sowa", "phone": "600 100 200", "loop": "on", "diet": "vegan"}
    assert office.post(page, typed | {"next": "1"}).url == page
    assert office.post(page, {"first_name": "Ewa", "last_name": "Lis"}).url == url("participants", event)
    first, second = Enrolment.objects.order_by("pk")
    assert (first.state, first.phone, first.needs.loop, first.needs.diet) == ("seated", "600100200", True, "vegan")
    assert (second.state, hasattr(second, "needs")) == ("reserve", False)


def test_a_person_of_the_register_is_linked_at_once(office, keeper):
    person = base.person(first_name="Łucja", last_name="Źródlak", email="lucja@example.org")
    case = case_factory.case(adviser=keeper, person=person)
    event = make.event(by=keeper)
    page = url("enrol", event)
    assert office.get(page, {"q": "LUCJA@example"}).context["form"].initial["person"] == person.public_id
    assert office.post(f"{page}?q=lucja@example", {"person": person.public_id}).status_code == 302
    row = Enrolment.objects.get()
    assert (str(row), row.email, row.person, row.case) == ("Łucja Źródlak", "lucja@example.org", person, case)
    again = office.post(f"{page}?q=lucja@example", {"person": person.public_id})
    assert list(again.context["form"].errors) == ["person"]


def test_people_of_other_units_are_neither_found_nor_taken(office, keeper):
    stranger = base.person(last_name="Obca", units=[base.unit(UnitKind.PARTNER)])
    partner = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    event, row = make.event(by=partner), None
    office.force_login(partner)
    page = url("enrol", event)
    assert office.get(page, {"q": "Obca"}).context["search"]["found"] == []
    refused = office.post(f"{page}?q=Obca", {"person": stranger.public_id, "first_name": "", "last_name": ""})
    assert refused.status_code == 200 and not Enrolment.objects.exists()
    row = make.enrolment(event, first_name=stranger.first_name, last_name="Obca", email=stranger.email)
    assert enrolments.suggested_people(partner, row) == []
    with pytest.raises(PermissionDenied):
        enrolments.link_person(row, by=partner, person=stranger)


@pytest.mark.parametrize(
    ("fields", "typed", "errors"),
    [
        ({}, {"email": "jan@example.org"}, ["first_name", "last_name"]),
        ({}, {"first_name": "J" * 10_000, "last_name": "Lis"}, ["first_name"]),
        ({}, {"first_name": "=Jan", "last_name": "Lis"}, ["first_name"]),
        ({}, {"first_name": "Jan", "last_name": "Lis", "email": "x", "phone": "1"}, ["email", "phone"]),
        ({"only_pes": True}, {"first_name": "Jan", "last_name": "Lis"}, ["declares_pes"]),
        ({"only_at_risk": True}, {"first_name": "Jan", "last_name": "Lis"}, ["declares_at_risk"]),
        ({"only_clients": True}, {"first_name": "Jan", "last_name": "Lis"}, ["case_number"]),
        ({"only_clients": True}, {"first_name": "J", "last_name": "L", "case_number": "SP/1"}, ["case_number"]),
        ({"seats": {"any": 1, "pes": 1}}, {"first_name": "Jan", "last_name": "Lis"}, ["wanted"]),
        ({"seats": {"any": 1, "pes": 1}}, {"first_name": "J", "last_name": "L", "wanted": "pes"}, ["declares_pes"]),
        ({"communes": True}, {"first_name": "Jan", "last_name": "Lis"}, ["commune"]),
    ],
)
def test_what_is_missing_is_said_at_its_field(office, keeper, fields, typed, errors):
    communes = [base.commune()] if fields.pop("communes", False) else []
    event = make.event(by=keeper, communes=communes, **fields)
    shown = office.post(url("enrol", event), typed)
    assert (shown.status_code, sorted(shown.context["form"].errors)) == (200, sorted(errors))
    assert not Enrolment.objects.exists()


def test_the_case_by_its_number(keeper):
    event = make.event(by=keeper, only_clients=True)
    case = case_factory.case(adviser=keeper)
    row = enrolments.enrol_by_hand(event, by=keeper, first_name="Jan", last_name="Lis", case_number=case.number.lower())
    assert (row.case, row.organisation) == (case, case.organisation)
    with pytest.raises(Refused):
        enrolments.enrol_by_hand(event, by=keeper, person=base.person(), case_number=case.number)


@pytest.mark.parametrize("state", ["draft", "settled", "cancelled"])
def test_nobody_comes_into_what_is_not_open(office, keeper, state):
    event = make.event(state, by=keeper)
    assert office.get(url("enrol", event)).context["takes"] is False
    shown = office.post(url("enrol", event), {"first_name": "Jan", "last_name": "Lis"})
    assert shown.status_code == 200 and not Enrolment.objects.exists()


# One enrolment


def test_by_telephone(office, keeper):
    event = make.event(by=keeper, seats=1)
    first, second, third = (make.enrolment(event) for _n in range(3))
    cancel = url("enrolment-cancel", event, first.public_id)
    assert list(office.post(cancel, {"reason": ""}).context["form"].errors) == ["reason"]
    assert office.post(cancel, {"reason": "Dzwoniła."}).url == url("enrolment", event, first.public_id)
    assert [one(row).state for row in (first, second, third)] == ["cancelled", "offered", "reserve"]
    page = office.get(url("enrolment", event, second.public_id))
    assert [act[0] for act in page.context["acts"]] == ["take", "end", "cancel"]
    office.post(url("enrolment-act", event, second.public_id, "end"))
    office.post(url("enrolment-act", event, third.public_id, "take"))
    assert [one(row).state for row in (first, second, third)] == ["cancelled", "lapsed", "seated"]
    assert office.post(url("enrolment-act", event, third.public_id, "nonsense")).status_code == 404
    again = office.post(url("enrolment-act", event, third.public_id, "take"), follow=True)
    assert one(third).state == "seated" and [m.level_tag for m in again.context["messages"]] != []
    history = office.get(url("enrolment", event, first.public_id)).context["changes"]
    assert [(line["who"], "Dzwoniła." in line["text"]) for line in history] == [(keeper, True), ("", False)]


def test_to_other_seats(office, keeper):
    event = make.event(by=keeper, seats={"any": 1, "pes": 1, "person": 0})
    seated = make.enrolment(event, wanted="any", declares_pes=True)
    waiting = make.enrolment(event, wanted="any", declares_pes=False)
    page = url("enrolment-seats", event, seated.public_id)
    for kind in ("any", "person"):
        assert list(office.post(page, {"kind": kind}).context["form"].errors) == ["kind"]
    # who waits is not in a social economy entity
    refused = office.post(url("enrolment-seats", event, waiting.public_id), {"kind": "pes"})
    assert list(refused.context["form"].errors) == ["kind"]
    assert office.post(page, {"kind": "pes"}).status_code == 302
    assert (one(seated).group.kind, one(waiting).state) == ("pes", "offered")
    assert list(SeatGroup.objects.order_by("pk").values_list("kind", "taken")) == [
        ("any", 1),
        ("pes", 1),
        ("person", 0),
    ]
    late = make.enrolment(event, wanted="person")
    moved = capacity.change_group(one(late), by=keeper, kind="any")
    assert (moved.state, capacity.position(moved)) == ("reserve", 1)


def test_who_resigned_comes_back_at_the_end(keeper):
    event = make.event(by=keeper, seats=1)
    first, second = make.enrolment(event, last_name="Lis", email="jan@example.org"), make.enrolment(event)
    capacity.cancel(first)
    back = make.enrolment(event, by=keeper, last_name="Lis", email="jan@example.org")
    assert (one(first).state, one(second).state, back.state) == ("cancelled", "offered", "reserve")


# The register


def test_suggestions_by_address_phone_and_name(keeper):
    event = make.event(by=keeper)
    same = base.person(first_name="Łucja", last_name="Źródlak", email="a@example.org", phone="600100201")
    row = make.enrolment(event, first_name="LUCJA", last_name="ZRODLAK", email="other@example.org")
    assert enrolments.suggested_people(keeper, row) == [same]
    row = make.enrolment(event, first_name="Ktoś", last_name="Inny", email="A@example.org")
    assert enrolments.suggested_people(keeper, row) == [same]
    row = make.enrolment(event, first_name="Ł.", last_name="Źródlak", phone="600100201", email="")
    assert enrolments.suggested_people(keeper, row) == [same]
    organisation = base.organisation(name="Spółdzielnia Socjalna „Żuraw”")
    row = make.enrolment(event, organisation_name="spoldzielnia socjalna żuraw")
    assert enrolments.suggested_organisations(keeper, row) == [organisation]


def test_linking_step_by_step(office, keeper):
    event = make.event(by=keeper)
    person, organisation = base.person(), base.organisation()
    case = case_factory.case(adviser=keeper, person=person)
    row = make.enrolment(event, first_name=person.first_name, last_name=person.last_name)
    page = office.get(url("enrolment", event, row.public_id))
    assert person in page.context["people"]
    key = row.public_id
    assert office.post(url("enrolment-suggested", event, key, "osoba", person.public_id)).status_code == 302
    assert office.post(url("enrolment-organisation", event, key), {"organisation": organisation.public_id}).url
    other = Case.objects.exclude(pk=case.pk).first() or case_factory.case(adviser=keeper)
    wrong = office.post(url("enrolment-case", event, key), {"case": other.public_id})
    assert list(wrong.context["form"].errors) == ["case"]
    assert office.post(url("enrolment-case", event, key), {"case": case.public_id}).status_code == 302
    linked = one(row)
    assert (linked.person, linked.organisation, linked.case) == (person, organisation, case)
    office.post(url("enrolment-unlink", event, key, "osoba"))
    unlinked = one(row)
    assert (unlinked.person, unlinked.organisation, unlinked.case) == (None, organisation, None)
    office.post(url("enrolment-person", event, key), {"person": person.public_id})
    assert one(row).person == person
    assert office.post(url("enrolment-unlink", event, key, "nonsense")).status_code == 404


def test_a_person_enrolled_under_another_name_is_not_linked_twice(office, keeper):
    event, person = make.event(by=keeper), base.person()
    enrolments.link_person(make.enrolment(event, last_name="Panieńska"), by=keeper, person=person)
    row = make.enrolment(event, last_name="Mężatka")
    shown = office.post(url("enrolment-person", event, row.public_id), {"person": person.public_id})
    (words,) = shown.context["form"].errors["person"]
    assert "Panieńska" in words and one(row).person is None
    # in another event they are, of course
    assert enrolments.link_person(make.enrolment(make.event(by=keeper)), by=keeper, person=person).person == person


def test_a_new_person_of_the_register(office, keeper):
    event = make.event(by=keeper)
    row = make.enrolment(event, first_name="Ewa", last_name="Lis", phone="600100200", commune=base.commune())
    before = Person.objects.count()
    for _twice in range(2):
        office.post(url("enrolment-person-new", event, row.public_id))
    person = one(row).person
    assert (person.first_name, person.phone, person.commune) == ("Ewa", "600100200", base.commune())
    assert (Person.objects.count(), list(person.units.all())) == (before + 1, [event.unit])


def test_another_person_means_another_case(keeper):
    event, person = make.event(by=keeper), base.person()
    case = case_factory.case(adviser=keeper, person=person)
    row = enrolments.enrol_by_hand(event, by=keeper, person=person)
    assert row.case == case
    assert enrolments.link_person(one(row), by=keeper, person=person).case == case
    assert enrolments.link_person(one(row), by=keeper, person=base.person()).case is None


def test_an_event_of_another_unit_is_not_there(office):
    partner = base.user(Role.ADVISER, unit_=base.unit(UnitKind.PARTNER))
    event = make.event()
    row = make.enrolment(event)
    office.force_login(partner)
    for name, more in (("participants", []), ("enrol", []), ("enrolment", [row.public_id])):
        assert office.get(url(name, event, *more)).status_code == 404
    own = make.event(by=partner)
    assert office.get(url("enrolment", own, row.public_id)).status_code == 404


def test_staff_enrol_after_the_public_may_no_more(office, keeper):
    event = make.event("closed", by=keeper)
    with pytest.raises(Refused):
        make.enrolment(event)
    assert office.post(url("enrol", event), {"first_name": "Jan", "last_name": "Lis"}).status_code == 302
    assert (Enrolment.objects.get().state, OutboxMessage.objects.count()) == ("seated", 0)
    assert Enrolment.objects.get().created_at <= clock.now()


# Setting data right


def test_the_staff_set_right_what_was_typed(office, keeper):
    event = make.event(by=keeper)
    row, other = make.enrolment(event, needs={"loop": True}), make.enrolment(event)
    page = url("enrolment-data", event, row.public_id)
    form = office.get(page).context["form"]
    assert (form.initial["last_name"], form.initial["loop"]) == (row.last_name, True)
    typed = {"first_name": "Łucja", "last_name": "Żółć", "email": "lucja@example.org", "phone": "600 100 200"}
    assert office.post(page, typed | {"last_name": ""}).status_code == 200
    assert office.post(page, typed | {"sign_language": "on", "diet": "vegan"}).status_code == 302
    row = Enrolment.objects.get(pk=row.pk)
    assert (row.first_name, row.last_name, row.email) == ("Łucja", "Żółć", "lucja@example.org")
    needs = AccessNeeds.objects.get(enrolment=row)
    assert (needs.loop, needs.sign_language, needs.diet) == (False, True, "vegan")
    # nobody becomes somebody else who is enrolled already
    same = {name: getattr(other, name) for name in ("first_name", "last_name", "email")}
    assert office.post(page, same | {"first_name": other.first_name.upper()}).status_code == 200
    assert Enrolment.objects.get(pk=row.pk).last_name == "Żółć"
    assert office.post(page, typed).status_code == 302
    assert not AccessNeeds.objects.filter(enrolment=row).exists()


def test_of_who_resigned_only_the_data_are_set_right(office, keeper):
    event = make.event(by=keeper)
    row = make.enrolment(event)
    capacity.cancel(row, by=keeper)
    page = url("enrolment-data", event, row.public_id)
    assert "loop" not in office.get(page).context["form"].fields
    typed = {"first_name": "Łucja", "last_name": "Żółć", "email": "", "loop": "on"}
    assert office.post(page, typed).status_code == 302
    assert Enrolment.objects.get(pk=row.pk).last_name == "Żółć"
    assert not AccessNeeds.objects.exists()
