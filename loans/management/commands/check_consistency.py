"""Recompute the ledgers of all funds; what does not agree is listed and the command ends with 1."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from loans import consistency
from loans.models import Fund


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        found = [words for fund in Fund.objects.order_by("pk") for words in consistency.differences(fund)]
        if found:
            raise CommandError("\n".join(found), returncode=1)
        self.stdout.write("The ledgers agree.")
