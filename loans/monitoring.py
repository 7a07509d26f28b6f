"""What of the monitoring is due: jobs to be created and to be proved, visits, findings, papers of the year."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from centrum.kit import clock
from centrum.kit.transitions import available
from centrum.staff.enums import Right
from loans import jobs
from loans.enums import (
    AFTER_PAYOUT,
    JOB_TAG,
    VISIT_TAG,
    YEARLY_TAG,
    JobState,
    VisitState,
    YearlyState,
)
from loans.models import LoanJob, Visit, YearlyPaper
from loans.queries import visible_loans

SOON = datetime.timedelta(days=30)  # before its day, when the list calls it due soon


@dataclass(frozen=True)
class Kind:
    """One list of what is due: rows of `model` in `states`, by the day in the column `due`."""

    label: str
    model: type
    states: tuple
    due: str


KINDS = {
    "create": Kind(gettext_lazy("Jobs to be created"), LoanJob, (JobState.PLANNED,), "create_by"),
    "prove": Kind(gettext_lazy("Jobs to be kept"), LoanJob, (JobState.CREATED,), "keep_until"),
    "visits": Kind(gettext_lazy("Visits"), Visit, (VisitState.PLANNED, VisitState.HELD), "planned_on"),
    "findings": Kind(gettext_lazy("Findings to be set right"), Visit, (VisitState.FINDINGS,), "fix_by"),
    "papers": Kind(gettext_lazy("Yearly papers"), YearlyPaper, (YearlyState.WAITING,), "due_on"),
}
WHEN = {
    "": pgettext_lazy("monitoring", "at any time"),
    "late": pgettext_lazy("monitoring", "late or today"),
    "soon": pgettext_lazy("monitoring", "within 30 days"),
}
TAGS = {LoanJob: JOB_TAG, Visit: VISIT_TAG, YearlyPaper: YEARLY_TAG}


# Reads


def rows(user, name, *, when="", officer=""):
    """Rows of one of KINDS in the loans that `user` sees, with their loan; `officer`: "me" for those of the user's
    own loans, `when`: one of WHEN."""
    kind = KINDS[name]
    loans = visible_loans(user).filter(state__in=jobs.WITH_JOBS)  # of one that was given up nothing is due
    found = kind.model.objects.filter(state__in=kind.states, loan__in=loans)
    found = found.select_related("loan__organisation", "loan__officer")
    if officer:
        found = found.filter(loan__officer=user)
    return found.filter(_within(kind.due, when))


def _within(due, when):
    today = clock.today()
    return {"late": Q(**{f"{due}__lte": today}), "soon": Q(**{f"{due}__lte": today + SOON})}.get(when, Q())


def counts(user, **narrowed):
    """{name of a kind: how many}, by one query; `narrowed` as of `rows`."""
    parts = [
        rows(user, name, **narrowed).order_by().values(name=Value(name)).annotate(number=Count("pk")) for name in KINDS
    ]
    found = parts[0].union(*parts[1:], all=True).values_list("name", "number")
    return dict.fromkeys(KINDS, 0) | dict(found)


def waiting_for(user):
    """{name of a kind: rows that are late or due today}, for the number in the menu of who keeps loans."""
    return {name: rows(user, name, when="late") for name in KINDS} if user.has_right(Right.KEEP_LOANS) else {}


def timing(row):
    """(kind of tag, words) of a row whose day is over or near, else None."""
    day, today = due_on(row), clock.today()
    if day is None:
        return None
    if day < today:
        return "bad", _("late")
    return ("wait", _("due soon")) if day <= today + SOON else None


def panel(user, loan):
    """For the page of a loan: jobs, visits and yearly papers with what may be done with each."""
    promised, visits, papers = (list(found) for found in _of(loan))
    signed, keeps = loan.state in jobs.WITH_JOBS, user.has_right(Right.KEEP_LOANS)
    for row in (*promised, *visits, *papers):
        row.loan, row.tag = loan, TAGS[type(row)][row.state]
        row.moves = [step for step in available(row, user) if signed and not _too_early(row, step.action)]
        row.timing = timing(row) if signed else None
    for row in promised:
        waits = signed and row.state == JobState.PLANNED and not row.extended_by_id
        row.may_extend = waits and user.has_right(Right.DECIDE_LOANS)
        row.may_change_the_rate = keeps and jobs.may_change_the_rate(row)
    if not signed and not (promised or visits or papers):
        return None
    return {
        "loan": loan,
        "jobs": promised,
        "visits": visits,
        "papers": papers,
        "may_add": keeps and signed,
        "may_visit": keeps and loan.state in AFTER_PAYOUT,
        "may_take_over": keeps and signed and jobs.to_take_over(loan).exists(),
    }


def _too_early(row, action):
    """Whether the day of a step has not come yet: a job is kept long enough, or too late to be created."""
    today = clock.today()
    return (action == "keep" and today < row.keep_until) or (action == "miss" and today <= row.create_by)


def _of(loan):
    """Jobs, visits and yearly papers of a loan, without the bytes of their files."""
    promised = loan.jobs.select_related("created_proof__file", "kept_proof__file", "extended_by", "annex")
    yield promised.defer("created_proof__file__data", "kept_proof__file__data").order_by("number")
    yield loan.visits.select_related("held_by", "paper__file").defer("paper__file__data").order_by("-number")
    yield loan.yearly_papers.select_related("paper__file").defer("paper__file__data").order_by("-year", "kind")


def due_on(row):
    """The day by which something has to happen with a row, None where nothing has, or where it only waits for words."""
    if row.state == VisitState.HELD:
        return None
    for kind in KINDS.values():
        if type(row) is kind.model and row.state in kind.states:
            return getattr(row, kind.due)
    return None
