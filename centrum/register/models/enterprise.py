"""Status of social enterprise (przedsiębiorstwo społeczne) and what the Act of 5 August 2022 asks of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.register.enums import Aim, Regime
from centrum.register.models.organisations import Organisation


@history()
class EnterpriseStatus(models.Model):
    """A period of the status: by the voivode's decision (art. 12 of the Act), or given by an OWES until 2023."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enterprise_statuses")
    regime = models.CharField(_("legal basis"), max_length=20, choices=Regime)
    aim = models.CharField(_("aim"), max_length=20, choices=Aim)
    decision_no = models.CharField(_("number of the decision"), max_length=60)
    decision_on = models.DateField(_("date of the decision"))
    voivode = models.CharField(_("issued by"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("first day on which it is gone"))
    lost_reason = models.TextField(_("why the status ended"), blank=True)
    taken = models.BooleanField(_("taken away by a decision"), default=False)
    correction = models.TextField(_("why it was last corrected"), blank=True)

    class Meta:
        verbose_name = _("status of social enterprise")
        verbose_name_plural = _("statuses of social enterprise")
        ordering = ["-valid_from"]
        constraints = [
            *in_periods(
                "enterprisestatus",
                "organisation",
                message=_("The organisation has the status in these days already."),
            ),
            models.CheckConstraint(
                condition=Q(regime__in=Regime.values, aim__in=Aim.values) & ~Q(decision_no="") & ~Q(voivode=""),
                name="enterprisestatus_known",
            ),
            models.CheckConstraint(
                condition=Q(lost_reason="", taken=False) | Q(valid_to__isnull=False),
                name="enterprisestatus_lost_on_a_day",
            ),
        ]

    def __str__(self):
        return self.decision_no


@history()
class EnterpriseReport(models.Model):
    """That the yearly report (art. 10: to the voivode by 31 March for the year before) was sent."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enterprise_reports")
    year = models.PositiveSmallIntegerField(_("year reported on"))
    sent_on = models.DateField(_("sent on"))
    reference = models.CharField(_("number of the confirmation (UPO)"), max_length=80, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("yearly report of a social enterprise")
        verbose_name_plural = _("yearly reports of social enterprises")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="enterprisereport_once",
                violation_error_message=_("The report of this year is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2022, 2100)) & Q(sent_on__year__gt=F("year")), name="enterprisereport_year"
            ),
        ]

    def __str__(self):
        return f"{self.year}"


@history()
class Headcount(models.Model):
    """Who an enterprise employs on a day, for the test of art. 5: three people, and with the aim of
    reintegration 30 % at risk, each on a contract of employment of at least half time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="headcounts")
    counted_on = models.DateField(_("as of"))
    employed = models.PositiveSmallIntegerField(_("all employed"))
    half_time = models.PositiveSmallIntegerField(_("of them at least half time on a contract of employment"))
    at_risk = models.PositiveSmallIntegerField(_("of these, people at risk of exclusion"))
    proof = models.CharField(_("proof"), max_length=120, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ["-counted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "counted_on"],
                name="headcount_once",
                violation_error_message=_("There is a headcount of this day already."),
            ),
            models.CheckConstraint(
                condition=Q(half_time__lte=F("employed")) & Q(at_risk__lte=F("half_time")),
                name="headcount_parts",
                violation_error_message=_("A part cannot be larger than the whole."),
            ),
        ]

    def __str__(self):
        return f"{self.counted_on}: {self.employed}"


@history()
class StatusDuty(models.Model):
    """That an organisation has to get the status within months of making its first supported job."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="status_duty")
    job_created_on = models.DateField(_("first supported job made on"))
    due_on = models.DateField(_("status due by"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("duty to get the status")
        verbose_name_plural = _("duties to get the status")
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("job_created_on")), name="statusduty_later"),
        ]

    def __str__(self):
        return f"{self.due_on}"
