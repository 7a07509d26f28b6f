"""Applications and loans of the demo, in every state; borrowers and amounts are invented."""

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from centrum.cases.enums import CaseState
from centrum.cases.models import Case
from centrum.intake import completion
from centrum.intake import services as intake
from centrum.kit import clock
from centrum.register import ties
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Organisation
from centrum.staff.enums import UnitKind
from loans import (
    agreements,
    annexes,
    orders,
    payouts,
    review_kinds,
    review_letters,
    reviews,
    scoring,
    securities,
    settlements,
)
from loans.applying import LOAN
from loans.demo import aid
from loans.enums import (
    Collateral,
    CommitteeRole,
    DebtKind,
    FirmSize,
    Method,
    Rating,
    SecurityKind,
    SpendingKind,
    YesNo,
)
from loans.models import CommitteeMember, Loan, Product, Tranche

D = datetime.date
BEGAN, LAST_DAY = D(2024, 7, 3), D(2026, 11, 20)
# how far each goes; every one passes those before it up to the first of its own branch
FORMAL, COMPLETION, CARD, VOTES, PREPARED, APPROVED, DRAWN, SIGNED, READY, PAID = range(10)
WITHDRAWN, REFUSED, REFUSAL = "withdrawn", "refused", "refusal prepared"
EQUAL, DECREASING = Method.ANNUITY, Method.EQUAL_PRINCIPAL


@dataclass(frozen=True)
class Plan:
    """What one borrower wants, from which day, and how far it has come on the last day of the demo.

    `tranches`: [(PLN, days after the agreement)]; `payout`: how far the first one that is not paid has come; `paid`:
    how many are paid; `settled`: what became of the last paid one.
    """

    day: datetime.date
    amount: int
    months: int
    what: str
    until: object = None
    grace: int = 0
    method: str = DECREASING
    product: str = "fers-rozwoj"
    market: str = "Usługi dla mieszkańców gminy i szkół."
    jobs: tuple = ()  # of (position, posts)
    debts: tuple = ()  # of (creditor, left, instalment)
    aid: tuple = ()  # de minimis aid that it declares, of (day, grantor, EUR)
    new_job: bool = False
    tranches: tuple = ()
    paid: int = 0
    payout: str = ""
    settled: str = ""
    annex: dict = field(default_factory=dict)
    lapses: str = ""
    surety: bool = False


