"""What is typed about a sample for an auditor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import DateField, MultilineField, PlainTextField
from centrum.register import audits
from centrum.staff.models import User


def _day(**kwargs):
    return DateField(widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}), **kwargs)


class ChangeSampleForm(forms.Form):
    purpose = PlainTextField(label=_("Purpose"), help_text=_("For example: audit of the payment claim for October."))
    first_day = _day(label=_("First day"), initial=today, help_text=_("For example 3.12.2026"))
    last_day = _day(label=_("Last day"), help_text=_("After it the auditor opens none of these files."))


class SampleForm(ChangeSampleForm):
    auditor = forms.ModelChoiceField(User.objects.none(), label=_("Auditor"))
    numbers = MultilineField(
        label=_("Numbers of cases or applications"),
        required=False,
        max_length=20_000,
        help_text=_("One in a line, or with commas. People can also be found by name on the next page."),
    )
    field_order = ["auditor", "purpose", "first_day", "last_day", "numbers"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["auditor"].queryset = audits.auditors()


class NumbersForm(forms.Form):
    numbers = MultilineField(
        label=_("Numbers of cases or applications"),
        max_length=20_000,
        help_text=_("One in a line, or with commas."),
    )


class PersonSearchForm(forms.Form):
    q = forms.CharField(label=_("Name, e-mail, phone or PESEL"), max_length=200, required=False)
