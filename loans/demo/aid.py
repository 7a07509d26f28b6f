"""De minimis aid of the demo: rates of the euro, statements, aid noted by hand, reports to SHRIMP; all invented."""

import datetime
from decimal import Decimal

from centrum.kit import clock
from centrum.kit.transitions import Refused
from centrum.register import ties
from centrum.register.enums import LinkKind
from centrum.register.models import Organisation
from loans import schedule
from loans.deminimis import euro, queries, register, shrimp, statements
from loans.enums import AidInstrument, StatementSource
from loans.models import AidGrant

D = datetime.date
FIRST_DAY, LAST_DAY = D(2024, 7, 8), D(2026, 11, 20)
RATE_SOURCE = "kurs przykładowy, nie z tabeli NBP"
FULL = "Spółdzielnia Socjalna „Biała Piana”"  # near its ceiling
LINKED = ("Fundacja „Nowy Tor”", "Fundacja „Dobry Adres”")


def rate_of_today(demo):
    """See to it that there is a rate of the euro today, by two people."""
    today = clock.today()
    try:
        euro.rate_on(today)
    except Refused:
        day = today if schedule.is_business_day(today) else euro.business_day_before(today)
        row = euro.enter(
            by=demo.staff["ksiegowosc"],
            day=day,
            table=f"{day.timetuple().tm_yday * 5 // 7 + 1}/A/NBP/{day.year}",
            rate=Decimal("4.2") + Decimal(day.toordinal() % 97) / 1000,
            source=RATE_SOURCE,
        )
        euro.confirm(row, by=demo.staff["kierownik"])


def threads(demo):
    return [_reports(demo), _by_hand(demo), _others(demo)]


def _reports(demo):
    """Every Tuesday what was granted until then is reported to SHRIMP; the aid of the last days still waits."""
    officer, day = demo.staff["pozyczki"], FIRST_DAY + datetime.timedelta(days=1)
    while day <= LAST_DAY:
        yield day
        rows = list(queries.to_report(officer))
        numbers = {row.pk: f"PRZYKLAD-{row.pk:05}" for row in rows}
        if rows:
            shrimp.report(rows, by=officer, reported_on=day, numbers=numbers)
        day += datetime.timedelta(days=7)


def _by_hand(demo):
    """Grants for jobs, training and advice by two people; one is corrected, one cancelled, one waits."""
    officer, boss = demo.staff["pozyczki"], demo.staff["kierownik"]
    yield D(2025, 6, 10)
    gardens = Organisation.objects.get(name="Spółdzielnia Socjalna „Ogrody”")

    def noted(instrument, nominal, reference):
        rate_of_today(demo)
        return register.note(
            gardens, by=officer, instrument=instrument, granted_on=clock.today(), nominal=Decimal(nominal),
            reference=reference,
        )  # fmt: skip

    grant = noted(AidInstrument.JOB_GRANT, 36_000, "Umowa dotacji na miejsce pracy nr 12/2025 (przykład)")
    yield D(2025, 6, 11)
    grant = register.confirm(grant, by=boss)
    yield D(2025, 9, 16)
    training = register.confirm(noted(AidInstrument.TRAINING, 1_240, "Szkolenie „Sprzedaż usług” (przykład)"), by=boss)
    yield D(2025, 9, 30)
    register.cancel(training, by=boss, reason="Szkolenie się nie odbyło.")
    yield D(2025, 11, 4)
    correction = register.correct(
        grant, by=officer, pln=Decimal(30_000), nominal=Decimal(30_000), reason="Wypłacono mniej niż w umowie."
    )
    yield D(2025, 11, 5)
    register.confirm(correction, by=boss)
    yield D(2026, 11, 18)
    noted(AidInstrument.ADVICE, 2_460, "Doradztwo biznesowe, karta 118/2026 (przykład)")
    training = noted(AidInstrument.TRAINING, 1_860, "Szkolenie „Kosztorys”, grupa 2 (przykład)")
    yield D(2026, 11, 19)
    register.confirm(training, by=boss)


def _others(demo):
    """What applicants declare and SUDOP shows; two of the clients are one undertaking."""
    officer = demo.staff["pozyczki"]
    yield D(2026, 2, 2)
    one, other = (Organisation.objects.get(name=name) for name in LINKED)
    ties.link(
        one, by=officer, other=other, kind=LinkKind.MAJORITY, valid_from=D(2026, 1, 1), source="KRS, odpis z 2.2.2026"
    )
    yield D(2026, 11, 12)
    full = Organisation.objects.get(name=FULL)
    of_others = (
        (D(2024, 5, 14), "Agencja Rozwoju (przykład)", "96800.00"),
        (D(2025, 3, 3), "Fundusz Regionalny (przykład)", "99400.50"),
        (D(2026, 2, 18), "Powiatowy Urząd Pracy (przykład)", "71250.25"),
    )
    rows = [statements.Row(day, grantor, Decimal(eur)) for day, grantor, eur in of_others]
    ours = AidGrant.objects.filter(organisation=full, state="granted").order_by("granted_on")
    rows += [statements.Row(row.granted_on, "Fundusz Pożyczkowy", row.eur) for row in ours]
    file = demo.papers.letter("SUDOP: wynik zapytania", "Pomoc de minimis z trzech lat.", name="sudop")
    statements.keep(full, by=officer, source=StatementSource.SUDOP, as_of=clock.today(), rows=rows, file=file)
    declared = rows[: len(of_others) - 1]
    statements.keep(full, by=officer, source=StatementSource.DECLARED, as_of=clock.today(), rows=declared)
