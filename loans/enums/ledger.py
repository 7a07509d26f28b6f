"""Accounts of the ledger and what is posted to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    GUA_CAPITAL = "gua_capital", _("capital for guarantees")
    GUA_RESERVED = "gua_reserved", _("guarantees promised")
    GUA_EXPOSURE = "gua_exposure", _("guaranteed")
    GUA_CLAIM = "gua_claim", _("recourse claims")
    GUA_LOST = "gua_lost", _("lost by guarantees")


class EntryEvent(models.TextChoices):
    """What an entry of the ledger tells of."""

    CAPITAL_IN = "capital_in", pgettext_lazy("ledger", "capital paid in")
    CAPITAL_OUT = "capital_out", pgettext_lazy("ledger", "capital paid out")
    APPROVAL = "approval", pgettext_lazy("ledger", "loan approved")
    RELEASE = "release", pgettext_lazy("ledger", "approved capital freed")
    PAYOUT = "payout", pgettext_lazy("ledger", "loan paid out")
    RECEIPTS = "receipts", pgettext_lazy("ledger", "receipts of a statement")
    REPAYMENT = "repayment", pgettext_lazy("ledger", "repayment")
    REFUND = "refund", pgettext_lazy("ledger", "money sent back")
    BANK = "bank", pgettext_lazy("ledger", "costs and interest of the bank")
    ACCRUAL = "accrual", pgettext_lazy("ledger", "interest of a day")
    COST = "cost", pgettext_lazy("ledger", "cost charged")
    RETELLING = "retelling", pgettext_lazy("ledger", "reckoned anew")
    MEASURE = "measure", pgettext_lazy("ledger", "decision on a claim")
    GUA_APPROVAL = "gua_approval", pgettext_lazy("ledger", "guarantee approved")
    GUA_RELEASE = "gua_release", pgettext_lazy("ledger", "guarantee ended")
    GUA_ACTIVE = "gua_active", pgettext_lazy("ledger", "guarantee in force")
    GUA_LESS = "gua_less", pgettext_lazy("ledger", "guarantee lowered")
    GUA_FEE = "gua_fee", pgettext_lazy("ledger", "fee for a guarantee")
    GUA_EARNED = "gua_earned", pgettext_lazy("ledger", "fees of guarantees earned")
    GUA_CALL = "gua_call", pgettext_lazy("ledger", "guarantee paid")
    GUA_RECOVERY = "gua_recovery", pgettext_lazy("ledger", "recovered after a guarantee")
    GUA_LOSS = "gua_loss", pgettext_lazy("ledger", "recourse written off")
    REVERSAL = "reversal", pgettext_lazy("ledger", "reversal")
