"""A test or survey that a secret link opens, without an account: one page, answered once."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.kit.transitions import Refused
from trainings import answering, surveys
from trainings.enums import SurveyState
from trainings.models import Response
from trainings.survey_forms import AnswerForm


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request, token):
    found = answering.opened(token)
    if found is None:
        raise Http404
    row, enrolment = found
    if answering.has_answered(row, enrolment):
        return render(request, "trainings/survey_done.html", _done(row, enrolment))
    if not answering.takes_answers(row):
        return render(request, "trainings/survey_done.html", {"survey": row, "closed": True})
    form = AnswerForm(request.POST if request.method == "POST" else None, survey=row)
    if form.is_valid():
        try:
            answering.answer(row, enrolment, form.cleaned_data["given"])
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("events:survey", token)
    return render(request, "trainings/survey_answer.html", {"survey": row, "form": form})


def _done(row, enrolment):
    context = {"survey": row, "thanks": True}
    if row.is_test:
        context["score"] = Response.objects.get(survey=row, enrolment=enrolment).score
        context["points"] = surveys.points_of(row)
        if row.state == SurveyState.CLOSED:
            context["right"] = [
                (question, [option for option in question.options.all() if option.correct])
                for question in surveys.questions_of(row)
                if question.points
            ]
    return context
