"""What cases put on pages of lower rooms: panels, the search on every page."""

import datetime

from django.db.models import Q
from django.urls import reverse

from centrum.cases import queries
from centrum.cases.enums import CASE_TAG, ServiceState
from centrum.cases.models import Case
from centrum.kit.clock import today
from centrum.kit.registry import AuditReach, Hit
from centrum.kit.search import matching
from centrum.register import at_risk
from centrum.register.models import Person
from centrum.staff.enums import Right
from centrum.staff.queries import acting_for

SHOWN = 10


def of_person(user, person):
    """Cases in which the person is the client, stands for one, or takes part."""
    return _cases(user, queries.visible_cases(user).filter(participations__person=person), "person", person)


def of_organisation(user, organisation):
    return _cases(user, queries.visible_cases(user).filter(organisation=organisation), "organisation", organisation)


def _cases(user, cases, kind, client):
    if not user.has_right(Right.VIEW_CLIENTS):
        return None
    listed = list(cases.select_related("project").order_by("-opened_on", "-id")[:SHOWN])
    for case in listed:
        case.tag = CASE_TAG[case.state]
    return {"cases": listed, "kind": kind, "client": client, "may_open": user.has_right(Right.EDIT_CLIENTS)}


def my_day(user, _obj):
    """Services that wait for me, also for whom I stand in: an objection of a client, a planned day that has passed."""
    if not user.has_right(Right.EDIT_CLIENTS):
        return None
    mine = queries.visible_services(user).filter(adviser__in=acting_for(user)).select_related("case")
    objections = mine.filter(state=ServiceState.HELD).exclude(objection="").order_by("date", "id")[:SHOWN]
    overdue = mine.filter(state=ServiceState.PLANNED, date__lt=today()).order_by("date", "id")[:SHOWN]
    coming = mine.filter(state=ServiceState.PLANNED, date__gte=today()).order_by("date", "starts_at", "id")
    cases = list(queries.my_open_cases(user).order_by("-opened_on", "-id")[:SHOWN])
    for case in cases:
        case.tag = CASE_TAG[case.state]
    return {
        "objections": objections,
        "overdue": overdue,
        "coming": coming[:SHOWN],
        "cases": cases,
        "to_approve": queries.to_approve(user).count() if user.has_right(Right.DECIDE) else None,
    }


def expiring_proofs(user, _obj):
    """Proofs of at-risk groups that end soon, of people in my open cases; hidden groups are only counted."""
    if not user.has_right(Right.EDIT_CLIENTS):
        return None
    people = queries.my_open_cases(user).values("participations__person")
    soon = at_risk.expiring(today(), at_risk.SOON).filter(person__in=people)
    hidden = soon.filter(at_risk.HIDDEN).count()
    shown = list(soon.exclude(at_risk.HIDDEN).select_related("person", "group")[:SHOWN])
    if not shown and not hidden:
        return None
    for row in shown:
        row.last_day = row.valid_to - datetime.timedelta(days=1)
    return {"proofs": shown, "hidden": hidden, "days": at_risk.SOON}


def count_my_cases(user):
    return queries.my_open_cases(user).count() if user.has_right(Right.EDIT_CLIENTS) else None


def count_to_approve(user):
    return queries.to_approve(user).count() if user.has_right(Right.DECIDE) else None


def find_cases(user, text, limit):
    found = matching(queries.visible_cases(user), text).order_by("-opened_on", "-id")[:limit]
    return [
        Hit(
            title=f"{case.number} · {case.client}",
            text=case.get_state_display(),
            url=reverse("cases:case", args=[case.public_id]),
        )
        for case in found
    ]


def _of_cases(column):
    """Function giving the `column` of the cases of people."""
    return lambda people: Case.objects.filter(queries.of_people(people), **{f"{column}__isnull": False}).values(column)


def people_of_number(user, number):
    """People of the case with this number, or of the case that came from the application with it, seen by `user`."""
    cases = queries.visible_cases(user).filter(Q(number=number) | Q(application__number=number))
    return Person.objects.filter(Q(cases__in=cases, cases__organisation=None) | Q(participations__cases__in=cases))


AUDIT_REACH = AuditReach(_of_cases("organisation"), _of_cases("application"), people_of_number)
