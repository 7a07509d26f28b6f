"""Files of training events for people, over the events of a period; those of one event stand in `event_profiles`."""

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
from django.db.models.functions import Coalesce, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import number
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.register.enums import Sex
from centrum.reporting.enums import ParticipationState
from centrum.reporting.models import Participation
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from trainings.attendance import minutes_between
from trainings.enums import CertificateState, CostKind, EnrolmentState, EventState, TrainingForm
from trainings.models import Approval, Attendance, Certificate, Cost, Enrolment, Event, SeatGroup, Session

_WHOLE = IntegerField()
_MONEY = DecimalField(max_digits=14, decimal_places=2)


def _sum(rows, path, value, field=_WHOLE):
    """The sum of `value` over `rows` that hang on the row of the file by `path`."""
    sums = rows.order_by().values(path).annotate(found=Sum(value)).values("found")
    return Coalesce(Subquery(sums, output_field=field), Value(0, field))


def _length():
    """Minutes of a session."""
    return minutes_between(F("starts_at"), F("ends_at"))


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


def _clock_hours(minutes):
    return _decimal(Round(F(minutes) * Value(1, DecimalField(max_digits=14, decimal_places=4)) / 60, 2))


def _period(since, day, by):
    """Events of the units of `by` whose first day lies in the period, drafts and cancelled ones left out."""
    units = unit_scope(by) if by else None
    rows = Event.objects.filter(starts_on__range=(since.first, day))
    rows = rows.exclude(state__in=[EventState.DRAFT, EventState.CANCELLED])
    return rows if units is None else rows.filter(unit__in=units)


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
    planned = Text(_decimal(F("planned")), column_name="Koszty planowane (zł)")
    paid = Text(_decimal(F("paid")), column_name="Koszty zapłacone (zł)")

    class Meta:
        export_order = (
            "number", "title", "form", "state", "unit", "project", "budget_line", "starts_on", "ends_on", "hour",
            "hours", "seats", "seated", "reserve", "resigned", "present", "certificates", "planned", "paid",
        )  # fmt: skip


def _events(since, day, by):
    people, costs = (model.objects.filter(event=OuterRef("pk")) for model in (Enrolment, Cost))
    papers = Certificate.objects.filter(enrolment__event=OuterRef("pk"), state=CertificateState.VALID)
    there = Attendance.objects.filter(present=True, enrolment__event=OuterRef("pk"))
    return (
        _period(since, day, by)
        .annotate(
            minutes=_sum(Session.objects.filter(event=OuterRef("pk")), "event", _length()),
            seats=_sum(SeatGroup.objects.filter(event=OuterRef("pk")), "event", "capacity"),
            seated=number(people.filter(state=EnrolmentState.SEATED), "event"),
            reserve=number(people.filter(state=EnrolmentState.RESERVE), "event"),
            resigned=number(people.filter(state=EnrolmentState.CANCELLED), "event"),
            present=number(there, "enrolment__event", of="enrolment"),
            issued=number(papers, "enrolment__event"),
            planned=_sum(costs, "event", "planned", _MONEY),
            paid=_sum(costs, "event", "paid", _MONEY),
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
    trainings = Text("trainings", column_name="Wydarzenia")
    hours = Text(_clock_hours("held"), column_name="Godziny zegarowe zajęć")
    approved = Text(_clock_hours("approved"), column_name="Osobogodziny zegarowe zatwierdzone")
    attended = Text("attended", column_name="Zatwierdzone obecności")
    people = Text("people", column_name="Osoby z rejestru")

    class Meta:
        export_order = ("project", "form", "trainings", "hours", "approved", "attended", "people")


def _by_project_and_form(since, day, by):
    """One line a project and form, carried by the first of its events; hours of 60 minutes, whatever each counts in."""
    period = _period(since, day, by)
    first = period.order_by().values("project", "form").annotate(first=Min("pk")).values("first")

    def mates(rows, prefix=""):
        """`rows` of the period's events of the same project, or of none, and the same form."""
        same = rows.annotate(key=Coalesce(f"{prefix}project", 0))
        return same.filter(**{"key": OuterRef("key"), f"{prefix}form": OuterRef("form")})

    sessions = mates(Session.objects.filter(event__in=period), "event__")
    approvals = Approval.objects.filter(withdrawn_on=None, minutes__gt=0, enrolment__event__in=period)
    approvals = mates(approvals, "enrolment__event__")
    return (
        Event.objects.filter(pk__in=first)
        .annotate(key=Coalesce("project", 0))
        .annotate(
            trainings=number(mates(period), "form"),
            held=_sum(sessions, "event__form", _length()),
            approved=_sum(approvals, "enrolment__event__form", "minutes"),
            attended=number(approvals, "enrolment__event__form"),
            people=number(approvals, "enrolment__event__form", of="enrolment__person"),
        )
        .order_by("project__number", "form", "pk")
    )


# Costs


class Costs(Resource):
    number = Text("event__number", column_name="Numer")
    title = Text("event__title", column_name="Tytuł")
    project = Text("event__project__number", column_name="Projekt")
    budget_line = Text("event__budget_line", column_name="Pozycja budżetu")
    kind = Text(label("kind", CostKind), column_name="Rodzaj kosztu")
    description = Text("description", column_name="Opis")
    contract = Text("paper", column_name="Numer umowy")
    planned = Text(_decimal(F("planned")), column_name="Planowane (zł)")
    paid = Text("paid_text", column_name="Zapłacone (zł)")
    paid_on = Date("paid_on", column_name="Data zapłaty")
    document = Text("document", column_name="Dokument")

    class Meta:
        export_order = (
            "number", "title", "project", "budget_line", "kind", "description", "contract", "planned", "paid",
            "paid_on", "document",
        )  # fmt: skip


def _costs(since, day, by):
    """Costs of cancelled events too: what was paid was paid."""
    units = unit_scope(by) if by else None
    rows = Cost.objects.filter(event__starts_on__range=(since.first, day))
    rows = rows if units is None else rows.filter(event__unit__in=units)
    papers = Coalesce("contract__number", "room_rate__number", Value(""), output_field=TextField())
    paid = Coalesce(_decimal(F("paid")), Value(""), output_field=TextField())
    return rows.annotate(paper=papers, paid_text=paid).order_by("event__starts_on", "event", "kind", "pk")


def _name_events(pks):
    return {row.pk: (str(row), _page(row)) for row in Event.objects.filter(pk__in=pks)}


def _page(event):
    return reverse("trainings:event", args=[event.public_id])


def _name_costs(pks):
    rows = Cost.objects.filter(pk__in=pks).select_related("event")
    return {row.pk: (str(row), _page(row.event)) for row in rows}


_OURS = {"right": Right.KEEP_TRAININGS, "machine": False}
_EVENTS = {"name_rows": _name_events, "subject": "trainings", **_OURS}
PROFILES = (
    Profile("trainings_events", _("Events"), resource=Events, rows=_events, **_EVENTS),
    Profile("trainings_hours", _("Hours by project and form"), resource=Hours, rows=_by_project_and_form, **_EVENTS),
    Profile("trainings_participants", _("Participants by sex and status"), resource=Participants, rows=_participants,
            **_EVENTS),
    Profile("trainings_costs", _("Costs planned and paid"), resource=Costs, rows=_costs, name_rows=_name_costs,
            subject="training_costs", right=Right.VIEW_TRAININGS, machine=False),
)  # fmt: skip
