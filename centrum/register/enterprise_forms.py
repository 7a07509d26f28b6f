"""What staff type about the status of social enterprise: parsed here, judged by services."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import DateField, MultilineField, PlainTextField
from centrum.register.enums import Aim, Regime
from centrum.register.forms import SearchField


def day(**kwargs):
    """A DateField as narrow as a date."""
    return DateField(widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}), **kwargs)


def _count(**kwargs):
    return forms.IntegerField(
        min_value=0,
        max_value=32_000,
        widget=forms.TextInput(attrs={"class": "w4", "inputmode": "numeric", "autocomplete": "off"}),
        **kwargs,
    )


class EnterpriseFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", pgettext_lazy("status of social enterprise", "all")),
            ("in_force", _("in force")),
            ("lost", _("not in force any more")),
            ("duty", _("due soon or late")),
        ],
    )


class ReportFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("Report"),
        required=False,
        choices=[
            ("", pgettext_lazy("reports", "all")),
            ("sent", _("sent in time")),
            ("late", _("sent late")),
            ("missing", _("missing")),
        ],
    )


class StatusForm(forms.Form):
    regime = forms.ChoiceField(label=_("Legal basis"), choices=Regime, widget=forms.RadioSelect)
    aim = forms.ChoiceField(
        label=_("Aim"),
        choices=Aim,
        widget=forms.RadioSelect,
        help_text=_("As the decision names it (art. 4 ust. 1 of the Act)."),
    )
    decision_no = PlainTextField(label=_("Number of the decision"), max_length=60)
    decision_on = day(label=_("Date of the decision"))
    voivode = PlainTextField(
        label=_("Issued by"), max_length=120, help_text=_("The voivode of the seat, or the OWES before the Act.")
    )
    valid_from = day(label=_("Valid from"))
    valid_to = day(
        label=_("First day without the status"), required=False, help_text=_("Only of a status that is over.")
    )


class CorrectionForm(StatusForm):
    reason = MultilineField(
        label=_("What was wrong?"),
        max_length=500,
        help_text=_("The reason is kept in the journal beside the old values."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class EndForm(forms.Form):
    valid_to = day(label=_("First day without the status"))
    reason = MultilineField(
        label=_("Why did the status end?"), max_length=1000, widget=forms.Textarea(attrs={"rows": "3"})
    )
    taken = forms.BooleanField(
        label=_("It was taken away by a decision of the voivode"),
        required=False,
        help_text=_("After such a loss a new status is not given for a year (art. 18 of the Act)."),
    )


class ReportForm(forms.Form):
    year = forms.TypedChoiceField(
        label=_("Year reported on"), coerce=int, widget=forms.Select(attrs={"class": "w10"}), choices=()
    )
    sent_on = day(label=_("Sent on"))
    reference = PlainTextField(label=_("Number of the confirmation (UPO)"), max_length=80, required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]


class HeadcountForm(forms.Form):
    counted_on = day(label=_("As of"))
    employed = _count(label=_("All employed"), help_text=_("On every kind of contract."))
    half_time = _count(
        label=_("Of them at least half time"),
        help_text=_("On a contract of employment, also that of a cooperative."),
    )
    at_risk = _count(label=_("Of these, people at risk of exclusion"))
    proof = PlainTextField(
        label=_("Proof"), max_length=120, required=False, help_text=_("For example: declarations to ZUS of a month.")
    )


class DutyForm(forms.Form):
    job_created_on = day(
        label=_("First supported job made on"), help_text=_("The day of which the time for the status is counted.")
    )
