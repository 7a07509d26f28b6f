"""Personal identifiers at rest: encrypted to be read again, hashed under a key to be found again.

One secret, `settings.DATA_KEY` (32 bytes in base64), gives two keys through HKDF: AES-256-GCM hides the
text, HMAC-SHA256 makes the index that tells two equal texts apart from others without showing them.
`purpose` names the column ("person.pesel"): a value copied into another column does not open there.
"""

import base64
import binascii
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = b"\x01"  # of the key and the layout: version (1 byte), nonce (12), ciphertext with its tag (16)
_NONCE = 12
_TAG = 16


class Undecipherable(ValueError):
    """The bytes were not made by `encrypt` with this key and purpose, or were changed since."""


def encrypt(text: str, *, purpose: str) -> bytes:
    """Return `text` encrypted for `purpose`; the same text gives different bytes every time."""
    nonce = os.urandom(_NONCE)
    cipher, _ = _keys(settings.DATA_KEY)
    return _VERSION + nonce + cipher.encrypt(nonce, text.encode(), purpose.encode())


def decrypt(blob: bytes | memoryview, *, purpose: str) -> str:
    """Return the text that `encrypt` was given. Raises Undecipherable."""
    blob = bytes(blob)  # psycopg2 gives bytea as memoryview
    if blob[:1] != _VERSION or len(blob) < 1 + _NONCE + _TAG:
        raise Undecipherable("Not a value of this key version")
    cipher, _ = _keys(settings.DATA_KEY)
    try:
        return cipher.decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], purpose.encode()).decode()
    except InvalidTag:
        raise Undecipherable("Changed, or made with another key or for another purpose") from None


def blind_index(text: str, *, purpose: str) -> bytes:
    """Return 32 bytes that are equal for equal `text` and `purpose` and tell nothing without the key."""
    _, key = _keys(settings.DATA_KEY)
    return hmac.digest(key, purpose.encode() + b"\x00" + text.encode(), "sha256")


@lru_cache(maxsize=4)
def _keys(data_key: str) -> tuple[AESGCM, bytes]:
    try:
        secret = base64.b64decode(data_key, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != 32:
        raise ImproperlyConfigured("DATA_KEY must be 32 bytes in base64 (see .env.example)")
    return AESGCM(_derive(secret, b"centrum encrypt 1")), _derive(secret, b"centrum blind index 1")


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)
