"""At-risk groups: who may see which, what a newer proof does, and that the hidden ones leak nowhere."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import Disclosure
from centrum.kit.transitions import Refused, Stale
from centrum.register import at_risk
from centrum.register.models import AtRisk, RiskGroup
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import cases as case_factory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)
START = datetime.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def now():
    with clock.at(datetime.datetime(2026, 11, 20, 10, tzinfo=clock.WARSAW)):
        yield


def group(letter):
    return RiskGroup.objects.get(letter=letter)


def note(person, letter, valid_from=START, valid_to=None, by=None, proof="decision"):
    return at_risk.note_at_risk(
        person, by=by, group=group(letter), proof=proof, valid_from=valid_from, valid_to=valid_to
    )


def periods(person):
    return sorted(person.at_risk.values_list("group__letter", "valid_from", "valid_to"))


def days(*numbers):
    return [TODAY + datetime.timedelta(days=number) for number in numbers]


def test_the_groups_of_the_act_are_there_and_unconfirmed():
    rows = dict(RiskGroup.objects.values_list("letter", "category"))
    assert sorted(rows) == list("abcdefghijkl")
    assert {letter for letter, category in rows.items() if category == "criminal"} == {"j"}
    assert {letter for letter, category in rows.items() if category == "special"} == {"d", "i", "l"}
    assert {letter for letter, category in rows.items() if category == "restricted"} == {"f", "g", "h"}
    assert not RiskGroup.objects.filter(confirmed=True).exists()


def test_somebody_is_at_risk_while_a_proof_holds():
    person = base.person()
    note(person, "j", START, TODAY)
    before, first, last, after = START - datetime.timedelta(1), START, TODAY - datetime.timedelta(1), TODAY
    assert [at_risk.is_at_risk(person, day) for day in (before, first, last, after)] == [False, True, True, False]


@pytest.mark.parametrize("letter", ["a", "j"])
def test_a_newer_proof_takes_over_and_a_later_one_keeps_its_place(letter):
    person = base.person()
    day = [START + datetime.timedelta(days=number) for number in (0, 10, 20, 30)]
    note(person, letter, day[0])
    note(person, letter, day[2])
    assert periods(person) == [(letter, day[0], day[2]), (letter, day[2], None)]
    note(person, letter, day[1], day[3])
    assert periods(person) == [(letter, day[0], day[1]), (letter, day[1], day[2]), (letter, day[2], None)]
    note(person, letter, day[2], day[3], proof="declaration")
    assert periods(person)[2] == (letter, day[2], day[3])


def test_refuses_days_that_can_not_be():
    person = base.person()
    (tomorrow,) = days(1)
    for dates in ((tomorrow, None), (START, START)):
        with pytest.raises(Refused):
            note(person, "a", *dates)
    RiskGroup.objects.filter(letter="a").update(valid_to=START)
    with pytest.raises(Refused):
        note(person, "a", START)
    assert not person.at_risk.exists()


def test_a_merged_person_takes_no_proof():
    with pytest.raises(Stale):
        note(base.person(merged_into=base.person()), "a")


def test_ends_on_a_day_or_takes_back_a_mistake():
    person, user = base.person(), base.user()
    first, second = note(person, "a"), note(person, "b")
    at_risk.end_at_risk(first, by=user, on=TODAY)
    at_risk.end_at_risk(second, by=user, on=START)
    with pytest.raises(Refused):
        at_risk.end_at_risk(first, by=user, on=START - datetime.timedelta(1))
    assert periods(person) == [("a", START, TODAY)]


def test_only_who_may_open_ends_a_hidden_one(client):
    person, adviser = base.person(), base.user(Role.ADVISER)
    hidden = note(person, "j")
    with pytest.raises(PermissionDenied):
        at_risk.end_at_risk(hidden, by=adviser, on=TODAY)
    page = reverse("register:person-at-risk-end", args=[person.public_id, hidden.pk])
    client.force_login(adviser)
    assert client.get(page).status_code == 404
    client.force_login(base.user())
    assert client.get(page).context["proof"] is None
    assert client.post(page, {"on": "20.11.2026"}).status_code == 302
    assert periods(person) == [("j", START, TODAY)]


def test_noted_in_the_browser(client):
    person = base.person()
    client.force_login(base.user(Role.ADVISER))
    page = reverse("register:person-at-risk", args=[person.public_id])
    typed = {"group": group("a").pk, "proof": "labour_office", "valid_from": "1.1.2026", "last_day": "20.11.2026"}
    assert client.post(page, typed | {"last_day": "1.12.2025"}).context["form"].errors.keys() == {"last_day"}
    assert client.post(page, typed).status_code == 302
    assert periods(person) == [("a", START, TODAY + datetime.timedelta(days=1))]


SEEN = {
    Role.ADVISER: ["a", "f"],
    Role.COORDINATOR: ["a", "f"],
    Role.ACCOUNTANT: ["a"],
    Role.DATA_PROTECTION: ["a"],
}


@pytest.mark.parametrize("role", SEEN)
def test_who_sees_which_groups(client, role):
    person = base.person()
    for letter in "afdj":
        note(person, letter)
    user = base.user(role)
    client.force_login(user)
    page = client.get(reverse("register:person", args=[person.public_id]))
    panel = next(entry["panel"] for entry in page.context["panels"] if "proofs" in entry["panel"])
    assert [row.group.letter for row in panel["proofs"]] == SEEN[role]
    assert panel["more"] == (role == Role.COORDINATOR)


def test_hidden_groups_are_opened_with_a_reason_that_is_kept(client):
    person = base.person()
    for letter in "aj":
        note(person, letter)
    client.force_login(user := base.user())
    page = reverse("register:person-sensitive", args=[person.public_id])
    assert client.get(page).context["proofs"] is None
    assert client.post(page, {"reason": " "}).context["proofs"] is None
    assert not Disclosure.objects.exists()
    opened = client.post(page, {"reason": "Plan reintegracji"})
    assert [row.group.letter for row in opened.context["proofs"]] == ["j"]
    assert list(Disclosure.objects.values_list("by", "reason")) == [(user.pk, "Plan reintegracji")]


MARK = "ZNAK-NIE-DO-POKAZANIA"


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_hidden_groups_leak_nowhere(client, role):
    """Pages that show the person, lists, search, journal, my day: none names a hidden group or its proof."""
    user = base.user(role, projects=[base.project()])
    adviser = user if role == Role.ADVISER else base.user(Role.ADVISER, projects=[base.project()])
    case = case_factory.case("active", adviser=adviser, project=base.project(), entered=True)
    person = case.person
    RiskGroup.objects.filter(letter="j").update(name=MARK)
    ends = TODAY + datetime.timedelta(days=5)
    row = note(person, "j", START, ends, proof="medical")
    row.proof = "other"
    row.save()
    client.force_login(user)
    pages = [
        reverse("register:person", args=[person.public_id]),
        reverse("register:person-sensitive", args=[person.public_id]),
        reverse("register:people") + f"?q={person.last_name}",
        reverse("staff:search") + f"?q={person.last_name}",
        reverse("staff:home"),
        reverse("staff:journal") + "?tab=rows&table=register.atrisk",
        reverse("cases:case", args=[case.public_id]),
    ]
    medical, other = (dict(AtRisk._meta.get_field("proof").flatchoices)[proof] for proof in ("medical", "other"))
    for page in pages:
        text = client.get(page).content.decode()
        assert (MARK in text, str(medical) in text, str(other) in text) == (False, False, False), page
    assert client.get(reverse("staff:search"), {"q": MARK}).context["found"] == []


def test_my_day_names_ordinary_proofs_that_end_and_only_counts_the_hidden(client):
    adviser = base.user(Role.ADVISER, projects=[base.project()])
    case = case_factory.case("active", adviser=adviser, project=base.project())
    soon, late, past = days(30, 31, 0)
    for letter, ends in (("a", soon), ("b", late), ("c", past), ("j", soon)):
        note(case.person, letter, START, ends)
    note(base.person(), "a", START, soon)
    client.force_login(adviser)
    panels = [entry["panel"] for entry in client.get(reverse("staff:home")).context["panels"]]
    panel = next(panel for panel in panels if "hidden" in panel)
    assert ([(row.person, row.group.letter) for row in panel["proofs"]], panel["hidden"]) == ([(case.person, "a")], 1)


def test_the_page_asks_as_much_for_three_as_for_one(client):
    client.force_login(base.user())
    counts = []
    for letters in ("a", "abcf"):
        person = base.person()
        for letter in letters:
            note(person, letter)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("register:person", args=[person.public_id]))
        counts.append(len(captured))
    assert counts[0] == counts[1]
