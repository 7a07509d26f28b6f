"""The second factor and everything that was tried at the door."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.triggers import never_deleted
from centrum.staff.enums import OUTCOME_TAG, OUTCOMES, Outcome, Step


@history("secret_cipher", "last_step")
class SecondFactor(models.Model):
    """The TOTP secret (RFC 6238) of an account; `last_step`: time step of the last code taken, never taken twice."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret_cipher = models.BinaryField(editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    last_step = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self):
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that opens once when the telephone is lost; only its keyed hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recoverycode_once")]

    def __str__(self):
        return f"{self.user_id}"


class SignInAttempt(models.Model):
    """One try at the door, written before the secret is looked at: what fails in between counts as failed.

    `email_index`: keyed hash of the address typed, so that a password typed into the wrong field is not kept.
    """

    at = models.DateTimeField(_("time"), db_default=Now())
    step = models.CharField(_("step"), max_length=20, choices=Step)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.PENDING)
    email_index = models.BinaryField(max_length=32, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("account"), related_name="sign_ins"
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["email_index", "step", "-at"], name="signin_email"),
            models.Index(fields=["address", "-at"], name="signin_address"),
            models.Index(fields=["user", "-id"], name="signin_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values) & Q(step__in=Step.values), name="signin_known"
            )
        ]
        triggers = [
            never_deleted(),
            pgtrigger.FSM(name="outcome_once", field="outcome", transitions=[(str(a), str(b)) for a, b in OUTCOMES]),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.step} {self.outcome}"

    @property
    def tag(self):
        return OUTCOME_TAG[self.outcome]
