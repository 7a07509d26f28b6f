"""Information clauses, and the consents that are something else: free, separate and withdrawn at any time."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.intake.models.applications import Application
from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import append_only, frozen, never_deleted
from centrum.register.enums import Channel
from centrum.register.models import Person

# What a version says. A text that somebody may have read is never rewritten: a new version says it otherwise.
CLAUSE_TEXT = (
    "code",
    "version",
    "controller",
    "purpose",
    "purpose_en",
    "title",
    "body",
    "title_en",
    "body_en",
    "valid_from",
)
CONSENT_TEXT = tuple(name for name in CLAUSE_TEXT if not name.startswith("title"))


@history()
class Clause(models.Model):
    """Information clause (klauzula informacyjna, art. 13 GDPR) in a version valid from a day."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    controller = models.CharField(_("controller"), max_length=200, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    purpose_en = models.CharField(_("purpose in English"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    title_en = models.CharField(_("title in English"), max_length=200)
    body_en = models.TextField(_("text in English"))
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("read and approved by the data protection officer")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("information clause")
        verbose_name_plural = _("information clauses")
        ordering = ["code", "-version"]
        triggers = [frozen("text_frozen", CLAUSE_TEXT, when=pgtrigger.Q())]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="clause_version_once"),
            *in_periods("clause", "code"),
        ]

    def __str__(self):
        return f"{self.title} ({self.version})"

    @property
    def purpose_shown(self):
        return self.purpose if get_language() == "pl" else self.purpose_en

    @property
    def title_shown(self):
        return self.title if get_language() == "pl" else self.title_en

    @property
    def body_shown(self):
        return self.body if get_language() == "pl" else self.body_en


class Acknowledgement(models.Model):
    """That the applicant was shown a clause in this very version and said to have read it; kept for ever."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="acknowledgements")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("acknowledged clause")
        verbose_name_plural = _("acknowledged clauses")
        constraints = [models.UniqueConstraint(fields=["application", "clause"], name="acknowledgement_once")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.application} · {self.clause}"


@history()
class ConsentText(models.Model):
    """What a consent says (art. 6(1)(a) GDPR), for one purpose of one controller, in a version valid from a day."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    controller = models.CharField(_("controller"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=200)
    purpose_en = models.CharField(_("purpose in English"), max_length=200)
    body = models.TextField(_("text"))
    body_en = models.TextField(_("text in English"))
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("read and approved by the data protection officer")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")
        ordering = ["code", "-version"]
        triggers = [never_deleted(), frozen("text_frozen", CONSENT_TEXT, when=pgtrigger.Q())]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="consenttext_version_once"),
            *in_periods("consenttext", "code"),
        ]

    def __str__(self):
        return f"{self.purpose} ({self.version})"

    @property
    def purpose_shown(self):
        return self.purpose if get_language() == "pl" else self.purpose_en

    @property
    def body_shown(self):
        return self.body if get_language() == "pl" else self.body_en


@history()
class Consent(models.Model):
    """One consent, given with an application or to a member of staff, until it is withdrawn; kept for ever."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="consents")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="consents")
    channel = models.CharField(_("how"), max_length=20, choices=Channel, blank=True, help_text=_("empty: by a form"))
    given_at = models.DateTimeField(_("given"), db_default=Now())
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        triggers = [
            never_deleted(),
            # the person is found later (and may be merged); a consent that was withdrawn stays so
            frozen("given_once", ["text", "application", "channel", "given_at", "noted_by"], when=pgtrigger.Q()),
            frozen(
                "withdrawn_once", ["withdrawn_at", "withdrawn_by"], when=pgtrigger.Q(old__withdrawn_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(person__isnull=False), name="consent_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_later",
            ),
            models.UniqueConstraint(fields=["application", "text"], name="consent_once_an_application"),
            # two applications of one person, or two rows of the register made one, may hold the same consent twice
        ]

    def __str__(self):
        return f"{self.text_id} {self.given_at:%Y-%m-%d}"
