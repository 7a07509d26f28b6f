"""Requests of data subjects: the list by due date, one request, and the steps to its answer."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, lists, transitions
from centrum.kit.polish import date_long, datetime_short
from centrum.register import queries, requests
from centrum.register.enums import RequestState
from centrum.register.request_forms import AnswerForm, ExtendForm, RefuseForm, RequestFilter, RequestForm
from centrum.staff.enums import Right
from centrum.staff.permissions import requires

write = require_http_methods(["GET", "HEAD", "POST"])
handling = requires(Right.HANDLE_REQUESTS)
ORDERS = {
    "due": lists.Order("due_on"),
    "-due": lists.Order("due_on", descending=True),
    "newest": lists.Order("pk", descending=True),
}
TAGS = {
    RequestState.RECEIVED: "wait",
    RequestState.HANDLING: "info",
    RequestState.ANSWERED: "ok",
    RequestState.REFUSED: "quiet",
}
SOON = 7  # days before the due date from which it is shown in honey
SHOWN = 8
FOUND = 10


@require_safe
@handling
def listed(request):
    filters = RequestFilter({"state": "open", **request.GET.dict()})
    filters.is_valid()  # a filter that makes no sense is told at its field and left out
    state, kind = filters.cleaned_data.get("state") or "open", filters.cleaned_data.get("kind")
    rows = requests.visible_requests(request.user).select_related("handler")
    if state == "open":
        rows = rows.filter(state__in=requests.OPEN)
    elif state != "all":
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    page = lists.page(request, rows, orders=ORDERS, default="due")
    for row in page.rows:
        _dress(row)
    return render(request, "register/requests.html", {"page": page, "filters": filters})


@require_safe
@handling
def shown(request, public_id):
    asked = _dress(_find(request, public_id))
    actions = {move.action for move in transitions.available(asked, request.user)}
    context = {
        "asked": asked,
        "actions": actions,
        "may_extend": requests.may_extend(asked),
        "timeline": [
            {"when": datetime_short(c.at), "who": str(c.by), "text": RequestState(c.target).label}
            for c in requests.changes_of(asked)
        ],
    }
    return render(request, "register/request.html", context)


@write
@handling
def new(request):
    """`?person=`: the person of the register whose page it was begun from."""
    person = queries.visible_people(request.user).filter(public_id__in=_uuids(request.GET.get("person"))).first()
    form = RequestForm(request.POST or None, initial={"name": str(person)} if person else None)
    if form.is_valid():
        made = _done(form, requests.receive, by=request.user, person=person, **form.cleaned_data)
        if made:
            messages.success(
                request,
                _("%(number)s is noted. Answer by %(day)s.") % {"number": made, "day": date_long(made.due_on)},
            )
            return redirect("register:request", made.public_id)
    return render(request, "register/request_new.html", {"form": form, "person": person})


@require_http_methods(["POST"])
@handling
def handle(request, public_id):
    asked = _find(request, public_id)
    try:
        requests.handle(asked, by=request.user)
    except transitions.Refused as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("You answer for %(number)s from now on.") % {"number": asked})
    return redirect("register:request", public_id)


@write
@handling
def answer(request, public_id):
    return _letter(request, public_id, AnswerForm, requests.answer, gettext_lazy("Answer"))


@write
@handling
def refuse(request, public_id):
    return _letter(request, public_id, RefuseForm, requests.refuse, gettext_lazy("Refuse with reasons"))


@write
@handling
def extend(request, public_id):
    return _letter(request, public_id, ExtendForm, requests.extend, gettext_lazy("Extend"))


def _letter(request, public_id, make_form, service, title):
    """A step that writes to the person: the form, on demand a preview of the letter, and the doing."""
    asked = _find(request, public_id)
    form = make_form(request.POST or None, asked=asked)
    preview = None
    if form.is_valid():
        if "preview" in request.POST:
            preview = requests.letter(asked, form.cleaned_data[form.body])
        elif _done(form, service, asked, by=request.user, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("register:request", public_id)
    context = {"asked": asked, "form": form, "title": title, "preview": preview}
    return render(request, "register/request_letter.html", context)


@write
@handling
def person(request, public_id):
    """Find the person of the register who asks."""
    asked = _find(request, public_id)
    people = queries.visible_people(request.user)
    if request.method == "POST":
        chosen = get_object_or_404(people, public_id__in=_uuids(request.POST.get("person")))
        try:
            requests.point_to(asked, by=request.user, person=chosen)
        except transitions.Refused as refusal:
            messages.warning(request, " ".join(refusal.messages))
        return redirect("register:request", public_id)
    text = request.GET.get("q", asked.name)[:200]
    found, _count, partial = queries.matching_people(people, text)
    found = list(found.order_by("sort", "pk")[: FOUND + 1])
    context = {"asked": asked, "q": text, "people": found[:FOUND], "more": partial or len(found) > FOUND}
    return render(request, "register/request_person.html", context)


# Panels


def my_day(user, _obj):
    """Open requests, the nearest day first."""
    if not requests.handles(user):
        return None
    return {"requests": [_dress(row) for row in requests.open_requests(user).order_by("due_on", "id")[:SHOWN]]}


def of_person(user, of):
    """What this person asked for about their data, and the way to their dossier."""
    if not requests.handles(user):
        return None
    rows = requests.visible_requests(user).filter(person=of).order_by("-id")[:SHOWN]
    return {"person": of, "requests": [_dress(row) for row in rows]}


def _find(request, public_id):
    if not requests.handles(request.user):
        raise PermissionDenied(_("Requests of data subjects are handled by the lead."))
    rows = requests.visible_requests(request.user).select_related("person", "handler")
    return get_object_or_404(rows, public_id=public_id)


def _dress(row):
    """Give a request what its pages show: tag, days left, whether it is late or nearly due."""
    row.tag = TAGS[row.state]
    row.is_open = row.state in requests.OPEN
    row.days = (row.due_on - clock.today()).days
    row.days_late = -row.days
    row.urgency = "bad" if row.days < 0 else "wait" if row.days <= SOON else "quiet"
    return row


def _done(form, service, *args, **values):
    """What `service` returns; None after its refusal has become errors of `form`."""
    try:
        return service(*args, **values)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _uuids(text):
    try:
        return [UUID(text)]
    except (TypeError, ValueError):
        return []
