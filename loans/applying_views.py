"""Begin an application for a loan or a guarantee from the page of an organisation in the register."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from centrum.intake import access
from centrum.kit.transitions import Refused
from centrum.register.queries import visible_organisations
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import applying
from loans.applying import LOAN


def panel(user, organisation):
    """On the page of an organisation: the buttons, for whom may write in the register."""
    if not user.has_right(Right.EDIT_CLIENTS) or not applying.may_apply(organisation):
        return None
    return {"organisation": organisation, "key": uuid4(), "key_of_guarantee": uuid4()}


@requires(Right.EDIT_CLIENTS)
@require_POST
def apply_for(request, public_id, kind=LOAN):
    """Begin a draft in this browser. It goes on here, or is sent as a link to the organisation by "come back later"."""
    organisation = get_object_or_404(visible_organisations(request.user), public_id=public_id)
    key = access.key(request.POST.get("key"))
    try:
        draft = applying.begin_for(organisation, by=request.user, key=key, language=get_language(), kind=kind)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("register:organisation", public_id)
    if draft.email:
        words = _("Filled in from the register. Go on together, or send the link to %(email)s: “Come back later”.")
        messages.success(request, words % {"email": draft.email})
    else:
        messages.success(request, _("Filled in from the register. Go on together, or send a link: “Come back later”."))
    access.let_edit(request, draft)
    return access.home(draft)
