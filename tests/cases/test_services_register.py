"""The register of services: a file for people, as of a day."""

import csv
import datetime
import io

import pytest
import time_machine
from django.utils import translation

from centrum.cases import services
from centrum.cases.enums import CaseState, Confirmation, ServiceForm, ServiceState
from centrum.kit import exports
from centrum.kit.clock import WARSAW, today
from centrum.register.enums import PesType
from centrum.staff.enums import Role, UnitKind
from tests.factories import base, cases

pytestmark = pytest.mark.django_db


def export(*, day=None, by=None):
    register = exports.find("services_register")
    with exports.export(register, project=base.project(), day=day or today(), by=by, reason="test").file as file:
        return file.read()


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def test_one_row_a_service_with_polish_words_and_a_decimal_comma():
    made = cases.case(CaseState.ACTIVE, organisation=base.organisation(), entered=True)
    card = cases.service(made, ServiceState.APPROVED, budget_line='Zadanie 2; "doradztwo"', hour_kind=45)
    cases.service(made, ServiceState.CONFIRMED)
    with translation.override("pl"):
        kind, form = PesType.SPOLDZIELNIA_SOCJALNA.label, ServiceForm.IN_PERSON.label
        how = Confirmation.PAPER.label
    with translation.override("en"):
        content = export()
    yesterday = (today() - datetime.timedelta(days=1)).isoformat()
    adviser = f"{card.adviser.first_name} {card.adviser.last_name}"
    service = f"{card.service_type.group}. {card.service_type.label}"
    lines = [
        "Nr karty;Data;Od;Do;Liczba godzin;Klient;NIP;Rodzaj klienta;Usługa;Forma;Doradca;Rola;Zadanie budżetowe;"
        "Potwierdzenie klienta",
        f"{card.number};{yesterday};09:00;10:30;2,00;{made.client};{made.organisation.nip};{kind};{service};{form};"
        f'{adviser};doradca biznesowy;"Zadanie 2; ""doradztwo""";{how}, {today().isoformat()}',
    ]
    assert content == ("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode()


@pytest.mark.parametrize(
    ("ends", "kind", "hours"), [("10:30", 60, "1,50"), ("09:20", 60, "0,33"), ("09:45", 45, "1,00")]
)
def test_hours_are_of_the_kind_on_the_card(ends, kind, hours):
    made = cases.case(CaseState.ACTIVE, entered=True)
    cases.service(made, ServiceState.APPROVED, ends_at=datetime.time.fromisoformat(ends), hour_kind=kind)
    assert rows(export())[1][4] == hours


@pytest.mark.parametrize("start", "=+-@")
def test_a_formula_is_defused_by_an_apostrophe(start):
    made = cases.case(CaseState.ACTIVE, entered=True)
    cases.service(made, ServiceState.APPROVED, budget_line=f"{start}1+1", adviser_job="tech-nik")
    assert rows(export())[1][11:13] == ["tech-nik", f"'{start}1+1"]


def test_approved_by_the_day_in_warsaw_and_not_corrected_by_then():
    made = cases.case(CaseState.ACTIVE, entered=True)
    card = cases.service(made, ServiceState.CONFIRMED)
    coordinator = base.user(Role.COORDINATOR, projects=[base.project()])
    first = today() + datetime.timedelta(days=3)
    late = datetime.datetime.combine(first, datetime.time(23, 59, 59), WARSAW)
    with time_machine.travel(late, tick=False):
        services.approve(card, by=coordinator)
    with time_machine.travel(late + datetime.timedelta(days=4), tick=False):
        services.correct(card, by=coordinator, reason="Zła data.")

    def numbers(days):
        return [row[0] for row in rows(export(day=first + datetime.timedelta(days=days)))[1:]]

    assert [numbers(days) for days in (-1, 0, 3, 4)] == [[], [card.number], [card.number], []]


def test_a_partner_exports_only_its_own_services():
    partner = base.unit(UnitKind.PARTNER)
    user = base.user(Role.COORDINATOR, unit_=partner, projects=[base.project()])
    cases.service(cases.case(CaseState.ACTIVE, entered=True), ServiceState.APPROVED)
    assert len(rows(export())) == 2
    assert len(rows(export(by=user))) == 1
