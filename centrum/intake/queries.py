"""Reads: which applications a member of staff sees, and what their pages show."""

import re

from django.db.models import F, Q

from centrum.intake.enums import OPEN, ApplicationState
from centrum.intake.models import Application, Clause
from centrum.kit import clock
from centrum.kit.models import StateChange
from centrum.kit.search import matching
from centrum.kit.transitions import noun_of
from centrum.staff.enums import RIGHTS, Right, UnitKind
from centrum.staff.models import User
from centrum.staff.queries import unit_scope

COUNT_UP_TO = 999
_WHOLE_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")
_WORKING_ROLES = [role for role, rights in RIGHTS.items() if Right.EDIT_CLIENTS in rights]


def visible_applications(user):
    """Sent applications that `user` may see: of their units; those of no unit yet belong to the lead. No drafts."""
    sent = Application.objects.exclude(state=ApplicationState.DRAFT)
    scope = unit_scope(user)
    if scope is None:
        return sent
    own = Q(unit__in=scope)
    if user.unit.kind == UnitKind.LEAD:
        own |= Q(unit=None)
    return sent.filter(own)


def listed(user, *, text="", state="open", kind="", assignee=""):
    """Applications for the list; `state` is one state, "open" or "all", `assignee` "me", "none" or "" (all)."""
    rows = visible_applications(user).select_related("assignee")
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state != "all":
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if assignee:
        rows = rows.filter(assignee=user if assignee == "me" else None)
    if _WHOLE_EMAIL.fullmatch(text):
        return rows.filter(
            email=text.lower()
        )  # by its own index: fragments of popular mail servers match half the rows
    return matching(rows, text)


def waiting_for(user):
    """Open applications assigned to `user` or to nobody."""
    return visible_applications(user).filter(Q(assignee=user) | Q(assignee=None), state__in=OPEN)


def waiting_count(user):
    """How many wait, for the menu; counting stops at 999."""
    count = waiting_for(user).order_by()[: COUNT_UP_TO + 1].count()
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else count


def assignable(user):
    """Staff to whom `user` may give an application: anybody who works with clients; partners give to their own."""
    colleagues = User.objects.filter(is_active=True, role__in=_WORKING_ROLES)
    if user.unit.kind != UnitKind.LEAD:
        colleagues = colleagues.filter(unit=user.unit)
    return colleagues.select_related("unit")


def current_clauses():
    """Information clauses in force today, in the order of their codes."""
    today = clock.today()
    return (
        Clause.objects.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gt=today)).order_by("code")
    )


def changes_of(application):
    """State changes, newest first."""
    return (
        StateChange.objects.filter(noun=noun_of(application), object_id=application.pk)
        .select_related("by")
        .order_by("-id")
    )


def own_applications(email, limit=20):
    """The newest applications of an address, drafts too: for a letter to that very address (lower case)."""
    return Application.objects.filter(email=email).order_by(F("saved_at").desc(), "-id")[:limit]
