"""The calculator of aid, for everybody: the gross grant equivalent of a loan or of a guarantee with each row shown."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from centrum.kit import clock, parameters
from centrum.kit.polish import percent
from centrum.kit.transitions import Refused
from loans import aid
from loans.deminimis import calculating, euro, forms, showing
from loans.enums import AidInstrument, AidMethod
from loans.guarantees import terms

BEGIN_LOAN = {
    "amount": "50000",
    "months": "36",
    "grace": "6",
    "method": "equal_principal",
    "reckoning": "reference",
    "rating": "none",
    "collateral": "normal",
}
BEGIN_GUARANTEE = {
    "credit": "100000",
    "cover": "70",
    "months": "36",
    "grace": "6",
    "fee_from": "1",
    "rating": "none",
}


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def calculator(request):
    """Wishes stand in the address, so that a result can be kept and sent on; one without `of` is of a loan."""
    of = _GUARANTEE if request.GET.get("of") == _GUARANTEE.code else _LOAN
    asked = of.asked_by in request.GET
    form = of.form(request.GET if asked else {**of.begin(), "day": clock.today().strftime("%d.%m.%Y")})
    context = {"form": form, "asked": asked, "of": of.code, "result": _result(form, of.reckon)}
    template = "loans/deminimis/_result.html" if request.htmx else "loans/deminimis/calculator.html"
    return render(request, template, context)


def _result(form, reckon):
    """What a whole form gives; None where something is wrong, which then stands at the fields."""
    if not form.is_valid():
        return None
    said, rate = form.cleaned_data, None
    try:
        rate = euro.rate_on(said["day"])
    except euro.NoRate:
        rate = None  # PLN are shown all the same
    try:
        found = reckon(said, rate)
        ceiling = parameters.value("de-minimis-ceiling-eur", said["day"])
    except (Refused, LookupError) as refusal:
        words = refusal if isinstance(refusal, Refused) else _("For this day no rules are known.")
        form.add_error(None, words)
        return None
    eur = aid.rounded(found.total / rate.rate) if rate else None
    return {
        "calculation": found,
        "facts": showing.facts(found),
        "parts": showing.parts(found),
        "eur": eur,
        "rate": rate,
        "ceiling": aid.rounded(ceiling),
        "share": eur and (eur * 100 / ceiling).quantize(Decimal("0.01")),
    }


def _of_loan(said, rate):
    if said["reckoning"] == AidMethod.PROPORTIONAL:
        if rate is None:
            raise Refused(_("The simplified method is reckoned in EUR, and the EUR rate of this day is missing."))
        return calculating.proportional(said["amount"], said["months"], on=said["day"], eur_rate=rate.rate)
    return calculating.of_loan(
        said["amount"],
        said["months"],
        said["grace"],
        said["method"],
        said["rate"],
        on=said["day"],
        rating=said["rating"],
        collateral=said["collateral"],
        reason="",
    )


def _of_guarantee(said, _rate):
    return calculating.of_guarantee(
        said["credit"],
        said["cover"],
        terms.amount_of(said["credit"], said["cover"]),
        said["months"],
        said["grace"],
        fee=said["fee"],
        fee_from=said["fee_from"],
        on=said["day"],
        rating=said["rating"],
        reason="",
    )


def _loan_begins():
    """The rate as it is typed in the language of the page."""
    return {**BEGIN_LOAN, "rate": percent(Decimal("0.038"))}


def _guarantee_begins():
    """With the fee that is usual today, where one is."""
    try:
        return {**BEGIN_GUARANTEE, "fee": percent(terms.fee())}
    except LookupError:
        return BEGIN_GUARANTEE


@dataclass(frozen=True)
class _Kind:
    """What is reckoned: `code` in the address; `asked_by`, the field that an address with wishes has."""

    code: str
    form: type
    asked_by: str
    begin: Callable
    reckon: Callable


_LOAN = _Kind(AidInstrument.LOAN.value, forms.LoanCalculatorForm, "amount", _loan_begins, _of_loan)
_GUARANTEE = _Kind(
    AidInstrument.GUARANTEE.value, forms.GuaranteeCalculatorForm, "credit", _guarantee_begins, _of_guarantee
)
