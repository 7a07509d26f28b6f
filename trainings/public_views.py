"""Public pages of training events: the calendar, one event, and the own page of whoever is enrolled."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trainings import notices, queries
from trainings import own as links


@login_not_required
@require_safe
def calendar(request):
    return render(
        request, "trainings/public_list.html", {"events": queries.public_events().order_by("starts_on", "pk")}
    )


@login_not_required
@require_safe
def event(request, public_id):
    shown = get_object_or_404(queries.public_events(), public_id=public_id)
    return render(request, "trainings/public_event.html", {"event": shown, "when": notices.when(shown)})


@login_not_required
@never_cache
@require_safe
def own(request, token):
    enrolment = links.enrolment_of(token)
    if enrolment is None:
        raise Http404
    return render(request, "trainings/own.html", {"enrolment": enrolment, "event": enrolment.event})
