"""EU projects with their staff, the dictionaries of SM EFS, and the files that came in."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrum.kit.admin import ReadOnlyAdmin
from centrum.reporting.models import DictionaryEntry, ImportRecord, Project


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ("number", "title", "starts_on", "ends_on", "closed_on")
    search_fields = ("number", "title")
    # the two-list widget of the admin breaks ARIA rules; boxes to tick need no script either
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def has_delete_permission(self, request, obj=None):
        return False  # its participants are kept for years


@admin.register(DictionaryEntry)
class DictionaryEntryAdmin(admin.ModelAdmin):
    """A label that changes is a new entry from a day: files of earlier days keep the old one."""

    list_display = ("field", "code", "parent", "label", "state", "valid_from", "valid_to")
    list_filter = ("confirmed", "field")
    search_fields = ("code", "label")
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="confirmed")
    def state(self, entry):
        return _("confirmed") if entry.confirmed else _("to confirm")

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return ("field", "code", "parent", "valid_from", *(("label",) if obj.confirmed else ()))

    def has_delete_permission(self, request, obj=None):
        return False  # codes stand in the data: an entry ends by its date


@admin.register(ImportRecord)
class ImportRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "project", "layout", "file_name", "rows", "created", "updated", "by")
    list_select_related = ("project", "by")
    ordering = ("-id",)
