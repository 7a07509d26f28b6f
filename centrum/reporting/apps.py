import csv
import datetime
from pathlib import Path

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from centrum.kit import registry
from centrum.kit.history import author
from centrum.staff.enums import Right

DICTIONARIES = Path(__file__).parent / "data" / "smefs_dictionaries.csv"
# The house also holds projects of the years before; until somebody enters older labels, these stand for them.
_VALID_FROM = datetime.date(2014, 1, 1)


class ReportingConfig(AppConfig):
    name = "centrum.reporting"
    label = "reporting"
    verbose_name = _("EU reporting")

    def ready(self):
        from centrum.kit import exports
        from centrum.reporting import dossier, merging
        from centrum.reporting.profiles import PROFILES

        exports.register(*PROFILES)
        post_migrate.connect(_load_dictionaries, sender=self)
        registry.register(
            merging.PEOPLE,
            *dossier.SECTIONS,
            registry.MenuItem(
                _("European Union"), _("SM EFS projects"), "reporting:projects", Right.VIEW_REPORTING, 30
            ),
            # every role that exports anything exports the register of services
            registry.MenuItem(_("European Union"), _("Exports"), "reporting:exports", "export_services", 31),
        )


@author(command="seed")
def _load_dictionaries(sender, using, **kwargs):
    """Fill empty dictionaries with the seed; what is there is the administrator's."""
    try:
        entries = sender.get_model("DictionaryEntry").objects.using(using)
    except LookupError:  # migrated back to nothing
        return
    if entries.exists():
        return
    with DICTIONARIES.open(encoding="utf-8", newline="") as lines:
        entries.bulk_create(
            entries.model(
                field=row["field"],
                code=row["code"],
                parent=row["parent"],
                label=row["label"],
                confirmed=row["mark"] == "source",
                valid_from=_VALID_FROM,
            )
            for row in csv.DictReader(lines, delimiter=";")
        )
