"""What staff type about people and organisations: parsed and cleaned here, judged by services."""

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.kit.clock import today
from centrum.kit.fields import (
    DateField,
    EmailField,
    KrsField,
    MultilineField,
    NipField,
    PhoneField,
    PlainTextField,
    PostalCodeField,
    RegonField,
)
from centrum.kit.search import SHORTEST, is_searchable
from centrum.register import queries
from centrum.register.enums import Answer, Citizenship, Education, IdentifierKind, Sex
from centrum.register.models import Commune, Organisation, Person, PersonSensitive
from centrum.register.services import SENSITIVE_FIELDS
from centrum.staff.models import Unit

ADDRESS = ("street", "building", "flat", "postal_code", "locality", "commune")
# only these two questions may be refused (form of SM EFS)
REFUSABLE = ("minority", "disability")


class SearchField(PlainTextField):
    def parse(self, value):
        value = super().parse(value)
        if value and not is_searchable(value):
            raise ValidationError(
                _("Type at least %(count)d letters or digits of one word."), params={"count": SHORTEST}
            )
        return value


class SearchFilter(django_filters.Filter):
    """Applied by the filter set after all others, so that it looks only at what they leave."""

    field_class = SearchField

    def filter(self, queryset, value):
        return queryset


class _RegisterFilter(django_filters.FilterSet):
    """`partial` tells that more rows hold the fragment than are listed, `found` how many are, if it was searched."""

    q = SearchFilter(label=_("Search"))
    # lists of choices and not of models: what was chosen is looked for among them, not asked for once more
    commune = django_filters.ChoiceFilter(label=_("Commune"), empty_label=pgettext_lazy("commune", "all"))
    unit = django_filters.ChoiceFilter(label=_("Unit"), field_name="units", empty_label=pgettext_lazy("unit", "all"))
    partial = False
    found = None

    def __init__(self, data, queryset, *, user):
        super().__init__(data, queryset)
        for name, rows in (("commune", Commune.objects.all()), ("unit", queries.units(user))):
            self.filters[name].extra["choices"] = [(row.pk, str(row)) for row in rows]

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        text = self.form.cleaned_data.get("q")
        if text:
            queryset, self.found, self.partial = type(self).find(queryset, text)
        return queryset


class OrganisationFilter(_RegisterFilter):
    find = staticmethod(queries.matching_organisations)

    class Meta:
        model = Organisation
        fields = ("q", "pes_type", "commune", "unit")


class PersonFilter(_RegisterFilter):
    find = staticmethod(queries.matching_people)

    class Meta:
        model = Person
        fields = ("q", "commune", "unit")


class _RegisterForm(forms.ModelForm):
    postal_code = PostalCodeField(
        label=_("Postal code"), required=False, widget=forms.TextInput(attrs={"class": "w10"})
    )
    phone = PhoneField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"class": "w20"}))
    email = EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = queries.communes(today(), chosen=self.instance.commune_id)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(Fieldset(legend, *names) for legend, names in self.parts))

    def _post_clean(self):
        """The services write: the instance stays as the database has it, constraints are asked there."""


class OrganisationForm(_RegisterForm):
    nip = NipField(
        label="NIP",
        required=False,
        help_text=_("10 digits; spaces and dashes do no harm."),
        widget=forms.TextInput(attrs={"class": "w20"}),
    )
    regon = RegonField(
        label="REGON",
        required=False,
        help_text=_("9 or 14 digits."),
        widget=forms.TextInput(attrs={"class": "w20"}),
    )
    krs = KrsField(
        label="KRS",
        required=False,
        help_text=_("10 digits, of the National Court Register."),
        widget=forms.TextInput(attrs={"class": "w20"}),
    )

    parts = (
        (_("Organisation"), ("name", "legal_form", "pes_type")),
        (_("Numbers"), ("nip", "regon", "krs")),
        (_("Contact"), ("phone", "email")),
        (_("Seat"), ADDRESS),
    )

    class Meta:
        model = Organisation
        fields = ("name", "legal_form", "pes_type", "nip", "regon", "krs", "phone", "email", *ADDRESS)
        field_classes = dict.fromkeys(("name", "street", "building", "flat", "locality"), PlainTextField)
        help_texts = {
            "pes_type": _("Kinds of social economy entities by art. 2 pkt 5 of the Act on the social economy."),
        }


