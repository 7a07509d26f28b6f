"""What is done with people and organisations. `by=None` stands for a management command, which may all.

Raises PermissionDenied, and Refused naming the field: a number that another record has, a PESEL that speaks
against sex or birth date.
"""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, crypto, identifiers
from centrum.kit.models import Disclosure
from centrum.kit.transitions import Refused, Stale, noun_of
from centrum.register import queries, territory
from centrum.register.enums import IdentifierKind, LegalForm, PesType
from centrum.register.models import Organisation, Person, PersonSensitive
from centrum.register.models.places import ADDRESS
from centrum.staff.enums import Right
from centrum.staff.permissions import require

PERSON_FIELDS = (
    "first_name",
    "last_name",
    "sex",
    "birth_date",
    "citizenship",
    "education",
    "country",
    "phone",
    "email",
    *ADDRESS,
)
ORGANISATION_FIELDS = ("name", "legal_form", "pes_type", "nip", "regon", "krs", "phone", "email", *ADDRESS)
SENSITIVE_FIELDS = ("foreign_origin", "third_country_national", "minority", "homeless", "disability")


@transaction.atomic
def create_person(*, by, unit, identifier=None, **fields):
    """Add a person (PERSON_FIELDS) to the register for `unit`; `identifier`: (kind, value)."""
    _may_edit(by)
    person = Person(created_at=clock.now())
    _write(person, PERSON_FIELDS, fields)
    if identifier:
        _write_identifier(person, *identifier)
    _check_pesel(person)
    with _numbers_once():
        person.save()
    share(person, unit=unit)
    return person


@transaction.atomic
def update_person(person, *, by, identifier=None, **fields):
    """Change some of PERSON_FIELDS and, when given, the identifier (kind, value)."""
    _may_edit(by)
    person = lock_current(person)
    _write(person, PERSON_FIELDS, fields)
    if identifier:
        _write_identifier(person, *identifier)
    _check_pesel(person)
    with _numbers_once():
        person.save()
    return person


@transaction.atomic
def set_identifier(person, *, by, kind, value=""):
    """Give the person a PESEL or another identifier, or take it away (kind "none").

    A PESEL also fills an empty sex and birth date; where they are known and differ it is refused.
    """
    return update_person(person, by=by, identifier=(kind, value))


@transaction.atomic
def reveal_identifier(person, *, by, reason):
    """Return the identifier in full and write down who opened it and why."""
    require(by, Right.REVEAL_IDENTIFIER)
    _disclose(person, Disclosure.What.IDENTIFIER, by, reason)
    return queries.identifier_of(person)


@transaction.atomic
def save_sensitive(person, *, by, **answers):
    """Write some of the five sensitive answers (SENSITIVE_FIELDS); those not named stay."""
    _may_edit(by)
    _known(SENSITIVE_FIELDS, answers)
    sensitive, _created = PersonSensitive.objects.update_or_create(person=person, defaults=answers)
    return sensitive


@transaction.atomic
def reveal_sensitive(person, *, by, reason):
    """Return the sensitive answers (blank: not asked yet) and write down who opened them and why."""
    require(by, Right.REVEAL_SENSITIVE)
    _disclose(person, Disclosure.What.SENSITIVE, by, reason)
    return PersonSensitive.objects.filter(person=person).first() or PersonSensitive(person=person)


@transaction.atomic
def create_organisation(*, by, unit, **fields):
    """Add an organisation (ORGANISATION_FIELDS) to the register for `unit`."""
    _may_edit(by)
    organisation = Organisation(created_at=clock.now())
    _write(organisation, ORGANISATION_FIELDS, fields)
    _check_informal(organisation)
    with _numbers_once():
        organisation.save()
    share(organisation, unit=unit)
    return organisation


@transaction.atomic
def update_organisation(organisation, *, by, **fields):
    """Change some of ORGANISATION_FIELDS."""
    _may_edit(by)
    organisation = lock_current(organisation)
    _write(organisation, ORGANISATION_FIELDS, fields)
    _check_informal(organisation)
    with _numbers_once():
        organisation.save()
    return organisation


@transaction.atomic
def share(obj, *, unit):
    """Let `unit` see a person or organisation, too; its own documents stay with the unit that wrote them."""
    obj = lock_current(obj)
    obj.units.add(unit)
    return obj


def _may_edit(by):
    if by is not None:
        require(by, Right.EDIT_CLIENTS)


def lock_current(obj):
    """Lock and return the row of a person or organisation; Stale when it has been merged into another."""
    row = type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
    if row.merged_into_id:
        raise Stale(_("This record has been merged with another one. Open that one."))
    return row


def _known(names, fields):
    unknown = sorted(set(fields) - set(names))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")


def _write(obj, names, fields):
    _known(names, fields)
    for name, value in fields.items():
        setattr(obj, name, value)
    if fields.keys() & {"locality", "commune"} and "locality_simc" not in fields:
        territory.settle(obj)


def _check_informal(organisation):
    """A group without legal form is in no public register; only such a group is an initiative group."""
    if organisation.legal_form != LegalForm.INFORMAL:
        if organisation.pes_type == PesType.INITIATIVE_GROUP:
            raise Refused({"legal_form": _("An initiative group has no legal form yet: choose “informal group”.")})
        return
    told = _("An informal group has no such number yet. Leave it empty, or choose the legal form that the group has.")
    if numbers := [name for name in ("nip", "regon", "krs") if getattr(organisation, name)]:
        raise Refused(dict.fromkeys(numbers, told))
    if organisation.pes_type != PesType.INITIATIVE_GROUP:
        raise Refused({"pes_type": _("A group without legal form is an initiative group: choose it here.")})


def _write_identifier(person, kind, value):
    person.identifier_kind = kind
    if kind == IdentifierKind.NONE:
        person.identifier_cipher = person.identifier_index = None
        return
    try:
        stored, indexed = queries.clean_identifier(kind, value)
    except ValidationError as error:
        raise Refused({"identifier": error.messages}) from error
    person.identifier_cipher = crypto.encrypt(stored, purpose=queries.IDENTIFIER_PURPOSE)
    person.identifier_index = crypto.blind_index(indexed, purpose=queries.IDENTIFIER_PURPOSE)


def _check_pesel(person):
    """Fill sex and birth date from the PESEL; refuse those that differ from it."""
    if person.identifier_kind != IdentifierKind.PESEL:
        return
    number = queries.identifier_of(person)
    try:
        identifiers.check_pesel_matches(number, sex=person.sex, birth_date=person.birth_date)
    except ValidationError as error:
        raise Refused({"identifier": error.messages}) from error
    person.sex = identifiers.pesel_sex(number)
    person.birth_date = identifiers.pesel_birth_date(number)


@contextmanager
def _numbers_once():
    """Turn the database's refusal of a number that another record has into words at the field."""
    taken = {
        "register_person_identifier_index_key": (
            "identifier",
            _("A person with this number is in the register already."),
        ),
        "organisation_nip_once": ("nip", _("An organisation with this NIP is in the register already.")),
        "organisation_regon_once": ("regon", _("An organisation with this REGON is in the register already.")),
        "organisation_krs_once": ("krs", _("An organisation with this KRS is in the register already.")),
    }
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name
        if constraint not in taken:
            raise
        field, message = taken[constraint]
        raise Refused({field: message}) from error


def _disclose(person, what, by, reason):
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    Disclosure.objects.create(
        what=what, noun=noun_of(person), object_id=person.pk, reason=reason.strip(), by=by, at=clock.now()
    )
