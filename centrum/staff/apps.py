from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import MenuItem, Panel, register
from centrum.staff.enums import Right


class StaffConfig(AppConfig):
    name = "centrum.staff"
    label = "staff"
    verbose_name = _("Staff")
    default = True

    def ready(self):
        user_logged_in.connect(_begin_session, dispatch_uid="staff.session")
        register(
            MenuItem("", _("My day"), "staff:home", "", 0),
            MenuItem(_("Office"), _("Outbox"), "staff:outbox", Right.VIEW_OUTBOX, 40),
            MenuItem(_("Office"), _("Journal"), "staff:journal", Right.VIEW_JOURNAL, 41),
            MenuItem(_("Office"), _("Standing in"), "staff:delegations", "", 43),
            MenuItem(_("Office"), _("Authorisations"), "staff:authorisations", Right.VIEW_AUTHORISATIONS, 44),
            MenuItem(_("Office"), _("Accounts"), "staff:accounts", Right.ADMINISTER, 45),
            MenuItem(_("Office"), _("Administration"), "admin:index", Right.ADMINISTER, 49),
            Panel("account", "staff/_account_signing.html", _signing, 10),
        )


def _begin_session(sender, request, user, **kwargs):
    from centrum.staff import sessions  # its models are there only when the apps are ready

    sessions.begin(request.session)


def _signing(user, account):
    from centrum.staff import queries

    return {"sign_ins": queries.sign_ins(account)[:3]}


class OfficeAdminConfig(admin.AdminConfig):
    """Django's admin behind our sign-in and rights."""

    default = False
    default_site = "centrum.staff.admin_site.OfficeAdmin"
