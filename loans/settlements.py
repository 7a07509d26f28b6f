"""Settlement of what a tranche was spent on: documents, submitted by one person and reviewed by another.

Within the days of the product, counted from the payout, and once longer with grounds. Amounts are Decimal in PLN.
Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from centrum.kit import clock, files, saving
from centrum.kit.polish import date_short, money
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans.enums import SETTLEMENT_MOVES, SettlementState
from loans.models import Loan, Settlement, SettlementDocument
from loans.queries import visible_loans

OPEN = (SettlementState.OPEN, SettlementState.CORRECTIONS)
UNDECIDED = (*OPEN, SettlementState.SUBMITTED)
DOCUMENT = ("number", "seller", "what", "issued_on", "paid_on", "amount", "from_loan", "cashless")
SOON = 14  # days before the last one in which the list calls it due soon
_ZERO = Decimal(0)


# Reads


def visible_settlements(user):
    """Settlements of the loans that `user` sees, each with `until`, its last day."""
    rows = Settlement.objects.filter(tranche__loan__in=visible_loans(user))
    rows = rows.select_related("tranche__loan__organisation", "tranche__loan__product", "tranche__loan__officer")
    return rows.annotate(until=Coalesce("extended_to", "due_on"))


def narrowed(rows, which):
    """Those of the list: "late", "soon", "submitted" (wait for a review), "open" (all undecided) or "all"."""
    today = clock.today()
    narrow = {
        "late": Q(state__in=OPEN, until__lt=today),
        "soon": Q(state__in=OPEN, until__range=(today, today + datetime.timedelta(days=SOON))),
        "submitted": Q(state=SettlementState.SUBMITTED),
        "open": Q(state__in=UNDECIDED),
        "all": Q(),
    }
    return rows.filter(narrow[which])


def waiting_for(user):
    """Settlements with which `user` has to go on: those to be reviewed, and those that are late for who keeps loans."""
    rows = visible_settlements(user)
    found = rows.none()
    if user.has_right(Right.PAY_LOANS):
        found = found | narrowed(rows, "submitted")
    if user.has_right(Right.KEEP_LOANS):
        found = found | narrowed(rows, "late")
    return found


def timing(settlement):
    """(kind of tag, words) of an undecided settlement whose documents are late or due soon, else None."""
    if settlement.state not in OPEN:
        return None
    left = (settlement.last_day - clock.today()).days
    if left < 0:
        return "bad", _("late")
    return ("wait", _("due soon")) if left <= SOON else None


def spent(settlement):
    """What the documents say was paid from the loan."""
    return settlement.documents.aggregate(found=Sum("from_loan"))["found"] or _ZERO


def longest(settlement):
    """The last day to which it may be extended."""
    days = settlement.tranche.loan.product.settlement_extension_days
    return settlement.due_on + datetime.timedelta(days=days)


def again(document):
    """The same document (number and seller, in whatever case) noted once more for the organisation."""
    organisation = document.settlement.tranche.loan.organisation_id
    rows = SettlementDocument.objects.filter(
        settlement__tranche__loan__organisation=organisation,
        number__iexact=document.number,
        seller__iexact=document.seller,
    )
    return rows.exclude(pk=document.pk).select_related("settlement__tranche__loan")


def warnings(settlement, documents=None):
    """What whoever submits or reviews it should look at, in sentences."""
    found, loan = [], settlement.tranche.loan
    documents = settlement.documents.all() if documents is None else documents
    same = SettlementDocument.objects.filter(settlement__tranche__loan__organisation=loan.organisation_id)
    others = {}
    for other in same.exclude(settlement=settlement).select_related("settlement__tranche__loan"):
        others.setdefault(_same(other), other)
    for row in documents:
        if other := others.get(_same(row)):
            words = _("Document %(number)s is in the settlement of %(tranche)s as well.")
            found.append(words % {"number": row.number, "tranche": other.settlement})
        if row.issued_on < loan.granted_on:
            words = _("Document %(number)s was issued before the loan was granted.")
            found.append(words % {"number": row.number})
        if not row.cashless:
            words = _("Document %(number)s was not paid by transfer: see whether the limit for cash allows it.")
            found.append(words % {"number": row.number})
        if row.file_id is None:
            found.append(_("Document %(number)s has no file.") % {"number": row.number})
    return found


def _same(document):
    return document.number.casefold(), document.seller.casefold()


# Documents


@transaction.atomic
def save_document(settlement, document=None, *, by, file=None, **fields):
    """Write a document (DOCUMENT) of an open settlement, or change one; a new `file` takes the place of the old one.

    Several files of one document are scanned into one; without one it can be noted, and the reviewer is warned.
    """
    unknown = sorted(set(fields) - set(DOCUMENT))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    row = _lock_open(settlement, by)
    found = _lock_document(document) if document else SettlementDocument()
    found.settlement = row
    for name, value in fields.items():
        setattr(found, name, value)
    _must_be_sensible(found)
    _must_be_paid_once(found)
    if file:
        found.file = _store(file, by)
    return saving.save(found)


@transaction.atomic
def remove_document(document, *, by):
    """Take a document out of an open settlement; what it said stays in the history."""
    _lock_open(document.settlement, by)
    _lock_document(document).delete()


def _must_be_sensible(row):
    today, paid_out = clock.today(), row.settlement.tranche.paid_on
    for name in ("issued_on", "paid_on"):
        if getattr(row, name) > today:
            raise Refused({name: _("This day has not come yet.")})
    if row.paid_on < paid_out:
        words = _("The tranche was paid out on %(day)s: what was paid before was not paid from it.")
        raise Refused({"paid_on": words % {"day": date_short(paid_out)}})
    if row.amount is not None and row.from_loan is not None and row.from_loan > row.amount:
        raise Refused({"from_loan": _("No more than the amount of the document comes from the loan.")})


def _must_be_paid_once(row):
    """Refuse a document of which all settlements of the organisation together take more than it is worth.

    The least of the amounts typed for it counts. Two loans of an organisation share no lock, so this takes one.
    """
    with connection.cursor() as cursor:
        organisation = row.settlement.tranche.loan.organisation_id
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"documents {organisation}"])
    others = list(again(row))
    taken = sum((other.from_loan for other in others), _ZERO)
    if others and taken + row.from_loan > min(row.amount, *(other.amount for other in others)):
        words = _("%(sum)s of this document is in the settlement of %(tranche)s already: it can't be paid twice.")
        raise Refused({"from_loan": words % {"sum": money(taken), "tranche": others[0].settlement}})


def _store(upload, by):
    try:
        return files.store(upload, by=by)
    except ValidationError as error:
        raise Refused({"file": error.messages}) from error


# Steps


@transaction.atomic
def submit(settlement, *, by):
    """Hand it over for review; without a single document only once its time is over, so that it ends at all."""
    row = _begin(settlement, "submit", by)
    documents = list(row.documents.all())
    if not documents and clock.today() <= row.last_day:
        raise Refused(_("No document is noted yet."))
    for document in documents:
        _must_be_paid_once(document)
    return move(row, "submit", by=by, changes={"submitted_by": by})


@transaction.atomic
def correct(settlement, *, by, reason):
    """Send it back for corrections."""
    row = _reviewed(settlement, "correct", by)
    return move(row, "correct", by=by, reason=reason)


@transaction.atomic
def accept(settlement, *, by):
    """Accept that all of the tranche was spent as agreed."""
    row = _reviewed(settlement, "accept", by)
    for document in row.documents.all():
        _must_be_paid_once(document)
    amount, told = row.tranche.amount, spent(row)
    if told < amount:
        words = _("The documents tell of %(sum)s of %(amount)s. Ask for corrections, or accept a part.")
        raise Refused(words % {"sum": money(told), "amount": money(amount)})
    return move(row, "accept", by=by, changes=_review(by, amount))


@transaction.atomic
def reject(settlement, *, by, accepted, reason):
    """Accept a part: the rest of the tranche has to be given back."""
    row = _reviewed(settlement, "reject", by)
    most = min(row.tranche.amount, spent(row))
    if accepted is None:
        raise Refused({"accepted": _("Give the amount that is accepted.")})
    if accepted >= row.tranche.amount:
        raise Refused({"accepted": _("This is the whole tranche: accept the settlement instead.")})
    if not 0 <= accepted <= most:
        words = _("The documents tell of %(sum)s, so no more is accepted.")
        raise Refused({"accepted": words % {"sum": money(most)}})
    return move(row, "reject", by=by, reason=reason, changes={**_review(by, accepted), "note": reason.strip()})


def to_give_back(settlement):
    """What of the tranche has to be given back, None before the review."""
    return None if settlement.accepted is None else settlement.tranche.amount - settlement.accepted


def _review(by, accepted):
    return {"reviewed_by": by, "reviewed_on": clock.today(), "accepted": accepted}


@transaction.atomic
def extend(settlement, *, by, until, grounds):
    """Give it more time, once, by no more days than the product allows; who releases payouts says so."""
    require(by, Right.PAY_LOANS)
    row = _lock(settlement)
    if row.state not in OPEN:
        raise Stale(what_changed(row))
    if row.extended_to:
        raise Stale(_("The time was extended already, until %(day)s.") % {"day": date_short(row.extended_to)})
    if until <= row.due_on or until < clock.today():
        raise Refused({"until": _("Choose a day to come, after %(day)s.") % {"day": date_short(row.due_on)}})
    if until > longest(row):
        words = _("The time may be extended until %(day)s at most.")
        raise Refused({"until": words % {"day": date_short(longest(row))}})
    row.extended_to, row.extended_because, row.extended_by = until, grounds, by
    return saving.save(row)


def _lock(settlement):
    Loan.objects.select_for_update(of=("self",), no_key=True).get(tranches=settlement.tranche_id)
    rows = Settlement.objects.select_related("tranche__loan__product")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=settlement.pk)


def _begin(settlement, action, by):
    step = find(SETTLEMENT_MOVES, action)
    require(by, step.right)
    row = _lock(settlement)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row


def _reviewed(settlement, action, by):
    row = _begin(settlement, action, by)
    if row.submitted_by_id == by.pk:
        raise Refused(_("You submitted this settlement yourself, so another person has to review it."))
    return row


def _lock_open(settlement, by):
    require(by, Right.KEEP_LOANS)
    row = _lock(settlement)
    if row.state not in OPEN:
        raise Stale(what_changed(row))
    return row


def _lock_document(document):
    row = SettlementDocument.objects.select_for_update(of=("self",), no_key=True).filter(pk=document.pk).first()
    if row is None:
        raise Stale(_("Meanwhile somebody removed this document."))
    return row
