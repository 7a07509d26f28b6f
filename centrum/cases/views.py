"""Pages of cases for the staff."""

import uuid

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centrum.cases import forms, queries, services
from centrum.cases.enums import (
    CASE_MOVES,
    CASE_OPEN,
    CASE_SERVED,
    CASE_TAG,
    CLOSINGS,
    PLAN_OPEN,
    SERVICE_TAG,
    STEPS,
    CaseState,
    ServiceState,
)
from centrum.kit import lists, registry
from centrum.kit.clock import today
from centrum.kit.lists import Order
from centrum.kit.polish import hours, number
from centrum.kit.search import matching
from centrum.kit.transitions import Refused, Stale, available, find
from centrum.register.queries import visible_organisations, visible_people
from centrum.reporting.enums import PARTICIPATION_TAG, DictionaryField, ParticipationState
from centrum.reporting.queries import choices, visible_projects
from centrum.staff.enums import RIGHTS, Right
from centrum.staff.models import Unit, User
from centrum.staff.permissions import require, requires
from centrum.staff.queries import unit_scope

FOUND_PEOPLE = 20


@require_safe
@requires(Right.VIEW_CLIENTS)
def case_list(request):
    scope = unit_scope(request.user)
    units = Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
    form = forms.CaseFilter(
        request.GET, projects=queries.projects_of(request.user), advisers=colleagues(request.user), units=units
    )
    form.is_valid()
    chosen = form.cleaned_data
    cases = queries.case_list(request.user)
    if form.states:
        cases = cases.filter(state__in=form.states)
    for name in ("project", "adviser", "unit"):
        if chosen.get(name):
            cases = cases.filter(**{name: chosen[name]})
    if chosen.get("q"):
        cases = matching(cases, chosen["q"])
    orders = {"new": Order("opened_on", descending=True), "old": Order("opened_on")}
    page = lists.page(request, cases, orders=orders, default="new")
    for case in page.rows:
        case.tag = CASE_TAG[case.state]
    return render(request, "cases/list.html", {"page": page, "filter_form": form})


@require_safe
@requires(Right.VIEW_CLIENTS)
def case_page(request, public_id):
    case = find_case(request, public_id)
    listed = list(queries.service_list(request.user).filter(case=case).order_by("-date", "-starts_at", "-id"))
    for service in listed:
        show(service)
    participants = _participants(case, request.user)
    plan = queries.plan_lines(case)
    moves = available(case, request.user)
    main = _main_move(case, moves)
    may_edit = request.user.has_right(Right.EDIT_CLIENTS)
    may_serve = may_edit and case.state in CASE_SERVED
    return render(
        request,
        "cases/case.html",
        {
            "case": case,
            "tag": CASE_TAG[case.state],
            "client": case.organisation or case.person,
            "facts": _facts(case, plan, listed, participants),
            "plan": [_plan_row(line) for line in plan],
            "services": listed,
            "participants": participants,
            "todos": _todos(case, listed, participants, request.user),
            "timeline": queries.timeline(listed, case),
            "panels": registry.panels("case", request.user, case),
            "sees_person": visible_people(request.user).filter(pk=case.person_id).exists(),
            "main": main,
            "moves": [m for m in moves if m != main],
            "steps_at_once": [m.action for m in moves if m.action in STEPS and not m.reason],
            "closings": CLOSINGS,
            "may_edit": may_edit,
            "may_serve": may_serve,
            "may_plan": may_edit and case.state in PLAN_OPEN,
            "may_diagnose": may_edit and case.state in (CaseState.OPENED, CaseState.DIAGNOSIS),
            "may_add": may_edit and case.state in CASE_OPEN and case.organisation_id,
            "is_open": case.state in CASE_OPEN,
        },
    )


def _main_move(case, moves):
    """The step that leads on, None where logging services is the daily work."""
    if case.state == CaseState.ACTIVE:
        return None
    return next((m for m in moves if m.kind == "ok"), None)


