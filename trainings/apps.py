from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import MenuItem, Offer, register
from centrum.staff.enums import Right


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Training events")

    def ready(self):
        from trainings import notices
        from trainings.seed import load_parameters

        notices.register_letters()
        post_migrate.connect(load_parameters, sender=self)
        register(
            MenuItem(_("Clients"), _("Training"), "trainings:list", Right.VIEW_TRAININGS, 26),
            Offer(
                title=_("Training and study visits"),
                text=_("Courses, workshops, study visits and internships for those who work in the social economy."),
                url_name="events:list",
                order=35,
            ),
        )
