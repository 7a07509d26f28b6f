"""What a guarantee is worth today (zaangażowanie): reckoned from the credit, posted off balance, and given up.

Amounts are Decimal in PLN; `cover` is a fraction. Whoever posts holds the row of the guarantee.
"""

from django.db.models import Sum
from django.utils.translation import gettext as _

from centrum.kit.transitions import Refused, Stale, find, what_changed
from centrum.staff.permissions import require
from loans import ledger
from loans.enums import GUARANTEE_MOVES
from loans.models import Guarantee, Line
from loans.schedule import rounded


def of_credit(guarantee, left):
    """What is guaranteed of a credit of which `left` is owed: the cover of it, half a grosz up, at most the amount."""
    return min(rounded(guarantee.cover * left), guarantee.amount)


def on(guarantee, day):
    """What was guaranteed at the end of a day, by the lines that were booked up to it and hold still: a report that was
    withdrawn since lowered nothing."""
    lines = Line.objects.filter(guarantee=guarantee, account__code=ledger.GUARANTEED, entry__book_date__lte=day)
    lines = lines.filter(entry__reverses=None, entry__reversed_by=None)
    return lines.aggregate(found=Sum("amount"))["found"] or 0


def lock(guarantee):
    """The fresh row of a guarantee, held until the end of the transaction; all that is changed of it waits here."""
    rows = Guarantee.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("fund", "lender", "organisation", "decision").get(pk=guarantee.pk)


def begin(guarantee, action, by):
    """The held row, in a state from which GUARANTEE_MOVES have the step. Raises PermissionDenied, Stale."""
    step = find(GUARANTEE_MOVES, action)
    require(by, step.right)
    row = lock(guarantee)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row


def release_lines(row):
    """The lines by which nothing is promised or guaranteed any more; none where nothing is."""
    lines = []
    if row.exposure:
        lines += [(ledger.GUARANTEED_CONTRA, row.exposure), (ledger.GUARANTEED, -row.exposure)]
    if row.reserved:
        lines += [(ledger.RESERVED_CONTRA, row.reserved), (ledger.RESERVED, -row.reserved)]
    return lines


def must_have_reason(reason):
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
