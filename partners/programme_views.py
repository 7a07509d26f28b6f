"""Forms of the programme of a partnership; it is shown on the page of the partnership."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centrum.kit.clock import today
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from partners import forms, programme
from partners.models import Milestone
from partners.views import form_of, kept

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_PARTNERSHIPS)
def objective_new(request, public_id):
    shown = kept(request, public_id)
    initial = {"number": programme.next_number(shown.objectives)}
    return _objective(request, shown, None, initial, title=_("Add an objective"))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def objective_edit(request, public_id, pk):
    shown = kept(request, public_id)
    row = get_object_or_404(shown.objectives, pk=pk)
    return _objective(request, shown, row, {"number": row.number, "text": row.text}, title=_("Change the objective"))


def _objective(request, shown, row, initial, *, title):
    return form_of(
        request,
        shown,
        forms.ObjectiveForm(request.POST or None, initial=initial),
        lambda **data: programme.save_objective(shown, by=request.user, objective=row, **data),
        title=title,
        done=_("The objective is noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def task_new(request, public_id):
    shown = kept(request, public_id)
    initial = {"number": programme.next_number(shown.tasks)}
    return _task(request, shown, None, initial, title=_("Add a task"))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def task_edit(request, public_id, pk):
    shown = kept(request, public_id)
    row = get_object_or_404(shown.tasks, pk=pk)
    initial = {"number": row.number, "text": row.text, "responsible": row.responsible_id}
    return _task(request, shown, row, initial, title=_("Change the task"))


def _task(request, shown, row, initial, *, title):
    return form_of(
        request,
        shown,
        forms.TaskForm(request.POST or None, initial=initial, partnership=shown, task=row),
        lambda **data: programme.save_task(shown, by=request.user, task=row, **data),
        title=title,
        done=_("The task is noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def milestone_new(request, public_id, pk):
    shown = kept(request, public_id)
    task = get_object_or_404(shown.tasks.select_related("partnership"), pk=pk)
    return _milestone(request, shown, task, None, {}, title=_("Add an indicator or milestone"))


@write
@requires(Right.KEEP_PARTNERSHIPS)
def milestone_edit(request, public_id, pk):
    shown, row = _found(request, public_id, pk)
    initial = {name: getattr(row, name) for name in ("name", "unit", "planned", "planned_on")}
    return _milestone(request, shown, row.task, row, initial, title=_("Change what is planned"))


def _milestone(request, shown, task, row, initial, *, title):
    return form_of(
        request,
        shown,
        forms.MilestoneForm(request.POST or None, initial=initial),
        lambda **data: programme.save_milestone(task, by=request.user, milestone=row, **data),
        title=title,
        done=_("The plan is noted."),
    )


@write
@requires(Right.KEEP_PARTNERSHIPS)
def reached(request, public_id, pk):
    shown, row = _found(request, public_id, pk)
    form = forms.ReachedForm(request.POST or None, initial={"reached": row.reached, "on": today()})
    return form_of(
        request,
        shown,
        form,
        lambda **data: programme.note_reached(row, by=request.user, **data),
        title=_("What is reached: %(name)s") % {"name": row.name},
        done=_("What is reached is noted."),
    )


def _found(request, public_id, pk):
    shown = kept(request, public_id)
    rows = Milestone.objects.filter(task__partnership=shown).select_related("task__partnership")
    return shown, get_object_or_404(rows, pk=pk)
