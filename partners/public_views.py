"""Public pages of partnerships: what they are for, where they work, who is in them; never people.

Below them those that a secret link opens: an invitation, a calendar, the view of a partner's representative.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from partners import calendars, commitments, documents, guests, meetings, programme, queries
from partners.enums import COMMITMENT_TAG, MEETING_TAG, PARTNERSHIP_TAG, Answer

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


# By a link in a letter, without an account


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """One invitation for the one person to whom it was sent: opening it answers nothing."""
    row = meetings.invitation_of(token)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            meetings.answer(row, request.POST.get("answer", ""))
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("partnerships:invitation", token)
    context = {
        "invitation": row,
        "meeting": row.meeting,
        "when": documents.when(row.meeting),
        "open": meetings.takes_answers(row.meeting),
        "token": token,
        "choices": Answer.choices,
    }
    return render(request, "partners/invitation.html", context)


@login_not_required
@never_cache
@require_safe
def invitation_calendar(request, token):
    row = meetings.invitation_of(token)
    if row is None:
        raise Http404
    return calendars.response(calendars.calendar([row.meeting]), "zaproszenie.ics")


@login_not_required
@never_cache
@require_safe
def subscription(request, token):
    """Meetings of a partnership for a programme that asks again and again; it knows no sign-in."""
    shown = calendars.partnership_of(token)
    if shown is None:
        raise Http404
    rows = shown.meetings.order_by("starts_at", "pk")
    return calendars.response(calendars.calendar(rows, name=shown.name), "kalendarz.ics")


@login_not_required
@never_cache
@require_safe
def guest(request, token):
    """One partnership for a representative of a member: members, meetings, decisions, commitments; no other people."""
    representative = guests.representative_of(token)
    if representative is None:
        return render(request, "partners/guest_closed.html", status=410)
    shown = representative.membership.partnership
    rows = list(meetings.meetings_of(shown).prefetch_related("decisions"))
    for row in rows:
        row.tag, row.when = MEETING_TAG[row.state], documents.when(row)
    promised = commitments.commitments_of(shown)
    for one in promised:
        one.tag = COMMITMENT_TAG[one.state]
    context = {
        "partnership": shown,
        "representative": representative,
        "tag": PARTNERSHIP_TAG[shown.state],
        "members": list(queries.members_of(shown)),
        "meetings": rows,
        "commitments": promised,
    }
    return render(request, "partners/guest.html", context)
