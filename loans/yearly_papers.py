"""What borrowers give the fund for every year in which their loan ran: asked for by the nightly run, noted by people.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

import calendar
import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.permissions import require
from loans import papers
from loans.enums import OWING, YEARLY_MOVES, PaperKind, TrancheState, YearlyKind
from loans.models import Loan, LoanJob, Tranche, YearlyPaper

BY_MONTH = "loan-yearly-papers-month"


@transaction.atomic
def ask(fund, year):
    """Ask for the papers of a year that is over, of every loan that was paid out in it or before and is still owed.

    A loan is asked once a year: what was asked for stays as it was, however often this runs and whoever else runs it.
    A declaration on jobs is asked for where jobs are promised. Returns how many papers were asked for.
    """
    if year >= clock.today().year:
        raise Refused(_("This year is not over yet."))
    lent = Tranche.objects.filter(loan=OuterRef("pk"), state=TrancheState.PAID, paid_on__year__lte=year)
    asked = YearlyPaper.objects.filter(loan=OuterRef("pk"), year=year)
    loans = fund.loans.filter(~Exists(asked), Exists(lent), state__in=OWING)
    loans = loans.annotate(with_jobs=Exists(LoanJob.objects.filter(loan=OuterRef("pk"))))
    due_on = last_day(year)
    rows = [
        YearlyPaper(loan_id=pk, year=year, kind=kind, due_on=due_on)
        for pk, with_jobs in loans.order_by("pk").values_list("pk", "with_jobs")
        for kind in YearlyKind
        if with_jobs or kind != YearlyKind.JOBS
    ]
    before = YearlyPaper.objects.filter(loan__fund=fund, year=year)
    count = before.count() if rows else 0
    YearlyPaper.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    return before.count() - count if rows else 0


def last_day(year):
    """The day by which the papers of a year come: the last one of the month of the rule, in the year after it."""
    month = parameters.whole(BY_MONTH, datetime.date(year + 1, 1, 1))
    return datetime.date(year + 1, month, calendar.monthrange(year + 1, month)[1])


@transaction.atomic
def receive(paper, *, by, received_on, file):
    """Note that the paper has come, and keep it."""
    row = _begin(paper, "receive", by)
    if received_on > clock.today():
        raise Refused({"received_on": _("This day has not come yet.")})
    if received_on <= datetime.date(row.year, 12, 31):
        raise Refused({"received_on": _("The year of this paper was not over yet on this day.")})
    kept = papers.keep(row.loan, by=by, kind=PaperKind.OTHER, title=str(row).capitalize(), upload=file)
    return move(row, "receive", by=by, changes={"received_on": received_on, "paper": kept})


@transaction.atomic
def waive(paper, *, by, reason):
    """Say that this borrower need not give it."""
    return move(_begin(paper, "waive", by), "waive", by=by, reason=reason)


def _begin(paper, action, by):
    step = find(YEARLY_MOVES, action)
    require(by, step.right)
    loan = Loan.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.loan_id)
    row = YearlyPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.pk)
    row.loan = loan
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row
