"""Post the interest of the days that are over and tell anew the loans in which an instalment fell due; for a scheduler,
every night. It may be ended anywhere and run again: every step is whole, and a second run changes nothing."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from loans import nightly
from loans.models import Fund


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        refused = []
        for fund in Fund.objects.order_by("pk"):
            done = nightly.keep(fund)
            refused += done.pop("refused")
            self.stdout.write(f"{fund.code}: " + ", ".join(f"{what} {number}" for what, number in done.items()))
        if refused:
            raise CommandError("\n".join(refused), returncode=1)
