"""A fresh sign-in before anything is exported or revealed: who left the screen open gives nobody the files."""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from centrum.staff import sessions


def needs_fresh_sign_in(view):
    """View decorator: the password, or a code, was given in the last 15 minutes; else it is asked for first.

    A GET comes back by itself. What a refused POST held is forgotten, and never stands in an address.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if sessions.is_fresh(request.session):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.warning(request, _("Nothing was done yet. Confirm that it is you, then send the form once more."))
        return redirect(with_next("staff:confirm", came_from(request)))

    return guarded


def with_next(name, address):
    return f"{reverse(name)}?{urlencode({'next': address})}"


def came_from(request):
    """Where a GET leads back to: the page itself, for a POST the page with the form (by its Referer, if it is ours)."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.META.get("HTTP_REFERER", "")
    if not is_ours(request, referer):
        return reverse("staff:home")
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def safe_next(request, address, default="staff:home"):
    """`address` if it is one of this site, else the page named `default`: no link to the sign-in leads away."""
    return address if address and is_ours(request, address) else reverse(default)


def is_ours(request, address):
    return bool(address) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
