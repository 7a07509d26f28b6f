"""Pages of EU projects, of a participant, and of the import of participant files."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from import_export.results import RowResult

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import date_short, datetime_short
from centrum.kit.transitions import Refused, Stale, available, find, noun_of
from centrum.register.queries import masked_identifier, visible_people
from centrum.reporting import forms, queries, services
from centrum.reporting.enums import PARTICIPATION_TAG, DictionaryField, ParticipationState
from centrum.reporting.importing import pending
from centrum.reporting.importing.reading import FileRefused
from centrum.reporting.resources import ParticipantImport
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires

SHOWN_ROWS = 200

# Projects


@require_safe
@requires(Right.VIEW_REPORTING)
def projects(request):
    orders = {"new": Order("starts_on", descending=True), "old": Order("starts_on")}
    page = lists.page(request, queries.visible_projects(request.user), orders=orders, default="new")
    return render(request, "reporting/projects.html", {"page": page})


@require_safe
@requires(Right.VIEW_REPORTING)
def project(request, pk):
    user = request.user
    shown = get_object_or_404(queries.visible_projects(user), pk=pk)
    form = forms.ProjectFilter(request.GET)
    form.is_valid()
    found = queries.of_project(user, shown, **form.cleaned_data)
    orders = {"new": Order("pk", descending=True), "old": Order("pk")}
    page = lists.page(request, found, orders=orders, default="new")
    for participation_ in page.rows:
        participation_.lacks = queries.missing_labels(participation_.missing)
        participation_.tag = PARTICIPATION_TAG[participation_.state]
    context = {
        "project": shown,
        "page": page,
        "filter_form": form,
        "counts": queries.counts_of_project(user, shown),
        "may_import": user.has_right(Right.IMPORT_PARTICIPANTS),
        "may_export": user.has_right(Right.EXPORT_PARTICIPANTS),
    }
    return render(request, "reporting/project.html", context)


# A participant


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.VIEW_CLIENTS)
def participation(request, pk):
    """What is known of a participant; while it is being prepared, the form that saves it."""
    shown = _participation(request, pk)
    if request.method != "POST":
        return _participation_page(request, shown)
    require(request.user, Right.EDIT_CLIENTS)
    form = _entry_form(shown, request.POST)
    if form.is_valid():
        try:
            services.save_entry(shown, by=request.user, **_typed(form.cleaned_data))
        except Refused as refused:
            _add_errors(form, refused)
        else:
            messages.success(request, _("The data are saved."))
            return redirect("reporting:participation", pk)
    return _participation_page(request, shown, entry_form=form)


@never_cache
@require_POST
@requires(Right.EDIT_CLIENTS)
def enter(request, pk):
    shown = _participation(request, pk)
    form = forms.EnterForm(request.POST)
    return _step(request, shown, "enter_form", form, services.enter, _("The participant is in the project."))


@never_cache
@require_POST
@requires(Right.EDIT_CLIENTS)
def end(request, pk):
    shown = _participation(request, pk)
    form = forms.ExitForm(request.POST)
    return _step(request, shown, "exit_form", form, services.end_participation, _("The exit is saved."))


@require_POST
@requires(Right.EDIT_CLIENTS)
def reenter(request, pk):
    return _plain_step(request, pk, services.reenter)


@require_POST
@requires(Right.EDIT_CLIENTS)
def cancel(request, pk):
    return _plain_step(request, pk, services.cancel_participation)


@require_POST
@requires(Right.EDIT_CLIENTS)
def prepare_again(request, pk):
    return _plain_step(request, pk, services.prepare_again)


def _participation(request, pk):
    found = queries.visible_participations(request.user).select_related("project", "person__commune", "organisation")
    return get_object_or_404(found, pk=pk)


def _step(request, shown, name, form, service, done):
    if form.is_valid():
        try:
            service(shown, by=request.user, **form.cleaned_data)
        except Stale as stale:
            messages.error(request, " ".join(stale.messages))
            return redirect("reporting:participation", shown.pk)
        except Refused as refused:
            _add_errors(form, refused)
        else:
            messages.success(request, done)
            return redirect("reporting:participation", shown.pk)
    return _participation_page(request, shown, **{name: form})


def _plain_step(request, pk, service):
    shown = _participation(request, pk)
    try:
        service(shown, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("reporting:participation", pk)


def _entry_form(shown, data=None):
    return forms.EntryForm(
        data,
        participation=shown,
        answered=queries.answered(shown),
        identifier=masked_identifier(shown.person),
    )


def _typed(data):
    """Empty answers say nothing of the sensitive questions and the identifier; elsewhere they take a value away."""
    return {name: value for name, value in data.items() if value != "" or name not in queries.SENSITIVE}


def _add_errors(form, refused):
    errors = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
    for name, texts in errors.items():
        form.add_error(name if name in form.fields else None, ValidationError(texts))


def _participation_page(request, shown, entry_form=None, enter_form=None, exit_form=None):
    user = request.user
    actions = {move.action for move in available(shown, user)}
    preparing = shown.state == ParticipationState.PREPARING
    posted = entry_form or enter_form or exit_form
    if preparing and user.has_right(Right.EDIT_CLIENTS):
        entry_form = entry_form or _entry_form(shown)
    lacks = queries.missing_fields(shown)
    if "enter" in actions and (enter_form or not lacks):
        enter_form = enter_form or forms.EnterForm()
    if "end" in actions:
        exit_form = exit_form or forms.ExitForm()
    context = {
        "participation": shown,
        "tag": PARTICIPATION_TAG[shown.state],
        "identifier": masked_identifier(shown.person),
        "lacks": lacks,
        "answers": [] if preparing else _answers(shown),
        "exit": _exit(shown) if shown.state == ParticipationState.ENDED else [],
        "supports": queries.supports_in_words(shown),
        "history": _history(shown),
        "entry_form": entry_form if preparing else None,
        "enter_form": enter_form if "enter" in actions else None,
        "exit_form": exit_form if "end" in actions else None,
        "actions": actions,
        "form": posted,
        "sees_person": visible_people(user).filter(pk=shown.person_id).exists(),
        "may_report": user.has_right(Right.VIEW_REPORTING),
    }
    return render(request, "reporting/participation.html", context)


_SHOWN = (
    "kind",
    "institution_name",
    "citizenship",
    "age_at_entry",
    "education",
    "labour_status",
    "labour_status_detail",
    "education_ends_on",
    "country",
    "voivodeship",
    "county",
    "commune",
    "locality",
    "postal_code",
    "degurba",
    "technical_id",
    "remarks",
)


def _answers(shown):
    known = queries.dictionaries(shown.starts_on)
    answers = []
    for name in _SHOWN:
        value = getattr(shown, name)
        field = DictionaryField.PARTICIPANT_KIND if name == "kind" else name
        entries = known.get(field, ())
        label = next((entry.label for entry in entries if entry.code == value), value)
        value = date_short(label) if name == "education_ends_on" and label else label
        answers.append({"label": shown._meta.get_field(name).verbose_name, "value": value})
    return answers


def _exit(shown):
    situations = queries.labels(DictionaryField.EXIT_SITUATION, shown.ends_on)
    facts = [
        (_("Left the project on"), date_short(shown.ends_on)),
        (_("Situation on leaving"), situations.get(shown.exit_situation, shown.exit_situation)),
        (_("Left as planned"), _("yes") if shown.exit_as_planned else _("no")),
    ]
    if shown.business_started_on:
        facts.append((_("Business started on"), date_short(shown.business_started_on)))
    return [{"label": label, "value": value} for label, value in facts]


def _history(shown):
    changes = StateChange.objects.filter(noun=noun_of(shown), object_id=shown.pk).select_related("by").order_by("-id")
    return [
        {
            "when": datetime_short(change.at),
            "who": change.by or "",
            "text": ". ".join(filter(None, (str(find(shown.MOVES, change.action).label), change.reason))),
        }
        for change in changes
    ]


# Import


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.IMPORT_PARTICIPANTS)
def import_file(request, pk):
    """Take a file; what is wrong with it is told by row and column, a good one goes on to its preview."""
    shown = get_object_or_404(queries.visible_projects(request.user), pk=pk)
    pending.forget_old()
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not form.is_bound:
        form = forms.ImportForm({}, {})
    context = {"project": shown, "form": form, "records": queries.import_records(shown)}
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            result = ParticipantImport(by=request.user, project=shown, content=content).preview()
        except FileRefused as refused:
            context["faults"] = refused.faults[:SHOWN_ROWS]
            context["fault_count"] = len(refused.faults)
        else:
            if not result.has_validation_errors():
                held = pending.hold(by=request.user, project=shown, content=content, file_name=file.name)
                return redirect("reporting:import-preview", held.pk)
            context |= _faults(result)
    return render(request, "reporting/import.html", context)


@never_cache
@require_safe
@requires(Right.IMPORT_PARTICIPANTS)
def import_preview(request, pk):
    return _preview_page(request, _pending(request, pk))


@never_cache
@require_POST
@requires(Right.IMPORT_PARTICIPANTS)
def import_confirm(request, pk):
    """Import what the preview showed; replayed, it says so and changes nothing."""
    waiting = pending.waiting_of(request.user).filter(pk=pk).first()
    if waiting is None:
        messages.warning(request, _("This file has been imported already, or its hour is over."))
        return redirect("reporting:projects")
    try:
        record = pending.confirm(waiting, by=request.user)
    except (FileRefused, Refused) as refused:
        if isinstance(refused, Refused):
            messages.error(request, " ".join(refused.messages))
        return _preview_page(request, waiting)
    if record is None:
        messages.warning(request, _("This file has been imported already, or its hour is over."))
    else:
        messages.success(
            request,
            _("Imported: %(new)s new, %(changed)s changed.") % {"new": record.created, "changed": record.updated},
        )
    return redirect("reporting:project", waiting.project_id)


@never_cache
@require_POST
@requires(Right.IMPORT_PARTICIPANTS)
def import_cancel(request, pk):
    waiting = _pending(request, pk)
    pending.discard(waiting)
    messages.success(request, _("The file is deleted; nothing was imported."))
    return redirect("reporting:import", waiting.project_id)


def _pending(request, pk):
    projects_ = queries.visible_projects(request.user)
    found = pending.waiting_of(request.user).filter(pk=pk, project__in=projects_).first()
    if found is None:
        raise Http404
    return found


def _preview_page(request, waiting):
    """The portal may have changed since the upload, so the file is compared again."""
    try:
        result = ParticipantImport(
            by=request.user, project=waiting.project, content=pending.content_of(waiting)
        ).preview()
    except FileRefused as refused:  # a file that was readable stays so, unless the portal's rules were changed
        messages.error(request, " ".join(str(fault) for fault in refused.faults[:3]))
        return redirect("reporting:import", waiting.project_id)
    telling = [row for row in result.rows if row.import_type != RowResult.IMPORT_TYPE_SKIP]
    rows = [
        {
            "number": row.row_values["row"],
            "name": row.object_repr,
            "url": reverse("reporting:participation", args=[row.object_id]) if row.object_id else "",
            "is_new": row.is_new(),
            "differences": [{"header": h, "before": b, "after": a} for h, b, a in row.diff or ()],
        }
        for row in telling[:SHOWN_ROWS]
        if row.is_valid()
    ]
    context = {
        "pending": waiting,
        "project": waiting.project,
        "rows": rows,
        "more": max(0, len(telling) - SHOWN_ROWS),
        "totals": {
            "new": result.totals[RowResult.IMPORT_TYPE_NEW],
            "changed": result.totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": result.totals[RowResult.IMPORT_TYPE_SKIP],
        },
        **_faults(result),
    }
    return render(request, "reporting/import_preview.html", context)


def _faults(result):
    faults = [
        {"row": row.row_values["row"], "column": column, "message": message}
        for row in result.rows
        if row.is_invalid()
        for column, texts in row.validation_error.message_dict.items()
        for message in texts
    ]
    return {"faults": faults[:SHOWN_ROWS], "fault_count": len(faults)}
