"""Letters to people enrolled: their texts, what the staff may change, that each goes once and in the right language."""

import re

import pytest
from django.urls import reverse

from centrum.intake import letters
from centrum.intake.models import LetterTemplate
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import trainings as make
from trainings import capacity, notices, own
from trainings.enums import Notice

pytestmark = pytest.mark.django_db
ACTED_BY = {Notice.OFFERED, Notice.SURVEY, Notice.CERTIFICATE}


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR)


def template(notice, language="pl"):
    return LetterTemplate.objects.get(code=notices.code_of(notice), language=language)


def last():
    return OutboxMessage.objects.latest("pk")


@pytest.mark.parametrize("notice", list(Notice))
def test_the_link_stays_where_one_acts_by_it(boss, notice):
    row = template(notice)
    if notice in ACTED_BY:
        with pytest.raises(Refused) as refused:
            letters.save(row, by=boss, subject="Temat", body="Bez adresu.")
        assert list(refused.value.message_dict) == ["body"]
    else:
        assert letters.save(row, by=boss, subject="Temat", body="Bez adresu.").body == "Bez adresu."


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("language", ["pl", "en"])
def test_samples_fill_every_text(notice, language):
    row = template(notice, language)
    sample = letters.preview(row, subject=row.subject, body=row.body)
    assert not re.search(r"[{}]", sample.subject + sample.body)


def test_the_list_has_training_apart(client, boss):
    client.force_login(boss)
    groups = dict(client.get(reverse("letters:list")).context["groups"])
    training = groups["Szkolenia"]
    assert sum(len(group) for group in groups.values()) == len(letters.KINDS)
    codes = {row.code for letter in training for row in letter["versions"]}
    assert {notices.code_of(notice) for notice in Notice} <= codes
    assert all(code.startswith("training_") for code in codes)


def test_the_staff_change_a_text_and_see_it_with_samples(client, boss):
    client.force_login(boss)
    page = reverse("letters:template", args=["training_seated", "pl"])
    names = [name for name, _meaning in client.get(page).context["placeholders"]]
    assert {"{event}", "{when}", "{place}", "{link}"} <= set(names)
    assert names.count("{link}") == 1 and "{until}" not in names
    text = {"subject": "Masz miejsce: {event}", "body": "{first_name}, {when}, {link}"}
    assert "Anna" in client.post(page, text | {"preview": "1"}).context["sample"].body
    assert client.post(page, text).url == page
    event = make.event()
    row = make.enrolment(event)
    assert last().subject == f"Masz miejsce: {event.title}"
    assert last().body == f"Jan, {notices.when(event)}, {own.link(row)}\n"


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_letter_is_in_the_language_of_who_reads_it(language):
    make.enrolment(language=language)
    written = template(Notice.SEATED, language).body.partition("{")[0].strip()
    assert written in last().body


def test_each_letter_goes_once_on_one_occasion():
    row = make.enrolment()
    before = OutboxMessage.objects.count()
    told = [notices.tell(row, Notice.CHANGED, occasion=str(n), text="Nowa sala.") for n in (1, 1, 2)]
    assert (told, OutboxMessage.objects.count()) == ([True, False, True], before + 2)


def test_without_an_address_nothing_is_written():
    keeper = make.keeper()
    row = make.enrolment(make.event(by=keeper), by=keeper, email="")
    assert (row.notices.count(), OutboxMessage.objects.count()) == (0, 0)


def test_the_way_through_the_reserve_list_is_told_letter_by_letter():
    event = make.event(seats=1)
    seated, waiting, third = (make.enrolment(event) for _n in range(3))
    capacity.cancel(seated)
    capacity.take_offer(type(waiting).objects.select_related("event").get(pk=waiting.pk))
    told = {row: list(row.notices.order_by("pk").values_list("notice", flat=True)) for row in (seated, waiting, third)}
    assert told == {seated: ["seated", "resigned"], waiting: ["reserved", "offered", "seated"], third: ["reserved"]}
    assert OutboxMessage.objects.count() == 6


def test_what_people_type_is_never_read_as_a_template():
    make.enrolment(first_name="{link}", last_name="{contact}")
    assert "{link}" in last().body
