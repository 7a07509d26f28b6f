from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import Offer, register


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Training events")

    def ready(self):
        register(
            Offer(
                title=_("Training and study visits"),
                text=_("Courses, workshops, study visits and internships for those who work in the social economy."),
                url_name="portal:contact",
                order=35,
            )
        )
