"""Remind social enterprises of the report by 31 March; for cron, once a day: nobody gets the same letter twice."""

from django.core.management.base import BaseCommand

from centrum.register import enterprise


class Command(BaseCommand):
    help = "Write to the social enterprises whose yearly report is missing (outbox)"

    def handle(self, **options):
        mailed, mute = enterprise.remind()
        self.stdout.write(f"reminded {mailed}, without an address {mute}")
