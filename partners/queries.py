"""Reads of partnerships: who sees which, who brings what, who works with whom."""

from django.db.models import Count, F, Prefetch, Q

from centrum.kit import clock
from centrum.kit.periods import in_force
from centrum.kit.search import matching
from centrum.register.models import Commune
from centrum.staff.enums import RIGHTS, Right
from centrum.staff.models import User
from centrum.staff.queries import unit_scope
from partners.enums import PARTNERSHIP_OPEN, PartnershipState
from partners.models import Area, Competence, Membership, Partnership, Representative


def visible_partnerships(user):
    """Those of the units that `user` sees, and all that the public sees anyway."""
    if not user.has_right(Right.VIEW_PARTNERSHIPS):
        return Partnership.objects.none()
    scope = unit_scope(user)
    rows = Partnership.objects.select_related("unit", "coordinator", "project")
    return rows if scope is None else rows.filter(Q(unit__in=scope) | Q(public=True))


def may_keep(user, partnership):
    """Whether `user` writes in the partnership: a unit keeps its own."""
    scope = unit_scope(user)
    return user.has_right(Right.KEEP_PARTNERSHIPS) and (scope is None or partnership.unit_id in scope)


def public_partnerships():
    """What the site shows: public ones that were agreed, with those that have ended."""
    shown = [PartnershipState.AGREED, PartnershipState.ACTIVE, PartnershipState.SUSPENDED, PartnershipState.ENDED]
    return Partnership.objects.filter(public=True, state__in=shown)


def joinable():
    """Public partnerships that an organisation may ask to join."""
    return Partnership.objects.filter(public=True, state__in=PARTNERSHIP_OPEN).order_by("sort", "pk")


def listed(user, *, q="", kind="", state="", competence=None, teryt=""):
    """Partnerships for the list; `state`: one of them, "open" or "all"; `teryt`: of a commune, also by its county."""
    rows = visible_partnerships(user).annotate(members=Count("memberships", filter=in_force(prefix="memberships__")))
    if kind:
        rows = rows.filter(kind=kind)
    if state == "open":
        rows = rows.filter(state__in=PARTNERSHIP_OPEN)
    elif state not in ("", "all"):
        rows = rows.filter(state=state)
    if competence:
        now = Membership.objects.filter(in_force(), competences=competence).order_by()
        rows = rows.filter(pk__in=now.values("partnership"))
    if teryt:
        there = Area.objects.filter(teryt__in=[teryt, teryt[:4]]).order_by()
        rows = rows.filter(pk__in=there.values("partnership"))
    if q:
        rows = matching(rows, q)
    return rows


def members_of(partnership, on=None):
    """Memberships in force on a day, today unless given: roles in their order, then names."""
    return (
        partnership.memberships.filter(in_force(on))
        .select_related("organisation")
        .prefetch_related("competences")
        .order_by("role", "organisation__sort", "pk")
    )


def may_answer(partnership, chosen=None):
    """Members who may answer for a task: those of today, and the one `chosen` before."""
    rows = partnership.memberships.filter(in_force() | Q(pk=chosen))
    return rows.select_related("organisation").order_by("organisation__sort", "pk")


def all_memberships(partnership):
    """Every membership, those of today first, with competences and representatives."""
    people = Representative.objects.select_related("person").order_by("valid_from", "pk")
    return (
        partnership.memberships.select_related("organisation")
        .prefetch_related("competences", Prefetch("representatives", queryset=people))
        .order_by(F("valid_to").desc(nulls_first=True), "organisation__sort", "pk")
    )


def competences(chosen=()):
    """Words of the dictionary that are offered today, and those that were `chosen` before."""
    return Competence.objects.filter(in_force() | Q(pk__in=chosen)).order_by("label", "pk")


def coordinators(unit):
    """Staff who may coordinate a partnership of the unit."""
    roles = [role for role, rights in RIGHTS.items() if Right.KEEP_PARTNERSHIPS in rights]
    return User.objects.filter(is_active=True, unit=unit, role__in=roles).order_by("last_name", "first_name", "pk")


def who_brings(user, *, competence=None, teryt=""):
    """[{organisation, brings: set of competence keys, partnerships}] of today's members of partnerships that `user`
    sees; with `teryt` those with a seat in the commune or whose partnership works there."""
    rows = (
        Membership.objects.filter(in_force(), partnership__in=visible_partnerships(user))
        .filter(partnership__state__in=PARTNERSHIP_OPEN)
        .select_related("organisation__commune", "partnership")
        .prefetch_related("competences")
        .order_by("organisation__sort", "organisation_id", "partnership__sort")
    )
    if competence:
        rows = rows.filter(competences=competence)
    if teryt:
        there = Area.objects.filter(teryt__in=[teryt, teryt[:4]]).order_by().values("partnership")
        rows = rows.filter(Q(organisation__commune__teryt=teryt) | Q(partnership__in=there))
    found = {}
    for row in rows:
        entry = found.setdefault(row.organisation_id, {"organisation": row.organisation, "brings": {}, "in": []})
        entry["in"].append(row.partnership)
        entry["brings"] |= {competence.pk: competence for competence in row.competences.all()}
    return list(found.values())


def may_sign(membership, person, on):
    """Whether `person` had the power to sign for the member on a day."""
    return membership.representatives.filter(in_force(on), person=person, signs=True).exists()


def ties(user):
    """[(organisation, partnership)] of today, for the picture of who works with whom."""
    rows = (
        Membership.objects.filter(in_force(), partnership__in=visible_partnerships(user))
        .filter(partnership__state__in=PARTNERSHIP_OPEN)
        .select_related("organisation", "partnership")
        .order_by("partnership__sort", "partnership_id", "organisation__sort", "pk")
    )
    return [(row.organisation, row.partnership) for row in rows]


def places(text):
    """[(TERYT code, name)] of communes and counties of today that hold `text`; counties first."""
    today = clock.today()
    rows = Commune.objects.filter(in_force(today)).order_by("name", "teryt")
    counties, communes, wanted = {}, [], text.casefold()
    for row in rows:
        if wanted in row.county.casefold():
            counties.setdefault(row.teryt[:4], row.county)
        if wanted in row.name.casefold():
            communes.append((row.teryt, str(row)))
    return sorted(counties.items(), key=lambda item: item[1]) + communes


def communes():
    """[(TERYT code, name)] of the communes of today."""
    return [(row.teryt, str(row)) for row in Commune.objects.filter(in_force()).order_by("name", "teryt")]


def of_organisation(user, organisation):
    """Memberships of an organisation in partnerships that `user` sees, those of today first."""
    return (
        Membership.objects.filter(organisation=organisation, partnership__in=visible_partnerships(user))
        .select_related("partnership")
        .prefetch_related("competences")
        .order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "pk")
    )
