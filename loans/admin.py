"""The products of the loan fund."""

from django.contrib import admin

from centrum.kit.admin import VersionedAdmin
from loans.models import Account, Product


@admin.register(Product)
class ProductAdmin(VersionedAdmin):
    list_display = ("code", "name", "largest", "months", "valid_from", "valid_to", "confirmed")
    search_fields = ("code", "name", "name_en")


@admin.register(Account)
class AccountAdmin(VersionedAdmin):
    keys = ("code", "kind", "counter", "sign")
    list_display = ("code", "name", "kind", "counter", "confirmed")
    search_fields = ("code", "name", "name_en")

    def is_settled(self, row):
        return row.confirmed  # an account has no period
