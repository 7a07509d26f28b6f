"""Programmes of education: what is taught, to whom, in how many hours, and what it gives."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.cases.models import ServiceType
from centrum.kit.history import history
from centrum.kit.search import search_column, search_index, sort_column, sort_index
from centrum.kit.triggers import never_deleted
from trainings.enums import HourMinutes, Outcome, TrainingForm


class Content(models.Model):
    """What a programme and an event alike say of themselves; an event keeps what was promised to its people."""

    form = models.CharField(_("form"), max_length=20, choices=TrainingForm)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("aims and contents"), blank=True)
    target_group = models.CharField(_("for whom"), max_length=300, blank=True)
    hour_minutes = models.PositiveSmallIntegerField(_("counted in"), choices=HourMinutes, default=HourMinutes.TEACHING)
    outcome = models.CharField(_("gives"), max_length=20, choices=Outcome, default=Outcome.NONE)
    outcome_name = models.CharField(_("name of the competence or qualification"), max_length=200, blank=True)
    # what an attendance is in the EU file; without it no support is recorded
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, verbose_name=_("counts as"), related_name="+"
    )
    minimum_attendance = models.PositiveSmallIntegerField(
        _("attendance needed for the certificate"), default=80, help_text=_("per cent of the time")
    )

    class Meta:
        abstract = True


def content_constraints(name):
    return [
        models.CheckConstraint(condition=~Q(title=""), name=f"{name}_titled"),
        models.CheckConstraint(condition=Q(form__in=TrainingForm.values), name=f"{name}_form"),
        models.CheckConstraint(condition=Q(hour_minutes__in=HourMinutes.values), name=f"{name}_hour"),
        models.CheckConstraint(
            condition=Q(outcome=Outcome.NONE, outcome_name="")
            | Q(outcome__in=[Outcome.COMPETENCE, Outcome.QUALIFICATION]) & ~Q(outcome_name=""),
            name=f"{name}_outcome",
            violation_error_message=_("Name the competence or qualification that it gives, or choose neither."),
        ),
        models.CheckConstraint(condition=Q(minimum_attendance__range=(1, 100)), name=f"{name}_minimum"),
    ]


@history("search", "sort")
class Programme(Content):
    """An entry of the catalogue (program szkoleniowy). `hours` in units of `hour_minutes`."""

    hours = models.PositiveSmallIntegerField(_("hours"))
    materials = models.TextField(_("materials"), blank=True)
    pre_test = models.BooleanField(_("with a test before"), default=False)
    post_test = models.BooleanField(_("with a test after"), default=False)
    retired_on = models.DateField(_("no longer offered since"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    search = search_column("title", "description", "target_group")
    sort = sort_column("title")

    class Meta:
        verbose_name = _("programme of education")
        verbose_name_plural = _("programmes of education")
        ordering = ["sort", "id"]
        triggers = [never_deleted()]
        indexes = [search_index("programme_search"), sort_index("programme_sort")]
        constraints = [
            *content_constraints("programme"),
            models.CheckConstraint(condition=Q(hours__range=(1, 2000)), name="programme_hours"),
        ]

    def __str__(self):
        return self.title
