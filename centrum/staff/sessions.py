"""What a session of the staff knows: since when it lasts, when it was last used, when its user last proved to be it.

Instants stand in it as whole seconds of the epoch. The session of an applicant has none of them and is never looked at.
"""

from datetime import timedelta

from django.utils.crypto import constant_time_compare

from centrum.kit import clock
from centrum.staff.models import User

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
FRESH = timedelta(minutes=15)
HALF = timedelta(minutes=10)  # between the password and the code
_WRITTEN_EVERY = timedelta(minutes=1)
_SINCE, _SEEN, _PROVED, _HALF = "staff_since", "staff_seen", "staff_proved", "staff_half"


def begin(session):
    """Somebody has signed in: the session begins, and the sign-in itself is a fresh one."""
    session[_SINCE] = session[_SEEN] = session[_PROVED] = _now()
    session.pop(_HALF, None)


def has_ended(session):
    """Tell whether it was idle for an hour or lasts for twelve; one that does not know counts as ended."""
    return _older(session.get(_SEEN), IDLE) or _older(session.get(_SINCE), LONGEST)


def touch(session):
    """Note that it is in use; written at most once a minute."""
    if _older(session[_SEEN], _WRITTEN_EVERY):
        session[_SEEN] = _now()


def prove(session):
    """The password or a code was given once more."""
    session[_PROVED] = _now()


def is_fresh(session):
    return not _older(session.get(_PROVED), FRESH)


def hold(session, user, *, after):
    """The password was right and the code is still to come: nobody is signed in yet; `after`: where to go then."""
    session.cycle_key()
    session[_HALF] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": _now(), "after": after}


def held(session):
    """(user, where to go) of `hold`; None after ten minutes, or when password or second factor have changed."""
    half = session.get(_HALF)
    if half is None:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if (
        user is None
        or _older(half["at"], HALF)
        or not constant_time_compare(half["hash"], user.get_session_auth_hash())
    ):
        del session[_HALF]
        return None
    return user, half["after"]


def _now():
    return int(clock.now().timestamp())


def _older(instant, age):
    return instant is None or _now() - instant > age.total_seconds()
