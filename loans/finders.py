"""Loans in the search of every page, by their numbers; an organisation leads to its own ones."""

from django.urls import reverse

from centrum.kit.polish import money
from centrum.kit.registry import Hit
from centrum.kit.search import first_matching
from loans import queries


def find_loans(user, text, limit):
    found, *_rest = first_matching(queries.visible_loans(user), text, limit=limit)
    return [
        Hit(
            title=f"{loan.number} · {loan.organisation}",
            text=f"{loan.get_state_display()} · {money(loan.amount)}",
            url=reverse("loans:loan", args=[loan.public_id]),
        )
        for loan in found.select_related("organisation").order_by("-pk")
    ]
