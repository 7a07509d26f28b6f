"""Protected data leave no page but the one that asks for a reason: every address of the project, for every role.

A world of one of everything (tests/worlds.py) gets marks where protected data stand: "Zn4.k…" in the
sensitive answers, the proofs of hidden at-risk groups and these groups' name; the PESEL is its own mark. They may be
nowhere in an answer: neither in its body (PDF and CSV too) nor in its headers. Marks "Kl1ent…" stand in what only some
roles see of a client, and are looked for in the answers to all others.
"""

import copy
import io
import logging
import uuid
from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import translation
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from centrum.cases import emails
from centrum.cases.models import Case, PersonSupportApplication, Service
from centrum.intake import consents, links
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import CheckAnswer, Opinion
from centrum.kit import clock, exports
from centrum.kit.history import author
from centrum.kit.models import Disclosure, ExportRecord, OutboxMessage
from centrum.register import queries
from centrum.register.models import AtRisk, Contact, DataRequest, Person, PersonSensitive, RiskGroup
from centrum.register.services import SENSITIVE_FIELDS
from centrum.reporting.enums import DictionaryField
from centrum.reporting.models import DictionaryEntry, ParticipationSensitive
from centrum.staff import journal
from centrum.staff.enums import RIGHTS, Right, Role, Scope
from centrum.urls import urlpatterns as addresses_of_the_house
from tests import matrix, worlds
from tests.factories import base, enterprises
from tests.factories import loans as loans_factory
from tests.factories import reporting as reporting_factory

pytestmark = pytest.mark.django_db
shared_world, world = worlds.shared_world, worlds.world

# Begins each of those below; the point is for the random keys of forms, where four letters meet by chance now and then.
# Searches look for "n4.k", so that no page echoes the mark itself.
MARK = "Zn4.k"
ANSWER, PROOF, GROUP = "Zn4.kOdp", "Zn4.kDowod", "Zn4.kGrupa"
REASON = "Umowa o powierzenie grantu"
CASE, ANSWERS, NOTES, REQUEST, WELFARE, MAIL = (
    "Kl1entSprawa",
    "Kl1entWniosek",
    "Kl1entNotatka",
    "Kl1entRodo",
    "Kl1entPomoc",
    "kl1ent-poczta",
)
NOBODY, APPLICANT, NARROW = "anonymous", "applicant", "narrow"
WHO = sorted([*Role.values, "other_unit", "outside", NOBODY, APPLICANT, NARROW])

# Who of them may come upon each mark of a client by looking at the pages that are theirs.
MAY_SEE = {
    CASE: matrix.CLIENTS - matrix.NOT_IN_PROJECT | {NARROW},
    ANSWERS: matrix.CLIENTS - matrix.OTHER_UNIT - {Role.AUDITOR} | {APPLICANT, NARROW},
    NOTES: matrix.CLIENTS - matrix.OTHER_UNIT - {Role.AUDITOR} | {NARROW},
    REQUEST: matrix.OFFICERS,
    WELFARE: matrix.EDITORS - matrix.OTHER_UNIT | {NARROW},
    MAIL: matrix.CLIENTS - matrix.OTHER_UNIT | {NARROW},
}
# Dictionaries and letters as such are the administrator's; there no person stands beside a group or an answer.
THE_ADMINISTRATORS = {"register_riskgroup": {GROUP}, "kit_outboxmessage": {MAIL}, "staff:outbox": {MAIL}}


def detonate(request, public_id):
    """A fault of ours amid protected data: in the text of the exception, in local values, in the database's words."""
    person = Person.objects.get(public_id=public_id)
    answers, number = PersonSensitive.objects.get(person=person), queries.identifier_of(person)
    try:
        PersonSensitive.objects.create(person=person, minority=answers.minority)
    except Exception as error:
        raise ValueError(f"{answers.minority} {number} {person.email}") from error
    return HttpResponse()


urlpatterns = [*addresses_of_the_house, path("wybuch/<uuid:public_id>/", detonate)]


