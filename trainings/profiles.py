"""Files of training events for people: the events of a period, and who is enrolled in one."""

from dataclasses import dataclass

from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import moment, number
from centrum.kit.exports import Date, Profile, Resource, Text, label
from centrum.staff.enums import Right
from centrum.staff.queries import unit_scope
from trainings.enums import EnrolmentState, EventState, SeatKind, TrainingForm
from trainings.models import Enrolment, Event, SeatGroup, Session

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

    class Meta:
        export_order = (
            "number", "title", "form", "state", "unit", "project", "budget_line", "starts_on", "ends_on", "hour",
            "hours", "seats", "seated", "reserve", "resigned",
        )  # fmt: skip


def _events(since, day, by):
    people = Enrolment.objects.filter(event=OuterRef("pk"))
    return (
        _period(since, day, by)
        .annotate(
            minutes=_sum(Session.objects.filter(event=OuterRef("pk")), "event", _length()),
            seats=_sum(SeatGroup.objects.filter(event=OuterRef("pk")), "event", "capacity"),
            seated=number(people.filter(state=EnrolmentState.SEATED), "event"),
            reserve=number(people.filter(state=EnrolmentState.RESERVE), "event"),
            resigned=number(people.filter(state=EnrolmentState.CANCELLED), "event"),
        )
        .order_by("starts_on", "pk")
    )


# The people enrolled in one event


class Enrolled(Resource):
    last_name = Text("last_name", column_name="Nazwisko")
    first_name = Text("first_name", column_name="Imię")
    email = Text("email", column_name="E-mail")
    phone = Text("phone", column_name="Telefon")
    organisation = Text("organisation_name", column_name="Organizacja")
    seats = Text(label("group__kind", SeatKind), column_name="Miejsca")
    state = Text(label("state", EnrolmentState), column_name="Zapis")
    since = Text(moment("created_at"), column_name="Zapisano")

    class Meta:
        export_order = ("last_name", "first_name", "email", "phone", "organisation", "seats", "state", "since")


def _enrolled(scope, _day, _by):
    """As it stands now, whatever the day."""
    return scope.event.enrolments.order_by("sort", "pk")


def _name_events(pks):
    return {row.pk: (str(row), _page(row)) for row in Event.objects.filter(pk__in=pks)}


def _name_enrolments(pks):
    rows = Enrolment.objects.filter(pk__in=pks).select_related("event")
    return {row.pk: (str(row), _page(row.event)) for row in rows}


def _page(event):
    return reverse("trainings:event", args=[event.public_id])


_OURS = {"right": Right.KEEP_TRAININGS, "machine": False}
PROFILES = (
    Profile("trainings_events", _("Events"), resource=Events, rows=_events, name_rows=_name_events,
            subject="trainings", **_OURS),
    Profile("training_enrolled", _("People enrolled"), resource=Enrolled, rows=_enrolled,
            name_rows=_name_enrolments, subject="training", **_OURS),
)  # fmt: skip
