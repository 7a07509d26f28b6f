"""What the staff do on the way to a decision: declarations, checklist, opinions, requests; and the appeal."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.intake.enums import CheckVerdict, OpinionVerdict
from centrum.intake.models.applications import Application
from centrum.kit import clock
from centrum.kit.history import history
from centrum.kit.triggers import append_only, never_deleted

_USER = settings.AUTH_USER_MODEL


class Declaration(models.Model):
    """Deklaracja bezstronności: said before the first step in an application. `conflict`: bars from it for good."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="declarations")
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    conflict = models.BooleanField(_("conflict of interest"))
    text = models.TextField(_("what the conflict is"), blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("declaration of impartiality")
        verbose_name_plural = _("declarations of impartiality")
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "by"],
                condition=Q(conflict=False),
                name="declaration_once",
            ),
            models.UniqueConstraint(
                fields=["application", "by"],
                condition=Q(conflict=True),
                name="declaration_conflict_once",
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.by_id}"


@history()
class CheckAnswer(models.Model):
    """The answer to one point of the formal checklist (`Kind.checklist`)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="check_answers")
    item = models.SlugField(_("point"), max_length=40)
    verdict = models.CharField(_("verdict"), max_length=10, choices=CheckVerdict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("answer of the checklist")
        verbose_name_plural = _("answers of the checklist")
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="checkanswer_once"),
            models.CheckConstraint(condition=Q(verdict__in=CheckVerdict.values), name="checkanswer_verdict"),
            models.CheckConstraint(condition=~Q(verdict=CheckVerdict.NO) | ~Q(note=""), name="checkanswer_no_says_why"),
        ]

    def __str__(self):
        return f"{self.item}: {self.verdict}"


@history()
class Opinion(models.Model):
    """A second opinion that one member of staff asks of another; it binds nobody and stays."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    asked_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField(db_default=Now())
    of = models.ForeignKey(_USER, models.PROTECT, verbose_name=_("who is asked"), related_name="opinions")
    verdict = models.CharField(_("opinion"), max_length=10, choices=OpinionVerdict, blank=True)
    text = models.TextField(_("reasons"), blank=True)
    given_at = models.DateTimeField(_("given"), null=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["id"]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("of")), name="opinion_of_another"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, verdict="", text="")
                | Q(given_at__isnull=False, verdict__in=OpinionVerdict.values) & ~Q(text=""),
                name="opinion_given_whole",
            ),
            models.UniqueConstraint(
                fields=["application", "of"], condition=Q(given_at__isnull=True), name="opinion_asked_once"
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.of_id}"


@history()
class CompletionRequest(models.Model):
    """Wezwanie do uzupełnienia: which fields and attachments the applicant may change, and until when.

    `before`, `after`: {name: words, in the office's language} of what was asked, at the asking and at the answer.
    `dropped_at`: when a decision or a withdrawal made the answer needless.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="completion_requests")
    text = models.TextField(_("what to complete"))
    fields = ArrayField(models.CharField(max_length=60), verbose_name=_("fields"), default=list)
    attachments = ArrayField(models.CharField(max_length=40), verbose_name=_("attachments"), default=list)
    due_on = models.DateField(_("until"), help_text=_("last day"))
    asked_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(_("answered"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("request for completion")
        verbose_name_plural = _("requests for completion")
        ordering = ["id"]
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, dropped_at__isnull=True),
                name="completionrequest_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(dropped_at__isnull=True),
                name="completionrequest_answered_or_dropped",
            ),
            models.CheckConstraint(
                condition=~Q(fields=[]) | ~Q(attachments=[]), name="completionrequest_asks_something"
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.due_on}"

    @property
    def is_late(self):
        """Whether the last day is over, in Warsaw, with no answer."""
        return self.answered_at is None and clock.today() > self.due_on


@history()
class Appeal(models.Model):
    """Odwołanie from a rejection; decided by another person than the one who rejected."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="appeals")
    text = models.TextField(_("why you do not agree"))
    submitted_at = models.DateTimeField(_("submitted"), db_default=Now())
    against = models.ForeignKey(_USER, models.PROTECT, related_name="+")  # who rejected
    upheld = models.BooleanField(_("upheld"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["id"]
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(decided_at__isnull=True), name="appeal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, upheld__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, upheld__isnull=False) & ~Q(reason=""),
                name="appeal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("against")), name="appeal_by_another"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
        ]

    def __str__(self):
        return f"{self.application_id} {self.submitted_at:%Y-%m-%d}"
