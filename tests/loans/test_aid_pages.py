"""Pages of de minimis aid: who sees what, every step by its form, and how many queries a list takes."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.register import ties
from centrum.staff.enums import Role, UnitKind
from loans.deminimis import panels, queries, statements
from loans.enums import NbpKind
from loans.models import AidGrant, AidKind, AidMargin, AidStatement, EurRate, SafeHarbourPremium
from tests.factories import aid as of
from tests.factories import base
from tests.factories import loans as make
from tests.factories.files import upload

pytestmark = pytest.mark.django_db
D, DAY = Decimal, datetime.date
TODAY = of.TODAY
FRIDAY = DAY(2026, 10, 30)


@pytest.fixture(autouse=True)
def told():
    with clock.at(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)):
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


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def url(name, *args):
    return reverse(f"loans:{name}", args=args)


def text(page):
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


# Rates of the euro


def test_a_rate_is_entered_and_confirmed_on_the_page(client, boss):
    client.force_login(make.accountant())
    typed = {"day": "2.11.2026", "table": "211/A/NBP/2026", "rate": "4,2512", "source": "nbp.pl"}
    assert client.post(url("eur-rate-new"), typed).status_code == 302
    row = EurRate.objects.get()
    assert (row.rate, row.confirmed_by) == (D("4.2512"), None)
    assert "4,2512" in text(client.get(url("eur-rates")))
    confirm = url("eur-rate-move", row.pk, "potwierdzenie")
    client.post(confirm)
    row.refresh_from_db()
    assert row.confirmed_by is None
    client.force_login(boss)
    client.post(confirm)
    row.refresh_from_db()
    assert row.confirmed_by == boss
    assert client.post(url("eur-rate-move", row.pk, "inne")).status_code == 404


def test_a_file_is_imported_and_confirmed_or_taken_back(client, boss):
    client.force_login(make.accountant())
    lines = "data;1EUR;nr;pełny numer\n20261030;4,2500;210;210/A/NBP/2026\n20261029;4,2400;209;209/A/NBP/2026\n"
    file = SimpleUploadedFile("archiwum_tab_a_2026.csv", lines.encode("cp1250"))
    assert client.post(url("eur-file"), {"file": file}).status_code == 302
    assert EurRate.objects.count() == 2
    kept = EurRate.objects.first().file_id
    assert "archiwum_tab_a_2026.csv" in text(client.get(url("eur-rates")))
    client.post(url("eur-file-move", kept, "cofniecie"))
    assert EurRate.objects.count() == 0
    file.seek(0)
    client.post(url("eur-file"), {"file": file})
    client.force_login(boss)
    client.post(url("eur-file-move", EurRate.objects.first().file_id, "potwierdzenie"))
    assert EurRate.objects.exclude(confirmed_by=None).count() == 2
    bad = client.post(url("eur-file"), {"file": SimpleUploadedFile("a.xml", b"<a")})
    assert bad.status_code == 200 and bad.context["form"].errors["file"]


def test_the_base_rate_of_the_commission_is_kept_among_the_rates_of_the_bank(client, boss):
    client.force_login(make.accountant())
    typed = {"kind": "ec_base", "rate": "4,52", "valid_from": "2.11.2026", "source": "Dz. Urz. UE C"}
    assert client.post(reverse("loans:rate-new"), typed).status_code == 302
    client.force_login(boss)
    page = client.get(reverse("loans:rates"))
    assert "4,52 %" in text(page)
    assert [one.kind for one in page.context["standings"]] == list(NbpKind)


# The register


def test_the_list_its_filters_and_search(office, officer, boss, rates):
    one, other = base.organisation(name="Spółdzielnia Łąka"), base.organisation(name="Fundacja Rzeka")
    of.noted(one, 4250)
    of.noted(other, 8500)
    page = office.get(url("aid"))
    assert "Spółdzielnia Łąka" in text(page) and "2 000,00 EUR" in text(page)
    for query, found in (
        ({"q": "laka"}, 1),
        ({"q": other.nip}, 1),
        ({"instrument": "training"}, 2),
        ({"instrument": "loan"}, 0),
        ({"year": "2026"}, 2),
        ({"year": "2025"}, 0),
        ({"state": "granted", "todo": "report"}, 2),
        ({"todo": "late"}, 0),
        ({"order": "-eur"}, 2),
        ({"year": "x", "state": "y"}, 2),
    ):
        assert len(office.get(url("aid"), query).context["page"].rows) == found, query


def test_the_list_takes_as_many_queries_for_three_as_for_one(office, rates):
    of.noted(base.organisation(), 100)

    def taken():
        with CaptureQueriesContext(connection) as found:
            assert office.get(url("aid")).status_code == 200
        return len(found)

    taken()
    few = taken()
    for _number in range(2):
        of.noted(base.organisation(), 100)
    assert taken() == few


def test_one_entry_shows_each_row_of_its_calculation(office, officer, boss, rates):
    loan = of.drawn(by=officer, boss=boss)
    of.signed(loan, by=officer)
    row = AidGrant.objects.get()
    page = office.get(url("aid-grant", row.public_id))
    (part,) = page.context["parts"]
    assert len(part.rows) == 36 and part.total == row.pln
    said = text(page)
    for words in ("4,52 %", "8,52 %", "5,52 %", "3,8 %", row.certificate.number, loan.number):
        assert words in said, words
    paper = office.get(url("aid-certificate", row.public_id))
    assert paper["Content-Type"] == "application/pdf"


def test_an_entry_is_noted_confirmed_corrected_and_cancelled_by_forms(client, officer, boss, rates):
    organisation = base.organisation()
    client.force_login(officer)
    typed = {"instrument": "job_grant", "granted_on": "2.11.2026", "nominal": "42 500", "reference": "Umowa 3/2026"}
    assert client.post(url("aid-note", organisation.public_id), typed).status_code == 302
    row = AidGrant.objects.get()
    move = url("aid-move", row.public_id, "confirm")
    assert client.post(move).status_code == 403
    client.force_login(boss)
    assert client.get(move).status_code == 200
    client.post(move)
    row.refresh_from_db()
    assert (row.state, row.eur) == ("granted", D(10_000))
    client.force_login(officer)
    typed = {"pln": "34 000", "nominal": "42 500", "reason": "Zwrot."}
    client.post(url("aid-move", row.public_id, "correct"), typed)
    new = row.corrections.get()
    client.force_login(boss)
    assert "34 000,00 zł" in text(client.get(url("aid-grant", row.public_id)))
    client.post(url("aid-move", new.public_id, "confirm"))
    assert "Zwrot." in text(client.get(url("aid-grant", row.public_id)))
    client.post(url("aid-move", new.public_id, "cancel"), {"reason": "Umowa upadła."})
    new.refresh_from_db()
    assert new.state == "cancelled"
    assert client.post(url("aid-move", new.public_id, "cancel"), {"reason": "x"}).status_code == 302  # said in words
    assert client.get(url("aid-move", new.public_id, "nothing")).status_code == 404


def test_what_does_not_fit_is_said_on_the_form(client, officer, boss, rates):
    organisation = base.organisation()
    of.stated(organisation, "sudop", [(TODAY, "299999")])
    client.force_login(officer)
    typed = {"instrument": "advice", "granted_on": "2.11.2026", "nominal": "4 250", "reference": "U/1"}
    client.post(url("aid-note", organisation.public_id), typed)
    client.force_login(boss)
    page = client.post(url("aid-move", AidGrant.objects.get().public_id, "confirm"))
    assert page.status_code == 200
    assert "299 999,00 EUR" in text(page) and "3.11.2029" in text(page)


def test_several_entries_are_reported_at_once(office, officer, rates):
    rows = [of.noted(base.organisation(), 100) for _number in range(3)]
    typed = {"reported_on": "2.11.2026", f"number-{rows[0].pk}": "S/1", f"number-{rows[2].pk}": "S/3"}
    assert office.post(url("aid-report"), typed).status_code == 302
    for row in rows:
        row.refresh_from_db()
    assert [row.shrimp for row in rows] == ["S/1", "", "S/3"]
    assert rows[0].reported_by == officer
    bad = office.post(url("aid-report"), {"reported_on": "3.11.2026", f"number-{rows[1].pk}": "S/2"})
    assert bad.status_code == 200 and bad.context["form"].errors
    assert office.post(url("aid-report"), {"reported_on": "2.11.2026"}).context["form"].errors


def test_what_presses_is_counted_in_the_menu(client, officer, boss, rates):
    of.noted(base.organisation(), 100, by=officer, boss=boss)
    assert queries.waiting_for(officer).count() == 0
    with clock.at(datetime.datetime(2026, 11, 7, 9, tzinfo=datetime.UTC)):  # two days before the seventh
        assert queries.waiting_for(officer).count() == 1
        assert queries.waiting_for(boss).count() == 1
        assert queries.waiting_for(make.accountant()).count() == 0


# The organisation


def test_the_room_of_an_organisation_and_its_panel(office, officer, rates):
    one, other = base.organisation(), base.organisation(name="Spółdzielnia Obok")
    ties.link(one, by=officer, other=other, kind="majority", valid_from=TODAY, source="KRS")
    of.noted(other, 425_000)
    for address in (url("aid-of", one.public_id), reverse("register:organisation", args=[one.public_id])):
        said = text(office.get(address))
        assert "100 000,00 EUR" in said and "200 000,00 EUR" in said and "Spółdzielnia Obok" in said


def test_members_of_another_unit_are_counted_and_not_named(rates):
    by, theirs = make.officer(), base.unit(UnitKind.PARTNER)
    ours, other = base.organisation(), base.organisation(units=[theirs])
    ties.link(ours, by=by, other=other, kind="majority", valid_from=TODAY, source="KRS")
    of.noted(other, 425_000)
    shown = panels.room_of(base.user(Role.COORDINATOR, unit_=theirs), other)
    assert (shown["members"], shown["hidden"], shown["standing"].used) == ([], 1, D(100_000))
    assert panels.room_of(base.user(Role.ADVISER), ours) is None


def test_statements_by_hand_and_from_a_file(office, rates):
    organisation = base.organisation()
    address = url("aid-statement-new", organisation.public_id)
    rows = "dzień; kto; EUR\n2.11.2025; Urząd Pracy; 4 250,00\n2026-01-05;Gmina;100.5"
    typed = {"source": "sudop", "as_of": "2.11.2026", "rows": rows, "file": upload()}
    assert office.post(address, typed).status_code == 302
    row = AidStatement.objects.get()
    assert [(one.granted_on, one.grantor, one.eur) for one in row.rows.all()] == [
        (DAY(2025, 11, 2), "Urząd Pracy", D("4250.00")),
        (DAY(2026, 1, 5), "Gmina", D("100.50")),
    ]
    page = office.get(url("aid-of", organisation.public_id))
    assert "Urząd Pracy" in text(page) and "4 350,50 EUR" in text(page)
    assert office.get(url("aid-statement-file", organisation.public_id, row.pk)).status_code == 200
    table = SimpleUploadedFile("sudop.csv", "05.01.2026\tGmina Łódź\t1".encode("cp1250"))
    assert office.post(address, {"source": "declared", "as_of": "2.11.2026", "table": table}).status_code == 302
    assert AidStatement.objects.filter(source="declared").get().rows.get().grantor == "Gmina Łódź"
    assert office.post(address, {"source": "declared", "as_of": "2.11.2026"}).status_code == 302  # it had none
    for wrong in (
        "2.11.2025; Urząd",
        "wczoraj; Urząd; 1",
        "2.11.2025;;1",
        "2.11.2025;a;-1",
        "3.11.2026;a;1",
        "1.2.2026;a;1,234",
    ):
        page = office.post(address, {"source": "sudop", "as_of": "2.11.2026", "rows": wrong})
        assert page.status_code == 200 and page.context["form"].errors, wrong
    both = {
        "source": "sudop",
        "as_of": "2.11.2026",
        "rows": "2.11.2025;a;1",
        "table": SimpleUploadedFile("a.csv", b"x"),
    }
    assert office.post(address, both).context["form"].errors["table"]
    assert statements.read("") == []


def test_the_panel_of_a_decision(officer, boss, rates):
    loan = of.drawn(by=officer, boss=boss)
    shown = panels.of_decision(loan.decision)
    assert (shown["aid"].decision, shown["standing"].room.fits, len(shown["parts"][0].rows)) == (
        loan.decision,
        True,
        36,
    )
    assert panels.of_decision(of.drawn(by=officer, boss=boss, assess=False).decision) is None


# The tables of the administrator


@pytest.mark.parametrize("model", ["aidmargin", "safeharbourpremium", "aidkind"])
def test_the_administrator_keeps_the_tables(client, model):
    client.force_login(base.user(Role.ADMINISTRATOR))
    assert client.get(reverse(f"admin:loans_{model}_changelist")).status_code == 200
    row = AidMargin if model == "aidmargin" else SafeHarbourPremium if model == "safeharbourpremium" else AidKind
    assert client.get(reverse(f"admin:loans_{model}_change", args=[row.objects.first().pk])).status_code == 200
