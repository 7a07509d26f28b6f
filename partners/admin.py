"""The dictionary of competences."""

from django.contrib import admin

from centrum.kit.admin import VersionedAdmin
from partners.models import Competence


@admin.register(Competence)
class CompetenceAdmin(VersionedAdmin):
    list_display = ("code", "label", "valid_from", "valid_to")
    search_fields = ("code", "label", "label_en")
