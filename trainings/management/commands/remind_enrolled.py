"""Remind those who have a seat of an event that is near; for cron, once a day: nobody gets the same letter twice."""

from django.core.management.base import BaseCommand

from trainings import reminders


class Command(BaseCommand):
    help = "Write to people enrolled in events that begin within days (outbox)"

    def handle(self, **options):
        self.stdout.write(f"letters {reminders.remind()}")
