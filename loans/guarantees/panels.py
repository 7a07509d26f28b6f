"""What guarantees put on pages: of one of them its exposure, ledger and what happened; of an organisation and a case
their guarantees; and what the search of every page finds."""

from django.db.models import F, Sum
from django.urls import reverse

from centrum.kit.polish import money
from centrum.kit.registry import Hit
from centrum.kit.search import first_matching
from centrum.staff.enums import Right
from loans.enums import GUARANTEE_TAG
from loans.guarantees import queries, timeline
from loans.models import Account, Line

SHOWN = 10  # guarantees of an organisation
LINES = 200  # of a guarantee's ledger, the newest
REPORTS = 24


def of_organisation(user, organisation):
    """Guarantees for an organisation, the newest first, with what is at stake of all together."""
    if not user.has_right(Right.VIEW_LOANS):
        return None
    rows = queries.visible(user).filter(organisation=organisation)
    found = list(queries.with_names(rows).order_by("-pk")[: SHOWN + 1])
    if not found:
        return None
    total = rows.aggregate(found=Sum(F("reserved") + F("exposure")))["found"]
    return {"guarantees": tagged(found[:SHOWN]), "more": len(found) > SHOWN, "total": total}


def of_case(user, case):
    """Guarantees for the organisation of a case, None where it has none."""
    return of_organisation(user, case.organisation) if case.organisation_id else None


def exposure_of(_user, guarantee):
    """What the lender reported of the credit, the newest month first; None before there is a report."""
    rows = guarantee.report_rows.filter(report__withdrawn_at=None).select_related("report").order_by("-report__month")
    found = list(rows[: REPORTS + 1])
    return {"guarantee": guarantee, "rows": found[:REPORTS], "more": len(found) > REPORTS} if found else None


def ledger_of(user, guarantee):
    """Lines of the guarantee with their entries, newest first, and the balance of each account."""
    lines = Line.objects.filter(guarantee=guarantee).select_related("entry", "account").order_by("-entry_id", "number")
    accounts = Account.objects.filter(lines__guarantee=guarantee).annotate(balance=Sum("lines__amount"))
    found = list(lines[: LINES + 1])
    return {
        "lines": found[:LINES],
        "more": len(found) > LINES,
        "accounts": accounts.order_by("code"),
        "code": guarantee.fund.code,
        "may_open": user.has_right(Right.VIEW_LEDGER),
    }


def timeline_of(_user, guarantee):
    return {"steps": timeline.of_guarantee(guarantee), "guarantee": guarantee}


def find(user, text, limit):
    found, *_rest = first_matching(queries.visible(user), text, limit=limit)
    return [
        Hit(
            title=f"{row.number} · {row.organisation}",
            text=f"{row.get_state_display()} · {money(row.amount)}",
            url=reverse("loans:guarantee", args=[row.public_id]),
        )
        for row in found.select_related("organisation").order_by("-pk")
    ]


def tagged(guarantees):
    """The guarantees as a list, each with the colour of its state."""
    rows = list(guarantees)
    for row in rows:
        row.tag = GUARANTEE_TAG[row.state]
    return rows
