"""The public page on guarantees: what they are, of which lenders, and the way to the application."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loans.enums import CreditKind
from loans.guarantees import lenders, terms
from loans.guarantees.applying import GUARANTEE


@login_not_required
@require_safe
def offer(request):
    context = {
        "kind": GUARANTEE,
        "lenders": lenders.in_cooperation(),
        "fee": terms.fee(),
        "working": terms.longest(CreditKind.WORKING),
        "investment": terms.longest(CreditKind.INVESTMENT),
    }
    return render(request, "loans/guarantees/offer.html", context)
