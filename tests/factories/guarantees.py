"""Guarantees: `granted` up to the reserved amount; a fund with capital for them and limits in force."""

import datetime
import itertools
import uuid
from contextlib import nullcontext
from decimal import Decimal

from centrum.kit import clock
from centrum.kit.transitions import move
from loans import ledger, securities
from loans.guarantees import agreements, calls, expiry, granting, limits, recourse, report_files
from loans.models import Decision, DecisionSecurity, Guarantee, Lender, Review
from tests.factories import base, intake
from tests.factories import loans as make
from tests.factories.files import upload

D = Decimal
_counter = itertools.count(1)
HEAD = ";".join(report_files.HEADINGS)
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
    move(application, "accept", by=boss, changes={"decided_by": boss})
    DecisionSecurity.objects.create(decision=made, kind="bill", description="Weksel in blanco z deklaracją")
    return made


def granted(amount=20_000, *, by=None, **data):
    """A guarantee of `amount`, with its amount reserved."""
    by = by or make.officer()
    decision = decided(amount, by=by, **data)
    return granting.grant(decision, by=decision.confirmed_by, unit=by.unit, officer=by)


def key():
    return str(uuid.uuid4())


def fresh(row):
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def drawn(amount=20_000, *, by=None, **data):
    """A guarantee whose agreement and declaration are drawn up today."""
    by = by or make.officer()
    return agreements.draw(granted(amount, by=by, **data), by=by)


def signed(amount=20_000, *, by=None, secured=True, **data):
    """A guarantee signed today, all its securities established (`secured`)."""
    by = by or make.officer()
    made = agreements.sign(drawn(amount, by=by, **data), by=by, signed_on=clock.today())
    if secured:
        for security in made.securities.all():
            securities.establish(security, by=by, established_on=clock.today(), document="weksel nr 1 z deklaracją")
    return fresh(made)


def active(amount=20_000, *, by=None, on=None, paid_out=None, **data):
    """A guarantee in force since a day (today) on which all was granted, signed and paid out."""
    with at(on) if on else nullcontext():
        by = by or make.officer()
        made = signed(amount, by=by, **data)
        return agreements.activate(
            made,
            by=by,
            activated_on=clock.today(),
            credit_number=f"KR/{made.pk}/2026",
            paid_out=paid_out or made.credit,
        )


def called(amount=20_000, *, guarantee=None, call_amount=None, **data):
    """A call of today on a guarantee in force, for all that is guaranteed."""
    made = guarantee or active(amount, **data)
    today = clock.today()
    return calls.note(
        made,
        by=made.officer,
        received_on=today,
        amount=call_amount or made.exposure,
        owed=made.credit,
        terminated_on=today,
        file=upload(),
    )


def verified(amount=20_000, *, call=None, by=None, **data):
    """A call that was found right, to be paid whole."""
    call = call or called(amount, **data)
    said = dict.fromkeys(("principal_only", *calls.PAPERS), True)
    return calls.verify(call, by=by or call.guarantee.officer, payable=calls.most(call), **said)


def paid(amount=20_000, *, boss=None, **data):
    """A guarantee that was paid today."""
    call = verified(amount, **data)
    calls.pay(call, by=boss or make.accountant(), paid_on=clock.today(), document="WB/7")
    return Guarantee.objects.get(pk=call.guarantee_id)


def recovered(guarantee, amount, *, on=None, by=None, document="WB/8", key_=None):
    said = {"on": on or clock.today(), "amount": D(amount), "document": document, "key": key_ or key()}
    return recourse.recover(guarantee, by=by or make.accountant(), **said)


def written_off(guarantee):
    """The same guarantee, its claim written off by two people."""
    loss = recourse.prepare_loss(guarantee, by=guarantee.officer, reasons="Upadłość umorzona.", file=upload())
    recourse.confirm_loss(loss, by=make.manager())
    return fresh(guarantee)


def walked(state, *, by=None, **data):
    """A guarantee in a state, by the services alone."""
    by = by or make.officer()
    made = {
        "approved": granted,
        "promised": lambda **more: agreements.promise(granted(**more), by=by),
        "drawn": drawn,
        "signed": signed,
        "active": active,
        "called": lambda **more: called(**more).guarantee,
        "recourse": paid,
        "recovered": lambda **more: _all_back(paid(**more)),
        "writtenoff": lambda **more: written_off(paid(**more)),
        "lapsed": lambda **more: agreements.lapse(granted(**more), by=by, reason="Rezygnacja"),
        "released": lambda **more: released(active(**more)),
        "expired": lambda **more: expired(active(**more)),
    }[state](by=by, **data)
    return fresh(made)


def _all_back(guarantee):
    recovered(guarantee, guarantee.claim / guarantee.cover)
    return guarantee


def released(guarantee):
    return agreements.release(
        guarantee, by=guarantee.officer, ended_on=clock.today(), reason="Kredyt spłacony.", file=upload()
    )


def expired(guarantee):
    """The same guarantee, expired in its time."""
    with at(expiry.last_day(guarantee) + datetime.timedelta(days=1)):
        expiry.expire(guarantee.fund)
    return guarantee


def report(*rows, head=HEAD, code_page="utf-8"):
    """The bytes of a report with rows (Guarantee or its number, principal left, days late, number of the credit)."""
    lines = [head]
    for of, left, *more in rows:
        late = more[0] if more else 0
        number, credit = (of.number, of.credit_number) if isinstance(of, Guarantee) else (of, more[1])
        lines.append(f"{number};{credit};{_typed(left)};{late}")
    return "\r\n".join(lines).encode(code_page)


def _typed(amount):
    """A number as it is typed in Polish; a text as it is."""
    return amount if isinstance(amount, str) else str(amount).replace(".", ",")


def at(day, hour=9):
    return clock.at(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC))
