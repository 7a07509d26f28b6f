"""The one place that tells what time it is: dates of law are days in Warsaw, instants are UTC."""

import calendar
import contextlib
import contextvars
import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

WARSAW = ZoneInfo("Europe/Warsaw")
_told = contextvars.ContextVar("told", default=None)


def now() -> datetime.datetime:
    """Return the instant at which things happen now."""
    return _told.get() or timezone.now()


def today() -> datetime.date:
    """Return the business day: the date in Warsaw now, whatever the server's or the visitor's zone."""
    return now().astimezone(WARSAW).date()


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day `months` later, or the last of that month where it is shorter (Civil Code, art. 112)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def local(instant: datetime.datetime) -> datetime.datetime:
    """Return the aware `instant` on the Warsaw clock. A naive datetime raises ValueError."""
    return timezone.localtime(instant, WARSAW)


@contextlib.contextmanager
def at(instant: datetime.datetime):
    """Let things happen at an aware `instant` of the past: the demo tells a history through the services."""
    token = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(token)
