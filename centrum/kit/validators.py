"""What text may hold: nothing invisible that misleads, nothing that a spreadsheet would run."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Left by copying from web pages and word processors; they show nothing and would make two equal names differ.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACE = "[\t\r\n\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"  # no U+0085, U+2028/9: those are refused
_EDGES = re.compile(f"^{_SPACE}+|{_SPACE}+$")
_RUN_OF_SPACES = re.compile("[\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# C0 and C1 controls, line and paragraph separators, marks that turn the direction of text,
# halves of surrogate pairs (they cannot be stored) and the mark of a byte that could not be read.
_CONTROL = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]"
)
# The cells that Excel and LibreOffice run as formulas. The usual defence, a quote in front, breaks the
# SM EFS import, so such values are refused where they come in.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def clean_text(value: str, *, multiline: bool = False) -> str:
    """Return `value` as it is stored, or raise ValidationError when it holds a control character.

    Spaces at both ends go; in a single line every run of spaces becomes one space. With `multiline`
    line ends become LF and tabs stay.
    """
    value = _EDGES.sub("", _INVISIBLE.sub("", value))
    if multiline:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    else:
        value = _RUN_OF_SPACES.sub(" ", value)
    validate_no_control(value, multiline=multiline)
    return value


def validate_no_control(value: str, *, multiline: bool = False) -> None:
    """Raise ValidationError naming the first control character in `value`; `multiline` lets LF and tab be."""
    for found in _CONTROL.finditer(value):
        character = found.group()
        if multiline and character in "\n\t":
            continue
        if character in "\n\r":
            raise ValidationError(_("Write this in one line."), "control")
        raise ValidationError(
            _("The text holds an unreadable character (%(character)s). Delete it or type the text again."),
            "control",
            {"character": _name(character)},
        )


def validate_cell(value: str) -> None:
    """Raise ValidationError when `value` begins as a spreadsheet formula does."""
    if value.startswith(_FORMULA_STARTS):
        raise ValidationError(
            _("The text may not begin with %(character)s. Begin it with a letter or a digit."),
            "formula",
            {"character": value[0] if value[0].isprintable() else _name(value[0])},
        )


def _name(character: str) -> str:
    return unicodedata.name(character, "") or f"U+{ord(character):04X}"
