"""Places, classifications and at-risk groups, kept by the administrator; merges, to be read only."""

from django.contrib import admin

from centrum.kit.admin import HouseAdmin, ReadOnlyAdmin, VersionedAdmin, confirmation
from centrum.register.models import Commune, Locality, Merge, PkdCode, RiskGroup


@admin.register(Commune)
class CommuneAdmin(VersionedAdmin):
    keys = ("teryt", "valid_from")
    list_display = ("teryt", "name", "county", "voivodeship", "degurba", confirmation, "valid_from", "valid_to")
    list_filter = ("confirmed", "voivodeship")
    search_fields = ("teryt", "name", "county")


@admin.register(Locality)
class LocalityAdmin(ReadOnlyAdmin):
    """As the file of GUS has them; the command that imports it writes them."""

    list_display = ("simc", "name", "kind", "teryt", "valid_from", "valid_to")
    search_fields = ("=simc", "=teryt", "search__startswith")
    ordering = ("id",)


@admin.register(PkdCode)
class PkdCodeAdmin(HouseAdmin):
    list_display = ("code", "version", "name", confirmation)
    list_filter = ("version", "confirmed")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request, obj=None):
        return ("version", "code", *(("name",) if obj.confirmed else ())) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False  # it stands in the activities of organisations


@admin.register(RiskGroup)
class RiskGroupAdmin(VersionedAdmin):
    keys = ("letter", "valid_from")
    list_display = ("letter", "name", "category", confirmation, "valid_from", "valid_to")
    list_filter = ("category", "confirmed")


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("at", "noun", "kept_id", "gone_id", "reason", "by")
    list_select_related = ("by",)
