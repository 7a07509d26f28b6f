"""Money, numbers, dates and times as people in Poland read them; in English when that is the language.

No-break spaces (U+00A0) hold together what may not be split at the end of a line.
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.dates import MONTHS_3, MONTHS_ALT
from django.utils.translation import get_language

from centrum.kit import clock

NBSP = "\u00a0"
_MINUS = "\u2212"
_LONE_LETTER = re.compile(r"(?<!\w)([^\W\d_])[ \n]+(?=\S)")


def money(amount: Decimal | int) -> str:
    """Return złote rounded half up to grosze: `12 345,67 zł`."""
    return f"{number(amount, places=2)}{NBSP}zł"


def eur(amount: Decimal | int) -> str:
    """`2 945,70 EUR`."""
    return f"{number(amount, places=2)}\u00a0EUR"


def number(value: Decimal | int, *, places: int | None = None) -> str:
    """Return `12 345,67`; `places` rounds half up to so many decimals, None keeps those of `value`."""
    value = Decimal(value)
    if places is not None:
        with localcontext(prec=max(28, value.adjusted() + places + 2)):
            value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{value.copy_abs():,f}"
    if not _english():
        text = text.translate({ord(","): NBSP, ord("."): ","})
    return f"{_MINUS}{text}" if value < 0 else text


def percent(rate: Decimal) -> str:
    """Return a fraction as per cent without the sign and without zeros at the end: 0.0375 is `3,75`."""
    return number((rate * 100).normalize() + Decimal(0))


def date_long(day: datetime.date) -> str:
    """Return a date for a sentence: `3 grudnia 2026`."""
    return f"{day.day}{NBSP}{months_genitive()[day.month - 1]}{NBSP}{day.year}"


def date_span(first: datetime.date, last: datetime.date) -> str:
    """Days from `first` to `last` in words: 8–9 września 2026, 30 września 2026 – 2 października 2026."""
    if first == last:
        return date_long(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_long(last)}"
    return f"{date_long(first)} – {date_long(last)}"


def date_short(day: datetime.date) -> str:
    """Return a date for a table: `3.12.2026`; in English `3 Dec 2026`, where 3.12 may be read two ways."""
    if _english():
        return f"{day.day}{NBSP}{str(MONTHS_3[day.month]).title()}{NBSP}{day.year}"
    return f"{day.day}.{day.month}.{day.year}"


def datetime_short(instant: datetime.datetime) -> str:
    """Return an aware instant on the Warsaw clock: `3.12.2026, 9:00`."""
    instant = clock.local(instant)
    return f"{date_short(instant)},{NBSP}{time(instant)}"


def datetime_exact(instant: datetime.datetime) -> str:
    """Return an aware instant to the second, for a term that binds: `30 listopada 2026, 12:00:00`."""
    instant = clock.local(instant)
    return f"{date_long(instant)},{NBSP}{time(instant)}:{instant.second:02}"


def time(moment: datetime.time | datetime.datetime) -> str:
    """Return `9:05`."""
    return f"{moment.hour}:{moment.minute:02}"


def time_range(start: datetime.time, end: datetime.time) -> str:
    """Return `9:00–15:00`."""
    return f"{time(start)}–{time(end)}"


def hours(minutes: int) -> str:
    """Return a duration in clock hours and minutes: `1 h 30`, `2 h`, `45 min`."""
    full, rest = divmod(minutes, 60)
    if not full:
        return f"{rest}{NBSP}min"
    return f"{full}{NBSP}h{NBSP}{rest:02}" if rest else f"{full}{NBSP}h"


def months_genitive() -> tuple[str, ...]:
    """Return the names of the twelve months as they stand after a day: `stycznia`, `lutego`."""
    return tuple(str(MONTHS_ALT[month]) for month in range(1, 13))


def nbsp_words(text: str) -> str:
    """Return `text` with one-letter words (`w`, `z`, `i`) tied to the next word, as Polish setting asks."""
    return _LONE_LETTER.sub(rf"\1{NBSP}", text)


def file_size(size: int) -> str:
    """Return a size given in bytes in decimal units: `640 B`, `12 kB`, `1,2 MB`."""
    if size < 1000:
        return f"{size}{NBSP}B"
    if size < 999_500:
        return f"{number(Decimal(size) / 1000, places=0)}{NBSP}kB"
    return f"{number(Decimal(size) / 1_000_000, places=1)}{NBSP}MB"


def _english() -> bool:
    return (get_language() or "").startswith("en")
