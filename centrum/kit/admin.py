"""The admin of the house: quick lists of any size, journals that are read only, and texts that keep their versions."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.lists import COUNT_UP_TO
from centrum.kit.models import Disclosure, ExportRecord, OutboxMessage, Parameter, StateChange


class EstimatingPaginator(Paginator):
    """Never counts a whole table: takes PostgreSQL's estimate of it, and of a filtered list the first 10,001 rows.

    Pages beyond that are reached by a narrower filter.
    """

    @cached_property
    def count(self):
        rows = self.object_list
        found = rows.order_by()[: COUNT_UP_TO + 1].count()
        if found <= COUNT_UP_TO or rows.query.where:
            return found
        with connections[rows.db].cursor() as cursor:
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [rows.model._meta.db_table]
            )
            return max(cursor.fetchone()[0], found)


class HouseAdmin(admin.ModelAdmin):
    """What every table of the admin shares; foreign keys of tables that grow are typed as numbers."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0


class ReadOnlyAdmin(HouseAdmin):
    """Rows that only the house itself writes."""

    ordering = ("-id",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class VersionedAdmin(HouseAdmin):
    """Dated rows of a dictionary: what has been used keeps its words, and a change is a new row from a day.

    `keys`: never changed; `ends`: the day by which a row ends. The rest is read only once the row has begun and is
    confirmed; until somebody has confirmed it, a mistake is put right in place, which the journal keeps.
    """

    keys = ("code", "valid_from")
    ends = "valid_to"
    change_form_template = "admin/versioned_form.html"

    def is_settled(self, row):
        return row.valid_from <= clock.today() and getattr(row, "confirmed", True)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        if not self.is_settled(obj):
            return self.keys
        names = [field.name for field in obj._meta.fields if field.editable and not field.primary_key]
        return tuple(name for name in names if name != self.ends)

    def has_delete_permission(self, request, obj=None):
        return False  # codes stand in the data: a row ends by its date


@admin.display(description=_("state"), ordering="confirmed")
def confirmation(row):
    """Column of a list: whether a row was checked with its source."""
    return _("confirmed") if row.confirmed else _("to confirm")


@admin.register(Parameter)
class ParameterAdmin(VersionedAdmin):
    list_display = ("code", "name", "value", "unit", confirmation, "valid_from", "valid_to")
    list_filter = ("confirmed",)
    search_fields = ("code", "name")


@admin.register(StateChange)
class StateChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "noun", "object_id", "action", "source", "target", "by")
    list_select_related = ("by",)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ("at", "what", "noun", "object_id", "by")
    list_filter = ("what",)
    list_select_related = ("by",)


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "profile", "scope", "as_of", "rows", "by")
    list_select_related = ("by",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "to", "subject", "about", "sent_at", "failed_at")
    fields = ("to", "subject", "about", "created_at", "due_at", "attempts", "sent_at", "failed_at", "last_error")
