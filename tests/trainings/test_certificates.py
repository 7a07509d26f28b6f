"""Certificates: who may have one, the batch, versions, the paper, the public page without a name."""

import io
from itertools import product

import pypdf
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import trainings as make
from tests.threads import at_once
from trainings import approvals, attendance, capacity, certificates, events, own
from trainings.attendance import Mark
from trainings.enums import CERTIFICATE_MOVES, CertificateState, Notice
from trainings.models import Certificate, CertificateVersion, Enrolment, Event

pytestmark = pytest.mark.django_db
LEGAL = {(str(source), move.action): str(move.target) for move in CERTIFICATE_MOVES for source in move.sources}


@pytest.fixture
def keeper():
    return base.user(Role.ADVISER)


@pytest.fixture
def boss(keeper):
    return base.user(Role.MANAGER, unit_=keeper.unit)


@pytest.fixture
def held(keeper):
    return make.event("running", by=keeper, days=-7, sessions=2, seats=300)


@pytest.fixture
def office(client, keeper):
    client.force_login(keeper)
    return client


def url(name, event, *more):
    return reverse(f"trainings:{name}", args=[event.public_id, *more])


def people(event, keeper, number=1):
    return [make.enrolment(event, by=keeper, last_name=f"Łąka-Ćwik{n}") for n in range(number)]


def text_of(content):
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return [" ".join(page.split()) for page in pages]


def sent(response):
    return b"".join(response.streaming_content).decode()


# Who may have one


def test_who_was_there_long_enough_and_is_approved_gets_one(office, held, keeper, boss):
    whole, late, away = people(held, keeper, 3)
    capacity.cancel(make.enrolment(held, by=keeper), by=keeper)
    first, second = held.sessions.order_by("starts_at")
    an_hour_late = Mark(True, clock.local(first.starts_at).replace(hour=11, minute=25).time())
    attendance.note(first, by=keeper, said=[(late, Mark(), an_hour_late), (away, Mark(), Mark(False))])
    make.attended(held, by=keeper)
    assert certificates.waiting(held) == []
    approvals.approve(held, by=boss)
    # 720 minutes are 100 %, 575 are 79 %, 360 are 50 %
    assert [certificates.may_have(row)[0] for row in (whole, late, away)] == [True, False, False]
    for row in (late, away):
        assert office.post(url("certificates-issue", held), {"enrolment": row.public_id}).status_code == 302
    assert office.post(url("certificates-issue", held), {"enrolment": "nie-uuid"}).status_code == 404
    assert Certificate.objects.count() == 0
    office.post(url("certificates-issue", held), {"enrolment": whole.public_id})
    made = Certificate.objects.get()
    assert (made.enrolment, made.number, made.issued_by) == (whole, f"ZA/{clock.today().year}/0001", keeper)
    version = made.versions.get()
    assert (version.version, version.kind, version.hours, version.hour_minutes) == (1, "original", 16, 45)
    assert (version.title, version.first_day) == (held.title, clock.local(first.starts_at).date())
    assert version.last_day == clock.local(second.starts_at).date()
    with pytest.raises(Stale):
        certificates.issue(whole, by=keeper)
    assert whole.notices.filter(notice=Notice.CERTIFICATE).count() == 1
    assert own.token(whole) in OutboxMessage.objects.latest("pk").body


def test_a_batch_of_200_goes_in_parts_and_again_does_nothing(office, held, keeper, boss):
    rows = people(held, keeper, 200)
    make.attended(held, by=keeper, boss=boss)
    content = sent(office.post(url("certificates-issue", held)))
    shown = [content.count(f'value="{done}" max="200"') for done in range(0, 201, 25)]
    assert shown == [1] * 9
    assert content.index('max="200"') < content.index("</main>")
    numbers = [f"ZA/{clock.today().year}/{number:04d}" for number in range(1, 201)]
    assert list(Certificate.objects.order_by("pk").values_list("number", flat=True)) == numbers
    assert Certificate.objects.values("code").distinct().count() == 200
    assert sorted(Certificate.objects.values_list("enrolment", flat=True)) == sorted(row.pk for row in rows)
    letters = OutboxMessage.objects.count()
    assert 'max="200"' not in sent(office.post(url("certificates-issue", held)))
    assert (Certificate.objects.count(), OutboxMessage.objects.count()) == (200, letters)


def test_a_batch_that_breaks_off_loses_nothing_and_goes_on(held, keeper, boss):
    people(held, keeper, 60)
    make.attended(held, by=keeper, boss=boss)
    batch = certificates.issue_all(held, by=keeper)
    assert [next(batch), next(batch)] == [(0, 60), (25, 60)]
    batch.close()
    assert Certificate.objects.count() == 25
    assert list(certificates.issue_all(held, by=keeper)) == [(0, 35), (25, 35), (35, 35)]
    assert Certificate.objects.count() == 60


