"""What moved on the accounts of a fund in a day that is over, so that years need not be summed line by line."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.triggers import append_only
from loans.models.ledger import Account, Fund


class Turnover(models.Model):
    """Debits and credits of an account booked under a day (obroty dnia), in PLN; kept once nothing can be added to it.

    It follows from the lines of the ledger alone; `consistency` compares them.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="turnovers")
    day = models.DateField(_("day"))
    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("account"), related_name="+")
    debit = models.DecimalField(_("debit"), max_digits=16, decimal_places=2)
    credit = models.DecimalField(_("credit"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("turnover of a day")
        verbose_name_plural = _("turnovers of days")
        ordering = ["day", "account"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "account", "day"], name="turnover_once"),
            models.CheckConstraint(condition=Q(debit__gte=0, credit__gte=0), name="turnover_amounts"),
        ]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.day} {self.account_id}"
