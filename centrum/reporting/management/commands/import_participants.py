"""Take a participant file (43 columns of SM EFS or our own) into a project, all rows or none."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from centrum.reporting.importing import writing
from centrum.reporting.importing.reading import FileRefused
from centrum.reporting.models import Project

SHOWN_FAULTS = 200


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--project", required=True, metavar="NUMBER", help="number of the EU project")
        parser.add_argument("--dry-run", action="store_true", help="check and compare; write nothing")

    def handle(self, *, file, project, dry_run, **options):
        try:
            found = Project.objects.get(number=project.strip())
        except Project.DoesNotExist as error:
            raise CommandError(_("There is no project with the number %(number)s.") % {"number": project}) from error
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(
                _("The file %(file)s can't be read: %(why)s.") % {"file": file, "why": error.strerror}
            ) from error
        try:
            if dry_run:
                plan = writing.plan_import(by=None, project=found, content=content)
                if plan.faults:
                    raise FileRefused(plan.faults)
                new, changed, rows = plan.count(writing.NEW), plan.count(writing.CHANGED), len(plan.changes)
            else:
                record = writing.import_participants(by=None, project=found, content=content, file_name=Path(file).name)
                new, changed, rows = record.created, record.updated, record.rows
        except Refused as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        except FileRefused as refused:
            raise CommandError(_report(refused.faults)) from refused
        message = (
            _("Checked only: rows %(rows)s, new %(new)s, changed %(changed)s; nothing was written.")
            if dry_run
            else _("Imported: rows %(rows)s, new %(new)s, changed %(changed)s.")
        )
        self.stdout.write(message % {"rows": rows, "new": new, "changed": changed})


def _report(faults):
    lines = [_("Nothing was imported; faults: %(count)s.") % {"count": len(faults)}]
    lines += [str(fault) for fault in faults[:SHOWN_FAULTS]]
    if len(faults) > SHOWN_FAULTS:
        lines.append(_("… and %(more)s more") % {"more": len(faults) - SHOWN_FAULTS})
    return "\n".join(lines)
