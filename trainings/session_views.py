"""Pages of the sessions of an event: add, change, repeat, remove."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from trainings import sessions, workload
from trainings.forms import RepeatForm, SessionForm
from trainings.pages import kept

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_TRAININGS)
def session_new(request, public_id):
    event = kept(request, public_id)
    return _page(
        request,
        event,
        SessionForm(request.POST or None, user=request.user, event=event),
        lambda **said: sessions.add(event, by=request.user, **said),
        title=_("Add a session"),
        done=_("The session is added."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def session_edit(request, public_id, pk):
    event, session = _found(request, public_id, pk)
    return _page(
        request,
        event,
        SessionForm(request.POST or None, user=request.user, event=event, session=session),
        lambda **said: sessions.change(session, by=request.user, **said),
        title=_("Change the session"),
        done=_("The session is changed."),
    )


@write
@requires(Right.KEEP_TRAININGS)
def session_repeat(request, public_id, pk):
    event, session = _found(request, public_id, pk)
    return _page(
        request,
        event,
        RepeatForm(request.POST or None, initial={"days": 7, "until": event.ends_on}),
        lambda **said: sessions.repeat(session, by=request.user, **said),
        title=_("Repeat the session"),
        done=_("The sessions are added."),
    )


@require_POST
@requires(Right.KEEP_TRAININGS)
def session_remove(request, public_id, pk):
    _event, session = _found(request, public_id, pk)
    try:
        sessions.remove(session, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The session is removed."))
    return redirect("trainings:event", public_id)


def _found(request, public_id, pk):
    event = kept(request, public_id)
    return event, get_object_or_404(event.sessions, pk=pk)


def _page(request, event, form, save, **words):
    """After saving, what does not go together is told: it is not refused."""

    def save_and_warn(**said):
        save(**said)
        for warning in workload.warnings_of(event):
            messages.warning(request, warning)

    back = reverse("trainings:event", args=[event.public_id])
    crumbs = [(_("Training"), reverse("trainings:list")), (event.title, back)]
    return form_page(request, form, save_and_warn, back=back, crumbs=crumbs, **words)
