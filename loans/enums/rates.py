"""Rates that others publish."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NbpKind(models.TextChoices):
    """Rates of the National Bank of Poland on which loans depend."""

    REDISCOUNT = "rediscount", _("NBP rediscount rate")  # stopa redyskonta weksli
    REFERENCE = "reference", _("NBP reference rate")  # stopa referencyjna
    EC_BASE = "ec_base", _("base rate of the European Commission")  # stopa bazowa KE (2008/C 14/02)


OF_LOANS = (NbpKind.REDISCOUNT, NbpKind.REFERENCE)  # what a loan may follow
