"""Pages of the two applications for seats: one's own, and an organisation's for its people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from centrum.intake.forms import StepForm
from centrum.intake.tables import Rows
from centrum.kit.fields import EmailField, NipField, PhoneField, PlainTextField
from centrum.kit.transitions import Refused
from trainings import access, own_case, queries
from trainings.enums import YesNo
from trainings.models import AccessNeeds, EnrolmentApplication, GroupEnrolmentApplication, GroupParticipant


class StartForm(forms.Form):
    """For whom somebody enrols; `key` makes a double click begin one draft."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("Whom do you enrol?"),
        choices=[("person", _("myself")), ("group", _("people of my organisation"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )


def _text(autocomplete, css="w20"):
    return forms.TextInput(attrs={"autocomplete": autocomplete, "class": css})


def _email(help_text, autocomplete="email"):
    widget = forms.EmailInput(attrs={"class": "w20", "autocomplete": autocomplete})
    return EmailField(label=_("E-mail"), help_text=help_text, widget=widget)


def _phone(help_text="", autocomplete="tel"):
    widget = forms.TextInput(attrs={"class": "w10", "autocomplete": autocomplete})
    return PhoneField(label=_("Phone"), help_text=help_text, widget=widget)


class RuledForm(StepForm):
    """A page that leaves out what the rules of the event do not ask for (`access.RULED`)."""

    def __init__(self, *args, partial=False, **kwargs):
        super().__init__(*args, partial=partial, **kwargs)
        self.partial = partial
        self.event = self.answers().event
        asked = access.asked(self.event)
        for name in access.RULED & self.fields.keys():
            if name not in asked:
                del self.fields[name]
        self.groups = {group.kind: group for group in self.event.groups.all()}
        if "wanted" in self.fields:
            self.fields["wanted"].choices = [(kind, group.get_kind_display()) for kind, group in self.groups.items()]
        if "commune" in self.fields:
            self.fields["commune"].queryset = self.event.communes.order_by("name")
            self.fields["commune"].empty_label = _now("– choose –")

    def answers(self):
        """The typed model of the application."""
        return self.instance

    @classmethod
    def names_for(cls, event):
        asked = access.asked(event)
        return [name for name in cls.base_fields if name not in access.RULED or name in asked]

    def clean(self):
        data = super().clean()
        if not self.partial and not self.errors:
            self.admit(data)
        return data

    def admit(self, data):
        """Look at the rules of access as early as the page, as capacity does at the end."""
        answers = self.answers()
        wanted = data.get("wanted") or answers.wanted
        group = self.groups.get(wanted) or next(iter(self.groups.values()), None)
        if group is None:
            raise ValidationError(_now("This event has no seats yet."))
        number = data.get("case_number", "")
        try:
            case = own_case.case_of(self.event, number, data["last_name"]) if number else None
        except Refused as refused:
            self.add_error("case_number", refused.message_dict["case_number"])
            return
        declared = {
            "declares_pes": (data.get("declares_pes") or answers.declares_pes) == YesNo.YES,
            "declares_at_risk": data.get("declares_at_risk") == YesNo.YES,
        }
        try:
            access.must_be_admitted(self.event, group, **declared, commune=data.get("commune"), case=case)
        except Refused as refused:
            for name, errors in refused.message_dict.items():
                if name in self.fields:  # the other rules are those of another page
                    self.add_error(name, errors)


_RULED_WIDGETS = {
    "wanted": forms.RadioSelect,
    "declares_pes": forms.RadioSelect,
    "declares_at_risk": forms.RadioSelect,
}
_PES = _("For example in a cooperative, association, foundation, rural housewives’ circle or social enterprise.")
_GROUP = _("For example long unemployed, with a disability, homeless. Yes or no is enough: we do not ask which group.")
_CASE = _("It stands in our letters, for example SP/2026/0001.")


class WhoForm(RuledForm):
    """Who enrols, and what the event's rules ask of them."""

    optional = ("phone", "organisation_name")
    email = _email(_("The confirmation and your own link go there."))
    phone = _phone(_("So that we can reach you on the day."))

    class Meta:
        model = EnrolmentApplication
        fields = (
            "first_name",
            "last_name",
            "email",
            "phone",
            "wanted",
            "declares_pes",
            "organisation_name",
            "declares_at_risk",
            "commune",
            "case_number",
        )
        field_classes = {
            "first_name": PlainTextField,
            "last_name": PlainTextField,
            "organisation_name": PlainTextField,
            "case_number": PlainTextField,
        }
        widgets = {
            **_RULED_WIDGETS,
            "first_name": _text("given-name"),
            "last_name": _text("family-name"),
            "organisation_name": _text("organization"),
            "case_number": _text("off", "w10"),
        }
        help_texts = {
            "declares_pes": _PES,
            "declares_at_risk": _GROUP,
            "case_number": _CASE,
            "organisation_name": _("If you have answered yes."),
        }

    def admit(self, data):
        names = {name: data[name] for name in ("first_name", "last_name", "email")}
        if queries.is_enrolled(self.event, **names):
            raise ValidationError(
                _now("This person is enrolled already. The letter that we sent has the link to the enrolment.")
            )
        if data.get("declares_pes") == YesNo.YES and not data["organisation_name"]:
            self.add_error("organisation_name", _now("Name the organisation."))
        super().admit(data)


class NeedsForm(StepForm):
    """What somebody needs to take part; whoever ticks something need not have said "yes" before."""

    optional = ("loop", "sign_language", "wheelchair", "large_print", "diet", "other")

    class Meta:
        model = EnrolmentApplication
        fields = ("has_needs", "loop", "sign_language", "wheelchair", "large_print", "diet", "other")
        field_classes = {"other": PlainTextField}
        widgets = {"has_needs": forms.RadioSelect}
        help_texts = {
            "has_needs": _("The organiser alone sees it, and it is deleted after the event."),
            "other": _("Do not write about your health, only what we should prepare."),
        }

    def clean(self):
        data = super().clean()
        if any(data.get(name) for name in self.optional):
            data["has_needs"] = YesNo.YES
            self.errors.pop("has_needs", None)
        elif data.get("has_needs") == YesNo.YES and not self.errors:
            self.add_error("has_needs", _now("Say below what you need, or choose “no”."))
        return data


class OrganisationForm(RuledForm):
    """The organisation that enrols its people, and whom we write to."""

    optional = ("nip", "phone")
    nip = NipField(label="NIP", help_text=_("10 digits."), widget=forms.TextInput(attrs={"class": "w10"}))
    contact_first_name = PlainTextField(
        label=_("First name of the contact person"), max_length=80, widget=_text("given-name")
    )
    contact_last_name = PlainTextField(
        label=_("Surname of the contact person"), max_length=120, widget=_text("family-name")
    )
    email = _email(_("The list of those who have a seat goes there."))
    phone = _phone()

    class Meta:
        model = GroupEnrolmentApplication
        fields = (
            "name",
            "nip",
            "wanted",
            "declares_pes",
            "contact_first_name",
            "contact_last_name",
            "email",
            "phone",
        )
        field_classes = {"name": PlainTextField}
        widgets = {**_RULED_WIDGETS, "name": _text("organization")}
        labels = {"declares_pes": _("Is the organisation a social economy entity?")}
        help_texts = {"declares_pes": _("For example a cooperative, association, foundation or social enterprise.")}


class ParticipantForm(RuledForm):
    optional = ("email", "phone", "needs")
    email = _email(_("Without it the letters go to the contact person."), "off")
    phone = _phone(autocomplete="off")

    class Meta:
        model = GroupParticipant
        fields = (
            "first_name",
            "last_name",
            "email",
            "phone",
            "declares_at_risk",
            "commune",
            "case_number",
            "needs",
        )
        field_classes = {
            "first_name": PlainTextField,
            "last_name": PlainTextField,
            "case_number": PlainTextField,
            "needs": PlainTextField,
        }
        widgets = {
            **_RULED_WIDGETS,
            "first_name": _text("off"),
            "last_name": _text("off"),
            "case_number": _text("off", "w10"),
        }
        labels = {"declares_at_risk": _("Does this person belong to a group at risk of exclusion?")}
        help_texts = {
            "declares_at_risk": _GROUP,
            "case_number": _CASE,
            "needs": _("For example an induction loop, large print, a vegan meal. The organiser alone sees it."),
        }

    def answers(self):
        return self.instance.answers

    def admit(self, data):
        names = {name: data[name] for name in ("first_name", "last_name")}
        if queries.is_enrolled(self.event, **names, email=data["email"] or self.answers().email):
            raise ValidationError(_now("This person is enrolled already."))
        super().admit(data)


class ParticipantRows(Rows):
    """Rows in which nobody stands twice."""

    def clean(self):
        super().clean()
        seen = set()
        for row in self.cleaned_data if not any(self.errors) else ():
            who = tuple(row[name].casefold() for name in ("first_name", "last_name", "email"))
            if who in seen:
                raise ValidationError(
                    _now("%(name)s stands here twice.") % {"name": f"{row['first_name']} {row['last_name']}"}
                )
            seen.add(who)


class OwnForm(forms.ModelForm):
    """What whoever is enrolled may change on their own page."""

    class Meta:
        model = AccessNeeds
        fields = ("loop", "sign_language", "wheelchair", "large_print", "diet", "other")
        field_classes = {"other": PlainTextField}

    email = _email(_("Our letters go there."))
    phone = PhoneField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"class": "w10"}))
    field_order = ("email", "phone")
