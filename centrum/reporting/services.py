"""Participations from preparing to exit, and the supports that they were given."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock
from centrum.kit.identifiers import age_on
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, move
from centrum.register import services as register
from centrum.register.models import PersonSensitive
from centrum.reporting import queries, rules
from centrum.reporting.enums import DictionaryField, ParticipationState
from centrum.reporting.models import Participation, ParticipationSensitive, Support
from centrum.staff.enums import Right
from centrum.staff.permissions import require

# What `save_entry` takes, by where it is kept until the entry.
PERSON_FIELDS = (
    "first_name",
    "last_name",
    "sex",
    "birth_date",
    "citizenship",
    "education",
    "country",
    "street",
    "building",
    "flat",
    "postal_code",
    "locality",
    "phone",
    "email",
)
PARTICIPATION_FIELDS = (
    "organisation",
    "kind",
    "institution_name",
    "age_at_entry",
    "voivodeship",
    "county",
    "commune",
    "degurba",
    "labour_status",
    "labour_status_detail",
    "education_ends_on",
    "remarks",
)


@transaction.atomic
def prepare_participation(*, by, project, person, organisation=None):
    """Begin the person's part in the project, or return the one that is there.

    Who comes back after the exit keeps the first entry (ESF+: one record per person and operation); a part that
    never began is prepared again. Raises PermissionDenied, Refused (project closed).
    """
    require(by, Right.EDIT_CLIENTS)
    if project.closed_on and project.closed_on <= clock.today():
        raise Refused(_("The project %(project)s is closed.") % {"project": project})
    institutional = organisation is not None
    participation, created = Participation.objects.get_or_create(
        project=project,
        person=person,
        defaults={
            "organisation": organisation,
            "kind": "institutional" if institutional else "individual",
            "institution_name": organisation.name if institutional else "",
            "created_at": clock.now(),
        },
    )
    if not created and participation.state == ParticipationState.CANCELLED:
        participation = prepare_again(participation, by=by)
    return participation


@transaction.atomic
def save_entry(participation, *, by, **fields):
    """Save what is known before the entry: PERSON_FIELDS and the identifier (`identifier_kind`, `identifier`) go to
    the register, sensitive answers to their own table, PARTICIPATION_FIELDS stay here.

    `person_commune` is a Commune for the person's address; `commune`, `county` and `voivodeship` are typed names
    for one that the register does not know. Blank sensitive answers leave what was answered before.
    Raises PermissionDenied, Refused (entered already), ValidationError (identifier against sex or birth date).
    """
    require(by, Right.EDIT_CLIENTS)
    row = Participation.objects.select_for_update(of=("self",), no_key=True).get(pk=participation.pk)
    if row.state != ParticipationState.PREPARING:
        raise Refused(_("Data of the day of entry are never rewritten."))
    person = {name: fields.pop(name) for name in PERSON_FIELDS if name in fields}
    if "person_commune" in fields:
        person["commune"] = fields.pop("person_commune")
    answers = {name: value for name in queries.SENSITIVE if (value := fields.pop(name, ""))}
    identifier = fields.pop("identifier", "")
    identifier_kind = fields.pop("identifier_kind", "")
    unknown = sorted(set(fields) - set(PARTICIPATION_FIELDS))
    if unknown:
        raise TypeError(f"save_entry() got unknown fields: {', '.join(unknown)}")
    if identifier:
        person["identifier"] = (identifier_kind, identifier)
    if person:
        register.update_person(row.person, by=by, **person)
    if answers:
        register.save_sensitive(row.person, by=by, **answers)
    for name, value in fields.items():
        setattr(row, name, value)
    if fields:
        row.save(update_fields=list(fields))
    return row


@transaction.atomic
def enter(participation, *, by, starts_on, sensitive=None):
    """The person enters the project on a day: all that SM EFS asks is checked and copied, and frozen from then on.

    `sensitive`: the five answers of the day; those not given are the ones that the register holds.
    Raises PermissionDenied, Stale (entered or cancelled meanwhile), Refused naming every field at fault.
    """
    require(by, Right.EDIT_CLIENTS)
    row = (
        Participation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project", "person__commune")
        .get(pk=participation.pk)
    )
    if row.state != ParticipationState.PREPARING:
        return move(row, "enter", by=by)  # raises Stale, which tells who was quicker
    answers = {name: value for name, value in (sensitive or {}).items() if value}
    if answers:
        register.save_sensitive(row.person, by=by, **answers)
    snapshot = _snapshot(row, starts_on)
    known = PersonSensitive.objects.filter(person=row.person).first()
    answers = {name: getattr(known, name, "") for name in queries.SENSITIVE}
    _check_entry(row, snapshot, answers)
    entered = move(row, "enter", by=by, changes=snapshot)
    ParticipationSensitive.objects.create(participation=entered, **answers)
    return entered


def _snapshot(row, starts_on):
    person, commune = row.person, row.person.commune
    snapshot = {
        name: getattr(row, name)
        for name in (
            "kind",
            "institution_name",
            "labour_status",
            "labour_status_detail",
            "education_ends_on",
            "voivodeship",
            "county",
            "commune",
            "degurba",
        )
    }
    if commune:
        snapshot |= {"voivodeship": commune.voivodeship, "county": commune.county, "commune": commune.name}
        if commune.degurba:
            snapshot["degurba"] = str(commune.degurba)
    return snapshot | {
        "starts_on": starts_on,
        "age_at_entry": age_on(person.birth_date, starts_on) if person.birth_date else row.age_at_entry,
        "citizenship": person.citizenship,
        "education": person.education,
        "country": person.country,
        "locality": person.locality,
        "postal_code": person.postal_code,
    }


def _check_entry(row, snapshot, answers):
    errors = {}
    missing = queries.missing_fields(row)
    if missing:
        errors[NON_FIELD_ERRORS] = _("Fill in first: %(fields)s.") % {"fields": ", ".join(map(str, missing))}
    day = snapshot["starts_on"]
    if day_error := rules.day_of_entry_error(row.project, day):
        errors["starts_on"] = day_error
    age = snapshot["age_at_entry"]
    if age is not None and not 0 <= age <= 120:
        errors["birth_date"] = _("On the day of entry the age must be between 0 and 120 years.")
    known = queries.dictionaries(day)
    for field in (
        DictionaryField.CITIZENSHIP,
        DictionaryField.EDUCATION,
        DictionaryField.DEGURBA,
        DictionaryField.LABOUR_STATUS,
        DictionaryField.LABOUR_STATUS_DETAIL,
    ):
        value = snapshot[field]
        parent = snapshot["labour_status"] if field == DictionaryField.LABOUR_STATUS_DETAIL else ""
        if value and not _is_known(known, field, value, parent):
            errors[str(field)] = rules.not_in_dictionary(value, day)
    if not _is_known(known, DictionaryField.PARTICIPANT_KIND, snapshot["kind"]):
        errors["kind"] = rules.not_in_dictionary(snapshot["kind"], day)
    if snapshot["education_ends_on"] and snapshot["labour_status_detail"] != queries.LEARNER:
        errors["education_ends_on"] = _("Only people who learn have a planned end of education.")
    errors |= rules.third_country_errors(snapshot["citizenship"], answers)
    if errors:
        raise Refused(errors)


def _is_known(known, field, code, parent=""):
    return any(entry.code == code and entry.parent == parent for entry in known[field])


@transaction.atomic
def end_participation(participation, *, by, ends_on, exit_situation, exit_as_planned, business_started_on=None):
    """The person leaves the project; the data are due within four weeks of the exit.

    Raises PermissionDenied, Stale, Refused (day before the entry or a support, unknown situation).
    """
    row = (
        Participation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .get(pk=participation.pk)
    )
    if row.state == ParticipationState.ENTERED:
        errors = rules.exit_errors(row, ends_on, queries.last_day([row.pk]).get(row.pk))
        if exit_situation not in queries.labels(DictionaryField.EXIT_SITUATION, ends_on):
            errors["exit_situation"] = rules.not_in_dictionary(exit_situation, ends_on)
        if exit_as_planned is None:
            errors["exit_as_planned"] = _("Say whether the person left as planned.")
        if errors:
            raise Refused(errors)
    changes = {"ends_on": ends_on, "exit_situation": exit_situation, "exit_as_planned": exit_as_planned}
    if business_started_on:
        changes["business_started_on"] = business_started_on
    return move(row, "end", by=by, changes=changes)


def reenter(participation, *, by):
    """The person comes back: the first entry stays, the exit is cleared until the next one."""
    return move(
        participation,
        "reenter",
        by=by,
        changes={"ends_on": None, "exit_situation": "", "exit_as_planned": None},
    )


def cancel_participation(participation, *, by):
    """The person resigned before the first support and so was never a participant."""
    return move(participation, "cancel", by=by)


def prepare_again(participation, *, by):
    """Who had resigned comes after all."""
    return move(participation, "prepare_again", by=by)


@transaction.atomic
def record_support(*, by, participation, scope, kind, detail, starts_on, minutes, source, source_id, approved_on=None):
    """Write down a support that was given and approved; `minutes` None where time is not counted.

    The same `source` and `source_id` a second time return the first support. Raises PermissionDenied, Refused when
    the participant is not in the project, or `starts_on` lies before the entry, after today or outside the project.
    """
    require(by, Right.DECIDE)
    # the lock keeps the participation from ending between the check and the insert
    row = (
        Participation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .get(pk=participation.pk)
    )
    recorded = Support.objects.filter(participation=row, source=source, source_id=source_id).first()
    if recorded:
        return recorded
    if row.state != ParticipationState.ENTERED:
        raise Refused(
            _("The participant's state in the project is “%(state)s”, so no support can be added.")
            % {"state": row.get_state_display()}
        )
    if message := rules.support_day_error(row.project, row.starts_on, None, starts_on):
        raise Refused(message)
    known = queries.dictionaries(starts_on)
    for field, code in (
        (DictionaryField.SUPPORT_SCOPE, scope),
        (DictionaryField.SUPPORT_KIND, kind),
        (DictionaryField.SUPPORT_KIND_DETAIL, detail),
    ):
        if (code or field != DictionaryField.SUPPORT_KIND_DETAIL) and not _is_known(known, field, code):
            raise Refused(rules.not_in_dictionary(code, starts_on))
    return Support.objects.create(
        participation=row,
        scope=scope,
        kind=kind,
        detail=detail,
        starts_on=starts_on,
        minutes=minutes,
        source=source,
        source_id=source_id,
        approved_on=approved_on or clock.today(),
    )


@transaction.atomic
def withdraw_support(*, by, source, source_id, on=None):
    """Take back what `source` gave, from a day (today): files as of earlier days stay as they were.

    Returns the supports withdrawn now. Raises PermissionDenied, Refused (a day before the approval).
    """
    require(by, Right.DECIDE)
    day = on or clock.today()
    supports = list(
        Support.objects.select_for_update(no_key=True)
        .filter(source=source, source_id=source_id, withdrawn_on=None)
        .order_by("id")
    )
    for support in supports:
        if day < support.approved_on:
            raise Refused(_("The support was approved on %(day)s.") % {"day": date_short(support.approved_on)})
        support.withdrawn_on = day
        support.save(update_fields=["withdrawn_on"])
    return supports
