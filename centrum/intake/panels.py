"""What the engine puts on pages of lower rooms: the day's work and the search."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.intake import kinds, queries
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


ENTRIES = (
    MenuItem(_("Clients"), _("Applications"), "inbox:list", Right.VIEW_CLIENTS, 10, queries.waiting_count),
    Finder(_("Applications"), Right.VIEW_CLIENTS, 20, find),
    Panel("home", "intake/_my_day.html", my_day, 5),
)
