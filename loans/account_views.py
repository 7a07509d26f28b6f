"""The office's pages of the papers of a loan's account and of the link of its borrower, and their panel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import account_forms as forms
from loans import account_papers, client_links, repayments
from loans.agreement_views import of_loan, page, seen, step_refused
from loans.enums import AFTER_PAYOUT
from loans.queries import visible_loans

write = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@write
@requires(Right.VIEW_LOANS)
def statement(request, public_id):
    """The statement of account of a period, as PDF."""
    loan = seen(request, public_id)
    if loan.state not in AFTER_PAYOUT:
        return _nothing_yet(request, loan)
    initial = {"first": repayments.first_payout(loan), "last": clock.today()}
    form = forms.StatementForm(request.POST or None, initial=initial)
    make = account_papers.statement_pdf
    return _paper(request, loan, form, make, _("Statement of the loan account"))


@never_cache
@write
@requires(Right.VIEW_LOANS)
def balance(request, public_id):
    """The confirmation of balance as of a day, as PDF."""
    loan = seen(request, public_id)
    if loan.state not in AFTER_PAYOUT:
        return _nothing_yet(request, loan)
    form = forms.BalanceForm(request.POST or None, initial={"day": clock.today()})
    return _paper(request, loan, form, account_papers.balance_pdf, _("Confirmation of balance"))


@write
@requires(Right.KEEP_LOANS)
def link(request, public_id):
    """Send the borrower a link to their own page."""
    rows = visible_loans(request.user).select_related("organisation", "person", "decision__review__application")
    loan = get_object_or_404(rows, public_id=public_id)
    if loan.state not in AFTER_PAYOUT:
        return _nothing_yet(request, loan)
    addresses = client_links.addresses(loan)
    if not addresses:
        return step_refused(
            request, loan, _("No e-mail address is known. Enter it in the register first."), "monitoring"
        )
    return of_loan(
        request,
        loan,
        forms.LinkForm(request.POST or None, addresses=addresses, initial={"email": addresses[0]}),
        lambda **said: client_links.send(loan, by=request.user, **said),
        title=_("Send the borrower a link to their loan"),
        button=_("Send the link"),
        done=_("The letter with the link is in the outbox."),
        note=_("The link opens the loan to whoever has it. A new one closes the one before."),
        part="monitoring",
    )


@require_POST
@requires(Right.KEEP_LOANS)
def link_close(request, public_id):
    loan = seen(request, public_id)
    if client_links.close(loan, by=request.user):
        messages.success(request, _("The link is closed."))
    else:
        messages.info(request, _("No link is open."))
    return redirect(page(loan, "monitoring"))


def panel(user, loan):
    """On the page of a loan: its papers to take, and the link of the borrower."""
    if loan.state not in AFTER_PAYOUT:
        return None
    last = client_links.last(loan)
    return {
        "loan": loan,
        "link": last,
        "open": client_links.is_open(last),
        "may_send": user.has_right(Right.KEEP_LOANS),
    }


def _paper(request, loan, form, make, title):
    if form.is_valid():
        try:
            name, data = make(loan, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
            return HttpResponse(data, content_type="application/pdf", headers=headers)
    crumbs = [(f"{loan.number} {loan.organisation}", page(loan))]
    context = {
        "form": form,
        "title": title,
        "back": page(loan, "monitoring"),
        "crumbs": crumbs,
        "button": _("Make the PDF"),
    }
    return render(request, "register/one_form.html", context)


def _nothing_yet(request, loan):
    return step_refused(request, loan, _("Nothing of this loan is paid out, so it has no account yet."), "monitoring")
