"""The second factor of sign-in: codes of an application by time (TOTP, RFC 6238), and recovery codes beside it."""

import base64
import re
import secrets

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from centrum.kit import clock, crypto, outbox
from centrum.kit.history import author
from centrum.kit.transitions import Refused, Stale
from centrum.staff.enums import Right
from centrum.staff.models import RecoveryCode, SecondFactor, User
from centrum.staff.permissions import require

ISSUER = "Centrum Ekonomii Solidarnej"
RECOVERY_CODES = 10
_PURPOSE = "staff.totp"
_STEP = 30  # seconds; with SHA-1 and six digits the one form that every application knows
_SKEW = 1  # steps that the telephone's clock may be ahead or behind
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another; twelve of them are 59 bits


def new_secret():
    """Twenty random bytes in base32, to be scanned or typed into the application."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def picture(secret, user):
    """The code to scan, as SVG that stands in the page: the Content Security Policy needs nothing for it."""
    address = _totp(secret).get_provisioning_uri(user.email, ISSUER)
    return segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", svgclass="qr", lineclass=None)


@transaction.atomic
def enrol(user, *, secret, code):
    """Make `secret` the second factor of `user` and return new recovery codes; one in use before is replaced.

    Raises Refused unless `code` is what the application shows now: who could not scan must not be locked out.
    """
    step = _step_of(secret, code, after=None)
    if step is None:
        raise Refused({"code": _wrong_code()})
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)  # one at a time
    factor = SecondFactor.objects.filter(user=user).first() or SecondFactor(user=user)
    factor.secret_cipher = crypto.encrypt(secret, purpose=_PURPOSE)
    factor.confirmed_at, factor.last_step = clock.now(), step
    factor.save()
    user.second_factor = factor
    _tell(user, "mail/staff/second_factor_set.txt")
    return new_codes(user)


@transaction.atomic
def new_codes(user):
    """Return ten new recovery codes of `user`; those before open nothing any more, and only hashes are kept."""
    SecondFactor.objects.select_for_update().get(user=user)  # one at a time, so that ten are left and not twenty
    codes = [_new_code() for _number in range(RECOVERY_CODES)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return codes


@transaction.atomic
def take_code(user, code):
    """Tell whether `code` opens now, and take it: neither a code of the application nor a recovery code opens twice."""
    code = "".join(code.split()).replace("-", "").lower()
    if not re.fullmatch("[0-9]{6}", code):
        unused = user.recovery_codes.filter(digest=_digest(user, code), used_at=None)
        return unused.update(used_at=clock.now()) == 1
    # the lock lets a second browser look only after the first has noted the step
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    step = _step_of(crypto.decrypt(factor.secret_cipher, purpose=_PURPOSE), code, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


@transaction.atomic
def remove(user, *, by, reason):
    """Take a lost second factor off an account: its sessions end, the password alone opens until there is a new one.

    Raises PermissionDenied (no administrator, or the own account), Refused without a reason, Stale where it is gone.
    """
    require(by, Right.ADMINISTER)
    if by == user:
        raise PermissionDenied(_("Another administrator removes yours, so that nobody who finds your screen does."))
    if not reason.strip():
        raise Refused({"reason": _("Give a reason.")})
    with author(user=by.pk, reason=reason.strip()):
        _drop(user)
    _tell(user, "mail/staff/second_factor_removed.txt", by=by, reason=reason.strip())
    return user


@transaction.atomic
def switch_off(user):
    """Take the second factor off the own account and return it as it is now; where the office does not ask for one."""
    _drop(user)
    return User.objects.get(pk=user.pk)


def unused_codes(user):
    """How many recovery codes `user` has left."""
    return user.recovery_codes.filter(used_at=None).count()


def _drop(user):
    deleted, _rows = SecondFactor.objects.filter(user=user).delete()
    if not deleted:
        raise Stale(_("This account has no second factor any more."))
    user.recovery_codes.all().delete()


def _tell(user, template, **context):
    return outbox.post(to=user.email, template=template, context={"user": user, **context})


def _wrong_code():
    return _("This is not the code that the application shows now. Wait for the next one and type it.")


def _totp(secret):
    return TOTP(base64.b32decode(secret), 6, SHA1(), _STEP)  # noqa: S303 - the only one that applications know


def _step_of(secret, code, *, after):
    """The time step whose code this is, later than `after`; None where there is none near now."""
    now = int(clock.now().timestamp()) // _STEP
    totp = _totp(secret)
    for step in range(now - _SKEW, now + _SKEW + 1):
        if after is not None and step <= after:
            continue
        try:
            totp.verify(code.encode(), step * _STEP)
        except InvalidToken:
            continue
        return step
    return None


def _new_code():
    text = "".join(secrets.choice(_LETTERS) for _letter in range(12))
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _digest(user, code):
    return crypto.blind_index(f"{user.pk}:{code.replace('-', '')}", purpose="staff.recovery")
