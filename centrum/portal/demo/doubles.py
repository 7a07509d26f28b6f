"""A client written down twice: one pair made one, another left to be found."""

import datetime

from centrum.kit import clock
from centrum.register import merging
from centrum.register import services as register
from centrum.register.models import Organisation, Person


def tell(demo):
    day = datetime.date(2026, 10, 14)
    with clock.at(demo.moment(day)):
        people = Person.objects.filter(units=demo.units["swmp"]).exclude(email="").order_by("pk")
        joined, waiting = people[3], people[7]
        again = [_again(demo, person) for person in (joined, waiting)]
        body = Organisation.objects.filter(units=demo.units["swmp"]).order_by("pk")[5]
        twice = register.create_organisation(
            by=demo.coordinator,
            unit=demo.units["swmp"],
            name=body.name.replace("„", "").replace("”", ""),
            legal_form=body.legal_form,
            pes_type=body.pes_type,
            phone="600300200",
            locality=body.locality,
            commune=body.commune,
        )
    with clock.at(demo.moment(day + datetime.timedelta(days=2))):
        merging.merge(
            joined,
            again[0],
            by=demo.coordinator,
            reason="Wpis z nowym numerem telefonu, ta sama osoba.",
            take=["phone"],
        )
        merging.merge(body, twice, by=demo.coordinator, reason="Zapisana drugi raz bez NIP.", take=["phone"])


def _again(demo, person):
    """The same person written down once more by somebody who did not look."""
    return register.create_person(
        by=demo.staff["doradca2"],
        unit=demo.units["swmp"],
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone="600400500",
        locality=person.locality,
    )
