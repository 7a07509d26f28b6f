"""The fund of the demo: its capital, which is invented, and the publicly known NBP rediscount rates with four eyes."""

import datetime
from decimal import Decimal

from centrum.kit import clock
from loans import ledger, orders, rates
from loans.enums import NbpKind
from loans.models import Fund

# publicly known points; the steps between them are not known to us, so they are left out
REDISCOUNT = (
    (datetime.date(2022, 9, 8), "0.068"),
    (datetime.date(2023, 10, 5), "0.058"),
    (datetime.date(2026, 3, 5), "0.038"),
)
# invented; the last one is a mistake
CAPITAL = (
    (datetime.date(2026, 3, 9), "500000.00", False),
    (datetime.date(2026, 4, 14), "1500000.00", True),
    (datetime.date(2026, 4, 15), "1500000.00", True),
)
SOURCE = "komunikaty o stopach NBP w prasie; zmiany pomiędzy do uzupełnienia"


# somebody looks once a month whether the newest rate still holds
LOOKED = tuple(datetime.date(2026, month, 9 if month != 8 else 10) for month in range(4, 12))
LAST_OPEN = datetime.date(2026, 11, 1)
CLOSED_ON = datetime.date(2026, 11, 6)
IBAN = "PL61109010140000071219812874"  # the example of the National Bank of Poland


def tell(demo):
    """A fund of 2,000,000 PLN, own and entrusted money; an amount typed wrong is reversed by somebody else."""
    accountant, manager = demo.staff["ksiegowosc"], demo.staff["kierownik"]
    yield datetime.date(2026, 3, 6)
    for valid_from, rate in REDISCOUNT:
        row = rates.enter(
            by=accountant, kind=NbpKind.REDISCOUNT, valid_from=valid_from, rate=Decimal(rate), source=SOURCE
        )
        rates.confirm(row, by=manager)
    fund = ledger.create_fund(by=accountant, code="pozyczkowy", name="Fundusz Pożyczkowy")
    orders.set_account(fund, by=accountant, iban=IBAN)
    for number, (day, amount, entrusted) in enumerate(CAPITAL, 1):
        yield day
        entry = ledger.pay_in(
            fund, by=accountant, key=f"demo-{number}", amount=Decimal(amount), value_date=day,
            document=f"WB/{number}/{day.year}", entrusted=entrusted,
        )  # fmt: skip
    yield CAPITAL[-1][0] + datetime.timedelta(days=1)
    ledger.reverse(entry, by=manager, key="demo-storno", reason="Wpisano kwotę dwa razy.")


def looked(demo):
    for day in LOOKED:
        yield day
        rates.check(NbpKind.REDISCOUNT, by=demo.staff["ksiegowosc"])
    rates.enter(
        by=demo.staff["ksiegowosc"],
        kind=NbpKind.REFERENCE,
        valid_from=datetime.date(2026, 3, 5),
        rate=Decimal("0.0375"),
        source=SOURCE,
    )


def close_months(demo):
    """The months that are over, once all of them is told."""
    with clock.at(demo.moment(CLOSED_ON, earliest=15)):
        for month in Fund.objects.get().months.filter(first__lt=LAST_OPEN).order_by("first"):
            ledger.close(month, by=demo.staff["ksiegowosc"])
