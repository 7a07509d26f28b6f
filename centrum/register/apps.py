from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Finder, MenuItem, Panel, register
from centrum.staff.enums import Right


class RegisterConfig(AppConfig):
    name = "centrum.register"
    label = "register"
    verbose_name = _("Register")

    def ready(self):
        from centrum.register import (
            activity_views,
            at_risk_views,
            audits,
            dossier,
            enterprise_views,
            finders,
            merge_views,
            request_views,
            requests,
            tie_views,
        )
        from centrum.register.seed import LOADERS

        for load in LOADERS:
            post_migrate.connect(load, sender=self)
        register(
            MenuItem(_("Clients"), _("Organisations"), "register:organisations", Right.VIEW_CLIENTS, 13),
            MenuItem(_("Clients"), _("People"), "register:people", Right.VIEW_CLIENTS, 14),
            MenuItem(
                _("Office"), _("Requests (GDPR)"), "register:requests", Right.HANDLE_REQUESTS, 39, requests.open_count
            ),
            *dossier.SECTIONS,
            Panel("home", "register/_requests_my_day.html", request_views.my_day, 6),
            Panel("person", "register/_requests.html", request_views.of_person, 80),
            MenuItem(_("Clients"), _("Social enterprises"), "register:enterprises", Right.VIEW_CLIENTS, 15),
            Panel("home", "register/_enterprises_panel.html", enterprise_views.my_day, 30),
            Panel("organisation", "register/_enterprise_panel.html", enterprise_views.panel, 20),
            Panel("organisation", "register/_contacts_panel.html", tie_views.contacts_panel, 30),
            Panel("organisation", "register/_accounts_panel.html", tie_views.accounts_panel, 60),
            Panel("person", "register/_accounts_panel.html", tie_views.accounts_panel, 60),
            Panel("organisation", "register/_links_panel.html", tie_views.links_panel, 70),
            Panel("person", "register/_merged.html", merge_views.panel, 90),
            Panel("organisation", "register/_merged.html", merge_views.panel, 90),
            Panel("organisation", "register/_activities.html", activity_views.panel, 40),
            Panel("person", "register/_at_risk.html", at_risk_views.panel, 40),
            MenuItem(_("Clients"), _("Audit samples"), "register:audit-samples", Right.KEEP_SAMPLES, 19),
            Panel("home", "register/_my_samples.html", audits.my_day, 1),
            Finder(_("Organisations"), Right.VIEW_CLIENTS, 20, finders.find_organisations),
            Finder(_("People"), Right.VIEW_CLIENTS, 30, finders.find_people),
        )
