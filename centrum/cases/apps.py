from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Finder, MenuItem, Offer, Panel, register
from centrum.staff.enums import Right


class CasesConfig(AppConfig):
    name = "centrum.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self):
        from centrum.cases import applications, dossier, merging, panels
        from centrum.cases.profiles import PROFILES
        from centrum.cases.seed import load_service_types
        from centrum.kit import exports

        exports.register(*PROFILES)
        post_migrate.connect(load_service_types, sender=self)
        applications.register_kinds()
        register(
            *merging.RULES,
            *dossier.SECTIONS,
            MenuItem(_("Clients"), _("Cases"), "cases:list", Right.VIEW_CLIENTS, 11, panels.count_my_cases),
            MenuItem(_("Clients"), _("Services"), "cases:services", Right.VIEW_CLIENTS, 12, panels.count_to_approve),
            Finder(_("Cases"), Right.VIEW_CLIENTS, 10, panels.find_cases),
            panels.AUDIT_REACH,
            Panel("home", "cases/_my_day.html", panels.my_day, 10),
            Panel("home", "cases/_expiring_proofs.html", panels.expiring_proofs, 15),
            Panel("person", "cases/_client_cases.html", panels.of_person, 10),
            Panel("organisation", "cases/_client_cases.html", panels.of_organisation, 10),
            Offer(
                _("Found a social enterprise"),
                _("From the first idea to the start: an adviser of your own, training and help with the papers."),
                "intake:start",
                10,
            ),
            Offer(
                _("Develop what you run"),
                _("Advice on law, accounts, marketing and public procurement for social economy entities."),
                "intake:start",
                20,
            ),
        )
