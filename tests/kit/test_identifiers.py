"""Numbers are generated with the weights of their registers, not with the library under test."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from centrum.kit import identifiers as ids

CLEANERS = [
    ids.clean_nip,
    ids.clean_regon,
    ids.clean_krs,
    ids.clean_pesel,
    ids.clean_phone,
    ids.clean_postal_code,
]
DIGIT = st.integers(0, 9)


def weighted(digits, weights):
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


@st.composite
def nips(draw):
    digits = draw(st.lists(DIGIT, min_size=9, max_size=9))
    check = weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11
    assume(check < 10)
    number = "".join(map(str, [*digits, check]))
    assume(len(set(number)) > 1)
    return number


@st.composite
def regons(draw):
    digits = draw(st.lists(DIGIT, min_size=8, max_size=8))
    digits.append(weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10)
    if draw(st.booleans()):
        digits += draw(st.lists(DIGIT, min_size=4, max_size=4))
        digits.append(weighted(digits, (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11 % 10)
    assume(len(set(digits)) > 1)
    return "".join(map(str, digits))


def make_pesel(born, serial):
    month = born.month + {19: 0, 20: 20, 18: 80}[born.year // 100]
    digits = [int(digit) for digit in f"{born.year % 100:02}{month:02}{born.day:02}{serial:04}"]
    return "".join(map(str, [*digits, -weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10]))


@st.composite
def pesels(draw):
    born = draw(st.dates(datetime.date(1930, 1, 1), datetime.date(2020, 12, 31)))
    number = make_pesel(born, draw(st.integers(0, 9999)))
    assume(len(set(number)) > 1)
    return number


def change_digit(draw, number):
    place = draw(st.integers(0, len(number) - 1))
    digit = draw(st.sampled_from(sorted(set("0123456789") - {number[place]})))
    return number[:place] + digit + number[place + 1 :]


@given(nips(), regons(), pesels())
def test_every_valid_number_is_accepted_as_written_by_people(nip, regon, pesel):
    assert ids.clean_nip(nip) == nip
    assert ids.clean_nip(f" pl {ids.format_nip(nip)}\u00a0") == nip
    assert ids.clean_regon(f"{regon[:3]} {regon[3:6]}-{regon[6:]}") == regon
    assert ids.clean_pesel(f"{pesel[:6]} {pesel[6:]}") == pesel


@given(nips(), pesels(), st.data())
def test_one_wrong_digit_is_refused(nip, pesel, data):
    with pytest.raises(ValidationError):
        ids.clean_nip(change_digit(data.draw, nip))
    with pytest.raises(ValidationError):
        ids.clean_pesel(change_digit(data.draw, pesel))


def regon_remainders(number):
    digits = [int(digit) for digit in number]
    remainders = [weighted(digits[:8], (8, 9, 2, 3, 4, 5, 6, 7)) % 11]
    if len(digits) == 14:
        remainders.append(weighted(digits[:13], (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11)
    return remainders


@given(regons(), st.data())
def test_one_wrong_digit_of_a_regon_is_refused(number, data):
    changed = change_digit(data.draw, number)
    # A remainder of 10 is written as 0, so the rule of the register itself lets some of these through.
    assume(10 not in regon_remainders(number) + regon_remainders(changed))
    with pytest.raises(ValidationError):
        ids.clean_regon(changed)


@pytest.mark.parametrize("clean", CLEANERS, ids=lambda clean: clean.__name__)
@given(
    st.one_of(
        st.text(),
        st.text("0123456789 -PLpl+().٠١٢٣٤٥٦٧٨٩０１２³\u00a0\u200b\x00", max_size=20),
        st.integers(0, 10**15).map(str),
    )
)
def test_any_text_is_cleaned_or_refused_with_a_message(clean, text):
    try:
        cleaned = clean(text)
    except ValidationError as error:
        assert all(error.messages)
    else:
        assert cleaned.isascii()
        assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("clean", "text", "code"),
    [
        (ids.clean_nip, "0000000000", "repeated"),
        (ids.clean_nip, "1234563217", "checksum"),
        (ids.clean_nip, "123456321", "format"),
        (ids.clean_nip, "", "format"),
        (ids.clean_nip, "١٢٣٤٥٦٣٢١٨", "format"),
        (ids.clean_nip, "DE1234563218", "format"),
        (ids.clean_regon, "000000000", "repeated"),
        (ids.clean_regon, "00000000000000", "repeated"),
        (ids.clean_regon, "1234567890", "format"),
        (ids.clean_krs, "0000000000", "repeated"),
        (ids.clean_krs, "0", "repeated"),
        (ids.clean_krs, "12345678901", "format"),
        (ids.clean_krs, "", "format"),
        (ids.clean_pesel, "00000000000", "repeated"),
        (ids.clean_pesel, "44051401358", "checksum"),
        (ids.clean_pesel, make_pesel(datetime.date(1944, 5, 1), 1234)[:-1] + "x", "format"),
        (ids.clean_phone, "123456", "format"),
        (ids.clean_phone, "1234567890123456", "format"),
        (ids.clean_phone, "600 100 200 wew. 7", "format"),
        (ids.clean_phone, "++48600100200", "format"),
        (ids.clean_phone, "000000000000", "repeated"),
        (ids.clean_postal_code, "6652", "format"),
        (ids.clean_postal_code, "66-52A", "format"),
    ],
)
def test_traps_are_refused(clean, text, code):
    with pytest.raises(ValidationError) as refusal:
        clean(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("clean", "text", "stored"),
    [
        (ids.clean_krs, "123456", "0000123456"),
        (ids.clean_krs, "0000 123 456", "0000123456"),
        (ids.clean_phone, "+48 600-100-200", "48600100200"),
        (ids.clean_phone, "0048 600 100 200", "48600100200"),
        (ids.clean_phone, "(95) 761.10.00", "957611000"),
        (ids.clean_postal_code, "66520", "66-520"),
        (ids.clean_postal_code, " 66 – 520 ", "66-520"),
    ],
)
def test_what_people_write_is_stored_in_one_form(clean, text, stored):
    assert clean(text) == stored


@given(st.dates(datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)), st.integers(0, 9999))
def test_pesel_tells_birth_date_and_sex(born, serial):
    number = make_pesel(born, serial)
    assert ids.pesel_birth_date(number) == born
    assert ids.pesel_sex(number) == ("m" if serial % 2 else "f")


@time_machine.travel("2026-11-23 12:00Z", tick=False)
@pytest.mark.parametrize(
    ("born", "accepted"),
    [
        (datetime.date(2026, 11, 23), True),
        (datetime.date(2026, 11, 24), False),
        (datetime.date(1905, 11, 24), True),
        (datetime.date(1905, 11, 23), False),
        (datetime.date(1890, 1, 1), False),
    ],
)
def test_birth_date_of_a_pesel_lies_within_a_life(born, accepted):
    number = make_pesel(born, 1234)
    if accepted:
        assert ids.clean_pesel(number) == number
    else:
        with pytest.raises(ValidationError) as refusal:
            ids.clean_pesel(number)
        assert refusal.value.code == "birth_date"


def test_pesel_without_a_real_day_is_refused():
    digits = [int(digit) for digit in "4402301234"]
    number = "4402301234" + str(-weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)
    with pytest.raises(ValidationError) as refusal:
        ids.clean_pesel(number)
    assert refusal.value.code == "birth_date"


def test_pesel_is_checked_against_sex_and_birth_date():
    number = "44051401359"
    ids.check_pesel_matches(number)
    ids.check_pesel_matches(number, sex="m", birth_date=datetime.date(1944, 5, 14))
    with pytest.raises(ValidationError) as refusal:
        ids.check_pesel_matches(number, sex="f", birth_date=datetime.date(1944, 5, 15))
    assert [error.code for error in refusal.value.error_list] == ["sex", "birth_date"]


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2000-11-23", "2026-11-22", 25),
        ("2000-11-23", "2026-11-23", 26),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
    ],
)
def test_age_counts_full_years(birth, day, age):
    assert ids.age_on(datetime.date.fromisoformat(birth), datetime.date.fromisoformat(day)) == age


def test_numbers_are_shown_masked_and_grouped():
    assert ids.mask_pesel("44051401359") == "*******1359"
    assert ids.format_nip("1234563218") == "123-456-32-18"
