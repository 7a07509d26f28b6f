"""What staff type about the monitoring of a loan: parsed here, judged by the services."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import files
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.kit.polish import date_short
from centrum.register.enterprise_forms import day
from loans.enums import YesNo
from loans.forms import officer_filter
from loans.monitoring import KINDS, WHEN

_TYPES = _("PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB.")


def _file(label, hint=_TYPES, **kwargs):
    return forms.FileField(
        label=label,
        max_length=200,
        help_text=hint,
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        **kwargs,
    )


def _proof():
    hint = _("A contract or a report to ZUS: cover PESEL, address and pay before you scan it.")
    return _file(_("Proof"), hint)


class JobForm(forms.Form):
    position = PlainTextField(label=_("Position"), max_length=120)
    posts = AmountField(
        label=_("Full-time posts"),
        min_value=Decimal("0.01"),
        max_value=Decimal(1),
        max_digits=3,
        help_text=_("A job is one person's: 1 for full time, 0.5 for half."),
    )
    at_risk = forms.ChoiceField(label=_("For a person at risk of social exclusion?"), choices=YesNo)
    create_by = day(label=_("To be created by"))


class CreateForm(forms.Form):
    created_on = day(label=_("Created on"))
    at_risk = forms.ChoiceField(label=_("For a person at risk of social exclusion?"), choices=YesNo)
    woman = forms.ChoiceField(
        label=_("Does a woman work there?"),
        required=False,
        choices=[("", pgettext_lazy("answer", "not known")), *YesNo.choices],
    )
    file = _proof()


class KeepForm(forms.Form):
    file = _proof()


def _consequence():
    return MultilineField(
        label=_("What the agreement says"),
        required=False,
        help_text=_("From when on the rate is the full one, or why it is not. To be given where the rate is lower."),
    )


class MissForm(forms.Form):
    reason = MultilineField(label=_("Reason"))
    consequence = _consequence()


class EndForm(forms.Form):
    ended_on = day(label=_("Ended on"))
    reason = MultilineField(label=_("Reason"))
    consequence = _consequence()


class LongerForm(forms.Form):
    until = day(label=_("New last day"))
    grounds = PlainTextField(label=_("Grounds"), max_length=300)


class RateForm(forms.Form):
    valid_from = forms.TypedChoiceField(
        label=_("After which instalment?"),
        help_text=_("The full rate holds from this day on; the agreement says which one it is."),
    )
    reasons = MultilineField(label=_("Reasons"))

    def __init__(self, *args, days, **kwargs):
        super().__init__(*args, **kwargs)
        known = {one.isoformat(): one for one in days}
        self.fields["valid_from"].choices = [(key, date_short(one)) for key, one in known.items()]
        self.fields["valid_from"].coerce = known.__getitem__


class VisitForm(forms.Form):
    planned_on = day(label=_("Day of the visit"))
    subject = PlainTextField(label=_("What is looked at"), max_length=200)


class HoldForm(forms.Form):
    held_on = day(label=_("Held on"))
    protocol = MultilineField(
        label=_("Protocol"),
        help_text=_("What was looked at and how it stands. Leave out names of people who work there."),
    )
    file = _file(_("Signed protocol"), required=False)


class FindingsForm(forms.Form):
    findings = MultilineField(label=_("Findings"))
    fix_by = day(label=_("To be set right by"))


class ReceiveForm(forms.Form):
    received_on = day(label=_("Came on"))
    file = _file(_("File"))


class MonitoringFilter(forms.Form):
    co = forms.ChoiceField(
        label=_("Show"), required=False, choices=[(name, kind.label) for name, kind in KINDS.items()]
    )
    kiedy = forms.ChoiceField(label=_("Due"), required=False, choices=list(WHEN.items()))
    kto = officer_filter()
