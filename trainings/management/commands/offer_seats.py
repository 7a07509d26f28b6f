"""End offers of seats whose time has passed and offer them to the next; for cron, every few minutes."""

from django.core.management.base import BaseCommand

from centrum.kit.history import author
from trainings import capacity


class Command(BaseCommand):
    help = "End the offers of seats whose time has passed and offer the seats to the next of the reserve list"

    @author(command="offer_seats")
    def handle(self, **options):
        self.stdout.write(f"offers ended {capacity.lapse_offers()}")
