"""Django's admin as a room of the back office: one sign-in, and only for who may administer."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from centrum.staff.enums import Right
from centrum.staff.permissions import require


class OfficeAdmin(AdminSite):
    site_title = site_header = index_title = _("Administration")

    def has_permission(self, request):
        """Raises PermissionDenied, which says why, instead of asking who is signed in to sign in again."""
        if not request.user.is_authenticated:
            return False
        require(request.user, Right.ADMINISTER)
        return True

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self):
        # nothing of ours has a page to view on the site, and the address fails on the tables of views
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
