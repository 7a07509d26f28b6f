"""Funds, applications and loans: `applied` up to the review, `granted` up to the reserved capital."""

import datetime
import itertools
import re
import uuid
from contextlib import nullcontext
from decimal import Decimal

from centrum.intake import attachments, services
from centrum.intake.models import Application
from centrum.kit import clock, files
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import move
from centrum.register.models import BankAccount
from centrum.staff.enums import Role
from loans import agreements, ledger, orders, payouts, schedule, schedules, securities, settlements
from loans.applying import LOAN
from loans.enums import DecisionVerdict, EntryEvent, Method, NbpKind, ReviewState, ScheduleReason
from loans.models import (
    BankOrder,
    Decision,
    DecisionSecurity,
    Fund,
    Loan,
    LoanRate,
    NbpRate,
    Product,
    Review,
    ScheduleRow,
    ScheduleVersion,
    Settlement,
    Tranche,
)
from tests.factories import base, intake
from tests.factories.files import upload

_counter = itertools.count(1)
_accounts = itertools.count(10**24)  # numbers of bank accounts
D = Decimal
IBAN = "PL61109010140000071219812874"  # the example of the National Bank of Poland


def officer(**data):
    return base.user(Role.LOAN_OFFICER, **data)


def manager(**data):
    return base.user(Role.MANAGER, **data)


def accountant(**data):
    return base.user(Role.ACCOUNTANT, **data)


def fund(capital=2_000_000, *, by=None, code="pozyczkowy", iban=IBAN):
    """The fund of that code, with `capital` paid in when it is made, and a reference rate of the NBP."""
    made = Fund.objects.filter(code=code).first()
    if made is None:
        if not NbpRate.objects.filter(kind=NbpKind.REFERENCE).exists():  # for interest of who is late
            nbp_rate("0.0375", kind=NbpKind.REFERENCE, valid_from=datetime.date(2015, 3, 5))
        by = by or accountant()
        made = ledger.create_fund(by=by, code=code, name="Fundusz Pożyczkowy")
        if iban:
            Fund.objects.filter(pk=made.pk).update(iban=iban)
        if capital:
            ledger.pay_in(
                made, by=by, key=f"capital-{code}", amount=D(capital), value_date=clock.today(), document="WB/1"
            )
        made.refresh_from_db()
    return made


def nbp_rate(rate="0.058", kind=NbpKind.REDISCOUNT, valid_from=datetime.date(2023, 10, 5)):
    """A confirmed rate of the NBP."""
    rows = {"rate": D(rate), "source": "test", "entered_at": clock.now(), "confirmed_at": clock.now()}
    return NbpRate.objects.create(
        kind=kind, valid_from=valid_from, entered_by=base.user(), confirmed_by=base.user(), **rows
    )


def product(code="fers-rozwoj", *, de_minimis=False):
    """The product of that code, which gives de minimis aid only when asked to."""
    Product.objects.filter(code=code).exclude(de_minimis=de_minimis).update(de_minimis=de_minimis)
    return Product.objects.get(code=code)


def applicant():
    """What the applicant of a loan or a guarantee tells of itself."""
    return {
        "purpose": "Piec konwekcyjny do kuchni i remont zaplecza.",
        "name": f"Spółdzielnia Socjalna nr {next(_counter)}",
        "pes_type": "spoldzielnia_socjalna",
        "legal_form": "cooperative",
        "nip": base.nip(),
        "begun_on": datetime.date(2020, 1, 1),
        "size": "micro",
        "staff": D(6),
        "vat_payer": "yes",
        "street": "Leśna",
        "building": "1",
        "postal_code": "66-520",
        "locality": "Dobiegniew",
        "contact_first_name": "Jan",
        "contact_last_name": "Łąka",
        "email": "zuraw@example.org",
        "market": "Obiady dla szkół i seniorów w gminie.",
        "income": D(400_000),
        "costs": D(350_000),
        "repaid_from": "Z umów na dożywianie.",
        "security": "Weksel i poręczenie członka zarządu.",
        "arrears": "no",
        "in_difficulty": "no",
        "recovery_order": "no",
        "had_de_minimis": "no",
    }


def applied(*, by, amount=50_000, months=36, grace=6, **answers):
    """An application for a loan in verification in the hands of `by`, who has declared to be impartial."""
    values = {
        "product": answers.get("product") or product(),
        "amount": D(amount),
        "months": months,
        "grace": grace,
        "method": Method.EQUAL_PRINCIPAL,
        "spent_by": clock.today() + datetime.timedelta(days=180),
    }
    return taken(LOAN, applicant() | values | answers, by=by)


