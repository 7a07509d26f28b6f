"""The three support applications: what makes them whole, by form and by the database alike; the group's own way."""

import ast
import uuid
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from centrum import intake
from centrum.cases.applications import GROUP, ORGANISATION, PERSON
from centrum.cases.models import Case, GroupMember
from centrum.intake import kinds, links, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.kinds import TableStep
from centrum.intake.models import Application
from centrum.kit import clock, outbox
from centrum.kit.models import OutboxMessage, StateChange
from centrum.register import ties
from centrum.register.enums import LegalForm, PesType
from centrum.register.models import Contact, Organisation, Person
from centrum.staff.enums import Role, UnitKind
from loans.applying import LOAN
from loans.guarantees.applying import GUARANTEE
from partners.joining import JOIN
from tests.factories import base
from tests.factories import intake as make
from tests.sample_kind.kind import VISIT

KINDS = [PERSON, GROUP, ORGANISATION]
PAGES = [(kind, step) for kind in KINDS for step in kind.steps if not isinstance(step, TableStep)]
REQUIRED = [(kind, name) for kind, step in PAGES for name in step.form.required_names()]
ZOFIA = {"first_name": "Zofia", "last_name": "Wilk", "email": "Zofia@Example.org", "phone": ""}
JAN = {"first_name": "Jan", "last_name": "Łąka", "email": "", "phone": "600 300 200"}


def test_the_engine_names_no_kind():
    """centrum/intake must stand without the rooms whose forms it runs."""
    words = {word for kind in KINDS for word in (kind.code, kind.path, kind.series)}
    for path in Path(intake.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not words & texts
        assert not [module for module in imported if module.startswith("centrum.cases")]


def test_all_kinds_are_registered():
    assert [kind for kind in kinds.decided() if kind not in (VISIT, JOIN, LOAN, GUARANTEE)] == KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_column_of_the_answers_is_asked_once(kind):
    asked = [name for owner, step in PAGES if owner is kind for name in step.form.base_fields]
    columns = [f.name for f in kind.model._meta.concrete_fields if f.name not in ("application", "complete")]
    assert sorted(asked) == sorted(columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "name"), REQUIRED, ids=[f"{kind.code}-{name}" for kind, name in REQUIRED])
