"""What staff type to get a file of one thing as of a day, or a report of a period."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centrum.kit import clock
from centrum.kit.fields import PlainTextField
from centrum.register.enterprise_forms import day


class _ReasonForm(forms.Form):
    reason = PlainTextField(
        label=_("What is the file for?"), max_length=500, help_text=_("It stays in the journal with your name.")
    )
    field_order = ("profile", "first", "day", "reason")

    def clean_day(self):
        said = self.cleaned_data["day"]
        if said > clock.today():
            raise ValidationError(_("Choose today or an earlier day: what comes later has not happened yet."))
        return said


class FilesForm(_ReasonForm):
    profile = forms.ChoiceField(label=_("File"), widget=forms.RadioSelect)
    day = day(label=_("As of"), initial=clock.today)

    def __init__(self, *args, profiles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [(profile.name, profile.label) for profile in profiles]


class ReportForm(_ReasonForm):
    """`profiles` where there are several reports to choose from."""

    profile = forms.ChoiceField(label=_("File"), widget=forms.RadioSelect)
    first = day(label=_("First day of the period"))
    day = day(label=_("Last day of the period"), initial=clock.today)

    def __init__(self, *args, profiles=(), **kwargs):
        super().__init__(*args, **kwargs)
        if profiles:
            self.fields["profile"].choices = [(profile.name, profile.label) for profile in profiles]
        else:
            del self.fields["profile"]

    def clean(self):
        said = super().clean()
        if said.get("first") and said.get("day") and said["day"] < said["first"]:
            self.add_error("day", _("The period ends before it begins."))
        return said
