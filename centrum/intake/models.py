"""Applications of every kind: the common row; what is asked stands in a typed model of the room that owns the kind."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centrum.intake.enums import APPLICATION_MOVES, OPEN, ApplicationState
from centrum.kit.history import history
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import append_only
from centrum.staff.models import Unit


class Clause(models.Model):
    """Information clause (klauzula informacyjna, art. 13 GDPR) in a version valid from a day."""

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    title_en = models.CharField(_("title in English"), max_length=200)
    body_en = models.TextField(_("text in English"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("information clause")
        verbose_name_plural = _("information clauses")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="clause_version_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="clause_dates"
            ),
            ExclusionConstraint(
                name="clause_one_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.version})"

    @property
    def title_shown(self):
        return self.title if get_language() == "pl" else self.title_en

    @property
    def body_shown(self):
        return self.body if get_language() == "pl" else self.body_en


@history("search", "submission_key")
class Application(models.Model):
    """One application from draft to decision; `kind` names the typed model with the answers."""

    MOVES = APPLICATION_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=20, choices=ApplicationState, default=ApplicationState.DRAFT)
    submission_key = models.UUIDField(unique=True)
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="pl")
    # copies for lists and letters, taken from the typed answers at every save
    applicant = models.CharField(_("applicant"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(_("begun"), db_default=Now())
    saved_at = models.DateTimeField(_("saved"), db_default=Now())
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    request = models.TextField(_("what to complete"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("assigned to"), related_name="+"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("unit"), related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("decided by"), related_name="+"
    )
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    search = search_column("number", "applicant", "email", "place")

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        triggers = [legal_moves(APPLICATION_MOVES)]
        indexes = [
            search_index("application_search"),
            models.Index(fields=["submitted_at", "id"], name="application_submitted"),
            models.Index(fields=["state", "submitted_at", "id"], name="application_state"),
            models.Index(fields=["assignee", "state"], name="application_assignee"),
            # the list as it opens and the counts of the menu: the few open ones, read from the index alone
            models.Index(
                fields=["submitted_at", "id"],
                name="application_open",
                condition=Q(state__in=OPEN),
                include=["state", "unit", "assignee"],
            ),
            models.Index(fields=["email"], name="application_email"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | Q(number__isnull=False, submitted_at__isnull=False) & ~Q(applicant="") & ~Q(email=""),
                name="application_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ApplicationState.ACCEPTED, ApplicationState.REJECTED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | ~Q(state__in=[ApplicationState.ACCEPTED, ApplicationState.REJECTED])
                & Q(decided_at__isnull=True, decided_by__isnull=True),
                name="application_decision_stamped",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.REJECTED) | ~Q(decision_reason=""),
                name="application_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.COMPLETION) | ~Q(request=""),
                name="application_completion_says_what",
            ),
        ]

    def __str__(self):
        return self.number or str(self.public_id)


class Acknowledgement(models.Model):
    """That the applicant was shown a clause in this very version and said to have read it; kept for ever."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="acknowledgements")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("acknowledged clause")
        verbose_name_plural = _("acknowledged clauses")
        constraints = [models.UniqueConstraint(fields=["application", "clause"], name="acknowledgement_once")]
        triggers = [append_only()]

    def __str__(self):
        return f"{self.application} · {self.clause}"
