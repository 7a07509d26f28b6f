"""The staff's pages: the list of applications, one application, and the decisions on it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import kinds, queries, services
from centrum.intake.enums import STATE_TAG, ApplicationState
from centrum.intake.forms import AskForm, FilterForm, ReasonForm, TakeForm
from centrum.kit import lists, registry, transitions
from centrum.kit.polish import datetime_short
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires

ORDERS = {"newest": lists.Order("submitted_at", descending=True), "oldest": lists.Order("submitted_at")}


@requires(Right.VIEW_CLIENTS)
@require_safe
def inbox(request):
    form = FilterForm({"state": "open", **request.GET.dict()})
    form.is_valid()  # a filter that makes no sense is told at its field and left out
    chosen = form.cleaned_data
    rows = queries.listed(
        request.user,
        text=chosen.get("q", ""),
        state=chosen.get("state") or "open",
        kind=chosen.get("kind", ""),
        assignee=chosen.get("assignee", ""),
    )
    page = lists.page(request, rows, orders=ORDERS, default="newest")
    for row in page.rows:
        row.kind_label, row.tag = kinds.of(row).label, STATE_TAG[row.state]
    return render(request, "intake/inbox.html", {"filters": form, "page": page})


def _open(request, public_id):
    rows = queries.visible_applications(request.user).select_related("assignee", "unit", "decided_by")
    return get_object_or_404(rows, public_id=public_id)


@requires(Right.VIEW_CLIENTS)
@require_safe
def application(request, public_id):
    shown = _open(request, public_id)
    kind = kinds.of(shown)
    answers = kind.answers_of(shown)
    context = {
        "application": shown,
        "kind": kind,
        "tag": STATE_TAG[shown.state],
        "sections": [
            {
                "title": step.title,
                "rows": [{"label": label, "value": value} for _name, label, value in step.rows(answers)],
            }
            for step in kind.steps
        ],
        "acknowledgements": shown.acknowledgements.select_related("clause").order_by("clause__code"),
        "moves": [
            {"label": m.label, "kind": m.kind, "url": reverse(f"inbox:{m.action}", args=[public_id])}
            for m in transitions.available(shown, request.user)
        ],
        "timeline": [_event(change, shown) for change in queries.changes_of(shown)],
        "panels": registry.panels("application", request.user, shown),
    }
    return render(request, "intake/application.html", context)


def _event(change, shown):
    what = ApplicationState(change.target).label
    return {
        "when": datetime_short(change.at),
        "who": str(change.by) if change.by else shown.applicant,
        "text": f"{what}: {change.reason}" if change.reason else what,
    }


def _decide(request, public_id, action, make_form, do, *, template="intake/decide.html", **more):
    """One decision: its page (GET) and its doing (POST).

    When somebody was quicker, the fresh application is shown with a message of what they did.
    """
    shown = _open(request, public_id)
    move = transitions.find(shown.MOVES, action)
    require(request.user, move.right)
    if shown.state not in move.sources:
        messages.warning(request, transitions.what_changed(shown))
        return redirect("inbox:application", public_id)
    form = make_form(shown, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = do(shown, form.cleaned_data)
        except transitions.Stale as error:
            messages.warning(request, " ".join(error.messages))
            return redirect("inbox:application", public_id)
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(
                request,
                _("%(number)s: the state is now “%(state)s”.")
                % {"number": done.number, "state": done.get_state_display()},
            )
            return redirect("inbox:application", public_id)
    context = {"application": shown, "kind": kinds.of(shown), "move": move, "form": form, **more}
    return render(request, template, context)


def _show(form, error):
    """Put a refusal of a service at its field, where the form has it, else above the form."""
    for name, texts in getattr(error, "message_dict", {None: error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request, public_id):
    def make_form(shown, data):
        return TakeForm(data, colleagues=queries.assignable(request.user), initial={"assignee": request.user})

    def do(shown, data):
        return services.take(shown, by=request.user, assignee=data["assignee"])

    return _decide(request, public_id, "take", make_form, do)


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, public_id):
    def do(shown, data):
        return services.ask(shown, by=request.user, text=data["reason"], mail=data["mail"])

    return _decide(request, public_id, "ask", lambda shown, data: AskForm(data), do)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request, public_id):
    def do(shown, data):
        return services.reserve(shown, by=request.user, **data)

    return _decide(request, public_id, "reserve", lambda shown, data: ReasonForm(data), do)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request, public_id):
    def do(shown, data):
        return services.reject(shown, by=request.user, **data)

    return _decide(request, public_id, "reject", lambda shown, data: ReasonForm(data), do)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, public_id):
    def make_form(shown, data):
        return kinds.of(shown).accept_form(data, user=request.user, application=shown)

    def do(shown, data):
        return services.accept(shown, by=request.user, **data)

    return _decide(request, public_id, "accept", make_form, do, template="intake/accept.html")
