"""Meetings, study visits and workshops of a partnership: who is invited, what was decided, who promised what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, never_deleted
from centrum.register.models import Person
from partners.enums import COMMITMENT_MOVES, MEETING_MOVES, Answer, CommitmentState, MeetingKind, MeetingState
from partners.models.members import Membership
from partners.models.partnerships import Partnership


@history()
class Meeting(models.Model):
    """`revision` counts what the invited must be told of again; calendars know the newer event by it (SEQUENCE)."""

    MOVES = MEETING_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meetings")
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind)
    title = models.CharField(_("title"), max_length=200)
    agenda = models.TextField(_("agenda"), blank=True)
    place = models.CharField(_("place"), max_length=200)
    led_by = models.CharField(_("led by"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    state = models.CharField(_("state"), max_length=20, choices=MeetingState, default=MeetingState.PLANNED)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("meeting of a partnership")
        verbose_name_plural = _("meetings of partnerships")
        ordering = ["starts_at", "id"]
        triggers = [legal_moves(MEETING_MOVES), never_deleted()]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_dates",
                violation_error_message=_("A meeting ends after it begins."),
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(place=""), name="meeting_whole"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="meeting_kind"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state"),
        ]

    def __str__(self):
        return self.title


@history()
class Invitation(models.Model):
    """A person at a meeting, for a member or as a guest. `attended` is unknown until the attendance is noted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, verbose_name=_("meeting"), related_name="invitations")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, verbose_name=_("for the member"), related_name="invitations"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="invitations")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    attended = models.BooleanField(_("was there"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="invitation_once",
                violation_error_message=_("This person is invited already."),
            ),
            models.CheckConstraint(condition=Q(answer__in=["", *Answer.values]), name="invitation_answer"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="invitation_answer_stamped",
            ),
        ]

    def __str__(self):
        return str(self.person)


class Minutes(models.Model):
    """One version of the minutes (protokół); the greatest is in force, none is changed."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("minutes"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["-version"]
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1) & ~Q(text=""), name="minutes_whole"),
        ]

    def __str__(self):
        return f"{self.meeting} ({self.version})"


@history()
class Decision(models.Model):
    """What a meeting decided (ustalenie)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("decision"))

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="decision_number_once",
                violation_error_message=_("This number is taken."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(text=""), name="decision_whole"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


@history()
class Commitment(models.Model):
    """What a member promised to do by a day (zobowiązanie), at a meeting or outside one."""

    MOVES = COMMITMENT_MOVES

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="commitments")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="commitments")
    membership = models.ForeignKey(
        Membership, models.PROTECT, verbose_name=_("who promised it"), related_name="commitments"
    )
    text = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("to be done by"))
    state = models.CharField(_("state"), max_length=20, choices=CommitmentState, default=CommitmentState.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "id"]
        triggers = [legal_moves(COMMITMENT_MOVES), never_deleted()]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="commitment_whole"),
            models.CheckConstraint(condition=Q(state__in=CommitmentState.values), name="commitment_state"),
            models.CheckConstraint(
                condition=Q(state=CommitmentState.DONE, done_on__isnull=False)
                | ~Q(state=CommitmentState.DONE) & Q(done_on__isnull=True),
                name="commitment_done_stamped",
            ),
        ]

    def __str__(self):
        return self.text
