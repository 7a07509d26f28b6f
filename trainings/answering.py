"""Answering a test or survey: by the secret link of whoever has a seat, or from a paper sheet by the staff.

Nothing here writes down who answered what in an anonymous survey; see `models/surveys.py`.
Functions raise Refused in words for the user.
"""

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import outbox
from centrum.kit.transitions import Refused
from trainings.capacity import lock_kept
from trainings.enums import EVENT_PUBLIC, EnrolmentState, QuestionKind, SurveyState
from trainings.models import Answer, Enrolment, Response, Survey, Ticket

_SALT = "trainings.survey"


def token(survey, enrolment):
    return signing.dumps([survey.pk, str(enrolment.public_id)], salt=_SALT)


def link(survey, enrolment):
    """Absolute address of the survey for one person, for letters and QR codes."""
    return outbox.link("events:survey", token(survey, enrolment))


def opened(text):
    """(survey, enrolment) that a link opens; None for a forged one, a draft, or somebody who has no seat."""
    try:
        survey, enrolment = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    person = Enrolment.objects.filter(public_id=enrolment, state=EnrolmentState.SEATED).first()
    rows = Survey.objects.exclude(state=SurveyState.DRAFT).select_related("event")
    found = rows.filter(pk=survey, event=person.event_id).first() if person else None
    return (found, person) if found else None


def takes_answers(survey):
    return survey.state == SurveyState.OPEN and survey.event.state in EVENT_PUBLIC


def has_answered(survey, enrolment):
    return Ticket.objects.filter(survey=survey, enrolment=enrolment, used=True).exists()


def open_to(enrolment):
    """[(survey, its address)] for the own page of somebody enrolled, alike before and after the answer."""
    if enrolment.state != EnrolmentState.SEATED or enrolment.event.state not in EVENT_PUBLIC:
        return []
    rows = Survey.objects.filter(event=enrolment.event_id, state=SurveyState.OPEN).order_by("pk")
    return [(row, link(row, enrolment)) for row in rows]


def seated_of(survey):
    """People who may answer."""
    return survey.event.enrolments.filter(state=EnrolmentState.SEATED).order_by("sort", "pk")


def still_to_answer(survey):
    """Those of them who have not, for a survey that is not anonymous."""
    return seated_of(survey).exclude(tickets__in=survey.tickets.filter(used=True))


@transaction.atomic
def answer(survey, enrolment, given):
    """Keep the answers of somebody with a seat, once; returns whether these are the ones kept.

    `given`: {key of the question: [keys of options] or text}; without a question: no answer.
    """
    row = _lock_open(survey)
    if not Enrolment.objects.filter(pk=enrolment.pk, event=row.event_id, state=EnrolmentState.SEATED).exists():
        raise Refused(_("Only people with a seat at the event may answer."))
    ticket = _lock_ticket(row, enrolment)
    if ticket.used:
        return False
    _use(ticket)
    _write(row, enrolment, given)
    return True


@transaction.atomic
def note_paper(survey, *, by, given, enrolment=None):
    """Type in a paper sheet: that of `enrolment`, or one of an anonymous survey, which uses nobody's ticket."""
    lock_kept(survey.event, by)
    row = _lock_open(survey)
    if row.anonymous:
        if row.responses.count() >= seated_of(row).count():
            raise Refused(_("There are as many answers as people with a seat."))
        return _write(row, None, given)
    if enrolment is None or not seated_of(row).filter(pk=enrolment.pk).exists():
        raise Refused({"enrolment": _("Choose who filled in the sheet.")})
    ticket = _lock_ticket(row, enrolment)
    if ticket.used:
        raise Refused({"enrolment": _("This person has answered already.")})
    _use(ticket)
    return _write(row, enrolment, given)


def on_paper(survey):
    """How many answers of an anonymous survey were typed in: those beyond the tickets used."""
    return max(survey.responses.count() - survey.tickets.filter(used=True).count(), 0)


def _lock_open(survey):
    row = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("event").get(pk=survey.pk)
    if not takes_answers(row):
        raise Refused(_("This survey is closed, so it takes no more answers."))
    return row


def _lock_ticket(survey, enrolment):
    # somebody seated since the opening has none yet
    Ticket.objects.bulk_create([Ticket(survey=survey, enrolment=enrolment)], ignore_conflicts=True)
    return Ticket.objects.select_for_update(of=("self",)).get(survey=survey, enrolment=enrolment)


def _use(ticket):
    ticket.used = True
    ticket.save(update_fields=["used"])


def _write(survey, enrolment, given):
    questions = list(survey.questions.prefetch_related("options"))
    missing = {f"q{one.pk}": _("Answer this question.") for one in questions if one.required and not given.get(one.pk)}
    if missing:
        raise Refused(missing)
    made = Response.objects.create(
        survey=survey,
        enrolment=None if survey.anonymous else enrolment,
        score=_score(questions, given) if survey.is_test else None,
    )
    answers = []
    for one in questions:
        said = given.get(one.pk)
        if said and one.kind == QuestionKind.TEXT:
            answers.append(Answer(response=made, question=one, text=said))
        elif said:
            answers += [Answer(response=made, question=one, option_id=option) for option in said]
    Answer.objects.bulk_create(answers)
    return made


def _score(questions, given):
    """Points: those of a question for all of its right answers and no wrong one."""
    return sum(
        one.points
        for one in questions
        if one.points and set(given.get(one.pk, ())) == {option.pk for option in one.options.all() if option.correct}
    )
