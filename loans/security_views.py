"""The office's forms of the securities of a loan or a guarantee (`of`), and their panel on its page."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centrum.kit import clock
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import agreement_forms as forms
from loans import agreement_views as of_loans
from loans import securities
from loans.enums import SECURITY_TAG, GuaranteeState, LoanState, SecurityState
from loans.guarantees import agreement_views as of_guarantees
from loans.models import Guarantee

write = require_http_methods(["GET", "HEAD", "POST"])


@write
@requires(Right.KEEP_LOANS)
def add(request, public_id, of="loan"):
    loan = _seen(request, public_id, of)
    if not securities.is_open(loan):
        return _closed(request, loan)
    return _form_of(
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
def edit(request, public_id, pk, of="loan"):
    loan, row = _row(request, public_id, pk, of)
    if not securities.is_open(loan) or row.state != SecurityState.REQUIRED:
        return _closed(request, loan)
    initial = {name: getattr(row, name) for name in securities.FIELDS} | {"haircut": row.haircut * 100 or None}
    return _form_of(
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
def establish(request, public_id, pk, of="loan"):
    loan, row = _row(request, public_id, pk, of)
    if not securities.is_open(loan) or row.state != SecurityState.REQUIRED:
        return _closed(request, loan)
    form = forms.EstablishForm(request.POST or None, request.FILES or None, initial={"established_on": clock.today()})
    return _form_of(
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
def release(request, public_id, pk, of="loan"):
    loan, row = _row(request, public_id, pk, of)
    if not securities.may_be_released(loan) or row.state != SecurityState.ESTABLISHED:
        return _closed(request, loan)
    return _form_of(
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
    is_open = securities.is_open(loan)
    may_keep = user.has_right(Right.KEEP_LOANS) and is_open
    may_release = user.has_right(Right.DECIDE_LOANS) and securities.may_be_released(loan)
    for row in rows:
        row.tag = SECURITY_TAG[row.state]
        row.may_change = may_keep and row.state == SecurityState.REQUIRED
        row.may_release = may_release and row.state == SecurityState.ESTABLISHED
        row.percent = row.haircut * 100
    missing = sum(row.state == SecurityState.REQUIRED for row in rows)
    of_guarantee = isinstance(loan, Guarantee)
    return {
        "loan": loan,
        "securities": rows,
        "may_add": may_keep,
        "missing": missing,
        "is_open": is_open,
        "of_guarantee": of_guarantee,
        # the beginning of the names of its addresses
        "prefix": "loans:guarantee-security" if of_guarantee else "loans:security",
    }


# Parts


def _seen(request, public_id, of):
    return (of_guarantees if of == "guarantee" else of_loans).seen(request, public_id)


def _row(request, public_id, pk, of):
    loan = _seen(request, public_id, of)
    return loan, get_object_or_404(loan.securities, pk=pk)


def _form_of(request, loan, form, save, **words):
    if isinstance(loan, Guarantee):
        return of_guarantees.of_guarantee(request, loan, form, save, **words)
    return of_loans.of_loan(request, loan, form, save, **words)


def _reprinted(loan):
    if loan.state not in (LoanState.DRAWN, GuaranteeState.DRAWN):
        return ""
    return _("The agreement waits to be signed: its paper will be made anew with this security.")


def _closed(request, loan):
    words = _("This can't be done with the security now.")
    if isinstance(loan, Guarantee):
        return of_guarantees.step_refused(request, loan, words)
    return of_loans.step_refused(request, loan, words)
