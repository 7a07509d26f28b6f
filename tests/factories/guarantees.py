"""Guarantees: `granted` up to the reserved amount; a fund with capital for them and limits in force."""

import datetime
import itertools
import uuid
from decimal import Decimal

from centrum.kit import clock
from loans import ledger
from loans.guarantees import granting, limits
from loans.models import Decision, DecisionSecurity, Lender, Review
from tests.factories import base, intake
from tests.factories import loans as make

D = Decimal
_counter = itertools.count(1)
# multiplier 3, one client 5 % of the capital: 30 000 of 600 000
CAPITAL, MULTIPLIER, CLIENT = D(600_000), D(3), D("0.05")


def fund(capital=CAPITAL, *, multiplier=MULTIPLIER, client_cap=CLIENT, by=None, code="pozyczkowy"):
    """The fund of that code, with `capital` for guarantees and limits in force when it has none yet."""
    made = make.fund(code=code)
    if not made.guarantee_limits.exists():
        by = by or make.accountant()
        if capital:
            ledger.pay_in(
                made,
                by=by,
                key=f"gua-capital-{code}",
                amount=D(capital),
                value_date=clock.today(),
                document="WB/1",
                guarantees=True,
            )
        limited(made, multiplier=multiplier, client_cap=client_cap)
    made.refresh_from_db()
    return made


def limited(fund_, *, multiplier=MULTIPLIER, client_cap=CLIENT):
    """Limits of a fund in force, by two new people."""
    entered = limits.enter(
        fund_, by=make.accountant(), multiplier=D(multiplier), client_cap=D(client_cap), reasons="uchwała zarządu"
    )
    return limits.confirm(entered, by=make.manager())


def lender(**data):
    number = next(_counter)
    values = {
        "name": f"Bank Spółdzielczy nr {number}",
        "nip": f"{7_000_000_000 + number}",
        "address": "ul. Rynek 1, 66-520 Dobiegniew",
        "agreement": f"WP/{number}",
        "since": datetime.date(2020, 1, 1),
    }
    return Lender.objects.create(**values | data)


def decided(amount=20_000, *, by=None, boss=None, fund_=None, organisation=None, lender_=None, **terms):
    """A confirmed approval, written past the services of the review since it is only the way to a guarantee."""
    by, boss = by or make.officer(), boss or make.manager()
    amount = D(amount)
    values = {
        "lender": lender_ or lender(),
        "credit": amount / D("0.8"),
        "credit_kind": "working",
        "cover": D("0.8"),
        "months": 36,
        "grace": 0,
        "fee": D("0.01"),
        "fee_from": 1,
    }
    application = intake.impartial(make.applied(by=by), boss)
    review = Review.objects.create(application=application, fund=fund_ or fund(), state="approved")
    made = Decision.objects.create(
        review=review,
        round=1,
        verdict="approve",
        reasons="Umowy podpisane.",
        organisation=organisation or base.organisation(),
        person=base.person(with_pesel=False),
        prepared_by=by,
        prepared_at=clock.now(),
        confirmed_by=boss,
        confirmed_at=clock.now(),
        amount=amount,
        **values | terms,
    )
    DecisionSecurity.objects.create(decision=made, kind="bill", description="Weksel in blanco z deklaracją")
    return made


def granted(amount=20_000, *, by=None, **data):
    """A guarantee of `amount`, with its amount reserved."""
    by = by or make.officer()
    decision = decided(amount, by=by, **data)
    return granting.grant(decision, by=decision.confirmed_by, unit=by.unit, officer=by)


def key():
    return str(uuid.uuid4())