def test_database_refuses_a_sent_application_without_a_required_answer(kind, name):
    sent = make.submitted(kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        kind.model.objects.filter(application=sent).update(**{name: ""})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_copies_for_lists_follow_the_answers(kind):
    draft = make.draft(kind, pages={})
    assert (draft.applicant, draft.place, draft.email) == ("", "", "")
    whole = make.draft(kind)
    assert (whole.applicant, whole.place, whole.email) == tuple(kind.summary(kind.answers_of(whole)))
    assert whole.applicant and whole.place == "Dobiegniew"


@pytest.mark.django_db
def test_staff_cannot_use_the_applicants_link():
    make.submitted()
    message = OutboxMessage.objects.get()
    token = message.body.partition("/wnioski/stan/")[2].partition("/")[0]
    assert token and token not in outbox.for_staff(message)
    assert f"/wnioski/stan/{token}/" in message.body


# The way of an initiative group


@pytest.fixture
def boss(db):
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def home(client, db):
    return client.post(reverse("intake:kind", args=[GROUP.path]), {"key": str(uuid.uuid4())}).url


def members():
    return list(GroupMember.objects.values_list("first_name", "last_name", "email", "phone"))


def states(client, home):
    return [task["kind"] for task in client.get(home).context["tasks"]]


def test_a_group_applies_by_its_pages(client, home):
    pages = make.group_pages([ZOFIA, JAN])
    following = dict(zip(pages, [*list(pages)[1:], "sprawdz"], strict=True))
    for slug, typed in pages.items():
        assert client.post(f"{home}{slug}/", typed).url == f"{home}{following[slug]}/"
    # files are optional, so nothing waits for them
    assert states(client, home) == ["ok"] * 4 + ["quiet", "info"]
    assert members() == [("Zofia", "Wilk", "Zofia@Example.org", ""), ("Jan", "Łąka", "", "600300200")]
    shown = client.get(f"{home}sprawdz/").context["sections"][1]["rows"]
    assert [(row["value"], row["url"]) for row in shown] == [
        ("Zofia Wilk, Zofia@Example.org\nJan Łąka, 600300200", f"{home}osoby/?back=check#id_osoby")
    ]
    clauses = client.get(f"{home}wyslij/").context["form"].initial["clauses"]
    assert client.post(f"{home}wyslij/", {"clauses": clauses, "read": "on"}).url == f"{home}potwierdzenie/"
    sent = Application.objects.get()
    assert (sent.state, sent.applicant, sent.number) == (
        "submitted",
        "Dziewczyny z Dobiegniewa",
        f"WS/{clock.today().year}/0001",
    )
    assert client.get(f"{home}stan/kopia.pdf").content.startswith(b"%PDF")


def test_rows_of_the_table_come_and_go_without_being_saved(client, home):
    url = f"{home}osoby/"
    assert len(client.get(url).context["formset"].forms) == 1
    more = client.post(url, {**make.rows([ZOFIA]), "add": "1"}).context["formset"]
    assert [[form.initial.get("first_name", "") for form in more], members()] == [["Zofia", ""], []]
    fewer = client.post(url, {**make.rows([ZOFIA, JAN]), "remove": "0"}).context["formset"]
    assert [[form.initial["first_name"] for form in fewer], members()] == [["Jan"], []]
    # meddled numbers change nothing
    for gone in ("7", "-1", "x", "٣", ""):
        kept = client.post(url, {**make.rows([ZOFIA, JAN]), "remove": gone}).context["formset"]
        assert [form.initial["first_name"] for form in kept] == ["Zofia", "Jan"]


BLANK = dict.fromkeys(ZOFIA, "")


@pytest.mark.parametrize(
    ("typed", "row", "field"),
    [
        ([BLANK], 0, "first_name"),
        ([ZOFIA | {"last_name": "  "}], 0, "last_name"),
        ([ZOFIA, JAN | {"email": "nie adres"}], 1, "email"),
        ([ZOFIA, JAN | {"phone": "12"}], 1, "phone"),
        ([ZOFIA, JAN | {"first_name": "=cmd|' /C calc'!A0"}], 1, "first_name"),
        ([ZOFIA, JAN | {"first_name": "Jan\u202egnp.exe"}], 1, "first_name"),
        ([ZOFIA, JAN | {"last_name": "x" * 300}], 1, "last_name"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_at_its_field(client, home, typed, row, field):
    response = client.post(f"{home}osoby/", make.rows(typed))
    assert response.status_code == 200
    assert field in response.context["formset"].forms[row].errors
    assert members() == []


@pytest.mark.parametrize("count", ["99999", "x", "0", "-3", ""])
def test_a_meddled_table_is_refused(client, home, count):
    response = client.post(f"{home}osoby/", {**make.rows([ZOFIA]), "rows-TOTAL_FORMS": count})
    assert (response.status_code, members()) == (200, [])


def test_blank_rows_are_left_out_and_changed_rows_replace_the_saved(client, home):
    url = f"{home}osoby/"
    client.post(url, make.rows([ZOFIA, BLANK, JAN]))
    assert [row[0] for row in members()] == ["Zofia", "Jan"]
    client.post(url, make.rows([JAN]))
    assert members() == [("Jan", "Łąka", "", "600300200")]
    # a draft may be left without anybody
    assert client.post(url, {**make.rows([BLANK]), "later": "1"}).url == f"{home}pozniej/"
    assert (members(), states(client, home)[1]) == ([], "quiet")


def test_the_table_is_asked_for_and_completed_as_one(client, boss):
    application = make.taken(GROUP, by=boss)
    client.force_login(boss)
    offered = client.get(reverse("inbox:ask", args=[application.public_id])).context["form"].fields["page_osoby"]
    assert [value for value, _label in offered.choices] == ["osoby"]
    make.asked(application, by=boss, fields=["osoby"])
    client.logout()
    client.get(_link(application))
    home = reverse("intake:application", args=[application.public_id])
    assert client.get(f"{home}pomysl/").url == home
    # a page that was sent once stays whole
    assert client.post(f"{home}osoby/", make.rows([BLANK])).status_code == 200
    assert client.post(f"{home}osoby/", make.rows([ZOFIA, JAN])).url == f"{home}sprawdz/"
    assert client.post(f"{home}sprawdz/").url == f"{home}potwierdzenie/"
    answered = application.completion_requests.get()
    assert [answered.before["osoby"], answered.after["osoby"]] == [
        "Zofia Wilk",
        "Zofia Wilk, Zofia@Example.org\nJan Łąka, 600300200",
    ]
    assert StateChange.objects.filter(action="resubmit").count() == 1


def _link(application):
    return links.make(application, LinkPurpose.RESUME).removeprefix("http://testserver")


# Acceptance of a group


def accepted(boss, people, *, person=None, organisation=None):
    """The group of the register after an application of Łucja Źródlak and `people` was accepted."""
    application = make.taken(GROUP, by=boss, pages=make.group_pages(people))
    make.checked(application, by=boss)
    services.accept(
        application,
        by=boss,
        unit=boss.unit,
        adviser=boss,
        project=base.project(),
        person=person,
        organisation=organisation,
    )
    return Case.objects.get(application=application).organisation


def contacts(group):
    return [(str(contact.person), contact.main, contact.role) for contact in ties.contacts_of(group).order_by("pk")]


ROLE = "członek grupy inicjatywnej"


def test_everybody_of_an_accepted_group_becomes_its_contact(boss):
    group = accepted(boss, [ZOFIA, JAN])
    assert (group.pes_type, group.legal_form, group.name) == (
        PesType.INITIATIVE_GROUP,
        LegalForm.INFORMAL,
        "Dziewczyny z Dobiegniewa",
    )
    assert contacts(group) == [("Łucja Źródlak", True, ROLE), ("Zofia Wilk", False, ROLE), ("Jan Łąka", False, ROLE)]
    assert Case.objects.get().person == ties.main_contact(group).person
    assert [list(person.units.all()) for person in Person.objects.all()] == [[boss.unit]] * 3


def test_the_role_is_written_in_polish_whoever_accepts(boss):
    with translation.override("en"):
        assert {role for _name, _main, role in contacts(accepted(boss, [ZOFIA]))} == {ROLE}


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ({"email": "zofia@example.org", "phone": ""}, True),
        ({"email": "", "phone": "600300200"}, True),
        ({"email": "zofia@example.org", "first_name": "ZOFIA"}, True),
        ({"email": "inna@example.org", "phone": ""}, False),  # a name alone tells nobody apart
        ({"email": "zofia@example.org", "last_name": "Wilczek"}, False),
    ],
)
def test_a_member_whom_the_register_knows_is_not_entered_again(boss, known, same):
    row = base.person(**{"first_name": "Zofia", "last_name": "Wilk", "units": [boss.unit], **known})
    group = accepted(boss, [ZOFIA | {"phone": "600300200"}])
    assert Contact.objects.filter(organisation=group, person=row).exists() is same
    assert Person.objects.count() == (2 if same else 3)


def test_a_member_known_to_another_unit_alone_is_not_shown_by_this(boss):
    partner = base.unit(UnitKind.PARTNER)
    theirs = base.user(Role.COORDINATOR, unit_=partner, projects=[base.project()])
    hidden = base.person(first_name="Zofia", last_name="Wilk", email="zofia@example.org", units=[boss.unit])
    group = accepted_by_partner(boss, theirs)
    assert not Contact.objects.filter(organisation=group, person=hidden).exists()


def accepted_by_partner(boss, theirs):
    application = make.impartial(make.submitted(GROUP, pages=make.group_pages([ZOFIA])), boss, theirs)
    services.take(application, by=boss, assignee=theirs)
    make.checked(application, by=theirs)
    data = {"unit": theirs.unit, "adviser": theirs, "project": base.project(), "person": None, "organisation": None}
    services.accept(application, by=theirs, **data)
    return Case.objects.get(application=application).organisation


def test_who_applies_is_not_a_second_person_though_named_in_the_table(boss):
    named = {"first_name": "Łucja", "last_name": "Źródlak", "email": "", "phone": ""}
    group = accepted(boss, [named, ZOFIA])
    assert [name for name, _main, _role in contacts(group)] == ["Łucja Źródlak", "Zofia Wilk"]
    # another mailbox may be another person of the same name
    other = accepted(boss, [named | {"email": "inna@example.org"}])
    assert [name for name, _main, _role in contacts(other)] == ["Łucja Źródlak", "Łucja Źródlak"]


def test_a_group_of_the_register_keeps_its_contacts_and_gets_whoever_applies_as_the_main_one(boss):
    known = base.person(first_name="Zofia", last_name="Wilk", email="zofia@example.org", units=[boss.unit])
    chief = base.person(first_name="Łucja", last_name="Źródlak", email="grupa@example.org", units=[boss.unit])
    group = base.organisation(
        name="Dziewczyny z Dobiegniewa",
        nip="",
        legal_form=LegalForm.INFORMAL,
        pes_type=PesType.INITIATIVE_GROUP,
        units=[boss.unit],
    )
    today = clock.today()
    for person, main in ((known, True), (chief, False)):
        ties.add_contact(group, by=boss, person=person, role="założycielka", valid_from=today, main=main)
    assert accepted(boss, [ZOFIA, JAN], person=chief, organisation=group) == group
    assert contacts(group) == [
        ("Zofia Wilk", False, "założycielka"),
        ("Łucja Źródlak", True, "założycielka"),
        ("Jan Łąka", False, ROLE),
    ]
    assert (Organisation.objects.count(), Person.objects.count()) == (1, 3)