PLANS = (
    Plan(D(2026, 4, 21), 80_000, 48, "Piec konwekcyjny i chłodnia", PAID, 6, jobs=(("kucharka", "1"), ("pomoc", "0.5")),
         paid=1, settled="accept", market="Obiady dla szkół i seniorów."),
    Plan(D(2026, 4, 28), 240_000, 84, "Linia do prania dla szpitala", PAID, 6, EQUAL, jobs=(("praczka", "2"),),
         debts=(("Bank Spółdzielczy", 36_000, 1_500),), tranches=((140_000, 3), (100_000, 75)), paid=2,
         settled="submit", surety=True, market="Pranie dla szpitala i pensjonatów."),
    Plan(D(2026, 5, 6), 60_000, 36, "Samochód dostawczy", PAID, 3, paid=1, settled="accept",
         annex={"grace": 3, "reasons": "Przesunięty termin odbioru umowy z gminą."}),
    Plan(D(2026, 5, 18), 95_000, 60, "Wyposażenie pracowni stolarskiej", PAID, 6, product="fers-start", new_job=True,
         jobs=(("stolarz", "1"),), paid=1, settled="correct", market="Meble na zamówienie."),
    Plan(D(2026, 6, 8), 150_000, 72, "Remont kuchni i zmywalnia", PAID, 6, EQUAL, tranches=((90_000, 5), (60_000, 60)),
         paid=1, settled="reject", market="Catering dla firm."),
    Plan(D(2026, 6, 22), 45_000, 24, "Kosiarki i przyczepa", PAID, paid=1, settled="open",
         annex={"months": 6, "holiday": 2, "reasons": "Susza zatrzymała prace w terenie."},
         market="Pielęgnacja zieleni dla gmin."),
    Plan(D(2026, 10, 12), 120_000, 60, "Zakład szycia: maszyny", READY, 6, tranches=((70_000, 4), (50_000, 60)),
         payout="order", jobs=(("krawcowa", "2"),), surety=True),
    Plan(D(2026, 10, 14), 70_000, 48, "Pracownia ceramiczna", READY, 3, EQUAL, payout="approve"),
    Plan(D(2026, 10, 15), 55_000, 36, "Kajaki i przyczepa", READY, payout="verify", market="Spływy Drawą."),
    Plan(D(2026, 10, 19), 90_000, 60, "Sklep ze zdrową żywnością", SIGNED, 6, surety=True),
    Plan(D(2026, 10, 20), 130_000, 60, "Świetlica z kawiarnią", DRAWN, 6, tranches=((80_000, 10), (50_000, 60))),
    Plan(D(2026, 10, 27), 48_000, 36, "Drukarka tekstylna", APPROVED, product="fers-start"),
    Plan(D(2026, 7, 6), 64_000, 36, "Mobilna scena", APPROVED, lapses="Klient znalazł inne źródło pieniędzy."),
    Plan(D(2026, 10, 28), 110_000, 60, "Przebudowa warsztatu", PREPARED, 6, debts=(("Leasing Auto", 18_000, 900),),
         aid=((D(2025, 3, 14), "Powiatowy Urząd Pracy (przykład)", "6480.00"),)),
    Plan(D(2026, 11, 3), 200_000, 84, "Hala i wózek widłowy", VOTES, 6, EQUAL,
         aid=((D(2024, 9, 30), "Agencja Rozwoju (przykład)", "21300.00"),
              (D(2026, 2, 10), "Powiatowy Urząd Pracy (przykład)", "8150.50"))),
    Plan(D(2026, 11, 6), 85_000, 48, "Tłocznia soków", CARD, 6),
    Plan(D(2026, 11, 10), 40_000, 24, "Zakup towaru na święta", COMPLETION),
    Plan(D(2026, 11, 9), 58_000, 36, "Rowery i warsztat rowerowy", FORMAL, 3),
    Plan(D(2026, 11, 17), 35_000, 24, "Sprzęt do opieki domowej"),
    Plan(D(2026, 6, 15), 300_000, 84, "Zakup lokalu na inwestycję", REFUSED),
    Plan(D(2026, 11, 2), 75_000, 48, "Spłata innej pożyczki", REFUSAL),
    Plan(D(2026, 9, 7), 50_000, 36, "Food truck", WITHDRAWN),
)  # fmt: skip
BORROWERS = [
    (name, LegalForm.COOPERATIVE, PesType.SPOLDZIELNIA_SOCJALNA)
    if name.startswith("Spółdzielnia")
    else (name, LegalForm.FOUNDATION, PesType.NGO)
    for name in (
        "Spółdzielnia Socjalna „Stołówka u Sąsiadów”",
        "Spółdzielnia Socjalna „Biała Piana”",
        "Spółdzielnia Socjalna „Cztery Koła”",
        "Fundacja „Heblem i Dłutem”",
        "Spółdzielnia Socjalna „Pełny Talerz”",
        "Spółdzielnia Socjalna „Zielona Miedza”",
        "Spółdzielnia Socjalna „Ścieg”",
        "Fundacja „Gliniany Dzban”",
        "Spółdzielnia Socjalna „Wiosło”",
        "Spółdzielnia Socjalna „Spichlerz”",
        "Fundacja „Świetlik”",
        "Spółdzielnia Socjalna „Nadruk”",
        "Fundacja „Scena na Kółkach”",
        "Spółdzielnia Socjalna „Klucz Płaski”",
        "Spółdzielnia Socjalna „Paleta”",
        "Spółdzielnia Socjalna „Jabłko i Gruszka”",
        "Fundacja „Kramik”",
        "Spółdzielnia Socjalna „Szprycha”",
        "Fundacja „Pomocna Dłoń z Drezdenka”",
        "Fundacja „Kamienica”",
        "Spółdzielnia Socjalna „Karuzela”",
        "Spółdzielnia Socjalna „Budka”",
    )
]
CARDS = ((7, 11, 24, 20, 14), (8, 12, 22, 18, 15))  # points in the order of the criteria


def committee(demo):
    yield BEGAN
    for name, role in (("koordynator", CommitteeRole.CHAIR), ("kierownik", None), ("pozyczki2", None)):
        CommitteeMember.objects.create(
            user=demo.staff[name], role=role or CommitteeRole.MEMBER, valid_from=clock.today()
        )


def after(days):
    """A working day so many days from today on the clock of the story, never after its last one."""
    day = min(clock.today() + datetime.timedelta(days=days), LAST_DAY)
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))


