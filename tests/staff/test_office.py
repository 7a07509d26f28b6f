"""My day, search, outbox and journal."""

import datetime

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.cases.enums import CaseState
from centrum.kit import clock
from centrum.kit.clock import WARSAW
from centrum.kit.models import ExportRecord, OutboxMessage
from centrum.register import services as register
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import cases as case_factory

pytestmark = pytest.mark.django_db


def get(client, user, name, /, **query):
    client.force_login(user)
    return client.get(reverse(name), query)


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def letter(n=1, **data):
    now = clock.now()
    return OutboxMessage.objects.create(
        **{"to": f"k{n}@example.org", "subject": "Temat", "body": "Treść.", "created_at": now, "due_at": now, **data}
    )


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_day(client, role):
    assert get(client, base.user(role), "staff:home").status_code == 200


def hits(client, user, text):
    return [hit.title for group in get(client, user, "staff:search", q=text).context["found"] for hit in group["hits"]]


def test_finds_by_fragment_without_accents_in_polish_order(client):
    user = base.user()
    for name in ("Łącka", "Lacka", "Zacka", "Ćwik"):
        base.person(first_name="Ewa", last_name=name, email="")
    assert hits(client, user, "acka") == ["Lacka Ewa", "Łącka Ewa", "Zacka Ewa"]


def test_finds_a_person_by_the_whole_pesel_only(client):
    user, number = base.user(), base.pesel()
    base.person(first_name="Ewa", last_name="Nowak", pesel_=number)
    assert hits(client, user, f"{number[:6]} {number[6:]}") == ["Nowak Ewa"]
    assert hits(client, user, number[:10]) == []


@pytest.mark.parametrize("written", ["{0}", "{1}-{2}-{3}-{4}", "PL {0}", "{1} {2} {3} {4}"])
def test_finds_an_organisation_by_its_nip_however_written(client, written):
    user, number = base.user(), base.nip()
    base.organisation(name="Krąg", nip=number)
    base.organisation()
    text = written.format(number, number[:3], number[3:6], number[6:8], number[8:])
    assert hits(client, user, text) == ["Krąg"]


def test_finds_only_what_the_user_may_see(client):
    partner = base.unit(UnitKind.PARTNER)
    number = base.pesel()
    base.person(first_name="Ewa", last_name="Kowal", units=[partner], pesel_=number)
    adviser = base.user(Role.ADVISER)
    assert hits(client, adviser, "kowal") == []
    assert hits(client, adviser, number) == []
    assert hits(client, base.user(Role.ADVISER, unit_=partner), "kowal") == ["Kowal Ewa"]
    assert hits(client, base.user(Role.COORDINATOR), "kowal") == ["Kowal Ewa"]
    assert hits(client, base.user(Role.ADMINISTRATOR), "kowal") == []


def test_two_letters_are_too_few(client):
    base.person(first_name="Ewa", last_name="Ko")
    page = get(client, base.user(), "staff:search", q="ko")
    assert page.context["too_short"] and page.context["found"] == []


@pytest.mark.parametrize("text", ["", "   ", "%", "\\", "'; --", "x" * 5000, "＝🙂", "_" * 5])
def test_search_bears_anything(client, text):
    assert get(client, base.user(), "staff:search", q=text).status_code == 200


def test_outbox_narrows_by_state_and_recipient(client):
    now = clock.now()
    letters = {"waiting": letter(1), "sent": letter(2, sent_at=now), "failed": letter(3, failed_at=now)}
    user = base.user()
    for state, message in letters.items():
        assert get(client, user, "staff:outbox", state=state).context["page"].rows == [message]
    assert get(client, user, "staff:outbox", q="k3@").context["page"].rows == [letters["failed"]]


def test_partners_do_not_read_the_letters_of_others(client):
    message = letter()
    user = base.user(unit_=base.unit(UnitKind.PARTNER))
    assert get(client, user, "staff:outbox").context["page"].rows == []
    assert client.get(reverse("staff:outbox-message", args=[message.public_id])).status_code == 404


def test_links_of_a_letter_can_be_followed_in_the_demo_alone(client, settings):
    message = letter(body="Link: http://testserver/uslugi/potwierdzenie/abc:def/ – do jutra.")
    client.force_login(base.user())
    address = reverse("staff:outbox-message", args=[message.public_id])
    settings.DEMO = False
    assert "abc:def" not in client.get(address).content.decode()
    settings.DEMO = True
    assert 'href="http://testserver/uslugi/potwierdzenie/abc:def/"' in client.get(address).content.decode()


