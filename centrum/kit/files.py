"""Files that people send: known by what they hold, not by name; kept with their SHA-256; sent so that nothing runs.

PDF, JPG and PNG by their own marks, DOCX, XLSX and ODT by looking into the zip without unpacking it. Pictures are
made anew from their pixels, so that where and with what they were taken is left behind.
"""

import hashlib
import io
import lzma
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from centrum.kit import clock
from centrum.kit.models import LARGEST_FILE, StoredFile
from centrum.kit.polish import file_size

# extension → what a browser is told
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.odt"  # for the browser's own choice of files
MOST_PIXELS = 50_000_000  # of a picture: what phones make as a rule, and 150 MB once opened
# Pillow's own alarm stands at the same limit and stops the opening instead of telling the log
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# what Pillow says of a file that is cut or broken
_BROKEN_PICTURE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, OverflowError, EOFError, struct.error)
LONGEST_NAME = 120
# what a document may unpack to: all together, beside its packed size, and in how many parts
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_RATIO = 200
_MOST_PARTS = 5000
_MOST_READ = 1024 * 1024  # of the one part that is read
_MAIN_PARTS = {
    "docx": (b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/"),
    "xlsx": (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xl/"),
}
_ENTRY = b"PK\x01\x02"  # begins each line of a zip's list
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
)
_MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|Basic/|Scripts/)|macrosheets/|\.(zip|jar|docm|xlsm|exe)$", re.I
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.I)  # Windows opens these as machines


def store(upload, *, by=None):
    """Keep an uploaded file (`name`, `size`, `read`) as StoredFile. Raises ValidationError in words for the user."""
    if upload.size > LARGEST_FILE:
        raise _too_large(upload.size)
    upload.seek(0)
    data = upload.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise _too_large(len(data))
    if not data:
        raise ValidationError(_("The file is empty. Choose another one."), "empty")
    kind = _kind(data)
    if kind in ("jpg", "png"):
        data = _picture_anew(data, kind)
    return StoredFile.objects.create(
        name=clean_name(upload.name or "", kind),
        content_type=TYPES[kind],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        created_at=clock.now(),
        created_by=by,
    )


def send(stored, *, inline=False):
    """The response with a file, whose permission the view has checked. A picture or PDF may be shown `inline`."""
    kept = inline and stored.content_type in (TYPES["pdf"], TYPES["jpg"], TYPES["png"])
    plain = re.sub(r'["\\%]', "_", unicodedata.normalize("NFKD", stored.name).encode("ascii", "ignore").decode())
    return HttpResponse(
        bytes(stored.data),
        content_type=stored.content_type,
        headers={
            "Content-Disposition": f'{"inline" if kept else "attachment"}; filename="{plain}"; '
            f"filename*=UTF-8''{quote(stored.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def clean_name(name, kind):
    """A name that is safe in every system: no folders, nothing invisible, not too long, ending as the content is."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    shown = (c if not unicodedata.category(c).startswith(("C", "Z")) else " " if c.isspace() else "" for c in name)
    stem = _EXTENSION.sub("", " ".join(_RESERVED.sub("", "".join(shown)).split()))
    stem = stem[: LONGEST_NAME - len(kind) - 1].strip(" .")
    if not stem:
        stem = str(_("file"))
    elif _DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"_{stem}"[: LONGEST_NAME - len(kind) - 1]
    return f"{stem}.{kind}"


def _kind(data):
    """The extension of what `data` holds. Raises ValidationError."""
    if data.startswith(b"%PDF-"):
        return _checked_pdf(data)
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"PK\x03\x04"):
        return _checked_document(data)
    raise ValidationError(_("Choose a PDF, JPG, PNG, DOCX, XLSX or ODT file. This one is something else."), "type")


def _checked_pdf(data):
    if not re.match(rb"%PDF-[12]\.[0-9]", data) or b"%%EOF" not in data[-1024:]:
        raise _damaged()
    return "pdf"


def _checked_document(data):
    """Look at the list of a zip's parts and at the one that tells what it is; nothing else is unpacked."""
    if data.count(_ENTRY) > _MOST_PARTS:  # before the list itself fills the memory
        raise _oddly_packed()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _must_be_modest(parts, len(data))
            names = {part.filename for part in parts.infolist()}
            if any(_MACROS.search(name) for name in names):
                raise ValidationError(
                    _("The document holds macros or other files. Save it without them, or as PDF."), "macros"
                )
            if "mimetype" in names and _read(parts, "mimetype").strip() == TYPES["odt"].encode():
                if "content.xml" in names:
                    return "odt"
            elif "[Content_Types].xml" in names:
                types = _read(parts, "[Content_Types].xml")
                for kind, (main, folder) in _MAIN_PARTS.items():
                    if b'"' + main + b'"' in types and any(name.startswith(folder) for name in names):
                        return kind
    except _BROKEN_ZIP as error:
        raise _damaged() from error
    raise ValidationError(_("Choose a PDF, JPG, PNG, DOCX, XLSX or ODT file. This one is something else."), "type")


def _must_be_modest(parts, packed):
    """By the sizes that the zip declares; what is read later is read no further than a bound."""
    entries = parts.infolist()
    unpacked = sum(part.file_size for part in entries)
    encrypted = any(part.flag_bits & 0x1 for part in entries)
    doubled = len({part.filename for part in entries}) < len(entries)  # two programs would read two documents
    if unpacked > _MOST_UNPACKED or unpacked > packed * _MOST_RATIO or encrypted or doubled:
        raise _oddly_packed()


def _read(parts, name):
    with parts.open(name) as part:
        return part.read(_MOST_READ)


def _picture_anew(data, kind):
    """The picture from its pixels, turned as it is meant to be seen, without anything that was written beside them."""
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG" if kind == "jpg" else "PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:  # told by the header, before a pixel is made
                raise _too_many_pixels()
            made = ImageOps.exif_transpose(picture)
            see_through = made.mode in ("LA", "RGBA", "PA") or "transparency" in made.info
            made = made.convert("RGBA" if see_through and kind == "png" else "RGB")
            made.info = {}
            made.save(out, "JPEG" if kind == "jpg" else "PNG", **({"quality": 88} if kind == "jpg" else {}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN_PICTURE as error:
        raise _damaged() from error
    if out.tell() > LARGEST_FILE:
        raise _too_large(out.tell())
    return out.getvalue()


def _too_many_pixels():
    return ValidationError(
        _("The picture is too large: more than %(most)s million points. Make it smaller."),
        "pixels",
        {"most": MOST_PIXELS // 1_000_000},
    )


def _oddly_packed():
    return ValidationError(
        _("We cannot open this document: it is locked or packed in an unusual way. Save it as PDF."), "packed"
    )


def _too_large(size):
    return ValidationError(
        _("The file is too large (%(size)s). The largest we take is 10 MB."), "size", {"size": file_size(size)}
    )


def _damaged():
    return ValidationError(_("We cannot open this file: it is damaged or locked. Save it again, or as PDF."), "damaged")