@pytest.fixture(scope="module")
def shared_marked(shared_world, django_db_blocker):
    """What `marked` hands out, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        with author(command="tests"), translation.override("pl"):
            made = put_marks(copy.deepcopy(shared_world))
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def marked(db, shared_marked):
    """The world with a mark wherever protected data stand; `numbers`: every PESEL in it."""
    made = copy.deepcopy(shared_marked)
    made.signed_in = {}
    return made


def put_marks(world):
    world.urls = [(name, worlds.url_of(name, world)) for name in worlds.addresses()]
    _lift_the_closed_lists()
    people = Person.objects.filter(identifier_kind="pesel")
    group = RiskGroup.objects.create(
        letter="zz",
        category="criminal",
        name=GROUP,
        legal_basis="art. 10 RODO",
        valid_from="2022-10-30",
        valid_to=clock.today(),  # an old one, so that no form offers it
    )
    for person in people:
        PersonSensitive.objects.update_or_create(person=person, defaults=dict.fromkeys(SENSITIVE_FIELDS, ANSWER))
        AtRisk.objects.create(person=person, group=group, proof=PROOF, valid_from="2024-01-01")
        for letter in "dij":
            hidden = RiskGroup.objects.get(letter=letter)
            AtRisk.objects.create(person=person, group=hidden, proof=PROOF, valid_from="2024-01-01")
        welfare = RiskGroup.objects.get(letter="f")
        AtRisk.objects.create(person=person, group=welfare, proof=WELFARE, valid_from="2024-01-01")
    ParticipationSensitive.objects.update(**dict.fromkeys(SENSITIVE_FIELDS, ANSWER))
    people.update(email=f"{MAIL}@example.org")
    Case.objects.update(diagnosis=CASE, goal=CASE)
    Service.objects.update(course=CASE, recommendations=CASE)
    PersonSupportApplication.objects.update(description=ANSWERS)
    Opinion.objects.update(question=NOTES)
    by = world.actors[Role.COORDINATOR]
    CheckAnswer.objects.create(application=world.application, item="contact", verdict="no", note=NOTES, by=by)
    DataRequest.objects.update(text=REQUEST)
    # a partner sees the organisation and so the name of its contact, and no more of the person
    shared = base.organisation(units=[world.actors["other_unit"].unit])
    Contact.objects.create(organisation=shared, person=world.person, role="prezes", valid_from=clock.today())
    enterprises.account(shared)
    narrow = base.user(Role.COORDINATOR, projects=[world.project], authorised=False)
    base.authorise(narrow, Scope.CLIENTS)
    world.actors[NARROW] = narrow
    world.shared = shared
    world.numbers = [queries.identifier_of(person) for person in people]
    return world


def _lift_the_closed_lists():
    """The answers and proofs are closed lists: let the database take a mark in their place, in this test alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # an entry and its lines are two statements
        for table, constraint in (
            ("register_personsensitive", "personsensitive_answers"),
            ("reporting_participationsensitive", "participationsensitive_answers"),
            ("register_atrisk", "atrisk_proof"),
        ):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute("ALTER TABLE reporting_participationsensitive DISABLE TRIGGER USER")  # written once


@pytest.fixture
def logged():
    """What the handler of the house writes meanwhile, in its own format."""
    handler, written = logging.getLogger("django").handlers[0], io.StringIO()
    before = handler.setStream(written)
    yield written.getvalue
    handler.setStream(before)


# What came


