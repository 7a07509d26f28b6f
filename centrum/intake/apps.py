from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit.registry import register


class IntakeConfig(AppConfig):
    name = "centrum.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self):
        from centrum.intake.dossier import SECTIONS
        from centrum.intake.panels import ENTRIES
        from centrum.intake.seed import load_clauses, load_consents, load_letters, load_parameters

        post_migrate.connect(load_clauses, sender=self)
        post_migrate.connect(load_consents, sender=self)
        post_migrate.connect(load_parameters, sender=self)
        post_migrate.connect(load_letters, sender=self)
        register(*SECTIONS, *ENTRIES)
