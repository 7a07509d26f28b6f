"""What staff type about links, contacts and bank accounts: parsed here, judged by services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import IbanField, PlainTextField
from centrum.register.enterprise_forms import day
from centrum.register.enums import LinkKind


class PickForm(forms.Form):
    """A form about one of the rows `found` by a search; what is chosen has to be one of `rows`, which the user sees.

    `picked`: name of the field.
    """

    picked = ""
    label = ""

    def __init__(self, *args, rows, found, **kwargs):
        super().__init__(*args, **kwargs)
        field = forms.ModelChoiceField(
            label=self.label, queryset=rows, to_field_name="public_id", widget=forms.RadioSelect, empty_label=None
        )
        field.choices = [(row.public_id, self.describe(row)) for row in found]
        self.fields = {self.picked: field, **self.fields}
        if len(found) == 1:
            self.initial.setdefault(self.picked, found[0].public_id)

    @staticmethod
    def describe(row):
        return ", ".join(filter(None, (str(row), row.locality)))


class LinkForm(PickForm):
    picked, label = "other", _("The other organisation")
    direction = forms.ChoiceField(
        label=_("Which of the two holds the other?"),
        choices=[("down", _("this organisation holds the other one")), ("up", _("the other one holds this one"))],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("How does it hold it?"),
        choices=LinkKind,
        widget=forms.RadioSelect,
        help_text=_("Art. 2(2) of Regulation (EU) 2023/2831; one link is enough."),
    )
    valid_from = day(label=_("Valid from"))
    source = PlainTextField(
        label=_("Known from"), max_length=200, help_text=_("For example: National Court Register, as of 3.12.2026.")
    )


class ContactForm(PickForm):
    picked, label = "person", _("Person")
    role = PlainTextField(
        label=_("Role in the organisation"), max_length=80, help_text=_("For example: chair of the board.")
    )
    valid_from = day(label=_("Since"))
    signs = forms.BooleanField(label=_("May sign for the organisation"), required=False)
    main = forms.BooleanField(
        label=_("Main contact"), required=False, help_text=_("Letters go to the main contact; there is one.")
    )


class AccountForm(forms.Form):
    iban = IbanField(
        label=_("Account number"),
        help_text=_("26 digits; spaces do no harm, nor does PL before them."),
        widget=forms.TextInput(attrs={"class": "w20"}),
    )
    bank = PlainTextField(label=_("Bank"), max_length=120, required=False)
    valid_from = day(label=_("Valid from"))
    proof = PlainTextField(
        label=_("Proof"),
        max_length=120,
        required=False,
        help_text=_("For example: certificate of the bank of 3.12.2026. A second person compares the number with it."),
    )


class EndForm(forms.Form):
    valid_to = day(label=_("First day on which it is gone"))


class ConfirmForm(forms.Form):
    compared = forms.BooleanField(label=_("I compared all 26 digits with the proof"))
