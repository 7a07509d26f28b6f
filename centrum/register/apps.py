from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Finder, MenuItem, register
from centrum.staff.enums import Right


class RegisterConfig(AppConfig):
    name = "centrum.register"
    label = "register"
    verbose_name = _("Register")

    def ready(self):
        from centrum.register import finders
        from centrum.register.seed import load_communes

        post_migrate.connect(load_communes, sender=self)
        register(
            MenuItem(_("Clients"), _("Organisations"), "register:organisations", Right.VIEW_CLIENTS, 13),
            MenuItem(_("Clients"), _("People"), "register:people", Right.VIEW_CLIENTS, 14),
            Finder(_("Organisations"), Right.VIEW_CLIENTS, 20, finders.find_organisations),
            Finder(_("People"), Right.VIEW_CLIENTS, 30, finders.find_people),
        )
