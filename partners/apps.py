from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Finder, MenuItem, Offer, Panel, Story, register
from centrum.staff.enums import Right


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partnerships")

    def ready(self):
        from centrum.kit import exports
        from partners import demo, dossier, finders, joining, merging, views
        from partners.profiles import PROFILES
        from partners.seed import load_competences, load_parameters

        joining.register_kind()
        exports.register(*PROFILES)
        post_migrate.connect(load_competences, sender=self)
        post_migrate.connect(load_parameters, sender=self)
        register(
            *merging.RULES,
            *dossier.SECTIONS,
            MenuItem(_("Clients"), _("Partnerships"), "partners:list", Right.VIEW_PARTNERSHIPS, 25),
            Finder(_("Partnerships"), Right.VIEW_PARTNERSHIPS, 40, finders.find_partnerships),
            Story(10, demo.tell),
            Panel("organisation", "partners/_panel.html", views.panel, 50),
            Panel("case", "partners/_panel.html", views.case_panel, 50),
            Offer(
                title=_("A partnership in your commune"),
                text=_("We bring local governments, organisations and firms together around a common undertaking."),
                url_name="partnerships:list",
                order=40,
            ),
        )
