"""Jobs promised with a loan: taken from the application, created, kept long enough, or not.

What a broken promise means is said by the agreement and written down by people; where the loan has the lower rate for
a new job, an annex with the full rate can be prepared from here, and goes its own way with four eyes.
Services lock the loan first. They raise Refused in words for the user, Stale when somebody was quicker,
PermissionDenied.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from centrum.kit import clock, parameters, saving
from centrum.kit.polish import date_short, percent
from centrum.kit.transitions import Refused, Stale, find, move, what_changed
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from loans import annexes, papers, rates
from loans.enums import AFTER_PAYOUT, BROKEN, JOB_MOVES, AnnexState, JobState, LoanState, PaperKind
from loans.models import Loan, LoanJob, PlannedJob

DEADLINE, RETENTION = "loan-job-deadline-months", "loan-job-retention-months"
WITH_JOBS = (LoanState.SIGNED, LoanState.READY, *AFTER_PAYOUT)  # the agreement is signed
_WHOLE = Decimal(1)
_STANDING = (AnnexState.PREPARED, AnnexState.CONFIRMED, AnnexState.SIGNED)


# Reads


def to_take_over(loan):
    """Planned jobs of the loan's application that are not promised with it yet."""
    rows = PlannedJob.objects.filter(answers__application=loan.decision.review.application_id)
    return rows.exclude(promised__loan=loan).order_by("pk")


def full_rate(loan):
    """The yearly rate of the agreement's day without the new job. Raises Refused where no rate of the NBP is known."""
    return rates.rate_of(loan.product, loan.signed_on, new_job=False)


def may_change_the_rate(job):
    """Whether an annex with the full rate may follow from a job: the promise is broken, the loan has the lower rate
    for it, and no annex does it already."""
    return (
        job.state in BROKEN
        and job.loan.new_job
        and job.loan.state == LoanState.ACTIVE
        and (job.annex is None or job.annex.state == AnnexState.DROPPED)
    )


# The promise


@transaction.atomic
def promise(loan, *, by):
    """Take over the jobs that the application plans, once the agreement is signed; what is taken over already stays.

    One of several posts becomes as many rows: a job is one person's. Each is to be created by the day that the
    application gives, and no sooner than the months of the agreement have passed. Returns the new LoanJobs.
    """
    require(by, Right.KEEP_LOANS)
    row = _lock(loan)
    deadline = clock.months_later(row.signed_on, parameters.whole(DEADLINE, row.signed_on))
    number, made = _last_number(row), []
    for planned in to_take_over(row):
        day = max(planned.since, deadline)
        for posts in _by_person(planned.posts):
            number += 1
            made.append(
                LoanJob(
                    loan=row,
                    number=number,
                    planned=planned,
                    position=planned.position,
                    posts=posts,
                    at_risk=planned.at_risk,
                    promised_by=day,
                    create_by=day,
                )
            )
    return LoanJob.objects.bulk_create(made)


def _by_person(posts):
    """2.5 posts as [1, 1, 0.5]."""
    whole, rest = divmod(posts, _WHOLE)
    return [_WHOLE] * int(whole) + ([rest] if rest else [])


@transaction.atomic
def add(loan, *, by, position, posts, at_risk, create_by):
    """Note another job that the agreement promises."""
    require(by, Right.KEEP_LOANS)
    row = _lock(loan)
    if create_by < row.signed_on:
        raise Refused({"create_by": _("A job is promised for a day after the agreement was signed.")})
    job = LoanJob(
        loan=row,
        number=_last_number(row) + 1,
        position=position,
        posts=posts,
        at_risk=at_risk,
        promised_by=create_by,
        create_by=create_by,
    )
    return saving.save(job)


@transaction.atomic
def extend(job, *, by, until, grounds):
    """Give more time for a job that is still to be created, once; who decides on loans says so."""
    require(by, Right.DECIDE_LOANS)
    row = _lock_job(job)
    if row.state != JobState.PLANNED:
        raise Stale(what_changed(row))
    if row.extended_by_id:
        raise Stale(_("The time was extended already, until %(day)s.") % {"day": date_short(row.create_by)})
    if until <= row.promised_by or until < clock.today():
        raise Refused({"until": _("Choose a day to come, after %(day)s.") % {"day": date_short(row.promised_by)}})
    row.create_by, row.extended_because, row.extended_by = until, grounds, by
    return saving.save(row)


# Steps


@transaction.atomic
def create(job, *, by, created_on, at_risk, woman, file):
    """Note that the job is there, with its proof; from this day on it has to be kept for so many months."""
    row = _begin(job, "create", by)
    if created_on > clock.today():
        raise Refused({"created_on": _("This day has not come yet.")})
    if created_on < row.loan.signed_on:
        raise Refused({"created_on": _("A job counts that was created after the agreement was signed.")})
    if created_on > row.create_by:
        words = _("The job was to be created by %(day)s. Ask for more time first, or note it as not created.")
        raise Refused({"created_on": words % {"day": date_short(row.create_by)}})
    title = _("Proof that job %(number)d was created: %(position)s")
    changes = {
        "created_on": created_on,
        "keep_until": clock.months_later(created_on, parameters.whole(RETENTION, created_on)),
        "created_proof": _proof(row, title, by=by, file=file),
    }
    LoanJob.objects.filter(pk=row.pk).update(at_risk=at_risk, woman=woman)
    return move(row, "create", by=by, changes=changes)