def taken(kind, values, *, by):
    """An application of a kind with these answers, sent and taken up by `by`."""
    application = services.begin(kind=kind, key=uuid.uuid4(), language="pl")
    kind.model.objects.filter(pk=application.pk).update(complete=True, **values)
    Application.objects.filter(pk=application.pk).update(
        state="submitted",
        number=f"{kind.series}/2026/{next(_counter):04d}",
        submitted_at=clock.now(),
        applicant=values["name"],
        place=values["locality"],
        email=values["email"],
    )
    application = Application.objects.get(pk=application.pk)
    return services.take(intake.impartial(application, by), by=by, assignee=by)


def decided(amount=50_000, *, by=None, boss=None, fund_=None, organisation=None, person=None, new_job=False, **terms):
    """An approval that `by` prepared and `boss` confirmed, with a bill as its security; the loan is not made yet."""
    by, boss = by or officer(), boss or manager()
    typed = {"contact_first_name": person.first_name, "contact_last_name": person.last_name} if person else {}
    answers = intake.checked(applied(by=by, amount=amount, **typed), by=by).loan_application
    intake.impartial(answers.application, boss)
    review = Review.objects.create(application=answers.application, fund=fund_ or fund(), state=ReviewState.APPROVED)
    decision = Decision.objects.create(
        review=review,
        round=1,
        verdict=DecisionVerdict.APPROVE,
        reasons="Spłata z podpisanych umów.",
        organisation=organisation or base.organisation(name=answers.name, nip=answers.nip),
        person=person or base.person(),
        new_job=new_job,
        prepared_by=by,
        prepared_at=clock.now(),
        confirmed_by=boss,
        confirmed_at=clock.now(),
        **{name: getattr(answers, name) for name in ("product", "amount", "months", "grace", "method")} | terms,
    )
    DecisionSecurity.objects.create(decision=decision, kind="bill", description="Weksel in blanco z deklaracją")
    return decision


def granted(amount=50_000, **data):
    """The loan of such an approval, its capital reserved."""
    decision = decided(amount, **data)
    by, boss = decision.prepared_by, decision.confirmed_by
    services.accept(
        decision.review.application,
        by=boss,
        unit=by.unit,
        adviser=by,
        organisation=decision.organisation,
        person=decision.person,
    )
    return Loan.objects.get(decision=decision)


def account(
    organisation,
    *,
    iban="PL27114020040000300201355387",
    noted_by=None,
    confirmed_by=None,
    valid_from=datetime.date(2020, 1, 1),
):
    """A bank account of the organisation that a second person has confirmed."""
    return BankAccount.objects.create(
        organisation=organisation,
        iban=iban,
        valid_from=valid_from,
        noted_by=noted_by or base.user(),
        confirmed_by=confirmed_by or base.user(),
        confirmed_at=clock.now(),
        proof="zaświadczenie banku",
    )


# Loans that are further on the way, by `move` alone

_WAY = ("approved", "drawn", "signed", "ready", "active")
_CALLED = ("terminated", "recovery", "writtenoff")


def walked(state="active", amount=50_000, *, today=None, **data):
    """A loan in `state`: drawn up and signed on its day, secured, paid out as one tranche that waits for settlement.

    `today`: the day on which all of it happens, the present one unless given.
    """
    day = today or clock.today()
    with clock.at(datetime.datetime.combine(day, datetime.time(10), clock.WARSAW)) if today else nullcontext():
        loan = granted(amount, **data)
        by, boss = loan.officer, loan.decision.confirmed_by
        if state == "lapsed":
            lines = [(ledger.PROMISED, -loan.amount), (ledger.PROMISED_CONTRA, loan.amount)]
            loan = move(loan, "lapse", by=by, reason="Klient zrezygnował.")
            booked(loan, EntryEvent.RELEASE, lines, by=boss)
            return Loan.objects.get(pk=loan.pk)
        steps = _WAY[1 : _WAY.index(state) + 1] if state in _WAY else _WAY[1:]
        if "drawn" in steps:
            loan = move(loan, "draw", by=by, changes=_dates(day))
        if "signed" in steps:
            loan = move(loan, "sign", by=by, changes={"signed_on": day})
            LoanRate.objects.create(loan=loan, rate=D("0.038"), valid_from=day)
            scheduled(loan, by=by)
        if "ready" in steps:
            for security in loan.securities.all():
                move(security, "establish", by=by, changes={"established_on": day, "document": "W/1"})
            loan = move(loan, "make_ready", by=by)
        if "active" in steps:
            tranche_paid(loan, by=by, boss=boss)
            loan = move(loan, "activate", by=boss)
        if state == "repaid":
            booked(loan, EntryEvent.REPAYMENT, [(ledger.BANK, loan.amount), (ledger.PRINCIPAL, -loan.amount)], by=boss)
            loan = move(loan, "repay", by=None)
        if state in _CALLED:
            loan = move(loan, "terminate", by=boss, changes={"called_on": day})
        if state in _CALLED[1:]:
            loan = move(loan, "recover", by=boss)
        if state == "writtenoff":
            booked(loan, EntryEvent.MEASURE, [(ledger.LOST, loan.amount), (ledger.PRINCIPAL, -loan.amount)], by=boss)
            loan = move(loan, "write_off", by=boss)
        return Loan.objects.get(pk=loan.pk)


