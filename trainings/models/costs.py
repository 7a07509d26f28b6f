"""What training events cost: contracts of trainers, rates of rooms, costs planned and paid."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrum.kit.history import history
from centrum.kit.periods import in_periods
from centrum.kit.triggers import frozen, never_deleted
from trainings.enums import CostKind, EventState, HourMinutes, RateUnit
from trainings.models.events import Event
from trainings.models.people import Room, Trainer

_AT_ONCE = _("Another one is in force on some of these days.")
_PLAN = ("event", "kind", "description", "planned", "contract", "room_rate")


def _columns(row):
    """The plan of a line in SQL; `row` is NEW or OLD."""
    keys = ("event", "contract", "room_rate")
    return ", ".join(f"{row}.{name}_id" if name in keys else f"{row}.{name}" for name in _PLAN)


def _stays_while_used(*columns, key):
    """Costs are reckoned from the row: these columns of it stay what they are."""
    return pgtrigger.Trigger(
        name="stays_while_used",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*columns),
        func=f"""
            IF EXISTS (SELECT 1 FROM trainings_cost WHERE {key} = OLD.id) THEN
                RAISE EXCEPTION 'Costs are reckoned from it' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 - names of columns and states of ours
    )


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
        triggers = [never_deleted(), _stays_while_used("trainer", "number", key="contract_id")]
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
        triggers = [never_deleted(), _stays_while_used("room", key="room_rate_id")]
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
        triggers = [
            frozen("paid_as_planned", _PLAN, when=pgtrigger.Q(old__paid__isnull=False)),
            pgtrigger.Protect(
                name="paid_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__paid__isnull=False)
            ),
            pgtrigger.Trigger(
                name="settled_as_planned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("line", "record")],
                func=f"""
                    IF TG_OP = 'UPDATE' AND ({_columns("NEW")}) IS NOT DISTINCT FROM ({_columns("OLD")}) THEN
                        RETURN NEW;
                    END IF;
                    line := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                    IF EXISTS (
                        SELECT 1 FROM trainings_event WHERE id = line.event_id AND state = '{EventState.SETTLED}'
                    ) THEN
                        RAISE EXCEPTION 'A settled event is paid, not planned' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN line;
                """,  # noqa: S608 - names of columns and states of ours
            ),
        ]
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
            models.CheckConstraint(
                condition=(Q(contract=None) | Q(kind=CostKind.TRAINER)) & (Q(room_rate=None) | Q(kind=CostKind.ROOM)),
                name="cost_reckoned_kind",
                violation_error_message=_("This cost comes from the sessions, so its kind stays."),
            ),
            models.UniqueConstraint(fields=["event", "contract"], name="cost_contract_once"),
            models.UniqueConstraint(fields=["event", "room_rate"], name="cost_room_once"),
        ]

    def __str__(self):
        return self.description
