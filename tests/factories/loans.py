"""Funds, applications and loans: `applied` up to the review, `granted` up to the reserved capital."""

import datetime
import itertools
import uuid
from decimal import Decimal

from centrum.intake import services
from centrum.intake.models import Application
from centrum.kit import clock
from centrum.register.models import BankAccount
from centrum.staff.enums import Role
from loans import ledger
from loans.applying import LOAN
from loans.enums import DecisionVerdict, Method, NbpKind, ReviewState
from loans.models import Decision, DecisionSecurity, Fund, Loan, LoanApplication, NbpRate, Product, Review
from tests.factories import base, intake

_counter = itertools.count(1)
D = Decimal
IBAN = "PL61109010140000071219812874"  # the example of the National Bank of Poland


def officer(**data):
    return base.user(Role.LOAN_OFFICER, **data)


def manager(**data):
    return base.user(Role.MANAGER, **data)


def accountant(**data):
    return base.user(Role.ACCOUNTANT, **data)


def fund(capital=2_000_000, *, by=None, code="pozyczkowy", iban=IBAN):
    """The fund of that code, with `capital` paid in when it is made."""
    made = Fund.objects.filter(code=code).first()
    if made is None:
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


def product(code="fers-rozwoj"):
    return Product.objects.get(code=code)


def applied(*, by, amount=50_000, months=36, grace=6, **answers):
    """An application in verification in the hands of `by`, who has declared to be impartial."""
    application = services.begin(kind=LOAN, key=uuid.uuid4(), language="pl")
    values = {
        "product": product(),
        "amount": D(amount),
        "months": months,
        "grace": grace,
        "method": Method.EQUAL_PRINCIPAL,
        "purpose": "Piec konwekcyjny do kuchni i remont zaplecza.",
        "spent_by": clock.today() + datetime.timedelta(days=180),
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
    } | answers
    LoanApplication.objects.filter(pk=application.pk).update(complete=True, **values)
    Application.objects.filter(pk=application.pk).update(
        state="submitted",
        number=f"WPZ/2026/{next(_counter):04d}",
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
    answers = intake.checked(applied(by=by, amount=amount), by=by).loan_application
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


def account(organisation, *, iban="PL27114020040000300201355387", noted_by=None, confirmed_by=None):
    """A bank account of the organisation that a second person has confirmed."""
    return BankAccount.objects.create(
        organisation=organisation,
        iban=iban,
        valid_from=datetime.date(2020, 1, 1),
        noted_by=noted_by or base.user(),
        confirmed_by=confirmed_by or base.user(),
        confirmed_at=clock.now(),
        proof="zaświadczenie banku",
    )
