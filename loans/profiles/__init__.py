"""Files of the fund for people, as of a day: portfolio, arrears, losses, jobs, guarantees, sums, and the books.

What a file says of a day that is over does not change afterwards: sums come from the ledger by the day of booking,
debts from what was told of a loan up to that day, states, rates and schedules from what had been noted by its end; and
a day is told of only when the nightly run has posted all that belongs to it. What identifies an organisation (NIP,
legal form, commune), who posted an entry and the planned jobs stand as they are now.

Whose loans a file holds: who sees one unit gets the lines of its loans and guarantees (portfolio, arrears, losses,
jobs, guarantees) and all of the books, for the ledger belongs to no unit. Control sums, the report by products and the
exposure of the fund are refused, as the figures of the fund on its page are: sums of some of its loans would pass for
those of the fund.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.exports import Profile
from centrum.staff.enums import Right
from loans import days
from loans.models import Account, Product
from loans.profiles import books, claims, guarantees, jobs, portfolio, sums
from loans.profiles.columns import (
    MONEY,
    NOTHING,
    TEXTS,
    Amount,
    Scope,
    name_funds,
    name_lines,
    name_loans,
    state_on,
    typed,
)

__all__ = ["MONEY", "NOTHING", "PROFILES", "TEXTS", "Amount", "Scope", "state_on", "typed"]


def _whole(rows):
    """`rows` of a day that is whole; of another one Refused is raised."""

    def checked(scope, day, by):
        days.must_be_whole(scope.fund, day)
        return rows(scope, day, by)

    return checked


def _name_accounts(pks):
    return {account.pk: (str(account), reverse("loans:funds")) for account in Account.objects.filter(pk__in=pks)}


def _name_products(pks):
    return {product.pk: (str(product), reverse("loans:loans")) for product in Product.objects.filter(pk__in=pks)}


def _profile(name, label, resource, rows, name_rows):
    more = {"subject": "fund", "right": Right.VIEW_LEDGER, "machine": False}
    return Profile(f"loans_{name}", label, resource=resource, rows=_whole(rows), name_rows=name_rows, **more)


PROFILES = (
    _profile("portfolio", _("Portfolio as of a day"), portfolio.Portfolio, portfolio.portfolio, name_loans),
    _profile("control", _("Control sums of the portfolio"), sums.Control, sums.control, name_funds),
    _profile("arrears", _("Arrears as of a day"), claims.Arrears, claims.arrears, name_loans),
    _profile("losses", _("Losses and what came back"), claims.Losses, claims.losses, name_loans),
    _profile("programme", _("Report of the programme by products"), sums.Programme, sums.programme, _name_products),
    _profile("jobs", _("Jobs planned and created with the loans"), jobs.Jobs, jobs.jobs, name_loans),
    _profile(
        "guarantees",
        _("Guarantees as of a day"),
        guarantees.Guarantees,
        guarantees.guarantees,
        guarantees.name_guarantees,
    ),
    _profile(
        "multiplier", _("Exposure and multiplier as of a day"), guarantees.Multiplier, guarantees.multiplier, name_funds
    ),
    _profile("cash", _("Cash on the account of the fund"), books.Cash, books.cash, name_lines),
    _profile("journal", _("Journal of the ledger"), books.Journal, books.journal, name_lines),
    _profile("trial_balance", _("Trial balance as of a day"), books.TrialBalance, books.trial_balance, _name_accounts),
)
