"""Texts of letters that the staff edit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import never_deleted


@history()
class LetterTemplate(models.Model):
    """Subject and text of a letter in a language, with {placeholders} that `letters.render` fills in."""

    code = models.SlugField(_("letter"), max_length=40)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["code", "-language"]
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(fields=["code", "language"], name="lettertemplate_once"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="lettertemplate_whole"),
        ]

    def __str__(self):
        return f"{self.code} ({self.language})"
