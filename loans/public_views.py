"""The calculator: what a loan would cost, as a page, a part of it for htmx, and a file."""

import csv
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from centrum.intake import access
from centrum.intake import services as intake
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused
from loans import calculator, chart
from loans.applying import LOAN
from loans.forms import CalculatorForm

BEGIN = {"amount": "50000", "months": "36", "grace": "6", "method": "equal_principal"}


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def calculator_page(request):
    """Wishes stand in the address, so that a result can be kept, sent on, and taken into an application."""
    products = list(calculator.offered())
    asked = "product" in request.GET
    first = {"product": products[0].code, **BEGIN} if products else {}
    form = CalculatorForm(request.GET if asked else first, products=products)
    quote = _quote(form) if products else None
    context = {"form": form, "products": products, "asked": asked, "quote": quote}
    if quote:
        rows = quote.schedule.rows
        context |= {"rows": rows, "picture": chart.draw(rows), "query": form.data_as_query(), "key": uuid4()}
    template = "loans/_quote.html" if request.htmx else "loans/calculator.html"
    return render(request, template, context)


@login_not_required
@require_safe
def calculator_file(request):
    """The schedule as CSV for a spreadsheet: UTF-8 with BOM, semicolons, decimal commas."""
    form = CalculatorForm(request.GET, products=list(calculator.offered()))
    quote = _quote(form)
    if quote is None:
        return redirect(f"{request.path.removesuffix('harmonogram.csv')}?{request.GET.urlencode()}")
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="harmonogram.csv"', "X-Content-Type-Options": "nosniff"},
    )
    file = csv.writer(response, delimiter=";", lineterminator="\r\n")
    file.writerow([_("No."), _("Due"), _("Principal"), _("Interest"), _("Instalment"), _("Left to pay back")])
    for row in quote.schedule.rows:
        amounts = (row.principal, row.interest, row.total, row.balance)
        file.writerow([row.nr, date_short(row.due), *(str(amount).replace(".", ",") for amount in amounts)])
    return response


@access.public("POST")
def apply(request):
    """Begin an application with the wishes of the calculator; its key makes one draft of however many clicks.

    A new job changes the rate alone: the application asks which jobs they are.
    """
    form = CalculatorForm(request.POST, products=list(calculator.offered()))
    calculator_again = f"{reverse('lending:calculator')}?{form.data_as_query()}"
    if not form.is_valid():
        return redirect(calculator_again)
    wishes = form.cleaned_data
    new_job = wishes.pop("new_job")
    try:
        calculator.must_be_allowed(**wishes)
    except Refused:
        return redirect(calculator_again)  # which says at its fields what is wrong
    try:
        draft = intake.begin(kind=LOAN, key=access.key(request.POST.get("key")), language=get_language(), **wishes)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("intake:kind", LOAN.path)
    if new_job:
        messages.info(request, _("You plan a new job: tell of it on the page “Planned jobs”."))
    access.let_edit(request, draft)
    return access.home(draft)


def _quote(form):
    """The Quote of a whole form; None where something is wrong, which then stands at the fields."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        return calculator.quote(**said)
    except Refused as refusal:
        form.add_error(None, refusal)
        return None
