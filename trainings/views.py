"""The list of training events, the page of one, and what is done with it as a whole."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.models import StateChange
from centrum.kit.polish import datetime_short
from centrum.kit.transitions import Refused, available, noun_of
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import capacity, events, forms, notices, participants, queries
from trainings.enums import EVENT_MOVES, EVENT_OPEN, EVENT_TAG
from trainings.models import Programme
from trainings.pages import kept, page_of, seen

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {
    "-date": Order("starts_on", descending=True),
    "date": Order("starts_on"),
    "title": Order("sort"),
    "-title": Order("sort", descending=True),
}


@read
@requires(Right.VIEW_TRAININGS)
def listing(request):
    form = forms.EventFilter(request.GET, user=request.user)
    form.is_valid()
    rows = queries.listed(request.user, **{name: form.cleaned_data.get(name, "") for name in form.fields})
    page = lists.page(request, rows, orders=ORDERS, default="-date")
    for row in page.rows:
        row.tag = EVENT_TAG[row.state]
    context = {"page": page, "form": form, "may_add": request.user.has_right(Right.KEEP_TRAININGS)}
    context["may_pay"] = request.user.has_right(Right.PAY_TRAININGS)
    return render(request, "trainings/events.html", context)


@read
@requires(Right.VIEW_TRAININGS)
def event(request, public_id):
    shown = seen(request, public_id)
    may_keep = queries.may_keep(request.user, shown)
    sessions = list(queries.sessions_of(shown))
    seats = participants.seats_of(shown)
    context = {
        "when": notices.when(shown),
        "sessions": sessions,
        "hours": _hours(shown, sessions),
        "seats": seats,
        "small": _small_rooms(sessions, seats),
        "communes": list(shown.communes.all()),
        "moves": available(shown, request.user) if may_keep else [],
        "changes": may_keep and shown.state in EVENT_OPEN,
        "timeline": _timeline(shown),
        "is_public": queries.public_events().filter(pk=shown.pk).exists(),
    }
    return render(request, "trainings/event.html", page_of(request, shown, "trainings:event", **context))


def _hours(shown, sessions):
    """Hours of the sessions as the event counts them, None without sessions."""
    seconds = sum((session.ends_at - session.starts_at).total_seconds() for session in sessions)
    return round(seconds / 60 / shown.hour_minutes, 1) if sessions else None


def _small_rooms(sessions, seats):
    """Rooms that hold fewer people than the event has seats."""
    people = sum(group.seats for group in seats)
    rooms = {session.room for session in sessions if session.room}
    return sorted((room for room in rooms if room.seats and room.seats < people), key=lambda room: (str(room), room.pk))


def _timeline(shown):
    moves = StateChange.objects.filter(noun=noun_of(shown), object_id=shown.pk).select_related("by").order_by("-pk")
    names = dict(shown._meta.get_field("state").choices)
    return [
        {
            "when": datetime_short(change.at),
            "text": " – ".join(filter(None, [str(names[change.target]), change.reason])),
            "who": change.by,
        }
        for change in moves
    ]


@write
@requires(Right.KEEP_TRAININGS)
def event_new(request):
    """A new event, of the programme that the address names or single."""
    programme = None
    if request.GET.get("programme", "").isdecimal():
        programme = get_object_or_404(Programme, pk=int(request.GET["programme"][:18]), retired_on=None)
    known = {name: getattr(programme, name) for name in events.CONTENT} if programme else {}
    form = forms.NewEventForm(request.POST or None, user=request.user, unit=request.user.unit, initial=known)
    if form.is_valid():
        said = form.cleaned_data
        seats = said.pop("seats")
        try:
            made = events.create_event_with_seats(
                by=request.user, unit=request.user.unit, programme=programme, seats=seats, **said
            )
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The event is a draft. Add its sessions, then publish it."))
            return redirect("trainings:event", made.public_id)
    back = reverse("trainings:list")
    context = {"form": form, "title": _("New event"), "back": back, "crumbs": [(_("Training"), back)]}
    return render(request, "register/one_form.html", context)


@write
@requires(Right.KEEP_TRAININGS)
def event_edit(request, public_id):
    shown = kept(request, public_id)
    return _form(
        request,
        shown,
        forms.EventForm(request.POST or None, user=request.user, unit=shown.unit, event=shown),
        lambda **said: events.update_event(shown, by=request.user, **said),
        title=_("Change the event"),
        done=_("The event is changed."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def event_copy(request, public_id):
    shown = kept(request, public_id)
    form = forms.CopyForm(request.POST or None)
    if form.is_valid():
        try:
            made = events.copy_event(shown, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The new event is a draft: look at its sessions, rooms and trainers."))
            return redirect("trainings:event", made.public_id)
    return _form(request, shown, form, None, title=_("The same again on other days"), done="")


@write
@requires(Right.KEEP_TRAININGS)
def seats(request, public_id):
    shown = kept(request, public_id)
    return _form(
        request,
        shown,
        forms.SeatsForm(request.POST or None, event=shown),
        lambda **said: capacity.set_seats(shown, by=request.user, **said),
        title=_("Seats"),
        done=_("The seats are set."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def move(request, public_id, action):
    shown = kept(request, public_id)
    step = next((step for step in EVENT_MOVES if step.action == action), None)
    if step is None:
        raise Http404
    if not step.reason:
        if request.method == "POST":
            _step(request, shown, action)
        return redirect("trainings:event", public_id)
    return _form(
        request,
        shown,
        forms.ReasonForm(request.POST or None),
        lambda reason: events.step(shown, action, by=request.user, reason=reason),
        title=step.label,
        done=_("Done."),
        note=_("Everybody enrolled gets a letter with this reason.") if action == "cancel" else "",
        button=step.label,
    )


def _step(request, shown, action):
    try:
        row = events.step(shown, action, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The state is now “%(state)s”.") % {"state": row.get_state_display()})


def _form(request, shown, form, save, **words):
    back = reverse("trainings:event", args=[shown.public_id])
    crumbs = [(_("Training"), reverse("trainings:list")), (shown.title, back)]
    if save is None:
        context = words | {"form": form, "back": back, "crumbs": crumbs}
        return render(request, "register/one_form.html", context)
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)
