"""The second factor: codes by RFC 6238, never twice; recovery codes; the way in with it and after losing it."""

import datetime
import re
import threading
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from centrum.kit import clock
from centrum.kit.history import author
from centrum.kit.models import OutboxMessage
from centrum.staff import second_factor
from centrum.staff.enums import Role
from centrum.staff.models import RecoveryCode, SecondFactor, User
from tests.factories import base
from tests.staff.signing import NOON, SECRET, code, enrolled, give_code, give_password, is_in, signed_in
from tests.threads import at_once

pytestmark = pytest.mark.django_db
STEP = datetime.timedelta(seconds=30)
HOME = "/biuro/"


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_codes_are_those_of_rfc_6238():
    """Appendix B for SHA-1, its eight digits cut to six: https://www.rfc-editor.org/rfc/rfc6238"""
    user, secret = base.user(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moments = ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"))
    for seconds, shown in moments:
        with clock.at(datetime.datetime.fromtimestamp(seconds, datetime.UTC)):
            second_factor.enrol(user, secret=secret, code=shown)
    assert user.has_second_factor


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_the_telephone_may_differ_by_a_step(steps, opens):
    with clock.at(NOON):
        user, _codes = enrolled()
    with clock.at(NOON + datetime.timedelta(days=1)):
        assert second_factor.take_code(user, code(clock.now() + steps * STEP)) is opens


def test_a_code_opens_once_and_none_before_it_afterwards():
    with clock.at(NOON):
        user, _codes = enrolled()
    with clock.at(NOON + datetime.timedelta(days=1)):
        before, now = code(clock.now() - STEP), code()
        assert second_factor.take_code(user, now) is True
        assert second_factor.take_code(user, now) is False
        assert second_factor.take_code(user, before) is False
    with clock.at(NOON + datetime.timedelta(days=1) + STEP):
        assert second_factor.take_code(user, now) is False
        assert second_factor.take_code(user, code()) is True


def test_the_code_of_setting_up_opens_nothing_afterwards():
    user = base.user()
    with clock.at(NOON):
        second_factor.enrol(user, secret=SECRET, code=code())
        assert second_factor.take_code(user, code()) is False


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12345", "1234567", "١٢٣٤٥٦", "１２３４５６", "12345a", "-" * 40, "🙂" * 6, "0x1234", "１" * 40, "'; --"],
)
def test_any_wrong_code_is_just_wrong(client, typed):
    user, _codes = enrolled()
    give_password(client, user)
    assert give_code(client, typed).status_code == 200
    assert not is_in(client)


def test_a_code_too_long_is_refused_before_it_is_looked_at(client):
    user, _codes = enrolled()
    give_password(client, user)
    assert give_code(client, "1" * 1_000_000).context["form"].has_error("code", "max_length")


def test_a_code_may_be_typed_with_spaces(client):
    user, _codes = enrolled()
    give_password(client, user)
    now = code()
    give_code(client, f" {now[:3]} {now[3:]} ")
    assert is_in(client)


@pytest.mark.parametrize("typed", [str.upper, str.lower, lambda c: c.replace("-", " "), lambda c: f" {c} "])
def test_a_recovery_code_opens_once_however_typed(client, typed):
    user, codes = enrolled()
    give_password(client, user)
    give_code(client, typed(codes[3]), zapasowy=1)
    assert is_in(client)
    other = Client()
    give_password(other, user)
    give_code(other, codes[3], zapasowy=1)
    assert not is_in(other)
    assert second_factor.unused_codes(user) == 9


def test_recovery_codes_are_kept_as_hashes_and_open_no_other_account():
    _user, codes = enrolled()
    other, _codes = enrolled()
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){2}", text) for text in codes)
    assert not {text.replace("-", "").encode() for text in codes} & {
        bytes(digest) for digest in RecoveryCode.objects.values_list("digest", flat=True)
    }
    assert second_factor.take_code(other, codes[0]) is False


def test_the_secret_is_encrypted():
    user, _codes = enrolled()
    assert SECRET.encode() not in bytes(SecondFactor.objects.get(user=user).secret_cipher)


def test_the_password_alone_signs_nobody_in(client):
    user, _codes = enrolled()
    assert give_password(client, user)["Location"] == reverse("staff:sign-in-code")
    assert "_auth_user_id" not in client.session
    assert not is_in(client)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(("minutes", "opens"), [(9, True), (11, False)])
def test_between_password_and_code_there_are_ten_minutes(client, minutes, opens):
    user, _codes = enrolled()
    give_password(client, user)
    with clock.at(clock.now() + datetime.timedelta(minutes=minutes)):
        give_code(client, code())
        assert is_in(client) is opens


def test_half_a_sign_in_ends_with_the_password_or_the_account(client):
    user, _codes = enrolled()
    for change in ({"is_active": False}, {"password": "md5$a$b"}):
        give_password(client, user)
        saved = {name: getattr(user, name) for name in change}
        User.objects.filter(pk=user.pk).update(**change)
        assert give_code(client, code())["Location"] == reverse("staff:sign-in")
        User.objects.filter(pk=user.pk).update(**saved)


def test_the_way_goes_on_to_where_the_visitor_wanted_and_nowhere_else(client):
    for wanted, led in (("/biuro/szukaj/?q=ala", "/biuro/szukaj/?q=ala"), ("https://example.com/", HOME)):
        user, codes = enrolled()
        give_password(client, user, next=wanted)
        assert give_code(client, codes[0], zapasowy=1)["Location"] == led
        client.logout()


