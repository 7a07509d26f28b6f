"""Files of partnerships for people: members, commitments and meetings of one, and the report for ROPS.

ROPS (regionalny ośrodek polityki społecznej) asks its OWES for what their partnerships do; it gave no form for it,
so the report is a line for each partnership, from which sums by kind and area are made in Excel.
"""

from dataclasses import dataclass

from django.db.models import Case, DecimalField, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, Replace
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import after, joined, midnight, moment, number
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.kit.periods import in_force
from centrum.register.enums import LegalForm, Sex
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from partners.enums import CommitmentState, MeetingKind, MeetingState, MemberRole, PartnershipKind, PartnershipState
from partners.models import Area, Commitment, Decision, Invitation, Meeting, Membership, Milestone, Partnership


@dataclass(frozen=True)
class Scope:
    """The partnership that a file is of, as the journal and the file's name call it."""

    partnership: Partnership

    def __str__(self):
        return f"partnerstwo-{self.partnership.pk}"


def _present(rows, path, sex):
    return number(rows.filter(attended=True, person__sex=sex), path, of="person")


# Members


class Members(Resource):
    name = Text("organisation__name", column_name="Organizacja")
    nip = Text("organisation__nip", column_name="NIP")
    legal_form = Text(label("organisation__legal_form", LegalForm), column_name="Forma prawna")
    role = Text(label("role", MemberRole), column_name="Rola")
    valid_from = Date("valid_from", column_name="Od")
    valid_to = Date("valid_to", column_name="Pierwszy dzień po członkostwie")
    competences = Text("brings", column_name="Kompetencje")

    class Meta:
        export_order = ("name", "nip", "legal_form", "role", "valid_from", "valid_to", "competences")


def _members(scope, day, _by):
    through = Membership.competences.through.objects.filter(membership=OuterRef("pk"))
    rows = scope.partnership.memberships.filter(in_force(day))
    return rows.annotate(brings=joined(through, "membership", "competence__label")).order_by("organisation__sort", "pk")


# Commitments


class Commitments(Resource):
    text = Text("text", column_name="Zobowiązanie")
    member = Text("membership__organisation__name", column_name="Kto")
    due_on = Date("due_on", column_name="Do kiedy")
    state = Text(label("state", CommitmentState), column_name="Stan")
    done_on = Date("done_on", column_name="Wykonano")
    meeting = Text("meeting__title", column_name="Spotkanie")

    class Meta:
        export_order = ("text", "member", "due_on", "state", "done_on", "meeting")


def _commitments(scope, _day, _by):
    """As they stand now, whatever the day: when a commitment was dropped is not part of the file."""
    return scope.partnership.commitments.order_by("due_on", "pk")


# Meetings


class Meetings(Resource):
    title = Text("title", column_name="Tytuł")
    kind = Text(label("kind", MeetingKind), column_name="Rodzaj")
    starts_at = Text(moment("starts_at"), column_name="Początek")
    ends_at = Text(moment("ends_at"), column_name="Koniec")
    place = Text("place", column_name="Miejsce")
    state = Text(label("state", MeetingState), column_name="Stan")
    invited = Text("invited", column_name="Zaproszeni")
    women = Text("women", column_name="Obecne kobiety")
    men = Text("men", column_name="Obecni mężczyźni")
    unknown = Text("unknown", column_name="Obecni, płeć nieznana")
    agreed = Text("agreed", column_name="Ustalenia")
    promised = Text("promised", column_name="Zobowiązania")

    class Meta:
        export_order = (
            "title", "kind", "starts_at", "ends_at", "place", "state", "invited", "women", "men", "unknown", "agreed",
            "promised",
        )  # fmt: skip


def _meetings(scope, day, _by):
    """Those that began by the end of the day."""
    people = Invitation.objects.filter(meeting=OuterRef("pk"))
    return (
        scope.partnership.meetings.filter(starts_at__lt=after(day))
        .annotate(
            invited=number(people, "meeting"),
            women=_present(people, "meeting", Sex.FEMALE),
            men=_present(people, "meeting", Sex.MALE),
            unknown=_present(people, "meeting", ""),
            agreed=number(Decision.objects.filter(meeting=OuterRef("pk")), "meeting"),
            promised=number(Commitment.objects.filter(meeting=OuterRef("pk")), "meeting"),
        )
        .order_by("starts_at", "pk")
    )


# The report for ROPS


