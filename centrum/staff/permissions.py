"""Guard of views by right; what rows a user sees is told by each room's `queries.visible_to`."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from centrum.staff.enums import Right


def require(user, right):
    """Raise PermissionDenied, with a reason for the user, unless `user` has `right`."""
    if not user.has_right(right):
        raise PermissionDenied(
            _("Your role (%(role)s) does not include: %(right)s.")
            % {"role": user.get_role_display(), "right": Right(right).label}
        )


def requires(right):
    """View decorator: the signed-in user must have `right`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
