"""The fund of the demo: the three publicly known NBP rediscount rates, entered by one person, confirmed by another."""

import datetime
from decimal import Decimal

from centrum.kit import clock
from loans import rates
from loans.enums import NbpKind

# publicly known points; the steps between them are not known to us, so they are left out
REDISCOUNT = (
    (datetime.date(2022, 9, 8), "0.068"),
    (datetime.date(2023, 10, 5), "0.058"),
    (datetime.date(2026, 3, 5), "0.038"),
)
SOURCE = "komunikaty o stopach NBP w prasie; zmiany pomiędzy do uzupełnienia"


def tell(demo):
    accountant, manager = demo.staff["ksiegowosc"], demo.staff["kierownik"]
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