def text_of(response):
    """All that a browser, or who stands behind it, gets: headers, cookies, the page, the text of a PDF."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        with suppress(PdfReadError):  # what somebody sent comes back as it is, readable or not
            content = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return "\n".join((head, response.cookies.output(), content.decode("utf-8", "replace")))


def found_in(text, marked):
    """Marks of what nobody sees without a reason."""
    return {word for word in (MARK, *marked.numbers) if word in text}


def clients_in(text, who):
    """Marks of a client that `who` may not see."""
    return {mark for mark, may in MAY_SEE.items() if who not in may and mark in text}


def ask(marked, who, method, url, data=None, **more):
    """The answer to one request of `who`, with all that it wrote taken back."""
    client = Client(raise_request_exception=more.pop("raising", True))
    if who not in marked.signed_in:
        marked.signed_in[who] = _signed_in(marked, who)
    client.cookies = copy.deepcopy(marked.signed_in[who])
    with transaction.atomic():
        response = getattr(client, method)(url, data or {}, **more)
        text = text_of(response)
        transaction.set_rollback(True)
    return SimpleNamespace(status=response.status_code, text=text, response=response)


def _signed_in(marked, who):
    """Cookies of `who`, who signs in once a test."""
    client = Client()
    if who == APPLICANT:
        session = client.session
        session["applications"] = {marked.application.public_id.hex: 0, marked.submitted.public_id.hex: 0}
        session.save()
    elif who != NOBODY:
        client.force_login(marked.actors[who])
    return client.cookies


def every_address(marked):
    """[(name, url)]: every address with its arguments, with more of them where it shows different things."""
    found = list(marked.urls)
    for proof in marked.person.at_risk.all():  # hidden ones are named to nobody here either
        found.append(("register:person-at-risk-end", _end_of(marked.person, proof)))
    for public_id in (marked.case.person.public_id, marked.participation.person.public_id):
        found.append(("register:person", reverse("register:person", args=[public_id])))
    found.append(("register:organisation", reverse("register:organisation", args=[marked.shared.public_id])))
    for tab in ("changes", "openings", "exports"):
        found.append((f"staff:journal {tab}", reverse("staff:journal", query={"tab": tab})))
    for table, _label in journal.table_choices():
        found.append((f"staff:journal {table}", reverse("staff:journal", query={"tab": "rows", "table": table})))
    return found


def _end_of(person, proof):
    return reverse("register:person-at-risk-end", args=[person.public_id, proof.pk])


# Nowhere


@pytest.mark.parametrize("who", WHO)
def test_no_address_shows_what_is_protected(marked, who, logged):
    """By GET, and by a POST that says nothing; neither do the logs of all of it."""
    leaks, seen = [], 0
    for name, url in every_address(marked):
        for method in ("get", "post"):
            text = ask(marked, who, method, url).text
            seen += len(text)
            allowed = next((marks for page, marks in THE_ADMINISTRATORS.items() if name.startswith(page)), set())
            allowed = allowed if who == Role.ADMINISTRATOR else set()
            if found := (found_in(text, marked) | clients_in(text, who)) - allowed:
                leaks.append((name, method, found))
    assert leaks == []
    assert seen > 100_000
    assert '"path"' in logged()  # the refusals are told there
    assert found_in(logged(), marked) | {mark for mark in MAY_SEE if mark in logged()} == set()


def test_no_secret_link_shows_what_is_protected(marked):
    """Who has one sees what it is for: a service's card, consents, the state of an application, a loan; no more."""
    recipient = marked.service.recipients.get()
    shown = {
        reverse("card:confirm", args=[emails.confirmation_token(marked.service, recipient)]): {CASE},
        consents.link(marked.person): set(),
        links.make(marked.submitted, LinkPurpose.STATUS): set(),
        reverse("own-loan:page", args=[loans_factory.link_token(marked.lent)]): set(),
        reverse("own-loan:balance", args=[loans_factory.link_token(marked.lent)]): set(),
    }
    for url, marks in shown.items():
        answer = ask(marked, NOBODY, "get", url.removeprefix("http://testserver"), follow=True)
        assert answer.status == 200
        assert found_in(answer.text, marked) | clients_in(answer.text, NOBODY) == marks


def test_the_admin_shows_nothing_of_clients(marked):
    """Lists, searches and every row that the administrator opens there."""
    models = list(admin.site._registry)
    leaks, opened = [], 0
    for model in models:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_changelist", query={"q": "n4.k"})]
        for pk in model._base_manager.order_by("-pk").values_list("pk", flat=True)[:3]:
            pages += [reverse(f"admin:{name}_{page}", args=[pk]) for page in ("change", "history")]
        for url in pages:
            answer = ask(marked, Role.ADMINISTRATOR, "get", url)
            opened += answer.status == 200
            found = found_in(answer.text, marked) | clients_in(answer.text, Role.ADMINISTRATOR)
            if name == "register_riskgroup":
                found -= {MARK}  # the dictionary itself
            if found := found - THE_ADMINISTRATORS.get(name, set()):
                leaks.append((url, found))
    assert leaks == []
    assert opened > len(models)


SEARCHED = (
    "staff:search",
    "register:people",
    "register:organisations",
    "register:enterprises",
    "cases:list",
    "cases:services",
    "inbox:list",
    "register:person-merge",
    "register:organisation-merge",
    "register:organisation-contact-new",
    "register:organisation-link-new",
    "staff:outbox",
    "reporting:project",
    "reporting:exports",
)


