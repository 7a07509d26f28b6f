"""Whose payment a line may be: numbers of loans, accounts and NIPs in it, the likeliest first; nothing is looked up."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from centrum.kit.identifiers import clean_iban, clean_nip
from loans.statements.lines import Line

_BETWEEN = r"[\s/\\.,:;_\-]"
_LETTERS = rf"(?<![A-Z0-9])P{_BETWEEN}?Z{_BETWEEN}*"
# PZ/2026/0001 as people write it: PZ 2026 1, pz-2026-0001, PZ20260001
_YEAR_FIRST = re.compile(rf"{_LETTERS}(20[0-9]{{2}})(?:{_BETWEEN}+([0-9]{{1,6}})|([0-9]{{4}}))(?![0-9])")
# the four digits of the number and of the year with spaces among them, where the bank broke the title
_BROKEN = re.compile(rf"{_LETTERS}(2 *0 *[0-9] *[0-9]){_BETWEEN}+([0-9](?: *[0-9]){{3}})(?![0-9])")
# pz/26/1; no further part, or PZ/20 26/0001 would be the 26th of 2020
_SHORT_YEAR = re.compile(rf"{_LETTERS}([0-9]{{2}}){_BETWEEN}+([0-9]{{1,6}})(?![0-9]|[/\\\-][0-9])")
_YEAR_LAST = re.compile(rf"{_LETTERS}([0-9]{{1,6}}){_BETWEEN}+(20[0-9]{{2}})(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9])(?:PL ?)?[0-9]{2}(?: ?[0-9]{4}){6}(?![0-9])|(?<![0-9])(?:PL)?[0-9]{26}(?![0-9])")
_NIP = re.compile(
    r"NIP\W{0,3}(?:PL)?((?:[0-9][ -]?){9}[0-9])(?![0-9])"
    r"|(?<![0-9-])(?:PL)?([0-9]{10}|[0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3})(?![0-9-])"
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a line says of its payer, each without repeats and the likeliest first."""

    loans: tuple[str, ...]
    accounts: tuple[str, ...]
    nips: tuple[str, ...]


def candidates(line: Line) -> Candidates:
    """Return the numbers to look for. The account the bank names comes before any that stands in the title."""
    told = f"{line.title} {line.counterparty_name}"
    return Candidates(
        loans=tuple(loan_numbers(line.title)),
        accounts=tuple(_once(_valid(clean_iban, [line.counterparty_account, *_ACCOUNT.findall(_plain(line.title))]))),
        nips=tuple(nips(told)),
    )


def loan_numbers(title: str) -> list[str]:
    """Return loan numbers in `title` in the form PZ/2026/0001.

    First as written; then, unless that gave a number of four digits, with a break in the middle of one; then with two
    digits of the year, then with the year last. So PZ/2026/12 34 gives both 0012 and 1234.
    """
    text = " ".join(_plain(title).split())
    found = [(match[1], match[2] or match[3]) for match in _YEAR_FIRST.finditer(text)]
    if not found or any(len(number) < 4 for _year, number in found):
        found += [(match[1].replace(" ", ""), match[2].replace(" ", "")) for match in _BROKEN.finditer(text)]
    found += [(f"20{match[1]}", match[2]) for match in _SHORT_YEAR.finditer(text)]
    found += [(match[2], match[1]) for match in _YEAR_LAST.finditer(text)]
    return _once(f"PZ/{year}/{int(number):04d}" for year, number in found if int(number))


def nips(text: str) -> list[str]:
    """Return the ten digits of each NIP in `text`; those the word NIP stands before come first."""
    labelled, bare = [], []
    for match in _NIP.finditer(_plain(text)):
        (labelled if match[1] else bare).append(match[1] or match[2])
    return _once(_valid(clean_nip, labelled + bare))


def _plain(text):
    """Capitals, plain digits and one kind of dash."""
    return re.sub("[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", text)).upper()


def _valid(clean, numbers):
    for number in numbers:
        try:
            yield clean(number)
        except ValidationError:
            continue  # digits that are not such a number are no candidate


def _once(numbers):
    return list(dict.fromkeys(numbers))
