"""Tries at the door: counted before the secret is looked at, closed when they can't be, telling nobody anything."""

import datetime
import threading

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage
from centrum.staff import origins, signing
from centrum.staff.enums import Outcome, Role, Step
from centrum.staff.models import SignInAttempt
from centrum.staff.sign_in_views import WRONG_PASSWORD
from tests.factories import base
from tests.staff.signing import code, enrolled, give_code, give_password, is_in, signed_in
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NOWHERE = origins.Origin()


def outcomes(**where):
    found = SignInAttempt.objects.filter(**where).order_by("pk").values_list("outcome", flat=True)
    return {outcome: list(found).count(outcome) for outcome in set(found)}


def try_password(user, password="wrong", origin=NOWHERE):  # noqa: S107
    return signing.prove_password(email=user.email, password=password, origin=origin)


def test_a_thousand_wrong_passwords_are_looked_at_five_times_and_the_right_one_is_refused_meanwhile(client):
    user = base.user()
    page = [give_password(client, user, f"wrong {n}") for n in range(6)]
    for n in range(994):
        assert try_password(user, f"wrong {n}") is None
    assert outcomes(user=user) == {Outcome.WRONG: 5, Outcome.BLOCKED: 995}
    right = give_password(client, user)
    assert not is_in(client)
    assert {str(p.context["form"].errors) for p in [*page, right]} == {str(right.context["form"].errors)}
    with clock.at(clock.now() + datetime.timedelta(minutes=16)):
        give_password(client, user)
        assert is_in(client)


def test_a_right_password_counts_not(client):
    user = base.user()
    for _n in range(7):
        assert try_password(user, base.PASSWORD) == user
    for _n in range(4):
        assert try_password(user) is None
    assert try_password(user, base.PASSWORD) == user
    assert try_password(user) is None
    assert try_password(user, base.PASSWORD) is None


def test_upper_case_is_the_same_address():
    user = base.user(email="anna@example.org")
    for _n in range(5):
        signing.prove_password(email="ANNA@example.org", password="wrong", origin=NOWHERE)
    assert try_password(user, base.PASSWORD) is None


def test_one_address_tries_fifty_accounts():
    user = base.user()
    for n in range(50):
        origin = origins.Origin("203.0.113.7")
        signing.prove_password(email=f"nobody{n}@example.org", password="wrong", origin=origin)
    assert try_password(user, base.PASSWORD, origins.Origin("203.0.113.7")) is None
    assert try_password(user, base.PASSWORD, origins.Origin("203.0.113.8")) == user


def test_a_network_of_ipv6_counts_as_one_address(settings):
    settings.SIGN_IN_TRIES_ADDRESS = 2
    user = base.user()
    for n in (1, 2):
        signing.prove_password(email=f"a{n}@example.org", password="x", origin=origins.Origin(f"2001:db8::{n}"))
    assert try_password(user, base.PASSWORD, origins.Origin("2001:db8::ffff:3")) is None
    assert try_password(user, base.PASSWORD, origins.Origin("2001:db8:0:1::1")) == user


@pytest.fixture
def broken_attempts():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON staff_signinattempt EXECUTE FUNCTION refuse();"
        )


def test_nobody_gets_in_when_a_try_cannot_be_written(client, broken_attempts):
    user = base.user()
    client.raise_request_exception = False
    assert give_password(client, user).status_code == 500
    assert not is_in(client)


def test_no_secret_is_looked_at_when_a_try_cannot_be_written(broken_attempts, settings):
    settings.AUTHENTICATION_BACKENDS = ["tests.staff.signing.BreakingDown"]
    with pytest.raises(InternalError, match="full"):
        try_password(base.user(), base.PASSWORD)


def test_what_fails_in_between_counts_as_failed():
    user = base.user()
    for _n in range(5):
        signing.begin(step=Step.PASSWORD, email=user.email, origin=NOWHERE)
    assert try_password(user, base.PASSWORD) is None


@pytest.mark.parametrize("step", [Step.CODE, Step.CONFIRMATION])
def test_codes_are_counted_by_account(step):
    user, _codes = enrolled()
    for _n in range(5):
        assert signing.prove_code(user, code="000000", origin=NOWHERE, step=step) is False
    assert signing.prove_code(user, code=code(), origin=NOWHERE, step=step) is False
    assert outcomes(user=user, step=step) == {Outcome.WRONG: 5, Outcome.BLOCKED: 1}
    assert try_password(user, base.PASSWORD) == user


def test_letters_with_a_link_are_limited_and_nothing_tells_it(client):
    user = base.user()
    pages = [client.post(reverse("staff:password-link"), {"email": user.email}) for _n in range(7)]
    assert {page["Location"] for page in pages} == {reverse("staff:password-link-sent")}
    assert OutboxMessage.objects.filter(to=user.email).count() == 5
    client.post(reverse("staff:password-link"), {"email": "nobody@example.org"})
    assert OutboxMessage.objects.count() == 5


