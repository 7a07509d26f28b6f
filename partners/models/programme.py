"""What a partnership promised to reach: specific objectives, key tasks, and what shows how far they are."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from partners.models.members import Membership
from partners.models.partnerships import Partnership


@history()
class Objective(models.Model):
    """A specific objective (cel szczegółowy)."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="objectives")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("objective"))

    class Meta:
        verbose_name = _("specific objective")
        verbose_name_plural = _("specific objectives")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "number"],
                name="objective_number_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(text=""), name="objective_whole"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


@history()
class Task(models.Model):
    """A key task (zadanie kluczowe); who answers for it may be unknown."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("task"))
    responsible = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, verbose_name=_("responsible partner"), related_name="tasks"
    )

    class Meta:
        verbose_name = _("key task")
        verbose_name_plural = _("key tasks")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "number"],
                name="task_number_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(text=""), name="task_whole"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


@history()
class Milestone(models.Model):
    """An indicator or milestone of a task: planned and reached, in `unit`, with the days; a milestone plans 1."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    name = models.CharField(_("indicator or milestone"), max_length=200)
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    planned = models.DecimalField(_("planned"), max_digits=12, decimal_places=2)
    planned_on = models.DateField(_("to be reached by"))
    reached = models.DecimalField(_("reached"), max_digits=12, decimal_places=2, default=0)
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    class Meta:
        verbose_name = _("indicator or milestone")
        verbose_name_plural = _("indicators and milestones")
        ordering = ["planned_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gt=0) & Q(reached__gte=0) & ~Q(name=""), name="milestone_whole"
            ),
            models.CheckConstraint(
                condition=Q(reached__lt=F("planned"), reached_on__isnull=True)
                | Q(reached__gte=F("planned"), reached_on__isnull=False),
                name="milestone_reached_stamped",
            ),
        ]

    def __str__(self):
        return self.name
