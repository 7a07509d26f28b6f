from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Finder, MenuItem, NavItem, Offer, Panel, Story, register
from centrum.staff.enums import Right


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Training events")

    def ready(self):
        from centrum.kit import exports
        from trainings import (
            demo,
            dossier,
            enrolling,
            event_profiles,
            finders,
            merging,
            notices,
            panels,
            survey_profiles,
        )
        from trainings.profiles import PROFILES
        from trainings.seed import load_parameters

        notices.register_letters()
        exports.register(*PROFILES, *event_profiles.PROFILES, *survey_profiles.PROFILES)
        enrolling.register_kinds()
        post_migrate.connect(load_parameters, sender=self)
        register(
            *merging.RULES,
            *dossier.SECTIONS,
            Finder(_("Training"), Right.VIEW_TRAININGS, 45, finders.find_events),
            Finder(_("Enrolments in training"), Right.VIEW_TRAININGS, 50, finders.find_enrolled),
            Panel("person", "trainings/_panel.html", panels.of_person, 55),
            Panel("organisation", "trainings/_panel.html", panels.of_organisation, 55),
            Panel("case", "trainings/_panel.html", panels.of_case, 55),
            Story(30, demo.tell),
            MenuItem(_("Clients"), _("Training"), "trainings:list", Right.VIEW_TRAININGS, 26),
            NavItem(label=_("Training"), url_name="events:list", order=20),
            Offer(
                title=_("Training and study visits"),
                text=_("Courses, workshops, study visits and internships for those who work in the social economy."),
                url_name="events:list",
                order=35,
            ),
        )
