"""The office's pages of loans: the list, the page of one with the panels of all who register there, and the files."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, exports, lists, registry
from centrum.kit.exports import Since
from centrum.kit.lists import Order
from centrum.kit.polish import percent
from centrum.kit.search import MATCHES
from centrum.register.file_forms import ReportForm
from centrum.register.file_views import download
from centrum.register.queries import visible_organisations, visible_people
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from loans import panels, queries
from loans.enums import LOAN_TAG, LoanState
from loans.loan_forms import FundFilesForm, LoanFilter
from loans.profiles import Scope

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {
    "newest": Order("pk", descending=True),
    "oldest": Order("pk"),
    "-balance": Order("outstanding", descending=True),
    "balance": Order("outstanding"),
}


@read
@requires(Right.VIEW_LOANS)
def listing(request):
    form = LoanFilter(request.GET)
    form.is_valid()
    rows, count, more = queries.listed(request.user, **form.chosen), None, False
    if text := form.cleaned_data.get("q"):
        rows, count, more = queries.search(rows, text)
    rows = queries.with_next_due(queries.with_names(rows))
    page = lists.page(request, rows, orders=ORDERS, default="newest", count=count)
    panels.tagged(page.rows)
    context = {
        "page": page,
        "form": form,
        "most": MATCHES if more else None,
        "may_export": request.user.has_right(Right.VIEW_LEDGER),
        "active": LoanState.ACTIVE,
    }
    return render(request, "loans/loans.html", context)


@read
@requires(Right.VIEW_LOANS)
def loan(request, public_id):
    shown = get_object_or_404(queries.shown(request.user), public_id=public_id)
    rate = queries.rate_in_force(shown)
    today = clock.today()
    context = {
        "loan": shown,
        "tag": LOAN_TAG[shown.state],
        "rate": rate,
        "percent": rate and percent(rate.rate),
        "late": shown.state in (LoanState.APPROVED, LoanState.DRAWN) and shown.sign_by < today,
        "is_active": shown.state == LoanState.ACTIVE,
        "sees_organisation": visible_organisations(request.user).filter(pk=shown.organisation_id).exists(),
        "sees_person": visible_people(request.user).filter(pk=shown.person_id).exists(),
        "panels": registry.panels("loan", request.user, shown),
    }
    return render(request, "loans/loan.html", context)


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.VIEW_LEDGER)
def files(request):
    """Files of a fund as of a day."""
    form = FundFilesForm(request.POST or None, profiles=exports.profiles("fund"))
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Scope(said["fund"]), said["day"], said["reason"])
    return _files_page(request, form, _("Files of the fund"))


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.VIEW_LEDGER)
def application_files(request):
    """Files of the applications of a period."""
    form = ReportForm(request.POST or None, profiles=exports.profiles("loan_applications"))
    if form.is_valid():
        said = form.cleaned_data
        return download(request.user, said["profile"], Since(said["first"]), said["day"], said["reason"])
    return _files_page(request, form, _("Files of applications for loans"))


def _files_page(request, form, title):
    back = reverse("loans:loans")
    context = {"form": form, "title": title, "back": back, "button": _("Export the file")}
    return render(request, "register/one_form.html", context | {"crumbs": [(_("Loans"), back)]})
