"""Who may open an application in public: the browser that began it, or one that came by a link from its mail.

A link for reading never lets anybody edit, and the other way round a browser that may edit may also read.
"""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centrum.intake import links
from centrum.intake.enums import EDITABLE
from centrum.intake.models import Application

# in the session: {public id: primary key of the link by which the browser came, 0 where it began the draft}
_EDIT = "applications"
_READ = "applications_to_read"


def public(*methods):
    """View decorator: open to all, private to the browser that asked."""

    def decorate(view):
        return login_not_required(never_cache(require_http_methods(methods)(view)))

    return decorate


def to_edit(request, public_id):
    """The application, for a browser that may edit it as far as its state allows; raises Http404."""
    if not _is_in(request, _EDIT, public_id):
        raise Http404
    return get_object_or_404(Application, public_id=public_id)


def to_read(request, public_id):
    """The application, for a browser that may see where it stands; raises Http404."""
    if not may_edit(request, public_id) and not _is_in(request, _READ, public_id):
        raise Http404
    return get_object_or_404(Application, public_id=public_id)


def may_edit(request, public_id):
    return _is_in(request, _EDIT, public_id)


def let_edit(request, application, link=None):
    _let_in(request, _EDIT, application, link)


def let_read(request, application, link=None):
    _let_in(request, _READ, application, link)


def _is_in(request, key, public_id):
    link = request.session.get(key, {}).get(public_id.hex)
    return link == 0 or (link is not None and links.lets_in(link))


def _let_in(request, key, application, link):
    opened = request.session.get(key, {})
    if opened.get(application.public_id.hex) != 0:
        request.session[key] = {**opened, application.public_id.hex: link.pk if link else 0}


def key(text):
    """The submission key that a button carried; a fresh one where it was meddled with."""
    try:
        return UUID(text)
    except (TypeError, ValueError):
        return uuid4()


def home(application):
    """Where the applicant of this application belongs now."""
    name = "intake:application" if application.state in EDITABLE else "intake:receipt"
    return redirect(name, application.public_id)


def too_late(request, application):
    messages.info(request, _("You have sent this application already, so it can no longer be changed."))
    return redirect("intake:receipt", application.public_id)
