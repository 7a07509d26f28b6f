"""What is read of cases and services; every read of a person's data begins at `visible_…`."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from centrum.cases.enums import CASE_OPEN, CaseState, HourKind, ServiceState
from centrum.cases.models import CARD, Case, CaseParticipation, Recipient, Service, ServiceType
from centrum.kit.models import StateChange
from centrum.kit.transitions import noun_of
from centrum.register.queries import audited
from centrum.reporting import queries as reporting
from centrum.reporting.models import Participation
from centrum.staff.enums import RIGHTS, Right, Role
from centrum.staff.models import User
from centrum.staff.queries import acting_for, unit_scope

TIMELINE_LENGTH = 50


def projects_of(user):
    """Projects that `user` sees, read once a request; their keys at hand let PostgreSQL use its indexes."""
    if not hasattr(user, "_projects"):
        user._projects = list(reporting.visible_projects(user))
    return user._projects


def visible_cases(user):
    """Cases of the projects in which `user` works and, save for the lead's wide roles, of their own unit.

    An auditor sees those of the people in the sample.
    """
    if not user.has_right(Right.VIEW_CLIENTS):
        return Case.objects.none()
    cases = Case.objects.filter(project__in=[project.pk for project in projects_of(user)])
    if user.role == Role.AUDITOR:
        cases = cases.filter(of_people(audited(user)))
    units = unit_scope(user)
    return cases if units is None else cases.filter(unit__in=units)


def of_people(people):
    """Q of the cases whose client is one of `people`, or in which one of them takes part."""
    taking_part = CaseParticipation.objects.filter(case=OuterRef("pk"), participation__person__in=people)
    return Q(organisation=None, person__in=people) | Exists(taking_part)


def visible_services(user):
    """Services of the cases that `user` sees; of an auditor those alone in which the sample's people took part."""
    if not user.has_right(Right.VIEW_CLIENTS):
        return Service.objects.none()
    services = Service.objects.filter(case__project__in=[project.pk for project in projects_of(user)])
    if user.role == Role.AUDITOR:
        people = audited(user)
        took_part = Recipient.objects.filter(service=OuterRef("pk"), participation__person__in=people)
        services = services.filter(Q(case__organisation=None, case__person__in=people) | Exists(took_part))
    units = unit_scope(user)
    return services if units is None else services.filter(case__unit__in=units)


def seen_participations(participations, user):
    """Those of a case or a service that `user` may be shown: an auditor is told of the sample's people alone."""
    return participations.filter(person__in=audited(user)) if user.role == Role.AUDITOR else participations


def case_list(user):
    """Visible cases with what a row of the list shows of each, and no more.

    A case is opened while its project runs. Said here once more, it lets the index of days begin at the first day
    on which there is something to see, and not at the first row of a million that belong to others.
    """
    projects = projects_of(user)
    cases = visible_cases(user)
    if projects:
        days = min(project.starts_on for project in projects), max(project.ends_on for project in projects)
        cases = cases.filter(opened_on__range=days)
    return cases.select_related("project", "adviser", "organisation", "person").only(
        "public_id",
        "number",
        "client",
        "state",
        "opened_on",
        "project__number",
        "adviser__first_name",
        "adviser__last_name",
        "organisation__pes_type",
        "organisation__locality",
        "person__locality",
    )


def service_list(user):
    return visible_services(user).select_related("case", "service_type", "adviser")


def advisers(project):
    """Who may be the adviser of a case or service: active staff of the project who may write in cases."""
    roles = [role for role, rights in RIGHTS.items() if Right.EDIT_CLIENTS in rights]
    return User.objects.filter(projects=project, is_active=True, role__in=roles)


def service_types(on):
    """Kinds of services in force on the day `on`."""
    return ServiceType.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


def only_of(case):
    """Participations that no other open case needs: closing this case ends or cancels them."""
    others = Case.objects.filter(state__in=CASE_OPEN, participations=OuterRef("pk")).exclude(pk=case.pk)
    alone = Participation.objects.filter(~Exists(others), cases=case)
    return alone.select_related("person", "project").order_by("pk")


def version(service):
    """Digest of what the client reads on the card, so that nobody confirms what has changed meanwhile."""
    card = [str(getattr(service, name)) for name in CARD if not name.startswith(("confirmed", "approved", "objection"))]
    recipients = sorted(service.recipients.values_list("pk", flat=True))
    return hashlib.sha256(repr((card, recipients)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class PlanLine:
    """One kind of service in a case, in minutes: planned (0: outside the plan), approved, on the way to it."""

    service_type: ServiceType
    planned: int
    done: int
    waiting: int


def plan_lines(case):
    """The plan with what was done of it; services outside the plan come after it."""
    given = {
        row["service_type"]: row
        for row in case.services.values("service_type").annotate(
            done=Sum("minutes", filter=Q(state=ServiceState.APPROVED), default=0),
            waiting=Sum("minutes", filter=Q(state__in=[ServiceState.HELD, ServiceState.CONFIRMED]), default=0),
        )
    }
    plan = {item.service_type_id: item for item in case.plan.select_related("service_type")}
    outside = [pk for pk, row in given.items() if pk not in plan and row["done"] + row["waiting"]]
    kinds = {item.service_type_id: item.service_type for item in plan.values()}
    kinds |= ServiceType.objects.in_bulk(outside) if outside else {}
    return [
        PlanLine(
            service_type=kind,
            planned=plan[pk].minutes if pk in plan else 0,
            done=given[pk]["done"] if pk in given else 0,
            waiting=given[pk]["waiting"] if pk in given else 0,
        )
        for pk, kind in kinds.items()
    ]


def timeline(services, case=None):
    """What happened to `services` and to the case, newest first: [{when, who, text, reason}]."""
    numbers = {service.pk: service.number for service in services}
    of = Q(noun=noun_of(Service), object_id__in=numbers)
    if case:
        of |= Q(noun=noun_of(case), object_id=case.pk)
    happened = []
    for change in StateChange.objects.filter(of).select_related("by").order_by("-id")[:TIMELINE_LENGTH]:
        if change.noun == noun_of(Service):
            text = f"{numbers[change.object_id]}: {ServiceState(change.target).label}"
        else:
            text = _("Case: %(state)s") % {"state": CaseState(change.target).label}
        who = str(change.by) if change.by else _("the client")
        happened.append({"when": change.at, "who": who, "text": text, "reason": change.reason})
    return happened


def my_open_cases(user):
    return visible_cases(user).filter(adviser__in=acting_for(user), state__in=CASE_OPEN)


def to_approve(user):
    """Confirmed services that `user` may approve: all but their own."""
    if not user.has_right(Right.DECIDE):
        return Service.objects.none()
    return visible_services(user).filter(state=ServiceState.CONFIRMED).exclude(adviser=user)


def participants(case, user):
    """Participations of the case, as `user` sees them, in the order in which they began; `lacks`: what is missing."""
    seen = seen_participations(case.participations, user)
    listed = reporting.with_missing(seen.select_related("person", "project").order_by("pk"))
    for participation in listed:
        participation.lacks = reporting.missing_labels(participation.missing)
    return listed


def teaching_hours(minutes):
    """`minutes` in hours of 45 minutes, to two places."""
    return (Decimal(minutes) / HourKind.TEACHING).quantize(Decimal("0.01")).normalize()
