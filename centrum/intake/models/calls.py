"""Calls for applications (nabory)."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import never_deleted

_open_time = Func(F("opens_at"), F("closes_at"), Value("[)"), function="tstzrange", output_field=DateTimeRangeField())


@history()
class Call(models.Model):
    """Nabór: from an instant to an instant, with places on the main and on the reserve list.

    A kind of application that has had a call takes applications in an open call only; any other kind always.
    `taken`: accepted applications, counted in the transaction that accepts, so that no place is given twice.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind of application"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("for whom and on what terms"), blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    places = models.PositiveIntegerField(
        _("places on the main list"), null=True, blank=True, help_text=_("empty: as many as there are")
    )
    reserve_places = models.PositiveIntegerField(
        _("places on the reserve list"), null=True, blank=True, help_text=_("empty: as many as there are")
    )
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-opens_at", "-id"]
        indexes = [models.Index(fields=["kind", "opens_at"], name="call_kind")]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_dates",
                violation_error_message=_("A call closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(taken__lte=F("places")),
                name="call_places",
                violation_error_message=_("More places are taken than that."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="call_name"),
            ExclusionConstraint(  # an applicant could not tell two open calls of one form apart
                name="call_one_at_a_time",
                expressions=[("kind", RangeOperators.EQUAL), (_open_time, RangeOperators.OVERLAPS)],
                violation_error_message=_("Another call of this kind is open at that time."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def free(self):
        """Places left on the main list; None: as many as there are applications."""
        return None if self.places is None else self.places - self.taken
