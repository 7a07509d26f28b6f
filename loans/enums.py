"""Closed lists of the loan fund: methods of repayment, day counts, where a rate comes from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loans import schedule


class Method(models.TextChoices):
    EQUAL_PRINCIPAL = schedule.EQUAL_PRINCIPAL, _("decreasing instalments")  # raty malejące: równe części kapitału
    ANNUITY = schedule.ANNUITY, _("equal instalments")  # raty równe


class DayCount(models.TextChoices):
    ACT_365F = schedule.ACT_365F, _("real days, year of 365")
    ACT_360 = schedule.ACT_360, _("real days, year of 360")
    ACT_ACT = schedule.ACT_ACT, _("real days, real year")
    E30_360 = schedule.E30_360, _("months of 30 days, year of 360")
    PERIODIC = schedule.PERIODIC, _("twelfths of a year")


class NbpKind(models.TextChoices):
    """Rates of the National Bank of Poland on which loans depend."""

    REDISCOUNT = "rediscount", _("NBP rediscount rate")  # stopa redyskonta weksli
    REFERENCE = "reference", _("NBP reference rate")  # stopa referencyjna


class AccountKind(models.TextChoices):
    ASSET = "asset", pgettext_lazy("account", "assets")  # aktywa
    LIABILITY = "liability", pgettext_lazy("account", "liabilities")  # zobowiązania
    EQUITY = "equity", pgettext_lazy("account", "capital")  # kapitał
    INCOME = "income", pgettext_lazy("account", "income")  # przychody
    EXPENSE = "expense", pgettext_lazy("account", "expenses")  # koszty
    OFF_BALANCE = "offbalance", pgettext_lazy("account", "off balance")  # pozabilansowe


class Counter(models.TextChoices):
    """What of the fund an account counts in; the ledger alone changes these sums."""

    NONE = "", "–"
    CAPITAL = "capital", _("capital of the fund")
    COMMITTED = "committed", _("approved, not paid out")
    OUTSTANDING = "outstanding", _("lent")
    LOST = "lost", _("lost")


class EntryEvent(models.TextChoices):
    """What an entry of the ledger tells of."""

    CAPITAL_IN = "capital_in", pgettext_lazy("ledger", "capital paid in")
    CAPITAL_OUT = "capital_out", pgettext_lazy("ledger", "capital paid out")
    REVERSAL = "reversal", pgettext_lazy("ledger", "reversal")
