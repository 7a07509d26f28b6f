"""Forms of sign-in and passwords, and the filters of outbox and journal."""

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import DateField, EmailField, MultilineField
from centrum.staff import journal
from centrum.staff.enums import Outcome
from centrum.staff.models import User


class SignInForm(forms.Form):
    username = EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the application"),
        help_text=_("Six digits. A new one comes every 30 seconds."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w10", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("Three groups of four, from the list that you kept when you set up the application."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w20", "autocomplete": "off", "spellcheck": "false"}),
    )


class ConfirmForm(forms.Form):
    """Asks for a code where the user has a second factor, for the password where not."""

    secret = forms.CharField(strip=False, max_length=4096)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["secret"]
        if user.has_second_factor:
            field.label = _("Code of the application, or a recovery code")
            field.widget = forms.TextInput(attrs={"class": "w20", "autocomplete": "one-time-code"})
        else:
            field.label = _("Password")
            field.widget = forms.PasswordInput(attrs={"class": "w20", "autocomplete": "current-password"})


class ChangePasswordForm(SetPasswordForm):
    """The old password is only taken here; whether it is right is looked at where tries are counted."""

    old_password = forms.CharField(
        label=_("Old password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]


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


class RemoveFactorForm(forms.Form):
    reason = MultilineField(
        label=_("Why is it removed?"),
        max_length=500,
        help_text=_("Say how you made sure who asked, e.g. “came to the office”. The owner gets it by mail."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class AccountFilter(forms.Form):
    STATES = [
        ("", _("all")),
        ("invited", _("invited, not accepted yet")),
        ("bare", _("without a second factor")),
        ("closed", _("closed")),
    ]
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    q = forms.CharField(label=_("Name or e-mail"), max_length=100, required=False)


class SignInFilter(forms.Form):
    tab = forms.CharField(widget=forms.HiddenInput, required=False)
    user = forms.ModelChoiceField(label=_("Account"), queryset=User.objects.all(), required=False, empty_label=_("all"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("all")), *Outcome.choices], required=False)


class JournalFilter(forms.Form):
    tab = forms.CharField(widget=forms.HiddenInput, required=False)
    user = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.all(), required=False, empty_label=_("all"))
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)


class RowsFilter(JournalFilter):
    table = forms.ChoiceField(label=_("Table"), choices=journal.table_choices, required=False)
    field_order = ["tab", "table", "user", "since", "until"]
