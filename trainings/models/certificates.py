"""Certificates of events and what each of their versions says on paper."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only, frozen, never_deleted
from trainings.enums import (
    CERTIFICATE_MOVES,
    CertificateState,
    HourMinutes,
    Outcome,
    TrainingForm,
    VersionKind,
)
from trainings.models.enrolments import Enrolment


@history()
class Certificate(models.Model):
    """What somebody gets for having taken part (zaświadczenie), ZA/year/nnnn; one an enrolment.

    `code` opens the public page; it is drawn by chance, since whoever knows a number could guess the next.
    """

    MOVES = CERTIFICATE_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="certificate")
    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("code of the public page"), max_length=12, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState, default=CertificateState.VALID, editable=False
    )
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+"
    )
    annulled_on = models.DateField(_("annulled on"), null=True, blank=True)
    annulled_because = models.CharField(_("reason of the annulment"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^ZA/\d{4}/\d{4,}$"), name="certificate_number"),
            # without 0, O, 1 and I, which are taken for one another
            models.CheckConstraint(condition=Q(code__regex=r"^[2-9A-HJ-NP-Z]{12}$"), name="certificate_code"),
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state_known"),
            models.CheckConstraint(
                condition=Q(state=CertificateState.VALID, annulled_on=None, annulled_because="")
                | Q(state=CertificateState.ANNULLED, annulled_on__gte=F("issued_on")) & ~Q(annulled_because=""),
                name="certificate_annulled",
            ),
        ]
        triggers = [
            legal_moves(CERTIFICATE_MOVES),
            never_deleted(),
            frozen(
                "as_issued",
                ["public_id", "enrolment", "number", "code", "issued_on", "issued_by"],
                when=pgtrigger.Q(),
            ),
            pgtrigger.Protect(
                name="begins_valid",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=CertificateState.VALID),
            ),
            # The event is locked, so that it is not cancelled in the same moment.
            pgtrigger.Trigger(
                name="of_who_took_part",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("enrolment", "record"), ("event", "record")],
                func="""
                    SELECT * INTO enrolment FROM trainings_enrolment WHERE id = NEW.enrolment_id FOR NO KEY UPDATE;
                    SELECT * INTO event FROM trainings_event WHERE id = enrolment.event_id FOR NO KEY UPDATE;
                    IF enrolment.state <> 'seated' OR event.state NOT IN ('running', 'settled') THEN
                        RAISE EXCEPTION 'A certificate is for who has a seat in an event that takes place'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="has_a_version",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM trainings_certificateversion WHERE certificate_id = NEW.id) THEN
                        RAISE EXCEPTION 'A certificate has what it says' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.number


class CertificateVersion(models.Model):
    """What stands on the paper, copied on the day, so that no later change of the event changes it.

    `hours` in units of `hour_minutes`; `issue_place`: the town that stands before the day of issue.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=10, choices=VersionKind)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Surname"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    form = models.CharField(_("form"), max_length=20, choices=TrainingForm)
    hours = models.PositiveSmallIntegerField(_("hours"))
    hour_minutes = models.PositiveSmallIntegerField(_("counted in"), choices=HourMinutes)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    outcome = models.CharField(_("gives"), max_length=20, choices=Outcome)
    outcome_name = models.CharField(_("name of the competence or qualification"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=500, blank=True)
    contents = models.TextField(_("contents"), blank=True)
    trainers = models.CharField(_("trainers"), max_length=1000, blank=True)
    project_number = models.CharField(_("project number"), max_length=30, blank=True)
    project_title = models.CharField(_("EU project"), max_length=300, blank=True)
    issuer = models.CharField(_("unit"), max_length=200)
    issue_place = models.CharField(_("place of issue"), max_length=120)
    reason = models.CharField(_("reason of the new version"), max_length=300, blank=True)
    day = models.DateField(_("day of this version"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("version of a certificate")
        verbose_name_plural = _("versions of certificates")
        ordering = ["certificate_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="certificateversion_once"),
            models.CheckConstraint(
                condition=~Q(first_name="") & ~Q(last_name="") & ~Q(title="") & ~Q(issuer="") & ~Q(issue_place=""),
                name="certificateversion_whole",
            ),
            models.CheckConstraint(condition=Q(form__in=TrainingForm.values), name="certificateversion_form"),
            models.CheckConstraint(condition=Q(hours__range=(1, 2000)), name="certificateversion_hours"),
            models.CheckConstraint(
                condition=Q(hour_minutes__in=HourMinutes.values), name="certificateversion_hour_minutes"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="certificateversion_days",
                violation_error_message=_("An event ends no earlier than it begins."),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NONE, outcome_name="")
                | Q(outcome__in=[Outcome.COMPETENCE, Outcome.QUALIFICATION]) & ~Q(outcome_name=""),
                name="certificateversion_outcome",
                violation_error_message=_("Name the competence or qualification that it gives, or choose neither."),
            ),
            models.CheckConstraint(
                condition=Q(version=1, kind=VersionKind.ORIGINAL, reason="")
                | Q(version__gt=1, kind__in=[VersionKind.CORRECTED, VersionKind.DUPLICATE]) & ~Q(reason=""),
                name="certificateversion_kind",
            ),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("certificate", "record")],
                func="""
                    SELECT * INTO certificate FROM trainings_certificate
                    WHERE id = NEW.certificate_id FOR NO KEY UPDATE;
                    IF certificate.state <> 'valid' OR NEW.version <> (
                        SELECT COALESCE(MAX(version), 0) + 1 FROM trainings_certificateversion
                        WHERE certificate_id = NEW.certificate_id
                    ) THEN
                        RAISE EXCEPTION 'Versions of a valid certificate follow one another'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.certificate}, {self.version}"
