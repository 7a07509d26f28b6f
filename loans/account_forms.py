"""What staff type for the papers of a loan's account, and for the link of its borrower."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.register.enterprise_forms import day


class StatementForm(forms.Form):
    first = day(label=_("From"))
    last = day(label=_("To"))


class BalanceForm(forms.Form):
    day = day(label=_("As of the day"), help_text=_("What was booked by the end of this day."))


class LinkForm(forms.Form):
    email = forms.ChoiceField(
        label=_("Address"),
        widget=forms.RadioSelect,
        help_text=_("Those of the organisation, of the contact person and of the application."),
    )

    def __init__(self, *args, addresses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].choices = [(address, address) for address in addresses]
