"""The office's pages of the agreement of a loan, of its schedules and papers, and their panels on the loan's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, files
from centrum.kit.models import StoredFile
from centrum.kit.polish import percent
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import agreement_forms as forms
from loans import agreements, papers, schedules
from loans.enums import BEFORE_PAYOUT, LoanState, TrancheState
from loans.forms import ReasonForm
from loans.queries import visible_loans

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])


# Pages


@write
@requires(Right.KEEP_LOANS)
def draw(request, public_id):
    loan = seen(request, public_id)
    if loan.state not in (LoanState.APPROVED, LoanState.DRAWN):
        return _too_late(request, loan)
    warning = agreements.standing(loan).warning
    return of_loan(
        request,
        loan,
        forms.DrawForm(request.POST or None, initial=_planned(loan)),
        lambda **said: agreements.draw(loan, by=request.user, **said),
        title=_("Draw up the agreement"),
        button=_("Draw up the agreement"),
        done=_("The agreement is drawn up. Its paper and schedule are below."),
        note=warning and warning[1],
    )


def _planned(loan):
    """What the form begins with: what was drawn up before, or one tranche today."""
    today = clock.today()
    due_day = loan.due_day or 10
    tranches = [(amount, max(day, today)) for day, amount in schedules.drawn(loan)] or [(loan.amount, today)]
    first = max(loan.first_due or today, agreements.first_instalment(tranches[0][1], due_day))
    initial = {"drawn_on": today, "due_day": due_day, "first_due": first}
    for number, (amount, day) in enumerate(tranches, 1):
        initial |= {f"amount_{number}": amount, f"day_{number}": day}
    return initial


@write
@requires(Right.KEEP_LOANS)
def sign(request, public_id):
    loan = seen(request, public_id)
    if loan.state != LoanState.DRAWN:
        return _too_late(request, loan)
    return of_loan(
        request,
        loan,
        forms.SignForm(request.POST or None, request.FILES or None, initial={"signed_on": loan.drawn_on}),
        lambda **said: agreements.sign(loan, by=request.user, **said),
        title=_("The agreement is signed"),
        button=_("Note the signing"),
        done=_("The signing is noted."),
    )


@write
@requires(Right.KEEP_LOANS)
def lapse(request, public_id):
    loan = seen(request, public_id)
    if loan.state not in BEFORE_PAYOUT:
        return _too_late(request, loan)
    return of_loan(
        request,
        loan,
        ReasonForm(request.POST or None),
        lambda **said: agreements.lapse(loan, by=request.user, **said),
        title=_("Let it lapse"),
        button=_("Let it lapse"),
        done=_("The loan has lapsed. Its capital is free again."),
        note=_("The capital that was kept for this loan is freed. There is no way back."),
    )


@read
@requires(Right.VIEW_LOANS)
def schedule_version(request, public_id, number):
    """One version of the schedule, with the others."""
    loan = seen(request, public_id)
    versions = list(loan.schedules.select_related("by", "annex").order_by("-number"))
    shown = get_object_or_404(loan.schedules.select_related("by", "annex"), number=number)
    rows = list(shown.rows.order_by("nr"))
    context = {"loan": loan, "shown": shown, "versions": versions, "rows": rows, "sums": sums(rows)}
    return render_page(request, "loans/schedule.html", context)


@never_cache
@read
@requires(Right.VIEW_LOANS)
def paper(request, public_id, file_id):
    loan = seen(request, public_id)
    return files.send(get_object_or_404(StoredFile, loan_paper__loan=loan, public_id=file_id), inline=True)


@write
@requires(Right.KEEP_LOANS)
def paper_new(request, public_id):
    loan = seen(request, public_id)
    return of_loan(
        request,
        loan,
        forms.PaperForm(request.POST or None, request.FILES or None),
        lambda **said: papers.add(loan, by=request.user, **said),
        title=_("Add a paper"),
        done=_("The paper is kept."),
    )


# Panels


def agreement_panel(user, loan):
    found = agreements.standing(loan)
    may_keep = user.has_right(Right.KEEP_LOANS)
    last = papers.last_agreement(loan)
    return {
        "loan": loan,
        "warning": found.warning,
        "rate": found.rate and percent(found.rate.rate),
        "source": found.source,
        "paper": last,
        "tranches": loan.tranches.exclude(state=TrancheState.CANCELLED).order_by("number"),
        "may_draw": may_keep and loan.state == LoanState.APPROVED,
        "may_sign": may_keep and loan.state == LoanState.DRAWN,
        "may_lapse": may_keep and loan.state in BEFORE_PAYOUT,
    }


def schedule_panel(_user, loan):
    version = schedules.current(loan)
    rows = list(version.rows.order_by("nr")) if version else []
    versions = list(loan.schedules.select_related("by", "annex").order_by("-number"))
    return {"loan": loan, "version": version, "versions": versions, "rows": rows, "sums": sums(rows)}


def papers_panel(user, loan):
    return {"loan": loan, "papers": papers.papers_of(loan), "may_keep": user.has_right(Right.KEEP_LOANS)}


def sums(rows):
    """Together: principal, interest, all of it, in PLN."""
    principal, interest = sum(row.principal for row in rows), sum(row.interest + row.deferred for row in rows)
    return {"principal": principal, "interest": interest, "total": principal + interest}


# Parts


def seen(request, public_id):
    """The loan of an address, among those that the user sees."""
    rows = visible_loans(request.user)
    return get_object_or_404(rows.select_related("product", "organisation", "fund", "decision"), public_id=public_id)


def page(loan, part=""):
    """The address of a loan, or of one of its further pages (loan_views.PARTS)."""
    return reverse(f"loans:loan-{part}" if part else "loans:loan", args=[loan.public_id])


def of_loan(request, loan, form, save, *, part="", **words):
    """A form of a loan; afterwards back to its page."""
    back = words.pop("back", None) or page(loan, part)
    return form_page(
        request, form, save, back=back, crumbs=[(f"{loan.number} {loan.organisation}", page(loan))], **words
    )


def _too_late(request, loan):
    words = _("This step can't be made in the state “%(state)s”.") % {"state": loan.get_state_display()}
    return step_refused(request, loan, words)


def step_refused(request, loan, words, part=""):
    messages.warning(request, words)
    return redirect(page(loan, part))
