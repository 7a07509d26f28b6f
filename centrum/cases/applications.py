"""The two support applications as kinds of the intake engine, and the case that their acceptance opens."""

from django.utils.translation import gettext_lazy as _

from centrum.cases import application_forms as forms
from centrum.cases import queries, services
from centrum.intake import kinds
from centrum.intake.kinds import Kind, Step, Summary
from centrum.kit import registry
from centrum.kit.registry import Panel
from centrum.register import services as register


def _of_person(answers):
    return Summary(f"{answers.first_name} {answers.last_name}".strip(), answers.locality, answers.email)


def _of_organisation(answers):
    return Summary(answers.name, answers.locality, answers.email)


def accept_person(application, *, by, unit, project, adviser, person):
    """Open the case of the applicant; `person` is their row of the register, None makes one."""
    answers = application.person_support
    person = person or register.create_person(
        by=by,
        unit=unit,
        first_name=answers.first_name,
        last_name=answers.last_name,
        email=answers.email,
        phone=answers.phone,
        postal_code=answers.postal_code,
        locality=answers.locality,
        commune=answers.commune,
    )
    return services.open_case(
        by=by, project=project, unit=unit, person=person, application=application, adviser=adviser
    )


def accept_organisation(application, *, by, unit, project, adviser, organisation, person):
    """Open the case of the applying organisation, for which `person` stands; None makes the row of either."""
    answers = application.organisation_support
    organisation = organisation or register.create_organisation(
        by=by,
        unit=unit,
        name=answers.name,
        pes_type=answers.pes_type,
        legal_form=answers.legal_form,
        nip=answers.nip,
        krs=answers.krs,
        email=answers.email,
        phone=answers.phone,
        street=answers.street,
        building=answers.building,
        flat=answers.flat,
        postal_code=answers.postal_code,
        locality=answers.locality,
        commune=answers.commune,
    )
    person = person or register.create_person(
        by=by,
        unit=unit,
        first_name=answers.contact_first_name,
        last_name=answers.contact_last_name,
        email=answers.email,
        phone=answers.phone,
    )
    return services.open_case(
        by=by,
        project=project,
        unit=unit,
        person=person,
        organisation=organisation,
        application=application,
        adviser=adviser,
    )


def case_of(user, application):
    """Panel of an accepted application: the case that it opened, where the user sees it."""
    case = queries.visible_cases(user).filter(application=application).first()
    return {"case": case} if case else None


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
    accept_form=forms.AcceptPersonForm,
    accept=accept_person,
)

ORGANISATION = Kind(
    code="organisation_support",
    title=_("Application for support: an organisation"),
    label=_("organisation"),
    path="wsparcie/organizacja",
    text=_("For cooperatives, associations, foundations, circles, companies and other bodies with a NIP."),
    needs=(
        _("the NIP of the organisation, and its KRS number if it has one"),
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
    accept_form=forms.AcceptOrganisationForm,
    accept=accept_organisation,
)


def register_kinds():
    kinds.register(PERSON, ORGANISATION)
    registry.register(Panel("application", "intake/_case.html", case_of, 10))
