"""Who may process personal data and since when; who stands in for whom."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import never_deleted
from centrum.staff.enums import PeriodState, Scope


@history()
class Authorisation(models.Model):
    """Upoważnienie do przetwarzania danych osobowych (art. 29 GDPR): numbered, dated, never deleted."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("account"), related_name="authorisations"
    )
    scope = models.CharField(_("scope"), max_length=20, choices=Scope)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("issued by"), related_name="+"
    )
    issued_at = models.DateTimeField(_("issued"), db_default=Now())

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        ordering = ["-id"]
        triggers = [never_deleted()]
        constraints = [
            *in_periods(
                "authorisation",
                "user",
                "scope",
                message=_("This account has an authorisation of this scope in these days already."),
                may_be_empty=True,
            ),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="authorisation_scope"),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("user")), name="authorisation_not_by_oneself"
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def last_day(self):
        """The last day on which it is in force; None: until it is ended."""
        return self.valid_to and self.valid_to - datetime.timedelta(days=1)

    @property
    def state(self):
        if self.valid_to and self.valid_to <= max(clock.today(), self.valid_from):
            return PeriodState.ENDED
        return PeriodState.TO_COME if self.valid_from > clock.today() else PeriodState.IN_FORCE


@history()
class Delegation(models.Model):
    """Zastępstwo: the deputy sees the clients and the work of the one who is away, with the rights of the own role."""

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who is away"), related_name="delegations"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who stands in"), related_name="deputyships"
    )
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("first day back"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(_("called off"), null=True, blank=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-valid_from", "-id"]
        triggers = [never_deleted()]
        constraints = [
            *in_periods(
                "delegation",
                "absent",
                condition=Q(revoked_at__isnull=True),
                message=_("Somebody stands in for this person in these days already."),
            ),
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self):
        return f"{self.absent} → {self.deputy}"

    @property
    def last_day(self):
        return self.valid_to - datetime.timedelta(days=1)

    @property
    def state(self):
        if self.revoked_at:
            return PeriodState.CALLED_OFF
        if self.valid_to <= clock.today():
            return PeriodState.ENDED
        return PeriodState.TO_COME if self.valid_from > clock.today() else PeriodState.IN_FORCE
