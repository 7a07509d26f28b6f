"""What is done with cases and services. Raises Refused (a rule, in words for the user), Stale, PermissionDenied.

Whoever needs a case and one of its services locks the case first, so no two of these wait for each other.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrum.cases import emails, queries
from centrum.cases.enums import (
    CASE_OPEN,
    CASE_SERVED,
    CLOSINGS,
    PLAN_OPEN,
    STEPS,
    CaseState,
    Confirmation,
    ServiceState,
)
from centrum.cases.models import Case, Service
from centrum.intake import consents
from centrum.kit import clock
from centrum.kit.clock import WARSAW, today
from centrum.kit.models import StateChange
from centrum.kit.numbering import next_number
from centrum.kit.polish import date_short
from centrum.kit.transitions import Refused, Stale, move, noun_of
from centrum.register import services as register
from centrum.reporting import services as reporting
from centrum.reporting.enums import ParticipationState
from centrum.staff.enums import Right
from centrum.staff.permissions import require

# What a person writes on a service card; the rest of it follows from the moves.
CARD_INPUT = (
    "service_type",
    "adviser",
    "adviser_job",
    "budget_line",
    "form",
    "place",
    "date",
    "starts_at",
    "ends_at",
    "hour_kind",
    "topic",
    "course",
    "recommendations",
    "next_step",
    "travel_minutes",
)


@transaction.atomic
def open_case(*, by, project, unit, person, organisation=None, application=None, adviser=None, opened_on=None):
    """Open the case of a person, or of an organisation for which `person` stands; returns it.

    The person's participation in the project is prepared and joins the case. `opened_on` defaults to today.
    Refused: the project is closed or does not run on that day, the day is in the future, or the client has an
    open case in the project.
    """
    require(by, Right.EDIT_CLIENTS)
    opened_on = opened_on or today()
    if opened_on > today():
        raise Refused({"opened_on": _("A case can't be opened in the future.")})
    if project.closed_on or not project.starts_on <= opened_on <= project.ends_on:
        raise Refused({"project": _("The project %(number)s does not run on that day.") % {"number": project}})
    # The number comes first: its series stays locked, so two who open at once look one after the other.
    number = next_number("SP")
    same = {"organisation": organisation} if organisation else {"organisation": None, "person": person}
    earlier = Case.objects.filter(project=project, state__in=CASE_OPEN, **same).first()
    if earlier:
        raise Refused(_("This client has an open case in the project: %(number)s.") % {"number": earlier})
    for client in filter(None, (person, organisation)):
        register.share(client, unit=unit)
    case = Case.objects.create(
        number=number,
        project=project,
        unit=unit,
        application=application,
        organisation=organisation,
        person=person,
        adviser=adviser,
        client=str(organisation or person),
        opened_on=opened_on,
    )
    case.participations.add(
        reporting.prepare_participation(by=by, project=project, person=person, organisation=organisation)
    )
    if application:
        consents.bind(application, person)
    return case


@transaction.atomic
def set_adviser(case, *, by, adviser):
    """Give the case its key adviser: an active member of the project's staff who may write in cases."""
    require(by, Right.EDIT_CLIENTS)
    case = _lock(case)
    _refuse_closed(case)
    _refuse_outsider(adviser, case)
    case.adviser = adviser
    case.save(update_fields=["adviser"])
    return case


@transaction.atomic
def add_participant(case, *, by, person):
    """Let another person take part in the case; their participation in the project is prepared."""
    require(by, Right.EDIT_CLIENTS)
    case = _lock(case)
    _refuse_closed(case)
    if case.organisation is None:
        raise Refused(_("The case of a person has one participant. Open a case for the other person."))
    register.share(person, unit=case.unit)
    participation = reporting.prepare_participation(
        by=by, project=case.project, person=person, organisation=case.organisation
    )
    case.participations.add(participation)
    return participation


@transaction.atomic
def begin_diagnosis(case, *, by, adviser):
    case = _lock(case)
    _refuse_outsider(adviser, case)
    return move(case, "diagnose", by=by, changes={"adviser": adviser})