def test_the_key_of_the_session_changes_at_both_steps(client):
    user, _codes = enrolled()
    client.get("/")
    keys = []
    give_password(client, user)
    keys.append(client.session.session_key)
    give_code(client, code())
    keys.append(client.session.session_key)
    assert len(set(keys)) == 2 and is_in(client)


# setting up


def enrol(client):
    """Go through the pages as a person does; the recovery codes shown."""
    page = client.get(reverse("staff:second-factor-new"))
    secret = page.context["secret"].replace(" ", "")
    done = client.post(reverse("staff:second-factor-new"), {"code": code(secret=secret)})
    return page, done


def test_who_has_none_is_sent_to_set_it_up_from_every_page(client, required):
    client.force_login(base.user(Role.ADMINISTRATOR))
    for name in ("staff:home", "staff:search", "staff:accounts", "admin:index", "staff:password-change"):
        assert client.get(reverse(name))["Location"] == reverse("staff:second-factor-new")
    assert client.get("/").status_code == 200
    page, done = enrol(client)
    assert "<svg" in page.content.decode() and " style=" not in page.content.decode()
    shown, html = done.context["codes"], done.content.decode()
    assert all(f"<code>{text}</code>" in html for text in shown)
    file = re.search(r'href="data:text/plain;charset=utf-8,([^"]*)"', html)[1]
    assert unquote(file).split()[-10:] == shown
    assert done["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.get(reverse("staff:home")).status_code == 200


def test_sign_out_works_before_it(client, required):
    client.force_login(base.user())
    assert client.post(reverse("staff:sign-out"))["Location"] == "/"


def test_nothing_is_set_up_until_the_code_is_right(client):
    user = base.user()
    client.force_login(user)
    first = client.get(reverse("staff:second-factor-new")).context["secret"]
    again = client.post(reverse("staff:second-factor-new"), {"code": "000000"})
    assert (again.status_code, again.context["secret"]) == (200, first)
    assert not SecondFactor.objects.exists()
    assert first.replace(" ", "") not in str(dict(client.session.items()))


def test_setting_up_ends_the_other_sessions_and_tells_by_mail():
    user = base.user()
    here, there = signed_in(user), signed_in(user)
    _page, done = enrol(here)
    assert done.status_code == 200
    assert is_in(here) and not is_in(there)
    assert OutboxMessage.objects.filter(to=user.email).count() == 1


def test_new_recovery_codes_take_the_place_of_the_old():
    user, codes = enrolled()
    browser = signed_in(user)
    new = browser.post(reverse("staff:recovery-codes")).context["codes"]
    assert second_factor.unused_codes(user) == 10
    assert second_factor.take_code(user, codes[0]) is False
    assert second_factor.take_code(user, new[0]) is True


def test_switching_off_is_for_where_nobody_demands_it(settings):
    user, _codes = enrolled()
    browser, other = signed_in(user), Client()
    settings.SECOND_FACTOR_REQUIRED = True
    assert browser.post(reverse("staff:second-factor-off")).status_code == 403
    settings.SECOND_FACTOR_REQUIRED = False
    browser.post(reverse("staff:second-factor-off"))
    assert is_in(browser)
    give_password(other, user)
    assert is_in(other)
    assert not RecoveryCode.objects.exists()


# a lost telephone


def test_the_administrator_removes_a_lost_one_and_the_owner_hears_of_it():
    user, _codes = enrolled()
    owner, boss = signed_in(user), base.user(Role.ADMINISTRATOR)
    at = reverse("staff:account-second-factor", args=[user.pk])
    browser = signed_in(boss)
    assert browser.post(at, {"reason": " "}).context["form"].has_error("reason")
    assert browser.post(at, {"reason": "Był w biurze."})["Location"] == reverse("staff:accounts")
    assert not is_in(owner)
    letter = OutboxMessage.objects.filter(to=user.email).latest("pk")
    assert "Był w biurze." in letter.body and str(boss) in letter.body
    lines = browser.get(reverse("staff:journal"), {"tab": "rows", "table": "staff.secondfactor"}).context["lines"]
    assert (lines[0].who, lines[0].text, lines[0].kind) == (str(boss), "Był w biurze.", "bad")
    assert browser.post(at, {"reason": "Jeszcze raz."})["Location"] == reverse("staff:accounts")
    assert OutboxMessage.objects.filter(to=user.email).count() == 2


def test_nobody_removes_their_own():
    boss, _codes = enrolled(role=Role.ADMINISTRATOR)
    at = reverse("staff:account-second-factor", args=[boss.pk])
    assert signed_in(boss).post(at, {"reason": "Zgubiony."}).status_code == 403
    assert User.objects.get(pk=boss.pk).has_second_factor


# at once


@pytest.mark.django_db(transaction=True)
def test_one_code_at_once_from_many_browsers_opens_one(settings):
    settings.SIGN_IN_TRIES = 100
    user, codes = enrolled()
    browsers = [Client() for _n in range(8)]
    for browser in browsers:
        give_password(browser, user)
    for text in (code(), codes[0]):
        before = [is_in(browser) for browser in browsers]
        at_once(8, lambda number, text=text: give_code(browsers[number], text))
        assert [is_in(browser) for browser in browsers].count(True) == before.count(True) + 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_code_would_open_twice():
    user, _codes = enrolled()
    both_looked = threading.Barrier(2)
    now = code()

    def look_then_note(_number):
        with author(command="tests"), transaction.atomic():
            last = SecondFactor.objects.get(user=user).last_step
            both_looked.wait(timeout=30)
            opens = second_factor._step_of(SECRET, now, after=last)
            SecondFactor.objects.filter(user=user).update(last_step=opens)
            return opens is not None

    assert at_once(2, look_then_note) == [True, True]
