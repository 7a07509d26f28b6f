"""Whoever enrols, by the pages: for oneself, and an organisation for its people."""

import datetime
import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrum.intake import queries as intake_queries
from centrum.intake import services as intake
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused
from centrum.register.models import Commune
from tests.factories import base
from tests.factories import cases as case_factory
from tests.factories import intake as intake_factory
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import capacity, enrolling
from trainings.models import AccessNeeds, CaseGuess, Enrolment, EnrolmentApplication, Event, GroupParticipant

pytestmark = pytest.mark.django_db
WHO = {"first_name": "Łucja", "last_name": "Źródlak", "email": "Lucja@Example.org", "phone": ""}
NO_NEEDS = {"has_needs": "no", "diet": "", "other": ""}
BODY = {
    "name": "Fundacja Bór",
    "nip": "",
    "contact_first_name": "Jan",
    "contact_last_name": "Łąka",
    "email": "bor@example.org",
    "phone": "",
}
ROW = {"email": "", "phone": "", "needs": ""}


def begin(client, event, who="person"):
    """The home of a draft, begun by the page of the event."""
    page = reverse("events:enrol", args=[event.public_id])
    assert client.get(page).status_code == 200
    first = client.post(page, {"key": str(uuid.uuid4()), "who": who}).url
    return first.rsplit("/", 2)[0] + "/"


def person(client, event, who=(), needs=NO_NEEDS):
    home = begin(client, event)
    assert client.post(f"{home}kim-jestes/", {**WHO, **dict(who)}).url == f"{home}potrzeby/"
    assert client.post(f"{home}potrzeby/", needs).url == f"{home}sprawdz/"
    return home


def group(client, event, names, body=()):
    home = begin(client, event, "group")
    assert client.post(f"{home}organizacja/", {**BODY, **dict(body)}).url == f"{home}osoby/"
    rows = [{**ROW, "first_name": first, "last_name": last, **more} for first, last, more in names]
    assert client.post(f"{home}osoby/", intake_factory.rows(rows)).url == f"{home}sprawdz/"
    return home


def send(client, home):
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    return client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"})


def own_page(client, home):
    return client.get(f"{home}potwierdzenie/").context["told"]["people"][0].url


def test_a_visitor_enrols_and_has_a_seat(client):
    event = make.event(seats=1)
    home = begin(client, event)
    assert client.get(f"{home}kim-jestes/").status_code == 200
    home = person(
        client, event, needs={"has_needs": "yes", "loop": "on", "diet": "vegan", "other": "Miejsce z przodu."}
    )
    assert "Miejsce z przodu." in client.get(f"{home}sprawdz/").content.decode()
    assert send(client, home).url == f"{home}potwierdzenie/"

    sent, made = Application.objects.get(state="settled"), Enrolment.objects.get()
    assert (sent.number, sent.applicant, sent.unit) == (f"ZS/{clock.today().year}/0001", "Łucja Źródlak", None)
    assert (made.state, made.application, made.event, str(made)) == ("seated", sent, event, "Łucja Źródlak")
    assert (made.email, made.language, made.person) == ("lucja@example.org", "pl", None)
    assert (made.needs.loop, made.needs.diet, made.needs.other) == (True, "vegan", "Miejsce z przodu.")
    letter = OutboxMessage.objects.get()
    assert (letter.to, letter.about) == ("lucja@example.org", event.number)
    own = own_page(client, home)
    assert f"http://testserver{own}" in letter.body
    for page in (f"{home}potwierdzenie/", f"{home}stan/", own):
        assert client.get(page).status_code == 200
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")


def test_needs_leave_the_application_with_the_sending(client):
    home = person(client, make.event(), needs={**NO_NEEDS, "other": "Pies przewodnik."})
    assert "Pies przewodnik." in client.get(f"{home}sprawdz/").content.decode()
    send(client, home)
    answers = EnrolmentApplication.objects.get(application__state="settled")
    assert (answers.other, answers.has_needs, AccessNeeds.objects.get().other) == ("", "", "Pies przewodnik.")
    assert "Pies przewodnik." not in client.get(f"{home}potwierdzenie/").content.decode()
    kept = {field.name for field in EnrolmentApplication.pgh_event_model._meta.fields}
    assert kept.isdisjoint({*NO_NEEDS, "loop"}) and "needs" not in {
        field.name for field in GroupParticipant.pgh_event_model._meta.fields
    }