class PersonForm(_RegisterForm):
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("not known")), *Sex.choices], required=False)
    birth_date = DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_("A PESEL fills it and the sex in."),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"class": "w10"}),
    )
    identifier_kind = forms.ChoiceField(
        label=_("Kind of identifier"), choices=IdentifierKind.choices, widget=forms.RadioSelect
    )
    identifier = PlainTextField(
        label=_("PESEL or other identifier"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w20", "autocomplete": "off", "spellcheck": "false"}),
    )
    citizenship = forms.ChoiceField(
        label=_("Citizenship"), choices=[("", _("not known")), *Citizenship.choices], required=False
    )
    education = forms.ChoiceField(
        label=_("Education"), choices=[("", _("not known")), *Education.choices], required=False
    )

    parts = (
        (_("Person"), ("first_name", "last_name", "sex", "birth_date")),
        (_("Identifier"), ("identifier_kind", "identifier")),
        (_("Contact"), ("phone", "email")),
        (_("Place of living"), (*ADDRESS, "country")),
        (_("For the EU project"), ("citizenship", "education")),
    )

    class Meta:
        model = Person
        fields = (
            "first_name",
            "last_name",
            "sex",
            "birth_date",
            "phone",
            "email",
            *ADDRESS,
            "country",
            "citizenship",
            "education",
        )
        field_classes = dict.fromkeys(
            ("first_name", "last_name", "street", "building", "flat", "locality", "country"), PlainTextField
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["identifier_kind"].initial = self.instance.identifier_kind
        if self.instance.identifier_kind != IdentifierKind.NONE:
            self.fields["identifier"].help_text = _("Leave empty to keep %(number)s.") % {
                "number": queries.masked_identifier(self.instance)
            }

    def clean_birth_date(self):
        day = self.cleaned_data["birth_date"]
        if day and day > today():
            raise ValidationError(_("The date of birth is in the future. Check it."))
        return day

    def clean(self):
        kind, number = self.cleaned_data.get("identifier_kind"), self.cleaned_data.get("identifier")
        if kind == IdentifierKind.NONE and number:
            self.add_error("identifier_kind", _("Say what kind of identifier it is."))
        elif kind and kind != IdentifierKind.NONE:
            if number:
                self._check_identifier(kind, number)
            elif kind != self.instance.identifier_kind and "identifier" not in self.errors:
                self.add_error("identifier", _("Enter the number."))
        return self.cleaned_data

    def _check_identifier(self, kind, number):
        try:
            queries.clean_identifier(kind, number)
        except ValidationError as error:
            self.add_error("identifier", error)

    def values(self):
        """What the services take; `identifier` only where it changes."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith("identifier")}
        kind, number = self.cleaned_data["identifier_kind"], self.cleaned_data["identifier"]
        if number or kind != self.instance.identifier_kind:
            values["identifier"] = (kind, number)
        return values


class ReasonForm(forms.Form):
    reason = MultilineField(
        label=_("Why do you need it?"),
        max_length=500,
        help_text=_("The reason is kept with your name and the time, and read by the auditor."),
        widget=forms.Textarea(attrs={"rows": "3"}),
    )


class SensitiveForm(forms.ModelForm):
    """Answers to write; those that are there are not shown, and stay where nothing is chosen."""

    class Meta:
        model = PersonSensitive
        fields = SENSITIVE_FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            answers = [a for a in Answer.choices if a[0] != Answer.REFUSED or name in REFUSABLE]
            self.fields[name] = forms.ChoiceField(
                label=field.label,
                choices=[("", _("leave as it is")), *answers],
                required=False,
                widget=forms.RadioSelect,
            )

    def _post_clean(self):
        """The services write."""

    def clean(self):
        if not self.errors and not self.values():
            raise ValidationError(_("Choose at least one answer, or cancel."))
        return self.cleaned_data

    def values(self):
        return {name: answer for name, answer in self.cleaned_data.items() if answer}


class ShareForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit that will serve this client, too"), queryset=None, empty_label=None)

    def __init__(self, *args, client, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.exclude(pk__in=client.units.values("pk"))
