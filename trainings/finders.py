"""Training events, and people enrolled in them, in the search of every page: who telephones says a name."""

from django.urls import reverse

from centrum.kit.polish import date_short
from centrum.kit.registry import Hit
from centrum.kit.search import first_matching
from trainings import queries
from trainings.models import Enrolment


def find_enrolled(user, text, limit):
    rows = Enrolment.objects.filter(event__in=queries.visible_events(user).order_by().values("pk"))
    found, *_rest = first_matching(rows, text, limit=limit)
    return [
        Hit(
            title=str(row),
            text=f"{row.event.title}, {date_short(row.event.starts_on)} · {row.get_state_display()}",
            url=reverse("trainings:enrolment", args=[row.event.public_id, row.public_id]),
        )
        for row in found.select_related("event").order_by("-event__starts_on", "sort", "pk")
    ]


def find_events(user, text, limit):
    found, *_rest = first_matching(queries.visible_events(user), text, limit=limit)
    return [
        Hit(
            title=row.title,
            text=f"{row.number}, {date_short(row.starts_on)} · {row.get_state_display()}",
            url=reverse("trainings:event", args=[row.public_id]),
        )
        for row in found.order_by("-starts_on", "-pk")
    ]
