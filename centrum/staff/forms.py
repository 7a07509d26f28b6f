"""Forms of sign-in and passwords, and the filters of outbox and journal."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import DateField, EmailField
from centrum.staff import journal
from centrum.staff.models import User


class SignInForm(AuthenticationForm):
    username = EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    error_messages = {
        # one message for an unknown address, a wrong password and a closed account
        "invalid_login": _("The e-mail or the password is wrong. Check both and try again."),
        "inactive": _("The e-mail or the password is wrong. Check both and try again."),
    }


class PasswordLinkForm(forms.Form):
    email = EmailField(label=_("E-mail"), help_text=_("The address with which you sign in."))


class OutboxFilter(forms.Form):
    STATES = [
        ("", _("all")),
        ("waiting", _("waiting")),
        ("sent", _("sent")),
        ("failed", _("given up")),
    ]
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    q = forms.CharField(label=_("Recipient or number"), max_length=100, required=False)


class JournalFilter(forms.Form):
    tab = forms.CharField(widget=forms.HiddenInput, required=False)
    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.all(), required=False, empty_label=_("all"))
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)


class RowsFilter(JournalFilter):
    table = forms.ChoiceField(label=_("Table"), choices=journal.table_choices, required=False)
    field_order = ["tab", "table", "user", "since", "until"]