@transaction.atomic
def save_diagnosis(case, *, by, diagnosis, goal):
    """Write the diagnosis and the goal down before they are proposed as a plan; either may still be empty."""
    require(by, Right.EDIT_CLIENTS)
    case = _lock(case)
    if case.state not in (CaseState.OPENED, CaseState.DIAGNOSIS):
        raise Stale(_("The diagnosis can be changed only before the plan is proposed to the client."))
    case.diagnosis, case.goal = diagnosis, goal
    case.save(update_fields=["diagnosis", "goal"])
    return case


@transaction.atomic
def save_plan(case, *, by, items, agreed_on=None):
    """Replace the plan; `items`: {service type: minutes}. Possible until the plan is proposed and while it runs.

    A running plan changes only with the day of the client's agreement; the history of rows keeps every version.
    """
    require(by, Right.EDIT_CLIENTS)
    case = _lock(case)
    if case.state not in PLAN_OPEN:
        raise Stale(_("The plan can't be changed in the state “%(state)s”.") % {"state": case.get_state_display()})
    if case.state == CaseState.ACTIVE:
        if not items:
            raise Refused(_("A running plan needs at least one service."))
        _agreed(case, agreed_on)
        case.plan_agreed_on = agreed_on
        case.save(update_fields=["plan_agreed_on"])
    case.plan.exclude(service_type__in=items).delete()
    for service_type, minutes in items.items():
        case.plan.update_or_create(service_type=service_type, defaults={"minutes": minutes})
    return case


@transaction.atomic
def propose_plan(case, *, by, diagnosis, goal):
    case = _lock(case)
    if not case.plan.exists():
        raise Refused(_("Put at least one service into the plan first."))
    return move(case, "propose_plan", by=by, changes={"diagnosis": diagnosis, "goal": goal})


@transaction.atomic
def agree_plan(case, *, by, agreed_on):
    """The client agreed to the plan on a day between the opening of the case and today."""
    case = _lock(case)
    _agreed(case, agreed_on)
    return move(case, "agree_plan", by=by, changes={"plan_agreed_on": agreed_on})


def step(case, action, *, by, reason=""):
    """Make one of the moves that need nothing but a reason (STEPS)."""
    if action not in STEPS:
        raise ValueError(action)
    return move(case, action, by=by, reason=reason)


@transaction.atomic
def close(case, action, *, by, closed_on, reason="", exits=None):
    """Close the case and, with it, its participations that no other open case needs, all or nothing.

    `action`: one of CLOSINGS. `exits`: {participation pk: {"ends_on", "exit_situation", "exit_as_planned",
    "business_started_on"}} for every participant who has entered the project. Who never entered never was
    a participant: that participation is cancelled.
    Refused: services wait for the client, an approval or their day; exit data are missing; a wrong day.
    """
    if action not in CLOSINGS:
        raise ValueError(action)
    case = _lock(case)
    if not case.opened_on <= closed_on <= today():
        raise Refused({"closed_on": _("Enter a day between the opening of the case and today.")})
    waiting = case.services.filter(state__in=[ServiceState.HELD, ServiceState.CONFIRMED])
    _refuse_services(waiting, _("First have these services confirmed and approved: %(numbers)s."))
    planned = case.services.filter(state=ServiceState.PLANNED)
    _refuse_services(planned, _("First call off the planned services: %(numbers)s."))
    closed = move(case, action, by=by, reason=reason, changes={"closed_on": closed_on})
    for participation in queries.only_of(case):
        if participation.state == ParticipationState.PREPARING:
            reporting.cancel_participation(participation, by=by)
        elif participation.state == ParticipationState.ENTERED:
            if participation.pk not in (exits or {}):
                raise Refused(
                    _("Give the exit data of %(person)s: the participation has begun meanwhile.")
                    % {"person": participation.person}
                )
            try:
                reporting.end_participation(participation, by=by, **exits[participation.pk])
            except Refused as refused:
                raise _of_exit(refused, participation) from refused
    return closed


@transaction.atomic
def plan_service(*, by, case, recipients, **card):
    """Write a service card (CARD_INPUT) for a day to come or that has been; returns the planned service."""
    require(by, Right.EDIT_CLIENTS)
    case = _lock(case)
    recipients = _checked(case, recipients, card)
    service = Service(number=next_number("U"), case=case, created_at=clock.now(), **card)
    service.save()
    service.recipients.set(recipients)
    return service


