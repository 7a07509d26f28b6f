"""Letters: templates that the staff edit, drafts, the two pages of a decision, what goes out."""

import dataclasses
import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from centrum.cases.applications import PERSON
from centrum.intake import emails, letters, queries, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.links import application_of
from centrum.intake.models import AccessLink, Application, LetterTemplate
from centrum.kit import transitions
from centrum.kit.models import OutboxMessage, StateChange
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make

pytestmark = pytest.mark.django_db
VALUES = {"text": "Powód.", "due": datetime.date(2026, 12, 3), "adviser": "Anna Lis", "links": "–"}


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def url(name, application):
    return reverse(f"inbox:{name}", args=[application.public_id])


def template(code, language="pl"):
    return LetterTemplate.objects.get(code=code, language=language)


def own_values(code):
    """What has to be given for a letter; of an upper room's, the samples."""
    asked = [name for name in letters.KINDS[code].own if name not in letters._COUNTED]
    return {name: VALUES.get(name, letters.PLACEHOLDERS[name][1]) for name in asked}


# Templates


def test_every_letter_stands_in_its_languages_and_seeding_again_keeps_what_was_edited(boss):
    expected = {(code, language) for code, kind in letters.KINDS.items() for language in kind.languages}
    assert set(LetterTemplate.objects.values_list("code", "language")) == expected
    letters.save(template("withdrawn"), by=boss, subject="Wycofany", body="Wycofany {number}.")
    call_command("migrate", verbosity=0)
    assert template("withdrawn").subject == "Wycofany"
    letters.restore(template("withdrawn"), by=boss)
    assert template("withdrawn").body == letters.default("withdrawn", "pl").body


@pytest.mark.parametrize(
    ("code", "language"), [(code, language) for code, kind in letters.KINDS.items() for language in kind.languages]
)
def test_first_texts_keep_the_rules_and_fill_without_a_gap(code, language):
    row = template(code, language)
    letters.check_whole(code, subject=row.subject, body=row.body)
    sample = letters.preview(row, subject=row.subject, body=row.body)
    assert not re.search(r"[{}]", sample.subject + sample.body)


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("{nazwa}", "Treść", "subject"),
        ("Temat", "{Number}", "body"),
        ("Temat", "{number", "body"),
        ("Temat", "{adviser}", "body"),
        ("Temat", "{number.__class__}", "body"),
        ("Temat", "{}", "body"),
        ("{link}", "{link}", "subject"),
    ],
)
def test_placeholder_that_the_letter_does_not_know(boss, subject, body, field):
    with pytest.raises(transitions.Refused) as refused:
        letters.save(template("reserved"), by=boss, subject=subject, body=body)
    assert list(refused.value.message_dict) == [field]


def test_letter_without_the_link_by_which_one_acts(boss):
    with pytest.raises(transitions.Refused):
        letters.save(template("completion"), by=boss, subject="Temat", body="Uzupełnij: {text}")


def test_only_who_keeps_letters_changes_them():
    with pytest.raises(PermissionDenied):
        letters.save(template("reserved"), by=base.user(Role.ADVISER), subject="Temat", body="Treść")


def test_edit_page(office):
    page = reverse("letters:template", args=["accepted", "pl"])
    shown = office.get(page)
    assert [name for name, _meaning in shown.context["placeholders"]] == [
        f"{{{name}}}" for name in letters.placeholders("accepted")
    ]
    text = {"subject": "{number}: tak", "body": "Przyjęte. {adviser}"}
    sample = office.post(page, text | {"preview": "1"}).context["sample"]
    assert (sample.subject, sample.body) == ("WS/2026/0042: tak", "Przyjęte. Anna Lis")
    assert template("accepted").subject == letters.default("accepted", "pl").subject
    refused = office.post(page, text | {"body": "{nonsense}"})
    assert list(refused.context["form"].errors) == ["body"]
    assert office.post(page, text).url == page
    assert template("accepted").body == "Przyjęte. {adviser}"
    assert office.post(page, {"restore": "1"}).url == page
    assert template("accepted").body == letters.default("accepted", "pl").body
    assert office.get(reverse("letters:template", args=["nonsense", "pl"])).status_code == 404


# Drafts


@pytest.mark.parametrize("language", ["pl", "en"])
def test_draft_is_in_the_language_of_the_application(language):
    application = make.submitted(language=language)
    for code, kind in letters.KINDS.items():
        if not kind.numbered:
            continue
        letter = letters.draft(code, application, **own_values(code))
        row = template(code, language)
        assert letter.subject == row.subject.replace("{number}", application.number)
        assert not re.search(r"[{}]", letter.body)


def test_missing_value_is_an_error():
    with pytest.raises(KeyError):
        letters.draft("rejected", make.submitted())


def test_value_is_never_read_as_a_template(boss):
    application = make.submitted()
    letter = letters.draft("rejected", application, text="{number} {link} {{contact}} \\1")
    assert "{number} {link} {{contact}} \\1" in letter.body


