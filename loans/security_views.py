"""The office's forms of the securities of a loan, and their panel on its page."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centrum.kit import clock
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import agreement_forms as forms
from loans import securities
from loans.agreement_views import of_loan, seen, step_refused
from loans.enums import SECURITY_TAG, LoanState, SecurityState

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_LOANS)
def add(request, public_id):
    loan = seen(request, public_id)
    if loan.state not in securities.OPEN:
        return _closed(request, loan)
    return of_loan(
        request,
        loan,
        forms.SecurityForm(request.POST or None),
        lambda **said: securities.add(loan, by=request.user, **said),
        title=_("Add a security"),
        done=_("The security is added."),
        note=_reprinted(loan),
    )


@write
@requires(Right.KEEP_LOANS)
def edit(request, public_id, pk):
    loan, row = _row(request, public_id, pk)
    if loan.state not in securities.OPEN or row.state != SecurityState.REQUIRED:
        return _closed(request, loan)
    initial = {name: getattr(row, name) for name in securities.FIELDS} | {"haircut": row.haircut * 100 or None}
    return of_loan(
        request,
        loan,
        forms.SecurityForm(request.POST or None, initial=initial, security=row),
        lambda **said: securities.change(row, by=request.user, **said),
        title=_("Change the security"),
        done=_("The security is changed."),
        note=_reprinted(loan),
    )


@write
@requires(Right.KEEP_LOANS)
def establish(request, public_id, pk):
    loan, row = _row(request, public_id, pk)
    if loan.state not in securities.OPEN or row.state != SecurityState.REQUIRED:
        return _closed(request, loan)
    form = forms.EstablishForm(request.POST or None, request.FILES or None, initial={"established_on": clock.today()})
    return of_loan(
        request,
        loan,
        form,
        lambda **said: securities.establish(row, by=request.user, **said),
        title=_("Established: %(security)s") % {"security": row},
        button=_("It is established"),
        done=_("The security is established."),
    )


@write
@requires(Right.DECIDE_LOANS)
def release(request, public_id, pk):
    loan, row = _row(request, public_id, pk)
    if loan.state not in (LoanState.ACTIVE, LoanState.LAPSED) or row.state != SecurityState.ESTABLISHED:
        return _closed(request, loan)
    return of_loan(
        request,
        loan,
        forms.ReleaseForm(request.POST or None, initial={"released_on": clock.today()}),
        lambda **said: securities.release(row, by=request.user, **said),
        title=_("Release: %(security)s") % {"security": row},
        button=_("Release"),
        done=_("The security is released."),
    )


def panel(user, loan):
    rows = securities.of_loan(loan)
    is_open = loan.state in securities.OPEN
    may_keep = user.has_right(Right.KEEP_LOANS) and is_open
    may_release = user.has_right(Right.DECIDE_LOANS) and loan.state in (LoanState.ACTIVE, LoanState.LAPSED)
    for row in rows:
        row.tag = SECURITY_TAG[row.state]
        row.may_change = may_keep and row.state == SecurityState.REQUIRED
        row.may_release = may_release and row.state == SecurityState.ESTABLISHED
        row.percent = row.haircut * 100
    missing = sum(row.state == SecurityState.REQUIRED for row in rows)
    return {"loan": loan, "securities": rows, "may_add": may_keep, "missing": missing, "is_open": is_open}


# Parts


def _row(request, public_id, pk):
    loan = seen(request, public_id)
    return loan, get_object_or_404(loan.securities, pk=pk)


def _reprinted(loan):
    if loan.state != LoanState.DRAWN:
        return ""
    return _("The agreement waits to be signed: its paper will be made anew with this security.")


def _closed(request, loan):
    return step_refused(request, loan, _("This can't be done with the security now."))
