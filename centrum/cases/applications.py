"""The three support applications as kinds of the intake engine, and the case that their acceptance opens."""

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrum.cases import application_forms as forms
from centrum.cases import queries, services
from centrum.intake import kinds, matching
from centrum.intake.kinds import AttachmentRule, CheckItem, Kind, Step, Summary, TableStep
from centrum.intake.matching import Match
from centrum.kit import clock, registry
from centrum.kit.registry import Panel
from centrum.register import ties
from centrum.register.enums import LegalForm, PesType
from centrum.register.queries import similar_people, visible_people
from centrum.register.services import create_person


def _of_person(answers):
    return Summary(f"{answers.first_name} {answers.last_name}".strip(), answers.locality, answers.email)


def _of_organisation(answers):
    return Summary(answers.name, answers.locality, answers.email)


def _of_group(answers):
    return Summary(answers.name, answers.locality, answers.email)


def accept_person(application, *, by, unit, project, adviser, person):
    """Open the case of the applicant, whose row of the register is `person`."""
    return services.open_case(
        by=by, project=project, unit=unit, person=person, application=application, adviser=adviser
    )


def accept_organisation(application, *, by, unit, project, adviser, organisation, person):
    """Open the case of the applying organisation, for which `person` stands."""
    return services.open_case(
        by=by,
        project=project,
        unit=unit,
        person=person,
        organisation=organisation,
        application=application,
        adviser=adviser,
    )


def accept_group(application, *, by, unit, project, adviser, organisation, person):
    """Open the case of the group, for which `person` stands; everybody in it becomes a contact of the group."""
    case = accept_organisation(
        application, by=by, unit=unit, project=project, adviser=adviser, organisation=organisation, person=person
    )
    people = {person.pk: person}
    for member in application.group_support.members.all():
        row = _known(member, person, by) or create_person(by=by, unit=unit, **_values(member))
        people[row.pk] = row
    going_on = ties.contacts_of(organisation).filter(Q(valid_to=None) | Q(valid_to__gt=clock.today()))
    present = {contact.person_id: contact for contact in going_on}
    with translation.override(settings.LANGUAGE_CODE):
        role = gettext("member of the initiative group")
    for pk, row in people.items():
        main = row == person
        if pk not in present:
            ties.add_contact(organisation, by=by, person=row, role=role, valid_from=clock.today(), main=main)
        elif main and not present[pk].main and present[pk].valid_to is None:
            ties.make_main(present[pk], by=by)
    return case


def _known(member, person, by):
    """The member in the register: whoever applies, named once more, or somebody whom `by` sees, of the same name and
    with the same e-mail or phone. A name alone tells nobody apart."""
    reached_at = _reached_at(member)
    if _same_name(member, person) and (not reached_at or reached_at & _reached_at(person)):
        return person
    similar = similar_people(**_values(member))
    same = [row.pk for row in similar if _same_name(member, row) and reached_at & _reached_at(row)]
    return visible_people(by).filter(pk__in=same, merged_into=None).first()


def _same_name(one, other):
    return str(one).casefold() == str(other).casefold()


def _reached_at(row):
    return {row.email.casefold(), row.phone} - {""}


def _values(member):
    return {name: getattr(member, name) for name in _NAMES}


_NAMES = ("first_name", "last_name", "email", "phone")
_PERSON_MATCH = Match(
    "person",
    matching.PERSON,
    _("Who is it in the register?"),
    tuple((name, name) for name in ("first_name", "last_name", "email", "phone", "postal_code", "locality", "commune")),
)
_ORGANISATION_MATCH = Match(
    "organisation",
    matching.ORGANISATION,
    _("Which organisation of the register is it?"),
    tuple(
        (name, name)
        for name in (
            "name",
            "pes_type",
            "legal_form",
            "nip",
            "krs",
            "email",
            "phone",
            "street",
            "building",
            "flat",
            "postal_code",
            "locality",
            "commune",
        )
    ),
)
_CONTACT_MATCH = Match(
    "person",
    matching.PERSON,
    _("Who is the contact person in the register?"),
    (
        ("contact_first_name", "first_name"),
        ("contact_last_name", "last_name"),
        ("email", "email"),
        ("phone", "phone"),
    ),
)
_GROUP_MATCH = Match(
    "organisation",
    matching.ORGANISATION,
    _("Which group of the register is it?"),
    tuple((name, name) for name in ("name", "email", "phone", "postal_code", "locality", "commune")),
    fixed={"pes_type": PesType.INITIATIVE_GROUP, "legal_form": LegalForm.INFORMAL},
)
_GROUP_CONTACT_MATCH = Match(
    "person",
    matching.PERSON,
    _("Who is the contact person in the register?"),
    tuple((name, name) for name in _NAMES),
)

# What the house looks at before it decides.
_TARGET = CheckItem("target", _("The applicant belongs to those whom the project supports."))
_AREA = CheckItem("area", _("The applicant lives, works or has a seat in the area of the project."))
_WHOLE = CheckItem("whole", _("The data are complete and agree with each other."))
_NEED = CheckItem("need", _("The description says what help is needed."))
_INFORMED = CheckItem("informed", _("The information on data protection was read, and needed declarations are there."))
_CONTACT = CheckItem("contact", _("Somebody has answered at the given phone or e-mail."))
_ONCE = CheckItem("once", _("The applicant has no open case for the same help."))

