"""Polish identifiers: NIP, REGON, KRS and PESEL, with the phone number, the postal code and the bank account.

`normalise_x(text)` only takes away what people write between digits; it never refuses. `clean_x(text)`
returns the form that is stored, or raises ValidationError with a message that says what to do.
Check digits come from python-stdnum; around it we refuse what it lets through: numbers of one repeated
digit (0000000000 passes the sum) and digits of other scripts.
"""

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.pl import nip, pesel, regon

from centrum.kit import clock

# Spaces of every kind, hyphens and dashes, and the invisible marks that come with pasted text.
_BETWEEN_DIGITS = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff\u2010-\u2015\u2212-]+")
_OLDEST_AGE = 120


def normalise_nip(text: str) -> str:
    """Return `text` without spaces, dashes and the `PL` prefix of VAT numbers."""
    number = _BETWEEN_DIGITS.sub("", text)
    return number[2:] if number[:2].upper() == "PL" else number


def normalise_regon(text: str) -> str:
    """Return `text` without spaces and dashes."""
    return _BETWEEN_DIGITS.sub("", text)


def normalise_krs(text: str) -> str:
    """Return `text` without spaces and dashes; fewer than 10 digits get their leading zeros back."""
    number = _BETWEEN_DIGITS.sub("", text)
    return number.zfill(10) if re.fullmatch("[0-9]+", number) else number


def normalise_pesel(text: str) -> str:
    """Return `text` without spaces and dashes."""
    return _BETWEEN_DIGITS.sub("", text)


def normalise_phone(text: str) -> str:
    """Return `text` without spaces, dashes, dots, slashes, brackets and the leading `+` or `00`."""
    number = re.sub(r"[./()]", "", _BETWEEN_DIGITS.sub("", text))
    return number.removeprefix("+") if number.startswith("+") else number.removeprefix("00")


def normalise_postal_code(text: str) -> str:
    """Return five digits as `NN-NNN`, anything else only without spaces and dashes."""
    code = _BETWEEN_DIGITS.sub("", text)
    return f"{code[:2]}-{code[2:]}" if re.fullmatch("[0-9]{5}", code) else code


def normalise_iban(text: str) -> str:
    """Return `text` without spaces and dashes, in capitals; 26 digits get the `PL` of a Polish account."""
    number = _BETWEEN_DIGITS.sub("", text).upper()
    return f"PL{number}" if re.fullmatch("[0-9]{26}", number) else number


def clean_nip(text: str) -> str:
    """Return the 10 digits of a valid NIP or raise ValidationError."""
    number = normalise_nip(text)
    if not re.fullmatch("[0-9]{10}", number):
        raise ValidationError(_("A NIP has 10 digits. Enter all of them, for example 123-456-32-18."), "format")
    _refuse_one_digit(number)
    if not nip.is_valid(number):
        raise ValidationError(_("The NIP has a wrong check digit. Check it in your registration papers."), "checksum")
    return number


def clean_regon(text: str) -> str:
    """Return the 9 or 14 digits of a valid REGON or raise ValidationError."""
    number = normalise_regon(text)
    if not re.fullmatch("[0-9]{9}|[0-9]{14}", number):
        raise ValidationError(_("A REGON has 9 or 14 digits. Enter all of them."), "format")
    _refuse_one_digit(number)
    if not regon.is_valid(number):
        raise ValidationError(_("The REGON has a wrong check digit. Check it in your registration papers."), "checksum")
    return number


def clean_krs(text: str) -> str:
    """Return the 10 digits of a KRS number or raise ValidationError. A KRS number has no check digit."""
    number = normalise_krs(text)
    if not re.fullmatch("[0-9]{10}", number):
        raise ValidationError(_("A KRS number has 10 digits, for example 0000123456."), "format")
    _refuse_one_digit(number)
    return number


def clean_pesel(text: str) -> str:
    """Return the 11 digits of a valid PESEL or raise ValidationError.

    The birth date in it must be a real day, not in the future and not more than 120 years ago.
    """
    number = normalise_pesel(text)
    if not re.fullmatch("[0-9]{11}", number):
        raise ValidationError(_("A PESEL has 11 digits. Enter all of them, without other signs."), "format")
    _refuse_one_digit(number)
    if number[-1] != pesel.calc_check_digit(number[:-1]):
        raise ValidationError(_("The PESEL has a wrong check digit. Check it in the identity document."), "checksum")
    if not pesel.is_valid(number):
        raise ValidationError(
            _("The PESEL does not hold a real birth date. Check it in the identity document."), "birth_date"
        )
    born = pesel_birth_date(number)
    if born > clock.today():
        raise ValidationError(
            _("The birth date in the PESEL is in the future. Check it in the identity document."),
            "birth_date",
        )
    if age_on(born, clock.today()) > _OLDEST_AGE:
        raise ValidationError(
            _("The birth date in the PESEL is more than 120 years ago. Check it in the identity document."),
            "birth_date",
        )
    return number


