"""What staff type about people enrolled: parsed here, judged by capacity and enrolments."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.fields import EmailField, MultilineField, PhoneField, PlainTextField
from centrum.register.forms import SearchField
from centrum.register.tie_forms import PickForm
from trainings.access import RULED, asked
from trainings.enrolments import TYPED
from trainings.enums import Diet, EnrolmentState
from trainings.models import AccessNeeds
from trainings.participants import NEEDS


class ParticipantFilter(forms.Form):
    q = SearchField(label=_("Search"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("enrolments", "all")),
            ("enrolled", pgettext_lazy("enrolments", "enrolled now")),
            *EnrolmentState.choices,
        ],
    )


def _seat_choices(event):
    return [(group.kind, str(group)) for group in event.groups.order_by("pk")]


class _NeedsForm(forms.Form):
    """Fields of AccessNeeds, cleaned to `needs`, one dictionary."""

    loop, sign_language, wheelchair, large_print = (
        AccessNeeds._meta.get_field(name).formfield(required=False) for name in NEEDS
    )
    diet = forms.ChoiceField(
        label=_("Diet"), required=False, choices=[("", pgettext_lazy("diet", "any")), *Diet.choices]
    )
    other = PlainTextField(label=_("Anything else that would help"), max_length=300, required=False)

    def clean(self):
        said = super().clean()
        needs = {name: said.pop(name) for name in (*NEEDS, "diet", "other") if name in said}
        return said | {"needs": needs}


class DataForm(_NeedsForm):
    """What was typed of somebody enrolled; the needs only while they are kept (`open`)."""

    first_name = PlainTextField(label=_("First name"), max_length=80)
    last_name = PlainTextField(label=_("Surname"), max_length=120)
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without it no letters go to this person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    organisation_name = PlainTextField(label=_("Organisation"), max_length=300, required=False)

    field_order = ("first_name", "last_name", "email", "phone", "organisation_name")

    def __init__(self, *args, row, open, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {name: getattr(row, name) for name in TYPED}
        self.open = open
        known = getattr(row, "needs", None)
        for name in (*NEEDS, "diet", "other"):
            if open:
                self.initial[name] = getattr(known, name, "")
            else:
                del self.fields[name]

    def clean(self):
        said = super().clean()
        return said if self.open else said | {"needs": None}


class EnrolForm(_NeedsForm):
    """A person `found` in the register or a new name, then only what the event asks for.

    Cleaned: `person` (or None), the fields of enrolments.enrol_by_hand, and `needs` as one dictionary.
    """

    person = forms.ModelChoiceField(
        label=_("From the register"),
        queryset=None,
        required=False,
        blank=True,
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=_("none of them: the name typed below"),
    )
    first_name = PlainTextField(label=_("First name"), max_length=80, required=False)
    last_name = PlainTextField(label=_("Surname"), max_length=120, required=False)
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without it no letters go to this person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    organisation_name = PlainTextField(label=_("Organisation"), max_length=300, required=False)
    wanted = forms.ChoiceField(label=_("Seats"), widget=forms.RadioSelect)
    commune = forms.ModelChoiceField(label=_("Commune"), queryset=None, required=False, empty_label=_("– choose –"))
    declares_pes = forms.BooleanField(label=_("Works or acts in a social economy entity"), required=False)
    declares_at_risk = forms.BooleanField(label=_("Belongs to a group at risk of exclusion"), required=False)
    case_number = PlainTextField(
        label=_("Number of the case"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty for a person of the register who has one open case."),
    )

    def __init__(self, *args, event, rows, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = rows
        if found:
            labels = [(row.public_id, ", ".join(filter(None, (str(row), row.locality, row.email)))) for row in found]
            self.fields["person"].choices = [*labels, ("", self.fields["person"].empty_label)]
            self.initial.setdefault("person", found[0].public_id if len(found) == 1 else None)
        else:
            del self.fields["person"]
        self.fields["wanted"].choices = _seat_choices(event)
        self.fields["commune"].queryset = event.communes.all()
        for name in RULED - asked(event) - {"organisation_name"}:
            del self.fields[name]

    def clean(self):
        said = super().clean()
        if not said.get("person"):
            for name in ("first_name", "last_name"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, self.fields["email"].error_messages["required"])
        return said

    def needs(self):
        """Bound fields of the needs of access, which stand folded."""
        return [self[name] for name in (*NEEDS, "diet", "other")]

    def main(self):
        """The other bound fields."""
        return [field for field in self if field.name not in (*NEEDS, "diet", "other")]


class ReasonForm(forms.Form):
    reason = MultilineField(label=_("Reason"), help_text=_("It stays in the journal and is not sent."))


class SeatsForm(forms.Form):
    kind = forms.ChoiceField(label=_("Seats"), widget=forms.RadioSelect)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _seat_choices(event)


class PersonForm(PickForm):
    picked, label = "person", _("Person of the register")

    @staticmethod
    def describe(row):
        return ", ".join(filter(None, (str(row), row.locality, row.email)))


class OrganisationForm(PickForm):
    picked, label = "organisation", _("Organisation of the register")


class CaseForm(PickForm):
    picked, label = "case", _("Case")

    @staticmethod
    def describe(row):
        return f"{row.number}, {row.client}, {row.project.number}"
