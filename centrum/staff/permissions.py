"""Guard of views by right; what rows a user sees is told by each room's `queries.visible_to`."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from centrum.staff.enums import RIGHTS, SCOPES, Right


def require(user, right):
    """Raise PermissionDenied, with a reason for the user, unless `user` has `right`."""
    if not user.has_right(right):
        raise PermissionDenied(why_not(user, Right(right)))


def why_not(user, right):
    """What keeps `right` from `user`, in words: the role, or the authorisation that is missing beside it."""
    if user.is_active and right in RIGHTS[user.role]:
        return _(
            "Your role includes this, but you have no authorisation to process personal data (%(scope)s) in force. "
            "Ask the administrator to issue it."
        ) % {"scope": SCOPES[right].label}
    return _("Your role (%(role)s) does not include: %(right)s.") % {
        "role": user.get_role_display(),
        "right": right.label,
    }


def requires(right):
    """View decorator: the signed-in user must have `right`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
