"""Files that belong to an application, and the secret links that open it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.intake.enums import LinkPurpose
from centrum.intake.models.applications import Application
from centrum.kit.history import history
from centrum.kit.models import StoredFile


@history()
class Attachment(models.Model):
    """A file of a kind that the kind of application asks for (`AttachmentRule.code`)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    rule = models.SlugField(_("kind of attachment"), max_length=40)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="attachment")
    added_at = models.DateTimeField(_("added"), db_default=Now())
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, help_text=_("empty: the applicant"), related_name="+"
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [models.Index(fields=["application", "rule"], name="attachment_rule")]

    def __str__(self):
        return str(self.file)


class AccessLink(models.Model):
    """A secret link to one application for one purpose; only the hash of its token is kept."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="links")
    purpose = models.CharField(_("purpose"), max_length=20, choices=LinkPurpose)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    email = models.EmailField(_("sent to"))
    created_at = models.DateTimeField(_("made"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    # closed by hand: whoever came by it is turned away at once
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, help_text=_("empty: the applicant"), related_name="+"
    )
    used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("link to an application")
        verbose_name_plural = _("links to applications")
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "purpose"], name="accesslink_application")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=LinkPurpose.values), name="accesslink_purpose"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accesslink_expires"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, revoked_at__isnull=False),
                name="accesslink_closed",
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.purpose}"
