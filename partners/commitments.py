"""What members promised: reads, and what is done with commitments."""

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from centrum.kit import clock, outbox, saving
from centrum.kit.models import OutboxMessage
from centrum.kit.periods import in_force
from centrum.kit.transitions import Refused, move
from partners.enums import CommitmentState
from partners.models import Commitment
from partners.services import lock_kept

SOON_DAYS = 7  # before the day: the first reminder
_REMINDING = 5_200_311  # key of the lock that one run of reminders holds


def commitments_of(partnership):
    """Commitments of a partnership with `late`, open ones first, by their days."""
    rows = partnership.commitments.select_related("membership__organisation", "meeting")
    found = sorted(rows, key=lambda row: (row.state != CommitmentState.OPEN, row.due_on, row.pk))
    for row in found:
        row.late = row.state == CommitmentState.OPEN and row.due_on < clock.today()
    return found


def open_of(membership):
    return membership.commitments.filter(state=CommitmentState.OPEN).order_by("due_on", "pk")


@transaction.atomic
def promise(partnership, *, by, membership, text, due_on, meeting=None):
    """Write down what a member of today promised to do by a day; at `meeting`, where it was one."""
    row = lock_kept(partnership, by)
    if not row.memberships.filter(in_force(), pk=membership.pk).exists():
        raise Refused({"membership": _("Choose a member of this partnership.")})
    return saving.save(Commitment(partnership=row, meeting=meeting, membership=membership, text=text, due_on=due_on))


@transaction.atomic
def step(commitment, action, *, by, reason="", **changes):
    """Make a move of the table with what it needs (`done_on`)."""
    lock_kept(commitment.partnership, by)
    if changes.get("done_on") and changes["done_on"] > clock.today():
        raise Refused({"done_on": _("This day has not come yet.")})
    if action == "reopen":
        changes["done_on"] = None
    return move(commitment, action, by=by, reason=reason, changes=changes)


@transaction.atomic
def remind(on=None):
    """Mail who speaks for a member whose commitment is due within a week, and again once it is late; where nobody has
    an address, the coordinator of the partnership. Returns (letters, commitments that nobody can be told of)."""
    on = on or clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REMINDING])
    rows = Commitment.objects.filter(state=CommitmentState.OPEN, due_on__lte=on + datetime.timedelta(days=SOON_DAYS))
    sent = set(OutboxMessage.objects.filter(about__startswith="ZP ").values_list("about", flat=True))
    mailed = mute = 0
    for row in rows.select_related("partnership__coordinator", "membership__organisation").order_by("pk"):
        about = f"ZP {row.pk}/{row.due_on:%Y%m%d}/{'late' if row.due_on < on else 'soon'}"
        if about in sent:
            continue
        addresses = _addresses(row, on)
        mute += not addresses
        mailed += len(addresses)
        context = {"commitment": row, "late": row.due_on < on, "contact": settings.CONTACT}
        with translation.override("pl"):
            for address in addresses:
                outbox.post(to=address, template="mail/partners/commitment.txt", context=context, about=about)
    return mailed, mute


def _addresses(row, on):
    speaking = row.membership.representatives.filter(in_force(on)).exclude(person__email="")
    addresses = list(speaking.order_by("pk").values_list("person__email", flat=True).distinct())
    coordinator = row.partnership.coordinator
    return sorted(set(addresses)) or ([coordinator.email] if coordinator and coordinator.is_active else [])
