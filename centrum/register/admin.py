"""Communes with their degree of urbanisation, kept by the administrator."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from centrum.register.models import Commune


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin):
    list_display = ("teryt", "name", "county", "voivodeship", "degurba", "state", "valid_from", "valid_to")
    list_filter = ("confirmed", "voivodeship")
    search_fields = ("teryt", "name", "county")
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="confirmed")
    def state(self, commune):
        return _("confirmed") if commune.confirmed else _("to confirm")
