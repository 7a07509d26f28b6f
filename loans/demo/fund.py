"""The fund of the demo: its capital, which is invented, and the publicly known NBP rediscount rates with four eyes."""

import datetime
from decimal import Decimal

from loans import ledger, orders, rates
from loans.enums import NbpKind
from loans.models import Fund

# publicly known points; the steps between them are not known to us, so they are left out
REDISCOUNT = (
    (datetime.date(2022, 9, 8), "0.068"),
    (datetime.date(2023, 10, 5), "0.058"),
    (datetime.date(2026, 3, 5), "0.038"),
)
REFERENCE = (
    (datetime.date(2023, 10, 5), "0.0575"),
    (datetime.date(2025, 10, 9), "0.045"),
    (datetime.date(2026, 3, 5), "0.0375"),
)
# a value to show how it works, not one of a notice of the Commission
EC_BASE = ((datetime.date(2024, 1, 1), "0.0452"),)
NOT_CONFIRMED = (datetime.date(2025, 5, 8), "0.0525")
BEGAN = datetime.date(2024, 7, 1)
# invented; the last one is a mistake
CAPITAL = (
    (datetime.date(2024, 7, 2), "1000000.00", False),
    (datetime.date(2025, 1, 9), "2000000.00", True),
    (datetime.date(2025, 1, 10), "2000000.00", True),
)
SOURCE = "komunikaty o stopach NBP w prasie; zmiany pomiędzy do uzupełnienia"


# somebody looks once a month whether the newest rate still holds
LOOKED = tuple(
    datetime.date(year, month, 9) for year in (2024, 2025, 2026) for month in range(1, 13)
    if (2024, 8) <= (year, month) <= (2026, 11)
)  # fmt: skip
CLOSED = tuple(day.replace(day=6) for day in LOOKED)
IBAN = "PL61109010140000071219812874"  # the example of the National Bank of Poland


def tell(demo):
    """A fund of 3,000,000 PLN, own and entrusted money; an amount typed wrong is reversed by somebody else."""
    accountant, manager = demo.staff["ksiegowosc"], demo.staff["kierownik"]
    yield BEGAN
    known = {NbpKind.REDISCOUNT: REDISCOUNT, NbpKind.REFERENCE: REFERENCE, NbpKind.EC_BASE: EC_BASE}
    later = [(day, kind, rate) for kind, rows in known.items() for day, rate in rows]
    for day, kind, rate in sorted(later):
        if day <= BEGAN:
            _rate(kind, day, rate, accountant, manager)
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
    for day, kind, rate in sorted(later):
        if day > BEGAN:
            yield day
            _rate(kind, day, rate, accountant, manager)


def _rate(kind, day, rate, by, boss):
    source = "wartość przykładowa" if kind == NbpKind.EC_BASE else SOURCE
    row = rates.enter(by=by, kind=kind, valid_from=day, rate=Decimal(rate), source=source)
    rates.confirm(row, by=boss)


def looked(demo):
    """Somebody looks every month whether the rate still holds; one that was found waits for the second person."""
    for day in LOOKED:
        yield day
        for kind in (NbpKind.REDISCOUNT, NbpKind.EC_BASE):
            rates.check(kind, by=demo.staff["ksiegowosc"])
    day, rate = NOT_CONFIRMED
    rates.enter(by=demo.staff["ksiegowosc"], kind=NbpKind.REFERENCE, valid_from=day, rate=Decimal(rate), source=SOURCE)


def months(demo):
    """On the sixth of every month all that are over are closed."""
    for day in CLOSED:
        yield day
        for month in Fund.objects.get().months.filter(first__lt=day.replace(day=1), closed_at=None).order_by("first"):
            ledger.close(month, by=demo.staff["ksiegowosc"])
