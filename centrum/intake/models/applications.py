"""Applications of every kind: the common row; what is asked stands in a typed model of the room that owns the kind."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.intake.enums import APPLICATION_MOVES, DECIDED, OPEN, ApplicationState
from centrum.intake.models.calls import Call
from centrum.kit.history import history
from centrum.kit.search import search_column, search_index
from centrum.kit.transitions import legal_moves
from centrum.staff.models import Unit


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
    call = models.ForeignKey(Call, models.PROTECT, null=True, verbose_name=_("call"), related_name="applications")
    reserved_at = models.DateTimeField(_("put on the reserve list"), null=True)
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
            models.Index(fields=["call", "state", "reserved_at", "id"], name="application_call"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | Q(number__isnull=False, submitted_at__isnull=False) & ~Q(applicant="") & ~Q(email=""),
                name="application_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | ~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by__isnull=True),
                name="application_decision_stamped",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.REJECTED) | ~Q(decision_reason=""),
                name="application_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.RESERVE) | Q(reserved_at__isnull=False),
                name="application_reserved_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.COMPLETION) | ~Q(request=""),
                name="application_completion_says_what",
            ),
        ]

    def __str__(self):
        return self.number or str(self.public_id)
