"""`manage.py import_degurba FILE`: degrees of urbanisation of communes, from the table of GUS or Eurostat."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused
from centrum.register import territory, teryt
from centrum.register.management.commands.import_teryt import read


class Command(BaseCommand):
    help = "Take DEGURBA from a CSV with the columns teryt;degurba;valid_from and mark the communes confirmed."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file, **options):
        rows = read(file, teryt.read_degurba)
        try:
            counts = territory.take_degurba(rows)
        except Refused as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(
            _("%(added)s written, %(changed)s changed from their day on, %(same)s as before") % vars(counts)
        )
