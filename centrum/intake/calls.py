"""Calls (nabory): when a kind of application is taken, and the places on the main and on the reserve list."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from centrum.intake import kinds
from centrum.intake.enums import OPEN, ApplicationState
from centrum.intake.models import Application, Call
from centrum.kit import clock
from centrum.kit.polish import datetime_exact
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right

# Reads


class Standing(NamedTuple):
    """What the public is told of the calls of a kind; `takes`: whether an application may be begun now."""

    takes: bool
    open: Call | None = None
    coming: Call | None = None
    closed: Call | None = None


def standing(kind):
    """Standing of a kind now: the open call, else the next and the last one. A kind without calls takes always."""
    now = clock.now()
    mine = Call.objects.filter(kind=kind.code)
    coming = mine.filter(closes_at__gt=now).order_by("opens_at").first()
    if coming and coming.opens_at <= now:
        return Standing(True, open=coming)
    closed = mine.filter(closes_at__lte=now).order_by("-closes_at").first()
    return Standing(coming is None and closed is None, coming=coming, closed=closed)


def listed():
    """Calls with their counts: `waiting` for a decision, `reserve`, `sent` in all."""
    sent = ~Q(applications__state=ApplicationState.DRAFT)
    return Call.objects.annotate(
        sent=Count("applications", filter=sent),
        waiting=Count(
            "applications", filter=Q(applications__state__in=OPEN) & ~Q(applications__state=ApplicationState.RESERVE)
        ),
        reserve=Count("applications", filter=Q(applications__state=ApplicationState.RESERVE)),
    )


def main_list(applications, call):
    """Those accepted, in the order of the decisions."""
    return applications.filter(call=call, state=ApplicationState.ACCEPTED).order_by("decided_at", "id")


def reserve_list(applications, call):
    """Those on the reserve list, in the order in which they came to it: the first is the next to be accepted."""
    return applications.filter(call=call, state=ApplicationState.RESERVE).order_by("reserved_at", "id")


def closed_to(draft):
    """Why a draft cannot be sent now, in words; empty when it can, as far as calls are concerned."""
    if draft.state != ApplicationState.DRAFT:
        return ""
    if draft.call:
        return "" if draft.call.opens_at <= clock.now() < draft.call.closes_at else closed_words(draft.call)
    now = standing(kinds.of(draft))
    return "" if now.takes else closed_words(now.coming or now.closed)


def closed_words(call):
    """Why nothing can be sent in this call now."""
    if clock.now() < call.opens_at:
        return _("The call “%(name)s” opens on %(when)s.") % {
            "name": call.name,
            "when": datetime_exact(call.opens_at),
        }
    return _("The call “%(name)s” closed on %(when)s.") % {"name": call.name, "when": datetime_exact(call.closes_at)}


# The office's side


@transaction.atomic
def create(*, by, **data):
    """Announce a call of a kind. Raises ValidationError (dates, another call at that time), PermissionDenied."""
    _must_keep_calls(by)
    call = Call(**data)
    if call.closes_at <= clock.now():
        raise Refused({"closes_at": _("Choose a time that is still to come.")})
    call.full_clean()
    call.save()
    return call


@transaction.atomic
def change(call, *, by, **data):
    """Change a call. Once somebody has begun an application in it, its time is only ever extended."""
    _must_keep_calls(by)
    row = _lock(call.pk)
    if row.applications.exists():
        if data["kind"] != row.kind:
            raise Refused({"kind": _("There are applications in this call, so its kind stays.")})
        if data["opens_at"] > row.opens_at:
            raise Refused({"opens_at": _("There are applications in this call, so it cannot open later.")})
        if data["closes_at"] < row.closes_at:
            raise Refused({"closes_at": _("There are applications in this call, so it cannot close earlier.")})
    for name, value in data.items():
        setattr(row, name, value)
    if row.places is not None and row.places < row.taken:
        raise Refused({"places": _("%(taken)d places are taken already.") % {"taken": row.taken}})
    reserved = _reserved(row)
    if row.reserve_places is not None and row.reserve_places < reserved:
        raise Refused({"reserve_places": _("%(taken)d places are taken already.") % {"taken": reserved}})
    row.full_clean()
    row.save()
    return row


# What the services of applications ask of calls, inside their transactions


def enter(kind):
    """The open call in which an application of `kind` is begun, locked; None for a kind without calls.

    The lock keeps the call's time from being cut while its first application is written. Raises Refused.
    """
    now = standing(kind)
    if now.open:
        call = _lock(now.open.pk)
        if call.opens_at <= clock.now() < call.closes_at:
            return call
    elif now.takes:
        return None
    closed = now.open or now.coming or now.closed
    raise Refused(closed_words(closed))


def must_be_in_time(application):
    """Raise Refused unless the application was stamped as sent while its call was open."""
    call = application.call
    if call and not call.opens_at <= application.submitted_at < call.closes_at:
        raise Refused(closed_words(call) + " " + _("Your draft is kept, but it cannot be sent."))


def take_place(application):
    """Count an accepted application among the places of its call, under the lock of the call. Raises Refused."""
    if application.call_id is None:
        return
    call = _lock(application.call_id)
    if call.free == 0:
        raise Refused(_("Every place of this call is taken. Put the application on the reserve list."))
    call.taken += 1
    call.save(update_fields=["taken"])


def take_reserve_place(application):
    """Raise Refused when the reserve list, this application counted in, is longer than the call allows."""
    if application.call_id is None:
        return
    call = _lock(application.call_id)
    if call.reserve_places is not None and _reserved(call) > call.reserve_places:
        raise Refused(_("Every place of the reserve list is taken."))


def _lock(pk):
    return Call.objects.select_for_update(no_key=True).get(pk=pk)


def _reserved(call):
    return Application.objects.filter(call=call, state=ApplicationState.RESERVE).count()


def _must_keep_calls(by):
    if not by.has_right(Right.KEEP_CALLS):
        raise PermissionDenied(_("Your role does not allow this step."))