def borrower(demo, plan, number, body=None):
    """One application, and what came of it; gives the loan that was paid out. `body`: whose, one of BORROWERS or of the
    register unless given."""
    yield plan.day
    known = None if body else _known(number)
    body = _body_of(known) if known else demo.body(body or BORROWERS[number])
    who = demo.someone()
    application = demo.send(demo.draft(LOAN, _pages(plan, body, who)))
    decision = yield from reviewed(demo, plan, number, application, _prepared)
    if decision is None:
        return None
    return (yield from _lent(demo, plan, Loan.objects.get(decision=decision)))


def reviewed(demo, plan, number, application, prepare):
    """An application from its arrival to the confirmed Decision, None where it does not come so far.

    `plan`: has `until`, how far it comes, and `amount`; `prepare(application, plan, officer)` prepares the approval.
    """
    if plan.until is None:
        return None
    yield after(2)
    officer, second = demo.staff["pozyczki"], demo.staff["pozyczki2"]
    boss, chair = demo.staff["kierownik"], demo.staff["koordynator"]
    demo.impartial(application, officer, second, boss, chair)
    application = intake.take(application, by=officer, assignee=officer)
    if plan.until == WITHDRAWN:
        yield after(4)
        intake.withdraw(application)
        return None
    if plan.until == COMPLETION:
        text = "Dołącz proszę aktualne zaświadczenie z ZUS; to, które mamy, jest starsze niż 3 miesiące."
        completion.ask(application, by=officer, text=text, fields=(), attachments=("zus",), due_on=after(14))
        return None
    if plan.until in (REFUSED, REFUSAL):
        yield after(5)
        reasons = (
            "Cel pożyczki jest na liście celów wyłączonych: pożyczka nie spłaca innych zobowiązań i nie kupuje lokat."
        )
        decision = reviews.prepare_rejection(application, by=officer, reasons=reasons)
        if plan.until == REFUSED:
            yield after(3)
            reviews.confirm(application, by=boss, decision=decision)
        return None
    demo.checked(application, by=officer)
    if plan.until == FORMAL:
        return None
    yield after(3)
    reviews.assess(application, by=officer)
    _card(application, officer, CARDS[0])
    if plan.until == CARD:
        return None
    yield after(4)
    if plan.amount > 50_000:
        _card(application, second, CARDS[1])
    reviews.to_committee(application, by=officer)
    yield after(3)
    reviews.vote(application, by=chair, verdict="for")
    reviews.vote(
        application, by=second, verdict="against" if number % 5 == 4 else "for",
        text="Wolałbym krótszy okres spłaty." if number % 5 == 4 else "",
    )  # fmt: skip
    if plan.until == VOTES:
        return None
    reviews.vote(application, by=boss, verdict="for")
    yield after(2)
    aid.rate_of_today(demo)
    decision = prepare(application, plan, officer)
    if plan.until == PREPARED:
        return None
    yield after(2)
    aid.rate_of_today(demo)
    letter = review_letters.approved(application, decision, officer)
    reviews.confirm(application, by=boss, decision=decision, officer=officer, letter=letter)
    return decision


