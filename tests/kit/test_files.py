"""Files that lie: about their type, their size, their name. What is kept, and how it is sent."""

import hashlib
import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from centrum.kit import files
from centrum.kit.models import LARGEST_FILE, StoredFile
from tests.factories.files import PDF, document, packed, picture, upload

pytestmark = pytest.mark.django_db
GOOD = {
    "pdf": PDF,
    "jpg": picture("JPEG"),
    "png": picture(),
    "docx": document("docx"),
    "xlsx": document("xlsx"),
    "odt": document("odt"),
}


def refused(data, name="plik.pdf"):
    with pytest.raises(ValidationError) as caught:
        files.store(upload(data, name))
    assert not StoredFile.objects.exists()
    return caught.value.code


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("name", ["umowa.exe", "umowa", "umowa.pdf"])
def test_the_content_tells_the_type_whatever_the_name_says(kind, name):
    stored = files.store(upload(GOOD[kind], name, content_type="text/html"))
    assert (stored.name, stored.content_type) == (f"umowa.{kind}", files.TYPES[kind])
    assert (stored.size, stored.sha256) == (len(stored.data), hashlib.sha256(stored.data).hexdigest())


@pytest.mark.parametrize(
    ("data", "code"),
    {
        "empty": (b"", "empty"),
        "web page": (b"<html><script>alert(1)</script></html>", "type"),
        "program": (b"MZ" + b"\0" * 200, "type"),
        "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "type"),
        "gif": (b"GIF89a" + b"\0" * 50, "type"),
        "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "type"),
        "pdf further on": (b"<html>" + PDF, "type"),
        "pdf that is cut": (PDF[:-8], "damaged"),
        "pdf of no version": (b"%PDF-\n%%EOF", "damaged"),
        "png that is cut": (picture()[:40], "damaged"),
        "jpg that is only a mark": (b"\xff\xd8\xff" + b"\0" * 30, "damaged"),
        "any zip": (packed({"a.txt": "a"}), "type"),
        "zip that is cut": (document("docx")[:60], "damaged"),
        "zip of zips": (document("docx", **{"word/media/a.zip": "x"}), "macros"),
        "macros": (document("docx", **{"word/vbaProject.bin": "x"}), "macros"),
        "macros of odt": (document("odt", **{"Basic/Standard/Module1.xml": "x"}), "macros"),
        "types without a document": (packed({"[Content_Types].xml": "<Types/>", "word/document.xml": ""}), "type"),
        "mimetype without content": (packed({"mimetype": files.TYPES["odt"]}), "type"),
    }.values(),
)
def test_what_is_refused(data, code):
    if code is None:
        assert files.store(upload(data)).name.endswith(".docx")
    else:
        assert refused(data) == code


def test_too_large_is_refused_unread():
    assert refused(PDF + b"\0" * LARGEST_FILE) == "size"
    lying = upload(PDF + b"\0" * LARGEST_FILE)
    lying.size = 10
    with pytest.raises(ValidationError):
        files.store(lying)


