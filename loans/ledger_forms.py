"""Forms of the ledger; `key` is the request, so that a double click posts once."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import AmountField, PlainTextField
from centrum.register.enterprise_forms import day


class FundForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("It stands in addresses, for example fp."))
    name = PlainTextField(label=_("Name"), max_length=200)


class PayInForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("Amount, PLN"), min_value=Decimal("0.01"), max_value=Decimal(10**9))
    value_date = day(label=_("Day of the payment"))
    document = PlainTextField(label=_("Number of the document"), max_length=60)
    guarantees = forms.BooleanField(label=_("Capital for guarantees, on their account"), required=False)
    entrusted = forms.BooleanField(label=_("Entrusted money, to be given back"), required=False)


class PayOutForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(
        label=_("Capital for guarantees paid out, PLN"),
        help_text=_("Only from their account. Capital for loans goes out by a line of the bank statement."),
        min_value=Decimal("0.01"),
        max_value=Decimal(10**9),
    )
    value_date = day(label=_("Paid out on"))
    document = PlainTextField(label=_("Number of the document"), max_length=60)
    entrusted = forms.BooleanField(label=_("Entrusted money that is given back"), required=False)


class ReverseForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = PlainTextField(label=_("Reason"), max_length=200)


class DayForm(forms.Form):
    dzien = day(label=_("As of"), required=False)
