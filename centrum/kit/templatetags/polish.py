"""`centrum.kit.polish` in templates, without {% load %}. An empty value stays empty."""

import re

from django import template
from django.utils.safestring import SafeData, mark_safe

from centrum.kit import identifiers, polish

register = template.Library()
_TAG = re.compile(r"(<[^>]*>)")


def _filter(name, function):
    def apply(value):
        return "" if value is None or value == "" else function(value)

    register.filter(name, apply)


_filter("money", polish.money)
_filter("eur", polish.eur)
_filter("number", polish.number)
_filter("percent", polish.percent)
_filter("date_long", polish.date_long)
_filter("date_short", polish.date_short)
_filter("datetime_short", polish.datetime_short)
_filter("datetime_exact", polish.datetime_exact)
_filter("hours", polish.hours)
_filter("file_size", polish.file_size)
_filter("nip", identifiers.format_nip)


@register.filter
def time_range(start, end):
    """`{{ service.start|time_range:service.end }}` gives 9:00–15:00; empty while one of them is."""
    return polish.time_range(start, end) if start is not None and end is not None else ""


@register.filter
def orphans(text):
    """Tie one-letter words to the next word; in safe HTML only the text between tags is touched."""
    if not isinstance(text, SafeData):
        return polish.nbsp_words(str(text))
    parts = (part if part.startswith("<") else polish.nbsp_words(part) for part in _TAG.split(text))
    return mark_safe("".join(parts))  # noqa: S308 - was safe before, only spaces changed
