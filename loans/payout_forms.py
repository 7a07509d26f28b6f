"""What staff type about payouts: parsed here, judged by loans/payouts.py and loans/orders.py."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import IbanField, MultilineField, PlainTextField
from centrum.kit.identifiers import format_iban
from centrum.register import ties
from centrum.register.enterprise_forms import day
from loans import orders, payouts


class VerifyForm(forms.Form):
    account = forms.ModelChoiceField(
        label=_("Account to which it is paid"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Accounts of the organisation that are in force and confirmed by a second person."),
        error_messages={"required": _("Choose the account.")},
    )

    def __init__(self, *args, tranche, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.queryset = payouts.accounts(tranche)
        field.label_from_instance = lambda row: ", ".join(filter(None, (ties.shown_iban(user, row), row.bank)))


class BookForm(forms.Form):
    paid_on = day(label=_("Day on which the bank paid"), help_text=_("As the statement has it."))
    document = PlainTextField(label=_("Number of the statement"), max_length=60, help_text=_("For example WB/12/2026."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("paid_on", today())


class CorrectForm(BookForm):
    reason = MultilineField(label=_("Reason"))


class OrderForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    tranches = forms.ModelMultipleChoiceField(
        label=_("Transfers of the file"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one tranche.")},
    )

    def __init__(self, *args, fund, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows, field = list(orders.waiting(user, fund)), self.fields["tranches"]
        field.queryset = orders.of_fund(user, fund)  # a second click names those that are in the file by now
        field.choices = [(row.pk, f"{payouts.summary(row)} – {row.loan.organisation}") for row in rows]
        self.initial.setdefault("tranches", [row.pk for row in rows])


class AccountForm(forms.Form):
    iban = IbanField(
        label=_("Account from which loans are paid out"),
        help_text=_("26 digits, for example from the bank's statement."),
    )

    def __init__(self, *args, fund, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("iban", format_iban(fund.iban) if fund.iban else "")
