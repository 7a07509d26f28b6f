"""Reading the file of a bank: what it is, in which code page, and whether it can be believed."""

import re

from django.utils.translation import gettext as _

from loans.statements import camt, csv_file, mt940
from loans.statements.lines import Statement, StatementError, continues

__all__ = ["BANKS", "MAX_BYTES", "StatementError", "continues", "read"]

MAX_BYTES = 16 * 2**20
BANKS = tuple(sorted(mt940.PROFILES.keys() | csv_file.MAPS.keys()))

_ENOUGH = 10_000
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_HARMLESS = frozenset("\u00a0\u02d9\u201e\u201d\u201c\u2019\u2013\u2014\u2026§€°")


def read(data: bytes, bank: str | None = None) -> list[Statement]:
    """Return every statement of a file, each with sums that hold, or raise StatementError and return none.

    What the file is shows its content. `bank` is one of BANKS and settles what content leaves open: the code page of
    the letters and the signs between subfields.
    """
    if bank is not None and bank not in BANKS:
        raise StatementError(_("The bank %(bank)s is not known.") % {"bank": bank})
    if not data.strip():
        raise StatementError(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise StatementError(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20})
    found = _statements(data, bank)
    if not found:
        raise StatementError(_("The file has no statement."))
    if len(set(found)) < len(found):
        raise StatementError(_("The file has the same statement twice."))
    return found


def _statements(data, bank):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return camt.statements(data)
    if b"\0" in data:
        raise StatementError(_("The file is not a text. Choose a statement in MT940, camt.053 or CSV."))
    if mt940.RECOGNISED.search(data.removeprefix(b"\xef\xbb\xbf")):
        profile = mt940.PROFILES.get(bank, mt940.ANY)
        return mt940.statements(decoded(data, profile.code_pages), profile)
    for name, map_of_bank in csv_file.MAPS.items():
        if bank in (None, name):
            text = decoded(data, map_of_bank.code_pages)
            if csv_file.fits(text, map_of_bank):
                return [csv_file.statement(text, map_of_bank)]
    raise StatementError(_("The file is not a statement we know. Choose one in MT940, camt.053 or CSV."))


def decoded(data: bytes, code_pages: tuple[str, ...]) -> str:
    """Return the text of `data`: UTF-8 if it can be, else in that of `code_pages` which makes most Polish of it.

    A few letters of the old code pages in a row may pass for UTF-8, so UTF-8 without Polish gives way to them.
    """
    letters = re.sub(rb"[\x00-\x7f]+", b"", data)[:_ENOUGH]  # one byte is one letter in all of them
    polish = {page: _polish(letters.decode(page, "replace")) for page in code_pages}
    best = max(polish, key=polish.get)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(best, "replace")
    if _polish(re.sub(r"[\x00-\x7f]+", "", text)[:_ENOUGH]) < 0 < polish[best]:
        return data.decode(best, "replace")
    return text


def _polish(letters):
    """Polish letters less twice all other signs: a wrong code page makes a frame or a foreign letter of ł."""
    return sum(1 if sign in _POLISH else -2 for sign in letters if sign not in _HARMLESS)
