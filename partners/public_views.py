"""Public pages of partnerships: what they are for, where they work, who is in them; never people."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from partners import programme, queries
from partners.enums import PARTNERSHIP_TAG

ORDERS = {"name": Order("sort")}


@login_not_required
@require_safe
def partnerships(request):
    page = lists.page(request, queries.public_partnerships(), orders=ORDERS, default="name")
    for row in page.rows:
        row.tag = PARTNERSHIP_TAG[row.state]
    return render(request, "partners/public_list.html", {"page": page})


@login_not_required
@require_safe
def partnership(request, public_id):
    shown = get_object_or_404(queries.public_partnerships(), public_id=public_id)
    context = {
        "partnership": shown,
        "tag": PARTNERSHIP_TAG[shown.state],
        "areas": list(shown.areas.all()),
        "objectives": programme.objectives_of(shown),
        "tasks": programme.tasks_of(shown),
        "members": list(queries.members_of(shown, shown.ended_on)),  # of the last day of one that has ended
    }
    return render(request, "partners/public_partnership.html", context)
