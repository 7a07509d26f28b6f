"""Filters of the list of loans, and the files of the fund."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import PlainTextField
from centrum.register.enums import PesType
from centrum.register.file_forms import FilesForm
from centrum.register.forms import SearchField
from centrum.register.models import Commune
from loans import queries
from loans.forms import officer_filter
from loans.models import Fund, Product


class LoanFilter(forms.Form):
    q = SearchField(label=_("Number, organisation or NIP"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("loans", "all")), *queries.STATES.items()],
    )
    arrears = forms.ChoiceField(
        label=_("Arrears"), required=False, choices=[("", pgettext_lazy("loans", "all")), *queries.ARREARS.items()]
    )
    todo = forms.ChoiceField(label=_("To do"), required=False, choices=[("", "–"), *queries.TO_DO.items()])
    product = forms.TypedChoiceField(label=_("Loan product"), required=False, coerce=int, empty_value=None)
    officer = officer_filter()

    # what the figures of the fund lead to; no fields of the page
    fund = forms.SlugField(required=False, max_length=20, widget=forms.HiddenInput)
    cohort = PlainTextField(required=False, max_length=10, widget=forms.HiddenInput)
    pes = forms.ChoiceField(required=False, choices=[("", ""), *PesType.choices], widget=forms.HiddenInput)
    commune = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    due = PlainTextField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        products = Product.objects.order_by("name", "-valid_from")
        everything = ("", pgettext_lazy("loans", "all"))
        self.fields["product"].choices = [everything, *((row.pk, str(row)) for row in products)]

    @property
    def only(self):
        """Words for what the hidden fields narrow the list to."""
        said = self.cleaned_data
        found = []
        if code := said.get("fund"):
            found.append(_("fund: %s") % (Fund.objects.filter(code=code).first() or code))
        if name := said.get("cohort"):
            found.append(_("first paid out in the quarter %s") % name)
        if kind := said.get("pes"):
            found.append(str(PesType(kind).label))
        if commune := said.get("commune"):
            found.append(_("commune: %s") % (Commune.objects.filter(pk=commune).first() or commune))
        if month := said.get("due"):
            found.append(_("an instalment falls due in %s") % month)
        return found

    @property
    def chosen(self):
        """What was chosen and is among the choices, without the search."""
        return {name: value for name, value in self.cleaned_data.items() if name != "q" and value}


class FundFilesForm(FilesForm):
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.order_by("code"), empty_label=None)
    field_order = ("profile", "fund", "day", "reason")