def clean_phone(text: str) -> str:
    """Return a phone number as 7 to 15 digits (what the SM EFS file takes) or raise ValidationError."""
    number = normalise_phone(text)
    if not re.fullmatch("[0-9]{7,15}", number):
        raise ValidationError(_("Enter one phone number of 7 to 15 digits, for example 600 100 200."), "format")
    _refuse_one_digit(number)
    return number


def clean_postal_code(text: str) -> str:
    """Return a Polish postal code as `NN-NNN` or raise ValidationError."""
    code = normalise_postal_code(text)
    if not re.fullmatch("[0-9]{2}-[0-9]{3}", code):
        raise ValidationError(_("A postal code has 5 digits, for example 66-520."), "format")
    return code


def clean_iban(text: str) -> str:
    """Return `PL` and the 26 digits of a valid Polish bank account or raise ValidationError."""
    number = normalise_iban(text)
    if not re.fullmatch("PL[0-9]{26}", number):
        raise ValidationError(
            _("A Polish bank account has 26 digits, with or without PL before them. Enter all of them."), "format"
        )
    _refuse_one_digit(number[2:])
    if not iban.is_valid(number):
        raise ValidationError(_("The account number has wrong check digits. Check it in the contract."), "checksum")
    return number


def pesel_birth_date(number: str) -> datetime.date:
    """Return the birth date held in a clean PESEL; one that holds no real day raises ValueError."""
    return pesel.get_birth_date(number)


def pesel_sex(number: str) -> str:
    """Return "f" or "m", as the tenth digit of a clean PESEL tells."""
    return pesel.get_gender(number).lower()


def age_on(birth: datetime.date, day: datetime.date) -> int:
    """Return the full years a person born on `birth` has on `day` (below zero before the birth).

    A year of age is reached when the birthday begins; who was born on 29 February reaches it on
    28 February of a common year (Civil Code, art. 112).
    """
    leap_birthday_today = (birth.month, birth.day) == (2, 29) and (day.month, day.day) == (2, 28)
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    if leap_birthday_today and (day + datetime.timedelta(days=1)).month == 3:
        before_birthday = False
    return day.year - birth.year - before_birthday


def check_pesel_matches(number: str, *, sex: str | None = None, birth_date: datetime.date | None = None) -> None:
    """Raise ValidationError when a clean PESEL speaks against the given `sex` ("f" or "m") or birth date.

    Both faults are reported at once, with the codes `sex` and `birth_date`.
    """
    faults = []
    if sex and sex != pesel_sex(number):
        faults.append(
            ValidationError(
                _("The PESEL says that this is a woman. Correct the sex or the PESEL.")
                if pesel_sex(number) == "f"
                else _("The PESEL says that this is a man. Correct the sex or the PESEL."),
                "sex",
            )
        )
    if birth_date and birth_date != pesel_birth_date(number):
        faults.append(
            ValidationError(
                _("The birth date differs from the one in the PESEL. Correct the date or the PESEL."),
                "birth_date",
            )
        )
    if faults:
        raise ValidationError(faults)


def mask_pesel(number: str) -> str:
    """Return `number` with only its last four digits readable: `*******1359`."""
    return "*" * (len(number) - 4) + number[-4:]


def format_iban(number: str) -> str:
    """Return a stored account number as people write it: PL61 1090 1014 0000 0712 1981 2874."""
    return iban.format(number)


def mask_iban(number: str) -> str:
    """Return the last four digits of a stored account number, behind dots: `•••• 2874`."""
    return f"•••• {number[-4:]}"


def format_nip(number: str) -> str:
    """Return a stored NIP as people write it, 123-456-32-18; anything but 10 characters unchanged."""
    if len(number) != 10:
        return number
    return f"{number[:3]}-{number[3:6]}-{number[6:8]}-{number[8:]}"


def _refuse_one_digit(number: str) -> None:
    if len(set(number)) == 1:
        raise ValidationError(_("One digit repeated is not a real number. Enter the real one."), "repeated")
