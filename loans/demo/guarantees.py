"""Guarantees of the demo, in every state, with reports of the lenders, calls and recourse; all of it invented."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from centrum.kit import clock
from centrum.kit.polish import number as in_polish
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Organisation
from loans import ledger, reviews, securities
from loans.demo import aid, lending
from loans.demo.lending import APPROVED, CARD, DRAWN, FORMAL, LAST_DAY, PREPARED, SIGNED, VOTES, D
from loans.enums import CreditKind, FirmSize, GuaranteeRating, SecurityKind, YesNo
from loans.guarantees import agreements, calls, fees, limits, recourse, report_files, reports
from loans.guarantees.applying import GUARANTEE
from loans.models import Fund, Guarantee, GuaranteeCall, Lender
from loans.schedule import rounded

BEGAN = D(2024, 7, 15)
CAPITAL, MULTIPLIER, CLIENT = Decimal(500_000), Decimal(3), Decimal("0.05")
PROMISED, ACTIVE = "promised", "active"
BANK, FUND = 0, 1
LENDERS = (
    {
        "name": "Bank Spółdzielczy „Przykład”",
        "nip": "5250000019",
        "address": "ul. Rynek 1, 66-520 Dobiegniew",
        "agreement": "WP/1/2024",
        "since": BEGAN,
    },
    {
        "name": "Fundusz Kredytowy „Wzór”",
        "nip": "5250000025",
        "address": "ul. Długa 2, 66-400 Gorzów Wielkopolski",
        "agreement": "WP/2/2024",
        "since": BEGAN,
        "most_cover": Decimal("0.7"),
        "days_to_pay": 14,
        "share": False,
    },
)


@dataclass(frozen=True)
class Plan:
    """A guarantee: for whose credit, how far it has come on the last day, and `then`: what became of it in force.

    `cover`: the part of the credit in per cent; `aid`: [(day, grantor, EUR)] that the client declares.
    """

    name: str
    day: datetime.date
    credit: int
    months: int
    what: str
    until: object = ACTIVE
    lender: int = BANK
    cover: int = 80
    grace: int = 0
    kind: str = CreditKind.WORKING
    rating: str = GuaranteeRating.BB
    fee_from: int = 1
    then: str = ""
    aid: tuple = field(default=())

    @property
    def amount(self):
        return self.credit * self.cover // 100


PLANS = (
    Plan("Spółdzielnia Socjalna „Ziarno”", D(2024, 8, 12), 25_000, 12, "Kredyt na zapasy mąki", then="expired"),
    Plan("Fundacja „Nowy Tor”", D(2024, 10, 14), 30_000, 24, "Wkład do dotacji na szkolenia", then="recovered"),
    Plan("Spółdzielnia Socjalna „Zielony Dach”", D(2024, 12, 2), 30_000, 36, "Materiały na dachy", then="written off",
         rating=GuaranteeRating.B),
    Plan("Fundacja „Dobry Adres”", D(2025, 2, 10), 28_000, 48, "Remont mieszkania treningowego", lender=FUND, cover=70,
         kind=CreditKind.INVESTMENT, grace=6, then="released"),
    Plan("Spółdzielnia Socjalna „Igła”", D(2025, 4, 14), 31_000, 36, "Maszyny szwalnicze",
         kind=CreditKind.INVESTMENT, then="recourse", rating=GuaranteeRating.B),
    Plan("Spółdzielnia Socjalna „Trzcina”", D(2025, 9, 8), 24_000, 36, "Kosiarka trzciny",
         kind=CreditKind.INVESTMENT, fee_from=2, then="called", rating=GuaranteeRating.NONE),
    Plan("Fundacja „Sąsiedzki Dom”", D(2025, 11, 10), 20_000, 24, "Kredyt w rachunku", then="call refused"),
    Plan("Spółdzielnia Socjalna „Wodnik”", D(2026, 1, 19), 28_000, 60, "Pompy i basen", kind=CreditKind.INVESTMENT,
         grace=3),
    Plan("Fundacja „Czas na Pracę”", D(2026, 3, 9), 18_000, 24, "Pomost do dotacji", lender=FUND, cover=60),
    Plan("Spółdzielnia Socjalna „Kuźnia”", D(2026, 5, 11), 26_000, 36, "Stal i gaz", then="verified"),
    Plan("Spółdzielnia Socjalna „Wietrzyk”", D(2026, 9, 14), 22_000, 36, "Wentylacja", SIGNED),
    Plan("Fundacja „Sto Pociech”", D(2026, 9, 28), 25_000, 48, "Przedszkole integracyjne", DRAWN,
         kind=CreditKind.INVESTMENT, aid=((D(2024, 5, 20), "Powiatowy Urząd Pracy", "8420.15"),)),
    Plan("Spółdzielnia Socjalna „Przystań”", D(2026, 10, 5), 26_000, 24, "Kredyt na sezon", PROMISED),
    Plan("Fundacja „Maliny”", D(2026, 10, 12), 16_000, 24, "Skup owoców", APPROVED),
    Plan("Spółdzielnia Socjalna „Glina”", D(2026, 3, 16), 20_000, 36, "Piec do ceramiki", APPROVED, then="lapsed"),
    Plan("Spółdzielnia Socjalna „Lutnia”", D(2026, 10, 26), 27_500, 36, "Instrumenty", PREPARED),
    Plan("Fundacja „Blisko”", D(2026, 10, 30), 21_000, 24, "Samochód do opieki", VOTES),
    Plan("Spółdzielnia Socjalna „Szafran”", D(2026, 11, 5), 24_000, 24, "Towar", CARD),
    Plan("Spółdzielnia Socjalna „Łąka”", D(2026, 11, 9), 20_000, 36, "Ule i maszyny", FORMAL),
    Plan("Fundacja „Pora na Nas”", D(2026, 11, 16), 15_000, 24, "Zapasy", None),
)  # fmt: skip


def threads(demo):
    return [_ground(demo), *(_reports(demo, lender) for lender in (BANK, FUND)), *_lives(demo)]


def _lives(demo):
    return [_life(demo, plan, number) for number, plan in enumerate(PLANS)]


def _ground(demo):
    """Capital, lenders, and limits by two people; higher ones wait for the second."""
    yield BEGAN
    accountant, boss = demo.staff["ksiegowosc"], demo.staff["kierownik"]
    for values in LENDERS:
        Lender.objects.create(**values)
    fund = Fund.objects.get()
    ledger.pay_in(
        fund, by=accountant, key="demo-gua", amount=CAPITAL, value_date=clock.today(), document="WB/P/1/2024",
        guarantees=True,
    )  # fmt: skip
    row = limits.enter(
        fund, by=accountant, multiplier=MULTIPLIER, client_cap=CLIENT, reasons="Uchwała zarządu nr 7/2024 (przykład)"
    )
    limits.confirm(row, by=boss)
    yield D(2026, 11, 13)
    limits.enter(
        fund, by=accountant, multiplier=Decimal(4), client_cap=CLIENT, reasons="Projekt uchwały na 2027 rok (przykład)"
    )


def _life(demo, plan, number):
    yield plan.day
    kind = (LegalForm.COOPERATIVE, PesType.SPOLDZIELNIA_SOCJALNA)
    if plan.name.startswith("Fundacja"):
        kind = (LegalForm.FOUNDATION, PesType.NGO)
    application = demo.send(demo.draft(GUARANTEE, _pages(plan, demo.body((plan.name, *kind)), demo.someone())))
    decision = yield from lending.reviewed(demo, plan, number, application, _prepared)
    if decision is None:
        return
    officer = demo.staff["pozyczki"]
    guarantee = Guarantee.objects.get(decision=decision)
    if plan.then == "lapsed":
        yield lending.after(20)
        agreements.lapse(guarantee, by=officer, reason="Bank udzielił kredytu bez poręczenia.")
        return
    if plan.until == APPROVED:
        return
    yield lending.after(4)
    guarantee = agreements.promise(guarantee, by=officer)
    if plan.until == PROMISED:
        return
    yield lending.after(6)
    guarantee = agreements.draw(guarantee, by=officer)
    if plan.until == DRAWN:
        return
    scan = demo.papers.letter(f"UMOWA {guarantee.number}", "Podpisano przez obie strony.", name="umowa")
    aid.rate_of_today(demo)
    guarantee = agreements.sign(guarantee, by=officer, signed_on=clock.today(), file=scan)
    if plan.until == SIGNED:
        return
    yield lending.after(3)
    for row in guarantee.securities.all():
        securities.establish(row, by=officer, established_on=clock.today(), document=f"weksel/{guarantee.pk}")
    guarantee = agreements.activate(
        guarantee, by=officer, activated_on=clock.today(), credit_number=f"KR/{guarantee.pk:03}/{clock.today().year}",
        paid_out=guarantee.credit,
    )  # fmt: skip
    yield from _in_force(demo, plan, guarantee)


def _in_force(demo, plan, guarantee):
    """Fees are paid a week after they fall due; a guarantee with a call has its end."""
    accountant = demo.staff["ksiegowosc"]
    ends = {"released": 420, "recourse": 330, "written off": 200, "recovered": 260, "call refused": 250}
    ends |= {"called": 395, "verified": 150}
    end = clock.today() + datetime.timedelta(days=ends.get(plan.then, 3_650))
    anniversary = 0
    while True:
        day = clock.months_later(guarantee.activated_on, 12 * anniversary) + datetime.timedelta(days=7)
        if day >= min(end, LAST_DAY):
            break
        yield max(day, clock.today())
        for fee in guarantee.fees.filter(paid_on=None):
            fees.pay(fee, by=accountant, paid_on=clock.today(), document=f"WB/P/{fee.pk}/{clock.today().year}")
        anniversary += 1
    if end > LAST_DAY:
        return
    yield lending.after((end - clock.today()).days)
    yield from _ended(demo, plan, Guarantee.objects.get(pk=guarantee.pk))


def _ended(demo, plan, guarantee):
    officer, boss, accountant = demo.staff["pozyczki"], demo.staff["kierownik"], demo.staff["ksiegowosc"]
    if plan.then == "released":
        paper = demo.papers.letter("Zaświadczenie", "Kredyt spłacono w całości przed terminem.", name="splata")
        agreements.release(
            guarantee, by=officer, ended_on=clock.today(), reason="Kredyt spłacony przed terminem.", file=paper
        )
        return
    paper = demo.papers.letter(
        "Wezwanie do zapłaty", "Kredyt wypowiedziano, dług nie został spłacony.", name="wezwanie"
    )
    owed = rounded(guarantee.exposure / guarantee.cover)
    call = calls.note(
        guarantee, by=officer, received_on=clock.today(), amount=guarantee.exposure, owed=owed,
        terminated_on=clock.today() - datetime.timedelta(days=35), file=paper,
    )  # fmt: skip
    if plan.then == "called":
        return
    yield lending.after(5)
    if plan.then == "call refused":
        calls.refuse(call, by=boss, reason="Brak dowodu, że bank wezwał dłużnika przed wypowiedzeniem kredytu.")
        return
    said = dict.fromkeys(("principal_only", *calls.PAPERS), True)
    call = calls.verify(call, by=officer, payable=calls.most(GuaranteeCall.objects.get(pk=call.pk)), **said)
    if plan.then == "verified":
        return
    yield lending.after(6)
    calls.pay(call, by=accountant, paid_on=clock.today(), document=f"WB/P/W/{call.pk}")
    yield lending.after(60)
    guarantee = Guarantee.objects.get(pk=guarantee.pk)
    share = guarantee.cover if guarantee.lender.share else Decimal(1)
    whole = plan.then == "recovered"
    amount = recourse.standing(guarantee).total if whole else Decimal(3_000)
    recourse.recover(
        guarantee,
        by=accountant,
        on=clock.today(),
        amount=rounded(amount / share),
        document=f"WB/P/R/{call.pk}",
        key=lending.key(demo),
    )
    if plan.then == "written off":
        yield lending.after(120)
        paper = demo.papers.letter("Postanowienie", "Egzekucję umorzono jako bezskuteczną.", name="komornik")
        loss = recourse.prepare_loss(guarantee, by=officer, reasons="Egzekucja bezskuteczna.", file=paper)
        yield lending.after(3)
        recourse.confirm_loss(loss, by=boss)


def _reports(demo, of):
    """On the tenth of every month the lender reports the month before: credits are paid back evenly after the grace."""
    day = D(2024, 10, 10)
    while day <= LAST_DAY:
        yield day
        lender, month = Lender.objects.get(agreement=LENDERS[of]["agreement"]), reports.last_month()
        rows = [row for row in reports.told_of(lender, month) if row.activated_on < day.replace(day=1)]
        if rows:
            lines = [";".join(report_files.HEADINGS), *(_reported(row, month) for row in rows)]
            data = "\r\n".join(lines).encode()
            reports.take_in(lender, month, data, f"raport-{month:%Y-%m}.csv", by=demo.staff["pozyczki"], same=True)
        day = clock.months_later(day, 1)


def _reported(guarantee, month):
    """A line of a report: who will be called pays nothing back, and is late."""
    began = guarantee.activated_on
    passed = (month.year - began.year) * 12 + month.month - began.month
    plan = next(plan for plan in PLANS if plan.name == guarantee.organisation.name)
    stops = plan.then in ("recourse", "written off", "recovered", "called", "verified")
    paid = max(0, min(passed, 3 if stops else guarantee.months) - guarantee.grace)
    left = guarantee.credit * (guarantee.months - guarantee.grace - paid) / (guarantee.months - guarantee.grace)
    late = 30 * max(0, passed - 3) if stops else 0
    return ";".join([guarantee.number, guarantee.credit_number, in_polish(rounded(left), places=2), str(late)])


def _prepared(application, plan, officer):
    answers = application.guarantee_application
    bill = {"kind": SecurityKind.BILL, "description": "Jeden weksel, podpisuje zarząd", "value": None}
    return reviews.prepare_approval(
        application,
        by=officer,
        reasons="Organizacja ma umowy, które pokrywają raty kredytu, i nie ma zaległości.",
        conditions="",
        securities=[bill],
        organisation=Organisation.objects.filter(nip=answers.nip).first(),
        person=None,
        lender=answers.lender,
        credit_kind=answers.credit_kind,
        credit=answers.credit,
        cover=answers.cover,
        months=answers.months,
        grace=answers.grace,
        fee=Decimal("0.01"),
        fee_from=plan.fee_from,
        rating=plan.rating,
        aid_reason="Ocena na podstawie sprawozdań z dwóch lat (przykład).",
    )


def _pages(plan, body, who):
    """{slug: answers} of the application."""
    seat = {name: body[name] for name in ("street", "building", "postal_code", "locality", "commune")}
    return {
        "kredyt": {
            "lender": Lender.objects.get(agreement=LENDERS[plan.lender]["agreement"]),
            "credit_kind": plan.kind,
            "credit": Decimal(plan.credit),
            "months": plan.months,
            "grace": plan.grace,
            "cover": Decimal(plan.cover) / 100,
        },
        "cel": {"purpose": f"{plan.what}."},
        "organizacja": {
            **{name: body[name] for name in ("name", "pes_type", "legal_form", "nip", "krs")},
            "begun_on": D(2019, 5, 6),
        },
        "wielkosc": {"staff": Decimal("5.5"), "size": FirmSize.MICRO, "vat_payer": YesNo.YES},
        "siedziba": {**seat, "flat": ""},
        "kontakt": {
            "contact_first_name": who["first_name"],
            "contact_last_name": who["last_name"],
            "contact_role": "prezes",
            "email": who["email"],
            "phone": who["phone"],
        },
        "powiazania": {"linked": YesNo.NO, "linked_with": ""},
        "zobowiazania": [],
        "rynek": {
            "market": "Usługi i towary dla mieszkańców i gmin.",
            "income": Decimal(plan.credit) * 8,
            "costs": Decimal(plan.credit) * 7,
            "repaid_from": "Z wpływów z umów podpisanych na dwa lata.",
        },
        "zabezpieczenie": {"bank_security": "Pełnomocnictwo do rachunku.", "security": "Weksel in blanco."},
        "oswiadczenia": {
            "arrears": YesNo.NO,
            "in_difficulty": YesNo.NO,
            "recovery_order": YesNo.NO,
            "had_de_minimis": YesNo.YES if plan.aid else YesNo.NO,
        },
        "pomoc": [{"granted_on": day, "grantor": grantor, "eur": Decimal(eur)} for day, grantor, eur in plan.aid],
    }
