from django.conf import settings
from django.core.management.base import BaseCommand

from centrum.intake import drafts


class Command(BaseCommand):
    help = "Delete drafts of applications that nobody has touched for DRAFT_DAYS, with their files."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.DRAFT_DAYS)

    def handle(self, *, days, **options):
        self.stdout.write(f"{drafts.delete_untouched(days=days)} deleted")