def _dates(day):
    return {"drawn_on": day, "due_day": day.day, "first_due": clock.months_later(day, 1)}


def scheduled(loan, *, by, reason="agreement"):
    """The next version of the loan's schedule, as if all of it were paid out on the day of the signature."""
    loan.schedules.filter(current=True).update(current=False)
    version = ScheduleVersion.objects.create(
        loan=loan,
        number=loan.schedules.count() + 1,
        reason=reason,
        valid_from=loan.signed_on,
        by=by,
        at=clock.now(),
    )
    made = schedule.build(
        schedule.Terms(
            tranches=((loan.signed_on, loan.amount),),
            dues=schedule.due_days(loan.first_due, loan.months, anchor=loan.due_day),
            rates=((None, D("0.038")),),
            method=loan.method,
            grace=loan.grace,
            business=schedule.FOLLOWING,
        )
    )
    names = ("nr", "nominal_due", "due", "days", "interest", "principal", "deferred", "balance")
    ScheduleRow.objects.bulk_create(
        ScheduleRow(version=version, **{name: getattr(row, name) for name in names}) for row in made.rows
    )
    return version


def tranche_paid(loan, *, by, boss, amount=None):
    """A tranche of the whole loan (or `amount`) that went through every step, with its open settlement."""
    amount = D(amount or loan.amount)
    today = clock.today()
    number = loan.tranches.count() + 1
    tranche = Tranche.objects.create(loan=loan, number=number, amount=amount, planned_on=today)
    where = BankAccount.objects.filter(organisation=loan.organisation).first()
    where = where or account(loan.organisation, iban=f"PL{next(_counter):026d}")
    move(tranche, "verify", by=by, changes={"account": where, "verified_by": by})
    move(tranche, "approve", by=boss, changes={"approved_by": boss})
    order = BankOrder.objects.create(
        number=f"ZP/{today.year}/{next(_counter):04d}",
        fund=loan.fund,
        transfers=1,
        total=amount,
        file=files.store(upload(), by=boss),
        by=boss,
        at=clock.now(),
    )
    move(tranche, "order", by=boss, changes={"order": order})
    lines = [
        (ledger.PROMISED, -amount),
        (ledger.PROMISED_CONTRA, amount),
        (ledger.PRINCIPAL, amount),
        (ledger.BANK, -amount),
    ]
    entry = booked(loan, EntryEvent.PAYOUT, lines, by=boss, key=f"payout-{loan.number}-{number}")
    tranche = move(tranche, "pay", by=boss, changes={"paid_on": today, "document": "WB/9", "entry": entry})
    Settlement.objects.create(tranche=tranche, due_on=today + datetime.timedelta(days=90))
    return tranche


def booked(loan, event, lines, *, by, key=None):
    """An entry of the ledger whose lines are the loan's."""
    return ledger.post(
        loan.fund,
        by=by,
        event=event,
        key=key or f"{event}-{loan.number}-{next(_counter)}",
        lines=lines,
        text=f"Pożyczka {loan.number}",
        value_date=clock.today(),
        document=loan.number,
        loan=loan,
    )


