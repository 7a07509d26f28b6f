"""Requests of people about their data (chapter III of the GDPR) and the clock that runs for them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.transitions import legal_moves
from centrum.kit.triggers import never_deleted
from centrum.register.enums import REQUEST_MOVES, Channel, RequestKind, RequestState
from centrum.register.models.people import Person


@history()
class DataRequest(models.Model):
    """Żądanie osoby, której dane dotyczą: answered within a month, which may be made three (art. 12(3) GDPR)."""

    MOVES = REQUEST_MOVES

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("what is asked for"), max_length=20, choices=RequestKind)
    channel = models.CharField(_("how it came"), max_length=20, choices=Channel)
    name = models.CharField(_("who asks"), max_length=200)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("person"), related_name="data_requests"
    )
    text = models.TextField(_("what they wrote"), blank=True)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due by"))
    extension_reason = models.TextField(_("why it takes longer"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=RequestState, default=RequestState.RECEIVED)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("handled by"), related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("request of a data subject")
        verbose_name_plural = _("requests of data subjects")
        ordering = ["due_on", "id"]
        triggers = [legal_moves(REQUEST_MOVES), never_deleted()]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values, kind__in=RequestKind.values, channel__in=Channel.values),
                name="datarequest_known",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("received_on")), name="datarequest_due"),
            models.CheckConstraint(
                condition=Q(state__in=[RequestState.RECEIVED, RequestState.HANDLING], closed_at__isnull=True)
                | Q(state__in=[RequestState.ANSWERED, RequestState.REFUSED], closed_at__isnull=False)
                & ~Q(answer="")
                & Q(handler__isnull=False),
                name="datarequest_closed_with_answer",
            ),
        ]

    def __str__(self):
        return self.number
