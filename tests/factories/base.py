"""Units, accounts, projects, people and organisations."""

import datetime
import itertools

from centrum.kit import clock, crypto
from centrum.register.enums import IdentifierKind, LegalForm, PesType, Sex
from centrum.register.models import AuditSample, Commune, Organisation, Person
from centrum.reporting.models import Project
from centrum.staff.enums import Role, Scope, UnitKind
from centrum.staff.models import Authorisation, Delegation, Unit, User

_counter = itertools.count(1)
PASSWORD = "a-long-test-password"


def unit(kind=UnitKind.LEAD, code=None):
    code = code or ("lead" if kind == UnitKind.LEAD else f"partner-{next(_counter)}")
    return Unit.objects.get_or_create(code=code, defaults={"name": f"Unit {code}", "kind": kind})[0]


def user(role=Role.COORDINATOR, *, unit_=None, projects=(), authorised=True, **data):
    """An account with authorisations of every scope since long ago, unless `authorised` is false."""
    n = next(_counter)
    account = User(
        **{"email": f"user{n}@example.org", "first_name": "Anna", "last_name": f"Testowa{n}", **data},
        role=role,
        unit=unit_ or unit(),
    )
    account.set_password(PASSWORD)
    account.save()
    if authorised:
        authorise(account)
    for project_ in projects:
        project_.staff.add(account)
    return account


def authorise(account, *scopes, since=datetime.date(2014, 1, 1), until=None):
    """Authorisations to process personal data, of every scope unless some are named."""
    for scope in scopes or Scope:
        Authorisation.objects.create(
            number=f"TEST/{next(_counter)}", user=account, scope=scope, valid_from=since, valid_to=until
        )


def delegation(absent, deputy, *, since=None, days=5, by=None):
    """`deputy` stands in for `absent` for so many days, from today unless told, whatever the services think of it."""
    since = since or clock.today()
    return Delegation.objects.create(
        absent=absent,
        deputy=deputy,
        valid_from=since,
        valid_to=since + datetime.timedelta(days=days),
        made_by=by or absent,
    )


def sample(auditor, *people, since=None, days=5, by=None):
    """The auditor reads the files of `people` for so many days, from today unless told."""
    since = since or clock.today()
    made = AuditSample.objects.create(
        auditor=auditor,
        purpose="Kontrola wniosku o płatność",
        valid_from=since,
        valid_to=since + datetime.timedelta(days=days),
        made_by=by or user(Role.MANAGER),
    )
    made.people.set(people)
    return made


def project(number="FELB.06.10-IZ.00-0007/24", *, staff=(), **data):
    made, _created = Project.objects.get_or_create(
        number=number,
        defaults={
            "title": "OWES",
            "programme": "Fundusze Europejskie dla Lubuskiego 2021-2027",
            "starts_on": datetime.date(2024, 1, 1),
            "ends_on": datetime.date(2029, 6, 30),
            **data,
        },
    )
    made.staff.add(*staff)
    return made


def pesel(birth=datetime.date(1984, 5, 14), *, sex="f", serial=None):
    """A valid invented PESEL (weights 1 3 7 9 …; the month carries the century)."""
    serial = next(_counter) if serial is None else serial
    century = {18: 80, 19: 0, 20: 20, 21: 40, 22: 60}[birth.year // 100]
    tenth = (serial % 5) * 2 + (1 if sex == "m" else 0)
    digits = f"{birth.year % 100:02d}{birth.month + century:02d}{birth.day:02d}{serial // 5 % 1000:03d}{tenth}"
    check = (10 - sum(int(d) * w for d, w in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))) % 10
    return f"{digits}{check}"


def nip():
    """A valid invented NIP."""
    while True:
        digits = f"59{next(_counter):07d}"
        check = sum(int(d) * w for d, w in zip(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"


def krs():
    return f"{next(_counter):010d}"


def commune():
    return Commune.objects.get_or_create(
        teryt="0806013",
        defaults={
            "name": "Dobiegniew",
            "county": "strzelecko-drezdenecki",
            "voivodeship": "lubuskie",
            "degurba": 3,
            "valid_from": datetime.date(2020, 1, 1),
        },
    )[0]


def person(*, units=None, pesel_=None, with_pesel=True, **data):
    birth, sex = data.pop("birth_date", datetime.date(1984, 5, 14)), data.pop("sex", Sex.FEMALE)
    number = pesel_ or (pesel(birth, sex=sex) if with_pesel else None)
    identifier = (
        {
            "identifier_kind": IdentifierKind.PESEL,
            "identifier_cipher": crypto.encrypt(number, purpose="person.identifier"),
            "identifier_index": crypto.blind_index(f"pesel:{number}", purpose="person.identifier"),
        }
        if number
        else {}
    )
    n = next(_counter)
    made = Person.objects.create(
        **{
            "first_name": "Łucja",
            "last_name": f"Źródlak{n}",
            "birth_date": birth,
            "sex": sex,
            "citizenship": "pl",
            "education": "isced_3_4",
            "phone": "600100200",
            "email": f"lucja{n}@example.org",
            "postal_code": "66-520",
            "locality": "Dobiegniew",
            "commune": commune(),
            **identifier,
            **data,
        }
    )
    made.units.set(units if units is not None else [unit()])
    return made


def organisation(*, units=None, **data):
    n = next(_counter)
    made = Organisation.objects.create(
        **{
            "name": f"Spółdzielnia Socjalna „Żuraw {n}”",
            "legal_form": LegalForm.COOPERATIVE,
            "pes_type": PesType.SPOLDZIELNIA_SOCJALNA,
            "nip": nip(),
            "street": "Leśna",
            "building": "1",
            "postal_code": "66-520",
            "locality": "Dobiegniew",
            "commune": commune(),
            **data,
        }
    )
    made.units.set(units if units is not None else [unit()])
    return made