def loan_pages(*, purchases=None, jobs=None, debts=None, aid=None, **changes):
    """{slug of the page: what is typed there} of an application for 50 000 PLN; rows of the tables as dicts."""
    typed = {
        "pozyczka": {
            "product": str(product().pk),
            "amount": "50 000",
            "months": "36",
            "grace": "6",
            "method": "equal_principal",
        },
        "cel": {
            "purpose": "Piec konwekcyjny do kuchni i remont zaplecza.",
            "spent_by": (clock.today() + datetime.timedelta(days=180)).strftime("%d.%m.%Y"),
        },
        "zakupy": intake.rows([purchase()] if purchases is None else purchases),
        **organisation_pages(),
        "miejsca-pracy": intake.rows(jobs or []),
        **money_pages(debts),
        "zabezpieczenie": {"security": "Weksel i poręczenie członka zarządu."},
        **declarations(aid),
    }
    order = [step.slug for step in LOAN.steps]
    return typed_in({slug: typed[slug] for slug in order}, changes)


def organisation_pages():
    """Pages on the organisation, as both kinds of application have them."""
    return {
        "organizacja": {
            "name": "Spółdzielnia Socjalna „Żuraw”",
            "pes_type": "spoldzielnia_socjalna",
            "legal_form": "cooperative",
            "nip": base.nip(),
            "krs": base.krs(),
            "begun_on": "1.3.2021",
        },
        "wielkosc": {"staff": "6,5", "size": "micro", "vat_payer": "yes"},
        "siedziba": {
            "street": "Leśna",
            "building": "1",
            "flat": "",
            "postal_code": "66-520",
            "locality": "Dobiegniew",
            "commune": "",
        },
        "kontakt": {
            "contact_first_name": "Jan",
            "contact_last_name": "Łąka",
            "contact_role": "prezes",
            "email": "Zuraw@example.org",
            "phone": "600 100 200",
        },
    }


def money_pages(debts=None):
    return {
        "zobowiazania": intake.rows(debts or []),
        "rynek": {
            "market": "Obiady dla szkół i seniorów w gminie.",
            "income": "400 000",
            "costs": "350 000,50",
            "repaid_from": "Z umów na dożywianie.",
        },
    }


def declarations(aid=None):
    names = ("arrears", "in_difficulty", "recovery_order", "had_de_minimis")
    return {"oswiadczenia": dict.fromkeys(names, "no"), "pomoc": intake.rows(aid or [])}


def aid(day=None, grantor="Powiatowy Urząd Pracy", eur="1 500,50"):
    """A row of de minimis aid as it is typed."""
    day = day or clock.months_later(clock.today(), -12)
    return {"granted_on": day.strftime("%d.%m.%Y"), "grantor": grantor, "eur": eur}


def typed_in(pages, changes):
    """The pages with what is typed otherwise: each name on the page that has it."""
    for name, value in changes.items():
        next(page for page in pages.values() if name in page)[name] = value
    return pages


def purchase(cost="60 000", from_loan="50 000", what="Piec konwekcyjny", kind="assets"):
    return {"what": what, "kind": kind, "cost": cost, "from_loan": from_loan}


def job(posts="0,5", since=None, position="kucharka", at_risk="yes"):
    since = since or (clock.today() + datetime.timedelta(days=90)).strftime("%d.%m.%Y")
    return {"position": position, "posts": posts, "since": since, "at_risk": at_risk}


def debt(left="12 000", instalment="500", until="", creditor="Bank Spółdzielczy", kind="loan"):
    return {"creditor": creditor, "kind": kind, "left": left, "instalment": instalment, "until": until}


def loan_draft(**changes):
    """A draft with every page filled in and every file that its answers need."""
    draft = intake.draft(LOAN, pages=loan_pages(**changes))
    for rule in attachments.missing(draft):
        draft = attachments.add(draft, rule=rule, uploads=[upload(name=f"{rule.code}.pdf")])
    return draft


def ready(amount=50_000, *, tranches=None, rate="0.029", secured=True, **data):
    """A loan that is signed and secured (`secured`), with its rate, tranches [(amount, days until the plan)], schedule,
    and an account of the organisation to which it may be paid."""
    today = clock.today()
    loan = granted(amount, **data)
    by = loan.officer
    first_due = clock.months_later(today, 1)
    drawn = {"drawn_on": today, "due_day": first_due.day, "first_due": first_due}
    loan = move(loan, "draw", by=by, changes=drawn)
    LoanRate.objects.create(loan=loan, rate=D(rate), valid_from=today)
    for number, (part, days) in enumerate(tranches or [(amount, 0)], 1):
        planned_on = today + datetime.timedelta(days=days)
        Tranche.objects.create(loan=loan, number=number, amount=D(part), planned_on=planned_on)
    schedules.rebuild(loan, by=by, reason=ScheduleReason.AGREEMENT)
    loan = move(loan, "sign", by=by, changes={"signed_on": today})
    if not BankAccount.objects.filter(organisation=loan.organisation).exists():
        account(loan.organisation, iban=f"PL{next(_accounts):026d}")
    if secured:
        for security in loan.securities.all():
            move(security, "establish", by=by, changes={"established_on": today, "document": "weksel nr 1"})
        loan = move(loan, "make_ready", by=by)
    return loan


