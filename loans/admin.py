"""The products of the loan fund, the lenders whose credits it guarantees, its chart of accounts, what a score card
judges, who sits in the committee, what is done about arrears, and the tables of de minimis aid."""

from django import forms
from django.contrib import admin

from centrum.kit import clock
from centrum.kit.admin import VersionedAdmin, confirmation
from centrum.kit.fields import NipField
from loans import committee
from loans.models import (
    Account,
    AidKind,
    AidMargin,
    ArrearsStep,
    CommitteeMember,
    Lender,
    Product,
    SafeHarbourPremium,
    ScoreCriterion,
)


@admin.register(Product)
class ProductAdmin(VersionedAdmin):
    list_display = ("code", "name", "largest", "months", "valid_from", "valid_to", "confirmed")
    search_fields = ("code", "name", "name_en")


class LenderForm(forms.ModelForm):
    nip = NipField(label="NIP")


@admin.register(Lender)
class LenderAdmin(VersionedAdmin):
    """An agreement on cooperation that has begun stays as it was signed, but for who the lender is called and where it
    has its seat; it ends by the first day without it."""

    form = LenderForm

    keys = ("nip", "agreement", "since")
    ends = "until"
    list_display = ("name", "nip", "agreement", "most_cover", "since", "until")
    search_fields = ("name", "nip", "agreement")

    def is_settled(self, row):
        return row.since <= clock.today()

    def get_readonly_fields(self, request, obj=None):
        return tuple(name for name in super().get_readonly_fields(request, obj) if name not in ("name", "address"))


@admin.register(Account)
class AccountAdmin(VersionedAdmin):
    keys = ("code", "kind", "counter", "sign")
    list_display = ("code", "name", "kind", "counter", "confirmed")
    search_fields = ("code", "name", "name_en")

    def is_settled(self, row):
        return row.confirmed  # an account has no period


@admin.register(ScoreCriterion)
class ScoreCriterionAdmin(VersionedAdmin):
    list_display = ("code", "name", "most", "order", "valid_from", "valid_to", confirmation)
    search_fields = ("code", "name", "name_en")


@admin.register(ArrearsStep)
class ArrearsStepAdmin(VersionedAdmin):
    list_display = ("code", "name", "days", "channel", "cost", "valid_from", "valid_to", confirmation)
    search_fields = ("code", "name", "name_en")


@admin.register(CommitteeMember)
class CommitteeMemberAdmin(VersionedAdmin):
    keys = ("user", "role", "valid_from")
    list_display = ("user", "role", "valid_from", "valid_to")
    list_select_related = ("user",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = committee.eligible().order_by("last_name", "first_name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(AidMargin)
class AidMarginAdmin(VersionedAdmin):
    keys = ("rating", "collateral", "valid_from")
    list_display = ("rating", "collateral", "points", "valid_from", "valid_to", confirmation)
    list_filter = ("rating",)


@admin.register(SafeHarbourPremium)
class SafeHarbourPremiumAdmin(VersionedAdmin):
    keys = ("rating", "valid_from")
    list_display = ("rating", "rate", "valid_from", "valid_to", confirmation)


@admin.register(AidKind)
class AidKindAdmin(VersionedAdmin):
    keys = ("instrument", "valid_from")
    list_display = ("instrument", "name", "form_code", "purpose_code", "valid_from", "valid_to", confirmation)
