"""The one way to change a state: a table of moves per noun and `move()`, which runs one of them.

The same table feeds the database trigger (`legal_moves`), which refuses what did not come through here.
"""

from dataclasses import dataclass, field

import pgtrigger
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.models import StateChange


@dataclass(frozen=True)
class Move:
    """One arrow of a state table.

    `right`: the right that a member of staff needs. `client`: also open to the client, with `by=None`.
    `needs`: fields that must be filled by then. `stamp`: field set to the present instant.
    `reason`: a reason must be given. `kind`: how the button looks (ok, bad, quiet).
    """

    action: str
    label: str
    sources: tuple
    target: str
    right: str = ""
    client: bool = False
    needs: tuple = field(default=())
    stamp: str = ""
    reason: bool = False
    kind: str = "ok"


class Refused(ValidationError):
    """The move can't be made now; the message says why in words for the user."""


class Stale(Refused):
    """The state has changed meanwhile; the message tells who did what."""


def legal_moves(moves, column="state"):
    """Trigger that lets only the arrows of the table through, whoever writes."""
    arrows = sorted({(str(source), str(move.target)) for move in moves for source in move.sources})
    return pgtrigger.FSM(name="legal_moves", field=column, transitions=arrows)


def noun_of(obj):
    return obj._meta.label_lower


def find(moves, action):
    return next(m for m in moves if m.action == action)


def available(obj, user):
    """Moves that `user` may make on `obj` now, in the order of the table."""
    return [m for m in obj.MOVES if obj.state in m.sources and m.right and user.has_right(m.right)]


@transaction.atomic
def move(obj, action, *, by, reason="", changes=None):
    """Lock `obj`'s row, check the table, right, reason and data, set state, stamp and `changes`, journal it.

    `by` is the member of staff, None for the client. Returns the fresh, saved object.
    Raises PermissionDenied (no right), Stale (state changed meanwhile), Refused (data or reason missing).
    """
    step = find(obj.MOVES, action)
    if by is None and not step.client:
        raise PermissionDenied(_("This step belongs to the staff."))
    if by is not None and not (step.right and by.has_right(step.right)):
        raise PermissionDenied(_("Your role does not allow this step."))
    row = type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    if step.reason and not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    changes = dict(changes or {})
    for name, value in changes.items():
        setattr(row, name, value)
    missing = [name for name in step.needs if getattr(row, name) in (None, "", b"")]
    if missing:
        labels = ", ".join(str(row._meta.get_field(name).verbose_name) for name in missing)
        raise Refused(_("Fill in first: %(fields)s.") % {"fields": labels})
    source, row.state = row.state, step.target
    if step.stamp:
        changes[step.stamp] = True
        setattr(row, step.stamp, clock.now())
    row.save(update_fields=["state", *changes])
    StateChange.objects.create(
        noun=noun_of(row),
        object_id=row.pk,
        action=action,
        source=source,
        target=row.state,
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )
    return row


def what_changed(row):
    """Who made the last change of `row`, when and to what, in words for the user who came second."""
    last = StateChange.objects.filter(noun=noun_of(row), object_id=row.pk).select_related("by").last()
    state = row.get_state_display()
    if last is None:
        return _("This is now in the state “%(state)s”, so the step can't be made.") % {"state": state}
    who = str(last.by) if last.by else _("the client")
    when = clock.local(last.at).strftime("%H:%M")
    return _("Meanwhile, at %(time)s, %(who)s changed the state to “%(state)s”.") % {
        "time": when,
        "who": who,
        "state": state,
    }