@transaction.atomic
def keep(job, *, by, file):
    """Note that the job was kept long enough, with its proof."""
    row = _begin(job, "keep", by)
    if clock.today() < row.keep_until:
        words = _("The job has to be kept until %(day)s. Note it on that day or later.")
        raise Refused(words % {"day": date_short(row.keep_until)})
    title = _("Proof that job %(number)d was kept: %(position)s")
    return move(row, "keep", by=by, changes={"kept_proof": _proof(row, title, by=by, file=file)})


@transaction.atomic
def miss(job, *, by, reason, consequence=""):
    """Say that the job was not created in time. `consequence`: what the agreement says of it, asked for where the
    rate hangs on a new job."""
    row = _begin(job, "miss", by)
    if clock.today() <= row.create_by:
        words = _("The job may still be created until %(day)s. Note it after that day.")
        raise Refused(words % {"day": date_short(row.create_by)})
    return move(row, "miss", by=by, reason=reason, changes={"consequence": _consequence(row, consequence)})


@transaction.atomic
def end(job, *, by, ended_on, reason, consequence=""):
    """Say that the job ended before it was kept long enough; `consequence` as of `miss`."""
    row = _begin(job, "end", by)
    if ended_on > clock.today():
        raise Refused({"ended_on": _("This day has not come yet.")})
    if not row.created_on <= ended_on < row.keep_until:
        words = _("The job was created on %(first)s and kept long enough on %(last)s. Choose a day between.")
        said = {"first": date_short(row.created_on), "last": date_short(row.keep_until)}
        raise Refused({"ended_on": words % said})
    changes = {"ended_on": ended_on, "consequence": _consequence(row, consequence)}
    return move(row, "end", by=by, reason=reason, changes=changes)


@transaction.atomic
def replan(job, *, by, reason):
    """Wait for a job again that was given up, unless an annex has followed from it."""
    return _back(job, "replan", by, reason, {})


@transaction.atomic
def refill(job, *, by, reason):
    """Say that a job which ended is filled again, and counts on as if it had not ended."""
    return _back(job, "refill", by, reason, {"ended_on": None})


def _back(job, action, by, reason, changes):
    row = _begin(job, action, by)
    if row.annex and row.annex.state != AnnexState.DROPPED:
        words = _("Annex %(number)d changes the rate because of this job. Drop it first.")
        if row.annex.state == AnnexState.SIGNED:
            words = _("Annex %(number)d has changed the rate because of this job, so it stays as it is.")
        raise Refused(words % {"number": row.annex.number})
    return move(row, action, by=by, reason=reason, changes={**changes, "annex": None, "consequence": ""})


def _consequence(row, text):
    if row.loan.new_job and not text.strip():
        raise Refused(
            {"consequence": _("The rate of this loan is lower for a new job. Write what the agreement says.")}
        )
    return text.strip()


def _proof(row, title, *, by, file):
    words = title % {"number": row.number, "position": row.position}
    return papers.keep(row.loan, by=by, kind=PaperKind.OTHER, title=words, upload=file)


# The consequence


@transaction.atomic
def prepare_annex(job, *, by, valid_from, reasons):
    """Prepare an annex with the full rate from a due day on, since promised jobs are not there. Returns the Annex.

    All broken promises of the loan that no annex follows from yet are tied to it; somebody else confirms it.
    """
    require(by, Right.KEEP_LOANS)
    row = _lock_job(job)
    if not may_change_the_rate(row):
        raise Stale(_("No annex follows from this job: look at what was done meanwhile."))
    rate, now = full_rate(row.loan), row.loan.rates.latest("valid_from").rate
    if rate <= now:
        words = _("The rate of the loan is %(now)s%% and the full one %(rate)s%%, so there is nothing to raise.")
        raise Refused(words % {"now": percent(now), "rate": percent(rate)})
    annex = annexes.prepare(row.loan, by=by, valid_from=valid_from, reasons=reasons, rate=rate)
    broken = LoanJob.objects.filter(loan=row.loan, state__in=BROKEN).exclude(
        pk__in=LoanJob.objects.filter(loan=row.loan, annex__state__in=_STANDING)
    )
    broken.update(annex=annex)
    return annex


def _lock(loan):
    """The loan, locked, its agreement signed."""
    rows = Loan.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("product", "decision__review").get(pk=loan.pk)
    if row.state not in WITH_JOBS:
        words = _("This step can't be made in the state “%(state)s”.")
        raise Refused(words % {"state": row.get_state_display()})
    return row


def _lock_job(job):
    loan = _lock(job.loan)
    rows = LoanJob.objects.select_for_update(of=("self",), no_key=True).select_related("annex")
    row = rows.get(pk=job.pk)
    row.loan = loan
    return row


def _begin(job, action, by):
    step = find(JOB_MOVES, action)
    require(by, step.right)
    row = _lock_job(job)
    if row.state not in step.sources:
        raise Stale(what_changed(row))
    return row


def _last_number(loan):
    return loan.jobs.aggregate(found=Max("number"))["found"] or 0
