"""Training on the pages of a person, an organisation and a case."""

from django.db.models import OuterRef, Subquery, Sum

from centrum.staff.enums import Right
from trainings import queries
from trainings.enums import ENROLMENT_TAG
from trainings.models import Approval, Enrolment

SHOWN = 20


def of_person(user, person):
    """On the page of a person: the events in which they are or were enrolled."""
    return _panel(user, Enrolment.objects.filter(person=person))


def of_organisation(user, organisation):
    """On the page of an organisation: who came from it to which event."""
    return _panel(user, Enrolment.objects.filter(organisation=organisation), names=True)


def of_case(user, case):
    """On the page of a case: events whose hours count there, None where there are none."""
    shown = _panel(user, Enrolment.objects.filter(case=case), names=True)
    return shown if shown and shown["enrolments"] else None


def _panel(user, rows, names=False):
    if not user.has_right(Right.VIEW_TRAININGS):
        return None
    events = queries.visible_events(user).order_by().values("pk")
    approved = Approval.objects.filter(withdrawn_on=None)
    shown = rows.filter(event__in=events).annotate(
        minutes=Subquery(approved.filter(enrolment=OuterRef("pk")).values("minutes"))
    )
    found = list(shown.select_related("event").order_by("-event__starts_on", "-pk")[: SHOWN + 1])
    for row in found:
        row.tag = ENROLMENT_TAG[row.state]
    mine = rows.filter(event__in=events).order_by().values("pk")
    total = approved.filter(enrolment__in=mine).aggregate(found=Sum("minutes"))["found"]
    return {"enrolments": found[:SHOWN], "more": len(found) > SHOWN, "names": names, "total": total}
