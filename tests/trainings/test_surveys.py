"""Tests and surveys: answered once by a link, told when closed, and no way from an anonymous answer to a person."""

import re

import pytest
from django.db import DatabaseError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from centrum.kit import clock, transitions
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.transitions import Refused, Stale
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import answering, survey_results, surveys
from trainings.enums import SURVEY_MOVES, SurveyState
from trainings.models import Answer, Response, Survey, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def event(keeper):
    return make.event(by=keeper, seats=12)


def evaluation(event, keeper, people, **fields):
    """An anonymous evaluation of an event that is over, open to so many people: (survey, enrolments)."""
    enrolled = [make.enrolment(event) for _number in range(people)]
    with clock.at(make.at(14, 16)):
        survey = make.survey(event, by=keeper, kind="evaluation", state="open", anonymous=True, **fields)
    return survey, enrolled


def address(survey, enrolled):
    return reverse("events:survey", args=[answering.token(survey, enrolled)])


def filled(survey, *, right=True, text=""):
    return {f"q{key}": value for key, value in make.given(survey, right=right, text=text).items()}


def test_opening_writes_to_everybody_with_a_seat(client, event, keeper):
    first, mute = make.enrolment(event), make.enrolment(event, email="")
    survey = make.survey(event, by=keeper)
    before = OutboxMessage.objects.count()
    client.force_login(keeper)
    move = reverse("trainings:survey-move", args=[event.public_id, survey.pk, "open"])
    client.post(move, {"go": "on"})
    survey.refresh_from_db()
    assert survey.state == "open"
    letter = OutboxMessage.objects.order_by("pk").last()
    assert (OutboxMessage.objects.count(), letter.to) == (before + 1, first.email)
    (link,) = re.findall(r"/szkolenia/ankieta/([^/\s]+)/", letter.body)
    assert answering.opened(link) == (survey, first)  # the link holds the second of its making: never compare two
    assert mute.email == ""


def test_a_test_is_answered_once_and_shows_its_result(client, event, keeper):
    enrolled = make.enrolment(event)
    survey = make.survey(event, by=keeper, state="open")
    page = address(survey, enrolled)
    assert client.get(page).status_code == 200
    assert client.post(page, {}).context["form"].errors
    assert client.post(page, filled(survey)).url == page
    done = client.get(page)
    assert (done.context["score"], done.context["points"]) == (2, 2)
    client.post(page, filled(survey, right=False))
    assert list(Response.objects.values_list("enrolment", "score")) == [(enrolled.pk, 2)]