def _png_of(width, height):
    """A PNG whose header says so; its pixels are zeros, squeezed to next to nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    squeeze, rows = zlib.compressobj(9), b"\0" * (1 + width)
    pixels = b"".join(squeeze.compress(rows) for _row in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_a_huge_picture_is_refused_before_a_pixel_is_made(side):
    data = _png_of(side, side if side < 60_000 else 1) if side < 60_000 else _png_of(60_000, 900)
    tracemalloc.start()
    assert refused(data, "zdjecie.png") == "pixels"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_bomb_is_refused_without_unpacking():
    bomb = document("docx", **{"word/media/a.bin": b"\0" * 60_000_000})
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert refused(bomb) == "packed"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_needed():
    types = b"\0" * 50_000_000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("word/document.xml", "x")
    data = out.getvalue().replace(struct.pack("<I", len(types)), struct.pack("<I", 1000))
    tracemalloc.start()
    assert refused(data) in ("damaged", "type", "packed")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_document_of_too_many_parts_and_of_doubled_ones_is_refused():
    assert refused(packed({f"word/{n}": "" for n in range(5001)}, method=zipfile.ZIP_STORED)) == "packed"
    out = io.BytesIO(document("docx"))
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning):
        file.writestr("word/document.xml", "another")
    assert refused(out.getvalue()) == "packed"


def test_a_locked_document_is_refused():
    data = bytearray(document("docx"))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "packed"


# Pictures


def test_a_picture_is_turned_and_loses_what_was_written_beside_it():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9B] = 6, "Aparat", b"tajne"
    stored = files.store(upload(picture("JPEG", (40, 20), exif=exif, comment=b"tajne"), "foto.jpeg"))
    with Image.open(io.BytesIO(stored.data)) as kept:
        assert (kept.size, dict(kept.getexif()), stored.name) == ((20, 40), {}, "foto.jpg")
    assert b"tajne" not in bytes(stored.data) and b"Aparat" not in bytes(stored.data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_kept(mode):
    stored = files.store(upload(picture(mode=mode)))
    with Image.open(io.BytesIO(stored.data)) as kept:
        assert kept.size == (8, 6)


def test_a_picture_with_a_zip_behind_it_is_a_picture_alone():
    stored = files.store(upload(picture() + packed({"a.html": "<script>"})))
    assert b"PK" not in bytes(stored.data)


# Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Jan\\umowa.pdf", "umowa.pdf"),
        ("Jan\u202efdp.exe", "Janfdp.pdf"),
        ("u\u200bm\u2066owa\ufeff.pdf", "umowa.pdf"),
        ("a\x00b\x07c\nd.pdf", "abc d.pdf"),
        ('<b>"a"|b?*:.pdf', "bab.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1.txt", "_LPT1.pdf"),
        ("dr. Kowalski", "dr. Kowalski.pdf"),
        ("Zaświadczenie – kopia.docx", "Zaświadczenie – kopia.pdf"),
        ("Zas\u0301wiadczenie.pdf", "Zaświadczenie.pdf"),
    ],
)
def test_names(name, kept):
    assert files.clean_name(name, "pdf") == kept


def test_a_name_of_300_characters_keeps_its_extension():
    kept = files.clean_name("ż" * 300 + ".pdf", "pdf")
    assert (len(kept), kept[-5:]) == (files.LONGEST_NAME, "ż.pdf")


@pytest.mark.parametrize("name", ["", "   ", ".pdf", "...", "\u3000\u00a0.pdf", "\u202e", "/", "???"])
def test_a_name_of_nothing_gets_one(name):
    assert files.clean_name(name, "pdf") == f"{files._('file')}.pdf"


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_name_becomes_a_safe_one_and_stays_it(name):
    kept = files.clean_name(name, "pdf")
    assert kept.endswith(".pdf") and 5 <= len(kept) <= files.LONGEST_NAME
    assert not set(kept) & set('/\\<>:"|?*\x00\n\u202e\u200b') and kept.encode()
    assert files.clean_name(kept, "pdf") == kept


_BEGINNINGS = [b"", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", *GOOD.values()]


@given(st.sampled_from(_BEGINNINGS), st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_kept_or_refused_in_words(beginning, rest, cut):
    data = beginning[: len(beginning) - cut if cut < len(beginning) else None] + rest
    try:
        stored = files.store(upload(data))
    except ValidationError as error:
        assert error.messages
    else:
        assert stored.content_type in files.TYPES.values()


# Sending


def test_a_file_is_sent_so_that_nothing_runs():
    stored = files.store(upload(PDF.replace(b"%%EOF", b"<script>alert(1)</script>\n%%EOF"), 'Umowa "ż"; a.pdf'))
    response = files.send(stored)
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"Umowa z; a.pdf\"; filename*=UTF-8''Umowa%20%C5%BC%3B%20a.pdf"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content == bytes(stored.data)


@pytest.mark.parametrize(("kind", "shown"), [("pdf", "inline"), ("png", "inline"), ("docx", "attachment")])
def test_only_what_a_browser_shows_safely_is_shown(kind, shown):
    stored = files.store(upload(GOOD[kind]))
    assert files.send(stored, inline=True).headers["Content-Disposition"].startswith(shown)


def test_a_kept_file_is_never_changed():
    stored = files.store(upload())
    with pytest.raises(Exception, match=r"never_changed|Cannot update"):
        StoredFile.objects.filter(pk=stored.pk).update(name="inna.pdf")
