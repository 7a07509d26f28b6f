"""Guarantees expire by the calendar: some days after the last day on which a call is in time.

In these days a call that came in time can still be noted; afterwards what was guaranteed is free again. While a call is
open no other one can be noted, so the days count anew from the day on which it was refused.
"""

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy

from centrum.kit import clock, parameters
from centrum.kit.transitions import move
from loans import ledger
from loans.enums import EntryEvent, GuaranteeState
from loans.guarantees import exposure, fees
from loans.models import Guarantee

DAYS = "guarantee-expiry-days"


def last_day(guarantee, on=None):
    """The last day on which a call that came in time can be noted, by what is in force on a day (today)."""
    refused_on = guarantee.calls.aggregate(found=Max("refused_on"))["found"] or guarantee.valid_to
    return max(guarantee.valid_to, refused_on) + datetime.timedelta(days=parameters.whole(DAYS, on))


def expire(fund, on=None):
    """Let the guarantees of a fund expire whose days are over, each in a transaction of its own; how many."""
    on = on or clock.today()
    over = on - datetime.timedelta(days=parameters.whole(DAYS, on))
    rows = Guarantee.objects.filter(fund=fund, state=GuaranteeState.ACTIVE, valid_to__lt=over)
    done = 0
    for row in rows.exclude(calls__refused_on__gte=over).order_by("pk"):
        with transaction.atomic():
            done += _expire(exposure.lock(row), on)
    return done


def _expire(row, on):
    if row.state != GuaranteeState.ACTIVE or last_day(row, on) >= on:  # a call was noted or refused meanwhile
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