def test_who_has_no_seat_and_a_forged_link_open_nothing(client, keeper):
    event = make.event(by=keeper, seats=1)
    make.enrolment(event)
    waiting = make.enrolment(event)
    survey = make.survey(event, by=keeper, state="open")
    assert client.get(address(survey, waiting)).status_code == 404
    assert client.get(reverse("events:survey", args=["WzEsMl0:abc"])).status_code == 404
    draft = make.survey(event, by=keeper, kind="post_test")
    assert client.get(address(draft, waiting)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_double_click_answers_once(keeper):
    event = make.event(by=keeper)
    enrolled = make.enrolment(event)
    survey = make.survey(event, by=keeper, state="open")
    page, said = address(survey, enrolled), filled(survey)
    answers = at_once(5, lambda _number: Client().post(page, said).status_code)
    assert set(answers) <= {200, 302}
    assert (Response.objects.count(), Ticket.objects.filter(used=True).count()) == (1, 1)


# Anonymous


def test_no_column_of_an_answer_leads_to_a_person(event, keeper):
    survey, people = evaluation(event, keeper, 4)
    for number, enrolled in enumerate(people):
        answering.answer(survey, enrolled, make.given(survey, right=number % 2 == 0, text=f"słowo {number}"))
    assert set(Response.objects.values_list("enrolment", flat=True)) == {None}
    for model in (Response, Answer):
        assert {field.get_internal_type() for field in model._meta.concrete_fields} & {
            "DateTimeField",
            "DateField",
        } == (set())
        assert model._meta.pk.get_internal_type() == "UUIDField"
        assert not hasattr(model, "pgh_event_models") or model.pgh_event_models == {}
    with pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.create(survey=survey, enrolment=people[0])


def test_closing_mixes_the_answers(event, keeper):
    survey, people = evaluation(event, keeper, 9)
    for number, enrolled in enumerate(people):
        answering.answer(survey, enrolled, make.given(survey, text=f"{number}"))
    before = set(Response.objects.values_list("pk", flat=True))
    with clock.at(make.at(15, 9)):
        surveys.close(survey, by=keeper)
    assert before.isdisjoint(Response.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM trainings_response")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT text FROM trainings_answer WHERE text <> '' ORDER BY ctid")
        texts = [text for (text,) in cursor.fetchall()]
    assert sorted(texts) == [str(number) for number in range(9)]


def test_nobody_sees_results_before_the_closing_nor_of_a_small_group(event, keeper):
    survey, people = evaluation(event, keeper, 4, minimum_shown=4)
    for enrolled in people[:3]:
        answering.answer(survey, enrolled, make.given(survey))
    assert survey_results.results_of(survey).asked == []
    with clock.at(make.at(15, 9)):
        closed = surveys.close(survey, by=keeper)
    survey = Survey.objects.get(pk=survey.pk)
    assert survey.state == "closed" and closed != "nothing"
    told = survey_results.results_of(survey)
    assert told.asked == []


def test_results_add_up_to_who_answered(event, keeper):
    survey, people = evaluation(event, keeper, 6, minimum_shown=3)
    for number, enrolled in enumerate(people):
        answering.answer(survey, enrolled, make.given(survey, right=number < 4, text="dobrze"))
    with clock.at(make.at(15, 9)):
        surveys.close(survey, by=keeper)
    told = survey_results.results_of(Survey.objects.get(pk=survey.pk))
    one = told.asked[0]
    assert [cell.count for cell in one.cells] == [4, 2]


@settings(max_examples=200, deadline=None)
@generated(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(3, 10))
def test_no_small_group_is_told_nor_given_away_by_a_difference(sizes, minimum):
    groups = dict(enumerate(sizes))
    hidden = survey_results.suppressed(groups, minimum)
    told = [size for key, size in groups.items() if key not in hidden]
    assert all(size == 0 or size >= minimum for size in told)
    # the total is known: what is left out must be many together, or nothing at all
    lost = sum(groups[key] for key in hidden)
    assert lost == 0 or lost >= minimum or not any(told)


# Papers and moves


def test_a_paper_sheet_is_typed_in(event, keeper):
    enrolled = make.enrolment(event)
    survey = make.survey(event, by=keeper, state="open")
    answering.note_paper(survey, by=keeper, given=make.given(survey), enrolment=enrolled)
    with pytest.raises(Refused):
        answering.note_paper(survey, by=keeper, given=make.given(survey), enrolment=enrolled)
    with pytest.raises(Refused):
        answering.note_paper(survey, by=keeper, given=make.given(survey))


def test_a_survey_without_questions_is_not_opened(event, keeper):
    bare = surveys.create(event, by=keeper, kind="pre_test", title="Pusty", anonymous=False, minimum_shown=3)
    with pytest.raises(Refused):
        surveys.open_survey(bare, by=keeper)


def test_an_evaluation_waits_for_the_last_session(event, keeper):
    survey = make.survey(event, by=keeper, kind="evaluation", anonymous=True)
    with pytest.raises(Refused):
        surveys.open_survey(survey, by=keeper)


@pytest.mark.parametrize("action", [move.action for move in SURVEY_MOVES])
@pytest.mark.parametrize("state", SurveyState.values)
def test_every_state_and_action(event, keeper, state, action):
    make.enrolment(event)
    survey = make.survey(event, by=keeper, state="draft" if state == "draft" else "open")
    if state == "closed":
        surveys.close(survey, by=keeper)
    survey = Survey.objects.get(pk=survey.pk)
    step = transitions.find(SURVEY_MOVES, action)
    changes = StateChange.objects.count()
    do = {"open": surveys.open_survey, "close": surveys.close}[action]
    if state in step.sources:
        do(survey, by=keeper)
        assert Survey.objects.get(pk=survey.pk).state == step.target
        assert StateChange.objects.count() == changes + 1
    else:
        with pytest.raises(Stale):
            do(survey, by=keeper)
        assert (Survey.objects.get(pk=survey.pk).state, StateChange.objects.count()) == (state, changes)


def test_questions_stay_once_it_is_open(event, keeper):
    survey = make.survey(event, by=keeper, state="open")
    question = survey.questions.earliest("number")
    with pytest.raises(Stale):
        surveys.remove_question(question, by=keeper)
    with pytest.raises(DatabaseError), transaction.atomic():
        survey.questions.update(text="Inne pytanie")
    with pytest.raises(InternalError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state="draft")


@pytest.mark.parametrize("name", ["surveys", "survey", "survey-results", "survey-preview", "survey-comparison"])
def test_pages_open(client, event, keeper, name):
    client.force_login(keeper)
    enrolled = make.enrolment(event)
    survey = make.survey(event, by=keeper, state="open")
    answering.answer(survey, enrolled, make.given(survey))
    keys = [event.public_id] if name in ("surveys", "survey-comparison") else [event.public_id, survey.pk]
    assert client.get(reverse(f"trainings:{name}", args=keys)).status_code == 200


def test_the_sheet_and_the_links_are_papers(client, event, keeper):
    client.force_login(keeper)
    make.enrolment(event, email="")
    survey = make.survey(event, by=keeper, state="open")
    for name in ("survey-sheet", "survey-links"):
        paper = client.get(reverse(f"trainings:{name}", args=[event.public_id, survey.pk]))
        assert paper.content.startswith(b"%PDF")
