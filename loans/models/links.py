"""Secret links by which a borrower sees their own loan."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.triggers import frozen, never_deleted
from loans.models.loans import Loan


class LoanLink(models.Model):
    """A secret link to one loan; only the digest of its token is kept, and one of them is open at a time."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="links")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    email = models.EmailField(_("sent to"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("sent by"), related_name="+")
    at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("link to a loan")
        verbose_name_plural = _("links to loans")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["loan"], condition=Q(closed_at=None), name="loanlink_one_open"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("at")), name="loanlink_expires"),
        ]
        triggers = [
            never_deleted(),
            frozen("as_sent", ["loan", "digest", "email", "by", "at", "expires_at"], when=pgtrigger.Q()),
            frozen("closed_once", ["closed_at"], when=pgtrigger.Q(old__closed_at__isnull=False)),
        ]

    def __str__(self):
        return f"{self.loan_id} {self.email}"
