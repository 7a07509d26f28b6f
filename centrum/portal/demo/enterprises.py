"""Social enterprises: statuses and what the Act asks of who has one; ties between organisations, people and banks."""

import datetime

from stdnum import iban as iban_rules

from centrum.kit import clock
from centrum.register import enterprise, ties
from centrum.register.enums import Aim, LinkKind, PesType, Regime
from centrum.register.models import Organisation, Person

D = datetime.date
VOIVODE = "Wojewoda Lubuski"
LOST = "Spółdzielnia nie zatrudniała osób zagrożonych wykluczeniem i nie usunęła tego w terminie."
# Periods (from, to, aim, taken by a decision because), reports {year: sent on}, headcounts (day, all, half, at risk)
STORIES = (
    (  # everything in order
        [(D(2023, 5, 10), None, Aim.REINTEGRATION, "")],
        {2023: D(2024, 3, 12), 2024: D(2025, 3, 20), 2025: D(2026, 3, 24)},
        [(D(2024, 12, 31), 8, 7, 3), (D(2025, 12, 31), 10, 9, 4), (D(2026, 9, 30), 12, 10, 5)],
    ),
    (  # a status of before the Act, then one under it; the last report came late
        [(D(2021, 4, 1), D(2023, 7, 1), Aim.REINTEGRATION, ""), (D(2023, 9, 4), None, Aim.BOTH, "")],
        {2023: D(2024, 3, 28), 2024: D(2025, 3, 31), 2025: D(2026, 4, 21)},
        [(D(2025, 12, 31), 9, 9, 3)],
    ),
    (  # the report for 2025 is missing, and too few people are at risk
        [(D(2023, 9, 1), None, Aim.REINTEGRATION, "")],
        {2023: D(2024, 3, 4), 2024: D(2025, 3, 18)},
        [(D(2025, 6, 30), 6, 6, 2), (D(2026, 8, 31), 8, 6, 1)],
    ),
    (  # taken away: a year is waited for
        [(D(2023, 3, 1), D(2026, 2, 16), Aim.REINTEGRATION, LOST)],
        {2023: D(2024, 3, 29), 2024: D(2025, 3, 26), 2025: D(2026, 2, 10)},
        [(D(2025, 10, 31), 5, 4, 0)],
    ),
    (  # another aim; two people are too few
        [(D(2024, 11, 4), None, Aim.SERVICES, "")],
        {2024: D(2025, 2, 27)},
        [(D(2026, 6, 30), 2, 2, 0)],
    ),
    (  # given up by itself
        [(D(2023, 1, 16), D(2025, 7, 1), Aim.SERVICES, "")],
        {2023: D(2024, 3, 15), 2024: D(2025, 3, 30), 2025: D(2026, 1, 28)},
        [],
    ),
)
# First supported job made on; the status is due six months later: soon, late, got in time
DUTIES = (D(2026, 6, 15), D(2026, 4, 7), D(2025, 3, 3))
GOT_IN_TIME = [(D(2025, 8, 1), None, Aim.REINTEGRATION, "")]


def tell(demo):
    found = Organisation.objects.filter(units=demo.units["swmp"], merged_into=None).order_by("pk")
    cooperatives = list(found.filter(pes_type=PesType.SPOLDZIELNIA_SOCJALNA))
    others = list(found.filter(pes_type__in=(PesType.NGO, PesType.SPOLKA_NON_PROFIT)))
    holders = [*cooperatives, *others]
    for organisation, story in zip(holders, STORIES, strict=False):
        _story(demo, organisation, *story)
    waiting = holders[len(STORIES) : len(STORIES) + len(DUTIES)]
    for organisation, day in zip(waiting, DUTIES, strict=True):
        with clock.at(demo.moment(demo.later(day, 3, 10))):
            enterprise.note_status_duty(organisation, by=demo.coordinator, job_created_on=day)
    _story(demo, waiting[-1], GOT_IN_TIME, {2025: D(2026, 3, 30)}, [(D(2026, 5, 29), 4, 3, 1)])
    _links(demo, holders)
    _contacts(demo, holders)
    _accounts(demo, holders)


