"""What is read of de minimis aid; every read for a user begins at `visible_grants` or `visible_organisations`."""

import datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock, parameters
from centrum.kit.search import MATCHES, matching
from centrum.register.queries import plain_number, visible_organisations
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from loans.enums import AidState
from loans.models import AidGrant, AidStatement


def visible_grants(user):
    """Entries of the organisations that `user` sees and of the loans and guarantees of the user's units; none without
    the right."""
    if not user.has_right(Right.VIEW_LOANS):
        return AidGrant.objects.none()
    scope = unit_scope(user)
    if scope is None:
        return AidGrant.objects.all()
    seen = visible_organisations(user).values("pk")
    return AidGrant.objects.filter(Q(organisation__in=seen) | Q(loan__unit__in=scope) | Q(guarantee__unit__in=scope))


def organisations(user):
    """Organisations whose aid `user` sees."""
    found = visible_organisations(user)
    return found if user.has_right(Right.VIEW_LOANS) else found.none()


# The duty to report to SHRIMP

# of what was cancelled before SHRIMP was told of it there is nothing to tell
TO_REPORT = Q(reported_on=None) & (Q(state=AidState.GRANTED) | Q(state=AidState.CANCELLED) & ~Q(shrimp=""))


def waits(grant):
    """Whether SHRIMP does not know an entry as it is now."""
    told_of = grant.state == AidState.GRANTED or (grant.state == AidState.CANCELLED and grant.shrimp)
    return not grant.reported_on and bool(told_of)


def to_report(user):
    """Visible entries that SHRIMP does not know yet."""
    return visible_grants(user).filter(TO_REPORT)


def pressing(user):
    """Those of them whose term ends soon or is over."""
    soon = clock.today() + datetime.timedelta(days=parameters.whole("de-minimis-warn-days"))
    return to_report(user).filter(report_by__lte=soon)


def to_confirm(user):
    """Visible entries of others that wait for a second person."""
    return visible_grants(user).filter(state=AidState.PREPARED).exclude(prepared_by=user)


def waiting_for(user):
    """Entries to be reported soon, for who keeps loans, and to be confirmed, for who decides."""
    rows = visible_grants(user)
    keys = []
    if user.has_right(Right.KEEP_LOANS):
        keys.append(Q(pk__in=pressing(user).values("pk")))
    if user.has_right(Right.DECIDE_LOANS):
        keys.append(Q(pk__in=to_confirm(user).values("pk")))
    return rows.filter(reduce(or_, keys)) if keys else rows.none()


# Lists

TO_DO = {
    "confirm": _("to be confirmed"),
    "report": _("to be reported to SHRIMP"),
    "late": _("to be reported soon or late"),
}


def listed(user, *, year=None, instrument="", state="", todo=""):
    """Visible entries for the list; `todo`: one of TO_DO."""
    rows = {"confirm": to_confirm, "report": to_report, "late": pressing}.get(todo, visible_grants)(user)
    if year:
        rows = rows.filter(granted_on__year=year)
    if instrument:
        rows = rows.filter(instrument=instrument)
    if state:
        rows = rows.filter(state=state)
    return rows


def search(grants, text):
    """(entries of at most MATCHES with `text` in the organisation's name or number, how many, whether more)."""
    found = matching(grants.order_by().values_list("pk"), plain_number(text), "organisation__search")
    keys = sorted({pk for (pk,) in found[: MATCHES + 1]}, reverse=True)
    return AidGrant.objects.filter(pk__in=keys[:MATCHES]), len(keys[:MATCHES]), len(keys) > MATCHES


def with_names(grants):
    """The same rows with what the list shows of each."""
    return grants.select_related("organisation", "loan", "guarantee", "annex", "certificate").defer(
        "undertaking", "certificate__file", "organisation__search"
    )


def shown(user):
    """Visible entries with what the page of one reads of other tables."""
    return visible_grants(user).select_related(
        "organisation",
        "kind",
        "loan",
        "annex",
        "guarantee",
        "measure",
        "calculation__base_rate",
        "calculation__margin",
        "calculation__premium",
        "calculation__by",
        "eur_rate",
        "corrects",
        "prepared_by",
        "confirmed_by",
        "reported_by",
        "certificate",
    )


def statements_of(organisation):
    """Statements of an organisation, the newest first, with their rows."""
    rows = AidStatement.objects.filter(organisation=organisation).select_related("by", "application", "file")
    return rows.defer("file__data").prefetch_related("rows").order_by("-as_of", "-pk")
