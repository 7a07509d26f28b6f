"""Files of tests and surveys: answers counted, points of each person; the journal keeps who took them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import ExportRecord
from tests.factories import trainings as make
from trainings import answering, survey_results, surveys

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return make.keeper()


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def event(keeper):
    return make.event(by=keeper, seats=12)


def page(survey):
    return reverse("trainings:survey-files", args=[survey.event.public_id, survey.pk])


def file_of(office, survey, profile):
    said = {"profile": profile, "day": f"{clock.today():%d.%m.%Y}", "reason": "Sprawozdanie"}
    response = office.post(page(survey), said)
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def evaluation(event, keeper, people):
    """The standard anonymous evaluation, open and answered by so many."""
    enrolled = [make.enrolment(event) for _number in range(people)]
    with clock.at(make.at(14, 16)):
        made = surveys.create(event, by=keeper, kind="evaluation", source=surveys.STANDARD, title="Ocena",
                              anonymous=True, minimum_shown=5)  # fmt: skip
        surveys.open_survey(made, by=keeper)
    made.refresh_from_db()
    for one in enrolled:
        answering.answer(made, one, ticked(made))
    return made


def ticked(survey):
    """The first answer to all that has to be answered."""
    rows = surveys.questions_of(survey).filter(required=True)
    return {row.pk: [row.options.order_by("number")[0].pk] for row in rows}


def test_a_row_for_each_question_and_answer_as_on_the_page(office, event, keeper):
    survey = evaluation(event, keeper, 6)
    assert file_of(office, survey, "survey_results") == []  # nobody sees them before the closing
    surveys.close(survey, by=keeper)
    survey.refresh_from_db()
    told = survey_results.results_of(survey)
    cells = [(str(a.question.number), cell.label, str(cell.count)) for a in told.asked for cell in a.cells]
    rows = file_of(office, survey, "survey_results")
    answered = [row for row in rows if row["Odpowiedziało na pytanie"] != "0"]
    assert [(row["Nr pytania"], row["Odpowiedź"], row["Wybrało"]) for row in answered] == cells
    record = ExportRecord.objects.first()
    assert (record.profile, record.by, record.reason, record.rows) == (
        "survey_results", keeper, "Sprawozdanie", len(rows),
    )  # fmt: skip


def test_a_small_group_leaves_no_row(office, event, keeper):
    survey = evaluation(event, keeper, 4)
    surveys.close(survey, by=keeper)
    assert file_of(office, survey, "survey_results") == []


def test_points_of_people_only_of_a_test(office, event, keeper):
    enrolled = make.enrolment(event, first_name="Łucja", last_name="Ćma")
    test = make.survey(event, by=keeper, state="open")
    answering.answer(test, enrolled, make.given(test))
    most = str(surveys.points_of(test))
    assert file_of(office, test, "test_people") == [
        {"Imię": "Łucja", "Nazwisko": "Ćma", "Punkty": most, "Największa liczba punktów": most}
    ]
    survey = evaluation(event, keeper, 0)
    said = {"profile": "test_people", "day": f"{clock.today():%d.%m.%Y}", "reason": "Sprawozdanie"}
    assert list(office.post(page(survey), said).context["form"].errors) == ["profile"]


@pytest.mark.parametrize("name", ["surveys", "survey-results"])
def test_pages_ask_as_often_of_more_rows(office, event, keeper, name):
    people = [make.enrolment(event) for _number in range(8)]
    with clock.at(make.at(14, 16)):
        survey = make.survey(event, by=keeper, kind="evaluation", state="open")
    keys = [event.public_id] if name == "surveys" else [event.public_id, survey.pk]
    asked = []
    for some in (people[:3], people[3:]):
        for one in some:
            answering.answer(survey, one, make.given(survey, text="Dobrze."))
        with CaptureQueriesContext(connection) as caught:
            assert office.get(reverse(f"trainings:{name}", args=keys)).status_code == 200
        asked.append(len(caught))
        for _number in range(2):
            make.survey(event, by=keeper, kind="evaluation")
    assert asked[0] == asked[1]
