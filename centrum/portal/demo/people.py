"""At-risk groups of the participants, what organisations do, and people of places that the register of GUS names."""

import datetime

from centrum.kit import clock
from centrum.register import at_risk, pkd
from centrum.register import services as register
from centrum.register.enums import LegalForm, PesType, Proof
from centrum.register.models import Commune, Organisation, Person, PkdCode, RiskGroup
from centrum.reporting.enums import ParticipationState

LAST_DAY = datetime.date(2026, 11, 20)

# PES type → codes of 2007 and of 2025, the main one first
ACTIVITIES = {
    PesType.SPOLDZIELNIA_SOCJALNA: (("56.21.Z", "56.29.Z", "81.21.Z"), ("81.21.Z", "81.30.Z")),
    PesType.ZAZ: (("96.01.Z",), ("88.10.Z",)),
    PesType.WTZ: ((), ("88.10.Z",)),
    PesType.CIS: (("88.99.Z",), ("88.99.Z", "81.30.Z")),
    PesType.KIS: ((), ("88.99.Z",)),
    PesType.SPOLDZIELNIA_PRACY: (("25.62.Z",), ()),
    PesType.SPOLDZIELNIA_PRODUKCJI_ROLNEJ: (("01.11.Z",), ()),
    PesType.NGO: (("94.99.Z", "85.59.B"), ("94.99.Z", "88.99.Z")),
    PesType.KOSCIELNA_OSOBA_PRAWNA: ((), ("94.91.Z", "88.10.Z")),
    PesType.SPOLKA_NON_PROFIT: (("47.79.Z", "90.04.Z"), ("88.10.Z",)),
    PesType.KLUB_SPORTOWY_SPOLKA: (("93.12.Z",), ("93.12.Z",)),
}
# letter, proof, how many days it holds
PROOFS = (
    ("b", Proof.LABOUR_OFFICE, 90),
    ("a", Proof.LABOUR_OFFICE, 60),
    ("f", Proof.SOCIAL_WELFARE, 180),
    ("d", Proof.DISABILITY, 1095),
    ("k", Proof.DECLARATION, None),
    ("i", Proof.MEDICAL, 365),
    ("e", Proof.CIS_KIS, None),
    ("j", Proof.DECISION, 365),
    ("h", Proof.DECISION, None),
    ("l", Proof.DECISION, 1095),
)
# real places of the register, so that their codes are found by themselves
PLACES = (("Rzepin", "69-110"), ("Lubniewice", "69-210"), ("Żubrów", "69-200"))


def tell(demo):
    _activities(demo)
    _proofs(demo)
    _newcomers(demo)
    _groups_without_form(demo)


def _activities(demo):
    codes = {(code.version, code.code): code for code in PkdCode.objects.all()}
    for organisation in Organisation.objects.filter(merged_into=None).order_by("pk"):
        for version, chosen in zip((2007, 2025), ACTIVITIES.get(organisation.pes_type, ((), ())), strict=True):
            for number, code in enumerate(chosen):
                pkd.add_activity(organisation, by=demo.coordinator, pkd=codes[version, code], main=number == 0)


def _proofs(demo):
    """Of every other participant; the ends spread over the weeks around the last day of the story."""
    groups = {group.letter: group for group in RiskGroup.objects.all()}
    entered = (
        Person.objects.filter(participations__state=ParticipationState.ENTERED, merged_into=None)
        .distinct()
        .order_by("pk")
    )
    for number, person in enumerate(entered[::2]):
        for letter, proof, days in (PROOFS[number % len(PROOFS)], PROOFS[(3 * number + 1) % len(PROOFS)]):
            begun = LAST_DAY - datetime.timedelta(days=demo.random.randint(20, 85 if days in (60, 90) else 170))
            with clock.at(demo.moment(LAST_DAY)):
                at_risk.note_at_risk(
                    person,
                    by=demo.coordinator,
                    group=groups[letter],
                    proof=proof,
                    valid_from=begun,
                    valid_to=days and begun + datetime.timedelta(days=days),
                )


def _newcomers(demo):
    for locality, postal_code in PLACES:
        who = demo.someone() | {"locality": locality, "postal_code": postal_code, "commune": None}
        demo.person(demo.units["swmp"], who)


def _groups_without_form(demo):
    commune = Commune.objects.get(teryt="0806023", valid_to=None)
    for name in ("Grupa „Słoik i Ziele”", "Grupa „Rowerem po Puszczy”"):
        register.create_organisation(
            by=demo.coordinator,
            unit=demo.units["swmp"],
            name=name,
            legal_form=LegalForm.INFORMAL,
            pes_type=PesType.INITIATIVE_GROUP,
            locality="Drezdenko",
            postal_code="66-530",
            commune=commune,
        )