@transaction.atomic
def update_service(service, *, by, recipients, notify=True, **card):
    """Change the card before the client confirms it.

    One that waits for the client loses its objection, and the client gets the link to the new wording.
    """
    require(by, Right.EDIT_CLIENTS)
    case = _lock(service.case)
    service = _lock(service)
    if service.state not in (ServiceState.PLANNED, ServiceState.HELD):
        raise Stale(_("The card can't be changed in the state “%(state)s”.") % {"state": service.get_state_display()})
    recipients = _checked(case, recipients, card)
    if service.state == ServiceState.HELD:
        _refuse_future(**card)
        card["objection"] = ""
    for name, value in card.items():
        setattr(service, name, value)
    service.save(update_fields=list(card))
    service.recipients.set(recipients)
    if service.state == ServiceState.HELD and notify:
        emails.ask_to_confirm(service)
    return service


@transaction.atomic
def hold_service(service, *, by, notify=True, **changes):
    """The planned service took place; unless told otherwise those who took part get the link to confirm it.

    `changes`: recipients and card, where the card is rewritten on the way.
    """
    _served(_lock(service.case))
    if changes:
        service = update_service(service, by=by, notify=False, **changes)
    service = _lock(service)
    _refuse_future(service.date, service.ends_at)
    held = move(service, "hold", by=by, changes={"objection": ""})
    if notify:
        emails.ask_to_confirm(held)
    return held


@transaction.atomic
def log_service(*, by, case, recipients, notify=True, **card):
    """Write the card of a service that took place."""
    return hold_service(plan_service(by=by, case=case, recipients=recipients, **card), by=by, notify=notify)


@transaction.atomic
def send_link_again(service, *, by):
    """Mail the link to confirm once more; returns to how many addresses. Refused: nobody has an address."""
    require(by, Right.EDIT_CLIENTS)
    service = _lock(service)
    if service.state != ServiceState.HELD:
        raise Stale(_("This service does not wait for the client any more."))
    sent = emails.ask_to_confirm(service)
    if not sent:
        raise Refused(_("Nobody who took part has an e-mail address. Have the card signed on paper."))
    return sent


@transaction.atomic
def confirm(service, *, name, seen):
    """The client, by `name`, confirms the card as it was `seen` (queries.version). Stale: it waits no more."""
    service = _lock(service)
    if service.state == ServiceState.HELD and queries.version(service) != seen:
        raise Refused(_("We have changed this card meanwhile. Read it again before you confirm it."))
    return move(service, "confirm", by=None, changes={"confirmed_by": name, "confirmed_how": Confirmation.LINK})


@transaction.atomic
def object_to(service, *, name, text):
    """Keep what the client finds wrong; the service goes on waiting until the adviser has looked at it."""
    service = _lock(service)
    if service.state != ServiceState.HELD:
        raise Stale(_("This service does not wait for you any more."))
    if service.objection:
        raise Refused(_("We already know that something is wrong here. Your adviser will look at it."))
    service.objection = f"{name}: {text}"
    service.save(update_fields=["objection"])
    return service


def confirm_on_paper(service, *, by, confirmed_by, reason):
    """The client, named by `confirmed_by`, signed the printed card; `reason` says why not through the link."""
    changes = {"confirmed_by": confirmed_by, "confirmed_how": Confirmation.PAPER}
    return move(service, "confirm_on_paper", by=by, reason=reason, changes=changes)


@transaction.atomic
def approve(service, *, by):
    """Approve a confirmed service and record it as a support of every recipient, all or nothing.

    Refused: `by` gave the service or wrote it down, or reporting refuses the support of a recipient.
    """
    require(by, Right.DECIDE)
    service = _lock(service)
    wrote = StateChange.objects.filter(noun=noun_of(service), object_id=service.pk, action="hold").last()
    if by.pk in (service.adviser_id, wrote and wrote.by_id):
        raise Refused(_("You gave or wrote down this service, so somebody else must approve it."))
    approved = move(service, "approve", by=by, changes={"approved_by": by})
    kind = approved.service_type
    for participation in approved.recipients.select_related("person", "project").order_by("pk"):
        try:
            reporting.record_support(
                by=by,
                participation=participation,
                scope=kind.support_scope,
                kind=kind.support_kind,
                detail=kind.support_kind_detail,
                starts_on=approved.date,
                minutes=approved.minutes,
                source=noun_of(approved),
                source_id=approved.pk,
                approved_on=today(),
            )
        except Refused as refused:
            why = " ".join(refused.messages)
            raise Refused(f"{participation.person}: {why}") from refused
    return approved


