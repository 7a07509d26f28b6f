from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import NavItem, register


class PortalConfig(AppConfig):
    name = "centrum.portal"
    verbose_name = _("Public pages")

    def ready(self):
        register(
            NavItem(label=_("Start"), url_name="portal:home", order=0),
            NavItem(label=_("Support"), url_name="intake:start", order=10),
            NavItem(label=_("Contact"), url_name="portal:contact", order=90),
        )
