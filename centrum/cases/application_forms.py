"""Pages of the three support applications, and what acceptance asks."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.cases.models import (
    GroupMember,
    GroupSupportApplication,
    OrganisationSupportApplication,
    PersonSupportApplication,
)
from centrum.intake import review_forms
from centrum.intake.forms import StepForm
from centrum.kit import clock
from centrum.kit.fields import (
    EmailField,
    KrsField,
    MultilineField,
    NipField,
    PhoneField,
    PlainTextField,
    PostalCodeField,
)
from centrum.register import territory
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Commune
from centrum.reporting.queries import visible_projects


def _autocomplete(value, css=""):
    return forms.TextInput(attrs={"autocomplete": value, **({"class": css} if css else {})})


class CommuneChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            queryset=Commune.objects.none(),
            required=False,
            label=_("Commune"),
            help_text=_("If you do not know it, leave it: we will find it together."),
            empty_label=_("another commune, or I do not know"),
            **kwargs,
        )


class PlaceForm(StepForm):
    """Asks for the commune among those of today."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        in_force = Q(valid_to=None) | Q(valid_to__gt=today)
        communes = Commune.objects.filter(in_force, valid_from__lte=today)
        self.fields["commune"].queryset = communes.order_by("name", "county")

    def clean(self):
        """A known town or village that stands in one commune only fills it in."""
        data = super().clean()
        if "locality" in data and not data.get("commune"):
            data["commune"] = territory.locate(data["locality"])[1]
        return data


# A person


class PersonNeedForm(StepForm):
    class Meta:
        model = PersonSupportApplication
        fields = ("help_kind", "description")
        widgets = {"help_kind": forms.RadioSelect}
        field_classes = {"description": MultilineField}
        help_texts = {
            "description": _("What is your idea or situation? A few sentences are enough. Do not write about health.")
        }


class PersonForm(StepForm):
    optional = ("phone",)
    email = EmailField(
        label=_("E-mail"),
        help_text=_("The confirmation and our answer go there."),
        widget=forms.EmailInput(attrs={"class": "w20"}),
    )
    phone = PhoneField(
        label=_("Phone"), help_text=_("If you prefer a call."), widget=forms.TextInput(attrs={"class": "w10"})
    )

    class Meta:
        model = PersonSupportApplication
        fields = ("first_name", "last_name", "email", "phone")
        field_classes = {"first_name": PlainTextField, "last_name": PlainTextField}
        widgets = {
            "first_name": _autocomplete("given-name", "w20"),
            "last_name": _autocomplete("family-name", "w20"),
        }


class PersonPlaceForm(PlaceForm):
    optional = ("postal_code", "commune")
    postal_code = PostalCodeField(label=_("Postal code"), widget=forms.TextInput(attrs={"class": "w10"}))
    commune = CommuneChoice()

    class Meta:
        model = PersonSupportApplication
        fields = ("locality", "postal_code", "commune")
        field_classes = {"locality": PlainTextField}
        widgets = {"locality": _autocomplete("address-level2", "w20")}
        help_texts = {"locality": _("Where you live now.")}


# An organisation


class OrganisationNeedForm(StepForm):
    class Meta:
        model = OrganisationSupportApplication
        fields = ("help_kind", "description")
        widgets = {"help_kind": forms.RadioSelect}
        field_classes = {"description": MultilineField}
        help_texts = {"description": _("What do you do, and what do you need? A few sentences are enough.")}


class OrganisationForm(StepForm):
    optional = ("krs",)
    nip = NipField(
        label="NIP", help_text=_("10 digits, with or without dashes."), widget=forms.TextInput(attrs={"class": "w10"})
    )
    krs = KrsField(
        label="KRS", help_text=_("If the organisation is in the KRS."), widget=forms.TextInput(attrs={"class": "w10"})
    )

    class Meta:
        model = OrganisationSupportApplication
        fields = ("name", "pes_type", "legal_form", "nip", "krs", "enterprise_status")
        field_classes = {"name": PlainTextField}
        widgets = {"name": _autocomplete("organization"), "enterprise_status": forms.RadioSelect}
        help_texts = {
            "name": _("As in the KRS or the statute."),
            "pes_type": _("Associations, foundations, KGW and OSP are non-governmental organisations."),
            "enterprise_status": _("The voivode grants it by a decision."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, other in (("pes_type", PesType.INITIATIVE_GROUP), ("legal_form", LegalForm.INFORMAL)):
            # people without a legal form have a form of their own
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0] != other]