def _facts(case, plan, listed, participants):
    starts = [p.starts_on for p in participants if p.starts_on]
    planned = sum(line.planned for line in plan)
    done = sum(line.done for line in plan)
    waiting = sum(service.state == ServiceState.HELD for service in listed)
    ready = sum(not p.lacks and p.state != ParticipationState.PREPARING for p in participants)
    return {
        "entered_on": min(starts, default=None),
        "planned": planned,
        "done": done,
        "to_confirm": ngettext("%(count)s service", "%(count)s services", waiting) % {"count": waiting}
        if waiting
        else _("none"),
        "ready": ready,
        "participants": len(participants),
        "all_ready": ready == len(participants),
    }


def _plan_row(line):
    label = _("%(done)s of %(planned)s done") % {"done": hours(line.done), "planned": hours(line.planned)}
    if line.waiting:
        label += ", " + _("%(waiting)s wait for confirmation or approval") % {"waiting": hours(line.waiting)}
    return {"line": line, "label": label}


def _participants(case, user):
    found = queries.participants(case, user)
    for participation in found:
        participation.tag = PARTICIPATION_TAG[participation.state]
    return found


def _todos(case, listed, participants, user):
    """What waits in this case: [{text, url, url_name, arg, tag, word}], what is wrong first."""
    found = []
    for service in listed:
        if service.state == ServiceState.HELD and service.objection:
            found.append((service, _("The client says that something is wrong"), "bad", _("look")))
    for service in listed:
        if service.state == ServiceState.PLANNED and service.date < today():
            found.append((service, _("Planned for a day that has passed"), "bad", _("overdue")))
        elif service.state == ServiceState.HELD and not service.objection:
            found.append((service, _("Waits for the client"), "wait", _("client")))
        elif service.state == ServiceState.CONFIRMED:
            mine = user.has_right(Right.DECIDE) and service.adviser_id != user.pk
            found.append((service, _("Waits for approval"), "wait", _("you") if mine else _("coordinator")))
    todos = [
        {"service": service, "text": f"{service.number}: {text}", "tag": tag, "word": word}
        for service, text, tag, word in found
    ]
    if case.state in CASE_OPEN:
        for participation in participants:
            if participation.state == ParticipationState.PREPARING and participation.lacks:
                text = _("Data of %(person)s are incomplete") % {"person": participation.person}
                todos.append({"participation": participation, "text": text, "tag": "wait", "word": _("data")})
            elif participation.state == ParticipationState.PREPARING:
                text = _("%(person)s may enter the project") % {"person": participation.person}
                todos.append({"participation": participation, "text": text, "tag": "info", "word": _("enter")})
        if case.state == CaseState.PLAN_APPROVAL:
            todos.append({"text": _("The client is to agree to the plan"), "tag": "wait", "word": _("client")})
        if case.adviser_id is None:
            todos.append({"text": _("The case has no key adviser"), "tag": "wait", "word": _("adviser")})
    return todos


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def open_for_person(request, public_id):
    person = get_object_or_404(visible_people(request.user), public_id=public_id)
    return _open(request, person=person, organisation=None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def open_for_organisation(request, public_id):
    organisation = get_object_or_404(visible_organisations(request.user), public_id=public_id)
    return _open(request, person=None, organisation=organisation)


def _open(request, *, person, organisation):
    scope = unit_scope(request.user)
    units = Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
    initial = {"opened_on": today(), "unit": request.user.unit_id, "adviser": request.user.pk}
    form = forms.OpenCase(
        request.POST if request.method == "POST" else None,
        initial=initial,
        projects=visible_projects(request.user).filter(closed_on=None),
        units=units,
    )
    picker = None
    if organisation:
        picker = _pick_person(request)
        person = picker["chosen"]
    if request.method == "POST":
        valid = form.is_valid()
        if person is None:
            form.add_error(None, _("Choose the person who stands for the organisation."))
        elif valid:
            try:
                case = services.open_case(
                    by=request.user, person=person, organisation=organisation, **form.cleaned_data
                )
            except Refused as refused:
                add_errors(form, refused)
            else:
                messages.success(request, _("The case %(number)s is open.") % {"number": case.number})
                return redirect("cases:case", case.public_id)
    return render(
        request,
        "cases/open.html",
        {"form": form, "client": organisation or person, "organisation": organisation, "picker": picker},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def add_participant(request, public_id):
    case = find_case(request, public_id)
    picker = _pick_person(request)
    if request.method == "POST":
        if picker["chosen"] is None:
            messages.error(request, _("Choose a person."))
        else:
            try:
                services.add_participant(case, by=request.user, person=picker["chosen"])
            except Refused as refused:
                messages.error(request, " ".join(refused.messages))
            else:
                text = _("%(person)s takes part in the case.") % {"person": picker["chosen"]}
                messages.success(request, text)
                return redirect("cases:case", case.public_id)
    return render(request, "cases/participant.html", {"case": case, "picker": picker})


def _pick_person(request):
    """People of the register that match ?q=, and the one chosen by the radio button `person`."""
    people = visible_people(request.user)
    text = request.GET.get("q", "").strip()[:200]
    found = list(matching(people, text).order_by("sort", "pk")[: FOUND_PEOPLE + 1]) if text else []
    ids = known_uuids([request.POST.get("person", "")])
    return {
        "q": text,
        "people": found[:FOUND_PEOPLE],
        "more": len(found) > FOUND_PEOPLE,
        "chosen": people.filter(public_id__in=ids).first() if ids else None,
    }


# What a move asks for: the form, and what is in it at first.
_MOVE_FORMS = {
    "diagnose": (forms.Adviser, lambda case, user: {"adviser": case.adviser_id or user.pk}),
    "propose_plan": (forms.Diagnosis, lambda case, user: {"diagnosis": case.diagnosis, "goal": case.goal}),
    "agree_plan": (forms.Agreement, lambda case, user: {"agreed_on": today()}),
}
_MOVE_SERVICES = {
    "diagnose": services.begin_diagnosis,
    "propose_plan": services.propose_plan,
    "agree_plan": services.agree_plan,
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def move_case(request, public_id, action):
    case = find_case(request, public_id)
    if action in CLOSINGS:
        return redirect("cases:close", case.public_id, action)
    if action not in _MOVE_FORMS and action not in STEPS:
        raise Http404
    move = find(CASE_MOVES, action)
    require(request.user, move.right)
    form_class, initial = _MOVE_FORMS.get(action, (forms.Step, lambda case, user: {}))
    data = request.POST if request.method == "POST" else None
    form = form_class(data, initial=initial(case, request.user), case=case, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            if action in _MOVE_SERVICES:
                _MOVE_SERVICES[action](case, by=request.user, **form.cleaned_data)
            else:
                services.step(case, action, by=request.user, reason=form.cleaned_data.get("reason", ""))
        except Refused as refused:
            if isinstance(refused, Stale) or not form.fields:
                messages.error(request, " ".join(refused.messages))
                return redirect("cases:case", case.public_id)
            add_errors(form, refused)
        else:
            return redirect("cases:case", case.public_id)
    return render(request, "cases/move.html", {"case": case, "form": form, "move": move})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def close_case(request, public_id, action):
    case = find_case(request, public_id)
    if action not in CLOSINGS:
        raise Http404
    move = find(CASE_MOVES, action)
    require(request.user, move.right)
    entered = [p for p in queries.only_of(case) if p.state == ParticipationState.ENTERED]
    data = request.POST if request.method == "POST" else None
    form = forms.Closing(data, initial={"closed_on": today()}, case=case, move=move)
    situations = choices(DictionaryField.EXIT_SITUATION)
    exits = [
        (p, forms.Exit(data, initial={"ends_on": today()}, situations=situations, prefix=str(p.pk))) for p in entered
    ]
    if request.method == "POST" and all([form.is_valid(), *(exit_form.is_valid() for _p, exit_form in exits)]):
        try:
            services.close(
                case,
                action,
                by=request.user,
                exits={p.pk: exit_form.cleaned_data for p, exit_form in exits},
                **form.cleaned_data,
            )
        except Stale as stale:
            messages.error(request, " ".join(stale.messages))
            return redirect("cases:case", case.public_id)
        except Refused as refused:
            add_errors(form, refused, *(exit_form for _p, exit_form in exits))
        else:
            messages.success(request, _("The case %(number)s is closed.") % {"number": case.number})
            return redirect("cases:case", case.public_id)
    return render(
        request,
        "cases/close.html",
        {
            "case": case,
            "form": form,
            "exits": exits,
            "move": move,
            "wrong": any(f.errors for f in (form, *(exit_form for _p, exit_form in exits))),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def edit_diagnosis(request, public_id):
    case = find_case(request, public_id)
    data = request.POST if request.method == "POST" else None
    initial = {"diagnosis": case.diagnosis, "goal": case.goal}
    form = forms.Diagnosis(data, initial=initial, case=case, move=find(CASE_MOVES, "propose_plan"))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_diagnosis(case, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_errors(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:case", case.public_id)
    return render(request, "cases/diagnosis.html", {"case": case, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def edit_plan(request, public_id):
    case = find_case(request, public_id)
    data = request.POST if request.method == "POST" else None
    formset = forms.plan_formset(case, data)
    agreement = None
    if case.state == CaseState.ACTIVE:
        agreement = forms.Agreement(
            data, initial={"agreed_on": today()}, case=case, move=find(CASE_MOVES, "agree_plan")
        )
    if request.method == "POST" and formset.is_valid() and (agreement is None or agreement.is_valid()):
        agreed_on = agreement.cleaned_data["agreed_on"] if agreement else None
        try:
            services.save_plan(case, by=request.user, items=formset.items, agreed_on=agreed_on)
        except Refused as refused:
            if agreement is None:
                messages.error(request, " ".join(refused.messages))
                return redirect("cases:case", case.public_id)
            add_errors(agreement, refused)
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("cases:plan" if "more" in request.POST else "cases:case", case.public_id)
    return render(request, "cases/plan.html", {"case": case, "formset": formset, "agreement": agreement})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def change_adviser(request, public_id):
    case = find_case(request, public_id)
    data = request.POST if request.method == "POST" else None
    initial = {"adviser": case.adviser_id or request.user.pk}
    form = forms.Adviser(data, initial=initial, case=case, move=find(CASE_MOVES, "diagnose"))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_adviser(case, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_errors(form, refused)
        else:
            return redirect("cases:case", case.public_id)
    return render(request, "cases/adviser.html", {"case": case, "form": form})


def find_case(request, public_id):
    """A case that the user may see, with what its pages show; 404 otherwise."""
    cases = queries.visible_cases(request.user).select_related(
        "project", "unit", "application", "organisation", "person", "adviser"
    )
    return get_object_or_404(cases, public_id=public_id)


def show(service):
    """Give the service what a page says of it: the tag, and its length in hours of both kinds."""
    service.tag = SERVICE_TAG[service.state]
    service.teaching_hours = number(queries.teaching_hours(service.minutes))


def colleagues(user):
    """Advisers of the user's projects."""
    roles = [role for role, rights in RIGHTS.items() if Right.EDIT_CLIENTS in rights]
    return User.objects.filter(projects__in=queries.projects_of(user), role__in=roles).distinct()


def known_uuids(values):
    """The UUIDs among what a form sent, a page of them at most."""
    found = []
    for value in values[: lists.PAGE_SIZE]:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found


def add_errors(form, refused, *others):
    """Put a refusal at its fields, be they in `form` or, by their names with prefix, in `others`."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    fields = {f.add_prefix(name): (f, name) for f in (form, *others) for name in f.fields}
    for name, errors in refused.error_dict.items():
        target, field = fields.get(name, (form, None))
        target.add_error(field if name != NON_FIELD_ERRORS else None, errors)
