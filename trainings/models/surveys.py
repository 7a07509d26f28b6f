"""Tests and evaluation surveys of an event: questions, who may answer, and what was answered.

An anonymous survey leaves no path from an answer to a person:
* a Response of it has no enrolment (trigger), and neither Response nor Answer has a time, an author, a history or a
  key in sequence: their keys are random. The journal, the outbox and the letters tell only that a link was sent, to
  everybody alike, never that somebody answered;
* a Ticket says that somebody has answered, so that nobody does it twice, and knows nothing of the response;
* while the survey is open, ticket and response share a transaction, which the server remembers, and responses lie in
  the order in which they came. So nobody is shown a result before the survey is closed, and closing writes responses
  and answers anew, in random order, with new keys, in one transaction that stamps the tickets as well. What is left
  of the old rows on the disk goes with the next vacuum, in copies with the copy's end;
* a survey is never opened again, and groups smaller than `minimum_shown` are never told of, so that no difference of
  two results gives a person away;
* answers are told question by question, each in its own random order: a text can't be joined to the ticks beside it.
What somebody writes of themselves in their own words no table can hide; the form asks not to.
"""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import frozen, never_changed, never_deleted
from trainings.enums import SURVEY_MOVES, TESTS, WITH_OWN_OPTIONS, QuestionKind, SurveyKind, SurveyState
from trainings.models.enrolments import Enrolment
from trainings.models.events import Event


class Words(models.Model):
    """Texts in Polish with an optional English one in the field `<name>_en`."""

    class Meta:
        abstract = True

    def told(self, name):
        """The text of the field `name` in the language in force, the Polish one where there is no other."""
        translated = getattr(self, f"{name}_en") if get_language() == "en" else ""
        return translated or getattr(self, name)


def _only_in_a_draft(survey):
    """Trigger: questions and options change while their survey (SQL that finds its key for `row`) is a draft."""
    return pgtrigger.Trigger(
        name="only_in_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("row", "record")],
        func=f"""
            IF TG_OP = 'DELETE' THEN row := OLD; ELSE row := NEW; END IF;
            IF (SELECT state FROM trainings_survey WHERE id = {survey}) <> 'draft' THEN
                RAISE EXCEPTION 'The questions of an open or closed survey stay as they are'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_asked';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - put together from words of this file
    )


def _only_while_open(survey):
    """Trigger: answers come, and are mixed at closing, while their survey is open; then they stay."""
    return pgtrigger.Trigger(
        name="only_while_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Delete,
        declare=[("row", "record")],
        func=f"""
            IF TG_OP = 'DELETE' THEN row := OLD; ELSE row := NEW; END IF;
            IF (SELECT state FROM trainings_survey WHERE id = {survey}) IS DISTINCT FROM 'open' THEN
                RAISE EXCEPTION 'Answers are given while the survey is open'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_open';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - put together from words of this file
    )


@history()
class Survey(Words):
    """A test before or after an event, or its evaluation.

    `minimum_shown`: results of a group of fewer people are not told, only how many they are.
    """

    MOVES = SURVEY_MOVES

    event = models.ForeignKey(Event, models.PROTECT, related_name="surveys")
    kind = models.CharField(_("kind"), max_length=20, choices=SurveyKind)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    introduction_en = models.TextField(_("introduction in English"), blank=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    minimum_shown = models.PositiveSmallIntegerField(_("smallest group whose answers are shown"))
    state = models.CharField(_("state"), max_length=20, choices=SurveyState, default=SurveyState.DRAFT)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("test or survey")
        verbose_name_plural = _("tests and surveys")
        ordering = ["id"]
        triggers = [
            legal_moves(SURVEY_MOVES),
            frozen("of_its_event", ["event"], when=pgtrigger.Q()),
            frozen(
                "as_opened",
                ["kind", "title", "title_en", "introduction", "introduction_en", "anonymous", "minimum_shown"],
                when=~pgtrigger.Q(old__state=SurveyState.DRAFT),
            ),
            pgtrigger.Protect(
                name="begins_as_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=SurveyState.DRAFT),
            ),
            pgtrigger.Protect(
                name="only_drafts_deleted",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state=SurveyState.DRAFT),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="survey_titled"),
            models.CheckConstraint(condition=Q(kind__in=SurveyKind.values), name="survey_kind"),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(kind=SurveyKind.EVALUATION),
                name="survey_anonymous",
                violation_error_message=_("Only an evaluation may be anonymous: a test has to know whose it is."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_shown__range=(3, 100)),
                name="survey_minimum",
                violation_error_message=_("The smallest group shown has from 3 to 100 people."),
            ),
            models.CheckConstraint(
                condition=Q(state=SurveyState.DRAFT, opened_at=None, closed_at=None)
                | Q(state=SurveyState.OPEN, opened_at__isnull=False, closed_at=None)
                | Q(state=SurveyState.CLOSED, opened_at__isnull=False, closed_at__isnull=False),
                name="survey_stamps",
            ),
            models.UniqueConstraint(
                fields=["event", "kind"],
                condition=Q(kind__in=TESTS),
                name="survey_test_once",
                violation_error_message=_("This event has such a test already."),
            ),
        ]

    def __str__(self):
        return self.told("title")

    @property
    def introduction_told(self):
        return self.told("introduction")

    @property
    def is_test(self):
        return self.kind in TESTS


