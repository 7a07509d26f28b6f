"""Rates of the National Bank of Poland, each entered by one person and confirmed by another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.polish import percent
from centrum.kit.triggers import append_only, frozen
from loans.enums import NbpKind


@history()
class NbpRate(models.Model):
    """A rate from a day until the next one; it counts once somebody else has confirmed it, and stays as it is then."""

    kind = models.CharField(_("rate"), max_length=20, choices=NbpKind)
    valid_from = models.DateField(_("valid from"))
    # a fraction of a year: 0.038 is 3.8 %
    rate = models.DecimalField(_("value"), max_digits=9, decimal_places=6)
    source = models.CharField(_("source"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("confirmed by"), related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("rate of the NBP")
        verbose_name_plural = _("rates of the NBP")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                name="nbprate_once",
                violation_error_message=_("The rate of this day is there already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=NbpKind.values), name="nbprate_kind"),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lt=1),
                name="nbprate_fraction",
                violation_error_message=_("A rate is no less than 0 and less than 100 per cent."),
            ),
            models.CheckConstraint(condition=~Q(source=""), name="nbprate_source"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                name="nbprate_four_eyes",
                violation_error_message=_("Somebody else has to confirm it than who entered it."),
            ),
        ]
        triggers = [
            frozen("stays", ["kind", "valid_from", "rate", "source", "entered_by", "entered_at"], when=pgtrigger.Q()),
            frozen(
                "confirmed_once",
                ["confirmed_by", "confirmed_at"],
                when=pgtrigger.Q(old__confirmed_by__isnull=False),
            ),
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.valid_from}"

    @property
    def percent(self):
        """In words: `3,75`."""
        return percent(self.rate)


class RateCheck(models.Model):
    """That somebody looked at the bank's page and the newest rate still holds."""

    kind = models.CharField(_("rate"), max_length=20, choices=NbpKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check of a rate")
        verbose_name_plural = _("checks of rates")
        ordering = ["-id"]
        triggers = [append_only()]
        constraints = [models.CheckConstraint(condition=Q(kind__in=NbpKind.values), name="ratecheck_kind")]

    def __str__(self):
        return f"{self.kind} {self.at}"
