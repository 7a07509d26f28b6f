"""Rates of the NBP: entered by one person, confirmed by another, and asked for by day.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans.enums import NbpKind
from loans.models import NbpRate, RateCheck

_MILLIONTH = Decimal("0.000001")


def nbp_rate(kind, on):
    """The confirmed rate (a fraction) in force on a day. Raises Refused when none is known."""
    return nbp_row(kind, on).rate


def nbp_row(kind, on):
    """The NbpRate itself. Raises Refused when none is known."""
    found = NbpRate.objects.filter(kind=kind, valid_from__lte=on).exclude(confirmed_by=None)
    row = found.order_by("-valid_from").first()
    if row is None:
        raise Refused(
            _("The %(rate)s of %(day)s is not entered or not confirmed yet.")
            % {"rate": NbpKind(kind).label, "day": date_short(on)}
        )
    return row


def rate_of(product, on, *, new_job=False):
    """The yearly rate of a product for an agreement of a day. Raises Refused when the NBP rate is missing."""
    if not product.nbp:
        return product.margin
    halved = new_job and product.nbp_share_new_job is not None
    share = product.nbp_share_new_job if halved else product.nbp_share
    return (share * nbp_rate(product.nbp, on) + product.margin).quantize(_MILLIONTH)


def all_rates():
    return NbpRate.objects.select_related("entered_by", "confirmed_by").order_by("kind", "-valid_from")


@dataclass(frozen=True)
class Standing:
    """The newest confirmed rate of a kind and whether somebody should look whether it still holds."""

    kind: NbpKind
    newest: NbpRate | None
    looked_at: datetime.datetime | None
    is_old: bool


def standings():
    """Standing of every kind of rate."""
    return [standing(kind) for kind in NbpKind]


def standing(kind):
    newest = NbpRate.objects.filter(kind=kind).exclude(confirmed_by=None).order_by("-valid_from").first()
    looked = [row.at for row in RateCheck.objects.filter(kind=kind).order_by("-at")[:1]]
    looked += [newest.confirmed_at] if newest else []
    last = max(looked, default=None)
    oldest = clock.now() - datetime.timedelta(days=parameters.whole("nbp-rate-check-days"))
    return Standing(kind, newest, last, last is None or last < oldest)


@transaction.atomic
def enter(*, by, kind, valid_from, rate, source):
    """Write down a rate; it counts once somebody else has confirmed it."""
    require(by, Right.KEEP_RATES)
    row = NbpRate(kind=kind, valid_from=valid_from, rate=rate, source=source, entered_by=by, entered_at=clock.now())
    return saving.save(row)


@transaction.atomic
def confirm(row, *, by):
    require(by, Right.KEEP_RATES)
    row = _unconfirmed(row)
    if row.entered_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm it than who entered it."))
    row.confirmed_by, row.confirmed_at = by, clock.now()
    return saving.save(row)


@transaction.atomic
def drop(row, *, by):
    """Take a mistaken rate back before it is confirmed."""
    require(by, Right.KEEP_RATES)
    _unconfirmed(row).delete()


@transaction.atomic
def check(kind, *, by):
    """Say that the newest rate still holds."""
    require(by, Right.KEEP_RATES)
    return saving.save(RateCheck(kind=kind, by=by, at=clock.now()))


def _unconfirmed(row):
    found = NbpRate.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise Stale(_("Meanwhile somebody took this rate back."))
    if found.confirmed_by_id:
        raise Stale(_("This rate is confirmed already, so it stays."))
    return found
