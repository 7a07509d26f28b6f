"""Consents: free, apart from the clauses, given on a form or to the staff, withdrawn as easily as given."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.cases.applications import PERSON
from centrum.cases.models import Case
from centrum.intake import consents, queries, services
from centrum.intake.models import Application, Clause, Consent, ConsentText
from centrum.kit import clock, outbox
from centrum.kit.models import OutboxMessage
from centrum.kit.transitions import Refused
from centrum.staff.enums import Role, UnitKind
from tests.factories import base
from tests.factories import intake as make
from tests.threads import at_once

pytestmark = pytest.mark.django_db

CODES = ["image", "newsletter", "other_offers", "other_partners"]


def text(code="newsletter"):
    return ConsentText.objects.get(code=code, version=1)


def send_page(client):
    """The address of the last page of a whole draft, opened by its applicant."""
    home = client.post("/wnioski/wsparcie/osoba/", {"key": "7f3a8a52-1f0e-4b39-9a64-1f0d1c6f2a11"}).url
    for slug, typed in make.person_pages().items():
        client.post(f"{home}{slug}/", typed)
    return f"{home}wyslij/"


def posted(client, address, *codes):
    shown = client.get(address).context["form"].initial["clauses"]
    chosen = {f"consent_{text(code).pk}": "on" for code in codes}
    return client.post(address, {"clauses": shown, "read": "on", **chosen})


def letters():
    return OutboxMessage.objects.filter(body__contains="/zgody/").order_by("id")


def link_in(message):
    return re.search(r"http://testserver(/zgody/\S+)", message.body).group(1)


def new_version(old, **changes):
    """Version 2 from today on; the first ends with yesterday."""
    type(old).objects.filter(pk=old.pk).update(valid_to=clock.today())
    same = {f.name: getattr(old, f.name) for f in old._meta.concrete_fields if f.name != "id"}
    return type(old).objects.create(**{**same, "version": 2, "valid_from": clock.today(), "valid_to": None, **changes})


# On the form


def test_boxes_stand_apart_unticked_and_need_not_be_ticked(client):
    address = send_page(client)
    form = client.get(address).context["form"]
    assert [t.code for t, _box in form.boxes()] == CODES
    assert [(bool(box.value()), box.field.required) for _text, box in form.boxes()] == [(False, False)] * 4
    assert posted(client, address).url.endswith("/potwierdzenie/")
    assert Consent.objects.count() == 0
    assert letters().count() == 0


def test_what_was_ticked_is_kept_and_confirmed_with_a_link(client):
    posted(client, send_page(client), "newsletter", "image")
    sent = Application.objects.get()
    assert [(c.text.code, c.channel, c.noted_by, c.person) for c in sent.consents.order_by("text__code")] == [
        ("image", "", None, None),
        ("newsletter", "", None, None),
    ]
    (letter,) = letters()
    assert (letter.to, letter.about) == (sent.email, sent.number)
    page = Client().get(link_in(letter))
    assert {c.text.code for c in page.context["consents"]} == {"image", "newsletter"}


def test_a_tick_under_a_text_that_changed_meanwhile_is_no_consent(client):
    address = send_page(client)
    shown = client.get(address).context["form"].initial["clauses"]
    old = text()
    new = new_version(old, body="Inaczej.")
    response = client.post(address, {"clauses": shown, "read": "on", f"consent_{old.pk}": "on"})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["__all__"]
    assert new in response.context["form"].texts.values()
    assert Application.objects.get().state == "draft"


def test_an_accepted_application_gives_its_consents_to_the_person():
    coordinator = base.user(Role.COORDINATOR, projects=[base.project()])
    sent = services.submit(make.draft(PERSON), clauses=queries.current_clauses(), consents=[text()], language="pl")
    sent = services.take(make.impartial(sent, coordinator), by=coordinator, assignee=coordinator)
    make.checked(sent, by=coordinator)
    services.accept(
        sent, by=coordinator, unit=coordinator.unit, adviser=coordinator, project=base.project(), person=None
    )
    assert sent.consents.get().person == Case.objects.get().person


# The link


@pytest.fixture
def consent():
    person = base.person()
    (made,) = consents.give_all([text()], person=person, channel="phone", by=base.user(Role.ADVISER), language="pl")
    return made


def test_to_look_changes_nothing_and_a_button_withdraws(client, consent):
    address = link_in(letters().get())
    for _time in range(2):
        assert client.get(address).status_code == 200
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
    assert client.post(address, {"consent": consent.public_id}).url == address
    consent.refresh_from_db()
    assert (consent.withdrawn_at is not None, consent.withdrawn_by) == (True, None)


def test_to_withdraw_twice_is_kind_and_keeps_the_first_moment(client, consent):
    address = link_in(letters().get())
    client.post(address, {"consent": consent.public_id})
    first = Consent.objects.get().withdrawn_at
    page = client.post(address, {"consent": consent.public_id}, follow=True)
    assert (page.status_code, len(page.context["messages"])) == (200, 2)
    assert Consent.objects.get().withdrawn_at == first


@pytest.mark.parametrize("sent", [None, "", "x", "00000000-0000-0000-0000-000000000000", "other"])
def test_only_ones_own_consents_can_be_withdrawn(client, consent, sent):
    address = link_in(letters().get())
    other = consents.give(text(), person=base.person(), channel="letter", by=base.user(Role.ADVISER))
    data = {} if sent is None else {"consent": other.public_id if sent == "other" else sent}
    assert client.post(address, data).status_code == 404
    assert Consent.objects.filter(withdrawn_at=None).count() == 2


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "none", lambda t: "a:b"])
def test_a_spoilt_link_opens_nothing(client, consent, spoil):
    token = link_in(letters().get()).split("/")[2]
    assert client.get(reverse("consents:mine", args=[spoil(token)])).status_code == 404


def test_a_link_made_for_something_else_opens_nothing(client, consent):
    from django.core import signing

    token = signing.Signer(salt="other").sign_object({"person": str(consent.person.public_id)})
    assert client.get(reverse("consents:mine", args=[token])).status_code == 404


def test_staff_do_not_see_the_link_in_the_outbox(consent, settings):
    settings.DEMO = False
    letter = letters().get()
    shown = outbox.for_staff(letter)
    assert link_in(letter).split("/")[2] not in shown
    assert "/zgody/…/" in shown


def test_the_link_goes_on_after_a_merge(client, consent):
    address = link_in(letters().get())
    kept = base.person()
    Consent.objects.filter(pk=consent.pk).update(person=kept)
    type(kept).objects.filter(pk=consent.person_id).update(merged_into=kept)
    assert [c.pk for c in client.get(address).context["consents"]] == [consent.pk]


def test_withdrawing_takes_every_consent_of_the_person_for_the_same_purpose(consent):
    person = consent.person
    again = consents.give(new_version(text(), body="Inaczej."), person=person, channel="letter", by=base.user())
    other = consents.give(text("image"), person=person, channel="letter", by=base.user())
    stranger = consents.give(again.text, person=base.person(), channel="letter", by=base.user())
    consents.withdraw(consent)
    assert set(Consent.objects.filter(withdrawn_at=None)) == {other, stranger}


# In the office


def test_the_office_notes_a_consent_once(client):
    person = base.person()
    adviser = base.user(Role.ADVISER)
    client.force_login(adviser)
    typed = {"channel": "in_person", f"consent_{text().pk}": "on"}
    for _time in range(2):
        response = client.post(reverse("consents:note", args=[person.public_id]), typed)
        assert response.url == reverse("register:person", args=[person.public_id])
    made = Consent.objects.get()
    assert (made.person, made.text, made.channel, made.noted_by) == (person, text(), "in_person", adviser)


@pytest.mark.parametrize("typed", [{}, {"channel": "in_person"}, {"channel": "x", "consent": "on"}])
def test_the_office_says_what_is_missing(client, typed):
    person = base.person()
    client.force_login(base.user(Role.ADVISER))
    page = client.post(reverse("consents:note", args=[person.public_id]), typed)
    assert page.context["form"].errors
    assert Consent.objects.count() == 0


def test_no_letter_without_an_address():
    consents.give_all([text()], person=base.person(email=""), channel="letter", by=base.user(), language="pl")
    assert (Consent.objects.count(), letters().count()) == (1, 0)


def test_a_text_not_in_force_is_refused():
    old = text()
    new_version(old)
    with pytest.raises(Refused):
        consents.give(old, person=base.person(), channel="letter", by=base.user())


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_no_consent_without_the_right(role, consent):
    with pytest.raises(PermissionDenied):
        consents.give(text(), person=base.person(), channel="letter", by=base.user(role))
    with pytest.raises(PermissionDenied):
        consents.withdraw(consent, by=base.user(role))


def test_the_office_withdraws_for_the_person(client, consent):
    officer = base.user(Role.DATA_PROTECTION)
    client.force_login(officer)
    client.post(reverse("consents:withdraw", args=[consent.public_id]))
    consent.refresh_from_db()
    assert consent.withdrawn_by == officer


def test_a_partner_reaches_no_consent_of_others(client, consent):
    client.force_login(base.user(Role.COORDINATOR, unit_=base.unit(UnitKind.PARTNER)))
    assert client.post(reverse("consents:withdraw", args=[consent.public_id])).status_code == 404


def test_the_panel_asks_as_much_for_three_as_for_one(client):
    person, adviser = base.person(), base.user(Role.ADVISER)
    client.force_login(adviser)
    counts = []
    for codes in (CODES[:1], CODES[1:3]):
        for code in codes:
            consents.withdraw(consents.give(text(code), person=person, channel="letter", by=adviser), by=adviser)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("register:person", args=[person.public_id]))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# What the database keeps


@pytest.mark.parametrize("change", [{"text_id": 0}, {"channel": "letter"}, {"given_at": clock.now()}])
def test_what_was_given_is_not_rewritten(consent, change):
    with pytest.raises(InternalError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**change)


def test_a_withdrawn_consent_stays_withdrawn(consent):
    consents.withdraw(consent)
    with pytest.raises(InternalError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None)
    with pytest.raises(InternalError), transaction.atomic():
        consent.delete()


@pytest.mark.parametrize("model", [Clause, ConsentText])
@pytest.mark.parametrize("change", [{"body": "x"}, {"purpose": "x"}, {"controller": "x"}, {"version": 9}])
def test_the_text_of_a_version_is_never_rewritten(model, change):
    with pytest.raises(InternalError), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**change)
    model.objects.update(confirmed=True)


def test_a_new_version_takes_effect_on_its_day():
    old = Clause.objects.get(code="minister")
    tomorrow = clock.today() + datetime.timedelta(days=1)
    Clause.objects.filter(pk=old.pk).update(valid_to=tomorrow)
    same = {f.name: getattr(old, f.name) for f in old._meta.concrete_fields if f.name != "id"}
    new = Clause.objects.create(**{**same, "version": 2, "valid_from": tomorrow, "valid_to": None})
    assert [c for c in queries.current_clauses() if c.code == "minister"] == [old]
    with clock.at(clock.now() + datetime.timedelta(days=1)):
        assert [c for c in queries.current_clauses() if c.code == "minister"] == [new]


def test_clauses_stand_by_controller_on_both_pages(client):
    groups = client.get(reverse("portal:privacy")).context["controllers"]
    assert [(controller, [c.code for c in clauses]) for controller, clauses in groups] == [
        ("Stowarzyszenie Wspierania Małej Przedsiębiorczości", ["beneficiary"]),
        ("Zarząd Województwa Lubuskiego", ["managing_authority"]),
        ("Minister właściwy do spraw rozwoju regionalnego", ["minister"]),
    ]
    assert client.get(send_page(client)).context["controllers"] == groups
    assert all(c.purpose and c.purpose_en for c in Clause.objects.all())


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_note_one_consent():
    person, adviser = base.person(), base.user(Role.ADVISER)
    at_once(10, lambda _n: consents.give(text(), person=person, channel="letter", by=adviser))
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_withdrawals_at_once_keep_the_first():
    person, adviser = base.person(), base.user(Role.ADVISER)
    made = consents.give(text(), person=person, channel="letter", by=adviser)
    results = at_once(10, lambda _n: consents.withdraw(made).withdrawn_at)
    assert results == [Consent.objects.get().withdrawn_at] * 10