def test_a_part_of_the_batch_asks_as_much_of_each(held, keeper, boss):
    people(held, keeper, 6)
    make.attended(held, by=keeper, boss=boss)
    rows, counts = certificates.waiting(held), []
    for part in (rows[:1], rows[1:3], rows[3:6]):
        with CaptureQueriesContext(connection) as queries:
            certificates._issue_some(held, part, keeper)
        counts.append(len(queries))
    assert counts[2] - counts[1] == counts[1] - counts[0]


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_issue_one_certificate():
    keeper = base.user(Role.ADVISER)
    event = make.event("running", by=keeper, days=-7)
    (one,) = people(event, keeper)
    make.attended(event, by=keeper, boss=base.user(Role.MANAGER, unit_=keeper.unit))
    results = at_once(8, lambda _n: certificates.issue(one, by=keeper))
    assert sorted(type(row).__name__ for row in results) == ["Certificate"] + ["Stale"] * 7
    assert list(Certificate.objects.values_list("number", flat=True)) == [f"ZA/{clock.today().year}/0001"]


# Versions and states


def test_a_reissue_keeps_the_number_and_adds_a_version(office, held, keeper, boss):
    (one,) = people(held, keeper)
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(one, by=keeper)
    Event.objects.filter(pk=held.pk).update(title="Nowy tytuł")
    page = url("certificate-reissue", held, made.public_id)
    assert office.get(page).status_code == 200
    names = {"first_name": "Łucja", "last_name": "Żółć"}
    assert office.post(page, {"kind": "duplicate", "reason": "", **names}).status_code == 200
    assert office.post(page, {"kind": "duplicate", "reason": "Zgubione.", **names}).status_code == 302
    assert office.post(page, {"kind": "corrected", "reason": "Nazwisko.", **names}).status_code == 302
    rows = list(made.versions.order_by("version").values_list("version", "kind", "last_name", "title", "reason"))
    assert rows == [
        (1, "original", one.last_name, held.title, ""),
        (2, "duplicate", one.last_name, held.title, "Zgubione."),
        (3, "corrected", "Żółć", "Nowy tytuł", "Nazwisko."),
    ]
    assert Certificate.objects.get().number == made.number
    # of the paper first and of the correction, not of the duplicate
    assert list(one.notices.filter(notice=Notice.CERTIFICATE).values_list("occasion", flat=True)) == ["", "3"]
    (text,) = text_of(office.get(url("certificate-paper", held, made.public_id)).content)
    for words in ("Łucja Żółć", "Nowy tytuł", made.number, certificates.grouped(made.code)):
        assert words in text
    assert office.get(url("certificate", held, made.public_id)).status_code == 200


@pytest.mark.parametrize(("state", "action"), list(product(CertificateState.values, ["annul", "restore"])))
def test_every_move_in_every_state(client, held, keeper, boss, state, action):
    (one,) = people(held, keeper)
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(one, by=keeper)
    if state == "annulled":
        certificates.move(made, "annul", by=keeper, reason="Pomyłka.")
    client.force_login(boss)
    page = url("certificate-move", held, made.public_id, action)
    answer = client.post(page, {"reason": "Tak trzeba."})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.state == LEGAL.get((state, action), state)
    assert (made.annulled_on is None, made.annulled_because == "") == (made.state == "valid",) * 2


def test_an_annulled_certificate_has_no_paper_and_no_new_version(client, held, keeper, boss):
    (one,) = people(held, keeper)
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(one, by=keeper)
    with pytest.raises(Refused):
        approvals.correct(one, by=boss, reason="Pomyłka.")
    certificates.move(made, "annul", by=keeper, reason="Pomyłka.")
    with pytest.raises(Stale):
        certificates.reissue(made, by=keeper, kind="duplicate", reason="Zgubione.")
    client.force_login(keeper)
    assert client.get(url("certificates-papers", held)).status_code == 404
    assert client.get(reverse("events:own-certificate", args=[own.token(one)])).status_code == 404
    approvals.correct(one, by=boss, reason="Pomyłka.")


def test_an_event_with_certificates_is_not_cancelled(held, keeper, boss):
    (one,) = people(held, keeper)
    make.attended(held, by=keeper, boss=boss)
    certificates.issue(one, by=keeper)
    with pytest.raises(Refused) as refusal:
        events.step(held, "cancel", by=keeper, reason="Powódź.")
    assert "1" in " ".join(refusal.value.messages)
    with author(command="tests"), pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=held.pk).update(state="cancelled")
    with pytest.raises(Refused):
        capacity.cancel(one, by=keeper)


# Paper and public page


