"""Files that applicants send: small pictures and scans, drawn here. The font of Pillow knows no Polish letters."""

import io
import time
import unicodedata

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

_INK, _PAPER = (40, 44, 52), (250, 248, 242)
_LONG_AGO = time.gmtime(0)  # in the file, so that it is the same every time


def statute(name):
    """A scan of a statute, PDF."""
    lines = ("§ 1. Nazwa i siedziba", "§ 2. Cele", "§ 3. Zarzad: prezes, skarbnik.", "§ 4. Reprezentuje prezes.")
    return SimpleUploadedFile("statut.pdf", _scan(f"STATUT: {name}", lines))


def letter(title, *lines, name):
    """A scan of a page, PDF."""
    return SimpleUploadedFile(f"{name}.pdf", _scan(title, lines))


def plan():
    """A sketch of rooms, PNG."""
    image = Image.new("RGB", (640, 420), _PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    for box, room in (
        ((40, 60, 360, 380), "sala, 40 miejsc"),
        ((360, 60, 600, 220), "kuchnia"),
        ((360, 220, 600, 380), "magazyn"),
    ):
        draw.rectangle(box, outline=_INK, width=4)
        draw.text((box[0] + 16, box[1] + 16), room, _INK, font)
    draw.text((40, 20), "Szkic lokalu", _INK, font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("szkic lokalu.png", out.getvalue())


def _scan(title, lines):
    image = Image.new("RGB", (620, 877), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((60, 80), _plain(title), _INK, ImageFont.load_default(24))
    for number, line in enumerate(lines):
        draw.text((60, 150 + 40 * number), _plain(line), _INK, ImageFont.load_default(18))
    out = io.BytesIO()
    image.save(out, "PDF", resolution=75, creationDate=_LONG_AGO, modDate=_LONG_AGO)
    return out.getvalue()


def _plain(text):
    text = text.translate(str.maketrans({"ł": "l", "Ł": "L", "„": '"', "”": '"', "–": "-"}))
    return unicodedata.normalize("NFKD", text).encode("latin-1", "ignore").decode("latin-1")
