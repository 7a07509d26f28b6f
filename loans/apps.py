from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import MenuItem, Offer, Story, register
from centrum.staff.enums import Right


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Loans and guarantees")

    def ready(self):
        from loans import applying, demo
        from loans.seed import load_accounts, load_criteria, load_parameters, load_products

        post_migrate.connect(load_products, sender=self)
        post_migrate.connect(load_accounts, sender=self)
        post_migrate.connect(load_criteria, sender=self)
        post_migrate.connect(load_parameters, sender=self)
        applying.register_kind()
        register(
            MenuItem(_("Fund"), _("Rates of the NBP"), "loans:rates", Right.KEEP_RATES, 60),
            MenuItem(_("Fund"), _("Ledger of the fund"), "loans:funds", Right.VIEW_LEDGER, 55),
            Story(20, demo.tell),
            Offer(
                title=_("A loan or a guarantee"),
                text=_("A loan and guarantee fund for social economy entities. Count what a loan would cost."),
                url_name="lending:calculator",
                order=30,
            ),
        )
