"""The list of training events and the page of one."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import queries
from trainings.enums import EVENT_TAG
from trainings.pages import page_of, seen

ORDERS = {"date": Order("starts_on"), "-date": Order("starts_on", descending=True), "title": Order("sort")}


@require_safe
@requires(Right.VIEW_TRAININGS)
def events(request):
    page = lists.page(request, queries.visible_events(request.user), orders=ORDERS, default="-date")
    for row in page.rows:
        row.tag = EVENT_TAG[row.state]
    return render(request, "trainings/events.html", {"page": page})


@require_safe
@requires(Right.VIEW_TRAININGS)
def event(request, public_id):
    shown = seen(request, public_id)
    return render(request, "trainings/event.html", page_of(request, shown, "trainings:event"))
