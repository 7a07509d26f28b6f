"""The borrower's own pages of a loan, opened by the secret link of a letter; only to be read."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from centrum.kit import clock
from centrum.kit.transitions import Refused
from loans import account_papers, client_links, client_page
from loans.enums import LOAN_TAG


def _by_link(view):
    """View decorator: open to whoever has the link, kept by no cache and no search engine; a dead one is 404."""

    @login_not_required
    @never_cache
    @require_safe
    def found(request, token):
        loan = client_links.loan_of(token)
        if loan is None:
            raise Http404
        response = view(request, loan, token)
        response["X-Robots-Tag"] = "noindex"
        return response

    return found


@_by_link
def page(request, loan, token):
    context = client_page.shown(loan) | {"token": token, "tag": LOAN_TAG[loan.state]}
    return render(request, "loans/client_page.html", context)


@_by_link
def balance(request, loan, token):
    """The confirmation of balance as of today."""
    try:
        name, data = account_papers.own_balance_pdf(loan, clock.today())
    except Refused as refusal:
        raise Http404 from refusal
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)
