"""The application to join a partnership, or to begin one, as a kind of the intake engine."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centrum.cases.application_forms import CommuneChoice, ContactForm, OrganisationForm, PlaceForm
from centrum.intake import kinds, matching
from centrum.intake.forms import StepForm
from centrum.intake.kinds import CheckItem, Kind, Step, Summary
from centrum.intake.matching import Match
from centrum.kit import clock
from centrum.kit.fields import MultilineField, PlainTextField
from centrum.kit.transitions import Refused
from partners import queries, services
from partners.enums import MemberRole, PartnershipKind
from partners.models import JoinApplication

# Pages


class PurposeForm(StepForm):
    optional = ("partnership",)

    class Meta:
        model = JoinApplication
        fields = ("partnership", "purpose", "brings")
        widgets = {"partnership": forms.RadioSelect}
        field_classes = {"purpose": MultilineField, "brings": MultilineField}
        help_texts = {
            "purpose": _("What, for whom and where. A few sentences are enough. Do not write about health."),
            "brings": _("For example: rooms, legal advice, volunteers, contacts."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"].queryset = queries.joinable()
        self.fields["partnership"].empty_label = _("none of these: we want to begin a new one")


class BodyForm(OrganisationForm):
    optional = ()
    krs = None

    class Meta(OrganisationForm.Meta):
        model = JoinApplication
        fields = ("name", "pes_type", "legal_form", "nip")
        widgets = {"name": OrganisationForm.Meta.widgets["name"]}
        help_texts = {name: OrganisationForm.Meta.help_texts[name] for name in ("name", "pes_type")}


class SeatForm(PlaceForm):
    optional = ("commune",)
    commune = CommuneChoice()

    class Meta:
        model = JoinApplication
        fields = ("locality", "commune")
        field_classes = {"locality": PlainTextField}


class PersonForm(ContactForm):
    optional = ("phone",)

    class Meta(ContactForm.Meta):
        model = JoinApplication
        fields = ("contact_first_name", "contact_last_name", "email", "phone")
        field_classes = {"contact_first_name": PlainTextField, "contact_last_name": PlainTextField}
        widgets = {name: ContactForm.Meta.widgets[name] for name in ("contact_first_name", "contact_last_name")}
        help_texts = {}


# Acceptance


def accept(application, *, by, unit, adviser, organisation, person):
    """Make the organisation a member, of a new partnership where it named none, and `person` its representative.

    The unit that keeps the partnership accepts. Raises Refused.
    """
    answers = application.partnership_joining
    partnership = answers.partnership
    try:
        if partnership is None:
            role = MemberRole.INITIATOR
            partnership = services.create_partnership(
                by=by,
                unit=unit,
                name=str(organisation),
                kind=PartnershipKind.LOCAL,
                purpose=answers.purpose,
                coordinator=adviser,
            )
        else:
            role = MemberRole.PARTNER
        member = services.add_member(partnership, by=by, organisation=organisation, role=role, valid_from=clock.today())
        services.add_representative(member, by=by, person=person, valid_from=clock.today())
    except PermissionDenied as refused:
        raise Refused(str(refused)) from refused
    return partnership


JOIN = Kind(
    code="partnership_joining",
    title=_("Application to join a partnership"),
    label=pgettext_lazy("kind of application", "partnership"),
    path="partnerstwo",
    text=_("For organisations, local governments and firms that want to join a partnership or to begin one."),
    needs=(
        _("the NIP of the organisation"),
        _("a few sentences about what you want to do together"),
        _("an e-mail address that you read"),
    ),
    series="WP",
    answers="partnership_joining",
    steps=(
        Step("cel", _("What you want to do"), PurposeForm),
        Step("organizacja", _("The organisation"), BodyForm),
        Step("miejsce", _("Place"), SeatForm),
        Step("kontakt", _("Contact person"), PersonForm),
    ),
    summary=lambda answers: Summary(answers.name, answers.locality, answers.email),
    accept=accept,
    accepting=_("The organisation becomes a member today, and the contact person its representative."),
    checklist=(
        CheckItem("fits", _("What the organisation wants fits the purpose of the partnership.")),
        CheckItem("partners", _("The other members know of it and agree.")),
        CheckItem("mandate", _("Whoever applies may speak for the organisation.")),
        CheckItem("contact", _("Somebody has answered at the given phone or e-mail.")),
    ),
    matching=(
        Match(
            "organisation",
            matching.ORGANISATION,
            _("Which organisation of the register is it?"),
            tuple(
                (name, name)
                for name in ("name", "pes_type", "legal_form", "nip", "email", "phone", "locality", "commune")
            ),
        ),
        Match(
            "person",
            matching.PERSON,
            _("Who is the contact person in the register?"),
            (
                ("contact_first_name", "first_name"),
                ("contact_last_name", "last_name"),
                ("email", "email"),
                ("phone", "phone"),
            ),
        ),
    ),
)


def register_kind():
    kinds.register(JOIN)
