"""What the engine puts on pages of lower rooms: the day's work and the search."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.intake import attachments, completion, consents, kinds, links, merging, queries, review
from centrum.intake.enums import STATE_TAG, ApplicationState
from centrum.kit.registry import Finder, Hit, MenuItem, Panel
from centrum.kit.search import matching
from centrum.staff.enums import Right

SHOWN = 8
# of what is open, these wait for the staff; completion waits for the applicant, the reserve list for a place
_FOR_STAFF = (ApplicationState.SUBMITTED, ApplicationState.VERIFICATION)


def my_day(user, _obj):
    """Applications to take up and those in the user's hands, the longest waiting first."""
    if not user.has_right(Right.EDIT_CLIENTS):
        return None
    rows = queries.waiting_for(user).filter(state__in=_FOR_STAFF).order_by("submitted_at", "id")[:SHOWN]
    rows = list(rows)
    for row in rows:
        row.kind_label, row.tag = kinds.of(row).label, STATE_TAG[row.state]
    return {"applications": rows}


def opinions_asked(user, _obj):
    """Opinions that colleagues ask of the user."""
    rows = list(review.asked_of(user)[:SHOWN]) if user.has_right(Right.EDIT_CLIENTS) else []
    return {"opinions": rows} if rows else None


def find(user, text, limit):
    rows = matching(queries.visible_applications(user), text).order_by("-submitted_at", "-id")[:limit]
    return [
        Hit(
            f"{row.number} {row.applicant}",
            f"{kinds.of(row).label} · {row.get_state_display()}",
            reverse("inbox:application", args=[row.public_id]),
        )
        for row in rows
    ]


def consents_of(user, person):
    """Panel of a person: consents in force and withdrawn, and how each was given."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    return {"person": person, "consents": consents.given(person), "may_note": consents.may_note(user)}


def files_of(_user, application):
    """Panel of an application: its files, and the copy to print."""
    return {"rows": [row for row in attachments.by_rule(application) if row["files"]], "application": application}


def links_of(user, application):
    """Panel of an application: how many secret links open it, and the button that closes them."""
    return {**links.state(application), "application": application, "may_close": user.has_right(Right.EDIT_CLIENTS)}


def call_of(user, application):
    """Panel of an application: its call and the places that are left."""
    return {"call": application.call, "application": application} if application.call else None


def completions_of(user, application):
    """Panel of an application: what the applicant was asked to complete, and what changed."""
    requests = list(application.completion_requests.select_related("asked_by").order_by("-id"))
    if not requests:
        return None
    for request in requests:
        request.rows = completion.differences(request)
        request.is_open = request.answered_at is None and request.dropped_at is None
    return {"requests": requests, "application": application, "may_extend": user.has_right(Right.EDIT_CLIENTS)}


def appeals_of(user, application):
    """Panel of an application: appeals with their outcome."""
    found = list(application.appeals.select_related("against", "decided_by").order_by("-id"))
    return {"appeals": found} if found else None


ENTRIES = (
    MenuItem(_("Clients"), _("Applications"), "inbox:list", Right.VIEW_CLIENTS, 10, queries.waiting_count),
    MenuItem(_("Clients"), _("Calls"), "calls:list", Right.VIEW_CLIENTS, 12),
    Finder(_("Applications"), Right.VIEW_CLIENTS, 20, find),
    MenuItem(_("Office"), _("Letters"), "letters:list", Right.KEEP_LETTERS, 44),
    Panel("home", "intake/_my_day.html", my_day, 5),
    Panel("home", "intake/_opinions_asked.html", opinions_asked, 4),
    Panel("application", "intake/_files.html", files_of, 15),
    Panel("application", "intake/_links.html", links_of, 60),
    Panel("application", "intake/_call_of.html", call_of, 20),
    Panel("application", "intake/_appeals.html", appeals_of, 22),
    Panel("application", "intake/_completions.html", completions_of, 24),
    Panel("person", "intake/_consents.html", consents_of, 30),
    merging.PEOPLE,
)
