"""The calculator of aid, for everybody: the gross grant equivalent of a loan with each row shown."""

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from centrum.kit import clock, parameters
from centrum.kit.transitions import Refused
from loans import aid
from loans.deminimis import calculating, euro, forms, showing
from loans.enums import AidMethod

BEGIN = {
    "amount": "50000",
    "months": "36",
    "grace": "6",
    "method": "equal_principal",
    "rate": "3,8",
    "reckoning": "reference",
    "rating": "none",
    "collateral": "normal",
}


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def calculator(request):
    """Wishes stand in the address, so that a result can be kept and sent on."""
    asked = "amount" in request.GET
    form = forms.CalculatorForm(request.GET if asked else {**BEGIN, "day": clock.today().strftime("%d.%m.%Y")})
    context = {"form": form, "asked": asked, "result": _result(form)}
    template = "loans/deminimis/_result.html" if request.htmx else "loans/deminimis/calculator.html"
    return render(request, template, context)


def _result(form):
    """What a whole form gives; None where something is wrong, which then stands at the fields."""
    if not form.is_valid():
        return None
    said, rate = form.cleaned_data, None
    try:
        rate = euro.rate_on(said["day"])
    except euro.NoRate:
        rate = None  # PLN are shown all the same
    try:
        found = _calculation(said, rate)
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


def _calculation(said, rate):
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
