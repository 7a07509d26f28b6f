"""The duty to report aid to SHRIMP: within days of granting, or of learning that a value changed. The portal counts the
days, makes the draft file (loans/profiles/aid.py) and keeps the number that SHRIMP gave.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans.deminimis.queries import waits
from loans.models import AidGrant


@transaction.atomic
def report(grants, *, by, reported_on, numbers):
    """Note that entries were reported on a day; `numbers`: {primary key: number in SHRIMP}. All of them or none."""
    require(by, Right.KEEP_LOANS)
    today = clock.today()
    if reported_on > today:
        raise Refused({"reported_on": _("This day has not come yet.")})
    rows = AidGrant.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[one.pk for one in grants])
    rows = list(rows.order_by("pk"))
    if not rows:
        raise Refused(_("Choose at least one entry."))
    for row in rows:
        if not waits(row):
            raise Stale(
                _("An entry of %(day)s does not wait to be reported any more.") % {"day": date_short(row.granted_on)}
            )
        if reported_on < row.granted_on:
            raise Refused({"reported_on": _("Nothing is reported before it is granted.")})
        number = numbers.get(row.pk, "").strip()
        if not number:
            raise Refused(_("Give the number of every entry in SHRIMP."))
        row.reported_on, row.reported_by, row.shrimp = reported_on, by, number
        row.save(update_fields=["reported_on", "reported_by", "shrimp"])
    return rows
