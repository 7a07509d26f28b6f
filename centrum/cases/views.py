"""Pages of cases and services for the staff, and the page on which a client confirms a service."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.cases import documents, emails, forms, queries, services
from centrum.cases.enums import (
    CASE_MOVES,
    CASE_OPEN,
    CASE_SERVED,
    CASE_TAG,
    CLOSINGS,
    PLAN_OPEN,
    SERVICE_MOVES,
    SERVICE_TAG,
    STEPS,
    CaseState,
    HourKind,
    ServiceState,
)
from centrum.cases.models import Service
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

# Lists


@require_safe
@requires(Right.VIEW_CLIENTS)
def case_list(request):
    scope = unit_scope(request.user)
    units = Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
    form = forms.CaseFilter(
        request.GET, projects=queries.projects_of(request.user), advisers=_colleagues(request.user), units=units
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
def service_list(request):
    form = forms.ServiceFilter(request.GET, advisers=_colleagues(request.user))
    form.is_valid()
    chosen = form.cleaned_data
    listed = queries.service_list(request.user)
    for name in ("state", "service_type", "adviser"):
        if chosen.get(name):
            listed = listed.filter(**{name: chosen[name]})
    if chosen.get("begins"):
        listed = listed.filter(date__gte=chosen["begins"])
    if chosen.get("ends"):
        listed = listed.filter(date__lte=chosen["ends"])
    page = lists.page(request, listed, orders={"new": Order("date", descending=True)}, default="new")
    may_approve = request.user.has_right(Right.DECIDE)
    for service in page.rows:
        _show(service)
        service.approvable = (
            may_approve and service.state == ServiceState.CONFIRMED and service.adviser_id != request.user.pk
        )
    return render(
        request,
        "cases/services.html",
        {
            "page": page,
            "filter_form": form,
            "may_approve": may_approve,
            "approvable": any(service.approvable for service in page.rows),
            "state": chosen.get("state", ""),
        },
    )


@require_POST
@requires(Right.DECIDE)
def approve_services(request):
    """Approve the chosen services one by one: what one of them lacks does not hold the others up."""
    chosen = _known_uuids(request.POST.getlist("service"))
    approved = 0
    for service in queries.visible_services(request.user).filter(public_id__in=chosen).order_by("id"):
        try:
            services.approve(service, by=request.user)
            approved += 1
        except Refused as refused:
            messages.error(request, f"{service.number}: {' '.join(refused.messages)}")
    if approved:
        text = ngettext("%(count)s service approved.", "%(count)s services approved.", approved)
        messages.success(request, text % {"count": approved})
    elif not chosen:
        messages.warning(request, _("Choose at least one service."))
    return redirect(f"{reverse('cases:services')}?state={ServiceState.CONFIRMED}")


# One case


@require_safe
@requires(Right.VIEW_CLIENTS)
def case_page(request, public_id):
    case = _case(request, public_id)
    listed = list(case.services.select_related("service_type", "adviser").order_by("-date", "-starts_at", "-id"))
    for service in listed:
        _show(service)
    participants = _participants(case)
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


def _participants(case):
    found = queries.participants(case)
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
                _add_errors(form, refused)
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
    case = _case(request, public_id)
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
    ids = _known_uuids([request.POST.get("person", "")])
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
    case = _case(request, public_id)
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
            _add_errors(form, refused)
        else:
            return redirect("cases:case", case.public_id)
    return render(request, "cases/move.html", {"case": case, "form": form, "move": move})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def close_case(request, public_id, action):
    case = _case(request, public_id)
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
            _add_errors(form, refused, *(exit_form for _p, exit_form in exits))
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
    case = _case(request, public_id)
    data = request.POST if request.method == "POST" else None
    initial = {"diagnosis": case.diagnosis, "goal": case.goal}
    form = forms.Diagnosis(data, initial=initial, case=case, move=find(CASE_MOVES, "propose_plan"))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_diagnosis(case, by=request.user, **form.cleaned_data)
        except Refused as refused:
            _add_errors(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:case", case.public_id)
    return render(request, "cases/diagnosis.html", {"case": case, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def edit_plan(request, public_id):
    case = _case(request, public_id)
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
            _add_errors(agreement, refused)
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("cases:plan" if "more" in request.POST else "cases:case", case.public_id)
    return render(request, "cases/plan.html", {"case": case, "formset": formset, "agreement": agreement})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def change_adviser(request, public_id):
    case = _case(request, public_id)
    data = request.POST if request.method == "POST" else None
    initial = {"adviser": case.adviser_id or request.user.pk}
    form = forms.Adviser(data, initial=initial, case=case, move=find(CASE_MOVES, "diagnose"))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_adviser(case, by=request.user, **form.cleaned_data)
        except Refused as refused:
            _add_errors(form, refused)
        else:
            return redirect("cases:case", case.public_id)
    return render(request, "cases/adviser.html", {"case": case, "form": form})


# Services


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def new_service(request, public_id):
    case = _case(request, public_id)
    if request.method == "POST":
        form = forms.Card(request.POST, case=case)
        if form.is_valid():
            card = form.cleaned_data
            notify = card.pop("notify")
            try:
                if "held" in request.POST:
                    service = services.log_service(by=request.user, case=case, notify=notify, **card)
                else:
                    service = services.plan_service(by=request.user, case=case, **card)
            except Refused as refused:
                _add_errors(form, refused)
            else:
                _say_saved(request, service, notify)
                return redirect("cases:service", service.public_id)
    else:
        form = forms.Card(case=case, initial=_usual_card(case, request.user))
    return render(request, "cases/card_form.html", {"case": case, "form": form, "rows": form.rows()})


def _usual_card(case, user):
    """Today, me, everyone; place and kind as in my last service, in this case if there is one."""
    mine = Service.objects.filter(adviser=user).order_by("-date", "-id")
    last = mine.filter(case=case).first() or mine.first()
    card = {
        "date": today(),
        "adviser": user.pk,
        "adviser_job": user.job,
        "hour_kind": HourKind.CLOCK,
        "recipients": list(case.participations.values_list("pk", flat=True)),
        "notify": True,
    }
    if last:
        names = ("form", "place", "hour_kind", "budget_line")
        card |= {"service_type": last.service_type_id} | {name: getattr(last, name) for name in names}
    return card


def _say_saved(request, service, notify):
    if service.state != ServiceState.HELD:
        messages.success(request, _("The service %(number)s is saved.") % {"number": service.number})
    elif not notify:
        text = _("The service %(number)s is saved. Have the printed card signed.")
        messages.success(request, text % {"number": service.number})
    elif service.recipients.exclude(person__email="").exists():
        text = _("The service %(number)s is saved and the link to confirm it is on its way.")
        messages.success(request, text % {"number": service.number})
    else:
        text = _("The service %(number)s is saved, but nobody has an e-mail address. Have the printed card signed.")
        messages.warning(request, text % {"number": service.number})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def edit_service(request, public_id):
    service = _service(request, public_id)
    if service.state not in (ServiceState.PLANNED, ServiceState.HELD):
        messages.error(request, _("The card is confirmed and can't be changed any more."))
        return redirect("cases:service", service.public_id)
    if request.method == "POST":
        form = forms.Card(request.POST, case=service.case)
        if form.is_valid():
            card = form.cleaned_data
            notify = card.pop("notify")
            try:
                service = _save_card(service, request, notify, card)
            except Refused as refused:
                _add_errors(form, refused)
            else:
                _say_saved(request, service, notify)
                return redirect("cases:service", service.public_id)
    else:
        initial = {name: getattr(service, name) for name in services.CARD_INPUT}
        initial |= {
            "service_type": service.service_type_id,
            "adviser": service.adviser_id,
            "recipients": list(service.recipients.values_list("pk", flat=True)),
            "notify": True,
        }
        form = forms.Card(case=service.case, initial=initial)
    context = {"case": service.case, "service": service, "form": form, "rows": form.rows()}
    return render(request, "cases/card_form.html", context)


def _save_card(service, request, notify, card):
    if service.state == ServiceState.PLANNED and "held" in request.POST:
        return services.hold_service(service, by=request.user, notify=notify, **card)
    return services.update_service(service, by=request.user, notify=notify, **card)


@require_safe
@requires(Right.VIEW_CLIENTS)
def service_page(request, public_id):
    service = _service(request, public_id)
    _show(service)
    moves = [m for m in available(service, request.user) if m.action != "hold"]
    may_edit = request.user.has_right(Right.EDIT_CLIENTS)
    mine = service.adviser_id == request.user.pk
    return render(
        request,
        "cases/service.html",
        {
            "service": service,
            "case": service.case,
            "recipients": service.recipients.select_related("person").order_by("pk"),
            "timeline": queries.timeline([service]),
            "moves": [m for m in moves if m.action != "approve"],
            "may_approve": any(m.action == "approve" for m in moves),
            "mine": mine,
            "may_edit": may_edit and service.state in (ServiceState.PLANNED, ServiceState.HELD),
            "planned": service.state == ServiceState.PLANNED,
            "held": service.state == ServiceState.HELD,
            "confirmed": service.state == ServiceState.CONFIRMED,
            "replacement": Service.objects.filter(corrects=service).first(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.EDIT_CLIENTS)
def move_service(request, public_id, action):
    service = _service(request, public_id)
    if action not in _SERVICE_STEPS:
        raise Http404
    move = find(SERVICE_MOVES, action)
    require(request.user, move.right)
    form_class = forms.PaperConfirmation if action == "confirm_on_paper" else forms.Step
    data = request.POST if request.method == "POST" else None
    first = service.recipients.select_related("person").order_by("pk").first()
    initial = {"confirmed_by": first.person if first else ""}
    form = form_class(data, initial=initial, case=service.case, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            done = _SERVICE_STEPS[action](service, by=request.user, **form.cleaned_data)
        except Refused as refused:
            if isinstance(refused, Stale) or not form.fields:
                messages.error(request, " ".join(refused.messages))
                return redirect("cases:service", service.public_id)
            _add_errors(form, refused)
        else:
            if action == "correct" and done is not None:
                messages.success(request, _("%(old)s is withdrawn; set the new card right.") % {"old": service.number})
                return redirect("cases:service-edit", done.public_id)
            return redirect("cases:service", service.public_id)
    return render(request, "cases/service_move.html", {"service": service, "form": form, "move": move})


_SERVICE_STEPS = {
    "confirm_on_paper": services.confirm_on_paper,
    "approve": services.approve,
    "send_back": services.send_back,
    "cancel": services.cancel,
    "no_show": services.no_show,
    "correct": services.correct,
}


@require_POST
@requires(Right.EDIT_CLIENTS)
def send_link(request, public_id):
    service = _service(request, public_id)
    try:
        sent = services.send_link_again(service, by=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        text = ngettext("The link is sent to %(count)s address.", "The link is sent to %(count)s addresses.", sent)
        messages.success(request, text % {"count": sent})
    return redirect("cases:service", service.public_id)


@require_safe
@requires(Right.VIEW_CLIENTS)
def service_card(request, public_id):
    """The card as PDF, shown in the browser."""
    service = _service(request, public_id)
    name = f"karta-{service.number.replace('/', '-')}.pdf"
    return HttpResponse(
        documents.service_card(service),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )


# The client


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """One card for the one person to whom the link was sent: read it, confirm it or say what is wrong."""
    try:
        public_id, participation_id = emails.read_token(token)
    except signing.SignatureExpired:
        return render(request, "cases/link_expired.html", status=410)
    except signing.BadSignature:
        raise Http404 from None
    service = get_object_or_404(Service.objects.select_related("case", "service_type", "adviser"), public_id=public_id)
    participation = get_object_or_404(service.recipients.select_related("person"), pk=participation_id)
    name = str(participation.person)
    form = forms.Objection(request.POST if "text" in request.POST else None)
    if request.method == "POST":
        try:
            if form.is_bound:
                if form.is_valid():
                    services.object_to(service, name=name, text=form.cleaned_data["text"])
                    return redirect("card:confirm", token)
            else:
                services.confirm(service, name=name, seen=request.POST.get("seen", ""))
                return redirect("card:confirm", token)
        except Stale:
            # somebody was quicker; the page shows how it stands now
            return redirect("card:confirm", token)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("card:confirm", token)
    _show(service)
    return render(
        request,
        "cases/confirm.html",
        {
            "service": service,
            "recipients": service.recipients.select_related("person").order_by("pk"),
            "form": form,
            "seen": queries.version(service),
            "waits": service.state == ServiceState.HELD,
            "confirmed": service.confirmed_at is not None,
        },
    )


# Helpers


def _case(request, public_id):
    cases = queries.visible_cases(request.user).select_related(
        "project", "unit", "application", "organisation", "person", "adviser"
    )
    return get_object_or_404(cases, public_id=public_id)


def _service(request, public_id):
    found = queries.visible_services(request.user).select_related(
        "case__project", "case__application", "service_type", "adviser", "approved_by", "corrects"
    )
    return get_object_or_404(found, public_id=public_id)


def _show(service):
    """Give the service what a page says of it: the tag, and its length in hours of both kinds."""
    service.tag = SERVICE_TAG[service.state]
    service.teaching_hours = number(queries.teaching_hours(service.minutes))


def _colleagues(user):
    """Advisers of the user's projects."""
    roles = [role for role, rights in RIGHTS.items() if Right.EDIT_CLIENTS in rights]
    return User.objects.filter(projects__in=queries.projects_of(user), role__in=roles).distinct()


def _known_uuids(values):
    found = []
    for value in values[: lists.PAGE_SIZE]:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found


def _add_errors(form, refused, *others):
    """Put a refusal at its fields, be they in `form` or, by their names with prefix, in `others`."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    fields = {f.add_prefix(name): (f, name) for f in (form, *others) for name in f.fields}
    for name, errors in refused.error_dict.items():
        target, field = fields.get(name, (form, None))
        target.add_error(field if name != NON_FIELD_ERRORS else None, errors)
