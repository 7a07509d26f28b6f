"""Organisations and people in the search of every page."""

from django.urls import reverse

from centrum.kit.identifiers import format_nip
from centrum.kit.registry import Hit
from centrum.register import queries

MATCHES = 200  # of which the first in Polish order are shown


def find_organisations(user, text, limit):
    found, *_rest = queries.matching_organisations(queries.visible_organisations(user), text, limit=MATCHES)
    return [
        Hit(
            title=organisation.name,
            text=" · ".join(
                filter(None, [organisation.locality, organisation.nip and f"NIP {format_nip(organisation.nip)}"])
            ),
            url=reverse("register:organisation", args=[organisation.public_id]),
        )
        for organisation in found.order_by("sort", "id")[:limit]
    ]


def find_people(user, text, limit):
    found, *_rest = queries.matching_people(queries.visible_people(user), text, limit=MATCHES)
    return [
        Hit(
            title=f"{person.last_name} {person.first_name}",
            text=" · ".join(filter(None, [person.locality, person.email, person.phone])),
            url=reverse("register:person", args=[person.public_id]),
        )
        for person in found.order_by("sort", "id")[:limit]
    ]
