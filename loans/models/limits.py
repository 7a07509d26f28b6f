"""Limits of the guarantees of a fund: set by one person and confirmed by another, kept in the row of the fund."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.polish import percent
from centrum.kit.triggers import frozen, never_deleted
from loans.models.ledger import Fund


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


@history()
class GuaranteeLimits(models.Model):
    """How many times its capital a fund guarantees (mnożnik), and what part of it for one client with those linked.

    The newest confirmed row counts; a trigger writes it into the row of the fund, whose CHECK refuses less than is
    promised and guaranteed already.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, verbose_name=_("fund"), related_name="guarantee_limits")
    multiplier = models.DecimalField(_("multiplier"), max_digits=5, decimal_places=2)
    client_cap = models.DecimalField(_("largest part of the capital for one client"), max_digits=6, decimal_places=5)
    reasons = models.CharField(_("reason"), max_length=300)
    entered_by = _user(_("entered by"))
    entered_at = models.DateTimeField(_("entered"))
    confirmed_by = _user(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        verbose_name = _("limits of guarantees")
        verbose_name_plural = _("limits of guarantees")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund"],
                condition=Q(confirmed_at=None, dropped_at=None),
                name="guaranteelimits_one_open",
                violation_error_message=_("Other limits wait to be confirmed."),
            ),
            models.CheckConstraint(
                condition=Q(multiplier__gt=0, multiplier__lte=20, client_cap__gt=0, client_cap__lte=1) & ~Q(reasons=""),
                name="guaranteelimits_whole",
                violation_error_message=_("The multiplier is from 0 to 20, the part of a client up to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, dropped_at=None)
                & ~Q(confirmed_by=F("entered_by")),
                name="guaranteelimits_four_eyes",
                violation_error_message=_("Somebody else has to confirm it than who entered it."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "stays",
                ["fund", "multiplier", "client_cap", "reasons", "entered_by", "entered_at"],
                when=pgtrigger.Q(),
            ),
            frozen("ends_once", ["confirmed_by", "confirmed_at"], when=pgtrigger.Q(old__confirmed_at__isnull=False)),
            frozen(
                "dropped_once",
                ["confirmed_by", "confirmed_at", "dropped_at"],
                when=pgtrigger.Q(old__dropped_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="begins_open",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__confirmed_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="hold_for_the_fund",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL"),
                func="""
                    UPDATE loans_fund SET gua_multiplier = NEW.multiplier, gua_client_cap = NEW.client_cap
                    WHERE id = NEW.fund_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.fund} {self.multiplier}"

    @property
    def client_percent(self):
        """In words: `5`."""
        return percent(self.client_cap)
