"""What staff type about de minimis aid and rates of the euro: parsed here, judged by services."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock
from centrum.kit.fields import AmountField, MultilineField, PercentField, PlainTextField
from centrum.kit.transitions import Refused
from centrum.register.enterprise_forms import day
from centrum.register.forms import SearchField
from loans.deminimis import queries, statements
from loans.enums import (
    BY_HAND,
    AidInstrument,
    AidMethod,
    AidState,
    Collateral,
    GuaranteeRating,
    Method,
    Rating,
    StatementSource,
)
from loans.forms import ShareField, whole_months
from loans.guarantees.applying_forms import COVER_MOST

_RATE = {"max_digits": 8, "decimal_places": 4, "min_value": Decimal("1.0001"), "max_value": Decimal("19.9999")}


class EurRateForm(forms.Form):
    day = day(label=_("Day of the table"))
    table = PlainTextField(
        label=_("Number of the table"),
        max_length=20,
        help_text=_("As the bank writes it, for example: 225/A/NBP/2026."),
    )
    rate = AmountField(label=_("PLN for one EUR"), help_text=_("For example: 4,2512."), **_RATE)
    source = PlainTextField(
        label=pgettext_lazy("of a rate", "Source"), max_length=200, help_text=_("For example: the bank's page nbp.pl.")
    )


class EurFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of the bank"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xml,.csv"}),
        help_text=_("Table A of a day (XML) or the archive of a year (archiwum_tab_a_2026.csv), up to 2 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )


class GrantFilter(forms.Form):
    q = SearchField(label=_("Organisation or NIP"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    instrument = forms.ChoiceField(
        label=_("What gives the aid"),
        required=False,
        choices=[("", pgettext_lazy("aid", "all")), *AidInstrument.choices],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", pgettext_lazy("aid", "all")), *AidState.choices]
    )
    todo = forms.ChoiceField(label=_("To do"), required=False, choices=[("", "–"), *queries.TO_DO.items()])

    def __init__(self, data):
        super().__init__(data)
        now = clock.today().year
        years = [(year, str(year)) for year in range(now, now - 11, -1)]
        self.fields["year"].choices = [("", pgettext_lazy("years", "all")), *years]

    @property
    def chosen(self):
        """What was chosen and is among the choices, without the search."""
        return {name: value for name, value in self.cleaned_data.items() if name != "q" and value}


class NoteForm(forms.Form):
    instrument = forms.ChoiceField(
        label=_("What gives the aid"),
        choices=[(one.value, one.label) for one in BY_HAND],
        widget=forms.RadioSelect,
    )
    granted_on = day(label=_("Granted on"), help_text=_("The day on which the right to it arose."))
    nominal = AmountField(
        label=_("Value (PLN)"), min_value=Decimal("0.01"), help_text=_("It is the gross equivalent as well.")
    )
    reference = PlainTextField(
        label=_("Of what"), max_length=200, help_text=_("The number of the agreement, of the event or of the service.")
    )


class CorrectionForm(forms.Form):
    pln = AmountField(label=_("Right gross equivalent (PLN)"), min_value=Decimal(0))
    nominal = AmountField(label=_("Nominal value (PLN)"), min_value=Decimal(0))
    reason = MultilineField(label=_("Reason"), help_text=_("It stands on the page of the entry and in its history."))


class ReportedForm(forms.Form):
    """The entries of the page, each with its number in SHRIMP; only those with a number are reported."""

    reported_on = day(label=_("Reported on"), initial=clock.today)

    def __init__(self, *args, grants, **kwargs):
        super().__init__(*args, **kwargs)
        self.grants = list(grants)
        for one in self.grants:
            self.fields[f"number-{one.pk}"] = PlainTextField(
                label=_("Number in SHRIMP"),
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"class": "ctl"}),
            )

    @property
    def lines(self):
        """[(entry, bound field of its number)]."""
        return [(one, self[f"number-{one.pk}"]) for one in self.grants]

    @property
    def numbers(self):
        said = {one.pk: self.cleaned_data[f"number-{one.pk}"] for one in self.grants}
        return {pk: number for pk, number in said.items() if number}


class StatementForm(forms.Form):
    source = forms.ChoiceField(label=_("Who says it"), choices=StatementSource, widget=forms.RadioSelect)
    as_of = day(label=_("As of the day"), initial=clock.today, help_text=_("All aid until this day is below."))
    rows = MultilineField(
        label=_("Aid of the last three years"),
        required=False,
        help_text=_(
            "A line each: day; who granted it; EUR. For example: 23.11.2025; Powiatowy Urząd Pracy; 4 250,00. Leave it"
            " empty when there is none."
        ),
    )
    table = forms.FileField(
        label=_("The same as a CSV file"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )
    file = forms.FileField(
        label=_("Document"),
        required=False,
        max_length=200,
        help_text=_("The declaration or the printout of SUDOP: PDF, JPG, PNG, DOCX, XLSX or ODT."),
    )

    def clean(self):
        said = super().clean()
        table = said.pop("table", None)
        text = said.get("rows") or ""
        if table and text.strip():
            self.add_error("table", _("Type the rows or choose a file, not both."))
            return said
        try:
            if table and table.size > statements.MOST * 400:
                raise Refused({"rows": _("At most %(most)d rows.") % {"most": statements.MOST}})
            said["rows"] = statements.read(statements.decoded(table.read()) if table else text)
        except Refused as refusal:
            self.add_error("table" if table else "rows", ValidationError(refusal.messages))
        return said


class _CalculatorForm(forms.Form):
    """What is asked of a loan and of a credit that is guaranteed alike."""

    day = day(label=_("Day of granting"))
    months = whole_months(label=_("For how many months?"), min_value=1, max_value=360)
    grace = whole_months(label=_("Grace on principal in months"), min_value=0, max_value=359, required=False)

    def clean_grace(self):
        return self.cleaned_data["grace"] or 0

    def clean(self):
        said = super().clean()
        if None not in (said.get("months"), said.get("grace")) and said["grace"] >= said["months"]:
            self.add_error("grace", _("The grace has to be shorter than the whole term."))
        return said


class LoanCalculatorForm(_CalculatorForm):
    """By the reference rate or by the simplified method."""

    amount = AmountField(label=_("Amount of the loan (PLN)"), min_value=Decimal("0.01"), max_value=Decimal(10**9))
    method = forms.ChoiceField(label=_("Kind of instalments"), choices=Method, widget=forms.RadioSelect)
    rate = PercentField(label=_("Rate of the loan in per cent"), min_value=Decimal(0))
    reckoning = forms.ChoiceField(
        label=_("How to reckon it"),
        choices=[(one.value, one.label) for one in (AidMethod.REFERENCE, AidMethod.PROPORTIONAL)],
        widget=forms.RadioSelect,
    )
    rating = forms.ChoiceField(
        label=_("How sound is the borrower?"),
        choices=Rating,
        help_text=_("Most social economy entities have no credit history."),
    )
    collateral = forms.ChoiceField(label=_("How well is the loan secured?"), choices=Collateral)
    field_order = ("day", "amount")


class GuaranteeCalculatorForm(_CalculatorForm):
    """By the safe-harbour premium; bounds as in the application and the review, which judge what may be guaranteed."""

    credit = AmountField(label=_("Amount of the credit (PLN)"), min_value=Decimal("0.01"))
    cover = ShareField(
        label=_("Part of the credit that is guaranteed (%)"),
        min_value=Decimal("0.01"),
        max_value=COVER_MOST,
        decimal_places=2,
    )
    fee = ShareField(
        label=_("Yearly fee (%)"),
        min_value=0,
        max_value=Decimal("99.99"),
        help_text=_("Of what is guaranteed on the first day of each year."),
    )
    fee_from = forms.TypedChoiceField(
        label=_("From which year on is the fee paid?"),
        choices=[(1, _("from the first year")), (2, _("from the second year: the first one is free"))],
        coerce=int,
        widget=forms.RadioSelect,
    )
    rating = forms.ChoiceField(
        label=_("How sound is the borrower?"),
        choices=GuaranteeRating,
        help_text=_("Most social economy entities have no credit history."),
    )
    field_order = ("day", "credit", "cover")
