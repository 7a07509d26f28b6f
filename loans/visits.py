"""Visits to a borrower: planned, held with a protocol, findings set right by a day, closed.

Services lock the loan before the visit. They raise Refused in words for the user, Stale when somebody was quicker,
PermissionDenied.
"""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock, saving
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import papers
from loans.enums import AFTER_PAYOUT, VISIT_MOVES, PaperKind, VisitState
from loans.models import Loan, Visit


@transaction.atomic
def plan(loan, *, by, planned_on, subject):
    """Plan a visit to the borrower of a loan that was paid out."""
    require(by, Right.KEEP_LOANS)
    row = Loan.objects.select_for_update(of=("self",), no_key=True).get(pk=loan.pk)
    if row.state not in AFTER_PAYOUT:
        raise Refused(_("Nothing of this loan is paid out, so there is nothing to look at."))
    _must_come(planned_on)
    number = (row.visits.aggregate(found=Max("number"))["found"] or 0) + 1
    return saving.save(Visit(loan=row, number=number, planned_on=planned_on, subject=subject))


@transaction.atomic
def plan_anew(visit, *, by, planned_on, subject):
    """Choose another day or subject of a visit that was not held yet."""
    require(by, Right.KEEP_LOANS)
    row = _lock(visit)
    if row.state != VisitState.PLANNED:
        raise Stale(what_changed(row))
    _must_come(planned_on)
    row.planned_on, row.subject = planned_on, subject
    return saving.save(row)


def _must_come(day):
    if day < clock.today():
        raise Refused({"planned_on": _("This day is over. Choose a day to come.")})


@transaction.atomic
def hold(visit, *, by, held_on, protocol, file=None):
    """Note that `by` held the visit, with the text of the protocol and, where there is one, the signed paper."""
    row = _begin(visit, "hold", by)
    if held_on > clock.today():
        raise Refused({"held_on": _("This day has not come yet.")})
    if held_on < row.loan.signed_on:
        raise Refused({"held_on": _("The agreement was not signed yet on this day.")})
    changes = {"held_on": held_on, "held_by": by, "protocol": protocol}
    if file:
        title = _("Protocol of visit %(number)d") % {"number": row.number}
        changes["paper"] = papers.keep(row.loan, by=by, kind=PaperKind.OTHER, title=title, upload=file)
    return move(row, "hold", by=by, changes=changes)


@transaction.atomic
def note_findings(visit, *, by, findings, fix_by):
    """Note what is to be set right, and by when."""
    row = _begin(visit, "find", by)
    if fix_by < max(row.held_on, clock.today()):
        raise Refused({"fix_by": _("Choose today or a day to come.")})
    return move(row, "find", by=by, changes={"findings": findings, "fix_by": fix_by})


@transaction.atomic
def close(visit, *, by):
    """Nothing was found, or nothing that has to be set right."""
    return move(_begin(visit, "close", by), "close", by=by)


@transaction.atomic
def fix(visit, *, by, reason):
    """Close a visit whose findings are set right; `reason` says how that was seen."""
    return move(_begin(visit, "fix", by), "fix", by=by, reason=reason)


@transaction.atomic
def cancel(visit, *, by, reason):
    return move(_begin(visit, "cancel", by), "cancel", by=by, reason=reason)


def _lock(visit):
    loan = Loan.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.loan_id)
    row = Visit.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.pk)
    row.loan = loan
    return row


def _begin(visit, action, by):
    step = find(VISIT_MOVES, action)
    require(by, step.right)
    row = _lock(visit)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row
