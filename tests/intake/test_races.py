"""Many at once: one draft, one number, one letter, one decision. And what would happen without the lock."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from centrum.cases.applications import ORGANISATION, PERSON
from centrum.cases.models import Case
from centrum.intake import queries, services
from centrum.intake.models import Acknowledgement, Application, Clause
from centrum.kit import transitions
from centrum.kit.models import NumberSeries, OutboxMessage, StateChange
from centrum.kit.numbering import next_number
from centrum.register.models import Organisation, Person
from centrum.staff.enums import Role
from tests.factories import base
from tests.factories import intake as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_posts_at_once_send_one_application(client):
    home = client.post("/wnioski/wsparcie/osoba/", {"key": str(uuid.uuid4())}).url
    for slug, typed in make.person_pages().items():
        client.post(f"{home}{slug}/", typed)
    shown = client.get(f"{home}wyslij/").context["form"].initial["clauses"]

    def send(_number):
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(f"{home}wyslij/", {"clauses": shown, "read": "on"}, follow=True)

    responses = at_once(50, send)
    assert [(r.status_code, r.redirect_chain[-1][0]) for r in responses] == [(200, f"{home}potwierdzenie/")] * 50
    sent = Application.objects.get()
    assert all(sent.number in r.content.decode() for r in responses)
    assert (sent.number[-4:], NumberSeries.objects.get(series="WS").last) == ("0001", 1)
    assert OutboxMessage.objects.count() == 1
    assert StateChange.objects.count() == 1
    assert Acknowledgement.objects.count() == 3


def test_without_the_lock_one_application_would_get_two_numbers():
    """Two senders who look at the state without locking the row both see a draft, and both would go on."""
    draft = make.draft()
    both_have_looked = threading.Barrier(2)

    def look_then_number(_number):
        with transaction.atomic():
            state = Application.objects.get(pk=draft.pk).state
            both_have_looked.wait(timeout=30)
            return state, next_number("WS")

    results = at_once(2, look_then_number)
    assert [state for state, _number in results] == ["draft", "draft"]
    assert len({number for _state, number in results}) == 2


def test_twenty_begins_with_one_key_make_one_draft():
    key = str(uuid.uuid4())
    results = at_once(20, lambda _n: Client().post("/wnioski/wsparcie/osoba/", {"key": key}))
    assert len({response.url for response in results}) == 1
    assert Application.objects.count() == 1


def test_page_saved_while_the_application_is_sent():
    """Whoever comes first, what was sent is whole and does not change afterwards."""
    draft = make.draft()
    clauses = list(queries.current_clauses())
    step = PERSON.step("osoba")
    form = step.form(make.person_pages(first_name="Inna")["osoba"])
    assert form.is_valid()

    def act(number):
        application = Application.objects.get(pk=draft.pk)
        if number:
            return services.submit(application, clauses=clauses, language="pl")
        return services.save_step(application, step=step, data=form.cleaned_data)

    saved, sent = at_once(2, act)
    assert sent.state == "submitted"
    expected = "Łucja Źródlak" if isinstance(saved, transitions.Stale) else "Inna Źródlak"
    assert Application.objects.get().applicant == expected


def test_two_decide_at_once_and_one_wins():
    boss, other = (base.user(Role.MANAGER, projects=[base.project()]) for _n in range(2))
    application = make.checked(make.impartial(make.taken(by=boss), other), by=boss)
    before = OutboxMessage.objects.count()
    browsers = [Client(), Client()]
    for browser, user in zip(browsers, (boss, other), strict=True):
        browser.force_login(user)
    accept = {"project": base.project().pk, "unit": boss.unit.pk, "adviser": boss.pk, "person": "new"}
    seen = queries.version_of(application)
    letter = {"letter-subject": "Decyzja", "letter-body": "Treść", "letter-send": "yes", "seen": seen, "confirm": "1"}

    def decide(number):
        path = reverse("inbox:accept" if number else "inbox:reject", args=[application.public_id])
        data = accept if number else {"reason": "Poza obszarem."}
        return browsers[number].post(path, data | letter, follow=True)

    rejecting, accepting = at_once(2, decide)
    application.refresh_from_db()
    accepted = application.state == "accepted"
    assert application.state in ("accepted", "rejected")
    assert (Case.objects.count(), Person.objects.count()) == ((1, 1) if accepted else (0, 0))
    assert OutboxMessage.objects.count() == before + 1
    loser = rejecting if accepted else accepting
    page = loser.content.decode()  # the test client mixes the contexts of threads, never their pages
    assert '<li class="note wait">' in page and '<li class="note ok">' not in page
    assert loser.redirect_chain[-1][0] == reverse("inbox:application", args=[application.public_id])


def test_same_organisation_accepted_twice_at_once():
    """Two applications of one NIP, two members of staff: one makes the row, the other is told to look again."""
    boss = base.user(Role.MANAGER, projects=[base.project()])
    number = base.nip()
    applications = []
    for _n in range(2):
        draft = make.draft(ORGANISATION, pages=make.organisation_pages(nip=number))
        sent = services.submit(draft, clauses=queries.current_clauses(), language="pl")
        taken = services.take(make.impartial(sent, boss), by=boss, assignee=boss)
        applications.append(make.checked(taken, by=boss))

    def accept(n):
        return services.accept(
            applications[n],
            by=boss,
            project=base.project(),
            unit=boss.unit,
            adviser=boss,
            organisation=None,
            person=None,
        )

    results = at_once(2, accept)
    assert sorted(type(result).__name__ for result in results) == ["Application", "Refused"]
    assert (Organisation.objects.count(), Person.objects.count(), Case.objects.count()) == (1, 1, 1)
    assert sorted(Application.objects.values_list("state", flat=True)) == ["accepted", "verification"]


def test_clauses_come_back_after_the_tables_are_emptied():
    assert Clause.objects.count() == 3


def test_submission_key_is_unique_in_the_database():
    draft = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_application (public_id, kind, state, submission_key, language, applicant, place, email,"
            " request, decision_reason) VALUES (gen_random_uuid(), 'x', 'draft', %s, 'pl', '', '', '', '', '')",
            [draft.submission_key],
        )
