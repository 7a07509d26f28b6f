"""Pages of the two support applications, and what acceptance asks."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.cases.models import OrganisationSupportApplication, PersonSupportApplication
from centrum.intake.forms import MailForm, StepForm
from centrum.intake.queries import assignable
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
from centrum.kit.identifiers import format_nip
from centrum.register import queries as register
from centrum.register.models import Commune
from centrum.reporting.queries import visible_projects
from centrum.staff.models import Unit
from centrum.staff.queries import unit_scope

NEW = "new"


def _autocomplete(value, css=""):
    return forms.TextInput(attrs={"autocomplete": value, **({"class": css} if css else {})})


class _CommuneChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            queryset=Commune.objects.none(),
            required=False,
            label=_("Commune"),
            help_text=_("If you do not know it, leave it: we will find it together."),
            empty_label=_("another commune, or I do not know"),
            **kwargs,
        )


class _PlaceForm(StepForm):
    """Asks for the commune among those of today."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        in_force = Q(valid_to=None) | Q(valid_to__gt=today)
        communes = Commune.objects.filter(in_force, valid_from__lte=today)
        self.fields["commune"].queryset = communes.order_by("name", "county")


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


class PersonPlaceForm(_PlaceForm):
    optional = ("postal_code", "commune")
    postal_code = PostalCodeField(label=_("Postal code"), widget=forms.TextInput(attrs={"class": "w10"}))
    commune = _CommuneChoice()

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


class SeatForm(_PlaceForm):
    optional = ("street", "flat", "commune")
    postal_code = PostalCodeField(label=_("Postal code"), widget=forms.TextInput(attrs={"class": "w10"}))
    commune = _CommuneChoice()

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


# Acceptance


class AcceptForm(MailForm):
    """Where the case goes, who leads it, and which rows of the register the applicant is.

    A candidate is chosen by its primary key, "new" makes a new row. People of units that the user does not see are
    not shown; an organisation with the same NIP or KRS is, since the applicant told us of it.
    """

    project = forms.ModelChoiceField(label=_("EU project"), queryset=None, empty_label=None)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None, empty_label=None)
    adviser = forms.ModelChoiceField(label=_("Key adviser"), queryset=None, empty_label=_("– choose –"))
    person = forms.ChoiceField(widget=forms.RadioSelect)
    field_order = ("project", "unit", "adviser", "organisation", "person", "mail")

    def __init__(self, *args, user, application, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.answers = user, self.answers_of(application)
        scope = unit_scope(user)
        units = Unit.objects.all() if scope is None else Unit.objects.filter(pk__in=scope)
        self.fields["project"].queryset = visible_projects(user).filter(closed_on=None)
        self.fields["unit"].queryset = units
        self.fields["unit"].initial = application.unit_id or user.unit_id
        self.fields["adviser"].queryset = assignable(user)
        self.fields["adviser"].initial = application.assignee_id
        self.offer("person", self.people(), _person_label, _("Enter as a new person"))

    def offer(self, name, candidates, label, new, *, may_be_new=True):
        """Fill the radio list `name`; the first candidate that must be the same is chosen beforehand."""
        self.candidates = {**getattr(self, "candidates", {}), name: {str(c.pk): c for c in candidates}}
        choices = [(str(candidate.pk), label(candidate)) for candidate in candidates]
        self.fields[name].choices = [*choices, (NEW, new)] if may_be_new else choices
        if not candidates or not may_be_new:
            self.fields[name].initial = self.fields[name].choices[0][0]

    def people(self):
        visible = register.visible_people(self.user)
        similar = register.similar_people(**self.person_data())
        shown = set(visible.filter(pk__in=[person.pk for person in similar]).values_list("pk", flat=True))
        return [person for person in similar if person.pk in shown]

    def clean_person(self):
        return self.candidates["person"].get(self.cleaned_data["person"])

    def clean(self):
        cleaned = super().clean()
        adviser, unit, project = (cleaned.get(name) for name in ("adviser", "unit", "project"))
        if adviser and unit and unit_scope(adviser) is not None and adviser.unit_id != unit.pk:
            self.add_error("adviser", ValidationError(_("The adviser works in another unit.")))
        elif adviser and project and not project.staff.filter(pk=adviser.pk).exists():
            self.add_error("adviser", ValidationError(_("The adviser does not work in this project.")))
        return cleaned


class AcceptPersonForm(AcceptForm):
    person = forms.ChoiceField(label=_("Who is it in the register?"), widget=forms.RadioSelect)

    @staticmethod
    def answers_of(application):
        return application.person_support

    def person_data(self):
        a = self.answers
        return {"first_name": a.first_name, "last_name": a.last_name, "email": a.email, "phone": a.phone}


class AcceptOrganisationForm(AcceptForm):
    organisation = forms.ChoiceField(label=_("Which organisation of the register is it?"), widget=forms.RadioSelect)
    person = forms.ChoiceField(label=_("Who is the contact person in the register?"), widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        a = self.answers
        visible = register.visible_organisations(self.user)
        similar = register.similar_organisations(name=a.name, nip=a.nip, krs=a.krs)
        shown = set(visible.filter(pk__in=[o.pk for o in similar]).values_list("pk", flat=True))
        same = [o for o in similar if o.nip == a.nip or (a.krs and o.krs == a.krs)]
        candidates = same or [o for o in similar if o.pk in shown]
        self.offer(
            "organisation", candidates, _organisation_label, _("Enter as a new organisation"), may_be_new=not same
        )

    @staticmethod
    def answers_of(application):
        return application.organisation_support

    def person_data(self):
        a = self.answers
        return {
            "first_name": a.contact_first_name,
            "last_name": a.contact_last_name,
            "email": a.email,
            "phone": a.phone,
        }

    def clean_organisation(self):
        return self.candidates["organisation"].get(self.cleaned_data["organisation"])


def _person_label(person):
    parts = [str(person), f"*{person.birth_date.year}" if isinstance(person.birth_date, datetime.date) else ""]
    return " · ".join(filter(None, [*parts, person.locality, person.email]))


def _organisation_label(organisation):
    nip = f"NIP {format_nip(organisation.nip)}" if organisation.nip else ""
    return " · ".join(filter(None, [organisation.name, nip, organisation.locality]))
