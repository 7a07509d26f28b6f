"""What is proved at the door: passwords and codes, and how many of them may be tried.

Every try is a row of its own, committed before the secret is looked at, so whatever fails afterwards counts as a
failed try, and where no row can be written nobody gets in. Tries of one address of e-mail wait for each other
(advisory lock), so no more than SIGN_IN_TRIES secrets are looked at in SIGN_IN_MINUTES, however many come at once.
One step never counts against another: wrong passwords of a stranger keep nobody signed in from confirming.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from centrum.kit import clock, crypto
from centrum.staff import origins, second_factor, services
from centrum.staff.enums import Outcome, Step
from centrum.staff.models import SignInAttempt, User

# Keys of the advisory locks; an address is always locked before an e-mail, so nobody waits in a circle.
_ADDRESS_LOCK, _EMAIL_LOCK = 8101, 8102


def prove_password(*, email, password, origin, step=Step.PASSWORD):
    """Return the active account that `email` and `password` belong to, None where they do not or tries are used up.

    Whatever is wrong, the same work is done: a password is hashed once.
    """
    attempt = begin(step=step, email=email, origin=origin)
    if attempt.outcome == Outcome.BLOCKED:
        make_password(password)
        return None
    user = authenticate(username=email, password=password)
    finish(attempt, passed=user is not None)
    return user


def prove_code(user, *, code, origin, step=Step.CODE):
    """Tell whether `code` is one of the application or a recovery code of `user`; either is taken once."""
    attempt = begin(step=step, email=user.email, origin=origin)
    passed = attempt.outcome != Outcome.BLOCKED and second_factor.take_code(user, code)
    if attempt.outcome != Outcome.BLOCKED:
        finish(attempt, passed=passed)
    return passed


def confirm(user, *, secret, origin):
    """Tell whether it is still `user` who sits there: by a code or, without a second factor, by the password."""
    if user.has_second_factor:
        return prove_code(user, code=secret, origin=origin, step=Step.CONFIRMATION)
    return prove_password(email=user.email, password=secret, origin=origin, step=Step.CONFIRMATION) == user


def ask_password_link(*, email, origin):
    """Mail a link to set a password, if `email` has an account and not too many were asked for."""
    attempt = begin(step=Step.LINK, email=email, origin=origin)
    if attempt.outcome != Outcome.BLOCKED:
        services.send_password_link(email=email)
        finish(attempt, passed=True)


@transaction.atomic(durable=True)
def begin(*, step, email, origin):
    """Write a try before its secret is looked at. Its outcome is BLOCKED where there were too many, else PENDING."""
    return write(step=step, email=email, origin=origin)


@transaction.atomic
def write(*, step, email, origin):
    """As `begin`, inside a transaction of the caller's: for a history that is told afterwards."""
    email = email.lower()
    index = crypto.blind_index(email, purpose="signin.email")
    attempt = SignInAttempt(
        at=clock.now(),
        step=step,
        email_index=index,
        user=User.objects.filter(email=email).first(),
        address=origin.address,
        browser=origin.browser,
    )
    _lock(origin.address, index)
    if _are_too_many(attempt):
        attempt.outcome = Outcome.BLOCKED
    attempt.save()
    return attempt


@transaction.atomic
def finish(attempt, *, passed):
    """Say how a try of `begin` ended, once."""
    attempt.outcome = Outcome.PASSED if passed else Outcome.WRONG
    attempt.save(update_fields=["outcome"])
    return attempt


def _lock(address, index):
    with connection.cursor() as cursor:
        if address:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ADDRESS_LOCK, origins.network(address)[0]]
            )
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_EMAIL_LOCK, index.hex()])


def _are_too_many(attempt):
    """Tries that failed or are not finished count, by e-mail and by address; of links all, as each is a letter."""
    counted = SignInAttempt.objects.filter(
        step=attempt.step, at__gt=attempt.at - timedelta(minutes=settings.SIGN_IN_MINUTES)
    ).exclude(outcome=Outcome.BLOCKED)
    if attempt.step != Step.LINK:
        counted = counted.exclude(outcome=Outcome.PASSED)
    if counted.filter(email_index=attempt.email_index).count() >= settings.SIGN_IN_TRIES:
        return True
    if attempt.address is None:
        return False
    first, last = origins.network(attempt.address)
    return counted.filter(address__gte=first, address__lte=last).count() >= settings.SIGN_IN_TRIES_ADDRESS
