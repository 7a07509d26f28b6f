"""The office's pages of the fund as a whole; every figure leads to what it counts.

What takes longest to count has pages of its own, which the first one draws in where the browser can.
"""

from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from centrum.kit import clock
from centrum.register.enums import PesType
from centrum.staff.enums import Right
from centrum.staff.permissions import require
from centrum.staff.queries import unit_scope
from loans import chart, dashboard, effects, outlook, queries, risk
from loans.dashboard_forms import FundForm
from loans.enums import LoanState, SpendingKind

PARTS = {
    "forecast": gettext_lazy("Cash of the next 12 months"),
    "vintages": gettext_lazy("Loans gone bad, by when they were paid out"),
    "largest": gettext_lazy("The ten largest borrowers"),
    "effects": gettext_lazy("What it does for people"),
}


def _of_a_fund(view):
    """A page of the fund that `?fund=` names, of the first one without it, None where there is none. A fund belongs to
    no unit, so only who sees all of them sees it."""

    @require_safe
    @wraps(view)
    def guarded(request):
        require(request.user, Right.VIEW_LEDGER)
        if unit_scope(request.user) is not None:
            raise PermissionDenied(queries.ALL_UNITS)
        return view(request, FundForm(request.GET))

    return guarded


@_of_a_fund
def overview(request, form):
    """The fund as it stands today."""
    fund = form.shown
    if fund is None:
        return render(request, "loans/dashboard.html", {"fund": None})
    whole, money = dashboard.lent(fund), dashboard.money(fund)
    late = dashboard.arrears(fund, whole)
    context = {
        "fund": fund,
        "filter": form if len(form.funds) > 1 else None,
        "day": clock.today(),
        "lent": whole,
        "states": [(label, whole.states[state]) for state, label in LoanState.choices if state in whole.states],
        "arrears": late,
        "classes": [(queries.ARREARS[found.name], found) for found in late.classes],
        "money": money,
        "lent_chart": chart.beside([(month.left,) for month in money.months]),
        "losses": dashboard.losses(fund, whole, money.balances),
        "parts": [(title, f"{reverse(f'loans:dashboard-{name}')}?{_of(fund)}") for name, title in PARTS.items()],
        "lists": _lists(fund),
    }
    return render(request, "loans/dashboard.html", context)


@_of_a_fund
def forecast(request, form):
    """Cash of the months to come."""
    fund = _shown(form)
    bank = dashboard.money(fund).bank
    coming = outlook.forecast(fund, bank)
    picture = chart.beside([(month.incoming, month.outgoing) for month in coming])
    return _part(request, fund, "forecast", {"coming": coming, "coming_chart": picture, "bank": bank})


@_of_a_fund
def vintages(request, form):
    """Loans gone bad, by the quarter of their first payout."""
    fund = _shown(form)
    cohorts = outlook.vintages(fund)
    quarters = range(max((len(cohort.shares) for cohort in cohorts), default=0))
    return _part(request, fund, "vintages", {"cohorts": cohorts, "quarters": quarters})


@_of_a_fund
def largest(request, form):
    """Who owes most."""
    fund = _shown(form)
    found = dashboard.largest(fund)
    share = risk.percent(sum(row.amount for row in found), fund.outstanding)
    return _part(request, fund, "largest", {"largest": found, "concentration": share})


@_of_a_fund
def social_effects(request, form):
    """What the loans do for people."""
    fund = _shown(form)
    good = effects.good(fund)
    context = {
        "lent": dashboard.lent(fund),
        "good": good,
        "kinds": [(PesType(part.name).label, part) for part in good.kinds],
        "communes": [(commune or _("not known"), part) for commune, part in good.communes],
        "purposes": [(SpendingKind(part.name).label, part) for part in good.purposes],
    }
    return _part(request, fund, "effects", context)


def _shown(form):
    if form.shown is None:
        raise Http404
    return form.shown


def _part(request, fund, name, context):
    said = {"fund": fund, "day": clock.today(), "title": PARTS[name], "template": f"loans/_{name}.html"}
    return render(request, "loans/dashboard_part.html", said | context | {"lists": _lists(fund)})


def _of(fund):
    return urlencode({"fund": fund.code})


def _lists(fund):
    return f"{reverse('loans:loans')}?{_of(fund)}"
