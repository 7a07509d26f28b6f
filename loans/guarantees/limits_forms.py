"""Form of the limits of the guarantees of a fund."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import PlainTextField


class LimitsForm(forms.Form):
    multiplier = forms.DecimalField(
        label=_("How many times its capital does the fund guarantee?"),
        min_value=Decimal("0.01"),
        max_value=Decimal(20),
        decimal_places=2,
        localize=True,
    )
    percent = forms.DecimalField(
        label=_("What part of the capital for one client with those linked, in per cent?"),
        min_value=Decimal("0.001"),
        max_value=Decimal(100),
        decimal_places=3,
        localize=True,
    )
    reasons = PlainTextField(label=_("Reason, for example the resolution"), max_length=300)

    @property
    def said(self):
        """What the service takes: the part as a fraction."""
        data = self.cleaned_data
        return {
            "multiplier": data["multiplier"],
            "client_cap": data["percent"] / 100,
            "reasons": data["reasons"],
        }
