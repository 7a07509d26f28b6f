"""Loans of the demo with two years behind them: paid on time, late, early, called, written off; all invented."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from centrum.kit import clock
from centrum.register.enums import LegalForm, PesType
from loans import (
    annexes,
    arrears,
    client_links,
    jobs,
    measures,
    nightly,
    repayments,
    telling,
    visits,
    yearly_papers,
)
from loans.demo import aid, lending
from loans.demo.lending import DECREASING, EQUAL, PAID, D, Plan
from loans.enums import Channel, MeasureKind
from loans.models import Fund, Loan

FIRST_DAY, LAST_DAY = D(2024, 7, 1), D(2026, 11, 20)


@dataclass(frozen=True)
class Life:
    """A borrower, what was lent, and how it is paid back: `late` days after each instalment, the `skipped` ones never,
    nothing after `stops` instalments; `then`: what comes of it."""

    name: str
    plan: Plan
    late: int = 0
    stops: int = 0
    skipped: tuple = ()
    then: str = ""


def _lent(day, amount, months, what, *, grace=0, method=DECREASING, **more):
    return Plan(day, amount, months, what, PAID, grace, method, paid=1, settled="accept", **more)


LIVES = (
    Life("Spółdzielnia Socjalna „Chleb z Pieca”", _lent(D(2024, 7, 8), 60_000, 24, "Piec piekarski")),
    Life("Fundacja „Cztery Pory”", _lent(D(2024, 8, 5), 24_000, 12, "Namiot i ławy"), then="repaid"),
    Life("Spółdzielnia Socjalna „Modrzew”", _lent(D(2024, 9, 2), 90_000, 60, "Tartak przewoźny", grace=3), late=4),
    Life("Fundacja „Nad Osownicą”", _lent(D(2024, 10, 7), 48_000, 36, "Łodzie", method=EQUAL), then="payoff"),
    Life("Spółdzielnia Socjalna „Pralka”", _lent(D(2024, 11, 4), 72_000, 48, "Pralnica"), stops=6, then="written off"),
    Life("Spółdzielnia Socjalna „Na Zakręcie”", _lent(D(2025, 1, 13), 66_000, 48, "Bus"), stops=7, then="recovery"),
    Life("Fundacja „Lipowa 5”", _lent(D(2025, 2, 3), 54_000, 36, "Kuchnia"), stops=11, then="terminated"),
    Life("Spółdzielnia Socjalna „Ogrody”", _lent(D(2025, 3, 3), 80_000, 60, "Szklarnia", jobs=(("ogrodnik", "2"),)),
         then="forgiven"),
    Life("Spółdzielnia Socjalna „Mozaika”", _lent(D(2025, 4, 7), 45_000, 36, "Piec do szkła"), skipped=(10, 11, 12),
         then="restructured"),
    Life("Fundacja „Poranna Kawa”", _lent(D(2025, 5, 5), 36_000, 36, "Ekspres i meble", method=EQUAL), then="reduce"),
    Life("Spółdzielnia Socjalna „Warsztat 7”", _lent(D(2025, 6, 2), 57_000, 48, "Podnośnik"), then="shorten"),
    Life("Spółdzielnia Socjalna „Dębowa Deska”", _lent(D(2025, 7, 7), 75_000, 60, "Strugarka"), then="backdated"),
    Life("Fundacja „Otwarte Drzwi”", _lent(D(2025, 8, 4), 30_000, 24, "Podjazd i winda"), then="over"),
    Life("Spółdzielnia Socjalna „Trzy Jaskółki”", _lent(D(2025, 9, 1), 99_000, 72, "Chłodnia", method=EQUAL),
         then="taken back"),
    Life("Spółdzielnia Socjalna „Wikliniarze”", _lent(D(2025, 10, 6), 27_000, 24, "Wiklina i formy"), stops=11),
    Life("Fundacja „Pod Lasem”", _lent(D(2025, 11, 3), 63_000, 48, "Domki gościnne"), stops=10),
    Life("Spółdzielnia Socjalna „Nitka”", _lent(D(2025, 12, 1), 42_000, 36, "Hafciarka"), stops=8),
    Life("Spółdzielnia Socjalna „Rzeka”", _lent(D(2026, 1, 12), 51_000, 36, "Pomost i kajaki"), late=9),
)  # fmt: skip


def threads(demo):
    lives = [_life(demo, life, number) for number, life in enumerate(LIVES)]
    return [
        _nights(),
        _letters(demo),
        _watched(demo),
        *lives,
        *(_newer(demo, plan, number) for number, plan in enumerate(lending.PLANS)),
    ]


def _newer(demo, plan, number):
    """A loan of this year, which is paid back on time as far as it is paid out."""
    loan = yield from lending.borrower(demo, plan, number)
    day = clock.today()
    while plan.until == PAID and (row := _next_row(loan, day)) and row.due <= LAST_DAY:
        yield row.due
        day = row.due
        _pay(demo, loan, demo.staff["ksiegowosc"], telling.standing(loan).arrears + row.total, clock.today())


def _next_row(loan, day):
    """The instalment that falls due after a day."""
    return loan.schedules.get(current=True).rows.filter(due__gt=day).order_by("nr").first()


def _nights():
    """The nightly run: once a week, at the beginning of every month, and every day of the last two weeks."""
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        for fund in Fund.objects.all():
            nightly.keep(fund)
        following = day + datetime.timedelta(days=1)
        while following.weekday() and following.day != 1 and following < LAST_DAY - datetime.timedelta(days=14):
            following += datetime.timedelta(days=1)
        day = following


def _letters(demo):
    """Every four weeks the officer sends the final demands, and leaves out what was settled by telephone."""
    officer, day = demo.staff["pozyczki"], FIRST_DAY + datetime.timedelta(days=140)
    while day < LAST_DAY - datetime.timedelta(days=14):
        yield day
        for notice in arrears.waiting_for(officer).exclude(step__channel=Channel.DECISION):
            if notice.step.code == "final-demand":
                arrears.send(notice, by=officer, how="list polecony")
            else:
                arrears.drop(notice, by=officer, reason="Zapłata uzgodniona przez telefon.")
        day += datetime.timedelta(days=28)


def _watched(demo):
    """Jobs are created and kept, a visit finds something, papers of a year come, a borrower gets a link."""
    officer = demo.staff["pozyczki"]

    def paper(name):
        return demo.papers.letter(name.upper(), "Dokument od pożyczkobiorcy.", name=name.replace(" ", "-"))

    yield D(2025, 5, 12)
    loan = Loan.objects.get(organisation__name="Spółdzielnia Socjalna „Ogrody”")
    for job in loan.jobs.order_by("number"):
        proof = paper("umowa o pracę")
        jobs.create(job, by=officer, created_on=D(2025, 5, 5), at_risk="yes", woman="yes", file=proof)
    visit = visits.plan(loan, by=officer, planned_on=D(2025, 9, 10), subject="Szklarnia i miejsca pracy")
    yield D(2025, 9, 11)
    visit = visits.hold(visit, by=officer, held_on=D(2025, 9, 10), protocol="Szklarnia stoi, pracują dwie osoby.")
    visits.note_findings(visit, by=officer, findings="Brak tablicy o dofinansowaniu.", fix_by=D(2025, 10, 10))
    yield D(2025, 10, 8)
    visits.fix(visit, by=officer, reason="Przysłano zdjęcie tablicy.")
    yield D(2026, 5, 11)
    for job in loan.jobs.order_by("number"):
        jobs.keep(job, by=officer, file=paper("zaświadczenie ZUS"))
    for row in loan.yearly_papers.filter(year=2025):
        yearly_papers.receive(row, by=officer, received_on=D(2026, 5, 11), file=paper(f"dokument roczny {row.kind}"))
    client_links.send(loan, by=officer, email=client_links.addresses(loan)[0])
    yield D(2026, 11, 12)
    other = Loan.objects.get(organisation__name="Spółdzielnia Socjalna „Warsztat 7”")
    visits.plan(other, by=officer, planned_on=D(2026, 12, 3), subject="Podnośnik i dokumenty")


def _life(demo, life, number):
    kind = (LegalForm.COOPERATIVE, PesType.SPOLDZIELNIA_SOCJALNA)
    if life.name.startswith("Fundacja"):
        kind = (LegalForm.FOUNDATION, PesType.NGO)
    loan = yield from lending.borrower(demo, life.plan, number, (life.name, *kind))
    officer, accountant, boss = demo.staff["pozyczki"], demo.staff["ksiegowosc"], demo.staff["kierownik"]
    paid = 0
    while row := _row_after(loan, paid):
        if life.stops and row.nr > life.stops:
            break
        paid = row.nr
        if paid in life.skipped:
            continue
        due = row.due + datetime.timedelta(days=life.late)
        if due > LAST_DAY:
            return
        yield max(due, clock.today())
        _one(demo, life, loan, row, accountant)
        loan = Loan.objects.get(pk=loan.pk)
        if paid == 14 and life.then in ("forgiven", "payoff"):
            yield from _ended(demo, life, loan, officer, boss, accountant)
        if paid == 13 and life.then == "restructured":
            yield from _restructured(demo, loan, officer, boss)
            loan = Loan.objects.get(pk=loan.pk)
            paid = loan.schedules.get(current=True).rows.filter(due__lte=clock.today()).count()
        if paid == 6 and life.then == "taken back":
            payment = loan.payments.latest("pk")
            yield lending.after(3)
            repayments.take_back(payment, by=boss, reason="Bank cofnął przelew: pomyłka nadawcy.")
    if life.then in ("terminated", "recovery", "written off"):
        yield from _called(demo, life, loan, officer, boss, accountant)


def _row_after(loan, paid):
    """The instalment after the last one that was looked at, while there is a schedule with one."""
    return loan.schedules.get(current=True).rows.filter(nr__gt=paid).order_by("nr").first()


def _one(demo, life, loan, row, by):
    """One instalment is paid, in the way of this borrower."""
    amount, mode, value_date = row.total, "", clock.today()
    if row.nr == 5 and life.then in ("reduce", "shorten"):
        amount, mode = amount + 6_000, life.then
    if row.nr == 4 and life.then == "over":
        amount += 750
    if row.nr == 9 and life.then == "backdated":
        return  # comes to light with the next one
    if row.nr == 10 and life.then == "backdated":
        before = loan.schedules.get(current=True).rows.get(nr=9)
        _pay(demo, loan, by, before.total, before.due)
    if row.nr == 14 and life.then == "payoff":
        amount, mode = sum(telling.payoff(loan, clock.today()).values()), "reduce"
    _pay(demo, loan, by, amount, value_date, mode)


def _pay(demo, loan, by, amount, value_date, mode=""):
    if loan.state == "repaid" or not amount:
        return
    repayments.receive(
        loan,
        by=by,
        amount=Decimal(amount),
        value_date=value_date,
        document=f"WB/{value_date:%m}/{value_date.year}",
        key=lending.key(demo),
        mode=mode,
    )


def _ended(demo, life, loan, officer, boss, accountant):
    if life.then == "forgiven":
        paper = demo.papers.letter("Oświadczenie", "Miejsca pracy trwają ponad 12 miesięcy.", name="miejsca-pracy")
        measure = measures.prepare(
            loan, by=officer, kind=MeasureKind.FORGIVENESS, on=clock.today(), amount=Decimal(12_000), kept=True,
            reasons="Dwa miejsca pracy utrzymane przez rok; warunek programu spełniony.", document=paper,
        )  # fmt: skip
        yield lending.after(2)
        aid.rate_of_today(demo)
        measures.confirm(measure, by=boss)


def _restructured(demo, loan, officer, boss):
    """Three instalments were not paid; an annex spreads them anew, their interest waits apart."""
    yield lending.after(3)
    annex = annexes.prepare(
        loan, by=officer, valid_from=annexes.first_days(loan)[0], months=6, reasons="Utrata głównego odbiorcy."
    )
    yield lending.after(1)
    annex = annexes.confirm(annex, by=boss)
    yield lending.after(1)
    aid.rate_of_today(demo)
    annex = annexes.sign(annex, by=officer, signed_on=clock.today())
    paper = demo.papers.letter(
        "Wniosek o restrukturyzację", "Prosimy o rozłożenie zaległości.", name="restrukturyzacja"
    )
    loan = Loan.objects.get(pk=loan.pk)
    measure = measures.prepare(
        loan, by=officer, kind=MeasureKind.RESTRUCTURING, on=annex.valid_from, annex=annex, document=paper,
        reasons="Nowy odbiorca od lipca, spłata realna.",
    )  # fmt: skip
    measures.confirm(measure, by=boss)


def _called(demo, life, loan, officer, boss, accountant):
    """Terminated after more than sixty days; then the bill and the court; then nothing is to be had."""
    yield lending.after(95)
    notice = measures.earliest(MeasureKind.TERMINATION)
    measure = measures.prepare(
        loan, by=officer, kind=MeasureKind.TERMINATION, on=notice, ground="arrears",
        reasons="Brak wpłat mimo wezwań.",
    )  # fmt: skip
    yield notice
    measures.confirm(measure, by=boss)
    if life.then == "terminated":
        return
    yield lending.after(30)
    paper = demo.papers.letter("Weksel", "Wypełniono weksel na sumę zadłużenia.", name="weksel")
    measure = measures.prepare(
        Loan.objects.get(pk=loan.pk), by=officer, kind=MeasureKind.RECOVERY, on=clock.today(), step="bill",
        reasons="Brak zapłaty po wypowiedzeniu.", document=paper,
    )  # fmt: skip
    yield lending.after(2)
    measures.confirm(measure, by=boss)
    yield lending.after(40)
    _pay(demo, Loan.objects.get(pk=loan.pk), accountant, 3_000, clock.today())
    if life.then == "recovery":
        return
    yield lending.after(60)
    paper = demo.papers.letter("Postanowienie", "Umorzono egzekucję jako bezskuteczną.", name="postanowienie")
    measure = measures.prepare(
        Loan.objects.get(pk=loan.pk), by=officer, kind=MeasureKind.WRITE_OFF, on=clock.today(),
        reasons="Komornik stwierdził bezskuteczność egzekucji.", document=paper,
    )  # fmt: skip
    yield lending.after(5)
    measures.confirm(measure, by=boss)
    yield lending.after(30)
    _pay(demo, Loan.objects.get(pk=loan.pk), accountant, 1_500, clock.today())
