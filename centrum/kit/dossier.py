"""Rows of a person's dossier: values that stay the same in every language and on every run, with their labels."""

import datetime
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock

# Columns that have no name for people.
_NAMES = {
    "by": _("by whom"),
    "at": _("when"),
    "created_at": _("created"),
    "created_by": _("added by"),
    "added_by": _("added by"),
    "noted_by": _("noted by"),
    "noted_at": _("noted"),
    "confirmed_by": _("confirmed by"),
    "withdrawn_by": _("withdrawn by"),
    "asked_by": _("asked by"),
    "asked_at": _("asked"),
    "decided_by": _("decided by"),
    "made_by": _("made by"),
    "language": _("language"),
    "against": _("whose decision"),
}


def facts(obj, *without, names=()):
    """{label: value} of the columns of `obj`, all but keys, technical ones and those `without`; `names`: only these.

    Rows that foreign keys point to must be read already, or each costs a query.
    """
    told = {}
    for column in obj._meta.concrete_fields:
        if column.name in without or (names and column.name not in names) or _is_technical(column):
            continue
        name = _NAMES.get(column.name, column.verbose_name)
        told[capfirst(str(name))] = _value(obj, column)
    return told


def plain(value):
    """A value as JSON holds it: days and moments in ISO 8601 (Warsaw), decimals and all else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)


def coded(code, label):
    """A value of a closed list: its code for machines, its label for people; None when nothing was chosen."""
    return None if code in (None, "") else {"code": code, "label": str(label)}


def _is_technical(column):
    generated = isinstance(column, models.GeneratedField) and not isinstance(column.output_field, models.IntegerField)
    return generated or column.primary_key or isinstance(column, models.BinaryField | models.UUIDField)


def _value(obj, column):
    value = getattr(obj, column.attname)
    if column.is_relation:
        return None if value is None else str(getattr(obj, column.name))
    if column.choices:
        return coded(value, dict(column.flatchoices).get(value, value))
    return plain(value)
