"""The door of the back office at every request: who is signed in, for how long, and with what second factor."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from centrum.staff import fresh, sessions

# What a member of the staff may open before there is a second factor.
_BEFORE_SECOND_FACTOR = frozenset({"staff:second-factor-new", "staff:confirm", "staff:sign-out"})


class SignInRequired(LoginRequiredMiddleware):
    """As Django's, but after signing in a form that was sent is opened again, not its address alone."""

    def handle_no_permission(self, request, view_func):
        return redirect(fresh.with_next("staff:sign-in", fresh.came_from(request)))


class StaffSession:
    """End the staff's sessions in time, ask for a second factor, and keep their pages out of every cache.

    Stands after the messages, since it says why. A visitor without an account is let through as they come.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME) or not request.user.is_authenticated:
            return self.get_response(request)
        if sessions.has_ended(request.session):
            logout(request)
            messages.warning(
                request,
                _("You have been signed out to protect the data: after an hour without work, or twelve hours in all."),
            )
            return self.get_response(request)
        sessions.touch(request.session)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(self, request, view, args, kwargs):
        if (
            settings.SECOND_FACTOR_REQUIRED
            and getattr(view, "login_required", True)
            and request.user.is_authenticated
            and not request.user.has_second_factor
            and request.resolver_match.view_name not in _BEFORE_SECOND_FACTOR
        ):
            return redirect("staff:second-factor-new")
        return None