@pytest.mark.parametrize("who", WHO)
def test_no_search_finds_by_what_is_protected(marked, who):
    """A part of an answer, of a proof or of a PESEL finds nobody; the whole PESEL is typed by who knows it."""
    person = marked.case.person
    number = queries.identifier_of(person)
    fragments = ("n4.kOdp", "n4.kDowod", "n4.kGrupa", number[:10], number[1:])
    shown = str(person.public_id)
    for name in SEARCHED:
        url = worlds.url_of(name, marked)
        if name == "register:person-merge":
            url = reverse(name, args=[marked.person.public_id])
        known = ask(marked, who, "get", url, {"q": person.last_name}).text
        for fragment in fragments:
            answer = ask(marked, who, "get", url, {"q": fragment})
            assert found_in(answer.text, marked) == set(), (name, fragment)
            assert shown not in answer.text, (name, fragment)
        if name == "register:people" and who in (Role.ADVISER, Role.COORDINATOR, NARROW):
            assert shown in known  # there the name would have found them


@pytest.mark.parametrize("who", WHO)
def test_no_warning_of_doubles_shows_or_finds_by_what_is_protected(marked, who):
    person = marked.case.person
    number = queries.identifier_of(person)
    for name, typed in (
        ("register:people-similar", {"first_name": person.first_name, "last_name": person.last_name}),
        ("register:people-similar", {"email": person.email}),
        ("register:people-similar", {"first_name": "n4.kOdp", "last_name": "n4.kOdp"}),
        ("register:people-similar", {"pesel": number[:10]}),
        ("register:organisations-similar", {"name": "n4.kGrupa", "nip": marked.organisation.nip}),
    ):
        answer = ask(marked, who, "post", reverse(name), typed)
        assert found_in(answer.text, marked) | (clients_in(answer.text, who) - {MAIL}) == set(), (name, typed)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("profile", [profile.name for profile in exports.profiles()])
def test_no_file_leaves_without_the_right_to_what_is_in_it(marked, who, profile):
    reporting_factory.support(marked.case.participations.get(), starts_on=clock.today())
    typed = {"profile": profile, "project": marked.project.pk, "day": clock.today(), "reason": REASON}
    answer = ask(marked, who, "post", reverse("reporting:exports"), typed)
    right = exports.find(profile).right
    may = who in marked.actors and marked.actors[who].has_right(right) and who != "outside"
    assert (answer.status in (200, 422)) == may, answer.status
    if profile == "smefs_participants" and who in (Role.COORDINATOR, Role.MANAGER):
        assert answer.status == 422  # an answer that no dictionary knows keeps the file back, and is not named
    if profile != "data_participants" or not may:
        assert found_in(answer.text, marked) == set()


def test_no_message_carries_what_is_protected(marked):
    call_command("send_outbox")
    written = [f"{m.to} {m.subject} {m.body}" for m in OutboxMessage.objects.all()]
    sent = [str(message.message()) for message in mail.outbox]
    assert written and sent
    for text in (*written, *sent):
        assert found_in(text, marked) | {mark for mark in (CASE, NOTES, REQUEST, WELFARE) if mark in text} == set()


@pytest.mark.parametrize(("url", "status"), [("/nie-ma/", 404), ("/biuro/osoby/{id}/dane-chronione/", None)])
@pytest.mark.parametrize("who", WHO)
def test_no_page_of_errors_shows_what_is_protected(marked, who, url, status, settings):
    settings.DEBUG = False
    answer = ask(marked, who, "get", url.format(id=uuid.uuid4()))
    assert answer.status in {status or 404, 403, 302}
    assert found_in(answer.text, marked) | clients_in(answer.text, who) == set()


@pytest.mark.parametrize("who", WHO)
def test_a_fault_of_ours_amid_protected_data_shows_none(marked, who, settings, logged):
    settings.DEBUG = False
    settings.ROOT_URLCONF = "tests.test_leaks"
    person = marked.case.person
    answer = ask(marked, who, "get", f"/wybuch/{person.public_id}/", raising=False)
    assert answer.status == (500 if who not in (NOBODY, APPLICANT) else 302)
    assert ("builtins.ValueError" in logged()) == (answer.status == 500)
    for text in (answer.text, logged()):
        assert found_in(text, marked) == set()
        assert MAIL not in text and ANSWER not in text


