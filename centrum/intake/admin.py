"""Clauses, texts of consents and letters, kept by the administrator.

A version of a clause or consent is never rewritten, as a trigger sees to: a new one says it otherwise.
"""

from django.contrib import admin

from centrum.intake.models import Clause, ConsentText, LetterTemplate
from centrum.intake.models.clauses import CLAUSE_TEXT, CONSENT_TEXT
from centrum.kit.admin import ReadOnlyAdmin, VersionedAdmin, confirmation


class _VersionAdmin(VersionedAdmin):
    list_filter = ("code",)

    def is_settled(self, row):
        return False  # whether it is confirmed and when it ends may always be noted, its keys never


@admin.register(Clause)
class ClauseAdmin(_VersionAdmin):
    keys = CLAUSE_TEXT
    list_display = ("code", "version", "title", confirmation, "valid_from", "valid_to")


@admin.register(ConsentText)
class ConsentTextAdmin(_VersionAdmin):
    keys = CONSENT_TEXT
    list_display = ("code", "version", "purpose", confirmation, "valid_from", "valid_to")


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReadOnlyAdmin):
    """To be read here: they are written in the office, where the placeholders are checked and shown."""

    list_display = ("code", "language", "subject")
    list_filter = ("language",)
    ordering = ("code", "-language")
