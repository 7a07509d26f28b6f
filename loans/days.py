"""Whether a day of a fund is whole: nothing is booked under it any more, so that what is said of it stays."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans import accruals
from loans.enums import OWING
from loans.guarantees.earning import earned_by, key
from loans.models import GuaranteeFee, Loan, Telling
from loans.schedule import DAY


def must_be_whole(fund, day):
    """Refuse a day that is over while the nightly run has still something to post under it or a day before it: interest
    or, at the end of a month, interest for delay and fees that are earned. Of today one says what there is so far."""
    accruals.must_be_posted(fund, day)
    end = (day + DAY).replace(day=1) - DAY  # the last end of a month until then
    if day < clock.today() and behind(fund, end).exists():
        words = _("What was overdue on %(day)s, the end of a month, is not posted yet. The nightly run posts it.")
        raise Refused(words % {"day": date_short(end)})
    if day < clock.today() and fees_behind(fund, end):
        words = _("Fees of guarantees are not earned up to %(day)s, the end of a month, yet. The nightly run posts it.")
        raise Refused(words % {"day": date_short(end)})


def takes_entries(fund, day):
    """Whether something may be booked under a day: neither its month is closed nor a later one, and its turnovers are
    not kept yet."""
    closed = fund.months.filter(first__gte=day.replace(day=1)).exclude(closed_at=None)
    return not closed.exists() and not fund.turnovers.filter(day__gte=day).exists()


def behind(fund, end):
    """Loans that wait to be told up to the end of a month, for the interest for delay that is booked under it; none
    once it takes no entries."""
    if not takes_entries(fund, end):
        return Loan.objects.none()
    overdue = Q(overdue_principal__gt=0) | Q(again_on__lte=end)
    told = Telling.objects.filter(overdue, loan=OuterRef("pk"), current=True, on__lt=end)
    return fund.loans.filter(Exists(told), state__in=OWING).order_by("pk")


def paid_fees(fund, end):
    """Fees of guarantees that may be earned up to the end of a month: noted as paid in it or before, and not whole."""
    rows = GuaranteeFee.objects.filter(guarantee__fund=fund, entry__book_date__lte=end, begins__lte=end)
    return rows.filter(earned__lt=F("amount"))


def fees_behind(fund, end):
    """Whether the fees wait to be earned up to the end of the month that is over last."""
    if end != clock.today().replace(day=1) - DAY or not takes_entries(fund, end):
        return False
    if fund.entries.filter(key=key(end)).exists():
        return False
    return any(earned_by(fee, end) > fee.earned for fee in paid_fees(fund, end))