# Only there


REVEALING = {
    # address: what is sent, the marks that come, the roles that may, what the journal says
    "register:person-sensitive": ({"reason": REASON}, {ANSWER, PROOF, GROUP}, "reveal_sensitive", "sensitive"),
    "register:person-identifier": ({"reason": REASON}, {"PESEL"}, "reveal_identifier", "identifier"),
    "register:dossier": (
        {"reason": REASON, "format": "json"},
        {ANSWER, PROOF, GROUP, "PESEL"},
        "handle_requests",
        "dossier",
    ),
    "register:dossier pdf": (
        {"reason": REASON, "format": "pdf"},
        {ANSWER, PROOF, GROUP, "PESEL"},
        "handle_requests",
        "dossier",
    ),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("page", REVEALING)
def test_the_page_that_asks_for_a_reason_shows_it_and_writes_one_row(marked, who, page):
    """The control: here the marks are found, as the tests above would find them. Without the right not even here."""
    typed, marks, right, what = REVEALING[page]
    person = marked.case.person
    marks = {queries.identifier_of(person) if mark == "PESEL" else mark for mark in marks}
    url = reverse(page.split()[0], args=[person.public_id])
    actor = marked.actors.get(who)
    may = actor is not None and actor.has_right(Right(right)) and who != "other_unit"
    client = Client()
    if actor:
        client.force_login(actor)

    def rows():
        return list(Disclosure.objects.order_by("pk").values_list("what", "noun", "object_id", "reason", "by"))

    assert found_in(text_of(client.get(url)), marked) == set()
    assert found_in(text_of(client.post(url, {**typed, "reason": "  "})), marked) == set()
    assert rows() == []
    for opened in (1, 2):
        text = text_of(client.post(url, typed)).replace("\n", "")
        assert {mark for mark in marks if mark in text} == (marks if may else set())
        if not may:
            assert found_in(text, marked) == set()
        assert rows() == ([(what, "register.person", person.pk, REASON, actor.pk)] * opened if may else [])
    assert found_in(text_of(client.get(url)), marked) == set()  # shown once


def test_the_participant_file_shows_it_with_the_right_and_leaves_one_record(marked):
    """The control of the exports: once a dictionary knows the mark, it stands in the file of who may take it."""
    for field in (DictionaryField.YES_NO, DictionaryField.YES_NO_REFUSED):
        DictionaryEntry.objects.create(field=field, code=ANSWER, label=ANSWER, valid_from="2021-01-01")
    reporting_factory.support(marked.case.participations.get(), starts_on=clock.today())
    typed = {"project": marked.project.pk, "day": clock.today(), "reason": REASON}
    client = Client()
    client.force_login(marked.actors[Role.COORDINATOR])
    for number, profile in enumerate(("smefs_participants", "data_participants"), 1):
        text = text_of(client.post(reverse("reporting:exports"), {**typed, "profile": profile}))
        assert ANSWER in text and queries.identifier_of(marked.case.person) in text
        assert PROOF not in text and GROUP not in text
        assert ExportRecord.objects.filter(by=marked.actors[Role.COORDINATOR], reason=REASON).count() == number


@pytest.mark.parametrize("mark", MAY_SEE)
def test_each_mark_of_a_client_stands_on_a_page_of_who_may_see_it(marked, mark):
    """The control of the marks of clients: each is there to be found."""
    pages = (
        ("cases:case", marked.case),
        ("cases:service", marked.service),
        ("inbox:application", marked.application),
        ("register:request", marked.request),
        ("register:person", marked.person),
    )
    who = Role.DATA_PROTECTION if mark == REQUEST else Role.COORDINATOR
    texts = [ask(marked, who, "get", reverse(name, args=[row.public_id])).text for name, row in pages]
    assert any(mark in text for text in texts)


def test_only_roles_named_for_it_open_sensitive_data():
    assert {role for role in Role if Right.REVEAL_SENSITIVE in RIGHTS[role]} == {Role.COORDINATOR, Role.MANAGER}
