"""The journal as it is read: changes of state, openings of protected data, exports, and history of rows.

Of the history everybody with the right sees who changed which fields of what. Old and new values are shown
only to those who see the clients of every unit, and never those of identifiers, sensitive answers and requests of
data subjects.
"""

import datetime
from dataclasses import dataclass, field

import pghistory.models
from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import WARSAW
from centrum.kit.models import Disclosure, ExportRecord, StateChange
from centrum.staff.enums import Right
from centrum.staff.models import User

EVENTS = {"insert": ("ok", _("added")), "update": ("info", _("changed")), "delete": ("bad", _("deleted"))}
VALUE_LENGTH = 120
# Fields of every event that belong to the history itself.
_OWN_FIELDS = frozenset({"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "id"})


@dataclass(frozen=True)
class Line:
    """One row in words; `fields`: [(name, old, new)], the values None where they may not be read."""

    at: datetime.datetime
    who: str
    subject: str
    label: str
    kind: str = "info"
    text: str = ""
    fields: list = field(default_factory=list)


def rows(tab, *, table=None):
    """Rows of a tab ("changes", "openings", "exports", "rows"); `table`: label of the model whose history it is."""
    if tab == "rows":
        return _events(table or table_choices()[0][0])
    return {"changes": StateChange, "openings": Disclosure, "exports": ExportRecord}[tab].objects.select_related("by")


def narrowed(rows, *, user=None, since=None, until=None):
    """Only what `user` did, from the day `since` to the day `until`, both included; None: no bound."""
    is_history = hasattr(rows.model, "pgh_tracked_model")
    author, at = ("pgh_context__metadata__user", "pgh_created_at") if is_history else ("by", "at")
    if user:
        rows = rows.filter(**{author: user.pk})
    if since:
        rows = rows.filter(**{f"{at}__gte": _midnight(since)})
    if until:
        rows = rows.filter(**{f"{at}__lt": _midnight(until + datetime.timedelta(days=1))})
    return rows


def lines(tab, rows, reader):
    """`rows` of one tab in words for `reader`; the number of queries does not grow with them."""
    make = {"changes": _change_lines, "openings": _opening_lines, "exports": _export_lines}
    return _event_lines(rows, reader) if tab == "rows" else make[tab](rows)


def table_choices():
    """[(label, name)] of the tables with a history, by name."""
    tables = [(label, str(_name(model.pgh_tracked_model))) for label, model in _event_models().items()]
    return sorted(tables, key=lambda choice: choice[1])


def _midnight(day):
    return datetime.datetime.combine(day, datetime.time.min, WARSAW)


def _name(model):
    return capfirst(model._meta.verbose_name)


def _event_models():
    events = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    return {model.pgh_tracked_model._meta.label_lower: model for model in events if model._meta.managed}


def _events(label):
    """History of one table, with the event before each and the context in which it was written."""
    model = _event_models()[label]
    before = model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    return model.objects.annotate(before_id=Subquery(before.order_by("-pgh_id").values("pgh_id")[:1])).select_related(
        "pgh_context"
    )


def _event_lines(rows, reader):
    if not rows:
        return []
    model = type(rows[0])
    before = model.objects.in_bulk([row.before_id for row in rows if row.before_id])
    authors = User.objects.in_bulk({_author(row) for row in rows} - {None})
    readable = reader.has_right(Right.VIEW_CLIENTS) and reader.sees_all_units
    return [
        Line(
            at=row.pgh_created_at,
            who=str(authors.get(_author(row), _("command or database"))),
            subject=f"{_name(model.pgh_tracked_model)} {getattr(row, 'number', row.pgh_obj_id)}",
            kind=EVENTS[row.pgh_label][0],
            label=EVENTS[row.pgh_label][1],
            text=row.pgh_context.metadata.get("reason", "") if row.pgh_context else "",
            fields=_changed(before.get(row.before_id), row, readable) if row.pgh_label == "update" else [],
        )
        for row in rows
    ]


def _author(row):
    return row.pgh_context.metadata.get("user") if row.pgh_context else None


def _changed(before, row, readable):
    changed = []
    for column in row._meta.concrete_fields:
        old, new = _plain(before, column), _plain(row, column)
        if column.name in _OWN_FIELDS or old == new:
            continue
        shown = readable and not _is_protected(column)
        name = capfirst(column.verbose_name)
        changed.append((name, *((_words(old, column), _words(new, column)) if shown else (None, None))))
    return changed


def _plain(row, column):
    value = getattr(row, column.attname, None)
    return bytes(value) if isinstance(value, memoryview) else value


def _is_protected(column):
    """Identifiers are kept as bytes; the tables of sensitive answers are named so, at-risk groups stand beside them.

    What people write to the data protection officer is read on the officer's pages alone.
    """
    protected = ("Sensitive", "AtRisk", "DataRequest")
    return isinstance(column, models.BinaryField) or column.model.pgh_tracked_model.__name__.endswith(protected)


def _words(value, column):
    if column.flatchoices:
        value = dict(column.flatchoices).get(value, value)
    return "–" if value in (None, "") else Truncator(value).chars(VALUE_LENGTH)


def _change_lines(rows):
    subjects = _subjects(rows)
    made = []
    for row in rows:
        model = apps.get_model(row.noun)
        states = dict(model._meta.get_field("state").choices)
        actions = {move.action: move.label for move in model.MOVES}
        label = actions.get(row.action, row.action)
        states = [(_("State"), states.get(row.source, row.source), states.get(row.target, row.target))]
        made.append(
            Line(
                row.at, str(row.by or _("client")), subjects[row.noun, row.object_id], label, "info", row.reason, states
            )
        )
    return made


def _opening_lines(rows):
    subjects = _subjects(rows)
    return [
        Line(row.at, str(row.by), subjects[row.noun, row.object_id], row.get_what_display(), "wait", row.reason)
        for row in rows
    ]


def _export_lines(rows):
    return [
        Line(
            row.at,
            str(row.by or _("command or database")),
            row.file_name,
            row.scope,
            text=row.reason,
            fields=[(_("Rows"), None, row.rows), ("SHA-256", None, row.sha256)],
        )
        for row in rows
    ]


def _subjects(rows):
    """{(noun, object id): words}: the name of the noun and, where it has one, the number of the thing."""
    wanted = {}
    for row in rows:
        wanted.setdefault(row.noun, set()).add(row.object_id)
    named = {}
    for noun, ids in wanted.items():
        model = apps.get_model(noun)
        numbered = any(column.name == "number" for column in model._meta.concrete_fields)
        numbers = dict(model._base_manager.filter(pk__in=ids).values_list("pk", "number")) if numbered else {}
        named |= {(noun, pk): f"{_name(model)} {numbers.get(pk, pk)}" for pk in ids}
    return named
