"""Filters of the list of loans, and the files of the fund."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.register.file_forms import FilesForm
from centrum.register.forms import SearchField
from loans import queries
from loans.models import Fund, Product


class LoanFilter(forms.Form):
    q = SearchField(label=_("Number, organisation or NIP"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", pgettext_lazy("loans", "all")), *queries.STATES.items()],
    )
    todo = forms.ChoiceField(label=_("To do"), required=False, choices=[("", "–"), *queries.TO_DO.items()])
    product = forms.TypedChoiceField(label=_("Loan product"), required=False, coerce=int, empty_value=None)
    officer = forms.ChoiceField(
        label=_("Loan officer"), required=False, choices=[("", pgettext_lazy("loans", "all")), ("me", _("me"))]
    )

    def __init__(self, data):
        super().__init__(data)
        products = Product.objects.order_by("name", "-valid_from")
        everything = ("", pgettext_lazy("loans", "all"))
        self.fields["product"].choices = [everything, *((row.pk, str(row)) for row in products)]

    @property
    def chosen(self):
        """What was chosen and is among the choices, without the search."""
        return {name: value for name, value in self.cleaned_data.items() if name != "q" and value}


class FundFilesForm(FilesForm):
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.order_by("code"), empty_label=None)
    field_order = ("profile", "fund", "day", "reason")
