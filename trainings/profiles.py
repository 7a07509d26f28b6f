"""Files of training events for people: events, who took part by sex and status, hours, and the attendance of one.

A person took part who was present at a session; a participation in the event's EU project tells the status at entry.
"""

from dataclasses import dataclass

from django.db.models import (
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import number
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.register.enums import Sex
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from trainings.enums import EnrolmentState, EventState, TrainingForm
from trainings.models import (
    Approval,
    Attendance,
    Certificate,
    Cost,
    Enrolment,
    Event,
    SeatGroup,
    Session,
)

_WHOLE = IntegerField()


@dataclass(frozen=True)
class Scope:
    """The event that a file is of, as the journal and the file's name call it."""

    event: Event

    def __str__(self):
        return self.event.number.replace("/", "-")


def _sum(rows, path, value, field=_WHOLE):
    """The sum of `value` over `rows` that hang on the row of the file by `path`."""
    sums = rows.order_by().values(path).annotate(found=Sum(value)).values("found")
    return Coalesce(Subquery(sums, output_field=field), Value(0, field))


def _length():
    """Minutes of a session."""
    seconds = Func(
        F("ends_at") - F("starts_at"), function="EXTRACT", template="%(function)s(EPOCH FROM %(expressions)s)"
    )
    return Cast(seconds / 60, _WHOLE)


def _decimal(value):
    """A number with two places and a decimal comma."""
    return Func(
        Func(value, Value("FM999999990.00"), function="to_char", output_field=TextField()),
        Value("."),
        Value(","),
        function="replace",
        output_field=TextField(),
    )


def _hours(minutes, hour="hour_minutes"):
    exact = ExpressionWrapper(
        F(minutes) * Value(1, DecimalField()) / F(hour), output_field=DecimalField(max_digits=14, decimal_places=4)
    )
    return _decimal(Round(exact, 2))


def _amount(name):
    return _decimal(F(name))


def _period(since, day, by):
    """Events of the units of `by` whose first day lies in the period, drafts and cancelled ones left out."""
    units = unit_scope(by) if by else None
    rows = Event.objects.filter(starts_on__range=(since.first, day))
    rows = rows.exclude(state__in=[EventState.DRAFT, EventState.CANCELLED])
    return rows if units is None else rows.filter(unit__in=units)


def _there():
    """Attendances of the row's event at which somebody was present."""
    return Attendance.objects.filter(present=True, enrolment__event=OuterRef("pk"))


# Events


class Events(Resource):
    number = Text("number", column_name="Numer")
    title = Text("title", column_name="Tytuł")
    form = Text(label("form", TrainingForm), column_name="Forma")
    state = Text(label("state", EventState), column_name="Stan")
    unit = Text("unit__name", column_name="Jednostka")
    project = Text("project__number", column_name="Projekt")
    budget_line = Text("budget_line", column_name="Pozycja budżetu")
    starts_on = Date("starts_on", column_name="Pierwszy dzień")
    ends_on = Date("ends_on", column_name="Ostatni dzień")
    hour = Text("hour_minutes", column_name="Godzina w minutach")
    hours = Text(_hours("minutes"), column_name="Godziny zajęć")
    seats = Text("seats", column_name="Miejsca")
    seated = Text("seated", column_name="Zapisani")
    reserve = Text("reserve", column_name="Lista rezerwowa")
    resigned = Text("resigned", column_name="Rezygnacje")
    present = Text("present", column_name="Obecni")
    certificates = Text("issued", column_name="Zaświadczenia")
    planned = Text(_amount("planned"), column_name="Koszty planowane (zł)")
    paid = Text(_amount("paid"), column_name="Koszty zapłacone (zł)")

    class Meta:
        export_order = (
            "number", "title", "form", "state", "unit", "project", "budget_line", "starts_on", "ends_on", "hour",
            "hours", "seats", "seated", "reserve", "resigned", "present", "certificates", "planned", "paid",
        )  # fmt: skip


def _events(since, day, by):
    people = Enrolment.objects.filter(event=OuterRef("pk"))
    costs = Cost.objects.filter(event=OuterRef("pk"))
    money = DecimalField(max_digits=14, decimal_places=2)
    return (
        _period(since, day, by)
        .annotate(
            minutes=_sum(Session.objects.filter(event=OuterRef("pk")), "event", _length()),
            seats=_sum(SeatGroup.objects.filter(event=OuterRef("pk")), "event", "capacity"),
            seated=number(people.filter(state=EnrolmentState.SEATED), "event"),
            reserve=number(people.filter(state=EnrolmentState.RESERVE), "event"),
            resigned=number(people.filter(state=EnrolmentState.CANCELLED), "event"),
            present=number(_there(), "enrolment__event", of="enrolment"),
            issued=number(
                Certificate.objects.filter(enrolment__event=OuterRef("pk"), state="valid"), "enrolment__event"
            ),
            planned=_sum(costs, "event", "planned", money),
            paid=_sum(costs, "event", "paid", money),
        )
        .order_by("starts_on", "pk")
    )


# Who took part, by sex and status


class Participants(Resource):
    number = Text("number", column_name="Numer")
    title = Text("title", column_name="Tytuł")
    form = Text(label("form", TrainingForm), column_name="Forma")
    project = Text("project__number", column_name="Projekt")
    starts_on = Date("starts_on", column_name="Pierwszy dzień")
    present = Text("present", column_name="Obecni")
    women = Text("women", column_name="Kobiety")
    men = Text("men", column_name="Mężczyźni")
    unknown = Text("unknown", column_name="Płeć nieznana")
    unemployed = Text("unemployed", column_name="Bezrobotni")
    inactive = Text("inactive", column_name="Bierni zawodowo")
    employed = Text("employed", column_name="Pracujący")
    outside = Text("outside", column_name="Spoza projektu")
    pes = Text("pes", column_name="Z podmiotów ekonomii społecznej (deklaracja)")
    at_risk = Text("at_risk", column_name="Zagrożeni wykluczeniem (deklaracja)")

    class Meta:
        export_order = (
            "number", "title", "form", "project", "starts_on", "present", "women", "men", "unknown", "unemployed",
            "inactive", "employed", "outside", "pes", "at_risk",
        )  # fmt: skip


def _participants(since, day, by):
    came = Enrolment.objects.filter(
        Exists(Attendance.objects.filter(present=True, enrolment=OuterRef("pk"))), event=OuterRef("pk")
    )
    entered = Participation.objects.filter(
        person=OuterRef("person"),
        project=OuterRef("event__project"),
        state__in=[ParticipationState.ENTERED, ParticipationState.ENDED],
    )
    statuses = {
        status: number(came.filter(Exists(entered.filter(labour_status=status))), "event")
        for status in ("unemployed", "inactive", "employed")
    }
    return (
        _period(since, day, by)
        .annotate(
            present=number(came, "event"),
            women=number(came.filter(person__sex=Sex.FEMALE), "event"),
            men=number(came.filter(person__sex=Sex.MALE), "event"),
            unknown=number(came.filter(Q(person=None) | Q(person__sex="")), "event"),
            **statuses,
            outside=number(came.filter(~Exists(entered)), "event"),
            pes=number(came.filter(declares_pes=True), "event"),
            at_risk=number(came.filter(declares_at_risk=True), "event"),
        )
        .order_by("starts_on", "pk")
    )


# Hours by project and form


class Hours(Resource):
    project = Text("project__number", column_name="Projekt")
    form = Text(label("form", TrainingForm), column_name="Forma")
    events = Text("events", column_name="Wydarzenia")
    hours = Text(_decimal(F("held")), column_name="Godziny zajęć")
    approved = Text(_decimal(F("approved")), column_name="Osobogodziny zatwierdzone")
    people = Text("people", column_name="Osoby z zatwierdzoną obecnością")

    class Meta:
        export_order = ("project", "form", "events", "hours", "approved", "people")


def _by_project_and_form(since, day, by):
    """One line a project and form, carried by the first of its events; hours as each event counts them (45, 60)."""
    period = _period(since, day, by)
    first = period.order_by().values("project", "form").annotate(first=Min("pk")).values("first")

    def mates(rows, prefix):
        """`rows` of the period's events of the same project, or of none, and the same form."""
        same = rows.annotate(key=Coalesce(f"{prefix}project", 0))
        return same.filter(**{"key": OuterRef("key"), f"{prefix}form": OuterRef("form")})

    hours = DecimalField(max_digits=14, decimal_places=4)

    def counted(minutes, hour):
        return ExpressionWrapper(minutes * Value(1, hours) / F(hour), output_field=hours)

    sessions = mates(Session.objects.filter(event__in=period), "event__")
    approvals = mates(Approval.objects.filter(withdrawn_at=None, enrolment__event__in=period), "enrolment__event__")
    return (
        Event.objects.filter(pk__in=first)
        .annotate(key=Coalesce("project", 0))
        .annotate(
            events=number(mates(period, ""), "form"),
            held=_sum(sessions, "event__form", counted(_length(), "event__hour_minutes"), hours),
            approved=_sum(
                approvals,
                "enrolment__event__form",
                counted(F("minutes"), "enrolment__event__hour_minutes"),
                hours,
            ),
            people=number(approvals, "enrolment__event__form", of="enrolment__person"),
        )
        .order_by("project__number", "form", "pk")
    )


# The attendance of one event


class AttendanceList(Resource):
    last_name = Text("last_name", column_name="Nazwisko")
    first_name = Text("first_name", column_name="Imię")
    organisation = Text("organisation_name", column_name="Organizacja")
    state = Text(label("state", EnrolmentState), column_name="Zapis")
    sessions = Text("sessions", column_name="Obecność na zajęciach")
    of_all = Text("of_all", column_name="Zajęcia razem")
    approved = Text("approved", column_name="Zatwierdzone minuty")
    certificate = Text("paper", column_name="Numer zaświadczenia")

    class Meta:
        export_order = (
            "last_name", "first_name", "organisation", "state", "sessions", "of_all", "approved", "certificate",
        )  # fmt: skip


def _attendance(scope, _day, _by):
    """As it stands now, whatever the day; who gave the place back is left out unless they came."""
    there = Attendance.objects.filter(present=True, enrolment=OuterRef("pk"))
    papers = Certificate.objects.filter(enrolment=OuterRef("pk"), state="valid").values("number")
    rows = scope.event.enrolments.filter(Q(state=EnrolmentState.SEATED) | Exists(there))
    return rows.annotate(
        sessions=number(there, "enrolment"),
        of_all=number(Session.objects.filter(event=OuterRef("event")), "event"),
        approved=_sum(Approval.objects.filter(withdrawn_at=None, enrolment=OuterRef("pk")), "enrolment", "minutes"),
        paper=Coalesce(Subquery(papers), Value(""), output_field=TextField()),
    ).order_by("sort", "pk")


def _name_events(pks):
    return {row.pk: (str(row), _page(row)) for row in Event.objects.filter(pk__in=pks)}


def _name_enrolments(pks):
    rows = Enrolment.objects.filter(pk__in=pks).select_related("event")
    return {row.pk: (str(row), _page(row.event)) for row in rows}


def _page(event):
    return reverse("trainings:event", args=[event.public_id])


_OURS = {"right": Right.KEEP_TRAININGS, "machine": False, "name_rows": _name_events, "subject": "trainings"}
PROFILES = (
    Profile("trainings_events", _("Events"), resource=Events, rows=_events, **_OURS),
    Profile("trainings_participants", _("Participants by sex and status"), resource=Participants, rows=_participants,
            **_OURS),
    Profile("trainings_hours", _("Hours by project and form"), resource=Hours, rows=_by_project_and_form, **_OURS),
    Profile("training_attendance", _("Attendance"), resource=AttendanceList, rows=_attendance,
            **(_OURS | {"name_rows": _name_enrolments, "subject": "training"})),
)  # fmt: skip
