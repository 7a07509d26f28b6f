"""Guarantees expire by the calendar: some days after the last day on which a call is in time.

In these days a call that came in time can still be noted; afterwards what was guaranteed is free again.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from centrum.kit import clock, parameters
from centrum.kit.transitions import move
from loans import ledger
from loans.enums import EntryEvent, GuaranteeState
from loans.guarantees import exposure, fees
from loans.models import Guarantee

DAYS = "guarantee-expiry-days"


def last_day(guarantee, on=None):
    """The last day on which a call that came in time can be noted."""
    return guarantee.valid_to + datetime.timedelta(days=parameters.whole(DAYS, on))


def expire(fund, on=None):
    """Let the guarantees of a fund expire whose days are over, each in a transaction of its own; how many."""
    on = on or clock.today()
    over = on - datetime.timedelta(days=parameters.whole(DAYS, on))
    done = 0
    for row in Guarantee.objects.filter(fund=fund, state=GuaranteeState.ACTIVE, valid_to__lt=over).order_by("pk"):
        with transaction.atomic():
            done += _expire(exposure.lock(row))
    return done


def _expire(row):
    if row.state != GuaranteeState.ACTIVE:  # a call was noted meanwhile
        return 0
    if lines := exposure.release_lines(row):
        ledger.post(
            row.fund,
            by=None,
            event=EntryEvent.GUA_RELEASE,
            key=f"gua-release-{row.number}",
            lines=lines,
            text=gettext_lazy("Guarantee %(number)s expired"),
            said={"number": row.number},
            value_date=row.valid_to,
            document=row.number,
            guarantee=row,
        )
    move(row, "expire", by=None, changes={"ended_on": row.valid_to})
    fees.finish(exposure.lock(row), by=None)
    return 1
