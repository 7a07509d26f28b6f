"""What is asked before a file leaves the house."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import DateField, PlainTextField
from centrum.reporting.models import Project


class ExportForm(forms.Form):
    profile = forms.ChoiceField(label=_("File"))
    project = forms.ModelChoiceField(Project.objects.none(), label=_("EU project"), empty_label=None)
    day = DateField(
        label=_("As of"),
        initial=today,
        help_text=_("What had begun, been approved or ended by this day. For example 31.12.2026."),
    )
    reason = PlainTextField(
        label=_("What is the file for?"),
        max_length=500,
        help_text=_("It stays in the journal with your name. For example: payment claim no. 7."),
    )

    def __init__(self, data=None, *, profiles, projects, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["profile"].choices = [(profile.name, profile.label) for profile in profiles]
        self.fields["project"].queryset = projects
        self.fields["day"].widget.attrs["class"] = "w10"

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > today():
            raise ValidationError(_("Choose today or an earlier day: what comes later has not happened yet."))
        return day
