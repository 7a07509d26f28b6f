"""Tests before and after, and evaluations: told of a past training, open after one of this week."""

import datetime
import random

from centrum.kit import clock
from trainings import answering, surveys
from trainings.enums import EventState, QuestionKind, SurveyKind
from trainings.models import Event

LAST_DAY = datetime.date(2026, 11, 20)
QUESTIONS = (
    ("Ilu członków zakłada spółdzielnię socjalną osób fizycznych?", ("co najmniej troje", "co najmniej dziesięcioro")),
    ("Kto wybiera zarząd spółdzielni?", ("walne zgromadzenie albo rada nadzorcza", "urząd gminy")),
    ("Gdzie rejestruje się spółdzielnię socjalną?", ("w Krajowym Rejestrze Sądowym", "w urzędzie skarbowym")),
)
WORDS = ("Dużo przykładów z życia.", "Prosimy o dłuższe ćwiczenia.", "", "", "Dziękuję za cierpliwość.", "")


def tell(demo):
    chance = random.Random(20261120)  # noqa: S311 - chance for a story, not for a secret; other parts keep theirs
    past = Event.objects.filter(programme__pre_test=True, state=EventState.SETTLED, starts_on__year=2026).last()
    if past is None:
        return
    by, after = past.organiser, past.ends_on + datetime.timedelta(days=1)
    before = past.starts_on - datetime.timedelta(days=3)
    for kind, day, knowing in ((SurveyKind.PRE_TEST, before, 0.45), (SurveyKind.POST_TEST, after, 0.85)):
        with clock.at(demo.moment(day)):
            made = surveys.create(past, by=by, kind=kind, title="Co wiesz o spółdzielni socjalnej?", anonymous=False,
                                  minimum_shown=5)  # fmt: skip
            for text, (right, wrong) in QUESTIONS:
                options = [(right, "", True), (wrong, "", False)]
                surveys.save_question(made, by=by, kind=QuestionKind.ONE, text=text, options=options, points=1)
            _ask(made, by, chance, knowing, closes=True)
    with clock.at(demo.moment(after)):
        _ask(_evaluation(past, by), by, chance, 0.8, closes=True)
    now = Event.objects.filter(state=EventState.RUNNING, starts_on__gt=LAST_DAY - datetime.timedelta(days=7)).last()
    if now:
        with clock.at(demo.moment(LAST_DAY, 8, 8)):
            _ask(_evaluation(now, by), by, chance, 0.8, people=3)


def _evaluation(event, by):
    return surveys.create(
        event,
        by=by,
        kind=SurveyKind.EVALUATION,
        source=surveys.STANDARD,
        title="Jak oceniasz to wydarzenie?",
        anonymous=True,
        minimum_shown=5,
    )


def _ask(survey, by, chance, knowing, *, people=None, closes=False):
    surveys.open_survey(survey, by=by)
    survey.refresh_from_db()
    for enrolment in answering.seated_of(survey)[:people]:
        answering.answer(survey, enrolment, _given(survey, chance, knowing))
    if closes:
        surveys.close(survey, by=by)


def _given(survey, chance, knowing):
    """Answers of somebody who knows, or is content, so often; the options of a scale rise."""
    given = {}
    for question in surveys.questions_of(survey):
        options = list(question.options.all())
        if question.kind == QuestionKind.TEXT:
            given[question.pk] = chance.choice(WORDS)
        else:
            content = chance.random() < knowing
            if question.kind == QuestionKind.SCALE:
                chosen = chance.choice(options[3:] if content else options[:3])
            else:
                chosen = options[0] if content else options[-1]
            given[question.pk] = [chosen.pk]
    return given
