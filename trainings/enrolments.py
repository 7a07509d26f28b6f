"""The staff's side of an enrolment: by telephone and on paper, and linking what was typed to the register.

Services raise Refused in words for the user, Stale when somebody was quicker, PermissionDenied.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centrum.cases import queries as cases
from centrum.cases.enums import CASE_OPEN
from centrum.kit import saving
from centrum.kit.transitions import Refused
from centrum.register import queries as register
from centrum.register import services as register_services
from trainings import approvals, capacity
from trainings.enums import ENROLLED, EVENT_OPEN
from trainings.models import AccessNeeds, Enrolment

# What is typed of somebody and may be set right.
TYPED = ("first_name", "last_name", "email", "phone", "organisation_name")
# What may be linked, and what loses its link with it.
LINKS = {"person": ("person", "case"), "organisation": ("organisation",), "case": ("case",)}


def suggested_people(user, enrolment):
    """People of the register that `user` sees: the same e-mail, phone and surname, or the name in any spelling."""
    alike = register.similar_people(
        first_name=enrolment.first_name,
        last_name=enrolment.last_name,
        email=enrolment.email,
        phone=enrolment.phone,
    )
    return _seen(alike, register.visible_people(user))


def suggested_organisations(user, enrolment):
    """Organisations of the register that `user` sees whose name is like the one typed."""
    if not enrolment.organisation_name:
        return []
    alike = register.similar_organisations(name=enrolment.organisation_name)
    return _seen(alike, register.visible_organisations(user))


def open_cases(user, person, organisation=None):
    """Open cases that `user` sees: those in which `person` takes part, and those of `organisation`; newest first."""
    theirs = cases.of_people([person.pk]) if person else Q(pk=None)
    if organisation:
        theirs |= Q(organisation=organisation)
    return cases.visible_cases(user).filter(theirs, state__in=CASE_OPEN).order_by("-opened_on", "-pk")


@transaction.atomic
def enrol_by_hand(event, *, by, person=None, case_number="", needs=None, **fields):
    """Enrol whom the staff were asked to: `person` of the register, or the typed name. Returns the Enrolment.

    A person is linked at once, with their open case where there is one only or its number is given; `fields` as of
    capacity.enrol, names and empty ways to reach a person come from the register.
    """
    if person:
        _must_see(register.visible_people(by), person)
        fields |= {"first_name": person.first_name, "last_name": person.last_name, "person": person}
        fields |= {name: fields.get(name) or getattr(person, name) for name in ("email", "phone")}
        fields["commune"] = fields.get("commune") or person.commune
        capacity.lock_kept(event, by)
        _must_be_new(event, person)
    case = _case_by_number(by, person, case_number)
    if case and case.organisation:
        fields["organisation"] = case.organisation
    return capacity.enrol(event, by=by, case=case, needs=needs, **fields)


@transaction.atomic
def link_person(enrolment, *, by, person):
    """Say which person of the register this is. Refused, with the other name, where they are enrolled already."""
    row = _lock(enrolment, by)
    _must_see(register.visible_people(by), person)
    if row.person_id != person.pk:
        approvals.must_be_free(row)
    if row.state in ENROLLED:
        _must_be_new(row.event, person, besides=row)
    if row.person_id != person.pk:
        row.person, row.case = person, None
    return saving.save(row)


@transaction.atomic
def add_person(enrolment, *, by):
    """Add a person to the register from what was typed, for the unit of the event, and link them."""
    row = _lock(enrolment, by)
    if row.person_id:
        raise Refused(_("This enrolment is linked to a person of the register already."))
    names = ("first_name", "last_name", "email", "phone", "commune")
    typed = {name: getattr(row, name) for name in names if getattr(row, name)}
    person = register_services.create_person(by=by, unit=row.event.unit, **typed)
    row.person = person
    return saving.save(row)


@transaction.atomic
def link_organisation(enrolment, *, by, organisation):
    """Say which organisation of the register the person comes from."""
    row = _lock(enrolment, by)
    _must_see(register.visible_organisations(by), organisation)
    row.organisation = organisation
    return saving.save(row)


@transaction.atomic
def link_case(enrolment, *, by, case):
    """Say in which case the hours count: one of `open_cases` of the linked person or organisation."""
    row = _lock(enrolment, by)
    if row.person is None:
        raise Refused(_("Link the person of the register first."))
    if not open_cases(by, row.person, row.organisation).filter(pk=case.pk).exists():
        raise Refused({"case": _("Choose an open case of this person or organisation.")})
    row.case = case
    if row.organisation is None:
        row.organisation = case.organisation
    return saving.save(row)


@transaction.atomic
def correct_data(enrolment, *, by, needs=None, **fields):
    """Set right what was typed of somebody (TYPED) and, with `needs`, what they need to take part."""
    row = _lock(enrolment, by)
    unknown = sorted(set(fields) - set(TYPED))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")
    for name, value in fields.items():
        setattr(row, name, value)
    saving.save(row)
    if needs is not None and row.event.state in EVENT_OPEN and row.state in ENROLLED:
        AccessNeeds.objects.filter(enrolment=row).delete()
        if any(needs.values()):
            saving.save(AccessNeeds(enrolment=row, **needs))
    return row


@transaction.atomic
def unlink(enrolment, *, by, what):
    """Take off a link made by mistake (LINKS); without the person there is no case either."""
    row = _lock(enrolment, by)
    if what == "person":
        approvals.must_be_free(row)
    for name in LINKS[what]:
        setattr(row, name, None)
    return saving.save(row)


def _lock(enrolment, by):
    event = capacity.lock_kept(enrolment.event, by)
    row = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    row.event = event
    return row


def _seen(alike, visible):
    found = visible.in_bulk([row.pk for row in alike])
    return [found[row.pk] for row in alike if row.pk in found]


def _must_see(visible, obj):
    if not visible.filter(pk=obj.pk).exists():
        raise PermissionDenied(_("This record belongs to another unit."))


def _must_be_new(event, person, besides=None):
    rows = event.enrolments.filter(person=person, state__in=ENROLLED)
    other = rows.exclude(pk=besides.pk if besides else None).first()
    if other:
        raise Refused(
            {"person": _("%(person)s is enrolled already, as “%(name)s”.") % {"person": person, "name": other}}
        )


def _case_by_number(by, person, number):
    if not number:
        found = list(open_cases(by, person)[:2]) if person else []
        return found[0] if len(found) == 1 else None
    found = cases.visible_cases(by).filter(number__iexact=number, state__in=CASE_OPEN).first()
    if found is None or (person and not open_cases(by, person).filter(pk=found.pk).exists()):
        raise Refused({"case_number": _("There is no open case with this number of this person.")})
    return found
