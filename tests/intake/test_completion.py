"""Requests for completion: only what was asked, until the day, with what changed; lateness and more time."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.intake import appeals, completion, links, queries, review, services
from centrum.intake.enums import LinkPurpose
from centrum.intake.models import Application, CompletionRequest
from centrum.kit import clock
from centrum.kit.models import OutboxMessage
from centrum.kit.polish import date_long
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return base.user(Role.COORDINATOR, projects=[base.project()])


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def browser(application):
    """A browser of the applicant, come by the link of the letter."""
    there = Client()
    there.get(links.make(application, LinkPurpose.RESUME).removeprefix("http://testserver"))
    return there


def url(name, application, *more):
    return reverse(f"intake:{name}", args=[application.public_id, *more])


def save(application, slug, **changes):
    step = PERSON.step(slug)
    form = step.form(make.person_pages(**changes)[slug])
    assert form.is_valid(), form.errors
    return services.save_step(application, step=step, data=form.cleaned_data)


# Asking


def test_the_request_keeps_what_was_asked_and_what_stood_there(office, boss):
    application = make.taken(by=boss)
    page = office.get(reverse("inbox:ask", args=[application.public_id])).context["form"]
    assert page.fields["due_on"].initial == clock.today() + 7 * DAY
    row = make.asked(application, by=boss, fields=["locality", "description", "made-up"])
    request = queries.open_request(row)
    assert (row.state, row.request) == ("completion", "Prosimy o opis pomysłu.")
    assert request.fields == ["description", "locality"]  # in the order of the form, nothing that is not there
    assert request.before == {"description": "Chcę założyć spółdzielnię z sąsiadkami.", "locality": "Dobiegniew"}
    assert (request.due_on, request.asked_by) == (clock.today() + 7 * DAY, boss)


@pytest.mark.parametrize(
    "asked", [{"fields": []}, {"fields": ["made-up"]}, {"due_on": datetime.date(2020, 1, 1)}], ids=str
)
def test_requests_that_make_no_sense_are_refused(boss, asked):
    application = make.taken(by=boss)
    with pytest.raises(Refused):
        make.asked(application, by=boss, **asked)
    application.refresh_from_db()
    assert (application.state, CompletionRequest.objects.count()) == ("verification", 0)


def test_asking_by_the_page(office, boss):
    application = make.taken(by=boss)
    path = reverse("inbox:ask", args=[application.public_id])
    due = clock.today() + 3 * DAY
    typed = {"text": "Podaj telefon.", "due_on": due.strftime("%d.%m.%Y")}
    response = office.post(path, typed)
    assert response.status_code == 200 and response.context["form"].errors
    typed["page_osoba"] = ["phone", "first_name"]
    seen = office.post(path, typed).context["seen"]
    letter = {"letter-send": "yes", "letter-subject": "Uzupełnij", "letter-body": "Tu: [link]"}
    before = OutboxMessage.objects.count()
    assert office.post(path, {**typed, **letter, "confirm": "1", "seen": seen}).status_code == 302
    request = CompletionRequest.objects.get()
    assert (request.fields, request.due_on) == (["first_name", "phone"], due)
    assert OutboxMessage.objects.count() == before + 1
    assert "/wnioski/wroc/" in OutboxMessage.objects.order_by("id").last().body


# The applicant


def test_only_what_was_asked_can_be_changed(boss):
    application = make.asked(make.taken(by=boss), by=boss, fields=["first_name", "description"])
    client = browser(application)
    tasks = client.get(url("application", application)).context["tasks"]
    assert [(task["url"], task["kind"]) for task in tasks[:-1]] == [
        (url("step", application, "potrzeba"), "wait"),
        (url("step", application, "osoba"), "wait"),
    ]
    page = client.get(url("step", application, "osoba"))
    assert list(page.context["form"].fields) == ["first_name"]
    assert "Źródlak" in page.content.decode() and 'name="last_name"' not in page.content.decode()
    typed = make.person_pages(first_name="Łucja Anna", last_name="Podmieniona", email="inny@example.org")["osoba"]
    assert client.post(url("step", application, "osoba"), typed).url == url("step", application, "potrzeba")
    answers = Application.objects.get().person_support
    assert (answers.first_name, answers.last_name, answers.email) == ("Łucja Anna", "Źródlak", "lucja@example.org")
    # a page of which nothing was asked opens neither for reading nor for writing
    for response in (
        client.get(url("step", application, "miejsce")),
        client.post(url("step", application, "miejsce"), make.person_pages(locality="Krosno")["miejsce"]),
    ):
        assert response.url == url("application", application)
    assert Application.objects.get().person_support.locality == "Dobiegniew"
    changes = [row["url"] for s in client.get(url("check", application)).context["sections"] for row in s["rows"]]
    assert [bool(link) for link in changes] == [False, True, True, False, False, False, False, False, False]


def test_the_service_itself_keeps_to_the_request(boss):
    application = make.asked(make.taken(by=boss), by=boss, fields=["first_name"])
    save(application, "osoba", first_name="Anna", last_name="Podmieniona")
    answers = Application.objects.get().person_support
    assert (answers.first_name, answers.last_name) == ("Anna", "Źródlak")
    with pytest.raises(Refused):
        save(application, "miejsce", locality="Krosno")
    assert Application.objects.get().person_support.locality == "Dobiegniew"


def test_what_is_asked_must_be_whole(boss):
    application = make.asked(make.taken(by=boss), by=boss, fields=["first_name"])
    client = browser(application)
    response = client.post(url("step", application, "osoba"), {"first_name": "", "later": "1"})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["first_name"])
    with pytest.raises(Refused), transaction.atomic():
        services.save_step(application, step=PERSON.step("osoba"), data={"first_name": ""})
    assert Application.objects.get().person_support.first_name == "Łucja"


def test_missing_files_are_asked_for_until_they_are_there(boss):
    application = make.taken(by=boss)
    request = CompletionRequest.objects.create(
        application=application,
        text="x",
        attachments=["statute"],
        due_on=clock.today(),
        asked_by=boss,
        before={"file:statute": ""},
    )
    Application.objects.filter(pk=application.pk).update(state="completion", request="x")
    with pytest.raises(Refused):
        services.resubmit(application)
    request.refresh_from_db()
    assert request.answered_at is None


def test_the_officer_sees_what_changed(office, boss):
    application = make.asked(make.taken(by=boss), by=boss, fields=["description", "help_kind"])
    save(application, "potrzeba", description="Stołówka dla seniorów.")
    row = services.resubmit(application)
    assert (row.state, queries.open_request(row)) == ("verification", None)
    request = CompletionRequest.objects.get()
    assert request.answered_at is not None
    again = make.asked(row, by=boss, fields=["description"])
    save(again, "potrzeba", description="Jeszcze inaczej.")
    changes = {d["key"]: (d["before"], d["after"], d["changed"]) for d in completion.differences(request)}
    assert changes["description"] == ("Chcę założyć spółdzielnię z sąsiadkami.", "Stołówka dla seniorów.", True)
    assert changes["help_kind"][0] == changes["help_kind"][1] and not changes["help_kind"][2]
    page = office.get(reverse("inbox:application", args=[application.public_id])).content.decode()
    assert "Stołówka dla seniorów." in page and "Chcę założyć spółdzielnię" in page


def test_words_of_a_choice_are_kept_in_the_language_of_the_office(boss):
    from django.utils import translation

    with translation.override("en"):
        application = make.asked(make.taken(by=boss), by=boss, fields=["help_kind"])
    request = queries.open_request(application)
    with translation.override("pl"):
        assert request.before["help_kind"] == application.person_support.get_help_kind_display()


# Time


def test_it_may_be_answered_until_the_end_of_the_last_day(boss):
    application = make.asked(make.taken(by=boss), by=boss, due_on=clock.today() + DAY)
    end = datetime.datetime.combine(clock.today() + 2 * DAY, datetime.time(), clock.WARSAW)
    client = browser(application)
    with time_machine.travel(end - datetime.timedelta(seconds=1), tick=False):
        assert client.get(url("step", application, "potrzeba")).status_code == 200
        save(application, "potrzeba", description="W ostatniej chwili.")
    with time_machine.travel(end, tick=False):
        for name, more in (("application", ()), ("step", ("potrzeba",)), ("check", ())):
            page = client.get(url(name, application, *more))
            assert (page.status_code, page.templates[0].name) == (200, "intake/completion_late.html")
        assert client.post(url("check", application)).templates[0].name == "intake/completion_late.html"
        with pytest.raises(Refused):
            save(application, "potrzeba", description="Za późno.")
        with pytest.raises(Refused):
            services.resubmit(application)
    application.refresh_from_db()
    assert (application.state, application.person_support.description) == ("completion", "W ostatniej chwili.")


def test_staff_see_the_late_and_give_more_time(office, boss):
    late = make.asked(make.taken(by=boss), by=boss, due_on=clock.today())
    make.asked(make.taken(by=boss), by=boss, due_on=clock.today() + 5 * DAY)
    CompletionRequest.objects.filter(application=late).update(due_on=clock.today() - DAY)
    rows = office.get("/biuro/wnioski/").context["page"].rows
    assert [row.pk for row in rows if row.late] == [late.pk]
    path = reverse("inbox:extend", args=[late.public_id])
    assert path in office.get(reverse("inbox:application", args=[late.public_id])).content.decode()
    assert office.get(path).status_code == 200
    for day in (clock.today() - 2 * DAY, clock.today() - DAY):
        response = office.post(path, {"due_on": day.strftime("%d.%m.%Y")})
        assert (response.status_code, list(response.context["form"].errors)) == (200, ["due_on"])
    before = OutboxMessage.objects.count()
    later = clock.today() + 3 * DAY
    typed = {"due_on": later.strftime("%d.%m.%Y")}
    preview = office.post(path, typed)
    letter = {f"letter-{name}": preview.context["form"].initial[name] for name in ("subject", "body")}
    assert "Prosimy o opis pomysłu." in letter["letter-body"] and date_long(later) in letter["letter-body"]
    assert (completion.is_late(late), OutboxMessage.objects.count()) == (True, before)
    confirmed = {**typed, **letter, "letter-send": "yes", "seen": preview.context["seen"], "confirm": "1"}
    assert office.post(path, confirmed).status_code == 302
    assert (queries.open_request(late).due_on, OutboxMessage.objects.count()) == (later, before + 1)
    assert "/wnioski/wroc/" in OutboxMessage.objects.latest("pk").body
    assert not completion.is_late(late)
    save(late, "potrzeba", description="Zdążyliśmy.")
    assert services.resubmit(late).state == "verification"
    assert office.get(path).url == reverse("inbox:application", args=[late.public_id])
    with pytest.raises(Stale):
        completion.extend(late, by=boss, due_on=later + DAY)


def test_more_time_may_be_given_without_a_letter_and_takes_the_declaration_along(boss, client):
    application = make.asked(make.taken(by=boss), by=boss, due_on=clock.today())
    other = base.user(Role.COORDINATOR)
    client.force_login(other)
    path = reverse("inbox:extend", args=[application.public_id])
    typed = {"due_on": (clock.today() + DAY).strftime("%d.%m.%Y")}
    assert list(client.post(path, typed).context["form"].errors) == ["impartial"]
    before = OutboxMessage.objects.count()
    typed["impartial"] = "on"
    preview = client.post(path, typed)
    # what was rehearsed for the preview is undone, the declaration with it
    assert not review.has_declared(application, other)
    letter = {f"letter-{name}": preview.context["form"].initial[name] for name in ("subject", "body")}
    client.post(path, {**typed, **letter, "letter-send": "no", "seen": preview.context["seen"], "confirm": "1"})
    assert queries.open_request(application).due_on == clock.today() + DAY
    assert (review.has_declared(application, other), OutboxMessage.objects.count()) == (True, before)
    # refused, nothing is left of it
    third = base.user(Role.COORDINATOR)
    client.force_login(third)
    assert list(client.post(path, typed).context["form"].errors) == ["due_on"]
    assert not review.has_declared(application, third)


def test_more_time_is_given_by_those_who_write(boss):
    application = make.asked(make.taken(by=boss), by=boss)
    with pytest.raises(PermissionDenied):
        completion.extend(application, by=base.user(Role.AUDITOR), due_on=clock.today() + 30 * DAY)


def test_rejection_and_withdrawal_close_the_request(boss):
    rejected = make.asked(make.taken(by=boss), by=boss)
    withdrawn = make.asked(make.taken(by=boss), by=boss)
    rejected = services.reject(rejected, by=boss, reason="Brak odpowiedzi.")
    services.withdraw(withdrawn)
    for application in (rejected, withdrawn):
        assert queries.open_request(application) is None
    assert set(CompletionRequest.objects.values_list("answered_at", flat=True)) == {None}
    # what was rejected for want of an answer may be asked about again once an appeal is upheld
    judge = base.user(Role.MANAGER)
    appealed = make.impartial(appeals.submit(rejected, text="List nie doszedł."), judge)
    upheld = appeals.uphold(appealed, by=judge, reason="Racja.")
    assert make.asked(upheld, by=boss).state == "completion"


def test_database_holds_one_open_request(boss):
    application = make.asked(make.taken(by=boss), by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompletionRequest.objects.create(
            application=application, text="x", fields=["x"], due_on=clock.today(), asked_by=boss
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        CompletionRequest.objects.update(answered_at=clock.now(), dropped_at=clock.now())


@pytest.mark.parametrize("kind", [PERSON, ORGANISATION], ids=lambda kind: kind.code)
def test_every_name_of_every_page_can_be_asked_for(boss, kind):
    application = make.taken(kind, by=boss)
    names = [name for step in kind.steps for name in step.names()]
    row = make.asked(application, by=boss, fields=names)
    request = queries.open_request(row)
    assert (request.fields, set(request.before)) == (names, set(names))
    assert [key for key, _label in completion.labels_of(request)] == names


def test_the_page_costs_the_same_with_one_request_and_three(office, boss, django_assert_max_num_queries):
    def cost(application):
        with django_assert_max_num_queries(100) as captured:
            assert office.get(reverse("inbox:application", args=[application.public_id])).status_code == 200
        return len(captured)

    application = make.taken(by=boss)
    costs = []
    for number in range(3):
        application = make.asked(application, by=boss)
        save(application, "potrzeba", description=f"Wersja {number}.")
        application = services.resubmit(application)
        costs.append(cost(application))
    assert costs[0] == costs[2]
