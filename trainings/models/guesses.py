"""Wrong numbers of cases that were typed at enrolment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrum.kit.triggers import never_changed
from trainings.models.events import Event


class CaseGuess(models.Model):
    """That a number and a surname that do not go together were typed, each pair once; kept for a day.

    A right pair tells that somebody is a client, so tries are limited. `pair` is keyed and tells nothing.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="guesses")
    pair = models.BinaryField(_("pair"), max_length=32)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("wrong number of a case")
        verbose_name_plural = _("wrong numbers of cases")
        indexes = [models.Index(fields=["event", "at"], name="caseguess_event")]
        constraints = [models.UniqueConstraint(fields=["event", "pair"], name="caseguess_once")]
        triggers = [never_changed()]

    def __str__(self):
        return f"{self.event_id} {self.at}"
