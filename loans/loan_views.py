"""The office's pages of loans: the list, the page of one with the panels of all who register there, and the files."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centrum.kit import clock, exports, lists, registry
from centrum.kit.exports import Since
from centrum.kit.lists import Order
from centrum.kit.polish import percent
from centrum.kit.search import MATCHES
from centrum.kit.transitions import Refused
from centrum.register.file_forms import ReportForm
from centrum.register.file_views import download
from centrum.register.queries import visible_organisations, visible_people
from centrum.staff.enums import Right
from centrum.staff.fresh import needs_fresh_sign_in
from centrum.staff.permissions import requires
from loans import panels, queries
from loans.enums import BEFORE_PAYOUT, LOAN_TAG, LoanState
from loans.loan_forms import FundFilesForm, LoanFilter
from loans.profiles import Scope

# the pages of a loan after the first one
PARTS = {
    "arrears": gettext_lazy("Arrears and decisions"),
    "monitoring": pgettext_lazy("of loans", "Monitoring"),
    "ledger": pgettext_lazy("of a loan", "Ledger and history"),
}
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
    else:  # of the bare loans, not of what is shown of each
        count = rows[: lists.COUNT_UP_TO + 1].count()
    rows = queries.with_next_due(queries.with_names(rows))
    page = lists.page(request, rows, orders=ORDERS, default="newest", count=count)
    panels.tagged(page.rows)
    context = {
        "page": page,
        "form": form,
        "most": MATCHES if more else None,
        "only": form.only,
        "may_export": request.user.has_right(Right.VIEW_LEDGER),
        "before": BEFORE_PAYOUT,
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
        "parts": _parts(shown, ""),
    }
    return render(request, "loans/loan.html", context)


@read
@requires(Right.VIEW_LOANS)
def part(request, public_id, name):
    """A further page of a loan, one of PARTS, with the panels that register for it."""
    rows = queries.visible_loans(request.user).select_related("organisation", "product", "fund", "decision__review")
    shown = get_object_or_404(rows, public_id=public_id)
    context = {
        "loan": shown,
        "tag": LOAN_TAG[shown.state],
        "title": PARTS[name],
        "panels": registry.panels(f"loan-{name}", request.user, shown),
        "parts": _parts(shown, name),
    }
    return render(request, "loans/loan_part.html", context)


def _parts(loan, name):
    """[(url, title, whether it is shown)] of all pages of a loan."""
    main = (reverse("loans:loan", args=[loan.public_id]), _("Loan"), not name)
    others = [(reverse(f"loans:loan-{one}", args=[loan.public_id]), title, one == name) for one, title in PARTS.items()]
    return [main, *others]


@never_cache
@write
@needs_fresh_sign_in
@requires(Right.VIEW_LEDGER)
def files(request):
    """Files of a fund as of a day."""
    form = FundFilesForm(request.POST or None, profiles=exports.profiles("fund"))
    if form.is_valid():
        said = form.cleaned_data
        try:
            return download(request.user, said["profile"], Scope(said["fund"]), said["day"], said["reason"])
        except Refused as refusal:
            form.add_error(None if hasattr(refusal, "error_dict") else "day", refusal)
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
    return _files_page(request, form, _("Files of applications for loans and guarantees"))


def _files_page(request, form, title):
    back = reverse("loans:loans")
    context = {"form": form, "title": title, "back": back, "button": _("Export the file")}
    return render(request, "register/one_form.html", context | {"crumbs": [(_("Loans"), back)]})