@pytest.mark.parametrize("kind", ["unknown", "closed", "wrong", "blocked", "invited"])
def test_every_refusal_is_the_same_page_and_the_same_work(client, monkeypatch, kind):
    user = base.user(is_active=kind != "closed")
    if kind == "invited":
        user.set_unusable_password()
        user.save()
    if kind == "blocked":
        for _n in range(5):
            try_password(user)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
    typed = {"username": "nobody@example.org" if kind == "unknown" else user.email, "password": "wrong"}
    page = client.post(reverse("staff:sign-in"), typed)
    assert (page.status_code, [str(e) for e in page.context["form"].non_field_errors()], len(hashed)) == (
        200,
        [WRONG_PASSWORD],
        1,
    )


def test_the_history_keeps_no_address_that_was_typed():
    signing.prove_password(email="my-password@example.org", password="x", origin=NOWHERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT staff_signinattempt::text FROM staff_signinattempt")
        assert "my-password" not in cursor.fetchone()[0]


AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Windows",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML) Chrome/130.0 Mobile Safari/537.36": "Chrome, Android",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/130.0 Safari/537.36 Edg/130.0": "Edge, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1": "Safari, iPhone",
    "curl/8.0": "",
    "x" * 100_000: "",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_history_names_address_and_browser_in_plain_words(client, agent):
    user = base.user()
    client.post(
        reverse("staff:sign-in"),
        {"username": user.email, "password": base.PASSWORD},
        headers={"user-agent": agent},
        REMOTE_ADDR="::ffff:203.0.113.9",
    )
    row = client.get(reverse("staff:sign-ins")).context["page"].rows[0]
    assert (row.browser, row.address, row.outcome, row.step) == (AGENTS[agent], "203.0.113.9", "passed", "password")


@pytest.mark.parametrize(
    ("behind", "sent", "address"),
    [
        (False, "198.51.100.1", "203.0.113.9"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1, 198.51.100.2", "198.51.100.2"),
        (True, "'; DROP TABLE", None),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxy_alone(client, settings, behind, sent, address):
    settings.BEHIND_PROXY = behind
    headers = {"x-forwarded-for": sent}
    typed = {"username": base.user().email, "password": "wrong"}
    client.post(reverse("staff:sign-in"), typed, headers=headers, REMOTE_ADDR="203.0.113.9")
    assert SignInAttempt.objects.get().address == address


def test_everybody_sees_the_own_history_and_the_administrator_all():
    mine, other, boss = base.user(), base.user(), base.user(Role.ADMINISTRATOR)
    for user in (mine, other):
        try_password(user)
    browser = signed_in(boss)
    page = reverse("staff:sign-ins")
    assert {row.user for row in browser.get(page).context["page"].rows} == {boss}
    assert {row.user for row in browser.get(page, {"tab": "all"}).context["page"].rows} == {mine, other, boss}
    one = browser.get(page, {"tab": "all", "user": other.pk}).context["page"].rows
    assert [(row.user, row.outcome) for row in one] == [(other, "wrong")]
    own = signed_in(mine).get(page, {"tab": "all", "user": other.pk})
    assert {row.user for row in own.context["page"].rows} == {mine}


@pytest.mark.parametrize("name", ["staff:sign-ins", "staff:accounts"])
def test_lists_ask_as_much_for_three_as_for_one(client, name):
    boss = base.user(Role.ADMINISTRATOR)
    client.force_login(boss)
    counts = []
    for n in (1, 2):
        for _n in range(n):
            try_password(base.user())
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name), {"tab": "all"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_at_once_are_looked_at_five_times():
    user = base.user()

    def attempt(_number):
        with author(command="tests"):
            return try_password(user)

    assert at_once(30, attempt) == [None] * 30
    assert outcomes() == {Outcome.WRONG: 5, Outcome.BLOCKED: 25}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_would_pass_as_the_last_one():
    """Both count before either has written: what the advisory lock keeps from happening."""
    user = base.user()
    both_counted = threading.Barrier(2)

    def attempt(_number):
        with transaction.atomic():
            tries = SignInAttempt.objects.filter(user=user).count()
            both_counted.wait(timeout=30)
            SignInAttempt.objects.create(step=Step.PASSWORD, email_index=b"x", user=user)
            return tries

    assert at_once(2, attempt) == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_a_try_stays_whatever_happens_to_the_request(settings):
    """It is committed before the password is looked at, so a request that dies leaves it."""
    user = base.user()
    settings.AUTHENTICATION_BACKENDS = ["tests.staff.signing.BreakingDown"]
    assert give_password(Client(raise_request_exception=False), user).status_code == 500
    assert outcomes(user=user) == {Outcome.PENDING: 1}


def test_code_page_without_a_password_leads_back(client):
    enrolled()
    assert client.get(reverse("staff:sign-in-code"))["Location"] == reverse("staff:sign-in")
    assert give_code(client, code())["Location"] == reverse("staff:sign-in")