def test_the_own_page_gives_the_paper(client, held, keeper, boss):
    first, other = people(held, keeper, 2)
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(first, by=keeper)
    assert client.get(reverse("events:own", args=[own.token(first)])).context["certificate"] == made
    response = client.get(reverse("events:own-certificate", args=[own.token(first)]))
    assert response["Content-Type"] == "application/pdf"
    (text,) = text_of(response.content)
    assert str(first) in text
    assert client.get(reverse("events:own-certificate", args=[own.token(other)])).status_code == 404


def test_the_paper_is_polish_whatever_the_interface(client, held, keeper, boss):
    (one,) = people(held, keeper)
    make.attended(held, by=keeper, boss=boss)
    certificates.issue(one, by=keeper)
    client.cookies["django_language"] = "en"
    (text,) = text_of(client.get(reverse("events:own-certificate", args=[own.token(one)])).content)
    assert "Zaświadczenie" in text


def test_all_papers_in_one_file(office, held, keeper, boss):
    rows = people(held, keeper, 3)
    make.attended(held, by=keeper, boss=boss)
    assert office.get(url("certificates-papers", held)).status_code == 404
    list(certificates.issue_all(held, by=keeper))
    pages = text_of(office.get(url("certificates-papers", held)).content)
    assert len(pages) == 3
    assert all(str(row) in page for row, page in zip(rows, pages, strict=True))


def test_the_public_page_tells_number_day_and_title_and_no_name(client, held, keeper, boss):
    one = make.enrolment(held, by=keeper, first_name="Anna Maria", last_name="Kos-Wróbel", email="kos@example.org")
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(one, by=keeper)
    page = reverse("events:certificate", args=[made.code])
    answer = client.get(page)
    content = answer.content.decode()
    for words in (made.number, held.title, "A. M. K. W."):
        assert words in content
    for words in ("Anna", "Maria", "Kos", "Wróbel", "kos@", one.email):
        assert words not in content
    assert answer["X-Robots-Tag"] == "noindex"
    typed = certificates.grouped(made.code).lower().replace("-", " - ")
    found = client.get(reverse("events:certificates"), {"kod": typed})
    assert (found.status_code, found["Location"]) == (302, page)
    certificates.move(made, "annul", by=keeper, reason="Tajna przyczyna.")
    content = client.get(page).content.decode()
    assert made.number in content
    assert "Tajna" not in content


@pytest.mark.parametrize("code", ["ABCDEFGHJKLM", "x", "0" * 300, "'; DROP TABLE", "żółć"])
def test_a_code_that_is_nobody_s(client, code):
    for answer in (
        client.get(reverse("events:certificate", args=[code])),
        client.get(reverse("events:certificates"), {"kod": code[:40]}),
    ):
        assert answer.status_code == 404
        assert "ask" in answer.context


# Tables and lists


def test_the_tables_refuse_what_no_paper_may_say(held, keeper, boss):
    one, other = people(held, keeper, 2)
    make.attended(held, by=keeper, boss=boss)
    made = certificates.issue(one, by=keeper)
    version = made.versions.get()
    known = {"issued_on": clock.today(), "issued_by": keeper}
    said = {field.name: getattr(version, field.name) for field in version._meta.concrete_fields if field.name != "id"}
    writes = (
        lambda: Certificate.objects.create(enrolment=one, number="ZA/2026/0900", code="ABCDEFGHJKLM", **known),
        lambda: Certificate.objects.create(enrolment=other, number="X", code="ABCDEFGHJKLM", **known),
        lambda: Certificate.objects.create(enrolment=other, number="ZA/2026/0900", code="O0I1EFGHJKLM", **known),
        lambda: Certificate.objects.filter(pk=made.pk).update(number="ZA/2026/0901"),
        lambda: Certificate.objects.filter(pk=made.pk).update(state="annulled"),
        lambda: Certificate.objects.filter(pk=made.pk).delete(),
        lambda: CertificateVersion.objects.update(last_name="Inna"),
        lambda: CertificateVersion.objects.all().delete(),
        lambda: CertificateVersion.objects.create(**said | {"version": 3, "kind": "duplicate", "reason": "x"}),
        lambda: CertificateVersion.objects.create(**said | {"version": 2, "kind": "duplicate", "reason": ""}),
        lambda: Enrolment.objects.filter(pk=one.pk).update(state="cancelled"),
    )
    with author(command="tests"):
        for write in writes:
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                write()
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.create(enrolment=other, number="ZA/2026/0900", code="ABCDEFGHJKLM", **known)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Certificate.objects.count() == 1


def test_as_many_queries_for_three_people_as_for_one(office, held, keeper, boss):
    counted = []
    for number in (1, 2):
        people(held, keeper, number)
        make.attended(held, by=keeper, boss=boss)
        list(certificates.issue_all(held, by=keeper))
        with CaptureQueriesContext(connection) as queries:
            assert office.get(url("certificates", held)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
