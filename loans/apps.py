from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Offer, register


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Loans and guarantees")

    def ready(self):
        register(
            Offer(
                title=_("A loan or a guarantee"),
                text=_("A loan and guarantee fund for social economy entities. Ask us about the terms."),
                url_name="portal:contact",
                order=30,
            )
        )
