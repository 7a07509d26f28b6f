"""What staff type about guarantees: parsed here, judged by the services."""

import base64
import binascii
import datetime
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit import clock, files
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.kit.polish import file_size
from centrum.register.enterprise_forms import day
from centrum.register.forms import SearchField
from loans.forms import officer_filter
from loans.guarantees import queries
from loans.guarantees.report_files import MOST_BYTES
from loans.models import Lender

_ALL = ("", pgettext_lazy("guarantees", "all"))
MONTHS = 12  # of which a report may be chosen


def _file(label, **kwargs):
    return forms.FileField(
        label=label,
        max_length=200,
        help_text=_("PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
        **kwargs,
    )


def _amount(label, **kwargs):
    return AmountField(label=label, min_value=Decimal("0.01"), **kwargs)


def _document(**kwargs):
    return PlainTextField(label=_("Number of the document"), max_length=60, **kwargs)


class GuaranteeFilter(forms.Form):
    """`user`: whose lenders may be chosen."""

    q = SearchField(label=_("Number, credit, organisation or NIP"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ALL, *queries.STATES.items()])
    todo = forms.ChoiceField(label=_("To do"), required=False, choices=[("", "–"), *queries.TO_DO.items()])
    lender = forms.TypedChoiceField(
        label=pgettext_lazy("of a guarantee", "Lender"), required=False, coerce=int, empty_value=None
    )
    officer = officer_filter()

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["lender"].choices = [_ALL, *((row.pk, str(row)) for row in queries.lenders_of(user))]

    @property
    def chosen(self):
        """What was chosen and is among the choices, without the search."""
        return {name: value for name, value in self.cleaned_data.items() if name != "q" and value}


# The agreement


class DrawForm(forms.Form):
    drawn_on = day(label=_("Day of the agreement"), help_text=_("The agreement and the declaration are signed then."))


class SignForm(forms.Form):
    signed_on = day(label=_("Day of signing"), help_text=_("Of the agreement and of the declaration to the lender."))
    file = _file(_("Scan of the signed paper"), required=False)


class ActivateForm(forms.Form):
    credit_number = PlainTextField(label=_("Number of the credit agreement"), max_length=60)
    activated_on = day(label=_("Credit paid out on"))
    paid_out = _amount(_("Amount paid out (PLN)"))


class ReleaseForm(forms.Form):
    ended_on = day(label=_("Released on"))
    reason = MultilineField(label=_("Reason"))
    file = _file(_("Document"))


class FeeForm(forms.Form):
    paid_on = day(label=_("Paid on"))
    document = _document(help_text=_("For example WB/12/2026."))


# Calls


class CallForm(forms.Form):
    received_on = day(label=_("Received on"), help_text=_("The day on which it came, whenever it is noted."))
    amount = _amount(_("Called for (PLN)"))
    owed = _amount(_("Principal owed to the lender (PLN)"), help_text=_("Without interest and costs."))
    terminated_on = day(label=_("Credit terminated on"))
    file = _file(_("The call"))


class VerifyForm(forms.Form):
    principal_only = forms.BooleanField(label=_("It calls for principal alone"), required=False)
    has_statement = forms.BooleanField(label=_("The statement of the debt is there"), required=False)
    has_demand = forms.BooleanField(label=_("The proof of the demand to the debtor is there"), required=False)
    has_termination = forms.BooleanField(label=_("The termination of the credit is there"), required=False)
    payable = _amount(_("To be paid (PLN)"))


class PayForm(forms.Form):
    paid_on = day(label=_("Paid on"))
    document = _document(help_text=_("For example WB/12/2026."))


# The claim


class RecoveryForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    on = day(label=_("Received on"))
    amount = _amount(
        _("Received (PLN)"),
        help_text=_("All of it; the lender's part is reckoned and does not pass through the fund's books."),
    )
    document = _document(help_text=_("For example WB/12/2026."))


class LossForm(forms.Form):
    reasons = MultilineField(label=_("Reasons"))
    file = _file(_("Document"))


# Reports


def months_that_are_over():
    """[(2026-10-01, 10.2026)], the newest first."""
    first = clock.today().replace(day=1)
    months = [clock.months_later(first, -number) for number in range(1, MONTHS + 1)]
    return [(month.isoformat(), f"{month:%m.%Y}") for month in months]


def _month_field():
    return forms.TypedChoiceField(label=_("Month"), coerce=datetime.date.fromisoformat)


class _OfMonth(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months_that_are_over()


class ReportForm(_OfMonth):
    lender = forms.ModelChoiceField(
        label=pgettext_lazy("of a guarantee", "Lender"),
        queryset=Lender.objects.order_by("name", "pk"),
        empty_label=None,
    )
    month = _month_field()
    file = forms.FileField(
        label=_("Report of the lender"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = _("CSV by our own layout, up to %(size)s. Download the empty file of the lender below.")
        self.fields["file"].help_text = lazystr(words % {"size": file_size(MOST_BYTES)})


class TakeForm(_OfMonth):
    """A file that was looked at, sent once more to be taken in; `content`: the same bytes in base64."""

    lender = forms.ModelChoiceField(queryset=Lender.objects.all(), widget=forms.HiddenInput)
    month = _month_field()
    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    content = forms.CharField(max_length=MOST_BYTES * 2, widget=forms.HiddenInput)
    same = forms.BooleanField(label=_("The file is right: nothing has changed since that month"), required=False)

    def __init__(self, *args, same=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].widget = forms.HiddenInput()
        if not same:
            self.fields["same"].widget = forms.HiddenInput()

    def clean_content(self):
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except binascii.Error as error:
            raise ValidationError(_("Choose a file.")) from error
