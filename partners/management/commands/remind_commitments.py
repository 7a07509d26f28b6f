"""Remind members of what they promised; for cron, once a day: nobody gets the same letter twice."""

from django.core.management.base import BaseCommand

from partners import commitments


class Command(BaseCommand):
    help = "Write to members whose commitments are due within a week or late (outbox)"

    def handle(self, **options):
        mailed, mute = commitments.remind()
        self.stdout.write(f"letters {mailed}, nobody to tell {mute}")
