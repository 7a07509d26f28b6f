"""Public pages of training events: the calendar, one event, and where an enrolment begins."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centrum.intake import access as applicants
from centrum.intake import services as intake
from centrum.kit import clock, lists
from centrum.kit.lists import Order
from centrum.kit.polish import time_range
from centrum.kit.transitions import Refused
from trainings import access, calendars, notices, offers, queries
from trainings.enrolling import BY_WHO
from trainings.enrolling_forms import StartForm
from trainings.public_forms import CalendarForm

PAGE = 30
ORDERS = {"soonest": Order("starts_on"), "latest": Order("starts_on", descending=True)}


@login_not_required
@require_safe
def calendar(request):
    form = CalendarForm(request.GET)
    chosen = form.filters()
    default = "latest" if chosen.get("past") else "soonest"
    page = lists.page(request, offers.listed(**chosen), orders=ORDERS, default=default, size=PAGE)
    context = {
        "filters": form,
        "chosen": chosen,
        "page": page,
        "months": offers.by_month([offers.card(event) for event in page.rows]),
        "feed": request.build_absolute_uri(reverse("events:feed")),
    }
    return render(request, "trainings/public_list.html", context)


def _shown(public_id):
    """The event with all that its public page tells; raises Http404."""
    rows = queries.with_parts(queries.told_events().select_related("project", "organiser"))
    return get_object_or_404(rows, public_id=public_id)


@login_not_required
@require_safe
def event(request, public_id):
    shown = _shown(public_id)
    venues = {session.room.venue for session in shown.sessions.all() if session.room}
    context = {
        "event": shown,
        "standing": offers.standing(shown),
        "over": offers.is_over(shown),
        "when": notices.when(shown),
        "sessions": [_row(session) for session in shown.sessions.all()],
        "venues": sorted(venues, key=lambda venue: venue.pk),
        "online": any(session.link and not session.room for session in shown.sessions.all()),
        "rules": access.rules_of(shown),
        "seats": [(group, offers.free_in(group)) for group in shown.groups.all()],
    }
    return render(request, "trainings/public_event.html", context)


def _row(session):
    begins, ends = clock.local(session.starts_at), clock.local(session.ends_at)
    return {"session": session, "day": begins.date(), "hours": time_range(begins.time(), ends.time())}


@applicants.public("GET", "HEAD", "POST")
def enrol(request, public_id):
    """Whom do you enrol? The answer begins a draft and leads straight to its first page."""
    shown = _shown(public_id)
    standing = offers.standing(shown)
    form = StartForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and not standing.enrols:
        messages.error(request, standing.why)
        return redirect("events:event", public_id)
    if form.is_valid():
        kind = BY_WHO[form.cleaned_data["who"]]
        try:
            draft = intake.begin(kind=kind, key=form.cleaned_data["key"], language=get_language(), event=shown)
        except Refused as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("events:event", public_id)
        applicants.let_edit(request, draft)
        return redirect("intake:step", draft.public_id, kind.steps[0].slug)
    context = {
        "event": shown,
        "when": notices.when(shown),
        "standing": standing,
        "rules": access.rules_of(shown),
        "form": form,
    }
    return render(request, "trainings/enrol.html", context)


@login_not_required
@require_safe
def event_calendar(request, public_id):
    return calendars.response(calendars.calendar([_shown(public_id)]), "wydarzenie.ics")


@login_not_required
@require_safe
def feed(request):
    """All public events of the last year and to come, for calendars that ask again and again."""
    return calendars.response(calendars.calendar(calendars.public_events(), name=_("Training")), "kalendarz.ics")