@history()
class Question(Words):
    """One question. `points`: what the right answer to a question of a test is worth, 0: it is not judged."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind)
    text = models.CharField(_("question"), max_length=500)
    text_en = models.CharField(_("question in English"), max_length=500, blank=True)
    required = models.BooleanField(_("has to be answered"), default=True)
    points = models.PositiveSmallIntegerField(_("points"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["number"]
        triggers = [
            _only_in_a_draft("row.survey_id"),
            pgtrigger.Trigger(
                name="points_in_tests",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("points"),
                func="""
                    IF NEW.points > 0 AND (SELECT kind FROM trainings_survey WHERE id = NEW.survey_id) = 'evaluation'
                    THEN
                        RAISE EXCEPTION 'Points are given in tests'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'question_points_in_tests';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="question_number", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_text"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind"),
            models.CheckConstraint(
                condition=Q(points=0) | Q(points__lte=100, kind__in=WITH_OWN_OPTIONS),
                name="question_points",
                violation_error_message=_("Points, up to 100, go to questions whose answers you write yourself."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text_told}"

    @property
    def text_told(self):
        return self.told("text")


@history()
class Option(Words):
    """An answer to tick. `number`: its place, on a scale its value, from 1."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("answer"), max_length=300)
    text_en = models.CharField(_("answer in English"), max_length=300, blank=True)
    correct = models.BooleanField(_("right"), default=False)

    class Meta:
        verbose_name = _("answer to choose")
        verbose_name_plural = _("answers to choose")
        ordering = ["number"]
        triggers = [_only_in_a_draft("(SELECT survey_id FROM trainings_question WHERE id = row.question_id)")]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="option_number"),
            models.CheckConstraint(condition=~Q(text=""), name="option_text"),
            models.CheckConstraint(condition=Q(number__range=(1, 30)), name="option_number_range"),
        ]

    def __str__(self):
        return self.told("text")


class Ticket(models.Model):
    """That somebody may answer, once, and whether they have; no history and no time."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="tickets")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="tickets")
    used = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ticket to a survey")
        verbose_name_plural = _("tickets to surveys")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["survey", "enrolment"], name="ticket_once")]
        triggers = [
            never_deleted(),
            frozen("whose", ["survey", "enrolment"], when=pgtrigger.Q()),
            pgtrigger.Protect(
                name="used_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__used=True, new__used=False)
            ),
            pgtrigger.Trigger(
                name="of_its_event",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF (SELECT event_id FROM trainings_survey WHERE id = NEW.survey_id)
                        <> (SELECT event_id FROM trainings_enrolment WHERE id = NEW.enrolment_id) THEN
                        RAISE EXCEPTION 'A ticket is for somebody enrolled in the event of the survey'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_event';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.survey_id}: {self.enrolment_id}"


class Response(models.Model):
    """The answers of one person to one survey; `score`: points in a test. See the head of this file before adding
    a column."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, verbose_name=_("enrolment"), related_name="responses"
    )
    score = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)

    class Meta:
        verbose_name = _("answers of one person")
        verbose_name_plural = _("answers of people")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "enrolment"], condition=Q(enrolment__isnull=False), name="response_once"
            )
        ]
        triggers = [
            never_changed(),
            _only_while_open("row.survey_id"),
            pgtrigger.Trigger(
                name="as_its_survey_says",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("survey", "record")],
                func="""
                    SELECT * INTO survey FROM trainings_survey WHERE id = NEW.survey_id;
                    IF survey.anonymous <> (NEW.enrolment_id IS NULL) THEN
                        RAISE EXCEPTION 'An anonymous response has no person, every other one has'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'response_anonymous';
                    END IF;
                    IF (survey.kind = 'evaluation') <> (NEW.score IS NULL) THEN
                        RAISE EXCEPTION 'A test has a score, an evaluation has none'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'response_score';
                    END IF;
                    IF (SELECT event_id FROM trainings_enrolment WHERE id = NEW.enrolment_id) <> survey.event_id THEN
                        RAISE EXCEPTION 'Only people of the event answer'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'response_event';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return str(self.id)


class Answer(models.Model):
    """One ticked option, or a text, of a response."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, verbose_name=_("question"), related_name="answers")
    option = models.ForeignKey(
        Option, models.PROTECT, null=True, blank=True, verbose_name=_("answer"), related_name="answers"
    )
    text = models.TextField(_("own words"), blank=True, max_length=4000)

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "option"], nulls_distinct=False, name="answer_once"
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=False, text="") | Q(option=None) & ~Q(text=""), name="answer_option_or_text"
            ),
        ]
        triggers = [
            never_changed(),
            _only_while_open("(SELECT survey_id FROM trainings_response WHERE id = row.response_id)"),
            pgtrigger.Trigger(
                name="as_its_question_asks",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("question", "record")],
                func="""
                    SELECT * INTO question FROM trainings_question WHERE id = NEW.question_id;
                    IF question.survey_id <> (SELECT survey_id FROM trainings_response WHERE id = NEW.response_id)
                        OR (question.kind = 'text') <> (NEW.option_id IS NULL)
                        OR (SELECT question_id FROM trainings_option WHERE id = NEW.option_id) <> question.id
                        OR question.kind <> 'several' AND EXISTS (
                            SELECT 1 FROM trainings_answer
                            WHERE response_id = NEW.response_id AND question_id = NEW.question_id
                        )
                    THEN
                        RAISE EXCEPTION 'The answer is not one to this question'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_fits';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return str(self.option or self.text)
