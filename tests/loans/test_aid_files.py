"""Files of de minimis aid of a period, which say the same again of a day that is over; statements of others; the clock
of SHRIMP; certificates and their text."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from centrum.intake import letters
from centrum.intake.models import Application
from centrum.kit import clock, exports
from centrum.kit.exports import Since
from centrum.kit.models import ExportRecord
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role, UnitKind
from loans.deminimis import certificates, queries, register, shrimp, statements
from loans.enums import AidState, FirmSize
from loans.models import AidGrant, AidStatement, GuaranteeApplication, LoanApplication
from tests.factories import aid as of
from tests.factories import base, claims, intake
from tests.factories import guarantees as guarantee_factory
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY, BEGINS = of.TODAY, DAY(2026, 1, 1)
FILES = ("aid_register", "aid_shrimp", "aid_certificates")


def at(day, hour=9):
    return clock.at(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC))


@pytest.fixture(autouse=True)
def told():
    with at(TODAY):
        yield


@pytest.fixture
def rates():
    return of.ready()


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def boss():
    return make.manager()


def made(profile, *, first=BEGINS, day=None, by=None):
    file = exports.export(exports.find(profile), project=Since(first), day=day or clock.today(), by=by, reason="test")
    with file.file as opened:
        return opened.read()


def lines(profile, **more):
    return list(csv.DictReader(io.StringIO(made(profile, **more).decode("utf-8-sig")), delimiter=";"))


# Files


def test_the_register_the_draft_and_the_certificates(officer, boss, rates):
    loan = of.drawn(by=officer, boss=boss)
    of.signed(loan, by=officer)
    row = AidGrant.objects.get()
    of.noted(loan.organisation, 4250)
    first, second = lines("aid_register")
    amount = f"{row.pln:.2f}".replace(".", ",")
    assert (first["NIP"], first["Umowa lub zdarzenie"], first["Wartość brutto (zł)"]) == (
        loan.organisation.nip,
        loan.number,
        amount,
    )
    assert first["Stan na dzień"] == AidState.GRANTED.label
    assert (first["Kurs EUR"], first["Marża (pkt bazowe)"]) == ("4,2500", "400")
    assert (first["Stopa bazowa (%)"], first["Stopa dyskontowa (%)"]) == ("4,5200", "5,5200")
    assert (second["Wartość brutto (EUR)"], second["Umowa lub zdarzenie"]) == ("1000,00", "SZ/2026/1")
    draft = lines("aid_shrimp")
    assert [one["Rodzaj zgłoszenia"] for one in draft] == ["nowa pomoc", "nowa pomoc"]
    assert (draft[0]["TERYT gminy"], draft[0]["Forma pomocy (kod)"]) == ("0806013", "C1.1")
    assert draft[0]["Wielkość"] == FirmSize.MICRO.label
    papers = lines("aid_certificates")
    assert [one["Numer"] for one in papers] == [one.certificate.number for one in AidGrant.objects.order_by("pk")]
    assert papers[0]["SHA-256 pliku"] == row.certificate.file.sha256


def test_a_file_of_a_past_day_says_the_same_again(officer, boss, rates):
    row = of.noted(base.organisation(), 4250)
    gone = of.noted(base.organisation(), 8500)
    waits = register.note(
        base.organisation(), by=officer, instrument="advice", granted_on=TODAY, nominal=D(1), reference="U/1"
    )
    shrimp.report([row, gone], by=officer, reported_on=TODAY, numbers={row.pk: "S/1", gone.pk: "S/2"})
    before = {name: made(name) for name in FILES}
    later = DAY(2026, 11, 9)
    with at(later):
        register.confirm(register.correct(row, by=officer, pln=D(1000), reason="Zwrot."), by=boss)
        register.cancel(gone, by=boss, reason="Umowa upadła.")
        register.confirm(waits, by=boss)
        assert {name: made(name, day=TODAY) for name in FILES} == before
        told = lines("aid_shrimp", first=DAY(2026, 11, 3))
        assert sorted((one["Rodzaj zgłoszenia"], one["Dotyczy numeru w SHRIMP"]) for one in told) == [
            ("anulowanie", "S/2"),
            ("korekta", "S/1"),
            ("nowa pomoc", ""),
        ]
        states = [one["Stan na dzień"] for one in lines("aid_register")]
        assert len(states) == 4
        assert [bool(one["Unieważnione dnia"]) for one in lines("aid_certificates")] == [True, True, False, False]


def test_the_number_that_shrimp_knows_goes_with_each_correction_until_the_end(client, officer, boss, rates):
    row = of.noted(base.organisation(), 4250)
    shrimp.report([row], by=officer, reported_on=TODAY, numbers={row.pk: "S/1"})
    for amount in (1000, 900):  # the first one is not reported before the second
        row = register.confirm(register.correct(row, by=officer, pln=D(amount), reason="Zwrot."), by=boss)
        assert (row.shrimp, row.reported_on, queries.waits(row)) == ("S/1", None, True)
    (told,) = lines("aid_shrimp")
    assert (told["Rodzaj zgłoszenia"], told["Dotyczy numeru w SHRIMP"]) == ("korekta", "S/1")
    client.force_login(officer)
    page = client.get(reverse("loans:aid-grant", args=[row.public_id])).content.decode()
    assert "Numer S/1 trzeba poprawić do" in page
    assert "S/1" in client.get(reverse("loans:aid-report")).content.decode()
    before = client.get(reverse("loans:aid-grant", args=[row.corrects.public_id])).content.decode()
    assert "Nie ma nic do zgłoszenia." in before
    shrimp.report([row], by=officer, reported_on=TODAY, numbers={row.pk: "S/1/K"})
    gone = register.cancel(row, by=boss, reason="Umowa upadła.")
    assert (gone.shrimp, gone.reported_on, queries.waits(gone)) == ("S/1/K", None, True)
    (told,) = lines("aid_shrimp")
    assert (told["Rodzaj zgłoszenia"], told["Dotyczy numeru w SHRIMP"]) == ("anulowanie", "S/1/K")


def test_who_gets_which_lines(boss, rates):
    theirs = base.unit(UnitKind.PARTNER)
    of.noted(base.organisation(), 100)
    of.noted(base.organisation(units=[theirs]), 100)
    assert len(lines("aid_register", by=boss)) == 2
    one = base.user(Role.LOAN_OFFICER, unit_=theirs)
    assert [len(lines(name, by=one)) for name in FILES] == [1, 1, 1]


def test_the_page_of_the_files(client, boss, rates):
    of.noted(base.organisation(name="=cmd"), 100)
    client.force_login(boss)
    typed = {"profile": "aid_register", "first": "1.1.2026", "day": "2.11.2026", "reason": "kontrola"}
    page = client.post(reverse("loans:aid-files"), typed)
    assert b"'=cmd" in b"".join(page.streaming_content)
    assert ExportRecord.objects.latest("pk").profile == "aid_register"


# The clock


def test_the_days_to_report(officer, boss, rates):
    row = of.noted(base.organisation(), 100)
    assert (row.report_by, queries.pressing(officer).count()) == (DAY(2026, 11, 9), 0)
    with at(DAY(2026, 11, 7)):
        assert queries.pressing(officer).get() == row
        (done,) = shrimp.report([row], by=officer, reported_on=DAY(2026, 11, 6), numbers={row.pk: " S/1 "})
        assert (done.shrimp, done.reported_by, queries.to_report(officer).count()) == ("S/1", officer, 0)
        with pytest.raises(Stale):
            shrimp.report([row], by=officer, reported_on=DAY(2026, 11, 6), numbers={row.pk: "S/2"})


@pytest.mark.parametrize(("on", "number"), [(DAY(2026, 11, 3), "S/1"), (DAY(2026, 11, 1), "S/1"), (TODAY, " ")])
def test_what_is_no_report(officer, rates, on, number):
    row, other = of.noted(base.organisation(), 100), of.noted(base.organisation(), 100)
    with pytest.raises(Refused):
        shrimp.report([row, other], by=officer, reported_on=on, numbers={row.pk: number, other.pk: "S/9"})
    assert not AidGrant.objects.exclude(shrimp="").exists()
    with pytest.raises(PermissionDenied):
        shrimp.report([row], by=base.user(Role.ADVISER), reported_on=TODAY, numbers={row.pk: "S/1"})
    with pytest.raises(Refused):
        shrimp.report([], by=officer, reported_on=TODAY, numbers={})


# Certificates


def test_the_text_of_the_certificate_is_edited_by_the_staff(rates):
    template = letters.LetterTemplate.objects.get(code=certificates.TEXT, language="pl")
    letters.save(template, by=make.manager(), subject="ZAŚWIADCZENIE {certificate_number}", body="Wartość {eur}.")
    row = of.noted(base.organisation(), 4250)
    assert row.certificate.file.content_type == "application/pdf"
    with pytest.raises(Refused):
        letters.save(template, by=make.manager(), subject="x", body="Bez wartości.")
    numbers = [of.noted(base.organisation(), 100).certificate.number for _number in range(2)]
    assert numbers[0] < numbers[1]


# Statements


def applied(model, **answers):
    """Answers of an application that was sent, written as they stand."""
    application = intake.submitted()
    return application, model.objects.create(application=application, **answers)


@pytest.mark.parametrize("kind", [LoanApplication, GuaranteeApplication])
def test_what_an_application_declares_is_a_statement_once(officer, kind):
    application, answers = applied(kind, had_de_minimis="yes")
    answers.aid.create(granted_on=DAY(2025, 1, 2), grantor="Gmina", eur=D("100.50"))
    organisation = base.organisation()
    assert statements.declared_by(application, officer) is None  # of which organisation nobody has said
    row = statements.declared_by(application, officer, organisation)
    assert (row.source, row.application, row.organisation) == ("declared", application, organisation)
    assert row.as_of == clock.local(application.submitted_at).date()
    (told,) = row.rows.all()
    assert (told.granted_on, told.grantor, told.eur) == (DAY(2025, 1, 2), "Gmina", D("100.50"))
    assert statements.declared_by(application, officer, organisation) == row
    assert AidStatement.objects.count() == 1


@pytest.mark.parametrize("kind", [LoanApplication, GuaranteeApplication])
def test_who_had_none_declares_none_and_who_lists_none_declares_nothing(officer, kind):
    organisation = base.organisation()
    application, answers = applied(kind, had_de_minimis="yes")
    assert statements.declared_by(application, officer, organisation) is None
    kind.objects.filter(pk=answers.pk).update(had_de_minimis="no")
    row = statements.declared_by(Application.objects.get(pk=application.pk), officer, organisation)
    assert (row.source, row.rows.count()) == ("declared", 0)


def test_of_a_decided_application_the_organisation_is_that_of_the_decision(officer):
    for granted, kind in (
        (make.granted(by=officer), LoanApplication),
        (guarantee_factory.granted(by=officer), GuaranteeApplication),
    ):
        application = granted.decision.review.application
        kind.objects.get_or_create(application=application)
        row = statements.declared_by(Application.objects.get(pk=application.pk), officer)
        assert (row.organisation, row.rows.count()) == (granted.organisation, 0)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"as_of": DAY(2026, 11, 3)}, "as_of"),
        ({"rows": [statements.Row(DAY(2026, 11, 2), "", D(1))]}, "rows"),
        ({"rows": [statements.Row(DAY(2026, 11, 2), "x" * 201, D(1))]}, "rows"),
        ({"rows": [statements.Row(DAY(2026, 11, 2), "x", D(-1))]}, "rows"),
        ({"rows": [statements.Row(DAY(2026, 11, 3), "x", D(1))]}, "rows"),
        ({"rows": [statements.Row(DAY(2026, 11, 2), "x", D(1))] * 1001}, "rows"),
        ({"file": "exe"}, "file"),
    ],
)
def test_what_is_no_statement(officer, said, field):
    if said.get("file"):
        said = {"file": upload(b"MZ", "a.exe")}
    with pytest.raises(Refused) as refused:
        statements.keep(base.organisation(), by=officer, **{"source": "sudop", "as_of": TODAY, "rows": []} | said)
    assert list(refused.value.message_dict) == [field]
    assert not AidStatement.objects.exists()


def test_who_keeps_statements(rates):
    with pytest.raises(PermissionDenied):
        statements.keep(base.organisation(), by=base.user(Role.ADVISER), source="sudop", as_of=TODAY, rows=[])


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    try:
        rows = statements.read(text)
    except Refused as refused:
        assert refused.messages
    else:
        assert all(row.eur >= 0 for row in rows)


rows_ = st.lists(
    st.builds(
        statements.Row,
        st.dates(DAY(2000, 1, 1), DAY(2030, 1, 1)),
        st.text("ąćęłńóśźżabc xyz.,-", min_size=1).map(str.strip).filter(bool),
        st.decimals(0, 10**9, places=2),
    ),
    max_size=10,
)


@given(rows=rows_, comma=st.booleans())
def test_what_is_written_is_read(rows, comma):
    def amount(eur):
        text = f"{eur:.2f}"
        return text.replace(".", ",") if comma else text

    made_of = [f"{row.granted_on:%d.%m.%Y}; {row.grantor};{amount(row.eur)}" for row in rows]
    text = "\r\n".join(["dzień;kto;EUR", *made_of])
    assert statements.read(text) == rows


def test_forgiveness_stands_in_the_draft_with_its_own_code(officer, boss, rates):
    loan = of.giving(make.active(12_000, by=officer, boss=boss, months=12, grace=0))
    claims.decided(loan, "forgiveness", by=officer, boss=boss, on=TODAY, amount=D(2_125))
    (row,) = lines("aid_shrimp")
    assert (row["Forma pomocy (kod)"], row["Wartość nominalna (zł)"]) == ("C2.1.2", "2125,00")
