"""Remind coordinators of agreements that end soon; for cron, once a day: nobody gets the same letter twice."""

from django.core.management.base import BaseCommand

from partners import agreements


class Command(BaseCommand):
    help = "Write to the coordinators of partnerships whose agreements end soon (outbox)"

    def handle(self, **options):
        mailed, mute = agreements.remind()
        self.stdout.write(f"reminded {mailed}, without a coordinator {mute}")
