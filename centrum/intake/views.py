"""The applicant's pages. A draft opens only in the session that began it, or by a link from its e-mail."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from centrum.intake import (
    access,
    attachments,
    calls,
    completion,
    completion_views,
    consents,
    kinds,
    links,
    queries,
    services,
)
from centrum.intake.enums import EDITABLE, ApplicationState, LinkPurpose
from centrum.intake.forms import EmailForm, SendForm
from centrum.intake.models import Application, Clause
from centrum.kit.transitions import Refused, Stale


@login_not_required
@require_GET
def start(request):
    offered = [{"kind": kind, "standing": calls.standing(kind)} for kind in kinds.every() if not kind.begins_at]
    return render(request, "intake/start.html", {"offered": offered})


@access.public("GET", "HEAD", "POST")
def kind(request, path):
    """The first page of a form. Its button carries a key, so a double click begins one draft."""
    chosen = kinds.at(path)
    if chosen.begins_at:
        return redirect(chosen.begins_at)
    if request.method == "POST":
        try:
            application = services.begin(kind=chosen, key=access.key(request.POST.get("key")), language=get_language())
        except Refused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("intake:kind", path)
        access.let_edit(request, application)
        return access.home(application)
    return render(request, "intake/kind.html", {"kind": chosen, "key": uuid4(), "standing": calls.standing(chosen)})


@access.public("GET", "HEAD")
def application(request, public_id):
    """The task list."""
    draft = access.to_edit(request, public_id)
    if draft.state not in EDITABLE:
        return access.home(draft)
    if completion.is_late(draft):
        return completion_views.late(request, draft)
    return render(request, "intake/tasks.html", draft_context(draft))


def draft_context(draft, current=""):
    """What every page of a draft shows: its form, its state and its task list."""
    kind = kinds.of(draft)
    answers = kind.answers_of(draft)
    undone = kind.undone(answers)
    asked = completion.steps_of(draft)
    pages = [step for step in kind.steps if asked is None or step.slug in asked]
    tasks = [_task(draft, step, step.is_begun(answers), step not in undone, current, asked) for step in pages]
    missing = attachments.missing(draft)
    problems = kind.problems(answers)
    for task in tasks:
        if any(problem.slug == task["slug"] for problem in problems):
            task |= {"kind": "wait", "state": _("To correct")}
    if attachments.open_rules(draft):
        tasks.append(_attachments_task(draft, missing, current))
    waits = bool(undone or missing)
    tasks.append(
        {
            "label": _("Check and send"),
            "url": None if waits else reverse("intake:check", args=[draft.public_id]),
            "kind": "quiet" if waits else "info",
            "state": _("Not yet") if waits else _("Ready"),
            "current": current == "check",
        }
    )
    return {
        "application": draft,
        "kind": kind,
        "tasks": tasks,
        "done": len(kind.steps) - len(undone),
        "undone": undone,
        "missing": missing,
        "problems": [_problem(draft, problem, asked) for problem in problems],
        "completing": draft.state == ApplicationState.COMPLETION,
        "wanted": queries.open_request(draft) if draft.state == ApplicationState.COMPLETION else None,
        "closed": calls.closed_to(draft),
    }


def _problem(draft, problem, asked):
    """The sentence, and the way to the page where it is mended if that may be changed."""
    may_change = asked is None or problem.slug in asked
    url = reverse("intake:step", args=[draft.public_id, problem.slug]) + "?back=check"
    return {"text": problem.text, "url": url if may_change else None}


def _attachments_task(draft, missing, current):
    changed = completion.files_changed(draft)
    if missing:
        tag, state = "wait", _("To add")
    elif changed is not None:
        tag, state = ("ok", _("Changed")) if changed else ("wait", _("To complete"))
    elif draft.attachments.exists():
        tag, state = "ok", _("Done")
    else:
        tag, state = "quiet", _("Optional")
    return {
        "label": _("Attachments"),
        "url": reverse("intake:attach", args=[draft.public_id]),
        "kind": tag,
        "state": state,
        "current": current == "attach",
    }


def _task(draft, step, begun, done, current, asked):
    if asked is not None:
        tag, state = ("ok", _("Changed")) if asked[step.slug] else ("wait", _("To complete"))
    elif done:
        tag, state = ("ok", _("Done")) if begun else ("quiet", _("Optional"))
    elif begun:
        tag, state = "info", _("In progress")
    else:
        tag, state = "quiet", _("Not started")
    return {
        "slug": step.slug,
        "label": step.title,
        "url": reverse("intake:step", args=[draft.public_id, step.slug]),
        "kind": tag,
        "state": state,
        "current": step.slug == current,
    }


@access.public("GET", "HEAD", "POST")
def step(request, public_id, slug):
    """One page of the form; "save and come back later" also takes a page that has gaps."""
    draft = access.to_edit(request, public_id)
    kind = kinds.of(draft)
    page = kind.step(slug)
    if draft.state not in EDITABLE:
        return access.too_late(request, draft)
    if completion.is_late(draft):
        return completion_views.late(request, draft)
    answers = kind.answers_of(draft)
    later = "later" in request.POST and draft.state == ApplicationState.DRAFT
    form = page.go_on(request.POST, answers) if request.method == "POST" else None
    form = form or page.make_form(request.POST or None, answers, email=draft.email, partial=later)
    fixed = []
    if draft.state == ApplicationState.COMPLETION:
        fixed = completion_views.keep_to_request(draft, page, form)
        if fixed is None:
            messages.info(request, _("We did not ask you to change this page."))
            return redirect("intake:application", public_id)
    if form.is_valid():
        try:
            draft = services.save_step(draft, step=page, data=form.cleaned_data)
        except Stale:
            return access.too_late(request, draft)
        if later:
            return redirect("intake:later", public_id)
        return redirect(_after(request, draft, page))
    # the form has written what was typed into its instance: the task list tells of what is saved
    context = draft_context(Application.objects.get(pk=draft.pk), slug)
    part = [s.slug for s in kind.steps].index(slug) + 1
    return render(request, page.template, {**context, page.form_name: form, "step": page, "part": part, "fixed": fixed})


def _after(request, draft, page):
    """The next page that is not done, going round; the check page when all are, or when one came from there.

    A page that may stay empty comes in its turn, and is not come back to.
    """
    kind = kinds.of(draft)
    answers = kind.answers_of(draft)
    asked = completion.steps_of(draft)
    if asked is None:
        undone = kind.undone(answers)
    else:
        undone = [step for step in kind.steps if asked.get(step.slug) is False]
    if request.GET.get("back") == "check":
        return reverse("intake:check", args=[draft.public_id])
    ahead = kind.steps[kind.steps.index(page) + 1 :]
    following = next((s for s in ahead if s in undone or (asked is None and s.is_left_empty(answers))), None)
    if following is None and not undone:
        return reverse("intake:attach" if attachments.missing(draft) else "intake:check", args=[draft.public_id])
    return reverse("intake:step", args=[draft.public_id, (following or undone[0]).slug])


@access.public("GET", "HEAD", "POST")
def later(request, public_id):
    """Leave the draft and get a link to come back by."""
    draft = access.to_edit(request, public_id)
    if draft.state not in EDITABLE:
        return access.too_late(request, draft)
    in_form = kinds.of(draft).summary(kinds.of(draft).answers_of(draft)).email
    form = EmailForm(request.POST or None, initial={"email": draft.email})
    if request.method == "POST" and (in_form or form.is_valid()):
        try:
            draft = services.send_resume_link(draft, email="" if in_form else form.cleaned_data["email"])
        except Stale:
            return access.too_late(request, draft)
        messages.success(request, _("We have sent a link to %(email)s.") % {"email": draft.email})
        return redirect("intake:later", public_id)
    context = {
        "application": draft,
        "kind": kinds.of(draft),
        "in_form": in_form,
        "days": links.VALID[LinkPurpose.RESUME].days,
    }
    return render(request, "intake/later.html", {**context, "form": None if in_form else form})


@access.public("GET", "HEAD", "POST")
def check(request, public_id):
    """Check your answers; an application sent back by the staff is sent again from here."""
    draft = access.to_edit(request, public_id)
    if draft.state not in EDITABLE:
        # a repeated click on "send the completed application" belongs to the receipt, without a word
        return access.home(draft) if request.method == "POST" else access.too_late(request, draft)
    if completion.is_late(draft):
        return completion_views.late(request, draft)
    if request.method == "POST":
        try:
            services.resubmit(draft)
        except Refused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("intake:check", public_id)
        return redirect("intake:receipt", public_id)
    return render(
        request,
        "intake/check.html",
        {**draft_context(draft, "check"), "sections": _sections(draft), "files": _files(draft)},
    )


def _files(draft):
    """The attachments as answers."""
    rules = attachments.open_rules(draft)
    url = reverse("intake:attach", args=[draft.public_id])
    return [
        {
            "label": row["label"],
            "value": "\n".join(str(attachment) for attachment in row["files"]),
            "url": url if row["rule"] in rules else None,
        }
        for row in attachments.by_rule(draft)
    ]


def _sections(draft):
    """The answers, each that the applicant may change with the way to it."""
    request = queries.open_request(draft) if draft.state == ApplicationState.COMPLETION else None
    kind = kinds.of(draft)
    sections = kind.sections(kind.answers_of(draft))
    for section in sections:
        url = reverse("intake:step", args=[draft.public_id, section["slug"]]) + "?back=check"
        for row in section["rows"]:
            may_change = request is None or row["name"] in request.fields
            row["url"] = f"{url}#id_{row['name']}" if may_change else None
    return sections


@access.public("GET", "HEAD", "POST")
def send(request, public_id):
    """Information clauses and the one button that sends; whatever the browser repeats leads to the receipt."""
    draft = access.to_edit(request, public_id)
    if draft.state != ApplicationState.DRAFT:
        return access.home(draft)
    context = draft_context(draft, "check")
    if context["undone"] or context["missing"] or context["problems"]:
        messages.error(request, _("Some pages are not complete yet."))
        return redirect("intake:check", public_id)
    clauses = list(queries.current_clauses())
    shown = {"clauses": ",".join(str(clause.pk) for clause in clauses)}
    form = SendForm(request.POST or None, initial=shown, texts=consents.texts())
    if request.method == "POST" and form.is_valid():
        keys = [int(key) for key in form.cleaned_data["clauses"].split(",") if key.isascii() and key.isdigit()]
        read = Clause.objects.filter(pk__in=[key for key in keys if key < 2**63])
        try:
            services.submit(draft, clauses=read, consents=form.chosen(), language=get_language())
        except Refused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("intake:send", public_id)
        return redirect("intake:receipt", public_id)
    controllers = queries.by_controller(clauses)
    return render(request, "intake/send.html", {**context, "form": form, "controllers": controllers})
