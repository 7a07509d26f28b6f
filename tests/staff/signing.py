"""What tests of the door share: an account with a second factor, its codes, and sign-in by the pages."""

import base64
import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.urls import reverse

from centrum.kit import clock
from centrum.staff import second_factor
from tests.factories import base

SECRET = base64.b32encode(b"twenty bytes of tests").decode()[:32]
NOON = datetime.datetime(2026, 11, 23, 12, 0, 0, tzinfo=datetime.UTC)  # begins a step of thirty seconds


def code(instant=None, secret=SECRET):
    """What an application shows at `instant`, reckoned beside our code."""
    at = int((instant or clock.now()).timestamp())
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(at).decode()  # noqa: S303


def enrolled(**data):
    """(account, recovery codes): set up an hour ago."""
    user = base.user(**data)
    with clock.at(clock.now() - datetime.timedelta(hours=1)):
        codes = second_factor.enrol(user, secret=SECRET, code=code())
    return user, codes


def give_password(client, user, password=base.PASSWORD, **more):
    return client.post(reverse("staff:sign-in"), {"username": user.email, "password": password, **more})


def give_code(client, text, **query):
    return client.post(reverse("staff:sign-in-code", query=query or None), {"code": text})


def signed_in(user):
    """A browser of its own in which `user` has signed in by the password, and by a code where one is needed."""
    browser = Client()
    give_password(browser, user)
    if user.has_second_factor:
        give_code(browser, code())
    assert is_in(browser)
    return browser


def is_in(client):
    return client.get(reverse("staff:account")).status_code == 200


class BreakingDown:
    """A backend of authentication under which the worker dies where it would look at the password."""

    def authenticate(self, request, **given):
        raise RuntimeError("the worker dies here")
