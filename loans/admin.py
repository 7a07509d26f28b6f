"""The products of the loan fund."""

from django.contrib import admin

from centrum.kit.admin import VersionedAdmin
from loans.models import Product


@admin.register(Product)
class ProductAdmin(VersionedAdmin):
    list_display = ("code", "name", "largest", "months", "valid_from", "valid_to", "confirmed")
    search_fields = ("code", "name", "name_en")