def test_when_all_is_taken_one_is_on_the_reserve_list_and_comes_off_it(client):
    event = make.event(seats=1)
    first = make.enrolment(event)
    make.enrolment(event)
    home = person(client, event)
    send(client, home)
    told = client.get(f"{home}potwierdzenie/").context["told"]["people"][0]
    assert (told.state, told.place) == ("reserve", 2)
    own = own_page(client, home)
    assert client.get(own).context["position"] == 2
    assert client.post(f"{own}miejsce/").url == own  # nothing is offered yet
    assert client.get(own).context["enrolment"].state == "reserve"

    capacity.cancel(first)
    capacity.cancel(Enrolment.objects.get(state="offered"))
    assert client.get(own).context["offered"] is True
    assert client.get(f"{own}miejsce/").status_code == 405
    client.post(f"{own}miejsce/")
    assert client.get(own).context["enrolment"].state == "seated"
    client.post(f"{own}miejsce/")
    assert Enrolment.objects.filter(state="seated").count() == 1


def test_full_to_the_last_place_of_the_reserve_list_nobody_begins(client):
    event = make.event(seats=1, reserve_places=0)
    home = person(client, event)
    make.enrolment(event)
    page = client.get(reverse("events:event", args=[event.public_id]))
    assert page.context["standing"].enrols is False
    assert client.get(reverse("events:enrol", args=[event.public_id])).context["standing"].enrols is False
    # who had begun before is told at the sending
    assert send(client, home).url == f"{home}wyslij/"
    assert Enrolment.objects.count() == 1 and Application.objects.get().state == "draft"


def test_an_organisation_enrols_its_people_in_their_order(client):
    event = make.event(seats=2)
    people = [("Ewa", "Bór", {"email": "ewa@example.org"}), ("Jan", "Las", {"needs": "Pętla."}), ("Ola", "Gaj", {})]
    home = group(client, event, people)
    assert send(client, home).url == f"{home}potwierdzenie/"
    made = Enrolment.objects.order_by("pk")
    assert [(str(one), one.state, one.email) for one in made] == [
        ("Ewa Bór", "seated", "ewa@example.org"),
        ("Jan Las", "seated", "bor@example.org"),
        ("Ola Gaj", "reserve", "bor@example.org"),
    ]
    assert {one.organisation_name for one in made} == {"Fundacja Bór"} and AccessNeeds.objects.get().other == "Pętla."
    assert set(GroupParticipant.objects.values_list("needs", flat=True)) == {""}
    # the contact person gets the list besides the letters of those without an address
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["bor@example.org"] * 3 + ["ewa@example.org"]
    letter = OutboxMessage.objects.latest("pk")
    assert [name in letter.body for name in ("Ewa Bór", "Jan Las", "Ola Gaj")] == [True] * 3
    told = client.get(f"{home}potwierdzenie/").context["told"]["people"]
    assert [bool(one.url) for one in told] == [False, True, True]
    status = re.search(r"http://testserver(/wnioski/stan/\S+)", letter.body)[1]
    client.session.flush()
    assert client.get(status, follow=True).status_code == 200


