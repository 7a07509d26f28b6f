"""The office's pages of the monthly reports of lenders: the list, one report, a file looked at and taken in."""

import base64

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import files, lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans.forms import ReasonForm
from loans.guarantees import forms, reports
from loans.models import Lender

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"newest": Order("pk", descending=True)}


@read
@requires(Right.VIEW_LOANS)
def listing(request):
    sees = reports.sees(request.user)
    context = {
        "page": lists.page(request, reports.visible(request.user), orders=ORDERS, default="newest"),
        "missing": reports.missing() if sees else (),
        "month": reports.last_month(),
        "sees": sees,
        "may_take": sees and request.user.has_right(Right.KEEP_LOANS),
    }
    return render(request, "loans/guarantees/reports.html", context)


@read
@requires(Right.VIEW_LOANS)
def report(request, pk):
    found = get_object_or_404(reports.visible(request.user).select_related("file").defer("file__data"), pk=pk)
    rows = list(reports.rows_of(found))
    before, after = (sum(getattr(row, name) for row in rows) for name in ("before", "after"))
    context = {"report": found, "rows": rows, "before": before, "after": after}
    context["may_withdraw"] = reports.may_withdraw(found, request.user)
    return render(request, "loans/guarantees/report.html", context)


@write
@requires(Right.DECIDE_LOANS)
def withdraw(request, pk):
    found = get_object_or_404(reports.visible(request.user), pk=pk)
    back = reverse("loans:guarantee-report", args=[pk])
    if found.withdrawn_at:
        messages.warning(request, _("This report is withdrawn already."))
        return redirect(back)
    said = {"lender": found.lender, "month": f"{found.month:%m.%Y}"}
    return form_page(
        request,
        ReasonForm(request.POST or None),
        lambda **said: reports.withdraw(found, by=request.user, **said),
        title=_("Withdraw the report of %(lender)s, %(month)s") % said,
        button=_("Withdraw the report"),
        done=_("The report is withdrawn. Take in the true one now."),
        note=_("What is guaranteed becomes what it was before this report."),
        back=back,
        crumbs=[(_("Reports of lenders"), reverse("loans:guarantee-reports"))],
    )


@never_cache
@read
@requires(Right.VIEW_LOANS)
def file(request, pk):
    found = get_object_or_404(reports.visible(request.user).select_related("file"), pk=pk)
    return files.send(found.file)


@write
@requires(Right.KEEP_LOANS)
def new(request):
    """A file is looked at; what it changes is shown and confirmed."""
    initial = {"lender": request.GET.get("lender"), "month": reports.last_month().isoformat()}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.ReportForm(*sent, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        data = said["file"].read(forms.MOST_BYTES + 1)
        try:
            preview = reports.preview(said["lender"], said["month"], data, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            return _preview(request, said["lender"], said["month"], said["file"].name, data, preview)
    lenders = [(lender, reverse("loans:guarantee-report-template", args=[lender.pk])) for lender in _lenders()]
    context = {"form": form, "lenders": lenders, "sees": reports.sees(request.user)}
    return render(request, "loans/guarantees/report_new.html", context)


def _lenders():
    return Lender.objects.filter(guarantees__state__in=reports.IN_FORCE).distinct().order_by("name", "pk")


def _preview(request, lender, month, name, data, preview, errors=None):
    sent = {"lender": lender.pk, "month": month.isoformat(), "name": name[:200]}
    form = forms.TakeForm(initial={**sent, "content": base64.b64encode(data).decode()}, same=bool(preview.same_as))
    context = {"lender": lender, "month": month, "preview": preview, "form": form, "errors": errors or []}
    return render(request, "loans/guarantees/report_preview.html", context)


@require_POST
@requires(Right.KEEP_LOANS)
def take(request):
    form = forms.TakeForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose the file once more."))
        return redirect("loans:guarantee-report-new")
    said = form.cleaned_data
    lender, month, data = said["lender"], said["month"], said["content"]
    try:
        made = reports.take_in(lender, month, data, said["name"], by=request.user, same=said["same"])
    except Refused as refusal:
        if "same" in getattr(refusal, "error_dict", {}):
            return _asked_again(request, said, refusal)
        return _not_taken(request, refusal)
    messages.success(request, _("The report is taken in."))
    return redirect("loans:guarantee-report", made.pk)


def _asked_again(request, said, refusal):
    lender, month, data = said["lender"], said["month"], said["content"]
    try:
        preview = reports.preview(lender, month, data, by=request.user)
    except Refused as meanwhile:  # somebody took a report in or noted a call in between
        return _not_taken(request, meanwhile)
    return _preview(request, lender, month, said["name"], data, preview, errors=refusal.messages)


def _not_taken(request, refusal):
    messages.warning(request, " ".join(refusal.messages))
    return redirect("loans:guarantee-report-new")


@never_cache
@read
@requires(Right.KEEP_LOANS)
def template(request, pk):
    """The empty file of a lender for the month that is over."""
    lender, month = get_object_or_404(Lender, pk=pk), reports.last_month()
    if not reports.sees(request.user):
        messages.warning(request, reports.ALL_UNITS)
        return redirect("loans:guarantee-report-new")
    name = f"raport-{lender.pk}-{month:%Y-%m}.csv"
    return HttpResponse(
        reports.template(lender, month),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
