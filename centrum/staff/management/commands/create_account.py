"""Add an account of the staff from the command line, e.g. the first administrator."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from centrum.staff import queries, services
from centrum.staff.enums import Role, Scope
from centrum.staff.models import Unit, User


class Command(BaseCommand):
    help = "Add an account of the staff; prints the link at which its owner sets a password"

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--unit",
            required=True,
            metavar="CODE",
            help="code of the unit; in an empty database the lead is made with it",
        )
        parser.add_argument("--job", default="", metavar="TITLE")
        parser.add_argument(
            "--authorise",
            action="append",
            default=[],
            choices=Scope.values,
            metavar="SCOPE",
            help=f"issue an authorisation to process personal data from today; may be repeated ({', '.join(Scope)})",
        )
        parser.add_argument("--project", action="append", default=[], metavar="NUMBER", help="may be repeated")

    @transaction.atomic
    def handle(self, *, email, first_name, last_name, role, unit, job, project, authorise, **options):
        codes = list(Unit.objects.values_list("code", flat=True))
        if codes and unit not in codes:
            raise CommandError(f"There is no unit {unit}. Known units: {', '.join(codes)}.")
        # the table of projects belongs to a room above this one
        projects = User.projects.rel.related_model.objects.filter(number__in=project)
        missing = set(project) - {p.number for p in projects}
        if missing:
            raise CommandError(f"There is no project {', '.join(sorted(missing))}.")
        try:
            if not codes:
                services.create_lead(code=unit, name=settings.CONTACT["name"])
            user = services.create_account(
                by=None,
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=role,
                unit=Unit.objects.get(code=unit),
                job=job,
                projects=projects,
                scopes=dict.fromkeys(authorise),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Account of {user.email}. Set its password here: {queries.password_link(user)}")
