"""What staff type about bank statements: parsed here, judged by statement_files.py and statement_lines.py."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import MultilineField, PlainTextField
from centrum.kit.models import LARGEST_FILE
from centrum.kit.polish import file_size
from centrum.register.forms import SearchField
from loans import queries
from loans.enums import LineState
from loans.models import Fund
from loans.repayment_forms import mode_field
from loans.statements.matching import loan_numbers
from loans.statements.reading import BANKS

_NAMES = {"ing": "ING Bank Śląski", "mbank": "mBank", "millennium": "Bank Millennium", "pko": "PKO Bank Polski"}
ALL = "all"


class StatementForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File from the bank"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".sta,.mt940,.940,.txt,.xml,.csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.order_by("code"), empty_label=None)
    bank = forms.ChoiceField(
        label=_("Bank"),
        required=False,
        choices=[("", _("as the file tells")), *((name, _NAMES.get(name, name)) for name in BANKS)],
        help_text=_("Choose it only when Polish letters or titles of the statement come out wrong."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = _("MT940, camt.053 or CSV, up to %(size)s. One file may hold several statements.")
        self.fields["file"].help_text = lazystr(words % {"size": file_size(LARGEST_FILE)})

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            words = _(
                "The file is too large (%(size)s). The largest we take is 10 MB: ask the bank for a shorter time."
            )
            raise ValidationError(words, params={"size": file_size(file.size)})
        return file


class LineFilter(forms.Form):
    """`state` of the queue is that of the lines which wait, unless another one is chosen."""

    q = SearchField(label=_("Title or other side"), required=False)
    side = forms.ChoiceField(
        label=_("Side"),
        required=False,
        choices=[
            ("", pgettext_lazy("lines", "both")),
            ("in", pgettext_lazy("lines", "came in")),
            ("out", pgettext_lazy("lines", "went out")),
        ],
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data, *, default):
        super().__init__(data)
        everything = (ALL, pgettext_lazy("lines", "all"))
        first = [choice for choice in [everything, *LineState.choices] if choice[0] == default]
        others = [choice for choice in [everything, *LineState.choices] if choice[0] != default]
        self.fields["state"].choices = [("", first[0][1]), *others]
        self.default = default

    def narrowed(self, lines):
        """The lines that are asked for, without the search."""
        self.is_valid()
        state = self.cleaned_data.get("state") or self.default
        if state != ALL:
            lines = lines.filter(state=state)
        side = self.cleaned_data.get("side")
        return lines.filter(**{"amount__gt" if side == "in" else "amount__lt": 0}) if side else lines


# One line


class LineForm(forms.Form):
    """Nothing to type; the others know the line and who asks."""

    def __init__(self, *args, line, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.line, self.user = line, user


class LoanForm(LineForm):
    number = PlainTextField(label=_("Number of the loan"), max_length=40, help_text=_("For example PZ/2026/0001."))

    def clean_number(self):
        """The Loan of that number."""
        typed = self.cleaned_data["number"]
        numbers = [typed.upper(), *loan_numbers(typed)]
        loans = queries.visible_loans(self.user).filter(fund=self.line.fund_id, number__in=numbers)
        found = list(loans[:2])
        if len(found) != 1:
            raise ValidationError(_("The fund has no loan of this number."))
        return found[0]


class PaymentForm(LoanForm):
    mode = mode_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("mode", "")


class CapitalForm(LineForm):
    entrusted = forms.BooleanField(label=_("Entrusted money, to be given back"), required=False)


class ChoiceForm(LineForm):
    """`chosen`: one of `rows`, by its key."""

    chosen = forms.ModelChoiceField(
        queryset=None,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose one of the suggestions."),
            "invalid_choice": _("This is not among the suggestions any more. Look at the line once more."),
        },
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = rows


class ReasonForm(LineForm):
    reason = MultilineField(label=_("Reason"), help_text=_("Why the line was something else."))
