"""Who was at which session, and the hours that were approved of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import frozen, never_deleted
from trainings.enums import NotedBy
from trainings.models.enrolments import Enrolment
from trainings.models.events import Session


@history()
class Attendance(models.Model):
    """Whether somebody enrolled was at a session (obecność); no row: nothing is noted yet.

    `arrived_at` and `left_at` are empty for who was there from the beginning, or to the end.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    present = models.BooleanField(_("was there"))
    arrived_at = models.DateTimeField(_("came later, at"), null=True, blank=True)
    left_at = models.DateTimeField(_("left earlier, at"), null=True, blank=True)
    how = models.CharField(_("noted"), max_length=10, choices=NotedBy)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("noted by"), related_name="+")
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once"),
            models.CheckConstraint(condition=Q(how__in=NotedBy.values), name="attendance_how"),
            models.CheckConstraint(
                condition=Q(present=True) | Q(arrived_at=None, left_at=None),
                name="attendance_absent",
                violation_error_message=_("Who was not there neither came later nor left earlier."),
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(left_at__gt=F("arrived_at")),
                name="attendance_hours",
                violation_error_message=_("Nobody leaves before they come."),
            ),
        ]
        triggers = [
            never_deleted(),
            frozen("of_whom_and_what", ["enrolment", "session"], when=pgtrigger.Q()),
            # The enrolment is locked, so that it is neither cancelled nor approved in the same moment.
            pgtrigger.Trigger(
                name="within_its_session",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("enrolment", "record"), ("held", "record")],
                func="""
                    SELECT * INTO enrolment FROM trainings_enrolment WHERE id = NEW.enrolment_id FOR NO KEY UPDATE;
                    SELECT * INTO held FROM trainings_session WHERE id = NEW.session_id FOR NO KEY UPDATE;
                    IF held.event_id <> enrolment.event_id OR NOT held.active OR enrolment.state <> 'seated' THEN
                        RAISE EXCEPTION 'Attendance is of who has a seat, at a session of the same event'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.arrived_at <= held.starts_at OR NEW.arrived_at >= held.ends_at
                        OR NEW.left_at >= held.ends_at OR NEW.left_at <= held.starts_at
                    THEN
                        RAISE EXCEPTION 'Nobody comes or leaves outside the session'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM trainings_approval
                        WHERE enrolment_id = NEW.enrolment_id AND withdrawn_on IS NULL
                    ) THEN
                        RAISE EXCEPTION 'Approved attendance changes by a correction only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.enrolment_id} {self.session_id}"


@history()
class Approval(models.Model):
    """That the attendance of somebody is approved (zatwierdzenie): `minutes` of the clock over all sessions.

    `starts_on` is the first day on which they were there, the day of the support in the EU file. An approval that
    proves wrong is withdrawn, with its support, and another one follows.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="approvals")
    minutes = models.PositiveIntegerField(_("minutes"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    approved_on = models.DateField(_("approved"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), related_name="+"
    )
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("withdrawn by"),
        related_name="+",
    )
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("approval of attendance")
        verbose_name_plural = _("approvals of attendance")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(withdrawn_on=None),
                name="approval_once",
                violation_error_message=_("This attendance is approved already."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=0, starts_on=None) | Q(minutes__gt=0, starts_on__isnull=False),
                name="approval_minutes",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None, reason="")
                | Q(withdrawn_on__gte=F("approved_on"), withdrawn_by__isnull=False) & ~Q(reason=""),
                name="approval_withdrawn",
            ),
        ]
        triggers = [
            never_deleted(),
            frozen(
                "only_withdrawn",
                ["enrolment", "minutes", "starts_on", "approved_on", "approved_by"],
                when=pgtrigger.Q(),
            ),
            frozen(
                "withdrawn_once",
                ["withdrawn_on", "withdrawn_by", "reason"],
                when=pgtrigger.Q(old__withdrawn_on__isnull=False),
            ),
            pgtrigger.Trigger(
                name="four_eyes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("enrolment", "record")],
                func="""
                    SELECT * INTO enrolment FROM trainings_enrolment WHERE id = NEW.enrolment_id FOR NO KEY UPDATE;
                    IF enrolment.state <> 'seated' THEN
                        RAISE EXCEPTION 'Hours are of who has a seat' USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM trainings_attendance
                        WHERE enrolment_id = NEW.enrolment_id AND noted_by_id = NEW.approved_by_id
                    ) THEN
                        RAISE EXCEPTION 'Somebody else approves than noted' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.enrolment_id}: {self.minutes}"
