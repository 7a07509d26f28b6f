"""What every page knows of the house."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from centrum.kit import registry


def site(request):
    user = getattr(request, "user", None)
    return {
        "site": {
            "name": "Centrum Ekonomii Solidarnej",
            "demo": settings.DEMO,
            "contact": settings.CONTACT,
            "nav": _nav(request),
            # costs queries: made where a template shows it, once for the rail and the menu of phones
            "menu": SimpleLazyObject(lambda: _menu(request, user)),
        }
    }


def _nav(request):
    entries = [{"label": item.label, "url": reverse(item.url_name)} for item in registry.nav()]
    return _with_current(request.path, entries)


def _with_current(path, entries):
    """Mark the entry whose address is the longest beginning of `path`; the home page only by itself."""
    above = [e["url"] for e in entries if path == e["url"] or (e["url"] != "/" and path.startswith(e["url"]))]
    current = max(above, key=len, default=None)
    return [{**entry, "current": entry["url"] == current} for entry in entries]


def _menu(request, user):
    if user is None or not user.is_authenticated:
        return []
    entries = [
        {
            "group": item.group,
            "label": item.label,
            "url": reverse(item.url_name),
            "count": item.count(user) if item.count else None,
        }
        for item in registry.menu()
        if not item.right or user.has_right(item.right)
    ]
    groups = {}
    for entry in _with_current(request.path, entries):
        groups.setdefault(entry["group"], []).append(entry)
    return [{"label": label, "items": items} for label, items in groups.items()]
