"""Send the mail that waits in the outbox: once, or for ever with --loop."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand

from centrum.kit import outbox


class Command(BaseCommand):
    help = "Send the messages that wait in the outbox"

    def add_arguments(self, parser):
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="keep running, look again after SECONDS")

    def handle(self, *, loop, **options):
        if settings.DEMO:
            self.stdout.write("The demo sends no mail: read it in the back office, Outbox.")
            return
        while True:
            sent, failed = outbox.send_waiting()
            if sent or failed or not loop:
                self.stdout.write(f"sent {sent}, failed {failed}")
            if not loop:
                return
            time.sleep(loop)
