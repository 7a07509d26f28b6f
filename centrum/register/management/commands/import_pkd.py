"""`manage.py import_pkd --version 2025 FILE`: the codes of a version of the Polish classification of activities."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from centrum.register import pkd
from centrum.register.enums import PkdVersion
from centrum.register.management.commands.import_teryt import read


class Command(BaseCommand):
    help = "Take PKD codes from a CSV with the columns code;name. Codes that are not in the file stay."

    def create_parser(self, prog_name, subcommand, **kwargs):
        # Django's own --version gives way
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("--version", required=True, type=int, choices=PkdVersion.values)
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, version, file, **options):
        added, changed, same = pkd.take_codes(read(file, pkd.read_codes), version=version)
        self.stdout.write(
            _("%(added)s new, %(changed)s changed, %(same)s as before")
            % {"added": added, "changed": changed, "same": same}
        )
