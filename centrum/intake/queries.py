"""Reads: which applications a member of staff sees, and what their pages show."""

import re

from django.db.models import Exists, F, OuterRef, Q

from centrum.intake.enums import OPEN, ApplicationState
from centrum.intake.models import Application, Clause, CompletionRequest, Declaration
from centrum.kit import clock
from centrum.kit.models import OutboxMessage, StateChange
from centrum.kit.search import matching
from centrum.kit.transitions import noun_of
from centrum.register.queries import of_audited
from centrum.staff.enums import RIGHTS, Right, Role, UnitKind
from centrum.staff.models import User
from centrum.staff.queries import acting_for, sees_the_leads, unit_scope

COUNT_UP_TO = 999
_WHOLE_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")
_WORKING_ROLES = [role for role, rights in RIGHTS.items() if Right.EDIT_CLIENTS in rights]


def visible_applications(user):
    """Sent applications that `user` may see: of their units; those of no unit yet belong to the lead. No drafts.

    An auditor sees those from which cases of the sample's people came.
    """
    if not user.has_right(Right.VIEW_CLIENTS):
        return Application.objects.none()
    sent = Application.objects.exclude(state=ApplicationState.DRAFT)
    if user.role == Role.AUDITOR:
        sent = sent.filter(of_audited("applications", user))
    scope = unit_scope(user)
    if scope is None:
        return sent
    own = Q(unit__in=scope)
    if sees_the_leads(user):
        own |= Q(unit=None)
    return sent.filter(own)


def listed(user, *, text="", state="open", kind="", assignee="", call=None):
    """Applications for the list; `state` is one state, "open" or "all", `assignee` "me", "none" or "" (all).

    `late` tells of each whether its request for completion is.
    """
    rows = visible_applications(user).select_related("assignee").annotate(late=is_late())
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state != "all":
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if call:
        rows = rows.filter(call=call)
    if assignee:
        rows = rows.filter(assignee__in=acting_for(user)) if assignee == "me" else rows.filter(assignee=None)
    if _WHOLE_EMAIL.fullmatch(text):
        return rows.filter(
            email=text.lower()
        )  # by its own index: fragments of popular mail servers match half the rows
    return matching(rows, text)


def is_late():
    """Whether the last day of an application's open request for completion is over, for a query of applications."""
    return Exists(
        CompletionRequest.objects.filter(
            application=OuterRef("pk"), answered_at=None, dropped_at=None, due_on__lt=clock.today()
        )
    )


def waiting_for(user):
    """Open applications assigned to `user`, to somebody for whom they stand in, or to nobody.

    Those in which the user has declared a conflict of interest wait for somebody else.
    """
    mine = visible_applications(user).filter(Q(assignee__in=acting_for(user)) | Q(assignee=None), state__in=OPEN)
    return mine.exclude(pk__in=Declaration.objects.filter(by=user, conflict=True).order_by().values("application"))


def waiting_count(user):
    """How many wait, for the menu; counting stops at 999."""
    count = waiting_for(user).order_by()[: COUNT_UP_TO + 1].count()
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else count


def workers():
    """Staff who work with clients."""
    return User.objects.filter(is_active=True, role__in=_WORKING_ROLES)


def assignable(user):
    """Staff to whom `user` may give an application: anybody who works with clients; partners give to their own."""
    colleagues = workers()
    if user.unit.kind != UnitKind.LEAD:
        colleagues = colleagues.filter(unit=user.unit)
    return colleagues.select_related("unit")


def current_clauses():
    """Information clauses in force today, in the order of their codes."""
    today = clock.today()
    return (
        Clause.objects.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gt=today)).order_by("code")
    )


def by_controller(clauses):
    """[(controller, its clauses)] in the order in which the controllers first appear."""
    grouped = {}
    for clause in clauses:
        grouped.setdefault(clause.controller, []).append(clause)
    return list(grouped.items())


def changes_of(application):
    """State changes, newest first."""
    return (
        StateChange.objects.filter(noun=noun_of(application), object_id=application.pk)
        .select_related("by")
        .order_by("-id")
    )


def letters_about(application):
    """Messages of the outbox about an application, the newest first."""
    return OutboxMessage.objects.filter(about=application.number)


def version_of(application):
    """Names the state of an application as it stands: another one after every move, also after one and back."""
    return str(changes_of(application).values_list("pk", flat=True).first())


def locked(application):
    """The fresh row of an application, locked until the end of the transaction."""
    return Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)


def open_request(application):
    """The request for completion that the applicant has yet to answer; None when there is none."""
    return application.completion_requests.filter(answered_at=None, dropped_at=None).first()


def own_applications(email, limit=20):
    """The newest applications of an address, drafts too: for a letter to that very address (lower case)."""
    return Application.objects.filter(email=email).order_by(F("saved_at").desc(), "-id")[:limit]
