from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import MenuItem, register
from centrum.staff.enums import Right


class StaffConfig(AppConfig):
    name = "centrum.staff"
    label = "staff"
    verbose_name = _("Staff")
    default = True

    def ready(self):
        register(
            MenuItem("", _("My day"), "staff:home", "", 0),
            MenuItem(_("Office"), _("Outbox"), "staff:outbox", Right.VIEW_OUTBOX, 40),
            MenuItem(_("Office"), _("Journal"), "staff:journal", Right.VIEW_JOURNAL, 41),
            MenuItem(_("Office"), _("Administration"), "admin:index", Right.ADMINISTER, 42),
        )


class OfficeAdminConfig(admin.AdminConfig):
    """Django's admin behind our sign-in and rights."""

    default = False
    default_site = "centrum.staff.admin_site.OfficeAdmin"