def ordered(loan, number=1, *, boss=None):
    """The tranche of that number, checked by the loan officer, released and put into a file for the bank."""
    boss = boss or accountant()
    tranche = loan.tranches.get(number=number)
    tranche = payouts.verify(tranche, by=loan.officer, account=payouts.accounts(tranche).get())
    orders.order([payouts.approve(tranche, by=boss)], by=boss, key=uuid.uuid4())
    return loan.tranches.get(number=number)


def paid(loan, number=1, *, boss=None, on=None):
    """The tranche of that number, paid by the bank and booked."""
    boss = boss or accountant()
    tranche = ordered(loan, number, boss=boss)
    return payouts.book(tranche, by=boss, paid_on=on or clock.today(), document=f"WB/{number}")


def document(settlement, amount, *, by, number="FV/1", **fields):
    """An invoice in a settlement, all of it from the loan."""
    today = clock.today()
    data = {"seller": "Piece Pol sp. z o.o.", "what": "piec", "issued_on": today, "paid_on": today, "cashless": True}
    data |= {"amount": D(amount), "from_loan": D(amount)} | fields
    return settlements.save_document(settlement, by=by, number=number, **data)


def settled(tranche, *, boss=None):
    """The settlement of a paid tranche, submitted by the loan officer and accepted."""
    by = tranche.loan.officer
    document(tranche.settlement, tranche.amount, by=by, number=f"FV/{tranche.pk}")
    return settlements.accept(settlements.submit(tranche.settlement, by=by), by=boss or accountant())


def drawn(amount=50_000, *, by=None, due_day=10, first_due=None, tranches=None, drawn_on=None, **data):
    """A loan whose agreement is drawn up; an NBP rate is confirmed unless there is one."""
    by = by or officer()
    if not NbpRate.objects.filter(kind=NbpKind.REDISCOUNT).exclude(confirmed_by=None).exists():
        nbp_rate()
    loan = granted(amount, by=by, **data)
    begins = min((day for _amount, day in tranches), default=clock.today()) if tranches else clock.today()
    first_due = first_due or agreements.first_instalment(begins, due_day)
    return agreements.draw(loan, by=by, due_day=due_day, first_due=first_due, tranches=tranches, drawn_on=drawn_on)


def signed(amount=50_000, *, by=None, **data):
    by = by or officer()
    return agreements.sign(drawn(amount, by=by, **data), by=by, signed_on=clock.today())


def secured(amount=50_000, *, by=None, **data):
    """A signed loan, all securities established."""
    by = by or officer()
    loan = signed(amount, by=by, **data)
    for security in loan.securities.all():
        securities.establish(security, by=by, established_on=clock.today(), document="weksel z deklaracją")
    return Loan.objects.get(pk=loan.pk)


def active(amount=50_000, *, by=None, boss=None, **data):
    """A loan whose first tranche is paid today."""
    by = by or officer()
    loan = secured(amount, by=by, **data)
    return pay_out(loan.tranches.get(number=1), by=by, boss=boss or manager())


def link_token(loan):
    """The token in the last letter to the borrower of the loan."""
    body = OutboxMessage.objects.filter(about=loan.number).latest("pk").body
    return re.search(r"/pozyczka/([^/\s]+)/", body)[1]


def pay_out(tranche, *, by, boss):
    """Book a tranche as paid today through every step; returns the loan."""
    if not payouts.accounts(tranche).exists():
        account(tranche.loan.organisation, iban=f"PL{next(_accounts):026d}")
    tranche = payouts.verify(tranche, by=by, account=payouts.accounts(tranche).first())
    orders.order([payouts.approve(tranche, by=boss)], by=boss, key=uuid.uuid4())
    payouts.book(tranche, by=boss, paid_on=clock.today(), document="WB/2")
    return Loan.objects.get(pk=tranche.loan_id)
