"""A file of transfers in the layout that Polish banks call Elixir-O. Pure: no Django, no clock.

One line a transfer, fields between commas: kind, day, amount in grosze, sort code of the payer, 0, account of the
payer, account of the payee, name and address of the payer, of the payee, 0, sort code of the payee, title, two empty
fields, code of the classification, reference. Texts are in quotes, up to four lines of 35 characters with "|" between.
CP1250, CRLF. No bank has confirmed this layout for us; all that may differ from bank to bank are the constants here
(PKO BP's iPKO biznes, description of version 10: commas, quotes, bars and CRLF as here, but CP852 or ISO 8859-2).
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

TRANSFER = "110"  # polecenie przelewu
CLASSIFICATION = "51"
ENCODING, CONTENT_TYPE = "cp1250", "text/plain; charset=windows-1250"
NEWLINE = "\r\n"
LINE, LINES = 35, 4  # of a text
REFERENCE = 16  # characters of the reference
SORT_CODE = slice(2, 10)  # in the 26 digits of an account (NRB): numer rozliczeniowy banku
DAY = "%Y%m%d"

# letters that are no base with a mark, and are not in CP1250
_ALIKE = str.maketrans(
    {
        "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ħ": "h", "Ħ": "H", "ı": "i", "ð": "d",
        "Ð": "D", "þ": "th", "Þ": "Th", "ŋ": "n", "Ŋ": "N", "ẞ": "SS", "−": "-", "‐": "-", "‑": "-", "―": "-",
        "′": "'", "″": "'", '"': "'", "|": "/",
    }
)  # fmt: skip
_UNKNOWN = "."  # for what has no likeness: never "?", which reads as a question, and never nothing


@dataclass(frozen=True)
class Party:
    """Whose account it is: 26 digits, the name, and the lines of the address."""

    nrb: str
    name: str
    address: tuple = ()

    def __post_init__(self):
        if not re.fullmatch("[0-9]{26}", self.nrb):
            raise ValueError("an account has 26 digits")

    @property
    def sort_code(self):
        return self.nrb[SORT_CODE]


@dataclass(frozen=True)
class Transfer:
    """`amount`: Decimal in PLN with no more than two places, more than nothing."""

    on: datetime.date
    amount: Decimal
    payer: Party
    payee: Party
    title: str
    reference: str

    def __post_init__(self):
        if self.amount <= 0 or self.amount != round(self.amount, 2):
            raise ValueError("an amount is more than nothing, in whole grosze")

    @property
    def grosze(self):
        return int(self.amount * 100)


def build(transfers):
    """The bytes of the file."""
    return "".join(_line(one) + NEWLINE for one in transfers).encode(ENCODING)


def total(transfers):
    """The sum in PLN."""
    return sum((one.amount for one in transfers), Decimal(0))


def _line(one):
    fields = (
        TRANSFER,
        one.on.strftime(DAY),
        str(one.grosze),
        one.payer.sort_code,
        "0",
        _quoted(one.payer.nrb),
        _quoted(one.payee.nrb),
        _quoted(_party(one.payer)),
        _quoted(_party(one.payee)),
        "0",
        one.payee.sort_code,
        _quoted("|".join(lines(one.title, LINES))),
        _quoted(""),
        _quoted(""),
        _quoted(CLASSIFICATION),
        _quoted(plain(one.reference)[:REFERENCE]),
    )
    return ",".join(fields)


def _quoted(text):
    return f'"{text}"'


def _party(party):
    """The name, then the address in the lines that are left; a long name keeps at least half of them."""
    address = lines(" ".join(party.address), LINES // 2)
    return "|".join([*lines(party.name, LINES - len(address)), *address])


def plain(text):
    """One line that CP1250 can write, without quotes and bars: what it lacks becomes a letter like it."""
    made = []
    for char in unicodedata.normalize("NFC", text).translate(_ALIKE):
        kind = unicodedata.category(char)
        if kind in ("Cf", "Mn"):  # invisible, or a mark without its letter
            continue
        made.append(" " if kind in ("Cc", "Zs", "Zl", "Zp") else _like(char))
    return " ".join("".join(made).split())


def _like(char):
    for likeness in (char, unicodedata.normalize("NFD", char)[0]):
        try:
            likeness.encode(ENCODING)
        except UnicodeEncodeError:
            continue
        return likeness.translate(_ALIKE)
    return _UNKNOWN


def lines(text, most):
    """Up to `most` lines of a text, broken between words where all of it fits so, else wherever a line ends."""
    text = plain(text)
    by_words = wrap(text, LINE, break_on_hyphens=False)
    if len(by_words) <= most:
        return by_words
    return [text[start : start + LINE].strip() for start in range(0, min(len(text), most * LINE), LINE)]
