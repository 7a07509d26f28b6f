from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Offer, register


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partnerships")

    def ready(self):
        register(
            Offer(
                title=_("A partnership in your commune"),
                text=_("We bring local governments, organisations and firms together around a common undertaking."),
                url_name="portal:contact",
                order=40,
            )
        )
