"""Which days of interest are posted (naliczanie odsetek); `nightly` posts them."""

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans.models import AccrualPiece
from loans.schedule import DAY


def last_day(fund):
    """The last day whose interest is posted, None before the first."""
    return fund.accrual_days.aggregate(found=Max("day"))["found"]


def first_day(fund):
    """The first day on which something of the fund bore interest, None where nothing is paid out."""
    return AccrualPiece.objects.filter(loan__fund=fund).aggregate(found=Min("begins"))["found"]


def missing(fund, until):
    """The days up to `until` whose interest is not posted, the oldest first; none where nothing bears interest."""
    last = last_day(fund)
    begins = last + DAY if last else first_day(fund)
    return [begins + DAY * number for number in range((until - begins).days + 1)] if begins else []


def must_be_posted(fund, day):
    """Refuse while interest up to a day that is over is not posted: what is said of it would change."""
    if day < clock.today() and (lacking := missing(fund, day)):
        words = _("The interest of %(day)s is not posted yet. The nightly run posts it.")
        raise Refused(words % {"day": date_short(lacking[0])})
