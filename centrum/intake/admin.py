"""Information clauses, kept by the administrator. A version that somebody has read is never rewritten."""

from django.contrib import admin

from centrum.intake.models import Acknowledgement, Clause


@admin.register(Clause)
class ClauseAdmin(admin.ModelAdmin):
    list_display = ("code", "version", "title", "valid_from", "valid_to")
    list_filter = ("code",)

    def get_readonly_fields(self, request, obj=None):
        if obj is None or not self._was_read(obj):
            return ()
        return ("code", "version", "title", "body", "title_en", "body_en", "valid_from")

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self._was_read(obj))

    @staticmethod
    def _was_read(clause):
        return Acknowledgement.objects.filter(clause=clause).exists()
