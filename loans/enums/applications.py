"""Closed lists of applications to the fund."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SpendingKind(models.TextChoices):
    """What a loan is spent on (cel pożyczki)."""

    ASSETS = "assets", pgettext_lazy("spending", "fixed assets")  # środki trwałe
    WORKING_CAPITAL = "working", pgettext_lazy("spending", "working capital")  # kapitał obrotowy


class FirmSize(models.TextChoices):
    """Annex I of Regulation (EU) 651/2014; a loan is for those below 250 staff."""

    MICRO = "micro", _("micro: fewer than 10 people")
    SMALL = "small", _("small: fewer than 50 people")
    MEDIUM = "medium", _("medium: fewer than 250 people")


class YesNo(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")


class DebtKind(models.TextChoices):
    LOAN = "loan", pgettext_lazy("debt", "loan or credit")
    LEASING = "leasing", pgettext_lazy("debt", "leasing")
    GUARANTEE = "guarantee", pgettext_lazy("debt", "guarantee given")
    OTHER = "other", pgettext_lazy("debt", "other")
