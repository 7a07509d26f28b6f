"""Write the demo's bank statements that wait for their import into a folder: MT940, camt.053 and CSV."""

from pathlib import Path

from django.core.management.base import BaseCommand

from loans.demo import november


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in november.files().items():
            (folder / name).write_bytes(data)
        self.stdout.write(f"Bank statements to import: {folder}/")
