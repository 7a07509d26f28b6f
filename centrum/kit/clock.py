"""The one place that tells which day it is: dates of law are days in Warsaw, instants are UTC."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

WARSAW = ZoneInfo("Europe/Warsaw")


def today() -> datetime.date:
    """Return the business day: the date in Warsaw now, whatever the server's or the visitor's zone."""
    return timezone.localdate(timezone=WARSAW)


def local(instant: datetime.datetime) -> datetime.datetime:
    """Return the aware `instant` on the Warsaw clock. A naive datetime raises ValueError."""
    return timezone.localtime(instant, WARSAW)
