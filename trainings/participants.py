"""Reads of the people enrolled in one event: the list, the reserve list, seats by group, needs of access, and what
the register knows of what they declared."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from centrum.kit.search import matching
from centrum.register import at_risk
from centrum.register import queries as register
from centrum.register.enums import NOT_PES
from trainings.enums import ENROLLED, Diet, EnrolmentState
from trainings.models import AccessNeeds, Enrolment, NoticeSent

RESERVE_SHOWN = 50
NEEDS = ("loop", "sign_language", "wheelchair", "large_print")


def enrolments_of(event):
    """Everybody ever enrolled, with what a row of the list shows; `letters`: how many they were sent."""
    sent = NoticeSent.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    return (
        Enrolment.objects.filter(event=event)
        .select_related("group", "commune", "person__commune", "organisation", "case")
        .annotate(letters=Coalesce(Subquery(sent.annotate(number=Count("pk")).values("number")), 0))
    )


def listed(event, *, q="", state=""):
    """Rows of the list; `state`: one of them, "enrolled" (seats, offers and the reserve list) or "" for all."""
    rows = enrolments_of(event)
    if state == "enrolled":
        rows = rows.filter(state__in=ENROLLED)
    elif state:
        rows = rows.filter(state=state)
    return matching(rows, q) if q else rows


def reserve_of(event):
    """[(group, its waiting people in order, how many more)] of the groups with a reserve list, and what each shows."""
    lists = []
    for group in event.groups.order_by("pk"):
        waiting = list(group.enrolments.filter(state=EnrolmentState.RESERVE).order_by("pk")[: RESERVE_SHOWN + 1])
        for place, row in enumerate(waiting, 1):
            row.place = place
        if waiting:
            more = 0
            if len(waiting) > RESERVE_SHOWN:
                more = group.enrolments.filter(state=EnrolmentState.RESERVE).count() - RESERVE_SHOWN
            lists.append((group, waiting[:RESERVE_SHOWN], more))
    return lists


def seats_of(event):
    """Groups of seats, each with how many have a seat, were offered one and wait."""
    number = {state: Count("enrolments", Q(enrolments__state=state)) for state in ENROLLED}
    return event.groups.annotate(
        seated=number[EnrolmentState.SEATED],
        offered=number[EnrolmentState.OFFERED],
        waiting=number[EnrolmentState.RESERVE],
    ).order_by("pk")


def needs_of(event):
    """[(need, how many, names)] of those who have or were offered a seat or wait; then what they wrote themselves.

    For those who keep the event alone: some needs tell of health.
    """
    rows = AccessNeeds.objects.filter(enrolment__event=event, enrolment__state__in=ENROLLED)
    rows = list(rows.select_related("enrolment").order_by("enrolment__sort", "pk"))
    told = [
        (AccessNeeds._meta.get_field(name).verbose_name, [row.enrolment for row in rows if getattr(row, name)])
        for name in NEEDS
    ]
    told += [(diet.label, [row.enrolment for row in rows if row.diet == diet]) for diet in Diet]
    counted = [(label, len(people), people) for label, people in told if people]
    return counted, [(row.enrolment, row.other) for row in rows if row.other]


# What the register says of what was declared: yes, no, or nothing ("unknown")


def compare(user, event, rows):
    """Tell each of `rows` what the register knows: `says_pes`, `says_at_risk`, `says_commune` ("yes", "no",
    "unknown", "" where nothing was declared), and whether `user` may open the linked person (`seen`).

    A group at risk that is hidden is never told: without a proof on view the register says "unknown".
    """
    people = {row.person_id for row in rows if row.person_id}
    seen = set(register.visible_people(user).filter(pk__in=people).values_list("pk", flat=True)) if people else set()
    risky = at_risk.proved(user, seen, event.starts_on) if seen else set()
    for row in rows:
        row.seen = row.person_id in seen
        row.says_pes = _says(row.declares_pes, row.organisation and row.organisation.pes_type not in NOT_PES)
        row.says_at_risk = _says(row.declares_at_risk, True if row.person_id in risky else None)
        known = row.person.commune_id if row.seen else None
        row.says_commune = _says(row.commune_id, known and known == row.commune_id)
    return rows


def _says(declared, known):
    if not declared:
        return ""
    return "unknown" if known is None else "yes" if known else "no"
