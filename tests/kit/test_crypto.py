import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from centrum.kit.crypto import Undecipherable, blind_index, decrypt, encrypt

TEXT = st.text(st.characters(codec="utf-8"))
OTHER_KEY = "b3RoZXIta2V5LW9mLTMyLWJ5dGVzLWZvci10ZXN0cyE="


@given(TEXT, TEXT)
def test_what_is_encrypted_is_read_back(text, purpose):
    blob = encrypt(text, purpose=purpose)
    assert decrypt(blob, purpose=purpose) == text
    assert decrypt(memoryview(blob), purpose=purpose) == text


@given(TEXT, st.data())
def test_any_changed_byte_is_noticed(text, data):
    blob = bytearray(encrypt(text, purpose="person.pesel"))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Undecipherable):
        decrypt(bytes(blob), purpose="person.pesel")


@given(st.binary(max_size=64))
def test_any_bytes_are_refused(blob):
    with pytest.raises(Undecipherable):
        decrypt(blob, purpose="person.pesel")
    with pytest.raises(Undecipherable):
        decrypt(b"\x01" + blob, purpose="person.pesel")


def test_a_value_opens_only_for_its_purpose_and_key(settings):
    blob = encrypt("44051401359", purpose="person.pesel")
    with pytest.raises(Undecipherable):
        decrypt(blob, purpose="person.other_id")
    settings.DATA_KEY = OTHER_KEY
    with pytest.raises(Undecipherable):
        decrypt(blob, purpose="person.pesel")


def test_equal_texts_are_encrypted_differently_and_hide_the_text():
    first, second = (encrypt("44051401359", purpose="person.pesel") for _ in range(2))
    assert first != second
    assert b"44051401359" not in first
    assert first[0] == 1


def test_blind_index_is_equal_for_equal_text_purpose_and_key_only(settings):
    index = blind_index("44051401359", purpose="person.pesel")
    assert len(index) == 32
    assert index == blind_index("44051401359", purpose="person.pesel")
    assert index != blind_index("44051401358", purpose="person.pesel")
    assert index != blind_index("44051401359", purpose="person.other_id")
    settings.DATA_KEY = OTHER_KEY
    assert index != blind_index("44051401359", purpose="person.pesel")


@pytest.mark.parametrize("key", ["", "short", "not base64 at all", "c2hvcnQ=", "ą" * 44])
def test_a_wrong_key_is_named_at_once(settings, key):
    settings.DATA_KEY = key
    with pytest.raises(ImproperlyConfigured, match="DATA_KEY"):
        encrypt("x", purpose="person.pesel")
