"""The house itself: authorisations that end and are renewed, who stands in for whom, what an auditor reads."""

import datetime

from centrum.cases.models import Case
from centrum.kit import clock
from centrum.register import audits
from centrum.staff import services as staff
from centrum.staff.enums import Scope

D = datetime.date


def tell(demo):
    _authorisations(demo)
    _delegations(demo)
    _samples(demo)


def _authorisations(demo):
    """One that ends soon, one that has ended and was issued anew a month later, one that begins next year."""
    administrator, people = demo.staff["administrator"], demo.staff

    def sensitive(name):
        return people[name].authorisations.get(scope=Scope.SENSITIVE, valid_to=None)

    with clock.at(demo.moment(D(2026, 11, 2))):
        staff.end_authorisation(sensitive("doradca2"), by=administrator, on=D(2026, 12, 5))
    with clock.at(demo.moment(D(2026, 6, 15))):
        staff.end_authorisation(sensitive("animator"), by=administrator, on=D(2026, 7, 1))
    with clock.at(demo.moment(D(2026, 7, 30))):
        staff.authorise(people["animator"], by=administrator, scope=Scope.SENSITIVE, valid_from=D(2026, 8, 1))
    with clock.at(demo.moment(D(2026, 9, 21))):
        staff.end_authorisation(sensitive("ksiegowosc"), by=administrator, on=D(2026, 10, 1))
    with clock.at(demo.moment(D(2026, 11, 16))):
        staff.authorise(people["ksiegowosc"], by=administrator, scope=Scope.SENSITIVE, valid_from=D(2027, 1, 4))


def _delegations(demo):
    """A holiday that is over, a long leave in which a colleague stands in, and one that was called off."""
    manager, people = demo.staff["kierownik"], demo.staff
    with clock.at(demo.moment(D(2026, 7, 1))):
        staff.delegate(
            by=people["doradca"],
            absent=people["doradca"],
            deputy=people["doradca2"],
            first_day=D(2026, 7, 6),
            last_day=D(2026, 7, 17),
            reason="urlop wypoczynkowy",
        )
    with clock.at(demo.moment(D(2026, 10, 26))):
        staff.delegate(
            by=manager,
            absent=people["animator"],
            deputy=people["doradca"],
            first_day=D(2026, 11, 2),
            last_day=D(2027, 4, 30),
            reason="urlop rodzicielski",
        )
    with clock.at(demo.moment(D(2026, 11, 12))):
        off = staff.delegate(
            by=people["doradca2"],
            absent=people["doradca2"],
            deputy=people["doradca"],
            first_day=D(2026, 12, 7),
            last_day=D(2026, 12, 11),
            reason="szkolenie",
        )
    with clock.at(demo.moment(D(2026, 11, 18))):
        staff.call_off_delegation(off, by=people["doradca2"])


def _samples(demo):
    """One that the auditor reads now, one that is over."""
    manager, auditor = demo.staff["kierownik"], demo.staff["kontroler"]
    cases = list(Case.objects.filter(project=demo.project, unit=demo.units["swmp"]).order_by("number"))
    told = (
        (D(2026, 5, 18), D(2026, 5, 29), "Kontrola wniosku o płatność nr 9", cases[:4]),
        (D(2026, 11, 16), D(2027, 2, 26), "Kontrola wniosku o płatność nr 12", cases[4::6]),
    )
    for first_day, last_day, purpose, chosen in told:
        with clock.at(demo.moment(demo.later(first_day, -5, -3))):
            people = {person for case in chosen for person in case.participations.values_list("person", flat=True)}
            audits.make_sample(
                by=manager,
                auditor=auditor,
                purpose=purpose,
                first_day=first_day,
                last_day=last_day,
                people=people | {case.person_id for case in chosen},
            )