@given(text=st.text(max_size=60))
def test_a_checked_text_always_fills(text):
    try:
        letters.check("received", text)
    except ValidationError:
        return
    row = LetterTemplate(code="received", language="pl")
    letters.preview(row, subject=text, body=text)


def test_links_are_made_when_the_letter_goes(boss):
    application = make.submitted()
    before = AccessLink.objects.count()
    letter = letters.draft("completion", application, text="Co?", due=datetime.date(2026, 12, 3))
    assert (letter.body.count("[link]"), AccessLink.objects.count()) == (1, before)
    message = letters.send(application, letter)
    token = re.search(r"/wnioski/wroc/(\S+?)/?\n", message.body)[1]
    assert application_of(token, LinkPurpose.RESUME) == application
    assert (message.to, message.about, "[link]" in message.body) == (application.email, application.number, False)


def test_own_links_of_a_draft_and_of_what_was_sent():
    sent, draft = make.submitted(), make.draft()
    emails.own_links(sent.email, [sent, draft], "pl")
    message = OutboxMessage.objects.order_by("id").last()
    assert (message.about, message.body.count("http"), sent.number in message.body) == ("", 2, True)
    assert "/wnioski/stan/" in message.body and "/wnioski/wroc/" in message.body


# The two pages of a decision


def first_page(office, application, **data):
    return office.post(url("reject", application), {"reason": "Poza obszarem.", **data})


def second(shown, **letter):
    form = shown.context["form"]
    typed = {"subject": form.initial["subject"], "body": form.initial["body"], "send": "yes"} | letter
    return {f"letter-{name}": value for name, value in typed.items()} | {
        "seen": shown.context["seen"],
        "confirm": "1",
        "reason": "Poza obszarem.",
    }


def counts():
    return StateChange.objects.count(), OutboxMessage.objects.count(), AccessLink.objects.count()


def test_nothing_is_decided_before_the_letter_is_confirmed(office, boss):
    application = make.taken(by=boss)
    before = counts()
    shown = first_page(office, application)
    assert shown.templates[0].name == "intake/letter.html"
    assert "Poza obszarem." in shown.context["form"].initial["body"]
    assert ("reason", "Poza obszarem.") in shown.context["carried"]
    assert counts() == before
    back = office.post(url("reject", application), second(shown) | {"back": "1"})
    assert back.templates[0].name == "intake/decide.html"
    assert (back.context["form"]["reason"].value(), counts()) == ("Poza obszarem.", before)


def test_edited_letter_goes_as_it_was_left(office, boss):
    application = make.taken(by=boss)
    shown = first_page(office, application)
    office.post(url("reject", application), second(shown, subject="Inny temat", body="Inna treść: [link]"))
    application.refresh_from_db()
    message = queries.letters_about(application).first()
    assert (application.state, application.decision_reason) == ("rejected", "Poza obszarem.")
    assert (message.subject, message.body.startswith("Inna treść: http")) == ("Inny temat", True)
    page = office.get(url("application", application))
    assert page.context["letters"][0]["message"] == message
    secret = message.body.split("/")[-2]
    assert secret not in page.content.decode()


def test_decision_without_a_letter(office, boss):
    application = make.taken(by=boss)
    before = OutboxMessage.objects.count()
    shown = first_page(office, application)
    response = office.post(url("reject", application), second(shown, send="no", subject="", body=""))
    assert response.url == url("application", application)
    assert (Application.objects.get().state, OutboxMessage.objects.count()) == ("rejected", before)


@pytest.mark.parametrize("letter", [{"subject": " "}, {"body": ""}, {"send": ""}, {"send": "maybe"}])
def test_letter_that_can_not_go(office, boss, letter):
    application = make.taken(by=boss)
    shown = first_page(office, application)
    before = counts()
    response = office.post(url("reject", application), second(shown, **letter))
    assert list(response.context["form"].errors) == list(letter)
    assert counts() == before


def test_request_for_completion_keeps_its_link(office, boss):
    application = make.taken(by=boss)
    data = {"text": "Opis?", "page_potrzeba": ["description"], "due_on": "3.12.2099"}
    shown = office.post(url("ask", application), data)
    response = office.post(url("ask", application), data | second(shown, body="Bez linku."))
    assert list(response.context["form"].errors) == ["body"]


def test_state_that_changed_and_came_back_is_told(office, boss):
    application = make.taken(by=boss)
    shown = first_page(office, application)
    services.reserve(application, by=boss, reason="Brak miejsc.")
    services.take(application, by=boss, assignee=boss)
    response = office.post(url("reject", application), second(shown), follow=True)
    assert response.redirect_chain == [(url("application", application), 302)]
    assert str(boss) in str(next(iter(response.context["messages"])))
    assert Application.objects.get().state == "verification"


def test_service_sends_only_what_it_is_given(boss):
    application = make.taken(PERSON, by=boss)
    before = OutboxMessage.objects.count()
    letter = letters.draft("reserved", application, text="Brak miejsc.")
    services.reserve(application, by=boss, reason="Brak miejsc.", letter=dataclasses.replace(letter, subject="Temat"))
    assert OutboxMessage.objects.count() == before + 1
    assert queries.letters_about(application).first().subject == "Temat"
