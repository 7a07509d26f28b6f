"""The staff's pages: the list of applications, one application, and the decisions on it."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.intake import appeals, completion, kinds, letters, queries, review, services
from centrum.intake.deciding import WING_DECIDES, decide, opened
from centrum.intake.enums import OPEN, STATE_TAG, ApplicationState, CheckVerdict, OpinionVerdict
from centrum.intake.forms import FilterForm, ReasonForm, TakeForm
from centrum.intake.review_forms import AcceptForm, AskForm
from centrum.kit import lists, outbox, registry, transitions
from centrum.kit.polish import datetime_short
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

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
        call=chosen.get("call"),
    )
    page = lists.page(request, rows, orders=ORDERS, default="newest")
    for row in page.rows:
        row.kind_label, row.tag = kinds.of(row).label, STATE_TAG[row.state]
    return render(request, "intake/inbox.html", {"filters": form, "page": page})


VERDICT_TAG = {
    CheckVerdict.YES: "ok",
    CheckVerdict.NO: "bad",
    CheckVerdict.NOT_APPLICABLE: "quiet",
    OpinionVerdict.FOR: "ok",
    OpinionVerdict.AGAINST: "bad",
    OpinionVerdict.UNSURE: "wait",
}


@requires(Right.VIEW_CLIENTS)
@require_safe
def application(request, public_id):
    shown = opened(request, public_id)
    kind, user = kinds.of(shown), request.user
    said = list(review.declarations(shown))
    barred = any(made.by_id == user.pk and made.conflict for made in said)
    moves = [] if barred else transitions.available(shown, user)
    works = user.has_right(Right.EDIT_CLIENTS) and shown.state in OPEN and not barred
    opinions = list(review.opinions(shown))
    for opinion in opinions:
        opinion.tag = VERDICT_TAG.get(opinion.verdict, "wait")
    points = review.checklist(shown)
    answered = sum(point.answer is not None for point in points)
    if kind.decided_at:
        moves = [m for m in moves if m.action not in WING_DECIDES]
    buttons = [_button(m, public_id) for m in moves]
    reviews = kind.decided_at and user.has_right(kind.decided_with)
    if reviews and shown.state == ApplicationState.VERIFICATION and not barred:
        buttons.insert(0, {"label": _("Go on with the review"), "kind": "ok", "url": _wing(kind, public_id)})
    to_check = works and shown.state == ApplicationState.VERIFICATION and answered < len(points)
    main = next((b for b in buttons if b["kind"] == "ok"), None)
    others = [button for button in buttons if button is not main or to_check]
    if to_check:
        main = {"label": _("Fill in the checklist"), "url": reverse("inbox:checklist", args=[public_id])}
    context = {
        "application": shown,
        "kind": kind,
        "tag": STATE_TAG[shown.state],
        "sections": kind.sections(kind.answers_of(shown)),
        "acknowledgements": shown.acknowledgements.select_related("clause").order_by("clause__code"),
        "moves": buttons,
        "main": main,
        "others": others,
        "works": works,
        "barred": barred,
        "declarations": said,
        "undeclared": works and all(made.by_id != user.pk for made in said),
        "points": [{"point": p, "tag": p.answer and VERDICT_TAG[p.answer.verdict]} for p in points],
        "answered": answered,
        "opinions": opinions,
        "mine": next((o for o in opinions if o.of_id == user.pk and not o.given_at), None),
        "letters": [{"message": m, "body": outbox.for_staff(m)} for m in queries.letters_about(shown)],
        "timeline": [_event(change, shown) for change in _history(shown, kind, user)],
        "panels": registry.panels("application", user, shown),
    }
    return render(request, "intake/application.html", context)


def _wing(kind, public_id):
    return reverse(kind.decided_at, args=[public_id])


def _button(move, public_id):
    return {"label": move.label, "kind": move.kind, "url": reverse(f"inbox:{move.action}", args=[public_id])}


def _history(shown, kind, user):
    """What happened to the application, on the wing's side too for who may see that, the newest first."""
    changes = list(queries.changes_of(shown))
    for change in changes:
        change.words = ApplicationState(change.target).label
    events = kind.events(shown) if user.has_right(kind.decided_with) else []
    return sorted([*changes, *events], key=lambda change: -change.pk)


def _event(change, shown):
    return {
        "when": datetime_short(change.at),
        "who": str(change.by) if change.by else shown.applicant,
        "text": f"{change.words}: {change.reason}" if change.reason else change.words,
    }


# Steps. The form of each asks whoever has not done so yet to declare impartiality.


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request, public_id):
    def make_form(shown, data):
        return TakeForm(data, colleagues=review.colleagues(shown, request.user), initial={"assignee": request.user})

    def do(shown, _letter, assignee):
        return services.take(shown, by=request.user, assignee=assignee)

    return decide(request, public_id, "take", make_form, do)


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(request, public_id):
    def make_form(shown, data):
        others = review.colleagues(shown, request.user).exclude(pk=shown.assignee_id)
        return TakeForm(data, colleagues=others)

    def do(shown, _letter, assignee):
        return services.hand_on(shown, by=request.user, assignee=assignee)

    return decide(request, public_id, "hand_on", make_form, do)


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, public_id):
    def do(shown, letter, **data):
        return completion.ask(shown, by=request.user, letter=letter, **data)

    def draft(shown, data):
        return letters.draft("completion", shown, text=data["text"], due=data["due_on"])

    return decide(request, public_id, "ask", lambda shown, data: AskForm(data, application=shown), do, draft=draft)


def _with_reason(request, public_id, action, code, service):
    def do(shown, letter, reason):
        return service(shown, by=request.user, reason=reason, letter=letter)

    def draft(shown, data):
        return letters.draft(code, shown, text=data["reason"])

    return decide(request, public_id, action, lambda _shown, data: ReasonForm(data), do, draft=draft)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request, public_id):
    return _with_reason(request, public_id, "reserve", "reserved", services.reserve)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request, public_id):
    return _with_reason(request, public_id, "reject", "rejected", services.reject)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def uphold(request, public_id):
    return _with_reason(request, public_id, "uphold", "upheld", appeals.uphold)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request, public_id):
    return _with_reason(request, public_id, "dismiss", "dismissed", appeals.dismiss)


@requires(Right.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, public_id):
    def make_form(shown, data):
        form = kinds.of(shown).accept_form or AcceptForm
        return form(data, user=request.user, application=shown)

    def do(shown, letter, **data):
        return services.accept(shown, by=request.user, letter=letter, **data)

    def draft(shown, data):
        return letters.draft("accepted", shown, adviser=data["adviser"])

    return decide(request, public_id, "accept", make_form, do, draft=draft, template="intake/accept.html")
