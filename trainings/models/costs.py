"""What training events cost: contracts of trainers, rates of rooms, costs planned and paid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import never_deleted
from trainings.enums import CostKind, HourMinutes, RateUnit
from trainings.models.events import Event
from trainings.models.people import Room, Trainer

_AT_ONCE = _("Another one is in force on some of these days.")


@history()
class TrainerContract(models.Model):
    """A contract with a trainer (umowa): one at a time, `rate` PLN for an hour of `hour_minutes`.

    `hours_limit`: hours of that length which it pays for at most; empty: without a limit.
    """

    trainer = models.ForeignKey(Trainer, models.PROTECT, related_name="contracts")
    number = models.CharField(_("number of the contract"), max_length=60)
    rate = models.DecimalField(_("rate for an hour"), max_digits=9, decimal_places=2)
    hour_minutes = models.PositiveSmallIntegerField(_("counted in"), choices=HourMinutes, default=HourMinutes.CLOCK)
    hours_limit = models.PositiveSmallIntegerField(_("hours at most"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("contract of a trainer")
        verbose_name_plural = _("contracts of trainers")
        ordering = ["-valid_from", "-id"]
        triggers = [never_deleted()]
        constraints = [
            models.UniqueConstraint(
                fields=["trainer", "number"],
                name="trainercontract_once",
                violation_error_message=_("This trainer has a contract of this number already."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="trainercontract_numbered"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="trainercontract_rate"),
            models.CheckConstraint(condition=Q(hour_minutes__in=HourMinutes.values), name="trainercontract_hour"),
            models.CheckConstraint(condition=Q(hours_limit=None) | Q(hours_limit__gt=0), name="trainercontract_limit"),
            *in_periods("trainercontract", "trainer", message=_AT_ONCE),
        ]

    def __str__(self):
        return self.number


@history()
class RoomRate(models.Model):
    """What a room costs: `rate` PLN for an hour of the clock or for a day on which it is used; one at a time."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="rates")
    number = models.CharField(_("number of the contract"), max_length=60, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=9, decimal_places=2)
    unit = models.CharField(_("for"), max_length=10, choices=RateUnit, default=RateUnit.HOUR)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate of a room")
        verbose_name_plural = _("rates of rooms")
        ordering = ["-valid_from", "-id"]
        triggers = [never_deleted()]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0), name="roomrate_rate"),
            models.CheckConstraint(condition=Q(unit__in=RateUnit.values), name="roomrate_unit"),
            *in_periods("roomrate", "room", message=_AT_ONCE),
        ]

    def __str__(self):
        return str(self.room)


@history()
class Cost(models.Model):
    """A cost of an event: what it is planned to be and what was paid of it, in PLN.

    `contract` or `room_rate`: the line was reckoned from it, once.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="costs")
    kind = models.CharField(_("kind of cost"), max_length=20, choices=CostKind)
    description = models.CharField(_("description"), max_length=200)
    planned = models.DecimalField(_("planned"), max_digits=11, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=11, decimal_places=2, null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    document = models.CharField(_("number of the document"), max_length=60, blank=True)
    contract = models.ForeignKey(
        TrainerContract, models.PROTECT, null=True, blank=True, verbose_name=_("contract"), related_name="costs"
    )
    room_rate = models.ForeignKey(
        RoomRate, models.PROTECT, null=True, blank=True, verbose_name=_("rate of a room"), related_name="costs"
    )

    class Meta:
        verbose_name = _("cost of an event")
        verbose_name_plural = _("costs of events")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="cost_kind"),
            models.CheckConstraint(condition=~Q(description=""), name="cost_described"),
            models.CheckConstraint(condition=Q(planned__gte=0), name="cost_planned"),
            models.CheckConstraint(
                condition=Q(paid=None, paid_on=None, document="")
                | Q(paid__gte=0, paid__isnull=False, paid_on__isnull=False) & ~Q(document=""),
                name="cost_paid",
                violation_error_message=_("Give the amount, the day and the document of the payment, or none of them."),
            ),
            models.CheckConstraint(condition=Q(contract=None) | Q(room_rate=None), name="cost_of_one"),
            models.UniqueConstraint(fields=["event", "contract"], name="cost_contract_once"),
            models.UniqueConstraint(fields=["event", "room_rate"], name="cost_room_once"),
        ]

    def __str__(self):
        return self.description
