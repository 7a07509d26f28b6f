"""What the views of all pages of an event share: finding it for the user, and the context of its head."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from trainings import queries
from trainings.enums import EVENT_TAG
from trainings.tabs import tabs_of


def seen(request, public_id):
    """The event, for whoever may see it; raises Http404."""
    return get_object_or_404(queries.visible_events(request.user), public_id=public_id)


def kept(request, public_id):
    """The event, for whoever writes in it; raises Http404 or PermissionDenied."""
    event = seen(request, public_id)
    if not queries.may_keep(request.user, event):
        raise PermissionDenied(_("Training events are kept by their own unit."))
    return event


def page_of(request, event, tab, **context):
    """Context of a page of the event (template `trainings/event_page.html`); `tab`: its URL name."""
    return {
        "event": event,
        "tag": EVENT_TAG[event.state],
        "tabs": tabs_of(event, tab),
        "may_keep": queries.may_keep(request.user, event),
        **context,
    }
