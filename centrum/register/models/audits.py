"""What an auditor from outside may look at: a sample of people, in a period."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.history import history
from centrum.register.models.people import Person
from centrum.staff.enums import PeriodState


@history()
class AuditSample(models.Model):
    """Próba kontrolna: in these days the auditor reads the files of these people and of nobody else."""

    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("auditor"), related_name="audit_samples"
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("first day after"))
    people = models.ManyToManyField(Person, verbose_name=_("people"), related_name="audit_samples")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("audit sample")
        verbose_name_plural = _("audit samples")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=models.F("valid_from")), name="auditsample_dates"),
            models.CheckConstraint(condition=~Q(purpose=""), name="auditsample_purpose"),
        ]

    def __str__(self):
        return self.purpose

    @property
    def last_day(self):
        return self.valid_to - datetime.timedelta(days=1)

    @property
    def state(self):
        if self.valid_to <= clock.today():
            return PeriodState.ENDED
        return PeriodState.TO_COME if self.valid_from > clock.today() else PeriodState.IN_FORCE


@history()
class SampledPerson(AuditSample.people.through):
    """That a person is in a sample."""

    class Meta:
        proxy = True
        verbose_name = _("person in an audit sample")
        verbose_name_plural = _("people in audit samples")
