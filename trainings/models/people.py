"""Who leads training events and where they are held."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.search import search_column, sort_column
from centrum.kit.triggers import never_deleted
from centrum.register.models import Commune
from centrum.staff.models import Unit


@history("search", "sort")
class Trainer(models.Model):
    """Whoever leads sessions (trener, wykładowca); `account` where it is one of the staff."""

    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Surname"), max_length=120)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=15, blank=True)
    subjects = models.CharField(_("subjects"), max_length=300, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("account"),
        related_name="trainer",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"), related_name="trainers")
    retired_on = models.DateField(_("no longer leads since"), null=True, blank=True)
    search = search_column("first_name", "last_name", "subjects")
    sort = sort_column("last_name", "first_name")

    class Meta:
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["sort", "id"]
        triggers = [never_deleted()]
        constraints = [models.CheckConstraint(condition=~Q(first_name="") & ~Q(last_name=""), name="trainer_named")]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"


@history("sort")
class Venue(models.Model):
    """A place where events are held; `access` tells how to get in: ramp, lift, induction loop."""

    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("commune"), related_name="+"
    )
    access = models.CharField(_("access"), max_length=300, blank=True)
    retired_on = models.DateField(_("no longer used since"), null=True, blank=True)
    sort = sort_column("name")

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["sort", "id"]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="venue_whole"),
            models.UniqueConstraint(
                fields=["name", "address"], name="venue_once", violation_error_message=_("This venue is there already.")
            ),
        ]

    def __str__(self):
        return self.name


@history()
class Room(models.Model):
    """A room of a venue. `seats`: how many people it holds; empty where nobody counts (outdoors)."""

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="rooms")
    name = models.CharField(_("room"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["venue__sort", "name", "id"]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="room_named"),
            models.UniqueConstraint(
                fields=["venue", "name"], name="room_once", violation_error_message=_("This room is there already.")
            ),
        ]

    def __str__(self):
        return f"{self.venue}, {self.name}"