def _lent(demo, plan, loan):
    """The loan from its approval on."""
    officer, boss, accountant = demo.staff["pozyczki"], demo.staff["kierownik"], demo.staff["ksiegowosc"]
    account = ties.add_account(
        loan.organisation, by=officer, iban=_iban(demo), valid_from=clock.today(), proof="zaświadczenie banku"
    )
    ties.confirm_account(account, by=boss)
    if plan.lapses:
        yield after(9)
        agreements.lapse(loan, by=officer, reason=plan.lapses)
        return
    if plan.until == APPROVED:
        return
    yield after(6)
    day = clock.today()
    tranches = [(Decimal(part), day + datetime.timedelta(days=days)) for part, days in plan.tranches] or None
    first = tranches[0][1] if tranches else day
    loan = agreements.draw(
        loan, by=officer, due_day=15, first_due=agreements.first_instalment(first, 15), tranches=tranches
    )
    if plan.until == DRAWN:
        return
    scan = demo.papers.letter(f"UMOWA {loan.number}", "Podpisano przez obie strony.", name="umowa")
    aid.rate_of_today(demo)
    loan = agreements.sign(loan, by=officer, signed_on=day, file=scan)
    yield after(2)
    for row in list(loan.securities.all())[: 1 if plan.until == SIGNED and plan.surety else None]:
        securities.establish(row, by=officer, established_on=clock.today(), document=f"{row.kind}/{loan.pk}/2026")
    loan = Loan.objects.get(pk=loan.pk)
    if plan.until == SIGNED:
        return
    for tranche in list(loan.tranches.order_by("number"))[: plan.paid]:
        yield from _paid_out(demo, plan, tranche, last=tranche.number == plan.paid)
    following = loan.tranches.filter(state="requested").first()
    if plan.payout:
        yield after(3)
        row = payouts.verify(following, by=officer, account=payouts.accounts(following).get())
        if plan.payout in ("approve", "order"):
            row = payouts.approve(row, by=accountant)
        if plan.payout == "order":
            orders.order([row], by=accountant, key=key(demo))
    if plan.annex:
        yield after(20)
        loan = Loan.objects.get(pk=loan.pk)
        annex = annexes.prepare(loan, by=officer, valid_from=annexes.first_days(loan)[0], **plan.annex)
        yield after(2)
        annex = annexes.confirm(annex, by=boss)
        if "grace" in plan.annex:
            yield after(3)
            aid.rate_of_today(demo)
            annexes.sign(annex, by=officer, signed_on=clock.today())
    return Loan.objects.get(pk=loan.pk)


def _paid_out(demo, plan, tranche, *, last):
    """A tranche from the check to the booking, and its settlement: accepted, or as the plan says for the last one."""
    officer, accountant, boss = demo.staff["pozyczki"], demo.staff["ksiegowosc"], demo.staff["kierownik"]
    if tranche.planned_on > clock.today():
        yield after((tranche.planned_on - clock.today()).days)
    row = payouts.verify(tranche, by=officer, account=payouts.accounts(tranche).get())
    row = payouts.approve(row, by=accountant)
    orders.order([row], by=accountant, key=key(demo))
    yield after(1)
    payouts.book(row, by=accountant, paid_on=clock.today(), document=f"WB/{row.pk}/2026")
    settlement = Tranche.objects.get(pk=row.pk).settlement
    outcome = plan.settled if last else "accept"
    if outcome == "open":
        return
    yield after(30)
    bought = row.amount if outcome != "reject" else row.amount - 4_000
    settlements.save_document(
        settlement, by=officer, number=f"FV/{row.pk}/26", seller="Sprzęt Lubuski sp. z o.o.", what=plan.what,
        issued_on=row.planned_on, paid_on=clock.today(), amount=bought + 1_200, from_loan=bought, cashless=True,
        file=demo.papers.letter("FAKTURA", plan.what, name="faktura"),
    )  # fmt: skip
    settlement = settlements.submit(settlement, by=officer)
    if outcome == "submit":
        return
    yield after(4)
    if outcome == "accept":
        settlements.accept(settlement, by=accountant)
    elif outcome == "correct":
        settlements.correct(settlement, by=accountant, reason="Brakuje potwierdzenia przelewu do faktury.")
        settlements.extend(
            settlement, by=boss, until=settlement.due_on + datetime.timedelta(days=30), grounds="Sprzedawca zwleka."
        )
    else:
        reason = "Faktura nie obejmuje całej transzy."
        settlements.reject(settlement, by=accountant, accepted=bought, reason=reason)


def _card(application, by, points):
    marks = {row: (point, "") for row, point in zip(scoring.criteria(), points, strict=True)}
    reviews.save_card(application, by=by, marks=marks, text="Umowy z odbiorcami pokrywają raty z zapasem.")


def _prepared(application, plan, officer):
    wanted = [{"kind": SecurityKind.BILL, "description": "Jeden weksel, podpisuje zarząd", "value": None}]
    if plan.surety:
        wanted.append(
            {"kind": SecurityKind.CIVIL_SURETY, "description": "Poręczenie członka zarządu", "value": plan.amount}
        )
    answers = application.loan_application
    return reviews.prepare_approval(
        application,
        by=officer,
        reasons="Organizacja spłaca zobowiązania w terminie, a umowy z odbiorcami pokrywają raty.",
        conditions="Ubezpieczenie zakupionych rzeczy przez cały okres spłaty." if plan.amount > 100_000 else "",
        securities=wanted,
        organisation=Organisation.objects.filter(nip=answers.nip).first(),
        person=None,
        new_job=plan.new_job,
        rating=Rating.NONE if plan.product == "fers-start" else Rating.WEAK,
        collateral=Collateral.NORMAL,
        aid_reason="Ocena na podstawie sprawozdań z dwóch lat i zabezpieczenia wekslem (przykład).",
        **{name: getattr(answers, name) for name in review_kinds.LOAN.terms},
    )