def test_of_a_group_all_are_enrolled_or_nobody(client):
    event = make.event(seats=1, reserve_places=1)
    home = group(client, event, [("Ewa", "Bór", {}), ("Jan", "Las", {}), ("Ola", "Gaj", {})])
    assert send(client, home).url == f"{home}wyslij/"
    assert "Ola Gaj" in client.get(f"{home}wyslij/").content.decode()
    assert (Enrolment.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert Application.objects.get().state == "draft"


def test_nobody_stands_twice_in_a_group(client):
    event = make.event()
    home = begin(client, event, "group")
    client.post(f"{home}organizacja/", BODY)
    twice = [{**ROW, "first_name": "Ewa", "last_name": "Bór"}, {**ROW, "first_name": "EWA", "last_name": "bór"}]
    page = client.post(f"{home}osoby/", intake_factory.rows(twice))
    assert page.status_code == 200 and page.context["formset"].non_form_errors()


@pytest.mark.parametrize("again", [("ŁUCJA", "źródlak"), ("Lucja", "Zrodlak"), ("  łucja ", "ZRÓDLAK")])
def test_the_same_person_is_told_at_once_in_other_capitals_and_accents(client, again):
    event = make.event(seats=5)
    send(client, person(client, event))
    home = begin(client, event)
    names = dict(zip(("first_name", "last_name"), again, strict=True))
    page = client.post(f"{home}kim-jestes/", {**WHO, **names, "email": "LUCJA@example.org"})
    assert page.status_code == 200 and page.context["form"].non_field_errors()
    assert Enrolment.objects.count() == 1


def test_two_drafts_of_one_person_make_one_enrolment(client):
    event = make.event(seats=5)
    homes = [person(client, event), person(client, event, who={"first_name": "LUCJA"})]
    assert [send(client, home).url.rsplit("/", 2)[1] for home in homes] == ["potwierdzenie", "wyslij"]
    assert (Enrolment.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_a_double_click_begins_one_draft_and_sends_once(client):
    event = make.event()
    page, key = reverse("events:enrol", args=[event.public_id]), str(uuid.uuid4())
    assert client.post(page, {"key": key, "who": "person"}).url == client.post(page, {"key": key, "who": "person"}).url
    home = person(client, event)
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    for _click in range(2):
        assert client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"}).url == f"{home}potwierdzenie/"
    assert (Enrolment.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_whom_one_enrols_is_to_be_chosen(client):
    event = make.event()
    page = client.post(reverse("events:enrol", args=[event.public_id]), {"key": str(uuid.uuid4())})
    assert page.status_code == 200 and page.context["form"].errors.keys() == {"who"}
    bad = client.post(reverse("events:enrol", args=[event.public_id]), {"key": "x", "who": "person"})
    assert bad.status_code == 200 and Application.objects.count() == 0


@pytest.mark.parametrize("state", ["published", "closed", "running", "settled", "cancelled"])
def test_nobody_enrols_in_an_event_that_takes_none(client, state):
    event = make.event(state)
    pages = [reverse(name, args=[event.public_id]) for name in ("events:enrol", "events:event")]
    assert [client.get(page).context["standing"].enrols for page in pages] == [False, False]
    assert client.post(pages[0], {"key": str(uuid.uuid4()), "who": "person"}).url == pages[1]
    assert Application.objects.count() == 0


def test_an_event_that_is_a_draft_hidden_or_not_public_is_not_there(client):
    for event in (make.event("draft"), make.event(public=False)):
        for name in ("events:event", "events:enrol", "events:event-calendar"):
            assert client.get(reverse(name, args=[event.public_id])).status_code == 404


def test_enrolment_ends_at_its_instant(client):
    event = make.event()
    page = reverse("events:enrol", args=[event.public_id])
    second = datetime.timedelta(seconds=1)
    with clock.at(event.enrols_until - second):
        assert client.get(page).context["standing"].enrols is True
        home = person(client, event)
    with clock.at(event.enrols_until):
        assert client.get(page).context["standing"].enrols is False
        assert send(client, home).url == f"{home}wyslij/"
    assert Enrolment.objects.count() == 0 and Application.objects.get().state == "draft"
    with clock.at(event.enrols_until - second):
        assert send(client, home).url == f"{home}potwierdzenie/"


def test_a_past_event_takes_nobody(client):
    event = make.event(days=2)
    with clock.at(make.at(3)):
        page = client.get(reverse("events:event", args=[event.public_id]))
        assert (page.context["over"], page.context["standing"].enrols) == (True, False)


def test_names_too_long_are_refused_kindly(client):
    home = begin(client, make.event())
    page = client.post(f"{home}kim-jestes/", {**WHO, "first_name": "Ł" * 10_000, "last_name": "Ó" * 10_000})
    assert page.status_code == 200 and page.context["form"].errors.keys() == {"first_name", "last_name"}


# control characters never come as far as a form: the door refuses them (400)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=130)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES)
def test_whatever_is_typed_as_a_name_is_enrolled_or_refused_in_words(client, first, last):
    with transaction.atomic():
        event = make.event()
        home = begin(client, event)
        page = client.post(f"{home}kim-jestes/", {**WHO, "first_name": first, "last_name": last})
        if page.status_code == 200:
            assert page.context["form"].errors
        else:
            client.post(f"{home}potrzeby/", NO_NEEDS)
            assert send(client, home).url == f"{home}potwierdzenie/"
            assert client.get(own_page(client, home)).status_code == 200
        transaction.set_rollback(True)


# the rules of access


def test_nothing_is_asked_that_no_rule_needs(client):
    home = begin(client, make.event())
    assert list(client.get(f"{home}kim-jestes/").context["form"].fields) == [*WHO]


def test_what_the_rules_need_is_asked(client):
    event = make.event(only_pes=True, only_at_risk=True, only_clients=True, seats={"pes": 1, "any": 1})
    event.communes.add(base.commune())
    home = begin(client, event)
    asked = [*WHO, "wanted", "declares_pes", "organisation_name", "declares_at_risk", "commune", "case_number"]
    assert list(client.get(f"{home}kim-jestes/").context["form"].fields) == asked
    home = begin(client, event, "group")
    assert {"wanted", "declares_pes"} < client.get(f"{home}organizacja/").context["form"].fields.keys()
    row = client.get(f"{home}osoby/").context["formset"].forms[0]
    assert {"declares_at_risk", "commune", "case_number"} < row.fields.keys()


@pytest.mark.parametrize(
    ("rule", "name", "good", "bad"),
    [
        ("only_pes", "declares_pes", {"declares_pes": "yes", "organisation_name": "KGW"}, {"declares_pes": "no"}),
        ("only_at_risk", "declares_at_risk", {"declares_at_risk": "yes"}, {"declares_at_risk": "no"}),
    ],
)
def test_a_declaration_is_a_plain_yes_or_no(client, rule, name, good, bad):
    event = make.event(**{rule: True})
    home = begin(client, event)
    for typed in ({}, bad):
        page = client.post(f"{home}kim-jestes/", {**WHO, **typed})
        assert page.status_code == 200 and page.context["form"].errors.keys() == {name}
    send(client, person(client, event, who=good))
    assert getattr(Enrolment.objects.get(), name) is True


def test_seats_for_social_economy_need_the_declaration_and_the_others_do_not(client):
    event = make.event(seats={"pes": 1, "person": 1})
    home = begin(client, event)
    page = client.post(f"{home}kim-jestes/", {**WHO, "wanted": "pes", "declares_pes": "no"})
    assert page.context["form"].errors.keys() == {"declares_pes"}
    send(client, person(client, event, who={"wanted": "person", "declares_pes": "no"}))
    assert Enrolment.objects.get().group.kind == "person"


def test_only_the_communes_of_the_event_are_offered(client):
    event, here = make.event(), base.commune()
    event.communes.add(here)
    home = begin(client, event)
    field = client.get(f"{home}kim-jestes/").context["form"].fields["commune"]
    assert list(field.queryset) == [here]
    other = Commune.objects.exclude(pk=here.pk).first()
    typed = {**WHO, "commune": other.pk if other else 0}
    assert client.post(f"{home}kim-jestes/", typed).context["form"].errors.keys() == {"commune"}
    send(client, person(client, event, who={"commune": here.pk}))
    assert Enrolment.objects.get().commune == here


def test_the_number_of_a_case_goes_with_the_surname_of_its_client(client):
    event, case = make.event(only_clients=True), case_factory.case()
    home = begin(client, event)
    surname = case.person.last_name
    wrong = [("SP/1999/0001", surname), (case.number, "Obcy"), ("x", "Obcy")]
    said = set()
    for number, last_name in wrong:
        page = client.post(f"{home}kim-jestes/", {**WHO, "last_name": last_name, "case_number": number})
        assert page.context["form"].errors.keys() == {"case_number"}
        said.add(str(page.context["form"].errors))
    assert len(said) == 1  # what is wrong of the two is not told
    send(client, person(client, event, who={"last_name": surname.upper(), "case_number": case.number.lower()}))
    assert Enrolment.objects.get().case == case


def test_a_case_closed_meanwhile_is_refused_at_the_sending(client):
    event, case = make.event(only_clients=True), case_factory.case()
    home = person(client, event, who={"last_name": case.person.last_name, "case_number": case.number})
    EnrolmentApplication.objects.update(case_number="SP/1999/0001")
    assert send(client, home).url == f"{home}wyslij/"
    assert Enrolment.objects.count() == 0


def test_rules_hold_for_everybody_of_a_group(client):
    event = make.event(only_at_risk=True)
    home = begin(client, event, "group")
    client.post(f"{home}organizacja/", BODY)
    rows = [{**ROW, "first_name": "Ewa", "last_name": "Bór", "declares_at_risk": "no"}]
    page = client.post(f"{home}osoby/", intake_factory.rows(rows))
    assert page.context["formset"].forms[0].errors.keys() == {"declares_at_risk"}
    added = client.post(f"{home}osoby/", {**intake_factory.rows(rows), "add": "1"})
    assert len(added.context["formset"].forms) == 2
    rows[0]["declares_at_risk"] = "yes"
    assert client.post(f"{home}osoby/", intake_factory.rows(rows)).url == f"{home}sprawdz/"


# underneath


def test_complete_answers_are_whole_in_the_database(client):
    home = person(client, make.event())
    send(client, home)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentApplication.objects.filter(complete=True).update(email="")


@pytest.mark.django_db(transaction=True)
def test_many_who_send_at_once_get_no_seat_too_many():
    event = make.event(seats=2, reserve_places=1)
    drafts = []
    for number in range(5):
        draft = intake.begin(kind=enrolling.PERSON, key=uuid.uuid4(), language="pl", event=event)
        who = {**WHO, "email": f"a{number}@example.org"}
        for slug, typed in (("kim-jestes", who), ("potrzeby", NO_NEEDS)):
            step = enrolling.PERSON.step(slug)
            form = step.make_form(typed, draft.training_person)
            assert form.is_valid(), form.errors
            draft = intake.save_step(draft, step=step, data=form.cleaned_data)
        drafts.append(draft)

    def submit(number):
        return intake.submit(drafts[number], clauses=intake_queries.current_clauses(), language="pl").state

    results = at_once(5, submit)
    assert (
        sorted(str(getattr(r, "messages", r)) if isinstance(r, Refused) else r for r in results).count("settled") == 3
    )
    assert sum(isinstance(r, Refused) for r in results) == 2
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["reserve", "seated", "seated"]


def test_events_keep_their_own_rules_while_somebody_fills_in(client):
    event = make.event()
    home = person(client, event)
    Event.objects.filter(pk=event.pk).update(only_at_risk=True)
    assert client.get(f"{home}wyslij/").url == f"{home}sprawdz/"  # the page has a question more now
    assert Enrolment.objects.count() == 0


# Guessing numbers of cases


def test_wrong_numbers_of_cases_are_limited_in_an_hour(client):
    event = make.event(only_clients=True, seats=30)
    made = case_factory.case(person=base.person(last_name="Źródlak"))
    home = begin(client, event)

    def typed(number, **who):
        answer = client.post(f"{home}kim-jestes/", {**WHO, **who, "case_number": number})
        return answer.status_code == 302

    assert [typed(f"SP/2020/{n:04d}") for n in range(19)] == [False] * 19
    # the same once more is no other guess, however it is spelt
    assert not typed("sp/2020/0000", last_name="ŹRÓDLAK")
    assert CaseGuess.objects.count() == 19
    assert typed(made.number)
    assert not typed("SP/2020/9999")
    assert not typed(made.number)
    with clock.at(clock.now() + datetime.timedelta(minutes=61)):
        assert typed(made.number)
    with clock.at(clock.now() + datetime.timedelta(hours=25)):
        assert not typed("SP/2020/7777")
        assert CaseGuess.objects.count() == 1
    # another event is not closed by it
    home = begin(client, make.event(only_clients=True))
    assert typed(made.number)
