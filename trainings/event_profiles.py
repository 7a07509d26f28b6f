"""Files of one training event for people: who is enrolled, and the attendance."""

from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, TextField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrum.kit.columns import moment
from centrum.kit.exports import Profile, Resource, Text, label
from centrum.staff.enums import Right
from trainings.attendance import spent
from trainings.enums import EnrolmentState, SeatKind
from trainings.models import Approval, Attendance, Enrolment, Event


@dataclass(frozen=True)
class Scope:
    """The event that a file is of, as the journal and the file's name call it."""

    event: Event

    def __str__(self):
        return self.event.number.replace("/", "-")


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


# The attendance of one event


class AttendanceList(Resource):
    last_name = Text("enrolment__last_name", column_name="Nazwisko")
    first_name = Text("enrolment__first_name", column_name="Imię")
    organisation = Text("enrolment__organisation_name", column_name="Organizacja")
    day = Text(moment("session__starts_at"), column_name="Zajęcia od")
    ends = Text(moment("session__ends_at"), column_name="Zajęcia do")
    present = Text("was", column_name="Obecność")
    arrived = Text(moment("arrived_at"), column_name="Przyjście")
    left = Text(moment("left_at"), column_name="Wyjście")
    minutes = Text("spent", column_name="Minuty")
    approved = Text("approved", column_name="Zatwierdzone")

    class Meta:
        export_order = (
            "last_name", "first_name", "organisation", "day", "ends", "present", "arrived", "left", "minutes",
            "approved",
        )  # fmt: skip


def _attendance(scope, _day, _by):
    """A line a person and session of which something is noted, as it stands now, whatever the day."""
    rows = Attendance.objects.filter(enrolment__event=scope.event)
    approved = Exists(Approval.objects.filter(enrolment=OuterRef("enrolment"), withdrawn_on=None))
    return rows.annotate(
        was=_yes_no(Q(present=True)),
        spent=Case(When(present=True, then=spent()), default=0),
        approved=_yes_no(approved),
    ).order_by("enrolment__sort", "enrolment", "session__starts_at", "pk")


def _yes_no(condition):
    return Case(When(condition, then=Value("tak")), default=Value("nie"), output_field=TextField())


def _name_enrolments(pks):
    rows = Enrolment.objects.filter(pk__in=pks).select_related("event")
    return {row.pk: (str(row), _page(row.event)) for row in rows}


def _name_attendances(pks):
    rows = Attendance.objects.filter(pk__in=pks).select_related("enrolment__event")
    return {row.pk: (str(row.enrolment), _page(row.enrolment.event)) for row in rows}


def _page(event):
    return reverse("trainings:event", args=[event.public_id])


_OURS = {"right": Right.KEEP_TRAININGS, "machine": False, "subject": "training"}
PROFILES = (
    Profile("training_enrolled", _("People enrolled"), resource=Enrolled, rows=_enrolled, name_rows=_name_enrolments,
            **_OURS),
    Profile("training_attendance", _("Attendance"), resource=AttendanceList, rows=_attendance,
            name_rows=_name_attendances, **_OURS),
)  # fmt: skip
