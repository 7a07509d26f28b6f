"""Files of tests and surveys: a row for each question and answer, and of a test a row for each person."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.exports import Profile, Resource, Text, label
from centrum.staff.enums import Right
from trainings import survey_results
from trainings.enums import QuestionKind
from trainings.models import Answer, Question, Response, Survey


@dataclass(frozen=True)
class Scope:
    """The survey that a file is of, as the journal and the file's name call it."""

    survey: Survey

    def __str__(self):
        return f"{self.survey.event.number.replace('/', '-')}-ankieta-{self.survey.pk}"


class Counts(Resource):
    number = Text("number", column_name="Nr pytania")
    text = Text("text", column_name="Pytanie")
    kind = Text(label("kind", QuestionKind), column_name="Rodzaj")
    option = Text("options__text", column_name="Odpowiedź")
    count = Text("chosen", column_name="Wybrało")
    answered = Text("answered", column_name="Odpowiedziało na pytanie")

    class Meta:
        export_order = ("number", "text", "kind", "option", "count", "answered")


def _counts(scope, _day, _by):
    """As they stand now; without counts where too few people answered, without rows while nothing may be told."""
    survey = scope.survey
    rows = Question.objects.filter(survey=survey)
    if not survey_results.results_of(survey).shown:
        rows = rows.none()
    people = Answer.objects.filter(question=OuterRef("pk")).order_by().values("question")
    ticks = Answer.objects.filter(option=OuterRef("options__pk")).order_by().values("option")
    own = Q(kind=QuestionKind.TEXT)
    return (
        rows.annotate(found=Coalesce(Subquery(people.annotate(n=Count("response", distinct=True)).values("n")), 0))
        .annotate(ticked=Coalesce(Subquery(ticks.annotate(n=Count("pk")).values("n")), 0))
        .annotate(
            enough=Case(When(own | Q(found=0) | Q(found__gte=survey.minimum_shown), then=Value("1")), default=Value(""))
        )
        .annotate(
            answered=_if_enough(F("found")),
            chosen=Case(When(own, then=Value("")), default=_if_enough(F("ticked")), output_field=TextField()),
        )
        .order_by("number", "options__number")
    )


def _if_enough(value):
    return Case(
        When(enough="1", then=Cast(value, TextField())), default=Value("ukryto: mała grupa"), output_field=TextField()
    )


class People(Resource):
    first_name = Text("enrolment__first_name", column_name="Imię")
    last_name = Text("enrolment__last_name", column_name="Nazwisko")
    score = Text("score", column_name="Punkty")
    most = Text("most", column_name="Największa liczba punktów")

    class Meta:
        export_order = ("first_name", "last_name", "score", "most")


def _people(scope, _day, _by):
    """Whoever took the test; a survey that is none has no such file."""
    rows = Response.objects.filter(survey=scope.survey, score__isnull=False)
    most = Value(survey_results.surveys.points_of(scope.survey))
    return rows.annotate(most=most).order_by("enrolment__sort", "enrolment")


def _name_questions(pks):
    rows = Question.objects.filter(pk__in=pks).select_related("survey__event")
    return {row.pk: (str(row), _page(row.survey)) for row in rows}


def _name_people(pks):
    rows = Response.objects.filter(pk__in=pks).select_related("survey__event", "enrolment")
    return {row.pk: (str(row.enrolment), _page(row.survey)) for row in rows}


def _page(survey):
    return reverse("trainings:survey", args=[survey.event.public_id, survey.pk])


_OURS = {"right": Right.KEEP_TRAININGS, "machine": False}
PROFILES = (
    Profile("survey_results", _("Answers counted"), resource=Counts, rows=_counts, name_rows=_name_questions,
            subject="survey", **_OURS),
    Profile("test_people", _("Points of each person"), resource=People, rows=_people, name_rows=_name_people,
            subject="test", **_OURS),
)  # fmt: skip