def send_back(service, *, by, reason):
    """Back to the adviser as planned; the client's confirmation is void."""
    changes = {"confirmed_at": None, "confirmed_by": "", "confirmed_how": ""}
    return move(service, "send_back", by=by, reason=reason, changes=changes)


def cancel(service, *, by, reason):
    return move(service, "cancel", by=by, reason=reason)


def no_show(service, *, by):
    """The client did not come. Refused before the service would have begun."""
    if datetime.datetime.combine(service.date, service.starts_at, WARSAW) > clock.now():
        raise Refused(_("The time of this service has not come yet."))
    return move(service, "no_show", by=by)


@transaction.atomic
def correct(service, *, by, reason):
    """Withdraw an approved service with its supports; returns the planned card to be set right.

    In a closed case nothing takes its place: returns None.
    """
    case = _lock(service.case)
    old = move(service, "correct", by=by, reason=reason)
    reporting.withdraw_support(by=by, source=noun_of(old), source_id=old.pk)
    if case.state not in CASE_SERVED:
        return None
    card = {name: getattr(old, name) for name in CARD_INPUT}
    new = Service.objects.create(number=next_number("U"), case=case, corrects=old, created_at=clock.now(), **card)
    new.recipients.set(old.recipients.all())
    return new


def _lock(obj):
    return type(obj)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=obj.pk)


def _agreed(case, day):
    if day is None or not case.opened_on <= day <= today():
        raise Refused({"agreed_on": _("Enter a day between the opening of the case and today.")})


def _refuse_closed(case):
    if case.state not in CASE_OPEN:
        raise Stale(_("The case is closed."))


def _refuse_outsider(adviser, case):
    if not queries.advisers(case.project).filter(pk=adviser.pk).exists():
        raise Refused({"adviser": _("Choose somebody who works in the project and may write in cases.")})


def _of_exit(refused, participation):
    """The refusal with the participation's pk before each field: `12-ends_on`, as the forms of a page are named."""
    if not hasattr(refused, "error_dict"):
        return Refused(f"{participation.person}: {' '.join(refused.messages)}")
    return Refused({f"{participation.pk}-{field}": errors for field, errors in refused.error_dict.items()})


def _refuse_services(services, message):
    numbers = list(services.order_by("id").values_list("number", flat=True)[:20])
    if numbers:
        raise Refused(message % {"numbers": ", ".join(numbers)})


def _served(case):
    if case.state not in CASE_SERVED:
        raise Stale(
            _("No services are given in a case in the state “%(state)s”.") % {"state": case.get_state_display()}
        )


def _checked(case, recipients, card):
    """Raise Refused for what no card of the case may say; returns the recipients as a list."""
    _served(case)
    day = card["date"]
    recipients = list(recipients)
    if not recipients:
        raise Refused({"recipients": _("Choose at least one person who took part.")})
    if {p.pk for p in recipients} - set(case.participations.values_list("pk", flat=True)):
        raise Refused({"recipients": _("Choose people who take part in this case.")})
    if day < case.opened_on:
        raise Refused(
            {
                "date": _("The case was opened on %(day)s; a service can't be earlier.")
                % {"day": date_short(case.opened_on)}
            }
        )
    if not case.project.starts_on <= day <= case.project.ends_on:
        raise Refused({"date": _("The project does not run on that day.")})
    if card["ends_at"] <= card["starts_at"]:
        raise Refused({"ends_at": _("The end must be later than the beginning.")})
    kind = card["service_type"]
    if day < kind.valid_from or (kind.valid_to and day >= kind.valid_to):
        raise Refused({"service_type": _("This kind of service is not in force on that day.")})
    _refuse_outsider(card["adviser"], case)
    return recipients


def _refuse_future(date, ends_at, **_card):
    if date > today():
        raise Refused({"date": _("A service that took place can't lie in the future.")})
    if datetime.datetime.combine(date, ends_at, WARSAW) > clock.now():
        raise Refused({"ends_at": _("A service that took place can't end later than now.")})
