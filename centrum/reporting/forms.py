"""What is asked of a participant: before the entry, on the entry and on the exit; the file to be imported."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from centrum.kit.clock import today
from centrum.kit.fields import DateField, EmailField, MultilineField, PhoneField, PlainTextField, PostalCodeField
from centrum.kit.identifiers import clean_pesel
from centrum.kit.polish import file_size
from centrum.register.enums import Answer, IdentifierKind, Sex
from centrum.register.models import Commune
from centrum.reporting.enums import DictionaryField, ParticipationState
from centrum.reporting.queries import REFUSABLE, SENSITIVE, dictionaries


def _codes(known, field):
    return [("", _("choose")), *((entry.code, entry.label) for entry in known[field])]


def _grouped(known):
    """Details of the labour status under the status that they belong to."""
    groups = [
        (status.label, [(e.code, e.label) for e in known["labour_status_detail"] if e.parent == status.code])
        for status in known["labour_status"]
    ]
    return [("", _("choose")), *(group for group in groups if group[1])]


class EntryForm(forms.Form):
    """The data of the day of entry, saved as they come; what SM EFS still lacks is told beside the form."""

    first_name = PlainTextField(label=_("First name"), max_length=80)
    last_name = PlainTextField(label=_("Surname"), max_length=120)
    identifier_kind = forms.ChoiceField(
        label=_("Identifier"),
        required=False,
        choices=[
            ("", _("no change")),
            (IdentifierKind.PESEL, _("PESEL")),
            (IdentifierKind.OTHER, _("other identifier (no PESEL)")),
        ],
    )
    identifier = PlainTextField(
        label=_("PESEL or other identifier"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "w20"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", _("choose")), *Sex.choices], help_text=_("A PESEL fills it in.")
    )
    birth_date = DateField(label=_("Date of birth"), required=False, help_text=_("A PESEL fills it in."))
    age_at_entry = forms.IntegerField(
        label=_("Age on the day of entry"),
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(120)],
        help_text=_("Only when the date of birth is not known."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w4"}),
    )
    citizenship = forms.ChoiceField(label=_("Citizenship"), required=False)
    education = forms.ChoiceField(label=_("Education"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    email = EmailField(label=_("E-mail"), required=False)
    country = PlainTextField(label=_("Country"), required=False, max_length=60)
    street = PlainTextField(
        label=_("Street"), required=False, max_length=120, help_text=_("For letters; it is not in the EU file.")
    )
    building = PlainTextField(label=_("Building number"), required=False, max_length=12)
    flat = PlainTextField(label=_("Flat number"), required=False, max_length=12)
    postal_code = PostalCodeField(label=_("Postal code"), required=False, help_text=_("For example 66-520."))
    locality = PlainTextField(label=_("Town or village"), required=False, max_length=80)
    person_commune = forms.ModelChoiceField(
        label=_("Commune"),
        required=False,
        queryset=Commune.objects.none(),
        empty_label=_("not in the list"),
        help_text=_("The commune, not the village. One that is not in the list is typed below."),
    )
    commune = PlainTextField(label=_("Commune (typed)"), required=False, max_length=60)
    county = PlainTextField(
        label=_("County (typed)"), required=False, max_length=60, help_text=_("In small letters, as SM EFS writes it.")
    )
    voivodeship = PlainTextField(label=_("Voivodeship (typed)"), required=False, max_length=40)
    degurba = forms.ChoiceField(
        label=_("Degree of urbanisation (DEGURBA)"),
        required=False,
        help_text=_("Needed only where the list of communes does not know it."),
    )
    kind = forms.ChoiceField(label=_("Kind of participant"))
    institution_name = PlainTextField(
        label=_("Name of the institution"),
        required=False,
        max_length=300,
        help_text=_("For institutional participants: whom the person works for or represents."),
    )
    labour_status = forms.ChoiceField(label=_("Status on the labour market"), required=False)
    labour_status_detail = forms.ChoiceField(
        label=_("In detail"),
        required=False,
        help_text=_("Needed for the unemployed and the inactive; it must belong to the status."),
    )
    education_ends_on = DateField(
        label=_("Planned end of education"), required=False, help_text=_("Only for people who learn.")
    )
    foreign_origin = forms.ChoiceField(label=_("Person of foreign origin"))
    third_country_national = forms.ChoiceField(
        label=_("National of a third country"), help_text=_("No citizen of the European Union, also stateless.")
    )
    minority = forms.ChoiceField(
        label=_("Member of a national or ethnic minority (also of a marginalised community)"),
        help_text=_("The person may refuse to say."),
    )
    homeless = forms.ChoiceField(label=_("Homeless or affected by housing exclusion"))
    disability = forms.ChoiceField(label=_("Person with disabilities"), help_text=_("The person may refuse to say."))
    remarks = MultilineField(label=_("Remarks"), required=False, help_text=_("They stand in the file."))

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Fieldset(
            _("Person"),
            Div("first_name", "last_name", css_class="rowed"),
            Div("identifier_kind", "identifier", css_class="rowed"),
            Div("sex", "birth_date", "age_at_entry", css_class="rowed"),
            Div("citizenship", "education", css_class="rowed"),
            Div("phone", "email", css_class="rowed"),
        ),
        Fieldset(
            _("Address on the day of entry"),
            Div("country", "postal_code", "locality", css_class="rowed"),
            Div("street", "building", "flat", css_class="rowed"),
            "person_commune",
            Div("commune", "county", "voivodeship", css_class="rowed"),
            "degurba",
        ),
        Fieldset(
            _("Place on the labour market"),
            "kind",
            "institution_name",
            "labour_status",
            "labour_status_detail",
            "education_ends_on",
        ),
        Fieldset(_("Sensitive questions"), *SENSITIVE),
        Fieldset(_("Remarks"), "remarks"),
    )

    def __init__(self, *args, participation, answered=(), identifier="", **kwargs):
        """`answered`: sensitive questions that have an answer, which is not shown again."""
        person = participation.person
        kwargs["initial"] = {
            **{name: getattr(person, name, None) for name in self.base_fields},
            **{
                name: getattr(participation, name)
                for name in (
                    "age_at_entry",
                    "commune",
                    "county",
                    "voivodeship",
                    "degurba",
                    "kind",
                    "institution_name",
                    "labour_status",
                    "labour_status_detail",
                    "education_ends_on",
                    "remarks",
                )
            },
            "person_commune": person.commune_id,
            "identifier": "",
            "identifier_kind": "",
        }
        super().__init__(*args, **kwargs)
        known = dictionaries()
        for name in ("citizenship", "education", "degurba", "labour_status"):
            self.fields[name].choices = _codes(known, name)
        self.fields["kind"].choices = [(e.code, e.label) for e in known[DictionaryField.PARTICIPANT_KIND]]
        self.fields["labour_status_detail"].choices = _grouped(known)
        self.fields["person_commune"].queryset = Commune.objects.filter(valid_to=None)
        if identifier:
            self.fields["identifier"].help_text = _("Saved: %(masked)s. Fill in only to change it.") % {
                "masked": identifier
            }
        for name in SENSITIVE:
            field = self.fields[name]
            field.required = False
            field.choices = [
                ("", _("answered – no change") if name in answered else _("not answered yet")),
                *((code, label) for code, label in Answer.choices if code != "refused" or name in REFUSABLE),
            ]

    def clean(self):
        data = super().clean()
        if data.get("identifier") and not data.get("identifier_kind"):
            self.add_error("identifier_kind", _("Say whether this is a PESEL."))
        if data.get("identifier_kind") and not data.get("identifier") and "identifier" not in self.errors:
            self.add_error("identifier", _("Fill in the identifier."))
        if data.get("identifier_kind") == IdentifierKind.PESEL and data.get("identifier"):
            try:
                data["identifier"] = clean_pesel(data["identifier"])
            except forms.ValidationError as error:
                self.add_error("identifier", error)
        return data


class EnterForm(forms.Form):
    starts_on = DateField(
        label=_("Day of entry"), help_text=_("The day of the first support. The data describe this day.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="enter", initial={"starts_on": today()}, **kwargs)


class ExitForm(forms.Form):
    ends_on = DateField(label=_("Day of exit"))
    exit_situation = forms.ChoiceField(
        label=_("Situation on leaving"), help_text=_("As it is up to four weeks after the exit.")
    )
    exit_as_planned = forms.TypedChoiceField(
        label=_("Did the person leave as planned?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )
    business_started_on = DateField(
        label=_("Day on which the person's business began"), required=False, help_text=_("If it did.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="exit", **kwargs)
        self.fields["exit_situation"].choices = _codes(dictionaries(), DictionaryField.EXIT_SITUATION)


class ProjectFilter(forms.Form):
    q = PlainTextField(
        label=_("First name or surname"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *ParticipationState.choices])
    lacks = forms.ChoiceField(
        label=_("Data"),
        required=False,
        choices=[("", _("all")), ("yes", _("something is missing")), ("no", _("ready for SM EFS"))],
    )


class ImportForm(forms.Form):
    file = forms.FileField(label=_("File"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = lazystr(
            _("CSV in UTF-8 with semicolons, of at most %(size)s: as SM EFS exports it (43 columns) or our own.")
            % {"size": file_size(settings.IMPORT_MAX_BYTES)}
        )
        self.fields["file"].error_messages["empty"] = _("The file is empty.")
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is too large: %(size)s; at most %(most)s are taken here. The administrator can import it.")
                % {"size": file_size(file.size), "most": file_size(settings.IMPORT_MAX_BYTES)}
            )
        return file