def _pages(plan, body, who):
    """{slug: answers} of the application."""
    product = next(row for row in Product.objects.filter(code=plan.product).order_by("-valid_from"))
    amount = Decimal(plan.amount)
    seat = {name: body[name] for name in ("street", "building", "postal_code", "locality", "commune")}
    soon = plan.day + datetime.timedelta(days=90)
    return {
        "pozyczka": {
            "product": product,
            "amount": amount,
            "months": plan.months,
            "grace": plan.grace,
            "method": plan.method,
        },
        "cel": {"purpose": f"{plan.what}.", "spent_by": plan.day + datetime.timedelta(days=150)},
        "zakupy": [
            _purchase(plan.what, SpendingKind.ASSETS, amount, "0.9", "0.8"),
            _purchase("Towar i materiały", SpendingKind.WORKING_CAPITAL, amount, "0.25", "0.2"),
        ],
        "organizacja": {
            **{name: body[name] for name in ("name", "pes_type", "legal_form", "nip", "krs")},
            "begun_on": D(2026, 1, 15) if plan.product == "fers-start" else D(2019, 5, 6),
        },
        "wielkosc": {"staff": Decimal("6.5"), "size": FirmSize.MICRO, "vat_payer": YesNo.YES},
        "siedziba": {**seat, "flat": ""},
        "kontakt": {
            "contact_first_name": who["first_name"],
            "contact_last_name": who["last_name"],
            "contact_role": "prezes",
            "email": who["email"],
            "phone": who["phone"],
        },
        "miejsca-pracy": [
            {"position": position, "posts": Decimal(posts), "since": soon, "at_risk": YesNo.YES}
            for position, posts in plan.jobs
        ],
        "zobowiazania": [
            {
                "creditor": creditor,
                "kind": DebtKind.LOAN,
                "left": Decimal(left),
                "instalment": Decimal(instalment),
                "until": D(2028, 6, 30),
            }
            for creditor, left, instalment in plan.debts
        ],
        "rynek": {
            "market": plan.market,
            "income": amount * 4,
            "costs": amount * 3,
            "repaid_from": "Z nadwyżki ze sprzedaży usług; umowy są podpisane na dwa lata.",
        },
        "zabezpieczenie": {"security": "Weksel in blanco, a przy większej kwocie poręczenie członka zarządu."},
        "oswiadczenia": {
            "arrears": YesNo.NO,
            "in_difficulty": YesNo.NO,
            "recovery_order": YesNo.NO,
            "had_de_minimis": YesNo.YES if plan.aid else YesNo.NO,
        },
        "pomoc": [{"granted_on": day, "grantor": grantor, "eur": Decimal(eur)} for day, grantor, eur in plan.aid],
    }


def _purchase(what, kind, amount, cost, from_loan):
    return {"what": what, "kind": kind, "cost": amount * Decimal(cost), "from_loan": amount * Decimal(from_loan)}


def _known(number):
    """The organisation of the register that applies: of every third thread one that has a case already."""
    if number % 3:
        return None
    clients = Case.objects.exclude(organisation=None).exclude(organisation__nip=None).filter(unit__kind=UnitKind.LEAD)
    clients = clients.filter(state=CaseState.ACTIVE)
    rows = clients.filter(organisation__merged_into=None).order_by("organisation", "pk").distinct("organisation")
    found = [case.organisation for case in rows.select_related("organisation__commune")]
    return found[number // 3] if number // 3 < len(found) else None


def _body_of(organisation):
    names = ("name", "legal_form", "pes_type", "nip", "street", "building", "postal_code", "locality", "commune")
    return {name: getattr(organisation, name) for name in names} | {"krs": organisation.krs or ""}


def _iban(demo):
    """A number of an invented account at the bank of the NBP's own example, right by its check digits."""
    demo.serial += 1
    bban = f"10901014{demo.serial:016d}"
    return f"PL{98 - int(f'{bban}252100') % 97:02d}{bban}"


def key(demo):
    return uuid.UUID(int=demo.random.getrandbits(128), version=4)
