"""The tab of tests and surveys: the list, one survey with its questions, opening, closing, paper and results."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import exports
from centrum.kit.transitions import Refused, available, find
from centrum.register.enterprise_views import form_page
from centrum.register.file_forms import FilesForm
from centrum.register.file_views import download
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from trainings import answering, queries, survey_charts, survey_documents, survey_results, surveys
from trainings.enums import SURVEY_MOVES, SURVEY_TAG, EventState, SurveyState
from trainings.pages import kept, page_of, seen
from trainings.survey_forms import AnswerForm, PaperForm, QuestionForm, SurveyForm
from trainings.survey_profiles import Scope

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
TAB = "trainings:surveys"


@read
@requires(Right.VIEW_TRAININGS)
def listing(request, public_id):
    event = seen(request, public_id)
    rows = list(surveys.surveys_of(event))
    for row in rows:
        row.tag = SURVEY_TAG[row.state]
    context = {
        "surveys": rows,
        "tests": any(row.is_test and row.state != SurveyState.DRAFT for row in rows),
        "takes": queries.may_keep(request.user, event) and event.state != EventState.CANCELLED,
    }
    return render(request, "trainings/surveys.html", page_of(request, event, TAB, **context))


@read
@requires(Right.VIEW_TRAININGS)
def survey(request, public_id, pk):
    event = seen(request, public_id)
    row = get_object_or_404(surveys.surveys_of(event), pk=pk)
    may_keep = queries.may_keep(request.user, event)
    context = {
        "survey": row,
        "survey_tag": SURVEY_TAG[row.state],
        "moves": available(row, request.user) if may_keep else [],
        "draft": row.state == SurveyState.DRAFT,
        "takes_answers": answering.takes_answers(row),
        "questions": list(surveys.questions_of(row)),
        "points": surveys.points_of(row),
        "invited": answering.seated_of(row).count(),
        "on_paper": answering.on_paper(row) if row.anonymous else 0,
    }
    return render(request, "trainings/survey.html", page_of(request, event, TAB, **context))


@write
@requires(Right.KEEP_TRAININGS)
def survey_new(request, public_id):
    event = kept(request, public_id)
    form = SurveyForm(request.POST or None, copied=surveys.copied_from(event, request.user))
    return _form(
        request,
        event,
        form,
        lambda **data: surveys.create(event, by=request.user, **data),
        title=_("Add a test or survey"),
        done=_("The draft is kept. Look through its questions."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def survey_edit(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form(
        request,
        row.event,
        SurveyForm(request.POST or None, survey=row),
        lambda **data: surveys.update(row, by=request.user, **data),
        survey=row,
        title=_("Change the survey"),
        done=_("The changes are kept."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def survey_discard(request, public_id, pk):
    row = _kept(request, public_id, pk)
    _try(request, lambda: surveys.discard(row, by=request.user), _("The draft is deleted."))
    return redirect(TAB, row.event.public_id)


@write
@requires(Right.KEEP_TRAININGS)
def survey_move(request, public_id, pk, action):
    """Open or close, after a page that says what follows."""
    row = _kept(request, public_id, pk)
    if action not in [move.action for move in SURVEY_MOVES]:
        raise Http404
    step = find(SURVEY_MOVES, action)
    if row.state not in step.sources:
        messages.warning(
            request,
            _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()},
        )
        return redirect(_page(row))
    notes = {
        "open": _("Everybody with a seat and an e-mail address gets a letter with their own link."),
        "close": _("A closed survey takes no more answers and is never opened again."),
    }
    return _form(
        request,
        row.event,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda: _step(request, row, action),
        survey=row,
        title=f"{step.label}: {row}",
        button=step.label,
        note=notes[action],
        done=_("The state of the survey is changed."),
    )


def _step(request, row, action):
    if action == "close":
        surveys.close(row, by=request.user)
        return
    written, mute = surveys.open_survey(row, by=request.user)
    words = ngettext("%(count)s letter with the link goes out.", "%(count)s letters with the link go out.", written)
    messages.success(request, words % {"count": written})
    if mute:
        words = ngettext(
            "%(count)s person has no e-mail address: print the link or the sheet.",
            "%(count)s people have no e-mail address: print the links or the sheet.",
            mute,
        )
        messages.warning(request, words % {"count": mute})


# Questions


@write
@requires(Right.KEEP_TRAININGS)
def question_new(request, public_id, pk):
    return _question(request, _kept(request, public_id, pk), None, title=_("Add a question"))


@write
@requires(Right.KEEP_TRAININGS)
def question_edit(request, public_id, pk, question):
    row = _kept(request, public_id, pk)
    return _question(request, row, _question_of(row, question), title=_("Change the question"))


def _question(request, row, question, *, title):
    return _form(
        request,
        row.event,
        QuestionForm(request.POST or None, survey=row, question=question),
        lambda **data: surveys.save_question(row, by=request.user, question=question, **data),
        survey=row,
        title=title,
        done=_("The question is kept."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def question_remove(request, public_id, pk, question):
    row = _kept(request, public_id, pk)
    found = _question_of(row, question)
    _try(request, lambda: surveys.remove_question(found, by=request.user), _("The question is taken out."))
    return redirect(_page(row))


@require_POST
@requires(Right.KEEP_TRAININGS)
def question_shift(request, public_id, pk, question):
    row = _kept(request, public_id, pk)
    found = _question_of(row, question)
    up = request.POST.get("to") == "up"
    _try(request, lambda: surveys.shift_question(found, by=request.user, up=up), _("The question is moved."))
    return redirect(_page(row))


# Paper


@read
@requires(Right.VIEW_TRAININGS)
def preview(request, public_id, pk):
    """What people will see; nothing can be sent."""
    row = _seen(request, public_id, pk)
    context = {"survey": row, "form": AnswerForm(survey=row), "preview": True}
    return render(request, "trainings/survey_answer.html", context)


@read
@requires(Right.VIEW_TRAININGS)
def sheet(request, public_id, pk):
    row = _seen(request, public_id, pk)
    return _pdf(survey_documents.sheet(row), f"ankieta-{row.pk}.pdf")


@read
@requires(Right.KEEP_TRAININGS)
def links(request, public_id, pk):
    row = _kept(request, public_id, pk)
    if row.state != SurveyState.OPEN:
        raise Http404
    return _pdf(survey_documents.links(row), f"linki-{row.pk}.pdf")


@write
@requires(Right.KEEP_TRAININGS)
def paper(request, public_id, pk):
    row = _kept(request, public_id, pk)
    return _form(
        request,
        row.event,
        PaperForm(request.POST or None, survey=row),
        lambda **data: answering.note_paper(row, by=request.user, **data),
        survey=row,
        title=_("Type in a paper sheet"),
        done=_("The answers are kept."),
    )


# Results


@read
@requires(Right.VIEW_TRAININGS)
def results(request, public_id, pk):
    row = _seen(request, public_id, pk)
    told = survey_results.results_of(row)
    for asked in told.asked:
        asked.question.chart = survey_charts.draw(asked.cells)
    context = {"survey": row, "results": told}
    return render(request, "trainings/survey_results.html", page_of(request, row.event, TAB, **context))


@read
@requires(Right.VIEW_TRAININGS)
def comparison(request, public_id):
    event = seen(request, public_id)
    may_keep = queries.may_keep(request.user, event)
    context = {
        "results": survey_results.comparison(event),
        "people": survey_results.people_of(event) if may_keep else [],
    }
    return render(request, "trainings/survey_comparison.html", page_of(request, event, TAB, **context))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.KEEP_TRAININGS)
def files(request, public_id, pk):
    row = _kept(request, public_id, pk)
    offered = [*exports.profiles("survey"), *(exports.profiles("test") if row.is_test else [])]
    form = FilesForm(request.POST or None, profiles=offered)
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Scope(row), said["day"], said["reason"])
    context = {"form": form, "title": _("Files of the survey"), "back": _page(row), "button": _("Export the file")}
    return render(request, "register/one_form.html", context | {"crumbs": _crumbs(row.event, row)})


# Parts


def _seen(request, public_id, pk):
    return _of(seen(request, public_id), pk)


def _kept(request, public_id, pk):
    return _of(kept(request, public_id), pk)


def _of(event, pk):
    row = get_object_or_404(event.surveys, pk=pk)
    row.event = event
    return row


def _question_of(row, pk):
    return get_object_or_404(row.questions.select_related("survey__event"), pk=pk)


def _page(row):
    return reverse("trainings:survey", args=[row.event.public_id, row.pk])


def _crumbs(event, row):
    crumbs = [(_("Training"), reverse("trainings:list")), (event.title, reverse(TAB, args=[event.public_id]))]
    return [*crumbs, (row.title, _page(row))] if row else crumbs


def _form(request, event, form, save, *, survey=None, **words):
    back = _page(survey) if survey else reverse(TAB, args=[event.public_id])
    return form_page(request, form, save, back=back, crumbs=_crumbs(event, survey), **words)


def _try(request, do, done):
    try:
        do()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)


def _pdf(body, name):
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
