"""Fill an empty database with the demo and print its accounts."""

from django.core.management.base import BaseCommand, CommandError

from centrum.intake.models import Application
from centrum.portal.demo import build
from centrum.register.models import Organisation, Person
from centrum.reporting.models import Project
from centrum.staff.models import User


class Command(BaseCommand):
    help = "Fill an empty database with invented demo data and print the accounts"

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="only print the accounts when data are there")

    def handle(self, *, if_empty, **options):
        if any(model.objects.exists() for model in (User, Person, Organisation, Application, Project)):
            if not if_empty:
                raise CommandError("The database is not empty: the demo never mixes with real data.")
        else:
            self.stdout.write("Telling the history of the demo, half a minute…")
            build.build()
        self._print_accounts()

    def _print_accounts(self):
        there = set(User.objects.values_list("email", flat=True))
        accounts = [account for account in build.ACCOUNTS if account[0] in there]
        if not accounts:
            return
        self.stdout.write(f"\nAccounts of the demo, all with the password {build.PASSWORD}:")
        for email, first, last, role, unit, _job in accounts:
            self.stdout.write(f"  {email:32} {role.value:14} {first} {last} ({unit})")