def test_a_letter_is_shown_as_text(client):
    message = letter(body="<script>alert(1)</script>")
    client.force_login(base.user())
    page = client.get(reverse("staff:outbox-message", args=[message.public_id])).content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_outbox_asks_as_much_for_three_as_for_one(client):
    client.force_login(base.user())
    letter()
    one = queries_of(client, reverse("staff:outbox"))
    letter()
    letter()
    assert queries_of(client, reverse("staff:outbox")) == one


def journal(client, tab, reader=None, /, **query):
    return get(client, reader or base.user(Role.MANAGER), "staff:journal", tab=tab, **query).context["lines"]


def test_journal_tells_changes_of_state(client):
    case = case_factory.case("diagnosis")
    line = journal(client, "changes")[0]
    assert (line.subject.split()[-1], line.who) == (case.number, str(case.adviser))
    assert line.fields[0][1:] == (CaseState.OPENED.label, CaseState.DIAGNOSIS.label)


def test_journal_tells_openings_with_their_reason(client):
    user, person = base.user(), base.person()
    register.reveal_identifier(person, by=user, reason="Umowa.")
    line = journal(client, "openings")[0]
    assert (line.who, line.text) == (str(user), "Umowa.")


def test_journal_tells_exports(client):
    user = base.user()
    ExportRecord.objects.create(
        profile="p", scope="x", reason="Raport.", rows=3, size=1, sha256="0" * 64, file_name="a.csv", by=user
    )
    line = journal(client, "exports")[0]
    assert (line.subject, line.who, line.text) == ("a.csv", str(user), "Raport.")


def test_history_of_rows_tells_who_changed_what(client):
    user, person = base.user(), base.person(first_name="Ewa")
    with pghistory.context(user=user.pk):
        register.update_person(person, by=user, first_name="Anna", identifier=("pesel", base.pesel()))
    line = journal(client, "rows", table="register.person")[0]
    assert line.who == str(user)
    assert [values for _name, *values in line.fields] == [["Ewa", "Anna"], [None, None], [None, None]]


def test_history_never_shows_sensitive_answers(client):
    user, person = base.user(), base.person()
    register.save_sensitive(person, by=user, disability="no")
    register.save_sensitive(person, by=user, disability="yes")
    line = journal(client, "rows", table="register.personsensitive")[0]
    assert [values for _name, *values in line.fields] == [[None, None]]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER])
def test_values_are_for_those_who_see_the_clients_of_all_units(client, role):
    user, person = base.user(), base.person(first_name="Ewa")
    register.update_person(person, by=user, first_name="Anna")
    reader = base.user(role, unit_=base.unit(UnitKind.PARTNER) if role == Role.MANAGER else None)
    [line] = [line for line in journal(client, "rows", reader, table="register.person") if line.fields]
    assert [values for _name, *values in line.fields] == [[None, None]]


def test_journal_narrows_by_user_and_day(client):
    mine, other, person = base.user(), base.user(), base.person()
    for day, user in ((1, mine), (2, mine), (2, other)):
        with clock.at(datetime.datetime(2026, 3, day, 23, 30, tzinfo=WARSAW)):
            register.reveal_identifier(person, by=user, reason=f"{day}")
    assert [line.text for line in journal(client, "openings", user=mine.pk)] == ["2", "1"]
    assert [line.text for line in journal(client, "openings", since="2.03.2026")] == ["2", "2"]
    assert [line.text for line in journal(client, "openings", until="1.03.2026")] == ["1"]


@pytest.mark.parametrize("query", [{"tab": "x"}, {"table": "x.y"}, {"since": "31.02.2026"}, {"user": "abc"}])
def test_journal_bears_a_broken_address(client, query):
    assert get(client, base.user(Role.MANAGER), "staff:journal", **{"tab": "rows", **query}).status_code == 200


@pytest.mark.parametrize("tab", ["openings", "rows"])
def test_journal_asks_as_much_for_three_as_for_one(client, tab):
    user, person = base.user(), base.person()
    client.force_login(base.user(Role.MANAGER))
    address = f"{reverse('staff:journal')}?tab={tab}&table=register.person"
    counts = []
    for times in (1, 2):
        for n in range(times):
            register.reveal_identifier(person, by=user, reason="Umowa.")
            with pghistory.context(user=user.pk):
                register.update_person(person, by=user, first_name=f"Anna{times}{n}")
        counts.append(queries_of(client, address))
    assert counts[0] == counts[1]