class Report(Resource):
    unit = Text("unit__name", column_name="Jednostka")
    name = Text("name", column_name="Partnerstwo")
    kind = Text(label("kind", PartnershipKind), column_name="Rodzaj")
    state = Text(label("state", PartnershipState), column_name="Stan")
    area = Text("area", column_name="Obszar")
    founded_on = Date("founded_on", column_name="Data powstania")
    ended_on = Date("ended_on", column_name="Ostatni dzień")
    members = Text("members_then", column_name="Członkowie na koniec okresu")
    joined = Text("joined", column_name="Nowi członkowie w okresie")
    meetings = Text("met", column_name="Spotkania w okresie")
    women = Text("women", column_name="Obecne kobiety")
    men = Text("men", column_name="Obecni mężczyźni")
    unknown = Text("unknown", column_name="Obecni, płeć nieznana")
    agreed = Text("agreed", column_name="Ustalenia w okresie")
    done = Text("done", column_name="Wykonane zobowiązania w okresie")
    results = Text("results", column_name="Osiągnięte rezultaty w okresie")

    class Meta:
        export_order = (
            "unit", "name", "kind", "state", "area", "founded_on", "ended_on", "members", "joined", "meetings",
            "women", "men", "unknown", "agreed", "done", "results",
        )  # fmt: skip


def _report(since, day, by):
    """Partnerships of the units of `by` that were there in the period; a person is counted once a partnership."""
    first = since.first
    units = unit_scope(by) if by else None
    rows = Partnership.objects.filter(Q(ended_on=None) | Q(ended_on__gte=first), created_at__lt=after(day))
    # what was written down late counts from its founding
    rows = rows.filter(Q(founded_on=None) | Q(founded_on__lte=day))
    period = {"starts_at__gte": midnight(first), "starts_at__lt": after(day), "state": MeetingState.HELD}
    met = Meeting.objects.filter(partnership=OuterRef("pk"), **period)
    held = {f"meeting__{name}": value for name, value in period.items()}
    people = Invitation.objects.filter(meeting__partnership=OuterRef("pk"), **held)
    members = Membership.objects.filter(partnership=OuterRef("pk"))
    # the last day of one that ended meanwhile still had its members
    last = Case(When(ended_on__lt=day, then=F("ended_on")), default=Value(day))
    then = members.filter(Q(valid_to=None) | Q(valid_to__gt=OuterRef("last")), valid_from__lte=OuterRef("last"))
    reached = Milestone.objects.filter(task__partnership=OuterRef("pk"), reached_on__range=(first, day))
    done = Commitment.objects.filter(partnership=OuterRef("pk"), done_on__range=(first, day))
    plain = Func("reached", function="trim_scale", output_field=DecimalField())
    amount = Replace(Cast(plain, TextField()), Value("."), Value(","), output_field=TextField())
    words = Func(Value("%s: %s %s"), "name", amount, "unit", function="format", output_field=TextField())
    rows = rows if units is None else rows.filter(unit__in=units)
    return (
        rows.annotate(last=last)
        .annotate(
            area=joined(Area.objects.filter(partnership=OuterRef("pk")), "partnership", "name"),
            members_then=number(then, "partnership", of="organisation"),
            joined=number(members.filter(valid_from__range=(first, day)), "partnership", of="organisation"),
            met=number(met, "partnership"),
            women=_present(people, "meeting__partnership", Sex.FEMALE),
            men=_present(people, "meeting__partnership", Sex.MALE),
            unknown=_present(people, "meeting__partnership", ""),
            agreed=number(Decision.objects.filter(meeting__partnership=OuterRef("pk"), **held), "meeting__partnership"),
            done=number(done, "partnership"),
            results=joined(reached.annotate(words=words), "task__partnership", "words", "; "),
        )
        .order_by("unit__name", "kind", "sort", "pk")
    )


def _name_members(pks):
    rows = Membership.objects.filter(pk__in=pks).select_related("organisation", "partnership")
    return {row.pk: (str(row.organisation), _page(row.partnership)) for row in rows}


def _name_parts(model):
    def names(pks):
        rows = model.objects.filter(pk__in=pks).select_related("partnership")
        return {row.pk: (str(row), _page(row.partnership)) for row in rows}

    return names


def _name_partnerships(pks):
    return {row.pk: (str(row), _page(row)) for row in Partnership.objects.filter(pk__in=pks)}


def _page(partnership):
    return reverse("partners:partnership", args=[partnership.public_id])


_OURS = {"right": Right.KEEP_PARTNERSHIPS, "machine": False}
_OF_ONE = {"subject": "partnership", **_OURS}
PROFILES = (
    Profile("partnership_members", _("Members as of a day"), resource=Members, rows=_members,
            name_rows=_name_members, **_OF_ONE),
    Profile("partnership_commitments", _("Commitments"), resource=Commitments, rows=_commitments,
            name_rows=_name_parts(Commitment), **_OF_ONE),
    Profile("partnership_meetings", _("Meetings with attendance"), resource=Meetings, rows=_meetings,
            name_rows=_name_parts(Meeting), **_OF_ONE),
    Profile("partnerships_report", _("Report for ROPS"), resource=Report, rows=_report,
            name_rows=_name_partnerships, subject="partnerships", **_OURS),
)  # fmt: skip
