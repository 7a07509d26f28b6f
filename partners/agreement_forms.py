"""What staff type about agreements: parsed here, judged by partners/agreements.py."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit import files
from centrum.kit.clock import today
from centrum.kit.fields import AmountField, MultilineField, PlainTextField
from centrum.register.enterprise_forms import day
from partners import agreements
from partners.enums import AgreementKind


def _file(label, **kwargs):
    return forms.FileField(
        label=label,
        max_length=200,
        help_text=_("PDF, JPG, PNG, DOCX, XLSX or ODT, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another one."),
        },
        **kwargs,
    )


def _amount(label, **kwargs):
    return AmountField(label=label, required=False, **kwargs)


class AgreementForm(forms.Form):
    """A new agreement or a draft; what an annex changes is chosen once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgreementKind, widget=forms.RadioSelect)
    amends = forms.ModelChoiceField(label=_("Annex to"), queryset=None, required=False, empty_label=_("it is no annex"))
    title = PlainTextField(label=_("Title"), max_length=200)
    signed_on = day(
        label=_("Day of signing"),
        required=False,
        help_text=_("If it is signed already. Whoever signs must have the power to on this day."),
    )
    valid_from = day(label=_("Valid from"), required=False)
    valid_to = day(
        label=_("First day after the agreement"),
        required=False,
        help_text=_("Valid until 31 December: type 1 January. Leave empty if it has no end. An annex states it anew."),
    )

    def __init__(self, *args, partnership, agreement=None, **kwargs):
        super().__init__(*args, **kwargs)
        if agreement is None:
            self.fields["amends"].queryset = agreements.amendable(partnership)
            return
        del self.fields["amends"]
        if agreement.amends_id:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [c for c in AgreementKind.choices if c[0] != AgreementKind.ANNEX]


class VersionForm(forms.Form):
    text = MultilineField(label=_("Text"), required=False, help_text=_("Type the text, choose a file, or both."))
    file = _file(_("File"), required=False)
    note = PlainTextField(label=_("What has changed"), max_length=300, required=False)


class SignatoryForm(forms.Form):
    representative = forms.ModelChoiceField(
        label=_("Who signs?"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Representatives with power to sign, of members for whom nobody signs yet."),
    )

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["representative"]
        field.queryset = agreements.may_sign(agreement)
        field.label_from_instance = lambda row: f"{row.person}, {row.membership.organisation}"


class SharesForm(forms.Form):
    """The total and one amount a member; `cleaned_data` holds `total` and `shares` {membership: amount}."""

    total = _amount(_("Total amount (PLN)"), min_value=Decimal("0.01"), help_text=_("Leave empty if it has none."))

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        given = dict(agreement.shares.values_list("membership", "amount"))
        self.members = {f"share_{member.pk}": member for member in agreements.may_pay(agreement)}
        self.initial["total"] = agreement.total
        for name, member in self.members.items():
            self.fields[name] = _amount(str(member.organisation), min_value=Decimal(0))
            self.initial[name] = given.get(member.pk)

    def clean(self):
        cleaned = super().clean()
        amounts = ((member, cleaned.get(name)) for name, member in self.members.items())
        return {
            "total": cleaned.get("total"),
            "shares": {member: amount for member, amount in amounts if amount is not None},
        }


class MoveForm(forms.Form):
    """What a move needs besides the click; fields that it does not ask for are taken out."""

    signed_on = day(label=_("Day of signing"), help_text=_("Everybody who signs must have the power to on this day."))
    valid_from = day(label=_("Valid from"))
    file = _file(_("Signed file"))
    terminated_on = day(label=_("Terminated on"), help_text=_("The last day on which it was in force."))
    reason = MultilineField(label=_("Reason"))

    def __init__(self, *args, agreement, move, **kwargs):
        super().__init__(*args, **kwargs)
        asked = {"file" if name == "signed_file" else name for name in move.needs}
        for name in set(self.fields) - asked - ({"reason"} if move.reason else set()):
            del self.fields[name]
        for name in self.fields:
            self.initial.setdefault(
                name, getattr(agreement, name, None) or (today() if name == "terminated_on" else None)
            )
