"""Contracts, rates, costs and payments."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import AmountField, PlainTextField
from centrum.register.enterprise_forms import day
from trainings.enums import CostKind, HourMinutes, RateUnit
from trainings.forms import whole

_DAY = datetime.timedelta(days=1)


class _PeriodForm(forms.Form):
    """`valid_from` and the last day, cleaned to `valid_to`, the first day after it."""

    number = PlainTextField(label=_("Number of the contract"), max_length=60)
    valid_from = day(label=_("Valid from"))
    last_day = day(label=_("Last day"), required=False)

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        if row:
            self.initial |= {name: getattr(row, name) for name in self.fields if name != "last_day"}
            self.initial["last_day"] = row.valid_to and row.valid_to - _DAY

    def clean(self):
        said = super().clean()
        if "last_day" in said:
            last = said.pop("last_day")
            first = said.get("valid_from")
            if last and first and last < first:
                self.add_error("last_day", _("The last day comes no earlier than the first."))
            said["valid_to"] = last and last + _DAY
        return said


class ContractForm(_PeriodForm):
    rate = AmountField(label=_("Rate for an hour, PLN"), min_value=0, max_digits=9)
    hour_minutes = forms.TypedChoiceField(label=_("Counted in"), choices=HourMinutes, coerce=int, initial=60)
    hours_limit = whole(label=_("Hours at most"), min_value=1, max_value=30_000, required=False)

    field_order = ("number", "rate", "hour_minutes", "hours_limit", "valid_from", "last_day")


class RateForm(_PeriodForm):
    rate = AmountField(label=_("Rate, PLN"), min_value=0, max_digits=9)
    unit = forms.ChoiceField(label=_("For"), choices=RateUnit, widget=forms.RadioSelect, initial=RateUnit.HOUR)

    field_order = ("number", "rate", "unit", "valid_from", "last_day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False


class CostForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of cost"), choices=CostKind)
    description = PlainTextField(label=_("Description"), max_length=200)
    planned = AmountField(label=_("Planned, PLN"), min_value=0, max_digits=11)


class PayForm(forms.Form):
    paid = AmountField(label=_("Paid, PLN"), min_value=0, max_digits=11, required=False)
    paid_on = day(label=_("Paid on"), required=False)
    document = PlainTextField(
        label=_("Number of the document"), max_length=60, required=False, help_text=_("Invoice, bill or receipt.")
    )
    reason = PlainTextField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Why the payment is set right. It stays in the journal."),
    )

    def __init__(self, *args, noted, **kwargs):
        """`noted`: a payment is there already, so a reason is needed."""
        super().__init__(*args, **kwargs)
        if not noted:
            del self.fields["reason"]


class MonthForm(forms.Form):
    miesiac = forms.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])$", required=False)

    def first(self, today):
        """The first day of the month asked for, of this month without one."""
        text = self.cleaned_data.get("miesiac") if self.is_valid() else ""
        return datetime.date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
