"""What is asked on many pages of loans, what the calculator is asked, and what staff type about rates: parsed here,
judged by services."""

from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import AmountField, MultilineField, PercentField, PlainTextField
from centrum.register.enterprise_forms import day
from loans.enums import Method, NbpKind


def whole_months(**kwargs):
    return forms.IntegerField(
        widget=forms.TextInput(attrs={"class": "w4", "inputmode": "numeric", "autocomplete": "off"}), **kwargs
    )


class ShareField(PercentField):
    """A PercentField that shows a fraction, 0.8, as the per cent that people type, `80`; two places more than these."""

    def clean(self, value):
        share = super().clean(value)
        return None if share is None else share.quantize(Decimal(1).scaleb(-self.decimal_places - 2))

    def prepare_value(self, value):
        return (value * 100).normalize() + Decimal(0) if isinstance(value, Decimal) else value


class ReasonForm(forms.Form):
    reason = MultilineField(label=_("Reason"))


class NoFieldForm(forms.Form):
    """A step that needs nothing but the click."""


def officer_filter():
    """Whose loans a list shows: "me" for the user's own."""
    choices = [("", pgettext_lazy("loans", "all")), ("me", _("me"))]
    return forms.ChoiceField(label=_("Loan officer"), required=False, choices=choices)


class CalculatorForm(forms.Form):
    """`products`: those offered today, as a list."""

    product = forms.ChoiceField(label=_("Which loan?"), widget=forms.RadioSelect)
    amount = AmountField(label=_("How much (PLN)?"), min_value=Decimal("0.01"))
    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(
        label=_("Grace on principal in months"),
        min_value=0,
        max_value=360,
        required=False,
        help_text=_("At the beginning you pay interest only. These months count in the term."),
    )
    method = forms.ChoiceField(
        label=_("Kind of instalments"),
        choices=Method,
        widget=forms.RadioSelect,
        help_text=_("Decreasing ones cost less in all; equal ones are lower at the beginning."),
    )
    new_job = forms.BooleanField(
        label=_("We create a new job with this loan (some loans then cost less)"), required=False
    )

    def __init__(self, *args, products, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_code = {product.code: product for product in products}
        self.fields["product"].choices = [(code, str(product)) for code, product in self.by_code.items()]

    def data_as_query(self):
        """The wishes as the query of an address."""
        return urlencode({name: self.data.get(name, "") for name in self.fields if self.data.get(name)})

    def clean_product(self):
        return self.by_code[self.cleaned_data["product"]]

    def clean_grace(self):
        return self.cleaned_data["grace"] or 0


class RateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Rate"), choices=NbpKind, widget=forms.RadioSelect)
    rate = PercentField(label=_("Value in per cent"), min_value=Decimal(0), help_text=_("For example: 3,75."))
    valid_from = day(label=_("Valid from"))
    source = PlainTextField(
        label=pgettext_lazy("of a rate", "Source"),
        max_length=200,
        help_text=_("For example: resolution no. 1/2026 of the Monetary Policy Council."),
    )
