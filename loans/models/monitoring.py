"""What is watched while a loan runs: jobs promised with it, visits to the borrower, papers of every year.

None of it names a person who works there: a job is a position, and its proof is a paper of the loan.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import frozen, never_deleted
from loans.enums import (
    BROKEN,
    JOB_MOVES,
    VISIT_MOVES,
    YEARLY_MOVES,
    JobState,
    VisitState,
    YearlyKind,
    YearlyState,
    YesNo,
)
from loans.models.applications import PlannedJob
from loans.models.loans import Annex, Loan, LoanPaper


def _user(label, **more):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, related_name="+", **more)


def _paper(label):
    return models.ForeignKey(LoanPaper, models.PROTECT, null=True, blank=True, verbose_name=label, related_name="+")


@history()
class LoanJob(models.Model):
    """A job promised with a loan (miejsce pracy), one person's: `posts` in full-time equivalents, at most 1.

    `promised_by`: the day that the agreement gives; `create_by`: the one that holds, later where it was extended.
    `keep_until`: from when on it has been kept long enough. `woman`: empty where it is not known. `consequence`: what
    the agreement says of a promise that was not kept; `annex`: the one that changes the rate then.
    """

    MOVES = JOB_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="jobs")
    number = models.PositiveSmallIntegerField(_("number"))
    planned = models.ForeignKey(
        PlannedJob, models.PROTECT, null=True, blank=True, verbose_name=_("planned job"), related_name="promised"
    )
    position = models.CharField(_("position"), max_length=120)
    posts = models.DecimalField(_("full-time posts"), max_digits=3, decimal_places=2)
    at_risk = models.CharField(_("for a person at risk of social exclusion"), max_length=3, choices=YesNo)
    woman = models.CharField(_("a woman works there"), max_length=3, choices=YesNo, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.PLANNED)
    promised_by = models.DateField(_("promised by"))
    create_by = models.DateField(_("to be created by"))
    extended_because = models.CharField(_("grounds of the extension"), max_length=300, blank=True)
    extended_by = _user(_("extended by"), null=True, blank=True)
    created_on = models.DateField(_("created on"), null=True, blank=True)
    created_proof = _paper(_("proof that it was created"))
    keep_until = models.DateField(_("to be kept until"), null=True, blank=True)
    kept_proof = _paper(_("proof that it was kept"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    consequence = models.TextField(_("what the agreement says of it"), blank=True)
    annex = models.ForeignKey(
        Annex, models.PROTECT, null=True, blank=True, verbose_name=_("annex"), related_name="jobs"
    )

    class Meta:
        verbose_name = _("job promised with a loan")
        verbose_name_plural = _("jobs promised with loans")
        ordering = ["loan_id", "number"]
        indexes = [
            models.Index(fields=["create_by", "id"], name="loanjob_to_create", condition=Q(state=JobState.PLANNED)),
            models.Index(fields=["keep_until", "id"], name="loanjob_to_keep", condition=Q(state=JobState.CREATED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="loanjob_once"),
            models.CheckConstraint(
                condition=Q(number__gt=0, posts__gt=0, posts__lte=1, at_risk__in=YesNo.values)
                & Q(state__in=JobState.values, woman__in=["", *YesNo.values])
                & ~Q(position=""),
                name="loanjob_known",
            ),
            models.CheckConstraint(
                condition=Q(create_by=F("promised_by"), extended_because="", extended_by=None)
                | Q(create_by__gt=F("promised_by"), extended_by__isnull=False) & ~Q(extended_because=""),
                name="loanjob_extended",
                violation_error_message=_("A longer time ends after the first one, and has its grounds."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[JobState.PLANNED, JobState.MISSED],
                    created_on=None,
                    created_proof=None,
                    keep_until=None,
                    kept_proof=None,
                    ended_on=None,
                )
                | Q(created_proof__isnull=False, keep_until__gt=F("created_on"))
                & (
                    Q(state=JobState.CREATED, kept_proof=None, ended_on=None)
                    | Q(state=JobState.KEPT, kept_proof__isnull=False, ended_on=None)
                    | Q(state=JobState.ENDED_EARLY, kept_proof=None, ended_on__gte=F("created_on"))
                    & Q(ended_on__lt=F("keep_until"))
                ),
                name="loanjob_as_far_as_it_is",
                violation_error_message=_("A job ends no earlier than it was created, and before it was kept."),
            ),
            models.CheckConstraint(condition=Q(annex=None) | Q(state__in=BROKEN), name="loanjob_annex"),
        ]
        triggers = [
            legal_moves(JOB_MOVES),
            never_deleted(),
            frozen(
                "as_promised", ["loan", "number", "planned", "position", "posts", "promised_by"], when=pgtrigger.Q()
            ),
            frozen("extended_once", ["create_by"], when=pgtrigger.Q(old__extended_by__isnull=False)),
            pgtrigger.Protect(
                name="begins_planned",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=JobState.PLANNED),
            ),
            # the annex that follows from it is the loan's own
            pgtrigger.Trigger(
                name="of_one_loan",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM loans_annex WHERE id = NEW.annex_id AND loan_id <> NEW.loan_id)
                        OR EXISTS (
                            SELECT 1 FROM loans_loanpaper WHERE id IN (NEW.created_proof_id, NEW.kept_proof_id)
                                AND loan_id <> NEW.loan_id
                        )
                    THEN
                        RAISE EXCEPTION 'The annex or the proof is of another loan'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'loanjob_of_one_loan';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.position


@history()
class Visit(models.Model):
    """A visit to the borrower (wizyta monitoringowa) with its protocol; `fix_by`: until when what was found is to be
    set right."""

    MOVES = VISIT_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField(_("number"))
    subject = models.CharField(_("what is looked at"), max_length=200)
    planned_on = models.DateField(_("planned for"))
    state = models.CharField(_("state"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    held_by = _user(_("held by"), null=True, blank=True)
    protocol = models.TextField(_("protocol"), blank=True)
    paper = _paper(_("signed protocol"))
    findings = models.TextField(_("findings"), blank=True)
    fix_by = models.DateField(_("to be set right by"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit to a borrower")
        verbose_name_plural = _("visits to borrowers")
        ordering = ["loan_id", "number"]
        indexes = [
            models.Index(
                fields=["planned_on", "id"],
                name="visit_to_hold",
                condition=Q(state__in=[VisitState.PLANNED, VisitState.HELD]),
            ),
            models.Index(fields=["fix_by", "id"], name="visit_to_fix", condition=Q(state=VisitState.FINDINGS)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="visit_once"),
            models.CheckConstraint(
                condition=Q(number__gt=0, state__in=VisitState.values) & ~Q(subject=""), name="visit_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[VisitState.PLANNED, VisitState.CANCELLED],
                    held_on=None,
                    held_by=None,
                    protocol="",
                    paper=None,
                    findings="",
                    fix_by=None,
                )
                | Q(held_on__isnull=False, held_by__isnull=False)
                & ~Q(protocol="")
                & (
                    Q(state__in=[VisitState.HELD, VisitState.CLOSED], findings="", fix_by=None)
                    | Q(state__in=[VisitState.FINDINGS, VisitState.CLOSED], fix_by__gte=F("held_on")) & ~Q(findings="")
                ),
                name="visit_as_far_as_it_is",
                violation_error_message=_("Findings have a day by which they are set right, after the visit."),
            ),
        ]
        triggers = [
            legal_moves(VISIT_MOVES),
            never_deleted(),
            frozen("of_its_loan", ["loan", "number"], when=pgtrigger.Q()),
            frozen(
                "as_held",
                ["subject", "planned_on", "held_on", "held_by", "protocol", "paper"],
                when=~pgtrigger.Q(old__state=VisitState.PLANNED),
            ),
            frozen("as_found", ["findings", "fix_by"], when=~pgtrigger.Q(old__state=VisitState.HELD)),
            pgtrigger.Protect(
                name="begins_planned",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=VisitState.PLANNED),
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} / {self.number}"


@history()
class YearlyPaper(models.Model):
    """A paper that the borrower gives for a year in which the loan ran (dokument roczny)."""

    MOVES = YEARLY_MOVES

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="yearly_papers")
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=12, choices=YearlyKind)
    state = models.CharField(_("state"), max_length=10, choices=YearlyState, default=YearlyState.WAITING)
    due_on = models.DateField(_("to come by"))
    received_on = models.DateField(_("came on"), null=True, blank=True)
    paper = _paper(_("paper"))

    class Meta:
        verbose_name = _("yearly paper of a borrower")
        verbose_name_plural = _("yearly papers of borrowers")
        ordering = ["loan_id", "-year", "kind"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="yearlypaper_waited", condition=Q(state=YearlyState.WAITING)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["loan", "year", "kind"], name="yearlypaper_once"),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2199), kind__in=YearlyKind.values, state__in=YearlyState.values),
                name="yearlypaper_known",
            ),
            models.CheckConstraint(
                condition=Q(state=YearlyState.RECEIVED, received_on__isnull=False, paper__isnull=False)
                | ~Q(state=YearlyState.RECEIVED) & Q(received_on=None, paper=None),
                name="yearlypaper_received",
            ),
        ]
        triggers = [
            legal_moves(YEARLY_MOVES),
            never_deleted(),
            frozen("as_asked", ["loan", "year", "kind", "due_on"], when=pgtrigger.Q()),
            pgtrigger.Protect(
                name="begins_waited_for",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=YearlyState.WAITING),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year}"
