"""The fund of the demo: its capital, which is invented, and the publicly known NBP rediscount rates with four eyes."""

import datetime
from decimal import Decimal

from centrum.kit import clock
from loans import ledger, rates
from loans.enums import NbpKind

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


def tell(demo):
    accountant, manager = demo.staff["ksiegowosc"], demo.staff["kierownik"]
    _capital(demo, accountant, manager)
    with clock.at(demo.moment(datetime.date(2026, 3, 6))):
        for valid_from, rate in REDISCOUNT:
            row = rates.enter(
                by=accountant, kind=NbpKind.REDISCOUNT, valid_from=valid_from, rate=Decimal(rate), source=SOURCE
            )
            rates.confirm(row, by=manager)
    with clock.at(demo.moment(datetime.date(2026, 11, 9))):
        rates.check(NbpKind.REDISCOUNT, by=accountant)
        rates.enter(
            by=accountant,
            kind=NbpKind.REFERENCE,
            valid_from=datetime.date(2026, 3, 5),
            rate=Decimal("0.0375"),
            source=SOURCE,
        )


def _capital(demo, accountant, manager):
    """A fund of 2,000,000 PLN, own and entrusted money; an amount typed wrong is reversed by somebody else."""
    fund = ledger.create_fund(by=accountant, code="pozyczkowy", name="Fundusz Pożyczkowy")
    for number, (day, amount, entrusted) in enumerate(CAPITAL, 1):
        with clock.at(demo.moment(day)):
            entry = ledger.pay_in(
                fund, by=accountant, key=f"demo-{number}", amount=Decimal(amount), value_date=day,
                document=f"WB/{number}/{day.year}", entrusted=entrusted,
            )  # fmt: skip
    with clock.at(demo.moment(CAPITAL[-1][0] + datetime.timedelta(days=1))):
        ledger.reverse(entry, by=manager, key="demo-storno", reason="Wpisano kwotę dwa razy.")
    with clock.at(demo.moment(datetime.date(2026, 11, 6))):
        for month in fund.months.filter(first__lt=datetime.date(2026, 11, 1)).order_by("first"):
            ledger.close(month, by=accountant)
