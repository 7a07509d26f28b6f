"""A new version of a certificate, its annulment, and the code that the public types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centrum.kit.fields import PlainTextField
from trainings.certificates import CORRECTED
from trainings.enums import VersionKind

_KINDS = (
    (VersionKind.DUPLICATE, _("a duplicate: the same once more")),
    (VersionKind.CORRECTED, _("a correction: names from below, the rest from the event as it is now")),
)


class VersionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is needed?"), choices=_KINDS, widget=forms.RadioSelect)
    first_name = PlainTextField(label=_("First name"), max_length=80)
    last_name = PlainTextField(label=_("Surname"), max_length=120)
    reason = PlainTextField(label=_("Reason"), max_length=300, help_text=_("It stays in the journal and is not sent."))

    def clean(self):
        said = super().clean()
        if said.get("kind") == VersionKind.DUPLICATE:
            for name in CORRECTED:
                said.pop(name, None)
        return said


class AnnulForm(forms.Form):
    reason = PlainTextField(
        label=_("Reason"), max_length=300, help_text=_("The public page says that it is annulled, and not why.")
    )


class CodeForm(forms.Form):
    kod = PlainTextField(
        label=_("Code of the certificate"),
        max_length=40,
        help_text=_("12 letters and digits beside the QR code; capitals, spaces and hyphens do not matter."),
    )
