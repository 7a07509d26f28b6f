"""Partnerships in the search of every page."""

from django.urls import reverse

from centrum.kit.registry import Hit
from centrum.kit.search import first_matching
from partners import queries


def find_partnerships(user, text, limit):
    found, *_rest = first_matching(queries.visible_partnerships(user), text, limit=limit)
    return [
        Hit(
            title=row.name,
            text=f"{row.get_kind_display()} · {row.get_state_display()}",
            url=reverse("partners:partnership", args=[row.public_id]),
        )
        for row in found.order_by("sort", "id")
    ]
