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
            "nav": [_nav(request, item) for item in registry.nav()],
            # costs queries: made where a template shows it, once for the rail and the menu of phones
            "menu": SimpleLazyObject(lambda: _menu(request, user)),
        }
    }


def _nav(request, item):
    url = reverse(item.url_name)
    return {"label": item.label, "url": url, "current": _is_under(request.path, url)}


def _is_under(path, url):
    return path == url or (url != "/" and path.startswith(url))


def _menu(request, user):
    groups = {}
    if user is None or not user.is_authenticated:
        return []
    for item in registry.menu():
        if not item.right or user.has_right(item.right):
            url = reverse(item.url_name)
            entry = {
                "label": item.label,
                "url": url,
                "count": item.count(user) if item.count else None,
                "current": _is_under(request.path, url),
            }
            groups.setdefault(item.group, []).append(entry)
    return [{"label": label, "items": items} for label, items in groups.items()]
