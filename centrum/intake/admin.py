"""Information clauses, kept by the administrator. A version is never rewritten: a new one says it otherwise."""

from django.contrib import admin

from centrum.intake.models import Acknowledgement, Clause
from centrum.intake.models.clauses import CLAUSE_TEXT


@admin.register(Clause)
class ClauseAdmin(admin.ModelAdmin):
    list_display = ("code", "version", "title", "valid_from", "valid_to")
    list_filter = ("code",)

    def get_readonly_fields(self, request, obj=None):
        return CLAUSE_TEXT if obj else ()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self._was_read(obj))

    @staticmethod
    def _was_read(clause):
        return Acknowledgement.objects.filter(clause=clause).exists()
