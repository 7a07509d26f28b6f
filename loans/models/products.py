"""Products of the loan fund: dated rows, since the terms of a programme change and old loans keep theirs."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from loans.enums import OF_LOANS, DayCount, Method


def _rate(label, **more):
    """A rate as a fraction of a year: 0.038 is 3.8 %."""
    return models.DecimalField(label, max_digits=9, decimal_places=6, **more)


def _amount(label, **more):
    """PLN."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


@history()
class Product(models.Model):
    """What the fund lends for (produkt pożyczkowy).

    The rate is `nbp_share` × the NBP rate of the day of the agreement + `margin`; with `nbp` empty, `margin` alone. A
    borrower who creates a job pays `nbp_share_new_job` in place of `nbp_share`. Above `longer_above` the loan may last
    `longer_months`. Months of grace count in the term.
    """

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    for_whom = models.CharField(_("for whom"), max_length=300)
    for_whom_en = models.CharField(_("for whom, in English"), max_length=300)
    largest = _amount(_("largest loan"))
    largest_per_pes = _amount(_("largest sum of loans of one entity"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("longest term in months"))
    longer_above = _amount(_("a longer term above the amount"), null=True, blank=True)
    longer_months = models.PositiveSmallIntegerField(_("longest term above it, in months"), null=True, blank=True)
    grace = models.PositiveSmallIntegerField(_("longest grace on principal in months"), default=0)
    nbp = models.CharField(
        _("rate of the NBP"), max_length=20, choices=[(kind.value, kind.label) for kind in OF_LOANS], blank=True
    )
    nbp_share = _rate(_("share of it"), default=Decimal(1))
    nbp_share_new_job = _rate(_("share of it with a new job"), null=True, blank=True)
    margin = _rate(_("fixed part of the rate"), default=Decimal(0))
    equal_principal = models.BooleanField(_("decreasing instalments"), default=True)
    annuity = models.BooleanField(_("equal instalments"), default=True)
    day_count = models.CharField(_("day count"), max_length=10, choices=DayCount, default=DayCount.ACT_365F)
    fee = _rate(_("fee, part of the amount"), default=Decimal(0))
    settlement_days = models.PositiveSmallIntegerField(_("spending is settled within days"), default=90)
    settlement_extension_days = models.PositiveSmallIntegerField(_("extended at most by days"), default=90)
    # one whose rate is that of the market gives none
    de_minimis = models.BooleanField(_("gives de minimis aid"), default=True)
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("loan product")
        verbose_name_plural = _("loan products")
        ordering = ["name", "-valid_from"]
        constraints = [
            *in_periods("product", "code"),
            models.CheckConstraint(condition=Q(largest__gt=0), name="product_largest"),
            models.CheckConstraint(
                condition=Q(largest_per_pes__isnull=True) | Q(largest_per_pes__gte=F("largest")),
                name="product_per_pes",
                violation_error_message=_("All loans of one entity together are no less than the largest one."),
            ),
            models.CheckConstraint(condition=Q(months__range=(1, 360)), name="product_months"),
            models.CheckConstraint(
                condition=Q(longer_above__isnull=True, longer_months__isnull=True)
                | Q(
                    longer_months__isnull=False,
                    longer_above__gt=0,
                    longer_months__gt=F("months"),
                    longer_months__lte=360,
                ),
                name="product_longer",
                violation_error_message=_("Give the amount and a longer term together, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(grace__lt=F("months")),
                name="product_grace",
                violation_error_message=_("The grace is shorter than the term."),
            ),
            models.CheckConstraint(
                condition=Q(margin__gte=0, margin__lt=1, nbp_share__gte=0, fee__gte=0, fee__lt=1)
                & (Q(nbp_share_new_job__isnull=True) | Q(nbp_share_new_job__range=(0, F("nbp_share")))),
                name="product_rate",
                violation_error_message=_("A rate is a fraction from 0 to 1; with a new job it is no higher."),
            ),
            models.CheckConstraint(condition=Q(nbp__in=["", *OF_LOANS]), name="product_nbp"),
            models.CheckConstraint(condition=Q(day_count__in=DayCount.values), name="product_day_count"),
            models.CheckConstraint(
                condition=Q(equal_principal=True) | Q(annuity=True),
                name="product_method",
                violation_error_message=_("Allow at least one kind of instalments."),
            ),
        ]

    def __str__(self):
        return self.name if get_language() == "pl" else self.name_en

    @property
    def for_whom_shown(self):
        return self.for_whom if get_language() == "pl" else self.for_whom_en

    def longest(self, amount):
        """The longest term in months of a loan of `amount`."""
        return self.longer_months if self.longer_above is not None and amount > self.longer_above else self.months

    @property
    def longest_of_all(self):
        return self.longer_months or self.months

    @property
    def methods(self):
        allowed = {Method.EQUAL_PRINCIPAL: self.equal_principal, Method.ANNUITY: self.annuity}
        return [method for method, allows in allowed.items() if allows]
