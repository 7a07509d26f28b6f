"""What staff type about agreements, securities and annexes: parsed here, judged by the services."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from centrum.kit import files
from centrum.kit.fields import AmountField, MultilineField, PercentField, PlainTextField
from centrum.kit.polish import date_short
from centrum.register.enterprise_forms import day
from loans.agreements import MOST_TRANCHES
from loans.enums import SecurityKind

_SHORT = {"class": "w4", "inputmode": "numeric", "autocomplete": "off"}


def _file(label, **kwargs):
    return forms.FileField(
        label=label,
        max_length=200,
        help_text=_("PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        **kwargs,
    )


def _count(label, most, **kwargs):
    return forms.IntegerField(label=label, min_value=0, max_value=most, widget=forms.TextInput(attrs=_SHORT), **kwargs)


class DrawForm(forms.Form):
    """The agreement to be drawn up; `cleaned_data` holds `tranches` [(amount, day)]."""

    drawn_on = day(label=_("Day of the agreement"), help_text=_("The rate is that of this day. Sign on this day."))
    due_day = forms.IntegerField(
        label=_("Day of the month of instalments"),
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs=_SHORT),
        help_text=_("From 1 to 31; in a shorter month its last day."),
    )
    first_due = day(label=_("First instalment"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_TRANCHES + 1):
            words = {"number": number}
            self.fields[f"amount_{number}"] = AmountField(
                label=_("Tranche %(number)d: amount (PLN)") % words, required=number == 1, min_value=Decimal("0.01")
            )
            self.fields[f"day_{number}"] = day(label=_("Tranche %(number)d: day") % words, required=number == 1)

    def clean(self):
        cleaned = super().clean()
        tranches = []
        for number in range(1, MOST_TRANCHES + 1):
            names = f"amount_{number}", f"day_{number}"
            amount, on = (cleaned.pop(name, None) for name in names)
            if (amount is None) != (on is None) and not any(name in self.errors for name in names):
                self.add_error(names[amount is not None], _now("Give the amount and the day together, or neither."))
            elif amount is not None:
                tranches.append((amount, on))
        return {**cleaned, "tranches": tranches}


class SignForm(forms.Form):
    """The day on which an agreement or an annex was signed."""

    signed_on = day(label=_("Day of signing"))
    file = _file(_("Scan of the signed paper"), required=False)


class PaperForm(forms.Form):
    title = PlainTextField(label=_("Title"), max_length=200)
    file = _file(_("File"))


class SecurityForm(forms.Form):
    """A security; the kind is chosen once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SecurityKind)
    description = PlainTextField(
        label=_("Description"), max_length=300, help_text=_("What it is and who gives it. It stands in the agreement.")
    )
    value = AmountField(label=_("Value (PLN)"), required=False, min_value=Decimal("0.01"))
    valued_on = day(label=_("Valued on"), required=False)
    valuation_source = PlainTextField(label=_("Who valued it, or from what"), max_length=200, required=False)
    haircut = PercentField(
        label=_("Value lowered by (%)"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal("99.99"),
        decimal_places=2,
        max_digits=4,
        help_text=_("For what is lost when it has to be sold quickly."),
    )

    def __init__(self, *args, security=None, **kwargs):
        super().__init__(*args, **kwargs)
        if security:
            del self.fields["kind"]

    def clean(self):
        cleaned = super().clean()
        haircut = cleaned.get("haircut") or Decimal(0)
        return {**cleaned, "haircut": haircut.quantize(Decimal("0.0001"))}


class EstablishForm(forms.Form):
    established_on = day(label=_("Established on"))
    document = PlainTextField(
        label=_("Number of the document"),
        max_length=120,
        help_text=_("The deed, declaration or entry, and its number."),
    )
    file = _file(_("File"), required=False)


class ReleaseForm(forms.Form):
    released_on = day(label=_("Released on"))
    reason = MultilineField(label=_("Reason"))


class AnnexForm(forms.Form):
    valid_from = forms.TypedChoiceField(
        label=_("After which instalment?"),
        help_text=_("Rows up to this day stay as they are; those after it are reckoned anew."),
    )
    holiday = _count(
        _("Payment holiday in months"),
        359,
        required=False,
        help_text=_("Nothing is paid; the interest of these months comes with the first instalment after them."),
    )
    grace = _count(
        _("Grace on principal, months more"),
        359,
        required=False,
        help_text=_("Only interest is paid. It follows a payment holiday and the grace that runs."),
    )
    months = _count(_("Term longer by months"), 359, required=False)
    rate = PercentField(label=_("Rate a year (%)"), required=False, min_value=Decimal(0), max_value=Decimal("99.9999"))
    rate_months = forms.IntegerField(
        label=_("Rate for how many months"),
        required=False,
        min_value=1,
        max_value=359,
        widget=forms.TextInput(attrs=_SHORT),
        help_text=_("Empty: to the end of the loan."),
    )
    reasons = MultilineField(label=_("Reasons"))

    def __init__(self, *args, days, **kwargs):
        super().__init__(*args, **kwargs)
        known = {one.isoformat(): one for one in days}
        self.fields["valid_from"].choices = [(key, date_short(one)) for key, one in known.items()]
        self.fields["valid_from"].coerce = known.__getitem__

    def clean(self):
        cleaned = super().clean()
        return {**cleaned, **{name: cleaned.get(name) or 0 for name in ("holiday", "grace", "months")}}
