import datetime
import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit import fields
from centrum.kit.validators import clean_text, validate_cell, validate_no_control

TEN_MEGABYTES = "ą" * 10_000_000
FIELDS = [
    fields.PlainTextField,
    fields.MultilineField,
    fields.NipField,
    fields.RegonField,
    fields.KrsField,
    fields.PeselField,
    fields.PhoneField,
    fields.PostalCodeField,
    fields.EmailField,
    fields.DateField,
]


def test_text_is_trimmed_and_its_spaces_made_one():
    assert clean_text("\u00a0 Anna \u2003  Nowak\t\r\n") == "Anna Nowak"
    assert clean_text("no\u00adwa\u200b spółdzielnia\ufeff") == "nowa spółdzielnia"
    assert clean_text(" a  b\r\nc\rd \n", multiline=True) == "a  b\nc\nd"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\x9f",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u200f",
        "\ufffd",
    ],
    ids=lambda character: f"U+{ord(character):04X}",
)
@pytest.mark.parametrize("multiline", [False, True])
def test_control_characters_are_refused_and_named(character, multiline):
    with pytest.raises(ValidationError) as refusal:
        clean_text(f"Anna{character}Nowak", multiline=multiline)
    name = unicodedata.name(character, "") or f"U+{ord(character):04X}"
    assert refusal.value.params == {"character": name}


@pytest.mark.parametrize("text", ["Anna\nNowak", "Anna\tNowak"])
def test_line_ends_and_tabs_belong_to_multiline_text_only(text):
    assert clean_text(text, multiline=True) == text
    validate_no_control(text, multiline=True)
    with pytest.raises(ValidationError):
        clean_text(text)


@given(st.text(st.characters()), st.booleans())
def test_any_text_is_cleaned_once_and_for_all_or_refused(text, multiline):
    try:
        cleaned = clean_text(text, multiline=multiline)
    except ValidationError as error:
        assert all(error.messages)
    else:
        assert clean_text(cleaned, multiline=multiline) == cleaned
        assert "\x00" not in cleaned
        cleaned.encode()


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("=cmd|' /C calc'!A0", "="),
        ("+48 600 100 200", "+"),
        ("-1", "-"),
        ("@SUM(A1)", "@"),
        ("\tx", "U+0009"),
        ("\rx", "U+000D"),
    ],
)
def test_formulas_are_refused_as_cells(text, character):
    with pytest.raises(ValidationError) as refusal:
        validate_cell(text)
    assert refusal.value.params == {"character": character}


@pytest.mark.parametrize("text", ["", "Spółdzielnia „Zielona”", "2+2=4", "a@b.pl", "'x"])
def test_ordinary_text_is_a_cell(text):
    validate_cell(text)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.__name__)
def test_ten_megabytes_of_text_get_a_message(field):
    with pytest.raises(ValidationError) as refusal:
        field().clean(TEN_MEGABYTES)
    assert len(refusal.value.messages) == 1


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.__name__)
@given(st.one_of(st.text(), st.text("=+-@\t\r\n\x00. 0123456789", max_size=12)))
def test_any_text_in_a_field_is_cleaned_or_refused(field, text):
    try:
        field(required=False).clean(text)
    except ValidationError as error:
        assert all(error.messages)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.__name__)
def test_only_spaces_are_no_answer(field):
    with pytest.raises(ValidationError) as refusal:
        field().clean("  \u00a0 ")
    assert refusal.value.error_list[0].code == "required"


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (fields.PlainTextField, " Zielony  Próg ", "Zielony Próg"),
        (fields.MultilineField, "Raz\r\ndwa", "Raz\ndwa"),
        (fields.NipField, "PL 123-456-32-18", "1234563218"),
        (fields.RegonField, "123 456 785", "123456785"),
        (fields.KrsField, "123456", "0000123456"),
        (fields.PeselField, "440514 01359", "44051401359"),
        (fields.PhoneField, "+48 600 100 200", "48600100200"),
        (fields.PostalCodeField, "66520", "66-520"),
        (fields.EmailField, " anna@example.pl ", "anna@example.pl"),
        (fields.DateField, "3.12.2026", datetime.date(2026, 12, 3)),
        (fields.DateField, " 03.12.2026 ", datetime.date(2026, 12, 3)),
        (fields.DateField, "2026-12-03", datetime.date(2026, 12, 3)),
        (fields.DateField, "29.2.2028", datetime.date(2028, 2, 29)),
    ],
)
def test_fields_give_what_is_stored(field, typed, value):
    assert field().clean(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["31.2.2026", "29.2.2026", "0.1.2026", "1.13.2026", "1.1.26", "1.1.0026", "12/3/2026", "٣.12.2026"],
)
def test_unreal_dates_are_refused_with_an_example(typed):
    with pytest.raises(ValidationError) as refusal:
        fields.DateField().clean(typed)
    with override("en"):
        assert refusal.value.messages == ["Enter a real date, for example 3.12.2026."]


@pytest.mark.parametrize("typed", ["zażółć@example.pl", "anna@zażółć.pl", "anna", "=a@example.pl", "anna@", "a b@c.pl"])
def test_addresses_that_sm_efs_refuses_are_refused(typed):
    with pytest.raises(ValidationError):
        fields.EmailField().clean(typed)


def test_nothing_typed_is_lost_when_a_field_refuses():
    class Form(forms.Form):
        nip = fields.NipField()
        day = fields.DateField()

    form = Form({"nip": "12 34", "day": "31.2.2026"})
    assert sorted(form.errors) == ["day", "nip"]
    assert 'value="12 34"' in str(form["nip"])
    assert 'value="31.2.2026"' in str(form["day"])


def test_a_widget_keeps_its_own_attributes():
    field = fields.PhoneField(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    assert field.widget.attrs == {"autocomplete": "off", "type": "tel", "inputmode": "tel", "maxlength": "40"}
