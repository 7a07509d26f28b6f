"""Rates of a day, statements, entries of the register: `ready` gives what every aid needs."""

import datetime
import itertools
from decimal import Decimal

from centrum.kit import clock
from loans import agreements
from loans.deminimis import assessing, euro, register
from loans.enums import NbpKind
from loans.models import AidStatement, AidStatementRow, EurRate, Loan, NbpRate, Product
from tests.factories import base
from tests.factories import loans as make

D, DAY = Decimal, datetime.date
TODAY = DAY(2026, 11, 2)  # a Monday
_counter = itertools.count(1)


def eur(day=TODAY, rate="4.25", *, confirmed=True, **data):
    """The rate of the euro of a day, confirmed by somebody."""
    more = {"confirmed_by": base.user(), "confirmed_at": clock.now()} if confirmed else {}
    number = next(_counter) % 250 + 1
    return EurRate.objects.create(
        **{
            "day": day,
            "table": f"{number:03d}/A/NBP/{day.year}",
            "rate": D(rate),
            "source": "test",
            "entered_by": base.user(),
            "entered_at": clock.now(),
            **more,
            **data,
        }
    )


def eur_now():
    """A rate of the euro that holds today, whatever day it is."""
    day = euro.business_day_before(clock.today())
    return EurRate.objects.filter(day=day).first() or eur(day)


def ready(day=TODAY, *, rate="4.25", base_rate="0.0452"):
    """The rate of the euro of a day and a base rate of the Commission."""
    if not NbpRate.objects.filter(kind=NbpKind.EC_BASE).exists():
        make.nbp_rate(base_rate, kind=NbpKind.EC_BASE, valid_from=DAY(2024, 1, 1))
    return eur(day, rate)


def stated(organisation, source, rows, *, as_of=TODAY):
    """A statement with rows [(day, EUR)]."""
    made = AidStatement.objects.create(
        organisation=organisation, source=source, as_of=as_of, by=base.user(), at=clock.now()
    )
    AidStatementRow.objects.bulk_create(
        AidStatementRow(statement=made, granted_on=day, grantor="Urząd Pracy", eur=D(value)) for day, value in rows
    )
    return made


def noted(organisation, pln, *, on=TODAY, by=None, boss=None):
    """Aid noted by hand and confirmed by another person."""
    said = {"instrument": "training", "granted_on": on, "nominal": D(pln), "reference": "SZ/2026/1"}
    row = register.note(organisation, by=by or make.officer(), **said)
    return register.confirm(row, by=boss or make.manager())


def giving(loan):
    """The same loan, of a product that gives aid."""
    Product.objects.filter(pk=loan.product_id).update(de_minimis=True)
    return Loan.objects.select_related("product").get(pk=loan.pk)


def assessed(of, *, by=None, rating="none", collateral="normal"):
    """The aid of the decision on a loan or guarantee, kept afterwards by an officer; its product gives aid then."""
    if of.decision.lender_id:
        collateral = ""
    else:
        of.decision.product = giving(of).product
    return assessing.assess(
        of.decision, by=by or of.officer, rating=rating, collateral=collateral, reason="Nowa spółdzielnia bez historii."
    )


def drawn(amount=50_000, *, by, boss=None, assess=True, **data):
    """A loan with its agreement drawn up today, its aid assessed."""
    if not NbpRate.objects.filter(kind=NbpKind.REDISCOUNT).exists():
        make.nbp_rate("0.038", valid_from=DAY(2026, 3, 5))
    loan = make.granted(amount, by=by, boss=boss or make.manager(), **data)
    if assess:
        assessed(loan)
    first = clock.months_later(clock.today(), 1)
    return agreements.draw(loan, by=by, due_day=first.day, first_due=first)


def signed(loan, *, by, on=None):
    return agreements.sign(loan, by=by, signed_on=on or clock.today())
