"""The office's pages of the monitoring: what is due, and the steps of jobs, visits and yearly papers of a loan."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import clock, lists
from centrum.kit.lists import Order
from centrum.kit.polish import percent
from centrum.kit.transitions import Refused, find
from centrum.staff.enums import Right
from centrum.staff.permissions import require, requires
from loans import annexes, jobs, monitoring, visits, yearly_papers
from loans import monitoring_forms as forms
from loans.agreement_views import of_loan, page, seen, step_refused
from loans.enums import JOB_MOVES, VISIT_MOVES, YEARLY_MOVES
from loans.forms import NoFieldForm, ReasonForm

write = require_http_methods(["GET", "HEAD", "POST"])
# action → (form, service, what is said afterwards)
JOB_STEPS = {
    "create": (forms.CreateForm, jobs.create, gettext_lazy("The job is noted as created.")),
    "keep": (forms.KeepForm, jobs.keep, gettext_lazy("The job is noted as kept.")),
    "miss": (forms.MissForm, jobs.miss, gettext_lazy("The job is noted as not created.")),
    "end": (forms.EndForm, jobs.end, gettext_lazy("The job is noted as ended.")),
    "replan": (ReasonForm, jobs.replan, gettext_lazy("The job is waited for again.")),
    "refill": (ReasonForm, jobs.refill, gettext_lazy("The job is noted as filled again.")),
}
VISIT_STEPS = {
    "hold": (forms.HoldForm, visits.hold, gettext_lazy("The visit is noted as held.")),
    "close": (NoFieldForm, visits.close, gettext_lazy("The visit is closed.")),
    "find": (forms.FindingsForm, visits.note_findings, gettext_lazy("The findings are noted.")),
    "fix": (ReasonForm, visits.fix, gettext_lazy("The visit is closed.")),
    "cancel": (ReasonForm, visits.cancel, gettext_lazy("The visit is cancelled.")),
}
YEARLY_STEPS = {
    "receive": (forms.ReceiveForm, yearly_papers.receive, gettext_lazy("The paper is kept.")),
    "waive": (ReasonForm, yearly_papers.waive, gettext_lazy("The paper is no longer waited for.")),
}


@require_safe
@requires(Right.VIEW_LOANS)
def listing(request):
    """What is due of one kind, and how much of each."""
    form = forms.MonitoringFilter(request.GET)
    form.is_valid()
    said = form.cleaned_data
    narrowed = {"when": said.get("kiedy") or "", "officer": said.get("kto") or ""}
    counts = monitoring.counts(request.user, **narrowed)
    name = said.get("co") or next((kind for kind, number in counts.items() if number), "create")
    kind = monitoring.KINDS[name]
    rows = monitoring.rows(request.user, name, **narrowed)
    found = lists.page(request, rows, orders={"first": Order(kind.due)}, default="first", count=counts[name])
    for row in found.rows:
        row.due, row.tag = getattr(row, kind.due), monitoring.TAGS[kind.model][row.state]
        row.timing, row.what = monitoring.timing(row), getattr(row, "subject", None) or str(row)
    context = {
        "page": found,
        "filter_form": form,
        "shown": name,
        "label": kind.label,
        "kinds": [_tab(request, other, counts[other], other == name) for other in monitoring.KINDS],
    }
    return render(request, "loans/monitoring.html", context)


def _tab(request, name, number, current):
    query = request.GET.copy()
    for key in ("after", "before", "order"):
        query.pop(key, None)
    query["co"] = name
    label = monitoring.KINDS[name].label
    return {"label": label, "number": number, "url": f"?{query.urlencode()}", "current": current}


# Jobs


@write
@requires(Right.KEEP_LOANS)
def job_new(request, public_id):
    loan = seen(request, public_id)
    if loan.state not in jobs.WITH_JOBS:
        return _not_now(request, loan)
    return of_loan(
        request,
        loan,
        forms.JobForm(request.POST or None, initial={"posts": 1}),
        lambda **said: jobs.add(loan, by=request.user, **said),
        title=_("Add a job"),
        done=_("The job is noted as promised."),
        part="monitoring",
    )


@require_POST
@requires(Right.KEEP_LOANS)
def jobs_promise(request, public_id):
    """Take over the jobs that the application plans."""
    loan = seen(request, public_id)
    try:
        made = jobs.promise(loan, by=request.user)
    except Refused as refusal:
        return step_refused(request, loan, " ".join(refusal.messages), "monitoring")
    if made:
        messages.success(request, _("The jobs of the application are noted as promised."))
    else:
        messages.info(request, _("The jobs of the application are here already."))
    return redirect(page(loan, "monitoring"))


@write
@requires(Right.VIEW_LOANS)
def job_move(request, public_id, number, action):
    _must_be_a_step(request, action, JOB_MOVES, JOB_STEPS)
    loan, row = _job(request, public_id, number)
    first = {"created_on": clock.today(), "at_risk": row.at_risk, "ended_on": clock.today()}
    return _step(request, loan, row, action, JOB_MOVES, JOB_STEPS, row.position, first)


@write
@requires(Right.DECIDE_LOANS)
def job_extend(request, public_id, number):
    loan, row = _job(request, public_id, number)
    return of_loan(
        request,
        loan,
        forms.LongerForm(request.POST or None),
        lambda **said: jobs.extend(row, by=request.user, **said),
        title=_("More time for the job: %(position)s") % {"position": row.position},
        done=_("The job has more time."),
        part="monitoring",
    )


@write
@requires(Right.KEEP_LOANS)
def job_annex(request, public_id, number):
    """Prepare the annex that brings the full rate."""
    loan, row = _job(request, public_id, number)
    if not jobs.may_change_the_rate(row):
        return step_refused(
            request, loan, _("No annex follows from this job: look at what was done meanwhile."), "monitoring"
        )
    try:
        rate = jobs.full_rate(loan)
    except Refused as refusal:
        return step_refused(request, loan, " ".join(refusal.messages), "monitoring")
    days = annexes.first_days(loan)
    return of_loan(
        request,
        loan,
        forms.RateForm(request.POST or None, days=days, initial={"reasons": row.consequence}),
        lambda **said: jobs.prepare_annex(row, by=request.user, **said),
        title=_("An annex with the full rate"),
        button=_("Prepare the annex"),
        done=_("The annex waits for somebody else to confirm it."),
        note=_("The agreement says of it: %(words)s The full rate of its day is %(rate)s%% a year.")
        % {"words": row.consequence, "rate": percent(rate)},
        part="monitoring",
    )


# Visits


@write
@requires(Right.KEEP_LOANS)
def visit_new(request, public_id):
    loan = seen(request, public_id)
    return of_loan(
        request,
        loan,
        forms.VisitForm(request.POST or None),
        lambda **said: visits.plan(loan, by=request.user, **said),
        title=_("Plan a visit"),
        done=_("The visit is planned."),
        part="monitoring",
    )


@write
@requires(Right.KEEP_LOANS)
def visit_edit(request, public_id, number):
    loan, row = _visit(request, public_id, number)
    return of_loan(
        request,
        loan,
        forms.VisitForm(request.POST or None, initial={"planned_on": row.planned_on, "subject": row.subject}),
        lambda **said: visits.plan_anew(row, by=request.user, **said),
        title=_("Another day of the visit"),
        done=_("The visit is changed."),
        part="monitoring",
    )


@write
@requires(Right.VIEW_LOANS)
def visit_move(request, public_id, number, action):
    _must_be_a_step(request, action, VISIT_MOVES, VISIT_STEPS)
    loan, row = _visit(request, public_id, number)
    first = {"held_on": min(row.planned_on, clock.today())}
    return _step(request, loan, row, action, VISIT_MOVES, VISIT_STEPS, row.subject, first)


# Yearly papers


@write
@requires(Right.VIEW_LOANS)
def yearly_move(request, public_id, pk, action):
    _must_be_a_step(request, action, YEARLY_MOVES, YEARLY_STEPS)
    loan = seen(request, public_id)
    row = get_object_or_404(loan.yearly_papers, pk=pk)
    row.loan = loan
    first = {"received_on": clock.today()}
    return _step(request, loan, row, action, YEARLY_MOVES, YEARLY_STEPS, str(row), first)


# Parts


def _must_be_a_step(request, action, moves, steps):
    if action not in steps:
        raise Http404
    require(request.user, find(moves, action).right)


def _step(request, loan, row, action, moves, steps, what, initial):
    """The page of one step of a job, visit or paper."""
    step = find(moves, action)
    if request.method != "POST" and row.state not in step.sources:
        words = _("This step can't be made in the state “%(state)s”.") % {"state": row.get_state_display()}
        return step_refused(request, loan, words, "monitoring")
    form, service, done = steps[action]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return of_loan(
        request,
        loan,
        form(*sent, initial={name: value for name, value in initial.items() if name in form.base_fields}),
        lambda **said: service(row, by=request.user, **said),
        title=f"{step.label}: {what}",
        button=step.label,
        done=done,
        part="monitoring",
    )


def _job(request, public_id, number):
    loan = seen(request, public_id)
    row = get_object_or_404(loan.jobs.select_related("annex"), number=number)
    row.loan = loan
    return loan, row


def _visit(request, public_id, number):
    loan = seen(request, public_id)
    row = get_object_or_404(loan.visits, number=number)
    row.loan = loan
    return loan, row


def _not_now(request, loan):
    words = _("This step can't be made in the state “%(state)s”.") % {"state": loan.get_state_display()}
    return step_refused(request, loan, words, "monitoring")