class SeatForm(PlaceForm):
    optional = ("street", "flat", "commune")
    postal_code = PostalCodeField(label=_("Postal code"), widget=forms.TextInput(attrs={"class": "w10"}))
    commune = CommuneChoice()

    class Meta:
        model = OrganisationSupportApplication
        fields = ("street", "building", "flat", "postal_code", "locality", "commune")
        field_classes = {
            "street": PlainTextField,
            "building": PlainTextField,
            "flat": PlainTextField,
            "locality": PlainTextField,
        }
        widgets = {
            "street": _autocomplete("off", "w20"),
            "building": _autocomplete("off", "w4"),
            "flat": _autocomplete("off", "w4"),
            "locality": _autocomplete("address-level2", "w20"),
        }
        help_texts = {"street": _("Leave it empty where there are no streets.")}


class ContactForm(StepForm):
    optional = ("contact_role", "phone")
    email = EmailField(
        label=_("E-mail"),
        help_text=_("The confirmation and our answer go there."),
        widget=forms.EmailInput(attrs={"class": "w20"}),
    )
    phone = PhoneField(
        label=_("Phone"), help_text=_("If you prefer a call."), widget=forms.TextInput(attrs={"class": "w10"})
    )

    class Meta:
        model = OrganisationSupportApplication
        fields = ("contact_first_name", "contact_last_name", "contact_role", "email", "phone")
        field_classes = {
            "contact_first_name": PlainTextField,
            "contact_last_name": PlainTextField,
            "contact_role": PlainTextField,
        }
        widgets = {
            "contact_first_name": _autocomplete("given-name", "w20"),
            "contact_last_name": _autocomplete("family-name", "w20"),
            "contact_role": _autocomplete("organization-title", "w20"),
        }
        help_texts = {"contact_role": _("For example: president, coordinator.")}


# An initiative group


class GroupIdeaForm(StepForm):
    class Meta:
        model = GroupSupportApplication
        fields = ("name", "idea", "planned_pes_type")
        widgets = {"planned_pes_type": forms.RadioSelect}
        field_classes = {"name": PlainTextField, "idea": MultilineField}
        help_texts = {
            "name": _("A working name is enough, for example “Women of Dobiegniew”."),
            "idea": _("What, for whom and where. A few sentences are enough. Do not write about health."),
        }


class MemberForm(StepForm):
    optional = ("email", "phone")
    email = EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"class": "w20", "autocomplete": "off"}))
    phone = PhoneField(label=_("Phone"), widget=forms.TextInput(attrs={"class": "w10", "autocomplete": "off"}))

    class Meta:
        model = GroupMember
        fields = ("first_name", "last_name", "email", "phone")
        field_classes = {"first_name": PlainTextField, "last_name": PlainTextField}
        widgets = {"first_name": _autocomplete("off", "w20"), "last_name": _autocomplete("off", "w20")}


class GroupPlaceForm(PlaceForm):
    optional = ("postal_code", "commune")
    postal_code = PostalCodeField(label=_("Postal code"), widget=forms.TextInput(attrs={"class": "w10"}))
    commune = CommuneChoice()

    class Meta:
        model = GroupSupportApplication
        fields = ("locality", "postal_code", "commune")
        field_classes = {"locality": PlainTextField}
        widgets = {"locality": _autocomplete("address-level2", "w20")}
        help_texts = {"locality": _("Where you want to work together.")}


class GroupContactForm(PersonForm):
    class Meta(PersonForm.Meta):
        model = GroupSupportApplication


# Acceptance


class AcceptForm(review_forms.AcceptForm):
    """Asks also for the project in which the case is opened."""

    project = forms.ModelChoiceField(label=_("EU project"), queryset=None, empty_label=None)
    field_order = ("project",)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        project = self.fields["project"]
        project.queryset = visible_projects(user).filter(closed_on=None)
        if not project.queryset:
            project.help_text = _("You do not work in any open EU project, so you cannot open a case.")

    def clean(self):
        cleaned = super().clean()
        adviser, project = cleaned.get("adviser"), cleaned.get("project")
        if adviser and project and not project.staff.filter(pk=adviser.pk).exists():
            self.add_error("adviser", ValidationError(_("The adviser does not work in this project.")))
        return cleaned
