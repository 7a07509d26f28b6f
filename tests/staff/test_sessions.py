"""How long a session lasts, what ends it, and the fresh sign-in before something leaves the house."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.models import Disclosure, OutboxMessage
from centrum.staff import queries, services
from centrum.staff.enums import Role
from centrum.staff.models import SignInAttempt, User
from tests.factories import base
from tests.staff.signing import code, enrolled, give_password, is_in, signed_in

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
HOME = "/biuro/"
NEW = "another-long-password-7"


def later(minutes):
    return clock.at(clock.now() + minutes * MINUTE)


def test_an_hour_without_work_ends_it_with_a_word_and_leads_back():
    browser = signed_in(base.user())
    with later(59):
        assert is_in(browser)
    with later(59 + 61):
        page = browser.get(reverse("staff:search"), {"q": "ala ma"})
        assert page["Location"] == f"{reverse('staff:sign-in')}?next=%2Fbiuro%2Fszukaj%2F%3Fq%3Dala%2Bma"
        assert "_auth_user_id" not in browser.session
        assert 'class="note wait"' in browser.get(page["Location"]).content.decode()


def test_twelve_hours_end_it_however_busy():
    browser = signed_in(base.user())
    for minutes in range(30, 12 * 60, 30):
        with later(minutes):
            assert is_in(browser)
    with later(12 * 60 + 1):
        assert not is_in(browser)


def test_use_is_noted_at_most_once_a_minute():
    browser = signed_in(base.user())
    seen = browser.session["staff_seen"]
    with clock.at(clock.now() + 0.5 * MINUTE):
        is_in(browser)
    assert browser.session["staff_seen"] == seen
    with later(2):
        is_in(browser)
    assert browser.session["staff_seen"] > seen


def test_a_form_sent_too_late_leads_back_to_its_page_and_is_not_in_the_address():
    user, person = base.user(), base.person()
    browser = signed_in(user)
    at = reverse("register:person-edit", args=[person.public_id])
    with later(61):
        page = browser.post(at, {"first_name": "Sekret"}, headers={"referer": f"http://testserver{at}"})
    assert page["Location"] == f"{reverse('staff:sign-in')}?next={at.replace('/', '%2F')}"


def test_the_session_of_an_applicant_is_left_alone(client):
    session = client.session
    session["draft"] = "kept"
    session.save()
    with later(13 * 60):
        client.get("/")
        assert client.session["draft"] == "kept"


def test_a_session_that_does_not_know_its_age_has_ended(client):
    client.force_login(base.user())
    session = client.session
    del session["staff_since"]
    session.save()
    assert not is_in(client)


def test_pages_of_the_office_stay_in_no_cache(client):
    assert "Cache-Control" not in client.get("/").headers
    client.force_login(base.user())
    assert client.get(HOME)["Cache-Control"] == "private, no-store"


def test_a_new_password_ends_the_other_sessions():
    user = base.user()
    here, there = signed_in(user), signed_in(user)
    typed = {"old_password": base.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post(reverse("staff:password-change"), typed)["Location"] == HOME
    assert is_in(here) and not is_in(there)


def test_the_old_password_is_tried_five_times():
    user = base.user()
    browser = signed_in(user)
    typed = {"new_password1": NEW, "new_password2": NEW}
    for n in range(5):
        browser.post(reverse("staff:password-change"), {**typed, "old_password": f"wrong {n}"})
    page = browser.post(reverse("staff:password-change"), {**typed, "old_password": base.PASSWORD})
    assert page.context["form"].has_error("old_password")
    assert User.objects.get(pk=user.pk).check_password(base.PASSWORD)


# the fresh sign-in


@pytest.fixture
def guarded():
    """Address of every page that hands out or reveals."""
    person = base.person()
    return [
        reverse("register:person-identifier", args=[person.public_id]),
        reverse("register:person-sensitive", args=[person.public_id]),
        reverse("reporting:exports"),
        reverse("staff:second-factor-new"),
    ]


def confirm_at(address):
    return f"{reverse('staff:confirm')}?next={address.replace('/', '%2F')}"


def test_within_a_quarter_nothing_is_asked(guarded):
    browser = signed_in(base.user())
    with later(14):
        assert [browser.get(address).status_code for address in guarded] == [200] * 4


def test_after_a_quarter_the_password_is_asked_once_for_all(guarded):
    browser = signed_in(base.user())
    with later(16):
        assert [browser.get(address)["Location"] for address in guarded] == list(map(confirm_at, guarded))
        wrong = browser.post(confirm_at(guarded[0]), {"secret": "wrong", "next": guarded[0]})
        assert wrong.context["form"].has_error("secret")
        right = browser.post(confirm_at(guarded[0]), {"secret": base.PASSWORD, "next": guarded[0]})
        assert right["Location"] == guarded[0]
        assert [browser.get(address).status_code for address in guarded] == [200] * 4


def test_with_a_second_factor_a_code_is_asked_and_not_the_password(guarded):
    user, _codes = enrolled()
    browser = signed_in(user)
    with later(16):
        browser.post(reverse("staff:confirm"), {"secret": base.PASSWORD})
        assert browser.get(guarded[0])["Location"] == confirm_at(guarded[0])
        browser.post(reverse("staff:confirm"), {"secret": code()})
        assert browser.get(guarded[0]).status_code == 200


def test_a_post_does_nothing_keeps_nothing_and_comes_back_by_get(guarded):
    browser = signed_in(base.user())
    with later(16):
        headers = {"referer": f"http://testserver{guarded[0]}"}
        page = browser.post(guarded[0], {"reason": "Tajny powód"}, headers=headers)
        assert page["Location"] == confirm_at(guarded[0])
        assert "Tajny" not in str(dict(browser.session.items()))
        shown = browser.get(page["Location"])
        assert 'class="note wait"' in shown.content.decode()
        assert not Disclosure.objects.exists()
        browser.post(reverse("staff:confirm"), {"secret": base.PASSWORD, "next": guarded[0]})
        assert not Disclosure.objects.exists()
        assert browser.post(guarded[0], {"reason": "Umowa."}).context["number"]


def test_a_foreign_referer_leads_home(guarded):
    browser = signed_in(base.user())
    with later(16):
        page = browser.post(guarded[0], headers={"referer": "https://example.com/x"})
        assert page["Location"] == confirm_at(HOME)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "http:///example.com",
        "\t//x.y",
    ],
)
def test_no_link_to_the_door_leads_to_another_site(client, wanted):
    user = base.user()
    assert give_password(client, user, next=wanted)["Location"] == HOME
    assert client.post(reverse("staff:confirm"), {"secret": base.PASSWORD, "next": wanted})["Location"] == HOME
    assert client.get(reverse("staff:sign-in"), {"next": wanted})["Location"] == HOME


def test_confirming_is_tried_five_times():
    user = base.user()
    browser = signed_in(user)
    with later(16):
        for n in range(5):
            browser.post(reverse("staff:confirm"), {"secret": f"wrong {n}"})
        assert browser.post(reverse("staff:confirm"), {"secret": base.PASSWORD}).status_code == 200
    assert SignInAttempt.objects.filter(step="confirmation").count() == 6


# invitations


def test_the_administrator_sees_who_has_not_accepted_and_invites_again(client):
    boss = base.user(Role.ADMINISTRATOR)
    made = services.create_account(
        by=boss, email="new@example.org", first_name="Ewa", last_name="Nowa", role=Role.ADVISER, unit=boss.unit
    )
    old = queries.password_link(made)
    client.force_login(boss)
    page = client.get(reverse("staff:accounts"), {"state": "invited"})
    assert page.context["page"].rows == [made]
    client.post(reverse("staff:account-invite", args=[made.pk]))
    assert OutboxMessage.objects.filter(to="new@example.org").count() == 2
    visitor = Client()
    assert visitor.get(old, follow=True).context["validlink"] is False
    made.refresh_from_db()
    opened = visitor.get(queries.password_link(made), follow=True)
    visitor.post(opened.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert client.get(reverse("staff:accounts"), {"state": "invited"}).context["page"].rows == []
    client.post(reverse("staff:account-invite", args=[made.pk]))
    assert OutboxMessage.objects.filter(to="new@example.org").count() == 2


def test_an_invitation_lasts_three_days(client, time_machine):
    time_machine.move_to(clock.now())
    link = queries.password_link(base.user())
    time_machine.shift(datetime.timedelta(days=2, hours=23))
    assert client.get(link, follow=True).context["validlink"] is True
    time_machine.shift(datetime.timedelta(hours=2))
    assert Client().get(link, follow=True).context["validlink"] is False


@pytest.mark.parametrize(("state", "found"), [("bare", {"a", "c"}), ("closed", {"d"}), ("", {"a", "b", "c", "d"})])
def test_accounts_are_narrowed_by_state(client, state, found):
    accounts = {"a": base.user(Role.ADMINISTRATOR), "b": enrolled()[0], "c": base.user()}
    accounts["d"] = base.user(is_active=False)
    client.force_login(accounts["a"])
    rows = client.get(reverse("staff:accounts"), {"state": state}).context["page"].rows
    assert set(rows) == {accounts[name] for name in found}
