"""What a test or survey has shown, with the answers of small groups left out.

A group is everybody who answered, everybody who answered one question, or everybody on one kind of seats. Of a group
smaller than the survey's `minimum_shown` only the number of people is told; where groups add up to a whole that is
told, so many of them are left out that the rest gives none away by difference.
"""

from dataclasses import dataclass, field

from django.db.models import Avg, Count

from trainings import answering, surveys
from trainings.enums import QuestionKind, SurveyKind, SurveyState
from trainings.models import Answer, Question, Survey


@dataclass(frozen=True)
class Cell:
    """One answer to choose and how many chose it; `share`: per cent of those who answered the question."""

    label: str
    count: int
    share: int
    correct: bool = False


@dataclass(frozen=True)
class Asked:
    """What was answered to one question. `hidden`: by too few to be shown. `mean`: of a scale, else None."""

    question: Question
    answered: int
    hidden: bool
    cells: list = field(default_factory=list)
    mean: float | None = None
    texts: list = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """People on one kind of seats; `mean`: their score in per cent, or of all scales. None, both: left out."""

    label: str
    count: int | None
    mean: float | None


@dataclass(frozen=True)
class Results:
    """`waits`: nobody sees the results before the survey is closed; `hidden`: too few answered."""

    survey: Survey
    answered: int
    invited: int
    on_paper: int
    waits: bool
    hidden: bool
    mean: float | None = None
    asked: list = field(default_factory=list)
    groups: list = field(default_factory=list)

    @property
    def shown(self):
        return not (self.waits or self.hidden)


def suppressed(groups, minimum):
    """Keys of `groups` ({key: number of people}) that may not be told beside their sum.

    Those of 1 to `minimum` - 1 people, and as many of the next larger ones as it takes for all that is left out to be
    no smaller a group itself.
    """
    by_size = sorted((count, key) for key, count in groups.items() if count)
    left_out = [(count, key) for count, key in by_size if count < minimum]
    for larger in by_size[len(left_out) :]:
        if not left_out or sum(count for count, _key in left_out) >= minimum:
            break
        left_out.append(larger)
    return {key for _count, key in left_out}


def results_of(survey):
    """Results of a survey, as far as they may be told."""
    answered = survey.responses.count()
    waits = survey.anonymous and survey.state != SurveyState.CLOSED
    told = Results(
        survey=survey,
        answered=answered,
        invited=answering.seated_of(survey).count(),
        on_paper=answering.on_paper(survey) if survey.anonymous else 0,
        waits=waits,
        hidden=answered < survey.minimum_shown,
    )
    if not told.shown:
        return told
    return Results(
        **{name: getattr(told, name) for name in ("survey", "answered", "invited", "on_paper", "waits", "hidden")},
        mean=_mean_score(survey),
        asked=_asked(survey),
        groups=[] if survey.anonymous else _groups(survey),
    )


def people_of(event):
    """[(enrolment, points before, points after)] of everybody who took a test; None: not taken. For who keeps it."""
    scores = {}
    for kind in (SurveyKind.PRE_TEST, SurveyKind.POST_TEST):
        survey = event.surveys.filter(kind=kind).first()
        for response in survey.responses.select_related("enrolment") if survey else ():
            scores.setdefault(response.enrolment, {})[kind] = response.score
    people = sorted(scores.items(), key=lambda pair: (pair[0].sort, pair[0].pk))
    return [(one, said.get(SurveyKind.PRE_TEST), said.get(SurveyKind.POST_TEST)) for one, said in people]


def comparison(event):
    """[Results of the test before and of the test after], those that were opened, in this order.

    Each mean is of all who took that test: a mean of those who took both would tell of the few who took one.
    """
    rows = event.surveys.filter(kind__in=(SurveyKind.PRE_TEST, SurveyKind.POST_TEST)).exclude(state=SurveyState.DRAFT)
    return [results_of(row) for row in sorted(rows, key=lambda row: row.kind, reverse=True)]


def _mean_score(survey):
    most = surveys.points_of(survey) if survey.is_test else 0
    score = survey.responses.aggregate(mean=Avg("score"))["mean"] if most else None
    return None if score is None else float(score) * 100 / most


def _asked(survey):
    answers = Answer.objects.filter(question__survey=survey)
    people = dict(answers.order_by().values_list("question").annotate(Count("response", distinct=True)))
    ticks = dict(answers.exclude(option=None).order_by().values_list("option").annotate(Count("pk")))
    texts = {}
    # each text has a random key of its own, so their order tells nothing
    for question, text in answers.filter(option=None).order_by("pk").values_list("question", "text"):
        texts.setdefault(question, []).append(text)
    rows = surveys.questions_of(survey)
    return [_told(survey, row, people.get(row.pk, 0), ticks, texts.get(row.pk, [])) for row in rows]


def _told(survey, question, answered, ticks, texts):
    if question.kind == QuestionKind.TEXT:
        # whoever wrote is one of all who answered, who are enough
        return Asked(question, answered, hidden=False, texts=texts)
    if answered < survey.minimum_shown:
        return Asked(question, answered, hidden=answered > 0)
    options = list(question.options.all())
    counts = [ticks.get(option.pk, 0) for option in options]
    mean = None
    if question.kind == QuestionKind.SCALE:
        mean = sum(option.number * count for option, count in zip(options, counts, strict=True)) / sum(counts)
    cells = [
        Cell(str(option), count, round(count * 100 / answered), option.correct)
        for option, count in zip(options, counts, strict=True)
    ]
    return Asked(question, answered, hidden=False, cells=cells, mean=mean)


def _groups(survey):
    seats = {group.pk: group for group in survey.event.groups.all()}
    if len(seats) < 2:
        return []
    counts = dict.fromkeys(seats, 0) | dict(
        survey.responses.order_by().values_list("enrolment__group").annotate(Count("pk"))
    )
    left_out = suppressed(counts, survey.minimum_shown)
    means = _means(survey)
    return [
        Group(str(group), None, None) if pk in left_out else Group(str(group), counts[pk], means.get(pk))
        for pk, group in seats.items()
    ]


def _means(survey):
    if survey.is_test:
        most = surveys.points_of(survey)
        scores = survey.responses.order_by().values_list("enrolment__group").annotate(Avg("score"))
        return {group: float(score) * 100 / most for group, score in scores}
    answers = Answer.objects.filter(question__survey=survey, question__kind=QuestionKind.SCALE).order_by()
    return {
        group: float(m)
        for group, m in answers.values_list("response__enrolment__group").annotate(Avg("option__number"))
    }
