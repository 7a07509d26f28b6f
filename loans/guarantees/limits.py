"""Limits of the guarantees of a fund: how many times its capital, and what part of it for one client.

Set by one person, in force once somebody else has confirmed them; what is promised and guaranteed has to fit into
them. Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import ledger
from loans.models import GuaranteeLimits


def waiting(fund):
    """The limits that wait for a second person, or None."""
    rows = GuaranteeLimits.objects.filter(fund=fund, confirmed_at=None, dropped_at=None)
    return rows.select_related("entered_by").first()


def history(fund):
    """Limits that held, the newest first."""
    rows = GuaranteeLimits.objects.filter(fund=fund).exclude(confirmed_at=None)
    return rows.select_related("entered_by", "confirmed_by").order_by("-confirmed_at", "-pk")


@transaction.atomic
def enter(fund, *, by, multiplier, client_cap, reasons):
    """Write limits down; they hold once somebody else has confirmed them. `client_cap`: a fraction."""
    require(by, Right.KEEP_LEDGER)
    if not reasons.strip():
        raise Refused({"reasons": _("Give a reason.")})
    return saving.save(
        GuaranteeLimits(
            fund=fund,
            multiplier=multiplier,
            client_cap=client_cap,
            reasons=reasons.strip(),
            entered_by=by,
            entered_at=clock.now(),
        )
    )


@transaction.atomic
def confirm(limits, *, by):
    """Let limits hold. Raises Refused with the numbers where more than they allow is promised and guaranteed."""
    require(by, Right.KEEP_LEDGER)
    row = _open(limits)
    if row.entered_by_id == by.pk:
        raise Refused(_("Somebody else has to confirm it than who entered it."))
    row.confirmed_by, row.confirmed_at = by, clock.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["confirmed_by", "confirmed_at"])
    except IntegrityError as error:
        broken = error.__cause__.diag.constraint_name
        if broken not in ledger.OF_GUARANTEE_LIMITS:
            raise
        wanted = {"multiplier": row.multiplier, "client_cap": row.client_cap}
        raise Refused(ledger.limit_words(broken, row.fund, **wanted)) from error
    row.fund.refresh_from_db()
    return row


@transaction.atomic
def drop(limits, *, by):
    """Take limits back before they are confirmed."""
    require(by, Right.KEEP_LEDGER)
    row = _open(limits)
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    return row


def _open(limits):
    rows = GuaranteeLimits.objects.select_for_update(of=("self",)).select_related("fund")
    row = rows.get(pk=limits.pk)
    if row.confirmed_at or row.dropped_at:
        raise Stale(_("These limits were confirmed or dropped already."))
    return row
