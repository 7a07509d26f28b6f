"""Tests and surveys of an event: reads, and what the staff do with them, from the draft to the closing.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import csv
import secrets
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max, OuterRef, Sum
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.columns import number
from centrum.kit.transitions import Refused, Stale, move
from trainings import answering, notices, queries
from trainings.capacity import lock_kept
from trainings.enums import (
    EVENT_PUBLIC,
    WITH_OWN_OPTIONS,
    EnrolmentState,
    EventState,
    Notice,
    QuestionKind,
    SurveyKind,
    SurveyState,
)
from trainings.models import Answer, Option, Question, Response, Survey, Ticket

FIELDS = ("title", "title_en", "introduction", "introduction_en", "anonymous", "minimum_shown")
FOLDER = Path(__file__).resolve().parent / "data" / "surveys"
STANDARD = "standard"
_MOST_OPTIONS = 30


def surveys_of(event):
    """Surveys of an event with `asked`, the number of questions, and `answered`, that of people who answered."""
    return event.surveys.annotate(
        asked=number(Question.objects.filter(survey=OuterRef("pk")), "survey"),
        answered=number(Response.objects.filter(survey=OuterRef("pk")), "survey"),
    ).order_by("pk")


def questions_of(survey):
    """Questions in their order, each with its options."""
    return survey.questions.prefetch_related("options").order_by("number")


def points_of(survey):
    """The most points that a test can give."""
    return survey.questions.aggregate(all=Sum("points"))["all"] or 0


def copied_from(event, user):
    """Surveys of other events of the same programme that `user` sees and may copy, the newest first."""
    if event.programme_id is None:
        return Survey.objects.none()
    seen = queries.visible_events(user).filter(programme=event.programme_id).exclude(pk=event.pk)
    return Survey.objects.filter(event__in=seen.values("pk")).select_related("event").order_by("-pk")


@transaction.atomic
def create(event, *, by, kind, source=None, **fields):
    """Write down a test or survey (FIELDS) with the questions of `source`: none, STANDARD, or another Survey."""
    row = lock_kept(event, by)
    if row.state == EventState.CANCELLED:
        raise Stale(_("This event is cancelled."))
    made = saving.save(Survey(event=row, kind=kind, created_at=clock.now(), **_known(fields)))
    if source == STANDARD:
        _ask_the_standard(made)
    elif source is not None:
        _copy(source, made)
    return made


@transaction.atomic
def update(survey, *, by, **fields):
    """Change FIELDS of a draft."""
    row = _lock_draft(survey, by)
    for name, value in _known(fields).items():
        setattr(row, name, value)
    return saving.save(row)


@transaction.atomic
def discard(survey, *, by):
    """Delete a draft with its questions."""
    row = _lock_draft(survey, by)
    Option.objects.filter(question__survey=row).delete()
    row.questions.all().delete()
    Survey.objects.filter(pk=row.pk).delete()


@transaction.atomic
def save_question(survey, *, by, kind, text, text_en="", options=(), required=True, points=0, question=None):
    """Add a question at the end of a draft, or change `question`.

    `options`: [(text, text in English, whether right)] of a question whose answers are written by its author.
    """
    row = _lock_draft(survey, by)
    _must_be_judgeable(row, kind, options, points)
    made = question or Question(survey=row, number=(row.questions.aggregate(last=Max("number"))["last"] or 0) + 1)
    made.survey = row
    made.kind, made.text, made.text_en, made.required, made.points = kind, text, text_en, required, points
    saving.save(made)
    made.options.all().delete()
    _offer(made, options)
    return made


@transaction.atomic
def remove_question(question, *, by):
    """Take a question out of a draft; those after it move up."""
    row = _lock_draft(question.survey, by)
    question.options.all().delete()
    row.questions.filter(pk=question.pk).delete()
    row.questions.filter(number__gt=question.number).update(number=F("number") - 1)


@transaction.atomic
def shift_question(question, *, by, up):
    """Let a question of a draft change places with the one before it (`up`) or after it; at the end nothing happens."""
    row = _lock_draft(question.survey, by)
    rows = list(row.questions.order_by("number"))
    here = next(n for n, one in enumerate(rows) if one.pk == question.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here].number, rows[there].number = rows[there].number, rows[here].number
        Question.objects.bulk_update([rows[here], rows[there]], ["number"])


@transaction.atomic
def open_survey(survey, *, by):
    """Open a draft to all who have a seat; those with an e-mail address get the link. Returns (written, without one).

    A test before is opened until the last session begins, everything else from then on.
    """
    row = _lock(survey, by)
    if row.state == SurveyState.DRAFT:
        _must_be_complete(row)
        _must_be_in_time(row)
    row = move(row, "open", by=by)
    seated = list(row.event.enrolments.filter(state=EnrolmentState.SEATED).select_related("event").order_by("pk"))
    Ticket.objects.bulk_create(Ticket(survey=row, enrolment=one) for one in seated)
    written = sum(_tell(row, one) for one in seated)
    return written, len(seated) - written


@transaction.atomic
def close(survey, *, by):
    """Take no more answers; those of an anonymous survey are mixed, so that their order tells nothing."""
    row = _lock(survey, by)
    if row.state == SurveyState.OPEN and row.anonymous:
        _mix(row)
    return move(row, "close", by=by)


def _mix(survey):
    """Write the responses and answers anew in random order, and stamp the tickets with the same transaction."""
    said = [list(response.answers.all()) for response in survey.responses.prefetch_related("answers")]
    Answer.objects.filter(response__survey=survey).delete()
    survey.responses.all().delete()
    chance = secrets.SystemRandom()
    chance.shuffle(said)
    responses = Response.objects.bulk_create(Response(survey=survey) for _answers in said)
    answers = [
        Answer(response=response, question_id=one.question_id, option_id=one.option_id, text=one.text)
        for response, whole in zip(responses, said, strict=True)
        for one in whole
    ]
    chance.shuffle(answers)
    Answer.objects.bulk_create(answers)
    survey.tickets.update(used=F("used"))


def _tell(survey, enrolment):
    title = survey.title_en if enrolment.language == "en" and survey.title_en else survey.title
    link = answering.link(survey, enrolment)
    return notices.tell(enrolment, Notice.SURVEY, occasion=f"survey-{survey.pk}", text=title, link=link)


def _lock(survey, by):
    event = lock_kept(survey.event, by)
    row = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    row.event = event
    return row


def _lock_draft(survey, by):
    row = _lock(survey, by)
    if row.state != SurveyState.DRAFT:
        raise Stale(_("This survey is open or closed, so its questions stay as they are."))
    return row


def _known(fields):
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    return fields


def _must_be_judgeable(survey, kind, options, points):
    if kind in WITH_OWN_OPTIONS:
        texts = [text for text, _text_en, _right in options]
        if not 2 <= len(texts) <= _MOST_OPTIONS or len(set(texts)) < len(texts):
            raise Refused({"options": _("Write from 2 to 30 different answers, each in its own line.")})
    if points and not survey.is_test:
        raise Refused({"points": _("Points are given in tests.")})
    right = sum(right for _text, _text_en, right in options)
    if points and kind == QuestionKind.ONE and right != 1:
        raise Refused({"options": _("Mark the one right answer with an asterisk.")})
    if points and kind == QuestionKind.SEVERAL and not right:
        raise Refused({"options": _("Mark the right answers with an asterisk.")})


def _must_be_complete(survey):
    if not survey.questions.exists():
        raise Refused(_("Add questions first."))
    if survey.is_test and not points_of(survey):
        raise Refused(_("Give points for at least one question of the test first."))


def _must_be_in_time(survey):
    event = survey.event
    if event.state not in EVENT_PUBLIC:
        raise Refused(_("The event is a draft or cancelled, so nobody can be asked."))
    begins = event.sessions.aggregate(last=Max("starts_at"))["last"]
    last_begun = clock.now() >= begins if begins else clock.today() >= event.ends_on
    if survey.kind == SurveyKind.PRE_TEST and last_begun:
        raise Refused(_("The last session has begun, so it is too late for a test before."))
    if survey.kind != SurveyKind.PRE_TEST and not last_begun:
        raise Refused(_("The last session has not begun yet. Open this when it has."))


def _offer(question, options):
    if question.kind not in WITH_OWN_OPTIONS:
        options = [(row["text"], row["text_en"], False) for row in _read("answers") if row["kind"] == question.kind]
    for place, (text, text_en, right) in enumerate(options, 1):
        saving.save(Option(question=question, number=place, text=text, text_en=text_en, correct=right))


def _ask_the_standard(survey):
    if survey.is_test:
        raise Refused({"source": _("The standard questions are those of an evaluation.")})
    for place, row in enumerate(_read("evaluation"), 1):
        question = saving.save(
            Question(
                survey=survey,
                number=place,
                kind=row["kind"],
                text=row["text"],
                text_en=row["text_en"],
                required=row["required"] == "1",
            )
        )
        pairs = zip(row["options"].split("|"), row["options_en"].split("|"), strict=True)
        _offer(question, [(text, text_en, False) for text, text_en in pairs])


def _copy(source, survey):
    if source.is_test != survey.is_test:
        raise Refused({"source": _("A test is copied from a test, an evaluation from an evaluation.")})
    for question in questions_of(source):
        options = [(one.text, one.text_en, one.correct) for one in question.options.all()]
        question.pk, question.survey = None, survey
        question._state.adding = True
        saving.save(question)
        _offer(question, options)


def _read(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
