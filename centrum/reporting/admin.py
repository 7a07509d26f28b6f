"""EU projects with their staff, the dictionaries of SM EFS, and the files that came in."""

from django import forms
from django.contrib import admin
from django.db import models

from centrum.kit.admin import HouseAdmin, ReadOnlyAdmin, VersionedAdmin, confirmation
from centrum.reporting.models import DictionaryEntry, ImportRecord, Project


@admin.register(Project)
class ProjectAdmin(HouseAdmin):
    list_display = ("number", "title", "starts_on", "ends_on", "closed_on")
    search_fields = ("number", "title")
    # the two-list widget of the admin breaks ARIA rules; boxes to tick need no script either
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def has_delete_permission(self, request, obj=None):
        return False  # its participants are kept for years


@admin.register(DictionaryEntry)
class DictionaryEntryAdmin(VersionedAdmin):
    """A label that changes is a new entry from a day: files of earlier days keep the old one."""

    keys = ("field", "code", "parent", "valid_from")
    list_display = ("field", "code", "parent", "label", confirmation, "valid_from", "valid_to")
    list_filter = ("confirmed", "field")
    search_fields = ("code", "label")


@admin.register(ImportRecord)
class ImportRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "project", "layout", "file_name", "rows", "created", "updated", "by")
    list_select_related = ("project", "by")
