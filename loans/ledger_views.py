"""The office's pages of the ledger: a fund with balances, entries and months; paying in and out, reversing, closing."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centrum.kit import clock, lists
from centrum.kit.lists import Order
from centrum.kit.transitions import Refused
from centrum.register.enterprise_views import form_page
from centrum.staff.enums import Right
from centrum.staff.permissions import requires
from loans import ledger
from loans.ledger_forms import DayForm, FundForm, PayInForm, PayOutForm, ReverseForm
from loans.models import Fund

read = require_safe
write = require_http_methods(["GET", "HEAD", "POST"])
ORDERS = {"newest": Order("pk", descending=True), "oldest": Order("pk")}


@read
@requires(Right.VIEW_LEDGER)
def funds(request):
    context = {"funds": Fund.objects.order_by("code"), "may_keep": request.user.has_right(Right.KEEP_LEDGER)}
    return render(request, "loans/funds.html", context)


@write
@requires(Right.KEEP_LEDGER)
def fund_new(request):
    back = reverse("loans:funds")
    return form_page(
        request,
        FundForm(request.POST or None),
        lambda **said: ledger.create_fund(by=request.user, **said),
        title=_("A new fund"),
        done=_("The fund is there. Post the capital that was paid in."),
        back=back,
        crumbs=[(_("Ledger of the fund"), back)],
    )


@read
@requires(Right.VIEW_LEDGER)
def fund(request, code):
    shown = get_object_or_404(Fund, code=code)
    form = DayForm(request.GET)
    day = form.cleaned_data.get("dzien") if form.is_valid() else None
    accounts = list(ledger.balances(shown, day))
    context = {
        "fund": shown,
        "filter": form,
        "day": day or clock.today(),
        "accounts": accounts,
        "debit": sum(row.debit for row in accounts),
        "credit": sum(row.credit for row in accounts),
        "page": lists.page(request, ledger.entries(shown), orders=ORDERS, default="newest"),
        "months": shown.months.select_related("closed_by"),
        "may_keep": request.user.has_right(Right.KEEP_LEDGER),
    }
    return render(request, "loans/fund.html", context)


@write
@requires(Right.KEEP_LEDGER)
def pay_in(request, code):
    shown = get_object_or_404(Fund, code=code)
    return _form(
        request,
        shown,
        PayInForm(request.POST or None, initial={"key": uuid.uuid4(), "value_date": clock.today()}),
        lambda key, **said: ledger.pay_in(shown, by=request.user, key=str(key), **said),
        title=_("Capital paid in"),
        button=_("Post it"),
        done=_("The entry is posted."),
    )


@write
@requires(Right.KEEP_LEDGER)
def pay_out(request, code):
    shown = get_object_or_404(Fund, code=code)
    return _form(
        request,
        shown,
        PayOutForm(request.POST or None, initial={"key": uuid.uuid4(), "value_date": clock.today()}),
        lambda key, **said: ledger.pay_out(shown, by=request.user, key=str(key), **said),
        title=_("Capital for guarantees paid out"),
        button=_("Post it"),
        done=_("The entry is posted."),
    )


@read
@requires(Right.VIEW_LEDGER)
def entry(request, code, pk):
    row = _entry(code, pk)
    context = {
        "fund": row.fund,
        "entry": row,
        "lines": row.lines.select_related("account").order_by("number"),
        "reversal": getattr(row, "reversed_by", None),
        "may_reverse": ledger.may_be_reversed(row, request.user),
    }
    return render(request, "loans/entry.html", context)


@write
@requires(Right.KEEP_LEDGER)
def reverse_entry(request, code, pk):
    row = _entry(code, pk)
    return _form(
        request,
        row.fund,
        ReverseForm(request.POST or None, initial={"key": uuid.uuid4()}),
        lambda key, reason: ledger.reverse(row, by=request.user, key=str(key), reason=reason),
        title=_("Reverse entry %(number)d") % {"number": row.pk},
        button=_("Post the reversal"),
        done=_("The reversal is posted."),
    )


@require_POST
@requires(Right.KEEP_LEDGER)
def month_close(request, code, pk):
    shown = get_object_or_404(Fund, code=code)
    month = get_object_or_404(shown.months, pk=pk)
    try:
        ledger.close(month, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The month is closed."))
    return redirect("loans:fund", code)


def _entry(code, pk):
    shown = get_object_or_404(Fund, code=code)
    row = get_object_or_404(shown.entries.select_related("by", "reverses", "reversed_by"), pk=pk)
    row.fund = shown
    return row


def _form(request, shown, form, save, **words):
    back = reverse("loans:fund", args=[shown.code])
    crumbs = [(_("Ledger of the fund"), reverse("loans:funds")), (shown.name, back)]
    return form_page(request, form, save, back=back, crumbs=crumbs, **words)