PERSON_CHECKS = (_TARGET, _AREA, _WHOLE, _NEED, _INFORMED, _CONTACT, _ONCE)
ORGANISATION_CHECKS = (
    CheckItem(
        "pes",
        _(
            "The organisation is of a kind listed in art. 2 pkt 5 of the Act on the social economy, "
            "or plans to become one."
        ),
    ),
    CheckItem("numbers", _("Name, NIP and KRS agree with the public registers.")),
    CheckItem("mandate", _("Whoever applies may speak for the organisation.")),
    _AREA,
    _WHOLE,
    _NEED,
    _INFORMED,
    _CONTACT,
    _ONCE,
)
GROUP_CHECKS = (
    CheckItem(
        "plan",
        _("The group wants to found a kind of organisation listed in art. 2 pkt 5 of the Act on the social economy."),
    ),
    CheckItem("members", _("The members are known by name and know of the application.")),
    _AREA,
    _WHOLE,
    _NEED,
    _INFORMED,
    _CONTACT,
    _ONCE,
)


def case_of(user, application):
    """Panel of an accepted application: the case that it opened, where the user sees it."""
    case = queries.visible_cases(user).filter(application=application).first()
    return {"case": case} if case else None


_ACCEPTING = _("The applicant is linked to the register, a case is opened and its participant prepared, all at once.")

PERSON = Kind(
    code="person_support",
    title=_("Application for support: a person"),
    label=_("person"),
    path="wsparcie/osoba",
    text=_("For people who want to found a social enterprise, look for work in one, or want to learn."),
    needs=(
        _("a few sentences about what you would like to do"),
        _("an e-mail address that you read"),
    ),
    series="WS",
    answers="person_support",
    steps=(
        Step("potrzeba", _("What you need"), forms.PersonNeedForm),
        Step("osoba", _("About you"), forms.PersonForm),
        Step("miejsce", _("Where you live"), forms.PersonPlaceForm),
    ),
    summary=_of_person,
    accept_form=forms.AcceptForm,
    accept=accept_person,
    accepting=_ACCEPTING,
    checklist=PERSON_CHECKS,
    matching=(_PERSON_MATCH,),
)

ORGANISATION = Kind(
    code="organisation_support",
    title=_("Application for support: an organisation"),
    label=_("organisation"),
    path="wsparcie/organizacja",
    text=_("For cooperatives, associations, foundations, circles, companies and other bodies with a NIP."),
    needs=(
        _("the NIP of the organisation, and its KRS number; without one a paper that says who speaks for it"),
        _("the address of the seat"),
        _("a few sentences about what you do and what you need"),
        _("an e-mail address that you read"),
    ),
    series="WS",
    answers="organisation_support",
    steps=(
        Step("potrzeba", _("What you need"), forms.OrganisationNeedForm),
        Step("organizacja", _("The organisation"), forms.OrganisationForm),
        Step("siedziba", _("Seat of the organisation"), forms.SeatForm),
        Step("kontakt", _("Contact person"), forms.ContactForm),
    ),
    summary=_of_organisation,
    accept_form=forms.AcceptForm,
    accept=accept_organisation,
    accepting=_ACCEPTING,
    attachments=(
        AttachmentRule(
            "reprezentacja",
            _("Who speaks for the organisation"),
            _("An extract from the register that you are in, or the statute. Not needed with a KRS number."),
            required=lambda answers: not answers.krs,  # the KRS is public and names the board
            many=True,
        ),
    ),
    checklist=ORGANISATION_CHECKS,
    matching=(_ORGANISATION_MATCH, _CONTACT_MATCH),
)


GROUP = Kind(
    code="group_support",
    title=_("Application for support: an initiative group"),
    label=_("initiative group"),
    path="wsparcie/grupa",
    text=_("For people who want to found a social enterprise together and have no legal form yet."),
    needs=(
        _("a few sentences about what you want to do together"),
        _("names of the people in the group, who know that you apply"),
        _("an e-mail address that one of you reads"),
    ),
    series="WS",
    answers="group_support",
    steps=(
        Step("pomysl", _("Your idea"), forms.GroupIdeaForm),
        TableStep(
            "osoby",
            _("People in the group"),
            forms.MemberForm,
            rows_name="members",
            one=_("Person"),
            add=_("Add another person"),
            text=_("Everybody but you, who apply: at least one more person. Names are enough."),
        ),
        Step("miejsce", _("Place"), forms.GroupPlaceForm),
        Step("kontakt", _("Contact person"), forms.GroupContactForm),
    ),
    summary=_of_group,
    accept_form=forms.AcceptForm,
    accept=accept_group,
    accepting=_ACCEPTING,
    attachments=(
        AttachmentRule(
            "opis",
            _("Description of the idea"),
            _("If you have one already: a plan, sketches, photos."),
            many=True,
        ),
    ),
    checklist=GROUP_CHECKS,
    matching=(_GROUP_MATCH, _GROUP_CONTACT_MATCH),
)


def register_kinds():
    kinds.register(PERSON, GROUP, ORGANISATION)
    registry.register(Panel("application", "intake/_case.html", case_of, 10))
