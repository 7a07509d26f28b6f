"""What staff type about settlements: parsed here, judged by loans/settlements.py."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import files
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.register.enterprise_forms import day

GROSZ = Decimal("0.01")


class DocumentForm(forms.Form):
    number = PlainTextField(label=_("Number of the document"), max_length=60)
    seller = PlainTextField(label=_("Seller"), max_length=200)
    what = PlainTextField(label=_("What was bought"), max_length=200)
    issued_on = day(label=_("Issued on"))
    paid_on = day(label=_("Paid on"), help_text=_("No earlier than the tranche was paid out."))
    amount = AmountField(label=_("Amount, gross (PLN)"), min_value=GROSZ)
    from_loan = AmountField(label=_("Of it from the loan (PLN)"), min_value=GROSZ)
    cashless = forms.BooleanField(label=_("Paid by transfer"), required=False, initial=True)
    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=200,
        help_text=_(
            "The document and the proof of payment in one file: PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )

    def __init__(self, *args, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        if kept:
            words = _("Kept now: %(name)s. Another one takes its place.")
            self.fields["file"].help_text = words % {"name": kept}


class PartForm(forms.Form):
    accepted = AmountField(
        label=_("Accepted (PLN)"), min_value=Decimal(0), help_text=_("The rest has to be given back.")
    )
    reason = MultilineField(label=_("Reason"))


class ExtendForm(forms.Form):
    until = day(label=_("New last day"))
    grounds = PlainTextField(label=_("Grounds"), max_length=300)


class SettlementFilter(forms.Form):
    pokaz = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("open", pgettext_lazy("settlements", "not settled")),
            ("late", pgettext_lazy("settlements", "late")),
            ("soon", pgettext_lazy("settlements", "due soon")),
            ("submitted", pgettext_lazy("settlements", "to be reviewed")),
            ("all", pgettext_lazy("settlements", "all")),
        ],
    )
