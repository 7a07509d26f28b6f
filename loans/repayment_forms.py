"""What staff type about repayments: parsed here, judged by loans/repayments.py. `key` is the request."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import AmountField, PlainTextField
from centrum.register.enterprise_forms import day
from loans.enums import EarlyMode
from loans.repayments import MOST


def _amount(**kwargs):
    return AmountField(min_value=Decimal("0.01"), max_value=Decimal(MOST - 1), **kwargs)


def mode_field():
    """What more than is owed does: never a repayment before its day without the borrower's word."""
    return forms.ChoiceField(
        label=_("What is more than is owed today"),
        choices=EarlyMode.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("An early repayment needs the borrower's instruction."),
    )


class PaymentForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = _amount(label=_("Amount, PLN"))
    value_date = day(label=_("Day of the payment"), help_text=_("The value date of the statement."))
    document = PlainTextField(label=_("Number of the statement"), max_length=60, help_text=_("For example WB/12/2026."))
    mode = mode_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("value_date", today())
        self.initial.setdefault("mode", EarlyMode.WAITS)


class SendBackForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = _amount(label=_("Amount, PLN"))
    value_date = day(label=_("Day on which it was sent back"))
    document = PlainTextField(label=_("Number of the statement"), max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("value_date", today())


class CostForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = _amount(label=_("Amount, PLN"))
    on = day(label=_("Owed from"))
    text = PlainTextField(label=_("For what"), max_length=200, help_text=_("The agreement has to let it be charged."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today())


class PayoffForm(forms.Form):
    """In the address, so it can be sent to somebody as a link."""

    dzien = day(label=_("Paid on"))
