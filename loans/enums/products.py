"""How a loan of a product is reckoned."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from loans import schedule


class Method(models.TextChoices):
    EQUAL_PRINCIPAL = schedule.EQUAL_PRINCIPAL, _("decreasing instalments")  # raty malejące: równe części kapitału
    ANNUITY = schedule.ANNUITY, _("equal instalments")  # raty równe


class DayCount(models.TextChoices):
    ACT_365F = schedule.ACT_365F, _("real days, year of 365")
    ACT_360 = schedule.ACT_360, _("real days, year of 360")
    ACT_ACT = schedule.ACT_ACT, _("real days, real year")
    E30_360 = schedule.E30_360, _("months of 30 days, year of 360")
    PERIODIC = schedule.PERIODIC, _("twelfths of a year")
