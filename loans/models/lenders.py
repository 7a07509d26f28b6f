"""Banks and funds whose credits the fund guarantees, each under an agreement on cooperation."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import never_deleted


@history()
class Lender(models.Model):
    """A lender (instytucja finansująca) with its agreement on cooperation: only its credits are guaranteed.

    `most_cover`: the largest part of a credit that is guaranteed; `days_to_pay`: days from a call to its payment;
    `months_after`: how many months after the term of the credit a call is in time. `share`: whether recoveries are
    shared pro rata of the cover.
    """

    name = models.CharField(_("name"), max_length=200)
    nip = models.CharField("NIP", max_length=10)
    address = models.CharField(_("address"), max_length=300)
    agreement = models.CharField(_("number of the agreement on cooperation"), max_length=60)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("in force until before"), null=True, blank=True)
    most_cover = models.DecimalField(
        _("largest part of a credit"), max_digits=5, decimal_places=4, default=Decimal("0.8")
    )
    days_to_pay = models.PositiveSmallIntegerField(_("days to pay a call"), default=30)
    months_after = models.PositiveSmallIntegerField(_("months after the term in which a call is in time"), default=3)
    share = models.BooleanField(_("recoveries are shared"), default=True)

    class Meta:
        verbose_name = _("lender")
        verbose_name_plural = _("lenders")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nip", "agreement"],
                name="lender_once",
                violation_error_message=_("This agreement of the lender is here already."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & Q(nip__regex=r"^\d{10}$") & ~Q(address="") & ~Q(agreement=""),
                name="lender_whole",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="lender_dates"),
            models.CheckConstraint(
                condition=Q(most_cover__gt=0, most_cover__lte=Decimal("0.8"), days_to_pay__range=(1, 180))
                & Q(months_after__lte=24),
                name="lender_terms",
                violation_error_message=_("At most 80 per cent of a credit is guaranteed."),
            ),
        ]
        triggers = [never_deleted()]

    def __str__(self):
        return self.name
