"""Two rows of the same person or organisation made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.triggers import append_only


class Merge(models.Model):
    """What was merged into what, by whom and why; the row that is gone stays as a tombstone (`merged_into`)."""

    noun = models.CharField(max_length=60)  # register.person or register.organisation
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    reason = models.TextField(_("reason"))
    taken = models.JSONField(default=list)  # names of the fields taken from the row that is gone
    moved = models.JSONField(default=dict)  # label of the table → number of its rows that were re-pointed
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["noun", "gone_id"], name="merge_once"),
            models.CheckConstraint(condition=~Q(kept_id=F("gone_id")) & ~Q(reason=""), name="merge_of_two"),
        ]

    def __str__(self):
        return f"{self.noun} {self.gone_id} → {self.kept_id}"
