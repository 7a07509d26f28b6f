"""Accounts and units. A new account gets an invitation by mail; nobody sets a password for somebody else."""

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from centrum.kit.admin import HouseAdmin, ReadOnlyAdmin
from centrum.staff import services
from centrum.staff.enums import Scope
from centrum.staff.models import Authorisation, Delegation, SignInAttempt, Unit, User

admin.site.unregister(Group)  # what an account may do follows from its role alone


class AddUserForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("Authorisations to issue"),
        choices=Scope,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In force from today. Without one the account opens nobody's data."),
    )


@admin.register(User)
class UserAdmin(HouseAdmin):
    list_display = ("email", "last_name", "first_name", "role", "unit", "is_active", "last_login")
    list_filter = ("role", "unit", "is_active")
    list_select_related = ("unit",)
    search_fields = ("email", "first_name", "last_name")
    actions = ("send_password_link",)

    def get_fields(self, request, obj=None):
        fields = ["email", "first_name", "last_name", "job", "role", "unit"]
        return [*fields, "is_active", "last_login", "created_at"] if obj else [*fields, "scopes"]

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **(kwargs if obj else {**kwargs, "form": AddUserForm}))

    def get_readonly_fields(self, request, obj=None):
        fields = ["last_login", "created_at"]
        # nobody locks themselves out
        return [*fields, "role", "is_active"] if obj == request.user else fields

    def has_delete_permission(self, request, obj=None):
        return False  # their name stands in the journal: an account is deactivated

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = services.create_account(by=request.user, **form.cleaned_data).pk

    @admin.action(description=_("Send a link to set the password"))
    def send_password_link(self, request, users):
        sent = [user for user in users if services.send_password_link(email=user.email)]
        message = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", len(sent))
        self.message_user(request, message % {"count": len(sent)})


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    list_display = ("name", "code", "kind")

    def has_delete_permission(self, request, obj=None):
        return False  # clients and papers belong to it


@admin.register(Authorisation)
class AuthorisationAdmin(ReadOnlyAdmin):
    """To be read here; they are issued and ended in the office."""

    list_display = ("number", "user", "scope", "valid_from", "valid_to", "issued_by")
    list_filter = ("scope",)
    list_select_related = ("user", "issued_by")


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ("absent", "deputy", "valid_from", "valid_to", "revoked_at", "made_by")
    list_select_related = ("absent", "deputy", "made_by")


@admin.register(SignInAttempt)
class SignInAttemptAdmin(ReadOnlyAdmin):
    list_display = ("at", "step", "outcome", "user", "address", "browser")
    list_filter = ("outcome", "step")
    list_select_related = ("user",)
    fields = ("at", "step", "outcome", "user", "address", "browser")
