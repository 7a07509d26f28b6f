"""Which fund is looked at."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.models import Fund


class FundForm(forms.Form):
    fund = forms.ChoiceField(label=_("Fund"), required=False)

    def __init__(self, data):
        super().__init__(data)
        self.funds = {fund.code: fund for fund in Fund.objects.order_by("code")}
        self.fields["fund"].choices = [(code, str(fund)) for code, fund in self.funds.items()]

    @property
    def shown(self):
        """The one that was chosen, else the first, None without any."""
        chosen = self.cleaned_data.get("fund") if self.is_valid() else None
        return self.funds.get(chosen) or next(iter(self.funds.values()), None)
