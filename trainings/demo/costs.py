"""Contracts, rates and costs of the demo; all figures are invented."""

import datetime
from decimal import Decimal

from centrum.kit import clock
from trainings import costs, events
from trainings.enums import EVENT_OPEN, CostKind, EventState, HourMinutes, RateUnit
from trainings.models import Event, Room, Trainer

LAST_DAY = datetime.date(2026, 11, 20)
SINCE = datetime.date(2025, 1, 1)
SETTLED = 3  # settled events whose costs are told, the latest
CONTRACTS = (  # surname, number, PLN an hour, hours at most
    ("Modrzew", "UZ/3/2025", "140.00", 600),
    ("Olcha", "UZ/4/2025", "160.00", 60),
    ("Jarzębina", "UZ/7/2025", "150.00", None),
)
RATES = (  # room, number of the contract, PLN, for
    ("sala szkoleniowa", "NAJ/1/2025", "40.00", RateUnit.HOUR),
    ("czytelnia", "NAJ/2/2025", "250.00", RateUnit.DAY),
)


def tell(demo):
    by, payer = demo.staff["animator"], demo.staff["ksiegowosc"]
    with clock.at(demo.moment(SINCE + datetime.timedelta(days=9))):
        for surname, number, rate, most in CONTRACTS:
            trainer = Trainer.objects.get(last_name=surname, unit=by.unit)
            costs.save_contract(trainer, by=by, number=number, rate=Decimal(rate), hours_limit=most,
                                hour_minutes=HourMinutes.CLOCK, valid_from=SINCE)  # fmt: skip
        for name, number, rate, unit in RATES:
            costs.save_rate(Room.objects.get(name=name), by=by, number=number, rate=Decimal(rate), unit=unit,
                            valid_from=SINCE)  # fmt: skip
    told = Event.objects.filter(project=demo.project, starts_on__gte=SINCE).order_by("starts_on", "pk")
    for event in told.filter(state__in=EVENT_OPEN):
        with clock.at(demo.moment(LAST_DAY, 8, 8)):
            _plan(event, by)
    for number, event in enumerate(told.filter(state=EventState.SETTLED).order_by("-starts_on", "-pk")[:SETTLED]):
        _afterwards(demo, event, by, payer, 1 + 10 * number)
    for number, row in enumerate(_running()):
        with clock.at(demo.moment(LAST_DAY)):
            costs.pay(row, by=payer, paid=row.planned, paid_on=LAST_DAY, document=f"FV/{41 + number}/11/2026")


def _afterwards(demo, event, by, payer, first):
    """Opened once more to write its costs down, then all of them were paid."""
    with clock.at(demo.moment(event.ends_on + datetime.timedelta(days=8))):
        opened = events.step(event, "reopen", by=by, reason="Uzupełnienie kosztów.")
        _plan(opened, by)
        events.step(opened, "settle", by=by)
    day = event.ends_on + datetime.timedelta(days=21)
    for number, row in enumerate(costs.of_event(event), first):
        paid = row.planned + (Decimal("-12.50") if row.kind == CostKind.MATERIALS else 0)
        with clock.at(demo.moment(day)):
            costs.pay(row, by=payer, paid=paid, paid_on=day, document=f"FV/{number}/{day:%m/%Y}")


def _plan(event, by):
    costs.reckon(event, by=by)
    people = sum(group.capacity for group in event.groups.all())
    costs.save_cost(event, by=by, kind=CostKind.CATERING, description="Przerwa kawowa", planned=Decimal(18) * people)
    costs.save_cost(event, by=by, kind=CostKind.MATERIALS, description="Skrypt i notes", planned=Decimal(12) * people)


def _running():
    """Catering of the events of this autumn is paid already."""
    for event in Event.objects.filter(state="running", starts_on__lte=LAST_DAY).order_by("starts_on", "pk"):
        yield from event.costs.filter(kind=CostKind.CATERING)
