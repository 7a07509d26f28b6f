"""The journal and the outbox in the admin: to be read only, and the letters without their text."""

from django.contrib import admin

from centrum.kit.models import Disclosure, ExportRecord, OutboxMessage, StateChange


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the house itself writes."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(StateChange)
class StateChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "noun", "object_id", "action", "source", "target", "by")
    list_filter = ("noun",)
    list_select_related = ("by",)
    ordering = ("-id",)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ("at", "what", "noun", "object_id", "by")
    list_filter = ("what",)
    list_select_related = ("by",)
    ordering = ("-id",)


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "profile", "scope", "as_of", "rows", "by")
    list_filter = ("profile",)
    list_select_related = ("by",)
    ordering = ("-id",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "to", "subject", "about", "sent_at", "failed_at")
    fields = ("to", "subject", "about", "created_at", "due_at", "attempts", "sent_at", "failed_at", "last_error")
    ordering = ("-id",)
