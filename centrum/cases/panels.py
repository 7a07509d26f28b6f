"""What cases put on pages of lower rooms: panels, the search on every page."""

from django.urls import reverse

from centrum.cases import queries
from centrum.cases.enums import CASE_TAG, ServiceState
from centrum.kit.clock import today
from centrum.kit.registry import Hit
from centrum.kit.search import matching
from centrum.staff.enums import Right

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
    """My services that wait for me: an objection of a client, a planned day that has passed."""
    if not user.has_right(Right.EDIT_CLIENTS):
        return None
    mine = queries.visible_services(user).filter(adviser=user).select_related("case")
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
