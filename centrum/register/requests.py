"""Requests of data subjects (chapter III of the GDPR) and the clock that runs for them.

Answered within a month of receipt; where it is complex, within three, and the person hears of it and why before
the first month ends (art. 12(3)). A refusal says why and where to complain (art. 12(4)).
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.kit import clock, outbox
from centrum.kit.models import StateChange
from centrum.kit.numbering import next_number
from centrum.kit.polish import date_long
from centrum.kit.transitions import Refused, Stale, move, noun_of, what_changed
from centrum.register.enums import RequestState
from centrum.register.models import DataRequest
from centrum.staff.enums import Right
from centrum.staff.permissions import require

OPEN = (RequestState.RECEIVED, RequestState.HANDLING)
# Art. 12(3) GDPR. Not moved from Saturdays and holidays: to answer a day too early is no fault.
MONTHS, MOST_MONTHS = 1, 3
_LETTER = "mail/register/request.txt"

# Reads


def handles(user):
    """Requests belong to no unit, so those of the lead who see all units handle them."""
    return user.has_right(Right.HANDLE_REQUESTS) and user.sees_all_units


def visible_requests(user):
    return DataRequest.objects.all() if handles(user) else DataRequest.objects.none()


def open_requests(user):
    return visible_requests(user).filter(state__in=OPEN)


def open_count(user):
    return open_requests(user).count() if handles(user) else None


def may_extend(request):
    """Whether the first month still runs, within which the person must hear of a longer one."""
    return request.state in OPEN and clock.today() <= clock.months_later(request.received_on, MONTHS) == request.due_on


def latest(request):
    """The last day to which the request may be extended."""
    return clock.months_later(request.received_on, MOST_MONTHS)


def changes_of(request):
    """State changes, newest first."""
    rows = StateChange.objects.filter(noun=noun_of(request), object_id=request.pk)
    return rows.select_related("by").order_by("-id")


def letter(request, text):
    """(subject, body) of a letter to the person, in Polish."""
    with translation.override("pl"):
        context = {"request": request, "text": text.strip(), "contact": settings.CONTACT}
        subject, _sep, body = render_to_string(_LETTER, context).strip().partition("\n")
    return subject, body.strip()


# Writes


@transaction.atomic
def receive(*, by, kind, channel, name, received_on, text="", person=None):
    """Write a request down and give it its number; the clock runs from the day on which it came."""
    _must_handle(by)
    if received_on > clock.today():
        raise Refused({"received_on": _("A request can't come in the future.")})
    return DataRequest.objects.create(
        number=next_number("RODO"),
        kind=kind,
        channel=channel,
        name=name,
        person=person,
        text=text,
        received_on=received_on,
        due_on=clock.months_later(received_on, MONTHS),
        created_at=clock.now(),
    )


@transaction.atomic
def point_to(request, *, by, person):
    """Say whose request it is in the register."""
    _must_handle(by)
    row = _lock_open(request)
    row.person = person
    row.save(update_fields=["person"])
    return row


@transaction.atomic
def handle(request, *, by):
    """Take it up: `by` answers for it from now on."""
    _must_handle(by)
    return move(request, "handle", by=by, changes={"handler": by})


@transaction.atomic
def answer(request, *, by, text, mail=False):
    """Answer and close it; `mail`: send the answer to the e-mail address of the person in the register."""
    return _close(request, "answer", by, text, mail)


@transaction.atomic
def refuse(request, *, by, text, mail=False):
    """Refuse with reasons and close it."""
    return _close(request, "refuse", by, text, mail)


@transaction.atomic
def extend(request, *, by, due_on, reason, mail=False):
    """Give it until `due_on`, at most three months from receipt, once, while the first month still runs."""
    _must_handle(by)
    row = _lock_open(request)
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    if not may_extend(row):
        raise Refused(_("It can be extended once, and only within the first month after it came."))
    if not row.due_on < due_on <= latest(row):
        raise Refused(
            {
                "due_on": _("Choose a day after %(due)s and not after %(latest)s.")
                % {"due": date_long(row.due_on), "latest": date_long(latest(row))}
            }
        )
    row.due_on, row.extension_reason = due_on, reason.strip()
    row.save(update_fields=["due_on", "extension_reason"])
    if mail:
        _send(row, reason)
    return row


def _close(request, action, by, text, mail):
    _must_handle(by)
    row = move(request, action, by=by, changes={"answer": text.strip()})
    if mail:
        _send(row, text)
    return row


def _send(row, text):
    if not (row.person and row.person.email):
        raise Refused({"mail": _("There is no e-mail address of this person in the register.")})
    with translation.override("pl"):
        context = {"request": row, "text": text.strip(), "contact": settings.CONTACT}
        outbox.post(to=row.person.email, template=_LETTER, context=context, about=row.number)


def _lock_open(request):
    row = DataRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if row.state not in OPEN:
        raise Stale(what_changed(row))
    return row


def _must_handle(by):
    require(by, Right.HANDLE_REQUESTS)
    if not handles(by):
        raise PermissionDenied(_("Requests of data subjects are handled by the lead."))
