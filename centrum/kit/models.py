"""Journal, outbox, numbering, files and dated parameters: tables of the house without a domain."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import append_only, never_changed


class StateChange(models.Model):
    """One move of one object; written only by `transitions.move`."""

    noun = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=30)
    target = models.CharField(max_length=30)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")
        ordering = ["id"]
        indexes = [models.Index(fields=["noun", "object_id"], name="statechange_object")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.noun} {self.object_id}: {self.source} → {self.target}"


class Disclosure(models.Model):
    """An opening of protected data: who looked at what, and why."""

    class What(models.TextChoices):
        IDENTIFIER = "identifier", _("PESEL or other identifier")
        SENSITIVE = "sensitive", _("sensitive data")
        DOSSIER = "dossier", _("all data of a person (dossier)")

    what = models.CharField(max_length=20, choices=What)
    noun = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("opening of protected data")
        verbose_name_plural = _("openings of protected data")
        ordering = ["-id"]
        indexes = [models.Index(fields=["noun", "object_id"], name="disclosure_object")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disclosure_has_reason")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.noun} {self.object_id}: {self.what}"


class ExportRecord(models.Model):
    """One export that left the house: one row an export, never one a person."""

    profile = models.CharField(_("file"), max_length=60)
    scope = models.CharField(_("scope"), max_length=200, help_text=_("project number or other limit"))
    as_of = models.DateField(_("as of"), null=True)
    reason = models.TextField(_("reason"))
    rows = models.PositiveIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    dictionary_version = models.CharField(_("dictionary version"), max_length=40, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("export record")
        verbose_name_plural = _("export records")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="exportrecord_has_reason")]
        triggers = [append_only()]

    def __str__(self):
        return self.file_name


class OutboxMessage(models.Model):
    """A mail written in the transaction of what it tells of; `send_outbox` sends it afterwards."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    about = models.CharField(_("about"), max_length=60, blank=True, help_text=_("number of the case or application"))
    created_at = models.DateTimeField(_("written"), db_default=Now())
    due_at = models.DateTimeField(_("next try"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["about"], name="outbox_about", condition=~Q(about="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True), name="outbox_sent_or_failed"
            )
        ]

    def __str__(self):
        return self.subject


class NumberSeries(models.Model):
    """Last number given in a series and year; the row lock makes the series gapless."""

    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="numberseries_once")]

    def __str__(self):
        return f"{self.series}/{self.year}: {self.last}"


LARGEST_FILE = 10 * 1024 * 1024  # bytes


class StoredFile(models.Model):
    """A file, kept in the database with what it belongs to: one transaction, one backup, no path to guess.

    Made by `files.store`, sent by `files.send` after the view's own check of permission; never changed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    created_at = models.DateTimeField(_("added"), db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        triggers = [never_changed()]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__range=(1, LARGEST_FILE)) & Q(size=Length("data")), name="storedfile_size"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="storedfile_sha256"),
            models.CheckConstraint(condition=~Q(name=""), name="storedfile_name"),
        ]

    def __str__(self):
        return self.name


@history()
class Parameter(models.Model):
    """A number that a rule of law or of the house sets, valid from a day (read by `parameters.value`)."""

    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("unit of measure"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["code", "-valid_from"]
        constraints = in_periods("parameter", "code")

    def __str__(self):
        return f"{self.name}: {self.value.normalize():f} {self.unit}".strip()
