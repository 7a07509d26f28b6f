"""Training events: when, where, led by whom, for whom, and how many seats."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.search import search_column, search_index, sort_column
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import never_deleted
from centrum.register.models import Commune
from centrum.reporting.models import Project
from centrum.staff.models import Unit
from trainings.enums import EVENT_MOVES, EventState, SeatKind
from trainings.models.people import Room, Trainer
from trainings.models.programmes import Content, Programme, content_constraints


@history("search", "sort")
class Event(Content):
    """One training event, of a programme or single. `starts_on` and `ends_on` are its first and last day in Warsaw.

    `enrols_until` is the instant from which no enrolment is taken; `offer_hours`: how long a freed seat waits for
    the next of the reserve list; `reserve_places` empty: a reserve list without end. `revision` counts the changes
    that those enrolled are told of; calendars know the newer event by it (SEQUENCE).
    """

    MOVES = EVENT_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, verbose_name=_("programme"), related_name="trainings"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="trainings")
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("organiser"), related_name="trainings"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, verbose_name=_("EU project"), related_name="trainings"
    )
    budget_line = models.CharField(_("budget line"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=EventState, default=EventState.DRAFT)
    public = models.BooleanField(_("shown in the public calendar"), default=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    enrols_until = models.DateTimeField(_("enrolment until"), null=True, blank=True)
    reserve_places = models.PositiveSmallIntegerField(_("places on the reserve list"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(_("an offered seat waits, in hours"), default=48)
    # who may come; the enrolment asks, the staff check
    only_pes = models.BooleanField(_("only for social economy entities and their people"), default=False)
    only_at_risk = models.BooleanField(_("only for people at risk of exclusion"), default=False)
    only_clients = models.BooleanField(_("only for people with a case at the Centre"), default=False)
    communes = models.ManyToManyField(Commune, verbose_name=_("only for people from"), related_name="+", blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    search = search_column("number", "title", "target_group")
    sort = sort_column("title")

    class Meta:
        verbose_name = _("training event")
        verbose_name_plural = _("training events")
        ordering = ["-starts_on", "-id"]
        triggers = [
            legal_moves(EVENT_MOVES),
            never_deleted(),
            pgtrigger.Trigger(
                name="certificates_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state=EventState.CANCELLED),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM trainings_certificate c JOIN trainings_enrolment e ON e.id = c.enrolment_id
                        WHERE e.event_id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'An event with certificates took place' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="around_its_sessions",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("starts_on", "ends_on"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM trainings_session WHERE event_id = NEW.id
                        AND ((starts_at AT TIME ZONE 'Europe/Warsaw')::date < NEW.starts_on
                            OR (ends_at AT TIME ZONE 'Europe/Warsaw')::date > NEW.ends_on)
                    ) THEN
                        RAISE EXCEPTION 'A session lies within the days of its event'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_within_event';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        indexes = [
            search_index("event_search"),
            models.Index(fields=["starts_on", "id"], name="event_starts"),
            models.Index(fields=["state", "starts_on", "id"], name="event_state"),
        ]
        constraints = [
            *content_constraints("event"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="event_dates",
                violation_error_message=_("An event ends no earlier than it begins."),
            ),
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="event_state_known"),
            models.CheckConstraint(
                condition=~Q(state=EventState.ENROLMENT) | Q(enrols_until__isnull=False), name="event_enrols_until"
            ),
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 720)), name="event_offer_hours"),
            models.CheckConstraint(
                condition=Q(budget_line="") | Q(project__isnull=False),
                name="event_budget_line",
                violation_error_message=_("A budget line belongs to an EU project. Choose the project too."),
            ),
        ]

    def __str__(self):
        return self.title


@history("taken")
class SeatGroup(models.Model):
    """Seats of an event for some or for everybody. `taken` is counted by the trigger of Enrolment and nothing else;
    the CHECK on it makes one seat too many impossible, whoever writes.

    `overbooking`: so many more than `capacity` are let in, since some never come.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="groups")
    kind = models.CharField(_("seats"), max_length=10, choices=SeatKind, default=SeatKind.ANY)
    capacity = models.PositiveSmallIntegerField(_("number of seats"))
    overbooking = models.PositiveSmallIntegerField(_("let in beyond it"), default=0)
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("group of seats")
        verbose_name_plural = _("groups of seats")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="seatgroup_once"),
            models.CheckConstraint(condition=Q(kind__in=SeatKind.values), name="seatgroup_kind"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity") + F("overbooking")), name="seatgroup_seats"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="counted_by_enrolments",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.taken IS DISTINCT FROM NEW.taken AND pg_trigger_depth() = 0"),
            ),
            pgtrigger.Protect(name="begins_empty", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__taken__gt=0)),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def seats(self):
        return self.capacity + self.overbooking

    @property
    def free(self):
        return self.seats - self.taken


def _period():
    return Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())


@history()
class Session(models.Model):
    """One meeting of an event (zajęcia), at a place or by a link. `active`: its event is not cancelled.

    A room serves one active session at a time; a trainer too (Teaching).
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="sessions")
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"), related_name="sessions"
    )
    link = models.URLField(_("link"), blank=True)
    active = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_dates",
                violation_error_message=_("A session ends after it begins."),
            ),
            # the target of the key of Teaching, which thereby has the same hours
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at", "active"], name="session_hours"),
            ExclusionConstraint(
                name="session_room_once",
                expressions=[("room", RangeOperators.EQUAL), (_period(), RangeOperators.OVERLAPS)],
                condition=Q(active=True, room__isnull=False),
                violation_error_message=_("This room is taken at that time."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_its_event",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("event", "record")],
                func="""
                    SELECT * INTO event FROM trainings_event WHERE id = NEW.event_id;
                    IF (NEW.starts_at AT TIME ZONE 'Europe/Warsaw')::date < event.starts_on
                        OR (NEW.ends_at AT TIME ZONE 'Europe/Warsaw')::date > event.ends_on
                    THEN
                        RAISE EXCEPTION 'A session lies within the days of its event'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'session_within_event';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="attended_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("starts_at", "ends_at", "active", "event_id"),
                func="""
                    IF EXISTS (SELECT 1 FROM trainings_attendance WHERE session_id = NEW.id AND present) THEN
                        RAISE EXCEPTION 'The hours of a session with attendance stay' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
                condition=pgtrigger.AnyChange("starts_at", "ends_at", "active", "event"),
            ),
        ]

    def __str__(self):
        return self.topic or str(self.event)


@history()
class Teaching(models.Model):
    """A trainer of a session. Its hours are those of the session, kept equal by a foreign key over all of them."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="teachings")
    trainer = models.ForeignKey(Trainer, models.PROTECT, related_name="teachings")
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    active = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("trainer of a session")
        verbose_name_plural = _("trainers of sessions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "trainer"], name="teaching_once"),
            ExclusionConstraint(
                name="teaching_trainer_once",
                expressions=[("trainer", RangeOperators.EQUAL), (_period(), RangeOperators.OVERLAPS)],
                condition=Q(active=True),
                violation_error_message=_("This trainer leads another session at that time."),
            ),
        ]

    def __str__(self):
        return str(self.trainer)
