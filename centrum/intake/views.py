"""The applicant's pages. A draft opens only in the session that began it, or by a link from its e-mail."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from centrum.intake import emails, kinds, links, queries, services
from centrum.intake.enums import EDITABLE, PUBLIC_STATE, STATE_TAG, ApplicationState
from centrum.intake.forms import EmailForm, SendForm
from centrum.intake.models import Application, Clause
from centrum.kit.transitions import Refused, Stale

SESSION_KEY = "applications"


def public(*methods):
    """View decorator: open to all, private to the browser that asked."""

    def decorate(view):
        return login_not_required(never_cache(require_http_methods(methods)(view)))

    return decorate


def _open(request, public_id):
    if public_id.hex not in request.session.get(SESSION_KEY, []):
        raise Http404
    return get_object_or_404(Application, public_id=public_id)


def _let_in(request, application):
    opened = request.session.get(SESSION_KEY, [])
    if application.public_id.hex not in opened:
        request.session[SESSION_KEY] = [*opened, application.public_id.hex]


def _home(application):
    """Where the applicant of this application belongs now."""
    name = "intake:application" if application.state in EDITABLE else "intake:receipt"
    return redirect(name, application.public_id)


def _too_late(request, application):
    messages.info(request, _("You have sent this application already, so it can no longer be changed."))
    return redirect("intake:receipt", application.public_id)


@login_not_required
@require_GET
def start(request):
    return render(request, "intake/start.html", {"kinds": kinds.every()})


@public("GET", "HEAD", "POST")
def kind(request, path):
    """The first page of a form. Its button carries a key, so a double click begins one draft."""
    chosen = kinds.at(path)
    if request.method == "POST":
        application = services.begin(kind=chosen, key=_key(request.POST.get("key")), language=get_language())
        _let_in(request, application)
        return _home(application)
    return render(request, "intake/kind.html", {"kind": chosen, "key": uuid4()})


def _key(text):
    try:
        return UUID(text)
    except (TypeError, ValueError):
        return uuid4()


@public("GET", "HEAD")
def application(request, public_id):
    """The task list."""
    draft = _open(request, public_id)
    if draft.state not in EDITABLE:
        return _home(draft)
    return render(request, "intake/tasks.html", _context(draft))


def _context(draft, current=""):
    """What every page of a draft shows: its form, its state and its task list."""
    kind = kinds.of(draft)
    answers = kind.answers_of(draft)
    undone = kind.undone(answers)
    tasks = [_task(draft, step, answers, current) for step in kind.steps]
    tasks.append(
        {
            "label": _("Check and send"),
            "url": None if undone else reverse("intake:check", args=[draft.public_id]),
            "kind": "quiet" if undone else "info",
            "state": _("Not yet") if undone else _("Ready"),
            "current": current == "check",
        }
    )
    return {
        "application": draft,
        "kind": kind,
        "tasks": tasks,
        "done": len(kind.steps) - len(undone),
        "undone": undone,
        "completing": draft.state == ApplicationState.COMPLETION,
    }


def _task(draft, step, answers, current):
    if step.is_done(answers):
        tag, state = "ok", _("Done")
    elif step.is_begun(answers):
        tag, state = "info", _("In progress")
    else:
        tag, state = "quiet", _("Not started")
    return {
        "label": step.title,
        "url": reverse("intake:step", args=[draft.public_id, step.slug]),
        "kind": tag,
        "state": state,
        "current": step.slug == current,
    }


@public("GET", "HEAD", "POST")
def step(request, public_id, slug):
    """One page of the form; "save and come back later" also takes a page that has gaps."""
    draft = _open(request, public_id)
    kind = kinds.of(draft)
    page = kind.step(slug)
    if draft.state not in EDITABLE:
        return _too_late(request, draft)
    answers = kind.answers_of(draft)
    later = "later" in request.POST and draft.state == ApplicationState.DRAFT
    known = {"email": draft.email} if "email" in page.form.base_fields and not answers.email else None
    form = page.form(request.POST or None, instance=answers, initial=known, partial=later)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.save_step(draft, step=page, data=form.cleaned_data)
        except Stale:
            return _too_late(request, draft)
        if later:
            return redirect("intake:later", public_id)
        return redirect(_after(request, draft, page))
    # the form has written what was typed into its instance: the task list tells of what is saved
    context = _context(Application.objects.get(pk=draft.pk), slug)
    part = [s.slug for s in kind.steps].index(slug) + 1
    return render(request, "intake/step.html", {**context, "form": form, "step": page, "part": part})


def _after(request, draft, page):
    """The next page that is not done, going round; the check page when all are, or when one came from there."""
    kind = kinds.of(draft)
    undone = kind.undone(kind.answers_of(draft))
    if request.GET.get("back") == "check" or not undone:
        return reverse("intake:check", args=[draft.public_id])
    here = kind.steps.index(page)
    following = next((s for s in undone if kind.steps.index(s) > here), undone[0])
    return reverse("intake:step", args=[draft.public_id, following.slug])


@public("GET", "HEAD", "POST")
def later(request, public_id):
    """Leave the draft and get a link to come back by."""
    draft = _open(request, public_id)
    if draft.state not in EDITABLE:
        return _too_late(request, draft)
    in_form = kinds.of(draft).summary(kinds.of(draft).answers_of(draft)).email
    form = EmailForm(request.POST or None, initial={"email": draft.email})
    if request.method == "POST" and (in_form or form.is_valid()):
        try:
            draft = services.send_resume_link(draft, email="" if in_form else form.cleaned_data["email"])
        except Stale:
            return _too_late(request, draft)
        messages.success(request, _("We have sent a link to %(email)s.") % {"email": draft.email})
        return redirect("intake:later", public_id)
    context = {"application": draft, "kind": kinds.of(draft), "in_form": in_form, "days": links.VALID.days}
    return render(request, "intake/later.html", {**context, "form": None if in_form else form})


@public("GET", "HEAD", "POST")
def check(request, public_id):
    """Check your answers; an application sent back by the staff is sent again from here."""
    draft = _open(request, public_id)
    if draft.state not in EDITABLE:
        # a repeated click on "send the completed application" belongs to the receipt, without a word
        return _home(draft) if request.method == "POST" else _too_late(request, draft)
    if request.method == "POST":
        try:
            services.resubmit(draft)
        except Refused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("intake:check", public_id)
        return redirect("intake:receipt", public_id)
    return render(request, "intake/check.html", {**_context(draft, "check"), "sections": _sections(draft, change=True)})


def _sections(draft, *, change):
    kind = kinds.of(draft)
    answers = kind.answers_of(draft)
    sections = []
    for page in kind.steps:
        url = reverse("intake:step", args=[draft.public_id, page.slug]) + "?back=check"
        rows = [
            {"label": label, "value": value, "url": f"{url}#id_{name}" if change else None}
            for name, label, value in page.rows(answers)
        ]
        sections.append({"title": page.title, "rows": rows})
    return sections


@public("GET", "HEAD", "POST")
def send(request, public_id):
    """Information clauses and the one button that sends; whatever the browser repeats leads to the receipt."""
    draft = _open(request, public_id)
    if draft.state != ApplicationState.DRAFT:
        return _home(draft)
    context = _context(draft, "check")
    if context["undone"]:
        messages.error(request, _("Some pages are not complete yet."))
        return redirect("intake:check", public_id)
    clauses = list(queries.current_clauses())
    shown = {"clauses": ",".join(str(clause.pk) for clause in clauses)}
    form = SendForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        keys = [int(key) for key in form.cleaned_data["clauses"].split(",") if key.isascii() and key.isdigit()]
        read = Clause.objects.filter(pk__in=[key for key in keys if key < 2**63])
        try:
            services.submit(draft, clauses=read, language=get_language())
        except Refused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("intake:send", public_id)
        return redirect("intake:receipt", public_id)
    return render(request, "intake/send.html", {**context, "form": form, "clauses": clauses})


@public("GET", "HEAD")
def receipt(request, public_id):
    """The number, where the application stands, and what was sent."""
    sent = _open(request, public_id)
    if sent.state == ApplicationState.DRAFT:
        return _home(sent)
    context = {
        "application": sent,
        "kind": kinds.of(sent),
        "state": PUBLIC_STATE[sent.state],
        "tag": STATE_TAG[sent.state],
        "answer_by": emails.answer_by(sent),
        "sections": _sections(sent, change=False),
        "clauses": [a.clause for a in sent.acknowledgements.select_related("clause").order_by("clause__code")],
    }
    return render(request, "intake/receipt.html", context)


@public("GET", "HEAD")
def resume(request, token):
    """Open an application by the link from its e-mail."""
    found = links.application_of(token)
    if found is None:
        return render(request, "intake/dead_link.html", status=404)
    _let_in(request, found)
    return _home(found)


@public("GET", "HEAD", "POST")
def find(request):
    """Ask for links to one's own applications; the answer is the same whether there are any or not."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.send_own_links(email=form.cleaned_data["email"], language=get_language())
        return redirect(reverse("intake:find") + "?sent=1")
    return render(request, "intake/find.html", {"form": form, "sent": "sent" in request.GET, "days": links.VALID.days})