def _story(demo, organisation, periods, reports, headcounts):
    adviser = demo.staff["doradca"]
    for begins, ends, aim, lost in periods:
        old = begins < D(2022, 10, 30)
        decided = demo.later(begins, -20, -12)
        with clock.at(demo.moment(demo.later(begins, 2, 9))):
            demo.serial += 1
            status = enterprise.grant_status(
                organisation,
                by=adviser,
                regime=Regime.CT9 if old else Regime.ACT_2022,
                aim=aim,
                decision_no=f"{'OWES' if old else 'PS-I.9431'}.{demo.serial}.{decided.year}",
                decision_on=decided,
                voivode="SWMP, OWES w Gorzowie Wielkopolskim" if old else VOIVODE,
                valid_from=begins,
            )
        if ends:
            reason = lost or ("Wygasł z przepisów wprowadzających ustawę." if old else "Organizacja zrezygnowała.")
            with clock.at(demo.moment(demo.later(ends, 1, 5))):
                enterprise.end_status(status, by=adviser, valid_to=ends, reason=reason, taken=bool(lost))
    for year, sent in reports.items():
        with clock.at(demo.moment(demo.later(sent, 1, 6))):
            enterprise.note_report(
                organisation, by=adviser, year=year, sent_on=sent, reference=f"UPO-{demo.random.randint(10**9, 10**10)}"
            )
    for day, employed, half_time, at_risk in headcounts:
        with clock.at(demo.moment(demo.later(day, 4, 12))):
            enterprise.note_headcount(
                organisation,
                by=adviser,
                counted_on=day,
                employed=employed,
                half_time=half_time,
                at_risk=at_risk,
                proof="oświadczenie i ZUS DRA",
            )


def _links(demo, holders):
    """A chain of three, of which one link is over; a cooperative that a foundation has founded."""
    one, two, three, four = holders[0], holders[2], holders[4], holders[5]
    told = (
        (one, two, LinkKind.MAJORITY, D(2024, 2, 1), None, "KRS, dział 1"),
        (two, three, LinkKind.CONTRACT, D(2023, 6, 15), D(2025, 9, 1), "umowa partnerska"),
        (three, one, LinkKind.APPOINTS, D(2025, 1, 20), None, "statut, § 14"),
        (three, four, LinkKind.AGREEMENT, D(2025, 11, 3), None, "oświadczenie o powiązaniach"),
    )
    for organisation, other, kind, begins, ends, source in told:
        with clock.at(demo.moment(demo.later(begins, 5, 20))):
            made = ties.link(
                organisation, by=demo.staff["doradca2"], other=other, kind=kind, valid_from=begins, source=source
            )
        if ends:
            with clock.at(demo.moment(demo.later(ends, 2, 9))):
                ties.end_link(made, by=demo.staff["doradca2"], valid_to=ends)


def _contacts(demo, holders):
    """Two a body, of whom one signs and gets the letters; one who has left."""
    people = iter(Person.objects.filter(units=demo.units["swmp"], merged_into=None).exclude(email="").order_by("pk"))
    begins = D(2024, 6, 3)
    for number, organisation in enumerate(holders[:8]):
        with clock.at(demo.moment(begins + datetime.timedelta(days=number))):
            made = ties.add_contact(
                organisation,
                by=demo.staff["animator"],
                person=(person := next(people)),
                role="prezeska zarządu" if person.sex == "f" else "prezes zarządu",
                valid_from=begins,
                signs=True,
                main=True,
            )
            ties.add_contact(
                organisation, by=demo.staff["animator"], person=next(people), role="księgowość", valid_from=begins
            )
        if number == 3:
            with clock.at(demo.moment(D(2026, 5, 11))):
                ties.end_contact(made, by=demo.staff["animator"], valid_to=D(2026, 5, 1))
                ties.add_contact(
                    organisation,
                    by=demo.staff["animator"],
                    person=(person := next(people)),
                    role="likwidatorka" if person.sex == "f" else "likwidator",
                    valid_from=D(2026, 5, 1),
                    signs=True,
                    main=True,
                )


def _accounts(demo, holders):
    """Confirmed by a second person, waiting for one, and ended because another came; one of a person."""
    adviser = demo.staff["doradca"]

    def note(owner, day, *, confirmed, bank="Bank Spółdzielczy „Nad Notecią”"):
        with clock.at(demo.moment(day)):
            made = ties.add_account(
                owner, by=adviser, iban=_iban(demo), valid_from=day, bank=bank, proof="zaświadczenie z banku"
            )
        if confirmed:
            with clock.at(demo.moment(demo.later(day, 1, 4))):
                made = ties.confirm_account(made, by=demo.coordinator)
        return made

    old = note(holders[0], D(2024, 3, 5), confirmed=True)
    with clock.at(demo.moment(D(2026, 2, 4))):
        ties.end_account(old, by=adviser, valid_to=D(2026, 2, 1))
    note(holders[0], D(2026, 2, 4), confirmed=True, bank="Bank „Lipowy”")
    note(holders[1], D(2025, 5, 12), confirmed=True)
    for organisation in holders[2:4]:
        note(organisation, demo.later(D(2026, 11, 20), -6, -3), confirmed=False)
    person = Person.objects.filter(units=demo.units["swmp"], merged_into=None).order_by("pk").first()
    note(person, D(2026, 9, 15), confirmed=True, bank="Bank „Lipowy”")


def _iban(demo):
    """A number that agrees with its check digits, of a bank that there is not (9999)."""
    demo.serial += 1
    rest = f"99990001{demo.serial:016d}"
    return f"PL{iban_rules.calc_check_digits(f'PL00{rest}')}{rest}"
